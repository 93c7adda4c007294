package db

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
)

// Statements that are kept answer as new ones do: while they run already, after
// the table has changed, and when more come than are kept.
func TestKeptStatements(t *testing.T) {
	ctx := context.Background()
	db, err := Sqlite.open(Sqlite.dsn(Options{Database: filepath.Join(t.TempDir(), "kept.db"), Scratch: true}, false))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err = db.Exec(`CREATE TABLE numbers (n BIGINT); INSERT INTO numbers VALUES (1), (2), (3)`)
	must(err)
	tx, err := db.BeginTx(ctx, nil)
	must(err)
	defer tx.Rollback()
	const from = `SELECT n FROM numbers WHERE n >= $1 ORDER BY n`
	sum := 0
	for range 2 { // the second time, the statement is there
		rows, err := tx.Query(from, 1)
		must(err)
		for rows.Next() {
			var n, first int
			must(rows.Scan(&n))
			must(tx.QueryRow(from, n).Scan(&first)) // the same, while it runs
			if first != n {
				t.Fatalf("from %d: %d", n, first)
			}
			sum += n
		}
		must(rows.Err())
		must(rows.Close())
	}
	if sum != 12 {
		t.Fatalf("sum %d, want 12", sum)
	}
	_, err = tx.Exec(`ALTER TABLE numbers ADD COLUMN word TEXT NOT NULL DEFAULT 'x'`)
	must(err)
	var n int
	must(tx.QueryRow(from, 3).Scan(&n))
	for i := range 3 * keptStatements {
		must(tx.QueryRow(fmt.Sprintf(`SELECT %d + n FROM numbers WHERE n = $1`, i), 1).Scan(&n))
		if n != i+1 {
			t.Fatalf("%d, want %d", n, i+1)
		}
	}
	if err := tx.QueryRow(`SELECT nothing FROM numbers`).Scan(&n); err == nil {
		t.Fatal("a column that is not there was read")
	}
}
