package sheet

import (
	"slices"
	"strings"
	"unicode"
)

// aboutHeadings is a doubt that any column named by a person settles.
const aboutHeadings = aboutSheet + 1

// misplaced says by how many columns the headings stand beside the cells that
// they name: 0 where they stand above them. It is looked into only where a
// heading of dates has no date below it.
func (d *dictionary) misplaced(header []string, c *columns) int {
	named := map[int]Field{}
	for i, heading := range header {
		if g, ok := d.read(heading); ok && (g.field == DatePaid || g.field == Amount || g.field == VAT || g.field == Supplier) {
			named[i] = g.field
		}
	}
	wrong := false
	for i, field := range named {
		col := c.at(i)
		wrong = wrong || field == DatePaid && col.filled > 0 && col.dates+col.serials == 0
	}
	if !wrong {
		return 0
	}
	for _, by := range []int{1, -1, 2, -2} {
		fits := map[Field]bool{}
		for i, field := range named {
			col := c.at(i + by)
			if col.filled == 0 {
				continue
			}
			if !col.may(field) {
				fits = nil
				break
			}
			fits[field] = true
		}
		if fits[DatePaid] && fits[Amount] {
			return by
		}
	}
	return 0
}

// may says that a column may hold a field, by what stands in it.
func (c column) may(field Field) bool {
	switch field {
	case DatePaid:
		return (c.dates+c.serials)*2 >= c.filled
	case Amount, VAT:
		return c.amounts*10 >= c.filled*8
	case Supplier:
		return c.words*2 > c.filled
	}
	return true
}

// moved are the headings, moved by some columns.
func moved(header []string, by int) []string {
	if by > 0 {
		return append(make([]string, by), header...)
	}
	return header[min(-by, len(header)):]
}

// doubtRegister asks about a table whose dates are the start and end of something
// and whose amounts are what it is worth: a register of contracts or grants.
func (s *Sheet) doubtRegister() {
	amount := s.column(Amount)
	if amount < 0 {
		return
	}
	start, end, paid, tender := "", "", false, false
	for _, h := range s.Header {
		w := letters(splitCamel(h))
		has := func(words ...string) bool {
			return slices.ContainsFunc(words, func(one string) bool { return strings.Contains(" "+w+" ", " "+one+" ") })
		}
		switch {
		case has("start date", "start", "commencement", "commencement date", "commences", "award date", "date awarded", "date of award", "awarded on", "from"):
			start = h
		case has("end date", "end", "expiry", "expiry date", "expires", "review date", "completion date", "extension", "until", "term", "duration", "length", "to"):
			end = h
		}
		paid = paid || has("paid", "payment", "pay", "invoice", "cleared", "posting", "posted", "transaction date", "cheque", "bacs")
		tender = tender || has("tender", "procurement route", "procurement process", "contract title", "contract owner", "contract manager", "title of agreement")
	}
	w := letters(splitCamel(s.heading(amount)))
	worth := false
	for _, one := range []string{"annual", "estimated", "lifetime", "awarded", "contract", "budget", "agreement", "approved", "committed"} {
		worth = worth || hasWord(w, one)
	}
	if !paid && (start != "" && end != "" || worth && (start != "" || end != "" || tender) || tender && end != "") {
		s.doubt(Amount, "This looks like a register of contracts or grants. Are the amounts under %q payments, made on the dates shown?", s.heading(amount))
	}
}

// doubtCodes asks about suppliers that are no names: codes, as cost centres have
// them, or one and the same word on every row where the heading does not plainly
// name suppliers or another column could.
func (s *Sheet) doubtCodes(c *columns, plain bool) {
	i := s.column(Supplier)
	if i < 0 || s.LeftOut != "" {
		return
	}
	filled, codes, withheld, short, firms := 0, 0, 0, 0, c.at(i).firms
	different := map[string]bool{}
	for _, row := range c.rows {
		if i >= len(row) || row[i] == "" {
			continue
		}
		filled++
		different[row[i]] = true
		if isShortName(row[i]) {
			short++
		}
		switch {
		case IsRedacted(row[i]):
			withheld++
		case isCode(row[i]):
			codes++
		}
	}
	if filled < 8 || withheld*2 > filled {
		return
	}
	centre := false // the same few words stand under another heading too
	for _, field := range []Field{CostCentre, Category, Spender, Body} {
		centre = centre || firms == 0 && c.sameWords(i, s.column(field))
	}
	one := len(different) == 1
	switch {
	case one && plain && short == filled:
	case codes*10 >= filled*8:
		s.doubt(Supplier, "Most cells under %q are codes. Which column names the supplier?", s.heading(i))
	case firms == 0 && (centre || one && filled >= 10 && (!plain || c.firmsBeside(i))):
		s.doubt(Supplier, "The cells under %q look like departments or cost centres. Which column names the supplier?", s.heading(i))
	}
}

