package store

import (
	"context"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/scrutiny"
)

// KeepCharge stores whose work a matter of scrutiny is, for tests of what
// follows from it whatever the matter is.
func KeepCharge(ctx context.Context, tx *db.Tx, by office.Viewer, c scrutiny.Charge) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		row, err := scrutiny.SaveCharge(ctx, tx, c)
		if err != nil {
			return err
		}
		_, err = record.Add(ctx, tx, by, "charge.test", c.Subject(), row)
		return err
	})
}

// ChargeOf finds whose work a matter is.
func ChargeOf(ctx context.Context, tx *db.Tx, kind, ref string) (scrutiny.Charge, error) {
	return scrutiny.FindCharge(ctx, tx, kind, ref)
}
