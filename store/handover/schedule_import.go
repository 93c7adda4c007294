package handover

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// The most that one file of the schedule may hold.
const (
	MaxImportRows  = 2_000
	MaxImportBytes = 5 << 20
)

// ImportColumns are the columns that a file of the schedule has, in any order.
var ImportColumns = []string{"kind", "title", "holder before", "holder after", "value", "evidence"}

// RowFault is one thing wrong with one row of a file.
type RowFault struct {
	Row   int    // the record of the file, from 1, which is the header
	Field string // as in the form of an item; "" is the whole row
	Msg   string // a whole sentence
}

// ParseItems reads a file of the schedule: CSV with a header, in UTF-8 or
// Windows-1252. It gives the rows without a fault as items to be proposed, and
// every fault of the others. Its error is about the file as a whole.
func ParseItems(file []byte) (items []Item, faults []RowFault, err error) {
	r, err := csvOf(file)
	if err != nil {
		return nil, nil, err
	}
	columns, err := importHeader(r)
	if err != nil {
		return nil, nil, err
	}
	for n := 2; ; n++ {
		cells, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return items, faults, nil
		case err != nil:
			return nil, nil, unreadable(err)
		case n > MaxImportRows+1:
			return nil, nil, fault.Field("file", "The file has more than %s rows. Split it into several files.", text.Thousands(MaxImportRows))
		case blankRow(cells):
			continue
		}
		i, bad := importRow(columns, cells)
		for _, f := range bad {
			faults = append(faults, RowFault{n, f.Field, f.Msg})
		}
		if len(bad) == 0 {
			items = append(items, i)
		}
	}
}

// csvOf opens the file's text, whatever spreadsheet wrote it.
func csvOf(file []byte) (*csv.Reader, error) {
	switch {
	case len(file) > MaxImportBytes:
		return nil, fault.Field("file", "The file is larger than 5 MB. Split it into several files.")
	case bytes.IndexByte(file, 0) >= 0:
		return nil, fault.Field("file", "This is not a CSV file. Save the sheet as “CSV UTF-8” and choose that file.")
	}
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(file) {
		text, err := charmap.Windows1252.NewDecoder().Bytes(file)
		if err != nil {
			return nil, err
		}
		file = text
	}
	r := csv.NewReader(bytes.NewReader(file))
	r.FieldsPerRecord = -1 // a row of another length is a fault of that row
	return r, nil
}

func unreadable(err error) error {
	if p, ok := errors.AsType[*csv.ParseError](err); ok {
		return fault.Field("file", "Line %d of the file cannot be read. A quotation mark is in the wrong place.", p.Line)
	}
	return err
}

// importHeader reads which column is where.
func importHeader(r *csv.Reader) (columns []string, err error) {
	names := "The first row must name the columns " + strings.Join(ImportColumns, ", ") + "."
	cells, err := r.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, fault.Field("file", "This file is empty. %s", names)
	case err != nil:
		return nil, unreadable(err)
	}
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1] // a sheet often has empty columns at its end
	}
	for _, c := range cells {
		at := slices.IndexFunc(ImportColumns, func(name string) bool { return text.Letters(name) == text.Letters(c) })
		switch {
		case at < 0:
			return nil, fault.Field("file", "The column “%s” is not one of these. %s", text.Short(text.OneLine(c)), names)
		case slices.Contains(columns, ImportColumns[at]):
			return nil, fault.Field("file", "The column “%s” appears twice. %s", ImportColumns[at], names)
		}
		columns = append(columns, ImportColumns[at])
	}
	for _, name := range ImportColumns {
		if !slices.Contains(columns, name) {
			return nil, fault.Field("file", "The column “%s” is missing. %s", name, names)
		}
	}
	return columns, nil
}

