package store

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
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
		if out.Spend, err = c.spend(ctx, s, f); err != nil {
			return err
		}
		sc, err := c.scope(s, f)
		if err != nil {
			return err
		}
		if f.Fine() {
			if err := s.addRows(ctx, c, f, &out.Spend); err != nil {
				return err
			}
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

// supplierSums gathers by supplier, one body after another.
type supplierSums struct {
	c     *cube
	sums  []SupplierSum // by supplier; then by kind of payee that is not named
	body  []Sum         // of the body at hand
	paid  []int32       // places of it that are not zero
	extra int
}

func newSupplierSums(c *cube) *supplierSums {
	n := len(c.suppliers) + 4
	return &supplierSums{c: c, sums: make([]SupplierSum, n), body: make([]Sum, n), extra: len(c.suppliers)}
}

func (t *supplierSums) add(payee uint32, sum Sum) {
	at := t.c.supplierOf(payee)
	if at == 0 {
		at = int32(t.extra) + int32(t.c.payees[payee].kind)
	}
	if t.body[at].Lines == 0 {
		t.paid = append(t.paid, at)
	}
	t.body[at] = t.body[at].Plus(sum)
}

// end counts what a body paid.
func (t *supplierSums) end(slug string) {
	for _, at := range t.paid {
		sum, s := t.body[at], &t.sums[at]
		if t.body[at] = (Sum{}); sum.Lines == 0 {
			continue
		}
		s.Sum = s.Sum.Plus(sum)
		if s.Bodies++; s.Bodies == 1 || sum.Pence > s.Most {
			s.Most, s.Top = sum.Pence, slug
		}
	}
	t.paid = t.paid[:0]
}

func (t *supplierSums) rows() (all []SupplierSum) {
	for at, sum := range t.sums {
		switch {
		case sum.Lines == 0:
			continue
		case at < t.extra:
			sum.Supplier = t.c.supplier(int32(at))
		default:
			sum.Payee = PayeeKind(at - t.extra)
		}
		all = append(all, sum)
	}
	slices.SortFunc(all, func(a, b SupplierSum) int {
		return cmp.Or(cmp.Compare(b.Pence, a.Pence), cmp.Compare(a.Payee, b.Payee), cmp.Compare(a.Supplier.ID, b.Supplier.ID))
	})
	return all
}

// bySupplier goes through the roll-ups; where words, amounts or flags are asked
// for, through the rows.
func (s *Store) bySupplier(ctx context.Context, c *cube, sc *scope, out *Spend) ([]SupplierSum, error) {
	t := newSupplierSums(c)
	if sc.f.Fine() || sc.combos != nil {
		return t.rowsOf(ctx, s, sc, out)
	}
	byBody := make([][]*cubeLoad, len(sc.bodies))
	for _, l := range c.loads {
		byBody[l.body] = append(byBody[l.body], l)
	}
	for i, b := range LocalPolicingBodies() {
		if !sc.bodies[i] {
			continue
		}
		for _, l := range byBody[i] {
			sc.eachFine(l, func(k fine) { t.add(k.payee, Sum{int64(k.lines), Pence(k.pence)}) })
		}
		t.end(b.Slug)
	}
	return t.rows(), nil
}

// rowsOf adds up rows by supplier, body after body.
func (t *supplierSums) rowsOf(ctx context.Context, s *Store, sc *scope, out *Spend) ([]SupplierSum, error) {
	r, began := t.c.rowScope(sc), time.Now()
	for i, b := range LocalPolicingBodies() {
		if !sc.bodies[i] {
			continue
		}
		done, err := s.walkRows(ctx, r, addUpTime-time.Since(began), i, func(l *cubeLoad, id int64, k kept) {
			if r.wantsLine(l, id, k) {
				t.add(l.of(t.c, k.combo).payee, Sum{1, Pence(k.pence)})
			}
		})
		if err != nil {
			return nil, err
		}
		out.Known = out.Known && done
		t.end(b.Slug)
	}
	return t.rows(), nil
}

// eachFine goes through the roll-ups of a load that the filter asks for.
func (sc *scope) eachFine(l *cubeLoad, fn func(k fine)) {
	visit := func(all []fine) {
		for _, k := range all {
			if in, _ := sc.period(k.period); in && sc.classes[k.class] && sc.payees[sc.c.payees[k.payee].kind] && sc.taxon(k.class, k.taxon) {
				fn(k)
			}
		}
	}
	if sc.supplier == 0 {
		visit(l.fine())
		return
	}
	for _, p := range sc.payeesOf {
		visit(l.paid(p))
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
		if out.Spend, err = c.spend(ctx, s, f); err != nil {
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
	for _, p := range c.payeesOf(at) {
		payee := c.payees[p]
		n := PublishedName{Name: c.text(payee.name), Number: c.text(payee.number)}
		n.Key = SupplierKey(n.Name, n.Number)
		for _, l := range c.loads {
			for _, k := range l.paid(p) {
				n.add(unpackPeriod(k.period), Sum{int64(k.lines), Pence(k.pence)})
			}
		}
		if n.Lines != 0 {
			all = append(all, n)
		}
	}
	slices.SortFunc(all, func(a, b PublishedName) int {
		return cmp.Or(int(a.First.Paid()-b.First.Paid()), strings.Compare(a.Name, b.Name))
	})
	return all
}

func (n *PublishedName) add(p Period, sum Sum) {
	if n.Lines == 0 || p.Paid() < n.First.Paid() && p.Month != 0 {
		n.First = p
	}
	if n.Lines == 0 || p.Paid() > n.Last.Paid() {
		n.Last = p
	}
	n.Sum = n.Sum.Plus(sum)
}

// SuppliersLike finds suppliers that were paid, by a part of a name as shown or
// as published, or by company number: the largest first, most of them; 0 is all.
func (s *Store) SuppliersLike(ctx context.Context, words string, most int) (all []Supplier, err error) {
	err = s.spend(ctx, func(_ *Store, c *cube) error {
		want, sums, found := Fold(words), c.paidTo(), map[int32]bool{}
		for i, p := range c.payees {
			at := c.supplierOf(uint32(i))
			if at != 0 && sums[at].Lines != 0 && (strings.Contains(c.folded[p.name], want) || p.number != 0 && strings.Contains(c.folded[p.number], want)) {
				found[at] = true
			}
		}
		for i := range sums {
			if at := int32(i); sums[i].Lines != 0 && (found[at] || strings.Contains(Fold(c.nameOf(at)), want)) {
				all = append(all, c.supplier(at))
			}
		}
		slices.SortStableFunc(all, func(a, b Supplier) int { return cmp.Compare(sums[b.ID].Pence, sums[a.ID].Pence) })
		if most > 0 {
			all = all[:min(most, len(all))]
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
		sums := c.paidTo()
		for i := range c.suppliers {
			if sums[i].Lines != 0 {
				names = append(names, c.supplier(int32(i)).Name)
				at = append(at, int32(i))
			}
		}
		for _, l := range likelySame(names) {
			if len(all) == most {
				return nil
			}
			a, b := at[l.A], at[l.B]
			all = append(all, AlikeSuppliers{c.supplier(a), c.supplier(b), sums[a], sums[b], l.Why})
		}
		return nil
	})
	return all, err
}

// paidTo is what each supplier was paid, after merges.
func (c *cube) paidTo() []Sum {
	sums := make([]Sum, len(c.suppliers))
	for _, l := range c.loads {
		for _, k := range l.fine() {
			if at := c.supplierOf(k.payee); at != 0 {
				sums[at] = sums[at].Plus(Sum{int64(k.lines), Pence(k.pence)})
			}
		}
	}
	return sums
}
