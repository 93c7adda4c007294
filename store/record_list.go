package store

import (
	"context"
	"fmt"
	"strings"
)

const eventCols = `e.n, e.at, e.act, e.topic, e.subject, e.about, e.person, e.office, e.body, e.payload, COALESCE(p.name, '')`

const eventFrom = ` FROM events e LEFT JOIN people p ON p.id = e.person `

func scanEvent(r row) (e Event, err error) {
	return e, r.Scan(&e.N, (*stamp)(&e.At), &e.Act, &e.Topic, &e.Subject, &e.About, &e.Person, &e.Office, &e.Body, &e.Payload, &e.Name)
}

// EventFilter chooses events. Empty fields choose all.
type EventFilter struct {
	Topic   string // "register"
	Subject string // "accession/kent"
	Body    string // acting, or what the matter is about
	Office  int64
	UpTo    Day   // on or before
	Before  int64 // events older than this number
	Since   int64 // events newer than this number
}

func (f EventFilter) where() (string, []any) {
	var all []string
	var args []any
	arg := func(clause string, v any) {
		args = append(args, v)
		all = append(all, strings.ReplaceAll(clause, "?", fmt.Sprintf("$%d", len(args))))
	}
	if f.Topic != "" {
		arg("e.topic = ?", f.Topic)
	}
	if f.Subject != "" {
		arg("e.subject = ?", f.Subject)
	}
	if f.Body != "" {
		arg("(e.body = ? OR e.about = ?)", f.Body)
	}
	if f.Office != 0 {
		arg("e.office = ?", f.Office)
	}
	if f.UpTo != "" {
		arg("e.at < ?", stamp(f.UpTo.End()))
	}
	if f.Before != 0 {
		arg("e.n < ?", f.Before)
	}
	if f.Since != 0 {
		arg("e.n > ?", f.Since)
	}
	if len(all) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(all, " AND "), args
}

// Events lists up to most events, newest first.
func (s *Store) Events(ctx context.Context, f EventFilter, most int) ([]Event, error) {
	where, args := f.where()
	return list(ctx, s, scanEvent, fmt.Sprintf(`SELECT %s%s%s ORDER BY e.n DESC LIMIT %d`, eventCols, eventFrom, where, most), args...)
}

// Listing is one page of the record.
type Listing struct {
	Head   Head
	Filter EventFilter
	Events []Event // newest first
	Count  int64   // events that the filter chooses, on all pages
	Older  int64   // Before of the next page, 0 on the last
	Names  NamesThen
}

// Listing reads one page of the record, of up to most events.
func (s *Store) Listing(ctx context.Context, f EventFilter, most int) (l Listing, err error) {
	l.Filter = f
	err = s.read(ctx, func(s *Store) error {
		if l.Head, err = s.Head(ctx); err != nil {
			return err
		}
		if l.Events, err = s.Events(ctx, f, most+1); err != nil {
			return err
		}
		if len(l.Events) > most {
			l.Events = l.Events[:most]
			l.Older = l.Events[most-1].N
		}
		if l.Names, err = s.namesThen(ctx); err != nil {
			return err
		}
		l.Count, err = s.countUpTo(ctx, f, CountMost, l.Head.Size)
		return err
	})
	return l, err
}

// Event finds one event.
func (s *Store) Event(ctx context.Context, n int64) (Event, error) {
	return one(ctx, s, scanEvent, `SELECT `+eventCols+eventFrom+`WHERE e.n = $1`, n)
}

// CountMost is how far the events of a filter are counted: a page must not
// grow dear with the record behind it.
const CountMost = 10_000

// countUpTo counts the events that a filter chooses, up to most of them. All
// events together are counted by the head.
func (s *Store) countUpTo(ctx context.Context, f EventFilter, most, size int64) (int64, error) {
	f.Before, f.Since = 0, 0
	where, args := f.where()
	if where == "" {
		return size, nil
	}
	return one(ctx, s, scanInto[int64], fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT e.n FROM events e%s LIMIT %d) AS chosen`, where, most), args...)
}
