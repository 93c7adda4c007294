package sheet

import (
	"maps"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/civil"
)

// A payment on one day of every month looks like an American file of one month:
// nothing in the column tells them apart.
func TestPaymentsOnOneDayOfEveryMonthAreAskedAbout(t *testing.T) {
	june, may := civil.Period{Month: civil.MonthOf(2012, 6)}, civil.Period{Month: civil.MonthOf(2012, 5)}
	none := civil.Period{}
	iso, worded := each("2012-%02d-06", 1, 12), strings.Fields("06-Jan-12 06-Feb-12 06-Mar-12 06-Apr-12 06-May-12 06-Jun-12 06-Jul-12 06-Aug-12 06-Sep-12 06-Oct-12 06-Nov-12 06-Dec-12")
	for name, c := range map[string]struct {
		dates  []string
		period civil.Period
		months map[string]int // nil where a person is asked
	}{
		"the fifth of three months":          {[]string{"05/04/2012", "05/05/2012", "05/06/2012"}, none, nil},
		"the fifth of every month":           {each("05/%02d/2012", 1, 12), none, nil},
		"the fifth, and a day in words":      {append(each("05/%02d/2012", 3, 7), "14 May 2012"), none, nil},
		"the fifth, the file is for May":     {each("05/%02d/2012", 4, 6), may, map[string]int{"2012-05": 3}},
		"three of which none is in June":     {[]string{"02/05/2012", "03/05/2012", "04/05/2012"}, june, nil},
		"the fifth, and a slip":              {append(each("05/%02d/2012", 1, 12), "06/25/2012"), none, nil},
		"the fifth, proven":                  {append(each("05/%02d/2012", 4, 6), "28/06/2012"), none, map[string]int{"2012-04": 1, "2012-05": 1, "2012-06": 2}},
		"words of a year beside texts":       {append(worded, each("%d/06/2012", 13, 20)...), none, nil},
		"year first beside days of June":     {append(iso, each("2012-06-%d", 13, 20)...), none, nil},
		"words of a year beside June":        {append(worded, "13-Jun-12", "14-Jun-12"), none, nil},
		"words of a year":                    {append(worded, "13-Jan-12", "14-Mar-12", "20-Jun-12", "21-Sep-12"), none, map[string]int{"2012-01": 2, "2012-02": 1, "2012-03": 2, "2012-04": 1, "2012-05": 1, "2012-06": 2, "2012-07": 1, "2012-08": 1, "2012-09": 2, "2012-10": 1, "2012-11": 1, "2012-12": 1}},
		"year first all over a year":         {append(each("2012-%02d-06", 1, 5), each("2012-%02d-20", 1, 5)...), none, map[string]int{"2012-01": 2, "2012-02": 2, "2012-03": 2, "2012-04": 2, "2012-05": 2}},
		"year first, turned out of the file": {each("2012-%02d-06", 1, 5), june, nil},
	} {
		f := recognise(t, paidOn(c.dates...))
		if err := f.Understand(Options{Period: c.period}); err != nil {
			t.Fatal(err)
		}
		if f.Sure() != (c.months != nil) || f.Sheets[0].AsksOrder() != (c.months == nil) {
			t.Errorf("%s: sure %v, %v, %q", name, f.Sure(), f.Sheets[0].Doubts, f.Sheets[0].Notices)
		} else if got := monthsOf(t, f); c.months != nil && !maps.Equal(got, c.months) {
			t.Errorf("%s: %v", name, got)
		}
	}
	for _, all := range [][]string{append(worded, each("%d/06/2012", 13, 20)...), append(iso, each("2012-06-%d", 13, 20)...)} {
		for said, want := range map[Order]int{DayFirst: 20, MonthFirst: 9} {
			if all[12] == "13/06/2012" && said == MonthFirst {
				continue // the texts allow no such order
			}
			f := recognise(t, paidOn(all...))
			if err := f.Understand(Options{Dates: said}); err != nil {
				t.Fatal(err)
			}
			if got := monthsOf(t, f); got["2012-06"] != want || !f.Sure() {
				t.Errorf("said %s: %v, %q", said, got, f.Sheets[0].Doubts)
			}
		}
	}
}
