package sheet

import (
	"slices"

	"github.com/police-ict/handover/store/book"
)

// turn takes a row of other headings for the beginning of a second table, with
// fewer or more columns, or in another order. It says whether the row is one.
func (r *reader) turn(cells []string) bool {
	if r.words == nil {
		r.words = newDictionary()
	}
	h := r.words.scoreHeader(cells)
	if !h.found || len(r.s.Header) == 0 {
		return false
	}
	was := map[string]int{} // the columns of the headings so far
	for i, heading := range r.head {
		if _, again := was[letters(heading)]; !again {
			was[letters(heading)] = i
		}
	}
	to := map[int]int{} // from the columns so far to those below this row
	for i, heading := range cells {
		if from, ok := was[letters(heading)]; ok && heading != "" {
			if _, again := to[from]; !again {
				to[from] = i
			}
		}
	}
	col := r.col
	for f := range col {
		if at, ok := to[r.col[f]]; ok && r.col[f] >= 0 {
			col[f] = at
		} else {
			col[f] = r.called(Field(f), cells)
		}
	}
	if col[Amount] < 0 {
		return false
	}
	r.dates, r.texts, r.sorts = carried(r.dates, to, len(cells)), carried(r.texts, to, len(cells)), carried(r.sorts, to, len(cells))
	for k, c := range r.days {
		r.days[k] = -1
		if at, ok := to[c]; ok {
			r.days[k] = at
		}
	}
	if len(r.days) > 0 {
		r.days[0] = col[DatePaid]
	}
	r.col, r.head, r.width = col, slices.Clone(cells), len(cells)
	r.paired = false
	if lines, ok := r.src.(*book.Lines); ok {
		lines.Like(likeness(len(cells), col[Amount], col[DatePaid]))
	}
	return true
}

// called is the column that a heading of another table names as a field, where
// the first table had it too; negative for none.
func (r *reader) called(f Field, cells []string) int {
	best, at := 0, -1
	for i, heading := range cells {
		if g, ok := r.words.read(heading); ok && g.field == f && (at < 0 || g.rank < best) {
			best, at = g.rank, i
		}
	}
	if r.s.column(f) < 0 {
		return -1
	}
	return at
}

// carried moves what is known of columns to where they stand now.
func carried[T any](list []T, to map[int]int, width int) []T {
	all := make([]T, width)
	for from, at := range to {
		if from < len(list) && at < width {
			all[at] = list[from]
		}
	}
	return all
}

// mayHead says, cheaply, that a row may be headings: its amount is no number and
// begins with no figure, or is missing while the row is short.
func (r *reader) mayHead(cells []string) bool {
	if len(r.s.Header) == 0 || len(cells) < 2 {
		return false
	}
	cell := r.cell(Amount)
	if cell != "" {
		return class(cell[0]) == 'a' || cell[0] > 127
	}
	return class(first(cells)) == 'a'
}

// first is the first letter of a row.
func first(cells []string) byte {
	for _, c := range cells {
		if c != "" {
			return c[0]
		}
	}
	return 0
}
