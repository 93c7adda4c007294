package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// searchVersion is that of the rules by which things are found. A database that
// was filled by others is filled anew when it is opened.
const searchVersion = 2

// searchBatch is how many things are put in by one write while it is filled.
const searchBatch = 500

// extractors by topic, as they are registered. Only public rows are read, so
// nothing that is sealed can be found.
var extractors Slot[map[string]extractor]

// RegisterExtractors sets what makes texts of public rows, by topic, and keeps
// search with each write.
func RegisterExtractors(s *Store, all map[string]extractor) {
	*extractors.Of(s) = all
	WhenTold(s, func(ctx context.Context, s *Store, rows []past) error { return s.indexTold(ctx, rows) })
}

// indexTold keeps search with what the events of a write tell. It reads each
// thing once, as the last of them tells it.
func (s *Store) indexTold(ctx context.Context, told []past) error {
	last := map[string]int64{}
	for _, p := range told {
		last[p.thing] = p.n
	}
	for _, p := range told {
		if topic, _, _ := strings.Cut(p.thing, "/"); last[p.thing] != p.n || (*extractors.Of(s))[topic] == nil {
			continue
		}
		if err := s.indexRow(ctx, p.thing, p.row); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) indexRow(ctx context.Context, thing string, row []byte) error {
	topic, _, _ := strings.Cut(thing, "/")
	d, ok, err := (*extractors.Of(s))[topic](ctx, s, thing, row)
	if err != nil {
		return err
	}
	if !ok {
		return s.unindex(ctx, d.thing)
	}
	was, renamed := "", false
	if d.named != nil {
		if was, renamed, err = maybe(ctx, s, scanInto[string], `SELECT title FROM search_docs WHERE thing = $1`, d.thing); err != nil {
			return err
		}
	}
	if _, err := s.index(ctx, d, true); err != nil || !renamed || was == d.title {
		return err
	}
	rows, err := d.named(ctx, s)
	for _, r := range rows {
		if err := s.indexRow(ctx, r.thing, r.row); err != nil {
			return err
		}
	}
	return err
}

// hash is that of all that is kept of a doc.
func (d doc) hash() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", []string{d.thing, string(d.kind), d.ref, d.title, d.text, d.href, string(d.day)}))
	return hex.EncodeToString(sum[:16])
}

// index puts a doc where it is found, if it differs from what is there.
func (s *Store) index(ctx context.Context, d doc, shown bool) (id int64, err error) {
	type kept struct {
		id   int64
		hash string
	}
	had, found, err := maybe(ctx, s, func(r row) (k kept, err error) { return k, r.Scan(&k.id, &k.hash) }, `SELECT id, hash FROM search_docs WHERE thing = $1`, d.thing)
	if err != nil || found && had.hash == d.hash() {
		return had.id, err
	}
	if found {
		if err := s.change(ctx, `UPDATE search_docs SET kind = $1, ref = $2, key = $3, title = $4, text = $5, href = $6, year = $7, day = $8, hash = $9 WHERE id = $10`,
			string(d.kind), d.ref, foldedFast(d.ref), d.title, d.text, d.href, d.year(), string(d.day), d.hash(), had.id); err != nil {
			return 0, err
		}
		if err := s.change(ctx, `DELETE FROM search_index WHERE rowid = $1`, had.id); err != nil {
			return 0, err
		}
		return had.id, s.indexWords(ctx, had.id, d)
	}
	return s.indexNew(ctx, d, shown)
}

