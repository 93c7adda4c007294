package sheet

import (
	"strings"
	"testing"
)

func TestARegisterOfOrdersIsAskedAbout(t *testing.T) {
	for head, asked := range map[string]bool{
		"PO Number,Supplier,Order Date,Order Value": true, "Order No,Supplier,Date,Order Value": true, "Order No,Supplier,Date Ordered,Amount": true,
		"Reference,Supplier,PO Date,PO Amount": true, "PO Number,Supplier,Date,Amount": false, "PO Number,Supplier,Payment Date,Order Value": false,
	} {
		f := recognise(t, head+"\nP1,Tern Ltd (sample),13/06/2012,500.25\nP2,Knot Ltd (sample),14/06/2012,600.25\n")
		if got := strings.Contains(strings.Join(f.Sheets[0].Doubts, " "), "register of orders"); got != asked || f.Sure() == asked {
			t.Errorf("%q: asked %q", head, f.Sheets[0].Doubts)
		}
	}
}
