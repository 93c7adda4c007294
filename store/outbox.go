package store

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// MailStatus is where a mail stands.
type MailStatus string

// The statuses of a mail.
const (
	MailWaiting MailStatus = "waiting"
	MailSent    MailStatus = "sent"
	MailGivenUp MailStatus = "given_up"
)

// The kinds of mail.
const (
	MailInvitation = "invitation"
	MailReminder   = "reminder"
	MailNews       = "news"
)

// Mail is one mail of the outbox. It holds titles and addresses that anyone may
// read, or an invitation; never a restricted text.
type Mail struct {
	ID     int64
	Kind   string
	Person int64
	To     string // the person’s address; "" once they are erased
	Act    string // of the event that news tells of
	Title  string // one line
	Words  string
	Href   string // path of the page
	Why    string // this person gets it
	Stop   string // path that ends the follow, "" where there is none
	Status MailStatus
	Tries  int // that failed
	MadeAt time.Time
	DueAt  time.Time // of the next try
	Until  time.Time // it is not worth sending after; zero is ever
	SentAt time.Time
	Fault  string // of the last try
	leased time.Time
	key    string
}

// MessageID names the mail to mail servers, the same at every try.
func (m Mail) MessageID(origin string) string {
	host := strings.Map(func(r rune) rune {
		if r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-') {
			return r
		}
		return '.'
	}, origin)
	return fmt.Sprintf("outbox.%d.%d@%s", m.ID, m.MadeAt.UnixMicro(), strings.Trim(host, "."))
}

// over reports whether the mail is worth sending no more: its time has passed,
// or nobody is there to get it.
func (m Mail) over(now time.Time) bool {
	return m.To == "" || !m.Until.IsZero() && !now.Before(m.Until)
}

// mailWaits is how long a mail waits after each try that failed. After the last
// one it is given up.
var mailWaits = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour}

// MailLease is how long a process may take over one try; nobody else sends the
// mail in that time.
const MailLease = time.Minute

const (
	mailKept  = 30 * 24 * time.Hour // a mail that was sent is known
	faultMost = 300
)

// headerLine is a text without line ends or other control characters, so that no
// header of a mail can be begun by it.
func headerLine(text string, most int) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }), " ")
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}

const mailCols = `o.id, o.key, o.kind, o.person, COALESCE(p.email, ''), o.act, o.title, o.words, o.href, o.why, o.stop, o.status, o.tries, o.made_at, o.due_at, o.until, o.leased_to, o.sent_at, o.fault`

const mailFrom = ` FROM outbox o LEFT JOIN people p ON p.id = o.person `

func scanMail(r row) (m Mail, err error) {
	return m, r.Scan(&m.ID, &m.key, &m.Kind, &m.Person, &m.To, &m.Act, &m.Title, &m.Words, &m.Href, &m.Why, &m.Stop, &m.Status, &m.Tries,
		(*stamp)(&m.MadeAt), (*stamp)(&m.DueAt), (*stamp)(&m.Until), (*stamp)(&m.leased), (*stamp)(&m.SentAt), &m.Fault)
}

// Mails reports whether the portal sends mail.
func (s *Store) Mails() bool { return s.options.Mail }

// enqueue puts a mail in the outbox, in the write of what it tells of. One that
// was put there before is left as it is.
func (s *Store) enqueue(ctx context.Context, m Mail) error {
	if !s.options.Mail {
		return nil
	}
	_, err := s.exec(ctx, `INSERT INTO outbox (key, kind, person, act, title, words, href, why, stop, status, tries, made_at, due_at, until, fault)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', 0, $10, $10, $11, '') ON CONFLICT (key) DO NOTHING`,
		m.key, m.Kind, m.Person, m.Act, headerLine(m.Title, 200), m.Words, m.Href, m.Why, m.Stop, stamp(s.Now()), stamp(m.Until))
	return err
}

