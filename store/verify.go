package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
)

// VerifyDatabase opens a database to read only, without its signing key, and checks it.
func VerifyDatabase(ctx context.Context, database string, saved ...string) (v record.Verdict, err error) {
	defer leaveAsFound(database)()
	tx, err := openToCheck(database)
	if err != nil {
		return v, err
	}
	defer tx.Close()
	if err := readable(ctx, tx); err != nil {
		return v, fmt.Errorf("%s is not a database that this version can read: it may be from another program or another version of the portal", describe(database))
	}
	return Verify(ctx, tx, saved...)
}

// leaveAsFound puts away the files that SQLite makes beside one that is opened
// for reading alone, and cannot put away itself, where they were not there before.
func leaveAsFound(database string) func() {
	if db.EngineOf(database) != db.Sqlite || missing(database) || !missing(database+"-wal") {
		return func() {}
	}
	return func() {
		if missing(database + "-wal") {
			return
		}
		if tx, err := openFile(database, "mode=rw"); err == nil {
			_, _ = tx.Reads.Exec(`PRAGMA wal_checkpoint(PASSIVE)`) // so that the file is opened; what cannot be put away stays
			_ = tx.Close()
		}
	}
}

// openToCheck opens a database that is there, for reading alone.
func openToCheck(database string) (*db.Tx, error) {
	if db.EngineOf(database) == db.Sqlite {
		if err := there(database); err != nil {
			return nil, err
		}
		return openReadOnly(database)
	}
	theDb, err := sql.Open(db.Postgres.Driver(), database)
	if err != nil {
		return nil, db.Unreachable(db.Options{Database: database}, err)
	}
	return &db.Tx{Now: time.Now, Reads: theDb, Writes: theDb, Q: theDb, Engine: db.Postgres, Options: db.Options{Database: database}, Slots: &sync.Map{}}, nil
}

// openReadOnly opens a SQLite file that nothing of this process can write to.
// Where the folder cannot be written, so that SQLite cannot share the file, and
// no log lies beside it, the file is read as one that nobody changes.
func openReadOnly(path string) (*db.Tx, error) {
	tx, err := openFile(path, "mode=ro&_pragma=query_only(1)")
	if err != nil {
		return nil, err
	}
	if tx.Reads.Ping() == nil || !missing(path+"-wal") {
		return tx, nil
	}
	if err := tx.Close(); err != nil {
		return nil, err
	}
	return openFile(path, "mode=ro&immutable=1&_pragma=query_only(1)")
}

// readable is nil when the tables are those that this program knows. Unlike
// current it makes nothing, not even the table of versions.
func readable(ctx context.Context, tx *db.Tx) error {
	p, err := tx.Provider()
	if err != nil {
		return err
	}
	var known int64
	for _, source := range p.ListSources() {
		known = max(known, source.Version)
	}
	has, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version`)
	if err == nil && has != known {
		err = fmt.Errorf("tables are at version %d, want %d", has, known)
	}
	return err
}

func describe(database string) string {
	if db.EngineOf(database) == db.Postgres {
		return "the database"
	}
	return database
}

// Verify recomputes everything: each leaf from its event, the tree from the
// leaves, the root against the latest checkpoint and the saved ones, the sealed
// parts against their commitments, each column of each row against the record,
// each line of spend and each roll-up against its load, what search finds, the
// tables against the migrations, and the file by the engine's own check. What
// it cannot hold is in Unheld.
func Verify(ctx context.Context, tx *db.Tx, saved ...string) (v record.Verdict, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		h, err := record.KeptHead(ctx, tx)
		if record.Garbled(err) {
			v.Fault = "the head of the record is missing or cannot be read: it was changed beside the record"
			return nil
		}
		if err != nil {
			return err
		}
		c := record.NewChecker(tx, h)
		if err := c.Chain(ctx, saved); err != nil {
			return err
		}
		for _, check := range checks {
			if c.Fault != "" {
				break
			}
			if err := check(ctx, c); record.Garbled(err) {
				c.Diverges("a row cannot be read (%s): it was changed beside the record", err)
			} else if err != nil {
				return err
			}
		}
		v = c.Verdict()
		return nil
	})
	v.Unheld = Unheld
	return v, err
}

// checkEngine holds the tables to what the migrations make of them, and runs
// the engine's own check.
func checkEngine(ctx context.Context, c *record.Checker) error {
	fault, err := c.S.Strange(ctx)
	if err != nil {
		return err
	}
	if fault != "" {
		return c.Diverges("%s", fault)
	}
	fault, notRun, err := c.S.Integrity(ctx)
	if err != nil {
		return err
	}
	if fault != "" {
		return c.Diverges("%s", fault)
	}
	if notRun != "" {
		c.Skip(notRun)
	}
	return nil
}
