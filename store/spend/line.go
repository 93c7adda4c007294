package spend

import (
	"context"
	"errors"
	"fmt"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/kept"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/sheet"
)

// LinePage is one payment with everything that is known of it.
type LinePage struct {
	Line
	From      Load
	Rules     classify.Rule // that decided; zero where none did
	Raw       string
	Cells     []LineCell     // of its row, by column
	Withheld  Withholding    // of the line; zero where it is not
	History   []record.Event // newest first
	Same      []Line         // payments of the body to the same supplier, newest first
	SameSum   Sum            // of all of them
	Notes     []Explanation
	Ties      []LineTie // decisions that it is under; none of a line that is withheld
	Published bool      // the line counts: its load stands
}

// LineCell is one cell of the row that a line was read from.
type LineCell struct {
	Heading string
	Text    string
	Field   string // as it was read: "amount"; "" for a column that is not read
}

const sameMost = 10

// ReadLine tells of one payment.
func ReadLine(ctx context.Context, tx *db.Tx, by office.Viewer, id int64) (out LinePage, err error) {
	err = WithCube(ctx, tx, func(tx *db.Tx, c *Cube) error {
		b, err := blockOf(ctx, tx, id)
		if err != nil {
			return lineNotFound(err, id)
		}
		if out.From, err = FindLoad(ctx, tx, by, b.load); err != nil {
			return lineNotFound(err, id)
		}
		if out.From.Status != Published && out.From.Status != Withdrawn && out.From.Status != Replaced {
			return fault.NotFound.Errorf("There is no line %d.", id)
		}
		l := &CubeLoad{Load: out.From}
		if standing, ok := c.Load(b.load); ok {
			l, out.Published = standing, true
		}
		k := b.Lines[id-b.First]
		out.Line = c.line(l, id, k)
		for _, r := range c.rules {
			if r.ID == out.Line.Rule {
				out.Rules = r
			}
		}
		if err := lineRest(ctx, tx, &out, k); err != nil {
			return err
		}
		return sameSupplier(ctx, tx, c, &out)
	})
	return out, err
}

func lineNotFound(err error, id int64) error {
	if fault.KindOf(err) == fault.NotFound {
		return fault.NotFound.Errorf("There is no line %d.", id)
	}
	return err
}

// lineRest reads the row of the file, and what was recorded and said of a line.
func lineRest(ctx context.Context, tx *db.Tx, out *LinePage, k block.Line) error {
	w, found, err := db.Maybe(ctx, tx, scanWithheld, `SELECT `+withheldCols+` FROM spend_withheld WHERE line = $1`, out.ID)
	if err != nil {
		return err
	}
	if found {
		out.Withheld = w.Withholding
	}
	if out.Payee != payments.Withheld {
		if out.Raw, err = rawOf(ctx, tx, out.From, k.Start, k.Size); err != nil {
			return err
		}
		out.Cells = cellsOf(out.From, k.Sheet, out.Raw)
		if out.Ties, err = tiesOf(ctx, tx, out.ID); err != nil {
			return err
		}
	}
	if out.Notes, err = explanations(ctx, tx, fmt.Sprintf("line/%d", out.ID)); err != nil {
		return err
	}
	out.History, err = record.Events(ctx, tx, record.EventFilter{Subject: fmt.Sprintf("line/%d", out.ID)}, 20)
	return err
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
	raw, err := kept.Text(ctx, tx, hash, start, min(size, sheet.RawLimit))
	if err != nil || l.Delimiter == "" {
		return string(raw), err
	}
	return sheet.Text(l.Encoding, raw), nil
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
	for i, text := range sheet.Cells(raw, delimiter) {
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

// sameSupplier lists what the body paid to the same supplier.
func sameSupplier(ctx context.Context, tx *db.Tx, c *Cube, out *LinePage) error {
	if out.Identity.ID == 0 {
		return nil
	}
	f := payments.Filter{Bodies: []string{out.Body}, Supplier: out.Identity.Slug}
	sum, err := c.Spend(ctx, tx, f)
	if err != nil {
		return err
	}
	sc, err := c.Scope(tx, f)
	if err != nil {
		return err
	}
	out.SameSum = sum.Total
	out.Same, err = first(ctx, tx, c.RowScope(sc), Newest, LineMark{}, sameMost)
	return err
}

// LoadPage is a load with some of its lines.
type LoadPage struct {
	Load
	Lines   []Line
	Next    int64 // line after which the next page begins, 0 where there is none
	Rejects []RejectedRow
	More    int64 // rejected rows beyond those
	History []record.Event
}

// ReadLoadPage tells of one load, with its lines after one of them.
func ReadLoadPage(ctx context.Context, tx *db.Tx, by office.Viewer, id, after int64, most int) (out LoadPage, err error) {
	err = WithCube(ctx, tx, func(tx *db.Tx, c *Cube) error {
		if out.Load, err = FindLoad(ctx, tx, by, id); err != nil {
			return err
		}
		if out.History, err = record.Events(ctx, tx, record.EventFilter{Subject: out.Subject()}, 20); err != nil {
			return err
		}
		if err := rejects(ctx, tx, by, &out); err != nil {
			return err
		}
		if out.Status == Published || out.Status == Withdrawn || out.Status == Replaced {
			return loadLines(ctx, tx, c, &out, after, most)
		}
		return nil
	})
	return out, err
}

func loadLines(ctx context.Context, tx *db.Tx, c *Cube, out *LoadPage, after int64, most int) error {
	l, ok := c.Load(out.ID)
	if !ok {
		flags, err := FlagsOf(ctx, tx, out.ID)
		if err != nil {
			return err
		}
		l = &CubeLoad{Load: out.Load, Flags: flags}
	}
	stop := errors.New("enough")
	err := eachBlockFrom(ctx, tx, out.ID, after, func(b *storedBlock) error {
		for i, k := range b.Lines {
			id := b.First + int64(i)
			if id <= after {
				continue
			}
			if len(out.Lines) == most {
				out.Next = out.Lines[most-1].ID
				return stop
			}
			out.Lines = append(out.Lines, c.line(l, id, k))
		}
		return nil
	})
	if errors.Is(err, stop) {
		return nil
	}
	return err
}
