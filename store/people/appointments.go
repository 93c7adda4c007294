package people

import (
	"context"
	"fmt"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Appoint proposes, or where no second person is needed makes, an appointment.
// The first appointment at a body can be made on the command line only, and
// then takes effect by itself.
func Appoint(ctx context.Context, tx *db.Tx, by office.Viewer, a office.Appointment) (id int64, err error) {
	if err := office.MayKeepPeople(by); err != nil {
		return 0, err
	}
	a.Office = a.Office.Tidy()
	if err := a.Check(); err != nil {
		return 0, err
	}
	if by.Person != 0 && by.Person == a.Person {
		return 0, fault.Forbidden.Errorf("You cannot appoint yourself.")
	}
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		if err := notInThePast(by, a, civil.DayOf(tx.Now())); err != nil {
			return err
		}
		switch p, err := Find(ctx, tx, a.Person); {
		case err != nil:
			return err
		case p.Name == "":
			return fault.Conflict.Errorf("This person’s details were erased, so you cannot appoint them.")
		}
		others, err := office.CanConfirmAt(ctx, tx, a.Office.Body, civil.DayOf(tx.Now()), a.Person)
		if err != nil {
			return err
		}
		first := by.System == office.CommandLine.System && others == 0
		a.Status, a.MadeBy, a.MadeAt = office.Confirmed, by.Person, tx.Now()
		if a.Office.Kind.NeedsSecond() && !first {
			a.Status = office.Proposed
		}
		if a.Office.ID, err = office.FindOrMake(ctx, tx, a.Office); err != nil {
			return err
		}
		if err := office.Overlaps(ctx, tx, a); err != nil {
			return err
		}
		a.ID, err = db.One(ctx, tx, db.ScanInto[int64], `INSERT INTO appointments (office, person, from_day, to_day, acting, status, made_by, made_at, confirmed_by, reason)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '') RETURNING id`, a.Office.ID, a.Person, a.From, a.To, a.Acting, a.Status, a.MadeBy, db.Stamp(a.MadeAt))
		if err != nil {
			return err
		}
		id = a.ID
		_, err = record.Add(ctx, tx, by, "appointment.make", a.Subject(), record.About(a.Office.Body), record.Now(a.Subject(), a),
			record.Detail(map[string]bool{"first_at_body": first && a.Office.Kind.NeedsSecond()}))
		return err
	})
	return id, err
}

// notInThePast refuses an appointment of which a first day is already over. The
// command line enters those that are older than the portal.
func notInThePast(by office.Viewer, a office.Appointment, today civil.Day) error {
	if by.Person != 0 && a.From != "" && a.From < today {
		return fault.Field("from", "The first day must be today, %s, or later.", today)
	}
	return nil
}

// DecideAppointment confirms or refuses a proposed appointment. A refusal
// needs a reason.
func DecideAppointment(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, confirm bool, reason string) error {
	var f fault.Faults
	text.Tidy(&f, "reason", "the reason", reason, !confirm, 500)
	if err := f.Err(); err != nil {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		a, err := office.FindAppointment(ctx, tx, id)
		if err != nil {
			return err
		}
		chain, err := office.ReadChain(ctx, tx)
		if err != nil {
			return err
		}
		if err := a.MayConfirm(by, chain, civil.DayOf(tx.Now())); err != nil {
			return err
		}
		if confirm {
			if a, err = fromNowOn(ctx, tx, a); err != nil {
				return err
			}
		}
		act := "appointment.confirm"
		a.Status, a.ConfirmedBy, a.ConfirmedAt, a.Reason = office.Confirmed, by.Person, tx.Now(), strings.TrimSpace(reason)
		if !confirm {
			act, a.Status = "appointment.refuse", office.Refused
		}
		if err := tx.Change(ctx, `UPDATE appointments SET status = $1, confirmed_by = $2, confirmed_at = $3, reason = $4, from_day = $5 WHERE id = $6 AND status = $7`,
			a.Status, a.ConfirmedBy, db.Stamp(a.ConfirmedAt), a.Reason, a.From, id, office.Proposed); err != nil {
			return err
		}
		_, err = record.Add(ctx, tx, by, act, a.Subject(), record.About(a.Office.Body), record.Now(a.Subject(), a))
		return err
	})
}

