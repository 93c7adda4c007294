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
	tx, err := openToCheck(database)
	if err != nil {
		return v, err
	}
	defer tx.Close()
	if err := readable(ctx, tx); err != nil {
		return v, fmt.Errorf("%s holds no record that this version can read: it is not a database of the portal, or of another version", describe(database))
	}
	return Verify(ctx, tx, saved...)
}

// openToCheck opens a database that is there, for reading alone.
func openToCheck(database string) (*db.Tx, error) {
	if db.EngineOf(database) == db.Sqlite {
		if err := there(database); err != nil {
			return nil, err
		}
		return openFile(database)
	}
	theDb, err := sql.Open(db.Postgres.Driver(), database)
	if err != nil {
		return nil, db.Unreachable(db.Options{Database: database}, err)
	}
	return &db.Tx{Now: time.Now, Reads: theDb, Writes: theDb, Q: theDb, Engine: db.Postgres, Options: db.Options{Database: database}, Slots: &sync.Map{}}, nil
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
// parts against their commitments, each present row against the record, and
// each line of spend and each roll-up against its load.
func Verify(ctx context.Context, tx *db.Tx, saved ...string) (v record.Verdict, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		h, err := record.ReadHead(ctx, tx)
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
			if err := check(ctx, c); err != nil {
				return err
			}
		}
		v = c.Verdict()
		return nil
	})
	return v, err
}
