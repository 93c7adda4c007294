package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3"

	"github.com/police-ict/handover/store/migrations"
)

// migrations gives goose the one text of the migrations in the engine's words.
func (e Engine) migrations() (fs.FS, error) {
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		return nil, err
	}
	out := fstest.MapFS{}
	for _, name := range names {
		body, err := migrations.Files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		out[name] = &fstest.MapFile{Data: []byte(e.ddl(string(body)))}
	}
	return out, nil
}

// Provider gives the migrations in the words of the engine.
func (tx *Tx) Provider() (*goose.Provider, error) {
	files, err := tx.Engine.migrations()
	if err != nil {
		return nil, err
	}
	dialect := goose.DialectSQLite3
	if tx.Engine == Postgres {
		dialect = goose.DialectPostgres
	}
	return goose.NewProvider(dialect, tx.Writes, files, goose.WithVerbose(false))
}

// Migrate brings the tables up to date. Two processes may start at once: the
// slower one finds the work done and looks again.
func (tx *Tx) Migrate(ctx context.Context) error {
	for try := 0; ; try++ {
		err := tx.migrateOnce(ctx)
		if err == nil || !tx.Engine.racing(err) || try == 20 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(rand.N(200 * time.Millisecond)):
		}
	}
}

// Ours refuses a SQLite file that holds something else.
func (tx *Tx) Ours(ctx context.Context) error {
	if tx.Engine != Sqlite {
		return nil // a schema may be shared
	}
	has, err := List(ctx, tx, ScanInto[string], tx.Engine.Tables())
	if err != nil {
		return Unreachable(tx.Options, err)
	}
	if len(has) > 0 && !slices.Contains(has, "goose_db_version") {
		return fmt.Errorf("%s contains something else and was not changed: choose another file with --database", tx.Options.Database)
	}
	return nil
}

func (tx *Tx) migrateOnce(ctx context.Context) error {
	p, err := tx.Provider()
	if err != nil {
		return err
	}
	has, known, err := versions(ctx, p)
	if err != nil {
		return Unreachable(tx.Options, err)
	}
	if has > known {
		return fmt.Errorf("this database was written by a newer version of the portal (tables %d, this one knows %d): start that version, or restore a backup made before it", has, known)
	}
	if has == known {
		return nil
	}
	_, err = p.Up(ctx)
	return err
}

// versions tells the version of the tables and the newest that we know.
func versions(ctx context.Context, p *goose.Provider) (has, known int64, err error) {
	has, err = p.GetDBVersion(ctx)
	for _, source := range p.ListSources() {
		known = max(known, source.Version)
	}
	return has, known, err
}

// Current is nil when the tables are those that this program knows.
func (tx *Tx) Current(ctx context.Context) error {
	p, err := tx.Provider()
	if err != nil {
		return err
	}
	has, known, err := versions(ctx, p)
	if err == nil && has != known {
		return fmt.Errorf("tables are at version %d, want %d", has, known)
	}
	return err
}

// Usable refuses a path that cannot be a database file, in plain words.
func Usable(e Engine, path string) error {
	if e == Postgres {
		return nil
	}
	if strings.TrimSpace(path) == "" {
		return errors.New("name the database: --database FILE or --database postgres://…")
	}
	if i := strings.Index(path, "://"); i > 0 {
		return fmt.Errorf("%q is not the address of a database: use a file name or a postgres:// address", path)
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil {
		return fmt.Errorf("the folder of the database %s does not exist: create it, or choose another place", path)
	} else if !info.IsDir() {
		return fmt.Errorf("%s is not a folder, so %s cannot be a database", filepath.Dir(path), path)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("%s is a folder: choose a file for the database", path)
	}
	return nil
}

// Unreachable says in one sentence that the database cannot be used, without
// its address, which may hold a password.
func Unreachable(o Options, err error) error {
	if EngineOf(o.Database) == Postgres {
		return errors.New("the PostgreSQL server does not answer or refuses the account: check the address after --database and that the server runs")
	}
	switch text := err.Error(); {
	case strings.Contains(text, "not a database"):
		return fmt.Errorf("%s is not a database of the portal", o.Database)
	case strings.Contains(text, "locked"), strings.Contains(text, "SQLITE_BUSY"):
		return fmt.Errorf("%s is held by another program: stop that one and try again", o.Database)
	case strings.Contains(text, "unable to open"), strings.Contains(text, "readonly"), strings.Contains(text, "CANTOPEN"):
		return fmt.Errorf("%s cannot be opened for writing: check the folder and who may write there", o.Database)
	}
	return fmt.Errorf("the database %s: %w", o.Database, err)
}
