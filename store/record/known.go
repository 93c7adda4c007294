package record

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/police-ict/handover/store/db"
)

// knownFor is how long a head that was read, or written, is used without
// asking the database again. In that time another process can move the record
// unseen. It is far below the second within which any portal shows a write,
// and an act that hides text waits it out (see Hides). One query in so
// many milliseconds is as good as none under load, and there is none without.
//
// SQLite could tell of every write at once (PRAGMA data_version), but only for
// a query a request, and PostgreSQL could not. This is one rule for both.
const knownFor = 20 * time.Millisecond

// hideFor is how long an act that hides text takes to end once it is
// committed: then no process answers from a head older than the act.
const hideFor = 2 * knownFor

// knownHead is the head of the record as this process last saw it. Its time is
// that of the machine, not of Store.Now, which a test or a demonstration stops
// and moves: it measures how long ago the head was true.
type knownHead struct{ last atomic.Pointer[headAt] }

var known db.Slot[knownHead]

type headAt struct {
	head Head
	at   time.Time // the head was true at this instant, or later
}

// read notes a head whose query began at a time. It gives way to one that was
// seen later, so a slow query never takes back what a write has noted.
func (k *knownHead) read(h Head, began time.Time) {
	for {
		last := k.last.Load()
		if last != nil && !began.After(last.at) || k.last.CompareAndSwap(last, &headAt{h, began}) {
			return
		}
	}
}

// wrote notes the head that a write of this process has committed. Of two
// writes that end together the second may be noted first.
func (k *knownHead) wrote(h Head) {
	for {
		last := k.last.Load()
		if last != nil && last.head.Size >= h.Size || k.last.CompareAndSwap(last, &headAt{h, time.Now()}) {
			return
		}
	}
}

// Known is the head of the record, if it is known without a query: always that
// of the last write of this process, and of no other process's write that ended
// more than knownFor ago. Otherwise ask for Head, after which it is known.
func Known(tx *db.Tx) (h Head, ok bool) {
	last := known.Of(tx).last.Load()
	if last == nil || time.Since(last.at) >= knownFor {
		return h, false
	}
	return last.head, true
}

// hidden waits until no process answers from before the write that just ended.
// The write stands, so the wait is cut short rather than failed.
func hidden(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(hideFor):
	}
}
