package store

import (
	"context"
	"slices"
)

// topSuppliers is how many suppliers the page of a body names.
const topSuppliers = 5

// YearSpend is what stands of police IT in one financial year, with what it
// covers. A sum that does not agree with its rows is not shown.
type YearSpend struct {
	Year         int  // in which it begins
	IT           Sum  // payments for IT
	Unclassified Sum  // payments that no rule decides
	All          Sum  // all payments
	Bodies       int  // that have published for some month of it
	Of           int  // bodies asked for
	Months       int  // months of bodies published
	Expected     int  // months of bodies in the year that are over
	Bad          bool // a load does not agree with its rows
}

// Whole reports whether every month of the year stands.
func (y YearSpend) Whole() bool { return y.Months == 12*y.Of }

// BodySpend is what the page of a local policing body says of its spend.
type BodySpend struct {
	Body      Body
	Years     []YearSpend // newest first
	Undated   Sum         // IT that no date places in a year
	IT        Sum         // of all years
	Bad       bool
	Top       []SupplierSum // of IT in all years, largest first
	Suppliers int           // of them all
	Matrix    PublicationRow
	From, To  Month // of the matrix
	Loads     int
	Version   int64
}

// SpendOfBody tells what a local policing body spends on IT, with whom, and
// what it has published of it.
func (s *Store) SpendOfBody(ctx context.Context, slug string) (out BodySpend, err error) {
	b, ok := BodyOf(slug)
	if !ok || !b.LocalPolicing() {
		return out, NotFound.Errorf("There is no local policing body “%s”.", short(slug))
	}
	err = s.spend(ctx, func(s *Store, c *cube) error {
		out = BodySpend{Body: b, Version: c.version}
		f := SpendFilter{Bodies: []string{b.Slug}, Class: []Class{IsIT}}
		whole, err := c.spend(ctx, s, f)
		if err != nil {
			return err
		}
		out.IT, out.Undated, out.Bad, out.Loads = whole.Total, whole.Undated, !whole.Reconciles(), whole.Bodies[0].Loads
		if out.Years, err = c.yearsOf(ctx, s, f); err != nil {
			return err
		}
		if err := s.topOf(ctx, c, f, &out); err != nil {
			return err
		}
		return s.matrixOf(ctx, c, &out)
	})
	return out, err
}

func (s *Store) topOf(ctx context.Context, c *cube, f SpendFilter, out *BodySpend) error {
	f.Payee = []PayeeKind{Named}
	sc, err := c.scope(s, f)
	if err != nil {
		return err
	}
	rows, err := s.bySupplier(ctx, c, sc, &Spend{})
	rows = slices.DeleteFunc(rows, func(r SupplierSum) bool { return r.Supplier.ID == 0 })
	out.Suppliers, out.Top = len(rows), rows[:min(topSuppliers, len(rows))]
	return err
}

func (s *Store) matrixOf(ctx context.Context, c *cube, out *BodySpend) error {
	today := DayOf(s.Now())
	from, to, err := c.publicationSpan(today, 0, 0)
	if err != nil {
		return err
	}
	p := c.publication(today, from, to)
	if err := s.explainedCells(ctx, &p); err != nil {
		return err
	}
	out.Matrix, _ = p.Row(out.Body.Slug)
	out.From, out.To = from, to
	return nil
}

// yearsOf adds up what a filter asks for by financial year, newest first, for
// the years in which its bodies have published anything.
func (c *cube) yearsOf(ctx context.Context, s *Store, f SpendFilter) (all []YearSpend, err error) {
	today, months := DayOf(s.Now()), c.publishedMonths(f)
	for _, y := range slices.Backward(sorted(months)) {
		f.Years = []int{y}
		sp, err := c.spend(ctx, s, f)
		if err != nil {
			return nil, err
		}
		year := YearSpend{Year: y, IT: sp.Classes[IsIT], Unclassified: sp.Classes[NotClassified], Of: sp.Cover.Of, Bodies: sp.Cover.Bodies, Months: len(months[y]), Bad: !sp.Reconciles()}
		year.All = sp.Classes[0].Plus(sp.Classes[1]).Plus(sp.Classes[2])
		for m := MonthOf(y, 4); m < MonthOf(y+1, 4); m++ {
			if m.Last() < today {
				year.Expected += year.Of
			}
		}
		all = append(all, year)
	}
	return all, nil
}

type bodyMonth struct {
	body  int
	month Month
}

// publishedMonths are the months of bodies for which payments stand, by
// financial year.
func (c *cube) publishedMonths(f SpendFilter) map[int]map[bodyMonth]bool {
	out, asked := map[int]map[bodyMonth]bool{}, map[string]bool{}
	for _, b := range f.bodies() {
		asked[b.Slug] = true
	}
	for _, l := range c.loads {
		if !asked[l.Body] {
			continue
		}
		for _, p := range l.Periods {
			for _, m := range p.Period.Months() {
				y := m.FinancialYear()
				if out[y] == nil {
					out[y] = map[bodyMonth]bool{}
				}
				out[y][bodyMonth{l.body, m}] = true
			}
		}
	}
	return out
}

// Headline is all that stands of police IT, with what it covers: what the first
// page says, worked out at less cost than a Spend, which it agrees with.
type Headline struct {
	IT       Sum
	Bodies   int // that have published
	Of       int
	From, To Month
	Missing  int // months of bodies, of those from From to To, without a payment
	Expected int // months of bodies from From to To
	Loads    int
	Bad      bool // a load does not agree with its rows
}

func (c *cube) headline() Headline {
	out := Headline{Of: len(bodyPlaces()), Loads: len(c.loads)}
	seen := make([]bool, out.Of)
	published := map[bodyMonth]bool{}
	for _, l := range c.loads {
		seen[l.body] = true
		out.Bad = out.Bad || l.differs
		for _, k := range l.coarse {
			if k.class == IsIT {
				out.IT = out.IT.Plus(Sum{k.lines, Pence(k.pence)})
			}
		}
		for _, p := range l.Periods {
			for _, m := range p.Period.Months() {
				published[bodyMonth{l.body, m}] = true
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
