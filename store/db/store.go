// Package db opens the database and runs transactions on it. All that differs
// between SQLite and PostgreSQL is here. It knows no subject.
package db

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"os"
	"sync"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"

	"github.com/police-ict/handover/store/fault"
)

// Tx is the open database or, inside a read or a write, one transaction on it:
// every function that takes one works the same in or out of a transaction.
type Tx struct {
	// Now is the clock. It stands still inside a transaction. It is set before
	// the store is used by more than one goroutine, never after.
	Now func() time.Time

	Reads, Writes *sql.DB
	Q             querier
	Engine        Engine
	Options       Options
	Slots         *sync.Map // what packages keep beside the open database, by Slot
	reads         *pools    // where there is more than Reads
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
func (k *Slot[T]) Of(tx *Tx) *T {
	if v, ok := tx.Slots.Load(k); ok {
		return v.(*T)
	}
	v, _ := tx.Slots.LoadOrStore(k, new(T))
	return v.(*T)
}

// Local names one value that a package keeps while a transaction lasts.
type Local[T any] struct{ _ byte }

// Of is the value of the local in the transaction of s, made as its zero value
// when it is first asked for. Outside of a transaction it is a new one each time.
func (k *Local[T]) Of(tx *Tx) *T {
	if tx.tx == nil {
		return new(T)
	}
	v, ok := tx.tx.locals[k].(*T)
	if !ok {
		v = new(T)
		if tx.tx.locals == nil {
			tx.tx.locals = map[any]any{}
		}
		tx.tx.locals[k] = v
	}
	return v
}

// Inside reports whether s is a transaction, Writing whether it is one that may
// write.
func (tx *Tx) Inside() bool { return tx.tx != nil }

// Writing reports whether s is a transaction that may write.
func (tx *Tx) Writing() bool { return tx.tx != nil && tx.tx.writing }

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

// Migrate brings the tables of a database up to date and closes it. Its record,
// if it is new, is still to be opened.
func Migrate(ctx context.Context, o Options) error {
	tx, err := Connect(ctx, o)
	if err != nil {
		return err
	}
	return errors.Join(tx.Migrate(ctx), tx.Close())
}

// Connect opens the pools without touching a table.
func Connect(ctx context.Context, o Options) (*Tx, error) {
	var clock *steadyClock
	if o.Now == nil {
		clock = newSteadyClock(machineClock())
		o.Now = clock.now
	}
	e := EngineOf(o.Database)
	if err := Usable(e, o.Database); err != nil {
		return nil, err
	}
	writes, err := e.open(e.dsn(o, false))
	if err != nil {
		return nil, Unreachable(o, err)
	}
	tx := &Tx{Now: o.Now, Writes: writes, Engine: e, Options: o, Slots: &sync.Map{}}
	if err := tx.reach(ctx); err != nil {
		return nil, errors.Join(Unreachable(o, err), tx.Close())
	}
	watched.Of(tx).clock = clock
	if e == Sqlite {
		watched.Of(tx).file, _ = os.Stat(o.Database) // none of a database in memory
		writes.SetMaxOpenConns(1)
	} else {
		writes.SetMaxOpenConns(writeConnections)
		writes.SetMaxIdleConns(writeConnections)
	}
	if tx.reads, err = tx.openReads(); err != nil {
		return nil, errors.Join(Unreachable(o, err), tx.Close())
	}
	tx.Reads, tx.Q = tx.reads.pages, tx.reads
	return tx, nil
}

// reach makes the first connection. SQLite refuses it at once, without its
// usual patience, while another process makes the same new file.
func (tx *Tx) reach(ctx context.Context) error {
	err := tx.Writes.PingContext(ctx)
	for wait := time.Millisecond; tx.Engine.again(err) && wait < 4*time.Second; wait *= 2 {
		time.Sleep(rand.N(2 * wait))
		err = tx.Writes.PingContext(ctx)
	}
	return err
}

// Close closes the database.
func (tx *Tx) Close() error {
	// What may write is closed last: only it can put SQLite's log away.
	return errors.Join(tx.reads.close(), tx.Writes.Close())
}

// Demo reports whether this is a demonstration.
func (tx *Tx) Demo() bool { return tx.Options.Demo }

// Transact runs fn in one transaction that may write, and again where the
// engine asks for it, so fn must do nothing but use its Store. Inside a write it
// joins it.
func (tx *Tx) Transact(ctx context.Context, fn func(tx *Tx) error) error {
	if tx.tx != nil {
		if !tx.tx.writing {
			return errors.New("store: a write inside a read")
		}
		return fn(tx)
	}
	if err := tx.gone(); err != nil {
		return err
	}
	err := tx.transactOnce(ctx, fn)
	for wait := time.Millisecond; tx.Engine.again(err) && wait < 4*time.Second; wait *= 2 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(rand.N(2 * wait)):
		}
		err = tx.transactOnce(ctx, fn)
	}
	return tx.wrote(tx.Engine.explain(err))
}

