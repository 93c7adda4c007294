package people

import (
	"context"
	"crypto/rand"
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

// AskKind is what an administrator asks a second person to agree to.
type AskKind string

// The kinds of request.
const (
	AskEnd        AskKind = "end"
	AskInvitation AskKind = "invitation"
)

// AskStatus is where a request stands.
type AskStatus string

// The statuses of a request. Only an agreed one has effect.
const (
	Asked    AskStatus = "proposed"
	Agreed   AskStatus = "agreed"
	Declined AskStatus = "refused"
)

// Request is what an administrator asked for and cannot do alone. Its JSON is
// its public row.
type Request struct {
	ID          int64     `json:"id"`
	Kind        AskKind   `json:"kind"`
	Person      int64     `json:"person"`
	Appointment int64     `json:"appointment,omitempty"` // that is to end
	Last        civil.Day `json:"to,omitempty"`          // its last day
	Status      AskStatus `json:"status"`
	MadeBy      int64     `json:"made_by"`
	MadeAt      time.Time `json:"made_at"`
	DecidedBy   int64     `json:"decided_by,omitempty"`
	DecidedAt   time.Time `json:"decided_at,omitzero"`
	Reason      string    `json:"reason,omitempty"` // why it was refused

	Name   string               `json:"-"` // of the person
	Maker  string               `json:"-"`
	Office office.Office        `json:"-"` // that is to end
	Held   []office.Appointment `json:"-"` // of the person, that bind a body
}

// Subject names the request in the record.
func (r Request) Subject() string { return fmt.Sprintf("request/%d", r.ID) }

// Href is the page of the request.
func (r Request) Href() string { return fmt.Sprintf("/appointments/requests/%d", r.ID) }

// Title is what is asked for, in words.
func (r Request) Title() string {
	if r.Kind == AskEnd {
		return "end the appointment to " + r.Office.Title + " on " + r.Last.String()
	}
	return "let " + r.Name + " choose a new password"
}

// At reports whether the request is a matter of a body.
func (r Request) At(body string) bool {
	if r.Kind == AskEnd {
		return r.Office.Body == body
	}
	return slices.ContainsFunc(r.Held, func(a office.Appointment) bool { return a.Office.Body == body })
}

// MayDecide says whether v may agree to the request or refuse it, or why not:
// a second person of a body that it binds. Someone may agree to their own end.
func (r Request) MayDecide(v office.Viewer, c office.Chain, on civil.Day) error {
	switch {
	case r.Status != Asked:
		return fault.Conflict.Errorf("This request is already %s.", r.Status)
	case v.Person != 0 && v.Person == r.Person && r.Kind == AskEnd && v.Person != r.MadeBy:
		return nil
	case v.Person != 0 && v.Person == r.Person:
		return fault.Forbidden.Errorf("You cannot agree to your own invitation. Change your password in your account.")
	case !r.At(v.Office.Body):
		return fault.NotFound.Errorf("There is no such request at your body.")
	}
	return c.SecondPerson(v, v.Office.Body, r.MadeBy, on)
}

const (
	requestCols = `r.id, r.kind, r.person, r.appointment, r.last_day, r.status, r.made_by, r.made_at, r.decided_by, r.decided_at, r.reason`
	requestFrom = ` FROM people_requests r `
)

func scanRequest(r db.Row) (q Request, err error) {
	return q, r.Scan(&q.ID, &q.Kind, &q.Person, &q.Appointment, &q.Last, &q.Status, &q.MadeBy, (*db.Stamp)(&q.MadeAt), &q.DecidedBy, (*db.Stamp)(&q.DecidedAt), &q.Reason)
}

// RequestLedger holds the requests to the record.
var RequestLedger = record.Ledger{Topic: "request", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanRequest, `SELECT `+requestCols+requestFrom, func(r Request) (string, any) { return r.Subject(), r })
}}

// FindRequest finds one request with what it is about.
func FindRequest(ctx context.Context, tx *db.Tx, id int64) (r Request, err error) {
	r, found, err := db.Maybe(ctx, tx, scanRequest, `SELECT `+requestCols+requestFrom+`WHERE r.id = $1`, id)
	if err == nil && !found {
		err = fault.NotFound.Errorf("There is no such request.")
	}
	if err != nil {
		return r, err
	}
	return told(ctx, tx, r)
}

// told adds the names that a request is told with.
func told(ctx context.Context, tx *db.Tx, r Request) (Request, error) {
	p, err := Find(ctx, tx, r.Person)
	if err != nil {
		return r, err
	}
	maker, err := Find(ctx, tx, r.MadeBy)
	if err != nil {
		return r, err
	}
	r.Name, r.Maker = p.Name, maker.Name
	if r.Kind == AskEnd {
		a, err := office.FindAppointment(ctx, tx, r.Appointment)
		r.Office = a.Office
		return r, err
	}
	r.Held, err = binding(ctx, tx, r.Person)
	return r, err
}

// binding are the confirmed appointments of a person, now or to come, that bind
// a body.
func binding(ctx context.Context, tx *db.Tx, person int64) ([]office.Appointment, error) {
	all, err := office.AppointmentsOf(ctx, tx, person)
	today := civil.DayOf(tx.Now())
	return slices.DeleteFunc(all, func(a office.Appointment) bool {
		return a.Status != office.Confirmed || !a.Office.Kind.NeedsSecond() || a.To != "" && a.To < today
	}), err
}

