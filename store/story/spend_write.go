package story

import (
	"bytes"
	"cmp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/police-ict/handover/store/spend/sheet"
)

// A sampleColumn is one column of a layout.
type sampleColumn struct {
	field   sheet.Field
	heading string
}

// spacer is the field of a column that holds nothing.
const spacer = sheet.Field(255)

// columnsOf reads "field=heading|…", with fields as fieldCodes names them.
func columnsOf(s string) (all []sampleColumn) {
	for part := range strings.SplitSeq(s, "|") {
		code, heading, _ := strings.Cut(part, "=")
		all = append(all, sampleColumn{fieldCodes[code], heading})
	}
	return all
}

var fieldCodes = map[string]sheet.Field{
	"body": sheet.Body, "by": sheet.Spender, "day": sheet.DatePaid, "to": sheet.Supplier, "for": sheet.Purpose, "why": sheet.Reason, "kind": sheet.Category,
	"unit": sheet.CostCentre, "no": sheet.Transaction, "sum": sheet.Amount, "vat": sheet.VAT, "contract": sheet.Contract, "": spacer,
}

// sampleWriter writes the text of one file.
type sampleWriter struct {
	issue   sampleIssue
	layout  sampleLayout
	columns []sampleColumn
	out     []byte
	cell    []byte
}

// text writes the payments as the body's layout has it.
func (i sampleIssue) text(lines []sampleLine, sum int64) []byte {
	y := sampleLayouts[i.layout]
	w := &sampleWriter{issue: i, layout: y, out: make([]byte, 0, 260*len(lines)+4000)}
	w.columns = columnsOf(y.headings[i.order%len(y.headings)])
	for n := range y.titles {
		w.title(n)
	}
	if !y.headingsLast {
		w.heading()
	}
	for n, l := range lines {
		w.line(l)
		if note := i.unreadable(n, len(lines)); note != "" {
			w.reject(l, note)
		}
	}
	if y.total != "" {
		w.total(sum + i.slip())
	}
	for range y.blanks {
		w.out = append(w.out, strings.Repeat(string(y.delimiter), len(w.columns)-1)...)
		w.end()
	}
	if y.headingsLast {
		w.heading()
	}
	return y.encode(w.out)
}

// slip is the penny by which one file's own total is out.
func (i sampleIssue) slip() int64 {
	if i.Slug == slippedBody && i.order == 0 {
		return 1
	}
	return 0
}

// unreadable is what stands for the amount of a further row after the n-th, in
// some of the larger files.
func (i sampleIssue) unreadable(n, of int) string {
	if of < 60 || n%170 != 43 || (i.sampleBody.order+i.order)%8 != 1 {
		return ""
	}
	return [...]string{"see note", "25/06/2012900", "TBC", "See note 3"}[(n/170+i.order)%4]
}

func (w *sampleWriter) title(n int) {
	words := strings.ReplaceAll(w.layout.titles[n], "FORCE", w.issue.Force)
	w.put([]byte(words))
	for range len(w.columns) - 1 {
		w.out = append(w.out, w.layout.delimiter)
	}
	w.end()
}

func (w *sampleWriter) heading() {
	for c, column := range w.columns {
		w.next(c)
		w.put([]byte(column.heading))
	}
	w.out = append(w.out, cmp.Or(w.layout.headingEnd, w.layout.end)...)
}

func (w *sampleWriter) line(l sampleLine) {
	for c, column := range w.columns {
		w.next(c)
		w.field(column.field, l)
	}
	w.end()
}

// reject writes a row like the last whose amount cannot be read.
func (w *sampleWriter) reject(l sampleLine, note string) {
	for c, column := range w.columns {
		w.next(c)
		if column.field == sheet.Amount {
			w.put([]byte(note))
			continue
		}
		w.field(column.field, l)
	}
	w.end()
}

func (w *sampleWriter) total(sum int64) {
	for c, column := range w.columns {
		w.next(c)
		switch column.field {
		case sheet.Supplier:
			w.put([]byte(w.layout.total))
		case sheet.Amount:
			w.put(w.layout.money(w.cell[:0], sum))
		}
	}
	w.end()
}

func (w *sampleWriter) field(f sheet.Field, l sampleLine) {
	cell := w.cell[:0]
	switch f {
	case spacer:
		return
	case sheet.DatePaid:
		cell = w.layout.date(cell, l.day)
	case sheet.Amount:
		cell = w.layout.money(cell, l.pence)
	case sheet.VAT:
		cell = append(cell, "0.00"...)
	case sheet.Transaction:
		cell = strconv.AppendInt(cell, int64(l.number), 10)
	default:
		cell = append(cell, w.issue.words(f, l)...)
	}
	w.put(cell)
	w.cell = cell
}

