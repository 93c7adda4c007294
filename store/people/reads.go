package people

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Account is a person with what they hold and where they are signed in.
type Account struct {
	Person
	Appointments []office.Appointment // newest first
	Sessions     []Session            // newest first
	Requests     []Request            // that wait for a second person
	Until        time.Time            // the last instant of their invitation; zero when they have none
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
func (a Account) InForce(on civil.Day) []office.Appointment {
	return slices.DeleteFunc(slices.Clone(a.Appointments), func(one office.Appointment) bool { return !one.InForce(on) })
}

// MayErase says whether the person's name and address may be erased, or why
// not: nobody can be while they hold or await an office.
func (a Account) MayErase(today civil.Day) error {
	if a.Name == "" {
		return fault.Conflict.Errorf("This person’s details have already been erased.")
	}
	for _, one := range a.Appointments {
		if one.Status != office.Refused && (one.To == "" || one.To >= today) {
			return fault.Conflict.Errorf("%s has an appointment. End every appointment first.", a.Name)
		}
	}
	return nil
}

// Outlook is what making an appointment would lead to.
type Outlook struct {
	office.Appointment
	Second     bool                 // a second person must confirm it
	Confirmers []office.Appointment // those who can today, one appointment for each person
}

// ReadAccount finds a person with all that they hold.
func ReadAccount(ctx context.Context, tx *db.Tx, person int64) (a Account, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if a.Person, err = Find(ctx, tx, person); err != nil {
			return err
		}
		if a.Appointments, err = office.AppointmentsOf(ctx, tx, person); err != nil {
			return err
		}
		if a.Sessions, err = SessionsOf(ctx, tx, person); err != nil {
			return err
		}
		if a.Requests, err = OpenRequests(ctx, tx, person); err != nil {
			return err
		}
		a.Until, _, err = db.Maybe(ctx, tx, ScanInstant, `SELECT expires_at FROM invitations WHERE person = $1`, person)
		return err
	})
	return a, err
}

// ScanInstant reads one instant.
func ScanInstant(r db.Row) (t time.Time, err error) { return t, r.Scan((*db.Stamp)(&t)) }

// DirectoryFilter is which people are listed, and in what order.
type DirectoryFilter struct {
	Words string // in the name
	After int64  // the person before the first, by name, where the list is read by numbers
	Sort  db.Sort
	Page  int // counted from 1; 0 is read by After
}

// directorySorts are the keys that people can be sorted by, each with the columns
// of an index.
var directorySorts = db.Order{"name": {"name_key", "id"}, "email": {"email_key"}, "added": {"id"}}

// DirectorySorts are those keys, in the order of the columns.
func DirectorySorts() []string { return []string{"added", "name", "email"} }

// DirectoryPage is one page of the people that a filter chooses.
type DirectoryPage struct {
	Filter DirectoryFilter
	All    []Account
	Count  int64 // as far as pages can be asked for
	Pages  int
	More   bool // people after these, where the list is read by numbers
}

// Directory reads one page of the people that a filter chooses.
func Directory(ctx context.Context, tx *db.Tx, f DirectoryFilter, most int) (p DirectoryPage, err error) {
	p.Filter = f
	err = tx.Read(ctx, func(tx *db.Tx) error {
		like := "%" + text.LikeEscaped(text.Fold(f.Words)) + "%"
		if p.Count, err = db.One(ctx, tx, db.ScanInto[int64], fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT id FROM people WHERE name_key LIKE $1 ESCAPE '\' LIMIT %d) AS chosen`, db.PagesMost*most+1), like); err != nil {
			return err
		}
		if p.Pages = db.PagesOf(p.Count, most); f.After == 0 && f.Page > p.Pages {
			return db.NoSuchPage(f.Page, p.Pages)
		}
		found, more, err := found(ctx, tx, f, like, most)
		if err != nil {
			return err
		}
		p.More = more
		p.All, err = accountsOf(ctx, tx, found)
		return err
	})
	return p, err
}

// found are the people of one page, and whether there are more after them.
func found(ctx context.Context, tx *db.Tx, f DirectoryFilter, like string, most int) (all []Person, more bool, err error) {
	if f.After == 0 && f.Page > 0 {
		order, err := directorySorts.By(f.Sort, "id")
		if err != nil {
			return nil, false, err
		}
		all, err = db.List(ctx, tx, Scan, `SELECT `+Cols+` FROM people WHERE name_key LIKE $1 ESCAPE '\'`+order+db.Span(f.Page, most), like)
		return all, false, err
	}
	var last Person
	if f.After != 0 {
		if last, err = Find(ctx, tx, f.After); err != nil {
			return nil, false, err
		}
	}
	if all, err = People(ctx, tx, f.Words, last, most+1); err == nil && len(all) > most {
		return all[:most], true, nil
	}
	return all, false, err
}

