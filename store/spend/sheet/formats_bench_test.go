package sheet

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/police-ict/handover/store/book/booktest"
)

// manyPayments are n invented rows of eight cells.
func manyPayments(n int) []booktest.Sheet {
	rows := [][]any{{"Body Name", "Service", "Expenditure Category", "Description", "Payment Date", "Transaction Number", "Net Amount", "Supplier Name"}}
	for i := range n {
		rows = append(rows, []any{"Marsh Police (sample)", "Information Services", "Computer Hardware", fmt.Sprintf("Item %d, delivered", i),
			booktest.On(2012, i/28%12+1, i%28+1), fmt.Sprintf("T%08d", i), float64(i%9000) + 0.25, fmt.Sprintf("Heron Widgets %d Ltd (sample)", i%997)})
	}
	return []booktest.Sheet{{Name: "2012", Rows: rows}}
}

func BenchmarkOldWorkbook(b *testing.B) {
	benchmarkBook(b, "rows.xls", 65_535, booktest.XLS(manyPayments(65_535)))
}
func BenchmarkOpenDocument(b *testing.B) {
	benchmarkBook(b, "rows.ods", 100_000, booktest.ODS(b, manyPayments(100_000)))
}

// benchmarkBook recognises a workbook and reads its rows.
func benchmarkBook(b *testing.B, name string, n int, data []byte) {
	path := filepath.Join(b.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		b.Fatal(err)
	}
	size := len(data)
	var peak uint64
	for b.Loop() {
		f, err := openFile(b, path)
		if err != nil {
			b.Fatal(err)
		}
		rows := 0
		if _, err := f.Rows(func(*Row) error {
			if rows++; rows%20_000 == 0 {
				peak = max(peak, heapInUse())
			}
			return nil
		}); err != nil || rows != n {
			b.Fatal(rows, err)
		}
		_ = f.Close()
	}
	b.SetBytes(int64(size))
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(peak)/(1<<20), "MiB-in-use")
}

func heapInUse() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}
