package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/mail"
	"strings"
	"time"
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

const personCols = `id, name, email, password <> '', added_at, added_n`

func scanPerson(r row) (p Person, err error) {
	return p, r.Scan(&p.ID, &p.Name, &p.Email, &p.Ready, (*stamp)(&p.AddedAt), &p.AddedN)
}

// Person finds one person.
func (s *Store) Person(ctx context.Context, id int64) (Person, error) {
	return one(ctx, s, scanPerson, `SELECT `+personCols+` FROM people WHERE id = $1`, id)
}

// People lists up to most people whose name holds q, by name, after the one
// named last.
func (s *Store) People(ctx context.Context, q string, after Person, most int) ([]Person, error) {
	return list(ctx, s, scanPerson, fmt.Sprintf(`SELECT %s FROM people
		WHERE (name_key > $1 OR name_key = $1 AND id > $2) AND name_key LIKE $3 ESCAPE '\' ORDER BY name_key, id LIMIT %d`, personCols, most),
		Fold(after.Name), after.ID, "%"+likeEscaped(Fold(q))+"%")
}

// FindPerson finds a person by e-mail address.
func (s *Store) FindPerson(ctx context.Context, email string) (Person, error) {
	p, found, err := maybe(ctx, s, scanPerson, `SELECT `+personCols+` FROM people WHERE email_key = $1`, Fold(email))
	if err == nil && !found {
		err = NotFound.Errorf("No person has the address %s.", short(email))
	}
	return p, err
}

// AddPerson adds a person and returns the token of their invitation, which is
// shown once and kept only as a hash.
func (s *Store) AddPerson(ctx context.Context, by Viewer, name, email string) (id int64, token string, err error) {
	name, email = strings.TrimSpace(name), strings.TrimSpace(email)
	var f Faults
	text(&f, "name", "the person’s name", name, true, 120)
	if a, err := mail.ParseAddress(email); err != nil || a.Address != email || len(email) > 200 {
		f.Add("email", "Give an e-mail address, like name@example.org.")
	}
	if err := f.Err(); err != nil {
		return 0, "", err
	}
	if err := mayKeepPeople(by); err != nil {
		return 0, "", err
	}
	token = rand.Text() + rand.Text()
	err = s.write(ctx, func(s *Store) error {
		if _, found, err := maybe(ctx, s, scanInto[int64], `SELECT id FROM people WHERE email_key = $1`, Fold(email)); err != nil {
			return err
		} else if found {
			return Field("email", "Someone with that address is already here.")
		}
		id, err = one(ctx, s, scanInto[int64], `INSERT INTO people (name, email, email_key, name_key, password, added_at, added_n)
			VALUES ($1, $2, $3, $4, '', $5, $6) RETURNING id`, name, email, Fold(email), Fold(name), stamp(s.Now()), s.NextEvent())
		if err != nil {
			return err
		}
		subject := fmt.Sprintf("person/%d", id)
		if _, err := s.record(ctx, by, "person.add", subject, now(subject, map[string]any{"id": id, "erased": false}),
			seal("name", []byte(name)), seal("email", []byte(email))); err != nil {
			return err
		}
		return s.invite(ctx, by, id, token)
	})
	return id, token, err
}

// Invite makes a fresh invitation, for someone who lost the first or forgot
// their password. Earlier ones stop working.
func (s *Store) Invite(ctx context.Context, by Viewer, person int64) (token string, err error) {
	if err := mayKeepPeople(by); err != nil {
		return "", err
	}
	token = rand.Text() + rand.Text()
	err = s.write(ctx, func(s *Store) error {
		p, err := s.Person(ctx, person)
		if err != nil {
			return err
		}
		if p.Name == "" {
			return Conflict.Errorf("This person’s details were erased, so they cannot be invited.")
		}
		if by.Person == person {
			return Forbidden.Errorf("Nobody invites themselves: change your password under your own account.")
		}
		if err := s.invite(ctx, by, person, token); err != nil {
			return err
		}
		_, err = s.record(ctx, by, "person.invite", fmt.Sprintf("person/%d", person))
		return err
	})
	return token, err
}

func (s *Store) invite(ctx context.Context, by Viewer, person int64, token string) error {
	if _, err := s.exec(ctx, `DELETE FROM invitations WHERE person = $1`, person); err != nil {
		return err
	}
	if err := s.change(ctx, `INSERT INTO invitations (hash, person, made_by, expires_at) VALUES ($1, $2, $3, $4)`,
		hashOf(token), person, by.Person, stamp(s.Now().Add(InvitationLasts))); err != nil {
		return err
	}
	return s.invitationMail(ctx, person, token)
}

var lapsed = NotFound.Errorf("This invitation was used, replaced or is older than 72 hours. Ask the administrator for a new one.")

// Invited finds the person whom an invitation is for.
func (s *Store) Invited(ctx context.Context, token string) (p Person, err error) {
	p, found, err := maybe(ctx, s, scanPerson, `SELECT `+personCols+` FROM people
		WHERE id = (SELECT person FROM invitations WHERE hash = $1 AND expires_at > $2)`, hashOf(token), stamp(s.Now()))
	if err == nil && !found {
		err = lapsed
	}
	return p, err
}

