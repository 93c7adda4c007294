package store

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// SupplierSum is what a filter comes to for one supplier, or for a kind of
// payee that is not named.
type SupplierSum struct {
	Supplier Supplier // zero where Payee is not Named
	Payee    PayeeKind
	Sum
	Bodies int   // that paid it
	Most   Pence // of the body that paid it most
	Top    string
}

// SupplierPage is the suppliers of a filter, largest first.
type SupplierPage struct {
	Spend Spend
	Rows  []SupplierSum
	Count int // of all rows
	From  int // number of rows before the first
}

// SpendBySupplier lists what a filter comes to for each supplier, most of them
// from a place on; most 0 is all.
func (s *Store) SpendBySupplier(ctx context.Context, f SpendFilter, from, most int) (out SupplierPage, err error) {
	err = s.spend(ctx, func(s *Store, c *cube) error {
		if out.Spend, err = c.spend(f); err != nil {
			return err
		}
		sc, err := c.scope(f)
		if err != nil {
			return err
		}
		rows, err := s.bySupplier(ctx, c, sc, &out.Spend)
		if err != nil {
			return err
		}
		out.Count, out.From = len(rows), min(from, len(rows))
		if rows = rows[out.From:]; most > 0 {
			rows = rows[:min(most, len(rows))]
		}
		out.Rows = rows
		return nil
	})
	return out, err
}

type payeeKey struct {
	supplier int32
	payee    PayeeKind
}

// supplierSums gathers by supplier and body.
type supplierSums struct {
	c    *cube
	sums map[payeeKey]*SupplierSum
	paid map[payeeKey]map[int]Pence
}

func (t *supplierSums) add(l *cubeLoad, j judgement, sum Sum) {
	key := payeeKey{j.supplier, j.payee}
	if t.sums[key] == nil {
		t.sums[key] = &SupplierSum{Supplier: t.c.supplier(j.supplier), Payee: j.payee}
		t.paid[key] = map[int]Pence{}
	}
	t.sums[key].Sum = t.sums[key].Sum.Plus(sum)
	t.paid[key][l.body] += sum.Pence
}

func (t *supplierSums) rows() (all []SupplierSum) {
	bodies := LocalPolicingBodies()
	for key, sum := range t.sums {
		sum.Bodies = len(t.paid[key])
		for body, paid := range t.paid[key] {
			if sum.Top == "" || paid > sum.Most || paid == sum.Most && bodies[body].Slug < sum.Top {
				sum.Most, sum.Top = paid, bodies[body].Slug
			}
		}
		all = append(all, *sum)
	}
	slices.SortFunc(all, func(a, b SupplierSum) int {
		return cmp.Or(cmp.Compare(b.Pence, a.Pence), cmp.Compare(a.Payee, b.Payee), cmp.Compare(a.Supplier.ID, b.Supplier.ID))
	})
	return all
}

// bySupplier goes through the cells; where amounts or flags are asked for,
// through the rows.
func (s *Store) bySupplier(ctx context.Context, c *cube, sc *scope, out *Spend) ([]SupplierSum, error) {
	t := &supplierSums{c, map[payeeKey]*SupplierSum{}, map[payeeKey]map[int]Pence{}}
	if sc.f.Fine() {
		if err := s.addRowsTo(ctx, c, sc, out, t); err != nil {
			return nil, err
		}
		return t.rows(), nil
	}
	sc.eachCell(func(l *cubeLoad, k cell, j judgement) { t.add(l, j, Sum{k.lines, Pence(k.pence)}) })
	return t.rows(), nil
}

// eachCell goes through the cells that the whole filter asks for, amounts and
// flags aside.
func (sc *scope) eachCell(fn func(l *cubeLoad, k cell, j judgement)) {
	visit := func(l *cubeLoad, k cell) {
		j := l.of(sc.c, int64(k.combo))
		if in, _ := sc.period(k.period); in && sc.classes[j.class] && sc.payees[j.payee] && sc.taxon(j.class, j.taxon) && sc.wants(l, k.combo, j) {
			fn(l, k, j)
		}
	}
	if sc.supplier != 0 {
		for _, p := range sc.c.post(sc.supplier) {
			if sc.bodies[p.load.body] {
				visit(p.load, p.load.cells[p.cell])
			}
		}
		return
	}
	for _, l := range sc.c.loads {
		if sc.bodies[l.body] {
			for _, k := range l.cells {
				visit(l, k)
			}
		}
	}
}

// PublishedName is one name under which a supplier was published.
type PublishedName struct {
	Name        string
	Number      string
	First, Last Period
	Sum
	Key string // of the supplier that the name alone would make
}

// SupplierAt is one supplier: its spend by body and month, its names over time,
// and what was merged into it.
type SupplierAt struct {
	Supplier
	Spend   Spend // of all classes
	Names   []PublishedName
	Changes []SupplierChange // that touch it, undone ones too
	MovedTo Supplier         // it is merged into this one
	Lines   []Line           // the largest payments? the newest
}

