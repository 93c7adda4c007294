package spend_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/storetest"
)

// peak watches how much memory is in use until it is stopped.
func peak() (stop func() (mib float64)) {
	var most atomic.Uint64
	done, ended := make(chan struct{}), make(chan struct{})
	runtime.GC()
	go func() {
		defer close(ended)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most.Store(max(most.Load(), m.HeapInuse+m.StackInuse))
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() float64 { close(done); <-ended; return float64(most.Load()) / (1 << 20) }
}

// BenchmarkLoad takes in one file, and has the sqlite3 command line import the
// same file into a table with an index on the day and one on the supplier.
func BenchmarkLoad(b *testing.B) {
	for _, lines := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(lines), func(b *testing.B) {
			file := storetest.SpendFile(lines, civil.MonthOf(2012, 4), 12, 1)
			path := filepath.Join(b.TempDir(), "a.csv")
			if err := os.WriteFile(path, file, 0o600); err != nil {
				b.Fatal(err)
			}
			size := int64(len(file))
			file = nil
			for b.Loop() {
				dir := b.TempDir()
				r, err := os.Open(path)
				if err != nil {
					b.Fatal(err)
				}
				defer r.Close()
				database := filepath.Join(dir, "load.db")
				s := storetest.At(b, database, filepath.Join(dir, "key"), func() time.Time { return storetest.Noon })
				stop, began := peak(), time.Now()
				if _, err := spend.Import(b.Context(), s, office.CommandLine, spend.LoadRequest{Body: "kent", File: "a.csv"}, r, size); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(lines)/time.Since(began).Seconds(), "lines/s")
				b.ReportMetric(stop(), "MiB-in-use")
				all, kept := sizes(b, database)
				b.ReportMetric(float64(all-kept)/float64(lines), "B/line")
				b.ReportMetric(float64(kept)/float64(lines), "file-B/line")
				b.ReportMetric(float64(lines)/imports(b, dir, path), "sqlite3-lines/s")
			}
		})
	}
}

// sizes are the bytes of a closed-up database, and of the files kept in it.
func sizes(b *testing.B, database string) (all, kept int64) {
	b.Helper()
	out, err := exec.Command("sqlite3", database, "PRAGMA wal_checkpoint(TRUNCATE); SELECT SUM(LENGTH(data)) FROM spend_files;").Output()
	if err != nil {
		b.Skip("the sqlite3 command line is not here to compare with")
	}
	var busy, a, c int64
	fmt.Sscanf(string(bytes.ReplaceAll(out, []byte("|"), []byte(" "))), "%d %d %d\n%d", &busy, &a, &c, &kept)
	info, err := os.Stat(database)
	if err != nil {
		b.Fatal(err)
	}
	return info.Size(), kept
}

// imports has sqlite3 import a file, and tells the seconds that it took.
func imports(b *testing.B, dir, path string) float64 {
	b.Helper()
	cmd := exec.Command("sqlite3", filepath.Join(dir, "cli.db"))
	cmd.Stdin = bytes.NewBufferString(`PRAGMA journal_mode = WAL;
CREATE TABLE lines (body TEXT, day TEXT, supplier TEXT, number TEXT, amount REAL, purpose TEXT, category TEXT, centre TEXT, reason TEXT);
CREATE INDEX lines_day ON lines (day);
CREATE INDEX lines_supplier ON lines (supplier);
.mode csv
.import --skip 1 ` + path + " lines\n")
	began := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("sqlite3: %v: %s", err, out)
	}
	return time.Since(began).Seconds()
}

// spread takes in about so many lines, in a file for each of the 43 bodies and
// each of 36 months.
func spread(b testing.TB, s *db.Tx, lines int) {
	b.Helper()
	bodies := office.LocalPolicingBodies()
	each := max(1, lines/(len(bodies)*36))
	for m := range 36 {
		for i, body := range bodies {
			file := storetest.SpendFile(each, civil.MonthOf(2010, 1+m), 1, uint64(i+1))
			req := spend.LoadRequest{Body: body.Slug, File: fmt.Sprintf("%s-%d.csv", body.Slug, m)}
			if _, err := spend.Import(b.Context(), s, office.CommandLine, req, bytes.NewReader(file), int64(len(file))); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkSpend prints what the reads of spend cost at several sizes. Set
// SPEND_LINES to try another size, such as 10000000.
func BenchmarkSpend(b *testing.B) {
	sizes := []int{100_000, 1_000_000}
	if n, err := strconv.Atoi(os.Getenv("SPEND_LINES")); err == nil {
		sizes = []int{n}
	}
	for _, lines := range sizes {
		dir := b.TempDir()
		s, err := store.Open(b.Context(), db.Options{Database: filepath.Join(dir, "s.db"), Key: filepath.Join(dir, "key"), Scratch: true,
			Now: func() time.Time { return storetest.Noon }})
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		spread(b, s, lines)
		b.Logf("%d lines in 1,548 files taken in at %.0f lines a second", lines, float64(lines)/time.Since(began).Seconds())
		began = time.Now()
		if _, err := spend.Read(b.Context(), s, payments.Filter{}); err != nil {
			b.Fatal(err)
		}
		b.Logf("the roll-ups were read in %s", time.Since(began).Round(time.Millisecond))
		it := []classify.Class{classify.IsIT}
		page, err := spend.BySupplier(b.Context(), s, payments.Filter{Class: it}, 0, 10)
		if err != nil {
			b.Fatal(err)
		}
		slug := page.Rows[5].Supplier.Slug
		for _, read := range []struct {
			name string
			do   func() error
		}{
			{"overview", func() error { _, err := spend.Read(b.Context(), s, payments.Filter{Class: it}); return err }},
			{"by body, two filters", func() error {
				_, err := spend.Read(b.Context(), s, payments.Filter{Class: it, Years: []int{2011}, Category: []string{classify.Taxa()[0].Slug}})
				return err
			}},
			{"by supplier", func() error {
				_, err := spend.BySupplier(b.Context(), s, payments.Filter{Class: it}, 0, 50)
				return err
			}},
			{"supplier", func() error { _, err := report.ReadSupplier(b.Context(), s, slug, payments.Filter{}); return err }},
			{"first lines", func() error {
				_, err := spend.Lines(b.Context(), s, payments.Filter{Class: it}, spend.Newest, 0, 50)
				return err
			}},
			{"first lines of a supplier", func() error {
				_, err := spend.Lines(b.Context(), s, payments.Filter{Supplier: slug}, spend.Newest, 0, 50)
				return err
			}},
			{"largest lines", func() error {
				_, err := spend.Lines(b.Context(), s, payments.Filter{Class: it}, spend.Largest, 0, 50)
				return err
			}},
			{"over an amount", func() error {
				least := money.Pence(9_000_00)
				_, err := spend.Read(b.Context(), s, payments.Filter{Class: it, Least: &least})
				return err
			}},
			{"words", func() error {
				_, err := spend.Read(b.Context(), s, payments.Filter{Class: it, Text: "data centre"})
				return err
			}},
		} {
			b.Run(fmt.Sprintf("%d/%s", lines, read.name), func(b *testing.B) {
				for b.Loop() {
					if err := read.do(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "ms")
			})
		}
		b.Run(fmt.Sprintf("%d/export", lines), func(b *testing.B) {
			n := 0
			for b.Loop() {
				for _, err := range spend.EachLine(b.Context(), s, payments.Filter{}) {
					if err != nil {
						b.Fatal(err)
					}
					n++
				}
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "lines/s")
		})
		s.Close()
	}
}
