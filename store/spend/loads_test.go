package spend_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/storetest"
)

func TestAFileIsTakenInWithItsRowsAndItsTotal(t *testing.T) {
	s := storetest.Open(t)
	l := storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, storetest.KentFile)
	if l.Lines != 4 || l.Pence != 265050 || l.Rejected != 1 || l.Agrees == nil || !*l.Agrees || l.Status != spend.Published {
		t.Errorf("took in %+v", l)
	}
	sp, err := spend.Read(t.Context(), s, payments.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	if sp.Total != (spend.Sum{Lines: 4, Pence: 265050}) || sp.Payees[payments.Redacted].Pence != 90000 || !sp.Reconciles() {
		t.Errorf("spend is %+v", sp)
	}
	page, err := spend.Lines(t.Context(), s, payments.Filter{}, spend.Newest, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range page.Lines {
		at, err := report.ReadLine(t.Context(), s, office.Viewer{}, line.ID)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s %s %s %q %s rule %d: %q", line.Paid, line.Pence, line.Supplier, line.Identity.Slug, line.Class, line.Rule, at.Raw)
		if !strings.Contains(at.Raw, line.Transaction) {
			t.Errorf("line %d: the row of the file is %q", line.ID, at.Raw)
		}
	}
	v, err := store.Verify(t.Context(), s)
	if err != nil || !v.OK() {
		t.Errorf("verify: %v %v", v.Fault, err)
	}
	if _, err := spend.Import(t.Context(), s, office.CommandLine, spend.LoadRequest{Body: "kent", File: "x.csv", AcceptRejected: true}, bytes.NewReader([]byte(storetest.KentFile)), int64(len(storetest.KentFile))); err == nil {
		t.Error("the same file was taken in twice")
	}
}
