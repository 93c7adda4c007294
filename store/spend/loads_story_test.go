package spend_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/spend/sheet"
	"github.com/police-ict/handover/store/storetest"
)

// spendTables are all that hold something of published files. The shipped rules
// go on the record with the first file that is taken in, and are not counted.
var spendTables = []string{"loads", "spend_files", "spend_texts", "spend_combos", "spend_blocks", "spend_cells", "spend_rejected", "spend_withheld",
	"spend_flags", "suppliers", "supplier_changes", "spend_notes", "spend_mappings", "events"}

// rowsOf counts the rows of tables.
func rowsOf(k storetest.Raw, tables ...string) map[string]int {
	k.T.Helper()
	db := k.DB()
	defer db.Close()
	all := map[string]int{}
	for _, table := range tables {
		n := 0
		if err := db.QueryRow(`SELECT COUNT(*) FROM ` + table).Scan(&n); err != nil {
			k.T.Fatal(err)
		}
		all[table] = n
	}
	return all
}

// spendAt is a store at a database that can also be looked at from beside it.
func spendAt(t *testing.T) (*db.Tx, storetest.Raw) {
	t.Helper()
	k := storetest.NewRaw(t)
	return storetest.At(t, k.Database, k.Key, storetest.AtNoon), k
}

func try(t *testing.T, s *db.Tx, by office.Viewer, req spend.LoadRequest, file string) (spend.Trial, error) {
	t.Helper()
	if req.File == "" {
		req.File = "file.csv"
	}
	return spend.Import(t.Context(), s, by, req, strings.NewReader(file), int64(len(file)))
}

func TestWhatIsRefusedLeavesNothingBehind(t *testing.T) {
	s, k := spendAt(t)
	kent, essex := spend.LoadRequest{Body: "kent"}, storetest.Holder(t, s, office.ChiefExecutive, "essex")
	first := storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, storetest.KentFile)
	accepted := kent
	accepted.AcceptRejected = true
	before := rowsOf(k, spendTables...)
	for name, c := range map[string]struct {
		by   office.Viewer
		req  spend.LoadRequest
		file string
		kind fault.Kind
		says string
	}{
		"an empty file":                       {office.CommandLine, kent, "", fault.Invalid, "empty"},
		"a page under a wrong name":           {office.CommandLine, kent, "<!doctype html><html><body>Not found</body></html>", fault.Invalid, ""},
		"no amounts":                          {office.CommandLine, kent, "Date,Supplier\n01/02/2012,Sample Ltd\n02/02/2012,Other Ltd\n", fault.Invalid, ""},
		"no date and no period":               {office.CommandLine, kent, "Supplier Name,Amount\nSample Ltd,10.00\nOther Ltd,20.00\n", fault.Invalid, "its month or quarter"},
		"more than one row in twenty":         {office.CommandLine, kent, strings.ReplaceAll(storetest.KentFile, "1,200.50", "1,200.51"), fault.Invalid, "1 of 5 rows cannot be read"},
		"the same file twice":                 {office.CommandLine, accepted, storetest.KentFile, fault.Invalid, fmt.Sprintf("as source file %d of Kent", first.ID)},
		"the same file for another body":      {office.CommandLine, spend.LoadRequest{Body: "essex", AcceptRejected: true}, storetest.KentFile, fault.Invalid, "This file is already loaded"},
		"rows that stand already":             {office.CommandLine, accepted, storetest.KentFile + "\n", fault.Invalid, "4 rows of this file are already in source file 1"},
		"a body that is no policing body":     {office.CommandLine, spend.LoadRequest{Body: "company"}, storetest.KentFile, fault.Invalid, "is not one of the 43"},
		"no body":                             {office.CommandLine, spend.LoadRequest{Body: "atlantis"}, storetest.KentFile, fault.Invalid, "Choose a body"},
		"a day that has not come":             {office.CommandLine, spend.LoadRequest{Body: "kent", Published: "2013-01-15"}, storetest.KentFile, fault.Invalid, "is in the future"},
		"an address that is none":             {office.CommandLine, spend.LoadRequest{Body: "kent", Source: "ftp://x"}, storetest.KentFile, fault.Invalid, "beginning with https://"},
		"an office of another body":           {essex, kent, storetest.KentFile, fault.Forbidden, "only the files of Essex"},
		"nobody at all":                       {office.Viewer{}, kent, storetest.KentFile, fault.Forbidden, ""},
		"a load replaced that is another’s":   {office.CommandLine, spend.LoadRequest{Body: "essex", Replaces: first.ID, Reason: "Better"}, storetest.KentFile, fault.Invalid, "cannot be replaced"},
		"a load replaced without a reason":    {office.CommandLine, spend.LoadRequest{Body: "kent", Replaces: first.ID}, storetest.KentFile, fault.Invalid, "reason"},
		"a load replaced that is not there":   {office.CommandLine, spend.LoadRequest{Body: "kent", Replaces: 99, Reason: "Better"}, storetest.KentFile, fault.Invalid, "cannot be replaced"},
		"a workbook that is no workbook":      {office.CommandLine, spend.LoadRequest{Body: "kent", File: "a.xlsx"}, "PK\x03\x04rubbish", fault.Invalid, ""},
		"a file of which only a heading came": {office.CommandLine, kent, "Payment Date,Supplier Name,Amount\n", fault.Invalid, ""},
	} {
		t.Run(name, func(t *testing.T) {
			trial, err := try(t, s, c.by, c.req, c.file)
			if fault.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.says) {
				t.Errorf("refused with %v", err)
			}
			if err != nil && (strings.Count(err.Error(), "\n") > 0 || !strings.HasSuffix(err.Error(), ".")) {
				t.Errorf("that is not a sentence: %q", err)
			}
			if after := rowsOf(k, spendTables...); asJSON(t, after) != asJSON(t, before) || trial.Load.ID != 0 {
				t.Errorf("rows were %v and are %v", before, after)
			}
		})
	}
	storetest.Verifies(t, s)
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
	one := storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent"}, head+rows(1, 20))
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
			trial, err := spend.Preview(t.Context(), s, office.CommandLine, spend.LoadRequest{Body: c.body, File: "next.csv"}, strings.NewReader(c.file), int64(len(c.file)))
			if err != nil || asJSON(t, trial.Overlap) != asJSON(t, c.found) && len(trial.Overlap)+len(c.found) > 0 {
				t.Errorf("found %v, want %v; %v", trial.Overlap, c.found, err)
			}
			if refused := trial.Accept == "overlap" && trial.Refused != ""; refused != (len(c.found) > 0) {
				t.Errorf("refused %v: %s", refused, trial.Refused)
			}
		})
	}
	again := storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", Replaces: one.ID, Reason: "It was short"}, head+rows(1, 28))
	if got := total(t, s); got.Lines != 28 {
		t.Errorf("after replacing %d lines stand", got.Lines)
	}
	more := storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptOverlap: true}, head+rows(28, 28))
	if got := total(t, s); got.Lines != 29 || again.ID == more.ID {
		t.Errorf("accepted, %d lines stand", got.Lines)
	}
	storetest.Verifies(t, s)
}

