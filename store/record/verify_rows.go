package record

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/text"
)

// A Ledger is one topic whose present rows the record can rebuild.
type Ledger struct {
	Topic string
	Rows  func(context.Context, *db.Tx) (map[string]any, error) // thing -> public row
}

// Rows holds every present row that the record tells of to what it tells.
func (c *Checker) Rows(ctx context.Context, ledgers []Ledger) error {
	left := maps.Clone(c.now)
	for _, l := range ledgers {
		present, err := l.Rows(ctx, c.S)
		if Garbled(err) {
			return c.Diverges("a row of the type %s cannot be read: it was changed outside the portal", l.Topic)
		}
		if err != nil {
			return err
		}
		var told []string
		for thing := range left {
			if topic, _, _ := strings.Cut(thing, "/"); topic == l.Topic {
				told = append(told, thing)
			}
		}
		slices.Sort(told)
		for _, thing := range told {
			row, ok := present[thing]
			if !ok {
				return c.Diverges("%s is missing, although entry %d records it", thing, c.from[thing])
			}
			words, err := text.Canonical(row)
			if err != nil {
				return err
			}
			if want, err := text.Canonical(c.now[thing]); err != nil || string(words) != string(want) {
				return c.Diverges("%s differs from entry %d: the row was changed outside the portal", thing, c.from[thing])
			}
			delete(present, thing)
			delete(left, thing)
			c.Held++
		}
		if len(present) > 0 {
			return c.Diverges("%s is in the database but not in the record", slices.Min(slices.Collect(maps.Keys(present))))
		}
	}
	if len(left) > 0 {
		thing := slices.Min(slices.Collect(maps.Keys(left)))
		return c.Diverges("entry %d records %s, which this version cannot compare with a row", c.from[thing], thing)
	}
	return nil
}

// Garbled reports whether err is about the text of a row, not the database.
func Garbled(err error) bool {
	_, syntax := errors.AsType[*json.SyntaxError](err)
	_, kind := errors.AsType[*json.UnmarshalTypeError](err)
	_, instant := errors.AsType[*time.ParseError](err)
	return syntax || kind || instant || err != nil && (fault.KindOf(err) == fault.NotFound || strings.Contains(err.Error(), "Scan error"))
}

// RowsOf reads rows and names each as the record does.
func RowsOf[T any](ctx context.Context, tx *db.Tx, scan func(db.Row) (T, error), query string, name func(T) (string, any)) (map[string]any, error) {
	all, err := db.List(ctx, tx, scan, query)
	out := make(map[string]any, len(all))
	for _, v := range all {
		thing, row := name(v)
		out[thing] = row
	}
	return out, err
}
