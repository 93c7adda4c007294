package db

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
)

// Reads take their connection from one of three pools, so that what fills one
// does not keep others waiting. Writes have their own.
type pools struct {
	pages *sql.DB
	vital *sql.DB // for what every answer needs: the head of the record, sessions, whether the portal is ready
	dear  *sql.DB // for long lists, exports and filters that look at many rows
}

// How many connections each pool has at most.
const (
	writeConnections = 8 // of PostgreSQL: writes run one at a time, and wait in line for the rest
	pageConnections  = 12
	vitalConnections = 4
)

// DearReads is how many dear reads run at once. SQLite works in this process, so
// half of the processors are left to pages; PostgreSQL works elsewhere.
func (tx *Tx) DearReads() int {
	if tx.Engine == Postgres {
		return max(2, runtime.GOMAXPROCS(0))
	}
	return max(1, runtime.GOMAXPROCS(0)/2)
}

// kindKey is under what a context keeps the kind of its reads.
type kindKey struct{}

type kind int

const (
	vital kind = iota + 1
	dear
)

// Vital says that what is read with a context is little, and that every answer
// needs it.
func Vital(ctx context.Context) context.Context { return context.WithValue(ctx, kindKey{}, vital) }

// Dear says that what is read with a context takes long.
func Dear(ctx context.Context) context.Context { return context.WithValue(ctx, kindKey{}, dear) }

// of is the pool for what is read with a context.
func (p *pools) of(ctx context.Context) *sql.DB {
	switch ctx.Value(kindKey{}) {
	case vital:
		return p.vital
	case dear:
		return p.dear
	}
	return p.pages
}

// openReads opens the pools that reads use.
func (tx *Tx) openReads() (*pools, error) {
	p := &pools{}
	for _, one := range []struct {
		pool       **sql.DB
		most, idle int
	}{{&p.pages, pageConnections, pageConnections}, {&p.vital, vitalConnections, vitalConnections}, {&p.dear, tx.DearReads(), 2}} {
		opened, err := tx.Engine.open(tx.Engine.dsn(tx.Options, true))
		if err != nil {
			return nil, errors.Join(err, p.close())
		}
		opened.SetMaxOpenConns(one.most)
		opened.SetMaxIdleConns(one.idle)
		*one.pool = opened
	}
	return p, nil
}

// InUse is how many connections of the pools reads hold now.
func (tx *Tx) InUse() (n int) {
	for _, one := range tx.reads.all() {
		n += one.Stats().InUse
	}
	return n
}

func (p *pools) all() []*sql.DB { return []*sql.DB{p.pages, p.vital, p.dear} }

func (p *pools) close() (err error) {
	if p == nil {
		return nil
	}
	for _, one := range p.all() {
		if one != nil {
			err = errors.Join(err, one.Close())
		}
	}
	return err
}

// ExecContext runs a statement on a connection of the right pool.
func (p *pools) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return p.of(ctx).ExecContext(ctx, query, args...)
}

// QueryContext runs a query on a connection of the right pool.
func (p *pools) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return p.of(ctx).QueryContext(ctx, query, args...)
}

// QueryRowContext runs a query for one row on a connection of the right pool.
func (p *pools) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return p.of(ctx).QueryRowContext(ctx, query, args...)
}

// PrepareContext prepares a statement on a connection of the right pool.
func (p *pools) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return p.of(ctx).PrepareContext(ctx, query)
}
