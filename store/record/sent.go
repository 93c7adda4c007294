package record

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
)

// How long what was sent is remembered.
const (
	SentFor  = 7 * 24 * time.Hour // a form's own key
	AgainFor = 10 * time.Minute   // the same fields without a key
)

// A Sending is one form on its way to be recorded. A context carries it to
// Write, which records it in the transaction of the act.
//
// A form that a page showed has a key of its own. Sent again, it is not done
// again, whatever happened meanwhile.
//
// A form without a key (a program’s, or one kept from before) is known by its
// content: person, office, address and fields. The same content is taken for
// the same sending only within AgainFor, and only while nothing has happened
// since that would give it another meaning: the person has recorded nothing
// else, and nobody has changed what the first sending touched. A vote changed
// from A to B and back to A is therefore three votes, and what was taken off a
// list can be put back. Where the act itself refuses the second sending (“that
// is declared already”), its own words are the better answer and stand.
type Sending struct {
	Key     string // SHA-256; the same for two sendings of one form
	Content string // SHA-256 of what was sent
	Person  int64
	Keyless bool
	Repeats bool  // sent twice it is meant twice, so that its content says nothing
	Seen    int64 // the head of the record when an edit was compared; 0 is not compared

	mu   sync.Mutex
	done Sent
}

// A Sent is what a sending came to.
type Sent struct {
	Key, Content string
	First, Last  int64 // events; 0 is none
	To, Notice   string
	At           time.Time
}

// Href is where it led, or the page of what it recorded.
func (s Sent) Href() string {
	if s.To == "" && s.Last > 0 {
		return fmt.Sprintf("/record/%d", s.Last)
	}
	return cmp.Or(s.To, "/work")
}

// SentBefore says that a form was recorded already.
type SentBefore struct{ Sent Sent }

func (e *SentBefore) Error() string { return "sent before, as " + e.Sent.Href() }

// ErrChanged says that what an edit changes was changed by somebody else after
// the edit was compared with it.
var ErrChanged = fault.Conflict.Errorf("Someone else changed this after you opened it. Nothing has been recorded.")

type sendingKey struct{}

// WithSending is a context whose first act of the sender is recorded as s; nil
// is of none.
func WithSending(ctx context.Context, s *Sending) context.Context {
	return context.WithValue(ctx, sendingKey{}, s)
}

func sendingOf(ctx context.Context) *Sending {
	s, _ := ctx.Value(sendingKey{}).(*Sending)
	return s
}

// Done is what the sending came to; its Key is "" while nothing is recorded.
func (s *Sending) Done() Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.done
}

func (s *Sending) is(done Sent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done = done
}

// Digest is a SHA-256 over parts, each told apart from the next.
func Digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

const sentCols = `key, content, first_event, last_event, led_to, notice, made_at`

func scanSent(r db.Row) (s Sent, err error) {
	return s, r.Scan(&s.Key, &s.Content, &s.First, &s.Last, &s.To, &s.Notice, (*db.Stamp)(&s.At))
}

// FindSent finds what a key led to.
func FindSent(ctx context.Context, tx *db.Tx, key string) (Sent, bool, error) {
	return db.Maybe(ctx, tx, scanSent, `SELECT `+sentCols+` FROM sent WHERE key = $1`, key)
}

// before refuses a form that was recorded already, by its own key. It runs
// under the lock of the head, so of two at once the second meets the first.
func (s *Sending) before(ctx context.Context, tx *db.Tx) error {
	if s == nil || s.Keyless || s.Done().Key != "" {
		return nil
	}
	was, found, err := FindSent(ctx, tx, s.Key)
	if found {
		err = &SentBefore{was}
	}
	return err
}

