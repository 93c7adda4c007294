package record

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/police-ict/handover/store/db"
)

// written is what a write has recorded so far.
type written struct {
	Head  Head // as locked at the start and moved by each event
	moved bool // an event was recorded: the head must be written back
	hides bool // text is taken from view: the write ends when no process shows it any more
	told  []Past

	events int  // how many were recorded
	sent   bool // one of them by whoever sent a form
	as     Sent // the sending that this write records
}

var (
	// Writing is what the write under way has recorded so far.
	Writing db.Local[written]
	Signing db.Slot[note.Signer] // signs checkpoints
	telling db.Slot[Told]
)

// Told is called at the end of each write that recorded rows, with all of them,
// in its transaction. Search is kept by it.
type Told func(ctx context.Context, tx *db.Tx, rows []Past) error

// WhenTold sets what is called with the rows that a write recorded.
func WhenTold(tx *db.Tx, told Told) { *telling.Of(tx) = told }

// Write runs fn in one transaction with the clock held still, one write at a
// time over all processes. A write inside a write joins it. The work may have
// to be done again, so fn must do nothing but use its Store. Where the context
// carries a Sending, its act is done once. A commit that was not answered is
// looked up: what is found to be recorded counts as done.
func Write(ctx context.Context, tx *db.Tx, fn func(tx *db.Tx) error) error {
	if tx.Inside() {
		return tx.Transact(ctx, fn)
	}
	var done written
	sending := sendingOf(ctx)
	err := tx.Transact(ctx, func(tx *db.Tx) (err error) {
		in := Writing.Of(tx)
		if in.Head, err = db.One(ctx, tx, scanHead, `SELECT `+headCols+` FROM record_head WHERE id = 1`+tx.Engine.Lock()); err != nil {
			return err
		}
		now := later(tx.Now(), in.Head.At)
		tx.Now = func() time.Time { return now }
		if err := sending.before(ctx, tx); err != nil {
			return err
		}
		if err := fn(tx); err != nil {
			return err
		}
		if err := sending.after(ctx, tx); err != nil {
			return err
		}
		if told := *telling.Of(tx); told != nil && len(in.told) > 0 {
			if err := told(ctx, tx, in.told); err != nil {
				return err
			}
		}
		if in.moved {
			err = sealHead(ctx, tx)
		}
		done = *in
		return err
	})
	if unsure, ok := errors.AsType[*db.Unsure](err); ok {
		err = sending.settle(ctx, tx, done.as, unsure)
	}
	if err != nil {
		return err
	}
	if done.as.Key != "" {
		sending.is(done.as)
	}
	if done.moved {
		known.Of(tx).wrote(done.Head)
	}
	if done.hides {
		hidden(ctx)
	}
	return nil
}

// Hides says that a write takes text from view: it ends when no process shows
// it any more.
func Hides(tx *db.Tx) { Writing.Of(tx).hides = true }

// Moved reports whether s is a write that has recorded an event.
func Moved(tx *db.Tx) bool { return Writing.Of(tx).moved }

// NextEvent is the number that the next event of this write gets, for rows that
// name the event by which they were made.
func NextEvent(tx *db.Tx) int64 { return Writing.Of(tx).Head.Size + 1 }

// Try does what do says in one write, and takes it all back, so that a page can
// show what an act would bring about. Its error is that of do.
func Try(ctx context.Context, tx *db.Tx, do func(tx *db.Tx) error) error {
	if tx.Inside() {
		return errors.New("store: a try inside a transaction")
	}
	tried := errors.New("store: tried only")
	err := Write(WithSending(ctx, nil), tx, func(tx *db.Tx) error {
		if err := do(tx); err != nil {
			return err
		}
		return tried
	})
	if errors.Is(err, tried) {
		return nil
	}
	return err
}

// clockSlack is how far clocks may differ without a word.
const clockSlack = 2 * time.Minute

// later is the instant of a write: not before the event that it follows, when
// a machine's clock has stepped back a little. Where that event is dated far in
// the future, by a clock that was wrong, the new one is dated by the clock as it
// is now, and says so: otherwise every deadline would stand still until then.
func later(now, last time.Time) time.Time {
	now = now.UTC().Truncate(time.Microsecond)
	if now.Before(last) && last.Sub(now) <= clockSlack {
		return last
	}
	return now
}

// InShortWrites runs a statement that touches a few rows until it touches none.
func InShortWrites(ctx context.Context, tx *db.Tx, query string, args ...any) error {
	for left := int64(1); left > 0; {
		err := Write(ctx, tx, func(tx *db.Tx) (err error) {
			left, err = tx.Exec(ctx, query, args...)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Ahead says that the record's last event is dated after the clock, nil where
// it is not.
func Ahead(tx *db.Tx, h Head) error {
	if now := tx.Now(); h.At.Sub(now) > clockSlack {
		return fmt.Errorf("the last entry of the record is dated %s, after this machine’s clock, %s: set the clock right, if it is wrong", h.At.UTC().Format(time.DateTime), now.UTC().Format(time.DateTime))
	}
	return nil
}

// TryDisk writes the head of the record as it is, to see whether there is room.
func TryDisk(ctx context.Context, tx *db.Tx) error {
	return tx.Transact(ctx, func(tx *db.Tx) error {
		return tx.Change(ctx, `UPDATE record_head SET size = size WHERE id = 1`)
	})
}
