package record

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
)

// Moment is a day of the handover: what had been recorded by its end. The zero
// Moment is now.
type Moment struct {
	Day   civil.Day
	Event int64 // the last event recorded by then; 0 is none
	Past  bool  // the day is over, so the record is read instead of the tables
}

// When is the two dates of a question: the day whose state is asked for, and
// the last event that counts as known.
type When struct {
	Day   civil.Day // "" is today
	Event int64     // 0 is all that is recorded
	Known civil.Day // the day that Event was taken from, if it was
}

// PeopleIDs are numbers of people, kept as a JSON list.
type PeopleIDs []int64

// Value is the list as text.
func (l PeopleIDs) Value() (driver.Value, error) {
	if len(l) == 0 {
		return "[]", nil
	}
	b, err := json.Marshal([]int64(l))
	return string(b), err
}

// Scan reads the list from text; an empty one is nil, as in JSON.
func (l *PeopleIDs) Scan(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("people: cannot read %T", v)
	}
	var all []int64
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		return err
	}
	if *l = all; len(all) == 0 {
		*l = nil
	}
	return nil
}

// WhyDetail is the reason of an act and the decision it was done under, where
// there are any.
func WhyDetail(reason, ref string) Part {
	said := map[string]string{}
	if reason != "" {
		said["reason"] = reason
	}
	if ref != "" {
		said["decision"] = ref
	}
	if len(said) == 0 {
		return func(*eventParts) error { return nil }
	}
	return Detail(said)
}

// ThingThen reads one thing as it stood at a past moment.
func ThingThen[T any](ctx context.Context, tx *db.Tx, thing string, m Moment) (v T, err error) {
	n, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT COALESCE(MAX(n), 0) FROM event_rows WHERE thing = $1 AND n <= $2`, thing, m.Event)
	if err != nil {
		return v, err
	}
	e, err := FindEvent(ctx, tx, n) // there is no event 0: not found
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(e.Read().Now[thing], &v); err != nil {
		return v, fmt.Errorf("%s in event %d: %w", thing, n, err)
	}
	return v, nil
}
