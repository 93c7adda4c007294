package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

// What a cell of a test may hold beside a text, a number and nil.
type (
	onDay   time.Time
	inMoney struct {
		pounds float64
		code   string
	}
	formulaA struct{ value any }   // without one where it is nil
	shown    struct{ text string } // an error of the spreadsheet
	spanned  struct {              // over rows
		value any
		rows  int
	}
)

// aSheet is a worksheet that is written in each format.
type aSheet struct {
	name   string
	hidden bool
	rows   [][]any
}

func dayIn(y, m, d int) onDay { return onDay(time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)) }

func (d onDay) serial() float64 {
	return time.Time(d).Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24
}

func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

// odsCell is a cell as OpenDocument has it.
func odsCell(v any, more string) string {
	switch v := v.(type) {
	case nil:
		return "<table:table-cell" + more + "/>"
	case string:
		return fmt.Sprintf(`<table:table-cell%s office:value-type="string" calcext:value-type="string"><text:p>%s</text:p></table:table-cell>`, more, escaped(v))
	case int:
		return odsCell(float64(v), more)
	case float64:
		return fmt.Sprintf(`<table:table-cell%s office:value-type="float" office:value="%v"><text:p>%.2f</text:p></table:table-cell>`, more, v, v)
	case onDay:
		return fmt.Sprintf(`<table:table-cell%s office:value-type="date" office:date-value="%s"><text:p>%s</text:p></table:table-cell>`, more, time.Time(v).Format("2006-01-02"), time.Time(v).Format("02/01/06"))
	case inMoney:
		return fmt.Sprintf(`<table:table-cell%s office:value-type="currency" office:currency="%s" office:value="%v"><text:p>%v</text:p></table:table-cell>`, more, v.code, v.pounds, v.pounds)
	case formulaA:
		return odsCell(v.value, more+` table:formula="of:=[.A1]"`)
	case shown:
		return fmt.Sprintf(`<table:table-cell%s office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>%s</text:p></table:table-cell>`, more, v.text)
	case spanned:
		return odsCell(v.value, fmt.Sprintf(`%s table:number-columns-spanned="1" table:number-rows-spanned="%d"`, more, v.rows))
	}
	panic(v)
}

// odsContent is the part that holds the worksheets; root is "document-content" or
// "document" for a flat file.
func odsContent(root string, sheets []aSheet) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?><office:%s xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" office:version="1.2" office:mimetype="%s">`, root, openDocument)
	b.WriteString(`<office:automatic-styles><style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/></style:style><style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet>`)
	for _, s := range sheets {
		style := "ta1"
		if s.hidden {
			style = "ta2"
		}
		fmt.Fprintf(&b, `<table:table table:name="%s" table:style-name="%s"><table:table-column table:number-columns-repeated="16384"/>`, escaped(s.name), style)
		for _, row := range s.rows {
			b.WriteString("<table:table-row>")
			for _, v := range row {
				b.WriteString(odsCell(v, ""))
			}
			b.WriteString(`<table:table-cell table:number-columns-repeated="16000"/></table:table-row>`)
		}
		b.WriteString(`<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>`)
	}
	b.WriteString("</office:spreadsheet></office:body></office:" + root + ">")
	return b.String()
}

