package store

import (
	"context"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/search"
	"github.com/police-ict/handover/store/spend"
)

// fillSearch puts in what was there before search was, or before its rules
// changed. It may be stopped and begun again, and two processes may do it at
// once: what is in already stays as it is.
func fillSearch(ctx context.Context, tx *db.Tx) error {
	made, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT made FROM search_state WHERE id = 1`)
	if err != nil || made == search.Version {
		return err
	}
	if made != 0 {
		return RebuildSearch(ctx, tx)
	}
	return fill(ctx, tx)
}

// RebuildSearch makes all that search finds again.
func RebuildSearch(ctx context.Context, tx *db.Tx) error {
	err := record.Write(ctx, tx, func(tx *db.Tx) error {
		if err := search.Clear(ctx, tx); err != nil {
			return err
		}
		return spend.ClearSearch(ctx, tx)
	})
	if err != nil {
		return err
	}
	return fill(ctx, tx)
}

func fill(ctx context.Context, tx *db.Tx) error {
	if err := search.FillTold(ctx, tx); err != nil {
		return err
	}
	if err := spend.FillSearch(ctx, tx); err != nil {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		for _, b := range office.BuiltIn() {
			if _, err := search.Put(ctx, tx, register.BodyDoc(b), true); err != nil {
				return err
			}
		}
		return search.SaveMade(ctx, tx)
	})
}
