package spend

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/search"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/supplier"
	"github.com/police-ict/handover/store/text"
)

// The names and purposes of a load are put in before it stands, in short
// writes, and are found once it does. What is withheld is taken out in the
// write that withholds it.

// spendThing names a text of spend, which may be long.
func spendThing(kind search.Kind, text string) string {
	sum := sha256.Sum256([]byte(text))
	return string(kind) + "/" + hex.EncodeToString(sum[:16])
}

// supplierDoc is a supplier under one of the names that it was published by, so
// that no name outlives the lines that show it.
func supplierDoc(p Supplier, name string) search.Doc {
	d := search.Doc{Thing: spendThing(search.Supplier, p.Key+"\n"+text.Fold(name)), Kind: search.Supplier, Ref: p.Slug, Title: name, Href: "/suppliers/" + p.Slug}
	if p.Number != "" {
		d.Ref, d.Text = p.Number, "Company number "+p.Number
	}
	return d
}

// spendDocs are the names that a load shows.
func spendDocs(ctx context.Context, tx *db.Tx, x block.Lexicon, load int64) ([]search.Doc, error) {
	cells, _, err := CellsOf(ctx, tx, load)
	if err != nil {
		return nil, err
	}
	lines := make([]int64, len(x.Combos))
	for _, k := range cells {
		if int(k.Combo) < len(lines) {
			lines[k.Combo] += k.Lines
		}
	}
	keys, shown := map[block.Payee]string{}, []block.Payee{}
	for id, n := range lines {
		if n <= 0 || x.Combos[id].Withheld {
			continue
		}
		p := x.Payee(uint32(id))
		if _, known := keys[p]; known {
			continue
		}
		if keys[p] = ""; payeeKind(p.Name) == payments.Named {
			keys[p] = supplier.Key(p.Name, p.Number)
			shown = append(shown, p)
		}
	}
	suppliers, err := suppliersBy(ctx, tx, slices.Compact(slices.Sorted(maps.Values(keys))))
	if err != nil {
		return nil, err
	}
	var all []search.Doc
	had := map[string]bool{}
	for _, who := range shown {
		p, ok := suppliers[keys[who]]
		if !ok {
			continue
		}
		if d := supplierDoc(p, who.Name); !had[d.Thing] {
			had[d.Thing] = true
			all = append(all, d)
		}
	}
	return all, nil
}

// suppliersBy finds suppliers by their keys.
func suppliersBy(ctx context.Context, tx *db.Tx, keys []string) (map[string]Supplier, error) {
	all := make(map[string]Supplier, len(keys))
	for part := range slices.Chunk(keys, 200) {
		args, places := make([]any, len(part)), make([]string, len(part))
		for i, key := range part {
			args[i], places[i] = key, fmt.Sprintf("$%d", i+1)
		}
		found, err := db.List(ctx, tx, scanSupplier, `SELECT `+supplierCols+` FROM suppliers WHERE key IN (`+strings.Join(places, ", ")+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			all[p.Key] = p
		}
	}
	return all, nil
}

// stageSpend puts the names and purposes of a load in, in short writes. None is
// found before the load stands.
func stageSpend(ctx context.Context, tx *db.Tx, x block.Lexicon, load int64) error {
	all, err := spendDocs(ctx, tx, x, load)
	for len(all) > 0 && err == nil {
		batch := all[:min(len(all), search.Batch)]
		all = all[len(batch):]
		err = record.Write(ctx, tx, func(tx *db.Tx) error { return spendPairs(ctx, tx, load, batch) })
	}
	return err
}

// spendPairs says that a load shows some names and purposes.
func spendPairs(ctx context.Context, tx *db.Tx, load int64, all []search.Doc) error {
	args, places := []any{}, []string{}
	for _, d := range all {
		args = append(args, d.Thing)
		places = append(places, fmt.Sprintf("$%d", len(args)))
	}
	if len(all) == 0 {
		return nil
	}
	type kept struct {
		id    int64
		thing string
	}
	found, err := db.List(ctx, tx, func(r db.Row) (k kept, err error) { return k, r.Scan(&k.id, &k.thing) }, `SELECT id, thing FROM search_docs WHERE thing IN (`+strings.Join(places, ", ")+`)`, args...)
	if err != nil {
		return err
	}
	ids := map[string]int64{}
	for _, k := range found {
		ids[k.thing] = k.id
	}
	var pairs []string
	for _, d := range all {
		id, ok := ids[d.Thing]
		if !ok {
			if id, err = search.PutNew(ctx, tx, d, false); err != nil {
				return err
			}
		}
		pairs = append(pairs, fmt.Sprintf("(%d, %d)", load, id))
	}
	_, err = tx.Exec(ctx, `INSERT INTO search_spend (load, doc) VALUES `+strings.Join(pairs, ", ")+` ON CONFLICT (load, doc) DO NOTHING`)
	return err
}