// after records a sending with its act, unless the same was recorded already.
func (s *Sending) after(ctx context.Context, tx *db.Tx) error {
	in := Writing.Of(tx)
	if s == nil || !in.sent || s.Done().Key != "" {
		return nil
	}
	first := in.Head.Size - int64(in.events) + 1
	if err := s.again(ctx, tx, first); err != nil {
		return err
	}
	if err := s.changed(ctx, tx, first); err != nil {
		return err
	}
	in.as = Sent{Key: s.Key, Content: s.Content, First: first, Last: in.Head.Size, At: tx.Now()}
	return tx.Change(ctx, `INSERT INTO sent (`+sentCols+`, person) VALUES ($1, $2, $3, $4, '', '', $5, $6)`,
		s.Key, s.Content, first, in.Head.Size, db.Stamp(tx.Now()), s.Person)
}

// again refuses the same content as was recorded a moment ago, where nothing
// has happened since that gives it another meaning.
func (s *Sending) again(ctx context.Context, tx *db.Tx, first int64) error {
	if !s.Keyless || s.Repeats {
		return nil
	}
	was, found, err := db.Maybe(ctx, tx, scanSent, `SELECT `+sentCols+` FROM sent WHERE content = $1 AND made_at > $2 AND last_event > 0 ORDER BY last_event DESC LIMIT 1`,
		s.Content, db.Stamp(tx.Now().Add(-AgainFor)))
	if err != nil || !found {
		return err
	}
	since, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT (SELECT COUNT(*) FROM events WHERE n > $1 AND n < $2 AND person = $3)
		+ (SELECT COUNT(*) FROM event_rows WHERE n > $1 AND n < $2 AND thing IN (SELECT thing FROM event_rows WHERE n >= $4 AND n <= $1))`,
		was.Last, first, s.Person, was.First)
	if err == nil && since == 0 {
		err = &SentBefore{was}
	}
	return err
}

// changed refuses an edit of a thing that somebody has changed since the edit
// was compared with it.
func (s *Sending) changed(ctx context.Context, tx *db.Tx, first int64) error {
	if s.Seen == 0 || s.Seen >= first-1 {
		return nil
	}
	n, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT COUNT(*) FROM event_rows WHERE n > $1 AND n < $2 AND thing IN (SELECT thing FROM event_rows WHERE n >= $2)`, s.Seen, first)
	if err == nil && n > 0 {
		err = ErrChanged
	}
	return err
}

// LedTo keeps where a sending led and what the next page says, and forgets what
// was sent long ago. Where the act recorded no event it keeps the sending too.
func LedTo(ctx context.Context, tx *db.Tx, s *Sending, to, notice string) error {
	return Write(WithSending(ctx, nil), tx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM sent WHERE made_at < $1`, db.Stamp(tx.Now().Add(-SentFor))); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO sent (`+sentCols+`, person) VALUES ($1, $2, 0, 0, $3, $4, $5, $6)
			ON CONFLICT (key) DO UPDATE SET led_to = EXCLUDED.led_to, notice = EXCLUDED.notice`, s.Key, s.Content, to, notice, db.Stamp(tx.Now()), s.Person)
		return err
	})
}

// lookedUp is how long the outcome of a commit is looked for.
const lookedUp = 8 * time.Second

// settle finds out what became of a sending whose commit was not answered. It
// waits for the lock that the broken transaction held, so that what it finds is
// final. An answer that cannot be had is db.Unsure, with what is known.
func (s *Sending) settle(ctx context.Context, tx *db.Tx, as Sent, unsure *db.Unsure) error {
	if s == nil || as.Key == "" {
		return unsure
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookedUp)
	defer cancel()
	found := false
	look := func(tx *db.Tx) (err error) {
		if _, err = db.One(ctx, tx, scanHead, `SELECT `+headCols+` FROM record_head WHERE id = 1`+tx.Engine.Lock()); err == nil {
			_, found, err = FindSent(ctx, tx, as.Key)
		}
		return err
	}
	for wait := 10 * time.Millisecond; ; wait *= 2 {
		err := tx.Look(ctx, look)
		switch {
		case err == nil && found:
			return nil
		case err == nil:
			return &db.Unsure{Err: unsure.Err, Undone: true}
		}
		select {
		case <-ctx.Done():
			return &db.Unsure{Err: errors.Join(unsure.Err, err)}
		case <-time.After(wait):
		}
	}
}
