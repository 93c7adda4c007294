package register

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/book"
	"github.com/police-ict/handover/store/contracts/notice"
	"github.com/police-ict/handover/store/spend/sheet"
	"github.com/police-ict/handover/store/text"
)

// Refusal is why a file is refused whole: one plain sentence for a person.
type Refusal = book.Refusal

// NoHeadings is the refusal of a table that is no register.
const NoHeadings = Refusal("No row of the file has the headings of a contract register: a reference or title, a supplier, and when the contract starts or ends.")

// Mapping is the column of each field, counted from 0.
type Mapping map[Field]int

// File is a table or workbook of contracts that was opened. It keeps the reader
// that it was given; the caller may correct the columns before Read.
type File struct {
	Name      string
	Shape     notice.Shape
	Encoding  string
	Delimiter byte // 0 for a workbook
	Sheets    []Sheet
	Currency  string // of amounts that name none

	book    *book.File
	profile profile
}

// Sheet is one table: a text file, or one worksheet of a workbook.
type Sheet struct {
	Name         string   // of the worksheet; empty for a text file
	Titles       []string // rows above the headings
	Header       []string
	HeaderRecord int
	Mapping      Mapping
	People       []int    // columns that hold people, which are not read
	Notices      []string // whole sentences on how it is read
	LeftOut      string   // why the worksheet is not read: a phrase; empty where it is
	Sample       [][]string

	order sheet.Order // of day and month in dates of figures
	money notice.Reading
	reach []int // columns that hold contact details without a name
}

// How much of a table is looked at.
const (
	sampleRows = 400
	headWithin = 60 // records in which the headings are looked for
	shownRows  = 20
)

// profile is what is known of the publisher's form.
type profile int

const (
	plain  profile = iota
	finder         // the table of Contracts Finder
	canada         // Canada's proactive disclosure: cumulative values, a row an amendment
)

// Open says what a file holds. It returns a Refusal where the file is no register;
// any other error is a fault of the reader. Close the File when done.
func Open(r io.ReaderAt, size int64, name string, limit int64) (*File, error) {
	b, err := book.Open(r, size, name, limit)
	if err != nil {
		return nil, err
	}
	f := &File{Name: b.Name, Encoding: b.Encoding, book: b, Shape: notice.Register, Currency: "GBP"}
	if err := f.recognise(); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return f, nil
}

// Close frees what a workbook holds.
func (f *File) Close() error { return f.book.Close() }

func (f *File) recognise() error {
	words := newDictionary()
	if f.book.IsText() {
		best := -1
		for _, delim := range []byte{',', ';', '\t', '|'} {
			rows, err := take(f.book.Lines(delim))
			if err != nil {
				return fmt.Errorf("register: reading %s: %w", f.Name, err)
			}
			if s, score := words.table(rows); score > best {
				best, f.Delimiter, f.Sheets = score, delim, []Sheet{s}
			}
		}
	} else if err := f.recogniseSheets(words); err != nil {
		return err
	}
	if !slices.ContainsFunc(f.Sheets, func(s Sheet) bool { return s.LeftOut == "" }) {
		if slices.ContainsFunc(f.Sheets, func(s Sheet) bool { return s.LeftOut == neverCalculated }) {
			return Refusal("The values are formulas that were never calculated. Open the workbook in a spreadsheet, save it and load the saved file.")
		}
		return NoHeadings
	}
	f.settle()
	return nil
}

func (f *File) recogniseSheets(words dictionary) error {
	for i, name := range f.book.Sheets {
		s := Sheet{Name: name, LeftOut: "it has no headings of a contract register"}
		rows, err := f.book.Rows(i)
		if err != nil {
			s.LeftOut = "it is not a table"
			f.Sheets = append(f.Sheets, s)
			continue
		}
		sample, err := take(rows)
		_ = rows.Close()
		if err != nil {
			s.LeftOut = "it cannot be read: " + book.Explain(err)
		} else if len(sample) > 0 {
			s, _ = words.table(sample)
			s.Name = name
			f.look(i, &s)
		}
		s.money.Exponent = true
		f.Sheets = append(f.Sheets, s)
	}
	return nil
}

const neverCalculated = "its values are formulas that were never calculated"

// look finds what a worksheet does not show in its cells.
func (f *File) look(i int, s *Sheet) {
	if s.LeftOut != "" {
		return
	}
	if f.book.IsHidden(i) {
		s.Notices = append(s.Notices, fmt.Sprintf("The worksheet %q is hidden in the workbook, and is read.", s.Name))
	}
	if c, ok := s.Mapping[Value]; ok && f.book.Uncalculated(i, c, s.HeaderRecord+1, shownRows) {
		s.LeftOut = neverCalculated
	}
}

