package people

import (
	"context"
	"fmt"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Tables are what verify holds of people and their offices, column by column.
var Tables = []record.Table{
	{Name: "people", Columns: "id, name, email, email_key, name_key, added_at, added_n", Want: wantPeople},
	{Name: "appointments", Columns: "id, office, person, from_day, to_day, acting, status, made_by, made_at, confirmed_by, confirmed_at, reason",
		Want: record.OnePer("appointment", func(a office.Appointment, _ string) []any {
			return []any{a.ID, a.Office.ID, a.Person, a.From, a.To, a.Acting, a.Status, a.MadeBy, db.Stamp(a.MadeAt), a.ConfirmedBy, db.Stamp(a.ConfirmedAt), a.Reason}
		})},
	{Name: "people_requests", Columns: "id, kind, person, appointment, last_day, status, made_by, made_at, decided_by, decided_at, reason",
		Want: record.OnePer("request", func(r Request, _ string) []any {
			return []any{r.ID, r.Kind, r.Person, r.Appointment, r.Last, r.Status, r.MadeBy, db.Stamp(r.MadeAt), r.DecidedBy, db.Stamp(r.DecidedAt), r.Reason}
		})},
	{Name: "offices", Columns: "id, body, kind, title, seat", Want: wantOffices},
}

// wantPeople makes the row of each person from what was sealed of them.
func wantPeople(ctx context.Context, c *record.Checker, row func(...any)) error {
	type person struct {
		ID     int64 `json:"id"`
		Erased bool  `json:"erased"`
	}
	return record.EachTold(c, "person", func(p person, _ string) error {
		first := c.First(fmt.Sprintf("person/%d", p.ID))
		if p.Erased {
			row(p.ID, "", "", fmt.Sprintf("erased %d", p.ID), "", first.At, first.N)
			return nil
		}
		var said [2]string
		for i, part := range []string{"name", "email"} {
			_, words, _, err := record.Unseal(ctx, c.S, first.N, part)
			if err != nil {
				return err
			}
			said[i] = string(words)
		}
		row(p.ID, said[0], said[1], text.Fold(said[1]), text.Fold(said[0]), first.At, first.N)
		return nil
	})
}

// wantOffices are those to which somebody was ever appointed.
func wantOffices(_ context.Context, c *record.Checker, row func(...any)) error {
	seen := map[int64]bool{}
	return record.EachTold(c, "appointment", func(a office.Appointment, _ string) error {
		if o := a.Office; !seen[o.ID] {
			seen[o.ID] = true
			row(o.ID, o.Body, o.Kind, o.Title, o.Seat)
		}
		return nil
	})
}
