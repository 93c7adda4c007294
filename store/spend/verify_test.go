package spend_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/storetest"
)

// keepSpend is a closed database with one standing load of four lines and a
// rejected row, and a supplier merged into another.
func keepSpend(t *testing.T) storetest.Raw {
	t.Helper()
	return storetest.Once(t, "spend", func(k storetest.Raw) {
		s := storetest.At(t, k.Database, k.Key, storetest.AtNoon)
		storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, storetest.KentFile)
		if _, err := spend.ChangeSupplier(t.Context(), s, office.CommandLine, spend.SupplierChange{Kind: spend.SupplierRenamed, Slug: storetest.EveryLine(t, s)[0].Identity.Slug,
			Name: "Another Name (sample)", From: "2012-01-01", Reason: "A test"}); err != nil {
			t.Fatal(err)
		}
		if err := spend.Keep(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// alter changes the bytes that one query finds, and returns what they were.
func alter(k storetest.Raw, table, column, where string, change func([]byte) []byte) (was []byte) {
	k.T.Helper()
	db := k.DB()
	defer db.Close()
	if err := db.QueryRow(`SELECT ` + column + ` FROM ` + table + ` WHERE ` + where).Scan(&was); err != nil {
		k.T.Fatal(err)
	}
	put(k, table, column, where, change(append([]byte(nil), was...)))
	return was
}

func put(k storetest.Raw, table, column, where string, value []byte) {
	k.T.Helper()
	db := k.DB()
	defer db.Close()
	if _, err := db.Exec(`UPDATE `+table+` SET `+column+` = $1 WHERE `+where, value); err != nil {
		k.T.Fatal(err)
	}
}

// flip changes one bit of one byte, counted from the end where at is negative.
func flip(at int, bit byte) func([]byte) []byte {
	return func(b []byte) []byte {
		if at < 0 {
			at += len(b)
		}
		b[at] ^= bit
		return b
	}
}

func cut(b []byte) []byte { return b[:len(b)-1] }

const (
	aBlock = `first = (SELECT MIN(first) FROM spend_blocks)`
	aCell  = `load = 1 AND part = 0`
	aPart  = `part = 0`
	aRun   = `first = (SELECT MAX(first) FROM %)`
)

func run(table string) string { return strings.ReplaceAll(aRun, "%", table) }

// What one byte changed by hand does, and what Verify says of it.
func TestVerifyFindsAChangedByteOfSpend(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		table, column, where string
		change               func([]byte) []byte
		want                 string
	}{
		"the amount of a line":            {"spend_blocks", "hot", aBlock, flip(-1, 1), "the lines of load 1 come to"},
		"the reason of a line":            {"spend_blocks", "cold", aBlock, flip(-1, 1), "a row of load 1 was changed"},
		"where a line stands in the file": {"spend_blocks", "cold", aBlock, flip(2, 2), "a row of load 1 was changed"},
		"a block cut short":               {"spend_blocks", "hot", aBlock, cut, "the lines of load 1 cannot be read"},
		"the rest of a block cut short":   {"spend_blocks", "cold", aBlock, cut, "the lines of load 1 cannot be read"},
		"how many lines a cell holds":     {"spend_cells", "data", aCell, flip(4, 2), "the roll-ups of load 1"},
		"how much a cell holds":           {"spend_cells", "data", aCell, flip(5, 2), "the roll-ups of load 1"},
		"the roll-ups cut short":          {"spend_cells", "data", aCell, cut, "the roll-ups of load 1"},
		"the class of a kept total":       {"spend_totals", "data", `load = 1`, flip(3, 3), "the totals kept of load 1"},
		"how much a kept total holds":     {"spend_totals", "data", `load = 1`, flip(-1, 1), "the totals kept of load 1"},
		"the kept totals cut short":       {"spend_totals", "data", `load = 1`, cut, "the totals kept of load 1"},
		"a byte of the kept file":         {"spend_files", "data", aPart, flip(60, 4), "the file of load 1"},
		"the kept file cut short":         {"spend_files", "data", aPart, cut, "the file of load 1"},
		"a published word":                {"spend_texts", "data", run("spend_texts"), flip(-1, 1), "a row of load 1 was changed"},
		"the words cut short":             {"spend_texts", "data", run("spend_texts"), cut, "the words of the published files"},
		"a published combination":         {"spend_combos", "data", run("spend_combos"), flip(-2, 1), "a row of load 1 was changed"},
		"the combinations cut short":      {"spend_combos", "data", run("spend_combos"), cut, "the words of the published files"},
	} {
		t.Run(name, func(t *testing.T) {
			k := keepSpend(t)
			was := alter(k, c.table, c.column, c.where, c.change)
			if got := k.Fault(); !strings.Contains(strings.Replace(got, "the kept file of load", "the file of load", 1), c.want) {
				t.Errorf("verify says %q, want %q", got, c.want)
			}
			put(k, c.table, c.column, c.where, was)
			if got := k.Fault(); got != "" {
				t.Errorf("once it is as it was, verify says %q", got)
			}
		})
	}
}

func TestVerifyFindsAChangedRowOfSpend(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ change, want string }{
		"a block gone":                 {`DELETE FROM spend_blocks`, "the lines of load 1 come to 0"},
		"the roll-ups gone":            {`DELETE FROM spend_cells`, "the roll-ups of load 1"},
		"the kept file gone":           {`DELETE FROM spend_files`, "the kept file of load 1"},
		"a rejected row gone":          {`DELETE FROM spend_rejected`, "a row of load 1 was changed"},
		"why a row was rejected":       {`UPDATE spend_rejected SET reason = 'It was not wanted.'`, "a row of load 1 was changed"},
		"where a rejected row stands":  {`UPDATE spend_rejected SET start = start + 1`, "a row of load 1 was changed"},
		"the words gone":               {`DELETE FROM spend_texts`, "changed beside the record"},
		"the combinations gone":        {`DELETE FROM spend_combos`, "a row of load 1 was changed"},
		"the words of a load":          {`UPDATE loads SET load = REPLACE(load, 'payments.csv', 'other.csv')`, "load/1 differs from entry "},
		"the status of a load":         {`UPDATE loads SET status = 'withdrawn'`, "load/1 differs from entry "},
		"the sum of a load":            {`UPDATE loads SET load = REPLACE(load, '"pence":265050', '"pence":265051')`, "load/1 differs from entry "},
		"the body it is listed under":  {`UPDATE loads SET body = 'essex'`, "load/1 differs from entry "},
		"the hash it is found by":      {`UPDATE loads SET hash = 'x'`, "load/1 differs from entry "},
		"a load gone":                  {`DELETE FROM loads`, "load/1 is missing"},
		"a load added":                 {`INSERT INTO loads SELECT 9, body, status, hash, first_line, lines, done, person, made_at, leased_to, checked_at, differs, moved, n, load, preview FROM loads`, "load/9 is in the database but not in the record"},
		"a rule":                       {`UPDATE spend_rules SET rule = REPLACE(rule, '"class":"yes"', '"class":"no"') WHERE id = (SELECT MAX(id) FROM spend_rules WHERE rule LIKE '%"class":"yes"%')`, "differs from entry "},
		"a rule gone":                  {`DELETE FROM spend_rules WHERE id = 7`, "rule/7 is missing"},
		"a rule added":                 {`INSERT INTO spend_rules (id, rule) SELECT 9999, rule FROM spend_rules WHERE id = 7`, "rule/9999 is in the database but not in the record"},
		"a supplier’s new name":        {`UPDATE supplier_changes SET change = REPLACE(change, 'Another Name', 'A Friend')`, "supplier-change/1 differs from entry "},
		"a rename gone":                {`DELETE FROM supplier_changes`, "supplier-change/1 is missing"},
		"a supplier under another key": {`UPDATE suppliers SET key = 'n:somebody else' WHERE id = 1`, "supplier"},
		"a supplier’s name":            {`UPDATE suppliers SET name = 'Somebody Else Ltd' WHERE id = 1`, "supplier"},
		"a supplier’s address":         {`UPDATE suppliers SET slug = 'somebody-else' WHERE id = 1`, "supplier"},
		"a supplier gone":              {`DELETE FROM suppliers WHERE id = 1`, "supplier"},
	} {
		t.Run(name, func(t *testing.T) {
			k := keepSpend(t)
			k.Run(c.change)
			if got := k.Fault(); !strings.Contains(got, c.want) {
				t.Errorf("verify says %q, want %q", got, c.want)
			}
		})
	}
}

// What is withheld stands aside, and Verify holds it to the load all the same.
func TestVerifyFindsWhatWasChangedOfAWithheldLine(t *testing.T) {
	for name, change := range map[string]string{
		"its words gone":           `DELETE FROM spend_withheld`,
		"what stood beside it":     `UPDATE spend_withheld SET rest = 'x'`,
		"what it was published as": `UPDATE spend_withheld SET was = 1`,
		"why it is withheld":       `UPDATE spend_withheld SET state = REPLACE(state, 'a person', 'a friend')`,
		"how much it is":           `UPDATE spend_withheld SET pence = pence + 1`,
		"when it was":              `UPDATE spend_withheld SET paid = paid + 1`,
		"what stands in its place": `UPDATE spend_withheld SET combo = 1`,
	} {
		t.Run(name, func(t *testing.T) {
			k := keepSpend(t)
			s := storetest.At(t, k.Database, k.Key, storetest.AtNoon)
			if err := spend.WithholdLine(t.Context(), s, office.CommandLine, storetest.EveryLine(t, s)[0].ID, "It names a person"); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if got := k.Fault(); got != "" {
				t.Fatalf("at first, verify says %q", got)
			}
			k.Run(change)
			if k.Fault() == "" {
				t.Error("verify finds nothing")
			}
		})
	}
}

func TestVerifyHoldsAfterEveryActOfSpend(t *testing.T) {
	files := messyFiles(20, 3, 40)
	s, loads := spendOf(t, files, inTurn(len(files)))
	ctx, by, officer := t.Context(), office.CommandLine, storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany)
	line := storetest.EveryLine(t, s)[0]
	suppliers, err := spend.SuppliersLike(ctx, s, "", 2)
	if err != nil || len(suppliers) < 2 {
		t.Fatal(suppliers, err)
	}
	for _, act := range []struct {
		name string
		do   func() error
	}{
		{"a line is withheld", func() error { return spend.WithholdLine(ctx, s, by, line.ID, "It names a person") }},
		{"its load is withheld", func() error { return spend.WithholdLoad(ctx, s, by, line.Load, false, "It names people") }},
		{"the line is shown", func() error { return spend.LiftLine(ctx, s, by, line.ID, "It names none") }},
		{"the line is withheld again", func() error { return spend.WithholdLine(ctx, s, by, line.ID, "It does") }},
		{"the load is shown", func() error { return spend.WithholdLoad(ctx, s, by, line.Load, true, "It names none") }},
		{"a supplier is merged", func() error {
			_, err := spend.ChangeSupplier(ctx, s, by, spend.SupplierChange{Kind: spend.SupplierMerged, Slug: suppliers[0].Slug, IntoSlug: suppliers[1].Slug, From: "2012-01-01", Reason: "One firm"})
			return err
		}},
		{"the merge is undone", func() error { return spend.UndoSupplierChange(ctx, s, by, 1, "Two firms") }},
		{"a load is replaced", func() error {
			req := files[1].req
			req.Replaces, req.Reason = loads[1].ID, "A better file"
			_, err := spend.Import(ctx, s, by, req, strings.NewReader(files[1].text+"\n"), int64(len(files[1].text)+1))
			return err
		}},
		{"a load is withdrawn", func() error { return spend.Act(ctx, s, officer, loads[2].ID, spend.ActWithdraw, "It was wrong") }},
		{"a withdrawn load is withheld", func() error { return spend.WithholdLoad(ctx, s, by, loads[2].ID, false, "It names people") }},
		{"the sums are checked", func() error { _, err := spend.CheckNext(ctx, s, 0); return err }},
	} {
		if err := act.do(); err != nil {
			t.Fatal(act.name, err)
		}
		for _, kept := range []string{"not yet", "anew"} {
			if v, err := store.Verify(ctx, s); err != nil || !v.OK() {
				t.Fatalf("%s, totals kept %s: %v %s", act.name, kept, err, v.Fault)
			}
			if err := spend.Keep(ctx, s); err != nil {
				t.Fatal(act.name, err)
			}
		}
	}
}

