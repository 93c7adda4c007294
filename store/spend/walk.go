package spend

import (
	"cmp"
	"container/heap"
	"context"
	"slices"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/flag"
	"github.com/police-ict/handover/store/spend/payments"
)

// seenRows is how many rows of a figure are shown.
const seenRows = 50

// A RowAt is a row with the load that it stands in.
type RowAt struct {
	Load *CubeLoad
	Id   int64
	Kept block.Line
}

// LinesOf reads the first of some rows, in order of day.
func (r *RowScope) LinesOf(all []RowAt) (lines []Line) {
	slices.SortFunc(all, func(a, b RowAt) int { return cmp.Or(cmp.Compare(a.Kept.Paid, b.Kept.Paid), cmp.Compare(a.Id, b.Id)) })
	for _, at := range all[:min(len(all), seenRows)] {
		lines = append(lines, r.c.line(at.Load, at.Id, at.Kept))
	}
	return lines
}

// Order is in which order lines are listed.
type Order string

// The orders.
const (
	Newest  Order = "newest"  // day of payment, latest first
	Largest Order = "largest" // amount, largest first
	Latest  Order = "latest"  // taken in, latest first
)

// A berth is a block of a load that may hold lines asked for.
type berth struct {
	load *CubeLoad
	block.Place
}

// RowScope is a scope with what only rows can tell.
type RowScope struct{ *scope }

// RowScope is what a filter chooses of the payments.
func (c *Cube) RowScope(sc *scope) *RowScope { return &RowScope{sc} }

// row reports whether a line is within the amounts and flags asked for.
func (r *RowScope) row(l *CubeLoad, id int64, k block.Line) bool {
	f := r.F
	return (f.Least == nil || k.Pence >= int64(*f.Least)) && (f.Most == nil || k.Pence <= int64(*f.Most)) && (f.Flag == "" || l.flagged(f.Flag, id, 1))
}

// WantsLine reports whether a line is asked for.
func (r *RowScope) WantsLine(l *CubeLoad, id int64, k block.Line) bool {
	if !r.row(l, id, k) {
		return false
	}
	j := l.of(r.c, k.Combo)
	in, _ := r.period(block.PackPeriod(k.Paid.Period()))
	return in && r.classes[j.class] && r.payees[r.c.payees[j.payee].kind] && r.taxon(j.class, j.taxon) && r.wants(l, k.Combo, j)
}

// berths are the blocks that may hold lines asked for: of loads whose roll-ups
// say that they do.
func (r *RowScope) berths(ctx context.Context, tx *db.Tx) (all []berth, err error) {
	for _, l := range r.c.Loads {
		holds := false
		switch {
		case !r.Bodies[l.Index]:
		case r.combos != nil:
			if holds, err = r.holdsWords(ctx, tx, l); err != nil {
				return nil, err
			}
		case r.supplier != 0:
			r.EachFine(l, func(Fine) { holds = true })
		default:
			holds = slices.ContainsFunc(l.coarse, func(k coarse) bool {
				in, _ := r.period(k.period)
				return in && r.classes[k.class] && r.payees[k.payee] && r.taxon(k.class, k.taxon)
			})
		}
		for _, at := range l.Places {
			if holds && r.May(at) && (r.F.Flag == "" || l.flagged(r.F.Flag, at.First, at.Lines)) {
				all = append(all, berth{l, at})
			}
		}
	}
	return all, nil
}

// May reports whether a block may hold a line asked for, by what it spans.
func (r *RowScope) May(at block.Place) bool {
	f := r.F
	if f.Least != nil && at.Big < int64(*f.Least) || f.Most != nil && at.Small > int64(*f.Most) {
		return false
	}
	if f.From == 0 && f.To == 0 && len(f.Years) == 0 {
		return true
	}
	for m := at.Least.Month(); m <= at.Most.Month(); m++ {
		if in, _ := r.period(block.PackPeriod(civil.Period{Month: m})); in {
			return true
		}
	}
	in, _ := r.period(block.PackPeriod(at.Most.Period()))
	return in
}