// indexNew puts in a doc that is not there.
func (s *Store) indexNew(ctx context.Context, d doc, shown bool) (int64, error) {
	id, err := one(ctx, s, scanInto[int64], `INSERT INTO search_docs (thing, kind, ref, key, title, text, href, year, day, hash, shown) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
		d.thing, string(d.kind), d.ref, foldedFast(d.ref), d.title, d.text, d.href, d.year(), string(d.day), d.hash(), shown)
	if err != nil {
		return 0, err
	}
	return id, s.indexWords(ctx, id, d)
}

func (s *Store) indexWords(ctx context.Context, id int64, d doc) error {
	facets := []string{kindFacet(d.kind)}
	if y := d.year(); y != 0 {
		facets = append(facets, yearFacet(y))
	}
	query, args := s.engine.indexed(id, textWords(d.title+" "+d.ref), textWords(d.text), facets)
	return s.change(ctx, query, args...)
}

// unindex takes a thing away, if it is there.
func (s *Store) unindex(ctx context.Context, thing string) error {
	id, found, err := maybe(ctx, s, scanInto[int64], `SELECT id FROM search_docs WHERE thing = $1`, thing)
	if err != nil || !found {
		return err
	}
	return s.drop(ctx, id)
}

func (s *Store) drop(ctx context.Context, id int64) error {
	if err := s.change(ctx, `DELETE FROM search_index WHERE rowid = $1`, id); err != nil {
		return err
	}
	return s.change(ctx, `DELETE FROM search_docs WHERE id = $1`, id)
}

// fillSearch puts in what was there before search was, or before its rules
// changed. It may be stopped and begun again, and two processes may do it at
// once: what is in already stays as it is.
func (s *Store) fillSearch(ctx context.Context) error {
	made, err := one(ctx, s, scanInto[int64], `SELECT made FROM search_state WHERE id = 1`)
	if err != nil || made == searchVersion {
		return err
	}
	if made != 0 {
		return s.RebuildSearch(ctx)
	}
	return s.fill(ctx)
}

// RebuildSearch makes all that search finds again.
func (s *Store) RebuildSearch(ctx context.Context) error {
	err := s.write(ctx, func(s *Store) error {
		for _, query := range []string{`UPDATE search_state SET made = 0 WHERE id = 1`, `DELETE FROM search_index`, `DELETE FROM search_docs`, `DELETE FROM search_spend`} {
			if _, err := s.exec(ctx, query); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.fill(ctx)
}

func (s *Store) fill(ctx context.Context) error {
	if err := s.fillTold(ctx); err != nil {
		return err
	}
	if err := s.fillSpend(ctx); err != nil {
		return err
	}
	return s.write(ctx, func(s *Store) error {
		for _, b := range builtIn() {
			if _, err := s.index(ctx, bodyDoc(b), true); err != nil {
				return err
			}
		}
		return s.change(ctx, `UPDATE search_state SET made = $1 WHERE id = 1`, searchVersion)
	})
}

// fillTold puts in the things that the record tells of, in the order in which
// it told of them first.
func (s *Store) fillTold(ctx context.Context) error {
	all, err := s.toldOf(ctx)
	for len(all) > 0 && err == nil {
		batch := all[:min(len(all), searchBatch)]
		all = all[len(batch):]
		err = s.write(ctx, func(s *Store) error { return s.fillThings(ctx, batch) })
	}
	return err
}

// toldOf lists the things of which search tells.
func (s *Store) toldOf(ctx context.Context) ([]string, error) {
	topics := []string{}
	for _, t := range sorted(*extractors.Of(s)) {
		topics = append(topics, "'"+t+"'")
	}
	return list(ctx, s, func(r row) (thing string, err error) { var n int64; return thing, r.Scan(&thing, &n) },
		`SELECT thing, MIN(n) FROM event_rows WHERE topic IN (`+strings.Join(topics, ", ")+`) GROUP BY thing ORDER BY 2, 1`)
}

// fillThings puts in things as they stand now.
func (s *Store) fillThings(ctx context.Context, things []string) error {
	for _, thing := range things {
		n, err := one(ctx, s, scanInto[int64], `SELECT MAX(n) FROM event_rows WHERE thing = $1`, thing)
		if err != nil {
			return err
		}
		e, err := s.Event(ctx, n)
		if err != nil {
			return err
		}
		if err := s.indexRow(ctx, thing, e.read().Now[thing]); err != nil {
			return err
		}
	}
	return nil
}
