package handover_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/storetest"
)

func TestItemsFilterNowAndThen(t *testing.T) {
	c := newScheduleCast(t)
	a := c.in(t, network, handover.ItemAgreed)
	w := c.add(t, handover.Item{Kind: handover.DataSetItem, Title: "Ŵylfa 50%_off", Before: office.TheAssociation, After: "essex", Evidence: "Letter"})
	o := c.add(t, handover.Item{Kind: handover.DataSetItem, Title: "Open one", Before: office.HomeOffice})
	e := c.in(t, network, handover.ItemExcepted)
	today := civil.DayOf(c.clock.Now()) // later than it was: an exception waits for its decision
	c.clock.Day(today.Next())
	then, err := register.MomentOf(t.Context(), c.Tx, string(today))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		f    handover.ItemFilter
		want []int64
	}{
		"all":                           {handover.ItemFilter{}, []int64{a, w, o, e}},
		"by kind":                       {handover.ItemFilter{Kind: handover.DataSetItem}, []int64{w, o}},
		"by status":                     {handover.ItemFilter{Status: handover.ItemAgreed}, []int64{a}},
		"by holder before":              {handover.ItemFilter{Body: office.TheAssociation}, []int64{w}},
		"by holder after":               {handover.ItemFilter{Body: "kent"}, []int64{a, e}},
		"what stands against":           {handover.ItemFilter{Open: true}, []int64{o}},
		"words without accents":         {handover.ItemFilter{Words: "wylfa"}, []int64{w}},
		"words in any order":            {handover.ItemFilter{Words: "ONE open"}, []int64{o}},
		"words of the evidence":         {handover.ItemFilter{Words: "novation"}, []int64{a, e}},
		"the name of a holder":          {handover.ItemFilter{Words: "essex"}, []int64{w}},
		"per cent is no wildcard":       {handover.ItemFilter{Words: "50%_"}, []int64{w}},
		"underscore is no wildcard":     {handover.ItemFilter{Words: "_etwork"}, nil},
		"a backslash is a backslash":    {handover.ItemFilter{Words: `\`}, nil},
		"a nought byte finds nothing":   {handover.ItemFilter{Words: "net\x00\xffzz"}, nil},
		"an unknown kind finds nothing": {handover.ItemFilter{Kind: "a\x00"}, nil},
		"two filters at once":           {handover.ItemFilter{Kind: handover.ContractItem, Status: handover.ItemExcepted}, []int64{e}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, m := range []record.Moment{{}, then} {
				if got := pages(t, c.Tx, m, tt.f); fmt.Sprint(got) != fmt.Sprint(tt.want) {
					t.Fatalf("past %v: %v, want %v", m.Past, got, tt.want)
				}
			}
		})
	}
}

// pages reads a list a row at a time and gives its numbers.
func pages(t testing.TB, s *db.Tx, m record.Moment, f handover.ItemFilter) (got []int64) {
	t.Helper()
	for after := int64(0); ; {
		p, err := handover.Items(t.Context(), s, m, f, after, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range p.Items {
			got = append(got, i.ID)
		}
		if after = p.Next; after == 0 {
			if int(p.Matching) != len(got) {
				t.Fatalf("%d said to match, %d listed", p.Matching, len(got))
			}
			return got
		}
	}
}

func TestPastMomentsEqualWhatWasThen(t *testing.T) {
	c := newScheduleCast(t)
	acts := []func() error{
		func() error { _, err := handover.AddItem(t.Context(), c.Tx, c.secretary, network); return err },
		func() error { return handover.ActOnItem(t.Context(), c.Tx, c.official, 1, 0, handover.ActAgree, "") },
		func() error { _, err := handover.ImportItems(t.Context(), c.Tx, c.officer, many(11)); return err },
		func() error {
			i := network
			i.ID, i.Version, i.Title = 1, 1, "Network, renamed"
			return handover.EditItem(t.Context(), c.Tx, c.officer, i)
		},
		func() error {
			return handover.ActOnItem(t.Context(), c.Tx, c.officer, 3, 0, handover.ActWithdrawItem, "counted twice")
		},
	}
	var sums []handover.ScheduleSummary
	var lists [][]handover.Item
	for n, act := range acts {
		c.clock.Day(civil.Day("2013-01-14").Add(n))
		if err := act(); err != nil {
			t.Fatal(n, err)
		}
		sum, err := handover.Summary(t.Context(), c.Tx, record.Moment{})
		if err != nil {
			t.Fatal(err)
		}
		p, err := handover.Items(t.Context(), c.Tx, record.Moment{}, handover.ItemFilter{}, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		sums, lists = append(sums, sum), append(lists, p.Items)
	}
	c.clock.Day("2013-02-01")
	for n := range acts {
		m, err := register.MomentOf(t.Context(), c.Tx, string(civil.Day("2013-01-14").Add(n)))
		if err != nil {
			t.Fatal(err)
		}
		sum, err := handover.Summary(t.Context(), c.Tx, m)
		if err != nil || fmt.Sprint(sum) != fmt.Sprint(sums[n]) {
			t.Fatalf("%s: %v, then %v (%v)", m.Day, sum, sums[n], err)
		}
		p, err := handover.Items(t.Context(), c.Tx, m, handover.ItemFilter{}, 0, 0)
		if err != nil || fmt.Sprint(p.Items) != fmt.Sprint(lists[n]) {
			t.Fatalf("%s: %v, then %v (%v)", m.Day, p.Items, lists[n], err)
		}
		for _, want := range lists[n] {
			if got, err := handover.FindItem(t.Context(), c.Tx, m, want.ID); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatal(got, err)
			}
		}
	}
	before, err := register.MomentOf(t.Context(), c.Tx, "2013-01-13")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := handover.FindItem(t.Context(), c.Tx, before, 1); fault.KindOf(err) != fault.NotFound {
		t.Fatal("an item before it was added:", err)
	}
	storetest.Sound(t, c.Tx)
}

func many(n int) (all []handover.Item) {
	for k := range n {
		i := network
		i.Title = fmt.Sprintf("Radio %d", k+1)
		all = append(all, i)
	}
	return all
}

func TestTwoActsOnOneItemAtOnce(t *testing.T) {
	c := newScheduleCast(t)
	for round := range 5 {
		id := c.add(t, network)
		var wg sync.WaitGroup
		kinds := make([]fault.Kind, 2)
		for n, by := range []office.Viewer{c.official, c.secondOfficial} {
			wg.Go(func() {
				kinds[n] = fault.KindOf(handover.ActOnItem(context.Background(), c.Tx, by, id, 1, handover.ActAgree, ""))
			})
		}
		wg.Wait()
		if kinds[0]+kinds[1] != fault.Conflict || kinds[0] != 0 && kinds[1] != 0 {
			t.Fatal(round, kinds)
		}
	}
	storetest.Sound(t, c.Tx)
}

func TestNothingChangesAfterCompletion(t *testing.T) {
	database := storetest.Database(t)
	s := storetest.At(t, database, filepath.Join(t.TempDir(), "record.key"), func() time.Time { return storetest.Noon })
	secretary, official := storetest.Holder(t, s, office.CompanySecretary, office.TheCompany), storetest.Holder(t, s, office.Official, office.HomeOffice)
	id, err := handover.AddItem(t.Context(), s, secretary, network)
	if err != nil {
		t.Fatal(err)
	}
	complete(t, database)
	edit := network
	edit.ID, edit.Version, edit.Title = id, 1, "Other"
	_, addErr := handover.AddItem(t.Context(), s, secretary, network)
	_, importErr := handover.ImportItems(t.Context(), s, secretary, many(2))
	for name, err := range map[string]error{
		"add": addErr, "import": importErr, "edit": handover.EditItem(t.Context(), s, secretary, edit),
		"act": handover.ActOnItem(t.Context(), s, official, id, 0, handover.ActAgree, ""),
	} {
		if fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "completed on 14 January 2013") {
			t.Fatal(name, err)
		}
	}
}

// complete marks the handover as complete, as the completion does.
func complete(t testing.TB, database string) {
	t.Helper()
	driver, address := "sqlite", "file:"+database
	if strings.HasPrefix(database, "postgres") {
		driver, address = "pgx", database
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`UPDATE programmes SET completed_on = '2013-01-14', completed_n = 1`); err != nil {
		t.Fatal(err)
	}
}
