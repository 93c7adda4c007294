package sheet

import (
	"bytes"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/book/booktest"
)

func recogniseBytes(t testing.TB, name string, data []byte) (*File, error) {
	t.Helper()
	f, err := Recognise(bytes.NewReader(data), int64(len(data)), name, 0)
	if err == nil {
		t.Cleanup(func() { _ = f.Close() })
	}
	return f, err
}

// payments are invented: titles, blank rows, every kind of cell, a total.
func payments() []booktest.Sheet {
	return []booktest.Sheet{
		{Name: "Notes (sample)", Rows: [][]any{{"Payments of Marsh Police (sample)"}}},
		{Name: "Jun", Rows: [][]any{
			{"Payments over £500"}, {},
			{"Supplier", "Date", "Description", "Net Amount"},
			{"Heron Ltd (sample)", booktest.On(2012, 6, 13), "Radio, parts & “more”", 500},
			{"Tŷ Gŵyr plc (sample)", booktest.On(2012, 6, 14), "Two\nlines", 1239.64},
			{"Redacted", booktest.On(2012, 6, 15), nil, booktest.Money{Pounds: -12.5, Code: "GBP"}},
			{nil, nil, nil, nil, nil},
			{booktest.Formula{Value: "Egret Ltd (sample)"}, booktest.On(2012, 6, 30), "Hire", booktest.Formula{Value: 250.25}},
			{"Bittern plc (sample)", booktest.On(2012, 6, 29), "Hire", booktest.Shown{Text: "#REF!"}},
			{"Grand Total", nil, nil, 1977.39},
		}},
		{Name: "Jul", Rows: [][]any{
			{"Supplier", "Date", "Description", "Net Amount"},
			{"Wigeon Ltd (sample)", booktest.On(2012, 7, 2), "Fuel", 0.01},
			{"Wigeon Ltd (sample)", booktest.On(2012, 7, 3), "Fuel", 77},
		}},
	}
}

func TestOneWorkbookIsTheSameInEveryFormat(t *testing.T) {
	sheets := payments()
	files := map[string][]byte{
		"xlsx": booktest.XLSX(t, sheets), "ods": booktest.ODS(t, sheets), "xls": booktest.XLS(sheets), "xml": booktest.Markup(sheets),
		"fods": []byte(booktest.ODSContent("document", sheets)),
	}
	read := map[string]taken{}
	for kind, data := range files {
		f, err := recogniseBytes(t, "payments."+kind, data)
		if err != nil {
			t.Fatal(kind, err)
		}
		if f.Encoding != kind || f.Delimiter != 0 || !f.Sure() {
			t.Errorf("%s is %s, sure %v: %+v", kind, f.Encoding, f.Sure(), f.Sheets)
		}
		read[kind] = taking(t, f)
		if again := taking(t, f); !slices.Equal(again.rows, read[kind].rows) {
			t.Errorf("%s reads otherwise the second time", kind)
		}
	}
	want := read["xlsx"]
	if want.sum.Pence != 197739+7701 || want.sum.Lines != 6 || want.sum.Rejected != 1 || want.sum.Blank != 1 || want.sum.Totals != 1 {
		t.Fatalf("%+v", want.sum)
	}
	for kind, got := range read {
		for i, r := range got.rows {
			if i < len(want.rows) && r != want.rows[i] {
				t.Errorf("%s:\n%+v, not\n%+v", kind, r, want.rows[i])
			}
		}
		if len(got.rows) != len(want.rows) || !reflect.DeepEqual(got.sum, want.sum) {
			t.Errorf("%s: %d rows, %+v, not %+v", kind, len(got.rows), got.sum, want.sum)
		}
	}
}

