package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"regexp"

	lite "modernc.org/sqlite"
)

// open opens a pool of connections.
func (e Engine) open(dsn string) (*sql.DB, error) {
	if e == Postgres {
		return sql.Open(e.Driver(), dsn) // pgx keeps what it prepared by itself
	}
	c, err := lite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(keeping{c}), nil
}

// keeping makes connections to SQLite that keep what they have prepared:
// reading a statement costs as much as running it.
type keeping struct{ driver.Connector }

// Connect opens a connection that keeps its prepared statements.
func (k keeping) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &keeper{liteConn: c.(liteConn), kept: map[string]*statement{}}, nil
}

// liteConn is what the driver's connection can do.
type liteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// keeper is one connection. database/sql uses it from one goroutine at a time.
type keeper struct {
	liteConn
	kept map[string]*statement
}

// statement is one prepared statement, which runs once at a time.
type statement struct {
	driver.Stmt
	busy bool
}

const (
	keptStatements = 200   // of one connection
	keptText       = 4_000 // bytes; a longer one lists numbers, and does not come again
)

var worthKeeping = regexp.MustCompile(`^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b`)

// prepared is the statement of a text, or nil where it is not one to keep.
func (k *keeper) prepared(ctx context.Context, query string) (*statement, error) {
	if st, ok := k.kept[query]; ok {
		if st.busy {
			return nil, nil
		}
		return st, nil
	}
	if len(query) > keptText || !worthKeeping.MatchString(query) {
		return nil, nil
	}
	if len(k.kept) >= keptStatements {
		k.forget()
	}
	st, err := k.liteConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	k.kept[query] = &statement{Stmt: st}
	return k.kept[query], nil
}

// forget closes the statements that are not running.
func (k *keeper) forget() {
	for query, st := range k.kept {
		if !st.busy {
			st.Close() // its error is that of its last run, told then
			delete(k.kept, query)
		}
	}
}

// ExecContext runs a statement, prepared before where it is worth keeping.
func (k *keeper) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	st, err := k.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	if st == nil {
		return k.liteConn.ExecContext(ctx, query, args)
	}
	return st.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

// QueryContext runs a query, prepared before where it is worth keeping.
func (k *keeper) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	st, err := k.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	if st == nil {
		return k.liteConn.QueryContext(ctx, query, args)
	}
	rows, err := st.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	st.busy = true
	return &keptRows{rows, st}, nil
}

// Close closes it, with what it keeps.
func (k *keeper) Close() error {
	for _, st := range k.kept {
		st.busy = false
	}
	k.forget()
	return k.liteConn.Close()
}

// keptRows gives its statement back when it is closed.
type keptRows struct {
	driver.Rows
	of *statement
}

// Close closes it, with what it keeps.
func (r *keptRows) Close() error {
	r.of.busy = false
	return r.Rows.Close()
}