const whileShown = `EXISTS (SELECT 1 FROM search_spend p JOIN loads l ON l.id = p.load WHERE p.doc = search_docs.id AND l.status = 'standing')`

// showSpend makes what a load shows found while a load that stands shows it.
func showSpend(ctx context.Context, tx *db.Tx, load int64) error {
	return search.ShowWhere(ctx, tx, whileShown, `SELECT doc FROM search_spend WHERE load = $1`, load)
}

// withheldSpend keeps search with what is withheld of a load, in the write that
// withholds it or shows it again.
func withheldSpend(ctx context.Context, tx *db.Tx, l Load) error {
	var all []search.Doc
	if l.Withheld == "" {
		x, err := lexiconNow(ctx, tx)
		if err != nil {
			return err
		}
		if all, err = spendDocs(ctx, tx, x, l.ID); err != nil {
			return err
		}
	}
	shows := map[string]bool{}
	for _, d := range all {
		shows[d.Thing] = true
	}
	type kept struct {
		id    int64
		thing string
	}
	had, err := db.List(ctx, tx, func(r db.Row) (k kept, err error) { return k, r.Scan(&k.id, &k.thing) },
		`SELECT d.id, d.thing FROM search_spend p JOIN search_docs d ON d.id = p.doc WHERE p.load = $1 ORDER BY d.id`, l.ID)
	if err != nil {
		return err
	}
	for _, k := range had {
		if shows[k.thing] {
			continue
		}
		if err := hides(ctx, tx, l.ID, k.id); err != nil {
			return err
		}
	}
	for len(all) > 0 {
		batch := all[:min(len(all), search.Batch)]
		all = all[len(batch):]
		if err := spendPairs(ctx, tx, l.ID, batch); err != nil {
			return err
		}
	}
	return nil
}

// hides says that a load no longer shows a name or purpose. What no load shows
// is gone.
func hides(ctx context.Context, tx *db.Tx, load, id int64) error {
	if err := tx.Change(ctx, `DELETE FROM search_spend WHERE load = $1 AND doc = $2`, load, id); err != nil {
		return err
	}
	others, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT COUNT(*) FROM (SELECT 1 FROM search_spend WHERE doc = $1 LIMIT 1) AS others`, id)
	if err != nil {
		return err
	}
	if others == 0 {
		return search.Drop(ctx, tx, id)
	}
	return search.ShowWhere(ctx, tx, whileShown, `$1`, id)
}

// unstageSpend takes out what a load that did not end well has put in.
func unstageSpend(ctx context.Context, tx *db.Tx, load int64) error {
	for {
		left := 0
		err := record.Write(ctx, tx, func(tx *db.Tx) error {
			ids, err := db.List(ctx, tx, db.ScanInto[int64], fmt.Sprintf(`SELECT doc FROM search_spend WHERE load = $1 ORDER BY doc LIMIT %d`, search.Batch), load)
			left = len(ids)
			for _, id := range ids {
				if err := hides(ctx, tx, load, id); err != nil {
					return err
				}
			}
			return err
		})
		if err != nil || left < search.Batch {
			return err
		}
	}
}

// lexiconNow is every text of the published files, read on from what is known.
func lexiconNow(ctx context.Context, tx *db.Tx) (block.Lexicon, error) {
	known := block.NewLexicon()
	if last := spendCubes.Of(tx).last.Load(); last != nil && last.Texts != nil {
		known = last.Lexicon
	}
	return readLexicon(ctx, tx, known)
}

// FillSearch puts in the names and purposes of the loads that stand or stood.
func FillSearch(ctx context.Context, tx *db.Tx) error {
	loads, err := db.List(ctx, tx, ScanLoad, `SELECT `+LoadCols+` FROM loads WHERE status IN ('standing', 'withdrawn', 'replaced') ORDER BY id`)
	if err != nil || len(loads) == 0 {
		return err
	}
	x, err := lexiconNow(ctx, tx)
	if err != nil {
		return err
	}
	for _, l := range loads {
		if l.Withheld != "" {
			continue
		}
		if err := stageSpend(ctx, tx, x, l.ID); err != nil {
			return err
		}
		if err := record.Write(ctx, tx, func(tx *db.Tx) error { return showSpend(ctx, tx, l.ID) }); err != nil {
			return err
		}
	}
	return nil
}

// ClearSearch takes out which load shows which name or purpose, before all of
// it is put in again.
func ClearSearch(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM search_spend`)
	return err
}
