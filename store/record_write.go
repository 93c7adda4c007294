package store

import (
	"context"
	"errors"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// written is what a write has recorded so far.
type written struct {
	head  Head // as locked at the start and moved by each event
	moved bool // an event was recorded: the head must be written back
	hides bool // text is taken from view: the write ends when no process shows it any more
	told  []past
}

var (
	writing Local[written]
	signing Slot[note.Signer] // signs checkpoints
	telling Slot[Told]
)

// Told is called at the end of each write that recorded rows, with all of them,
// in its transaction. Search is kept by it.
type Told func(ctx context.Context, s *Store, rows []past) error

// WhenTold sets what is called with the rows that a write recorded.
func WhenTold(s *Store, told Told) { *telling.Of(s) = told }

// write runs fn in one transaction with the clock held still, one write at a
// time over all processes. A write inside a write joins it. The work may have
// to be done again, so fn must do nothing but use its Store.
func (s *Store) write(ctx context.Context, fn func(s *Store) error) error {
	if s.Inside() {
		return s.Transact(ctx, fn)
	}
	var done written
	err := s.Transact(ctx, func(s *Store) (err error) {
		in := writing.Of(s)
		if in.head, err = one(ctx, s, scanHead, `SELECT `+headCols+` FROM record_head WHERE id = 1`+s.engine.lock()); err != nil {
			return err
		}
		now := later(s.Now(), in.head.At)
		s.Now = func() time.Time { return now }
		if err := fn(s); err != nil {
			return err
		}
		if told := *telling.Of(s); told != nil && len(in.told) > 0 {
			if err := told(ctx, s, in.told); err != nil {
				return err
			}
		}
		if in.moved {
			err = s.sealHead(ctx)
		}
		done = *in
		return err
	})
	if err != nil {
		return err
	}
	if done.moved {
		known.Of(s).wrote(done.head)
	}
	if done.hides {
		hidden(ctx)
	}
	return nil
}

// Hides says that a write takes text from view: it ends when no process shows
// it any more.
func (s *Store) Hides() { writing.Of(s).hides = true }

// Moved reports whether s is a write that has recorded an event.
func (s *Store) Moved() bool { return writing.Of(s).moved }

// NextEvent is the number that the next event of this write gets, for rows that
// name the event by which they were made.
func (s *Store) NextEvent() int64 { return writing.Of(s).head.Size + 1 }

// Try does what do says in one write, and takes it all back, so that a page can
// show what an act would bring about. Its error is that of do.
func (s *Store) Try(ctx context.Context, do func(s *Store) error) error {
	if s.Inside() {
		return errors.New("store: a try inside a transaction")
	}
	tried := errors.New("store: tried only")
	err := s.write(ctx, func(s *Store) error {
		if err := do(s); err != nil {
			return err
		}
		return tried
	})
	if errors.Is(err, tried) {
		return nil
	}
	return err
}

// later is the instant of a write: never before the event that it follows,
// even when a machine's clock has stepped back.
func later(now, last time.Time) time.Time {
	now = now.UTC().Truncate(time.Microsecond)
	if now.Before(last) {
		return last
	}
	return now
}
