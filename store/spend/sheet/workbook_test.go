package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/police-ict/handover/store/book/booktest"
)

func TestEveryWorksheetIsReadWithItsOwnHeadings(t *testing.T) {
	data := booktest.Workbook(t, []string{"Notes", "Apr", "May", "Summary"}, map[string][][]any{
		"Notes": {{"Payments of Marsh Police"}},
		"Apr": {{"Payments over £500"}, {}, {"Supplier", "Date", "Net Amount"},
			{"Heron Ltd", 41085, 0.01}, {"Redacted", 41086, 1239.6400000000001}, {}, {"Grand Total", nil, 1239.65}},
		"May":     {{"Date", "* SUPPLIER FINAL", nil, "TOTAL"}, {41105, "Egret Ltd", nil, 1e5}, {41106, "Egret Ltd", nil, "#REF!"}},
		"Summary": {{"Supplier", "Total"}, {"Heron Ltd", 0.01}, {"Egret Ltd", 100000}},
	})
	f, err := Recognise(bytes.NewReader(data), int64(len(data)), "book.xlsx", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if s := f.Sheets; s[0].LeftOut == "" || !s[1].Sure || !s[2].Sure || s[3].Sure || s[1].HeaderRecord != 3 {
		t.Fatalf("%+v", f.Sheets)
	}
	f.Sheets[3].LeftOut = "it adds up the others"
	got := taking(t, f)
	if got.sum.Pence != 123965+10000000 || got.sum.Lines != 3 || got.sum.Rejected != 1 || got.sum.Blank != 1 || got.sum.Totals != 1 || got.sum.Redacted != 1 {
		t.Errorf("%+v", got.sum)
	}
	if apr := got.sum.Sheets[1]; apr.Agrees == nil || !*apr.Agrees || apr.First.String() != "2012-06-25" || got.sum.Stated != nil {
		t.Errorf("%+v", apr)
	}
	if r := got.rows[0]; r.Offset != -1 || r.Record != 4 || r.Sheet != 1 || !strings.HasPrefix(r.Raw, "Heron Ltd,41085,") {
		t.Errorf("%+v", r)
	}
}

func TestAWideWorksheetIsCutNotObeyed(t *testing.T) {
	data := booktest.Workbook(t, []string{"Wide"}, map[string][][]any{"Wide": {{"Supplier", "Date", "Amount"}, {"Heron Ltd", 41085, 1}}})
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	for r := 3; r < 40; r++ {
		_ = book.SetCellValue("Wide", fmt.Sprintf("XFD%d", r), "x")
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	f, err := Recognise(bytes.NewReader(b.Bytes()), int64(b.Len()), "wide.xlsx", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if sum := taking(t, f).sum; sum.Pence != 100 {
		t.Errorf("%+v", sum)
	}
}

func TestAWorksheetThatRepeatsTheSumOfOthersIsLeftOut(t *testing.T) {
	month := [][]any{{"Supplier", "Date", "Net Amount"}, {"Heron Ltd", 41085, 10.5}, {"Egret Ltd", 41086, 20}, {"Heron Ltd", 41087, 0.25}}
	other := [][]any{{"Supplier", "Date", "Net Amount"}, {"Heron Ltd", 41115, 5}, {"Egret Ltd", 41116, 6}}
	for name, c := range map[string]struct {
		rows [][]any
		out  bool
	}{
		"by supplier":           {[][]any{{"Supplier", "Total"}, {"Egret Ltd", 26}, {"Heron Ltd", 15.75}}, true},
		"pivot":                 {[][]any{{"Row Labels", "Sum of Net Amount"}, {"Egret Ltd", 26}, {"Heron Ltd", 15.75}, {"Grand Total", 41.75}}, true},
		"of one month":          {[][]any{{"Supplier", "Total"}, {"Egret Ltd", 20}, {"Heron Ltd", 10.75}}, true},
		"a penny more is asked": {[][]any{{"Supplier", "Total"}, {"Egret Ltd", 26}, {"Heron Ltd", 15.76}}, false},
	} {
		data := booktest.Workbook(t, []string{"Jun", "Jul", "Summary"}, map[string][][]any{"Jun": month, "Jul": other, "Summary": c.rows})
		f, err := Recognise(bytes.NewReader(data), int64(len(data)), name, 0)
		if err != nil {
			t.Fatal(err)
		}
		s := f.Sheets[2]
		if out := s.LeftOut != ""; out != c.out || f.Sure() != c.out {
			t.Errorf("%s: left out %q, sure %v %q", name, s.LeftOut, f.Sure(), s.Doubts)
		}
		if sum := taking(t, f).sum; c.out && sum.Pence != 4175 {
			t.Errorf("%s: %d pence", name, sum.Pence)
		}
		_ = f.Close()
	}
}

func TestAWorksheetOfTheWholeYearBesideItsMonthsIsLeftOut(t *testing.T) {
	head := []any{"Supplier", "Date", "Net Amount"}
	jun := [][]any{head, {"Heron Ltd", 41085, 10.5}, {"Egret Ltd", 41086, 20}, {"Heron Ltd", 41087, 0.25}}
	jul := [][]any{head, {"Heron Ltd", 41115, 5}, {"Egret Ltd", 41116, 6}}
	year := append(append([][]any{}, jun...), jul[1:]...)
	for name, c := range map[string]struct {
		names []string
		out   bool
		sure  bool
	}{"year first": {[]string{"Year", "Jun", "Jul"}, true, true}, "year last": {[]string{"Jun", "Jul", "Year"}, true, true}, "a month lacks": {[]string{"Jun", "Year"}, false, false}, "no year": {[]string{"Jun", "Jul"}, false, true}} {
		data := booktest.Workbook(t, c.names, map[string][][]any{"Jun": jun, "Jul": jul, "Year": year})
		f, err := Recognise(bytes.NewReader(data), int64(len(data)), name, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range f.Sheets {
			if out := s.LeftOut != ""; out != (c.out && s.Name == "Year") {
				t.Errorf("%s: %s is left out: %q", name, s.Name, s.LeftOut)
			}
		}
		if f.Sure() != c.sure {
			t.Errorf("%s: sure %v", name, f.Sure())
		}
		_ = f.Close()
	}
}
