package handover

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/text"
)

// ItemFilter chooses items. Empty fields choose all.
type ItemFilter struct {
	Kind   ItemKind
	Status ItemStatus
	Body   string // slug of the holder before or after
	Open   bool   // only what stands against the handover
	Words  string // all of them in its title, its evidence or its holders' names
}

// none reports whether the filter names what cannot be, so that nothing a
// stranger types reaches the database.
func (f ItemFilter) none() bool {
	_, known := office.BodyOf(f.Body)
	return f.Kind != "" && !slices.Contains(ItemKinds, f.Kind) || f.Status != "" && !slices.Contains(ItemStatuses, f.Status) || f.Body != "" && !known
}

// has is the filter in Go, for a past moment; where is the same in SQL.
func (f ItemFilter) has(i Item) bool {
	if f.Kind != "" && i.Kind != f.Kind || f.Status != "" && i.Status != f.Status || f.Open && !i.Open() ||
		f.Body != "" && i.Before != f.Body && i.After != f.Body {
		return false
	}
	folded := i.folded()
	return !slices.ContainsFunc(text.SoughtWords(f.Words), func(w string) bool { return !strings.Contains(folded, w) })
}

func (f ItemFilter) where() (string, []any) {
	all, args := []string{"1 = 1"}, []any{}
	arg := func(clause string, v any) {
		args = append(args, v)
		all = append(all, strings.ReplaceAll(clause, "?", fmt.Sprintf("$%d", len(args))))
	}
	if f.Kind != "" {
		arg("kind = ?", f.Kind)
	}
	if f.Status != "" {
		arg("status = ?", f.Status)
	}
	if f.Body != "" {
		arg("(holder_before = ? OR holder_after = ?)", f.Body)
	}
	if f.Open {
		all = append(all, "status NOT IN ('excepted', 'withdrawn') AND (holder_after = '' OR evidence = '')")
	}
	for _, w := range text.SoughtWords(f.Words) {
		arg(`folded LIKE ? ESCAPE '\'`, "%"+text.LikeEscaped(w)+"%")
	}
	return " WHERE " + strings.Join(all, " AND "), args
}

// ItemsPage is one page of a list of items, by number.
type ItemsPage struct {
	Items    []Item
	Matching int64 // on all pages
	Next     int64 // the number to continue after, 0 when this is the last page
}

// SchedulePage is the schedule as its page shows it, read at one time.
type SchedulePage struct {
	Handover Handover
	Page     ItemsPage
	Listed   int64 // items of the whole list
}

// ReadSchedulePage reads the schedule's page at a moment: see Items.
func ReadSchedulePage(ctx context.Context, tx *db.Tx, m record.Moment, f ItemFilter, after int64, most int) (a SchedulePage, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if a.Handover, err = Read(ctx, tx, m); err != nil {
			return err
		}
		if a.Page, err = Items(ctx, tx, a.Handover.Moment, f, after, most); err != nil {
			return err
		}
		all, err := Items(ctx, tx, a.Handover.Moment, ItemFilter{}, 0, 1)
		a.Listed = all.Matching
		return err
	})
	return a, err
}

// Items lists the items that a filter chooses, by number: up to most of them,
// all when most is 0, that come after a number.
func Items(ctx context.Context, tx *db.Tx, m record.Moment, f ItemFilter, after int64, most int) (p ItemsPage, err error) {
	if f.none() {
		return p, nil
	}
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if m.Past {
			p, err = itemsThen(ctx, tx, m, f, after, most)
		} else {
			p, err = itemsNow(ctx, tx, f, after, most)
		}
		return err
	})
	if most > 0 && len(p.Items) > most {
		p.Items = p.Items[:most]
		p.Next = p.Items[most-1].ID
	}
	return p, err
}

// itemsNow reads one item more than most, to tell whether there is a next page.
func itemsNow(ctx context.Context, tx *db.Tx, f ItemFilter, after int64, most int) (p ItemsPage, err error) {
	where, args := f.where()
	if p.Matching, err = db.One(ctx, tx, db.ScanInto[int64], `SELECT COUNT(*) FROM items`+where, args...); err != nil {
		return p, err
	}
	limit := ""
	if most > 0 {
		limit = fmt.Sprintf(" LIMIT %d", most+1)
	}
	args = append(args, after)
	p.Items, err = db.List(ctx, tx, ScanItem, fmt.Sprintf(`SELECT %s FROM items%s AND id > $%d ORDER BY id%s`, ItemCols, where, len(args), limit), args...)
	return p, err
}

// itemsThen is itemsNow for a past moment, read from the record.
func itemsThen(ctx context.Context, tx *db.Tx, m record.Moment, f ItemFilter, after int64, most int) (p ItemsPage, err error) {
	all, err := pastItems(ctx, tx, m)
	for _, i := range all {
		if !f.has(i) {
			continue
		}
		p.Matching++
		if i.ID > after && (most == 0 || len(p.Items) <= most) {
			p.Items = append(p.Items, i)
		}
	}
	return p, err
}

// pastItems are all items as they stood at a past moment, by number.
func pastItems(ctx context.Context, tx *db.Tx, m record.Moment) ([]Item, error) {
	all, err := record.PastRows[Item](ctx, tx, "item", m.Event)
	slices.SortFunc(all, func(a, b Item) int { return cmp.Compare(a.ID, b.ID) })
	return all, err
}

// FindItem finds one item. One that was added after the moment is not found.
func FindItem(ctx context.Context, tx *db.Tx, m record.Moment, id int64) (Item, error) {
	if m.Past {
		return record.ThingThen[Item](ctx, tx, fmt.Sprintf("item/%d", id), m)
	}
	return db.One(ctx, tx, ScanItem, `SELECT `+ItemCols+` FROM items WHERE id = $1`, id)
}

// ItemLedger holds the schedule to the record.
var ItemLedger = record.Ledger{Topic: "item", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, ScanItem, `SELECT `+ItemCols+` FROM items`, func(i Item) (string, any) { return i.subject(), i })
}}

// ItemPage is one item as its page shows it, read at one time.
type ItemPage struct {
	Handover Handover
	Item     Item
	History  register.Listing
}

// ReadItemPage reads the page of an item at a moment, with up to most of its events.
func ReadItemPage(ctx context.Context, tx *db.Tx, m record.Moment, id int64, most int) (a ItemPage, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if a.Handover, err = Read(ctx, tx, m); err != nil {
			return err
		}
		if a.Item, err = FindItem(ctx, tx, a.Handover.Moment, id); err != nil {
			return err
		}
		a.History, err = register.ReadListing(ctx, tx, record.EventFilter{Subject: a.Item.subject(), UpTo: a.Handover.Moment.Day}, most)
		return err
	})
	return a, err
}