func blankRow(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// importRow reads one row, and checks it as an item typed into the form.
func importRow(columns, cells []string) (Item, fault.Faults) {
	var f fault.Faults
	if len(cells) < len(columns) || !blankRow(cells[len(columns):]) {
		f.Add("", "This row has %s but the header has %d.", text.Count(len(cells), "cell", "cells"), len(columns))
		return Item{}, f
	}
	cell := map[string]string{}
	for n, name := range columns {
		cell[name] = text.OneLine(cells[n])
	}
	i := Item{Title: cell["title"], Evidence: cell["evidence"]}
	i.Kind = importKind(&f, cell["kind"])
	i.Before = importBody(&f, "before", cell["holder before"])
	if cell["holder after"] != "" {
		i.After = importBody(&f, "after", cell["holder after"])
	}
	i.Value, i.Valued = importValue(&f, cell["value"])
	checked, err := i.check()
	if e, ok := errors.AsType[*fault.Error](err); ok {
		f = append(f, slices.DeleteFunc(e.Faults, f.Names)...)
	}
	return checked, f
}

func importKind(f *fault.Faults, cell string) ItemKind {
	for _, k := range ItemKinds {
		if text.Letters(string(k)) == text.Letters(cell) {
			return k
		}
	}
	if cell == "" {
		f.Add("kind", "Enter a kind: %s.", kindsInWords())
		return ""
	}
	f.Add("kind", "“%s” is not a kind of item. Use one of these: %s.", text.Short(cell), kindsInWords())
	return ""
}

func importBody(f *fault.Faults, field, cell string) string {
	holder := "holder " + field
	if cell == "" {
		f.Add(field, "Enter the %s.", holder)
		return ""
	}
	if slug, ok := bodiesByName()[text.Fold(cell)]; ok {
		return slug
	}
	f.Add(field, "“%s” is not a known body. Enter the %s by its name, short name or code.", text.Short(cell), holder)
	return ""
}

// bodiesByName finds a body by its slug, its code or a name that is its alone.
var bodiesByName = sync.OnceValue(func() map[string]string {
	found := map[string]string{
		// The association's two names: the same body.
		"apa": office.TheAssociation, "apcc": office.TheAssociation, "association of police and crime commissioners": office.TheAssociation,
	}
	twice := map[string]bool{}
	for _, b := range office.BuiltIn() {
		for _, name := range []string{b.Slug, b.Code, b.Short, b.Name} {
			key := text.Fold(name)
			if had, ok := found[key]; ok && had != b.Slug {
				twice[key] = true
			}
			found[key] = b.Slug
		}
	}
	for key := range twice {
		delete(found, key)
	}
	delete(found, "")
	return found
})

func importValue(f *fault.Faults, cell string) (money.Pence, bool) {
	if cell == "" || text.Letters(cell) == "notvalued" {
		return 0, false
	}
	p, err := money.ParsePence(cell)
	if err != nil {
		f.Add("value", "“%s” is not an amount. Enter it like 1,234.56, or enter “not valued”.", text.Short(cell))
		return 0, false
	}
	return p, true
}

// ImportTrial is what a file would do to the schedule.
type ImportTrial struct {
	Items         []Item // the rows without a fault
	Faults        []RowFault
	Repeats       int // of Items: the same, word for word, as an item that stands or an earlier row
	Before, After ScheduleSummary
}

// Good reports whether the file can be imported as it is.
func (t ImportTrial) Good() bool { return len(t.Faults) == 0 && len(t.Items) > 0 }

// TryImport reads a file and tells what it would do. It stores nothing. After
// is without a hash: the items have no numbers yet.
func TryImport(ctx context.Context, tx *db.Tx, by office.Viewer, file []byte) (t ImportTrial, err error) {
	if err := mayKeepSchedule(by); err != nil {
		return t, err
	}
	if t.Items, t.Faults, err = ParseItems(file); err != nil {
		return t, err
	}
	present, err := Items(ctx, tx, record.Moment{}, ItemFilter{}, 0, 0)
	if err != nil {
		return t, err
	}
	sum, seen := newTally(), map[itemContent]bool{}
	for _, i := range present.Items {
		if err := sum.add(i); err != nil {
			return t, err
		}
		if i.Standing() {
			seen[i.content()] = true
		}
	}
	t.Before = sum.summary()
	for _, i := range t.Items {
		i.Status = ItemProposed
		if err := sum.add(i); err != nil {
			return t, err
		}
		if seen[i.content()] {
			t.Repeats++
		}
		seen[i.content()] = true
	}
	t.After = sum.summary()
	t.After.Hash = ""
	return t, nil
}

// ImportItems adds all items of a file, or none, as one event, and returns the
// event's number.
func ImportItems(ctx context.Context, tx *db.Tx, by office.Viewer, items []Item) (n int64, err error) {
	if err := mayKeepSchedule(by); err != nil {
		return 0, err
	}
	if items, err = importable(items); err != nil {
		return 0, err
	}
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		if err := scheduleOpen(ctx, tx); err != nil {
			return err
		}
		said := []record.Part{record.Detail(map[string]int{"items": len(items)})}
		for _, c := range items {
			i, err := insertItem(ctx, tx, by, c)
			if err != nil {
				return err
			}
			said = append(said, record.Now(i.subject(), i))
		}
		if n, err = record.Add(ctx, tx, by, "schedule.import", "schedule", said...); err != nil {
			return err
		}
		return statementMoved(ctx, tx, fmt.Sprintf("%s added to the schedule from a file (entry %s)", wereItems(len(items)), text.Thousands(n)))
	})
	return n, err
}

func wereItems(n int) string {
	if n == 1 {
		return "1 item was"
	}
	return text.Thousands(int64(n)) + " items were"
}

// importable checks every item again: what was shown in a preview may have
// been changed on its way back.
func importable(items []Item) ([]Item, error) {
	switch {
	case len(items) == 0:
		return nil, fault.Field("file", "The file has no items.")
	case len(items) > MaxImportRows:
		return nil, fault.Field("file", "The file has more than %s rows. Split it into several files.", text.Thousands(MaxImportRows))
	}
	out := make([]Item, len(items))
	for n, i := range items {
		checked, err := i.check()
		if err != nil {
			return nil, fault.Field("file", "Nothing was imported. There is a problem with item %d of the file. %s", n+1, err)
		}
		out[n] = checked
	}
	return out, nil
}
