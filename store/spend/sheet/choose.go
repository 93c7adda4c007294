package sheet

import (
	"fmt"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/money"
)

type candidate struct {
	column, rank int
}

// choose maps the columns by their headings and, where those say nothing, by
// what the columns hold.
func (d *dictionary) choose(s *Sheet, c *columns) {
	s.Sure = true
	by := d.misplaced(s.Header, c)
	if by != 0 {
		s.doubt(aboutHeadings, "The headings seem to be %s away from the columns they name. Is it right to read them there?", counting(max(by, -by), "column", "columns"))
		s.Header = moved(s.Header, by)
		s.width = max(s.width, len(s.Header))
	}
	named := map[Field][]candidate{}
	for i, heading := range s.Header {
		if g, ok := d.read(heading); ok {
			named[g.field] = append(named[g.field], candidate{i, g.rank})
		}
	}
	c.mend(named)
	c.ownName(named, s)
	s.later = laterDates(named[DatePaid], c)
	for f, list := range named {
		if f != Amount {
			s.Mapping[f] = best(list, c, f == Body || f == Category || f == CostCentre || f == Purpose)
		}
	}
	if !s.choosePair(c, len(named[Amount]) > 0) {
		s.chooseAmount(named[Amount], c)
	}
	s.chooseDate(c)
	s.doubtPeriods(c)
	s.chooseSupplier(c)
	s.comma = c.at(s.column(Amount)).isComma()
	s.doubtMoney(named[Amount], c)
	s.doubtCodes(c, d.plainly(s, Supplier))
	s.doubtRegister()
	s.doubtOrders()
	s.settleNil(c)
}

// plainly says that the heading of a field is one of its known names.
func (d *dictionary) plainly(s *Sheet, f Field) bool {
	i := s.column(f)
	if i < 0 || i >= len(s.Header) {
		return false
	}
	g, ok := d.read(s.Header[i])
	return ok && g.field == f && g.rank%100 < keywordRank
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

// laterDates are the columns of dates by how well their headings name the day of
// payment, else of the invoice; those that name neither are none.
func laterDates(list []candidate, c *columns) (all []int) {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b candidate) int { return a.rank - b.rank })
	for _, n := range list {
		if col := c.at(n.column); n.rank < keywordRank && (col.dates+col.serials)*2 >= col.filled && col.filled > 0 {
			all = append(all, n.column)
		}
	}
	return all
}

// ownName takes a company's name that is the same on every row, beside a column
// of suppliers, for the body's own.
func (c *columns) ownName(named map[Field][]candidate, s *Sheet) {
	list := named[Supplier]
	for i, n := range list {
		heading := letters(s.Header[n.column])
		if len(list) > 1 && len(named[Body]) == 0 && strings.HasPrefix(heading, "company") && c.constant(n.column) {
			named[Body] = []candidate{n}
			named[Supplier] = append(list[:i:i], list[i+1:]...)
			return
		}
	}
}

// constant says that a column holds one and the same text on five rows or more.
func (c *columns) constant(i int) bool {
	text, n := "", 0
	for _, row := range c.rows {
		if i >= len(row) || row[i] == "" {
			continue
		}
		if text != "" && row[i] != text {
			return false
		}
		text = row[i]
		n++
	}
	return n >= 5
}

