package spend

import (
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/spend/classify"
)

// Headline is all that stands of police IT, with what it covers: what the first
// page says, worked out at less cost than a Spend, which it agrees with.
type Headline struct {
	IT       Sum
	Bodies   int // that have published
	Of       int
	From, To civil.Month
	Missing  int // months of bodies, of those from From to To, without a payment
	Expected int // months of bodies from From to To
	Loads    int
	Bad      bool // a load does not agree with its rows
}

type bodyMonth struct {
	body  int
	month civil.Month
}

// Headline is what the first page says of spend.
func (c *Cube) Headline() Headline {
	out := Headline{Of: len(bodyPlaces()), Loads: len(c.Loads)}
	seen := make([]bool, out.Of)
	published := map[bodyMonth]bool{}
	for _, l := range c.Loads {
		seen[l.Index] = true
		out.Bad = out.Bad || l.differs
		for _, k := range l.coarse {
			if k.class == classify.IsIT {
				out.IT = out.IT.Plus(Sum{k.lines, money.Pence(k.pence)})
			}
		}
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
	for k := range published {
		if out.From == 0 || k.month < out.From {
			out.From = k.month
		}
		out.To = max(out.To, k.month)
	}
	if out.To != 0 {
		out.Expected = out.Of * int(out.To-out.From+1)
		out.Missing = out.Expected - len(published)
	}
	return out
}