// odsOf packs parts of an OpenDocument spreadsheet.
func odsOf(t testing.TB, content string, more map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	put := func(name, text string, method uint16) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	put("mimetype", openDocument, zip.Store)
	put("content.xml", content, zip.Deflate)
	for name, text := range more {
		put(name, text, zip.Deflate)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asODS(t testing.TB, sheets []aSheet) []byte {
	return odsOf(t, odsContent("document-content", sheets), nil)
}

// biff writes the records of an old Excel workbook.
type biff struct {
	bytes.Buffer
	texts    []string
	from1904 bool
}

func le(values ...any) []byte {
	var b bytes.Buffer
	for _, v := range values {
		_ = binary.Write(&b, binary.LittleEndian, v)
	}
	return b.Bytes()
}

func (b *biff) record(kind uint16, data []byte) {
	b.Write(le(kind, uint16(len(data))))
	b.Write(data)
}

// oldLetters is a text with the number of its letters in some bytes; wide where a
// letter needs it.
func oldLetters(s string, bytes int) []byte {
	units := utf16.Encode([]rune(s))
	var out []byte
	if bytes == 1 {
		out = []byte{byte(len(units))}
	} else {
		out = le(uint16(len(units)))
	}
	wide := false
	for _, u := range units {
		wide = wide || u > 255
	}
	if wide {
		return append(append(out, 1), le(units)...)
	}
	out = append(out, 0)
	for _, u := range units {
		out = append(out, byte(u))
	}
	return out
}

// Styles that the test's workbooks have: 0 plain, 1 a day, 2 dollars, 3 pounds.
var oldForms = []string{"General", "dd/mm/yyyy", `[$$-409]#,##0.00`, `[$£-809]#,##0.00`}

func (b *biff) cell(row, column int, v any) {
	at := func(style int) []byte { return le(uint16(row), uint16(column), uint16(style)) }
	switch v := v.(type) {
	case nil:
		b.record(0x0201, at(0))
	case string:
		b.texts = append(b.texts, v)
		b.record(oldText, append(at(0), le(uint32(len(b.texts)-1))...))
	case int:
		b.record(oldRK, append(at(0), le(uint32(v<<2|2))...))
	case float64:
		b.record(oldNumber, append(at(0), le(v)...))
	case onDay:
		n := v.serial()
		if b.from1904 {
			n -= 1462
		}
		b.record(oldNumber, append(at(1), le(n)...))
	case inMoney:
		style := 3
		if v.code == "USD" {
			style = 2
		}
		b.record(oldNumber, append(at(style), le(v.pounds)...))
	case shown:
		b.record(oldBool, append(at(0), 0x17, 1))
	case formulaA:
		b.formula(at(0), v.value)
	case spanned:
		b.cell(row, column, v.value)
	default:
		panic(v)
	}
}

func (b *biff) formula(at []byte, value any) {
	write := func(value []byte) {
		b.record(oldFormula, append(append(at, value...), le(uint16(0), uint32(0), uint16(0))...))
	}
	switch v := value.(type) {
	case nil:
		write([]byte{3, 0, 0, 0, 0, 0, 0xFF, 0xFF})
	case float64:
		write(le(v))
	case string:
		write([]byte{0, 0, 0, 0, 0, 0, 0xFF, 0xFF})
		b.record(0x04BC, []byte{0, 0})
		b.record(oldString, oldLetters(v, 2))
	}
}

func (b *biff) begin(version, kind uint16) {
	b.record(oldBegin, le(version, kind, uint16(0), uint16(0), uint32(0), uint32(0)))
}

// asOld is the stream of an old workbook. Shared texts are cut into records of so
// many bytes.
func asOld(sheets []aSheet, from1904 bool, piece int) []byte {
	tail := &biff{from1904: from1904}
	var starts []int
	for _, s := range sheets {
		starts = append(starts, tail.Len())
		tail.begin(oldVersion8, 0x10)
		merged := le(uint16(0))
		for r, row := range s.rows {
			for c, v := range row {
				tail.cell(r, c, v)
				if m, ok := v.(spanned); ok {
					merged = append(merged, le(uint16(r), uint16(r+m.rows-1), uint16(c), uint16(c))...)
				}
			}
		}
		tail.record(oldMerged, merged)
		tail.record(oldEnd, nil)
	}
	head := &biff{}
	var all [2]int
	for pass := range all { // once for its length
		head = &biff{}
		head.begin(oldVersion8, 5)
		head.record(0x0042, le(uint16(1200)))
		if from1904 {
			head.record(oldDates, le(uint16(1)))
		}
		for i, form := range oldForms {
			head.record(oldFormat, append(le(uint16(164+i)), oldLetters(form, 2)...))
			head.record(oldStyle, append(le(uint16(0), uint16(164+i)), make([]byte, 16)...))
		}
		for i, s := range sheets {
			hidden := byte(0)
			if s.hidden {
				hidden = 1
			}
			head.record(oldSheet, append(append(le(uint32(all[0]+starts[i])), hidden, 0), oldLetters(s.name, 1)...))
		}
		head.sharedTexts(tail.texts, piece)
		head.record(oldEnd, nil)
		all[pass] = head.Len()
	}
	return append(head.Bytes(), tail.Bytes()...)
}

// sharedTexts writes the texts, in records of at most so many bytes: what cuts
// the letters of a text says anew how wide they are.
func (b *biff) sharedTexts(texts []string, piece int) {
	kind, data := uint16(oldTexts), le(uint32(len(texts)), uint32(len(texts)))
	flush := func() {
		b.record(kind, data)
		kind, data = oldMore, nil
	}
	for _, s := range texts {
		whole := oldLetters(s, 2)
		head, wide := whole[:3], whole[2]
		if len(data)+4 > piece {
			flush()
		}
		data = append(data, head...)
		for rest := whole[3:]; len(rest) > 0; {
			width := 1 + int(wide)
			if len(data)+width > piece {
				flush()
				data = []byte{wide}
			}
			data, rest = append(data, rest[:width]...), rest[width:]
		}
	}
	flush()
}

// compound packs a stream as Microsoft's older programs do.
func compound(name string, stream []byte) []byte {
	const sector, end, fat, free = 512, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
	for len(stream) < 4096 || len(stream)%sector != 0 {
		stream = append(stream, 0)
	}
	n := len(stream) / sector
	fats, lists := 1, 0 // sectors of the table, and of the list of these beyond 109
	for fats*128 < n+1+fats+lists {
		fats++
		lists = max(0, (fats-109+126)/127)
	}
	table := make([]uint32, fats*128)
	for i := range table {
		switch {
		case i < n-1:
			table[i] = uint32(i + 1)
		case i == n-1, i == n:
			table[i] = end
		case i <= n+fats:
			table[i] = fat
		case i <= n+fats+lists:
			table[i] = fat - 1
		default:
			table[i] = free
		}
	}
	list := make([]uint32, 109+127*lists)
	for i := range list {
		list[i] = free
		if i < fats {
			list[i] = uint32(n + 1 + i)
		}
	}
	first := uint32(end)
	if lists > 0 {
		first = uint32(n + 1 + fats)
	}
	head := append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), make([]byte, 16)...)
	head = append(head, le(uint16(0x3E), uint16(3), uint16(0xFFFE), uint16(9), uint16(6), uint16(0), uint32(0), uint32(0), uint32(fats), uint32(n), uint32(0), uint32(4096), uint32(end), uint32(0), first, uint32(lists))...)
	head = append(head, le(list[:109])...)
	var more []byte
	for i := range lists {
		next := uint32(n + 2 + fats + i)
		if i == lists-1 {
			next = end
		}
		more = append(more, le(list[109+127*i:109+127*(i+1)], next)...)
	}
	entry := func(name string, kind byte, child, start, size uint32) []byte {
		units := utf16.Encode([]rune(name + "\x00"))
		e := append(le(units), make([]byte, 64-2*len(units))...)
		e = append(e, le(uint16(2*len(units)), kind, byte(1), uint32(free), uint32(free), child)...)
		e = append(e, make([]byte, 36)...)
		return append(e, le(start, size, uint32(0))...)
	}
	folder := append(entry("Root Entry", 5, 1, end, 0), entry(name, 2, free, 0, uint32(len(stream)))...)
	folder = append(folder, make([]byte, 256)...)
	return bytes.Join([][]byte{head, stream, folder, le(table), more}, nil)
}

