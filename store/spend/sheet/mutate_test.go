package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"hash/fnv"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	utf16 "golang.org/x/text/encoding/unicode"

	"github.com/police-ict/handover/store/book"
)

// A table is written in many ways that a publisher might choose; each must be
// read to the same lines and the same sum.
type table struct {
	head                   []string
	rows                   [][]string
	amount, date, supplier int // columns; negative for none
	blanks                 int // to append
}

// reading is what must not depend on how a table is written.
type reading struct {
	lines    int
	pence    int64
	rejected int
	negative int
	redacted int
	names    uint64 // of suppliers, in order
	days     uint64
}

func readingOf(t testing.TB, f *File) (reading, *Summary) {
	t.Helper()
	names, days := fnv.New64(), fnv.New64()
	sum, err := f.Rows(func(r *Row) error {
		if r.Kind == Line {
			fmt.Fprintln(names, strings.Join(strings.Fields(r.Text(Supplier)), " "))
			fmt.Fprintln(days, r.Date)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return reading{sum.Lines, sum.Pence, sum.Rejected, sum.Negative, sum.Redacted, names.Sum64(), days.Sum64()}, sum
}

func clone(t table) table {
	t.head = slices.Clone(t.head)
	rows := make([][]string, len(t.rows))
	for i, row := range t.rows {
		rows[i] = slices.Clone(row)
	}
	t.rows = rows
	return t
}

// csvOf writes records with a delimiter, quoting where it must.
func csvOf(delim rune, records ...[]string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = delim
	for _, record := range records {
		_ = w.Write(record)
	}
	w.Flush()
	return b.String()
}

func (t table) records() [][]string { return append([][]string{t.head}, t.rows...) }

func (t table) csv() string { return csvOf(',', t.records()...) }

// each changes one column of every row that has it.
func (t table) each(column int, change func(string) string) table {
	t = clone(t)
	for _, row := range t.rows {
		if column >= 0 && column < len(row) {
			row[column] = change(row[column])
		}
	}
	return t
}

// money rewrites the amounts that can be read.
func (t table) money(write func(pence int64) string) table {
	return t.each(t.amount, func(s string) string {
		pence, rounded, why := ParseAmount(s)
		if why != "" || rounded {
			return s
		}
		return write(pence)
	})
}

func grouped(pence int64) string {
	s := strconv.FormatInt(pence/100, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return fmt.Sprintf("%s.%02d", s, pence%100)
}

// days rewrites the dates that can be read.
func (t table) days(layout string) table {
	return t.each(t.date, func(s string) string {
		d := ParseDate(s)
		if d.IsZero() || d.WholeMonth || d.Year < 2000 {
			return s
		}
		day := time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC)
		if layout == "serial" {
			return strconv.Itoa(int(day.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24))
		}
		return day.Format(layout)
	})
}

// spaced puts n empty columns before each column.
func (t table) spaced(n int) table {
	t = clone(t)
	spread := func(row []string) []string {
		var out []string
		for _, c := range row {
			out = append(append(out, make([]string, n)...), c)
		}
		return out
	}
	t.head = spread(t.head)
	for i, row := range t.rows {
		t.rows[i] = spread(row)
	}
	return t
}

// helped adds columns without headings, as people who work with a file do.
func (t table) helped() table {
	t = clone(t)
	for i, row := range t.rows {
		row = append(row, make([]string, max(0, len(t.head)-len(row)))...)
		t.rows[i] = append(row, "", strconv.Itoa(i+1), fmt.Sprintf("%d.25", i*7), []string{"ok", "", "checked"}[i%3])
	}
	return t
}

func (t table) reversed() table {
	t = clone(t)
	width := len(t.head)
	for _, row := range t.records() {
		width = max(width, len(row))
	}
	turn := func(row []string) []string {
		row = append(row, make([]string, width-len(row))...)
		slices.Reverse(row)
		return row
	}
	t.head = turn(t.head)
	for i, row := range t.rows {
		t.rows[i] = turn(row)
	}
	return t
}

func (t table) headings(change func(string) string) table {
	t = clone(t)
	for i, h := range t.head {
		t.head[i] = change(h)
	}
	return t
}

// swapped changes two letters in the middle of a long heading.
func swapped(h string) string {
	i := len(h) / 2
	if len(letters(h)) < 9 || !isASCII(h) || class(h[i]) != 'a' || class(h[i+1]) != 'a' || h[i] == h[i+1] {
		return h
	}
	return h[:i] + string(h[i+1]) + string(h[i]) + h[i+2:]
}

// dropped leaves out a letter in the middle of a long heading.
func dropped(h string) string {
	i := len(h) / 2
	if len(letters(h)) < 9 || !isASCII(h) || class(h[i]) != 'a' {
		return h
	}
	return h[:i] + h[i+1:]
}

// with adds a record at the end.
func (t table) with(cells map[int]string) table {
	t = clone(t)
	row := make([]string, len(t.head))
	for i, c := range cells {
		row[i] = c
	}
	t.rows = append(t.rows, row)
	return t
}

func (t table) before() int { return (t.amount + len(t.head) - 1) % len(t.head) }

// ways are the mutations that must change neither lines nor sum.
func (t table) ways() map[string]string {
	text := t.csv()
	lines := func(s string) string { return strings.ReplaceAll(text, "\n", s) }
	titles := func(n int) string {
		s := "Payments to suppliers of more than £500\n"
		for i := 1; i < n; i++ {
			s += []string{"\n", "Marsh Police,,,\n", "Finance Directorate\n", "Published under the Specified Information Order\n", "\"Run on 3 July 2012, page 1\"\n"}[i%5]
		}
		return s + text
	}
	first := strings.Index(text, "\n")
	ways := map[string]string{
		"written again": text, "CRLF": lines("\r\n"), "CR": lines("\r"), "CRCRLF": lines("\r\r\n"), "CRLF then CR": text[:first] + "\r\n" + strings.ReplaceAll(text[first+1:], "\n", "\r"),
		"semicolons": csvOf(';', t.records()...), "tabs": csvOf('\t', t.records()...), "bars": csvOf('|', t.records()...),
		"1 title": titles(1), "2 titles": titles(2), "4 titles": titles(4), "9 titles": titles(9),
		"headings last":               csvOf(',', append(slices.Clone(t.rows), t.head)...),
		"a spacer":                    t.spaced(1).csv(),
		"three spacers":               t.spaced(3).csv(),
		"helper columns":              t.helped().csv(),
		"reversed":                    t.reversed().csv(),
		"padded headings":             t.headings(func(h string) string { return "  " + h + "   " }).csv(),
		"loud headings":               t.headings(strings.ToUpper).csv(),
		"starred":                     t.headings(func(h string) string { return "* " + h }).csv(),
		"underlined":                  t.headings(func(h string) string { return strings.ReplaceAll(h, " ", "_") }).csv(),
		"broken headings":             t.headings(func(h string) string { return strings.ReplaceAll(h, " ", "\n") }).csv(),
		"letters swapped":             t.headings(swapped).csv(),
		"letters dropped":             t.headings(dropped).csv(),
		"blank records":               text + strings.Repeat(strings.Repeat(",", len(t.head)-1)+"\n", t.blanks),
		"blank lines":                 text + strings.Repeat("\n", t.blanks),
		"blank lines before the rows": text[:first+1] + strings.Repeat("\n", 3) + text[first+1:],
		"all quoted":                  quotedAll(t.records()),
		"many more columns":           strings.ReplaceAll(strings.ReplaceAll(t.each(-1, nil).flat().csv(), "\n", strings.Repeat(",", 9)+"\n"), "\r", ""),
		"pounds":                      t.money(func(p int64) string { return sign(p, "-") + "£" + grouped(abs(p)) }).csv(),
		"pounds, minus within":        t.money(func(p int64) string { return "£" + sign(p, "-") + grouped(abs(p)) }).csv(),
		"padded amounts":              t.money(func(p int64) string { return " " + sign(p, "-") + grouped(abs(p)) + "  " }).csv(),
		"brackets": t.money(func(p int64) string {
			if p < 0 {
				return "(" + grouped(-p) + ")"
			}
			return grouped(p)
		}).csv(),
		"minus behind": t.money(func(p int64) string { return grouped(abs(p)) + sign(p, "-") }).csv(),
		"CR behind":    t.money(func(p int64) string { return grouped(abs(p)) + sign(p, " CR") }).csv(),
		"binary tails": t.money(func(p int64) string { return strconv.FormatFloat(math.Nextafter(float64(p)/100, 1e18), 'f', -1, 64) }).csv(),
		"no pence": t.money(func(p int64) string {
			return strings.TrimSuffix(fmt.Sprintf("%s%d.%02d", sign(p, "-"), abs(p)/100, abs(p)%100), ".00")
		}).csv(),
	}
	for _, layout := range []string{"02/01/2006", "2/1/06", "02-Jan-06", "02 Jan 2006", "2006-01-02", "02.01.2006", "20060102", "2 January 2006", "Monday, 2 January 2006", "02/01/2006 15:04", "2006-01-02T15:04:05", "2006-01-02 00:00:00.000", "02-01-2006", "02Jan2006", "serial"} {
		ways["days as "+layout] = t.days(layout).csv()
	}
	for name, encode := range encoders {
		if data, ok := encode(text); ok {
			ways["in "+name] = data
		}
	}
	return ways
}

// flat takes line ends out of cells.
func (t table) flat() table {
	t = clone(t)
	for _, row := range t.records() {
		for i, c := range row {
			row[i] = strings.Join(strings.Fields(c), " ")
		}
	}
	return t
}

func quotedAll(records [][]string) string {
	var b strings.Builder
	for _, record := range records {
		for i, c := range record {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + strings.ReplaceAll(c, `"`, `""`) + `"`)
		}
		b.WriteString("\r\n")
	}
	return b.String()
}

func abs(p int64) int64 { return max(p, -p) }

func sign(p int64, mark string) string {
	if p < 0 {
		return mark
	}
	return ""
}

var encoders = map[string]func(string) (string, bool){
	"UTF-8 with a mark":      func(s string) (string, bool) { return "\uFEFF" + s, true },
	"windows-1252":           oneByte(charmap.Windows1252),
	"DOS":                    oneByte(charmap.CodePage850),
	"Mac":                    oneByte(charmap.Macintosh),
	"UTF-16 little":          twoBytes(utf16.LittleEndian, utf16.UseBOM),
	"UTF-16 big":             twoBytes(utf16.BigEndian, utf16.UseBOM),
	"UTF-16 little, no mark": twoBytes(utf16.LittleEndian, utf16.IgnoreBOM),
	"UTF-16, CRLF": func(s string) (string, bool) {
		return twoBytes(utf16.LittleEndian, utf16.UseBOM)(strings.ReplaceAll(s, "\n", "\r\n"))
	},
	"UTF-16, tabs, as by Excel": func(s string) (string, bool) {
		if strings.ContainsAny(s, "\"\t") {
			return "", false
		}
		return twoBytes(utf16.LittleEndian, utf16.UseBOM)(strings.ReplaceAll(s, ",", "\t"))
	},
}

func oneByte(c *charmap.Charmap) func(string) (string, bool) {
	return func(s string) (string, bool) {
		out, err := c.NewEncoder().String(s)
		return out, err == nil
	}
}

func twoBytes(order utf16.Endianness, mark utf16.BOMPolicy) func(string) (string, bool) {
	return func(s string) (string, bool) {
		out, err := utf16.UTF16(order, mark).NewEncoder().String(s)
		return out, err == nil
	}
}

// mutate reads a table written in every way and compares.
func mutate(t *testing.T, base table) {
	f := recognise(t, base.csv())
	want, sum := readingOf(t, f)
	sure := f.Sure()
	for name, data := range base.ways() {
		f, err := Recognise(strings.NewReader(data), int64(len(data)), name, 0)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, _ := readingOf(t, f)
		if got.redacted != want.redacted && got.redacted == 0 {
			got.redacted = want.redacted
		}
		if got != want || f.Sure() != sure {
			t.Errorf("%s:\n%+v, sure %v %q, not\n%+v; %s, delimiter %q, header %d, mapping %v", name, got, f.Sure(), f.Sheets[0].Doubts, want, f.Encoding, f.Delimiter, f.Sheets[0].HeaderRecord, f.Sheets[0].Mapping)
		}
	}
	base.totals(t, want, sum)
	base.workbooks(t, want)
}

// totals adds a total row of each kind, right and a penny out.
func (t table) totals(tt *testing.T, want reading, sum *Summary) {
	if sum.Totals > 0 || len(t.rows) < 10 {
		return
	}
	labelled := map[string]int{"in the first column": 0, "before the amount": t.before()}
	if t.supplier >= 0 {
		labelled["as a supplier"] = t.supplier
	}
	for _, out := range []int64{0, 1} {
		stated := want.pence + out
		figure := sign(stated, "-") + "£" + grouped(abs(stated))
		for where, column := range labelled {
			for _, label := range []string{"Total", "GRAND TOTAL:"} {
				t.checkTotal(tt, fmt.Sprintf("%s %s, %d out", label, where, out), t.with(map[int]string{column: label, t.amount: figure}), want, stated)
			}
		}
		t.checkTotal(tt, fmt.Sprintf("no label, %d out", out), t.with(map[int]string{t.amount: figure}), want, stated)
	}
}

func (t table) checkTotal(tt *testing.T, name string, with table, want reading, stated int64) {
	if t.amount == 0 {
		return
	}
	f := recognise(tt, with.csv())
	got, sum := readingOf(tt, f)
	if got != want || sum.Totals != 1 || sum.Stated == nil || *sum.Stated != stated || *sum.Agrees != (stated == want.pence) {
		tt.Errorf("%s: %+v, not %+v; %d totals, stated %v", name, got, want, sum.Totals, sum.Stated)
	}
}

// workbooks writes the table as one worksheet and as three.
func (t table) workbooks(tt *testing.T, want reading) {
	third := len(t.rows) / 3
	turned := t.reversed()
	padded := t.headings(func(h string) string { return " " + h + " " })
	for name, sheets := range map[string][]table{
		"one worksheet": {t},
		"three":         {{head: t.head, rows: t.rows[:third]}, {head: padded.head, rows: t.rows[third : 2*third]}, {head: turned.head, rows: turned.rows[2*third:]}},
	} {
		if third < 10 && len(sheets) > 1 {
			continue
		}
		for _, tail := range []bool{true} {
			for i := range sheets {
				sheets[i].amount, sheets[i].date = t.amount, t.date
				if i == 2 {
					width := len(turned.head)
					sheets[i].amount, sheets[i].date = width-1-t.amount, width-1-t.date
				}
			}
			data := workbookOf(tt, sheets, tail)
			f, err := Recognise(bytes.NewReader(data), int64(len(data)), name, 0)
			if err != nil {
				tt.Errorf("%s: %v", name, err)
				continue
			}
			got, _ := readingOf(tt, f)
			if got != want {
				tt.Errorf("%s, tails %v: %+v, not %+v; %v", name, tail, got, want, f.Sheets[0].Mapping)
			}
			for _, s := range f.Sheets {
				if !s.Sure {
					tt.Logf("%s: %q", name, s.Doubts)
				}
			}
			_ = f.Close()
		}
	}
}

// workbookOf writes amounts as numbers and days as serials.
func workbookOf(t *testing.T, sheets []table, tail bool) []byte {
	book := excelize.NewFile()
	defer book.Close()
	for i, s := range sheets {
		name := "Sheet" + strconv.Itoa(i+1)
		if i > 0 {
			if _, err := book.NewSheet(name); err != nil {
				t.Fatal(err)
			}
		}
		w, err := book.NewStreamWriter(name)
		if err != nil {
			t.Fatal(err)
		}
		serials := s.days("serial")
		for r, row := range s.records() {
			cells := make([]any, len(row))
			for c, text := range row {
				cells[c] = text
				if r == 0 {
					continue
				}
				pence, rounded, why := ParseAmount(text)
				switch {
				case c == s.amount && why == "" && !rounded:
					v := float64(pence) / 100
					if tail {
						v = math.Nextafter(v, 1e18)
					}
					cells[c] = v
				case c == s.date && c < len(serials.rows[r-1]):
					if n, err := strconv.Atoi(serials.rows[r-1][c]); err == nil {
						cells[c] = n
					}
				}
			}
			if err := w.SetRow("A"+strconv.Itoa(r+1), cells); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestHowATableIsWrittenDoesNotChangeItsSum(t *testing.T) {
	for _, name := range []string{"central government", "transparency code", "commissioner", "gross, VAT, net", "purchase cards", "force, voucher", "only a month", "line and invoice totals"} {
		t.Run(name, func(t *testing.T) {
			data, want := inventedTable(headings[name], 60)
			records, err := csv.NewReader(strings.NewReader(data)).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			base := table{head: records[0], rows: records[1:], amount: want[Amount], date: want[DatePaid], supplier: want[Supplier], blanks: 20_000}
			for i, row := range base.rows {
				switch {
				case i%9 == 4:
					row[base.amount] = "-" + row[base.amount]
				case i%9 == 5:
					row[base.supplier] = "Café Énorme Ltd"
				}
			}
			mutate(t, base)
		})
	}
}

func TestHowAPublishedFileIsWrittenDoesNotChangeItsSum(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(published(t), "*", "*.csv"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no published files: %v", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(filepath.Dir(path))+"/"+filepath.Base(path), func(t *testing.T) {
			if base, ok := publishedTable(t, path); ok {
				mutate(t, base)
			}
		})
	}
}

// mutatedRows of each published file keep the test short.
const mutatedRows = 80

// publishedTable reads the first rows of a published file below its headings.
func publishedTable(t *testing.T, path string) (table, bool) {
	f, err := openFile(t, path)
	if err != nil {
		return table{}, false
	}
	s := f.Sheets[0]
	base := table{head: s.Header, amount: s.column(Amount), date: s.column(DatePaid), supplier: s.column(Supplier), blanks: 1000}
	_, err = f.Rows(func(r *Row) error {
		if len(base.rows) < mutatedRows && r.Kind == Line {
			base.rows = append(base.rows, book.Cells(r.Raw, f.Delimiter))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return base, len(base.rows) > 0
}
