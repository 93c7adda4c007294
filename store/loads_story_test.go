package store_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/sheet"
	"github.com/police-ict/handover/store/storetest"
)

// spendTables are all that hold something of published files. The shipped rules
// go on the record with the first file that is taken in, and are not counted.
var spendTables = []string{"loads", "spend_files", "spend_texts", "spend_combos", "spend_blocks", "spend_cells", "spend_rejected", "spend_withheld",
	"spend_flags", "suppliers", "supplier_changes", "spend_notes", "spend_mappings", "events"}

// rowsOf counts the rows of tables.
func (k kept) rowsOf(tables ...string) map[string]int {
	k.t.Helper()
	db := k.plain()
	defer db.Close()
	all := map[string]int{}
	for _, table := range tables {
		n := 0
		if err := db.QueryRow(`SELECT COUNT(*) FROM ` + table).Scan(&n); err != nil {
			k.t.Fatal(err)
		}
		all[table] = n
	}
	return all
}

// spendAt is a store at a database that can also be looked at from beside it.
func spendAt(t *testing.T) (*store.Store, kept) {
	t.Helper()
	k := kept{t: t, db: storetest.Database(t), key: filepath.Join(t.TempDir(), "record.key")}
	return storetest.At(t, k.db, k.key, noon), k
}

func try(t *testing.T, s *store.Store, by store.Viewer, req store.LoadRequest, file string) (store.Trial, error) {
	t.Helper()
	if req.File == "" {
		req.File = "file.csv"
	}
	return s.TakeIn(t.Context(), by, req, strings.NewReader(file), int64(len(file)))
}

func TestWhatIsRefusedLeavesNothingBehind(t *testing.T) {
	s, k := spendAt(t)
	kent, essex := store.LoadRequest{Body: "kent"}, storetest.Holder(t, s, store.ChiefExecutive, "essex")
	first := takeIn(t, s, store.CommandLine, store.LoadRequest{Body: "kent", AcceptRejected: true}, kentFile)
	accepted := kent
	accepted.AcceptRejected = true
	before := k.rowsOf(spendTables...)
	for name, c := range map[string]struct {
		by   store.Viewer
		req  store.LoadRequest
		file string
		kind store.Kind
		says string
	}{
		"an empty file":                       {store.CommandLine, kent, "", store.Invalid, "empty"},
		"a page under a wrong name":           {store.CommandLine, kent, "<!doctype html><html><body>Not found</body></html>", store.Invalid, ""},
		"no amounts":                          {store.CommandLine, kent, "Date,Supplier\n01/02/2012,Sample Ltd\n02/02/2012,Other Ltd\n", store.Invalid, ""},
		"no date and no period":               {store.CommandLine, kent, "Supplier Name,Amount\nSample Ltd,10.00\nOther Ltd,20.00\n", store.Invalid, "which month or quarter"},
		"more than one row in twenty":         {store.CommandLine, kent, strings.ReplaceAll(kentFile, "1,200.50", "1,200.51"), store.Invalid, "1 of 5 rows cannot be read"},
		"the same file twice":                 {store.CommandLine, accepted, kentFile, store.Invalid, fmt.Sprintf("as load %d of Kent", first.ID)},
		"the same file for another body":      {store.CommandLine, store.LoadRequest{Body: "essex", AcceptRejected: true}, kentFile, store.Invalid, "This same file is taken in already"},
		"rows that stand already":             {store.CommandLine, accepted, kentFile + "\n", store.Invalid, "4 rows of this file stand already in load 1"},
		"a body that is no policing body":     {store.CommandLine, store.LoadRequest{Body: "company"}, kentFile, store.Invalid, "is not one of the 43"},
		"no body":                             {store.CommandLine, store.LoadRequest{Body: "atlantis"}, kentFile, store.Invalid, "Choose a body"},
		"a day that has not come":             {store.CommandLine, store.LoadRequest{Body: "kent", Published: "2013-01-15"}, kentFile, store.Invalid, "has not come yet"},
		"an address that is none":             {store.CommandLine, store.LoadRequest{Body: "kent", Source: "ftp://x"}, kentFile, store.Invalid, "beginning with https://"},
		"an office of another body":           {essex, kent, kentFile, store.Forbidden, "its own files only"},
		"nobody at all":                       {store.Viewer{}, kent, kentFile, store.Forbidden, ""},
		"a load replaced that is another’s":   {store.CommandLine, store.LoadRequest{Body: "essex", Replaces: first.ID, Reason: "Better"}, kentFile, store.Invalid, "cannot be replaced"},
		"a load replaced without a reason":    {store.CommandLine, store.LoadRequest{Body: "kent", Replaces: first.ID}, kentFile, store.Invalid, "reason"},
		"a load replaced that is not there":   {store.CommandLine, store.LoadRequest{Body: "kent", Replaces: 99, Reason: "Better"}, kentFile, store.Invalid, "cannot be replaced"},
		"a workbook that is no workbook":      {store.CommandLine, store.LoadRequest{Body: "kent", File: "a.xlsx"}, "PK\x03\x04rubbish", store.Invalid, ""},
		"a file of which only a heading came": {store.CommandLine, kent, "Payment Date,Supplier Name,Amount\n", store.Invalid, ""},
	} {
		t.Run(name, func(t *testing.T) {
			trial, err := try(t, s, c.by, c.req, c.file)
			if store.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.says) {
				t.Errorf("refused with %v", err)
			}
			if err != nil && (strings.Count(err.Error(), "\n") > 0 || !strings.HasSuffix(err.Error(), ".")) {
				t.Errorf("that is not a sentence: %q", err)
			}
			if after := k.rowsOf(spendTables...); asJSON(t, after) != asJSON(t, before) || trial.Load.ID != 0 {
				t.Errorf("rows were %v and are %v", before, after)
			}
		})
	}
	verifies(t, s)
}

