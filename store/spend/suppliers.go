package spend

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/sheet"
	"github.com/police-ict/handover/store/spend/supplier"
	"github.com/police-ict/handover/store/text"
)

// SupplierSum is what a filter comes to for one supplier, or for a kind of
// payee that is not named.
type SupplierSum struct {
	Supplier Supplier // zero where Payee is not Named
	Payee    payments.PayeeKind
	Sum
	Bodies int         // that paid it
	Most   money.Pence // of the body that paid it most
	Top    string
}

// SuppliersPage is the suppliers of a filter, largest first.
type SuppliersPage struct {
	Spend Spend
	Rows  []SupplierSum
	Count int // of all rows
	From  int // number of rows before the first
}

// BySupplier lists what a filter comes to for each supplier, most of them
// from a place on; most 0 is all.
func BySupplier(ctx context.Context, tx *db.Tx, f payments.Filter, from, most int) (out SuppliersPage, err error) {
	err = WithCube(ctx, tx, func(tx *db.Tx, c *Cube) error {
		if out.Spend, err = c.AddUp(ctx, tx, f); err != nil {
			return err
		}
		sc, err := c.Scope(tx, f)
		if err != nil {
			return err
		}
		rows, err := bySupplier(ctx, tx, c, sc, &out.Spend)
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
	c     *Cube
	sums  []SupplierSum // by supplier; then by kind of payee that is not named
	body  []Sum         // of the body at hand
	paid  []int32       // places of it that are not zero
	extra int
}

func newSupplierSums(c *Cube) *supplierSums {
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
			sum.Payee = payments.PayeeKind(at - t.extra)
		}
		all = append(all, sum)
	}
	slices.SortFunc(all, func(a, b SupplierSum) int {
		return cmp.Or(cmp.Compare(b.Pence, a.Pence), cmp.Compare(a.Payee, b.Payee), cmp.Compare(a.Supplier.ID, b.Supplier.ID))
	})
	return all
}

// SupplierSums are what a filter comes to for each supplier, largest first.
func (c *Cube) SupplierSums(ctx context.Context, tx *db.Tx, f payments.Filter) ([]SupplierSum, error) {
	sc, err := c.Scope(tx, f)
	if err != nil {
		return nil, err
	}
	return bySupplier(ctx, tx, c, sc, &Spend{})
}

// PaidTo is what each of some suppliers was paid, by its slug. It
// goes through what those were paid alone.
func (c *Cube) PaidTo(ctx context.Context, tx *db.Tx, slugs []string) (map[string]Sum, error) {
	all := map[string]Sum{}
	for _, slug := range slugs {
		if _, known := c.bySlug[slug]; !known {
			continue
		}
		sc, err := c.Scope(tx, payments.Filter{Supplier: slug})
		if err != nil {
			return nil, err
		}
		var sum Sum
		if err := sc.each(ctx, func(_ *CubeLoad, k coarse) { sum = sum.Plus(Sum{k.lines, money.Pence(k.pence)}) }); err != nil {
			return nil, err
		}
		all[slug] = sum
	}
	return all, nil
}

// bySupplier goes through the roll-ups; where words, amounts or flags are asked
// for, through the rows.
func bySupplier(ctx context.Context, tx *db.Tx, c *Cube, sc *scope, out *Spend) ([]SupplierSum, error) {
	t := newSupplierSums(c)
	if sc.F.Fine() || sc.combos != nil {
		return t.rowsOf(ctx, tx, sc, out)
	}
	byBody := make([][]*CubeLoad, len(sc.Bodies))
	for _, l := range c.Loads {
		byBody[l.Index] = append(byBody[l.Index], l)
	}
	for i, b := range office.LocalPolicingBodies() {
		if !sc.Bodies[i] {
			continue
		}
		for _, l := range byBody[i] {
			sc.EachFine(l, func(k Fine) { t.add(k.payee, Sum{int64(k.lines), money.Pence(k.pence)}) })
		}
		t.end(b.Slug)
	}
	return t.rows(), nil
}