// walkRows gives every line of some blocks to fn, until the time is up. It
// reports whether it came to the end.
func walkRows(ctx context.Context, tx *db.Tx, blocks []berth, within time.Duration, fn func(l *CubeLoad, id int64, k block.Line)) (bool, error) {
	began := time.Now()
	var lines []block.Line
	for i, b := range blocks {
		if i%32 == 31 && time.Since(began) > within {
			return false, nil
		}
		hot, err := b.load.hotOf(ctx, tx, b.First)
		if err != nil {
			return false, err
		}
		if lines, err = block.DecodeHot(hot, lines); err != nil {
			return false, err
		}
		for n, k := range lines {
			fn(b.load, b.First+int64(n), k)
		}
	}
	return true, nil
}

// addUpTime is how long a page adds up rows, where the roll-ups are too coarse.
const addUpTime = 1500 * time.Millisecond

// AddUpWords says so to people.
const AddUpWords = "1.5 seconds"

// addRows adds up the rows that a filter by amount or flag asks for. Where that
// takes too long, no total is shown.
func addRows(ctx context.Context, tx *db.Tx, c *Cube, f payments.Filter, out *Spend) error {
	sc, err := c.Scope(tx, f)
	if err != nil {
		return err
	}
	r, a := c.RowScope(sc), newAdding(sc)
	wide := *sc // the class, category, payee and year are not asked, so that the sums of the others are told
	wide.F.Years, wide.periods = nil, make([]asked, len(sc.periods))
	wide.classes, wide.taxa, wide.payees = [3]bool{true, true, true}, nil, [4]bool{true, true, true, true}
	blocks, err := c.RowScope(&wide).berths(ctx, tx)
	if err != nil {
		return err
	}
	out.Known, err = walkRows(ctx, tx, blocks, addUpTime, func(l *CubeLoad, id int64, k block.Line) {
		if j := l.of(c, k.Combo); r.row(l, id, k) && sc.wants(l, k.Combo, j) {
			a.add(l, coarse{block.PackPeriod(k.Paid.Period()), j.class, j.taxon, c.payees[j.payee].kind, 1, k.Pence})
		}
	})
	if err != nil {
		return err
	}
	a.into(out)
	for i := range out.Bodies {
		at := BodyIndex(out.Bodies[i].Body.Slug)
		out.Bodies[i].Sum, out.Bodies[i].Year = a.bodies[at], a.compared[at]
	}
	slices.SortStableFunc(out.Bodies, func(a, b BodySum) int { return cmp.Compare(b.Pence, a.Pence) })
	for i := range out.Months {
		m := &out.Months[i]
		m.Sum, m.Taxa = a.sums(m.Month)
	}
	return nil
}

// A LineMark is where a list of lines goes on: after the line of this number.
type LineMark struct {
	ID    int64
	Paid  civil.Paid
	Pence int64
}

// LinesPage is some lines of a list.
type LinesPage struct {
	Spend Spend
	Lines []Line
	Next  int64 // line after which the next page begins, 0 where there is none
}

// Lines lists what a filter asks for, in an order, after a line of the page
// before; 0 is the first page.
func Lines(ctx context.Context, tx *db.Tx, f payments.Filter, order Order, after int64, most int) (out LinesPage, err error) {
	err = WithCube(ctx, tx, func(tx *db.Tx, c *Cube) error {
		if out.Spend, err = c.Spend(ctx, tx, f); err != nil {
			return err
		}
		if f.Fine() {
			if err := addRows(ctx, tx, c, f, &out.Spend); err != nil {
				return err
			}
		}
		var mark LineMark
		if after != 0 {
			b, err := blockOf(ctx, tx, after)
			if err != nil {
				return err
			}
			k := b.Lines[after-b.First]
			mark = LineMark{after, k.Paid, k.Pence}
		}
		sc, err := c.Scope(tx, f)
		if err != nil {
			return err
		}
		r := c.RowScope(sc)
		if order == Largest {
			out.Lines, err = largest(ctx, tx, r, mark, most+1)
		} else {
			out.Lines, err = first(ctx, tx, r, order, mark, most+1)
		}
		if err == nil && len(out.Lines) > most {
			out.Lines = out.Lines[:most]
			out.Next = out.Lines[most-1].ID
		}
		return err
	})
	return out, err
}

