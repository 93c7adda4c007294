// Package outbox is the queue of mail to be sent.
package outbox

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Status is where a mail stands.
type Status string

// The statuses of a mail.
const (
	Waiting Status = "waiting"
	Sent    Status = "sent"
	GivenUp Status = "given_up"
)

// The kinds of mail.
const (
	Invitation = "invitation"
	Reminder   = "reminder"
	News       = "news"
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
	Status Status
	Tries  int // that failed
	MadeAt time.Time
	DueAt  time.Time // of the next try
	Until  time.Time // it is not worth sending after; zero is ever
	SentAt time.Time
	Fault  string // of the last try
	leased time.Time
	Key    string
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

// Lease is how long a process may take over one try; nobody else sends the
// mail in that time.
const Lease = time.Minute

const (
	mailKept  = 30 * 24 * time.Hour // a mail that was sent is known
	faultMost = 300
)

// HeaderLine is a text without line ends or other control characters, so that no
// header of a mail can be begun by it.
func HeaderLine(words string, most int) string {
	words = text.OneLine(words)
	if r := []rune(words); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return words
}

const mailCols = `o.id, o.key, o.kind, o.person, COALESCE(p.email, ''), o.act, o.title, o.words, o.href, o.why, o.stop, o.status, o.tries, o.made_at, o.due_at, o.until, o.leased_to, o.sent_at, o.fault`

const mailFrom = ` FROM outbox o LEFT JOIN people p ON p.id = o.person `

func scanMail(r db.Row) (m Mail, err error) {
	return m, r.Scan(&m.ID, &m.Key, &m.Kind, &m.Person, &m.To, &m.Act, &m.Title, &m.Words, &m.Href, &m.Why, &m.Stop, &m.Status, &m.Tries,
		(*db.Stamp)(&m.MadeAt), (*db.Stamp)(&m.DueAt), (*db.Stamp)(&m.Until), (*db.Stamp)(&m.leased), (*db.Stamp)(&m.SentAt), &m.Fault)
}

// Mails reports whether the portal sends mail.
func Mails(tx *db.Tx) bool { return tx.Options.Mail }

// Enqueue puts a mail in the outbox, in the write of what it tells of. One that
// was put there before is left as it is.
func Enqueue(ctx context.Context, tx *db.Tx, m Mail) error {
	if !tx.Options.Mail {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO outbox (key, kind, person, act, title, words, href, why, stop, status, tries, made_at, due_at, until, fault)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', 0, $10, $10, $11, '') ON CONFLICT (key) DO NOTHING`,
		m.Key, m.Kind, m.Person, m.Act, HeaderLine(m.Title, 200), m.Words, m.Href, m.Why, m.Stop, db.Stamp(tx.Now()), db.Stamp(m.Until))
	return err
}

// SetMail notes, when a portal starts, whether mail is on. While it is off
// nothing is put in the outbox and what waits there is dropped, so that turning
// it on does not send old news.
func SetMail(ctx context.Context, tx *db.Tx) error {
	told, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT event FROM mail_state WHERE id = 1`)
	if err != nil || tx.Options.Mail == (told >= 0) {
		return err // as it was: what waits, waits on
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		if tx.Options.Mail {
			_, err := tx.Exec(ctx, `UPDATE mail_state SET event = $1 WHERE id = 1 AND event < 0`, record.NextEvent(tx)-1)
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM outbox WHERE status = 'waiting'`); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE mail_state SET event = -1 WHERE id = 1`)
		return err
	})
}

// Claim takes a lease on the mail that is to be sent next. It is then this
// process’s alone until MailLease has passed.
func Claim(ctx context.Context, tx *db.Tx) (m Mail, found bool, err error) {
	for over := true; over && err == nil; {
		m, found, over, err = claimOne(ctx, tx)
	}
	return m, found && err == nil, err
}

// claimOne is ClaimMail for one mail. One that is over, being worth nothing any
// more, is given up.
func claimOne(ctx context.Context, tx *db.Tx) (m Mail, found, over bool, err error) {
	const free = mailFrom + `WHERE o.status = 'waiting' AND o.due_at <= $1 AND (o.leased_to IS NULL OR o.leased_to <= $1) ORDER BY o.due_at, o.id LIMIT 1`
	if _, found, err = db.Maybe(ctx, tx, scanMail, `SELECT `+mailCols+free, db.Stamp(tx.Now())); err != nil || !found {
		return m, false, false, err // most often: nothing is written
	}
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		if m, found, err = db.Maybe(ctx, tx, scanMail, `SELECT `+mailCols+free, db.Stamp(tx.Now())); err != nil || !found {
			return err
		}
		if over = m.over(tx.Now()); over {
			return tx.Change(ctx, `UPDATE outbox SET status = 'given_up', fault = 'It was not sent in time, or the person has no address any more.', leased_to = NULL WHERE id = $1`, m.ID)
		}
		hidden, err := record.HiddenNames(ctx, tx)
		if err != nil {
			return err
		}
		m.Title, m.Words, m.Why = hidden.Hide(m.Title), hidden.Hide(m.Words), hidden.Hide(m.Why)
		if m.Kind == News { // the addresses of other mails hold a secret
			m.Href = hidden.Hide(m.Href)
		}
		m.leased = tx.Now().Add(Lease)
		return tx.Change(ctx, `UPDATE outbox SET leased_to = $1 WHERE id = $2`, db.Stamp(m.leased), m.ID)
	})
	return m, found, over, err
}

// WasSent notes that a server took the mail. Its text is not kept.
func WasSent(ctx context.Context, tx *db.Tx, m Mail) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		return tx.Change(ctx, `UPDATE outbox SET status = 'sent', sent_at = $1, words = '', href = '', stop = '', fault = '', leased_to = NULL
			WHERE id = $2 AND status = 'waiting' AND leased_to = $3`, db.Stamp(tx.Now()), m.ID, db.Stamp(m.leased))
	})
}

// Failed notes why a mail was not sent. It is tried again after a wait that
// grows, and given up after the last or where the fault is permanent.
func Failed(ctx context.Context, tx *db.Tx, m Mail, fault string, permanent bool) error {
	fault = HeaderLine(fault, faultMost)
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		status, due := GivenUp, tx.Now()
		if !permanent && m.Tries < len(mailWaits) {
			status, due = Waiting, tx.Now().Add(mailWaits[m.Tries])
		}
		return tx.Change(ctx, `UPDATE outbox SET status = $1, tries = tries + 1, due_at = $2, fault = $3, leased_to = NULL WHERE id = $4 AND status = 'waiting' AND leased_to = $5`,
			status, db.Stamp(due), fault, m.ID, db.Stamp(m.leased))
	})
}

// Tidy forgets mails that were sent or given up a month ago.
func Tidy(ctx context.Context, tx *db.Tx) error {
	old := db.Stamp(tx.Now().Add(-mailKept))
	_, found, err := db.Maybe(ctx, tx, db.ScanInto[int64], `SELECT id FROM outbox WHERE status IN ('sent', 'given_up') AND due_at < $1 LIMIT 1`, old)
	if err != nil || !found {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM outbox WHERE status IN ('sent', 'given_up') AND due_at < $1`, old)
		return err
	})
}

