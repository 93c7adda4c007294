package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
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
func payments() []aSheet {
	return []aSheet{
		{name: "Notes (sample)", rows: [][]any{{"Payments of Marsh Police (sample)"}}},
		{name: "Jun", rows: [][]any{
			{"Payments over £500"}, {},
			{"Supplier", "Date", "Description", "Net Amount"},
			{"Heron Ltd (sample)", dayIn(2012, 6, 13), "Radio, parts & “more”", 500},
			{"Tŷ Gŵyr plc (sample)", dayIn(2012, 6, 14), "Two\nlines", 1239.64},
			{"Redacted", dayIn(2012, 6, 15), nil, inMoney{-12.5, "GBP"}},
			{nil, nil, nil, nil, nil},
			{formulaA{"Egret Ltd (sample)"}, dayIn(2012, 6, 30), "Hire", formulaA{250.25}},
			{"Bittern plc (sample)", dayIn(2012, 6, 29), "Hire", shown{"#REF!"}},
			{"Grand Total", nil, nil, 1977.39},
		}},
		{name: "Jul", rows: [][]any{
			{"Supplier", "Date", "Description", "Net Amount"},
			{"Wigeon Ltd (sample)", dayIn(2012, 7, 2), "Fuel", 0.01},
			{"Wigeon Ltd (sample)", dayIn(2012, 7, 3), "Fuel", 77},
		}},
	}
}