func asXLS(sheets []aSheet) []byte { return compound("Workbook", asOld(sheets, false, 8224)) }

// asMarkup is the workbook as Excel 2003 writes it in XML.
func asMarkup(sheets []aSheet) []byte {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">")
	data := func(kind, s string) string { return `<Data ss:Type="` + kind + `">` + escaped(s) + "</Data>" }
	var inside func(v any) (attributes, data string)
	inside = func(v any) (string, string) {
		switch v := v.(type) {
		case string:
			return "", data("String", v)
		case int, float64:
			return "", data("Number", fmt.Sprint(v))
		case onDay:
			return "", data("DateTime", time.Time(v).Format("2006-01-02T15:04:05.000"))
		case inMoney:
			return "", data("Number", fmt.Sprint(v.pounds))
		case shown:
			return "", data("Error", v.text)
		case formulaA:
			_, d := inside(v.value)
			return ` ss:Formula="=RC[-1]"`, d
		case spanned:
			_, d := inside(v.value)
			return fmt.Sprintf(` ss:MergeDown="%d"`, v.rows-1), d
		}
		return "", ""
	}
	for _, s := range sheets {
		fmt.Fprintf(&b, `<Worksheet ss:Name="%s"><Table>`, escaped(s.name))
		for r, row := range s.rows {
			if len(row) == 0 {
				continue
			}
			fmt.Fprintf(&b, `<Row ss:Index="%d">`, r+1)
			for c, v := range row {
				if v != nil {
					a, d := inside(v)
					fmt.Fprintf(&b, `<Cell ss:Index="%d"%s>%s</Cell>`, c+1, a, d)
				}
			}
			b.WriteString("</Row>")
		}
		b.WriteString("</Table>")
		if s.hidden {
			b.WriteString(`<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>`)
		}
		b.WriteString("</Worksheet>")
	}
	return []byte(b.String() + "</Workbook>")
}

// asXLSX is the same workbook as the library writes it, with days as they are
// stored.
func asXLSX(t testing.TB, sheets []aSheet) []byte {
	var names []string
	rows := map[string][][]any{}
	var plain func(v any) any
	plain = func(v any) any {
		switch v := v.(type) {
		case onDay:
			if n := v.serial(); n == math.Trunc(n) {
				return int(n)
			}
			return v.serial()
		case inMoney:
			return v.pounds
		case shown:
			return v.text
		case formulaA:
			return plain(v.value)
		case spanned:
			return plain(v.value)
		}
		return v
	}
	for _, s := range sheets {
		names = append(names, s.name)
		for _, row := range s.rows {
			var out []any
			for _, v := range row {
				out = append(out, plain(v))
			}
			rows[s.name] = append(rows[s.name], out)
		}
	}
	return workbook(t, names, rows)
}

func utf(s string) []uint16 { return utf16.Encode([]rune(s)) }
