package record

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/police-ict/handover/store/db"
)

// A Table holds columns of one table, in all of its rows, to what the record
// tells: Want gives every row that there must be, and there may be no other.
type Table struct {
	Name    string
	Columns string // comma-separated; the first ones name the row
	Where   string // the rows that are held, "" for all
	Want    func(ctx context.Context, c *Checker, row func(...any)) error
}

// Unheld is what verify cannot hold to the record, and why.
type Unheld struct {
	Table   string
	Columns string // "" is the whole table, a name after a star some of its rows
	Why     string
}

// Name is what is not held, in words.
func (u Unheld) Name() string {
	if u.Columns == "" {
		return u.Table
	}
	return u.Table + " (" + strings.ReplaceAll(u.Columns, "*", "rows: ") + ")"
}

// covers reports whether a column is among those that are not held.
func (u Unheld) covers(column string) bool {
	return u.Columns == "" || column != "" && slices.Contains(strings.Split(u.Columns, ", "), column)
}

// CannotHold reports whether a column is in a list of what is not held.
func CannotHold(all []Unheld, table, column string) bool {
	return slices.ContainsFunc(all, func(u Unheld) bool { return u.Table == table && u.covers(column) })
}

// EachTold goes through the things of a topic as the record tells them last,
// with the canonical text of each.
func EachTold[T any](c *Checker, topic string, do func(v T, row string) error) error {
	for _, thing := range c.things(topic) {
		var v T
		if err := json.Unmarshal(c.now[thing], &v); err != nil {
			return c.Diverges("entry %d has a text about %s that cannot be read", c.from[thing], thing)
		}
		if err := do(v, string(c.now[thing])); err != nil {
			return err
		}
	}
	return nil
}

// OnePer is the Want of a table that has one row for each thing of a topic.
func OnePer[T any](topic string, row func(v T, words string) []any) func(context.Context, *Checker, func(...any)) error {
	return func(_ context.Context, c *Checker, add func(...any)) error {
		return EachTold(c, topic, func(v T, words string) error {
			add(row(v, words)...)
			return nil
		})
	}
}

// Words is the Want of a table that has a row for each word of each thing.
func Words[T any](topic string, words func(T) (key any, words []string)) func(context.Context, *Checker, func(...any)) error {
	return func(_ context.Context, c *Checker, add func(...any)) error {
		return EachTold(c, topic, func(v T, _ string) error {
			key, all := words(v)
			for _, w := range all {
				add(w, key)
			}
			return nil
		})
	}
}

// things are the things of a topic of which the record tells, in order.
func (c *Checker) things(topic string) []string {
	if c.topics == nil {
		c.topics = map[string][]string{}
		for thing := range c.now {
			of, _, _ := strings.Cut(thing, "/")
			c.topics[of] = append(c.topics[of], thing)
		}
		for _, all := range c.topics {
			slices.Sort(all)
		}
	}
	return c.topics[topic]
}

// An EventMark names one event.
type EventMark struct {
	N      int64
	At     string
	Person int64
}

// First is the event that told of a thing first, Last the one that did so last.
func (c *Checker) First(thing string) EventMark { return c.first[thing] }

// Last is the number of the event that told of a thing last.
func (c *Checker) Last(thing string) int64 { return c.from[thing] }

// Events are all events that told of a thing, in order.
func (c *Checker) Events(thing string) []int64 { return slices.Clone(c.told[thing]) }

// Size is how many events the record counts.
func (c *Checker) Size() int64 { return c.head.Size }

// Tables holds each table to what the record tells, every row and column.
func (c *Checker) Tables(ctx context.Context, tables []Table) error {
	for _, t := range tables {
		if err := t.hold(ctx, c); err != nil || c.Fault != "" {
			return err
		}
	}
	return nil
}