// Dependence says how many bodies paid the supplier, and the share of the one
// that paid it most, as part of the whole.
func (p SupplierAt) Dependence() (bodies int, top BodySum) {
	for _, b := range p.Spend.Bodies {
		if b.Lines == 0 {
			continue
		}
		bodies++
		if b.Pence > top.Pence || top.Lines == 0 {
			top = b
		}
	}
	return bodies, top
}

// SupplierOf tells of one supplier. Filter narrows its spend; its supplier is
// set here.
func (s *Store) SupplierOf(ctx context.Context, slug string, f SpendFilter) (out SupplierAt, err error) {
	err = s.spend(ctx, func(s *Store, c *cube) error {
		at, ok := c.bySlug[slug]
		if !ok {
			return NotFound.Errorf("There is no supplier “%s”.", short(slug))
		}
		if out.Supplier = c.supplier(at); c.root[at] != at {
			out.MovedTo = c.supplier(c.root[at])
			at = c.root[at]
		}
		f.Supplier = c.suppliers[at].Slug
		if out.Spend, err = c.spend(f); err != nil {
			return err
		}
		out.Names = c.names(at)
		for _, ch := range c.changes {
			if int32(ch.Supplier) == at || int32(ch.Into) == at || c.root[ch.Supplier] == at {
				out.Changes = append(out.Changes, ch)
			}
		}
		if len(out.Names) == 0 && out.MovedTo.ID == 0 {
			return NotFound.Errorf("There is no supplier “%s” in the files that stand.", short(slug))
		}
		return nil
	})
	return out, err
}

// names are the names under which a supplier was published, by when first.
func (c *cube) names(at int32) (all []PublishedName) {
	found := map[payee]*PublishedName{}
	for _, p := range c.post(at) {
		k := p.load.cells[p.cell]
		w := c.words(int64(k.combo))
		n := found[payee{w.supplier, w.number}]
		period := unpackPeriod(k.period)
		if n == nil {
			n = &PublishedName{Name: w.supplier, Number: w.number, First: period, Last: period, Key: SupplierKey(w.supplier, w.number)}
			found[payee{w.supplier, w.number}] = n
		}
		if n.First.Month == 0 || period.Month != 0 && period.Paid() < n.First.Paid() {
			n.First = period
		}
		if period.Paid() > n.Last.Paid() {
			n.Last = period
		}
		n.Sum = n.Sum.Plus(Sum{k.lines, Pence(k.pence)})
	}
	for _, n := range found {
		all = append(all, *n)
	}
	slices.SortFunc(all, func(a, b PublishedName) int {
		return cmp.Or(int(a.First.Paid()-b.First.Paid()), strings.Compare(a.Name, b.Name))
	})
	return all
}

// SuppliersLike finds suppliers by a part of a name as shown or published.
func (s *Store) SuppliersLike(ctx context.Context, words string, most int) (all []Supplier, err error) {
	err = s.spend(ctx, func(_ *Store, c *cube) error {
		want := Fold(words)
		for i := range c.suppliers {
			p := c.supplier(int32(i))
			if p.ID != 0 && c.root[i] == int32(i) && (strings.Contains(Fold(p.Name), want) || p.Number != "" && strings.Contains(p.Number, strings.ToUpper(words))) {
				all = append(all, p)
			}
			if len(all) == most {
				return nil
			}
		}
		return nil
	})
	return all, err
}

// AlikeSuppliers are pairs of suppliers that may be one, for an officer to look
// at. Nothing is merged by itself.
type AlikeSuppliers struct {
	A, B       Supplier
	SumA, SumB Sum
	Why        string
}

// LikelySame lists pairs of suppliers that may be one, likeliest first.
func (s *Store) LikelySame(ctx context.Context, most int) (all []AlikeSuppliers, err error) {
	err = s.spend(ctx, func(_ *Store, c *cube) error {
		var names []string
		var at []int32
		for i, p := range c.suppliers {
			if p.ID != 0 && c.root[i] == int32(i) && len(c.post(int32(i))) > 0 {
				names = append(names, p.Name)
				at = append(at, int32(i))
			}
		}
		for _, l := range likelySame(names) {
			if len(all) == most {
				return nil
			}
			a, b := at[l.A], at[l.B]
			all = append(all, AlikeSuppliers{c.supplier(a), c.supplier(b), c.paidTo(a), c.paidTo(b), l.Why})
		}
		return nil
	})
	return all, err
}

func (c *cube) paidTo(at int32) (sum Sum) {
	for _, p := range c.post(at) {
		k := p.load.cells[p.cell]
		sum = sum.Plus(Sum{k.lines, Pence(k.pence)})
	}
	return sum
}
