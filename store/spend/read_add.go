package spend

import (
	"cmp"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/due"
	"github.com/police-ict/handover/store/text"
)

// adding gathers the sums of a Spend in one go through the cube.
type adding struct {
	sc         *scope
	total      Sum
	quarter    Sum
	undated    Sum
	classes    [3]Sum
	payees     [4]Sum
	taxa       []Sum
	years      map[int]Sum
	bodies     []Sum
	months     map[civil.Month]*addedMonth
	at         *addedMonth // of the last cell, since they come by month
	gaps       [][]due.Gap
	loads      []int
	compare    int   // the year that bodies are compared by, 0 for none
	compared   []Sum // by body
	yearMonths []int // of that year, published, by body
	year       int   // of the last cell, and its sum
	yearSum    Sum
	yearBegun  bool
}

type addedMonth struct {
	month civil.Month
	Sum
	classes [3]money.Pence
	taxa    []money.Pence
}

func newAdding(sc *scope) *adding {
	a := &adding{sc: sc, taxa: make([]Sum, len(classify.AllTaxa())+1), years: map[int]Sum{}, bodies: make([]Sum, len(sc.Bodies)), compared: make([]Sum, len(sc.Bodies)), months: map[civil.Month]*addedMonth{}}
	if f := sc.F; len(f.Years) == 0 && f.From == 0 && f.To == 0 {
		a.compare = due.WholeYear(civil.DayOf(sc.s.Now()))
	}
	return a
}

func (a *adding) add(l *CubeLoad, k coarse) {
	sum := Sum{k.lines, money.Pence(k.pence)}
	sc := a.sc
	if !sc.payees[k.payee] {
		return
	}
	in, butYear := sc.period(k.period)
	class, taxon := sc.classes[k.class], sc.taxon(k.class, k.taxon)
	p := block.UnpackPeriod(k.period)
	if butYear && class && taxon && p.Month != 0 {
		year := p.Month.FinancialYear()
		a.addYear(year, sum)
		if year == a.compare {
			a.compared[l.Index] = a.compared[l.Index].Plus(sum)
		}
	}
	if !in {
		return
	}
	if taxon {
		a.classes[k.class] = a.classes[k.class].Plus(sum)
	}
	if class && k.class == classify.IsIT {
		a.taxa[k.taxon] = a.taxa[k.taxon].Plus(sum)
	}
	if !class || !taxon {
		return
	}
	a.total = a.total.Plus(sum)
	a.payees[k.payee] = a.payees[k.payee].Plus(sum)
	a.bodies[l.Index] = a.bodies[l.Index].Plus(sum)
	switch {
	case p.Month == 0:
		a.undated = a.undated.Plus(sum)
	case p.Quarter:
		a.quarter = a.quarter.Plus(sum)
	default:
		a.addMonth(p.Month, k, sum)
	}
}

// addYear keeps the sum of one year at hand, since the next is mostly the same.
func (a *adding) addYear(year int, sum Sum) {
	if !a.yearBegun || year != a.year {
		a.endYear()
		a.year, a.yearSum, a.yearBegun = year, Sum{}, true
	}
	a.yearSum = a.yearSum.Plus(sum)
}

func (a *adding) endYear() {
	if a.yearBegun {
		a.years[a.year] = a.years[a.year].Plus(a.yearSum)
	}
	a.yearBegun = false
}

func (a *adding) addMonth(m civil.Month, k coarse, sum Sum) {
	if a.at == nil || a.at.month != m {
		if a.at = a.months[m]; a.at == nil {
			a.at = &addedMonth{month: m, taxa: make([]money.Pence, len(a.taxa))}
			a.months[m] = a.at
		}
	}
	a.at.Sum = a.at.Sum.Plus(sum)
	a.at.classes[k.class] = a.at.classes[k.class].Plus(sum.Pence)
	if k.class == classify.IsIT {
		a.at.taxa[k.taxon] = a.at.taxa[k.taxon].Plus(sum.Pence)
	}
}

