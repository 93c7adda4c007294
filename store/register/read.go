package register

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// AsAt reads the two dates from an address: as_at is a day; known_on is a day
// (its end) or the number of an event. Empty is today and now.
func AsAt(ctx context.Context, tx *db.Tx, asAt, knownOn string) (w record.When, err error) {
	if asAt != "" {
		if w.Day, err = civil.ParseDay(asAt); err != nil {
			return w, fault.Field("day", "%q is not a date. Enter it like 2012-07-16.", text.Short(asAt))
		}
	}
	if knownOn == "" {
		return w, nil
	}
	if text.Digits(knownOn) {
		if w.Event, err = strconv.ParseInt(knownOn, 10, 64); err != nil || w.Event < 1 {
			return w, fault.Field("known", "Entries of the record are numbered from 1.")
		}
		h, err := record.ReadHead(ctx, tx)
		if err == nil && w.Event > h.Size {
			err = beyond(tx, h)
		}
		return w, err
	}
	if w.Known, err = civil.ParseDay(knownOn); err != nil {
		return w, fault.Field("known", "%q is not a date like 2012-07-16 or the number of an entry.", text.Short(knownOn))
	}
	switch today := civil.DayOf(tx.Now()); {
	case w.Known > today:
		h, err := record.ReadHead(ctx, tx)
		return w, cmp.Or(err, beyond(tx, h))
	case w.Known == today:
		return w, nil // all that is recorded
	}
	if w.Event, err = record.LastOn(ctx, tx, w.Known); w.Event == 0 {
		w.Event = -1 // nothing was known
	}
	return w, err
}

// beyond refuses what nobody can know yet.
func beyond(tx *db.Tx, h record.Head) error {
	return fault.Field("known", "The latest entry is %d. Enter a date up to %s or an entry up to %d.", h.Size, civil.DayOf(tx.Now()), h.Size)
}

// DayOf is the day asked for, or today.
func DayOf(tx *db.Tx, w record.When) civil.Day { return cmp.Or(w.Day, civil.DayOf(tx.Now())) }

func scanEntry(r db.Row) (e Entry, err error) {
	var text string
	var n int64
	var at time.Time
	if err := r.Scan(&n, (*db.Stamp)(&at), &text); err != nil {
		return e, err
	}
	err = json.Unmarshal([]byte(text), &e)
	e.N, e.At = n, at
	return e, err
}

// Entries reads the entries of the register, as known then.
func Entries(ctx context.Context, tx *db.Tx, known int64) ([]Entry, error) {
	return db.List(ctx, tx, scanEntry, `SELECT r.n, e.at, r.entry FROM register r JOIN events e ON e.n = r.n WHERE r.n <= $1 ORDER BY r.n`, known)
}

// Read reads the register of members as it stood at the end of a day, as
// the portal knew it then.
func Read(ctx context.Context, tx *db.Tx, w record.When) (r Register, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		known, on := w.Event, w.Known
		if known == 0 {
			h, err := record.ReadHead(ctx, tx)
			if err != nil {
				return err
			}
			known, on = h.Size, civil.DayOf(tx.Now())
		}
		all, err := Entries(ctx, tx, known)
		if err != nil {
			return err
		}
		if r, _, err = Replay(InForce(all), DayOf(tx, w)); err != nil {
			return fmt.Errorf("the register cannot be read: %w", err)
		}
		r.All, r.Known, r.KnownOn, r.Latest = all, max(known, 0), on, w.Event == 0
		if on == "" && known > 0 {
			e, found, err := db.Maybe(ctx, tx, record.ScanEvent, `SELECT `+record.EventCols+record.EventFrom+`WHERE e.n = $1`, known)
			if err != nil {
				return err
			}
			if found {
				r.KnownOn = civil.DayOf(e.At)
			}
		}
		return nil
	})
	return r, err
}

// Between reads the register of two days, as known by the same event. An empty
// first day is the day of the first entry.
func Between(ctx context.Context, tx *db.Tx, from civil.Day, w record.When) (then, at Register, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if at, err = Read(ctx, tx, w); err != nil {
			return err
		}
		if from == "" && len(at.Entries) > 0 {
			from = at.Entries[0].Registered
		}
		w.Day = cmp.Or(from, at.AsAt)
		then, err = Read(ctx, tx, w)
		return err
	})
	return then, at, err
}

// FindEntry finds one entry of the register.
func FindEntry(ctx context.Context, tx *db.Tx, n int64) (Entry, error) {
	return db.One(ctx, tx, scanEntry, `SELECT r.n, e.at, r.entry FROM register r JOIN events e ON e.n = r.n WHERE r.n = $1`, n)
}

// RegisterLedger holds its rows to the record.
var RegisterLedger = record.Ledger{Topic: "register", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanListed, `SELECT r.n, r.kind, r.registered, r.entry FROM register r`, func(e Entry) (string, any) {
		return fmt.Sprintf("register/%d", e.N), e
	})
}}

// scanListed reads an entry together with the columns that it is listed by.
func scanListed(r db.Row) (e Entry, err error) {
	var n int64
	var kind EntryKind
	var registered civil.Day
	var text string
	if err := r.Scan(&n, &kind, &registered, &text); err != nil {
		return e, err
	}
	err = json.Unmarshal([]byte(text), &e)
	if kind != e.Kind || registered != e.Registered {
		e = Entry{} // listed under other words than it says: as no event tells it
	}
	e.N = n
	return e, err
}
