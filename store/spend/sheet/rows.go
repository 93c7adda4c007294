package sheet

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/police-ict/handover/store/book"
)

// Reasons for which a record is rejected though its amount may be a number.
const (
	whyHeadings = "the headings are repeated"
	whyTotal    = "the row is a total that cannot be read"
	whyDated    = "there is a date where the supplier should be"
	whyShifted  = "the cells are under the wrong headings"
)

// Rows reads every sheet that is not left out and gives each record of data to
// yield, in order; the Row is used again. It stops at the first error of yield
// and returns it. The Summary covers what was read.
func (f *File) Rows(yield func(*Row) error) (*Summary, error) {
	sum := &Summary{}
	if f.Nil {
		sum.Notices = []string{"The file is a nil return. It says that nothing was paid."}
	}
	f.book.Rewind()
	for i := range f.Sheets {
		s := &f.Sheets[i]
		t := newTally(s)
		if s.LeftOut == "" {
			if err := f.sheetRows(i, t, yield); err != nil {
				return sum, err
			}
		}
		one := t.finish()
		if why := one.outside(s.expected); why != "" {
			sum.Notices = append(sum.Notices, why)
		}
		sum.add(one)
	}
	if sum.Lines == 0 && !f.Nil {
		return sum, Refusal("The file has no amounts that can be read. Check that it is the right file.")
	}
	return sum, nil
}

func (f *File) sheetRows(i int, t *tally, yield func(*Row) error) error {
	src, done, err := f.open(i)
	if err != nil {
		return err
	}
	defer done()
	r := f.newReader(i, t)
	r.src = src
	for {
		cells, rec, err := src.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && !f.book.IsText() {
			return Refusal(fmt.Sprintf("The worksheet %q cannot be read to the end because %s. Save it as CSV and load that.", f.Sheets[i].Name, book.Explain(err)))
		}
		if err != nil {
			return fmt.Errorf("sheet: reading %s: %w", f.Name, err)
		}
		if rec.Number < r.s.first || rec.Number == r.s.HeaderRecord {
			continue
		}
		if rec.Broken == "" {
			cells, rec.Broken = r.whole(cells)
		}
		r.read(cells, rec)
		t.count(&r.row)
		if err := yield(&r.row); err != nil {
			return err
		}
	}
}

// open gives the records of a sheet.
func (f *File) open(i int) (book.Records, func(), error) {
	if !f.book.IsText() {
		return f.openSheet(i)
	}
	s := &f.Sheets[i]
	lines := f.book.Lines(f.Delimiter)
	lines.Like(likeness(s.usual, s.column(Amount), s.column(DatePaid)))
	return lines, func() {}, nil
}

// likeness is how the rows of a table look that has some columns, one of them of
// amounts: rows have an amount, and a date or nothing in the column of dates,
// where there is one.
func likeness(columns, money, dated int) book.Table {
	if money < 0 || money >= columns {
		return book.Table{}
	}
	isValue := func(cells []string) bool {
		_, _, why := amount(cells[money], false)
		return why == ""
	}
	return book.Table{Columns: columns, IsValue: isValue, IsRow: func(cells []string) bool {
		return isValue(cells) && (dated < 0 || dated >= len(cells) || cells[dated] == "" || readCell(cells[dated], false).how != unread)
	}}
}

func (s *Sheet) column(f Field) int {
	if c, ok := s.Mapping[f]; ok && c >= 0 {
		return c
	}
	return -1
}

// reader turns the records of one sheet into rows.
type reader struct {
	f      *File
	s      *Sheet
	t      *tally
	col    [fields]int
	row    Row
	cells  []string
	days   []int    // columns of dates, in the order in which they are looked at
	dated  []string // the last cell of each, since most rows repeat the one above
	date   []Date
	dates  []bool // by column, from the sample
	texts  []bool
	sorts  []sort
	paired bool // debits and credits stand in two columns
	tabled bool // a workbook, whose records drop empty cells at the end
	comma  bool // before the pence
	width  int
	head   []string // the headings in force
	words  *dictionary
	join   *joining // of amounts cut in two, below the headings that begin at joinHead
	src    book.Records

	joinHead *string
}

func (f *File) newReader(i int, t *tally) *reader {
	s := &f.Sheets[i]
	r := &reader{f: f, s: s, t: t, tabled: !f.book.IsText()}
	for field := range r.col {
		r.col[field] = s.column(Field(field))
	}
	r.paired = s.credit != s.debit && r.col[Amount] == s.debit
	r.dates, r.texts = flags(s.dates, s.width), flags(s.texts, s.width)
	r.sorts, r.width, r.head, r.comma = s.sorts, s.width, s.Header, s.comma
	r.days = s.dayColumns()
	r.dated, r.date = make([]string, len(r.days)), make([]Date, len(r.days))
	r.row.Sheet = i
	return r
}

