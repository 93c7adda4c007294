package report

import (
	"context"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/text"
)

// SupplierPage is one supplier: its spend by body and month, its names over time,
// and what was merged into it.
type SupplierPage struct {
	spend.Supplier
	Spend   spend.Spend // of all classes
	Names   []spend.PublishedName
	Changes []spend.SupplierChange // that touch it, undone ones too
	MovedTo spend.Supplier         // it is merged into this one
	Lines   []spend.Line           // the largest payments? the newest
}

// Dependence says how many bodies paid the supplier, and the share of the one
// that paid it most, as part of the whole.
func (p SupplierPage) Dependence() (bodies int, top spend.BodySum) {
	for _, b := range p.Spend.Bodies {
		if b.Lines == 0 {
			continue
		}
		bodies++
		if b.Pence > top.Pence || top.Lines == 0 {
			top = b
		}
	}
	return bodies, top
}

// ReadSupplier tells of one supplier. Filter narrows its spend; its supplier is
// set here.
func ReadSupplier(ctx context.Context, tx *db.Tx, slug string, f payments.Filter) (out SupplierPage, err error) {
	err = spend.WithCube(ctx, tx, func(tx *db.Tx, c *spend.Cube) error {
		p, into, ok := c.SupplierBy(slug)
		if !ok {
			return fault.NotFound.Errorf("There is no supplier “%s”.", text.Short(slug))
		}
		if out.Supplier = p; into.ID != p.ID {
			out.MovedTo = into
		}
		f.Supplier = into.Slug
		if out.Spend, err = c.Spend(ctx, tx, f); err != nil {
			return err
		}
		out.Names, out.Changes = c.Names(into.ID), c.ChangesOf(into.ID)
		if len(out.Names) == 0 && out.MovedTo.ID == 0 {
			return fault.NotFound.Errorf("There is no supplier “%s” in the published payments.", text.Short(slug))
		}
		return nil
	})
	return out, err
}
