package sheet

import (
	"errors"
	"fmt"
	"io"
)

// Reasons for which a record is rejected though its amount may be a number.
const (
	whyHeadings = "the headings again"
	whyTotal    = "a total that cannot be read"
	whyShifted  = "the cells stand under the wrong headings"
)

// Rows reads every sheet that is not left out and gives each record of data to
// yield, in order; the Row is used again. It stops at the first error of yield
// and returns it. The Summary covers what was read.
func (f *File) Rows(yield func(*Row) error) (*Summary, error) {
	sum := &Summary{}
	f.cells = 0
	for i := range f.Sheets {
		s := &f.Sheets[i]
		t := newTally(s)
		if s.LeftOut == "" {
			if err := f.sheetRows(i, t, yield); err != nil {
				return sum, err
			}
		}
		sum.add(t.finish())
	}
	if sum.Lines == 0 {
		return sum, Refusal("The file holds no amounts that can be read.")
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
	for {
		cells, rec, err := src.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && f.book != nil {
			return Refusal(fmt.Sprintf("The worksheet %q cannot be read to its end: %s.", f.Sheets[i].Name, plainly(err)))
		}
		if err != nil {
			return fmt.Errorf("sheet: reading %s: %w", f.Name, err)
		}
		if rec.number < r.s.first || rec.number == r.s.HeaderRecord {
			continue
		}
		r.read(cells, rec)
		t.count(&r.row)
		if err := yield(&r.row); err != nil {
			return err
		}
	}
}

// open gives the records of a sheet.
func (f *File) open(i int) (source, func(), error) {
	if f.book != nil {
		return f.openSheet(i)
	}
	s := newScanner(f, f.Delimiter)
	s.columns = f.Sheets[i].usual
	s.amount, s.dated = f.Sheets[i].column(Amount), f.Sheets[i].column(DatePaid)
	return s, func() {}, nil
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
}

func (f *File) newReader(i int, t *tally) *reader {
	s := &f.Sheets[i]
	r := &reader{f: f, s: s, t: t, tabled: f.book != nil}
	for field := range r.col {
		r.col[field] = s.column(Field(field))
	}
	r.paired = s.credit != s.debit && r.col[Amount] == s.debit
	r.dates, r.texts = flags(s.dates, s.width), flags(s.texts, s.width)
	r.sorts = s.sorts
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
func (r *reader) read(cells []string, rec record) {
	r.cells = cells
	r.row = Row{Sheet: r.row.Sheet, Record: rec.number, Offset: rec.offset, Length: rec.length, Raw: bounded(rec.raw, RawLimit)}
	if rec.broken == "" && isBlank(cells) {
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
			var d days
			if k < len(r.s.days) {
				d = days{order: r.s.days[k].order, swapped: r.s.days[k].swapped}
			}
			r.dated[k], r.date[k] = s, readCell(s, r.f.date1904).in(d.order, d.swapped)
		}
		r.row.Date, r.row.texts[DatePaid] = r.date[k], r.cells[c]
		return
	}
}

// judge decides what kind of row it is.
func (r *reader) judge(rec record) {
	row := &r.row
	pence, rounded, why := r.amount()
	label := 0
	if row.Date.IsZero() {
		label = r.label()
	}
	switch {
	case rec.broken != "":
		r.reject(rec.broken)
	case rec.number == r.s.top && why == "":
		r.total(pence, 2)
	case label > 0 && why == "":
		r.total(pence, label)
	case label > 0:
		r.reject(whyTotal)
	case why != "" && r.s.headers[fingerprint(r.cells)] > 0:
		r.reject(whyHeadings)
	case why != "":
		r.reject(why)
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
	pence, rounded, why = amount(r.cell(Amount), r.tabled)
	if !r.paired || r.s.credit >= len(r.cells) || r.cells[r.s.credit] == "" || why != "" && why != whyEmpty {
		return pence, rounded, why
	}
	credit, also, whyCredit := amount(r.cells[r.s.credit], r.tabled)
	return pence - credit, rounded || also, whyCredit
}

func (r *reader) readVAT() {
	if r.col[VAT] < 0 {
		return
	}
	if pence, _, why := amount(r.cell(VAT), r.tabled); why == "" {
		r.row.VAT, r.row.HasVAT = pence, true
	}
}

func (r *reader) total(pence int64, label int) {
	r.row.Kind, r.row.Amount = Total, pence
	r.t.state(pence, label)
}

func (r *reader) reject(why string) {
	r.row.Kind, r.row.Reason = Rejected, why
	if len(r.cells) > r.s.width {
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
	short := !r.tabled && len(r.cells) < r.s.width
	if !undated && !short {
		return false
	}
	strayMoney := r.strayMoney() || undated && isMoney(r.cell(DatePaid))
	if short && strayMoney {
		return true
	}
	return undated && (short || strayMoney) && (r.strayDate(d-1) || r.strayDate(d+1))
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