func flags(set map[int]bool, n int) []bool {
	list := make([]bool, n)
	for i := range list {
		list[i] = set[i]
	}
	return list
}

func (r *reader) cell(f Field) string {
	if c := r.col[f]; c >= 0 && c < len(r.cells) {
		return r.cells[c]
	}
	return ""
}

// read makes the row of a record.
func (r *reader) read(cells []string, rec book.Record) {
	r.cells = cells
	r.row = Row{Sheet: r.row.Sheet, Record: rec.Number, Offset: rec.Offset, Length: rec.Length, Raw: bounded(rec.Raw, book.RawLimit)}
	if rec.Broken == "" && (isBlank(cells) || r.onlyDashes() || r.unused()) {
		r.row.Kind = Blank
		return
	}
	for f, c := range r.col {
		if c >= 0 && c < len(cells) {
			r.row.texts[f] = cells[c]
		}
	}
	r.readDate()
	r.judge(rec)
}

// readDate reads the day of payment, else that of the first of the other columns
// of dates that is not blank.
func (r *reader) readDate() {
	for k, c := range r.days {
		if c < 0 || c >= len(r.cells) || r.cells[c] == "" {
			continue
		}
		if s := r.cells[c]; s != r.dated[k] {
			r.dated[k], r.date[k] = s, r.dateIn(k, s)
		}
		r.row.Date, r.row.texts[DatePaid] = r.date[k], r.cells[c]
		return
	}
}

// dateIn reads a cell as the column of dates k is read.
func (r *reader) dateIn(k int, s string) Date {
	c := readCell(s, r.f.book.From1904)
	if k >= len(r.s.days) {
		return c.in(Unsaid, false)
	}
	d := r.s.days[k]
	if d.turned && c.how == named && !c.date.WholeMonth {
		c.how = yearFirst
	}
	return c.in(d.order, d.swapped)
}

// judge decides what kind of row it is.
func (r *reader) judge(rec book.Record) {
	row := &r.row
	pence, rounded, why := r.amount()
	label := 0
	if row.Date.IsZero() {
		label = r.label()
	} else if why == "" {
		label = r.datedTotal(pence)
	}
	switch {
	case rec.Broken != "":
		r.reject(rec.Broken)
	case rec.Number == r.s.top && why == "":
		r.total(pence, 2)
	case label > 0 && why == "":
		r.total(pence, label)
	case label > 0:
		r.reject(whyTotal)
	case why != "" && r.s.headers[fingerprint(r.cells)] > 0:
		if r.width != r.s.width || !slices.Equal(r.head, r.s.Header) {
			r.turn(r.cells) // back to the first table
		}
		r.reject(whyHeadings)
	case why != "" && r.mayHead(r.cells) && r.turn(r.cells):
		r.reject(whyHeadings)
	case why != "":
		r.reject(why)
	case r.s.tail > 0 && rec.Number >= r.s.tail:
		row.Kind, row.Amount, row.summary = Total, pence, true
		r.t.sheet.Totals++
	case r.datedSupplier():
		r.reject(whyDated)
	case r.shifted(), r.displaced():
		r.reject(whyShifted)
	case !r.sterling():
		r.reject(whyCurrency)
	case r.sums(pence):
	case r.alone() && r.t.nearSum(pence):
		r.total(pence, 2)
	default:
		row.Kind, row.Amount, row.Rounded = Line, pence, rounded
		row.Redacted = IsRedacted(r.cell(Supplier))
		r.readVAT()
	}
}

// amount reads the amount; of a pair of columns, the debit less the credit.
func (r *reader) amount() (pence int64, rounded bool, why string) {
	pence, rounded, why = r.number(r.cell(Amount))
	if !r.paired || r.s.credit >= len(r.cells) || r.cells[r.s.credit] == "" || why != "" && why != whyEmpty {
		return pence, rounded, why
	}
	credit, also, whyCredit := r.number(r.cells[r.s.credit])
	return pence - credit, rounded || also, whyCredit
}

// number reads a cell of money as the file writes it. The dash of a spreadsheet's
// accounts is nothing.
func (r *reader) number(s string) (pence int64, rounded bool, why string) {
	if r.comma {
		pence, rounded, why = commaAmount(s)
	} else {
		pence, rounded, why = amount(s, r.tabled)
	}
	if why == whyNumber && isDash(s) {
		return 0, false, ""
	}
	return pence, rounded, why
}

// onlyDashes says that a row holds nothing but the dashes of empty accounts.
func (r *reader) onlyDashes() bool {
	for _, c := range r.cells {
		if c != "" && !isDash(c) {
			return false
		}
	}
	return true
}

