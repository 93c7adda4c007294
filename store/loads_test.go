package store_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/storetest"
)

// kentFile is a small published file, with invented suppliers.
const kentFile = `Kent Police: payments over £500
Body Name,Date,Supplier Name,Transaction Number,Amount,Description,Category,Cost Centre,Reason for value for money
Kent Police,30/04/2012,Alder Vale Hosting Ltd (sample),1001,"£1,200.50",Custody hosting,Computer hosting,ICT Department,Framework price
Kent Police,02/05/2012,Alder Vale Hosting Limited (sample),1002,600.00,Custody hosting,Computer hosting,ICT Department,
Kent Police,03/05/2012,Redacted,1003,900.00,,Supplies,Custody,
Kent Police,04/05/2012,Brightmere Fuel Ltd (sample),1004,see note,Diesel,Vehicle fuel,Fleet,Tender
Kent Police,05/05/2012,Brightmere Fuel Ltd (sample),1005,(50.00),Diesel,Vehicle fuel,Fleet,Tender
,,,Total,2650.50,,,,
`

func takeIn(t testing.TB, s *db.Tx, by office.Viewer, req spend.LoadRequest, file string) spend.Load {
	t.Helper()
	if req.File == "" {
		req.File = "payments.csv"
	}
	trial, err := spend.Import(t.Context(), s, by, req, strings.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	return trial.Load
}

func TestAFileIsTakenInWithItsRowsAndItsTotal(t *testing.T) {
	s := storetest.Open(t)
	l := takeIn(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, kentFile)
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
		at, err := spend.ReadLine(t.Context(), s, office.Viewer{}, line.ID)
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
	if _, err := spend.Import(t.Context(), s, office.CommandLine, spend.LoadRequest{Body: "kent", File: "x.csv", AcceptRejected: true}, bytes.NewReader([]byte(kentFile)), int64(len(kentFile))); err == nil {
		t.Error("the same file was taken in twice")
	}
}
