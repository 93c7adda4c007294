package sheet

import (
	"slices"
	"strings"

	"github.com/police-ict/handover/store/book"
)

const whySplit = "the amount is split in two at a comma, because it is not in quotation marks"

// joining puts together amounts that a comma between thousands, written without
// quotation marks, has cut into several cells.
type joining struct {
	full  int    // cells of a whole record
	money []bool // columns of money
	sorts []sort // what the columns hold, where it is known
}

// rejoin gives the cells of a record with its cut amounts put together. Where it
// cannot be told how, or the record is no longer than others, why says that an
// amount is cut.
func (j *joining) rejoin(cells []string) (whole []string, why string) {
	if !j.cut(cells) {
		return cells, ""
	}
	filled := len(book.TrimEnd(cells))
	var found [][]string
	for by := max(1, filled-len(j.money)); by <= len(cells)-j.full; by++ {
		found = j.ways(found, nil, cells, by)
	}
	if len(found) == 1 {
		return found[0], ""
	}
	return cells, whySplit
}

// cut says that a column of money holds the beginning of an amount and the next
// cell the rest of one, though it is not needed there.
func (j *joining) cut(cells []string) bool {
	for i, money := range j.money {
		if !money || i+1 >= len(cells) || !startsGroups(cells[i]) || !isGroup(cells[i+1]) {
			continue
		}
		if len(cells) > j.full && len(book.TrimEnd(cells)) > i+1 {
			return len(book.TrimEnd(cells)) > len(j.money) || !j.takes(cells[i+1], i+1)
		}
		if strings.Contains(cells[i+1], ".") && !j.takes(cells[i+1], i+1) {
			return true // the record has dropped an empty cell at its end
		}
	}
	return false
}

// takes says that a cell of figures may stand in a column of its own.
func (j *joining) takes(cell string, i int) bool {
	if i >= len(j.money) {
		return false
	}
	sort := anything
	if i < len(j.sorts) {
		sort = j.sorts[i]
	}
	return j.money[i] || sort == priced || sort == whole || sort == anything && !strings.Contains(cell, ".")
}

// ways adds the ways to take a record to pieces in which a number of cells too
// many belong to the amounts before them. Two are enough to be in doubt.
func (j *joining) ways(found [][]string, done, rest []string, by int) [][]string {
	i := len(done)
	switch {
	case len(found) > 1:
		return found
	case len(rest) == 0:
		if by == 0 {
			found = append(found, slices.Clone(done))
		}
		return found
	case i < len(j.sorts) && !fits(sortOf(rest[0]), j.sorts[i]) && !(i < len(j.money) && j.money[i]):
		return found
	case i >= len(j.money) && rest[0] != "" && by > 0:
		return found
	}
	found = j.ways(found, append(slices.Clone(done), rest[0]), rest[1:], by)
	if i >= len(j.money) || !j.money[i] || !startsGroups(rest[0]) {
		return found
	}
	amount := rest[0]
	for n := 1; n <= min(by, 3) && n < len(rest) && isGroup(rest[n]); n++ {
		amount += "," + rest[n]
		if _, _, why := ParseAmount(amount); why == "" {
			found = j.ways(found, append(slices.Clone(done), amount), rest[n+1:], by-n)
		}
	}
	return found
}

// startsGroups says that a cell may be what stands before a comma between
// thousands: one to three figures, after a sign at most.
func startsGroups(s string) bool {
	s = strings.TrimLeft(s, "-+(£\"' \u2212\u2013")
	s = strings.TrimPrefix(s, "GBP ")
	return len(s) > 0 && len(s) <= 3 && isDigits(s) && s[0] != '0'
}

// isGroup says that a cell may be what stands after such a comma: three figures,
// perhaps with pence and a sign behind them.
func isGroup(s string) bool {
	if len(s) < 3 || len(s) > 12 || !isDigits(s[:3]) {
		return false
	}
	s = s[3:]
	if len(s) > 1 && s[0] == '.' {
		n := 1
		for n < len(s) && class(s[n]) == '0' {
			n++
		}
		if n == 1 || n > 3 {
			return false
		}
		s = s[n:]
	}
	switch strings.ToUpper(strings.TrimSpace(s)) {
	case "", ")", "-", "CR", "DR", "\"", "'":
		return true
	}
	return false
}

// moneyHeadings are the columns that headings name as money.
func (d *dictionary) moneyHeadings(header []string) []bool {
	all := make([]bool, len(header))
	for i, heading := range header {
		g, ok := d.read(heading)
		w := letters(splitCamel(heading))
		all[i] = ok && (g.field == Amount || g.field == VAT) || hasWord(w, "debit") || hasWord(w, "credit")
	}
	return all
}

// joined are the rows of a sample with their cut amounts put together.
func (d *dictionary) joined(rows [][]string, header []string) [][]string {
	if len(header) == 0 {
		return rows
	}
	j := joining{full: len(header), money: d.moneyHeadings(book.TrimEnd(header))}
	all := slices.Clone(rows)
	for i, row := range all {
		all[i], _ = j.rejoin(row)
	}
	return all
}

// whole gives the cells of a record of text with its cut amounts put together.
func (r *reader) whole(cells []string) (all []string, why string) {
	if r.tabled || len(r.s.Header) == 0 || r.f.Delimiter != ',' {
		return cells, ""
	}
	if r.join == nil || r.joinHead != &r.head[0] {
		if r.words == nil {
			r.words = newDictionary()
		}
		full := len(r.head)
		if full == len(r.s.Header) {
			full = max(full, r.s.full)
		}
		r.joinHead = &r.head[0]
		r.join = &joining{full: full, money: r.words.moneyHeadings(book.TrimEnd(r.head)), sorts: r.sorts}
		for _, c := range []int{r.col[Amount], r.col[VAT]} {
			if c >= 0 && c < len(r.join.money) {
				r.join.money[c] = true
			}
		}
	}
	return r.join.rejoin(cells)
}
