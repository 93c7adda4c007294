package web

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/storetest"
	"github.com/police-ict/handover/web/serve"
)

// spentPortal is a portal with about so many lines: a file for each of the 43
// bodies and each of 36 months.
func spentPortal(b *testing.B, lines int) *serve.Server {
	b.Helper()
	dir := b.TempDir()
	st, err := store.Open(b.Context(), db.Options{Database: filepath.Join(dir, "spend.db"), Scratch: true, Now: func() time.Time { return storetest.Noon }})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { st.Close() })
	bodies := office.LocalPolicingBodies()
	for m := range 36 {
		for i, body := range bodies {
			file := storetest.SpendFile(max(1, lines/(36*len(bodies))), civil.MonthOf(2010, 1+m), 1, uint64(i+1))
			req := spend.LoadRequest{Body: body.Slug, File: fmt.Sprintf("%s-%d.csv", body.Slug, m)}
			if _, err := spend.Import(b.Context(), st, office.CommandLine, req, bytes.NewReader(file), int64(len(file))); err != nil {
				b.Fatal(err)
			}
		}
	}
	return New(st, serve.Options{})
}

// A sink counts what is sent to it.
type sink struct {
	header http.Header
	bytes  int
	lines  int
}

func (s *sink) Header() http.Header { return s.header }

func (s *sink) WriteHeader(int) {}

func (s *sink) Write(b []byte) (int, error) {
	s.bytes += len(b)
	s.lines += bytes.Count(b, []byte("\n"))
	return len(b), nil
}

// BenchmarkSpendPages prints the server time of pages that nobody has asked for
// before, so that none comes from the cache, and the rate of an export. Set
// SPEND_LINES to try another size, such as 10000000.
func BenchmarkSpendPages(b *testing.B) {
	sizes := []int{100_000, 1_000_000}
	if n, err := strconv.Atoi(os.Getenv("SPEND_LINES")); err == nil {
		sizes = []int{n}
	}
	for _, lines := range sizes {
		s := spentPortal(b, lines)
		page, err := spend.BySupplier(b.Context(), s.Store, payments.Filter{Class: []classify.Class{classify.IsIT}, Payee: []payments.PayeeKind{payments.Named}}, 5, 1)
		if err != nil {
			b.Fatal(err)
		}
		supplier := page.Rows[0].Supplier.Slug
		asked := 0
		for _, path := range []string{"/spend?", "/spend?year=2011&category=networks", "/spend?view=supplier&body=kent", "/suppliers/" + supplier + "?", "/spend?view=lines",
			"/spend?view=lines&body=kent&year=2011", "/bodies/kent?", "/"} {
			b.Run(fmt.Sprintf("%d%s", lines, path), func(b *testing.B) {
				for b.Loop() {
					asked++
					r := httptest.NewRequest(http.MethodGet, fmt.Sprintf("%s&asked=%d", path, asked), nil)
					if path == "/" {
						r = httptest.NewRequest(http.MethodGet, fmt.Sprintf("/?asked=%d", asked), nil)
					}
					w := httptest.NewRecorder()
					s.ServeHTTP(w, r)
					if w.Code != http.StatusOK {
						b.Fatalf("%s: %d", path, w.Code)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "ms")
			})
		}
		b.Run(fmt.Sprintf("%d/export", lines), func(b *testing.B) {
			n, stop := 0, time.Now()
			for b.Loop() {
				w := &sink{header: http.Header{}}
				s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/spend.csv?view=lines&it=all", nil))
				n += w.lines - 1
			}
			b.ReportMetric(float64(n)/time.Since(stop).Seconds(), "lines/s")
		})
	}
}
