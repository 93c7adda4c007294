package store_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
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
			file := storetest.SpendFile(lines, store.MonthOf(2012, 4), 12, 1)
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
				if _, err := s.TakeIn(b.Context(), store.CommandLine, store.LoadRequest{Body: "kent", File: "a.csv"}, r, size); err != nil {
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
