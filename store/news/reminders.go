package news

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/holidays"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/outbox"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/scrutiny"
)

// Reminders are made once a day, from this hour in London on, of what falls due
// on the day or within a few working days.
const (
	remindFrom   = 7 // o’clock
	remindBefore = 3 // working days
)

// Remind puts the reminders of today in the outbox: to those who answer for a
// body, of what it owes; to those who vote, of the votes that close. Each matter
// is told to a person once before its day, and once on it.
func Remind(ctx context.Context, tx *db.Tx) error {
	now := tx.Now()
	today := civil.DayOf(now)
	if !tx.Options.Mail || now.Before(today.Start().Add(remindFrom*time.Hour)) {
		return nil
	}
	var done civil.Day
	var all []outbox.Mail
	err := tx.Read(ctx, func(tx *db.Tx) (err error) {
		if done, err = db.One(ctx, tx, db.ScanInto[civil.Day], `SELECT reminded FROM mail_state WHERE id = 1`); err != nil || done >= today {
			return err
		}
		days, err := holidays.Calendar(ctx, tx)
		if err != nil {
			return err
		}
		until := soon(days, today)
		if all, err = chargeReminders(ctx, tx, today, until); err != nil {
			return err
		}
		votes, err := voteReminders(ctx, tx, today, until)
		all = append(all, votes...)
		return err
	})
	if err != nil || done >= today {
		return err
	}
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		if err := outbox.SaveReminded(ctx, tx, done, today); err != nil {
			return err
		}
		for _, m := range all {
			if err := outbox.Enqueue(ctx, tx, m); err != nil {
				return err
			}
		}
		return nil
	})
	if fault.KindOf(err) == fault.Conflict {
		return nil // another process made them
	}
	return err
}

// soon is the last day that is reminded of today.
func soon(days civil.Calendar, today civil.Day) civil.Day {
	d, err := days.Add(today, remindBefore)
	if err != nil {
		return today.Add(remindBefore + 2) // of a year whose bank holidays are not known
	}
	return d
}

// reminder is one mail about one matter that falls due.
func reminder(matter string, person int64, due, today civil.Day, title, href, why string) outbox.Mail {
	key, when := "before", "on "+due.String()
	if due == today {
		key, when = "on", "today"
	}
	return outbox.Mail{Key: fmt.Sprintf("due/%s/%s/%s/%d", matter, due, key, person), Kind: outbox.Reminder, Person: person, Title: "Due " + when + ": " + title,
		Words: "It is due " + when + ".", Href: href, Why: why, Until: due.End()}
}

func chargeReminders(ctx context.Context, tx *db.Tx, today, until civil.Day) (all []outbox.Mail, err error) {
	due, err := db.List(ctx, tx, scrutiny.ScanCharge, `SELECT `+scrutiny.ChargeCols+` FROM charges c WHERE c.open = $1 AND c.due >= $2 AND c.due <= $3 ORDER BY c.due, c.kind, c.ref`, true, today, until)
	if err != nil {
		return nil, err
	}
	held := map[string][]office.Appointment{}
	for _, c := range due {
		if _, had := held[c.Body]; !had {
			if held[c.Body], err = officersOf(ctx, tx, c.Body, office.AnswerQuestions, today); err != nil {
				return nil, err
			}
		}
		for _, a := range held[c.Body] {
			all = append(all, reminder(c.Kind+"/"+c.Ref, a.Person, c.Due, today, c.Name(), c.Href(), "You answer for "+office.ShortName(c.Body)+", as "+a.Office.Title+"."))
		}
	}
	return all, nil
}

// officersOf are the appointments at a body, in force on a day, whose offices
// have a permission.
func officersOf(ctx context.Context, tx *db.Tx, body string, p office.Permission, on civil.Day) ([]office.Appointment, error) {
	all, err := office.AppointmentsAt(ctx, tx, body)
	return slices.DeleteFunc(all, func(a office.Appointment) bool { return !a.InForce(on) || !a.Office.Kind.May(p) }), err
}

// voteReminders are of the open votes that close within the days of reminders,
// to everyone who may vote and has not.
func voteReminders(ctx context.Context, tx *db.Tx, today, until civil.Day) (all []outbox.Mail, err error) {
	open, err := db.List(ctx, tx, decisions.Scan, `SELECT d.decision FROM decisions d WHERE d.status = 'open' AND d.closes_at > $1 AND d.closes_at <= $2 ORDER BY d.id`, db.Stamp(tx.Now()), db.Stamp(until.End()))
	if err != nil || len(open) == 0 {
		return nil, err
	}
	voters, err := db.List(ctx, tx, office.ScanAppointment, `SELECT `+office.AppointmentCols+office.AppointmentFrom+`WHERE a.status = 'confirmed' AND a.from_day <= $1 AND (a.to_day = '' OR a.to_day >= $1) ORDER BY a.id`, today)
	if err != nil {
		return nil, err
	}
	voters = slices.DeleteFunc(voters, func(a office.Appointment) bool { return !a.Office.Kind.May(office.VoteOnDecisions) })
	for _, d := range open {
		closes := civil.DayOf(d.ClosesAt.Add(-time.Microsecond))
		for _, a := range voters {
			v := office.Viewer{Person: a.Person, Name: a.Name, Office: a.Office, Offices: []office.Office{a.Office}}
			at, err := decisions.Glance(ctx, tx, v, d)
			if err != nil {
				return nil, err
			}
			voted := slices.ContainsFunc(at.Ballots, func(b authority.Ballot) bool {
				return b.Counts() && b.Role == authority.Votes && b.Elector == at.Mine.Elector
			})
			if !voted && slices.Contains(at.Open(v), decisions.ActVote) {
				all = append(all, reminder("decision/"+d.Ref, a.Person, closes, today, "vote on decision "+d.Ref+": "+d.Title, d.Href(), "You may vote on it, as "+a.Office.Title+"."))
			}
		}
	}
	return all, nil
}
