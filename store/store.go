// Package store holds what is true: the types, the rules and the SQL. One file
// per subject: types first, then the rules (no SQL), then reads, then writes.
package store

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	"golang.org/x/mod/sumdb/note"
	_ "modernc.org/sqlite" // driver "sqlite"
)

// Store is the portal's memory. Inside write and read it stands for one
// transaction, so every method works the same in or out of one.
type Store struct {
	// Now is the clock. It stands still inside a transaction. It is set before
	// the store is used by more than one goroutine, never after.
	Now func() time.Time

	reads, writes *sql.DB
	q             querier
	engine        engine
	options       Options
	signer        note.Signer // signs checkpoints
	lately        *lately     // the present handover, as last worked out
	facts         *factCache  // what authority is worked out from, as last read
	cubes         *cubes      // the roll-ups of spend, as last read
	known         *knownHead  // the head of the record, as last seen
	tx            *work       // set inside a transaction
}

// work is what one transaction has gathered so far.
type work struct {
	head    Head // the record's head, as locked at the start and moved by record
	writing bool
	moved   bool // an event was recorded: the head must be written back

	told []past // rows that search reads, as the events of this write tell them

	hides bool // text is taken from view: the write ends when no process shows it any more

	completing bool // the handover is being completed: its own entries pass the gate
}

// Options say which database to open and how.
type Options struct {
	Database string           // a file's path, or a postgres:// address
	Key      string           // the file that holds the record's signing key; "" is beside the database
	Origin   string           // the record's name, used when it is first opened
	Now      func() time.Time // the clock; nil is the machine's
	Demo     bool             // this is a demonstration: its sample accounts may exist
	Scratch  bool             // do not wait for the disk: for a database that can be made again
	Mail     bool             // mail is sent: what is to be told is put in the outbox
}

type querier interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
	PrepareContext(context.Context, string) (*sql.Stmt, error)
}

