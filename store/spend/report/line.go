package report

import (
	"context"
	"fmt"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/rejected"
)

// LinePage is one payment with everything that is known of it.
type LinePage struct {
	spend.Line
	From      spend.Load
	Rules     classify.Rule // that decided; zero where none did
	Raw       string
	Cells     []spend.LineCell  // of its row, by column
	Withheld  spend.Withholding // of the line; zero where it is not
	History   []record.Event    // newest first
	Same      []spend.Line      // payments of the body to the same supplier, newest first
	SameSum   spend.Sum         // of all of them
	Notes     []spend.Explanation
	Ties      []LineTie // decisions that it is under; none of a line that is withheld
	Published bool      // the line counts: its load stands
}

// ReadLine tells of one payment.
func ReadLine(ctx context.Context, tx *db.Tx, by office.Viewer, id int64) (out LinePage, err error) {
	err = spend.WithCube(ctx, tx, func(tx *db.Tx, c *spend.Cube) error {
		from, k, err := spend.FindLine(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if !from.Shown() {
			return fault.NotFound.Errorf("There is no payment %d.", id)
		}
		out.From = from
		out.Line, out.Published = c.LineFrom(from, id, k)
		out.Rules = c.Rule(out.Line.Rule)
		if err := lineRest(ctx, tx, &out, k); err != nil {
			return err
		}
		out.Same, out.SameSum, err = c.SameSupplier(ctx, tx, out.Line)
		return err
	})
	return out, err
}

// lineRest reads the row of the file, and what was recorded and said of a line.
func lineRest(ctx context.Context, tx *db.Tx, out *LinePage, k block.Line) (err error) {
	if out.Withheld, err = spend.WithholdingOf(ctx, tx, out.ID); err != nil {
		return err
	}
	if out.Payee != payments.Withheld {
		if out.Raw, out.Cells, err = spend.ReadRow(ctx, tx, out.From, k.Sheet, k.Start, k.Size); err != nil {
			return err
		}
		if out.Ties, err = tiesOf(ctx, tx, out.ID); err != nil {
			return err
		}
	}
	if out.Notes, err = spend.Explanations(ctx, tx, fmt.Sprintf("line/%d", out.ID)); err != nil {
		return err
	}
	out.History, err = record.Events(ctx, tx, record.EventFilter{Subject: fmt.Sprintf("line/%d", out.ID)}, 20)
	return err
}

// LoadPage is a load with some of its lines.
type LoadPage struct {
	spend.Load
	Lines   []spend.Line
	Next    int64 // line after which the next page begins, 0 where there is none
	Rejects []rejected.Row
	More    int64 // rejected rows beyond those
	History []record.Event
}

// ReadLoadPage tells of one load, with its lines after one of them.
func ReadLoadPage(ctx context.Context, tx *db.Tx, by office.Viewer, id, after int64, most int) (out LoadPage, err error) {
	err = spend.WithCube(ctx, tx, func(tx *db.Tx, c *spend.Cube) error {
		if out.Load, err = spend.FindLoad(ctx, tx, by, id); err != nil {
			return err
		}
		if out.History, err = record.Events(ctx, tx, record.EventFilter{Subject: out.Subject()}, 20); err != nil {
			return err
		}
		if out.Rejects, out.More, err = rejected.First(ctx, tx, by, out.Load); err != nil {
			return err
		}
		if out.Shown() {
			out.Lines, out.Next, err = c.LoadLines(ctx, tx, out.Load, after, most)
		}
		return err
	})
	return out, err
}
