package book

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/police-ict/handover/store/book/booktest"
)

func open(t testing.TB, name string, data []byte) (*File, error) {
	t.Helper()
	f, err := Open(bytes.NewReader(data), int64(len(data)), name, 0)
	if err == nil {
		t.Cleanup(func() { _ = f.Close() })
	}
	return f, err
}

// eachRow reads all worksheets of a workbook, or a text with commas.
func eachRow(f *File, yield func(sheet int, cells []string)) error {
	read := func(sheet int, r Records) error {
		for {
			cells, _, err := r.Next()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			yield(sheet, cells)
		}
	}
	if f.IsText() {
		return read(0, f.Lines(','))
	}
	f.Rewind()
	for i := range f.Sheets {
		rows, err := f.Rows(i)
		if err != nil {
			return err
		}
		rows.Fill()
		if err := errors.Join(read(i, rows), rows.Close()); err != nil {
			return err
		}
	}
	return nil
}

// sample are invented worksheets with every kind of cell.
func sample() []booktest.Sheet {
	return []booktest.Sheet{
		{Name: "Notes (sample)", Rows: [][]any{{"Contracts of Marsh Police (sample)"}}},
		{Name: "Jun", Rows: [][]any{
			{"Contracts in force"}, {},
			{"Supplier", "Begins", "Description", "Value"},
			{"Heron Ltd (sample)", booktest.On(2012, 6, 13), "Radio, parts & “more”", 500},
			{"Tŷ Gŵyr plc (sample)", booktest.On(2012, 6, 14), "Two\nlines", 1239.64},
			{"Coot Ltd (sample)", booktest.On(2012, 6, 15), nil, booktest.Money{Pounds: -12.5, Code: "GBP"}},
			{nil, nil, nil, nil, nil},
			{booktest.Formula{Value: "Egret Ltd (sample)"}, booktest.On(2012, 6, 30), "Hire", booktest.Formula{Value: 250.25}},
			{"Bittern plc (sample)", booktest.On(2012, 6, 29), "Hire", booktest.Shown{Text: "#REF!"}},
		}},
		{Name: "Jul", Hidden: true, Rows: [][]any{{booktest.Spanned{Value: "Wigeon Ltd (sample)", Rows: 2}, 1}, {nil, 2}, {nil, 3}}},
	}
}

func uncalculated() []booktest.Sheet {
	return []booktest.Sheet{{Name: "Jun", Rows: [][]any{{"Supplier", "Value"}, {"Heron Ltd (sample)", booktest.Formula{}}}}}
}

// everyWay writes a workbook in the formats that keep all that it shows.
func everyWay(t *testing.T, sheets []booktest.Sheet) map[string][]byte {
	return map[string][]byte{"ods": booktest.ODS(t, sheets), "xls": booktest.XLS(sheets), "xml": booktest.Markup(sheets), "fods": []byte(booktest.ODSContent("document", sheets))}
}

func TestOneWorkbookHasTheSameRowsInEveryFormat(t *testing.T) {
	want := [][][]string{
		{{"Contracts of Marsh Police (sample)"}},
		{{"Contracts in force"}, {}, {"Supplier", "Begins", "Description", "Value"},
			{"Heron Ltd (sample)", "41073", "Radio, parts & “more”", "500"}, {"Tŷ Gŵyr plc (sample)", "41074", "Two\nlines", "1239.64"},
			{"Coot Ltd (sample)", "41075", "", "-12.5"}, {}, {"Egret Ltd (sample)", "41090", "Hire", "250.25"}, {"Bittern plc (sample)", "41089", "Hire", "#REF!"}},
		{{"Wigeon Ltd (sample)", "1"}, {"Wigeon Ltd (sample)", "2"}, {"", "3"}},
	}
	for kind, data := range everyWay(t, sample()) {
		f, err := open(t, "sample."+kind, data)
		if err != nil {
			t.Fatal(kind, err)
		}
		if f.Encoding != kind || f.IsText() || !slices.Equal(f.Sheets, []string{"Notes (sample)", "Jun", "Jul"}) || f.IsHidden(1) || !f.IsHidden(2) {
			t.Errorf("%s is %+v", kind, f)
		}
		for range 2 {
			got := make([][][]string, len(f.Sheets))
			err := eachRow(f, func(sheet int, cells []string) { got[sheet] = append(got[sheet], slices.Clone(cells)) })
			if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %v\n%q, not\n%q", kind, err, got, want)
			}
		}
	}
}

func TestAFormulaWithoutAValueIsFound(t *testing.T) {
	for kind, data := range everyWay(t, uncalculated()) {
		f, err := open(t, "a."+kind, data)
		if err != nil {
			t.Fatal(kind, err)
		}
		if !f.Uncalculated(0, 1, 1, 20) || f.Uncalculated(0, 0, 1, 20) || f.Uncalculated(0, 1, 3, 20) {
			t.Errorf("%s: the formula without a value is not found where it stands", kind)
		}
	}
}
