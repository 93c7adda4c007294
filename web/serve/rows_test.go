package serve

import (
	"cmp"
	"slices"
	"testing"

	"github.com/police-ict/handover/store/db"
)

func TestRowsInMemoryAreSortedAndPaged(t *testing.T) {
	type row struct{ n, group int }
	var rows []row
	for n := range 60 {
		rows = append(rows, row{n, n % 2})
	}
	by := map[string]func(a, b row) int{"n": func(a, b row) int { return cmp.Compare(a.n, b.n) }, "group": func(a, b row) int { return cmp.Compare(a.group, b.group) }}
	for _, k := range []struct {
		sort        db.Sort
		page, count int
		first       row
	}{
		{db.Sort{Key: "n"}, 1, db.PageRows, row{0, 0}}, {db.Sort{Key: "n", Down: true}, 1, db.PageRows, row{59, 1}},
		{db.Sort{Key: "n"}, 3, 60 - 2*db.PageRows, row{50, 0}}, {db.Sort{Key: "group", Down: true}, 1, db.PageRows, row{1, 1}}, {db.Sort{Key: "group"}, 2, db.PageRows, row{50, 0}},
	} {
		shown, pages, err := RowsOf(slices.Clone(rows), k.sort, k.page, by)
		if err != nil || pages != 3 || len(shown) != k.count || shown[0] != k.first {
			t.Errorf("%+v: %d rows of %d pages from %+v, %v", k, len(shown), pages, shown, err)
		}
	}
	if _, _, err := RowsOf(rows, db.Sort{Key: "n"}, 4, by); err == nil {
		t.Error("a page after the last is shown")
	}
	if shown, pages, err := RowsOf([]row(nil), db.Sort{Key: "n"}, 1, by); err != nil || pages != 1 || len(shown) != 0 {
		t.Errorf("no rows are %d rows of %d pages, %v", len(shown), pages, err)
	}
}
