package store

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
)

// Spend is what one filter comes to, with what it covers and what it leaves
// out. Every sum is of the standing loads.
type Spend struct {
	Filter  SpendFilter
	Version int64 // event that last changed what is shown of spend, 0 before the first
	Total   Sum
	// What the same filter would come to for each choice of one part of it.
	Classes [3]Sum      // by Class
	Years   map[int]Sum // by the year in which the financial year begins
	Taxa    map[string]Sum
	Payees  [4]Sum // of Total, by PayeeKind
	Bodies  []BodySum
	Months  []MonthSum // in order, without gaps
	Quarter Sum        // of Total: only the quarter is published, so it is in no month
	Undated Sum        // of Total: not dated at all
	Cover   Coverage
	Bad     []Load // that do not reconcile: no total that holds them is shown
	Known   bool   // the total is known; false where adding up took too long
	All     Sum    // of every standing load, whatever is asked for
	Loads   int
	Taken   time.Time // when the last load was taken in
	Checked time.Time // when the least lately reconciled load was last held to its rows
}

// Reconciles reports whether all that is shown agrees with its rows.
func (s Spend) Reconciles() bool { return len(s.Bad) == 0 }

// BodySum is what a filter comes to for one body.
type BodySum struct {
	Body Body
	Sum
	Missing []Month // of those covered, in which it has published nothing
	Loads   int
	Notes   []Explanation
}

// PerHead is pence a head of the resident population of the 2011 census, and
// whether it can be told: not for the City of London, whose few residents do
// not describe its work.
func (b BodySum) PerHead() (float64, bool) {
	if b.Body.Population == 0 || b.Body.Kind == CommonCouncil || b.Loads == 0 {
		return 0, false
	}
	return float64(b.Pence) / float64(b.Body.Population), true
}

// MonthSum is what a filter comes to in one month.
type MonthSum struct {
	Month Month
	Sum
	Taxa   map[string]Pence
	Bodies int // of the bodies asked for, that have published for the month
	Of     int
}

// Complete reports whether every body asked for has published for the month.
func (m MonthSum) Complete() bool { return m.Bodies == m.Of }

// Coverage is what the sums stand on.
type Coverage struct {
	Bodies   int // that have published in the months asked for
	Of       int // bodies asked for
	From, To Month
	Missing  int   // months of bodies without a payment published
	Expected int   // months of bodies
	Partial  int   // months in which some bodies have published and others have not
	Rejected int64 // rows of the loads that could not be read
	Differs  int   // loads whose sum differs from the total that their file states
	LeftOut  Sum   // lines of withdrawn and replaced loads are not counted here: none
}

// Spend adds up what a filter asks for.
func (s *Store) Spend(ctx context.Context, f SpendFilter) (out Spend, err error) {
	err = s.spend(ctx, func(s *Store, c *cube) error {
		if out, err = c.spend(f); err != nil {
			return err
		}
		if f.Fine() {
			if err := s.addRows(ctx, c, f, &out); err != nil {
				return err
			}
		}
		return s.explained(ctx, &out)
	})
	return out, err
}

// scope is a filter made ready for going through a cube.
type scope struct {
	f        SpendFilter
	c        *cube
	bodies   []bool // by bodyIndex
	taxa     []bool // by taxonIndex; nil is all
	supplier int32
	combos   []bool // those whose words match; nil is all
	periods  map[uint16][2]bool
	classes  [3]bool
	payees   [4]bool
}

func (c *cube) scope(f SpendFilter) (*scope, error) {
	sc := &scope{f: f, c: c, bodies: make([]bool, len(LocalPolicingBodies())), periods: map[uint16][2]bool{}}
	for _, b := range f.bodies() {
		sc.bodies[bodyIndex(b.Slug)] = true
	}
	for _, k := range Classes {
		sc.classes[k] = len(f.Class) == 0 || slices.Contains(f.Class, k)
	}
	for k := range sc.payees {
		sc.payees[k] = len(f.Payee) == 0 || slices.Contains(f.Payee, PayeeKind(k))
	}
	if len(f.Category) > 0 {
		sc.taxa = make([]bool, len(Taxa())+1)
		for _, slug := range f.Category {
			sc.taxa[taxonIndex(slug)] = true
		}
	}
	if f.Supplier != "" {
		at, ok := c.bySlug[f.Supplier]
		if !ok {
			return nil, Field("supplier", "There is no supplier “%s”: look for it among the suppliers.", short(f.Supplier))
		}
		sc.supplier = c.root[at]
	}
	if f.Text != "" {
		sc.combos = c.matching(f.Text)
	}
	return sc, nil
}

