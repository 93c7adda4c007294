package serve

import (
	"slices"

	"github.com/police-ict/handover/store/db"
)

// RowsOf sorts rows that are held in memory, by the comparison of the key that
// is asked for, where they are, and takes one page of them. Equal rows keep
// their order.
func RowsOf[T any](rows []T, sort db.Sort, page int, by map[string]func(a, b T) int) (shown []T, pages int, err error) {
	if pages = db.PagesOf(int64(len(rows)), db.PageRows); page > pages {
		return nil, pages, db.NoSuchPage(page, pages)
	}
	slices.SortStableFunc(rows, func(a, b T) int {
		if sort.Down {
			a, b = b, a
		}
		return by[sort.Key](a, b)
	})
	from := min((max(page, 1)-1)*db.PageRows, len(rows))
	return rows[from:min(from+db.PageRows, len(rows))], pages, nil
}
