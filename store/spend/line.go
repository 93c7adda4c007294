package spend

import (
	"context"
	"errors"

	"github.com/police-ict/handover/store/book"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/kept"
	"github.com/police-ict/handover/store/spend/payments"
)

// LineCell is one cell of the row that a line was read from.
type LineCell struct {
	Heading string
	Text    string
	Field   string // as it was read: "amount"; "" for a column that is not read
}

// FindLine finds a payment in the file that it is of, as it is kept.
func FindLine(ctx context.Context, tx *db.Tx, by office.Viewer, id int64) (from Load, k block.Line, err error) {
	b, err := blockOf(ctx, tx, id)
	if err != nil {
		return from, k, LineNotFound(err, id)
	}
	if from, err = FindLoad(ctx, tx, by, b.load); err != nil {
		return from, k, LineNotFound(err, id)
	}
	return from, b.Lines[id-b.First], nil
}

// LineFrom is a line of a load that is shown, and whether it counts.
func (c *Cube) LineFrom(from Load, id int64, k block.Line) (l Line, counts bool) {
	at, counts := c.Load(from.ID)
	if !counts {
		at = &CubeLoad{Load: from}
	}
	return c.line(at, id, k), counts
}

// LineNotFound says of a payment that is not found that there is none.
func LineNotFound(err error, id int64) error {
	if fault.KindOf(err) == fault.NotFound {
		return fault.NotFound.Errorf("There is no payment %d.", id)
	}
	return err
}

// ReadRow reads the record of a load’s file that a line was read from, as text
// and cut into the cells of its columns.
func ReadRow(ctx context.Context, tx *db.Tx, l Load, table int, start int64, size int) (raw string, cells []LineCell, err error) {
	raw, err = rawOf(ctx, tx, l, start, size)
	return raw, cellsOf(l, table, raw), err
}

// rawOf is a record of a load’s file, as text.
func rawOf(ctx context.Context, tx *db.Tx, l Load, start int64, size int) (string, error) {
	if start < 0 {
		return "", nil
	}
	hash := l.Hash
	if l.Delimiter == "" {
		hash = kept.RowsOf(l.ID)
	}
	raw, err := kept.Text(ctx, tx, hash, start, min(size, book.RawLimit))
	if err != nil || l.Delimiter == "" {
		return string(raw), err
	}
	return book.Decode(l.Encoding, raw), nil
}

// cellsOf cuts a record into the cells of its columns.
func cellsOf(l Load, at int, raw string) (all []LineCell) {
	if at >= len(l.Sheets) || raw == "" {
		return nil
	}
	var delimiter byte
	if l.Delimiter != "" {
		delimiter = l.Delimiter[0]
	}
	cols := l.Sheets[at].Header
	for i, text := range book.Cells(raw, delimiter) {
		cell := LineCell{Text: text}
		if i < len(cols) {
			cell.Heading, cell.Field = cols[i].Heading, cols[i].Field
		}
		if cell.Text != "" || cell.Field != "" {
			all = append(all, cell)
		}
	}
	return all
}

const sameMost = 10

// SameSupplier lists what a body paid to the supplier of one of its payments,
// the newest of it and the sum of all.
func (c *Cube) SameSupplier(ctx context.Context, tx *db.Tx, l Line) (newest []Line, all Sum, err error) {
	if l.Identity.ID == 0 {
		return nil, all, nil
	}
	f := payments.Filter{Bodies: []string{l.Body}, Supplier: l.Identity.Slug}
	sum, err := c.Spend(ctx, tx, f)
	if err != nil {
		return nil, all, err
	}
	sc, err := c.Scope(tx, f)
	if err != nil {
		return nil, all, err
	}
	newest, err = first(ctx, tx, c.RowScope(sc), Newest, LineMark{}, sameMost)
	return newest, sum.Total, err
}

// Rule is the rule of a number as the roll-ups know it, zero where there is none.
func (c *Cube) Rule(id int64) (r classify.Rule) {
	for _, r := range c.rules {
		if r.ID == id {
			return r
		}
	}
	return r
}

// LoadLines reads lines of a load after one of them, most at a time. Next is
// the line after which more follow, 0 where none do.
func (c *Cube) LoadLines(ctx context.Context, tx *db.Tx, from Load, after int64, most int) (all []Line, next int64, err error) {
	l, ok := c.Load(from.ID)
	if !ok {
		flags, err := FlagsOf(ctx, tx, from.ID)
		if err != nil {
			return nil, 0, err
		}
		l = &CubeLoad{Load: from, Flags: flags}
	}
	stop := errors.New("enough")
	err = eachBlockFrom(ctx, tx, from.ID, after, func(b *storedBlock) error {
		for i, k := range b.Lines {
			id := b.First + int64(i)
			if id <= after {
				continue
			}
			if len(all) == most {
				next = all[most-1].ID
				return stop
			}
			all = append(all, c.line(l, id, k))
		}
		return nil
	})
	if errors.Is(err, stop) {
		err = nil
	}
	return all, next, err
}