// What stands already is found by its rows, in files of the same body alone.
func TestRowsThatStandAlreadyAreFound(t *testing.T) {
	s := storetest.Open(t)
	const head = "Payment Date,Supplier Name,Amount,Transaction Number,Description\n"
	row := func(n int) string {
		return fmt.Sprintf("%02d/05/2012,Sample %d Ltd,%d.00,T%d,Hosting\n", n, n, 600+n, n)
	}
	rows := func(from, to int) (all string) {
		for n := from; n <= to; n++ {
			all += row(n)
		}
		return all
	}
	one := takeIn(t, s, store.CommandLine, store.LoadRequest{Body: "kent"}, head+rows(1, 20))
	for name, c := range map[string]struct {
		body, file string
		found      map[int64]int
	}{
		"other days":                      {"kent", head + rows(21, 28), nil},
		"days that overlap, other rows":   {"kent", head + strings.ReplaceAll(rows(15, 28), ",T", ",U"), nil},
		"six of the same rows":            {"kent", head + rows(15, 28), map[int64]int{one.ID: 6}},
		"one row, twice in the new file":  {"kent", head + rows(20, 20) + rows(20, 20), map[int64]int{one.ID: 1}},
		"the same rows of another body":   {"essex", head + rows(1, 20) + "\n", nil},
		"another order, another heading":  {"kent", "Supplier Name,Payment Date,Amount,Transaction Number\nSample 3 Ltd,03/05/2012,603.00,T3\n", map[int64]int{one.ID: 1}},
		"another amount of the same bill": {"kent", head + strings.ReplaceAll(rows(3, 3), "603.00", "604.00"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			trial, err := s.TryLoad(t.Context(), store.CommandLine, store.LoadRequest{Body: c.body, File: "next.csv"}, strings.NewReader(c.file), int64(len(c.file)))
			if err != nil || asJSON(t, trial.Overlap) != asJSON(t, c.found) && len(trial.Overlap)+len(c.found) > 0 {
				t.Errorf("found %v, want %v; %v", trial.Overlap, c.found, err)
			}
			if refused := trial.Accept == "overlap" && trial.Refused != ""; refused != (len(c.found) > 0) {
				t.Errorf("refused %v: %s", refused, trial.Refused)
			}
		})
	}
	again := takeIn(t, s, store.CommandLine, store.LoadRequest{Body: "kent", Replaces: one.ID, Reason: "It was short"}, head+rows(1, 28))
	if got := total(t, s); got.Lines != 28 {
		t.Errorf("after replacing %d lines stand", got.Lines)
	}
	more := takeIn(t, s, store.CommandLine, store.LoadRequest{Body: "kent", AcceptOverlap: true}, head+rows(28, 28))
	if got := total(t, s); got.Lines != 29 || again.ID == more.ID {
		t.Errorf("accepted, %d lines stand", got.Lines)
	}
	verifies(t, s)
}