// record is a row of a sample.
type record struct {
	cells  []string
	number int
}

func take(src book.Records) (rows []record, err error) {
	for seen := 0; len(rows) < sampleRows && seen < 50_000; seen++ {
		cells, rec, err := src.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if rec.Broken == "" && !blank(cells) {
			rows = append(rows, record{slices.Clone(cells), rec.Number})
		}
	}
	return rows, nil
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return c != "" })
}

// table finds the headings of a sample, and scores how well they fit.
func (d dictionary) table(rows []record) (Sheet, int) {
	best, top, at := Sheet{LeftOut: "it has no headings of a contract register"}, 0, -1
	score := 0
	for i, row := range rows[:min(len(rows), headWithin)] {
		candidates := [][]string{row.cells}
		if i+1 < len(rows) && rows[i+1].number == row.number+1 && !holdsData(row.cells) && !holdsData(rows[i+1].cells) {
			candidates = append(candidates, joined(row.cells, rows[i+1].cells))
		}
		for k, cells := range candidates {
			m, people, reach := d.headings(cells)
			if n := len(m)*2 + len(people); isRegister(m, cells) && n > score {
				score, top, at = n, i, i+k
				best = Sheet{Header: cells, HeaderRecord: rows[at].number, Mapping: m, People: people, reach: reach}
			}
		}
	}
	if at < 0 {
		return best, 0
	}
	for _, row := range rows[:top] {
		best.Titles = append(best.Titles, strings.TrimSpace(strings.Join(slices.DeleteFunc(slices.Clone(row.cells), func(c string) bool { return c == "" }), " ")))
	}
	body := rows[at+1:]
	best.survey(body)
	for _, row := range body[:min(len(body), shownRows)] {
		shown := best.without(row.cells)
		for i, c := range shown {
			shown[i], _ = notice.WithoutMail(c)
		}
		best.Sample = append(best.Sample, shown)
	}
	return best, score
}

// holdsData says that a row has a cell with a figure in it, as headings seldom have.
func holdsData(cells []string) bool {
	return slices.ContainsFunc(cells, func(c string) bool { return len(c) < 40 && digits.MatchString(c) })
}

// joined are headings on two rows, one under the other.
func joined(a, b []string) []string {
	all := make([]string, max(len(a), len(b)))
	for i := range all {
		if i < len(a) {
			all[i] = a[i]
		}
		if i < len(b) {
			all[i] = strings.TrimSpace(all[i] + " " + b[i])
		}
	}
	return all
}

// headings says which column each heading names; of two for one field the better
// name has it.
func (d dictionary) headings(cells []string) (m Mapping, people, reach []int) {
	m, ranks := Mapping{}, map[Field]int{}
	for i, heading := range cells {
		g, ok := d.read(heading)
		if !ok {
			continue
		}
		switch g.field {
		case Person:
			people = append(people, i)
			continue
		case Contact:
			reach = append(reach, i)
			continue
		}
		if rank, had := ranks[g.field]; !had || g.rank < rank {
			m[g.field], ranks[g.field] = i, g.rank
		}
	}
	// A reference beside that of the contract numbers the row.
	for i, heading := range cells {
		if at, ok := m[Reference]; ok && i != at && text.Letters(heading) == "referencenumber" {
			m[RowNumber] = i
		}
	}
	return m, append(people, reach...), reach
}

var (
	digits  = regexp.MustCompile(`\d{2,}|^\W*\d`)
	figured = regexp.MustCompile(`^(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}$`)
	commas  = regexp.MustCompile(`^\D{0,4}\d{1,3}(?:\.\d{3})*,\d{2}\D{0,4}$`)
	points  = regexp.MustCompile(`\d\.\d{1,2}\D{0,4}$|\d,\d{3}(?:\D|$)`)
	mail    = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
)

// survey settles, by all cells of the sample, how dates and amounts are written,
// and which other columns hold addresses of mail.
func (s *Sheet) survey(rows []record) {
	var dayFirst, monthFirst, comma, point int
	mails := map[int]int{}
	for _, row := range rows {
		for _, f := range []Field{Start, End, Latest, Review, Awarded, Signed} {
			if m := figured.FindStringSubmatch(s.cell(row.cells, f)); m != nil {
				switch a, b := number(m[1]), number(m[2]); {
				case a > 12 && b <= 12:
					dayFirst++
				case b > 12 && a <= 12:
					monthFirst++
				}
			}
		}
		for _, f := range []Field{Value, Estimated, Yearly, Maximum, Share} {
			switch c := s.cell(row.cells, f); {
			case commas.MatchString(c):
				comma++
			case points.MatchString(c):
				point++
			}
		}
		for i, c := range row.cells {
			if mail.MatchString(c) {
				mails[i]++
			}
		}
	}
	s.order = sheet.DayFirst
	if monthFirst > 0 && dayFirst == 0 {
		s.order = sheet.MonthFirst
		s.Notices = append(s.Notices, "Dates are read with the month first, as they are written in the file.")
	}
	if s.money.Comma = comma > 0 && point == 0; s.money.Comma {
		s.Notices = append(s.Notices, "Amounts are read with a comma before the pence.")
	}
	for i, n := range mails {
		if n*2 >= len(rows) && !slices.Contains(s.People, i) {
			s.People, s.reach = append(s.People, i), append(s.reach, i)
		}
	}
	slices.Sort(s.People)
	for f, c := range s.Mapping {
		if slices.Contains(s.People, c) {
			delete(s.Mapping, f)
		}
	}
}