func (tx *Tx) transactOnce(ctx context.Context, fn func(tx *Tx) error) error {
	begun, err := tx.Writes.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer begun.Rollback() // no effect once committed
	if err := fn(&Tx{Now: tx.Now, Q: begun, Engine: tx.Engine, Options: tx.Options, Slots: tx.Slots, tx: &work{writing: true}}); err != nil {
		return err
	}
	return tx.commit(begun)
}

// Unsure says that a commit was not answered as it should be: the line broke,
// or the disk failed. Whether it was done is to be looked up.
type Unsure struct {
	Err    error
	Undone bool // it was looked up: nothing was recorded
}

func (e *Unsure) Error() string {
	if e.Undone {
		return "not committed: " + e.Err.Error()
	}
	return "not known to be committed: " + e.Err.Error()
}

func (e *Unsure) Unwrap() error { return e.Err }

// AfterCommit is called with each commit that a database has answered, for
// tests that lose the answer. None is set in the program.
var AfterCommit Slot[func() error]

func (tx *Tx) commit(begun *sql.Tx) error {
	err := begun.Commit()
	if lose := *AfterCommit.Of(tx); err == nil && lose != nil {
		err = lose()
	}
	if err == nil || tx.Engine.undone(err) {
		return err
	}
	return &Unsure{Err: err}
}

// Look runs fn in a transaction that takes the lock of a write and writes
// nothing.
func (tx *Tx) Look(ctx context.Context, fn func(tx *Tx) error) error {
	begun, err := tx.Writes.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer begun.Rollback() // nothing was written
	return fn(&Tx{Now: tx.Now, Q: begun, Engine: tx.Engine, Options: tx.Options, Slots: tx.Slots, tx: &work{}})
}

// Read runs fn over one snapshot of the database, with the clock held still. A
// page that reads more than one thing reads them in one read.
func (tx *Tx) Read(ctx context.Context, fn func(tx *Tx) error) error {
	if tx.tx != nil {
		return fn(tx)
	}
	from := tx.Reads
	if tx.reads != nil {
		from = tx.reads.of(ctx)
	}
	begun, err := from.BeginTx(ctx, tx.snapshot())
	if err != nil {
		return err
	}
	defer begun.Rollback() // nothing was written
	now := tx.Now().UTC().Truncate(time.Microsecond)
	return fn(&Tx{Now: func() time.Time { return now }, Q: begun, Engine: tx.Engine, Options: tx.Options, Slots: tx.Slots, tx: &work{}})
}

func (tx *Tx) snapshot() *sql.TxOptions {
	if tx.Engine == Postgres {
		return &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
	}
	return nil // a deferred transaction on a query-only connection
}

// Change runs a statement that must touch exactly one row. It is how a status
// moves: the WHERE names the old status, so the slower of two writers is told.
func (tx *Tx) Change(ctx context.Context, query string, args ...any) error {
	n, err := tx.Exec(ctx, query, args...)
	if err == nil && n != 1 {
		return fault.Conflict.Errorf("Someone else has changed this. Reload the page and check it.")
	}
	return err
}

// Exec runs a statement and tells how many rows it touched.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := keepable(args); err != nil {
		return 0, err
	}
	r, err := tx.Q.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// Row is a row to be scanned.
type Row interface{ Scan(...any) error }

// One reads the one row of a query. None is NotFound.
func One[T any](ctx context.Context, tx *Tx, scan func(Row) (T, error), query string, args ...any) (T, error) {
	if err := keepable(args); err != nil {
		return *new(T), err
	}
	v, err := scan(tx.Q.QueryRowContext(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.NotFound.Errorf("There is no page at this address.")
	}
	return v, err
}

// Maybe is one, for a thing that need not be there.
func Maybe[T any](ctx context.Context, tx *Tx, scan func(Row) (T, error), query string, args ...any) (v T, found bool, err error) {
	v, err = One(ctx, tx, scan, query, args...)
	if fault.KindOf(err) == fault.NotFound {
		return v, false, nil
	}
	return v, err == nil, err
}

// List reads all rows of a query.
func List[T any](ctx context.Context, tx *Tx, scan func(Row) (T, error), query string, args ...any) ([]T, error) {
	if err := keepable(args); err != nil {
		return nil, err
	}
	rows, err := tx.Q.QueryContext(ctx, query, args...)
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

// ScanInto reads a row of one column.
func ScanInto[T any](r Row) (v T, err error) { return v, r.Scan(&v) }