// first are the first lines of a list that blocks are in order of.
func first(ctx context.Context, tx *db.Tx, r *RowScope, order Order, after LineMark, most int) (all []Line, err error) {
	w, err := walkFrom(ctx, tx, r, order, after)
	if err != nil {
		return nil, err
	}
	for len(all) < most {
		l, ok, err := w.next(ctx, tx)
		if err != nil || !ok {
			return all, err
		}
		all = append(all, l)
	}
	return all, nil
}

// A cursor goes through the lines of one block backwards.
type cursor struct {
	berth
	storedBlock
	at int
}

// cursors is a heap of open blocks, by their next line.
type cursors struct {
	all   []*cursor
	order Order
}

func (h *cursors) Len() int { return len(h.all) }

func (h *cursors) Swap(i, j int) { h.all[i], h.all[j] = h.all[j], h.all[i] }

func (h *cursors) Push(v any) { h.all = append(h.all, v.(*cursor)) }

func (h *cursors) Pop() any {
	last := h.all[len(h.all)-1]
	h.all = h.all[:len(h.all)-1]
	return last
}

func (h *cursors) Less(i, j int) bool {
	a, b := h.all[i], h.all[j]
	if h.order == Newest && a.line().Paid != b.line().Paid {
		return a.line().Paid > b.line().Paid
	}
	return a.storedBlock.First > b.storedBlock.First
}

// A walk goes through the lines asked for, newest or latest first. A block is
// opened when its last line may be the next one, so that as few are open as
// overlap in time. It may go on in another transaction than it began in.
type walk struct {
	r      *RowScope
	after  LineMark
	blocks []berth // not opened yet
	open   cursors
}

func walkFrom(ctx context.Context, tx *db.Tx, r *RowScope, order Order, after LineMark) (*walk, error) {
	blocks, err := r.berths(ctx, tx)
	w := &walk{r: r, after: after, blocks: blocks, open: cursors{order: order}}
	slices.SortFunc(w.blocks, func(a, b berth) int {
		if order == Newest && a.Most != b.Most {
			return int(b.Most - a.Most)
		}
		return cmp.Compare(b.First, a.First)
	})
	return w, err
}

// past reports whether a line comes after the mark.
func (w *walk) past(id int64, k block.Line) bool {
	if w.after.ID == 0 {
		return true
	}
	if w.open.order == Newest && k.Paid != w.after.Paid {
		return k.Paid < w.after.Paid
	}
	return id < w.after.ID
}

// due reports whether the next block must be open to tell the next line.
func (w *walk) due() bool {
	if len(w.blocks) == 0 {
		return false
	}
	return w.open.Len() == 0 || w.open.order == Newest && w.blocks[0].Most >= w.open.all[0].line().Paid
}

// next is the next line; ok is false at the end.
func (w *walk) next(ctx context.Context, tx *db.Tx) (l Line, ok bool, err error) {
	for w.due() {
		b := w.blocks[0]
		w.blocks = w.blocks[1:]
		if w.after.ID != 0 && (w.open.order == Newest && b.Least > w.after.Paid || w.open.order != Newest && b.First >= w.after.ID) {
			continue
		}
		cur, err := openBlock(ctx, tx, w.r, b)
		if err != nil {
			return l, false, err
		}
		if cur != nil && cur.advance(w) {
			heap.Push(&w.open, cur)
		}
	}
	if w.open.Len() == 0 {
		return l, false, nil
	}
	top := w.open.all[0]
	l = w.r.c.line(top.berth.load, top.storedBlock.First+int64(top.at), top.line())
	top.at--
	if top.advance(w) {
		heap.Fix(&w.open, 0)
	} else {
		heap.Pop(&w.open)
	}
	return l, true, nil
}

// openBlock reads a block whole, unless none of its lines is asked for.
func openBlock(ctx context.Context, tx *db.Tx, r *RowScope, at berth) (*cursor, error) {
	if r.combos != nil || r.supplier != 0 || r.F.Fine() {
		hot, err := at.load.hotOf(ctx, tx, at.First)
		if err != nil {
			return nil, err
		}
		lines, err := block.DecodeHot(hot, make([]block.Line, 0, block.MaxLines))
		if err != nil {
			return nil, err
		}
		wanted := false
		for i, k := range lines {
			wanted = wanted || r.WantsLine(at.load, at.First+int64(i), k)
		}
		if !wanted {
			return nil, nil
		}
	}
	b, err := db.One(ctx, tx, ScanBlock, `SELECT `+BlockCols+` FROM spend_blocks WHERE first = $1`, at.First)
	if err != nil {
		return nil, err
	}
	if err := b.Open(); err != nil {
		return nil, err
	}
	return &cursor{berth: at, storedBlock: b, at: len(b.Lines) - 1}, nil
}

