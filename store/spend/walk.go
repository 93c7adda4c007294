package spend

import (
	"cmp"
	"container/heap"
	"context"
	"iter"
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
type RowScope struct {
	*scope
	Flagged map[int64]bool // nil is all
}

// RowScope is what a filter chooses of the payments.
func (c *Cube) RowScope(sc *scope) *RowScope {
	r := &RowScope{scope: sc}
	if sc.F.Flag == "" {
		return r
	}
	r.Flagged = map[int64]bool{}
	for _, l := range c.Loads {
		for _, f := range l.Flags {
			if f.Method == sc.F.Flag {
				r.Flagged[f.Line] = true
			}
		}
	}
	return r
}

// row reports whether a line is within the amounts and flags asked for.
func (r *RowScope) row(id int64, k block.Line) bool {
	f := r.F
	return (f.Least == nil || k.Pence >= int64(*f.Least)) && (f.Most == nil || k.Pence <= int64(*f.Most)) && (r.Flagged == nil || r.Flagged[id])
}

// WantsLine reports whether a line is asked for.
func (r *RowScope) WantsLine(l *CubeLoad, id int64, k block.Line) bool {
	if !r.row(id, k) {
		return false
	}
	j := l.of(r.c, k.Combo)
	in, _ := r.period(block.PackPeriod(k.Paid.Period()))
	return in && r.classes[j.class] && r.payees[r.c.payees[j.payee].kind] && r.taxon(j.class, j.taxon) && r.wants(l, k.Combo, j)
}

// berths are the blocks that may hold lines asked for: of loads whose roll-ups
// say that they do.
func (r *RowScope) berths() (all []berth) {
	loads := map[*CubeLoad]bool{}
	if r.supplier != 0 {
		for _, l := range r.c.Loads {
			if r.Bodies[l.Index] {
				r.EachFine(l, func(Fine) { loads[l] = true })
			}
		}
	} else {
		for _, l := range r.c.Loads {
			loads[l] = r.Bodies[l.Index] && (r.combos == nil || l.Withheld == "") && slices.ContainsFunc(l.coarse, func(k coarse) bool {
				in, _ := r.period(k.period)
				return in && r.classes[k.class] && r.payees[k.payee] && r.taxon(k.class, k.taxon)
			})
		}
	}
	for _, l := range r.c.Loads {
		if !loads[l] {
			continue
		}
		for _, at := range l.Places {
			if r.May(at) {
				all = append(all, berth{l, at})
			}
		}
	}
	return all
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

// walkRows gives every line asked for to fn, in no order, until the time is up.
// It reports whether it came to the end. Body is the place of one body, -1 is all.
func walkRows(ctx context.Context, tx *db.Tx, r *RowScope, within time.Duration, body int, fn func(l *CubeLoad, id int64, k block.Line)) (bool, error) {
	began := time.Now()
	var lines []block.Line
	for i, b := range r.berths() {
		if body >= 0 && b.load.Index != body {
			continue
		}
		if i%32 == 31 && time.Since(began) > within {
			return false, nil
		}
		hot, err := db.One(ctx, tx, db.ScanInto[[]byte], `SELECT hot FROM spend_blocks WHERE first = $1`, b.First)
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
	out.Known, err = walkRows(ctx, tx, &RowScope{&wide, r.Flagged}, addUpTime, -1, func(l *CubeLoad, id int64, k block.Line) {
		if j := l.of(c, k.Combo); r.row(id, k) && sc.wants(l, k.Combo, j) {
			a.add(l, coarse{block.PackPeriod(k.Paid.Period()), j.class, j.taxon, c.payees[j.payee].kind, 1, k.Pence})
		}
	})
	if err != nil {
		return err
	}
	a.into(out)
	for i := range out.Bodies {
		out.Bodies[i].Sum = a.bodies[BodyIndex(out.Bodies[i].Body.Slug)]
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
	for l, err := range inOrder(ctx, tx, r, order, after) {
		if err != nil {
			return nil, err
		}
		if all = append(all, l); len(all) == most {
			break
		}
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
	if h.order == Newest && a.Lines[a.at].Paid != b.Lines[b.at].Paid {
		return a.Lines[a.at].Paid > b.Lines[b.at].Paid
	}
	return a.storedBlock.First > b.storedBlock.First
}

// inOrder goes through the lines asked for, newest or latest first. A block is
// opened when its last line may be the next one, so that as few are open as
// overlap in time.
func inOrder(ctx context.Context, tx *db.Tx, r *RowScope, order Order, after LineMark) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		blocks := r.berths()
		slices.SortFunc(blocks, func(a, b berth) int {
			if order == Newest && a.Most != b.Most {
				return int(b.Most - a.Most)
			}
			return cmp.Compare(b.First, a.First)
		})
		past := func(id int64, k block.Line) bool { // whether a line comes after the mark
			if after.ID == 0 {
				return true
			}
			if order == Newest && k.Paid != after.Paid {
				return k.Paid < after.Paid
			}
			return id < after.ID
		}
		open := &cursors{order: order}
		for n := 0; n < len(blocks) || open.Len() > 0; {
			for n < len(blocks) && (open.Len() == 0 || order == Newest && blocks[n].Most >= open.all[0].Lines[open.all[0].at].Paid) {
				b := blocks[n]
				n++
				if after.ID != 0 && (order == Newest && b.Least > after.Paid || order != Newest && b.First >= after.ID) {
					continue
				}
				cur, err := openBlock(ctx, tx, b)
				if err != nil {
					yield(Line{}, err)
					return
				}
				if cur.advance(r, past) {
					heap.Push(open, cur)
				}
			}
			if open.Len() == 0 {
				continue
			}
			top := open.all[0]
			if !yield(r.c.line(top.berth.load, top.storedBlock.First+int64(top.at), top.Lines[top.at]), nil) {
				return
			}
			top.at--
			if top.advance(r, past) {
				heap.Fix(open, 0)
			} else {
				heap.Pop(open)
			}
		}
	}
}

func openBlock(ctx context.Context, tx *db.Tx, at berth) (*cursor, error) {
	b, err := db.One(ctx, tx, ScanBlock, `SELECT `+BlockCols+` FROM spend_blocks WHERE first = $1`, at.First)
	if err != nil {
		return nil, err
	}
	if err := b.Open(); err != nil {
		return nil, err
	}
	return &cursor{berth: at, storedBlock: b, at: len(b.Lines) - 1}, nil
}

// advance goes back to the next line asked for, and reports whether there is one.
func (c *cursor) advance(r *RowScope, past func(int64, block.Line) bool) bool {
	for ; c.at >= 0; c.at-- {
		id := c.storedBlock.First + int64(c.at)
		if k := c.Lines[c.at]; r.WantsLine(c.berth.load, id, k) && past(id, k) {
			return true
		}
	}
	return false
}

// largest are the largest lines of a list, after a mark. Blocks are opened in
// order of their largest line, until none can hold a larger one.
func largest(ctx context.Context, tx *db.Tx, r *RowScope, after LineMark, most int) ([]Line, error) {
	blocks := r.berths()
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
		cur, err := openBlock(ctx, tx, b)
		if err != nil {
			return nil, err
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

// EachLine goes through all lines of a filter, newest first, in one snapshot
// and in memory that does not grow with them.
func EachLine(ctx context.Context, tx *db.Tx, f payments.Filter) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		err := WithCube(ctx, tx, func(tx *db.Tx, c *Cube) error {
			sc, err := c.Scope(tx, f)
			if err != nil {
				return err
			}
			for l, err := range inOrder(ctx, tx, c.RowScope(sc), Newest, LineMark{}) {
				if err != nil {
					return err
				}
				if !yield(l, nil) {
					return nil
				}
			}
			return nil
		})
		if err != nil {
			yield(Line{}, err)
		}
	}
}
