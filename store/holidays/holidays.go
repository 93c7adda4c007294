// Package holidays keeps the bank holidays that an administrator adds to those
// that are part of the program, and the calendar that both make.
package holidays

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Holiday is a bank holiday that was added. Its JSON is its public row.
type Holiday struct {
	ID      int64         `json:"id"`
	Day     civil.Day     `json:"day"`
	Name    string        `json:"name"`
	Source  string        `json:"source"` // the proclamation or the notice that it comes from
	Person  int64         `json:"person"`
	Office  office.Office `json:"office"`
	At      time.Time     `json:"at"`
	N       int64         `json:"event"`
	Removed *Removal      `json:"removed,omitempty"`

	ConfirmedBy int64 `json:"confirmed_by,omitempty"` // the second administrator
}

// Removal is that a bank holiday was taken out again, before it came.
type Removal struct {
	Reason string        `json:"reason"`
	Person int64         `json:"person"`
	Office office.Office `json:"office"`
	At     time.Time     `json:"at"`
	N      int64         `json:"event"`

	ConfirmedBy int64 `json:"confirmed_by,omitempty"` // the second administrator
}

// Href is where the list tells of the day.
func (h Holiday) Href() string { return "/bank-holidays#" + string(h.Day) }

// Subject names the bank holiday in the record.
func (h Holiday) Subject() string { return fmt.Sprintf("holiday/%d", h.ID) }

// MayRemove says why the bank holiday cannot be removed any more on a day.
func (h Holiday) MayRemove(today civil.Day) error {
	if h.Day <= today {
		return errCounted(h.Day, today, "You can no longer remove this")
	}
	return nil
}

const holidayCols = `holiday`

func scanHoliday(r db.Row) (h Holiday, err error) {
	var words string
	if err := r.Scan(&words); err != nil {
		return h, err
	}
	return text.FromJSON[Holiday](words)
}

// Ledger holds the bank holidays that were added to the record.
var Ledger = record.Ledger{Topic: "holiday", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanHoliday, `SELECT `+holidayCols+` FROM bank_holidays`, func(h Holiday) (string, any) { return h.Subject(), h })
}}

// Tables are what verify holds of bank holidays, column by column.
var Tables = []record.Table{
	{Name: "bank_holidays", Columns: "id, day, stands, holiday", Want: record.OnePer("holiday", func(h Holiday, words string) []any {
		return []any{h.ID, h.Day, h.Removed == nil, words}
	})},
	{Name: "bank_holiday_proposals", Columns: "id, day, status, proposal", Want: record.OnePer("holiday-proposal", func(p Proposal, words string) []any {
		return []any{p.ID, p.Day, p.Status, words}
	})},
}

// Added lists the bank holidays that were added, by day, with those that were
// removed again.
func Added(ctx context.Context, tx *db.Tx) ([]Holiday, error) {
	return db.List(ctx, tx, scanHoliday, `SELECT `+holidayCols+` FROM bank_holidays ORDER BY day, id`)
}

// Calendar is the working days as they are known now: whatever counts them asks
// it in the same transaction.
func Calendar(ctx context.Context, tx *db.Tx) (civil.Calendar, error) {
	days, err := db.List(ctx, tx, scanHoliday, `SELECT `+holidayCols+` FROM bank_holidays WHERE stands = TRUE ORDER BY day`)
	if err != nil {
		return civil.Calendar{}, err
	}
	return calendar(days), nil
}

func calendar(days []Holiday) civil.Calendar {
	plain := make([]civil.Holiday, len(days))
	for i, h := range days {
		plain[i] = civil.Holiday{Day: h.Day, Name: h.Name}
	}
	return civil.CalendarWith(plain...)
}

// Page is what the list of bank holidays shows.
type Page struct {
	Today civil.Day
	Known int64      // the last event that is known
	Days  []Listed   // by day, those that are part of the program among them
	Gone  []Holiday  // those that were removed before they came
	Waits []Proposal // that a second administrator has not decided
}

// Listed is a bank holiday as the list shows it.
type Listed struct {
	civil.Holiday
	Added *Holiday // nil of one that is part of the program
}

// Source is where the bank holiday comes from.
func (h Listed) Source() string {
	if h.Added == nil {
		return "As published on gov.uk, or by its usual rules"
	}
	return h.Added.Source
}

// Shown are the bank holidays of all years, or those of this year and the next
// with every one that was added.
func (p Page) Shown(all bool) (some []Listed) {
	year, _ := strconv.Atoi(string(p.Today[:4])) // a day begins with its year
	first, last := civil.Day(p.Today[:4]+"-01-01"), civil.Day(strconv.Itoa(year+1)+"-12-31")
	for _, h := range p.Days {
		if all || h.Day >= first && h.Day <= last || h.Added != nil {
			some = append(some, h)
		}
	}
	return some
}

// Read reads the list of bank holidays.
func Read(ctx context.Context, tx *db.Tx) (p Page, err error) {
	p.Today = civil.DayOf(tx.Now())
	err = tx.Read(ctx, func(tx *db.Tx) error {
		all, err := Added(ctx, tx)
		if err != nil {
			return err
		}
		added := map[civil.Day]*Holiday{}
		var stand []Holiday
		for _, h := range all {
			if h.Removed != nil {
				p.Gone = append(p.Gone, h)
				continue
			}
			added[h.Day] = &h
			stand = append(stand, h)
		}
		for _, h := range calendar(stand).Holidays(civil.Known()) {
			p.Days = append(p.Days, Listed{h, added[h.Day]})
		}
		if p.Waits, err = Waiting(ctx, tx); err != nil {
			return err
		}
		head, err := record.ReadHead(ctx, tx)
		p.Known = head.Size
		return err
	})
	return p, err
}
