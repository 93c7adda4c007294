package main

import (
	"bytes"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/big"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/storetest"
)

// A taken is the line of JSON that the program prints of a file.
type taken struct {
	File      string
	Encoding  string
	HeaderRow int `json:"header_row"`
	Lines     int64
	Pence     int64
	Rejected  []struct {
		Row    int
		Reason string
	}
	Blank  int64
	Stated *int64 `json:"stated_pence"`
	Agrees *bool
	Sheets []struct {
		Name    string
		Lines   int64
		Pence   int64
		LeftOut string `json:"left_out"`
	}
	Load    *int64
	Refused string
}

// loads runs the program over files and reads what it prints of each.
func loads(t testing.TB, database string, args ...string) (all []taken, problem string, code int) {
	t.Helper()
	out, problem, code := do(t, append([]string{"load", "spend", "--json", "--database", database}, args...)...)
	for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
		if line == "" {
			continue
		}
		var one taken
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatalf("%v: %q", err, line)
		}
		all = append(all, one)
	}
	return all, problem, code
}

const smallFile = `Kent Police: payments over £500

Payment Date,Supplier Name,Transaction Number,Amount,Description
30/04/2012,Alder Vale Hosting Ltd (sample),1,"£1,200.50",Custody hosting
02/05/2012,Brightmere Fuel Ltd (sample),2,(50.25),Diesel
03/05/2012,Brightmere Fuel Ltd (sample),3,see note,Diesel
,,,,
,,Total,1150.25,
`

func TestLoadSpendSaysWhatItFound(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database, file, page := filepath.Join(dir, "new.db"), filepath.Join(dir, "a.csv"), filepath.Join(dir, "b.csv")
	write(t, file, smallFile)
	write(t, page, "<!doctype html><title>Not found</title>")
	all, problem, code := loads(t, database, "--body", "E23000032", "--published", "2012-06-14", "--source", "https://example.org/a.csv", file)
	if code != 2 || len(all) != 1 || all[0].Load != nil || all[0].Refused == "" || !strings.Contains(problem, "1 of 3 rows cannot be read") {
		t.Fatalf("exit %d, %+v, %s", code, all, problem)
	}
	all, problem, code = loads(t, database, "--body", "kent", "--accept-rejected", file)
	if code != 0 || problem != "" || len(all) != 1 {
		t.Fatalf("exit %d, %+v, %s", code, all, problem)
	}
	got := all[0]
	if got.File != file || got.Encoding != "utf-8" || got.HeaderRow != 3 || got.Lines != 2 || got.Pence != 115025 || got.Load == nil || got.Refused != "" || got.Blank < 1 || got.Sheets == nil {
		t.Errorf("%+v", got)
	}
	if len(got.Rejected) != 1 || got.Rejected[0].Row != 6 || got.Rejected[0].Reason == "" || got.Stated == nil || *got.Stated != 115025 || got.Agrees == nil || !*got.Agrees {
		t.Errorf("%+v", got)
	}
	all, problem, code = loads(t, database, "--body", "kent", "--accept-rejected", file, page, filepath.Join(dir, "missing.csv"))
	if code != 2 || len(all) != 2 || all[0].Lines != 2 || all[0].Load != nil || all[1].Load != nil || strings.Count(problem, "\n") != 1 ||
		!strings.Contains(problem, "already loaded") || !strings.Contains(problem, "missing.csv cannot be read") {
		t.Errorf("again: exit %d, %+v, %s", code, all, problem)
	}
	if out := must(t, "verify", "--database", database); !strings.Contains(out, "passed the check") {
		t.Error(out)
	}
}