func TestDaysOfAnOldWorkbookMayCountFrom1904(t *testing.T) {
	f, err := recogniseBytes(t, "mac.xls", booktest.Compound("Workbook", booktest.OldStream(payments(), true, 8224)))
	if err != nil {
		t.Fatal(err)
	}
	if sum := taking(t, f).sum; sum.First.String() != "2012-06-13" || sum.Last.String() != "2012-07-03" {
		t.Errorf("%+v", sum)
	}
}

func TestSharedTextsOfAnOldWorkbookMayBeCutAnywhere(t *testing.T) {
	want, err := recogniseBytes(t, "a.xls", booktest.XLS(payments()))
	if err != nil {
		t.Fatal(err)
	}
	rows := taking(t, want).rows
	for piece := 12; piece < 60; piece++ {
		f, err := recogniseBytes(t, "a.xls", booktest.Compound("Workbook", booktest.OldStream(payments(), false, piece)))
		if err != nil {
			t.Fatal(piece, err)
		}
		if got := taking(t, f).rows; !slices.Equal(got, rows) {
			t.Errorf("cut at %d bytes: %+v", piece, got)
		}
	}
}

// rowsOf writes payments with the cells of one column changed.
func rowsOf(column int, change func(i int) any) []booktest.Sheet {
	rows := [][]any{{"Supplier", "Date", "Description", "Net Amount"}}
	for i := range 12 {
		row := []any{fmt.Sprintf("Heron %d Ltd (sample)", i), booktest.On(2012, 6, 12+i), "Radio parts", 500 + 37.25*float64(i)}
		if v := change(i); v != nil || column == 3 {
			row[column] = v
		}
		rows = append(rows, row)
	}
	return []booktest.Sheet{{Name: "Jun", Rows: rows}}
}

// everyway writes a workbook in the formats that keep what it shows.
func everyWay(t *testing.T, sheets []booktest.Sheet) map[string][]byte {
	return map[string][]byte{"ods": booktest.ODS(t, sheets), "xls": booktest.XLS(sheets), "xml": booktest.Markup(sheets), "fods": []byte(booktest.ODSContent("document", sheets))}
}

