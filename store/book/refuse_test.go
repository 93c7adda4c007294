package book

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/book/booktest"
)

// locked changes a stream of records: what follows the first is encrypted.
func locked() []byte {
	b := &booktest.Stream{}
	b.Begin(oldVersion8, 5)
	b.Record(oldLocked, make([]byte, 54))
	return b.Bytes()
}

func older() []byte {
	b := &booktest.Stream{}
	b.Begin(0x0500, 5)
	return b.Bytes()
}

// A refusal names the file and then says what to do.
func TestOtherFilesAreNamedAndSayWhatToDo(t *testing.T) {
	zipped := func(parts map[string]string) []byte {
		all := map[string][]byte{}
		for name, text := range parts {
			all[name] = []byte(text)
		}
		return booktest.Archive(t, all)
	}
	for name, c := range map[string]struct {
		data []byte
		says string
	}{
		"locked.xls":       {booktest.Compound("Workbook", locked()), "password"},
		"excel95.xls":      {booktest.Compound("Book", older()), "before 1997"},
		"excel95b.xls":     {booktest.Compound("Workbook", older()), "before 1997"},
		"excel4.xls":       {[]byte("\x09\x04\x06\x00\x00\x04\x10\x00\x00\x00"), "before 1997"},
		"locked.xlsx":      {booktest.Compound("EncryptedPackage", nil), "password"},
		"letter.doc":       {booktest.Compound("WordDocument", nil), "Word"},
		"slides.ppt":       {booktest.Compound("PowerPoint Document", nil), "presentation"},
		"mail.msg":         {booktest.Compound("__properties_version1.0", nil), "Outlook"},
		"other.ole":        {booktest.Compound("Contents", nil), "older Microsoft Office"},
		"cut.xls":          {booktest.XLS(sample())[:1500], "damaged"},
		"locked.ods":       {booktest.PackODS(t, "x", map[string]string{"META-INF/manifest.xml": `<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>`}), "password"},
		"cut.ods":          {booktest.PackODS(t, booktest.ODSContent("document-content", sample())[:2000], nil), "damaged"},
		"letter.odt":       {zipped(map[string]string{"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}), "OpenDocument text"},
		"binary.xlsb":      {zipped(map[string]string{"xl/workbook.bin": "x"}), ".xlsb"},
		"letter.docx":      {zipped(map[string]string{"word/document.xml": "<x/>"}), "Word"},
		"slides.pptx":      {zipped(map[string]string{"ppt/presentation.xml": "<x/>"}), "presentation"},
		"apple.numbers":    {zipped(map[string]string{"Index/Document.iwa": "x"}), "Numbers"},
		"months.zip":       {zipped(map[string]string{"april.csv": "x", "may.xlsx": "x", "read me.pdf": "x"}), "3 files, 2 of which"},
		"one.zip":          {zipped(map[string]string{"april.csv": "x"}), "with a table in it"},
		"april.csv.gz":     {[]byte("\x1F\x8B\x08\x00rest"), "gzip"},
		"april.parquet":    {[]byte("PAR1\x15\x04\x15"), "Parquet"},
		"spend.sqlite":     {[]byte("SQLite format 3\x00rest"), "database"},
		"page.xls":         {[]byte("<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table>"), "web page with the name"},
		"page2.xls":        {[]byte("\n<table><tr><td>Supplier"), "web page with the name"},
		"report.pdf":       {[]byte("%PDF-1.4"), "PDF"},
		"book.mht":         {[]byte("MIME-Version: 1.0\r\n"), "web page"},
		"numbers of 1.wk1": {[]byte("\x00\x00\x02\x00\x06\x04\x06\x00\x08\x00"), "Lotus"},
	} {
		f, err := open(t, name, c.data)
		if err == nil {
			t.Errorf("%s is read as %s", name, f.Encoding)
			continue
		}
		if s := err.Error(); !errors.As(err, new(Refusal)) || !strings.Contains(s, c.says) || !strings.HasSuffix(s, ".") || !strings.Contains(s, ". ") || strings.Count(s, ". ") > 2 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatNoProgramWouldWriteEndsTheReading(t *testing.T) {
	content := booktest.ODSContent("document-content", []booktest.Sheet{{Name: "Jun"}})
	at := strings.Index(content, "<table:table-row")
	with := func(body string) []byte { return booktest.PackODS(t, content[:at]+body+content[at:], nil) }
	many := booktest.OldStream(sample(), false, 8224)
	b := &booktest.Stream{}
	b.Begin(oldVersion8, 5)
	for range 200 { // worksheets that share their records
		b.Record(oldSheet, append(append(booktest.LE(uint32(0)), 0, 0), booktest.Letters("Jun", 1)...))
	}
	b.Record(oldTexts, booktest.LE(uint32(1<<31), uint32(1<<31)))
	claims := b.Bytes()
	b.Record(oldEnd, nil)
	for name, data := range map[string][]byte{
		"rows without end": with(`<table:table-row table:number-rows-repeated="1000000">` + booktest.ODSCell(5, ` table:number-columns-repeated="1000"`) + "</table:table-row>"),
		"a mark too long":  with("<!--" + strings.Repeat("<", 2*maxText) + "-->"),
		"a text too long":  with("<table:table-row><table:table-cell>" + strings.Repeat("<text:p>"+strings.Repeat("x", 1000)+"</text:p>", 2000) + "</table:table-cell></table:table-row>"),
		"many worksheets":  booktest.PackODS(t, strings.ReplaceAll(content, "</office:spreadsheet>", strings.Repeat(`<table:table table:name="x"/>`, maxSheets)+"</office:spreadsheet>"), nil),
		"texts claimed":    booktest.Compound("Workbook", claims),
		"no end":           booktest.Compound("Workbook", many[:len(many)-8]),
		"a stream too long": func() []byte {
			x := booktest.XLS(sample())
			i := bytes.Index(x, booktest.LE([]uint16(booktest.Units("Workbook"))))
			copy(x[i+120:], booktest.LE(uint32(1<<31)))
			return x
		}(),
	} {
		if _, err := open(t, name, data); !errors.As(err, new(Refusal)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestABombAndOtherArchivesAreRefused(t *testing.T) {
	for name, data := range map[string][]byte{
		"large sheet":     booktest.Claiming(t, map[string]uint64{"xl/workbook.xml": 10, "xl/worksheets/sheet1.xml": unpacked + 1}),
		"overflowing sum": booktest.Claiming(t, map[string]uint64{"xl/workbook.xml": 1<<64 - 1, "xl/worksheets/sheet1.xml": 1<<64 - 1}),
		"shared texts":    booktest.Claiming(t, map[string]uint64{"xl/workbook.xml": 10, "xl/sharedStrings.xml": maxShared + 1}),
		"large picture":   booktest.Claiming(t, map[string]uint64{"xl/workbook.xml": 10, "xl/media/image1.png": unpackedHere}),
		"not a workbook":  booktest.Claiming(t, map[string]uint64{"word/document.xml": 10}),
		"no parts":        []byte("PK\x05\x06" + strings.Repeat("\x00", 18)),
		"nonsense inside": booktest.Claiming(t, map[string]uint64{"xl/workbook.xml": 10}),
	} {
		_, err := open(t, name, data)
		if !errors.As(err, new(Refusal)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatNoSpreadsheetWouldWriteIsRefusedBeforeItIsHeld(t *testing.T) {
	const sheet = "xl/worksheets/sheet1.xml"
	plain := booktest.Workbook(t, []string{"A"}, map[string][][]any{"A": {{"Supplier", "Date", "Amount"}, {"Heron Ltd", 41085, 1}}})
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
		parts := booktest.Parts(t, plain)
		change(parts)
		data := booktest.Archive(t, parts)
		f, err := open(t, name, data)
		if err == nil {
			err = eachRow(f, func(int, []string) {})
		}
		if !errors.As(err, new(Refusal)) && !errors.Is(err, errTooWide) {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
}

func TestARowThatClaimsAFarNumberEndsTheWorksheetNotTheDay(t *testing.T) {
	parts := booktest.Parts(t, booktest.Workbook(t, []string{"A"}, map[string][][]any{"A": {{"Supplier", "Date", "Amount"}, {"Heron Ltd", 41085, 1}, {"Egret Ltd", 41085, 2}}}))
	const sheet = "xl/worksheets/sheet1.xml"
	parts[sheet] = bytes.Replace(parts[sheet], []byte(`<row r="3"`), []byte(`<row r="2000000000"`), 1)
	data := booktest.Archive(t, parts)
	f, err := open(t, "far.xlsx", data)
	if err == nil {
		err = eachRow(f, func(int, []string) {})
	}
	if err == nil || Explain(err) != "it is damaged" {
		t.Error(err)
	}
}
