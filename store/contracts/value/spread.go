package value

import (
	"strconv"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/money"
)

// Part is a sum that is spread evenly over the days from First to Last, both
// included. The share of the first k of n days is the sum × k ÷ n, rounded to a
// penny; what falls between two days is the difference of two such shares, so that
// any cut of the days adds up to the sum.
type Part struct {
	First, Last civil.Day
	Pence       money.Pence
}

// Between is what falls on the days from one to another, both included.
func (p Part) Between(from, to civil.Day) money.Pence {
	from, to = max(from, p.First), min(to, p.Last)
	if to < from || p.First == "" {
		return 0
	}
	first := p.First.Number()
	n := int64(p.Last.Number() - first + 1)
	upTo := part(p.Pence, int64(to.Number()-first+1), n)
	return upTo - part(p.Pence, int64(from.Number()-first), n)
}

// Change is a variation of a contract: from a day on its whole value is Total,
// and its last day is Last.
type Change struct {
	From  civil.Day
	Total money.Pence // the value of the whole contract, not of the change
	Last  civil.Day   // "" leaves it
}

// Plan spreads a value over a term, with its variations in order. At each one, what
// had fallen on the days before it stays, and the rest of the new total is spread
// over the rest of the days. Rest that has no days left falls on the day of the
// change. The parts add up to the last total; there are none for a term that has
// no first or last day.
func Plan(first, last civil.Day, total money.Pence, changes []Change) []Part {
	if first == "" || last < first {
		return nil
	}
	parts := []Part{{first, last, total}}
	for _, c := range changes {
		if c.Last != "" {
			last = c.Last
		}
		from := max(c.From, first)
		var kept []Part
		rest := c.Total
		for _, p := range parts {
			if p.First >= from {
				continue
			}
			before := min(p.Last, civil.Numbered(from.Number()-1))
			p.Pence, p.Last = p.Between(p.First, before), before
			kept, rest = append(kept, p), rest.Minus(p.Pence)
		}
		parts = append(kept, Part{from, max(from, last), rest})
	}
	return parts
}

// Between is what falls of all parts on the days from one to another.
func Between(parts []Part, from, to civil.Day) (sum money.Pence) {
	for _, p := range parts {
		sum = sum.Plus(p.Between(from, to))
	}
	return sum
}

// Year is what falls in a financial year, named by the year it begins in: 2012 is
// 1 April 2012 to 31 March 2013.
type Year struct {
	Year  int
	Pence money.Pence
}

// Years are what falls in each financial year between two days, both included, in
// order and without gaps. They add up to Between.
func Years(parts []Part, from, to civil.Day) (all []Year) {
	if to < from || from == "" {
		return nil
	}
	for year := yearOf(from); year <= yearOf(to); year++ {
		first, last := yearDays(year)
		all = append(all, Year{year, Between(parts, max(first, from), min(last, to))})
	}
	return all
}

// yearOf is the financial year of a day.
func yearOf(d civil.Day) int {
	year, _ := strconv.Atoi(string(d[:4])) // days are checked when they are read
	if d[5:] < "04-01" {
		year--
	}
	return year
}

// yearDays are the first and the last day of a financial year.
func yearDays(year int) (first, last civil.Day) {
	return civil.Day(strconv.Itoa(year) + "-04-01"), civil.Day(strconv.Itoa(year+1) + "-03-31")
}