func TestAmountsInDollarsAreToldApart(t *testing.T) {
	files := everyWay(t, rowsOf(3, func(i int) any { return booktest.Money{Pounds: float64(100 + i), Code: "USD"} }))
	for _, kind := range []string{"ods", "xls", "fods"} {
		if _, err := recogniseBytes(t, "us."+kind, files[kind]); err == nil || !strings.Contains(err.Error(), "dollars") {
			t.Errorf("%s: %v", kind, err)
		}
	}
	for kind, data := range everyWay(t, rowsOf(3, func(i int) any { return booktest.Money{Pounds: float64(100 + i), Code: "GBP"} })) {
		f, err := recogniseBytes(t, "gb."+kind, data)
		if err != nil || !f.Sure() || taking(t, f).sum.Pence != 126600 {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestFormulasThatNobodyCalculatedAreNamed(t *testing.T) {
	for kind, data := range everyWay(t, rowsOf(3, func(int) any { return booktest.Formula{} })) {
		if _, err := recogniseBytes(t, "a."+kind, data); err == nil || !strings.Contains(err.Error(), "never calculated") {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestMergedCellsFillTheirRows(t *testing.T) {
	sheets := rowsOf(0, func(i int) any {
		if i%2 == 0 {
			return booktest.Spanned{Value: fmt.Sprintf("Egret %d Ltd (sample)", i), Rows: 2}
		}
		return nil
	})
	for i, row := range sheets[0].Rows {
		if i > 0 && i%2 == 0 {
			row[0] = nil
		}
	}
	for kind, data := range everyWay(t, sheets) {
		f, err := recogniseBytes(t, "merged."+kind, data)
		if err != nil {
			t.Fatal(kind, err)
		}
		for i, r := range taking(t, f).rows {
			if want := fmt.Sprintf("Egret %d Ltd (sample)", i&^1); r.Text(Supplier) != want {
				t.Errorf("%s: row %d is of %q, not %q", kind, i, r.Text(Supplier), want)
			}
		}
	}
}

func TestAHiddenWorksheetIsReadAndTold(t *testing.T) {
	sheets := payments()
	sheets[2].Hidden = true
	for kind, data := range everyWay(t, sheets) {
		f, err := recogniseBytes(t, "hidden."+kind, data)
		if err != nil {
			t.Fatal(kind, err)
		}
		if s := f.Sheets[2]; s.LeftOut != "" || len(s.Notices) != 1 || !strings.Contains(s.Notices[0], "hidden") || len(f.Sheets[1].Notices) > 0 {
			t.Errorf("%s: %+v", kind, s)
		}
	}
}

func TestRepeatedCellsAndRowsOfOpenDocument(t *testing.T) {
	cells := func(list ...any) (s string) {
		for _, v := range list {
			s += booktest.ODSCell(v, "")
		}
		return s
	}
	row := func(more, cells string) string { return "<table:table-row" + more + ">" + cells + "</table:table-row>" }
	body := row("", cells("Supplier", "Date", nil, nil, "Net Amount")) +
		row(` table:number-rows-repeated="3"`, cells("Heron Ltd (sample)", booktest.On(2012, 6, 13))+`<table:table-cell table:number-columns-repeated="2"/>`+cells(10.5)) +
		row(` table:number-rows-repeated="900000"`, `<table:table-cell table:number-columns-repeated="16384"/>`) +
		"<table:table-row-group>" + row("", cells("Egret Ltd (sample)", booktest.On(2012, 6, 14), nil, nil)+
		`<table:table-cell office:value-type="float" office:value="4"><office:annotation><text:p>A note of 99</text:p></office:annotation><text:p>4</text:p></table:table-cell>`) + "</table:table-row-group>"
	content := booktest.ODSContent("document-content", []booktest.Sheet{{Name: "Jun"}})
	at := strings.Index(content, "<table:table-row")
	f, err := recogniseBytes(t, "repeated.ods", booktest.PackODS(t, content[:at]+body+content[at:], nil))
	if err != nil {
		t.Fatal(err)
	}
	sum, err := f.Rows(func(*Row) error { return nil })
	if err != nil || sum.Lines != 4 || sum.Pence != 3550 || sum.Blank != 900_000 {
		t.Errorf("%+v", sum)
	}
}

// What other programs write: xlwt lists merged cells from the last to the first,
// Spreadsheet::WriteExcel counts days from 1904 and writes zeros for formulas.
func TestWorkbooksThatOtherProgramsWroteAreRead(t *testing.T) {
	for name, merged := range map[string]bool{"xlwt.xls": true, "writeexcel-1904.xls": false, "odfpy.ods": false} {
		f := recogniseKept(t, name)
		got := taking(t, f)
		if sum := got.sum; sum.Lines != 12 || sum.Pence != 845_850 || sum.First.String() != "2012-06-12" || sum.Last.String() != "2012-06-23" || !f.Sure() {
			t.Errorf("%s: %+v", name, sum)
		}
		for i, r := range got.rows[:12] {
			want := fmt.Sprintf("Heron %d Ltd (sample)", i)
			if merged && i%3 < 2 {
				want = fmt.Sprintf("Tŷ Gwŷr %d plc (sample)", i/3*3)
			}
			if r.Text(Supplier) != want {
				t.Errorf("%s: row %d is of %q, not %q", name, i, r.Text(Supplier), want)
			}
		}
	}
	for _, name := range []string{"xlwt-formulas.xls", "writeexcel-formulas.xls"} {
		if _, err := openFile(t, filepath.Join("..", "..", "book", "testdata", name)); err == nil || !strings.Contains(err.Error(), "never calculated") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func recogniseKept(t *testing.T, name string) *File {
	t.Helper()
	f, err := openFile(t, filepath.Join("..", "..", "book", "testdata", name))
	if err != nil {
		t.Fatal(name, err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}