func TestLoadSpendRefusesWhatCannotBeMeant(t *testing.T) {
	dir := t.TempDir()
	database, file := filepath.Join(dir, "new.db"), filepath.Join(dir, "a.csv")
	write(t, file, smallFile)
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"no body":                {[]string{file}, "--body"},
		"a body of nowhere":      {[]string{"--body", "atlantis", file}, "not one of the 43"},
		"a body that has no PCC": {[]string{"--body", "company", file}, "not one of the 43"},
		"no file":                {[]string{"--body", "kent"}, "file"},
		"a folder":               {[]string{"--body", "kent", dir}, "is not a file"},
		"a period that is none":  {[]string{"--body", "kent", "--period", "2012-13", file}, "--period 2012-13"},
		"a day that is none":     {[]string{"--body", "kent", "--published", "2012-02-30", file}, "published"},
		"a flag that is none":    {[]string{"--body", "kent", "--force", file}, "--force"},
	} {
		t.Run(name, func(t *testing.T) {
			all, problem, code := loads(t, database, c.args...)
			if code != 2 || len(all) != 0 || !strings.Contains(problem, c.says) || strings.Count(problem, "\n") != 1 {
				t.Errorf("exit %d, %+v, %s", code, all, problem)
			}
		})
	}
}

// published is the folder of real files, which are no part of the product.
func published(t *testing.T) string {
	t.Helper()
	folder := filepath.Join("..", "shared", "data", "spend")
	if _, err := os.Stat(filepath.Join(folder, "expected.csv")); err != nil {
		t.Skip("skipped: the published files are not beside the repository, in ../shared/data/spend")
	}
	return folder
}

// exact is an amount in whole pence.
func exact(t *testing.T, amount string) int64 {
	t.Helper()
	p, err := money.ParsePence(amount)
	if err != nil {
		t.Fatal(err)
	}
	return int64(p)
}