func (w *sampleWriter) next(column int) {
	if column > 0 {
		w.out = append(w.out, w.layout.delimiter)
	}
}

func (w *sampleWriter) end() { w.out = append(w.out, w.layout.end...) }

// put writes a cell, in quotation marks where it holds the delimiter.
func (w *sampleWriter) put(cell []byte) {
	if bytes.IndexByte(cell, w.layout.delimiter) < 0 {
		w.out = append(w.out, cell...)
		return
	}
	w.out = append(append(append(w.out, '"'), cell...), '"')
}

// A sampleLayout is one way in which bodies set out their files. The kinds of
// mess are those of real files.
type sampleLayout struct {
	encoding     *charmap.Charmap // nil is UTF-8
	marked       bool             // begins with a byte order mark
	delimiter    byte
	end          string // of a line
	headingEnd   string // of the headings, where it is another
	days         string // how dates are written
	amounts      string // how amounts are written
	titles       []string
	headings     []string // one a file in turn
	total        string   // label of the row of the total
	blanks       int      // blank records after the last row
	headingsLast bool
}

var sampleMoneySigns = map[string][4]string{ // before, before a minus amount, after, after a minus amount
	"plain": {"", "-", "", ""}, "grouped": {"", "-", "", ""}, "pounds": {"£", "-£", "", ""}, "trailing": {"", "", "", "-"}, "brackets": {"", "(", "", ")"},
}

// money writes an amount.
func (y sampleLayout) money(b []byte, pence int64) []byte {
	signs, minus := sampleMoneySigns[y.amounts], 0
	if pence < 0 {
		minus, pence = 1, -pence
	}
	b = append(b, signs[minus]...)
	whole := strconv.FormatInt(pence/100, 10)
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 && y.amounts != "plain" {
			b = append(b, ',')
		}
		b = append(b, whole[i])
	}
	b = append(b, '.', byte('0'+pence/10%10), byte('0'+pence%10))
	return append(b, signs[2+minus]...)
}

// date writes a day.
func (y sampleLayout) date(b []byte, day int32) []byte {
	year, month, n := int(day)/10000, int(day)/100%100, int(day)%100
	name := time.Month(month).String()[:3]
	days := y.days
	if days == "two kinds" {
		days = [...]string{"dd/mm/yyyy", "dd-Mon-yy"}[n%2]
	}
	switch days {
	case "yyyy-mm-dd":
		return pair(pair(strconv.AppendInt(b, int64(year), 10), '-', month), '-', n)
	case "d/m/yy":
		b = append(strconv.AppendInt(b, int64(n), 10), '/')
		b = append(strconv.AppendInt(b, int64(month), 10), '/')
		return strconv.AppendInt(b, int64(year%100), 10)
	case "dd-Mon-yy":
		b = append(append(append(pair(b, 0, n), '-'), name...), '-')
		return strconv.AppendInt(b, int64(year%100), 10)
	case "dd Mon yyyy":
		b = append(append(append(pair(b, 0, n), ' '), name...), ' ')
		return strconv.AppendInt(b, int64(year), 10)
	}
	b = append(pair(pair(b, 0, n), '/', month), '/')
	b = strconv.AppendInt(b, int64(year), 10)
	if days == "midnight" {
		b = append(b, " 00:00:00"...)
	}
	return b
}

// pair writes a mark, unless it is 0, and two digits.
func pair(b []byte, mark byte, n int) []byte {
	if mark != 0 {
		b = append(b, mark)
	}
	return append(b, byte('0'+n/10), byte('0'+n%10))
}

// encode turns the text into the layout's encoding.
func (y sampleLayout) encode(text []byte) []byte {
	switch {
	case y.marked:
		return append([]byte("\uFEFF"), text...)
	case y.encoding == nil:
		return text
	}
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		i := bytes.IndexFunc(text, func(r rune) bool { return r > 127 })
		if i < 0 {
			return append(out, text...)
		}
		out = append(out, text[:i]...)
		r, n := utf8.DecodeRune(text[i:])
		c, ok := y.encoding.EncodeRune(r)
		if !ok { // code page 850 has neither
			c = map[rune]byte{'–': '-', '’': '\''}[r]
		}
		out, text = append(out, c), text[i+n:]
	}
	return out
}
