package search

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
)

// A Kept is a doc that search must hold, and whether it is shown.
type Kept struct {
	Doc
	Shown bool
}

// Told are the docs of what the record tells, by the extractors. Of things
// that tell of the same doc, the one told of last counts.
func Told(ctx context.Context, c *record.Checker, all map[string]Extractor) (docs []Kept, err error) {
	type toldThing struct {
		thing string
		row   json.RawMessage
	}
	var things []toldThing
	for topic := range all {
		if err := record.EachThing(c, topic, func(thing string, row json.RawMessage) error {
			things = append(things, toldThing{thing, row})
			return nil
		}); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(things, func(a, b toldThing) int {
		return cmp.Or(cmp.Compare(c.Last(a.thing), c.Last(b.thing)), cmp.Compare(a.thing, b.thing))
	})
	found := map[string]Doc{}
	for _, t := range things {
		topic, _, _ := strings.Cut(t.thing, "/")
		d, ok, err := all[topic](ctx, c.S, t.thing, t.row)
		if err != nil {
			return nil, err
		}
		if delete(found, d.Thing); ok {
			found[d.Thing] = d
		}
	}
	for _, d := range found {
		docs = append(docs, Kept{d, true})
	}
	return docs, nil
}

// Table holds the docs of search to those that there must be.
func Table(want func(context.Context, *record.Checker) ([]Kept, error)) record.Table {
	return record.Table{Name: "search_docs", Columns: "thing, kind, ref, key, title, text, href, year, day, hash, shown",
		Want: func(ctx context.Context, c *record.Checker, row func(...any)) error {
			hidden, err := record.HiddenNames(ctx, c.S)
			if err != nil {
				return err
			}
			docs, err := want(ctx, c)
			for _, d := range docs {
				if d.Kind != Supplier && d.Kind != Purpose {
					d.Title, d.Text = hidden.Hide(d.Title), hidden.Hide(d.Text)
				}
				row(d.Thing, d.Kind, d.Ref, foldedFast(d.Ref), d.Title, d.Text, d.Href, d.year(), d.Day, d.hash(), d.Shown)
			}
			return err
		}}
}

// Stored are the docs that a query for their numbers chooses, as they are kept.
func Stored(ctx context.Context, tx *db.Tx, which string) ([]Kept, error) {
	return db.List(ctx, tx, func(r db.Row) (k Kept, err error) {
		var day string
		err = r.Scan(&k.Thing, &k.Kind, &k.Ref, &k.Title, &k.Text, &k.Href, &day, &k.Shown)
		k.Day = civil.Day(day)
		return k, err
	}, `SELECT thing, kind, ref, title, text, href, day, shown FROM search_docs WHERE id IN (`+which+`)`)
}

// Unindexed finds a doc without words in the index, or words of no doc.
func Unindexed(ctx context.Context, tx *db.Tx) (thing string, found bool, err error) {
	return db.Maybe(ctx, tx, db.ScanInto[string], `SELECT thing FROM search_docs WHERE id NOT IN (SELECT rowid FROM search_index)
		UNION ALL SELECT 'row ' || CAST(rowid AS TEXT) FROM search_index WHERE rowid NOT IN (SELECT id FROM search_docs) ORDER BY 1 LIMIT 1`)
}
