package storetest

import (
	"strings"
	"testing"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
)

// KentFile is a small published file, with invented suppliers.
const KentFile = `Kent Police: payments over £500
Body Name,Date,Supplier Name,Transaction Number,Amount,Description,Category,Cost Centre,Reason for value for money
Kent Police,30/04/2012,Alder Vale Hosting Ltd (sample),1001,"£1,200.50",Custody hosting,Computer hosting,ICT Department,Framework price
Kent Police,02/05/2012,Alder Vale Hosting Limited (sample),1002,600.00,Custody hosting,Computer hosting,ICT Department,
Kent Police,03/05/2012,Redacted,1003,900.00,,Supplies,Custody,
Kent Police,04/05/2012,Brightmere Fuel Ltd (sample),1004,see note,Diesel,Vehicle fuel,Fleet,Tender
Kent Police,05/05/2012,Brightmere Fuel Ltd (sample),1005,(50.00),Diesel,Vehicle fuel,Fleet,Tender
,,,Total,2650.50,,,,
`

// Load takes a published file in.
func Load(t testing.TB, s *db.Tx, by office.Viewer, req spend.LoadRequest, file string) spend.Load {
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

// EveryLine is every payment of the loads in force, read one by one.
func EveryLine(t *testing.T, s *db.Tx) (all []spend.Line) {
	t.Helper()
	for l, err := range spend.EachLine(t.Context(), s, payments.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	return all
}
