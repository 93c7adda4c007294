package spend

import (
	"context"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/spend/block"
)

// storedBlock is a block as read, with its lines.
type storedBlock struct {
	First, load int64
	count       int64 // of its lines
	hot, cold   []byte
	Lines       []block.Line
}

// BlockCols are the columns that ScanBlock reads.
const BlockCols = `first, load, lines, hot, cold`

// ScanBlock reads a row of BlockCols.
func ScanBlock(r db.Row) (b storedBlock, err error) {
	return b, r.Scan(&b.First, &b.load, &b.count, &b.hot, &b.cold)
}

// Open unpacks a block whole.
func (b *storedBlock) Open() (err error) {
	if b.Lines, err = block.DecodeHot(b.hot, b.Lines); err == nil {
		err = block.DecodeCold(b.cold, b.Lines)
	}
	b.hot, b.cold = nil, nil // an open block may be kept for long
	return err
}

// blockOf finds the block of a line.
func blockOf(ctx context.Context, tx *db.Tx, id int64) (b storedBlock, err error) {
	b, err = db.One(ctx, tx, ScanBlock, `SELECT `+BlockCols+` FROM spend_blocks WHERE first <= $1 ORDER BY first DESC LIMIT 1`, id)
	if err != nil {
		return b, err
	}
	if err := b.Open(); err != nil {
		return b, err
	}
	if id-b.First >= int64(len(b.Lines)) {
		return b, fault.NotFound.Errorf("There is no payment %d.", id)
	}
	return b, nil
}

// A LineReader reads lines one by one, and keeps the block of the last for the
// next.
type LineReader struct{ at storedBlock }

// Line reads one line of a load.
func (r *LineReader) Line(ctx context.Context, tx *db.Tx, c *Cube, l *CubeLoad, id int64) (Line, error) {
	if id < r.at.First || id >= r.at.First+int64(len(r.at.Lines)) {
		b, err := blockOf(ctx, tx, id)
		if err != nil {
			return Line{}, err
		}
		r.at = b
	}
	return c.line(l, id, r.at.Lines[id-r.at.First]), nil
}

// eachBlock gives the blocks of a load to fn, in order, unpacked.
func eachBlock(ctx context.Context, tx *db.Tx, load int64, fn func(*storedBlock) error) error {
	return eachBlockFrom(ctx, tx, load, 0, fn)
}

// eachBlockFrom is eachBlock from the block that holds a line, or would.
func eachBlockFrom(ctx context.Context, tx *db.Tx, load, line int64, fn func(*storedBlock) error) error {
	for after := line - block.MaxLines; ; {
		batch, err := blocksAfter(ctx, tx, load, after, 100)
		if err != nil || len(batch) == 0 {
			return err
		}
		for i := range batch {
			if err := batch[i].Open(); err != nil {
				return err
			}
			if err := fn(&batch[i]); err != nil {
				return err
			}
			after = batch[i].First
		}
	}
}

type hotBlock struct {
	first int64
	hot   []byte
}

func scanHot(r db.Row) (b hotBlock, err error) { return b, r.Scan(&b.first, &b.hot) }

// eachHot gives every line of a load to fn, without what only its page shows.
func eachHot(ctx context.Context, tx *db.Tx, load int64, fn func(line int64, k block.Line)) error {
	var lines []block.Line
	for after := int64(0); ; {
		batch, err := db.List(ctx, tx, scanHot, `SELECT first, hot FROM spend_blocks WHERE load = $1 AND first > $2 ORDER BY first LIMIT 200`, load, after)
		if err != nil || len(batch) == 0 {
			return err
		}
		for _, b := range batch {
			if lines, err = block.DecodeHot(b.hot, lines); err != nil {
				return err
			}
			for i, k := range lines {
				fn(b.first+int64(i), k)
			}
			after = b.first
		}
	}
}

// addUp adds up the lines of a load from its blocks, and from its cells.
func addUp(ctx context.Context, tx *db.Tx, l Load) (rows, cells Sum, err error) {
	err = eachHot(ctx, tx, l.ID, func(_ int64, k block.Line) { rows = rows.Plus(Sum{1, money.Pence(k.Pence)}) })
	if err != nil {
		return rows, cells, err
	}
	parts, err := db.List(ctx, tx, db.ScanInto[[]byte], `SELECT data FROM spend_cells WHERE load = $1 ORDER BY part`, l.ID)
	var all []block.Cell
	for _, data := range parts {
		if all, _, err = block.DecodeCells(data, all[:0], nil); err != nil {
			return rows, cells, err
		}
		for _, c := range all {
			cells = cells.Plus(Sum{c.Lines, money.Pence(c.Pence)})
		}
	}
	return rows, cells, err
}