// secret is what is withheld in the test below: each word is in no other file.
var secret = []string{"Quillfeather", "quillfeather", "Kumquat", "TXSECRET", "Wherefore", "09876543", "SUPPNUM77", "CONTRACT88", "OFFICE99", "BODYNAME55"}

const (
	secretHead = "Payment Date,Supplier Name,Company Number,Supplier Number,Amount,Description,Category,Cost Centre,Transaction Number,Contract Reference,Reason for value for money\n"
	secretRow  = "%02d/06/2012,Quillfeather & Daughters Ltd,09876543,SUPPNUM77,%s,Kumquat inspection,Computer hosting,ICT,TXSECRET,CONTRACT88,Wherefore not\n"
	plainRow   = "%02d/06/2012,Sample Hosting Ltd,,1,%s,Hosting,Computer hosting,ICT,T1,C1,Price\n"
)

// everywhere is all that anybody is shown of spend, as one text.
func everywhere(t *testing.T, s *store.Store, loads []store.Load) string {
	t.Helper()
	ctx, nobody := t.Context(), store.Viewer{}
	var b strings.Builder
	show := func(where string, v any, err error) {
		if err != nil && store.KindOf(err) == 0 {
			t.Fatal(where, err)
		}
		fmt.Fprintf(&b, "\n%s: %+v %s\n", where, v, asJSON(t, v))
	}
	for _, l := range everyLine(t, s) {
		show("EachLine", l, nil)
		at, err := s.LineOf(ctx, nobody, l.ID)
		show("LineOf", at, err)
	}
	for _, o := range []store.Order{store.Newest, store.Largest, store.Latest} {
		page, err := s.Lines(ctx, store.SpendFilter{}, o, 0, 1000)
		show("Lines", page, err)
	}
	for _, l := range loads {
		at, err := s.LoadAt(ctx, nobody, l.ID, 0, 1000)
		show("LoadAt", at, err)
	}
	suppliers, err := s.SuppliersLike(ctx, "", 1000)
	show("SuppliersLike", suppliers, err)
	for _, words := range []string{"quill", "kumquat", "098765"} {
		like, err := s.SuppliersLike(ctx, words, 10)
		fmt.Fprintf(&b, "\n%d suppliers are like it: %+v %v\n", len(like), like, err)
		sp, err := s.Spend(ctx, store.SpendFilter{Text: words})
		if err != nil || sp.Total.Lines != 0 {
			t.Errorf("%q finds %v, %v", words, sp.Total, err)
		}
	}
	for _, slug := range []string{"quillfeather-and-daughters-ltd", "quillfeather-daughters-ltd"} {
		at, err := s.SupplierOf(ctx, slug, store.SpendFilter{})
		if store.KindOf(err) != store.NotFound {
			show("SupplierOf", at, err)
		}
	}
	for _, p := range suppliers {
		at, err := s.SupplierOf(ctx, p.Slug, store.SpendFilter{})
		show("SupplierOf "+p.Slug, at, err)
	}
	by, err := s.SpendBySupplier(ctx, store.SpendFilter{}, 0, 0)
	show("SpendBySupplier", by, err)
	alike, err := s.LikelySame(ctx, 100)
	show("LikelySame", alike, err)
	body, err := s.SpendOfBody(ctx, "kent")
	show("SpendOfBody", body, err)
	for _, m := range store.Methods {
		f, err := s.FindingsOf(ctx, m.Code, nil, 0, 100)
		show("FindingsOf", f, err)
	}
	return b.String()
}

func leaks(t *testing.T, when, text string) {
	t.Helper()
	for _, line := range strings.Split(text, "\n") {
		for _, word := range secret {
			if at := strings.Index(line, word); at >= 0 {
				t.Errorf("%s, %q is shown: %.60s … %.160s", when, word, line, line[max(0, at-80):])
				break
			}
		}
	}
}

