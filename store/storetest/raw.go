package storetest

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
)

// Raw is a database and the file of its key, to be read and changed behind the
// portal's back. The portal may have it open at the same time.
type Raw struct {
	T             testing.TB
	Database, Key string
}

// NewRaw is a new database in which no record was opened.
func NewRaw(t testing.TB) Raw {
	t.Helper()
	return Raw{T: t, Database: Database(t), Key: filepath.Join(t.TempDir(), "record.key")}
}

// Once is a copy of a database that is filled once for all tests of a process,
// and closed by whoever fills it.
func Once(t testing.TB, what string, fill func(k Raw)) Raw {
	t.Helper()
	m, err := templateOf("once "+what, func(m *template) error {
		k := Raw{T: t, Database: m.database, Key: filepath.Join(t.TempDir(), "record.key")}
		fill(k)
		var err error
		m.key, err = os.ReadFile(k.Key)
		return err
	})
	must(t, err)
	k := Raw{T: t, Database: m.copy(t), Key: filepath.Join(t.TempDir(), "record.key")}
	must(t, os.WriteFile(k.Key, m.key, 0o600))
	return k
}

// DB opens the database without the portal.
func (k Raw) DB() *sql.DB {
	k.T.Helper()
	driver := "sqlite"
	if strings.HasPrefix(k.Database, "postgres") {
		driver = "pgx"
	}
	db, err := sql.Open(driver, k.Database)
	if err != nil {
		k.T.Fatal(err)
	}
	return db
}

// Run changes the database with plain SQL. Each statement changes some row, or
// what a table is.
func (k Raw) Run(statements ...string) {
	k.T.Helper()
	db := k.DB()
	defer db.Close()
	for _, q := range statements {
		r, err := db.Exec(q)
		if err != nil {
			k.T.Fatalf("%s: %v", q, err)
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 && !strings.HasPrefix(q, "ALTER ") {
			k.T.Fatalf("%s: %d rows, %v", q, n, err)
		}
	}
}

// Fault is the fault that verify finds, also against saved checkpoints, or nothing.
func (k Raw) Fault(saved ...string) string {
	k.T.Helper()
	v, err := store.VerifyDatabase(k.T.Context(), k.Database, saved...)
	if err != nil {
		k.T.Fatal(err)
	}
	return v.Fault
}

// SearchRows are the rows of the search index that are shown, in order.
func (k Raw) SearchRows() (all []string) {
	k.T.Helper()
	db := k.DB()
	defer db.Close()
	rows, err := db.Query(`SELECT thing, kind, ref, key, title, text, href, year, day, hash FROM search_docs WHERE shown ORDER BY thing`)
	if err != nil {
		k.T.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var r [10]string
		if err := rows.Scan(&r[0], &r[1], &r[2], &r[3], &r[4], &r[5], &r[6], &r[7], &r[8], &r[9]); err != nil {
			k.T.Fatal(err)
		}
		all = append(all, strings.Join(r[:], "\t"))
	}
	return all
}
