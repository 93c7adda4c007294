package sheet

import (
	"fmt"
	"slices"
	"strings"
)

const (
	noAmounts = "it has no column of amounts"
	saidNil   = "it says that nothing was paid"

	neverCalculated = "its amounts are formulas that were never calculated"
)

// refusal is why a table cannot be read at all.
func (s *Sheet) refusal(what string) Refusal {
	if strings.HasPrefix(s.LeftOut, "its amounts are in") {
		return Refusal(fmt.Sprintf("The amounts%s are marked as %s. Ask the publisher for amounts in pounds, or save the file without the marks if they are pounds.", s.of(), strings.TrimSuffix(strings.TrimPrefix(s.LeftOut, "its amounts are in "), ", not in pounds")))
	}
	return Refusal(what + " has no column of amounts. Check that it is a file of payments.")
}

// refuseSheets is why no worksheet can be read.
func (f *File) refuseSheets() error {
	for i := range f.Sheets {
		s := &f.Sheets[i]
		if f.uncalculated(i) {
			return Refusal(fmt.Sprintf("The amounts%s are formulas that were never calculated. Open the workbook in a spreadsheet, save it and load the saved file.", s.of()))
		}
	}
	for i := range f.Sheets {
		s := &f.Sheets[i]
		if f.Nil = f.Nil || s.isNil; strings.HasPrefix(s.LeftOut, "its amounts are in") {
			return s.refusal("The workbook")
		}
	}
	if f.Nil {
		return nil
	}
	return Refusal("No worksheet has a column of amounts. Check that it is a file of payments.")
}

// uncalculated says that a column headed as amounts holds formulas and no values.
func (f *File) uncalculated(i int) bool {
	s := &f.Sheets[i]
	if s.LeftOut == neverCalculated {
		return true
	}
	if s.LeftOut != noAmounts {
		return false
	}
	words := newDictionary()
	for c, heading := range s.Header {
		if g, ok := words.read(heading); !ok || g.field != Amount {
			continue
		}
		if f.book.Uncalculated(i, c, max(s.first, 1), shownRows) {
			return true
		}
	}
	return false
}

// nilWords are what publishers write where nothing was paid.
var nilWords = []string{"nil", "nil return", "nil returns", "none", "no payments", "no transactions", "no expenditure", "no spend", "no data", "nothing to report", "no invoices", "no items", "not applicable", "n a", "nil spend", "nil payments", "nil expenditure", "nil transactions", "no payments made"}

// saysNil says that a table without a payment says so.
func saysNil(rows [][]string) bool {
	found := false
	for _, row := range rows {
		filled := 0
		for _, c := range row {
			if c == "" || isNothing(c) || isWrittenDate(c) {
				continue
			}
			filled++
			w := letters(c)
			found = found || slices.Contains(nilWords, w) || strings.HasPrefix(w, "nil return") || strings.HasPrefix(w, "nil spend ") || strings.HasPrefix(w, "nil payments ") || strings.HasPrefix(w, "no payments ") || strings.HasPrefix(w, "there were no ") ||
				strings.HasPrefix(w, "no spend ") || strings.HasPrefix(w, "no transactions ") || strings.HasPrefix(w, "nothing to report") || strings.HasPrefix(w, "no expenditure ")
		}
		if filled > 3 {
			return false
		}
	}
	return found && len(rows) <= 10
}

// isNothing says that a cell is a dash or a zero of money.
func isNothing(cell string) bool { return cell != "" && strings.Trim(cell, "£0.,-–— ") == "" }

// settleNil takes a table whose amounts are all nothing, and which says that
// nothing was paid, for a nil return.
func (s *Sheet) settleNil(c *columns) {
	amount := s.column(Amount)
	if s.LeftOut != "" || amount < 0 {
		return
	}
	for _, row := range c.rows {
		if amount < len(row) && row[amount] != "" && !isNothing(row[amount]) && !saysNil([][]string{row[amount : amount+1]}) {
			return
		}
	}
	if saysNil(c.rows) {
		s.Sure, s.isNil, s.LeftOut = false, true, saidNil
	}
}

// unused says that a row is one of a form that nobody filled in: an amount of
// nothing and, at most, the name of the body.
func (r *reader) unused() bool {
	if !isNothing(r.cell(Amount)) {
		return false
	}
	for i, c := range r.cells {
		if c != "" && i != r.col[Body] && !isNothing(c) {
			return false
		}
	}
	return true
}

// zeroFormulas leaves a worksheet out whose first amounts are all zeros of
// formulas: a program wrote the zeros and calculated nothing.
func (f *File) zeroFormulas(i int, s *Sheet) {
	amount := s.column(Amount)
	if s.LeftOut != "" || amount < 0 {
		return
	}
	for _, row := range s.Sample {
		if amount < len(row) && row[amount] != "" && !isNothing(row[amount]) {
			return
		}
	}
	if f.book.Uncalculated(i, amount, max(s.first, 1), shownRows) {
		s.Sure, s.LeftOut = false, neverCalculated
	}
}
