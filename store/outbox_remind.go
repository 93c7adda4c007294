package store

import (
	"context"
	"fmt"
	"slices"
	"time"
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
func (s *Store) Remind(ctx context.Context) error {
	now := s.Now()
	today := DayOf(now)
	if !s.options.Mail || now.Before(today.Start().Add(remindFrom*time.Hour)) {
		return nil
	}
	var done Day
	var all []Mail
	err := s.read(ctx, func(s *Store) (err error) {
		if done, err = one(ctx, s, scanInto[Day], `SELECT reminded FROM mail_state WHERE id = 1`); err != nil || done >= today {
			return err
		}
		if all, err = s.chargeReminders(ctx, today); err != nil {
			return err
		}
		votes, err := s.voteReminders(ctx, today)
		all = append(all, votes...)
		return err
	})
	if err != nil || done >= today {
		return err
	}
	err = s.write(ctx, func(s *Store) error {
		if err := s.change(ctx, `UPDATE mail_state SET reminded = $1 WHERE id = 1 AND reminded = $2`, today, done); err != nil {
			return err
		}
		for _, m := range all {
			if err := s.enqueue(ctx, m); err != nil {
				return err
			}
		}
		return nil
	})
	if KindOf(err) == Conflict {
		return nil // another process made them
	}
	return err
}

// soon is the last day that is reminded of today.
func soon(today Day) Day {
	d, err := today.AddWorking(remindBefore)
	if err != nil {
		return today.Add(remindBefore + 2) // of a year whose bank holidays are not known
	}
	return d
}

// reminder is one mail about one matter that falls due.
func reminder(matter string, person int64, due, today Day, title, href, why string) Mail {
	key, when := "before", "on "+due.String()
	if due == today {
		key, when = "on", "today"
	}
	return Mail{key: fmt.Sprintf("due/%s/%s/%s/%d", matter, due, key, person), Kind: MailReminder, Person: person, Title: "Due " + when + ": " + title,
		Words: "It falls due " + when + ".", Href: href, Why: why, Until: due.End()}
}

func (s *Store) chargeReminders(ctx context.Context, today Day) (all []Mail, err error) {
	due, err := list(ctx, s, scanCharge, `SELECT `+chargeCols+` FROM charges c WHERE c.open = $1 AND c.due >= $2 AND c.due <= $3 ORDER BY c.due, c.kind, c.ref`, true, today, soon(today))
	if err != nil {
		return nil, err
	}
	held := map[string][]Appointment{}
	for _, c := range due {
		if _, had := held[c.Body]; !had {
			if held[c.Body], err = s.officersOf(ctx, c.Body, AnswerQuestions, today); err != nil {
				return nil, err
			}
		}
		for _, a := range held[c.Body] {
			all = append(all, reminder(c.Kind+"/"+c.Ref, a.Person, c.Due, today, c.name(), c.Href(), "You answer for "+ShortName(c.Body)+", as "+a.Office.Title+"."))
		}
	}
	return all, nil
}

// officersOf are the appointments at a body, in force on a day, whose offices
// have a permission.
func (s *Store) officersOf(ctx context.Context, body string, p Permission, on Day) ([]Appointment, error) {
	all, err := s.AppointmentsAt(ctx, body)
	return slices.DeleteFunc(all, func(a Appointment) bool { return !a.InForce(on) || !a.Office.Kind.May(p) }), err
}

// voteReminders are of the open votes that close within the days of reminders,
// to everyone who may vote and has not.
func (s *Store) voteReminders(ctx context.Context, today Day) (all []Mail, err error) {
	open, err := list(ctx, s, scanDecision, `SELECT d.decision FROM decisions d WHERE d.status = 'open' AND d.closes_at > $1 AND d.closes_at <= $2 ORDER BY d.id`, stamp(s.Now()), stamp(soon(today).End()))
	if err != nil || len(open) == 0 {
		return nil, err
	}
	voters, err := list(ctx, s, scanAppointment, `SELECT `+appointmentCols+appointmentFrom+`WHERE a.status = 'confirmed' AND a.from_day <= $1 AND (a.to_day = '' OR a.to_day >= $1) ORDER BY a.id`, today)
	if err != nil {
		return nil, err
	}
	voters = slices.DeleteFunc(voters, func(a Appointment) bool { return !a.Office.Kind.May(VoteOnDecisions) })
	for _, d := range open {
		closes := DayOf(d.ClosesAt.Add(-time.Microsecond))
		for _, a := range voters {
			v := Viewer{Person: a.Person, Name: a.Name, Office: a.Office, Offices: []Office{a.Office}}
			at, err := s.glance(ctx, v, d)
			if err != nil {
				return nil, err
			}
			voted := slices.ContainsFunc(at.Ballots, func(b Ballot) bool { return b.Counts() && b.Role == Votes && b.Elector == at.Mine.Elector })
			if !voted && slices.Contains(at.Open(v), CastVote) {
				all = append(all, reminder("decision/"+d.Ref, a.Person, closes, today, "vote on decision "+d.Ref+": "+d.Title, d.Href(), "You may vote on it, as "+a.Office.Title+"."))
			}
		}
	}
	return all, nil
}
