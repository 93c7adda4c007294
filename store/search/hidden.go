package search

import (
	"context"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/text"
)

// toldDocs are the texts that the record tells of.
func toldDocs(ctx context.Context, tx *db.Tx) ([]Doc, error) {
	return db.List(ctx, tx, func(r db.Row) (d Doc, err error) {
		return d, r.Scan(&d.Thing, &d.Kind, &d.Ref, &d.Title, &d.Text, &d.Href)
	}, `SELECT thing, kind, ref, title, text, href FROM search_docs WHERE kind NOT IN ('`+string(Supplier)+`', '`+string(Purpose)+`') ORDER BY id`)
}

// Naming are the public texts in which one of some names is.
func Naming(ctx context.Context, tx *db.Tx, names *text.Names) (all []Doc, err error) {
	docs, err := toldDocs(ctx, tx)
	for _, d := range docs {
		if names.In(d.Title) || names.In(d.Text) {
			all = append(all, d)
		}
	}
	return all, err
}

// KeepNames puts in again the texts in which names are that are withheld or shown
// again.
func KeepNames(ctx context.Context, tx *db.Tx, moved, _ *text.Names) error {
	docs, err := toldDocs(ctx, tx)
	if err != nil {
		return err
	}
	holds := map[string]bool{}
	for _, d := range docs {
		if moved.In(d.Title) || moved.In(d.Text) || strings.Contains(d.Title+d.Text, text.Hidden) {
			holds[d.Thing] = true
		}
	}
	if len(holds) == 0 {
		return nil
	}
	told, err := toldOf(ctx, tx)
	if err != nil {
		return err
	}
	return fillThings(ctx, tx, slices.DeleteFunc(told, func(thing string) bool {
		if id, ok := strings.CutPrefix(thing, "paper/"); ok { // a decision is found by its paper, of any version
			id, _, _ = strings.Cut(id, "-")
			thing = "decision/" + id
		}
		return !holds[thing]
	}))
}
