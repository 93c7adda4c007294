package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
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
	_, known := BodyOf(f.Body)
	return f.Kind != "" && !slices.Contains(ItemKinds, f.Kind) || f.Status != "" && !slices.Contains(ItemStatuses, f.Status) || f.Body != "" && !known
}

// soughtWords are the words looked for, folded, of at most 200 characters in all.
func soughtWords(text string) []string {
	plain := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, " "))
	if r := []rune(plain); len(r) > 200 {
		plain = string(r[:200])
	}
	return strings.Fields(Fold(plain))
}

// has is the filter in Go, for a past moment; where is the same in SQL.
func (f ItemFilter) has(i Item) bool {
	if f.Kind != "" && i.Kind != f.Kind || f.Status != "" && i.Status != f.Status || f.Open && !i.Open() ||
		f.Body != "" && i.Before != f.Body && i.After != f.Body {
		return false
	}
	folded := i.folded()
	return !slices.ContainsFunc(soughtWords(f.Words), func(w string) bool { return !strings.Contains(folded, w) })
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
	for _, w := range soughtWords(f.Words) {
		arg(`folded LIKE ? ESCAPE '\'`, "%"+likeEscaped(w)+"%")
	}
	return " WHERE " + strings.Join(all, " AND "), args
}

// ItemPage is one page of a list of items, by number.
type ItemPage struct {
	Items    []Item
	Matching int64 // on all pages
	Next     int64 // the number to continue after, 0 when this is the last page
}

// ScheduleAt is the schedule as its page shows it, read at one time.
type ScheduleAt struct {
	Handover Handover
	Page     ItemPage
	Listed   int64 // items of the whole list
}

// ScheduleAt reads the schedule's page at a moment: see Items.
func (s *Store) ScheduleAt(ctx context.Context, m Moment, f ItemFilter, after int64, most int) (a ScheduleAt, err error) {
	err = s.read(ctx, func(s *Store) error {
		if a.Handover, err = s.Handover(ctx, m); err != nil {
			return err
		}
		if a.Page, err = s.Items(ctx, a.Handover.Moment, f, after, most); err != nil {
			return err
		}
		all, err := s.Items(ctx, a.Handover.Moment, ItemFilter{}, 0, 1)
		a.Listed = all.Matching
		return err
	})
	return a, err
}

// Items lists the items that a filter chooses, by number: up to most of them,
// all when most is 0, that come after a number.
func (s *Store) Items(ctx context.Context, m Moment, f ItemFilter, after int64, most int) (p ItemPage, err error) {
	if f.none() {
		return p, nil
	}
	err = s.read(ctx, func(s *Store) error {
		if m.Past {
			p, err = s.itemsThen(ctx, m, f, after, most)
		} else {
			p, err = s.itemsNow(ctx, f, after, most)
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
func (s *Store) itemsNow(ctx context.Context, f ItemFilter, after int64, most int) (p ItemPage, err error) {
	where, args := f.where()
	if p.Matching, err = one(ctx, s, scanInto[int64], `SELECT COUNT(*) FROM items`+where, args...); err != nil {
		return p, err
	}
	limit := ""
	if most > 0 {
		limit = fmt.Sprintf(" LIMIT %d", most+1)
	}
	args = append(args, after)
	p.Items, err = list(ctx, s, scanItem, fmt.Sprintf(`SELECT %s FROM items%s AND id > $%d ORDER BY id%s`, itemCols, where, len(args), limit), args...)
	return p, err
}

// itemsThen is itemsNow for a past moment, read from the record.
func (s *Store) itemsThen(ctx context.Context, m Moment, f ItemFilter, after int64, most int) (p ItemPage, err error) {
	all, err := s.pastItems(ctx, m)
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
func (s *Store) pastItems(ctx context.Context, m Moment) ([]Item, error) {
	all, err := pastRows[Item](ctx, s, "item", m.Event)
	slices.SortFunc(all, func(a, b Item) int { return cmp.Compare(a.ID, b.ID) })
	return all, err
}

// Item finds one item. One that was added after the moment is not found.
func (s *Store) Item(ctx context.Context, m Moment, id int64) (Item, error) {
	if m.Past {
		return thingThen[Item](ctx, s, fmt.Sprintf("item/%d", id), m)
	}
	return one(ctx, s, scanItem, `SELECT `+itemCols+` FROM items WHERE id = $1`, id)
}

// thingThen reads one thing as it stood at a past moment.
func thingThen[T any](ctx context.Context, s *Store, thing string, m Moment) (v T, err error) {
	n, err := one(ctx, s, scanInto[int64], `SELECT COALESCE(MAX(n), 0) FROM event_rows WHERE thing = $1 AND n <= $2`, thing, m.Event)
	if err != nil {
		return v, err
	}
	e, err := s.Event(ctx, n) // there is no event 0: not found
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(e.read().Now[thing], &v); err != nil {
		return v, fmt.Errorf("%s in event %d: %w", thing, n, err)
	}
	return v, nil
}

// itemLedger holds the schedule to the record.
var itemLedger = ledger{"item", func(ctx context.Context, s *Store) (map[string]any, error) {
	return rowsOf(ctx, s, scanItem, `SELECT `+itemCols+` FROM items`, func(i Item) (string, any) { return i.subject(), i })
}}

// ItemAt is one item as its page shows it, read at one time.
type ItemAt struct {
	Handover Handover
	Item     Item
	History  Listing
}

// ItemAt reads the page of an item at a moment, with up to most of its events.
func (s *Store) ItemAt(ctx context.Context, m Moment, id int64, most int) (a ItemAt, err error) {
	err = s.read(ctx, func(s *Store) error {
		if a.Handover, err = s.Handover(ctx, m); err != nil {
			return err
		}
		if a.Item, err = s.Item(ctx, a.Handover.Moment, id); err != nil {
			return err
		}
		a.History, err = s.Listing(ctx, EventFilter{Subject: a.Item.subject(), UpTo: a.Handover.Moment.Day}, most)
		return err
	})
	return a, err
}
