package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/text"
)

// A File is the SQLite file of all payments, as it was made.
type File struct {
	Tag  string // is another where the content is another
	AsAt civil.Day
	Size int64

	of      state
	content *os.File // closed by the runtime when no reader has it any more
}

// Content reads the file, from its beginning.
func (f *File) Content() io.ReadSeeker { return io.NewSectionReader(f.content, 0, f.Size) }

// state is what the payments of a file depend on.
type state struct {
	entry  int64
	hidden *text.Names
}

func stateNow(ctx context.Context, tx *db.Tx) (s state, err error) {
	if s.entry, err = spend.Version(ctx, tx); err == nil {
		s.hidden, err = record.HiddenNames(ctx, tx)
	}
	return s, err
}

func (s state) same(o state) bool { return s.entry == o.entry && reflect.DeepEqual(s.hidden, o.hidden) }

// kept is the last file, and whether another was asked for.
type kept struct {
	mu     sync.Mutex
	last   *File
	wanted chan struct{}
	once   sync.Once
}

var keptFiles db.Slot[kept]

func keptOf(tx *db.Tx) *kept {
	k := keptFiles.Of(tx)
	k.once.Do(func() { k.wanted = make(chan struct{}, 1) })
	return k
}

// Current is the file of all payments as they are now. Where there is none it is
// nil, and Work is asked to make it.
func Current(ctx context.Context, tx *db.Tx) (*File, error) {
	now, err := stateNow(ctx, tx)
	if err != nil {
		return nil, err
	}
	k := keptOf(tx)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.last != nil && k.last.of.same(now) {
		return k.last, nil
	}
	k.last = nil // nobody may have it any more
	select {
	case k.wanted <- struct{}{}:
	default: // asked for already
	}
	return nil, nil
}

// Work makes the file whenever it is asked for, until ctx ends. Failed is told
// why one could not be made; it is made again when it is asked for again.
func Work(ctx context.Context, tx *db.Tx, failed func(error)) {
	k := keptOf(tx)
	for {
		select {
		case <-ctx.Done():
			return
		case <-k.wanted:
		}
		if err := Make(ctx, tx); err != nil && ctx.Err() == nil {
			failed(err)
		}
	}
}

// Make makes the file, and keeps it where the payments are the same afterwards.
func Make(ctx context.Context, tx *db.Tx) error {
	k := keptOf(tx)
	of, err := stateNow(ctx, tx)
	if err != nil {
		return err
	}
	k.mu.Lock()
	have := k.last != nil && k.last.of.same(of)
	k.mu.Unlock()
	if have {
		return nil
	}
	f, err := made(ctx, tx, of)
	if err != nil {
		return err
	}
	now, err := stateNow(ctx, tx)
	if err != nil || !now.same(of) {
		return err // whoever asks again has it made again
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.last = f
	return nil
}

// made is the file, which has no name any more, so that it is gone with the
// program. Where a file that is open cannot be removed it stays until then.
func made(ctx context.Context, tx *db.Tx, of state) (*File, error) {
	folder, err := os.MkdirTemp("", "handover-payments-")
	if err != nil {
		return nil, fmt.Errorf("the file of payments cannot be made: %w", err)
	}
	path := filepath.Join(folder, "payments.sqlite")
	if err := SQLite(ctx, tx, payments.Filter{}, path); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	content, err := os.Open(path)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	_ = os.RemoveAll(folder)
	info, err := content.Stat()
	if err != nil {
		return nil, errors.Join(err, content.Close())
	}
	now := tx.Now()
	return &File{Tag: fmt.Sprintf("%d-%s", of.entry, now.UTC().Format(time.RFC3339Nano)), AsAt: civil.DayOf(now), Size: info.Size(), of: of, content: content}, nil
}