// isShortName says that a text is short enough to be a firm's name though it has
// a figure in it, such as "O2".
func isShortName(s string) bool {
	return len(s) <= 3 && strings.IndexFunc(s, unicode.IsLetter) >= 0
}

// firmsBeside says that a column other than i mostly names firms, and several.
func (c *columns) firmsBeside(i int) bool {
	for k, col := range c.all {
		if k != i && len(col.named) > 1 && col.firms*2 > col.filled {
			return true
		}
	}
	return false
}

// isCode says that a text is a code: digits, with a few letters at most.
func isCode(s string) bool {
	digits, small := 0, 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
			small++
		case r == ' ' || r > 127:
			return false
		}
	}
	return digits > 0 && small <= 4
}

// sameWords says that two columns hold the same on nine rows of ten.
func (c *columns) sameWords(a, b int) bool {
	if a < 0 || b < 0 || a == b {
		return false
	}
	same, all := 0, 0
	for _, row := range c.rows {
		if a < len(row) && b < len(row) && row[a] != "" {
			all++
			if row[a] == row[b] {
				same++
			}
		}
	}
	return all >= 8 && same*10 >= all*9
}

// foreign is the money that most cells of a column are in, if not pounds.
func (c *columns) foreign(i int) string {
	in, filled := map[string]int{}, 0
	for _, row := range c.rows {
		if i >= len(row) || row[i] == "" {
			continue
		}
		filled++
		in[moneyOf(row[i])]++
	}
	for _, name := range []string{"dollars", "euros"} {
		if in[name]*2 > filled {
			return name
		}
	}
	return ""
}

// moneyOf names the money that a cell or a heading is marked with, if not pounds.
func moneyOf(s string) string {
	w := letters(s)
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(one string) bool { return hasWord(w, one) })
	}
	switch {
	case strings.Contains(s, "$"), has("usd", "dollars", "dollar"):
		return "dollars"
	case strings.Contains(s, "€"), has("eur", "euro", "euros"):
		return "euros"
	}
	return ""
}

// doubtMoney leaves a table out whose amounts are marked as other money, and asks
// where only the heading says so.
func (s *Sheet) doubtMoney(named []candidate, c *columns) {
	for _, n := range named {
		money := c.foreign(n.column)
		if _, chosen := s.Mapping[Amount]; money != "" && (s.LeftOut != "" || chosen && s.Mapping[Amount] != n.column || c.at(n.column).amounts == 0) {
			s.Sure, s.LeftOut = false, "its amounts are in "+money+", not in pounds"
			return
		}
	}
	if s.LeftOut != "" {
		return
	}
	if money := moneyOf(s.heading(s.column(Amount))); money != "" {
		s.doubt(Amount, "The heading %q says that the amounts are in %s. Are they in pounds?", s.heading(s.column(Amount)), money)
	}
}

// doubtPoints asks about amounts with three figures behind every point, which
// between semicolons are as likely thousands as fractions of a penny.
func (s *Sheet) doubtPoints(rows [][]string) {
	a, example := s.column(Amount), ""
	for _, row := range rows {
		if a < 0 || a >= len(row) {
			continue
		}
		i := strings.LastIndexByte(row[a], '.')
		if _, _, why := amount(row[a], false); i < 0 || why != "" {
			continue
		}
		if !isGroup(row[a][i+1:]) || strings.Contains(row[a][i+1:], ".") || !startsGroups(row[a][:i]) {
			return
		}
		example = row[a]
	}
	if example != "" {
		s.doubt(Amount, "In amounts under %q, such as %q, does the point separate thousands or pence?", s.heading(a), bounded(example, 40))
	}
}