// Queue is how the outgoing mail stands.
type Queue struct {
	On                     bool
	Waiting, Sent, GivenUp int64  // how many, those sent within 30 days
	Failing                []Mail // that wait after a try that failed, the next first
	Given                  []Mail // given up, newest first
}

// ReadOutbox reads how the outgoing mail stands, with up to most mails of a kind.
func ReadOutbox(ctx context.Context, tx *db.Tx, most int) (b Queue, err error) {
	b.On = tx.Options.Mail
	err = tx.Read(ctx, func(tx *db.Tx) error {
		for status, n := range map[Status]*int64{Waiting: &b.Waiting, Sent: &b.Sent, GivenUp: &b.GivenUp} {
			if *n, err = db.One(ctx, tx, db.ScanInto[int64], fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT id FROM outbox WHERE status = $1 LIMIT %d) AS chosen`, record.CountMost), status); err != nil {
				return err
			}
		}
		if b.Failing, err = db.List(ctx, tx, scanMail, fmt.Sprintf(`SELECT %s%sWHERE o.status = 'waiting' AND o.tries > 0 ORDER BY o.due_at, o.id LIMIT %d`, mailCols, mailFrom, most)); err != nil {
			return err
		}
		b.Given, err = db.List(ctx, tx, scanMail, fmt.Sprintf(`SELECT %s%sWHERE o.status = 'given_up' ORDER BY o.due_at DESC, o.id DESC LIMIT %d`, mailCols, mailFrom, most))
		return err
	})
	return b, err
}

// Retry lets a mail that was given up be tried once more, from the beginning.
func Retry(ctx context.Context, tx *db.Tx, by office.Viewer, id int64) error {
	if err := office.MayKeepPeople(by); err != nil {
		return err
	}
	if !tx.Options.Mail {
		return fault.Conflict.Errorf("Email is off, so nothing can be sent.")
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		m, err := db.One(ctx, tx, scanMail, `SELECT `+mailCols+mailFrom+`WHERE o.id = $1`, id)
		switch {
		case err != nil:
			return err
		case m.Status != GivenUp:
			return fault.Conflict.Errorf("This email has not failed, so it cannot be tried again.")
		case m.over(tx.Now()):
			return fault.Conflict.Errorf("This email cannot be sent any more. It is out of date, or the person’s address was erased.")
		}
		return tx.Change(ctx, `UPDATE outbox SET status = 'waiting', tries = 0, due_at = $1 WHERE id = $2 AND status = 'given_up'`, db.Stamp(tx.Now()), id)
	})
}

// DropInvitations takes the invitations of a person out of the outbox, with the
// secret in them.
func DropInvitations(ctx context.Context, tx *db.Tx, person int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM outbox WHERE person = $1 AND kind = 'invitation' AND status <> 'sent'`, person)
	return err
}

// DropFollowed takes the mail of a follow that has ended out of the outbox; stop
// is the address that ends it.
func DropFollowed(ctx context.Context, tx *db.Tx, person int64, stop string) error {
	_, err := tx.Exec(ctx, `DELETE FROM outbox WHERE person = $1 AND stop = $2 AND status <> 'sent' AND leased_to IS NULL`, person, stop)
	return err
}

// SaveReminded notes that the reminders of a day are in the outbox. It conflicts
// where another process noted so since the day that was read.
func SaveReminded(ctx context.Context, tx *db.Tx, read, today civil.Day) error {
	return tx.Change(ctx, `UPDATE mail_state SET reminded = $1 WHERE id = 1 AND reminded = $2`, today, read)
}

// SaveTold notes that followers are told of the events up to one. It conflicts
// where another process noted so since the event that was read.
func SaveTold(ctx context.Context, tx *db.Tx, read, to int64) error {
	return tx.Change(ctx, `UPDATE mail_state SET event = $1 WHERE id = 1 AND event = $2`, to, read)
}

// forgetters erase what else is kept for a person’s mail, as they are registered.
var forgetters db.Slot[[]Forgetter]

// A Forgetter erases what a package keeps of a person who is erased.
type Forgetter func(ctx context.Context, tx *db.Tx, person int64) error

// RegisterForgetters sets what erases the things that mail is sent about.
func RegisterForgetters(tx *db.Tx, all []Forgetter) { *forgetters.Of(tx) = all }

// ForgetMail erases what mail a person was to get, and what they follow.
func ForgetMail(ctx context.Context, tx *db.Tx, person int64) error {
	if _, err := tx.Exec(ctx, `DELETE FROM outbox WHERE person = $1`, person); err != nil {
		return err
	}
	for _, forget := range *forgetters.Of(tx) {
		if err := forget(ctx, tx, person); err != nil {
			return err
		}
	}
	return nil
}
