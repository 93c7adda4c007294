package store

import (
	"context"
)

// block is a block as read, with its lines.
type block struct {
	first, load int64
	hot, cold   []byte
	lines       []kept
}

const blockCols = `first, load, hot, cold`

func scanBlock(r row) (b block, err error) {
	return b, r.Scan(&b.first, &b.load, &b.hot, &b.cold)
}

// open unpacks a block whole.
func (b *block) open() (err error) {
	if b.lines, err = decodeHot(b.hot, b.lines); err != nil {
		return err
	}
	return decodeCold(b.cold, b.lines)
}

// blockOf finds the block of a line.
func (s *Store) blockOf(ctx context.Context, id int64) (b block, err error) {
	b, err = one(ctx, s, scanBlock, `SELECT `+blockCols+` FROM spend_blocks WHERE first <= $1 ORDER BY first DESC LIMIT 1`, id)
	if err != nil {
		return b, err
	}
	if err := b.open(); err != nil {
		return b, err
	}
	if id-b.first >= int64(len(b.lines)) {
		return b, NotFound.Errorf("There is no line %d.", id)
	}
	return b, nil
}

// eachBlock gives the blocks of a load to fn, in order, unpacked.
func (s *Store) eachBlock(ctx context.Context, load int64, fn func(*block) error) error {
	return s.eachBlockFrom(ctx, load, 0, fn)
}

// eachBlockFrom is eachBlock from the block that holds a line, or would.
func (s *Store) eachBlockFrom(ctx context.Context, load, line int64, fn func(*block) error) error {
	for after := line - blockLines; ; {
		batch, err := list(ctx, s, scanBlock, `SELECT `+blockCols+` FROM spend_blocks WHERE load = $1 AND first > $2 ORDER BY first LIMIT 100`, load, after)
		if err != nil || len(batch) == 0 {
			return err
		}
		for i := range batch {
			if err := batch[i].open(); err != nil {
				return err
			}
			if err := fn(&batch[i]); err != nil {
				return err
			}
			after = batch[i].first
		}
	}
}

type hotBlock struct {
	first int64
	hot   []byte
}

// eachHot gives every line of a load to fn, without what only its page shows.
func (s *Store) eachHot(ctx context.Context, load int64, fn func(line int64, k kept)) error {
	var lines []kept
	for after := int64(0); ; {
		batch, err := list(ctx, s, func(r row) (b hotBlock, err error) { return b, r.Scan(&b.first, &b.hot) },
			`SELECT first, hot FROM spend_blocks WHERE load = $1 AND first > $2 ORDER BY first LIMIT 200`, load, after)
		if err != nil || len(batch) == 0 {
			return err
		}
		for _, b := range batch {
			if lines, err = decodeHot(b.hot, lines); err != nil {
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
func (s *Store) addUp(ctx context.Context, l Load) (rows, cells Sum, err error) {
	err = s.eachHot(ctx, l.ID, func(_ int64, k kept) { rows = rows.Plus(Sum{1, Pence(k.pence)}) })
	if err != nil {
		return rows, cells, err
	}
	parts, err := list(ctx, s, scanInto[[]byte], `SELECT data FROM spend_cells WHERE load = $1 ORDER BY part`, l.ID)
	for _, data := range parts {
		all, _, err := decodeCells(data, nil, nil)
		if err != nil {
			return rows, cells, err
		}
		for _, c := range all {
			cells = cells.Plus(Sum{c.lines, Pence(c.pence)})
		}
	}
	return rows, cells, err
}
