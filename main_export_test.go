package main

import (
	"bytes"
	"database/sql"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/police-ict/handover/store/spend/export"
)

// Every format has the same payments, and no file is written over.
func TestExportSpendWritesEveryFormat(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database, file := filepath.Join(dir, "new.db"), filepath.Join(dir, "a.csv")
	write(t, file, smallFile)
	if _, problem, code := loads(t, database, "--body", "kent", "--accept-rejected", file); code != 0 {
		t.Fatal(problem)
	}
	const want = 115025
	for format, sum := range map[string]func(path string) int64{"csv": sumOfCSV(t), "parquet": sumOfParquet(t), "sqlite": sumOfSQLite(t)} {
		path := filepath.Join(dir, "out."+format)
		out, problem, code := do(t, "export", "spend", "--database", database, "--format", format, "--out", path)
		if code != 0 || !strings.Contains(out, path+" has all published payments") {
			t.Fatalf("%s: exit %d, %s %s", format, code, out, problem)
		}
		if got := sum(path); got != want {
			t.Errorf("%s: %d pence, want %d", format, got, want)
		}
		if _, problem, code := do(t, "export", "spend", "--database", database, "--format", format, "--out", path); code == 0 || !strings.Contains(problem, path) || sum(path) != want {
			t.Errorf("%s: a file was written over: %s", format, problem)
		}
	}
	if _, problem, code := do(t, "export", "spend", "--database", database, "--format", "xml", "--out", filepath.Join(dir, "x")); code == 0 || !strings.Contains(problem, "parquet") {
		t.Errorf("exit %d, %s", code, problem)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*.part-*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func sumOfCSV(t *testing.T) func(string) int64 {
	return func(path string) (sum int64) {
		text, err := os.ReadFile(path)
		if err != nil || !bytes.HasPrefix(text, []byte("\uFEFF")) {
			t.Fatalf("%q, %v", text, err)
		}
		rows, err := csv.NewReader(bytes.NewReader(text[3:])).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		at := slices.Index(rows[0], "amount_pence")
		for _, row := range rows[1:] {
			n, err := strconv.ParseInt(row[at], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			sum += n
		}
		return sum
	}
}

func sumOfParquet(t *testing.T) func(string) int64 {
	return func(path string) (sum int64) {
		rows, err := parquet.ReadFile[export.Row](path)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			sum += r.Amount
		}
		return sum
	}
}

func sumOfSQLite(t *testing.T) func(string) int64 {
	return func(path string) (sum int64) {
		file, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if err := file.QueryRow(`SELECT SUM(amount_pence) FROM payments`).Scan(&sum); err != nil {
			t.Fatal(err)
		}
		return sum
	}
}