// line is the one that a cursor is at.
func (c *cursor) line() block.Line { return c.Lines[c.at] }

// advance goes back to the next line asked for, and reports whether there is one.
func (c *cursor) advance(w *walk) bool {
	for ; c.at >= 0; c.at-- {
		id := c.storedBlock.First + int64(c.at)
		if w.r.WantsLine(c.berth.load, id, c.line()) && w.past(id, c.line()) {
			return true
		}
	}
	return false
}

// largest are the largest lines of a list, after a mark. Blocks are opened in
// order of their largest line, until none can hold a larger one.
func largest(ctx context.Context, tx *db.Tx, r *RowScope, after LineMark, most int) ([]Line, error) {
	blocks, err := r.berths(ctx, tx)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(blocks, func(a, b berth) int { return cmp.Compare(b.Big, a.Big) })
	type found struct {
		load *CubeLoad
		id   int64
		block.Line
	}
	var best []found
	order := func(a, b found) int { return cmp.Or(cmp.Compare(b.Pence, a.Pence), cmp.Compare(b.id, a.id)) }
	for _, b := range blocks {
		if len(best) == most && b.Big < best[most-1].Pence {
			break
		}
		if after.ID != 0 && b.Small > after.Pence {
			continue
		}
		cur, err := openBlock(ctx, tx, r, b)
		if err != nil {
			return nil, err
		}
		if cur == nil {
			continue
		}
		for i, k := range cur.Lines {
			id := b.First + int64(i)
			if !r.WantsLine(b.load, id, k) || after.ID != 0 && (k.Pence > after.Pence || k.Pence == after.Pence && id >= after.ID) {
				continue
			}
			if len(best) < most || order(found{Line: k, id: id}, best[len(best)-1]) < 0 {
				at, _ := slices.BinarySearchFunc(best, found{Line: k, id: id}, order)
				best = slices.Insert(best, at, found{b.load, id, k})
				best = best[:min(most, len(best))]
			}
		}
	}
	var all []Line
	for _, f := range best {
		all = append(all, r.c.line(f.load, f.id, f.Line))
	}
	return all, nil
}

// line makes the line of what a block keeps, with what the portal makes of it.
func (c *Cube) line(l *CubeLoad, id int64, k block.Line) Line {
	out := c.lineOf(l.Load, l.of(c, k.Combo), id, k)
	at, _ := slices.BinarySearchFunc(l.Flags, id, func(f flag.Found, id int64) int { return cmp.Compare(f.Line, id) })
	for ; at < len(l.Flags) && l.Flags[at].Line == id; at++ {
		out.Flags = append(out.Flags, l.Flags[at].Method)
	}
	return out
}

func (c *Cube) lineOf(l Load, j judgement, id int64, k block.Line) Line {
	w := c.Words(k.Combo)
	payee := c.payees[j.payee]
	out := Line{ID: id, Load: l.ID, Body: l.Body, Paid: k.Paid, Pence: money.Pence(k.Pence), Payee: payee.kind, Supplier: w.Supplier, CompanyNumber: w.Number,
		Purpose: w.Purpose, Category: w.Category, CostCentre: w.Centre, Sheet: k.Sheet, Record: k.Record,
		Class: j.class, Rule: int64(j.rule), Taxon: taxonSlug(j.taxon)}
	out.unpackRest(k.Rest)
	if payee.kind == payments.Withheld {
		out.hide()
		return out
	}
	out.Identity = c.supplier(c.supplierOf(j.payee))
	return out
}

// LineIn reads one line of a load.
func (c *Cube) LineIn(ctx context.Context, tx *db.Tx, l *CubeLoad, id int64) (Line, error) {
	b, err := blockOf(ctx, tx, id)
	if err != nil {
		return Line{}, err
	}
	return c.line(l, id, b.Lines[id-b.First]), nil
}
