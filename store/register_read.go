package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// When is the two dates of a question: the day whose state is asked for, and
// the last event that counts as known.
type When struct {
	Day   Day   // "" is today
	Event int64 // 0 is all that is recorded
	Known Day   // the day that Event was taken from, if it was
}

// At reads the two dates from an address: as_at is a day; known_on is a day
// (its end) or the number of an event. Empty is today and now.
func (s *Store) At(ctx context.Context, asAt, knownOn string) (w When, err error) {
	if asAt != "" {
		if w.Day, err = ParseDay(asAt); err != nil {
			return w, Field("day", "There is no day %q: write it like 2012-07-16.", short(asAt))
		}
	}
	if knownOn == "" {
		return w, nil
	}
	if digits(knownOn) {
		if w.Event, err = strconv.ParseInt(knownOn, 10, 64); err != nil || w.Event < 1 {
			return w, Field("known", "Events are numbered from 1.")
		}
		return w, nil
	}
	if w.Known, err = ParseDay(knownOn); err != nil {
		return w, Field("known", "%q is neither a day like 2012-07-16 nor the number of an event.", short(knownOn))
	}
	if w.Known >= DayOf(s.Now()) {
		return w, nil // all that is recorded
	}
	if w.Event, err = s.LastAt(ctx, w.Known); w.Event == 0 {
		w.Event = -1 // nothing was known
	}
	return w, err
}

// day is the day asked for, or today.
func (s *Store) day(w When) Day { return cmp.Or(w.Day, DayOf(s.Now())) }

func scanEntry(r row) (e Entry, err error) {
	var text string
	var n int64
	var at time.Time
	if err := r.Scan(&n, (*stamp)(&at), &text); err != nil {
		return e, err
	}
	err = json.Unmarshal([]byte(text), &e)
	e.N, e.At = n, at
	return e, err
}

func (s *Store) entries(ctx context.Context, known int64) ([]Entry, error) {
	return list(ctx, s, scanEntry, `SELECT r.n, e.at, r.entry FROM register r JOIN events e ON e.n = r.n WHERE r.n <= $1 ORDER BY r.n`, known)
}

// Register reads the register of members as it stood at the end of a day, as
// the portal knew it then.
func (s *Store) Register(ctx context.Context, w When) (r Register, err error) {
	err = s.read(ctx, func(s *Store) error {
		known, on := w.Event, w.Known
		if known == 0 {
			h, err := s.Head(ctx)
			if err != nil {
				return err
			}
			known, on = h.Size, DayOf(s.Now())
		}
		all, err := s.entries(ctx, known)
		if err != nil {
			return err
		}
		if r, _, err = replay(inForce(all), s.day(w)); err != nil {
			return fmt.Errorf("the register cannot be read: %w", err)
		}
		r.All, r.Known, r.KnownOn, r.Latest = all, max(known, 0), on, w.Event == 0
		if on == "" && known > 0 {
			e, found, err := maybe(ctx, s, scanEvent, `SELECT `+eventCols+eventFrom+`WHERE e.n = $1`, known)
			if err != nil {
				return err
			}
			if found {
				r.KnownOn = DayOf(e.At)
			}
		}
		return nil
	})
	return r, err
}

// Between reads the register of two days, as known by the same event. An empty
// first day is the day of the first entry.
func (s *Store) Between(ctx context.Context, from Day, w When) (then, at Register, err error) {
	err = s.read(ctx, func(s *Store) error {
		if at, err = s.Register(ctx, w); err != nil {
			return err
		}
		if from == "" && len(at.Entries) > 0 {
			from = at.Entries[0].Registered
		}
		w.Day = cmp.Or(from, at.AsAt)
		then, err = s.Register(ctx, w)
		return err
	})
	return then, at, err
}

// Entry finds one entry of the register.
func (s *Store) Entry(ctx context.Context, n int64) (Entry, error) {
	return one(ctx, s, scanEntry, `SELECT r.n, e.at, r.entry FROM register r JOIN events e ON e.n = r.n WHERE r.n = $1`, n)
}

var registerLedger = ledger{"register", func(ctx context.Context, s *Store) (map[string]any, error) {
	return rowsOf(ctx, s, scanListed, `SELECT r.n, r.kind, r.registered, r.entry FROM register r`, func(e Entry) (string, any) {
		return fmt.Sprintf("register/%d", e.N), e
	})
}}

// scanListed reads an entry together with the columns that it is listed by.
func scanListed(r row) (e Entry, err error) {
	var n int64
	var kind EntryKind
	var registered Day
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
