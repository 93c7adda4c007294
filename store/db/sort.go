package db

import (
	"fmt"
	"strings"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/text"
)

// PageRows is how many rows a page of a list shows.
const PageRows = 25

// PagesMost is how many pages of a list can be asked for by number. Whoever
// wants more of it filters it, or takes the CSV.
const PagesMost = 400

// Sort is the order that a list is asked for in: the key of one of its columns,
// downwards where the address has a minus before it.
type Sort struct {
	Key  string
	Down bool
}

// SortOf reads a sort as an address has it: date, or -date.
func SortOf(asked string) Sort {
	key, down := strings.CutPrefix(asked, "-")
	return Sort{key, down}
}

// String is the sort as an address has it.
func (s Sort) String() string {
	if s.Down {
		return "-" + s.Key
	}
	return s.Key
}

// Order is the SQL of each key that a list can be sorted by: no part of an
// address is ever in a query. No expression may be NULL, since the engines
// place it at different ends.
type Order map[string][]string

// By is the ORDER BY of a sort. Rows that are equal in it come in the order of
// tie, so that each page follows the one before.
func (o Order) By(s Sort, tie string) (string, error) {
	columns, ok := o[s.Key]
	if !ok {
		return "", fmt.Errorf("a list was to be sorted by %q, which it does not have", s.Key)
	}
	way := " ASC"
	if s.Down {
		way = " DESC"
	}
	return " ORDER BY " + strings.Join(columns, way+", ") + way + ", " + tie, nil
}

// Span is the part of a query that reads one page, counted from 1.
func Span(page, size int) string {
	return fmt.Sprintf(" LIMIT %d OFFSET %d", size, (max(page, 1)-1)*size)
}

// PagesOf is how many pages of a list can be asked for, at least one.
func PagesOf(count int64, size int) int {
	return int(min(max((count+int64(size)-1)/int64(size), 1), PagesMost))
}

// NoSuchPage refuses a page that a list does not have.
func NoSuchPage(page, pages int) error {
	return fault.Invalid.Errorf("The list has %s. There is no page %d.", text.Count(pages, "page", "pages"), page)
}