// A load whose roll-ups were changed is marked, shows in no total, and is good
// again once it was put right and checked.
func TestALoadThatDiffersIsMarkedAndMended(t *testing.T) {
	k := keepSpend(t)
	was := alter(k, "spend_cells", "data", aCell, flip(5, 2))
	s := storetest.At(t, k.Database, k.Key, storetest.AtNoon)
	says := func(when string, differs int, reconciles bool) {
		t.Helper()
		check, err := spend.CheckNext(t.Context(), s, 0)
		if err != nil || check.Loads != 1 || len(check.Differs) != differs {
			t.Errorf("%s: checked %+v, %v", when, check, err)
		}
		sp, err := spend.Read(t.Context(), s, payments.Filter{})
		if err != nil || sp.Reconciles() != reconciles || len(sp.Bad) != differs {
			t.Errorf("%s: reconciles %v, %d bad loads, %v", when, sp.Reconciles(), len(sp.Bad), err)
		}
	}
	says("changed", 1, false)
	says("still", 1, false)
	put(k, "spend_cells", "data", aCell, was)
	says("mended", 0, true)
	says("still good", 0, true)
	storetest.Verifies(t, s)
	all, err := record.Events(t.Context(), s, record.EventFilter{Subject: "load/1"}, 10)
	if err != nil || len(all) != 3 || all[0].Act != "load.agree" || all[1].Act != "load.differ" {
		t.Errorf("the record tells of %d events of the load, %v", len(all), err)
	}
}