// best is the best named column that holds anything, and words rather than
// codes where it is words that are wanted.
func best(list []candidate, c *columns, words bool) int {
	worth := func(n candidate) int {
		switch col := c.at(n.column); {
		case col.filled == 0:
			return 0
		case words && col.words*2 <= col.filled:
			return 1
		}
		return 2
	}
	chosen := list[0]
	for _, n := range list[1:] {
		if a, b := worth(n), worth(chosen); a > b || a == b && a > 0 && n.rank < chosen.rank {
			chosen = n
		}
	}
	return chosen.column
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
			s.doubt(Amount, "%q and %q both hold amounts. Which is the amount paid, net of recoverable VAT?", s.heading(chosen.column), s.heading(n.column))
		}
	}
	col := c.at(chosen.column)
	for i, other := range c.all {
		if i != chosen.column && col.amounts*2 < col.filled && other.money*2 > other.filled && other.filled*2 > col.filled && !s.isNamed(i) {
			s.doubt(Amount, "Few cells under %q are amounts, but most under %q are. Which is the amount paid?", s.heading(chosen.column), s.heading(i))
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
	case b == totalTier && hasWord(letters(splitCamel(s.heading(chosen.column))), "line"):
		return false // a line of an invoice, and the invoice
	case c.agree(chosen.column, other.column, -1), c.addUp(chosen.column, other.column):
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

// addUp says that the second column repeats, on each line of an invoice, what
// the first column comes to over its lines.
func (c *columns) addUp(line, invoice int) bool {
	runs, sum, last := 0, int64(0), int64(0)
	single := true // the lines of the run each come to the whole
	for i := 0; i <= len(c.rows); i++ {
		var n, whole int64
		if i < len(c.rows) {
			var ok, ok2 bool
			n, ok = rowAmount(c.rows[i], line)
			whole, ok2 = rowAmount(c.rows[i], invoice)
			if !ok || !ok2 {
				continue
			}
		}
		if i == len(c.rows) || whole != last {
			if runs > 0 && i < len(c.rows) && sum != last && !single {
				return false // the run at the end of the sample may go on
			}
			runs, sum, last, single = runs+1, 0, whole, true
		}
		sum, single = money.Add(sum, n), single && n == whole
	}
	return runs > 3
}

func rowAmount(row []string, i int) (int64, bool) {
	if i < 0 || i >= len(row) {
		return 0, false
	}
	p, _, why := amount(row[i], true)
	if why != "" && isComma(row[i]) {
		p, _, why = commaAmount(row[i])
	}
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
		s.Sure, s.LeftOut = false, noAmounts
		if s.isNil = (len(s.Header) > 0 || len(c.rows) <= 3) && saysNil(c.rows); s.isNil {
			s.LeftOut = saidNil
		}
		return
	}
	s.Mapping[Amount] = found
	if several || named {
		s.doubt(Amount, "No heading says which column is the amount. Is it %q?", s.heading(found))
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
		s.doubt(DatePaid, "Several columns hold dates. Is %q the date of payment?", s.heading(found))
	}
}

// doubtPeriods asks about months in figures that may count from April, as the
// periods of a financial year do.
func (s *Sheet) doubtPeriods(c *columns) {
	i, ok := s.Mapping[DatePaid]
	heading := letters(s.heading(i))
	if !ok || strings.Contains(heading, "month") || strings.Contains(heading, "date") {
		return
	}
	months, filled := 0, 0
	for _, row := range c.rows {
		if i >= len(row) || row[i] == "" {
			continue
		}
		filled++
		if parseDate(row[i], false).WholeMonth && strings.Trim(row[i], "0123456789/-. ") == "" {
			months++
		}
	}
	if months*2 > filled {
		s.doubt(DatePaid, "Does %q show calendar months, or periods of a financial year that begins in April?", s.heading(i))
	}
}

// choosePair finds a column of debits beside one of credits where no other
// heading names an amount. The amount is the debit less the credit.
func (s *Sheet) choosePair(c *columns, named bool) bool {
	debit, credit := -1, -1
	for i, heading := range s.Header {
		switch letters(splitCamel(heading)) {
		case "debit", "debits", "debit amount", "amount debit", "dr", "debit value":
			debit = i
		case "credit", "credits", "credit amount", "amount credit", "cr", "credit value":
			credit = i
		}
	}
	if named || debit < 0 || credit < 0 || c.at(debit).amounts == 0 {
		return false
	}
	s.Mapping[Amount], s.debit, s.credit = debit, debit, credit
	for _, row := range c.rows {
		if n, ok := rowAmount(row, credit); ok && n < 0 {
			s.doubt(Amount, "Some cells under %q are negative. Should they be added or subtracted?", s.heading(credit))
			break
		}
	}
	return true
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
		s.doubt(Supplier, "No column seems to name the supplier. Is there one?")
		return
	}
	s.Mapping[Supplier] = found
	col := c.at(found)
	few := col.firms*4 < col.filled && len(col.named) < 20
	if few || second >= 0 && len(c.at(second).named)*3 > len(col.named) {
		s.doubt(Supplier, "No heading says which column names the supplier. Is it %q?", s.heading(found))
	}
}
