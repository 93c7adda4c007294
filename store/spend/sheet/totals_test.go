package sheet

import (
	"strings"
	"testing"
)

func TestATotalIsToldByItsMeaning(t *testing.T) {
	head := "Supplier,Payment Date,Description,Ref,Net Amount\n"
	a := "Tern Ltd (sample),13/06/2012,Masts,A1,100.25\n"
	b := "Knot Ltd (sample),14/06/2012,Masts,A2,200.25\n"
	c := "Rail Ltd (sample),15/06/2012,Masts,A3,300.25\n"
	abc, three := head+a+b+c, int64(60075)
	for name, one := range map[string]struct {
		data          string
		lines, totals int
		pence, stated int64 // stated is 0 for none
	}{
		"Sum: before the amount":             {abc + ",,,Sum:,600.75\n", 3, 1, three, three},
		"Sum in the first column":            {abc + "Sum,,,,600.75\n", 3, 1, three, three},
		"a sum that does not agree":          {abc + ",,Sum,,600.74\n", 3, 1, three, 60074},
		"any label":                          {abc + ",,Spend in the month,,600.75\n", 3, 1, three, three},
		"any label in the place of a name":   {abc + "June 2012,,,,600.75\n", 3, 1, three, three},
		"a foreign label":                    {abc + ",,,Summe,600.75\n", 3, 1, three, three},
		"no label":                           {abc + ",,,,600.75\n", 3, 1, three, three},
		"parts without a label":              {head + a + b + ",,,,300.50\n" + c + a + ",,,,400.50\n,,,,701.00\n", 4, 3, 70100, 70100},
		"a part of one row, after another":   {head + a + b + ",,,,300.50\n" + c + ",,,,300.25\n", 3, 2, three, 0},
		"a part for each supplier, named":    {head + a + a + "Tern Ltd (sample),,,,200.50\n" + b + b + "Knot Ltd (sample) Sum,,,,400.50\n", 4, 2, 60100, 0},
		"carried and brought forward":        {abc + ",,Carried forward,,600.75\n,,Brought forward,,600.75\n" + a, 4, 2, 70100, 0},
		"above the rows":                     {head + ",,,,600.75\n" + a + b + c, 3, 1, three, three},
		"above the rows, with a label":       {head + ",,Whole spend,,600.75\n" + a + b + c, 3, 1, three, three},
		"below zero":                         {head + strings.Replace(a, "100.25", "-900.25", 1) + b + ",,,,-700.00\n", 2, 1, -70000, -70000},
		"a payment that is the sum":          {abc + "Coot Ltd (sample),16/06/2012,Masts,A4,600.75\n", 4, 0, 120150, 0},
		"an undated payment that is the sum": {abc + "Coot Ltd (sample),,Masts,A4,600.75\n", 4, 0, 120150, 0},
		"an undated firm that is the sum":    {abc + "Coot Ltd (sample),,Masts,,600.75\n", 4, 0, 120150, 0},
		"a nameless payment with its date":   {head + a + b + ",14/06/2012,Masts,A3,300.50\n", 3, 0, 60100, 0},
		"an amount alone after one row":      {head + a + ",,,,100.25\n", 1, 1, 10025, 10025},
		"another amount alone":               {head + a + ",,,,100.26\n", 2, 0, 20051, 0},
		"a nameless payment after one row":   {head + a + ",,Masts,,100.25\n", 2, 0, 20050, 0},
		"nameless and undated, with its own": {head + a + b + ",,Masts,A3,300.50\n", 3, 0, 60100, 0},
		"names are often blank":              {head + a + strings.Replace(b, "Knot Ltd (sample)", "", 1) + ",15/06/2012,Masts,,300.50\n", 3, 0, 60100, 0},
		"the same twice":                     {head + a + a, 2, 0, 20050, 0},
		"nothing is no sum":                  {head + a + strings.Replace(a, "100", "-100", 1) + strings.Replace(a, "100.25", "0", 1), 3, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if strings.Contains(name, "below zero") {
				one.pence, one.stated = -70000, -70000
			}
			sum := taking(t, recognise(t, one.data)).sum
			if sum.Lines != one.lines || sum.Totals != one.totals || sum.Pence != one.pence || sum.Rejected > 0 {
				t.Errorf("%d lines of %d, %d totals, rejected %v", sum.Lines, sum.Pence, sum.Totals, sum.Rejections)
			}
			if one.stated != 0 && (sum.Stated == nil || *sum.Stated != one.stated || *sum.Agrees != (one.stated == one.pence)) {
				t.Errorf("states %v", sum.Stated)
			}
		})
	}
}