func (t Table) hold(ctx context.Context, c *Checker) error {
	want := map[string]int{}
	if err := t.Want(ctx, c, func(cells ...any) { want[keyOf(cells)]++ }); err != nil || c.Fault != "" {
		return err
	}
	columns := strings.FieldsFunc(t.Columns, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	var strange []string
	_, err := db.List(ctx, c.S, func(r db.Row) (none struct{}, err error) {
		cells, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := r.Scan(into...); err != nil {
			return none, err
		}
		key := keyOf(cells)
		switch {
		case want[key] > 1:
			want[key]--
		case want[key] == 1:
			delete(want, key)
		case len(strange) < 100:
			strange = append(strange, key)
		}
		return none, nil
	}, `SELECT `+strings.Join(quoted(columns), ", ")+` FROM `+t.Name+t.Where)
	if err != nil {
		return err
	}
	return t.compare(c, columns, strange, want)
}

// compare names the first row that is not as the record tells.
func (t Table) compare(c *Checker, columns, strange []string, missing map[string]int) error {
	if len(strange) == 0 && len(missing) == 0 {
		return nil
	}
	slices.Sort(strange)
	best, bestSame := "", -1
	for key := range missing {
		if len(strange) == 0 {
			if best == "" || key < best {
				best = key
			}
			continue
		}
		if same := alike(strange[0], key); same > bestSame || same == bestSame && key < best {
			best, bestSame = key, same
		}
	}
	switch {
	case len(strange) == 0:
		return c.Diverges("the table %s lacks the row %s that is in the record", t.Name, nameOf(best))
	case best == "" || 2*bestSame < len(columns) && nameOf(best) != nameOf(strange[0]):
		return c.Diverges("the table %s has a row %s that is not in the record", t.Name, nameOf(strange[0]))
	}
	has, should := strings.Split(strange[0], cellEnd), strings.Split(best, cellEnd)
	for i := range columns {
		if has[i] != should[i] {
			return c.Diverges("the row %s of the table %s has a different %s from the record: it was changed outside the portal", nameOf(best), t.Name, columns[i])
		}
	}
	return nil
}

// alike counts the cells in which two rows agree.
func alike(a, b string) (n int) {
	one, two := strings.Split(a, cellEnd), strings.Split(b, cellEnd)
	for i := range min(len(one), len(two)) {
		if one[i] == two[i] {
			n++
		}
	}
	return n
}

const cellEnd = "\x00"

// nameOf is the first cell of a row, as words.
func nameOf(key string) string {
	first, _, _ := strings.Cut(key, cellEnd)
	if first == "" {
		return "?"
	}
	return first[1:]
}

// keyOf is a row as text that is the same on both engines: the kind of each
// cell and what it says.
func keyOf(cells []any) string {
	var b strings.Builder
	for i, v := range cells {
		if i > 0 {
			b.WriteString(cellEnd)
		}
		b.WriteString(cellOf(v))
	}
	return b.String()
}

func cellOf(v any) string {
	if said, ok := v.(driver.Valuer); ok {
		v, _ = said.Value() // those of ours do not fail
	}
	switch v := v.(type) {
	case nil:
		return "-"
	case []byte:
		return "b" + string(v)
	case string:
		return "s" + v
	case int64:
		return fmt.Sprintf("i%d", v)
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.String:
		return "s" + r.String()
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Uint32:
		return fmt.Sprintf("i%d", v)
	case reflect.Bool:
		if r.Bool() {
			return "i1" // as SQLite has it
		}
		return "i0"
	}
	return fmt.Sprintf("?%v", v)
}

func quoted(columns []string) (all []string) {
	for _, c := range columns {
		all = append(all, `"`+c+`"`)
	}
	return all
}

// EachThing goes through the things of a topic with their rows as they are told.
func EachThing(c *Checker, topic string, do func(thing string, row json.RawMessage) error) error {
	for _, thing := range c.things(topic) {
		if err := do(thing, c.now[thing]); err != nil {
			return err
		}
	}
	return nil
}
