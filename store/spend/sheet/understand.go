package sheet

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/book"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/text"
)

// Options are what a person says of a file. It goes before what was recognised.
type Options struct {
	Dates   Order         // of day and month where both are figures
	Columns map[Field]int // of every sheet that is read, from 0; negative for none
	Sheet   string        // the only worksheet to read; empty for all
	Period  civil.Period  // that the file is said to be for; zero is none
}

// Understanding is how one field of a sheet is read.
type Understanding struct {
	Field   Field  `json:"field"`
	Column  string `json:"column"` // as a spreadsheet names it: A, B, … AA
	Heading string `json:"heading,omitempty"`
	How     string `json:"how"` // a phrase
}

// ColumnName is the name that a spreadsheet gives a column, counted from 0.
func ColumnName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// ColumnNamed is the column of such a name, counted from 0, and whether it is one.
func ColumnNamed(name string) (int, bool) {
	n := 0
	for _, r := range strings.ToUpper(name) {
		if r < 'A' || r > 'Z' || n > book.MaxColumns {
			return 0, false
		}
		n = n*26 + int(r-'A') + 1
	}
	return n - 1, n > 0 && n <= book.MaxColumns
}

// What a doubt is about, beside a field.
const (
	aboutOrder = Field(fields + 1 + iota) // of day and month
	aboutSheet                            // whether it is to be read at all
)

// doubt notes what a person is asked, and about what.
func (s *Sheet) doubt(about Field, format string, args ...any) {
	s.Sure = false
	s.Doubts = append(s.Doubts, fmt.Sprintf(format, args...))
	s.about = append(s.about, about)
}

// settle takes back what was asked about something.
func (s *Sheet) settle(about Field) {
	for i := len(s.about) - 1; i >= 0; i-- {
		if s.about[i] == about {
			s.about, s.Doubts = slices.Delete(s.about, i, i+1), slices.Delete(s.Doubts, i, i+1)
		}
	}
	s.Sure = len(s.Doubts) == 0
}

// Say gives a sheet the columns that a person named, all of them; nil leaves it
// out. Nothing is asked about its columns any more.
func (s *Sheet) Say(m Mapping) {
	s.Sure, s.Doubts, s.about, s.said = true, nil, nil, true
	if m == nil {
		s.LeftOut = "the person loading the file left it out"
		return
	}
	s.Mapping, s.LeftOut = maps.Clone(m), ""
}

// Form tells one form of a publisher's table from another, by its headings.
func (s *Sheet) Form() string {
	h := fnv.New64a()
	for _, c := range s.Header {
		io.WriteString(h, text.Letters(c)+"\n") // a hash does not fail
	}
	return fmt.Sprintf("%016x", h.Sum64())
}

// AsksOrder says that the sheet leaves open which figure of its dates is the day.
func (s *Sheet) AsksOrder() bool { return slices.Contains(s.about, aboutOrder) }

