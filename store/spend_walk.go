package store

import (
	"cmp"
	"container/heap"
	"context"
	"iter"
	"slices"
	"time"
)

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
	load *cubeLoad
	blockAt
}

// rowScope is a scope with what only rows can tell.
type rowScope struct {
	*scope
	flagged map[int64]bool // nil is all
}

func (c *cube) rowScope(sc *scope) *rowScope {
	r := &rowScope{scope: sc}
	if sc.f.Flag == "" {
		return r
	}
	r.flagged = map[int64]bool{}
	for _, l := range c.loads {
		for _, f := range l.flags {
			if f.method == sc.f.Flag {
				r.flagged[f.line] = true
			}
		}
	}
	return r
}

// row reports whether a line is within the amounts and flags asked for.
func (r *rowScope) row(id int64, k kept) bool {
	f := r.f
	return (f.Least == nil || k.pence >= int64(*f.Least)) && (f.Most == nil || k.pence <= int64(*f.Most)) && (r.flagged == nil || r.flagged[id])
}

// wantsLine reports whether a line is asked for.
func (r *rowScope) wantsLine(l *cubeLoad, id int64, k kept) bool {
	if !r.row(id, k) {
		return false
	}
	j := l.of(r.c, k.combo)
	in, _ := r.period(packPeriod(k.paid.Period()))
	return in && r.classes[j.class] && r.payees[r.c.payees[j.payee].kind] && r.taxon(j.class, j.taxon) && r.wants(l, k.combo, j)
}

// berths are the blocks that may hold lines asked for: of loads whose roll-ups
// say that they do.
func (r *rowScope) berths() (all []berth) {
	loads := map[*cubeLoad]bool{}
	if r.supplier != 0 {
		for _, l := range r.c.loads {
			if r.bodies[l.body] {
				r.eachFine(l, func(fine) { loads[l] = true })
			}
		}
	} else {
		for _, l := range r.c.loads {
			loads[l] = r.bodies[l.body] && (r.combos == nil || l.Withheld == "") && slices.ContainsFunc(l.coarse, func(k coarse) bool {
				in, _ := r.period(k.period)
				return in && r.classes[k.class] && r.payees[k.payee] && r.taxon(k.class, k.taxon)
			})
		}
	}
	for _, l := range r.c.loads {
		if !loads[l] {
			continue
		}
		for _, at := range l.places {
			if r.may(at) {
				all = append(all, berth{l, at})
			}
		}
	}
	return all
}

// may reports whether a block may hold a line asked for, by what it spans.
func (r *rowScope) may(at blockAt) bool {
	f := r.f
	if f.Least != nil && at.big < int64(*f.Least) || f.Most != nil && at.small > int64(*f.Most) {
		return false
	}
	if f.From == 0 && f.To == 0 && len(f.Years) == 0 {
		return true
	}
	for m := at.least.Month(); m <= at.most.Month(); m++ {
		if in, _ := r.period(packPeriod(Period{Month: m})); in {
			return true
		}
	}
	in, _ := r.period(packPeriod(at.most.Period()))
	return in
}

