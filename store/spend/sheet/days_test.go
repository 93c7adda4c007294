package sheet

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/book/booktest"
	"github.com/police-ict/handover/store/civil"
)

// paidOn is a file of one payment a date, each to another supplier.
func paidOn(dates ...string) string {
	var b strings.Builder
	b.WriteString("Supplier,Payment Date,Description,Net Amount\n")
	for i, d := range dates {
		fmt.Fprintf(&b, "Tern %s Ltd (sample),%s,Masts,%d.25\n", ColumnName(i), d, 500+7*i)
	}
	return b.String()
}

// each writes a date for each number from one to another.
func each(format string, from, to int) (all []string) {
	for i := from; i <= to; i++ {
		all = append(all, fmt.Sprintf(format, i))
	}
	return all
}

// monthsOf are the lines of each month.
func monthsOf(t testing.TB, f *File) (all map[string]int) {
	t.Helper()
	all = map[string]int{}
	for _, r := range taking(t, f).rows {
		if r.Kind == Line {
			all[r.Date.String()[:min(7, len(r.Date.String()))]]++
		}
	}
	return all
}

func TestDatesAreReadByTheirColumn(t *testing.T) {
	june := func(n int) map[string]int { return map[string]int{"2012-06": n} }
	for name, c := range map[string]struct {
		data, file string
		months     map[string]int // nil where a person is asked
	}{
		"day first, proven":                    {paidOn(each("%d/06/2012", 3, 20)...), "a.csv", june(18)},
		"month first, proven":                  {paidOn(each("6/%d/2012", 3, 20)...), "a.csv", june(18)},
		"month first, two figures of the year": {paidOn(each("06/%02d/12", 1, 28)...), "a.csv", june(28)},
		"month first, points":                  {paidOn(each("06.%02d.2012", 5, 25)...), "a.csv", june(21)},
		"month first, with a time":             {paidOn(each("6/%d/2012 0:00", 1, 15)...), "a.csv", june(15)},
		"month first in one word":              {paidOn(each("06%02d2012", 1, 15)...), "a.csv", june(15)},
		"month first over two months":          {paidOn(append(each("5/%d/2012", 20, 31), each("6/%d/2012", 1, 5)...)...), "a.csv", map[string]int{"2012-05": 12, "2012-06": 5}},
		"one date":                             {paidOn("8/6/2012"), "a.csv", nil},
		"one date, as is usual here":           {paidOn("08/06/2012"), "a.csv", june(1)},
		"one date, many payments":              {paidOn("8/6/2012", "8/6/2012", "8/6/2012"), "a.csv", nil},
		"one date whose figures are the same":  {paidOn("06/06/2012"), "a.csv", june(1)},
		"one date, the file says its month":    {paidOn("08/06/2012"), "Spend-Jun-2012.csv", june(1)},
		"one American date, the file says so":  {paidOn("06/08/2012"), "spend_2012_06.csv", june(1)},
		"one date, a file of another month":    {paidOn("8/6/2012"), "spend-2012-03.csv", nil},
		"the title says its month":             {"Payments made in June 2012,,,\n" + paidOn("08/06/2012"), "a.csv", june(1)},
		"gathered in one month":                {paidOn(each("%02d/06/2012", 1, 5)...), "a.csv", june(5)},
		"gathered in one month, American":      {paidOn(each("06/%02d/2012", 1, 5)...), "a.csv", nil},
		"the first of each month":              {paidOn("01/04/2012", "01/05/2012", "01/06/2012"), "a.csv", nil},
		"months under such a heading":          {strings.Replace(paidOn("01/04/2012", "01/05/2012", "01/06/2012"), "Payment Date", "Payment Month", 1), "a.csv", map[string]int{"2012-04": 1, "2012-05": 1, "2012-06": 1}},
		"two forms, both proven":               {paidOn(append(each("%d/06/2012", 1, 20), each("6/%d/2012", 1, 20)...)...), "a.csv", nil},
		"two forms, the second unproven":       {paidOn(append(each("%d/06/2012", 13, 20), each("06/%02d/2012", 1, 5)...)...), "a.csv", nil},
		"two forms, the first unproven":        {paidOn(append(each("06/%02d/2012", 1, 5), each("%d/06/2012", 13, 20)...)...), "a.csv", nil},
		"two forms, American in the main":      {paidOn(append(each("6/%d/2012", 13, 28), each("%d/6/2012", 1, 5)...)...), "a.csv", nil},
		"half converted, American texts":       {paidOn(append(each("2012-%02d-06", 1, 5), each("6/%d/2012", 13, 20)...)...), "a.csv", june(13)},
		"half converted, British texts":        {paidOn(append(each("2012-%02d-06T00:00:00", 1, 5), each("%d/06/2012", 13, 20)...)...), "a.csv", june(13)},
		"half converted, counted days":         {paidOn(append([]string{"40914", "40945", "40974.0"}, each("%d/06/2012", 13, 20)...)...), "a.csv", june(11)},
		"half converted in a doubtful way":     {paidOn(append(each("2012-%02d-03", 7, 11), "13/06/2012", "14/06/2012")...), "a.csv", nil},
		"counted days among texts":             {paidOn(append(each("%02d/06/2012", 1, 20), "41062", "41084")...), "a.csv", june(22)},
		"ISO days of a year":                   {paidOn("2012-01-06", "2012-02-06", "2012-03-07", "2012-12-11"), "a.csv", map[string]int{"2012-01": 1, "2012-02": 1, "2012-03": 1, "2012-12": 1}},
		"a late invoice among many":            {paidOn(append(each("%02d/06/2012", 1, 30), "06/02/2012")...), "a.csv", map[string]int{"2012-06": 30, "2012-02": 1}},
		"a slip of the keyboard":               {paidOn(append(each("%02d/06/2012", 1, 30), "06/25/2012")...), "a.csv", map[string]int{"2012-06": 30, "": 1}},
		"counted with a time":                  {paidOn("41000.0416666667", "41028.5", "41227.0", "41300.25"), "a.csv", map[string]int{"2012-04": 2, "2012-11": 1, "2013-01": 1}},
	} {
		t.Run(name, func(t *testing.T) {
			f := recognise(t, c.data)
			f.Name = c.file
			if err := f.Understand(Options{}); err != nil {
				t.Fatal(err)
			}
			got := monthsOf(t, f)
			if f.Sure() != (c.months != nil) || f.Sheets[0].AsksOrder() != (c.months == nil) {
				t.Fatalf("sure %v, %q; %v, %q", f.Sure(), f.Sheets[0].Doubts, got, f.Sheets[0].Notices)
			}
			if c.months != nil && !maps.Equal(got, c.months) {
				t.Errorf("%v, not %v; %q", got, c.months, f.Sheets[0].Notices)
			}
		})
	}
}

