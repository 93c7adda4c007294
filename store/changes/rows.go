package changes

import (
	"cmp"
	"context"
	"slices"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
)

// What is compared of a figure at most: files that changed, the lines read in
// them, and the rows that are shown.
const (
	seenLoadsRead = 500
	seenLinesRead = 100_000
)

func newestFirst(all []record.Event) {
	slices.SortFunc(all, func(a, b record.Event) int { return cmp.Compare(b.N, a.N) })
}

// loadsSince tells which of some files ceased to count.
func loadsSince(ctx context.Context, tx *db.Tx, loads []int64, c *Change) error {
	for _, id := range loads {
		l, err := db.One(ctx, tx, spend.ScanLoad, `SELECT `+spend.LoadCols+` FROM loads WHERE id = $1`, id)
		if err != nil {
			return err
		}
		if l.Moved > c.Was.Event && !l.Counts() {
			if err := loadsChanged(ctx, tx, l, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// spendSince tells which files behind a sum began or ceased to count, and which
// rows differ.
func spendSince(ctx context.Context, tx *db.Tx, cb *spend.Cube, f payments.Filter, c *Change) error {
	sc, err := cb.Scope(tx, f)
	if err != nil {
		return err
	}
	body := ""
	if all := f.Chosen(); len(all) == 1 {
		body = all[0].Slug
	}
	moved, err := db.List(ctx, tx, spend.ScanLoad, `SELECT `+spend.LoadCols+` FROM loads WHERE moved > $1 AND ($2 = '' OR body = $2) ORDER BY moved LIMIT $3`, c.Was.Event, body, seenLoadsRead+1)
	if err != nil {
		return err
	}
	if c.Partly = len(moved) > seenLoadsRead; c.Partly {
		moved = moved[:seenLoadsRead]
	}
	var lost, added []*spend.CubeLoad
	for _, l := range moved {
		if !sc.Holds(l) {
			continue
		}
		had, err := countedThen(ctx, tx, l, c.Was.Event)
		if err != nil {
			return err
		}
		if had == l.Counts() {
			continue
		}
		if err := loadsChanged(ctx, tx, l, c); err != nil {
			return err
		}
		if of, ok := cb.Load(l.ID); ok {
			added = append(added, of)
			continue
		}
		of, err := lostLoad(ctx, tx, l)
		if err != nil {
			return err
		}
		lost = append(lost, of)
	}
	slices.SortFunc(c.Loads, func(a, b LoadChange) int { return cmp.Compare(a.N, b.N) })
	return rowsSince(ctx, tx, cb.RowScope(sc), lost, added, c)
}

// countedThen reports whether a load was in the totals after an event.
func countedThen(ctx context.Context, tx *db.Tx, l spend.Load, event int64) (bool, error) {
	then, err := record.ThingThen[spend.Load](ctx, tx, l.Subject(), record.Moment{Event: event, Past: true})
	if fault.KindOf(err) == fault.NotFound {
		return false, nil
	}
	return then.Counts(), err
}

// loadsChanged finds when and why a load began or ceased to count, and what
// became of those that replaced it.
func loadsChanged(ctx context.Context, tx *db.Tx, l spend.Load, c *Change) error {
	for range seenEvents {
		next := spend.Load{Reason: l.Reason}
		if l.ReplacedBy != 0 {
			var err error
			if next, err = db.One(ctx, tx, spend.ScanLoad, `SELECT `+spend.LoadCols+` FROM loads WHERE id = $1`, l.ReplacedBy); err != nil {
				return err
			}
		}
		if !slices.ContainsFunc(c.Loads, func(had LoadChange) bool { return had.Load.ID == l.ID }) {
			if err := loadChanged(ctx, tx, l, next.Reason, c); err != nil {
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

func loadChanged(ctx context.Context, tx *db.Tx, l spend.Load, why string, c *Change) error {
	out := LoadChange{Load: l, Why: why}
	events, err := record.Events(ctx, tx, record.EventFilter{Subject: l.Subject(), Since: max(c.Was.Event, 1)}, seenEvents)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(events, func(e record.Event) bool {
		return slices.Contains([]string{"load.withdraw", "load.replace", "load.accept"}, e.Act)
	})
	if i >= 0 {
		out.N, out.On = events[i].N, civil.DayOf(events[i].At)
	}
	c.Loads = append(c.Loads, out)
	return nil
}

// lostLoad is a load that no longer stands, with what is needed to find lines
// in it: its lines stay as they were.
func lostLoad(ctx context.Context, tx *db.Tx, l spend.Load) (*spend.CubeLoad, error) {
	out := &spend.CubeLoad{Load: l, Index: spend.BodyIndex(l.Body)}
	var err error
	if _, out.Places, err = spend.CellsOf(ctx, tx, l.ID); err != nil {
		return nil, err
	}
	out.Flags, err = spend.FlagsOf(ctx, tx, l.ID)
	return out, err
}

// rowKey is what makes two rows the same payment: what was published, and not
// the file or the place in it.
type rowKey struct {
	paid         civil.Paid
	combo, pence int64
	rest         string
}

// rowsSince compares the rows of a figure in the files that ceased to count
// with those in the files that began to.
func rowsSince(ctx context.Context, tx *db.Tx, r *spend.RowScope, lost, added []*spend.CubeLoad, c *Change) error {
	budget, left := seenLinesRead, map[rowKey][]spend.RowAt{}
	err := rowsIn(ctx, tx, r, lost, &budget, func(k rowKey, at spend.RowAt) { left[k] = append(left[k], at) })
	if err != nil {
		return err
	}
	var now []spend.RowAt
	var moved money.Pence
	err = rowsIn(ctx, tx, r, added, &budget, func(k rowKey, at spend.RowAt) {
		if n := len(left[k]); n > 0 {
			left[k] = left[k][:n-1]
			return
		}
		now = append(now, at)
		moved = moved.Plus(money.Pence(at.Kept.Pence))
	})
	if err != nil {
		return err
	}
	var before []spend.RowAt
	for _, all := range left {
		before = append(before, all...)
	}
	for _, at := range before {
		moved -= money.Pence(at.Kept.Pence)
	}
	c.Partly = c.Partly || budget <= 0
	c.Rows, c.Before, c.After = len(before)+len(now), r.LinesOf(before), r.LinesOf(now)
	if d, ok := c.Difference(); ok && d != moved && !c.Partly {
		rest := d - moved
		c.Rest = &rest
	}
	return nil
}

// rowsIn gives the rows asked for in some loads to fn, until budget lines are read.
func rowsIn(ctx context.Context, tx *db.Tx, r *spend.RowScope, loads []*spend.CubeLoad, budget *int, fn func(rowKey, spend.RowAt)) error {
	for _, l := range loads {
		for _, place := range l.Places {
			if !r.May(place) {
				continue
			}
			if *budget -= int(place.Lines); *budget <= 0 {
				return nil
			}
			b, err := db.One(ctx, tx, spend.ScanBlock, `SELECT `+spend.BlockCols+` FROM spend_blocks WHERE first = $1`, place.First)
			if err != nil {
				return err
			}
			if err := b.Open(); err != nil {
				return err
			}
			for i, k := range b.Lines {
				if id := b.First + int64(i); r.WantsLine(l, id, k) {
					fn(rowKey{k.Paid, k.Combo, k.Pence, k.Rest}, spend.RowAt{Load: l, Id: id, Kept: k})
				}
			}
		}
	}
	return nil
}
