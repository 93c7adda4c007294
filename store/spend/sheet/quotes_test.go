package sheet

import (
	"strings"
	"testing"
)

func TestAStrayQuotationMarkThatAnotherRowClosesLosesNoRow(t *testing.T) {
	head := "Supplier,Payment Date,Description,Net Amount\n"
	plain := "Tern Ltd (sample),13/06/2012,Masts,100.25\nKnot Ltd (sample),14/06/2012,Masts,200.25\n"
	opens, closes := "Rail Ltd (sample),15/06/2012,\"4 masts,300.25\n", "Coot Ltd (sample),16/06/2012,rope 9\",400.25\n"
	for name, c := range map[string]struct {
		data            string
		lines, rejected int
		pence           int64
	}{
		"on the next row":               {head + plain + opens + closes + plain, 6, 0, 130150},
		"three rows below":              {head + plain + opens + plain + closes, 6, 0, 130150},
		"in the first rows":             {head + opens + closes + plain, 4, 0, 100100},
		"in the name":                   {head + plain + "\"Rail Ltd (sample),15/06/2012,Masts,300.25\nCoot Ltd 9\",16/06/2012,Masts,400.25\n", 4, 0, 100100},
		"with Windows line ends":        {strings.ReplaceAll(head+plain+opens+closes+plain, "\n", "\r\n"), 6, 0, 130150},
		"with semicolons":               {strings.ReplaceAll(head+plain+opens+closes+plain, ",", ";"), 6, 0, 130150},
		"beside a quoted amount":        {head + plain + strings.Replace(opens, "300.25", "\"1,300.25\"", 1) + closes, 3, 1, 70075},
		"twice":                         {head + opens + closes + plain + opens + closes, 6, 0, 170150},
		"around whole rows, unclosed":   {head + plain + opens + plain, 4, 1, 60100},
		"a cell of two lines":           {head + plain + "\"Rail Ltd\n(sample)\",15/06/2012,Masts,300.25\n", 3, 0, 60075},
		"a cell of two lines, a number": {head + plain + "Rail Ltd (sample),15/06/2012,\"Masts,\n12.00, painted\",300.25\n", 3, 0, 60075},
	} {
		t.Run(name, func(t *testing.T) {
			got := taking(t, recognise(t, c.data))
			if got.sum.Lines != c.lines || got.sum.Rejected != c.rejected || got.sum.Pence != c.pence {
				t.Errorf("%d lines of %d, rejected %v", got.sum.Lines, got.sum.Pence, got.sum.Rejections)
			}
			for _, r := range got.rows {
				if raw := c.data[r.Offset : r.Offset+int64(r.Length)]; raw != r.Raw {
					t.Errorf("record %d: at its offset stands %q, not %q", r.Record, raw, r.Raw)
				}
			}
		})
	}
}