// SetMail notes, when a portal starts, whether mail is on. While it is off
// nothing is put in the outbox and what waits there is dropped, so that turning
// it on does not send old news.
func (s *Store) SetMail(ctx context.Context) error {
	told, err := one(ctx, s, scanInto[int64], `SELECT event FROM mail_state WHERE id = 1`)
	if err != nil || s.options.Mail == (told >= 0) {
		return err // as it was: what waits, waits on
	}
	return s.write(ctx, func(s *Store) error {
		if s.options.Mail {
			_, err := s.exec(ctx, `UPDATE mail_state SET event = $1 WHERE id = 1 AND event < 0`, s.NextEvent()-1)
			return err
		}
		if _, err := s.exec(ctx, `DELETE FROM outbox WHERE status = 'waiting'`); err != nil {
			return err
		}
		_, err := s.exec(ctx, `UPDATE mail_state SET event = -1 WHERE id = 1`)
		return err
	})
}

// ClaimMail takes a lease on the mail that is to be sent next. It is then this
// process’s alone until MailLease has passed.
func (s *Store) ClaimMail(ctx context.Context) (m Mail, found bool, err error) {
	for over := true; over && err == nil; {
		m, found, over, err = s.claimMail(ctx)
	}
	return m, found && err == nil, err
}

// claimMail is ClaimMail for one mail. One that is over, being worth nothing any
// more, is given up.
func (s *Store) claimMail(ctx context.Context) (m Mail, found, over bool, err error) {
	const free = mailFrom + `WHERE o.status = 'waiting' AND o.due_at <= $1 AND (o.leased_to IS NULL OR o.leased_to <= $1) ORDER BY o.due_at, o.id LIMIT 1`
	if _, found, err = maybe(ctx, s, scanMail, `SELECT `+mailCols+free, stamp(s.Now())); err != nil || !found {
		return m, false, false, err // most often: nothing is written
	}
	err = s.write(ctx, func(s *Store) error {
		if m, found, err = maybe(ctx, s, scanMail, `SELECT `+mailCols+free, stamp(s.Now())); err != nil || !found {
			return err
		}
		if over = m.over(s.Now()); over {
			return s.change(ctx, `UPDATE outbox SET status = 'given_up', fault = 'It was not sent in time, or the person has no address any more.', leased_to = NULL WHERE id = $1`, m.ID)
		}
		m.leased = s.Now().Add(MailLease)
		return s.change(ctx, `UPDATE outbox SET leased_to = $1 WHERE id = $2`, stamp(m.leased), m.ID)
	})
	return m, found, over, err
}

// MailWasSent notes that a server took the mail. Its text is not kept.
func (s *Store) MailWasSent(ctx context.Context, m Mail) error {
	return s.write(ctx, func(s *Store) error {
		return s.change(ctx, `UPDATE outbox SET status = 'sent', sent_at = $1, words = '', href = '', stop = '', fault = '', leased_to = NULL
			WHERE id = $2 AND status = 'waiting' AND leased_to = $3`, stamp(s.Now()), m.ID, stamp(m.leased))
	})
}

// MailFailed notes why a mail was not sent. It is tried again after a wait that
// grows, and given up after the last or where the fault is permanent.
func (s *Store) MailFailed(ctx context.Context, m Mail, fault string, permanent bool) error {
	fault = headerLine(fault, faultMost)
	return s.write(ctx, func(s *Store) error {
		status, due := MailGivenUp, s.Now()
		if !permanent && m.Tries < len(mailWaits) {
			status, due = MailWaiting, s.Now().Add(mailWaits[m.Tries])
		}
		return s.change(ctx, `UPDATE outbox SET status = $1, tries = tries + 1, due_at = $2, fault = $3, leased_to = NULL WHERE id = $4 AND status = 'waiting' AND leased_to = $5`,
			status, stamp(due), fault, m.ID, stamp(m.leased))
	})
}

// TidyOutbox forgets mails that were sent or given up a month ago.
func (s *Store) TidyOutbox(ctx context.Context) error {
	old := stamp(s.Now().Add(-mailKept))
	_, found, err := maybe(ctx, s, scanInto[int64], `SELECT id FROM outbox WHERE status IN ('sent', 'given_up') AND due_at < $1 LIMIT 1`, old)
	if err != nil || !found {
		return err
	}
	return s.write(ctx, func(s *Store) error {
		_, err := s.exec(ctx, `DELETE FROM outbox WHERE status IN ('sent', 'given_up') AND due_at < $1`, old)
		return err
	})
}

