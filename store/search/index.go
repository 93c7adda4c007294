package search

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Version is that of the rules by which things are found. A database that
// was filled by others is filled anew when it is opened.
const Version = 4

// Batch is how many things are put in by one write while it is filled.
const Batch = 500

// extractors by topic, as they are registered. Only public rows are read, so
// nothing that is sealed can be found.
var extractors db.Slot[map[string]Extractor]

// RegisterExtractors sets what makes texts of public rows, by topic, and keeps
// search with each write.
func RegisterExtractors(tx *db.Tx, all map[string]Extractor) {
	*extractors.Of(tx) = all
	record.WhenTold(tx, func(ctx context.Context, tx *db.Tx, rows []record.Past) error { return indexTold(ctx, tx, rows) })
}

// indexTold keeps search with what the events of a write tell. It reads each
// thing once, as the last of them tells it.
func indexTold(ctx context.Context, tx *db.Tx, told []record.Past) error {
	last := map[string]int64{}
	for _, p := range told {
		last[p.Thing] = p.N
	}
	for _, p := range told {
		if topic, _, _ := strings.Cut(p.Thing, "/"); last[p.Thing] != p.N || (*extractors.Of(tx))[topic] == nil {
			continue
		}
		if err := indexRow(ctx, tx, p.Thing, p.Row); err != nil {
			return err
		}
	}
	return nil
}

func indexRow(ctx context.Context, tx *db.Tx, thing string, row []byte) error {
	topic, _, _ := strings.Cut(thing, "/")
	d, ok, err := (*extractors.Of(tx))[topic](ctx, tx, thing, row)
	if err != nil {
		return err
	}
	if !ok {
		return remove(ctx, tx, d.Thing)
	}
	hidden, err := record.HiddenNames(ctx, tx)
	if err != nil {
		return err
	}
	d.Title, d.Text = hidden.Hide(d.Title), hidden.Hide(d.Text)
	was, renamed := "", false
	if d.Named != nil {
		if was, renamed, err = db.Maybe(ctx, tx, db.ScanInto[string], `SELECT title FROM search_docs WHERE thing = $1`, d.Thing); err != nil {
			return err
		}
	}
	if _, err := Put(ctx, tx, d, true); err != nil || !renamed || was == d.Title {
		return err
	}
	rows, err := d.Named(ctx, tx)
	for _, r := range rows {
		if err := indexRow(ctx, tx, r.Thing, r.Row); err != nil {
			return err
		}
	}
	return err
}

// hash is that of all that is kept of a doc.
func (d Doc) hash() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", []string{d.Thing, string(d.Kind), d.Ref, d.Title, d.Text, d.Href, string(d.Day)}))
	return hex.EncodeToString(sum[:16])
}

// Put puts a doc where it is found, if it differs from what is there.
func Put(ctx context.Context, tx *db.Tx, d Doc, shown bool) (id int64, err error) {
	type kept struct {
		id   int64
		hash string
	}
	had, found, err := db.Maybe(ctx, tx, func(r db.Row) (k kept, err error) { return k, r.Scan(&k.id, &k.hash) }, `SELECT id, hash FROM search_docs WHERE thing = $1`, d.Thing)
	if err != nil || found && had.hash == d.hash() {
		return had.id, err
	}
	if found {
		if err := tx.Change(ctx, `UPDATE search_docs SET kind = $1, ref = $2, key = $3, title = $4, text = $5, href = $6, year = $7, day = $8, hash = $9 WHERE id = $10`,
			string(d.Kind), d.Ref, foldedFast(d.Ref), d.Title, d.Text, d.Href, d.year(), string(d.Day), d.hash(), had.id); err != nil {
			return 0, err
		}
		if err := tx.Change(ctx, `DELETE FROM search_index WHERE rowid = $1`, had.id); err != nil {
			return 0, err
		}
		return had.id, indexWords(ctx, tx, had.id, d)
	}
	return PutNew(ctx, tx, d, shown)
}

