package db_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/db"
)

func TestTheLogOfSQLiteIsCutOnceNobodyReads(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log.db")
	s, err := db.Connect(t.Context(), db.Options{Database: path, Scratch: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	write := func() {
		t.Helper()
		for range 12 {
			err := s.Transact(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), `INSERT INTO things (text) VALUES ($1)`, strings.Repeat("x", 1<<20))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	size := func() int64 {
		t.Helper()
		if err := s.ShrinkLog(t.Context()); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	if _, err := s.Writes.ExecContext(t.Context(), `CREATE TABLE things (text TEXT NOT NULL)`); err != nil {
		t.Fatal(err)
	}
	err = s.Read(t.Context(), func(tx *db.Tx) error {
		if _, err := db.List(t.Context(), tx, db.ScanInto[string], `SELECT text FROM things`); err != nil {
			return err
		}
		write()
		if n := size(); n < 12<<20 {
			t.Errorf("%d bytes while a read lasts", n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := size(); n > 8<<20 {
		t.Errorf("%d bytes once it has ended", n)
	}
	write()
}
