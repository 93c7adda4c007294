package search

import (
	"context"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/text"
)

// suppliersOnce leaves one result of each supplier, however many names it was
// published under.
func suppliersOnce(ctx context.Context, tx *db.Tx, exact []hit, ids []int64) ([]int64, error) {
	if len(ids) == 0 {
		return ids, nil
	}
	type row struct {
		id   int64
		href string
	}
	rows, err := db.List(ctx, tx, func(r db.Row) (one row, err error) { return one, r.Scan(&one.id, &one.href) },
		`SELECT d.id, d.href FROM search_docs d WHERE d.kind = $1 AND d.id IN (`+text.JoinNumbers(ids)+`) ORDER BY d.id`, string(Supplier))
	if err != nil {
		return nil, err
	}
	had, again := map[string]bool{}, map[int64]bool{}
	for _, h := range exact {
		had[h.Href] = true
	}
	for _, r := range rows {
		again[r.id], had[r.href] = had[r.href], true
	}
	return slices.DeleteFunc(ids, func(id int64) bool { return again[id] }), nil
}

// inLine is a part of a text on one line, its own lines apart.
func inLine(part string) string {
	var all []string
	for line := range strings.Lines(part) {
		if words := strings.Join(strings.Fields(line), " "); words != "" {
			all = append(all, words)
		}
	}
	return strings.Join(all, " · ")
}
