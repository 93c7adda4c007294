package sheet

import (
	"fmt"
	"strings"
	"unicode"
)

// column is what the cells of one column hold, counted over the sample.
type column struct {
	filled  int
	amounts int             // cells that can be read as an amount
	money   int             // amounts that nobody would take for a number of another kind
	dates   int             // dates with marks between their parts
	serials int             // whole numbers that may be a spreadsheet's days, or 20120625
	words   int             // cells with letters
	firms   int             // cells with a word of a company's name
	named   map[string]bool // the different ones: a body's own name repeats, suppliers vary
}

type columns struct {
	all   []column
	rows  [][]string
	usual int
}

func newColumns(rows [][]string) *columns {
	c := &columns{rows: rows}
	c.usual, _ = (&sample{rows: rows}).usual()
	for _, row := range rows {
		for i, cell := range row {
			if i == len(c.all) {
				c.all = append(c.all, column{})
			}
			c.all[i].count(cell)
		}
	}
	return c
}

func (c *column) count(cell string) {
	if cell == "" {
		return
	}
	c.filled++
	if looksLikeFirm(cell) {
		c.firms++
		if c.named == nil {
			c.named = map[string]bool{}
		}
		c.named[cell] = true
	}
	if !strings.ContainsAny(cell, "0123456789") {
		c.words++
		return
	}
	if _, _, why := amount(cell, true); why == "" {
		c.amounts++
		if isMoney(cell) {
			c.money++
		}
	}
	switch {
	case isWrittenDate(cell):
		c.dates++
	case (len(cell) == 5 || len(cell) == 8) && isDigits(cell) && !parseDate(cell, false).IsZero():
		c.serials++
	}
	if strings.ContainsAny(cell, " ,") && strings.IndexFunc(cell, unicode.IsLetter) >= 0 {
		c.words++ // one word with digits is a reference, not a name
	}
}

// isMoney says that a cell has pence, a pound sign or a comma between thousands.
func isMoney(s string) bool {
	if len(s) < 3 || len(s) > 30 || !strings.ContainsAny(s, ".,£") {
		return false
	}
	_, _, why := amount(s, true)
	return why == ""
}

// isWrittenDate is a date that cannot be a mere number.
func isWrittenDate(s string) bool {
	return len(s) >= 6 && len(s) <= 40 && !isDigits(s) && strings.ContainsAny(s, "/-. ") && !isMoney(s) && !parseDate(s, false).IsZero()
}

func looksLikeFirm(s string) bool {
	for w := range strings.SplitSeq(letters(s), " ") {
		switch w {
		case "ltd", "limited", "plc", "llp", "council", "university", "services", "solutions", "group", "uk", "trust", "redacted":
			return true
		}
	}
	return false
}

func (c *columns) at(i int) column {
	if i < 0 || i >= len(c.all) {
		return column{}
	}
	return c.all[i]
}

// dates are the columns that hold dates.
func (c *columns) dates() map[int]bool {
	found := map[int]bool{}
	for i, col := range c.all {
		if col.dates*5 > col.filled*2 {
			found[i] = true
		}
	}
	return found
}

// texts are the columns that hold words and hardly a number.
func (c *columns) texts() map[int]bool {
	found := map[int]bool{}
	for i, col := range c.all {
		if col.filled > 0 && col.words*10 > col.filled*9 {
			found[i] = true
		}
	}
	return found
}

type candidate struct {
	column, rank int
}

// choose maps the columns by their headings and, where those say nothing, by
// what the columns hold.
func (d *dictionary) choose(s *Sheet, c *columns) {
	s.Sure = true
	named := map[Field][]candidate{}
	for i, heading := range s.Header {
		if g, ok := d.read(heading); ok {
			named[g.field] = append(named[g.field], candidate{i, g.rank})
		}
	}
	c.mend(named)
	for f, list := range named {
		if f != Amount {
			s.Mapping[f] = best(list, c)
		}
	}
	s.chooseAmount(named[Amount], c)
	s.chooseDate(c)
	s.chooseSupplier(c)
}

// mend moves a column of names out of "supplier number" where nothing else is
// the supplier, and drops dates that are no dates.
func (c *columns) mend(named map[Field][]candidate) {
	if numbers := named[SupplierNumber]; len(named[Supplier]) == 0 {
		for i, n := range numbers {
			if col := c.at(n.column); col.words*2 > col.filled {
				named[Supplier] = []candidate{n}
				named[SupplierNumber] = append(numbers[:i:i], numbers[i+1:]...)
				break
			}
		}
	}
	if len(named[SupplierNumber]) == 0 {
		delete(named, SupplierNumber)
	}
	var days []candidate
	for _, n := range named[DatePaid] {
		if col := c.at(n.column); (col.dates+col.serials)*2 >= col.filled || col.filled == 0 || col.amounts*2 < col.filled {
			days = append(days, n)
		}
	}
	delete(named, DatePaid)
	if len(days) > 0 {
		named[DatePaid] = days
	}
}

// best is the best named column that holds anything.
func best(list []candidate, c *columns) int {
	chosen := list[0]
	for _, n := range list[1:] {
		empty := c.at(chosen.column).filled == 0 && c.at(n.column).filled > 0
		if empty || n.rank < chosen.rank && c.at(n.column).filled > 0 {
			chosen = n
		}
	}
	return chosen.column
}

func (s *Sheet) doubt(format string, args ...any) {
	s.Sure = false
	s.Doubts = append(s.Doubts, fmt.Sprintf(format, args...))
}

