package store

import (
	"cmp"
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
	if err := spend.FillSuppliers(ctx, tx); err != nil {
		return err
	}
	if made == 0 {
		return fill(ctx, tx)
	}
	if err := RebuildSearch(ctx, tx); err != nil {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error { // in more forms than by the rules before
		hidden, err := record.HiddenNames(ctx, tx)
		if err != nil {
			return err
		}
		return record.NamesMoved(ctx, tx, hidden)
	})
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

// checkSearch holds what search finds to the record and the published files.
func checkSearch(ctx context.Context, c *record.Checker) error {
	made, err := db.One(ctx, c.S, db.ScanInto[int64], `SELECT made FROM search_state WHERE id = 1`)
	if err != nil {
		return err
	}
	if made < 0 || made > search.Version {
		return c.Diverges("search_state names a version of the rules of search that there is not, %d", made)
	}
	if stray, found, err := db.Maybe(ctx, c.S, db.ScanInto[int64], `SELECT doc FROM search_spend WHERE doc NOT IN (SELECT id FROM search_docs) ORDER BY doc LIMIT 1`); err != nil || found {
		return cmp.Or(err, c.Diverges("the table search_spend names text %d of search, and there is none", stray))
	}
	if made != search.Version {
		c.Skip("what search finds, which is made anew at the next start")
		return nil
	}
	docs, err := search.Told(ctx, c, extractorsOfAll)
	if err != nil {
		return err
	}
	for _, b := range office.BuiltIn() {
		docs = append(docs, search.Kept{Doc: register.BodyDoc(b), Shown: true})
	}
	published, pairs, err := spend.SearchDocs(ctx, c.S)
	if err != nil {
		return err
	}
	docs = append(docs, published...)
	if thing, found, err := search.Unindexed(ctx, c.S); err != nil || found {
		return cmp.Or(err, c.Diverges("the words of %s are not in the index of search: it was changed beside the record", thing))
	}
	return c.Tables(ctx, []record.Table{
		search.Table(func(context.Context, *record.Checker) ([]search.Kept, error) { return docs, nil }),
		{Name: "search_spend p JOIN search_docs d ON d.id = p.doc", Columns: "load, thing", Where: spend.WhereShownBy, Want: func(_ context.Context, _ *record.Checker, row func(...any)) error {
			for _, p := range pairs {
				row(p.Load, p.Thing)
			}
			return nil
		}},
	})
}