// Every published file gives the lines and the sum of an independent reading.
func TestEveryPublishedFileGivesItsExactSum(t *testing.T) {
	t.Parallel()
	folder := published(t)
	f, err := os.Open(filepath.Join(folder, "expected.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	col := map[string]int{}
	for i, name := range rows[0] {
		col[name] = i
	}
	database := filepath.Join(t.TempDir(), "all.db")
	var sum, lines int64
	for _, row := range rows[1:] {
		value := func(name string) string { return row[col[name]] }
		args := []string{"--body", "kent", "--period", "2012-Q1", "--accept-rejected", "--accept-overlap", filepath.Join(folder, value("file"))}
		all, problem, code := loads(t, database, args...)
		if value("sum_of_amounts") == "" {
			if code != 2 || strings.Count(problem, "\n") != 1 {
				t.Errorf("%s: exit %d, %s", value("file"), code, problem)
			}
			continue
		}
		if code != 0 || len(all) != 1 {
			t.Errorf("%s: exit %d, %s", value("file"), code, problem)
			continue
		}
		got := all[0]
		if fmt.Sprint(got.Lines) != value("data_rows_with_amount") || got.Pence != exact(t, value("sum_of_amounts")) || fmt.Sprint(got.HeaderRow) != value("header_record") {
			t.Errorf("%s: %d lines, %d pence, headings in %d; want %s, %s, %s", value("file"), got.Lines, got.Pence, got.HeaderRow,
				value("data_rows_with_amount"), value("sum_of_amounts"), value("header_record"))
		}
		if want := value("total_stated_in_file"); want != "" && (got.Stated == nil || *got.Stated != exact(t, want)) {
			t.Errorf("%s: states %v, want %s", value("file"), got.Stated, want)
		}
		sum, lines = sum+got.Pence, lines+got.Lines
	}
	stands(t, database, lines, sum)
	must(t, "verify", "--database", database)
}

// stands holds all that stands in a database to a count and a sum.
func stands(t *testing.T, database string, lines, pence int64) {
	t.Helper()
	tx, err := store.Open(t.Context(), db.Options{Database: database})
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Close()
	sp, err := spend.Read(t.Context(), tx, payments.Filter{})
	if err != nil || sp.Total != (spend.Sum{Lines: lines, Pence: money.Pence(pence)}) || !sp.Reconciles() {
		t.Errorf("%v stands, want %d lines and %d pence; %v", sp.Total, lines, pence, err)
	}
}

// inColumn adds up one column of a worksheet below its heading, exactly, by
// another way than the program's: from the cells' raw values, to the penny.
func inColumn(t *testing.T, f *excelize.File, name string) (lines, pence int64) {
	t.Helper()
	rows, err := f.GetRows(name, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	at := -1
	for _, row := range rows {
		if at < 0 {
			for i, cell := range row {
				if head := strings.ToLower(strings.Trim(cell, "* ")); head == "total" || head == "total invoice amount" {
					at = i
				}
			}
			continue
		}
		if at >= len(row) || strings.TrimSpace(strings.Join(row[:min(at, len(row))], "")) == "" {
			continue // blank, or the sheet's own sum
		}
		if r, ok := new(big.Rat).SetString(strings.TrimSpace(row[at])); ok {
			p, _ := new(big.Int).SetString(new(big.Rat).Mul(r, big.NewRat(100, 1)).FloatString(0), 10)
			lines, pence = lines+1, pence+p.Int64()
		}
	}
	return lines, pence
}

func TestEveryWorksheetGivesTheSumOfItsColumn(t *testing.T) {
	t.Parallel()
	folder := published(t)
	books, err := filepath.Glob(filepath.Join(folder, "*", "*.xlsx"))
	if err != nil || len(books) == 0 {
		t.Fatal(books, err)
	}
	if !storetest.Thorough() {
		books = books[:1]
	}
	for _, book := range books {
		t.Run(filepath.Base(book), func(t *testing.T) {
			database := filepath.Join(t.TempDir(), "book.db")
			all, problem, code := loads(t, database, "--body", "kent", "--period", "2018-04", "--accept-rejected", "--accept-overlap", book)
			if code != 0 || len(all) != 1 {
				t.Fatalf("exit %d, %s", code, problem)
			}
			f, err := excelize.OpenFile(book)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			var lines, pence int64
			for _, s := range all[0].Sheets {
				if s.LeftOut != "" {
					t.Logf("%s is left out: %s", s.Name, s.LeftOut)
					continue
				}
				n, sum := inColumn(t, f, s.Name)
				if s.Lines != n || s.Pence != sum {
					t.Errorf("%s: %d lines and %d pence, its column %d and %d", s.Name, s.Lines, s.Pence, n, sum)
				}
				lines, pence = lines+s.Lines, pence+s.Pence
			}
			if lines != all[0].Lines || pence != all[0].Pence || len(all[0].Sheets) != len(f.GetSheetList()) {
				t.Errorf("the sheets come to %d and %d, the book to %d and %d", lines, pence, all[0].Lines, all[0].Pence)
			}
			stands(t, database, lines, pence)
			must(t, "verify", "--database", database)
		})
	}
}

// longFile is a generated file, large enough to be broken off in the middle.
func longFile(t *testing.T, lines int) (path string, size int) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "long.csv")
	b := storetest.SpendFile(lines, civil.MonthOf(2012, 4), 6, 1)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path, len(b)
}

// Killed at any instant of a load, nothing of it is half done: no line of it is
// counted, the record is whole, a portal tidies up, and the file loads again.
func TestKillDuringALoadLeavesNothingHalfDone(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { killLoads(t, filepath.Join(t.TempDir(), "handover.db"), 3) })
	t.Run("postgres", func(t *testing.T) { killLoads(t, onPostgres(t), 2) })
}

