package report

import (
	"context"
	"fmt"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/spend"
)

// LoadFilter is which loads are listed.
type LoadFilter struct {
	Body   string
	Status spend.Status
	Before int64 // loads with a lower number; 0 is all
	Drafts int64 // a person's drafts too
	Sort   db.Sort
	Page   int // counted from 1; 0 is read by Before, newest first
}

// where is the condition of a list of loads.
func (f LoadFilter) where() *db.Clauses {
	w := &db.Clauses{}
	if f.Body != "" {
		w.Add("body = ?", f.Body)
	}
	if f.Status != "" {
		w.Add("status = ?", string(f.Status))
	}
	if f.Before != 0 {
		w.Add("id < ?", f.Before)
	}
	if f.Drafts != 0 {
		w.Add("(n > 0 OR person = ? AND status = 'draft')", f.Drafts)
	} else {
		w.Add("n > 0")
	}
	return w
}

// Loads lists loads, newest first.
func Loads(ctx context.Context, tx *db.Tx, f LoadFilter, most int) ([]spend.Load, error) {
	w := f.where()
	return db.List(ctx, tx, spend.ScanLoad, fmt.Sprintf(`SELECT %s FROM loads%s ORDER BY id DESC LIMIT %d`, spend.LoadCols, w, most), w.Args...)
}

// loadSorts are the keys that the list of loads can be sorted by, each with the
// columns of an index: the rows hold all that is known of a file, so that going
// through all of them would take long.
var loadSorts = db.Order{"loaded": {"id"}, "file": {"body", "id"}, "status": {"status", "id"}}

// LoadSorts are those keys, in the order of the columns.
func LoadSorts() []string { return []string{"file", "status", "loaded"} }

// LoadsPage is one page of the list of loads.
type LoadsPage struct {
	Filter LoadFilter
	All    []spend.Load
	Count  int64 // as far as pages can be asked for
	Pages  int
	Next   int64 // Before of the next page where the list is read by numbers, 0 on the last
}

// LoadList reads one page of the list in the order of its filter.
func LoadList(ctx context.Context, tx *db.Tx, f LoadFilter, most int) (p LoadsPage, err error) {
	p.Filter = f
	err = tx.Read(ctx, func(tx *db.Tx) error {
		all := f
		all.Before = 0
		w := all.where()
		if p.Count, err = db.One(ctx, tx, db.ScanInto[int64], fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT id FROM loads%s LIMIT %d) AS chosen`, w, db.PagesMost*most+1), w.Args...); err != nil {
			return err
		}
		if p.Pages = db.PagesOf(p.Count, most); f.Before == 0 && f.Page > p.Pages {
			return db.NoSuchPage(f.Page, p.Pages)
		}
		if f.Before == 0 && f.Page > 0 {
			p.All, err = sortedLoads(ctx, tx, f, f.Page, most)
			return err
		}
		if p.All, err = Loads(ctx, tx, f, most+1); err == nil && len(p.All) > most {
			p.All = p.All[:most]
			p.Next = p.All[most-1].ID
		}
		return err
	})
	return p, err
}

func sortedLoads(ctx context.Context, tx *db.Tx, f LoadFilter, page, most int) ([]spend.Load, error) {
	w := f.where()
	order, err := loadSorts.By(f.Sort, "id DESC")
	if err != nil {
		return nil, err
	}
	return db.List(ctx, tx, spend.ScanLoad, `SELECT `+spend.LoadCols+` FROM loads`+w.String()+order+db.Span(page, most), w.Args...)
}

// EachLoad gives all loads of a filter in its order until yield says no, so many
// at once.
func EachLoad(ctx context.Context, tx *db.Tx, f LoadFilter, most int, yield func(spend.Load) bool) error {
	for page := 1; ; page++ {
		batch, err := sortedLoads(ctx, tx, f, page, most)
		if err != nil {
			return err
		}
		for _, l := range batch {
			if !yield(l) {
				return nil
			}
		}
		if len(batch) < most {
			return nil
		}
	}
}