func TestAPersonSaysTheOrderOfDayAndMonth(t *testing.T) {
	data := paidOn(append(each("%d/06/2012", 13, 20), each("06/%02d/2012", 1, 5)...)...)
	for said, want := range map[Order]map[string]int{
		DayFirst:   {"2012-06": 8, "2012-01": 1, "2012-02": 1, "2012-03": 1, "2012-04": 1, "2012-05": 1},
		MonthFirst: {"2012-06": 5, "": 8},
	} {
		f := recognise(t, data)
		if err := f.Understand(Options{Dates: said}); err != nil {
			t.Fatal(err)
		}
		if got := monthsOf(t, f); !maps.Equal(got, want) || !f.Sure() {
			t.Errorf("%s: %v, %q", said, got, f.Sheets[0].Doubts)
		}
	}
	f := recognise(t, paidOn(append(each("2012-%02d-03", 7, 11), "13/06/2012", "14/06/2012")...))
	if err := f.Understand(Options{Dates: DayFirst}); err != nil {
		t.Fatal(err)
	}
	if got := monthsOf(t, f); got["2012-03"] != 5 || !f.Sure() {
		t.Errorf("half converted: %v, %q", got, f.Sheets[0].Doubts)
	}
}

func TestAPeriodDecidesWithANotice(t *testing.T) {
	june := civil.Period{Month: civil.MonthOf(2012, 6)}
	for name, c := range map[string]struct {
		dates []string
		want  string
	}{
		"American": {each("6/%d/2012", 1, 5), "2012-06"},
		"British":  {[]string{"8/6/2012"}, "2012-06"},
		"neither":  {[]string{"8/7/2012"}, ""},
	} {
		f := recognise(t, paidOn(c.dates...))
		if err := f.Understand(Options{Period: june}); err != nil {
			t.Fatal(err)
		}
		if c.want == "" {
			if f.Sure() {
				t.Errorf("%s: decided with %q", name, f.Sheets[0].Notices)
			}
			continue
		}
		if got := monthsOf(t, f); !f.Sure() || got[c.want] != len(c.dates) || len(f.Sheets[0].Notices) != 1 {
			t.Errorf("%s: %v, %q, %q", name, got, f.Sheets[0].Doubts, f.Sheets[0].Notices)
		}
	}
}

