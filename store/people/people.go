// Package people keeps accounts, sessions and passwords, and makes, confirms and
// ends appointments.
package people

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/outbox"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Person is a human who may sign in. What they may do comes from their
// appointments, never from here.
type Person struct {
	ID      int64
	Name    string // "" once erased
	Email   string
	Ready   bool // has a password
	AddedAt time.Time
	AddedN  int64 // the event that added them; it holds name and address sealed
}

// InvitationLasts is how long an invitation can be taken up.
const InvitationLasts = 72 * time.Hour

// Cols are the columns that Scan reads.
const Cols = `id, name, email, password <> '', added_at, added_n`

// Scan reads a person from a row of Cols.
func Scan(r db.Row) (p Person, err error) {
	return p, r.Scan(&p.ID, &p.Name, &p.Email, &p.Ready, (*db.Stamp)(&p.AddedAt), &p.AddedN)
}

// Find finds one person.
func Find(ctx context.Context, tx *db.Tx, id int64) (Person, error) {
	return db.One(ctx, tx, Scan, `SELECT `+Cols+` FROM people WHERE id = $1`, id)
}

// People lists up to most people whose name holds q, by name, after the one
// named last.
func People(ctx context.Context, tx *db.Tx, q string, after Person, most int) ([]Person, error) {
	return db.List(ctx, tx, Scan, fmt.Sprintf(`SELECT %s FROM people
		WHERE (name_key > $1 OR name_key = $1 AND id > $2) AND name_key LIKE $3 ESCAPE '\' ORDER BY name_key, id LIMIT %d`, Cols, most),
		text.Fold(after.Name), after.ID, "%"+text.LikeEscaped(text.Fold(q))+"%")
}

// FindByEmail finds a person by e-mail address.
func FindByEmail(ctx context.Context, tx *db.Tx, email string) (Person, error) {
	p, found, err := db.Maybe(ctx, tx, Scan, `SELECT `+Cols+` FROM people WHERE email_key = $1`, text.Fold(email))
	if err == nil && !found {
		err = fault.NotFound.Errorf("Nobody has the email address %s.", text.Short(email))
	}
	return p, err
}

// CheckPerson says what is wrong with a name and an e-mail address.
func CheckPerson(name, email string) error {
	name, email = text.OneLine(name), text.OneLine(email)
	var f fault.Faults
	text.Tidy(&f, "name", "the person’s name", name, true, 120)
	if a, err := mail.ParseAddress(email); err != nil || a.Address != email || len(email) > 200 {
		f.Add("email", "Enter an email address, like name@example.org.")
	}
	return f.Err()
}

// Add adds a person and returns the token of their invitation, which is
// shown once and kept only as a hash.
func Add(ctx context.Context, tx *db.Tx, by office.Viewer, name, email string) (id int64, token string, err error) {
	name, email = text.OneLine(name), text.OneLine(email)
	if err := CheckPerson(name, email); err != nil {
		return 0, "", err
	}
	if err := office.MayKeepPeople(by); err != nil {
		return 0, "", err
	}
	token = rand.Text() + rand.Text()
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		if _, found, err := db.Maybe(ctx, tx, db.ScanInto[int64], `SELECT id FROM people WHERE email_key = $1`, text.Fold(email)); err != nil {
			return err
		} else if found {
			return fault.Field("email", "Someone already has this email address.")
		}
		id, err = db.One(ctx, tx, db.ScanInto[int64], `INSERT INTO people (name, email, email_key, name_key, password, added_at, added_n)
			VALUES ($1, $2, $3, $4, '', $5, $6) RETURNING id`, name, email, text.Fold(email), text.Fold(name), db.Stamp(tx.Now()), record.NextEvent(tx))
		if err != nil {
			return err
		}
		subject := fmt.Sprintf("person/%d", id)
		if _, err := record.Add(ctx, tx, by, "person.add", subject, record.Now(subject, map[string]any{"id": id, "erased": false}),
			record.Seal("name", []byte(name)), record.Seal("email", []byte(email))); err != nil {
			return err
		}
		return invite(ctx, tx, invitation{person: id, madeBy: by.Person, token: token})
	})
	return id, token, err
}

// Invite makes a fresh invitation, for someone who lost the first or forgot
// their password. Earlier ones stop working. Where the person holds an office
// that binds a body, an administrator cannot make it alone: request is then the
// number of what waits for a second person, who is given the token, and secret is
// the code without which that does not work.
func Invite(ctx context.Context, tx *db.Tx, by office.Viewer, person int64) (secret string, request int64, err error) {
	if err := office.MayKeepPeople(by); err != nil {
		return "", 0, err
	}
	fresh := rand.Text() + rand.Text()
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		p, err := Find(ctx, tx, person)
		if err != nil {
			return err
		}
		if p.Name == "" {
			return fault.Conflict.Errorf("This person’s details were erased, so you cannot invite them.")
		}
		if by.Person != 0 && by.Person == person {
			return fault.Forbidden.Errorf("You cannot invite yourself. Change your password in your account.")
		}
		held, err := binding(ctx, tx, person)
		if err != nil {
			return err
		}
		if by.Person != 0 && len(held) > 0 {
			secret = newCode()
			request, err = askInvitation(ctx, tx, by, person, held[0].Office.Body, secret)
			return err
		}
		if err := invite(ctx, tx, invitation{person: person, madeBy: by.Person, token: fresh}); err != nil {
			return err
		}
		secret = fresh
		_, err = record.Add(ctx, tx, by, "person.invite", fmt.Sprintf("person/%d", person))
		return err
	})
	return secret, request, err
}

