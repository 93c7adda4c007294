package sheet

import (
	"strings"
	"unicode"
)

// column is what the cells of one column hold, counted over the sample.
type column struct {
	filled  int
	amounts int             // cells that can be read as an amount
	money   int             // amounts that nobody would take for a number of another kind
	commas  int             // that can only be amounts with a comma before the pence
	points  int             // amounts with a point before one or two figures of pence
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
	for i := range c.all {
		if col := &c.all[i]; col.isComma() {
			col.amounts, col.money = col.commas+col.amounts, col.commas
		}
	}
	return c
}

// isComma says that the amounts of a column have a comma before the pence: some
// can be read in no other way, and none has a point there.
func (c column) isComma() bool { return c.commas*3 > c.filled && c.points == 0 }

func (c *column) count(cell string) {
	if cell == "" || isDash(cell) {
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
		if i := strings.IndexByte(cell, '.'); i >= 0 && len(cell)-i < 4 {
			c.points++
		}
	} else if isComma(cell) {
		c.commas++
	}
	switch {
	case isWrittenDate(cell):
		c.dates++
	case (len(cell) == 5 || len(cell) == 8) && isDigits(cell) && readCell(cell, false).how != unread, isCounted(cell):
		c.serials++
	}
	if strings.ContainsAny(cell, " ,") && strings.IndexFunc(cell, unicode.IsLetter) >= 0 {
		c.words++ // one word with digits is a reference, not a name
	}
}

// isMoney says that a cell has pence, a pound sign or a comma between thousands.
func isMoney(s string) bool {
	if len(s) < 3 || len(s) > 30 || !strings.ContainsAny(s, ".,£") || strings.HasPrefix(s, "£000") { // a heading of thousands
		return false
	}
	_, _, why := amount(s, true)
	return why == ""
}

// isCounted says that a cell is a spreadsheet's count of days with the time of
// day, or with a zero for it.
func isCounted(s string) bool {
	return len(s) > 6 && s[5] == '.' && isDigits(s[:5]) && isDigits(s[6:]) && readCell(s, false).how == counted
}

// isWrittenDate is a date that cannot be a mere number.
func isWrittenDate(s string) bool {
	return len(s) >= 6 && len(s) <= 40 && !isDigits(s) && strings.ContainsAny(s, "/-. ") && !isMoney(s) && readCell(s, false).how != unread
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