// Understand settles how the columns are read, by what a person says and by all
// cells of a column together. Recognise calls it; call it again where more is
// said, or other columns are named.
func (f *File) Understand(o Options) error {
	if err := f.choose(o); err != nil {
		return err
	}
	f.book.Rewind()
	f.hints = monthsIn(o.Period)
	if len(f.hints) == 0 {
		f.hints = monthsNamed(stem(f.Name))
	}
	for i := range f.Sheets {
		if s := &f.Sheets[i]; s.LeftOut == "" {
			if err := f.survey(i); err != nil {
				return err
			}
		}
	}
	proven := f.proven()
	for i := range f.Sheets {
		if s := &f.Sheets[i]; s.LeftOut == "" {
			s.expected = f.hintsOf(s)
			s.order(o.Dates, s.expected, f.hints, proven)
			f.tellHidden(i)
			s.askGroups()
			if err := errors.Join(f.settleTop(i), f.settleTail(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// stem is a file's name without its ending.
func stem(name string) string {
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		return name[:i]
	}
	return name
}

func monthsIn(period civil.Period) map[int]bool {
	all := map[int]bool{}
	for _, m := range period.Months() {
		all[int(m)] = true
	}
	return all
}

// choose takes the sheet and the columns that a person names.
func (f *File) choose(o Options) error {
	if o.Sheet != "" && !slices.ContainsFunc(f.Sheets, func(s Sheet) bool { return s.Name == o.Sheet }) {
		return Refusal(fmt.Sprintf("There is no worksheet %q in the file. Check its name.", o.Sheet))
	}
	for i := range f.Sheets {
		s := &f.Sheets[i]
		switch {
		case o.Sheet != "" && s.Name != o.Sheet:
			s.LeftOut = "another worksheet was chosen"
		case o.Sheet != "":
			s.settle(aboutSheet)
			if s.excluded {
				s.LeftOut, s.excluded = "", false
			}
		}
		if s.LeftOut != "" {
			continue
		}
		for field, column := range o.Columns {
			if column >= max(s.width, s.usual) {
				return Refusal(fmt.Sprintf("The table%s has no column %s. Choose another column.", s.of(), ColumnName(column)))
			}
			s.Mapping[field] = column
			s.settle(field)
			s.said = s.said || field == Supplier
			s.settle(aboutHeadings)
		}
	}
	return nil
}

// of names the worksheet at the end of a phrase.
func (s *Sheet) of() string {
	if s.Name == "" {
		return ""
	}
	return fmt.Sprintf(" of the worksheet %q", s.Name)
}

// hintsOf are the months that a sheet is said to be for: by its own name, by its
// titles, else as the file.
func (f *File) hintsOf(s *Sheet) map[int]bool {
	for _, set := range []map[int]bool{monthsNamed(s.Name), f.hints, s.titles} {
		if len(set) > 0 {
			return set
		}
	}
	return nil
}

// dayColumns are the columns of dates in the order in which they are looked at:
// that of payment, else of the invoice.
func (s *Sheet) dayColumns() []int {
	first := s.column(DatePaid)
	if first < 0 {
		return nil
	}
	all := []int{first}
	for _, c := range s.later {
		if !slices.Contains(all, c) && !s.isNamed(c) {
			all = append(all, c)
		}
	}
	return all
}

// survey reads a sheet once for how its dates are written, unless it was read
// for the same columns before.
func (f *File) survey(i int) error {
	s := &f.Sheets[i]
	columns := s.dayColumns()
	read := append([]int{s.column(Amount), s.column(Supplier)}, columns...)
	if slices.Equal(s.surveyed, read) {
		return nil
	}
	s.surveyed = read
	s.days, s.held, s.behind = nil, nil, tail{}
	s.nameless, s.withName, s.groups, s.below = 0, 0, 0, false
	if !f.book.IsText() && len(f.Sheets) > 1 {
		s.held = &held{all: map[uint64]int{}}
	}
	for _, c := range columns {
		s.days = append(s.days, newDays(c))
	}
	src, done, err := f.open(i)
	if err != nil {
		return err
	}
	defer done()
	r := f.newReader(i, newTally(s))
	r.src = src
	for {
		cells, rec, err := src.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return nil //nolint:nilerr // reading the rows meets it again, and says so
		}
		if rec.Number < s.first || rec.Number == s.HeaderRecord || rec.Broken != "" {
			continue
		}
		cells, _ = r.whole(cells)
		r.cells = cells
		pence, _, why := r.amount()
		turned := len(cells) > 0 && why != "" && r.mayHead(cells) && !isBlank(cells) && r.turn(cells)
		r.s.behind.look(cells, rec.Number, turned, r.cell(DatePaid) != "", why == "")
		if turned {
			pence, _, why = r.amount()
		}
		r.look(cells, rec, pence, why == "")
	}
}

// look takes the dates of a record into the survey; paid says that it has an
// amount, of so many pence.
func (r *reader) look(cells []string, rec book.Record, pence int64, paid bool) {
	for k, c := range r.days {
		if c >= 0 && c < len(cells) {
			r.s.days[k].add(cells[c], rec.Number, r.f.book.From1904)
		}
	}
	if paid && r.col[Supplier] >= 0 && r.cell(DatePaid) != "" && r.label() == 0 {
		if r.cell(Supplier) != "" {
			r.s.withName, r.s.below = r.s.withName+1, false
		} else if r.s.withName > 0 {
			if !r.s.below {
				r.s.groups++
			}
			r.s.nameless, r.s.below = r.s.nameless+1, true
		}
	}
	if r.s.held == nil {
		return
	}
	if paid && r.cell(Supplier) != "" {
		r.s.held.add(payment(r.f.seed, r.cell(Supplier), pence, Date{}))
	}
}

// proven is the order that a column of some sheet proves, where none proves the
// other.
func (f *File) proven() Order {
	found := Unsaid
	for _, s := range f.Sheets {
		for _, d := range s.days {
			for _, o := range []Order{DayFirst, MonthFirst} {
				if d.only[o].cells == 0 {
					continue
				}
				if found == o.other() {
					return Unsaid
				}
				found = o
			}
		}
	}
	return found
}

// order decides how the dates of a sheet are read.
func (s *Sheet) order(said Order, hints, stated map[int]bool, proven Order) {
	s.settle(aboutOrder)
	s.Notices = nil
	if s.comma {
		s.Notices = append(s.Notices, fmt.Sprintf("The amounts under %q are read with a comma before the pence.", s.heading(s.column(Amount))))
	}
	for k, d := range s.days {
		c := d.decide(s.heading(d.column), said, hints, stated, proven)
		d.order, d.swapped, d.turned, d.why = c.order, c.swapped, c.worded, c.why
		if k > 0 && d.cells == 0 {
			continue
		}
		if c.notice != "" {
			s.Notices = append(s.Notices, c.notice)
		}
		if c.doubt != "" {
			s.doubt(aboutOrder, "%s", c.doubt)
		}
	}
}

// Understanding is how each field is read, in the order of the fields.
func (s *Sheet) Understanding() []Understanding {
	var all []Understanding
	for _, field := range Fields() {
		c := s.column(field)
		if c < 0 {
			continue
		}
		u := Understanding{Field: field, Column: ColumnName(c), How: "as written"}
		if c < len(s.Header) {
			u.Heading = s.Header[c]
		}
		switch {
		case field == DatePaid && len(s.days) > 0:
			u.How = s.days[0].why
		case field == Amount && s.comma:
			u.How = "pounds, with a comma before the pence"
		case field == Amount || field == VAT:
			u.How = "pounds"
		}
		all = append(all, u)
		for k := 1; field == DatePaid && k < len(s.days); k++ {
			c := s.days[k].column
			all = append(all, Understanding{DatePaid, ColumnName(c), s.heading(c), "where the other date is blank: " + s.days[k].why})
		}
	}
	return all
}
