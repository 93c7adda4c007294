package sheet

import (
	"strings"
	"testing"
)

func TestThousandsWithPointsAreAskedAbout(t *testing.T) {
	head := "Supplier;Date;Amount\n"
	for data, asked := range map[string]bool{
		head + "Tern Ltd (sample);13/06/2012;1.005\nKnot Ltd (sample);14/06/2012;2.105\n":                               true,
		head + "Tern Ltd (sample);13/06/2012;1.005\nKnot Ltd (sample);14/06/2012;500\n":                                 true,
		head + "Tern Ltd (sample);13/06/2012;1.005\nKnot Ltd (sample);14/06/2012;500.25\n":                              false,
		head + "Tern Ltd (sample);13/06/2012;1005.5\nKnot Ltd (sample);14/06/2012;500.25\n":                             false,
		strings.ReplaceAll(head, ";", ",") + "Tern Ltd (sample),13/06/2012,1.005\nKnot Ltd (sample),14/06/2012,2.105\n": false,
	} {
		f := recognise(t, data)
		if said := strings.Join(f.Sheets[0].Doubts, " "); strings.Contains(said, "separate thousands") != asked {
			t.Errorf("%q: asked %q", data, said)
		}
	}
}

func TestADateIsNoSupplier(t *testing.T) {
	got := taking(t, recognise(t, "Supplier,Date,Amount\nTern Ltd (sample),13/06/2012,500.25\nKnot Ltd (sample),14/06/2012,600.25\n16/06/2012,Smew Ltd (sample),800.00\n2012-06-17,18/06/2012,900.00\n"))
	if got.sum.Lines != 2 || got.sum.Rejected != 2 || got.rows[2].Reason != whyDated {
		t.Errorf("%d lines, rejected %v", got.sum.Lines, got.sum.Rejections)
	}
}