func number(s string) (n int) {
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// cell is the cell of a field, empty where it has none.
func (s *Sheet) cell(cells []string, f Field) string {
	if c, ok := s.Mapping[f]; ok && c >= 0 && c < len(cells) {
		return cells[c]
	}
	return ""
}

// without is a row without the cells that hold people. It is the caller's.
func (s *Sheet) without(cells []string) []string {
	cells = slices.Clone(cells)
	for _, i := range s.People {
		if i < len(cells) && cells[i] != "" {
			cells[i] = ""
		}
	}
	return cells
}

// Form tells one form of a publisher's table from another, by its headings.
func (s *Sheet) Form() string {
	h := fnv.New64a()
	for _, c := range s.Header {
		io.WriteString(h, text.Letters(c)+"\n") // a hash does not fail
	}
	return fmt.Sprintf("%016x", h.Sum64())
}

// Say gives a sheet the columns that a person named, all of them; nil leaves it
// out. Columns that hold people stay unread.
func (s *Sheet) Say(m Mapping) {
	if m == nil {
		s.LeftOut = "left out by the officer"
		return
	}
	s.Mapping, s.LeftOut = Mapping{}, ""
	for f, c := range m {
		if !slices.Contains(s.People, c) && c >= 0 && c < len(s.Header) {
			s.Mapping[f] = c
		}
	}
}

// Missing are the fields that a register should have and this one lacks, as far as
// was recognised: a person is asked for their columns.
func (s *Sheet) Missing() (all []Field) {
	for _, any := range [][]Field{{Reference}, {Title, Description}, {Supplier}, {Value, Estimated, Yearly, Maximum}, {Start}, {End, Latest, Term}} {
		if !slices.ContainsFunc(any, func(f Field) bool { _, ok := s.Mapping[f]; return ok }) {
			all = append(all, any[0])
		}
	}
	return all
}

// settle knows the forms of some publishers.
func (f *File) settle() {
	heads := map[string]bool{}
	amended := false
	for i := range f.Sheets {
		s := &f.Sheets[i]
		for _, h := range s.Header {
			heads[strings.ToLower(h)] = true
		}
		_, change := s.Mapping[Change]
		_, period := s.Mapping[Period]
		_, row := s.Mapping[RowNumber]
		amended = amended || s.LeftOut == "" && (change && (period || row) || period && row)
	}
	switch {
	case heads["notice identifier"] && heads["organisation name"] && heads["awarded value"]:
		f.profile, f.Shape = finder, notice.FinderCSV
	case heads["owner_org"] && (heads["procurement_id"] || heads["first_reference"] || heads["reference_number"]):
		f.profile, f.Currency = canada, "CAD"
	}
	if amended && f.profile != finder {
		f.Shape = notice.Amended
	}
	for i := range f.Sheets {
		s := &f.Sheets[i]
		s.money.Currency = f.Currency
		if c, ok := s.Mapping[Value]; ok && f.profile == plain {
			if code := currencyIn(s.Header[c]); code != "" {
				s.money.Currency = code
			}
		}
	}
}

// currencyIn is the currency that a heading names, other than pounds.
func currencyIn(heading string) string {
	words := strings.FieldsFunc(strings.ToLower(heading), func(r rune) bool { return r < 'a' || r > 'z' })
	switch {
	case strings.Contains(heading, "€") || slices.Contains(words, "euro") || slices.Contains(words, "euros") || slices.Contains(words, "eur"):
		return "EUR"
	case slices.Contains(words, "usd"):
		return "USD"
	case slices.Contains(words, "cad"):
		return "CAD"
	}
	return ""
}

// Recognises says how sure it is, from 0 to 1, that a row of cells is the headings
// of a register of contracts: a reader of payments asks it before it takes one in.
func Recognises(cells []string) float64 {
	m, people, _ := newDictionary().headings(cells)
	if !isRegister(m, cells) {
		return 0
	}
	return math.Min(1, float64(len(m)+len(people))/float64(max(len(cells), 1)))
}