// AskedAt lists the requests that wait for a second person of a body.
func AskedAt(ctx context.Context, tx *db.Tx, body string) (at []Request, err error) {
	all, err := db.List(ctx, tx, scanRequest, `SELECT `+requestCols+requestFrom+`WHERE r.status = $1 ORDER BY r.id`, Asked)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		if r, err = told(ctx, tx, r); err != nil {
			return nil, err
		}
		if r.At(body) {
			at = append(at, r)
		}
	}
	return at, nil
}

// OpenRequests lists what waits for a second person about somebody.
func OpenRequests(ctx context.Context, tx *db.Tx, person int64) (all []Request, err error) {
	all, err = db.List(ctx, tx, scanRequest, `SELECT `+requestCols+requestFrom+`WHERE r.status = $1 AND r.person = $2 ORDER BY r.id`, Asked, person)
	for i := range all {
		if err == nil {
			all[i], err = told(ctx, tx, all[i])
		}
	}
	return all, err
}

// ask makes a request, unless the same waits already.
func ask(ctx context.Context, tx *db.Tx, by office.Viewer, r Request, about string) (int64, error) {
	had, err := OpenRequests(ctx, tx, r.Person)
	if err != nil {
		return 0, err
	}
	if i := slices.IndexFunc(had, func(h Request) bool { return h.Kind == r.Kind && h.Appointment == r.Appointment }); i >= 0 {
		return 0, fault.Conflict.Errorf("This has been waiting for a second person since %s.", civil.DayOf(had[i].MadeAt))
	}
	r.Status, r.MadeBy, r.MadeAt = Asked, by.Person, tx.Now()
	r.ID, err = db.One(ctx, tx, db.ScanInto[int64], `INSERT INTO people_requests (kind, person, appointment, last_day, status, made_by, made_at, decided_by, reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '') RETURNING id`, r.Kind, r.Person, r.Appointment, r.Last, r.Status, r.MadeBy, db.Stamp(r.MadeAt))
	if err != nil {
		return 0, err
	}
	_, err = record.Add(ctx, tx, by, "request.make", r.Subject(), record.About(about), record.Now(r.Subject(), r))
	return r.ID, err
}

// DecideRequest agrees to a request, which then takes effect, or refuses it with
// the reason. The token of an invitation is for whoever agreed to hand over.
func DecideRequest(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, agree bool, reason string) (token string, err error) {
	var f fault.Faults
	text.Tidy(&f, "reason", "the reason", reason, !agree, 500)
	if err := f.Err(); err != nil {
		return "", err
	}
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		token = ""
		r, err := FindRequest(ctx, tx, id)
		if err != nil {
			return err
		}
		chain, err := office.ReadChain(ctx, tx)
		if err != nil {
			return err
		}
		if err := r.MayDecide(by, chain, civil.DayOf(tx.Now())); err != nil {
			return err
		}
		act := "request.agree"
		r.Status, r.DecidedBy, r.DecidedAt, r.Reason = Agreed, by.Person, tx.Now(), strings.TrimSpace(reason)
		if !agree {
			act, r.Status = "request.refuse", Declined
		}
		if err := tx.Change(ctx, `UPDATE people_requests SET status = $1, decided_by = $2, decided_at = $3, reason = $4 WHERE id = $5 AND status = $6`,
			r.Status, r.DecidedBy, db.Stamp(r.DecidedAt), r.Reason, id, Asked); err != nil {
			return err
		}
		code, err := spendCode(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := record.Add(ctx, tx, by, act, r.Subject(), record.About(by.Office.Body), record.Now(r.Subject(), r)); err != nil || !agree {
			return err
		}
		token, err = r.carryOut(ctx, tx, by, code)
		return err
	})
	return token, err
}

// carryOut does what a second person agreed to. Code is the hash of the half of
// an invitation that whoever asked for it has.
func (r Request) carryOut(ctx context.Context, tx *db.Tx, by office.Viewer, code string) (token string, err error) {
	if r.Kind == AskEnd {
		a, err := office.FindAppointment(ctx, tx, r.Appointment)
		if err != nil {
			return "", err
		}
		today := civil.DayOf(tx.Now())
		if a.Status != office.Confirmed || a.To != "" && a.To < today {
			return "", fault.Conflict.Errorf("This appointment is %s, so it cannot be ended.", a.State(today))
		}
		return "", end(ctx, tx, by, a, max(r.Last, today.Add(-1), a.From.Add(-1)))
	}
	if code == "" { // asked for before there were codes
		return "", fault.Conflict.Errorf("This request is from before invitations had codes. Refuse it, and ask the administrator to make a new one.")
	}
	token = rand.Text() + rand.Text()
	if err := invite(ctx, tx, invitation{person: r.Person, madeBy: r.MadeBy, agreedBy: by.Person, token: token, code: code}); err != nil {
		return "", err
	}
	_, err = record.Add(ctx, tx, by, "person.invite", fmt.Sprintf("person/%d", r.Person))
	return token, err
}
