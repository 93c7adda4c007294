package store

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"
)

// A ledger is one topic whose present rows the record can rebuild.
type ledger struct {
	topic string
	rows  func(context.Context, *Store) (map[string]any, error) // thing -> public row
}

// rows holds every present row that the record tells of to what it tells.
func (c *checker) rows(ctx context.Context, ledgers []ledger) error {
	for _, l := range ledgers {
		present, err := l.rows(ctx, c.s)
		if garbled(err) {
			return c.diverges("a row of the kind %s cannot be read: it was changed beside the record", l.topic)
		}
		if err != nil {
			return err
		}
		var told []string
		for thing := range c.now {
			if topic, _, _ := strings.Cut(thing, "/"); topic == l.topic {
				told = append(told, thing)
			}
		}
		slices.Sort(told)
		for _, thing := range told {
			row, ok := present[thing]
			if !ok {
				return c.diverges("%s is missing: event %d tells of it", thing, c.from[thing])
			}
			text, err := canonical(row)
			if err != nil {
				return err
			}
			if want, err := canonical(c.now[thing]); err != nil || string(text) != string(want) {
				return c.diverges("%s is not as event %d says: the row was changed beside the record", thing, c.from[thing])
			}
			delete(present, thing)
			delete(c.now, thing)
			c.held++
		}
		if len(present) > 0 {
			return c.diverges("%s stands in the database, and no event tells of it", slices.Min(slices.Collect(maps.Keys(present))))
		}
	}
	if len(c.now) > 0 {
		thing := slices.Min(slices.Collect(maps.Keys(c.now)))
		return c.diverges("event %d tells of %s, and this version has no row to hold it to", c.from[thing], thing)
	}
	return nil
}

// garbled reports whether err is about the text of a row, not the database.
func garbled(err error) bool {
	_, syntax := errors.AsType[*json.SyntaxError](err)
	_, kind := errors.AsType[*json.UnmarshalTypeError](err)
	_, instant := errors.AsType[*time.ParseError](err)
	return syntax || kind || instant
}

// rowsOf reads rows and names each as the record does.
func rowsOf[T any](ctx context.Context, s *Store, scan func(row) (T, error), query string, name func(T) (string, any)) (map[string]any, error) {
	all, err := list(ctx, s, scan, query)
	out := make(map[string]any, len(all))
	for _, v := range all {
		thing, row := name(v)
		out[thing] = row
	}
	return out, err
}