// walkRows gives every line asked for to fn, in no order, until the time is up.
// It reports whether it came to the end. Body is the place of one body, -1 is all.
func (s *Store) walkRows(ctx context.Context, r *rowScope, within time.Duration, body int, fn func(l *cubeLoad, id int64, k kept)) (bool, error) {
	began := time.Now()
	var lines []kept
	for i, b := range r.berths() {
		if body >= 0 && b.load.body != body {
			continue
		}
		if i%32 == 31 && time.Since(began) > within {
			return false, nil
		}
		hot, err := one(ctx, s, scanInto[[]byte], `SELECT hot FROM spend_blocks WHERE first = $1`, b.first)
		if err != nil {
			return false, err
		}
		if lines, err = decodeHot(hot, lines); err != nil {
			return false, err
		}
		for n, k := range lines {
			fn(b.load, b.first+int64(n), k)
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
func (s *Store) addRows(ctx context.Context, c *cube, f SpendFilter, out *Spend) error {
	sc, err := c.scope(s, f)
	if err != nil {
		return err
	}
	r, a := c.rowScope(sc), newAdding(sc)
	wide := *sc // the class, category, payee and year are not asked, so that the sums of the others are told
	wide.f.Years, wide.periods = nil, make([]asked, len(sc.periods))
	wide.classes, wide.taxa, wide.payees = [3]bool{true, true, true}, nil, [4]bool{true, true, true, true}
	out.Known, err = s.walkRows(ctx, &rowScope{&wide, r.flagged}, addUpTime, -1, func(l *cubeLoad, id int64, k kept) {
		if j := l.of(c, k.combo); r.row(id, k) && sc.wants(l, k.combo, j) {
			a.add(l, coarse{packPeriod(k.paid.Period()), j.class, j.taxon, c.payees[j.payee].kind, 1, k.pence})
		}
	})
	if err != nil {
		return err
	}
	a.into(out)
	for i := range out.Bodies {
		out.Bodies[i].Sum = a.bodies[bodyIndex(out.Bodies[i].Body.Slug)]
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
	Paid  Paid
	Pence int64
}

// LinePage is some lines of a list.
type LinePage struct {
	Spend Spend
	Lines []Line
	Next  int64 // line after which the next page begins, 0 where there is none
}

// Lines lists what a filter asks for, in an order, after a line of the page
// before; 0 is the first page.
func (s *Store) Lines(ctx context.Context, f SpendFilter, order Order, after int64, most int) (out LinePage, err error) {
	err = s.spend(ctx, func(s *Store, c *cube) error {
		if out.Spend, err = c.spend(ctx, s, f); err != nil {
			return err
		}
		if f.Fine() {
			if err := s.addRows(ctx, c, f, &out.Spend); err != nil {
				return err
			}
		}
		var mark LineMark
		if after != 0 {
			b, err := s.blockOf(ctx, after)
			if err != nil {
				return err
			}
			k := b.lines[after-b.first]
			mark = LineMark{after, k.paid, k.pence}
		}
		sc, err := c.scope(s, f)
		if err != nil {
			return err
		}
		r := c.rowScope(sc)
		if order == Largest {
			out.Lines, err = s.largest(ctx, r, mark, most+1)
		} else {
			out.Lines, err = s.first(ctx, r, order, mark, most+1)
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
func (s *Store) first(ctx context.Context, r *rowScope, order Order, after LineMark, most int) (all []Line, err error) {
	for l, err := range s.inOrder(ctx, r, order, after) {
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
	block
	at int
}

// cursors is a heap of open blocks, by their next line.
type cursors struct {
	all   []*cursor
	order Order
}

func (h *cursors) Len() int      { return len(h.all) }
func (h *cursors) Swap(i, j int) { h.all[i], h.all[j] = h.all[j], h.all[i] }
func (h *cursors) Push(v any)    { h.all = append(h.all, v.(*cursor)) }
func (h *cursors) Pop() any {
	last := h.all[len(h.all)-1]
	h.all = h.all[:len(h.all)-1]
	return last
}
func (h *cursors) Less(i, j int) bool {
	a, b := h.all[i], h.all[j]
	if h.order == Newest && a.lines[a.at].paid != b.lines[b.at].paid {
		return a.lines[a.at].paid > b.lines[b.at].paid
	}
	return a.block.first > b.block.first
}

// inOrder goes through the lines asked for, newest or latest first. A block is
// opened when its last line may be the next one, so that as few are open as
// overlap in time.
func (s *Store) inOrder(ctx context.Context, r *rowScope, order Order, after LineMark) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		blocks := r.berths()
		slices.SortFunc(blocks, func(a, b berth) int {
			if order == Newest && a.most != b.most {
				return int(b.most - a.most)
			}
			return cmp.Compare(b.first, a.first)
		})
		past := func(id int64, k kept) bool { // whether a line comes after the mark
			if after.ID == 0 {
				return true
			}
			if order == Newest && k.paid != after.Paid {
				return k.paid < after.Paid
			}
			return id < after.ID
		}
		open := &cursors{order: order}
		for n := 0; n < len(blocks) || open.Len() > 0; {
			for n < len(blocks) && (open.Len() == 0 || order == Newest && blocks[n].most >= open.all[0].lines[open.all[0].at].paid) {
				b := blocks[n]
				n++
				if after.ID != 0 && (order == Newest && b.least > after.Paid || order != Newest && b.first >= after.ID) {
					continue
				}
				cur, err := s.openBlock(ctx, b)
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
			if !yield(r.c.line(top.berth.load, top.block.first+int64(top.at), top.lines[top.at]), nil) {
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

func (s *Store) openBlock(ctx context.Context, at berth) (*cursor, error) {
	b, err := one(ctx, s, scanBlock, `SELECT `+blockCols+` FROM spend_blocks WHERE first = $1`, at.first)
	if err != nil {
		return nil, err
	}
	if err := b.open(); err != nil {
		return nil, err
	}
	return &cursor{berth: at, block: b, at: len(b.lines) - 1}, nil
}

// advance goes back to the next line asked for, and reports whether there is one.
func (c *cursor) advance(r *rowScope, past func(int64, kept) bool) bool {
	for ; c.at >= 0; c.at-- {
		id := c.block.first + int64(c.at)
		if k := c.lines[c.at]; r.wantsLine(c.berth.load, id, k) && past(id, k) {
			return true
		}
	}
	return false
}

// largest are the largest lines of a list, after a mark. Blocks are opened in
// order of their largest line, until none can hold a larger one.
func (s *Store) largest(ctx context.Context, r *rowScope, after LineMark, most int) ([]Line, error) {
	blocks := r.berths()
	slices.SortFunc(blocks, func(a, b berth) int { return cmp.Compare(b.big, a.big) })
	type found struct {
		load *cubeLoad
		id   int64
		kept
	}
	var best []found
	order := func(a, b found) int { return cmp.Or(cmp.Compare(b.pence, a.pence), cmp.Compare(b.id, a.id)) }
	for _, b := range blocks {
		if len(best) == most && b.big < best[most-1].pence {
			break
		}
		if after.ID != 0 && b.small > after.Pence {
			continue
		}
		cur, err := s.openBlock(ctx, b)
		if err != nil {
			return nil, err
		}
		for i, k := range cur.lines {
			id := b.first + int64(i)
			if !r.wantsLine(b.load, id, k) || after.ID != 0 && (k.pence > after.Pence || k.pence == after.Pence && id >= after.ID) {
				continue
			}
			if len(best) < most || order(found{kept: k, id: id}, best[len(best)-1]) < 0 {
				at, _ := slices.BinarySearchFunc(best, found{kept: k, id: id}, order)
				best = slices.Insert(best, at, found{b.load, id, k})
				best = best[:min(most, len(best))]
			}
		}
	}
	var all []Line
	for _, f := range best {
		all = append(all, r.c.line(f.load, f.id, f.kept))
	}
	return all, nil
}

// line makes the line of what a block keeps, with what the portal makes of it.
func (c *cube) line(l *cubeLoad, id int64, k kept) Line {
	out := c.lineOf(l.Load, l.of(c, k.combo), id, k)
	at, _ := slices.BinarySearchFunc(l.flags, id, func(f flagged, id int64) int { return cmp.Compare(f.line, id) })
	for ; at < len(l.flags) && l.flags[at].line == id; at++ {
		out.Flags = append(out.Flags, l.flags[at].method)
	}
	return out
}

func (c *cube) lineOf(l Load, j judgement, id int64, k kept) Line {
	w := c.words(k.combo)
	payee := c.payees[j.payee]
	out := Line{ID: id, Load: l.ID, Body: l.Body, Paid: k.paid, Pence: Pence(k.pence), Payee: payee.kind, Supplier: w.supplier, CompanyNumber: w.number,
		Purpose: w.purpose, Category: w.category, CostCentre: w.centre, Sheet: k.sheet, Record: k.record,
		Class: j.class, Rule: int64(j.rule), Taxon: taxonSlug(j.taxon)}
	out.unpackRest(k.rest)
	if payee.kind == Withheld {
		out.hide()
		return out
	}
	out.Identity = c.supplier(c.supplierOf(j.payee))
	return out
}

// EachLine goes through all lines of a filter, newest first, in one snapshot
// and in memory that does not grow with them.
func (s *Store) EachLine(ctx context.Context, f SpendFilter) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		err := s.spend(ctx, func(s *Store, c *cube) error {
			sc, err := c.scope(s, f)
			if err != nil {
				return err
			}
			for l, err := range s.inOrder(ctx, c.rowScope(sc), Newest, LineMark{}) {
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
