package sheet

import "unicode"

// sort is what a cell is, or what a column holds, told without its heading.
type sort uint8

const (
	anything sort = iota
	wordy
	dated
	priced // money that nobody would take for a number of another kind
	whole  // digits alone
	absent
)

// sorts are what the columns hold on three filled rows of four.
func (c *columns) sorts() []sort {
	all := make([]sort, len(c.all))
	for i, col := range c.all {
		most := func(n int) bool { return col.filled >= 8 && n*4 >= col.filled*3 }
		switch {
		case most(col.dates):
			all[i] = dated
		case most(col.money):
			all[i] = priced
		case most(col.words):
			all[i] = wordy
		case most(col.amounts - col.money):
			all[i] = whole
		}
	}
	return all
}

func sortOf(cell string) sort {
	switch {
	case cell == "":
		return absent
	case isDigits(cell):
		return whole
	case isMoney(cell):
		return priced
	case isWrittenDate(cell):
		return dated
	}
	for _, r := range cell {
		if unicode.IsLetter(r) {
			return wordy
		}
	}
	return anything
}

// fits says that a cell may stand in a column. Digits may be a day that a
// spreadsheet counts, or the name of something.
func fits(cell, column sort) bool {
	switch {
	case cell == absent || cell == anything || column == anything || cell == column:
		return true
	case cell == whole:
		return column == dated
	}
	return false
}

// displaced says that a record has lost or gained a cell before the amount,
// which leaves the signs that two cells or more do not fit their columns and
// that all do, with money as the amount, once moved by one column.
func (r *reader) displaced() bool {
	a := r.col[Amount]
	if a < 0 || a >= len(r.sorts) || r.sorts[a] != priced || !r.suspect(a) {
		return false
	}
	cells := make([]sort, len(r.cells))
	misfits := 0
	for i, c := range r.cells {
		cells[i] = sortOf(c)
		if !r.fits(cells[i], i) {
			misfits++
		}
	}
	return misfits >= 2 && (r.fitsMoved(cells, a, 1) || r.fitsMoved(cells, a, -1))
}

// suspect is the cheap question: is there money beside the amount's column where
// there usually is none, or is the record of another width?
func (r *reader) suspect(a int) bool {
	for _, i := range [2]int{a - 1, a + 1} {
		if i < 0 || i >= len(r.cells) || i < len(r.sorts) && (r.sorts[i] == priced || r.sorts[i] == anything) {
			continue
		}
		if c := r.cells[i]; c != "" && class(c[len(c)-1]) == '0' && isMoney(c) {
			return true
		}
	}
	return !r.tabled && len(r.cells) < r.width || len(r.cells) > len(r.sorts) && !isBlank(r.cells[len(r.sorts):])
}

// fits says that a cell may stand in column i; beyond the columns nothing may.
func (r *reader) fits(cell sort, i int) bool {
	if i >= len(r.sorts) {
		return cell == absent
	}
	return fits(cell, r.sorts[i])
}

// fitsMoved moves the cells from each place up to the amount by one column.
func (r *reader) fitsMoved(cells []sort, amount, by int) bool {
	from := amount - by
	if from < 0 || from >= len(cells) || cells[from] != priced {
		return false
	}
	for place := 0; place <= from; place++ {
		if r.allFit(cells, place, by) {
			return true
		}
	}
	return false
}

// allFit says that all cells fit once those from place on are moved; a cell that
// was gained stands at place itself and belongs to the one before.
func (r *reader) allFit(cells []sort, place, by int) bool {
	for i, cell := range cells {
		switch {
		case i < place && !r.fits(cell, i):
			return false
		case by < 0 && i == place:
			continue
		case i >= place && !r.fits(cell, i+by):
			return false
		}
	}
	return true
}