// Outbox is how the outgoing mail stands.
type Outbox struct {
	On                     bool
	Waiting, Sent, GivenUp int64  // how many, those sent within 30 days
	Failing                []Mail // that wait after a try that failed, the next first
	Given                  []Mail // given up, newest first
}

// Outbox reads how the outgoing mail stands, with up to most mails of a kind.
func (s *Store) Outbox(ctx context.Context, most int) (b Outbox, err error) {
	b.On = s.options.Mail
	err = s.read(ctx, func(s *Store) error {
		for status, n := range map[MailStatus]*int64{MailWaiting: &b.Waiting, MailSent: &b.Sent, MailGivenUp: &b.GivenUp} {
			if *n, err = one(ctx, s, scanInto[int64], fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT id FROM outbox WHERE status = $1 LIMIT %d) AS chosen`, CountMost), status); err != nil {
				return err
			}
		}
		if b.Failing, err = list(ctx, s, scanMail, fmt.Sprintf(`SELECT %s%sWHERE o.status = 'waiting' AND o.tries > 0 ORDER BY o.due_at, o.id LIMIT %d`, mailCols, mailFrom, most)); err != nil {
			return err
		}
		b.Given, err = list(ctx, s, scanMail, fmt.Sprintf(`SELECT %s%sWHERE o.status = 'given_up' ORDER BY o.due_at DESC, o.id DESC LIMIT %d`, mailCols, mailFrom, most))
		return err
	})
	return b, err
}

// RetryMail lets a mail that was given up be tried once more, from the beginning.
func (s *Store) RetryMail(ctx context.Context, by Viewer, id int64) error {
	if err := mayKeepPeople(by); err != nil {
		return err
	}
	if !s.options.Mail {
		return Conflict.Errorf("Mail is off, so nothing can be sent.")
	}
	return s.write(ctx, func(s *Store) error {
		m, err := one(ctx, s, scanMail, `SELECT `+mailCols+mailFrom+`WHERE o.id = $1`, id)
		switch {
		case err != nil:
			return err
		case m.Status != MailGivenUp:
			return Conflict.Errorf("This mail is not given up, so it cannot be tried again.")
		case m.over(s.Now()):
			return Conflict.Errorf("This mail is not worth sending any more: its time is over, or the person’s address was erased.")
		}
		return s.change(ctx, `UPDATE outbox SET status = 'waiting', tries = 0, due_at = $1 WHERE id = $2 AND status = 'given_up'`, stamp(s.Now()), id)
	})
}

// invitationMail tells an invited person where to choose a password. It takes
// the place of earlier invitations that were not sent yet.
func (s *Store) invitationMail(ctx context.Context, person int64, token string) error {
	if err := s.dropInvitations(ctx, person); err != nil {
		return err
	}
	return s.enqueue(ctx, Mail{key: fmt.Sprintf("invitation/%d/%s", person, hashOf(token)[:16]), Kind: MailInvitation, Person: person,
		Title: "Choose your password for the portal",
		Words: "You are invited to the portal of the Police ICT Company. The address below works once, within 72 hours: choose your password there.",
		Href:  "/invitations/" + token, Why: "An administrator of the portal gave this address. If you did not expect it, do not open it and tell them.",
		Until: s.Now().Add(InvitationLasts)})
}

// dropInvitations takes the invitations of a person out of the outbox, with the
// secret in them.
func (s *Store) dropInvitations(ctx context.Context, person int64) error {
	_, err := s.exec(ctx, `DELETE FROM outbox WHERE person = $1 AND kind = 'invitation' AND status <> 'sent'`, person)
	return err
}

// forgetMail erases what mail a person was to get, and what they follow.
func (s *Store) forgetMail(ctx context.Context, person int64) error {
	if _, err := s.exec(ctx, `DELETE FROM outbox WHERE person = $1`, person); err != nil {
		return err
	}
	_, err := s.exec(ctx, `DELETE FROM follows WHERE person = $1`, person)
	return err
}