// chooseAmount takes the best tier of the columns that hold amounts; two columns
// of one tier, or a total beside a plain amount, are asked about unless the
// figures settle it.
func (s *Sheet) chooseAmount(named []candidate, c *columns) {
	var able []candidate
	for _, n := range named {
		if c.at(n.column).amounts > 0 {
			able = append(able, n)
		}
	}
	if len(able) == 0 {
		s.inferAmount(c, len(named) > 0)
		return
	}
	chosen := able[0]
	for _, n := range able[1:] {
		if n.rank/100 < chosen.rank/100 || n.rank/100 == chosen.rank/100 && c.at(n.column).amounts > 2*c.at(chosen.column).amounts {
			chosen = n
		}
	}
	s.Mapping[Amount] = chosen.column
	for _, n := range able {
		if n != chosen && s.rivals(chosen, n, c) {
			s.doubt("Both %q and %q hold amounts: which is the amount paid, net of recoverable VAT?", s.heading(chosen.column), s.heading(n.column))
		}
	}
	col := c.at(chosen.column)
	for i, other := range c.all {
		if i != chosen.column && col.amounts*2 < col.filled && other.money*2 > other.filled && other.filled*2 > col.filled && !s.isNamed(i) {
			s.doubt("Few cells under %q are amounts, but %q is full of them: which is the amount?", s.heading(chosen.column), s.heading(i))
		}
	}
}

// rivals says whether a second column of amounts puts the choice in doubt.
func (s *Sheet) rivals(chosen, other candidate, c *columns) bool {
	a, b := chosen.rank/100, other.rank/100
	switch {
	case a == netTier && b != netTier, a == plainTier && b == grossTier:
		return false
	case c.at(other.column).amounts*10 < c.at(chosen.column).amounts:
		return false // a stray figure
	case c.agree(chosen.column, other.column, -1):
		return false
	}
	vat, ok := s.Mapping[VAT]
	return !ok || !c.agree(chosen.column, other.column, vat)
}

// agree says that, wherever both can be read, the second column is the first
// plus VAT, or the first itself where there is no VAT column.
func (c *columns) agree(net, gross, vat int) bool {
	read := 0
	for _, row := range c.rows {
		n, ok := rowAmount(row, net)
		g, ok2 := rowAmount(row, gross)
		if !ok || !ok2 {
			continue
		}
		v, _ := rowAmount(row, vat)
		if n+v != g {
			return false
		}
		read++
	}
	return read > 2
}

func rowAmount(row []string, i int) (int64, bool) {
	if i < 0 || i >= len(row) {
		return 0, false
	}
	p, _, why := amount(row[i], true)
	return p, why == ""
}

func (s *Sheet) heading(i int) string {
	if i < len(s.Header) && s.Header[i] != "" {
		return s.Header[i]
	}
	return fmt.Sprintf("column %d", i+1)
}

func (s *Sheet) isNamed(i int) bool {
	for _, column := range s.Mapping {
		if column == i {
			return true
		}
	}
	return false
}

// inferAmount looks for the only column of money where no heading names one.
func (s *Sheet) inferAmount(c *columns, named bool) {
	found := -1
	several := false
	for i, col := range c.all {
		if s.isNamed(i) || col.money == 0 || col.amounts*10 < col.filled*8 || col.money*10 < col.filled*6 || col.filled*2 < len(c.rows) {
			continue
		}
		several = several || found >= 0
		found = i
	}
	if found < 0 {
		found = c.fullestNumbers(s)
		several = found >= 0
	}
	if found < 0 {
		s.Sure, s.LeftOut = false, "it holds no column of amounts"
		return
	}
	s.Mapping[Amount] = found
	if several || named {
		s.doubt("No heading says which column is the amount: is it %q?", s.heading(found))
	}
}

// fullestNumbers is a column of plain numbers under no known heading.
func (c *columns) fullestNumbers(s *Sheet) int {
	for i := len(c.all) - 1; i >= 0; i-- {
		if col := c.all[i]; !s.isNamed(i) && col.amounts > col.serials && col.amounts*10 >= col.filled*8 && col.filled*2 > len(c.rows) {
			return i
		}
	}
	return -1
}

// chooseDate looks for the only column of dates where no heading names one.
func (s *Sheet) chooseDate(c *columns) {
	if _, ok := s.Mapping[DatePaid]; ok {
		return
	}
	found, several := -1, false
	for i, col := range c.all {
		if s.isNamed(i) || col.dates*10 < col.filled*8 || col.filled*2 < len(c.rows) || col.filled == 0 {
			continue
		}
		several = several || found >= 0
		if found < 0 {
			found = i
		}
	}
	if found < 0 {
		return
	}
	s.Mapping[DatePaid] = found
	if several {
		s.doubt("Several columns hold dates: is %q the day of payment?", s.heading(found))
	}
}

// chooseSupplier looks for the column that reads most like names of firms.
func (s *Sheet) chooseSupplier(c *columns) {
	if _, ok := s.Mapping[Supplier]; ok || s.LeftOut != "" {
		return
	}
	found, second := -1, -1
	for i, col := range c.all {
		switch {
		case s.isNamed(i) || col.firms == 0 || !s.texts[i]:
		case found < 0 || len(col.named) > len(c.all[found].named):
			found, second = i, found
		case second < 0 || len(col.named) > len(c.all[second].named):
			second = i
		}
	}
	if found < 0 {
		s.doubt("No column names the supplier: is there one?")
		return
	}
	s.Mapping[Supplier] = found
	col := c.at(found)
	few := col.firms*4 < col.filled && len(col.named) < 20
	if few || second >= 0 && len(c.at(second).named)*3 > len(col.named) {
		s.doubt("No heading says which column names the supplier: is it %q?", s.heading(found))
	}
}
