package spend

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/due"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/text"
)

// Spend is what one filter comes to, with what it covers and what it leaves
// out. Every sum is of the standing loads.
type Spend struct {
	Filter  payments.Filter
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
	Compare int    // the whole financial year that bodies are compared by, 0 where the filter chooses the time itself
	Known   bool   // the total is known; false where adding up took too long
	All     Sum    // of every standing load, whatever is asked for
	Loads   int
	Taken   time.Time // when the last load was taken in
	Checked time.Time // when the least lately reconciled load was last held to its rows
}

// Reconciles reports whether all that is shown agrees with its rows.
func (s Spend) Reconciles() bool { return len(s.Bad) == 0 }

// Untold says why no sum is shown, "" where one is.
func (s Spend) Untold() string {
	switch {
	case !s.Reconciles():
		return "Withheld: does not reconcile"
	case !s.Known:
		return "No total: adding up took longer than " + AddUpWords
	case s.Cover.Bodies == 0:
		return "Cannot tell: no source file"
	}
	return ""
}

// BodySum is what a filter comes to for one body.
type BodySum struct {
	Body office.Body
	Sum
	Gaps   []due.Gap // months covered in which it has published nothing
	Year   Sum       // of the year that bodies are compared by
	Months int       // of that year, published
	Loads  int
	Notes  []Explanation
}

// Missing are the months that are overdue.
func (b BodySum) Missing() (all []civil.Month) {
	for _, g := range b.Gaps {
		if g.Duty == due.Overdue {
			all = append(all, g.Month)
		}
	}
	return all
}

// Like is the sum by which a body is compared with others.
func (s Spend) Like(b BodySum) Sum {
	if s.Compare != 0 {
		return b.Year
	}
	return b.Sum
}

// Whole reports whether a body has published every month by which it is
// compared. One that has not is never ranked among those that have.
func (s Spend) Whole(b BodySum) bool {
	if s.Compare != 0 {
		return b.Months == 12
	}
	return b.Loads > 0 && len(b.Gaps) == 0
}

// PerHead is pence for each resident of the 2011 census, and whether it can be
// told: not for the City of London, whose few residents do not describe its
// work.
func (s Spend) PerHead(b BodySum) (float64, bool) {
	if b.Body.Population == 0 || b.Body.Kind == office.CommonCouncil || b.Loads == 0 {
		return 0, false
	}
	return float64(s.Like(b).Pence) / float64(b.Body.Population), true
}

// MonthSum is what a filter comes to in one month.
type MonthSum struct {
	Month civil.Month
	Sum
	Taxa   map[string]money.Pence
	Bodies int // of the bodies asked for, that have published for the month
	Of     int
}

// Complete reports whether every body asked for has published for the month.
func (m MonthSum) Complete() bool { return m.Bodies == m.Of }

// Coverage is what the sums stand on.
type Coverage struct {
	Bodies   int // that have published in the months asked for
	Of       int // bodies asked for
	From, To civil.Month
	Gaps     due.Duties // months of bodies without a payment published
	Expected int        // months of bodies
	Partial  int        // months in which some bodies have published and others have not
	Rejected int64      // rows of the loads that could not be read
	Differs  int        // loads whose sum differs from the total that their file states
	LeftOut  Sum        // lines of withdrawn and replaced loads are not counted here: none
}

// Read adds up what a filter asks for.
func Read(ctx context.Context, tx *db.Tx, f payments.Filter) (out Spend, err error) {
	within := WithCube
	if !f.Fine() && f.Supplier == "" && f.Text == "" {
		within = WithTotals
	}
	err = within(ctx, tx, func(tx *db.Tx, c *Cube) error {
		if out, err = c.AddUp(ctx, tx, f); err != nil {
			return err
		}
		return explained(ctx, tx, &out)
	})
	return out, err
}

// AddUp adds up what a filter asks for, row by row where it asks for amounts or
// flags.
func (c *Cube) AddUp(ctx context.Context, tx *db.Tx, f payments.Filter) (Spend, error) {
	out, err := c.Spend(ctx, tx, f)
	if err == nil && f.Fine() {
		err = addRows(ctx, tx, c, f, &out)
	}
	return out, err
}

// scope is a filter made ready for going through a cube.
type scope struct {
	F        payments.Filter
	s        *db.Tx
	c        *Cube
	Bodies   []bool // by bodyIndex
	taxa     []bool // by taxonIndex; nil is all
	supplier int32
	payeesOf []uint32 // of the supplier
	combos   []bool   // those whose words match; nil is all
	anyCombo bool     // there is one
	periods  []asked  // by packPeriod
	classes  [3]bool
	payees   [4]bool
}

// asked reports whether a period is asked for, by months alone and by years.
type asked struct{ known, in, butYear bool }

