package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// workbook writes sheets of cells, in order.
func workbook(t testing.TB, names []string, sheets map[string][][]any) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for i, name := range names {
		if i == 0 {
			if err := book.SetSheetName("Sheet1", name); err != nil {
				t.Fatal(err)
			}
		} else if _, err := book.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for r, row := range sheets[name] {
			if err := book.SetSheetRow(name, fmt.Sprintf("A%d", r+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestEveryWorksheetIsReadWithItsOwnHeadings(t *testing.T) {
	data := workbook(t, []string{"Notes", "Apr", "May", "Summary"}, map[string][][]any{
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

// claiming is an archive of parts that say how much they unpack to.
func claiming(t *testing.T, sizes map[string]uint64) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, size := range sizes {
		if _, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, UncompressedSize64: size}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestABombAndOtherArchivesAreRefused(t *testing.T) {
	for name, data := range map[string][]byte{
		"large sheet":     claiming(t, map[string]uint64{"xl/workbook.xml": 10, "xl/worksheets/sheet1.xml": unpacked + 1}),
		"overflowing sum": claiming(t, map[string]uint64{"xl/workbook.xml": 1<<64 - 1, "xl/worksheets/sheet1.xml": 1<<64 - 1}),
		"shared texts":    claiming(t, map[string]uint64{"xl/workbook.xml": 10, "xl/sharedStrings.xml": maxShared + 1}),
		"large picture":   claiming(t, map[string]uint64{"xl/workbook.xml": 10, "xl/media/image1.png": unpackedHere}),
		"not a workbook":  claiming(t, map[string]uint64{"word/document.xml": 10}),
		"no parts":        []byte("PK\x05\x06" + strings.Repeat("\x00", 18)),
		"nonsense inside": claiming(t, map[string]uint64{"xl/workbook.xml": 10}),
	} {
		_, err := Recognise(bytes.NewReader(data), int64(len(data)), name, 0)
		if !errors.As(err, new(Refusal)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAWideWorksheetIsCutNotObeyed(t *testing.T) {
	data := workbook(t, []string{"Wide"}, map[string][][]any{"Wide": {{"Supplier", "Date", "Amount"}, {"Heron Ltd", 41085, 1}}})
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

func TestWhatNoSpreadsheetWouldWriteIsRefusedBeforeItIsHeld(t *testing.T) {
	const sheet = "xl/worksheets/sheet1.xml"
	plain := workbook(t, []string{"A"}, map[string][][]any{"A": {{"Supplier", "Date", "Amount"}, {"Heron Ltd", 41085, 1}}})
	for name, change := range map[string]func(map[string][]byte){
		"a text without end": func(p map[string][]byte) {
			p[sheet] = []byte("<worksheet><sheetData><row><c><v>" + strings.Repeat("1", lookedInto) + "</v></c></row></sheetData></worksheet>")
		},
		"texts without end": func(p map[string][]byte) {
			p["xl/sharedStrings.xml"] = []byte("<sst>" + strings.Repeat("<si/>", maxTags) + "</sst>")
		},
		"worksheets without end": func(p map[string][]byte) {
			var b strings.Builder
			for i := range maxSheets + 1 {
				fmt.Fprintf(&b, `<sheet name="S%d" sheetId="%d" r:id="rId1"/>`, i+1, i+1)
			}
			p["xl/workbook.xml"] = []byte(`<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>` + b.String() + "</sheets></workbook>")
		},
		"columns without end": func(p map[string][]byte) {
			p[sheet] = []byte("<worksheet><sheetData>" + strings.Repeat(`<row><c r="XFD1"><v>1</v></c></row>`, maxWide+1) + "</sheetData></worksheet>")
		},
	} {
		parts := partsOf(t, plain)
		change(parts)
		data := archive(t, parts)
		f, err := Recognise(bytes.NewReader(data), int64(len(data)), name, 0)
		if !errors.As(err, new(Refusal)) {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
}

func TestARowThatClaimsAFarNumberEndsTheWorksheetNotTheDay(t *testing.T) {
	parts := partsOf(t, workbook(t, []string{"A"}, map[string][][]any{"A": {{"Supplier", "Date", "Amount"}, {"Heron Ltd", 41085, 1}, {"Egret Ltd", 41085, 2}}}))
	const sheet = "xl/worksheets/sheet1.xml"
	parts[sheet] = bytes.Replace(parts[sheet], []byte(`<row r="3"`), []byte(`<row r="2000000000"`), 1)
	data := archive(t, parts)
	f, err := Recognise(bytes.NewReader(data), int64(len(data)), "far.xlsx", 0)
	if err == nil {
		defer f.Close()
		_, err = f.Rows(func(*Row) error { return nil })
	}
	if !errors.As(err, new(Refusal)) {
		t.Error(err)
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
		data := workbook(t, []string{"Jun", "Jul", "Summary"}, map[string][][]any{"Jun": month, "Jul": other, "Summary": c.rows})
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
		data := workbook(t, c.names, map[string][][]any{"Jun": jun, "Jul": jul, "Year": year})
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