// rowsOf adds up rows by supplier, body after body.
func (t *supplierSums) rowsOf(ctx context.Context, tx *db.Tx, sc *scope, out *Spend) ([]SupplierSum, error) {
	r, began := t.c.RowScope(sc), time.Now()
	blocks, err := r.berths(ctx, tx)
	if err != nil {
		return nil, err
	}
	of := make([][]berth, len(sc.Bodies))
	for _, b := range blocks {
		of[b.load.Index] = append(of[b.load.Index], b)
	}
	for i, b := range office.LocalPolicingBodies() {
		if !sc.Bodies[i] {
			continue
		}
		done, err := walkRows(ctx, tx, of[i], addUpTime-time.Since(began), func(l *CubeLoad, id int64, k block.Line) {
			if r.WantsLine(l, id, k) {
				t.add(l.of(t.c, k.Combo).payee, Sum{1, money.Pence(k.Pence)})
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

// EachFine goes through the roll-ups of a load that the filter asks for.
func (sc *scope) EachFine(l *CubeLoad, fn func(k Fine)) {
	visit := func(all []Fine) {
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
	First, Last civil.Period
	Sum
	Key string // of the supplier that the name alone would make
}

// ChangesOf are the changes that touch a supplier, undone ones too.
func (c *Cube) ChangesOf(id int64) (all []SupplierChange) {
	for _, ch := range c.changes {
		if ch.Supplier == id || ch.Into == id || int64(c.root[ch.Supplier]) == id {
			all = append(all, ch)
		}
	}
	return all
}

// Names are the names under which a supplier was published, by when first.
func (c *Cube) Names(id int64) (all []PublishedName) {
	for _, p := range c.payeesOf(int32(id)) {
		payee := c.payees[p]
		n := PublishedName{Name: c.Text(payee.name), Number: c.Text(payee.number)}
		n.Key = supplier.Key(n.Name, n.Number)
		for _, l := range c.Loads {
			for _, k := range l.paid(p) {
				n.add(block.UnpackPeriod(k.period), Sum{int64(k.lines), money.Pence(k.pence)})
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

func (n *PublishedName) add(p civil.Period, sum Sum) {
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
func SuppliersLike(ctx context.Context, tx *db.Tx, words string, most int) (all []Supplier, err error) {
	err = WithCube(ctx, tx, func(_ *db.Tx, c *Cube) error {
		want, sums, found := text.Fold(words), c.paidTo(), map[int32]bool{}
		holds, _ := c.found.Holding(want)
		for i, p := range c.payees {
			at := c.supplierOf(uint32(i))
			if at != 0 && sums[at].Lines != 0 && (holds[p.name] || p.number != 0 && holds[p.number]) {
				found[at] = true
			}
		}
		for i := range sums {
			if at := int32(i); sums[i].Lines != 0 && (found[at] || strings.Contains(text.Fold(c.nameOf(at)), want)) {
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
func LikelySame(ctx context.Context, tx *db.Tx, most int) (all []AlikeSuppliers, err error) {
	err = WithCube(ctx, tx, func(_ *db.Tx, c *Cube) error {
		var names []string
		var at []int32
		sums := c.paidTo()
		for i := range c.suppliers {
			if sums[i].Lines != 0 {
				names = append(names, c.supplier(int32(i)).Name)
				at = append(at, int32(i))
			}
		}
		for _, l := range supplier.LikelySame(names) {
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
func (c *Cube) paidTo() []Sum {
	sums := make([]Sum, len(c.suppliers))
	for _, l := range c.Loads {
		for _, k := range l.fine() {
			if at := c.supplierOf(k.payee); at != 0 {
				sums[at] = sums[at].Plus(Sum{int64(k.lines), money.Pence(k.pence)})
			}
		}
	}
	return sums
}

// Supplier is one payee: all published names that its key stands for, and those
// of the suppliers merged into it.
type Supplier struct {
	ID     int64  `json:"id"`
	Key    string `json:"key"` // c:01234567, or n:name where no company number is known
	Slug   string `json:"slug"`
	Name   string `json:"name"`
	Number string `json:"company_number,omitempty"`
}

// SupplierNumbered finds the supplier with a company number.
func SupplierNumbered(ctx context.Context, tx *db.Tx, number string) (Supplier, bool, error) {
	return db.Maybe(ctx, tx, scanSupplier, `SELECT `+supplierCols+` FROM suppliers WHERE key = $1`, "c:"+number)
}

const supplierCols = `id, key, slug, name, number`

func scanSupplier(r db.Row) (p Supplier, err error) {
	return p, r.Scan(&p.ID, &p.Key, &p.Slug, &p.Name, &p.Number)
}

// payeeKind says what is known of who was paid.
func payeeKind(name string) payments.PayeeKind {
	switch {
	case name == "":
		return payments.NotStated
	case sheet.IsRedacted(name):
		return payments.Redacted
	}
	return payments.Named
}