// Scope is what a filter chooses of the roll-ups.
func (c *Cube) Scope(tx *db.Tx, f payments.Filter) (*scope, error) {
	sc := &scope{F: f, s: tx, c: c, Bodies: make([]bool, len(bodyPlaces())), periods: make([]asked, block.PackPeriod(civil.Period{Month: civil.MonthOf(2081, 1)}))}
	for _, b := range f.Chosen() {
		sc.Bodies[BodyIndex(b.Slug)] = true
	}
	for _, k := range classify.Classes {
		sc.classes[k] = len(f.Class) == 0 || slices.Contains(f.Class, k)
	}
	for k := range sc.payees {
		sc.payees[k] = len(f.Payee) == 0 || slices.Contains(f.Payee, payments.PayeeKind(k))
	}
	if len(f.Category) > 0 {
		sc.taxa = make([]bool, len(classify.AllTaxa())+1)
		for _, slug := range f.Category {
			sc.taxa[taxonIndex(slug)] = true
		}
	}
	if f.Supplier != "" {
		at, ok := c.bySlug[f.Supplier]
		if !ok {
			return nil, fault.Field("supplier", "There is no supplier “%s”. Look for it in the list of suppliers.", text.Short(f.Supplier))
		}
		sc.supplier = c.root[at]
		sc.payeesOf = c.payeesOf(sc.supplier)
	}
	if f.Text != "" {
		sc.combos, sc.anyCombo = c.matching(f.Text)
	}
	return sc, nil
}

func (sc *scope) period(p uint16) (in, butYear bool) {
	if int(p) >= len(sc.periods) {
		return false, false
	}
	got := &sc.periods[p]
	if !got.known {
		f := sc.F
		got.known, got.in = true, f.AsksPeriod(block.UnpackPeriod(p))
		f.Years = nil
		got.butYear = f.AsksPeriod(block.UnpackPeriod(p))
	}
	return got.in, got.butYear
}

func (sc *scope) taxon(class classify.Class, taxon uint8) bool {
	return sc.taxa == nil || class == classify.IsIT && sc.taxa[taxon]
}

// wants reports whether a combination is asked for, whatever its class,
// category and kind of payee. What is withheld has no words, and finds nothing.
func (sc *scope) wants(l *CubeLoad, id int64, j judgement) bool {
	if sc.supplier != 0 && sc.c.supplierOf(j.payee) != sc.supplier {
		return false
	}
	return sc.combos == nil || l.Withheld == "" && id < int64(len(sc.combos)) && sc.combos[id]
}

// Holds reports whether a load may hold lines asked for, by its body and periods.
func (sc *scope) Holds(l Load) bool {
	if !sc.Bodies[BodyIndex(l.Body)] {
		return false
	}
	for _, p := range l.Periods {
		if in, _ := sc.period(block.PackPeriod(p.Period)); in {
			return true
		}
	}
	return false
}

// each goes through all that the filter asks for, save its class, category,
// kind of payee and months, at the coarsest that tells. Words are looked for in
// the cells of each load.
func (sc *scope) each(ctx context.Context, fn func(l *CubeLoad, k coarse)) error {
	for _, l := range sc.c.Loads {
		switch {
		case !sc.Bodies[l.Index]:
		case sc.combos != nil:
			if err := sc.eachWord(ctx, l, fn); err != nil {
				return err
			}
		case sc.supplier != 0:
			for _, p := range sc.payeesOf {
				for _, k := range l.paid(p) {
					fn(l, coarse{k.period, k.class, k.taxon, payments.Named, int64(k.lines), k.pence})
				}
			}
		default:
			for _, k := range l.coarse {
				fn(l, k)
			}
		}
	}
	return nil
}

// eachWord goes through the cells of a load whose words match.
func (sc *scope) eachWord(ctx context.Context, l *CubeLoad, fn func(l *CubeLoad, k coarse)) error {
	if l.Withheld != "" || !sc.anyCombo {
		return nil
	}
	cells, err := l.columns(ctx, sc.s)
	if err != nil {
		return err
	}
	cells.Each(sc.combos, func(k block.Cell) bool {
		if j := l.of(sc.c, int64(k.Combo)); sc.wants(l, int64(k.Combo), j) {
			fn(l, coarse{k.Period, j.class, j.taxon, sc.c.payees[j.payee].kind, k.Lines, k.Pence})
		}
		return true
	})
	return nil
}

// Spend adds up what a filter asks for, its amounts and flags aside.
func (c *Cube) Spend(ctx context.Context, tx *db.Tx, f payments.Filter) (out Spend, err error) {
	sc, err := c.Scope(tx, f)
	if err != nil {
		return out, err
	}
	out = Spend{Filter: f, Version: c.version, Known: true, Loads: len(c.Loads), Taken: c.lastTaken()}
	a := newAdding(sc)
	out.Compare = a.compare
	if err := sc.each(ctx, a.add); err != nil {
		return out, err
	}
	a.into(&out)
	c.cover(sc, a, &out)
	for i, b := range office.LocalPolicingBodies() {
		if sc.Bodies[i] {
			out.Bodies = append(out.Bodies, BodySum{Body: b, Sum: a.bodies[i], Gaps: a.gaps[i], Year: a.compared[i], Months: a.yearMonths[i], Loads: a.loads[i]})
		}
	}
	slices.SortStableFunc(out.Bodies, func(a, b BodySum) int { return cmp.Compare(b.Pence, a.Pence) })
	return out, nil
}
