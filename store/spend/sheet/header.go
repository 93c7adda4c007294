package sheet

import (
	"maps"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/book"
)

// headerWithin is how many records that hold something may stand before the
// headings.
const headerWithin = 40

// header is a candidate for the heading row.
type header struct {
	found  bool
	cells  []string
	at     int // index in the sample of the row, -1 for the end of the file
	rows   int // rows of the sample that it takes, from at on
	record int // number of the record that names most
	score  int
}

// findHeader finds the row that reads most like headings; two rows one under
// the other may read as one.
func (d *dictionary) findHeader(s *sample) header {
	var best header
	data := false // rows above hold data: headings further down are those of another page
	for i := 0; i < len(s.rows) && (i < headerWithin || !data); i++ {
		data = data || holdsData(s.rows[i])
		one := d.scoreHeader(s.rows[i])
		if one.found && one.score > best.score {
			one.at, one.rows, one.record = i, 1, s.numbers[i]
			best = one
		}
		if i+1 == len(s.rows) || s.numbers[i+1] != s.numbers[i]+1 || holdsData(s.rows[i+1]) || holdsData(s.rows[i]) {
			continue
		}
		next := d.scoreHeader(s.rows[i+1])
		two := d.scoreHeader(joined(s.rows[i], s.rows[i+1]))
		if two.found && two.score > best.score && two.score > next.score {
			two.at, two.rows, two.record = i, 2, s.numbers[i]
			if next.score > one.score {
				two.record = s.numbers[i+1]
			}
			best = two
		}
	}
	if best.found && best.at > 0 {
		best = d.firstTable(s, best)
	}
	if best.found && best.rows == 1 {
		best.addUnits(s)
	}
	return best
}

// firstTable is the first headings above the best that name a date, a supplier
// and an amount and have such payments below them: both are tables then.
func (d *dictionary) firstTable(s *sample, best header) header {
	for i := range best.at {
		one := d.scoreHeader(s.rows[i])
		if !one.found || !d.namesPayments(s.rows[i]) {
			continue
		}
		for _, row := range s.rows[i+1 : best.at] {
			money, day := false, false
			for _, c := range row {
				money, day = money || isMoney(c), day || isWrittenDate(c)
			}
			if money && day {
				one.at, one.rows, one.record = i, 1, s.numbers[i]
				return one
			}
		}
	}
	return best
}

// namesPayments says that a row names a date, a supplier and an amount.
func (d *dictionary) namesPayments(cells []string) bool {
	named := map[Field]bool{}
	for _, c := range cells {
		if g, ok := d.read(c); ok && c != "" {
			named[g.field] = true
		}
	}
	return named[DatePaid] && named[Supplier] && named[Amount]
}

// oneTable are the rows up to the headings of another table: what its columns
// hold says nothing of those of the first.
func (d *dictionary) oneTable(header []string, rows [][]string) [][]string {
	for i, row := range rows {
		if i > 0 && d.scoreHeader(row).found && d.namesPayments(row) && fingerprint(row) != fingerprint(header) {
			return rows[:i]
		}
	}
	return rows
}

// addUnits takes in a row right below the headings that only gives units, such
// as "£" or "dd/mm/yyyy".
func (h *header) addUnits(s *sample) {
	i := h.at + 1
	if i >= len(s.rows) || s.numbers[i] != s.numbers[h.at]+1 {
		return
	}
	for _, c := range s.rows[i] {
		switch c = strings.ToLower(strings.Trim(c, "() ")); {
		case unitOf(c) != "" && len(c) < 12:
		case c == "", c == "£", c == "gbp", c == "£ p", c == "£.p", strings.Contains(c, "dd") && strings.Contains(c, "yy"):
		default:
			return
		}
	}
	h.rows = 2
	for k, c := range s.rows[i] {
		if unitOf(c) != "" && k < len(h.cells) {
			h.cells = slices.Clone(h.cells)
			h.cells[k] += " " + c // for whoever asks what the amounts are counted in
		}
	}
}

func joined(a, b []string) []string {
	both := make([]string, max(len(a), len(b)))
	for i := range both {
		if i < len(a) {
			both[i] = a[i]
		}
		if i < len(b) {
			both[i] = strings.TrimSpace(both[i] + " " + b[i])
		}
	}
	return both
}