// PutNew puts in a doc that is not there.
func PutNew(ctx context.Context, tx *db.Tx, d Doc, shown bool) (int64, error) {
	id, err := db.One(ctx, tx, db.ScanInto[int64], `INSERT INTO search_docs (thing, kind, ref, key, title, text, href, year, day, hash, shown) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
		d.Thing, string(d.Kind), d.Ref, foldedFast(d.Ref), d.Title, d.Text, d.Href, d.year(), string(d.Day), d.hash(), shown)
	if err != nil {
		return 0, err
	}
	return id, indexWords(ctx, tx, id, d)
}

func indexWords(ctx context.Context, tx *db.Tx, id int64, d Doc) error {
	facets := []string{kindFacet(d.Kind)}
	if y := d.year(); y != 0 {
		facets = append(facets, yearFacet(y))
	}
	query, args := indexed(tx.Engine, id, foundWords(d.Title+" "+d.Ref), foundWords(d.Text), facets)
	return tx.Change(ctx, query, args...)
}

// remove takes a thing away, if it is there.
func remove(ctx context.Context, tx *db.Tx, thing string) error {
	id, found, err := db.Maybe(ctx, tx, db.ScanInto[int64], `SELECT id FROM search_docs WHERE thing = $1`, thing)
	if err != nil || !found {
		return err
	}
	return Drop(ctx, tx, id)
}

// Drop takes a text out of search by its number.
func Drop(ctx context.Context, tx *db.Tx, id int64) error {
	if err := tx.Change(ctx, `DELETE FROM search_index WHERE rowid = $1`, id); err != nil {
		return err
	}
	return tx.Change(ctx, `DELETE FROM search_docs WHERE id = $1`, id)
}

// FillTold puts in the things that the record tells of, in the order in which
// it told of them first.
func FillTold(ctx context.Context, tx *db.Tx) error {
	all, err := toldOf(ctx, tx)
	for len(all) > 0 && err == nil {
		batch := all[:min(len(all), Batch)]
		all = all[len(batch):]
		err = record.Write(ctx, tx, func(tx *db.Tx) error { return fillThings(ctx, tx, batch) })
	}
	return err
}

// toldOf lists the things of which search tells.
func toldOf(ctx context.Context, tx *db.Tx) ([]string, error) {
	topics := []string{}
	for _, t := range text.SortedKeys(*extractors.Of(tx)) {
		topics = append(topics, "'"+t+"'")
	}
	return db.List(ctx, tx, func(r db.Row) (thing string, err error) { var n int64; return thing, r.Scan(&thing, &n) },
		`SELECT thing, MIN(n) FROM event_rows WHERE topic IN (`+strings.Join(topics, ", ")+`) GROUP BY thing ORDER BY 2, 1`)
}

// fillThings puts in things as they stand now.
func fillThings(ctx context.Context, tx *db.Tx, things []string) error {
	for _, thing := range things {
		n, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT MAX(n) FROM event_rows WHERE thing = $1`, thing)
		if err != nil {
			return err
		}
		e, err := record.FindEvent(ctx, tx, n)
		if err != nil {
			return err
		}
		if err := indexRow(ctx, tx, thing, e.Read().Now[thing]); err != nil {
			return err
		}
	}
	return nil
}

// ShowWhere shows each of some texts where a condition over search_docs holds,
// and hides it where not. which is a query for their numbers, or one number.
func ShowWhere(ctx context.Context, tx *db.Tx, condition, which string, args ...any) error {
	_, err := tx.Exec(ctx, `UPDATE search_docs SET shown = NOT shown WHERE id IN (`+which+`) AND shown <> `+condition, args...)
	return err
}

// Clear takes out all that is found, before it is put in again.
func Clear(ctx context.Context, tx *db.Tx) error {
	for _, query := range []string{`UPDATE search_state SET made = 0 WHERE id = 1`, `DELETE FROM search_index`, `DELETE FROM search_docs`} {
		if _, err := tx.Exec(ctx, query); err != nil {
			return err
		}
	}
	return nil
}

// SaveMade notes by which rules all of it was put in.
func SaveMade(ctx context.Context, tx *db.Tx) error {
	return tx.Change(ctx, `UPDATE search_state SET made = $1 WHERE id = 1`, Version)
}
