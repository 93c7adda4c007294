package holidays

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Move is one day that a bank holiday moves.
type Move struct {
	Ref  string    `json:"ref"`  // what has the deadline: "question/2013-001"
	What string    `json:"what"` // which of its days, in words
	From civil.Day `json:"from"`
	To   civil.Day `json:"to"`

	Title string `json:"-"`
	Href  string `json:"-"`
}

// Words say what moves from which day to which.
func (m Move) Words() string {
	return fmt.Sprintf("%s %s, before %s.", m.What, orUntold(m.To), orUntold(m.From))
}

func orUntold(d civil.Day) string {
	if d == "" {
		return "a date that cannot be worked out"
	}
	return d.String()
}

// OfEvent is a bank holiday as an event of it tells.
func OfEvent(e record.Event) (h Holiday) {
	if json.Unmarshal(e.Read().Now[e.Subject], &h) != nil {
		return Holiday{} // verify reports what cannot be read
	}
	return h
}

// ProposalOfEvent is a proposal of a bank holiday as an event of it tells.
func ProposalOfEvent(e record.Event) (p Proposal) {
	if json.Unmarshal(e.Read().Now[e.Subject], &p) != nil {
		return Proposal{} // verify reports what cannot be read
	}
	return p
}

// MovesOf are the days that an event of a bank holiday moved.
func MovesOf(e record.Event) []Move {
	var said struct{ Moves []Move }
	if e.Topic != "holiday" || json.Unmarshal(e.Read().Detail, &said) != nil {
		return nil
	}
	return said.Moves
}

// A Mover finds what a change of the calendar moves in its subject. Do keeps
// what is kept of it, in the write of the act.
type Mover func(ctx context.Context, tx *db.Tx, was, now civil.Calendar) (moves []Move, do func(ctx context.Context, tx *db.Tx, by office.Viewer, h Holiday) error, err error)

// movers are those of every subject, as they are registered.
var movers db.Slot[[]Mover]

// RegisterMovers sets what finds the days that a bank holiday moves.
func RegisterMovers(tx *db.Tx, all []Mover) { *movers.Of(tx) = all }

// Form is what an administrator writes down of a bank holiday.
type Form struct {
	Day          civil.Day
	Name, Source string
}

// Outlook is what adding or removing a bank holiday would do.
type Outlook struct {
	Holiday
	Moves []Move
	after []func(ctx context.Context, tx *db.Tx, by office.Viewer, h Holiday) error
}

// errCounted is why a day cannot be changed that has begun.
func errCounted(d, today civil.Day, what string) error {
	when := "has passed"
	if d == today {
		when = "is today"
	}
	return fault.Field("day", "%s: %s %s. Choose a day after %s.", what, d, when, today)
}

// check tidies what was written and says what is wrong with it by itself.
func (f *Form) check(today civil.Day, was civil.Calendar) error {
	var faults fault.Faults
	f.Name, f.Source = text.OneLine(f.Name), text.OneLine(f.Source)
	civil.CheckDay(&faults, "day", "the date of the bank holiday", f.Day)
	if len(faults) == 0 {
		if err := faults.Take("day", checkDay(f.Day, today, was)); err != nil {
			return err
		}
	}
	text.Tidy(&faults, "name", "the name of the bank holiday", f.Name, true, 100)
	text.Tidy(&faults, "source", "the proclamation or notice", f.Source, true, 300)
	return faults.Err()
}

func checkDay(d, today civil.Day, was civil.Calendar) error {
	_, last := civil.Known()
	had, found := was.Holiday(d)
	switch {
	case found:
		return fault.Field("day", "%s is already a bank holiday: %s.", d, had.Name)
	case d <= today:
		return errCounted(d, today, "You can no longer add this")
	case d > last:
		return fault.Field("day", "Choose a day before the end of %s.", last)
	case d.Weekend():
		return fault.Field("day", "%s is not a working day. Enter the working day on which the bank holiday is taken.", d.Long())
	}
	return nil
}