func (r *reader) readVAT() {
	if r.col[VAT] < 0 {
		return
	}
	if pence, _, why := r.number(r.cell(VAT)); why == "" {
		r.row.VAT, r.row.HasVAT = pence, true
	}
}

func (r *reader) total(pence int64, label int) {
	r.row.Kind, r.row.Amount = Total, pence
	r.t.state(pence, label)
}

func (r *reader) reject(why string) {
	r.row.Kind, r.row.Reason = Rejected, why
	if len(r.cells) > r.width {
		r.swallowedTotal()
	}
}

// swallowedTotal takes the file's own total out of a broken record that has run
// on to the end of the file: its last two cells are a label, perhaps after the
// amount of a row before it, and an amount.
func (r *reader) swallowedTotal() {
	n := len(r.cells)
	if n < 2 {
		return
	}
	pence, _, why := amount(r.cells[n-1], false)
	if why != "" {
		return
	}
	cell := r.cells[n-2]
	for cell != "" && (class(cell[0]) == '0' || cell[0] == '.' || cell[0] == ',') {
		cell = cell[1:]
	}
	if label := totalLabel(cell); label >= 2 {
		r.t.state(pence, label)
		r.t.sheet.Totals-- // stated, but not a row of its own
	}
}

// label finds the name of a total in a row without a date. A row that names a
// supplier besides is a payment.
func (r *reader) label() int {
	supplier := r.cell(Supplier)
	named := totalLabel(supplier)
	if r.col[DatePaid] < 0 && named == 1 {
		named = 0 // in a list of suppliers "Fuel Total" may be a name
	}
	if supplier != "" {
		return named
	}
	for i, c := range r.cells {
		if i == r.col[Amount] || c == "" {
			continue
		}
		if label := totalLabel(c); label > 0 {
			return label
		}
	}
	return 0
}

// datedSupplier says that there is a date where the supplier should be: a date is no
// supplier's name.
func (r *reader) datedSupplier() bool {
	c := r.cell(Supplier)
	return c != "" && class(c[0]) == '0' && isWrittenDate(c)
}

// alone says that the row holds an amount and nothing else.
func (r *reader) alone() bool {
	for i, c := range r.cells {
		if c != "" && i != r.col[Amount] && i != r.col[VAT] {
			return false
		}
	}
	return true
}

// shifted says that a record has lost or gained a cell, so that what stands in
// the amount's column may be another number: money stands where words usually
// do, or a date beside its column, in a record that is short.
func (r *reader) shifted() bool {
	d := r.col[DatePaid]
	undated := d >= 0 && r.row.Date.IsZero() && r.cell(DatePaid) != ""
	short := !r.tabled && len(r.cells) < r.width
	if !undated && !short {
		return false
	}
	strayMoney := r.strayMoney() || undated && isMoney(r.cell(DatePaid))
	if short && strayMoney {
		return true
	}
	return undated && (short || strayMoney) && (r.strayDate(d-1) || r.strayDate(d+1)) && !r.keepsAmount(d)
}

// keepsAmount says that, though a date stands beside its column, the amount does
// not, nor the supplier: the row is a payment on that date.
func (r *reader) keepsAmount(d int) bool {
	a, s := r.col[Amount], r.col[Supplier]
	if r.strayMoney() || a >= len(r.sorts) || !fits(priced, r.sorts[a]) || a >= len(r.cells) || sortOf(r.cells[a]) != priced {
		return false
	}
	if s < 0 || s >= len(r.sorts) || sortOf(r.cell(Supplier)) != wordy || !fits(wordy, r.sorts[s]) {
		return false
	}
	for _, i := range [2]int{d + 1, d - 1} {
		if r.strayDate(i) && len(r.s.days) > 0 {
			r.row.Date = r.dateIn(0, r.cells[i])
			r.row.texts[DatePaid] = r.cells[i]
			return true
		}
	}
	return false
}

// strayMoney says that money stands before the amount in a column of words.
func (r *reader) strayMoney() bool {
	for i := 0; i < r.col[Amount] && i < len(r.texts); i++ {
		if r.texts[i] && i < len(r.cells) && isMoney(r.cells[i]) {
			return true
		}
	}
	return false
}

// strayDate says that a date stands in a column that usually holds none.
func (r *reader) strayDate(i int) bool {
	return i >= 0 && i < len(r.cells) && (i >= len(r.dates) || !r.dates[i]) && isWrittenDate(r.cells[i])
}

// sterling says that the currency, where there is a column of it, is pounds.
func (r *reader) sterling() bool {
	switch letters(r.cell(Currency)) {
	case "", "gbp", "uk", "pound", "pounds", "sterling", "pounds sterling", "gb pounds":
		return true
	}
	return false
}
