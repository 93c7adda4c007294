package store_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
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

func takeIn(t testing.TB, s *store.Store, by store.Viewer, req store.LoadRequest, file string) store.Load {
	t.Helper()
	if req.File == "" {
		req.File = "payments.csv"
	}
	trial, err := s.TakeIn(t.Context(), by, req, strings.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	return trial.Load
}

func TestAFileIsTakenInWithItsRowsAndItsTotal(t *testing.T) {
	s := storetest.Open(t)
	l := takeIn(t, s, store.CommandLine, store.LoadRequest{Body: "kent", AcceptRejected: true}, kentFile)
	if l.Lines != 4 || l.Pence != 265050 || l.Rejected != 1 || l.Agrees == nil || !*l.Agrees || l.Status != store.LoadStanding {
		t.Errorf("took in %+v", l)
	}
	sp, err := s.Spend(t.Context(), store.SpendFilter{})
	if err != nil {
		t.Fatal(err)
	}
	if sp.Total != (store.Sum{Lines: 4, Pence: 265050}) || sp.Payees[store.Redacted].Pence != 90000 || !sp.Reconciles() {
		t.Errorf("spend is %+v", sp)
	}
	page, err := s.Lines(t.Context(), store.SpendFilter{}, store.Newest, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range page.Lines {
		at, err := s.LineOf(t.Context(), store.Viewer{}, line.ID)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s %s %s %q %s rule %d: %q", line.Paid, line.Pence, line.Supplier, line.Identity.Slug, line.Class, line.Rule, at.Raw)
		if !strings.Contains(at.Raw, line.Transaction) {
			t.Errorf("line %d: the row of the file is %q", line.ID, at.Raw)
		}
	}
	v, err := s.Verify(t.Context())
	if err != nil || !v.OK() {
		t.Errorf("verify: %v %v", v.Fault, err)
	}
	if _, err := s.TakeIn(t.Context(), store.CommandLine, store.LoadRequest{Body: "kent", File: "x.csv", AcceptRejected: true}, bytes.NewReader([]byte(kentFile)), int64(len(kentFile))); err == nil {
		t.Error("the same file was taken in twice")
	}
}
