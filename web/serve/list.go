package serve

import (
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/text"
	pageview "github.com/police-ict/handover/views/page"
)

// Sorted are the parameters of a list that can be sorted and is read in pages:
// see AskedSort and AskedPageNumber.
func Sorted() Params { return One("sort", "page") }

// Keys are the keys that a list can be sorted by, in the order of its columns.
func Keys[T any](columns []Column[T]) (all []string) {
	for _, c := range columns {
		if c.Key != "" {
			all = append(all, c.Key)
		}
	}
	return all
}

// AskedSort is the order that an address asks for: one of the keys of a list,
// with a minus before it for downwards. None is usual.
func AskedSort(c echo.Context, f *fault.Faults, keys []string, usual db.Sort) db.Sort {
	asked := Asked(c, "sort")
	if asked == "" {
		return usual
	}
	s := db.SortOf(asked)
	for _, k := range keys {
		if s.Key == k {
			return s
		}
	}
	near, best := "", 3
	for _, k := range keys {
		if n := text.Distance(strings.ToLower(s.Key), k, 2); n < best && n <= len(k)/2 {
			near, best = k, n
		}
	}
	if near != "" {
		f.Add("sort", "This list cannot be sorted by “%s”. Did you mean “%s”?", shown(s.Key), near)
	} else {
		f.Add("sort", "This list cannot be sorted by “%s”. Choose from %s.", shown(s.Key), strings.Join(keys, ", "))
	}
	return usual
}

// AskedPageNumber is the page of a list that an address asks for, counted from 1.
// The store refuses one that the list does not have.
func AskedPageNumber(c echo.Context, f *fault.Faults) int {
	n, err := AskedNumber(c, "page", "Enter a page number of 1 or more.")
	if err != nil {
		f.Add("page", "%s", err)
	}
	return int(min(max(n, 1), db.PagesMost+1))
}

// Column is a column of a list, described once for its page and its CSV.
type Column[T any] = pageview.Column[T]
