package spend

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend/payments"
)

// A download lasts as long as its reader likes, a transaction does not: what
// it tells is read a batch at a time, and nothing is held while the reader takes
// it. Every batch is of the state in which the first was read. Files are only
// added, and the roll-ups of that state are kept; what a block tells changes only
// when a line is withheld or shown again, and that ends the download.

// BatchLines is how many lines are read in one transaction.
const BatchLines = 1000

var errHidden = errors.New("payments were withheld or shown again during the download, so it was stopped: begin it again")

// A Reading is one download under way: the loads that it tells of, and how it
// goes on.
type Reading[T any] struct {
	version int64 // up to which nothing that it tells was hidden
	Loads   map[int64]*CubeLoad
	Next    func(context.Context, *db.Tx) (v T, more bool, err error)
}

// Batches gives what a reading finds, most of it in one transaction.
func Batches[T any](ctx context.Context, tx *db.Tx, most int, begin func(*db.Tx, *Cube) (Reading[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var r Reading[T]
		err := WithCube(ctx, tx, func(tx *db.Tx, c *Cube) (err error) {
			r, err = begin(tx, c)
			r.version = c.version
			return err
		})
		for more := true; more && err == nil; {
			batch := make([]T, 0, most)
			err = tx.Read(ctx, func(tx *db.Tx) (err error) {
				if err = r.hidden(ctx, tx); err != nil {
					return err
				}
				for more && len(batch) < most && err == nil {
					var v T
					if v, more, err = r.Next(ctx, tx); more && err == nil {
						batch = append(batch, v)
					}
				}
				return err
			})
			for _, v := range batch {
				if err == nil && !yield(v, nil) {
					return
				}
			}
		}
		if err != nil {
			var none T
			yield(none, err)
		}
	}
}

// hidden is errHidden where something that it tells was withheld meanwhile, or
// is shown again.
func (r *Reading[T]) hidden(ctx context.Context, tx *db.Tx) error {
	version, err := Version(ctx, tx)
	if err != nil || version == r.version {
		return err
	}
	all, err := listLoads(ctx, tx, `WHERE moved > $1`, r.version)
	if err != nil {
		return err
	}
	for _, l := range all {
		was := r.Loads[l.ID]
		if was == nil {
			continue
		}
		hides, err := hiddenLines(ctx, tx, l.ID)
		if err != nil {
			return err
		}
		if l.Withheld != was.Withheld || !slices.Equal(hides, was.hides) {
			return errHidden
		}
	}
	r.version = version
	return nil
}

// hiddenLines are the lines of a load that are withheld.
func hiddenLines(ctx context.Context, tx *db.Tx, load int64) ([]int64, error) {
	var p loadParts
	all, err := withheldOf(ctx, tx, load)
	for _, w := range all {
		p.withhold(w)
	}
	return p.hides, err
}

// EachLine goes through all lines of a filter, newest first, in one state and
// in memory that does not grow with them.
func EachLine(ctx context.Context, tx *db.Tx, f payments.Filter) iter.Seq2[Line, error] {
	return Batches(ctx, tx, BatchLines, func(tx *db.Tx, c *Cube) (r Reading[Line], err error) {
		sc, err := c.Scope(tx, f)
		if err != nil {
			return r, err
		}
		w, err := walkFrom(ctx, tx, c.RowScope(sc), Newest, LineMark{})
		if err != nil {
			return r, err
		}
		r.Next, r.Loads = w.next, map[int64]*CubeLoad{}
		for _, b := range w.blocks {
			r.Loads[b.load.ID] = b.load
		}
		return r, nil
	})
}

// EachLoadLine goes through the lines of a load, standing or not, in one
// state and in memory that does not grow with them.
func EachLoadLine(ctx context.Context, tx *db.Tx, by office.Viewer, id int64) iter.Seq2[Line, error] {
	return Batches(ctx, tx, BatchLines, func(tx *db.Tx, c *Cube) (r Reading[Line], err error) {
		l, err := FindLoad(ctx, tx, by, id)
		if err != nil || !l.Shown() {
			r.Next = func(context.Context, *db.Tx) (l Line, more bool, err error) { return l, false, nil }
			return r, err
		}
		of, ok := c.Load(id)
		if !ok {
			of = &CubeLoad{Load: l}
			if of.hides, err = hiddenLines(ctx, tx, id); err != nil {
				return r, err
			}
		}
		var blocks []storedBlock
		at, after := 0, int64(0)
		r.Loads = map[int64]*CubeLoad{id: of}
		r.Next = func(ctx context.Context, tx *db.Tx) (l Line, more bool, err error) {
			for len(blocks) == 0 || at == len(blocks[0].Lines) {
				if at = 0; len(blocks) > 0 {
					blocks = blocks[1:]
				}
				if len(blocks) == 0 {
					if blocks, err = blocksAfter(ctx, tx, id, after, BatchLines/100); err != nil || len(blocks) == 0 {
						return l, false, err
					}
					after = blocks[len(blocks)-1].First
				}
				if err := blocks[0].Open(); err != nil {
					return l, false, err
				}
			}
			l = c.line(of, blocks[0].First+int64(at), blocks[0].Lines[at])
			at++
			return l, true, nil
		}
		return r, nil
	})
}

// blocksAfter are the next blocks of a load, packed.
func blocksAfter(ctx context.Context, tx *db.Tx, load, after int64, most int) ([]storedBlock, error) {
	return db.List(ctx, tx, ScanBlock, fmt.Sprintf(`SELECT %s FROM spend_blocks WHERE load = $1 AND first > $2 ORDER BY first LIMIT %d`, BlockCols, most), load, after)
}