// fromNowOn is an appointment that a person proposed, from the day on which it
// is confirmed at the soonest: until then it was nobody's. One that was
// confirmed before keeps its days.
func fromNowOn(ctx context.Context, tx *db.Tx, a office.Appointment) (office.Appointment, error) {
	today := civil.DayOf(tx.Now())
	if a.MadeBy == 0 || a.From >= today {
		return a, nil
	}
	before, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT COUNT(*) FROM events WHERE subject = $1 AND act IN ('appointment.confirm', 'appointment.ask-again')`, a.Subject())
	switch {
	case err != nil || before > 0:
		return a, err
	case a.To != "" && a.To < today:
		return a, fault.Conflict.Errorf("Its last day, %s, has passed. Refuse the appointment and ask for a new one.", a.To)
	}
	a.From = today
	return a, nil
}

// EndAppointment sets the last day of an appointment. An end before today is
// refused: what was done in the office stays done in it. Where the office binds
// its body, the end waits for a second person, and request is its number; the
// command line needs none.
func EndAppointment(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, last civil.Day) (request int64, err error) {
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		a, err := office.FindAppointment(ctx, tx, id)
		if err != nil {
			return err
		}
		today := civil.DayOf(tx.Now())
		if err := a.MayEnd(by, today); err != nil {
			return err
		}
		if err := CheckLast(a, last, today); err != nil {
			return err
		}
		if by.Person != 0 && a.Office.Kind.NeedsSecond() {
			request, err = ask(ctx, tx, by, Request{Kind: AskEnd, Person: a.Person, Appointment: a.ID, Last: last}, a.Office.Body)
			return err
		}
		return end(ctx, tx, by, a, last)
	})
	return request, err
}

// Resign sets the last day of one's own appointment. It needs no second person.
func Resign(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, last civil.Day) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		a, err := office.FindAppointment(ctx, tx, id)
		if err != nil {
			return err
		}
		today := civil.DayOf(tx.Now())
		if err := a.MayResign(by, today); err != nil {
			return err
		}
		if err := CheckLast(a, last, today); err != nil {
			return err
		}
		return end(ctx, tx, by, a, last)
	})
}

// CheckLast is the rule for the last day of an appointment.
func CheckLast(a office.Appointment, last, today civil.Day) error {
	switch {
	case last == "":
		return fault.Field("to", "Enter the last day.")
	case last < today.Add(-1):
		return fault.Field("to", "The last day must be yesterday or later.")
	case last < a.From.Add(-1):
		return fault.Field("to", "The appointment begins on %s. The last day cannot be earlier.", a.From)
	}
	return nil
}

// end sets the last day, and ends the sessions of someone who holds nothing now.
func end(ctx context.Context, tx *db.Tx, by office.Viewer, a office.Appointment, last civil.Day) error {
	if err := tx.Change(ctx, `UPDATE appointments SET to_day = $1 WHERE id = $2 AND to_day = $3`, last, a.ID, a.To); err != nil {
		return err
	}
	held, err := office.OfficesOn(ctx, tx, a.Person, civil.DayOf(tx.Now()))
	if err != nil {
		return err
	}
	if len(held) == 0 {
		if err := endSessions(ctx, tx, a.Person, ""); err != nil {
			return err
		}
	}
	a.To = last
	_, err = record.Add(ctx, tx, by, "appointment.end", a.Subject(), record.About(a.Office.Body), record.Now(a.Subject(), a))
	return err
}

// Tasks are the appointments, and what administrators ask for, that wait for a
// second person.
func Tasks(ctx context.Context, tx *db.Tx, v office.Viewer) (all []office.Task, err error) {
	if !v.Can(office.ConfirmAppointments) {
		return nil, nil
	}
	appointments, err := db.List(ctx, tx, office.ScanAppointment, `SELECT `+office.AppointmentCols+office.AppointmentFrom+`WHERE o.body = $1 AND a.status = 'proposed' ORDER BY a.id`, v.Office.Body)
	if err != nil {
		return nil, err
	}
	asked, err := AskedAt(ctx, tx, v.Office.Body)
	if err != nil || len(appointments)+len(asked) == 0 {
		return nil, err
	}
	chain, err := office.ReadChain(ctx, tx)
	if err != nil {
		return nil, err
	}
	today := civil.DayOf(tx.Now())
	for _, a := range appointments {
		if a.MayConfirm(v, chain, today) == nil {
			all = append(all, office.Task{Title: "Confirm an appointment: " + a.Office.Title, Due: a.From, Why: "A second person at the body confirms each appointment to this role.",
				Verb: "Read and confirm", Href: fmt.Sprintf("/appointments/%d", a.ID)})
		}
	}
	for _, r := range asked {
		if r.MayDecide(v, chain, today) == nil {
			all = append(all, office.Task{Title: text.Capital(r.Title()), Due: r.Last, Why: "An administrator has requested this. A second person at the body must agree.",
				Verb: "Read and decide", Href: r.Href()})
		}
	}
	return all, nil
}