// matching are the combinations of which some word as published holds each of
// the words asked for.
func (c *cube) matching(words string) []bool {
	out := make([]bool, len(c.combos))
	for i := range out {
		out[i] = true
	}
	for _, w := range strings.Fields(Fold(words)) {
		holds := make([]bool, len(c.folded))
		for i, text := range c.folded {
			holds[i] = strings.Contains(text, w)
		}
		for i, k := range c.combos {
			out[i] = out[i] && (holds[k.supplier] || holds[k.number] || holds[k.category] || holds[k.centre] || holds[k.purpose])
		}
	}
	return out
}

// period reports whether a period is asked for, by months alone and by years.
func (sc *scope) period(p uint16) (in bool, butYear bool) {
	got, ok := sc.periods[p]
	if !ok {
		f := sc.f
		got[0] = f.asksPeriod(unpackPeriod(p))
		f.Years = nil
		got[1] = f.asksPeriod(unpackPeriod(p))
		sc.periods[p] = got
	}
	return got[0], got[1]
}

func (sc *scope) taxon(class Class, taxon uint8) bool {
	return sc.taxa == nil || class == IsIT && sc.taxa[taxon]
}

// wants reports whether a combination is asked for, whatever its class,
// category and payee.
func (sc *scope) wants(l *cubeLoad, id uint32, j judgement) bool {
	if sc.supplier != 0 && j.supplier != sc.supplier {
		return false
	}
	if sc.combos == nil {
		return true
	}
	if l.Withheld != "" || int(id) >= len(sc.combos) {
		return false // its words are not shown, so they find nothing
	}
	return sc.combos[id]
}

// each goes through all that the filter asks for, save its class, category,
// payee and months, at the coarsest there is.
func (sc *scope) each(fn func(l *cubeLoad, k coarse)) {
	if sc.supplier != 0 && sc.combos == nil {
		for _, p := range sc.c.post(sc.supplier) {
			if sc.bodies[p.load.body] {
				sc.cell(p.load, p.load.cells[p.cell], fn)
			}
		}
		return
	}
	for _, l := range sc.c.loads {
		switch {
		case !sc.bodies[l.body]:
		case sc.combos != nil:
			for _, k := range l.cells {
				sc.cell(l, k, fn)
			}
		default:
			for _, k := range l.coarse {
				fn(l, k)
			}
		}
	}
}

func (sc *scope) cell(l *cubeLoad, k cell, fn func(l *cubeLoad, k coarse)) {
	if j := l.of(sc.c, int64(k.combo)); sc.wants(l, k.combo, j) {
		fn(l, coarse{k.period, j.class, j.taxon, j.payee, k.lines, k.pence})
	}
}

// spend adds up what a filter asks for, its amounts and flags aside.
func (c *cube) spend(f SpendFilter) (out Spend, err error) {
	sc, err := c.scope(f)
	if err != nil {
		return out, err
	}
	out = Spend{Filter: f, Version: c.version, Years: map[int]Sum{}, Taxa: map[string]Sum{}, Known: true, Loads: len(c.loads), Taken: c.lastTaken()}
	a := &adding{out: &out, sc: sc, bodies: make([]Sum, len(sc.bodies)), months: map[Month]*MonthSum{}}
	sc.each(a.add)
	c.cover(sc, a)
	for i, b := range LocalPolicingBodies() {
		if sc.bodies[i] {
			out.Bodies = append(out.Bodies, BodySum{Body: b, Sum: a.bodies[i], Missing: a.missing[i], Loads: a.loads[i]})
		}
	}
	slices.SortStableFunc(out.Bodies, func(a, b BodySum) int { return cmp.Compare(b.Pence, a.Pence) })
	return out, nil
}

// adding gathers the sums of a Spend in one go through the cube.
type adding struct {
	out     *Spend
	sc      *scope
	bodies  []Sum
	months  map[Month]*MonthSum
	missing [][]Month
	loads   []int
}