// holdsData says that a row has an amount with pence, or a date.
func holdsData(cells []string) bool {
	for _, c := range cells {
		if isMoney(c) || isWrittenDate(c) {
			return true
		}
	}
	return false
}

// scoreHeader counts the fields that a row names; a row with data is no header,
// and one that names fewer than two is a title.
func (d *dictionary) scoreHeader(cells []string) header {
	if holdsData(cells) || len(cells) > 2000 {
		return header{}
	}
	named := map[Field]bool{}
	filled := 0
	for _, c := range cells {
		if c == "" {
			continue
		}
		filled++
		if g, ok := d.read(c); ok {
			named[g.field] = true
		}
	}
	h := header{cells: cells, score: 2 * len(named)}
	if named[Amount] {
		h.score += 3
	}
	h.found = len(named) >= 2 && (named[Amount] || 2*len(named) >= filled)
	return h
}

// table recognises one table from its first records. Headings below which
// nothing stands belong to the data above them.
func (d *dictionary) table(s *sample) Sheet {
	h := d.findHeader(s)
	if h.found && h.at > 0 && h.at+1 == len(s.rows) && holdsData(s.rows[h.at-1]) {
		s = &sample{s.rows[:h.at], s.numbers[:h.at]}
		h.at = -1
	}
	return d.under(s, h)
}

// wholeRows are the rows that have lost no cell, which show what a column usually
// holds; where there are none, all.
func wholeRows(rows [][]string, width int) [][]string {
	var whole [][]string
	for _, row := range rows {
		if len(row) >= width {
			whole = append(whole, row)
		}
	}
	if len(whole) == 0 {
		return rows
	}
	return whole
}

// under maps the columns below a header, or of a table that has none.
func (d *dictionary) under(s *sample, h header) Sheet {
	sheet := Sheet{Mapping: Mapping{}, HeaderRecord: h.record, first: 1, headers: map[string]int{}}
	data, first := s.rows, 0
	switch {
	case h.found && h.at >= 0:
		first = h.at + h.rows
		data = s.rows[first:]
		sheet.first = s.numbers[h.at+h.rows-1] + 1
		sheet.titled, sheet.titles = titledTotal(s.rows[:h.at]), titledMonths(s.rows[:h.at])
		for _, row := range s.rows[h.at : h.at+h.rows] {
			sheet.headers[fingerprint(row)]++
		}
		fallthrough
	case h.found:
		sheet.Header = book.TrimEnd(h.cells)
		sheet.headers[fingerprint(h.cells)]++
	}
	sheet.full = len(h.cells)
	data = d.joined(data, h.cells)
	if h.found {
		data = d.oneTable(h.cells, data)
	}
	c := newColumns(data)
	sheet.width, sheet.usual = len(sheet.Header), c.usual
	if sheet.width == 0 {
		sheet.width = c.usual
	}
	whole := newColumns(wholeRows(data, sheet.width))
	sheet.dates, sheet.texts, sheet.sorts = whole.dates(), whole.texts(), whole.sorts()
	d.choose(&sheet, c)
	if h.found && h.at > 0 {
		sheet.doubtUnit(titledUnit(s.rows[:h.at]))
	} else if h.found {
		sheet.doubtUnit("")
	}
	if len(data) > 0 {
		sheet.opening = s.numbers[first]
	}
	for i := 0; i < len(data) && i < shownRows; i++ {
		sheet.Sample = append(sheet.Sample, data[i])
	}
	return sheet
}

// titledTotal is a total that the title rows state: a label and one amount.
func titledTotal(rows [][]string) *int64 {
	for _, row := range rows {
		label, stated, sums := false, int64(0), 0
		for _, c := range row {
			if totalLabel(strings.TrimSuffix(c, ":")) >= 2 {
				label = true
			}
			if isMoney(c) {
				stated, _, _ = ParseAmount(c)
				sums++
			}
		}
		if label && sums == 1 {
			return &stated
		}
	}
	return nil
}

// titledMonths are the months that the title rows tell of.
func titledMonths(rows [][]string) map[int]bool {
	all := map[int]bool{}
	for _, row := range rows {
		for _, c := range row {
			if len(c) < 200 {
				maps.Copy(all, monthsNamed(c))
			}
		}
	}
	return all
}

// fingerprint knows a heading row again where each printed page repeats it.
func fingerprint(cells []string) string { return strings.Join(book.TrimEnd(cells), "\x1f") }
