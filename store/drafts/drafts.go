// Package drafts keeps forms that a person has saved to send later. A draft is
// shown only to that person, in the role that it was saved in. It is no part of
// the record: saving or deleting one records no event.
package drafts

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"slices"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
)

// How much is kept, and for how long.
const (
	KeptDays = 90      // after it was last saved
	Most     = 50      // of one person in one role
	MostSize = 1 << 20 // bytes of the fields of one draft
)

// Draft is a form as it was saved.
type Draft struct {
	ID      string // "" before it is saved
	Office  int64  // the role that it was saved in
	Path    string // the address of its form
	Title   string // as lists show it
	Once    string // the key of the form that it was first saved from
	Fields  url.Values
	Version int64 // 1 when it was first saved
	SavedAt time.Time
}

// Href opens the draft in its form.
func (d Draft) Href() string { return d.Path + "?saved=" + d.ID }

// Until is the last day on which the draft is kept.
func (d Draft) Until() civil.Day { return civil.DayOf(d.SavedAt).Add(KeptDays) }

// ErrChanged says that the draft was saved again elsewhere since it was opened.
var ErrChanged = fault.Conflict.Errorf("You have saved this draft again since you opened it here, for example in another tab. Nothing has been overwritten.")

const draftCols = `id, office, path, title, once, fields, version, saved_at`

func scanDraft(r db.Row) (d Draft, err error) {
	var fields string
	if err := r.Scan(&d.ID, &d.Office, &d.Path, &d.Title, &d.Once, &fields, &d.Version, (*db.Stamp)(&d.SavedAt)); err != nil {
		return d, err
	}
	return d, json.Unmarshal([]byte(fields), &d.Fields)
}

func oldest(tx *db.Tx) db.Stamp { return db.Stamp(tx.Now().AddDate(0, 0, -KeptDays)) }

// Save saves a draft for a person in the role that they act in. A draft that has
// an ID replaces its own version and no other: where it was saved again
// meanwhile, ErrChanged comes with what is saved now.
func Save(ctx context.Context, tx *db.Tx, v office.Viewer, d Draft) (saved Draft, err error) {
	fields, err := json.Marshal(d.Fields)
	if err != nil {
		return d, err
	}
	if len(fields) > MostSize {
		return d, fault.Invalid.Errorf("This is too long to be saved as a draft. Shorten it or send it now.")
	}
	var changed error
	err = record.Write(record.WithSending(ctx, nil), tx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM drafts WHERE saved_at < $1`, oldest(tx)); err != nil {
			return err
		}
		had, found, err := db.Maybe(ctx, tx, scanDraft, `SELECT `+draftCols+` FROM drafts WHERE person = $1 AND office = $2 AND path = $3 AND (id = $4 OR $4 = '' AND once = $5 AND once <> '')`,
			v.Person, v.Office.ID, d.Path, d.ID, d.Once)
		if err != nil {
			return err
		}
		saved = d
		saved.Office, saved.SavedAt = v.Office.ID, tx.Now()
		switch {
		case !found:
			return insert(ctx, tx, v, &saved, string(fields))
		case maps.EqualFunc(had.Fields, d.Fields, slices.Equal):
			saved = had // saved twice by a double click
			return nil
		case d.ID == "" || had.Version != d.Version:
			saved, changed = had, ErrChanged
			return nil
		}
		saved.Once, saved.Version = had.Once, had.Version+1
		return tx.Change(ctx, `UPDATE drafts SET title = $1, fields = $2, version = $3, saved_at = $4 WHERE id = $5 AND version = $6`,
			d.Title, string(fields), saved.Version, db.Stamp(saved.SavedAt), d.ID, had.Version)
	})
	return saved, errors.Join(err, changed)
}

func insert(ctx context.Context, tx *db.Tx, v office.Viewer, d *Draft, fields string) error {
	n, err := db.One(ctx, tx, db.ScanInto[int], `SELECT COUNT(*) FROM drafts WHERE person = $1 AND office = $2`, v.Person, v.Office.ID)
	if err != nil {
		return err
	}
	if n >= Most {
		return fault.Invalid.Errorf("You have %d drafts, the most you can keep in this role. Delete or send one first.", n)
	}
	d.ID, d.Version = rand.Text(), 1
	return tx.Change(ctx, `INSERT INTO drafts (id, person, office, path, title, once, fields, version, saved_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		d.ID, v.Person, d.Office, d.Path, d.Title, d.Once, fields, d.Version, db.Stamp(d.SavedAt))
}

// Find finds a draft of a person, in any role that they hold, by the address of
// its form.
func Find(ctx context.Context, tx *db.Tx, v office.Viewer, path, id string) (d Draft, err error) {
	d, found, err := db.Maybe(ctx, tx, scanDraft, `SELECT `+draftCols+` FROM drafts WHERE id = $1 AND person = $2 AND path = $3 AND saved_at >= $4`, id, v.Person, path, oldest(tx))
	if err == nil && (!found || !slices.ContainsFunc(v.Offices, func(o office.Office) bool { return o.ID == d.Office })) {
		return Draft{}, fault.NotFound.Errorf("This draft has been sent or deleted, or it was saved by someone else.")
	}
	return d, err
}

// Of lists the drafts of a person in all the roles that they hold, the last
// saved first, without their fields: those may be large.
func Of(ctx context.Context, tx *db.Tx, v office.Viewer) ([]Draft, error) {
	all, err := db.List(ctx, tx, scanDraft, `SELECT id, office, path, title, once, '{}', version, saved_at FROM drafts WHERE person = $1 AND saved_at >= $2 ORDER BY saved_at DESC, id`, v.Person, oldest(tx))
	return slices.DeleteFunc(all, func(d Draft) bool {
		return !slices.ContainsFunc(v.Offices, func(o office.Office) bool { return o.ID == d.Office })
	}), err
}

// Delete deletes a draft of a person. With a version it deletes that version
// only, so that what was saved since stays.
func Delete(ctx context.Context, tx *db.Tx, v office.Viewer, id string, version int64) error {
	return record.Write(record.WithSending(ctx, nil), tx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM drafts WHERE id = $1 AND person = $2 AND (version = $3 OR $3 = 0)`, id, v.Person, version)
		return err
	})
}

// Forget deletes the drafts of a person who is erased.
func Forget(ctx context.Context, tx *db.Tx, person int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM drafts WHERE person = $1`, person)
	return err
}

// Tasks lists the drafts of a role, to be finished.
func Tasks(ctx context.Context, tx *db.Tx, v office.Viewer) (all []office.Task, err error) {
	drafts, err := Of(ctx, tx, v)
	for _, d := range drafts {
		if d.Office == v.Office.ID {
			all = append(all, office.Task{Title: "Finish your draft: " + d.Title, Why: "You saved it on " + civil.DayOf(d.SavedAt).String() + ". It has not been sent.", Verb: "Open the draft", Href: d.Href()})
		}
	}
	return all, err
}