func TestATotalIsToldInATableWithoutDates(t *testing.T) {
	data := "Supplier,Amount\nTern Ltd (sample),100.25\nKnot Ltd (sample),200.25\n"
	for row, totals := range map[string]int{",300.50\n": 1, "Sum,300.50\n": 1, "Coot (sample),300.50\n": 0} {
		if sum := taking(t, recognise(t, data+row)).sum; sum.Totals != totals {
			t.Errorf("%q: %d totals, %d lines", row, sum.Totals, sum.Lines)
		}
	}
}

func TestATotalWithADateIsLeftOut(t *testing.T) {
	narrow := "Supplier,Date,Amount\nAvocet Ltd (sample),13/06/2012,500.00\nSmew Ltd (sample),14/06/2012,610.00\n"
	wide := "Body Name,Payment Date,Category,Supplier,Ref,Amount\nMarsh (sample),13/06/2012,IT,Avocet Ltd (sample),A1,500.00\nMarsh (sample),14/06/2012,IT,Smew Ltd (sample),A2,610.00\n"
	for row, totals := range map[string]int{
		"Total,30/06/2012,1110.00": 1, "Grand Total,30/06/2012,1110.00": 1, "Sum,30/06/2012,1110.00": 1, "TOTAL:,30/06/2012,1110.00": 1,
		"Total for June 2012,30/06/2012,1110.00": 1, "Total June 2012,30/06/2012,1110.00": 1, "June Total,30/06/2012,1110.00": 1,
		"Smew Ltd (sample) Total,14/06/2012,610.00":                                                                          1,
		"Total Gas & Power Ltd (sample),30/06/2012,700.00":                                                                   0,
		"Total Gas & Power Ltd (sample),30/06/2012,1110.00":                                                                  0,
		"Total,30/06/2012,1110.00\nTeal Ltd (sample),30/06/2012,5.00\nTotal,30/06/2012,5.00\nGrand Total,30/06/2012,1115.00": 3,
	} {
		if sum := taking(t, recognise(t, narrow+row+"\n")).sum; sum.Totals != totals || totals > 0 && (sum.Agrees == nil || !*sum.Agrees && totals != 1) {
			t.Errorf("%q: %d totals, %d lines", row, sum.Totals, sum.Lines)
		}
	}
	for row, totals := range map[string]int{
		",30/06/2012,,Total,,1110.00": 1, "Marsh (sample),30/06/2012,,Total,,1110.00": 1, "Total,30/06/2012,,,,1110.00": 1, ",30/06/2012,Grand total,,,1110.00": 1,
		"Marsh (sample),30/06/2012,IT,Total,A3,1110.00": 0, "Marsh (sample),30/06/2012,IT,Total Gas & Power Ltd (sample),A3,1110.00": 0,
		"Marsh (sample),30/06/2012,IT,Total Gas & Power Ltd (sample),,1110.00": 0,
	} {
		if sum := taking(t, recognise(t, wide+row+"\n")).sum; sum.Totals != totals {
			t.Errorf("%q: %d totals, %d lines", row, sum.Totals, sum.Lines)
		}
	}
	parts := "Supplier,Date,Amount\nAvocet Ltd (sample),13/06/2012,5.00\nAvocet Ltd (sample),14/06/2012,6.00\nAvocet Ltd (sample) Total,14/06/2012,11.00\nSmew Ltd (sample),14/06/2012,7.00\nSmew Ltd (sample) Total,14/06/2012,7.00\nTotal,30/06/2012,18.00\n"
	if sum := taking(t, recognise(t, parts)).sum; sum.Lines != 3 || sum.Pence != 1800 || sum.Totals != 3 || !*sum.Agrees {
		t.Errorf("%+v", sum)
	}
}