func TestOneWorkbookIsTheSameInEveryFormat(t *testing.T) {
	sheets := payments()
	files := map[string][]byte{
		"xlsx": asXLSX(t, sheets), "ods": asODS(t, sheets), "xls": asXLS(sheets), "xml": asMarkup(sheets),
		"fods": []byte(odsContent("document", sheets)),
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
	f, err := recogniseBytes(t, "mac.xls", compound("Workbook", asOld(payments(), true, 8224)))
	if err != nil {
		t.Fatal(err)
	}
	if sum := taking(t, f).sum; sum.First.String() != "2012-06-13" || sum.Last.String() != "2012-07-03" {
		t.Errorf("%+v", sum)
	}
}

func TestSharedTextsOfAnOldWorkbookMayBeCutAnywhere(t *testing.T) {
	want, err := recogniseBytes(t, "a.xls", asXLS(payments()))
	if err != nil {
		t.Fatal(err)
	}
	rows := taking(t, want).rows
	for piece := 12; piece < 60; piece++ {
		f, err := recogniseBytes(t, "a.xls", compound("Workbook", asOld(payments(), false, piece)))
		if err != nil {
			t.Fatal(piece, err)
		}
		if got := taking(t, f).rows; !slices.Equal(got, rows) {
			t.Errorf("cut at %d bytes: %+v", piece, got)
		}
	}
}

// rowsOf writes payments with the cells of one column changed.
func rowsOf(column int, change func(i int) any) []aSheet {
	rows := [][]any{{"Supplier", "Date", "Description", "Net Amount"}}
	for i := range 12 {
		row := []any{fmt.Sprintf("Heron %d Ltd (sample)", i), dayIn(2012, 6, 12+i), "Radio parts", 500 + 37.25*float64(i)}
		if v := change(i); v != nil || column == 3 {
			row[column] = v
		}
		rows = append(rows, row)
	}
	return []aSheet{{name: "Jun", rows: rows}}
}

// everyway writes a workbook in the formats that keep what it shows.
func everyWay(t *testing.T, sheets []aSheet) map[string][]byte {
	return map[string][]byte{"ods": asODS(t, sheets), "xls": asXLS(sheets), "xml": asMarkup(sheets), "fods": []byte(odsContent("document", sheets))}
}

func TestAmountsInDollarsAreToldApart(t *testing.T) {
	files := everyWay(t, rowsOf(3, func(i int) any { return inMoney{float64(100 + i), "USD"} }))
	for _, kind := range []string{"ods", "xls", "fods"} {
		if _, err := recogniseBytes(t, "us."+kind, files[kind]); err == nil || !strings.Contains(err.Error(), "dollars") {
			t.Errorf("%s: %v", kind, err)
		}
	}
	for kind, data := range everyWay(t, rowsOf(3, func(i int) any { return inMoney{float64(100 + i), "GBP"} })) {
		f, err := recogniseBytes(t, "gb."+kind, data)
		if err != nil || !f.Sure() || taking(t, f).sum.Pence != 126600 {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestFormulasThatNobodyCalculatedAreNamed(t *testing.T) {
	for kind, data := range everyWay(t, rowsOf(3, func(int) any { return formulaA{} })) {
		if _, err := recogniseBytes(t, "a."+kind, data); err == nil || !strings.Contains(err.Error(), "never calculated") {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestMergedCellsFillTheirRows(t *testing.T) {
	sheets := rowsOf(0, func(i int) any {
		if i%2 == 0 {
			return spanned{fmt.Sprintf("Egret %d Ltd (sample)", i), 2}
		}
		return nil
	})
	for i, row := range sheets[0].rows {
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
	sheets[2].hidden = true
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
			s += odsCell(v, "")
		}
		return s
	}
	row := func(more, cells string) string { return "<table:table-row" + more + ">" + cells + "</table:table-row>" }
	body := row("", cells("Supplier", "Date", nil, nil, "Net Amount")) +
		row(` table:number-rows-repeated="3"`, cells("Heron Ltd (sample)", dayIn(2012, 6, 13))+`<table:table-cell table:number-columns-repeated="2"/>`+cells(10.5)) +
		row(` table:number-rows-repeated="900000"`, `<table:table-cell table:number-columns-repeated="16384"/>`) +
		"<table:table-row-group>" + row("", cells("Egret Ltd (sample)", dayIn(2012, 6, 14), nil, nil)+
		`<table:table-cell office:value-type="float" office:value="4"><office:annotation><text:p>A note of 99</text:p></office:annotation><text:p>4</text:p></table:table-cell>`) + "</table:table-row-group>"
	content := odsContent("document-content", []aSheet{{name: "Jun"}})
	at := strings.Index(content, "<table:table-row")
	f, err := recogniseBytes(t, "repeated.ods", odsOf(t, content[:at]+body+content[at:], nil))
	if err != nil {
		t.Fatal(err)
	}
	sum, err := f.Rows(func(*Row) error { return nil })
	if err != nil || sum.Lines != 4 || sum.Pence != 3550 || sum.Blank != 900_000 {
		t.Errorf("%+v", sum)
	}
}

// locked changes a stream of records: what follows the first is encrypted.
func locked() []byte {
	b := &biff{}
	b.begin(oldVersion8, 5)
	b.record(oldLocked, make([]byte, 54))
	return b.Bytes()
}

func older() []byte {
	b := &biff{}
	b.begin(0x0500, 5)
	return b.Bytes()
}

func TestOtherFilesAreNamedInOneSentence(t *testing.T) {
	zipped := func(parts map[string]string) []byte {
		all := map[string][]byte{}
		for name, text := range parts {
			all[name] = []byte(text)
		}
		return archive(t, all)
	}
	for name, c := range map[string]struct {
		data []byte
		says string
	}{
		"locked.xls":       {compound("Workbook", locked()), "password"},
		"excel95.xls":      {compound("Book", older()), "before 1997"},
		"excel95b.xls":     {compound("Workbook", older()), "before 1997"},
		"excel4.xls":       {[]byte("\x09\x04\x06\x00\x00\x04\x10\x00\x00\x00"), "before 1997"},
		"locked.xlsx":      {compound("EncryptedPackage", nil), "password"},
		"letter.doc":       {compound("WordDocument", nil), "Word"},
		"slides.ppt":       {compound("PowerPoint Document", nil), "presentation"},
		"mail.msg":         {compound("__properties_version1.0", nil), "Outlook"},
		"other.ole":        {compound("Contents", nil), "older Microsoft Office"},
		"cut.xls":          {asXLS(payments())[:1500], "damaged"},
		"locked.ods":       {odsOf(t, "x", map[string]string{"META-INF/manifest.xml": `<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>`}), "password"},
		"cut.ods":          {odsOf(t, odsContent("document-content", payments())[:2000], nil), "damaged"},
		"letter.odt":       {zipped(map[string]string{"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}), "OpenDocument text"},
		"binary.xlsb":      {zipped(map[string]string{"xl/workbook.bin": "x"}), ".xlsb"},
		"letter.docx":      {zipped(map[string]string{"word/document.xml": "<x/>"}), "Word"},
		"slides.pptx":      {zipped(map[string]string{"ppt/presentation.xml": "<x/>"}), "presentation"},
		"apple.numbers":    {zipped(map[string]string{"Index/Document.iwa": "x"}), "Numbers"},
		"months.zip":       {zipped(map[string]string{"april.csv": "x", "may.xlsx": "x", "read me.pdf": "x"}), "3 files, 2 of which"},
		"one.zip":          {zipped(map[string]string{"april.csv": "x"}), "holds a table"},
		"april.csv.gz":     {[]byte("\x1F\x8B\x08\x00rest"), "gzip"},
		"april.parquet":    {[]byte("PAR1\x15\x04\x15"), "Parquet"},
		"spend.sqlite":     {[]byte("SQLite format 3\x00rest"), "database"},
		"page.xls":         {[]byte("<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table>"), "web page under the name"},
		"page2.xls":        {[]byte("\n<table><tr><td>Supplier"), "web page under the name"},
		"report.pdf":       {[]byte("%PDF-1.4"), "PDF"},
		"book.mht":         {[]byte("MIME-Version: 1.0\r\n"), "web page"},
		"numbers of 1.wk1": {[]byte("\x00\x00\x02\x00\x06\x04\x06\x00\x08\x00"), "Lotus"},
	} {
		f, err := recogniseBytes(t, name, c.data)
		if err == nil {
			t.Errorf("%s is read as %s", name, f.Encoding)
			continue
		}
		if s := err.Error(); !errors.As(err, new(Refusal)) || !strings.Contains(s, c.says) || !strings.HasSuffix(s, ".") || strings.Contains(s, ". ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatNoProgramWouldWriteEndsTheReading(t *testing.T) {
	content := odsContent("document-content", []aSheet{{name: "Jun"}})
	at := strings.Index(content, "<table:table-row")
	with := func(body string) []byte { return odsOf(t, content[:at]+body+content[at:], nil) }
	many := asOld(payments(), false, 8224)
	b := &biff{}
	b.begin(oldVersion8, 5)
	for range 200 { // worksheets that share their records
		b.record(oldSheet, append(append(le(uint32(0)), 0, 0), oldLetters("Jun", 1)...))
	}
	b.record(oldTexts, le(uint32(1<<31), uint32(1<<31)))
	claims := b.Bytes()
	b.record(oldEnd, nil)
	for name, data := range map[string][]byte{
		"rows without end": with(`<table:table-row table:number-rows-repeated="1000000">` + odsCell(5, ` table:number-columns-repeated="1000"`) + "</table:table-row>"),
		"a mark too long":  with("<!--" + strings.Repeat("<", 2*maxText) + "-->"),
		"a text too long":  with("<table:table-row><table:table-cell>" + strings.Repeat("<text:p>"+strings.Repeat("x", 1000)+"</text:p>", 2000) + "</table:table-cell></table:table-row>"),
		"many worksheets":  odsOf(t, strings.ReplaceAll(content, "</office:spreadsheet>", strings.Repeat(`<table:table table:name="x"/>`, maxSheets)+"</office:spreadsheet>"), nil),
		"texts claimed":    compound("Workbook", claims),
		"no end":           compound("Workbook", many[:len(many)-8]),
		"a stream too long": func() []byte {
			x := asXLS(payments())
			i := bytes.Index(x, le([]uint16(utf("Workbook"))))
			copy(x[i+120:], le(uint32(1<<31)))
			return x
		}(),
	} {
		if _, err := recogniseBytes(t, name, data); !errors.As(err, new(Refusal)) {
			t.Errorf("%s: %v", name, err)
		}
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
		if _, err := openFile(t, filepath.Join("testdata", name)); err == nil || !strings.Contains(err.Error(), "never calculated") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func recogniseKept(t *testing.T, name string) *File {
	t.Helper()
	f, err := openFile(t, filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(name, err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}