// Open opens the database, brings its tables up to date and opens its record
// on first use. Its errors are sentences for whoever started the program.
func Open(ctx context.Context, o Options) (*Store, error) {
	s, err := connect(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := s.ours(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.openRecord(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.fillSearch(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// connect opens the pools without touching a table.
func connect(ctx context.Context, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	e := engineOf(o.Database)
	if err := usable(e, o.Database); err != nil {
		return nil, err
	}
	writes, err := e.open(e.dsn(o, false))
	if err != nil {
		return nil, unreachable(o, err)
	}
	s := &Store{Now: o.Now, writes: writes, reads: writes, q: writes, engine: e, options: o, lately: &lately{}, facts: &factCache{}, cubes: &cubes{}, known: &knownHead{}}
	if err := s.reach(ctx); err != nil {
		return nil, errors.Join(unreachable(o, err), s.Close())
	}
	if e == sqlite {
		writes.SetMaxOpenConns(1)
		if s.reads, err = e.open(e.dsn(o, true)); err != nil {
			return nil, errors.Join(unreachable(o, err), s.Close())
		}
		s.reads.SetMaxOpenConns(16)
		s.reads.SetMaxIdleConns(16)
		s.q = s.reads
	} else {
		writes.SetMaxOpenConns(16)
		writes.SetMaxIdleConns(16)
	}
	return s, nil
}

// reach makes the first connection. SQLite refuses it at once, without its
// usual patience, while another process makes the same new file.
func (s *Store) reach(ctx context.Context) error {
	err := s.writes.PingContext(ctx)
	for wait := time.Millisecond; s.engine.again(err) && wait < 4*time.Second; wait *= 2 {
		time.Sleep(rand.N(2 * wait))
		err = s.writes.PingContext(ctx)
	}
	return err
}

// Close closes the database.
func (s *Store) Close() error {
	err := s.writes.Close()
	if s.reads != s.writes && s.reads != nil {
		err = errors.Join(err, s.reads.Close())
	}
	return err
}

// Ready reports whether the database answers and its tables are current.
func (s *Store) Ready(ctx context.Context) error {
	if _, err := s.Head(ctx); err != nil {
		return err
	}
	return s.current(ctx)
}

// Demo reports whether this is a demonstration.
func (s *Store) Demo() bool { return s.options.Demo }

// write runs fn in one transaction with the clock held still, one write at a
// time over all processes. A write inside a write joins it. The work may have
// to be done again, so fn must do nothing but use its Store.
func (s *Store) write(ctx context.Context, fn func(s *Store) error) error {
	if s.tx != nil {
		if !s.tx.writing {
			return errors.New("store: a write inside a read")
		}
		return fn(s)
	}
	err := s.try(ctx, fn)
	for wait := time.Millisecond; s.engine.again(err) && wait < 4*time.Second; wait *= 2 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(rand.N(2 * wait)):
		}
		err = s.try(ctx, fn)
	}
	return s.engine.explain(err)
}

func (s *Store) try(ctx context.Context, fn func(s *Store) error) error {
	tx, err := s.writes.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // no effect once committed
	in := &Store{q: tx, engine: s.engine, options: s.options, lately: s.lately, facts: s.facts, cubes: s.cubes, known: s.known, signer: s.signer, tx: &work{writing: true}}
	if in.tx.head, err = one(ctx, in, scanHead, `SELECT `+headCols+` FROM record_head WHERE id = 1`+s.engine.lock()); err != nil {
		return err
	}
	now := later(s.Now(), in.tx.head.At)
	in.Now = func() time.Time { return now }
	if err := fn(in); err != nil {
		return err
	}
	if err := in.indexTold(ctx); err != nil {
		return err
	}
	if in.tx.moved {
		if err := in.sealHead(ctx); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	if in.tx.moved {
		s.known.wrote(in.tx.head)
	}
	if in.tx.hides {
		hidden(ctx)
	}
	return nil
}

// Try does what do says in one write, and takes it all back, so that a page can
// show what an act would bring about. Its error is that of do.
func (s *Store) Try(ctx context.Context, do func(s *Store) error) error {
	if s.tx != nil {
		return errors.New("store: a try inside a transaction")
	}
	tried := errors.New("store: tried only")
	err := s.write(ctx, func(s *Store) error {
		if err := do(s); err != nil {
			return err
		}
		return tried
	})
	if err == tried {
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

// read runs fn over one snapshot of the database, with the clock held still. A
// page that reads more than one thing reads them in one read.
func (s *Store) read(ctx context.Context, fn func(s *Store) error) error {
	if s.tx != nil {
		return fn(s)
	}
	tx, err := s.reads.BeginTx(ctx, s.snapshot())
	if err != nil {
		return err
	}
	defer tx.Rollback() // nothing was written
	now := s.Now().UTC().Truncate(time.Microsecond)
	return fn(&Store{Now: func() time.Time { return now }, q: tx, engine: s.engine, options: s.options, lately: s.lately, facts: s.facts, cubes: s.cubes, known: s.known, tx: &work{}})
}

func (s *Store) snapshot() *sql.TxOptions {
	if s.engine == postgres {
		return &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
	}
	return nil // a deferred transaction on a query-only connection
}

// change runs a statement that must touch exactly one row. It is how a status
// moves: the WHERE names the old status, so the slower of two writers is told.
func (s *Store) change(ctx context.Context, query string, args ...any) error {
	n, err := s.exec(ctx, query, args...)
	if err == nil && n != 1 {
		return Conflict.Errorf("Someone else changed this first. Reload the page and look again.")
	}
	return err
}

// exec runs a statement and tells how many rows it touched.
func (s *Store) exec(ctx context.Context, query string, args ...any) (int64, error) {
	r, err := s.q.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

type row interface{ Scan(...any) error }

func one[T any](ctx context.Context, s *Store, scan func(row) (T, error), query string, args ...any) (T, error) {
	v, err := scan(s.q.QueryRowContext(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		err = NotFound.Errorf("There is no such page.")
	}
	return v, err
}

// maybe is one, for a thing that need not be there.
func maybe[T any](ctx context.Context, s *Store, scan func(row) (T, error), query string, args ...any) (v T, found bool, err error) {
	v, err = one(ctx, s, scan, query, args...)
	if KindOf(err) == NotFound {
		return v, false, nil
	}
	return v, err == nil, err
}

func list[T any](ctx context.Context, s *Store, scan func(row) (T, error), query string, args ...any) ([]T, error) {
	rows, err := s.q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

func scanInto[T any](r row) (v T, err error) { return v, r.Scan(&v) }