// into puts what was added into a Spend.
func (a *adding) into(out *Spend) {
	a.endYear()
	out.Total, out.Quarter, out.Undated, out.Classes, out.Payees, out.Years = a.total, a.quarter, a.undated, a.classes, a.payees, a.years
	out.Taxa = map[string]Sum{}
	for i, sum := range a.taxa {
		if sum.Lines != 0 {
			out.Taxa[cmp.Or(taxonSlug(uint8(i)), "none")] = sum
		}
	}
}

// sums is what a month comes to.
func (a *adding) sums(m civil.Month) (Sum, map[string]money.Pence) {
	taxa, at := map[string]money.Pence{}, a.months[m]
	if at == nil {
		return Sum{}, taxa
	}
	for i, p := range at.taxa {
		if p != 0 {
			taxa[taxonSlug(uint8(i))] = p
		}
	}
	for _, k := range []classify.Class{classify.NotIT, classify.NotClassified} {
		if at.classes[k] != 0 {
			taxa[k.Code()] = at.classes[k]
		}
	}
	return at.Sum, taxa
}

// cover works out what the sums stand on: which bodies have published for
// which months, whatever they spent it on.
func (c *Cube) cover(sc *scope, a *adding, out *Spend) {
	published := map[civil.Month][]bool{}
	a.loads, a.gaps, a.yearMonths = make([]int, len(sc.Bodies)), make([][]due.Gap, len(sc.Bodies)), make([]int, len(sc.Bodies))
	for _, l := range c.Loads {
		out.All = out.All.Plus(l.sum())
		if out.Checked.IsZero() || l.Checked.Before(out.Checked) {
			out.Checked = l.Checked
		}
		if !sc.Bodies[l.Index] || !a.spans(l, published) {
			continue
		}
		a.loads[l.Index]++
		out.Cover.Rejected += l.Rejected - l.Headings
		if l.Agrees != nil && !*l.Agrees {
			out.Cover.Differs++
		}
		if l.differs {
			out.Bad = append(out.Bad, l.Load)
		}
	}
	cover := &out.Cover
	for i, in := range sc.Bodies {
		if in {
			cover.Of++
		}
		if in && a.loads[i] > 0 {
			cover.Bodies++
		}
	}
	a.span(published, out)
}

// spans notes the months that a load publishes for among those asked for, and
// reports whether there are any.
func (a *adding) spans(l *CubeLoad, published map[civil.Month][]bool) bool {
	any := false
	for _, p := range l.Periods {
		if in, _ := a.sc.period(block.PackPeriod(p.Period)); !in {
			continue
		}
		any = true
		for _, m := range p.Period.Months() {
			if published[m] == nil {
				published[m] = make([]bool, len(a.sc.Bodies))
			}
			published[m][l.Index] = true
		}
	}
	return any
}

// span fills in the months covered, and what was not published in them.
func (a *adding) span(published map[civil.Month][]bool, out *Spend) {
	cover, today, bodies := &out.Cover, civil.DayOf(a.sc.s.Now()), office.LocalPolicingBodies()
	if len(published) == 0 {
		return
	}
	all := text.SortedKeys(published)
	cover.From, cover.To = all[0], all[len(all)-1]
	for m := cover.From; m <= cover.To; m++ {
		if in, _ := a.sc.period(block.PackPeriod(civil.Period{Month: m})); !in {
			continue
		}
		at := MonthSum{Month: m}
		at.Sum, at.Taxa = a.sums(m)
		for i, in := range a.sc.Bodies {
			switch {
			case !in:
				continue
			case published[m] != nil && published[m][i]:
				at.Bodies++
				if m.FinancialYear() == a.compare {
					a.yearMonths[i]++
				}
			default:
				gap := due.Gap{Month: m, Duty: due.DutyOf(bodies[i], m, today)}
				a.gaps[i] = append(a.gaps[i], gap)
				cover.Gaps.Add(gap.Duty)
			}
			at.Of++
			cover.Expected++
		}
		if at.Bodies > 0 && !at.Complete() {
			cover.Partial++
		}
		out.Months = append(out.Months, at)
	}
}