func (a *adding) add(l *cubeLoad, k coarse) {
	sum := Sum{k.lines, Pence(k.pence)}
	sc, out := a.sc, a.out
	if !sc.payees[k.payee] {
		return
	}
	in, butYear := sc.period(k.period)
	class, taxon := sc.classes[k.class], sc.taxon(k.class, k.taxon)
	p := unpackPeriod(k.period)
	if butYear && class && taxon && p.Month != 0 {
		y := p.Month.FinancialYear()
		out.Years[y] = out.Years[y].Plus(sum)
	}
	if !in {
		return
	}
	if taxon || k.class != IsIT && sc.taxa != nil && len(sc.f.Category) == 0 {
		out.Classes[k.class] = out.Classes[k.class].Plus(sum)
	}
	if class && k.class == IsIT {
		slug := cmp.Or(taxonSlug(k.taxon), "none")
		out.Taxa[slug] = out.Taxa[slug].Plus(sum)
	}
	if !class || !taxon {
		return
	}
	out.Total = out.Total.Plus(sum)
	out.Payees[k.payee] = out.Payees[k.payee].Plus(sum)
	a.bodies[l.body] = a.bodies[l.body].Plus(sum)
	switch {
	case p.Month == 0:
		out.Undated = out.Undated.Plus(sum)
	case p.Quarter:
		out.Quarter = out.Quarter.Plus(sum)
	default:
		a.month(p.Month, k, sum)
	}
}

func (a *adding) month(m Month, k coarse, sum Sum) {
	at := a.months[m]
	if at == nil {
		at = &MonthSum{Month: m, Taxa: map[string]Pence{}}
		a.months[m] = at
	}
	at.Sum = at.Sum.Plus(sum)
	slug := taxonSlug(k.taxon)
	if k.class != IsIT {
		slug = k.class.Code()
	}
	at.Taxa[slug] += sum.Pence
}

// cover works out what the sums stand on: which bodies have published for
// which months, whatever they spent it on.
func (c *cube) cover(sc *scope, a *adding) {
	out := a.out
	published := map[Month][]bool{}
	a.loads, a.missing = make([]int, len(sc.bodies)), make([][]Month, len(sc.bodies))
	for _, l := range c.loads {
		out.All = out.All.Plus(l.sum())
		if out.Checked.IsZero() || l.Checked.Before(out.Checked) {
			out.Checked = l.Checked
		}
		if !sc.bodies[l.body] || !a.spans(l, published) {
			continue
		}
		a.loads[l.body]++
		out.Cover.Rejected += l.Rejected - l.Headings
		if l.Agrees != nil && !*l.Agrees {
			out.Cover.Differs++
		}
		if l.differs {
			out.Bad = append(out.Bad, l.Load)
		}
	}
	cover := &out.Cover
	for i, in := range sc.bodies {
		if in {
			cover.Of++
		}
		if in && a.loads[i] > 0 {
			cover.Bodies++
		}
	}
	a.span(published)
}

// spans notes the months that a load publishes for among those asked for, and
// reports whether there are any.
func (a *adding) spans(l *cubeLoad, published map[Month][]bool) bool {
	any := false
	for _, p := range l.Periods {
		if in, _ := a.sc.period(packPeriod(p.Period)); !in {
			continue
		}
		any = true
		for _, m := range p.Period.Months() {
			if published[m] == nil {
				published[m] = make([]bool, len(a.sc.bodies))
			}
			published[m][l.body] = true
		}
	}
	return any
}

// span fills in the months covered, without gaps, and what is missing in them.
func (a *adding) span(published map[Month][]bool) {
	out, cover := a.out, &a.out.Cover
	if len(published) == 0 {
		return
	}
	all := sorted(published)
	cover.From, cover.To = all[0], all[len(all)-1]
	for m := cover.From; m <= cover.To; m++ {
		if in, _ := a.sc.period(packPeriod(Period{Month: m})); !in {
			continue
		}
		at := a.months[m]
		if at == nil {
			at = &MonthSum{Month: m, Taxa: map[string]Pence{}}
		}
		for i, in := range a.sc.bodies {
			switch {
			case !in:
				continue
			case published[m] != nil && published[m][i]:
				at.Bodies++
			default:
				a.missing[i] = append(a.missing[i], m)
				cover.Missing++
			}
			at.Of++
			cover.Expected++
		}
		if at.Bodies > 0 && !at.Complete() {
			cover.Partial++
		}
		out.Months = append(out.Months, *at)
	}
}