func killLoads(t *testing.T, database string, rounds int) {
	lines := 200_000
	if !storetest.Thorough() {
		lines, rounds = 25_000, 1
	}
	rounds = kills(t, "KILL_LOADS", rounds)
	long, _ := longFile(t, lines)
	small, key := filepath.Join(t.TempDir(), "small.csv"), filepath.Join(t.TempDir(), "record.key")
	write(t, small, smallFile)
	where := []string{"load", "spend", "--database", database, "--record-key", key, "--accept-rejected", "--body"}
	must(t, append(where, "essex", small)...)
	began := time.Now()
	must(t, "load", "spend", "--database", filepath.Join(t.TempDir(), "whole.db"), "--body", "kent", long)
	takes := time.Since(began) // undisturbed, on SQLite
	broken, killed := 0, 0
	for range rounds {
		cmd := exec.Command(binary, append(where, "kent", long)...)
		cmd.Env = plainEnv()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(takes/6 + mathrand.N(takes/2))
		cmd.Process.Kill()
		if cmd.Wait() == nil {
			must(t, "verify", "--database", database)
			t.Logf("a load was faster than its killer, after %d kills", killed)
			return
		}
		killed++
		worked, stands := leftWhole(t, database, key, lines)
		if stands {
			t.Logf("kill %d came after all was written", killed)
			return
		}
		if worked {
			broken++
		}
		t.Logf("killed in load %d; %d left something to tidy up", killed, broken)
	}
	must(t, append(where, "kent", long)...)
	must(t, "verify", "--database", database)
	t.Logf("a load of %d lines takes %v; %d of %d loads left something to tidy up", lines, takes, broken, killed)
}

// muchLater is a clock by which every lease has lapsed.
func muchLater() time.Time { return time.Now().Add(10 * time.Minute) }

// leftWhole holds a database to what it must be after a kill in a load of so
// many lines, and tidies up. It tells whether anything was left to be tidied,
// and whether the load stands because the kill came after its commit.
func leftWhole(t *testing.T, database, key string, lines int) (worked, stands bool) {
	t.Helper()
	must(t, "verify", "--database", database)
	tx, err := store.Open(t.Context(), db.Options{Database: database, Key: key, Now: muchLater})
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Close()
	sp, err := spend.Read(t.Context(), tx, payments.Filter{})
	stands = sp.Loads == 2 && sp.Total.Lines == int64(2+lines)
	if err != nil || !sp.Reconciles() || !stands && (sp.Total.Lines != 2 || sp.Loads != 1) {
		t.Errorf("after the kill %v stands in %d loads, %v", sp.Total, sp.Loads, err)
	}
	worked, err = spend.WorkOnImports(t.Context(), tx)
	if err != nil {
		t.Error(err)
	}
	if left := leftovers(t, database); left != "0 loads, 0 blocks, 0 cells, 0 files" {
		t.Errorf("tidied up, there are %s", left)
	}
	return worked, stands
}

