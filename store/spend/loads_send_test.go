package spend_test

import (
	"strings"
	"testing"

	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
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