// AcceptInvitation sets the password of an invited person and uses the
// invitation up. All their sessions end. Where an administrator invited
// someone who had a password already, the offices that bind a body wait for a
// second person once more: whoever made the invitation could have taken it up.
func (s *Store) AcceptInvitation(ctx context.Context, token, password string) error {
	p, err := s.Invited(ctx, token)
	if err != nil {
		return err
	}
	if err := checkPassword(password, p.Email); err != nil {
		return err
	}
	hash, err := s.hashPassword(ctx, password)
	if err != nil {
		return err
	}
	return s.write(ctx, func(s *Store) error {
		madeBy, found, err := maybe(ctx, s, scanInto[int64], `SELECT made_by FROM invitations WHERE hash = $1 AND expires_at > $2`, hashOf(token), stamp(s.Now()))
		if err != nil {
			return err
		}
		if !found {
			return lapsed
		}
		if _, err := s.exec(ctx, `DELETE FROM invitations WHERE person = $1`, p.ID); err != nil {
			return err
		}
		if err := s.dropInvitations(ctx, p.ID); err != nil {
			return err
		}
		had, err := s.Person(ctx, p.ID)
		if err != nil {
			return err
		}
		if had.Ready && madeBy != 0 {
			if err := s.askAgain(ctx, p.ID, madeBy); err != nil {
				return err
			}
		}
		return s.setPassword(ctx, p.ID, hash)
	})
}

// askAgain lets the binding appointments of a person wait for a second person
// once more, who is not whoever made the invitation.
func (s *Store) askAgain(ctx context.Context, person, madeBy int64) error {
	all, err := s.AppointmentsOf(ctx, person)
	if err != nil {
		return err
	}
	today := DayOf(s.Now())
	for _, a := range all {
		if a.Status != AppointmentConfirmed || !a.Office.Kind.NeedsSecond() || a.To != "" && a.To < today {
			continue
		}
		a.Status, a.MadeBy, a.ConfirmedBy, a.ConfirmedAt, a.Reason = AppointmentProposed, madeBy, 0, time.Time{}, ""
		if err := s.change(ctx, `UPDATE appointments SET status = $1, made_by = $2, confirmed_by = 0, confirmed_at = NULL, reason = '' WHERE id = $3 AND status = $4`,
			a.Status, a.MadeBy, a.ID, AppointmentConfirmed); err != nil {
			return err
		}
		if _, err := s.record(ctx, Portal, "appointment.ask-again", a.subject(), about(a.Office.Body), now(a.subject(), a),
			detail(map[string]string{"why": "the person was invited to choose a password again"})); err != nil {
			return err
		}
	}
	return nil
}

// ChangePassword changes a person's own password. All their sessions end.
func (s *Store) ChangePassword(ctx context.Context, by Viewer, old, password string) error {
	p, err := s.Person(ctx, by.Person)
	if err != nil {
		return err
	}
	if err := s.ConfirmPassword(ctx, by, old); err != nil {
		var f Faults
		if err := f.Take("old", err); err != nil {
			return err
		}
		f[0].Field = "old"
		return f.Err()
	}
	if err := checkPassword(password, p.Email); err != nil {
		return err
	}
	hash, err := s.hashPassword(ctx, password)
	if err != nil {
		return err
	}
	return s.write(ctx, func(s *Store) error { return s.setPassword(ctx, by.Person, hash) })
}

func (s *Store) setPassword(ctx context.Context, person int64, hash string) error {
	if err := s.change(ctx, `UPDATE people SET password = $1 WHERE id = $2`, hash, person); err != nil {
		return err
	}
	if err := s.endSessions(ctx, person, ""); err != nil {
		return err
	}
	_, err := s.record(ctx, Viewer{System: "the person"}, "person.password", fmt.Sprintf("person/%d", person))
	return err
}

// ErasePerson removes a person's name and address for good, also from the
// sealed parts of the record. Every proof still holds. Only someone who holds
// no office, now or later, can be erased.
func (s *Store) ErasePerson(ctx context.Context, by Viewer, person int64, reason string) error {
	if err := mayKeepPeople(by); err != nil {
		return err
	}
	var f Faults
	text(&f, "reason", "the reason", reason, true, 500)
	if err := f.Err(); err != nil {
		return err
	}
	return s.write(ctx, func(s *Store) error {
		p, err := s.Account(ctx, person)
		if err != nil {
			return err
		}
		if err := p.MayErase(DayOf(s.Now())); err != nil {
			return err
		}
		if err := s.change(ctx, `UPDATE people SET name = '', email = '', name_key = '', email_key = $1, password = '' WHERE id = $2 AND name <> ''`,
			fmt.Sprintf("erased %d", person), person); err != nil {
			return err
		}
		if err := s.endSessions(ctx, person, ""); err != nil {
			return err
		}
		if _, err := s.exec(ctx, `DELETE FROM invitations WHERE person = $1`, person); err != nil {
			return err
		}
		if err := s.forgetMail(ctx, person); err != nil {
			return err
		}
		s.Hides()
		subject := fmt.Sprintf("person/%d", person)
		if _, err := s.exec(ctx, `DELETE FROM sealed WHERE n IN (SELECT n FROM events WHERE subject = $1)`, subject); err != nil {
			return err
		}
		_, err = s.record(ctx, by, "person.erase", subject, now(subject, map[string]any{"id": person, "erased": true}),
			detail(map[string]any{"reason": strings.TrimSpace(reason), "unsealed_event": p.AddedN}))
		return err
	})
}

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

var personLedger = ledger{"person", func(ctx context.Context, s *Store) (map[string]any, error) {
	return rowsOf(ctx, s, scanPerson, `SELECT `+personCols+` FROM people`, func(p Person) (string, any) {
		return fmt.Sprintf("person/%d", p.ID), map[string]any{"id": p.ID, "erased": p.Name == ""}
	})
}}