// accountsOf gives each of a few people their appointments and invitation.
func accountsOf(ctx context.Context, tx *db.Tx, found []Person) (all []Account, err error) {
	if len(found) == 0 {
		return nil, nil
	}
	var ids []any
	var places []string
	for i, p := range found {
		ids, places = append(ids, p.ID), append(places, fmt.Sprintf("$%d", i+1))
	}
	in := " IN (" + strings.Join(places, ", ") + ")"
	held, err := db.List(ctx, tx, office.ScanAppointment, `SELECT `+office.AppointmentCols+office.AppointmentFrom+`WHERE a.person`+in+` ORDER BY a.from_day DESC, a.id DESC`, ids...)
	if err != nil {
		return nil, err
	}
	type invitation struct {
		person int64
		until  time.Time
	}
	open, err := db.List(ctx, tx, func(r db.Row) (i invitation, err error) { return i, r.Scan(&i.person, (*db.Stamp)(&i.until)) },
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
func Foresee(ctx context.Context, tx *db.Tx, by office.Viewer, a office.Appointment) (o Outlook, err error) {
	a.Office = a.Office.Tidy()
	if err := a.Check(); err != nil {
		return o, err
	}
	if by.Person != 0 && by.Person == a.Person {
		return o, fault.Forbidden.Errorf("You cannot appoint yourself.")
	}
	if err := notInThePast(by, a, civil.DayOf(tx.Now())); err != nil {
		return o, err
	}
	err = tx.Read(ctx, func(tx *db.Tx) error {
		p, err := Find(ctx, tx, a.Person)
		if err != nil {
			return err
		}
		if p.Name == "" {
			return fault.Conflict.Errorf("This person’s details were erased, so you cannot appoint them.")
		}
		a.Name = p.Name
		id, found, err := db.Maybe(ctx, tx, db.ScanInto[int64], `SELECT id FROM offices WHERE body = $1 AND kind = $2 AND title = $3`, a.Office.Body, a.Office.Kind, a.Office.Title)
		if err != nil {
			return err
		}
		if a.Office.ID = id; found {
			if err := office.Overlaps(ctx, tx, a); err != nil {
				return err
			}
		}
		o = Outlook{Appointment: a, Second: a.Office.Kind.NeedsSecond()}
		chain, err := office.ReadChain(ctx, tx)
		o.Confirmers = chain.Seconds(a.Office.Body, by.Person, civil.DayOf(tx.Now()), a.Person)
		return err
	})
	return o, err
}

// Proposal is an appointment that awaits confirmation, and who made it.
type Proposal struct {
	office.Appointment
	Maker string // "" where the name was erased
	Chain office.Chain
	Today civil.Day
}

// MayConfirm says whether v may confirm the appointment today, or why not.
func (p Proposal) MayConfirm(v office.Viewer) error {
	return p.Appointment.MayConfirm(v, p.Chain, p.Today)
}

const proposalFrom = ` FROM appointments a JOIN offices o ON o.id = a.office JOIN people p ON p.id = a.person LEFT JOIN people m ON m.id = a.made_by `

func scanProposal(r db.Row) (p Proposal, err error) {
	p.Appointment, err = office.ScanAppointment(also{r, []any{&p.Maker}})
	if p.MadeBy == 0 {
		p.Maker = office.CommandLine.System
	}
	return p, err
}

// also scans the columns that follow those of the row's own scan.
type also struct {
	db.Row
	more []any
}

// Scan reads the rest of the row beside the columns before it.
func (a also) Scan(first ...any) error { return a.Row.Scan(append(first, a.more...)...) }

// ProposedAt lists the appointments at a body that await confirmation, oldest first.
func ProposedAt(ctx context.Context, tx *db.Tx, body string) ([]Proposal, error) {
	return db.List(ctx, tx, scanProposal, `SELECT `+office.AppointmentCols+`, COALESCE(m.name, '')`+proposalFrom+
		`WHERE o.body = $1 AND a.status = $2 ORDER BY a.made_at, a.id`, body, office.Proposed)
}

// ReadProposal finds an appointment at the body that v acts for. One at another
// body is not there for v.
func ReadProposal(ctx context.Context, tx *db.Tx, v office.Viewer, id int64) (p Proposal, err error) {
	p, err = db.One(ctx, tx, scanProposal, `SELECT `+office.AppointmentCols+`, COALESCE(m.name, '')`+proposalFrom+`WHERE a.id = $1 AND o.body = $2`, id, v.Office.Body)
	if err != nil {
		return p, err
	}
	p.Today = civil.DayOf(tx.Now())
	p.Chain, err = office.ReadChain(ctx, tx)
	return p, err
}

// ForeseeErasure finds the person to be erased, or tells why they cannot be.
func ForeseeErasure(ctx context.Context, tx *db.Tx, person int64, reason string) (a Account, err error) {
	var f fault.Faults
	text.Tidy(&f, "reason", "the reason", reason, true, 500)
	if err := f.Err(); err != nil {
		return a, err
	}
	if a, err = ReadAccount(ctx, tx, person); err != nil {
		return a, err
	}
	return a, a.MayErase(civil.DayOf(tx.Now()))
}

// AppointmentLedger holds its rows to the record.
var AppointmentLedger = record.Ledger{Topic: "appointment", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, office.ScanAppointment, `SELECT `+office.AppointmentCols+office.AppointmentFrom, func(a office.Appointment) (string, any) { return a.Subject(), a })
}}
