package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Account is a person with what they hold and where they are signed in.
type Account struct {
	Person
	Appointments []Appointment // newest first
	Sessions     []Session     // newest first
	Until        time.Time     // the last instant of their invitation; zero when they have none
}

// State is how far the person is with signing in, in a word or two.
func (a Account) State(now time.Time) string {
	switch {
	case a.Name == "":
		return "erased"
	case a.Ready:
		return "ready"
	case now.Before(a.Until):
		return "invited"
	}
	return "invitation lapsed"
}

// InForce lists the appointments that give permissions on a day.
func (a Account) InForce(on Day) []Appointment {
	return slices.DeleteFunc(slices.Clone(a.Appointments), func(one Appointment) bool { return !one.InForce(on) })
}

// MayErase says whether the person's name and address may be erased, or why
// not: nobody can be while they hold or await an office.
func (a Account) MayErase(today Day) error {
	if a.Name == "" {
		return Conflict.Errorf("This person’s details were erased already.")
	}
	for _, one := range a.Appointments {
		if one.Status != AppointmentRefused && (one.To == "" || one.To >= today) {
			return Conflict.Errorf("%s holds or awaits an office: end every appointment first.", a.Name)
		}
	}
	return nil
}

// MayEnd says whether v may set the last day of the appointment, or why not.
func (a Appointment) MayEnd(v Viewer, today Day) error {
	if err := mayKeepPeople(v); err != nil {
		return err
	}
	switch {
	case v.Person == a.Person:
		return Forbidden.Errorf("Nobody ends their own appointment: ask another administrator.")
	case a.Status != AppointmentConfirmed || a.To != "" && a.To < today:
		return Conflict.Errorf("This appointment is %s, so it cannot be ended.", a.State(today))
	}
	return nil
}

// Outlook is what making an appointment would lead to.
type Outlook struct {
	Appointment
	Second     bool          // a second person must confirm it
	Confirmers []Appointment // those who can today, one appointment for each person
}

// Account finds a person with all that they hold.
func (s *Store) Account(ctx context.Context, person int64) (a Account, err error) {
	err = s.read(ctx, func(s *Store) error {
		if a.Person, err = s.Person(ctx, person); err != nil {
			return err
		}
		if a.Appointments, err = s.AppointmentsOf(ctx, person); err != nil {
			return err
		}
		if a.Sessions, err = s.SessionsOf(ctx, person); err != nil {
			return err
		}
		a.Until, _, err = maybe(ctx, s, scanInstant, `SELECT expires_at FROM invitations WHERE person = $1`, person)
		return err
	})
	return a, err
}

func scanInstant(r row) (t time.Time, err error) { return t, r.Scan((*stamp)(&t)) }

// Directory lists up to most people whose name holds q, by name, after the
// person with an id (0 is from the start), and whether there are more.
func (s *Store) Directory(ctx context.Context, q string, after int64, most int) (all []Account, more bool, err error) {
	err = s.read(ctx, func(s *Store) (err error) {
		var last Person
		if after != 0 {
			if last, err = s.Person(ctx, after); err != nil {
				return err
			}
		}
		found, err := s.People(ctx, q, last, most+1)
		if err != nil {
			return err
		}
		if more = len(found) > most; more {
			found = found[:most]
		}
		all, err = s.accountsOf(ctx, found)
		return err
	})
	return all, more, err
}

// accountsOf gives each of a few people their appointments and invitation.
func (s *Store) accountsOf(ctx context.Context, found []Person) (all []Account, err error) {
	if len(found) == 0 {
		return nil, nil
	}
	var ids []any
	var places []string
	for i, p := range found {
		ids, places = append(ids, p.ID), append(places, fmt.Sprintf("$%d", i+1))
	}
	in := " IN (" + strings.Join(places, ", ") + ")"
	held, err := list(ctx, s, scanAppointment, `SELECT `+appointmentCols+appointmentFrom+`WHERE a.person`+in+` ORDER BY a.from_day DESC, a.id DESC`, ids...)
	if err != nil {
		return nil, err
	}
	type invitation struct {
		person int64
		until  time.Time
	}
	open, err := list(ctx, s, func(r row) (i invitation, err error) { return i, r.Scan(&i.person, (*stamp)(&i.until)) },
		`SELECT person, expires_at FROM invitations WHERE person`+in, ids...)
	if err != nil {
		return nil, err
	}
	for _, p := range found {
		a := Account{Person: p}
		for _, one := range held {
			if one.Person == p.ID {
				a.Appointments = append(a.Appointments, one)
			}
		}
		for _, i := range open {
			if i.person == p.ID {
				a.Until = i.until
			}
		}
		all = append(all, a)
	}
	return all, nil
}

