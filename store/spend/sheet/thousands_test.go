package sheet

import (
	"fmt"
	"testing"
)

// An amount that a comma between thousands has cut is put together, or its row
// is rejected: it is never the pounds before the comma.
func TestAmountsCutByACommaAreNeverReadInPart(t *testing.T) {
	rows := "Knot Ltd (sample),13/06/2012,500.25\nCoot Ltd (sample),15/06/2012,600.25\n"
	for name, c := range map[string]struct {
		data  string
		pence int64 // of the rows beside 500.25 and 600.25
		lines int
		why   string
	}{
		"at the end":         {"Supplier,Date,Amount\n" + rows + "Egret Ltd (sample),14/06/2012,1,623.95\n", 162395, 3, ""},
		"alone":              {"Supplier,Date,Amount\nKnot Ltd (sample),13/06/2012,1,100.50\nEgret Ltd (sample),14/06/2012,1,623.95\n", 162395, 2, ""},
		"with a sign":        {"Supplier,Date,Amount\n" + rows + "Egret Ltd (sample),14/06/2012,£1,623.95\n", 162395, 3, ""},
		"negative":           {"Supplier,Date,Amount\n" + rows + "Egret Ltd (sample),14/06/2012,-1,623.95\n", -162395, 3, ""},
		"in brackets":        {"Supplier,Date,Amount\n" + rows + "Egret Ltd (sample),14/06/2012,(1,623.95)\n", -162395, 3, ""},
		"millions":           {"Supplier,Date,Amount\n" + rows + "Egret Ltd (sample),14/06/2012,2,001,623.95\n", 200162395, 3, ""},
		"no pence":           {"Supplier,Date,Amount\n" + rows + "Egret Ltd (sample),14/06/2012,12,623\n", 1262300, 3, ""},
		"empty cells behind": {"Supplier,Date,Amount\n" + rows + "Egret Ltd (sample),14/06/2012,1,623.95,,\n", 162395, 3, ""},
		"in the middle":      {"Supplier,Amount,Date\nKnot Ltd (sample),500.25,13/06/2012\nCoot Ltd (sample),600.25,15/06/2012\nEgret Ltd (sample),1,623.95,14/06/2012\n", 162395, 3, ""},
		"with the VAT":       {"Supplier,Date,Amount,VAT\nKnot Ltd (sample),13/06/2012,500.25,1.00\nCoot Ltd (sample),15/06/2012,600.25,1.00\nEgret Ltd (sample),14/06/2012,1,623.95,324.79\n", 162395, 3, ""},
		"cut twice":          {"Supplier,Date,Amount,VAT\nKnot Ltd (sample),13/06/2012,500.25,1.00\nCoot Ltd (sample),15/06/2012,600.25,1.00\nEgret Ltd (sample),14/06/2012,10,623.95,2,324.79\n", 1062395, 3, ""},
		"not to be told":     {"Supplier,Date,Amount,VAT\nKnot Ltd (sample),13/06/2012,500.25,1.00\nCoot Ltd (sample),15/06/2012,600.25,1.00\nEgret Ltd (sample),14/06/2012,1,623,324\n", 0, 2, whySplit},
		"notes left out":     {"Supplier,Date,Amount,Notes\nKnot Ltd (sample),13/06/2012,500.25,\nCoot Ltd (sample),15/06/2012,600.25,\nEgret Ltd (sample),14/06/2012,1,623.95\n", 0, 2, whySplit},
		"empty notes":        {"Supplier,Date,Amount,Notes\nKnot Ltd (sample),13/06/2012,500.25,\nCoot Ltd (sample),15/06/2012,600.25,\nEgret Ltd (sample),14/06/2012,1,623.95,\n", 162395, 3, ""},
		"not cut":            {"Supplier,Date,Amount,Code\nKnot Ltd (sample),13/06/2012,500.25,100\nCoot Ltd (sample),15/06/2012,600.25,200\nEgret Ltd (sample),14/06/2012,1,623\n", 100, 3, ""},
	} {
		f := recognise(t, c.data)
		got := taking(t, f)
		want := c.pence + 110050
		if got.sum.Pence != want || got.sum.Lines != c.lines || got.sum.Undated > 0 || !f.Sure() {
			t.Errorf("%s: %d lines of %d, %v, %q", name, got.sum.Lines, got.sum.Pence, got.sum.Rejections, f.Sheets[0].Doubts)
		}
		if why := got.sum.Rejections; (len(why) > 0) != (c.why != "") || c.why != "" && why[0].Reason != c.why {
			t.Errorf("%s: rejected %v", name, why)
		}
	}
	all := "Supplier,Amount,Date,Purpose\n" + lines(20, func(i int) string { return fmt.Sprintf("%s,%d,%d.25,%d/06/2012,Hire", firm(i), 1+i, 500+i, 1+i) })
	if sum := taking(t, recognise(t, all)).sum; sum.Lines != 20 || sum.Pence != 22019500 {
		t.Errorf("every amount cut: %d lines of %d, %v", sum.Lines, sum.Pence, sum.Rejections)
	}
}
