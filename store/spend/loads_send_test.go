package spend_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/sheet"
	"github.com/police-ict/handover/store/storetest"
)

// TestNoDraftIsEverWithoutItsFile has the database refuse to keep a file, or to
// write its draft, and looks at what is left.
func TestNoDraftIsEverWithoutItsFile(t *testing.T) {
	k := storetest.NewRaw(t)
	if strings.HasPrefix(k.Database, "postgres") {
		t.Skip("the trigger of this test is SQLite’s")
	}
	s := storetest.At(t, k.Database, k.Key, storetest.AtNoon)
	officer := storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany)
	db := k.DB()
	defer db.Close()
	send := func() error {
		_, err := spend.Upload(t.Context(), s, officer, spend.LoadRequest{Body: "kent", File: "a.csv", AcceptRejected: true}, strings.NewReader(storetest.KentFile), int64(len(storetest.KentFile)))
		return err
	}
	left := func(table string) (n int) {
		if err := db.QueryRow(`SELECT COUNT(*) FROM ` + table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, table := range []string{"spend_files", "loads"} {
		if _, err := db.Exec(`CREATE TRIGGER refuses BEFORE INSERT ON ` + table + ` BEGIN SELECT RAISE(ABORT, 'refused by the test'); END`); err != nil {
			t.Fatal(err)
		}
		if err := send(); err == nil || !strings.Contains(err.Error(), "refused by the test") {
			t.Errorf("%s cannot be written, and sending a file says: %v", table, err)
		}
		if drafts, files := left("loads"), left("spend_files"); drafts != 0 || files != 0 {
			t.Errorf("%s cannot be written, and %d drafts and %d parts of a file are left", table, drafts, files)
		}
		if _, err := db.Exec(`DROP TRIGGER refuses`); err != nil {
			t.Fatal(err)
		}
	}
	if err := send(); err != nil {
		t.Error(err)
	}
	if drafts, files := left("loads"), left("spend_files"); drafts != 1 || files != 1 {
		t.Errorf("%d drafts and %d parts of a file are kept", drafts, files)
	}
}

// TestAFileSentAgainLeadsToItsDraft sends a file again: as it was, with more said
// of it, by somebody else, and twice at once.
func TestAFileSentAgainLeadsToItsDraft(t *testing.T) {
	t.Parallel()
	s, k := spendAt(t)
	officer, other := storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany), storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany)
	send := func(by office.Viewer, req spend.LoadRequest) int64 {
		t.Helper()
		if req.File = "odd.csv"; req.Body == "" {
			req.Body = "kent"
		}
		id, err := spend.Upload(t.Context(), s, by, req, strings.NewReader(oddFile), int64(len(oddFile)))
		if err != nil {
			t.Error(err)
		}
		return id
	}
	first := send(officer, spend.LoadRequest{})
	named := spend.Mappings{"": sheet.Mapping{sheet.DatePaid: 0, sheet.Supplier: 1, sheet.Amount: 3}}
	if err := spend.Correct(t.Context(), s, officer, first, spend.LoadRequest{Mappings: named}); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for _, by := range []office.Viewer{officer, other, officer} {
		all.Go(func() {
			if id := send(by, spend.LoadRequest{Source: "https://example.org/odd.csv"}); id != first {
				t.Errorf("the same file leads to draft %d, not %d", id, first)
			}
		})
	}
	all.Wait()
	l, err := spend.FindLoad(t.Context(), s, officer, first)
	if req := l.Request(); err != nil || l.Source != "https://example.org/odd.csv" || len(req.Mappings[""]) != 3 {
		t.Errorf("the draft says %q, with the columns %v: %v", l.Source, req.Mappings, err)
	}
	if id := send(officer, spend.LoadRequest{Body: "essex"}); id == first {
		t.Error("the file of another body leads to the same draft")
	}
	ids := make([]int64, 4)
	for i := range ids {
		all.Go(func() { ids[i] = send(officer, spend.LoadRequest{Body: "surrey"}) })
	}
	all.Wait()
	if ids[0] != ids[1] || ids[0] != ids[2] || ids[0] != ids[3] {
		t.Errorf("sent at once, it leads to %v", ids)
	}
	if n := rowsOf(k, "loads")["loads"]; n != 3 {
		t.Errorf("%d drafts", n)
	}
	storetest.Verifies(t, s)
}