// secret is what is withheld in the test below: each word is in no other file.
var secret = []string{"Quillfeather", "quillfeather", "Kumquat", "TXSECRET", "Wherefore", "09876543", "SUPPNUM77", "CONTRACT88", "OFFICE99", "BODYNAME55"}

const (
	secretHead = "Payment Date,Supplier Name,Company Number,Supplier Number,Amount,Description,Category,Cost Centre,Transaction Number,Contract Reference,Reason for value for money\n"
	secretRow  = "%02d/06/2012,Quillfeather & Daughters Ltd,09876543,SUPPNUM77,%s,Kumquat inspection,Computer hosting,ICT,TXSECRET,CONTRACT88,Wherefore not\n"
	plainRow   = "%02d/06/2012,Sample Hosting Ltd,,1,%s,Hosting,Computer hosting,ICT,T1,C1,Price\n"
)

// everywhere is all that anybody is shown of spend, as one text.
func everywhere(t *testing.T, s *db.Tx, loads []spend.Load) string {
	t.Helper()
	ctx, nobody := t.Context(), office.Viewer{}
	var b strings.Builder
	show := func(where string, v any, err error) {
		if err != nil && fault.KindOf(err) == 0 {
			t.Fatal(where, err)
		}
		fmt.Fprintf(&b, "\n%s: %+v %s\n", where, v, asJSON(t, v))
	}
	for _, l := range storetest.EveryLine(t, s) {
		show("EachLine", l, nil)
		at, err := report.ReadLine(ctx, s, nobody, l.ID)
		show("LineOf", at, err)
	}
	for _, o := range []spend.Order{spend.Newest, spend.Largest, spend.Latest} {
		page, err := spend.Lines(ctx, s, payments.Filter{}, o, 0, 1000)
		show("Lines", page, err)
	}
	for _, l := range loads {
		at, err := report.ReadLoadPage(ctx, s, nobody, l.ID, 0, 1000)
		show("LoadAt", at, err)
	}
	suppliers, err := spend.SuppliersLike(ctx, s, "", 1000)
	show("SuppliersLike", suppliers, err)
	for _, words := range []string{"quill", "kumquat", "098765"} {
		like, err := spend.SuppliersLike(ctx, s, words, 10)
		fmt.Fprintf(&b, "\n%d suppliers are like it: %+v %v\n", len(like), like, err)
		sp, err := spend.Read(ctx, s, payments.Filter{Text: words})
		if err != nil || sp.Total.Lines != 0 {
			t.Errorf("%q finds %v, %v", words, sp.Total, err)
		}
	}
	for _, slug := range []string{"quillfeather-and-daughters-ltd", "quillfeather-daughters-ltd"} {
		at, err := report.ReadSupplier(ctx, s, slug, payments.Filter{})
		if fault.KindOf(err) != fault.NotFound {
			show("SupplierOf", at, err)
		}
	}
	for _, p := range suppliers {
		at, err := report.ReadSupplier(ctx, s, p.Slug, payments.Filter{})
		show("SupplierOf "+p.Slug, at, err)
	}
	by, err := spend.BySupplier(ctx, s, payments.Filter{}, 0, 0)
	show("SpendBySupplier", by, err)
	alike, err := spend.LikelySame(ctx, s, 100)
	show("LikelySame", alike, err)
	body, err := report.ReadBody(ctx, s, "kent")
	show("SpendOfBody", body, err)
	for _, m := range payments.Methods {
		f, err := report.FindingsOf(ctx, s, m.Code, nil, 0, 100)
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
	officer := storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany)
	one := storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent"}, secretHead+fmt.Sprintf(plainRow, 1, "700.00")+fmt.Sprintf(secretRow, 2, "800.00")+fmt.Sprintf(secretRow, 2, "800.00"))
	file := secretHead + fmt.Sprintf(plainRow, 5, "900.00") + fmt.Sprintf(secretRow, 6, "950.00") + fmt.Sprintf(secretRow, 7, "see note")
	id := sendAndTake(t, s, officer, spend.LoadRequest{Body: "kent", File: "two.csv", AcceptRejected: true}, file)
	two, err := spend.FindLoad(ctx, s, officer, id)
	if err != nil || two.Status != spend.Published {
		t.Fatal(two.Status, err)
	}
	whole := total(t, s)
	shown := linesWhole(t, s)
	for _, word := range secret[:6] {
		if !strings.Contains(shown, word) {
			t.Fatalf("%s is not shown at first: the test is too easy", word)
		}
	}
	for _, l := range storetest.EveryLine(t, s) {
		if l.Load == one.ID && strings.HasPrefix(l.Supplier, "Quill") {
			if err := spend.WithholdLine(ctx, s, officer, l.ID, "It names a private person."); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := spend.WithholdLoad(ctx, s, officer, two.ID, false, "It names private people."); err != nil {
		t.Fatal(err)
	}
	leaks(t, "withheld", everywhere(t, s, []spend.Load{one, two}))
	if got := total(t, s); got != whole {
		t.Errorf("the whole was %v and is %v", whole, got)
	}
	storetest.Verifies(t, s)
	for _, l := range []spend.Load{one, two} { // of which everything stays readable, save what is withheld
		if err := spend.Act(ctx, s, officer, l.ID, spend.ActWithdraw, "It was wrong"); err != nil {
			t.Fatal(err)
		}
	}
	leaks(t, "withdrawn", everywhere(t, s, []spend.Load{one, two}))
	storetest.Verifies(t, s)
}

// linesWhole is the page of every line, as one text.
func linesWhole(t *testing.T, s *db.Tx) string {
	t.Helper()
	var b strings.Builder
	for _, l := range storetest.EveryLine(t, s) {
		at, err := report.ReadLine(t.Context(), s, office.Viewer{}, l.ID)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%+v", at)
	}
	return b.String()
}

// sendAndTake takes a file in as a browser does: sent, confirmed, worked on.
func sendAndTake(t *testing.T, s *db.Tx, by office.Viewer, req spend.LoadRequest, file string) int64 {
	t.Helper()
	id, err := spend.Upload(t.Context(), s, by, req, strings.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	if err := spend.Act(t.Context(), s, by, id, spend.ActConfirm, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := spend.WorkOnImports(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	return id
}

// oddFile has two columns of amounts that nobody can be sure of.
const oddFile = "Paid on,Payee,Amount,Value\n01/02/2012,Sample Hosting Ltd,100.25,7.00\n02/02/2012,Sample Fuel Ltd,200.50,8.00\n03/02/2012,Sample Fuel Ltd,300.75,9.00\n"

func TestAnOfficerNamesTheColumnsOnce(t *testing.T) {
	s, k := spendAt(t)
	ctx, officer := t.Context(), storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany)
	id, err := spend.Upload(ctx, s, officer, spend.LoadRequest{Body: "kent", File: "odd.csv"}, strings.NewReader(oddFile), int64(len(oddFile)))
	if err != nil {
		t.Fatal(err)
	}
	status := func() (spend.Load, spend.Trial) {
		t.Helper()
		l, err := spend.FindLoad(ctx, s, officer, id)
		if err != nil {
			t.Fatal(err)
		}
		trial, err := l.Trial()
		if err != nil {
			t.Fatal(err)
		}
		return l, trial
	}
	if l, trial := status(); l.Status != spend.Draft || !trial.Ask {
		t.Fatalf("the draft is %s, asks %v, %v", l.Status, trial.Ask, trial.Sheets)
	}
	if err := spend.Act(ctx, s, officer, id, spend.ActConfirm, ""); fault.KindOf(err) != fault.Invalid {
		t.Errorf("confirmed in doubt: %v", err)
	}
	req := spend.LoadRequest{Mappings: spend.Mappings{"": sheet.Mapping{sheet.DatePaid: 0, sheet.Supplier: 1, sheet.Amount: 3}}}
	if err := spend.Correct(ctx, s, officer, id, req); err != nil {
		t.Fatal(err)
	}
	if l, trial := status(); trial.Ask || trial.Refused != "" || l.Pence != 2400 {
		t.Fatalf("with columns, it asks %v, %q, and comes to %s", trial.Ask, trial.Refused, l.Pence)
	}
	if err := spend.Act(ctx, s, officer, id, spend.ActConfirm, ""); err != nil {
		t.Fatal(err)
	}
	if n := rowsOf(k, "spend_blocks")["spend_blocks"]; n != 0 || total(t, s).Lines != 0 {
		t.Errorf("%d blocks are there before the work", n)
	}
	if worked, err := spend.WorkOnImports(ctx, s); !worked || err != nil {
		t.Fatal(worked, err)
	}
	if worked, err := spend.WorkOnImports(ctx, s); worked || err != nil {
		t.Errorf("there is more to work on: %v, %v", worked, err)
	}
	if l, _ := status(); l.Status != spend.Published || total(t, s) != (spend.Sum{Lines: 3, Pence: 2400}) {
		t.Errorf("the load is %s and %v stands", l.Status, total(t, s))
	}
	next := strings.ReplaceAll(oddFile, "/02/", "/03/")
	trial, err := spend.Preview(ctx, s, officer, spend.LoadRequest{Body: "kent", File: "odd2.csv"}, strings.NewReader(next), int64(len(next)))
	if err != nil || !trial.Known || trial.Ask || trial.Load.Pence != 2400 {
		t.Errorf("the columns are not remembered: %+v, %v", trial.Load.Pence, err)
	}
	trial, err = spend.Preview(ctx, s, officer, spend.LoadRequest{Body: "essex", File: "odd2.csv"}, strings.NewReader(next), int64(len(next)))
	if err != nil || trial.Known {
		t.Errorf("one publisher’s columns are used for another: %v", err)
	}
	storetest.Verifies(t, s)
}

// A file that is sent again leads to its draft, and once it stands, it stands once.
func TestTheSameFileStandsOnce(t *testing.T) {
	for name, both := range map[string]func(t *testing.T, s *db.Tx, by office.Viewer){
		"confirmed twice": func(t *testing.T, s *db.Tx, by office.Viewer) {
			var ids []int64
			for range 2 {
				id, err := spend.Upload(t.Context(), s, by, spend.LoadRequest{Body: "kent", File: "a.csv", AcceptRejected: true}, strings.NewReader(storetest.KentFile), int64(len(storetest.KentFile)))
				if err != nil {
					t.Fatal(err)
				}
				ids = append(ids, id)
			}
			for _, id := range ids {
				if err := spend.Act(t.Context(), s, by, id, spend.ActConfirm, ""); err != nil && fault.KindOf(err) == 0 {
					t.Fatal(err)
				}
			}
			if _, err := spend.WorkOnImports(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		},
		"taken in by two at once": func(t *testing.T, s *db.Tx, _ office.Viewer) {
			var wg sync.WaitGroup
			for range 2 {
				wg.Go(func() {
					if _, err := try(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, storetest.KentFile); err != nil && fault.KindOf(err) == 0 {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := storetest.Open(t)
			both(t, s, storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany))
			if got := total(t, s); got != (spend.Sum{Lines: 4, Pence: 265050}) {
				t.Errorf("%v stands of one file", got)
			}
			storetest.Verifies(t, s)
		})
	}
}

// A draft waits; what is taken in meanwhile counts when it is confirmed.
func TestADraftIsHeldToWhatStandsWhenItIsTakenIn(t *testing.T) {
	s := storetest.Open(t)
	officer := storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany)
	id, err := spend.Upload(t.Context(), s, officer, spend.LoadRequest{Body: "kent", File: "a.csv", AcceptRejected: true}, strings.NewReader(storetest.KentFile), int64(len(storetest.KentFile)))
	if err != nil {
		t.Fatal(err)
	}
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, storetest.KentFile+"\n")
	if err := spend.Act(t.Context(), s, officer, id, spend.ActConfirm, ""); err == nil {
		if _, err := spend.WorkOnImports(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if got := total(t, s); got.Lines != 4 {
		t.Errorf("%v stands of the same rows twice", got)
	}
	if l, err := spend.FindLoad(t.Context(), s, officer, id); err != nil || l.Status == spend.Failed && !strings.Contains(l.Reason, "already in source file") {
		t.Errorf("the second is %s: %s %v", l.Status, l.Reason, err)
	}
	storetest.Verifies(t, s)
}

// taking waits until a load has begun to stage its lines.
func taking(t *testing.T, s *db.Tx) spend.Load {
	t.Helper()
	for until := time.Now().Add(30 * time.Second); time.Now().Before(until); time.Sleep(time.Millisecond) {
		for id := int64(1); id < 5; id++ {
			if l, err := spend.FindLoad(t.Context(), s, office.CommandLine, id); err == nil && l.Status == spend.Importing && l.Done > 0 {
				return l
			}
		}
	}
	t.Fatal("no load began")
	return spend.Load{}
}

func TestAStoppedLoadLeavesNothing(t *testing.T) {
	t.Parallel()
	s, k := spendAt(t)
	officer := storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany)
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "essex", AcceptRejected: true}, storetest.KentFile)
	lines := []string{"spend_files", "spend_blocks", "spend_cells", "spend_rejected", "spend_flags", "spend_mappings"}
	before, whole := rowsOf(k, lines...), total(t, s)
	file := storetest.SpendFile(60_000, civil.MonthOf(2012, 4), 3, 1)
	failed := make(chan error, 1)
	go func() {
		_, err := spend.Import(t.Context(), s, office.CommandLine, spend.LoadRequest{Body: "kent", File: "long.csv"}, bytes.NewReader(file), int64(len(file)))
		failed <- err
	}()
	l := taking(t, s)
	if err := spend.Act(t.Context(), s, officer, l.ID, spend.ActStop, "It is the wrong file"); err != nil {
		t.Fatal(err)
	}
	if err := <-failed; fault.KindOf(err) != fault.Conflict {
		t.Errorf("the load was stopped, and says %v", err)
	}
	if _, err := spend.WorkOnImports(t.Context(), s); err != nil {
		t.Error(err)
	}
	if after := rowsOf(k, lines...); asJSON(t, after) != asJSON(t, before) || total(t, s) != whole {
		t.Errorf("rows were %v and are %v", before, after)
	}
	if like, err := spend.SuppliersLike(t.Context(), s, "Sample", 5); err != nil || slices.ContainsFunc(like, func(p spend.Supplier) bool { return strings.HasPrefix(p.Name, "Sample") }) {
		t.Errorf("suppliers of the stopped file are listed: %v, %v", like, err)
	}
	storetest.Verifies(t, s)
	again := file[:bytes.LastIndexByte(file[:len(file)/12], '\n')+1]
	if _, err := spend.Import(t.Context(), s, office.CommandLine, spend.LoadRequest{Body: "kent", File: "short.csv"}, bytes.NewReader(again), int64(len(again))); err != nil {
		t.Error(err)
	}
	storetest.Verifies(t, s)
}

// Two loads at once, of one portal or of two on one database, are both right.
func TestTwoLoadsAtOnceAreBothRight(t *testing.T) {
	t.Parallel()
	for name, stores := range map[string]int{"one store": 1, "two stores": 2} {
		if stores == 1 && !storetest.Thorough() {
			continue
		}
		t.Run(name, func(t *testing.T) {
			s, k := spendAt(t)
			all := []*db.Tx{s, s}
			if stores == 2 {
				all[1] = storetest.At(t, k.Database, k.Key, storetest.AtNoon)
			}
			const lines = 17_000 // of more than one run
			bodies := []string{"kent", "essex"}
			loads := make([]spend.Load, 2)
			var wg sync.WaitGroup
			for i := range all {
				file := storetest.SpendFile(lines, civil.MonthOf(2012, 4), 6, uint64(i+1)) // mostly the same words
				wg.Go(func() {
					trial, err := spend.Import(t.Context(), all[i], office.CommandLine, spend.LoadRequest{Body: bodies[i], File: "a.csv"}, bytes.NewReader(file), int64(len(file)))
					if err != nil {
						t.Error(err)
					}
					loads[i] = trial.Load
				})
			}
			wg.Wait()
			want := spend.Sum{Lines: 2 * lines, Pence: loads[0].Pence + loads[1].Pence}
			for _, s := range all {
				if got := total(t, s); got != want {
					t.Errorf("%v stands, want %v", got, want)
				}
			}
			slow{lines: storetest.EveryLine(t, s)}.adds(t, s, payments.Filter{Bodies: bodies[:1], Class: []classify.Class{classify.IsIT}})
			storetest.Verifies(t, s)
		})
	}
}

// waits does acts one after the other until it is told to stop, and tells the
// longest that one took.
func waits(ctx context.Context, t *testing.T, s *db.Tx, least int, stop <-chan struct{}) (n int, worst time.Duration) {
	for ; ; n++ {
		select {
		case <-stop:
			if n >= least {
				return n, worst
			}
		default:
		}
		began := time.Now()
		if _, _, err := people.Add(ctx, s, office.CommandLine, "Sample", fmt.Sprintf("act%d@example.org", n)); err != nil {
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
	lines := 20_000
	if storetest.Thorough() {
		lines = 100_000
	}
	s := storetest.Open(t)
	before := storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "essex", AcceptRejected: true}, storetest.KentFile)
	file := storetest.SpendFile(lines, civil.MonthOf(2012, 4), 3, 1)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	var acts, reads int
	var worst, slowest time.Duration
	seen := map[spend.Sum]bool{}
	wg.Go(func() { acts, worst = waits(t.Context(), t, s, 50, stop) })
	wg.Go(func() {
		for more := true; more; reads++ {
			select {
			case <-stop:
				more = false // once more after the end
			default:
			}
			began := time.Now()
			sp, err := spend.Read(t.Context(), s, payments.Filter{})
			if err != nil || sp.Total != sp.All || !sp.Reconciles() {
				t.Errorf("total %v of %v, %v", sp.Total, sp.All, err)
			}
			slowest = max(slowest, time.Since(began))
			seen[sp.Total] = true
			time.Sleep(time.Millisecond)
		}
	})
	began := time.Now()
	trial, err := spend.Import(t.Context(), s, office.CommandLine, spend.LoadRequest{Body: "kent", File: "long.csv"}, bytes.NewReader(file), int64(len(file)))
	took := time.Since(began)
	close(stop)
	wg.Wait()
	if err != nil {
		t.Fatal(err)
	}
	none, all := spend.Sum{Lines: before.Lines, Pence: before.Pence}, spend.Sum{Lines: before.Lines + trial.Load.Lines, Pence: before.Pence + trial.Load.Pence}
	if len(seen) != 2 || !seen[none] || !seen[all] {
		t.Errorf("readers saw %v, want %v or %v", seen, none, all)
	}
	t.Logf("%d lines in %v; %d acts meanwhile, the slowest %v; %d reads, the slowest %v", lines, took, acts, worst, reads, slowest)
	if worst > max(time.Second, took/10) { // 200 ms on a machine that does nothing else; a part of the load at most, on a slow one
		t.Errorf("an act waited %v", worst)
	}
	storetest.Verifies(t, s)
}
