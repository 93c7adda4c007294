package sheet

import "strings"

// sections are the sums that a total row may repeat: of all lines, of those since
// an earlier total, and of those of the last supplier.
type sections struct {
	starts   []section // the first is that of the sheet
	found    int       // total rows told by their sum
	group    string    // the supplier of the last lines
	grouped  section   // where they begin
	named    int       // lines with a supplier
	withDate int       // lines with a date
}

// section is where a part of a sheet begins.
type section struct {
	lines int
	pence int64
}

// sectionsKept bounds what one amount is held to.
const sectionsKept = 64

// count takes in a line, after it was added to the sums.
func (p *sections) count(r *Row, before section) {
	name := r.texts[Supplier]
	if name != p.group {
		p.group, p.grouped = name, before
	}
	if name != "" {
		p.named++
	}
	if !r.Date.IsZero() {
		p.withDate++
	}
}

// begin notes that a total row ends a section.
func (p *sections) begin(at section) {
	if len(p.starts) == 0 {
		p.starts = append(p.starts, section{})
	}
	if len(p.starts) == sectionsKept {
		copy(p.starts[1:], p.starts[2:])
		p.starts = p.starts[:sectionsKept-1]
	}
	p.starts = append(p.starts, at)
	p.group = ""
}

// sumOf says how many lines above come to an amount, and whether those are all:
// 0 where none do.
func (t *tally) sumOf(pence int64) (lines int, all bool) {
	now, p := section{t.sheet.Lines, t.sheet.Pence}, &t.sections
	if pence == 0 || now.lines == 0 {
		return 0, false
	}
	if pence == now.pence {
		return now.lines, true
	}
	for i := len(p.starts) - 1; i >= 0; i-- {
		if s := p.starts[i]; now.lines > s.lines && pence == now.pence-s.pence {
			return now.lines - s.lines, false
		}
	}
	if s := p.grouped; p.group != "" && pence == now.pence-s.pence {
		return now.lines - s.lines, false
	}
	return 0, false
}

// sums notes a row that repeats what lines above it come to, and is a total by
// that, whatever its label: it lacks what the lines have, a supplier or a date.
func (r *reader) sums(pence int64) bool {
	p := &r.t.sections
	supplier, undated := r.cell(Supplier), r.cell(DatePaid) == "" && r.row.Date.IsZero()
	lacksName := supplier == "" && p.named*4 >= r.t.sheet.Lines*3 && p.named > 0
	lacksDate := undated && p.withDate*4 >= r.t.sheet.Lines*3 && p.withDate > 0
	if !lacksName && !lacksDate || r.referred() {
		return false
	}
	lines, all := r.t.sumOf(pence)
	enough := lines >= 2
	switch {
	case lines == 0:
	case supplier == "" && undated:
		enough = enough || p.found > 0 && !all
	case lacksName:
		enough = lines >= 5
	case !sameWords(supplier, p.group) && !sumLabel(supplier):
		enough = all && lines >= 3 && !looksLikeFirm(supplier) && p.withDate == r.t.sheet.Lines
	}
	if !enough {
		return false
	}
	p.found++
	level := 1
	if all {
		level = 2
	}
	r.total(pence, level)
	return true
}

// datedTotal is the label of a row that has a date as a payment has, but names a
// total and repeats what lines above it come to: 0 where it does not.
func (r *reader) datedTotal(pence int64) int {
	if r.referred() {
		return 0
	}
	label := r.label()
	if label == 0 {
		return 0
	}
	lines, all := r.t.sumOf(pence)
	switch {
	case lines == 0:
		return 0
	case all && label == 1 && lines > 1:
		return 2
	}
	return label
}

// referred says that the row has a reference of its own, as a payment has.
func (r *reader) referred() bool {
	return strings.ContainsAny(r.cell(Transaction), "0123456789")
}

// sameWords says that a label is the name of a group, perhaps with more words.
func sameWords(label, group string) bool {
	a, b := letters(label), letters(group)
	return b != "" && (a == b || strings.HasPrefix(a, b+" "))
}

// sumLabel says that a text names a sum, though it is not certain to.
func sumLabel(s string) bool {
	w := letters(s)
	for _, word := range []string{"sum", "total", "totals", "subtotal", "balance", "overall", "carried", "brought", "aggregate", "all"} {
		if hasWord(w, word) {
			return true
		}
	}
	return false
}

// settleTop looks at a sheet whose first row of data lacks a supplier and a date:
// it is the total of the others where it comes to the same.
func (f *File) settleTop(i int) error {
	s := &f.Sheets[i]
	if len(s.Sample) < 3 || s.opening == 0 {
		return nil
	}
	cell := func(row []string, field Field) string {
		if c := s.column(field); c >= 0 && c < len(row) {
			return row[c]
		}
		return ""
	}
	first, next := s.Sample[0], s.Sample[1]
	stated, _, why := amount(cell(first, Amount), true)
	if why != "" || stated == 0 || cell(first, Supplier)+cell(first, DatePaid) != "" || cell(next, Supplier)+cell(next, DatePaid) == "" {
		return nil
	}
	s.top = s.opening
	sum, err := f.sum(i)
	if err == nil && (sum.Lines < 2 || sum.Pence != stated) {
		s.top = 0
	}
	return err
}