// leftovers says what is there of loads that do not stand.
func leftovers(t *testing.T, database string) string {
	t.Helper()
	driver := "sqlite"
	if strings.HasPrefix(database, "postgres") {
		driver = "pgx"
	}
	db, err := sql.Open(driver, database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	const standing = `(SELECT id FROM loads WHERE status = 'standing')`
	var words []string
	for _, q := range []string{`SELECT COUNT(*) || ' loads' FROM loads WHERE id NOT IN ` + standing,
		`SELECT COUNT(*) || ' blocks' FROM spend_blocks WHERE load NOT IN ` + standing,
		`SELECT COUNT(*) || ' cells' FROM spend_cells WHERE load NOT IN ` + standing,
		`SELECT COUNT(*) || ' files' FROM spend_files WHERE hash NOT IN (SELECT hash FROM loads WHERE status = 'standing')`} {
		var word string
		if err := db.QueryRow(q).Scan(&word); err != nil {
			t.Fatal(err)
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

// A disk that is full ends a load with one sentence; the database stays whole
// and takes in what there is room for.
func TestAFullDiskIsOneSentence(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("skipped: this test limits the size of files with a shell")
	}
	dir := t.TempDir()
	database, small := filepath.Join(dir, "handover.db"), filepath.Join(dir, "small.csv")
	write(t, small, smallFile)
	where := []string{"load", "spend", "--database", database, "--accept-rejected", "--body"}
	must(t, append(where, "essex", small)...)
	long, size := longFile(t, 60_000)
	for _, room := range []int{2 << 20, size / 8} { // of the file of the database, or of its log
		cmd := exec.Command("sh", append([]string{"-c", fmt.Sprintf(`trap "" XFSZ; ulimit -f %d; exec "$0" "$@"`, room/512), binary}, append(where, "kent", long)...)...)
		cmd.Env = plainEnv()
		var out, problem bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &problem
		if err := cmd.Run(); err == nil {
			t.Fatalf("with room for %d bytes the load succeeded", room)
		}
		said := problem.String()
		if cmd.ProcessState.ExitCode() != 1 || strings.Count(said, "\n") != 1 || !strings.Contains(said, "disk is full") || strings.Contains(said, "SQL") || out.Len() > 0 {
			t.Errorf("with room for %d bytes: exit %d\n%.1000s%.1000s", room, cmd.ProcessState.ExitCode(), said, out.String())
		}
		must(t, "verify", "--database", database)
		stands(t, database, 2, 115025)
	}
	must(t, append(where, "kent", long)...)
	tx, err := store.Open(t.Context(), db.Options{Database: database, Now: muchLater})
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Close()
	if _, err := spend.WorkOnImports(t.Context(), tx); err != nil {
		t.Error(err)
	}
	if left := leftovers(t, database); left != "0 loads, 0 blocks, 0 cells, 0 files" {
		t.Errorf("tidied up, there are %s", left)
	}
	must(t, "verify", "--database", database)
}

func TestLoadSpendAsksAndTakesTheAnswer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database, open, undated, twice := filepath.Join(dir, "new.db"), filepath.Join(dir, "open.csv"), filepath.Join(dir, "undated.csv"), filepath.Join(dir, "twice.csv")
	write(t, open, "Date,Supplier,Amount\n6/3/2012,Alder Vale Hosting Ltd (sample),700.10\n6/5/2012,Brightmere Fuel Ltd (sample),800.20\n")
	write(t, undated, "Date,Supplier,Amount\n13/06/2012,Alder Vale Hosting Ltd (sample),700.10\nsoon,Brightmere Fuel Ltd (sample),800.20\n")
	write(t, twice, "Date,Supplier,Amount,Value\n13/06/2012,Alder Vale Hosting Ltd (sample),700.10,1.00\n14/06/2012,Brightmere Fuel Ltd (sample),800.20,7.00\n")
	args := []string{"load", "spend", "--database", database, "--body", "kent"}
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"the order of day and month": {[]string{open}, "Answer with --dates day-first or --dates month-first."},
		"a column":                   {[]string{twice}, "Answer with --column"},
		"no order":                   {[]string{"--dates", "sideways", open}, "write day-first or month-first"},
		"no field":                   {[]string{"--column", "money=C", twice}, "the fields are body"},
		"no column":                  {[]string{"--column", "amount=3", twice}, "like amount=G"},
		"a column too far":           {[]string{"--column", "amount=Z", twice}, "has no column Z"},
		"no worksheet":               {[]string{"--sheet", "June", twice}, "no worksheet"},
	} {
		if _, problem, code := do(t, append(args[:len(args):len(args)], c.args...)...); code != 2 || !strings.Contains(problem, c.says) || strings.Count(problem, "\n") != 1 {
			t.Errorf("%s: exit %d, %s", name, code, problem)
		}
	}
	if out := must(t, append(args[:len(args):len(args)], "--dates", "month-first", "--explain", open)...); !strings.Contains(out, `date: column A, headed "Date": month first, as you chose`) || !strings.Contains(out, "2 payments, £1,500.30") {
		t.Error(out)
	}
	if out := must(t, append(args[:len(args):len(args)], undated)...); !strings.Contains(out, "1 payment without a readable date is counted in no month.") {
		t.Error(out)
	}
	if out := must(t, append(args[:len(args):len(args)], "--json", "--accept-overlap", "--column", "amount=D", twice)...); !strings.Contains(out, `"pence":800,`) || !strings.Contains(out, `"undated":0`) ||
		!strings.Contains(out, `{"field":"amount","column":"D","heading":"Value","how":"pounds"}`) {
		t.Error(out)
	}
	must(t, "verify", "--database", database)
}
