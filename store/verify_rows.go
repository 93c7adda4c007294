package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
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
func (c *checker) rows(ctx context.Context) error {
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

// ledgers are all rows that the record can rebuild, by topic.
var ledgers = []ledger{
	{"person", func(ctx context.Context, s *Store) (map[string]any, error) {
		return rowsOf(ctx, s, scanPerson, `SELECT `+personCols+` FROM people`, func(p Person) (string, any) {
			return fmt.Sprintf("person/%d", p.ID), map[string]any{"id": p.ID, "erased": p.Name == ""}
		})
	}},
	{"appointment", func(ctx context.Context, s *Store) (map[string]any, error) {
		return rowsOf(ctx, s, scanAppointment, `SELECT `+appointmentCols+appointmentFrom, func(a Appointment) (string, any) { return a.subject(), a })
	}},
	{"register", func(ctx context.Context, s *Store) (map[string]any, error) {
		return rowsOf(ctx, s, scanListed, `SELECT r.n, r.kind, r.registered, r.entry FROM register r`, func(e Entry) (string, any) {
			return fmt.Sprintf("register/%d", e.N), e
		})
	}},
	{"programme", func(ctx context.Context, s *Store) (map[string]any, error) {
		return rowsOf(ctx, s, scanProgramme, `SELECT `+programmeCols+` FROM programmes`, programmeRow)
	}},
	accessionLedger, documentLedger, preparedLedger, certificateLedger, itemLedger, milestoneLedger,
	loadLedger, ruleLedger, supplierChangeLedger, withheldLedger, explanationLedger, tieLedger, underLedger,
	schemeLedger, decisionLedger, paperLedger, ballotLedger,
	delegationLedger, interestLedger, overrideLedger, committeeLedger, chargeLedger, questionLedger, saidLedger,
	meetingLedger, inquiryLedger, evidenceLedger, evidenceTextLedger, reportLedger, recommendationLedger,
}

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

// papers holds each document to the content that its event committed to, read
// one at a time.
func (c *checker) papers(ctx context.Context) error {
	all, err := list(ctx, c.s, scanDocument, `SELECT `+documentCols+` FROM documents WHERE subject <> '' ORDER BY id`)
	for _, d := range all {
		_, hash, kept, err := c.s.unseal(ctx, d.AddedN, d.seal())
		if err != nil {
			return err
		}
		content, found, err := maybe(ctx, c.s, scanInto[[]byte], `SELECT content FROM contents WHERE hash = $1`, d.Hash)
		if err != nil {
			return err
		}
		if sum := sha256.Sum256(content); !found || kept && string(hash) != d.Hash || hex.EncodeToString(sum[:]) != d.Hash {
			return c.diverges("the content of document %d is not the one that event %d committed to", d.ID, d.AddedN)
		}
	}
	return err
}