// The rows of a workbook are kept as text, to be pointed at, and held too.
func TestVerifyFindsAChangedRowOfAWorkbook(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range [][]any{{"Payment Date", "Supplier Name", "Amount"}, {"01/05/2012", "Alder Vale Hosting Ltd (sample)", 700.1}, {"02/05/2012", "Brightmere Fuel Ltd (sample)", 800.2}} {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	book, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range []string{"", `UPDATE spend_files SET data = (SELECT data FROM spend_files WHERE hash NOT LIKE 'rows of%') WHERE hash LIKE 'rows of%'`,
		`DELETE FROM spend_files WHERE hash LIKE 'rows of%'`} {
		k := storetest.NewRaw(t)
		s := storetest.At(t, k.Database, k.Key, storetest.AtNoon)
		storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", File: "a.xlsx"}, book.String())
		if at, err := report.ReadLine(t.Context(), s, office.Viewer{}, 2); err != nil || !strings.Contains(at.Raw, "Brightmere") {
			t.Errorf("the row of line 2 is %q, %v", at.Raw, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if change == "" {
			if got := k.Fault(); got != "" {
				t.Errorf("at first, verify says %q", got)
			}
			continue
		}
		k.Run(change)
		if got := k.Fault(); !strings.Contains(got, "a row of load 1 was changed") {
			t.Errorf("%s: verify says %q", change, got)
		}
	}
}