// Foresee is what adding a bank holiday would do, or why it cannot be added.
func Foresee(ctx context.Context, tx *db.Tx, by office.Viewer, form Form) (o Outlook, err error) {
	if err := mayKeep(by); err != nil {
		return o, err
	}
	err = tx.Read(ctx, func(tx *db.Tx) error {
		was, err := Added(ctx, tx)
		if err != nil {
			return err
		}
		stand := standing(was)
		if err := form.check(civil.DayOf(tx.Now()), calendar(stand)); err != nil {
			return err
		}
		o.Holiday = Holiday{ID: int64(len(was)) + 1, Day: form.Day, Name: form.Name, Source: form.Source, Person: by.Person, Office: by.Office, At: tx.Now()}
		return o.find(ctx, tx, calendar(stand), calendar(append(stand, o.Holiday)))
	})
	return o, err
}

// ForeseeRemoval is what removing the bank holiday of a day would do, or why it
// cannot be removed.
func ForeseeRemoval(ctx context.Context, tx *db.Tx, by office.Viewer, day civil.Day, reason string) (o Outlook, err error) {
	if err := mayKeep(by); err != nil {
		return o, err
	}
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if o.Holiday, err = Find(ctx, tx, day); err != nil {
			return err
		}
		if err := o.MayRemove(civil.DayOf(tx.Now())); err != nil {
			return err
		}
		var f fault.Faults
		reason = text.OneLine(reason)
		text.Tidy(&f, "reason", "the reason", reason, true, 300)
		if err := f.Err(); err != nil {
			return err
		}
		o.Removed = &Removal{Reason: reason, Person: by.Person, Office: by.Office, At: tx.Now()}
		was, err := Added(ctx, tx)
		if err != nil {
			return err
		}
		var left []Holiday
		for _, h := range standing(was) {
			if h.Day != day {
				left = append(left, h)
			}
		}
		return o.find(ctx, tx, calendar(standing(was)), calendar(left))
	})
	return o, err
}

// Find finds the bank holiday that was added on a day and stands.
func Find(ctx context.Context, tx *db.Tx, day civil.Day) (Holiday, error) {
	h, found, err := db.Maybe(ctx, tx, scanHoliday, `SELECT `+holidayCols+` FROM bank_holidays WHERE day = $1 AND stands = TRUE`, day)
	if err == nil && !found {
		err = fault.NotFound.Errorf("No bank holiday was added on that day. Look for it in the list of bank holidays.")
	}
	return h, err
}

// keep stores how the bank holiday stands, records the act with all that it
// moves, and moves it.
func (o *Outlook) keep(ctx context.Context, tx *db.Tx, by office.Viewer, act, query string) error {
	row, err := text.Canonical(o.Holiday)
	if err != nil {
		return err
	}
	if err := tx.Change(ctx, query, o.ID, o.Day, o.Removed == nil, string(row)); err != nil {
		return err
	}
	if _, err := record.Add(ctx, tx, by, act, o.Subject(), record.Detail(map[string]any{"moves": o.Moves}), record.NowRow(o.Subject(), row)); err != nil {
		return err
	}
	for _, do := range o.after {
		if err := do(ctx, tx, by, o.Holiday); err != nil {
			return err
		}
	}
	return nil
}

// find asks every subject what the change moves.
func (o *Outlook) find(ctx context.Context, tx *db.Tx, was, now civil.Calendar) error {
	o.Moves = []Move{}
	for _, mover := range *movers.Of(tx) {
		moves, do, err := mover(ctx, tx, was, now)
		if err != nil {
			return err
		}
		o.Moves, o.after = append(o.Moves, moves...), append(o.after, do)
	}
	return nil
}

func mayKeep(by office.Viewer) error {
	if !by.Can(office.KeepHolidays) {
		return fault.Forbidden.Errorf("Only an administrator can add or remove bank holidays.")
	}
	return nil
}

// standing are those that were not removed.
func standing(all []Holiday) (some []Holiday) {
	for _, h := range all {
		if h.Removed == nil {
			some = append(some, h)
		}
	}
	return some
}
