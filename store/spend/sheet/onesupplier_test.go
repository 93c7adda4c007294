package sheet

import (
	"fmt"
	"testing"
)

// A file of one supplier is read: one name on every row is no department.
func TestAFileOfOneSupplierIsRead(t *testing.T) {
	for _, heading := range []string{"Supplier", "Payee", "Vendor Name", "Beneficiary"} {
		for _, name := range []string{"Vodafone (sample)", "BT (sample)", "J Smith (sample)", "O2", "3M"} {
			f := recognise(t, heading+",Department,Date,Amount\n"+lines(12, func(i int) string {
				return fmt.Sprintf("%s,Fleet,%d/06/2012,%d.25", name, 13+i, 500+i)
			}))
			if sum := taking(t, f).sum; !f.Sure() || sum.Lines != 12 {
				t.Errorf("%s, %s: %d lines, %q", heading, name, sum.Lines, f.Sheets[0].Doubts)
			}
		}
	}
	f := recognise(t, "Supplier,Date,Amount\n"+lines(12, func(i int) string { return fmt.Sprintf("CC100,%d/06/2012,%d.25", 13+i, 500+i) }))
	if f.Sure() {
		t.Error("one code on every row is not asked about")
	}
}
