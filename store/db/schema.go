package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/pressly/goose/v3"

	"github.com/police-ict/handover/store/migrations"
)

// Strange finds what the migrations did not make of the tables, or no longer
// find as they made it: a table, a column, an index, a view or a trigger. It is
// "" where all is as they made it.
func (tx *Tx) Strange(ctx context.Context) (string, error) {
	if fault, err := tx.strangeVersions(ctx); fault != "" || err != nil {
		return fault, err
	}
	made, err := scratch(ctx)
	if err != nil {
		return "", err
	}
	defer made.Close()
	if tx.Engine == Postgres {
		return tx.strangePostgres(ctx, made)
	}
	want, err := shapeOf(ctx, made)
	if err != nil {
		return "", err
	}
	has, err := shapeOf(ctx, tx)
	if err != nil {
		return "", err
	}
	return differ(want, has), nil
}

// scratch is an empty database of this version, in memory.
func scratch(ctx context.Context) (*Tx, error) {
	memory, err := sql.Open(Sqlite.Driver(), ":memory:")
	if err != nil {
		return nil, err
	}
	memory.SetMaxOpenConns(1)
	made := &Tx{Reads: memory, Writes: memory, Q: memory, Engine: Sqlite}
	if err := made.migrateOnce(ctx); err != nil {
		return nil, errors.Join(err, made.Close())
	}
	return made, nil
}

// shapeOf is the text by which each thing of a SQLite database was made, by
// what it is called: "index questions_body".
func shapeOf(ctx context.Context, tx *Tx) (map[string]string, error) {
	type thing struct{ kind, name, table, made string }
	all, err := List(ctx, tx, func(r Row) (t thing, err error) { return t, r.Scan(&t.kind, &t.name, &t.table, &t.made) },
		`SELECT type, name, tbl_name, COALESCE(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name`)
	out := map[string]string{}
	for _, t := range all {
		if t.name == "goose_db_version" {
			t.made = "" // goose's own, and of its version
		}
		out[t.kind+" "+t.name] = t.table + ": " + t.made
	}
	return out, err
}

// differ names the first thing that is not as it should be.
func differ(want, has map[string]string) string {
	for _, name := range slices.Sorted(maps.Keys(has)) {
		if _, ok := want[name]; !ok {
			return fmt.Sprintf("the database holds the %s, which the portal did not make", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		switch made, ok := has[name]; {
		case !ok:
			return fmt.Sprintf("the %s is missing from the database", name)
		case made != want[name]:
			return fmt.Sprintf("the %s is not as the portal made it", name)
		}
	}
	return ""
}

// strangeVersions holds the list of migrations to those that there are, each
// applied once.
func (tx *Tx) strangeVersions(ctx context.Context) (string, error) {
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		return "", err
	}
	want := []int64{0}
	for _, name := range names {
		v, err := goose.NumericComponent(name)
		if err != nil {
			return "", err
		}
		want = append(want, v)
	}
	has, err := List(ctx, tx, ScanInto[int64], `SELECT version_id FROM goose_db_version WHERE CAST(is_applied AS INTEGER) = 1 ORDER BY version_id`)
	if err != nil {
		return "", err
	}
	rows, err := One(ctx, tx, ScanInto[int], `SELECT COUNT(*) FROM goose_db_version`)
	if err == nil && (!slices.Equal(has, want) || rows != len(want)) {
		return "the list of migrations in goose_db_version is not that of this version", nil
	}
	return "", err
}

// Integrity runs the engine's own check and says what it found, "" for nothing,
// and what could not be run, "" for nothing.
func (tx *Tx) Integrity(ctx context.Context) (fault, notRun string, err error) {
	if tx.Engine == Postgres {
		return tx.amcheck(ctx)
	}
	found, err := List(ctx, tx, ScanInto[string], `PRAGMA integrity_check(3)`)
	if err != nil {
		return "the file is damaged: " + err.Error(), "", nil
	}
	if !slices.Equal(found, []string{"ok"}) {
		return "the file is damaged: " + strings.Join(found, "; "), "", nil
	}
	type orphan struct{ table, parent string }
	orphans, err := List(ctx, tx, func(r Row) (o orphan, err error) { var row, key any; return o, r.Scan(&o.table, &row, &o.parent, &key) }, `PRAGMA foreign_key_check`)
	if len(orphans) > 0 {
		return fmt.Sprintf("a row of the table %s names one of %s that is not there", orphans[0].table, orphans[0].parent), "", nil
	}
	return "", "", err
}
