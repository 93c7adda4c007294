package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// The names and purposes of a load are put in before it stands, in short
// writes, and are found once it does. What is withheld is taken out in the
// write that withholds it.

// spendThing names a text of spend, which may be long.
func spendThing(kind FoundKind, text string) string {
	sum := sha256.Sum256([]byte(text))
	return string(kind) + "/" + hex.EncodeToString(sum[:16])
}

func purposeDoc(purpose string) doc {
	r := []rune(purpose)
	asked := url.Values{"it": {"all"}, "text": {string(r[:min(len(r), SearchLength)])}}
	return doc{thing: spendThing(FoundPurpose, Fold(purpose)), kind: FoundPurpose, title: purpose, href: "/spend?" + asked.Encode()}
}

// supplierDoc is a supplier under one of the names that it was published by, so
// that no name outlives the lines that show it.
func supplierDoc(p Supplier, name string) doc {
	d := doc{thing: spendThing(FoundSupplier, p.Key+"\n"+Fold(name)), kind: FoundSupplier, ref: p.Slug, title: name, href: "/suppliers/" + p.Slug}
	if p.Number != "" {
		d.ref, d.text = p.Number, "Company number "+p.Number
	}
	return d
}

// spendDocs are the names and purposes that a load shows.
func (s *Store) spendDocs(ctx context.Context, x lexicon, load int64) ([]doc, error) {
	cells, _, err := s.cellsOf(ctx, load)
	if err != nil {
		return nil, err
	}
	lines := map[uint32]int64{}
	for _, k := range cells {
		lines[k.combo] += k.lines
	}
	combos := slices.DeleteFunc(sorted(lines), func(id uint32) bool { return lines[id] <= 0 || x.combo(int64(id)).withheld })
	keys := map[payee]string{}
	for _, id := range combos {
		p := x.payee(id)
		if _, known := keys[p]; !known && payeeKind(p.name) == Named {
			keys[p] = SupplierKey(p.name, p.number)
		}
	}
	suppliers, err := s.suppliersBy(ctx, slices.Compact(slices.Sorted(maps.Values(keys))))
	if err != nil {
		return nil, err
	}
	var all []doc
	had, purposes := map[string]bool{}, map[uint32]bool{}
	add := func(d doc) {
		if !had[d.thing] {
			had[d.thing] = true
			all = append(all, d)
		}
	}
	for _, id := range combos {
		k := x.combo(int64(id))
		if p := x.text(k.purpose); p != "" && !purposes[k.purpose] {
			purposes[k.purpose] = true
			add(purposeDoc(p))
		}
		who := x.payee(id)
		if p, ok := suppliers[keys[who]]; ok {
			add(supplierDoc(p, who.name))
		}
	}
	return all, nil
}

// payee is the one that a combination names.
func (x lexicon) payee(combo uint32) payee {
	k := x.combo(int64(combo))
	return payee{x.text(k.supplier), x.text(k.number)}
}

