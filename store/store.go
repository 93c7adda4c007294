// Package store holds what is true: the types, the rules and the SQL. One file
// per subject: types first, then the rules (no SQL), then reads, then writes.
package store

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	_ "modernc.org/sqlite"             // driver "sqlite"
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
	slots         *sync.Map // what packages keep beside the open database, by Slot
	tx            *work     // set inside a transaction
}

// work is one transaction.
type work struct {
	writing bool
	locals  map[any]any // what packages keep while it lasts, by Local
}

// Slot names one value that a package keeps beside an open database: a cache,
// or what is registered with it. It is made, as its zero value, when it is first
// asked for, and shared by all transactions of the database.
type Slot[T any] struct{ _ byte }

// Of is the value of the slot for the database of s.
func (k *Slot[T]) Of(s *Store) *T {
	if v, ok := s.slots.Load(k); ok {
		return v.(*T)
	}
	v, _ := s.slots.LoadOrStore(k, new(T))
	return v.(*T)
}

// Local names one value that a package keeps while a transaction lasts.
type Local[T any] struct{ _ byte }

// Of is the value of the local in the transaction of s, made as its zero value
// when it is first asked for. Outside of a transaction it is a new one each time.
func (k *Local[T]) Of(s *Store) *T {
	if s.tx == nil {
		return new(T)
	}
	v, ok := s.tx.locals[k].(*T)
	if !ok {
		v = new(T)
		if s.tx.locals == nil {
			s.tx.locals = map[any]any{}
		}
		s.tx.locals[k] = v
	}
	return v
}

// Inside reports whether s is a transaction, Writing whether it is one that may
// write.
func (s *Store) Inside() bool { return s.tx != nil }

// Writing reports whether s is a transaction that may write.
func (s *Store) Writing() bool { return s.tx != nil && s.tx.writing }

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
	registered(s)
	if err := s.openRecord(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.fillSearch(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Migrate brings the tables of a database up to date and closes it. Its record,
// if it is new, is still to be opened.
func Migrate(ctx context.Context, o Options) error {
	s, err := connect(ctx, o)
	if err != nil {
		return err
	}
	return errors.Join(s.migrate(ctx), s.Close())
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
	s := &Store{Now: o.Now, writes: writes, reads: writes, q: writes, engine: e, options: o, slots: &sync.Map{}}
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

// Transact runs fn in one transaction that may write, and again where the
// engine asks for it, so fn must do nothing but use its Store. Inside a write it
// joins it.
func (s *Store) Transact(ctx context.Context, fn func(s *Store) error) error {
	if s.tx != nil {
		if !s.tx.writing {
			return errors.New("store: a write inside a read")
		}
		return fn(s)
	}
	err := s.transactOnce(ctx, fn)
	for wait := time.Millisecond; s.engine.again(err) && wait < 4*time.Second; wait *= 2 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(rand.N(2 * wait)):
		}
		err = s.transactOnce(ctx, fn)
	}
	return s.engine.explain(err)
}

func (s *Store) transactOnce(ctx context.Context, fn func(s *Store) error) error {
	begun, err := s.writes.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer begun.Rollback() // no effect once committed
	if err := fn(&Store{Now: s.Now, q: begun, engine: s.engine, options: s.options, slots: s.slots, tx: &work{writing: true}}); err != nil {
		return err
	}
	return begun.Commit()
}

// read runs fn over one snapshot of the database, with the clock held still. A
// page that reads more than one thing reads them in one read.
func (s *Store) read(ctx context.Context, fn func(s *Store) error) error {
	if s.tx != nil {
		return fn(s)
	}
	begun, err := s.reads.BeginTx(ctx, s.snapshot())
	if err != nil {
		return err
	}
	defer begun.Rollback() // nothing was written
	now := s.Now().UTC().Truncate(time.Microsecond)
	return fn(&Store{Now: func() time.Time { return now }, q: begun, engine: s.engine, options: s.options, slots: s.slots, tx: &work{}})
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
