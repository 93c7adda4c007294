package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

func TestItemsFilterNowAndThen(t *testing.T) {
	c := newScheduleCast(t)
	a := c.in(t, network, store.ItemAgreed)
	w := c.add(t, store.Item{Kind: store.DataSetItem, Title: "Ŵylfa 50%_off", Before: store.TheAssociation, After: "essex", Evidence: "Letter"})
	o := c.add(t, store.Item{Kind: store.DataSetItem, Title: "Open one", Before: store.HomeOffice})
	e := c.in(t, network, store.ItemExcepted)
	today := store.DayOf(c.clock.Now()) // later than it was: an exception waits for its decision
	c.clock.Day(today.Next())
	then, err := c.Moment(t.Context(), string(today))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		f    store.ItemFilter
		want []int64
	}{
		"all":                           {store.ItemFilter{}, []int64{a, w, o, e}},
		"by kind":                       {store.ItemFilter{Kind: store.DataSetItem}, []int64{w, o}},
		"by status":                     {store.ItemFilter{Status: store.ItemAgreed}, []int64{a}},
		"by holder before":              {store.ItemFilter{Body: store.TheAssociation}, []int64{w}},
		"by holder after":               {store.ItemFilter{Body: "kent"}, []int64{a, e}},
		"what stands against":           {store.ItemFilter{Open: true}, []int64{o}},
		"words without accents":         {store.ItemFilter{Words: "wylfa"}, []int64{w}},
		"words in any order":            {store.ItemFilter{Words: "ONE open"}, []int64{o}},
		"words of the evidence":         {store.ItemFilter{Words: "novation"}, []int64{a, e}},
		"the name of a holder":          {store.ItemFilter{Words: "essex"}, []int64{w}},
		"per cent is no wildcard":       {store.ItemFilter{Words: "50%_"}, []int64{w}},
		"underscore is no wildcard":     {store.ItemFilter{Words: "_etwork"}, nil},
		"a backslash is a backslash":    {store.ItemFilter{Words: `\`}, nil},
		"a nought byte finds nothing":   {store.ItemFilter{Words: "net\x00\xffzz"}, nil},
		"an unknown kind finds nothing": {store.ItemFilter{Kind: "a\x00"}, nil},
		"two filters at once":           {store.ItemFilter{Kind: store.ContractItem, Status: store.ItemExcepted}, []int64{e}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, m := range []store.Moment{{}, then} {
				if got := pages(t, c.Store, m, tt.f); fmt.Sprint(got) != fmt.Sprint(tt.want) {
					t.Fatalf("past %v: %v, want %v", m.Past, got, tt.want)
				}
			}
		})
	}
}

// pages reads a list a row at a time and gives its numbers.
func pages(t testing.TB, s *store.Store, m store.Moment, f store.ItemFilter) (got []int64) {
	t.Helper()
	for after := int64(0); ; {
		p, err := s.Items(t.Context(), m, f, after, 1)
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
		func() error { _, err := c.AddItem(t.Context(), c.secretary, network); return err },
		func() error { return c.ActOnItem(t.Context(), c.official, 1, 0, store.AgreeItem, "") },
		func() error { _, err := c.ImportItems(t.Context(), c.officer, many(11)); return err },
		func() error {
			i := network
			i.ID, i.Version, i.Title = 1, 1, "Network, renamed"
			return c.EditItem(t.Context(), c.officer, i)
		},
		func() error { return c.ActOnItem(t.Context(), c.officer, 3, 0, store.WithdrawItem, "counted twice") },
	}
	var sums []store.ScheduleSummary
	var lists [][]store.Item
	for n, act := range acts {
		c.clock.Day(store.Day("2013-01-14").Add(n))
		if err := act(); err != nil {
			t.Fatal(n, err)
		}
		sum, err := c.Summary(t.Context(), store.Moment{})
		if err != nil {
			t.Fatal(err)
		}
		p, err := c.Items(t.Context(), store.Moment{}, store.ItemFilter{}, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		sums, lists = append(sums, sum), append(lists, p.Items)
	}
	c.clock.Day("2013-02-01")
	for n := range acts {
		m, err := c.Moment(t.Context(), string(store.Day("2013-01-14").Add(n)))
		if err != nil {
			t.Fatal(err)
		}
		sum, err := c.Summary(t.Context(), m)
		if err != nil || fmt.Sprint(sum) != fmt.Sprint(sums[n]) {
			t.Fatalf("%s: %v, then %v (%v)", m.Day, sum, sums[n], err)
		}
		p, err := c.Items(t.Context(), m, store.ItemFilter{}, 0, 0)
		if err != nil || fmt.Sprint(p.Items) != fmt.Sprint(lists[n]) {
			t.Fatalf("%s: %v, then %v (%v)", m.Day, p.Items, lists[n], err)
		}
		for _, want := range lists[n] {
			if got, err := c.Item(t.Context(), m, want.ID); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatal(got, err)
			}
		}
	}
	before, err := c.Moment(t.Context(), "2013-01-13")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Item(t.Context(), before, 1); store.KindOf(err) != store.NotFound {
		t.Fatal("an item before it was added:", err)
	}
	sound(t, c.Store)
}

func many(n int) (all []store.Item) {
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
		kinds := make([]store.Kind, 2)
		for n, by := range []store.Viewer{c.official, c.secondOfficial} {
			wg.Go(func() { kinds[n] = store.KindOf(c.ActOnItem(context.Background(), by, id, 1, store.AgreeItem, "")) })
		}
		wg.Wait()
		if kinds[0]+kinds[1] != store.Conflict || kinds[0] != 0 && kinds[1] != 0 {
			t.Fatal(round, kinds)
		}
	}
	sound(t, c.Store)
}

func TestNothingChangesAfterCompletion(t *testing.T) {
	database := storetest.Database(t)
	s := storetest.At(t, database, filepath.Join(t.TempDir(), "record.key"), func() time.Time { return storetest.Noon })
	secretary, official := storetest.Holder(t, s, store.CompanySecretary, store.TheCompany), storetest.Holder(t, s, store.Official, store.HomeOffice)
	id, err := s.AddItem(t.Context(), secretary, network)
	if err != nil {
		t.Fatal(err)
	}
	complete(t, database)
	edit := network
	edit.ID, edit.Version, edit.Title = id, 1, "Other"
	_, addErr := s.AddItem(t.Context(), secretary, network)
	_, importErr := s.ImportItems(t.Context(), secretary, many(2))
	for name, err := range map[string]error{
		"add": addErr, "import": importErr, "edit": s.EditItem(t.Context(), secretary, edit),
		"act": s.ActOnItem(t.Context(), official, id, 0, store.AgreeItem, ""),
	} {
		if store.KindOf(err) != store.Conflict || !strings.Contains(err.Error(), "completed on 14 January 2013") {
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