func TestWhatIsWithheldComesOutNowhere(t *testing.T) {
	s := storetest.Open(t)
	ctx := t.Context()
	officer := storetest.Holder(t, s, store.CompanyOfficer, store.TheCompany)
	one := takeIn(t, s, store.CommandLine, store.LoadRequest{Body: "kent"}, secretHead+fmt.Sprintf(plainRow, 1, "700.00")+fmt.Sprintf(secretRow, 2, "800.00")+fmt.Sprintf(secretRow, 2, "800.00"))
	file := secretHead + fmt.Sprintf(plainRow, 5, "900.00") + fmt.Sprintf(secretRow, 6, "950.00") + fmt.Sprintf(secretRow, 7, "see note")
	id := sendAndTake(t, s, officer, store.LoadRequest{Body: "kent", File: "two.csv", AcceptRejected: true}, file)
	two, err := s.Load(ctx, officer, id)
	if err != nil || two.Status != store.LoadStanding {
		t.Fatal(two.Status, err)
	}
	whole := total(t, s)
	shown := linesWhole(t, s)
	for _, word := range secret[:6] {
		if !strings.Contains(shown, word) {
			t.Fatalf("%s is not shown at first: the test is too easy", word)
		}
	}
	for _, l := range everyLine(t, s) {
		if l.Load == one.ID && strings.HasPrefix(l.Supplier, "Quill") {
			if err := s.WithholdLine(ctx, officer, l.ID, "It names a private person."); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.WithholdLoad(ctx, officer, two.ID, false, "It names private people."); err != nil {
		t.Fatal(err)
	}
	leaks(t, "withheld", everywhere(t, s, []store.Load{one, two}))
	if got := total(t, s); got != whole {
		t.Errorf("the whole was %v and is %v", whole, got)
	}
	verifies(t, s)
	for _, l := range []store.Load{one, two} { // of which everything stays readable, save what is withheld
		if err := s.ActOnLoad(ctx, officer, l.ID, store.WithdrawLoad, "It was wrong"); err != nil {
			t.Fatal(err)
		}
	}
	leaks(t, "withdrawn", everywhere(t, s, []store.Load{one, two}))
	verifies(t, s)
}

// linesWhole is the page of every line, as one text.
func linesWhole(t *testing.T, s *store.Store) string {
	t.Helper()
	var b strings.Builder
	for _, l := range everyLine(t, s) {
		at, err := s.LineOf(t.Context(), store.Viewer{}, l.ID)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%+v", at)
	}
	return b.String()
}

// sendAndTake takes a file in as a browser does: sent, confirmed, worked on.
func sendAndTake(t *testing.T, s *store.Store, by store.Viewer, req store.LoadRequest, file string) int64 {
	t.Helper()
	id, err := s.SendLoad(t.Context(), by, req, strings.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.ActOnLoad(t.Context(), by, id, store.ConfirmLoad, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.WorkOnLoads(t.Context()); err != nil {
		t.Fatal(err)
	}
	return id
}

// oddFile has two columns of amounts that nobody can be sure of.
const oddFile = "Paid on,Payee,Amount,Value\n01/02/2012,Sample Hosting Ltd,100.25,7.00\n02/02/2012,Sample Fuel Ltd,200.50,8.00\n03/02/2012,Sample Fuel Ltd,300.75,9.00\n"

func TestAnOfficerNamesTheColumnsOnce(t *testing.T) {
	s, k := spendAt(t)
	ctx, officer := t.Context(), storetest.Holder(t, s, store.CompanyOfficer, store.TheCompany)
	id, err := s.SendLoad(ctx, officer, store.LoadRequest{Body: "kent", File: "odd.csv"}, strings.NewReader(oddFile), int64(len(oddFile)))
	if err != nil {
		t.Fatal(err)
	}
	status := func() (store.Load, store.Trial) {
		t.Helper()
		l, err := s.Load(ctx, officer, id)
		if err != nil {
			t.Fatal(err)
		}
		trial, err := l.Trial()
		if err != nil {
			t.Fatal(err)
		}
		return l, trial
	}
	if l, trial := status(); l.Status != store.LoadDraft || !trial.Ask {
		t.Fatalf("the draft is %s, asks %v, %v", l.Status, trial.Ask, trial.Sheets)
	}
	if err := s.ActOnLoad(ctx, officer, id, store.ConfirmLoad, ""); store.KindOf(err) != store.Invalid {
		t.Errorf("confirmed in doubt: %v", err)
	}
	req := store.LoadRequest{Mappings: store.Mappings{"": sheet.Mapping{sheet.DatePaid: 0, sheet.Supplier: 1, sheet.Amount: 3}}}
	if err := s.RetryLoad(ctx, officer, id, req); err != nil {
		t.Fatal(err)
	}
	if l, trial := status(); trial.Ask || trial.Refused != "" || l.Pence != 2400 {
		t.Fatalf("with columns, it asks %v, %q, and comes to %s", trial.Ask, trial.Refused, l.Pence)
	}
	if err := s.ActOnLoad(ctx, officer, id, store.ConfirmLoad, ""); err != nil {
		t.Fatal(err)
	}
	if n := k.rowsOf("spend_blocks")["spend_blocks"]; n != 0 || total(t, s).Lines != 0 {
		t.Errorf("%d blocks are there before the work", n)
	}
	if worked, err := s.WorkOnLoads(ctx); !worked || err != nil {
		t.Fatal(worked, err)
	}
	if worked, err := s.WorkOnLoads(ctx); worked || err != nil {
		t.Errorf("there is more to work on: %v, %v", worked, err)
	}
	if l, _ := status(); l.Status != store.LoadStanding || total(t, s) != (store.Sum{Lines: 3, Pence: 2400}) {
		t.Errorf("the load is %s and %v stands", l.Status, total(t, s))
	}
	next := strings.ReplaceAll(oddFile, "/02/", "/03/")
	trial, err := s.TryLoad(ctx, officer, store.LoadRequest{Body: "kent", File: "odd2.csv"}, strings.NewReader(next), int64(len(next)))
	if err != nil || !trial.Known || trial.Ask || trial.Load.Pence != 2400 {
		t.Errorf("the columns are not remembered: %+v, %v", trial.Load.Pence, err)
	}
	trial, err = s.TryLoad(ctx, officer, store.LoadRequest{Body: "essex", File: "odd2.csv"}, strings.NewReader(next), int64(len(next)))
	if err != nil || trial.Known {
		t.Errorf("one publisher’s columns are used for another: %v", err)
	}
	verifies(t, s)
}

// Two drafts of one file may wait side by side; once one of them stands, the
// other is one too many.
func TestTheSameFileStandsOnce(t *testing.T) {
	for name, both := range map[string]func(t *testing.T, s *store.Store, by store.Viewer){
		"confirmed twice": func(t *testing.T, s *store.Store, by store.Viewer) {
			var ids []int64
			for range 2 {
				id, err := s.SendLoad(t.Context(), by, store.LoadRequest{Body: "kent", File: "a.csv", AcceptRejected: true}, strings.NewReader(kentFile), int64(len(kentFile)))
				if err != nil {
					t.Fatal(err)
				}
				ids = append(ids, id)
			}
			for _, id := range ids {
				if err := s.ActOnLoad(t.Context(), by, id, store.ConfirmLoad, ""); err != nil && store.KindOf(err) == 0 {
					t.Fatal(err)
				}
			}
			if _, err := s.WorkOnLoads(t.Context()); err != nil {
				t.Fatal(err)
			}
		},
		"taken in by two at once": func(t *testing.T, s *store.Store, _ store.Viewer) {
			var wg sync.WaitGroup
			for range 2 {
				wg.Go(func() {
					if _, err := try(t, s, store.CommandLine, store.LoadRequest{Body: "kent", AcceptRejected: true}, kentFile); err != nil && store.KindOf(err) == 0 {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := storetest.Open(t)
			both(t, s, storetest.Holder(t, s, store.CompanyOfficer, store.TheCompany))
			if got := total(t, s); got != (store.Sum{Lines: 4, Pence: 265050}) {
				t.Errorf("%v stands of one file", got)
			}
			verifies(t, s)
		})
	}
}

// A draft waits; what is taken in meanwhile counts when it is confirmed.
func TestADraftIsHeldToWhatStandsWhenItIsTakenIn(t *testing.T) {
	s := storetest.Open(t)
	officer := storetest.Holder(t, s, store.CompanyOfficer, store.TheCompany)
	id, err := s.SendLoad(t.Context(), officer, store.LoadRequest{Body: "kent", File: "a.csv", AcceptRejected: true}, strings.NewReader(kentFile), int64(len(kentFile)))
	if err != nil {
		t.Fatal(err)
	}
	takeIn(t, s, store.CommandLine, store.LoadRequest{Body: "kent", AcceptRejected: true}, kentFile+"\n")
	if err := s.ActOnLoad(t.Context(), officer, id, store.ConfirmLoad, ""); err == nil {
		if _, err := s.WorkOnLoads(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := total(t, s); got.Lines != 4 {
		t.Errorf("%v stands of the same rows twice", got)
	}
	if l, err := s.Load(t.Context(), officer, id); err != nil || l.Status == store.LoadFailed && !strings.Contains(l.Reason, "stand already") {
		t.Errorf("the second is %s: %s %v", l.Status, l.Reason, err)
	}
	verifies(t, s)
}

// taking waits until a load has begun to stage its lines.
func taking(t *testing.T, s *store.Store) store.Load {
	t.Helper()
	for until := time.Now().Add(30 * time.Second); time.Now().Before(until); time.Sleep(time.Millisecond) {
		for id := int64(1); id < 5; id++ {
			if l, err := s.Load(t.Context(), store.CommandLine, id); err == nil && l.Status == store.LoadTaking && l.Done > 0 {
				return l
			}
		}
	}
	t.Fatal("no load began")
	return store.Load{}
}

func TestAStoppedLoadLeavesNothing(t *testing.T) {
	t.Parallel()
	s, k := spendAt(t)
	officer := storetest.Holder(t, s, store.CompanyOfficer, store.TheCompany)
	takeIn(t, s, store.CommandLine, store.LoadRequest{Body: "essex", AcceptRejected: true}, kentFile)
	lines := []string{"spend_files", "spend_blocks", "spend_cells", "spend_rejected", "spend_flags", "spend_mappings"}
	before, whole := k.rowsOf(lines...), total(t, s)
	file := storetest.SpendFile(100_000, store.MonthOf(2012, 4), 3, 1)
	failed := make(chan error, 1)
	go func() {
		_, err := s.TakeIn(t.Context(), store.CommandLine, store.LoadRequest{Body: "kent", File: "long.csv"}, bytes.NewReader(file), int64(len(file)))
		failed <- err
	}()
	l := taking(t, s)
	if err := s.ActOnLoad(t.Context(), officer, l.ID, store.StopLoad, "It is the wrong file"); err != nil {
		t.Fatal(err)
	}
	if err := <-failed; store.KindOf(err) != store.Conflict {
		t.Errorf("the load was stopped, and says %v", err)
	}
	if _, err := s.WorkOnLoads(t.Context()); err != nil {
		t.Error(err)
	}
	if after := k.rowsOf(lines...); asJSON(t, after) != asJSON(t, before) || total(t, s) != whole {
		t.Errorf("rows were %v and are %v", before, after)
	}
	if like, err := s.SuppliersLike(t.Context(), "Sample", 5); err != nil || slices.ContainsFunc(like, func(p store.Supplier) bool { return strings.HasPrefix(p.Name, "Sample") }) {
		t.Errorf("suppliers of the stopped file are listed: %v, %v", like, err)
	}
	verifies(t, s)
	again := file[:bytes.LastIndexByte(file[:len(file)/20], '\n')+1]
	if _, err := s.TakeIn(t.Context(), store.CommandLine, store.LoadRequest{Body: "kent", File: "short.csv"}, bytes.NewReader(again), int64(len(again))); err != nil {
		t.Error(err)
	}
	verifies(t, s)
}

// Two loads at once, of one portal or of two on one database, are both right.
func TestTwoLoadsAtOnceAreBothRight(t *testing.T) {
	t.Parallel()
	for name, stores := range map[string]int{"one store": 1, "two stores": 2} {
		t.Run(name, func(t *testing.T) {
			s, k := spendAt(t)
			all := []*store.Store{s, s}
			if stores == 2 {
				all[1] = storetest.At(t, k.db, k.key, noon)
			}
			const lines = 17_000 // of more than one run
			bodies := []string{"kent", "essex"}
			loads := make([]store.Load, 2)
			var wg sync.WaitGroup
			for i := range all {
				file := storetest.SpendFile(lines, store.MonthOf(2012, 4), 6, uint64(i+1)) // mostly the same words
				wg.Go(func() {
					trial, err := all[i].TakeIn(t.Context(), store.CommandLine, store.LoadRequest{Body: bodies[i], File: "a.csv"}, bytes.NewReader(file), int64(len(file)))
					if err != nil {
						t.Error(err)
					}
					loads[i] = trial.Load
				})
			}
			wg.Wait()
			want := store.Sum{Lines: 2 * lines, Pence: loads[0].Pence + loads[1].Pence}
			for _, s := range all {
				if got := total(t, s); got != want {
					t.Errorf("%v stands, want %v", got, want)
				}
			}
			slow{lines: everyLine(t, s)}.adds(t, s, store.SpendFilter{Bodies: bodies[:1], Class: []store.Class{store.IsIT}})
			verifies(t, s)
		})
	}
}

// waits does acts one after the other until it is told to stop, and tells the
// longest that one took.
func waits(ctx context.Context, t *testing.T, s *store.Store, least int, stop <-chan struct{}) (n int, worst time.Duration) {
	for ; ; n++ {
		select {
		case <-stop:
			if n >= least {
				return n, worst
			}
		default:
		}
		began := time.Now()
		if _, _, err := s.AddPerson(ctx, store.CommandLine, "Sample", fmt.Sprintf("act%d@example.org", n)); err != nil {
			t.Error(err)
			return n, worst
		}
		worst = max(worst, time.Since(began))
		time.Sleep(5 * time.Millisecond)
	}
}

// While a large file is taken in, others act and read. No act waits long, and
// who reads sees all of the file or none of it.
func TestOthersActAndReadWhileAFileIsTakenIn(t *testing.T) {
	lines := 100_000
	if os.Getenv("CI") != "" {
		lines = 300_000
	}
	s := storetest.Open(t)
	before := takeIn(t, s, store.CommandLine, store.LoadRequest{Body: "essex", AcceptRejected: true}, kentFile)
	file := storetest.SpendFile(lines, store.MonthOf(2012, 4), 3, 1)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	var acts, reads int
	var worst, slowest time.Duration
	seen := map[store.Sum]bool{}
	wg.Go(func() { acts, worst = waits(t.Context(), t, s, 50, stop) })
	wg.Go(func() {
		for more := true; more; reads++ {
			select {
			case <-stop:
				more = false // once more after the end
			default:
			}
			began := time.Now()
			sp, err := s.Spend(t.Context(), store.SpendFilter{})
			if err != nil || sp.Total != sp.All || !sp.Reconciles() {
				t.Errorf("total %v of %v, %v", sp.Total, sp.All, err)
			}
			slowest = max(slowest, time.Since(began))
			seen[sp.Total] = true
			time.Sleep(time.Millisecond)
		}
	})
	began := time.Now()
	trial, err := s.TakeIn(t.Context(), store.CommandLine, store.LoadRequest{Body: "kent", File: "long.csv"}, bytes.NewReader(file), int64(len(file)))
	took := time.Since(began)
	close(stop)
	wg.Wait()
	if err != nil {
		t.Fatal(err)
	}
	none, all := store.Sum{Lines: before.Lines, Pence: before.Pence}, store.Sum{Lines: before.Lines + trial.Load.Lines, Pence: before.Pence + trial.Load.Pence}
	if len(seen) != 2 || !seen[none] || !seen[all] {
		t.Errorf("readers saw %v, want %v or %v", seen, none, all)
	}
	t.Logf("%d lines in %v; %d acts meanwhile, the slowest %v; %d reads, the slowest %v", lines, took, acts, worst, reads, slowest)
	if worst > max(time.Second, took/10) { // 200 ms on a machine that does nothing else; a part of the load at most, on a slow one
		t.Errorf("an act waited %v", worst)
	}
	verifies(t, s)
}