// suppliersBy finds suppliers by their keys.
func (s *Store) suppliersBy(ctx context.Context, keys []string) (map[string]Supplier, error) {
	all := make(map[string]Supplier, len(keys))
	for part := range slices.Chunk(keys, 200) {
		args, places := make([]any, len(part)), make([]string, len(part))
		for i, key := range part {
			args[i], places[i] = key, fmt.Sprintf("$%d", i+1)
		}
		found, err := list(ctx, s, scanSupplier, `SELECT `+supplierCols+` FROM suppliers WHERE key IN (`+strings.Join(places, ", ")+`)`, args...)
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
func (s *Store) stageSpend(ctx context.Context, x lexicon, load int64) error {
	all, err := s.spendDocs(ctx, x, load)
	for len(all) > 0 && err == nil {
		batch := all[:min(len(all), searchBatch)]
		all = all[len(batch):]
		err = s.write(ctx, func(s *Store) error { return s.spendPairs(ctx, load, batch) })
	}
	return err
}

// spendPairs says that a load shows some names and purposes.
func (s *Store) spendPairs(ctx context.Context, load int64, all []doc) error {
	args, places := []any{}, []string{}
	for _, d := range all {
		args = append(args, d.thing)
		places = append(places, fmt.Sprintf("$%d", len(args)))
	}
	if len(all) == 0 {
		return nil
	}
	type kept struct {
		id    int64
		thing string
	}
	found, err := list(ctx, s, func(r row) (k kept, err error) { return k, r.Scan(&k.id, &k.thing) }, `SELECT id, thing FROM search_docs WHERE thing IN (`+strings.Join(places, ", ")+`)`, args...)
	if err != nil {
		return err
	}
	ids := map[string]int64{}
	for _, k := range found {
		ids[k.thing] = k.id
	}
	var pairs []string
	for _, d := range all {
		id, ok := ids[d.thing]
		if !ok {
			if id, err = s.indexNew(ctx, d, false); err != nil {
				return err
			}
		}
		pairs = append(pairs, fmt.Sprintf("(%d, %d)", load, id))
	}
	_, err = s.exec(ctx, `INSERT INTO search_spend (load, doc) VALUES `+strings.Join(pairs, ", ")+` ON CONFLICT (load, doc) DO NOTHING`)
	return err
}

const whileShown = `EXISTS (SELECT 1 FROM search_spend p JOIN loads l ON l.id = p.load WHERE p.doc = search_docs.id AND l.status = 'standing')`

// showSpend makes what a load shows found while a load that stands shows it.
func (s *Store) showSpend(ctx context.Context, load int64) error {
	_, err := s.exec(ctx, `UPDATE search_docs SET shown = NOT shown WHERE id IN (SELECT doc FROM search_spend WHERE load = $1) AND shown <> `+whileShown, load)
	return err
}

// withheldSpend keeps search with what is withheld of a load, in the write that
// withholds it or shows it again.
func (s *Store) withheldSpend(ctx context.Context, l Load) error {
	var all []doc
	if l.Withheld == "" {
		x, err := s.lexiconNow(ctx)
		if err != nil {
			return err
		}
		if all, err = s.spendDocs(ctx, x, l.ID); err != nil {
			return err
		}
	}
	shows := map[string]bool{}
	for _, d := range all {
		shows[d.thing] = true
	}
	type kept struct {
		id    int64
		thing string
	}
	had, err := list(ctx, s, func(r row) (k kept, err error) { return k, r.Scan(&k.id, &k.thing) },
		`SELECT d.id, d.thing FROM search_spend p JOIN search_docs d ON d.id = p.doc WHERE p.load = $1 ORDER BY d.id`, l.ID)
	if err != nil {
		return err
	}
	for _, k := range had {
		if shows[k.thing] {
			continue
		}
		if err := s.hides(ctx, l.ID, k.id); err != nil {
			return err
		}
	}
	for len(all) > 0 {
		batch := all[:min(len(all), searchBatch)]
		all = all[len(batch):]
		if err := s.spendPairs(ctx, l.ID, batch); err != nil {
			return err
		}
	}
	return nil
}

// hides says that a load no longer shows a name or purpose. What no load shows
// is gone.
func (s *Store) hides(ctx context.Context, load, id int64) error {
	if err := s.change(ctx, `DELETE FROM search_spend WHERE load = $1 AND doc = $2`, load, id); err != nil {
		return err
	}
	others, err := one(ctx, s, scanInto[int64], `SELECT COUNT(*) FROM (SELECT 1 FROM search_spend WHERE doc = $1 LIMIT 1) AS others`, id)
	if err != nil {
		return err
	}
	if others == 0 {
		return s.drop(ctx, id)
	}
	_, err = s.exec(ctx, `UPDATE search_docs SET shown = `+whileShown+` WHERE id = $1`, id)
	return err
}

// unstageSpend takes out what a load that did not end well has put in.
func (s *Store) unstageSpend(ctx context.Context, load int64) error {
	for {
		left := 0
		err := s.write(ctx, func(s *Store) error {
			ids, err := list(ctx, s, scanInto[int64], fmt.Sprintf(`SELECT doc FROM search_spend WHERE load = $1 ORDER BY doc LIMIT %d`, searchBatch), load)
			left = len(ids)
			for _, id := range ids {
				if err := s.hides(ctx, load, id); err != nil {
					return err
				}
			}
			return err
		})
		if err != nil || left < searchBatch {
			return err
		}
	}
}

// lexiconNow is every text of the published files, read on from what is known.
func (s *Store) lexiconNow(ctx context.Context) (lexicon, error) {
	known := newLexicon()
	c := spendCubes.Of(s)
	c.mu.Lock()
	if c.last != nil && c.last.texts != nil {
		known = c.last.lexicon
	}
	c.mu.Unlock()
	return s.readLexicon(ctx, known)
}

// fillSpend puts in the names and purposes of the loads that stand or stood.
func (s *Store) fillSpend(ctx context.Context) error {
	loads, err := list(ctx, s, scanLoad, `SELECT `+loadCols+` FROM loads WHERE status IN ('standing', 'withdrawn', 'replaced') ORDER BY id`)
	if err != nil || len(loads) == 0 {
		return err
	}
	x, err := s.lexiconNow(ctx)
	if err != nil {
		return err
	}
	for _, l := range loads {
		if l.Withheld != "" {
			continue
		}
		if err := s.stageSpend(ctx, x, l.ID); err != nil {
			return err
		}
		if err := s.write(ctx, func(s *Store) error { return s.showSpend(ctx, l.ID) }); err != nil {
			return err
		}
	}
	return nil
}