// Foresee tells what an appointment would lead to, or why it cannot be made.
func (s *Store) Foresee(ctx context.Context, by Viewer, a Appointment) (o Outlook, err error) {
	a.Office = a.Office.Tidy()
	if err := a.check(); err != nil {
		return o, err
	}
	if by.Person != 0 && by.Person == a.Person {
		return o, Forbidden.Errorf("Nobody appoints themselves.")
	}
	err = s.read(ctx, func(s *Store) error {
		p, err := s.Person(ctx, a.Person)
		if err != nil {
			return err
		}
		if p.Name == "" {
			return Conflict.Errorf("This person’s details were erased, so they cannot be appointed.")
		}
		a.Name = p.Name
		id, found, err := maybe(ctx, s, scanInto[int64], `SELECT id FROM offices WHERE body = $1 AND kind = $2 AND title = $3`, a.Office.Body, a.Office.Kind, a.Office.Title)
		if err != nil {
			return err
		}
		if a.Office.ID = id; found {
			if err := s.overlaps(ctx, a); err != nil {
				return err
			}
		}
		o = Outlook{Appointment: a, Second: a.Office.Kind.NeedsSecond()}
		o.Confirmers, err = s.confirmers(ctx, a.Office.Body, a.Person, by.Person)
		return err
	})
	return o, err
}

// confirmers are the people at a body who could confirm an appointment today,
// leaving out some.
func (s *Store) confirmers(ctx context.Context, body string, but ...int64) (can []Appointment, err error) {
	all, err := s.AppointmentsAt(ctx, body)
	for _, a := range all {
		if a.InForce(DayOf(s.Now())) && a.Office.Kind.May(ConfirmAppointments) && !slices.Contains(but, a.Person) {
			can, but = append(can, a), append(but, a.Person)
		}
	}
	return can, err
}

// Proposal is an appointment that awaits confirmation, and who made it.
type Proposal struct {
	Appointment
	Maker string // "" where the name was erased
}

const proposalFrom = ` FROM appointments a JOIN offices o ON o.id = a.office JOIN people p ON p.id = a.person LEFT JOIN people m ON m.id = a.made_by `

func scanProposal(r row) (p Proposal, err error) {
	p.Appointment, err = scanAppointment(also{r, []any{&p.Maker}})
	if p.MadeBy == 0 {
		p.Maker = CommandLine.System
	}
	return p, err
}

// also scans the columns that follow those of the row's own scan.
type also struct {
	row
	more []any
}

func (a also) Scan(first ...any) error { return a.row.Scan(append(first, a.more...)...) }

// ProposedAt lists the appointments at a body that await confirmation, oldest first.
func (s *Store) ProposedAt(ctx context.Context, body string) ([]Proposal, error) {
	return list(ctx, s, scanProposal, `SELECT `+appointmentCols+`, COALESCE(m.name, '')`+proposalFrom+
		`WHERE o.body = $1 AND a.status = $2 ORDER BY a.made_at, a.id`, body, AppointmentProposed)
}

// Proposal finds an appointment at the body that v acts for. One at another
// body is not there for v.
func (s *Store) Proposal(ctx context.Context, v Viewer, id int64) (Proposal, error) {
	return one(ctx, s, scanProposal, `SELECT `+appointmentCols+`, COALESCE(m.name, '')`+proposalFrom+`WHERE a.id = $1 AND o.body = $2`, id, v.Office.Body)
}

// ForeseeErasure finds the person to be erased, or tells why they cannot be.
func (s *Store) ForeseeErasure(ctx context.Context, person int64, reason string) (a Account, err error) {
	var f Faults
	text(&f, "reason", "the reason", reason, true, 500)
	if err := f.Err(); err != nil {
		return a, err
	}
	if a, err = s.Account(ctx, person); err != nil {
		return a, err
	}
	return a, a.MayErase(DayOf(s.Now()))
}

var appointmentLedger = ledger{"appointment", func(ctx context.Context, s *Store) (map[string]any, error) {
	return rowsOf(ctx, s, scanAppointment, `SELECT `+appointmentCols+appointmentFrom, func(a Appointment) (string, any) { return a.subject(), a })
}}
