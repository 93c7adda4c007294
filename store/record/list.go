package record

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
)

// EventCols are the columns that ScanEvent reads.
const EventCols = `e.n, e.at, e.act, e.topic, e.subject, e.about, e.person, e.office, e.body, e.payload, COALESCE(p.name, '')`

// EventFrom is the table of events with the names of those who acted.
const EventFrom = ` FROM events e LEFT JOIN people p ON p.id = e.person `

// ScanEvent reads a row of EventCols.
func ScanEvent(r db.Row) (e Event, err error) {
	return e, r.Scan(&e.N, (*db.Stamp)(&e.At), &e.Act, &e.Topic, &e.Subject, &e.About, &e.Person, &e.Office, &e.Body, &e.Payload, &e.Name)
}

// EventFilter chooses events. Empty fields choose all.
type EventFilter struct {
	Topic   string // "register"
	Subject string // "accession/kent"
	Body    string // acting, or what the matter is about
	Office  int64
	UpTo    civil.Day // on or before
	Before  int64     // events older than this number
	Since   int64     // events newer than this number
	Oldest  bool      // the oldest first
	Skip    int       // events of the pages before
}

// LastOf tells when each thing of a topic was last the subject of an event.
func LastOf(ctx context.Context, tx *db.Tx, topic string) (map[string]time.Time, error) {
	out := map[string]time.Time{}
	_, err := db.List(ctx, tx, func(r db.Row) (none struct{}, err error) {
		var subject string
		var at time.Time
		err = r.Scan(&subject, (*db.Stamp)(&at))
		out[subject] = at
		return none, err
	}, `SELECT subject, MAX(at) FROM events WHERE topic = $1 GROUP BY subject`, topic)
	return out, err
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
		arg("e.at < ?", db.Stamp(f.UpTo.End()))
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

// Events lists up to most events, newest first unless the filter says otherwise.
func Events(ctx context.Context, tx *db.Tx, f EventFilter, most int) ([]Event, error) {
	where, args := f.where()
	way := "DESC"
	if f.Oldest {
		way = "ASC"
	}
	return db.List(ctx, tx, ScanEvent, fmt.Sprintf(`SELECT %s%s%s ORDER BY e.n %s LIMIT %d OFFSET %d`, EventCols, EventFrom, where, way, most, f.Skip), args...)
}

// FindEvent finds one event.
func FindEvent(ctx context.Context, tx *db.Tx, n int64) (Event, error) {
	return db.One(ctx, tx, ScanEvent, `SELECT `+EventCols+EventFrom+`WHERE e.n = $1`, n)
}

// CountMost is how far the events of a filter are counted: a page must not
// grow dear with the record behind it.
const CountMost = 10_000

// CountUpTo counts the events that a filter chooses, up to most of them. All
// events together are counted by the head.
func CountUpTo(ctx context.Context, tx *db.Tx, f EventFilter, most, size int64) (int64, error) {
	f.Before, f.Since = 0, 0
	where, args := f.where()
	if where == "" {
		return size, nil
	}
	return db.One(ctx, tx, db.ScanInto[int64], fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT e.n FROM events e%s LIMIT %d) AS chosen`, where, most), args...)
}
