package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/db"
)

// Bare is the address of a database without a table: a SQLite file that is not
// there yet, or a schema of its own when TEST_POSTGRES names a server.
func Bare(t testing.TB) string {
	t.Helper()
	if server() == "" {
		return filepath.Join(t.TempDir(), "test.db")
	}
	name := "t_" + strings.ToLower(rand.Text())
	must(t, onServer(t.Context(), `CREATE SCHEMA `+name))
	t.Cleanup(func() {
		if err := onServer(context.Background(), `DROP SCHEMA `+name+` CASCADE`); err != nil {
			t.Log(err)
		}
	})
	u, err := url.Parse(server())
	must(t, err)
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

// Database is the address of a database that has its tables, and in which no
// record was opened: a SQLite file, or a database of its own when TEST_POSTGRES
// names a PostgreSQL server.
func Database(t testing.TB) string {
	t.Helper()
	m, err := templateOf("tables", func(m *template) error {
		return db.Migrate(context.Background(), db.Options{Database: m.database, Scratch: true})
	})
	must(t, err)
	return m.copy(t)
}

// opened is a database in which the record was opened at an instant, with the
// file of its key. The key is random, and the same in all tests of a process.
func opened(t testing.TB, at time.Time) (database, key string) {
	t.Helper()
	m, err := templateOf(at.UTC().Format(time.RFC3339Nano), func(m *template) error {
		dir, err := os.MkdirTemp("", "handover-key-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		o := db.Options{Database: m.database, Key: filepath.Join(dir, "record.key"), Now: func() time.Time { return at }, Scratch: true}
		s, err := store.Open(context.Background(), o)
		if err != nil {
			return err
		}
		if err := s.Close(); err != nil {
			return err
		}
		m.key, err = os.ReadFile(o.Key)
		return err
	})
	must(t, err)
	key = filepath.Join(t.TempDir(), "record.key")
	must(t, os.WriteFile(key, m.key, 0o600))
	return m.copy(t), key
}

// A template is a database that is made once in a process and copied for each
// test.
type template struct {
	database string // its address, while it is being made
	name     string // of the database on a PostgreSQL server
	file     []byte // the SQLite file
	key      []byte // the file of its record's key, where its record was opened
}

// templates are functions that make a template once, by what it is of.
var templates sync.Map

func templateOf(what string, fill func(*template) error) (*template, error) {
	made, _ := templates.LoadOrStore(server()+" "+what, sync.OnceValues(func() (*template, error) {
		if server() != "" {
			return onPostgres(fill)
		}
		return onSQLite(fill)
	}))
	return made.(func() (*template, error))()
}

func onSQLite(fill func(*template) error) (*template, error) {
	dir, err := os.MkdirTemp("", "handover-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	m := &template{database: filepath.Join(dir, "template.db")}
	if err := fill(m); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", m.database)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	if _, err := db.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); err != nil { // so that all of it is in the one file
		return nil, err
	}
	m.file, err = os.ReadFile(m.database)
	return m, err
}

func onPostgres(fill func(*template) error) (*template, error) {
	if err := sweep(context.Background()); err != nil {
		return nil, err
	}
	m := &template{name: newName()}
	m.database = addressOf(m.name)
	if err := onServer(context.Background(), `CREATE DATABASE `+m.name); err != nil {
		return nil, err
	}
	return m, fill(m)
}

// copy is the address of a copy that is the test's own.
func (m *template) copy(t testing.TB) string {
	t.Helper()
	if m.name == "" {
		path := filepath.Join(t.TempDir(), "test.db")
		must(t, os.WriteFile(path, m.file, 0o600))
		return path
	}
	name := newName()
	must(t, onServer(t.Context(), `CREATE DATABASE `+name+` TEMPLATE `+m.name+` STRATEGY file_copy`))
	t.Cleanup(func() {
		if err := onServer(context.Background(), `DROP DATABASE `+name+` WITH (FORCE)`); err != nil {
			t.Log(err)
		}
	})
	return addressOf(name)
}

// server is the address of the PostgreSQL server to test on, or nothing.
func server() string { return os.Getenv("TEST_POSTGRES") }

func addressOf(database string) string {
	u, err := url.Parse(server())
	if err != nil {
		return server() // which then is not reached, and the error says why
	}
	u.Path = "/" + database
	return u.String()
}

func onServer(ctx context.Context, statements ...string) error {
	db, err := sql.Open("pgx", server())
	if err != nil {
		return err
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

const prefix = "handover_test_"

// newName tells when the database was made, for sweep.
func newName() string {
	return fmt.Sprintf("%s%d_%s", prefix, time.Now().Unix(), strings.ToLower(rand.Text()))
}

// sweep drops what tests left on the server more than a day ago: templates,
// and the databases of tests that were killed.
func sweep(ctx context.Context) error {
	db, err := sql.Open("pgx", server())
	if err != nil {
		return err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, `SELECT datname FROM pg_database WHERE datname LIKE 'handover\_test\_%'`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var old []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		since, _, _ := strings.Cut(strings.TrimPrefix(name, prefix), "_")
		if at, err := strconv.ParseInt(since, 10, 64); err == nil && time.Since(time.Unix(at, 0)) > 24*time.Hour {
			old = append(old, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return onServer(ctx, old...)
}