func TestABlankDayOfPaymentLeavesThatOfTheInvoice(t *testing.T) {
	for _, heads := range []string{"Invoice Date,Paid Date", "Document Date,Payment Date", "Tax Date,Date Paid"} {
		data := heads + ",Supplier,Net Amount\n13/06/2012,20/06/2012,Tern Ltd (sample),500.25\n14/06/2012,,Knot Ltd (sample),600.25\n15/06/2012,,Rail Ltd (sample),700.25\n,,Coot Ltd (sample),800.25\n"
		got := taking(t, recognise(t, data))
		var days []string
		for _, r := range got.rows {
			days = append(days, r.Date.String())
		}
		if !slices.Equal(days, []string{"2012-06-20", "2012-06-14", "2012-06-15", ""}) || got.sum.Undated != 1 {
			t.Errorf("%s: %v, %d undated", heads, days, got.sum.Undated)
		}
	}
	got := taking(t, recognise(t, "Contract Start Date,Paid Date,Supplier,Net Amount\n13/06/2011,20/06/2012,Tern Ltd (sample),500.25\n14/06/2011,,Knot Ltd (sample),600.25\n"))
	if got.sum.Undated != 1 {
		t.Errorf("a contract's start is taken for the day of payment: %+v", got.sum)
	}
}

func TestMonthsAreReadInNames(t *testing.T) {
	for name, want := range map[string]string{
		"spend-over-500-jan-mar-2014": "January 2014 to March 2014", "2017-04": "April 2017", "2020-21-Oct20": "October 2020", "payments_201206": "June 2012",
		"June 2012": "June 2012", "Jan '24": "January 2024", "06-2012": "June 2012", "April to June 2012": "April 2012 to June 2012", "Dec 2012 and more": "December 2012", "2012 May": "May 2012",
		"pcc-2018-19": "", "2023-24-Apr": "", "G-Cloud-Total-Spend-13-12-13": "", "01a-us-dates": "", "Mayor of 2012": "", "Report 2011-12": "", "Marsh 2012": "", "Nov-Jan 2013": "November 2012 to January 2013",
	} {
		if got := span(monthsNamed(name)); got != want {
			t.Errorf("%q is %q, not %q", name, got, want)
		}
	}
}

func TestAWorkbookThatCountsFrom1904(t *testing.T) {
	data := booktest.Workbook(t, []string{"A"}, map[string][][]any{"A": {{"Supplier", "Date", "Amount"}, {"Tern Ltd (sample)", 39600.25, 1.5}, {"Knot Ltd (sample)", 39620, 2.5}}})
	parts := booktest.Parts(t, data)
	parts["xl/workbook.xml"] = bytes.Replace(parts["xl/workbook.xml"], []byte("<sheets>"), []byte(`<workbookPr date1904="1"/><sheets>`), 1)
	data = booktest.Archive(t, parts)
	f, err := Recognise(bytes.NewReader(data), int64(len(data)), "a.xlsx", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if sum := readAll(t, f); sum.First.String() != "2012-06-02" || sum.Last.String() != "2012-06-22" {
		t.Errorf("%s to %s", sum.First, sum.Last)
	}
}

func TestPaymentsOutsideTheMonthOfTheFileAreTold(t *testing.T) {
	june := civil.Period{Month: civil.MonthOf(2012, 6)}
	for name, c := range map[string]struct {
		file   string
		period civil.Period
		dates  []string
		told   bool
	}{
		"the period":             {"a.csv", june, each("%d/03/2012", 10, 20), true},
		"the name of the file":   {"spend-june-2012.csv", civil.Period{}, each("%d/03/2012", 10, 20), true},
		"in it":                  {"spend-june-2012.csv", june, each("%d/06/2012", 10, 20), false},
		"the period goes before": {"spend-march-2012.csv", june, each("%d/06/2012", 10, 20), false},
		"in the main":            {"a.csv", june, append(each("%d/06/2012", 10, 20), each("%d/03/2012", 10, 14)...), false},
		"nothing is said":        {"a.csv", civil.Period{}, each("%d/03/2012", 10, 20), false},
	} {
		f := recognise(t, paidOn(c.dates...))
		f.Name = c.file
		if err := f.Understand(Options{Period: c.period}); err != nil {
			t.Fatal(err)
		}
		if sum := taking(t, f).sum; (len(sum.Notices) == 1) != c.told || !f.Sure() {
			t.Errorf("%s: %q", name, sum.Notices)
		}
	}
}