// askAgain lets the binding appointments of a person wait for a second person
// once more, who is not whoever made the invitation.
func askAgain(ctx context.Context, tx *db.Tx, person, madeBy int64) error {
	all, err := binding(ctx, tx, person)
	if err != nil {
		return err
	}
	for _, a := range all {
		a.Status, a.MadeBy, a.ConfirmedBy, a.ConfirmedAt, a.Reason = office.Proposed, madeBy, 0, time.Time{}, ""
		if err := tx.Change(ctx, `UPDATE appointments SET status = $1, made_by = $2, confirmed_by = 0, confirmed_at = NULL, reason = '' WHERE id = $3 AND status = $4`,
			a.Status, a.MadeBy, a.ID, office.Confirmed); err != nil {
			return err
		}
		if _, err := record.Add(ctx, tx, office.Portal, "appointment.ask-again", a.Subject(), record.About(a.Office.Body), record.Now(a.Subject(), a),
			record.Detail(map[string]string{"why": "one administrator alone invited the person to choose a password"})); err != nil {
			return err
		}
	}
	return nil
}

// ChangePassword changes a person's own password. All their sessions end.
func ChangePassword(ctx context.Context, tx *db.Tx, by office.Viewer, old, password string) error {
	p, err := Find(ctx, tx, by.Person)
	if err != nil {
		return err
	}
	if err := ConfirmPassword(ctx, tx, by, old); err != nil {
		var f fault.Faults
		if err := f.Take("old", err); err != nil {
			return err
		}
		f[0].Field = "old"
		return f.Err()
	}
	hash, err := newPassword(ctx, tx, p, password)
	if err != nil {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error { return setPassword(ctx, tx, by.Person, hash) })
}

// setPassword sets a password, and tells of it by mail where it replaces another.
func setPassword(ctx context.Context, tx *db.Tx, person int64, hash string) error {
	was, err := db.One(ctx, tx, db.ScanInto[string], `SELECT password FROM people WHERE id = $1`, person)
	if err != nil {
		return err
	}
	if err := tx.Change(ctx, `UPDATE people SET password = $1 WHERE id = $2`, hash, person); err != nil {
		return err
	}
	if err := endSessions(ctx, tx, person, ""); err != nil {
		return err
	}
	n := record.NextEvent(tx)
	if _, err := record.Add(ctx, tx, office.Viewer{System: "the person"}, "person.password", fmt.Sprintf("person/%d", person)); err != nil || was == "" {
		return err
	}
	return passwordMail(ctx, tx, person, n)
}

// Erase removes a person's name and address for good, also from the
// sealed parts of the record. Every proof still holds. Only someone who holds
// no office, now or later, can be erased.
func Erase(ctx context.Context, tx *db.Tx, by office.Viewer, person int64, reason string) error {
	if err := office.MayKeepPeople(by); err != nil {
		return err
	}
	var f fault.Faults
	text.Tidy(&f, "reason", "the reason", reason, true, 500)
	if err := f.Err(); err != nil {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		p, err := ReadAccount(ctx, tx, person)
		if err != nil {
			return err
		}
		if err := p.MayErase(civil.DayOf(tx.Now())); err != nil {
			return err
		}
		if err := tx.Change(ctx, `UPDATE people SET name = '', email = '', name_key = '', email_key = $1, password = '' WHERE id = $2 AND name <> ''`,
			fmt.Sprintf("erased %d", person), person); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, person, ""); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM invitations WHERE person = $1`, person); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM typed WHERE person = $1`, person); err != nil {
			return err
		}
		if err := outbox.ForgetMail(ctx, tx, person); err != nil {
			return err
		}
		record.Hides(tx)
		subject := fmt.Sprintf("person/%d", person)
		if err := record.EraseSealed(ctx, tx, subject); err != nil {
			return err
		}
		_, err = record.Add(ctx, tx, by, "person.erase", subject, record.Now(subject, map[string]any{"id": person, "erased": true}),
			record.Detail(map[string]any{"reason": strings.TrimSpace(reason), "unsealed_event": p.AddedN}))
		return err
	})
}

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// PersonLedger holds its rows to the record.
var PersonLedger = record.Ledger{Topic: "person", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, Scan, `SELECT `+Cols+` FROM people`, func(p Person) (string, any) {
		return fmt.Sprintf("person/%d", p.ID), map[string]any{"id": p.ID, "erased": p.Name == ""}
	})
}}
