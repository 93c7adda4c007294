package report

import (
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/due"
)

// Headline is all that is published of police IT, with what it covers: what the
// first page says, worked out at less cost than a Spend, which it agrees with.
type Headline struct {
	IT       spend.Sum
	Year     int // the newest whole financial year, in which it begins
	YearIT   spend.Sum
	YearOf   int // months of bodies published in it, of twelve a body
	Bodies   int // that have published
	Of       int
	From, To civil.Month
	Gaps     due.Duties // months of bodies from From to To without a payment
	Expected int        // months of bodies from From to To
	Loads    int
	Bad      bool // a load does not agree with its rows
}

// HeadlineOf is what the first page says of spend on a day.
func HeadlineOf(c *spend.Cube, today civil.Day) Headline {
	out := Headline{Year: due.WholeYear(today), Of: len(office.LocalPolicingBodies()), Loads: len(c.Loads)}
	seen := make([]bool, out.Of)
	published := map[bodyMonth]bool{}
	for _, l := range c.Loads {
		seen[l.Index] = true
		out.Bad = out.Bad || !l.Reconciles()
		out.add(l)
		for _, p := range l.Periods {
			for _, m := range p.Period.Months() {
				published[bodyMonth{l.Index, m}] = true
			}
		}
	}
	for _, in := range seen {
		if in {
			out.Bodies++
		}
	}
	out.span(published, today)
	return out
}

// add adds up the police IT of a load.
func (h *Headline) add(l *spend.CubeLoad) {
	for period, sum := range l.IT() {
		h.IT = h.IT.Plus(sum)
		if period.Month != 0 && period.Month.FinancialYear() == h.Year {
			h.YearIT = h.YearIT.Plus(sum)
		}
	}
}

// span counts the months published, and those that are not.
func (h *Headline) span(published map[bodyMonth]bool, today civil.Day) {
	for k := range published {
		if h.From == 0 || k.month < h.From {
			h.From = k.month
		}
		h.To = max(h.To, k.month)
		if k.month.FinancialYear() == h.Year {
			h.YearOf++
		}
	}
	if h.To == 0 {
		return
	}
	h.Expected = h.Of * int(h.To-h.From+1)
	for i, b := range office.LocalPolicingBodies() {
		for m := h.From; m <= h.To; m++ {
			if !published[bodyMonth{i, m}] {
				h.Gaps.Add(due.DutyOf(b, m, today))
			}
		}
	}
}
