package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/migrations"
	"github.com/police-ict/handover/store/record"
)

// ClearDemo makes room for a demonstration: an earlier one is removed, an
// empty database is left, and any other is refused.
func ClearDemo(ctx context.Context, o db.Options) error {
	if db.EngineOf(o.Database) == db.Sqlite && missing(o.Database) {
		return nil
	}
	tx, err := db.Connect(ctx, o)
	if err != nil {
		return err
	}
	defer tx.Close()
	has, err := db.List(ctx, tx, db.ScanInto[string], tx.Engine.Tables())
	if err != nil {
		return db.Unreachable(o, err)
	}
	if !slices.Contains(has, "record_head") {
		if tx.Engine == db.Sqlite && len(has) > 0 {
			return fmt.Errorf("%s contains something else and was not changed: choose another file with --database", o.Database)
		}
		return nil
	}
	if h, err := record.ReadHead(ctx, tx); err != nil || h.Key != "" && !h.Demo {
		return errors.New("this database is not a demonstration, so it was not changed: choose another with --database")
	}
	if real, err := isReal(ctx, tx); err != nil || real {
		return errors.New("this database says that it is a demonstration, but its record does not: it was not changed. Run “handover verify”, or choose another with --database")
	}
	if tx.Engine == db.Postgres {
		return dropTables(ctx, tx, has)
	}
	if err := tx.Close(); err != nil {
		return err
	}
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(o.Database + end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("the earlier demonstration %s cannot be removed: check who may write there", o.Database)
		}
	}
	return nil
}

// isReal reports whether a record was begun, and not as a demonstration.
func isReal(ctx context.Context, tx *db.Tx) (bool, error) {
	h, err := record.ReadHead(ctx, tx)
	if err != nil || h.Size == 0 {
		return false, err
	}
	demo, err := record.BeganAsDemo(ctx, tx)
	return !demo, err
}

var createTable = regexp.MustCompile(`CREATE TABLE (\w+)`)

// dropTables drops the tables of the portal, and no others.
func dropTables(ctx context.Context, tx *db.Tx, has []string) error {
	ours := []string{"goose_db_version"}
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		return err
	}
	for _, name := range names {
		body, err := migrations.Files.ReadFile(name)
		if err != nil {
			return err
		}
		for _, m := range createTable.FindAllStringSubmatch(string(body), -1) {
			ours = append(ours, m[1])
		}
	}
	for _, table := range ours {
		if !slices.Contains(has, table) {
			continue
		}
		if _, err := tx.Exec(ctx, `DROP TABLE `+table+` CASCADE`); err != nil {
			return err
		}
	}
	return nil
}
