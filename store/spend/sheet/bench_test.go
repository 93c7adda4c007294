package sheet

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// writePayments writes n invented rows of about 130 bytes.
func writePayments(w io.Writer, n int) {
	out := bufio.NewWriterSize(w, 1<<20)
	fmt.Fprintln(out, "Body Name,Service,Expenditure Category,Description,Payment Date,Transaction Number,Net Amount,Supplier Name")
	for i := range n {
		fmt.Fprintf(out, "Marsh Police,Information Services,Computer Hardware,\"Item %d, delivered\",%02d/%02d/2012,T%08d,\"%d,%03d.%02d\",Heron Widgets %d Ltd\r\n",
			i, i%28+1, i/28%12+1, i, i%90+1, i%1000, i%100, i%997)
	}
	_ = out.Flush()
}

func BenchmarkRows(b *testing.B) {
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmark(b, n) })
	}
}

func benchmark(b *testing.B, n int) {
	if n >= 1_000_000 && testing.Short() {
		b.Skip("a million rows are left out of short runs")
	}
	path := filepath.Join(b.TempDir(), "rows.csv")
	w, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	writePayments(w, n)
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	var peak uint64
	for b.Loop() {
		f, err := openFile(b, path)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(f.Size)
		rows := 0
		if _, err := f.Rows(func(*Row) error {
			if rows++; rows%200_000 == 0 {
				peak = max(peak, heap())
			}
			return nil
		}); err != nil || rows != n {
			b.Fatal(rows, err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(peak)/(1<<20), "MiB-heap")
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapSys
}

func BenchmarkRecognise(b *testing.B) {
	var buf bytes.Buffer
	writePayments(&buf, 1000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Recognise(bytes.NewReader(buf.Bytes()), int64(buf.Len()), "rows.csv", 0); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAmount(b *testing.B) {
	for b.Loop() {
		ParseAmount("\u00A3161,413.00-")
	}
}
