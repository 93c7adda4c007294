package store

import (
	"cmp"
	"context"
	"slices"
)

// What is compared of a figure at most: files that changed, the lines read in
// them, and the rows that are shown.
const (
	seenLoadsRead = 500
	seenLinesRead = 100_000
)

// seenRows is how many rows of a figure are shown.
const seenRows = 50

func newestFirst(all []Event) {
	slices.SortFunc(all, func(a, b Event) int { return cmp.Compare(b.N, a.N) })
}

// loadsSince tells which of some files ceased to count.
func (s *Store) loadsSince(ctx context.Context, loads []int64, c *Change) error {
	for _, id := range loads {
		l, err := one(ctx, s, scanLoad, `SELECT `+loadCols+` FROM loads WHERE id = $1`, id)
		if err != nil {
			return err
		}
		if l.Moved > c.Was.Event && !l.Counts() {
			if err := s.loadsChanged(ctx, l, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// spendSince tells which files behind a sum began or ceased to count, and which
// rows differ.
func (s *Store) spendSince(ctx context.Context, cb *cube, f SpendFilter, c *Change) error {
	sc, err := cb.scope(s, f)
	if err != nil {
		return err
	}
	body := ""
	if all := f.bodies(); len(all) == 1 {
		body = all[0].Slug
	}
	moved, err := list(ctx, s, scanLoad, `SELECT `+loadCols+` FROM loads WHERE moved > $1 AND ($2 = '' OR body = $2) ORDER BY moved LIMIT $3`, c.Was.Event, body, seenLoadsRead+1)
	if err != nil {
		return err
	}
	if c.Partly = len(moved) > seenLoadsRead; c.Partly {
		moved = moved[:seenLoadsRead]
	}
	var lost, added []*cubeLoad
	for _, l := range moved {
		if !sc.holds(l) {
			continue
		}
		had, err := s.countedThen(ctx, l, c.Was.Event)
		if err != nil {
			return err
		}
		if had == l.Counts() {
			continue
		}
		if err := s.loadsChanged(ctx, l, c); err != nil {
			return err
		}
		if of, ok := cb.load(l.ID); ok {
			added = append(added, of)
			continue
		}
		of, err := s.lostLoad(ctx, l)
		if err != nil {
			return err
		}
		lost = append(lost, of)
	}
	slices.SortFunc(c.Loads, func(a, b LoadChange) int { return cmp.Compare(a.N, b.N) })
	return s.rowsSince(ctx, cb.rowScope(sc), lost, added, c)
}

// countedThen reports whether a load was in the totals after an event.
func (s *Store) countedThen(ctx context.Context, l Load, event int64) (bool, error) {
	then, err := thingThen[Load](ctx, s, l.subject(), Moment{Event: event, Past: true})
	if KindOf(err) == NotFound {
		return false, nil
	}
	return then.Counts(), err
}

// loadsChanged finds when and why a load began or ceased to count, and what
// became of those that replaced it.
func (s *Store) loadsChanged(ctx context.Context, l Load, c *Change) error {
	for range seenEvents {
		next := Load{Reason: l.Reason}
		if l.ReplacedBy != 0 {
			var err error
			if next, err = one(ctx, s, scanLoad, `SELECT `+loadCols+` FROM loads WHERE id = $1`, l.ReplacedBy); err != nil {
				return err
			}
		}
		if !slices.ContainsFunc(c.Loads, func(had LoadChange) bool { return had.Load.ID == l.ID }) {
			if err := s.loadChanged(ctx, l, next.Reason, c); err != nil {
				return err
			}
		}
		if next.ID == 0 || next.Counts() {
			return nil
		}
		l = next
	}
	return nil
}

func (s *Store) loadChanged(ctx context.Context, l Load, why string, c *Change) error {
	out := LoadChange{Load: l, Why: why}
	events, err := s.Events(ctx, EventFilter{Subject: l.subject(), Since: max(c.Was.Event, 1)}, seenEvents)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(events, func(e Event) bool {
		return slices.Contains([]string{"load.withdraw", "load.replace", "load.accept"}, e.Act)
	})
	if i >= 0 {
		out.N, out.On = events[i].N, DayOf(events[i].At)
	}
	c.Loads = append(c.Loads, out)
	return nil
}

// lostLoad is a load that no longer stands, with what is needed to find lines
// in it: its lines stay as they were.
func (s *Store) lostLoad(ctx context.Context, l Load) (*cubeLoad, error) {
	out := &cubeLoad{Load: l, body: bodyIndex(l.Body)}
	var err error
	if _, out.places, err = s.cellsOf(ctx, l.ID); err != nil {
		return nil, err
	}
	out.flags, err = s.flagsOf(ctx, l.ID)
	return out, err
}

// rowKey is what makes two rows the same payment: what was published, and not
// the file or the place in it.
type rowKey struct {
	paid         Paid
	combo, pence int64
	rest         string
}

// A rowAt is a row with the load that it stands in.
type rowAt struct {
	load *cubeLoad
	id   int64
	kept kept
}

// rowsSince compares the rows of a figure in the files that ceased to count
// with those in the files that began to.
func (s *Store) rowsSince(ctx context.Context, r *rowScope, lost, added []*cubeLoad, c *Change) error {
	for _, l := range lost {
		for _, f := range l.flags {
			if r.flagged != nil && f.method == r.f.Flag {
				r.flagged[f.line] = true
			}
		}
	}
	budget, left := seenLinesRead, map[rowKey][]rowAt{}
	err := s.rowsIn(ctx, r, lost, &budget, func(k rowKey, at rowAt) { left[k] = append(left[k], at) })
	if err != nil {
		return err
	}
	var now []rowAt
	var moved Pence
	err = s.rowsIn(ctx, r, added, &budget, func(k rowKey, at rowAt) {
		if n := len(left[k]); n > 0 {
			left[k] = left[k][:n-1]
			return
		}
		now = append(now, at)
		moved += Pence(at.kept.pence)
	})
	if err != nil {
		return err
	}
	var before []rowAt
	for _, all := range left {
		before = append(before, all...)
	}
	for _, at := range before {
		moved -= Pence(at.kept.pence)
	}
	c.Partly = c.Partly || budget <= 0
	c.Rows, c.Before, c.After = len(before)+len(now), r.linesOf(before), r.linesOf(now)
	if d, ok := c.Difference(); ok && d != moved && !c.Partly {
		rest := d - moved
		c.Rest = &rest
	}
	return nil
}

// rowsIn gives the rows asked for in some loads to fn, until budget lines are read.
func (s *Store) rowsIn(ctx context.Context, r *rowScope, loads []*cubeLoad, budget *int, fn func(rowKey, rowAt)) error {
	for _, l := range loads {
		for _, place := range l.places {
			if !r.may(place) {
				continue
			}
			if *budget -= int(place.lines); *budget <= 0 {
				return nil
			}
			b, err := one(ctx, s, scanBlock, `SELECT `+blockCols+` FROM spend_blocks WHERE first = $1`, place.first)
			if err != nil {
				return err
			}
			if err := b.open(); err != nil {
				return err
			}
			for i, k := range b.lines {
				if id := b.first + int64(i); r.wantsLine(l, id, k) {
					fn(rowKey{k.paid, k.combo, k.pence, k.rest}, rowAt{l, id, k})
				}
			}
		}
	}
	return nil
}

// linesOf reads the first of some rows, in order of day.
func (r *rowScope) linesOf(all []rowAt) (lines []Line) {
	slices.SortFunc(all, func(a, b rowAt) int { return cmp.Or(cmp.Compare(a.kept.paid, b.kept.paid), cmp.Compare(a.id, b.id)) })
	for _, at := range all[:min(len(all), seenRows)] {
		lines = append(lines, r.c.line(at.load, at.id, at.kept))
	}
	return lines
}
