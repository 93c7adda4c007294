package ocds

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store/contracts/notice"
)

// invented writes a package of n releases of about 3 KB: one process in eight has
// three releases, and they stand far apart.
type invented struct {
	n, at int
	rest  string
}

func (r *invented) Read(p []byte) (int, error) {
	for r.rest == "" {
		switch {
		case r.at == 0:
			r.rest = `{"uri":"https://example.invalid/package","version":"1.1","publisher":{"name":"Invented publisher (sample)"},"releases":[`
		case r.at <= r.n:
			r.rest = inventedRelease(r.at-1, r.n)
			if r.at < r.n {
				r.rest += ","
			}
		case r.at == r.n+1:
			r.rest = "]}"
		default:
			return 0, io.EOF
		}
		r.at++
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

var padding = strings.Repeat("The invented council buys an invented service, and says so at length. ", 12)

func inventedRelease(i, n int) string {
	process := i
	if i%8 < 2 { // the second and third release of a process of the first part
		process = i % (n/2 + 1)
	}
	id := fmt.Sprintf("ocds-000000-%07d", process)
	return fmt.Sprintf(`{"ocid":"%s","id":"%s-%d","language":"en","date":"2025-%02d-%02dT09:40:02Z","tag":["award"],"initiationType":"tender",
"tender":{"id":"T-%d","title":"Invented service %d (sample)","description":"%s","status":"complete","classification":{"scheme":"CPV","id":"85147000","description":"Company health services"},"items":[{"id":"1","deliveryAddresses":[{"postalCode":"ZZ1 1ZZ"},{"countryName":"United Kingdom"}]}],"procurementMethodDetails":"Open","contractPeriod":{"startDate":"2025-04-17T00:00:00+01:00","endDate":"2028-04-16T23:59:59+01:00"},"suitability":{"sme":true,"vcse":false},"mainProcurementCategory":"services"},
"parties":[{"id":"B-%d","name":"Invented council %d (sample)","identifier":{"legalName":"Invented council %d (sample)"},"address":{"streetAddress":"1 Invented Street","locality":"Nowhere","postalCode":"ZZ1 1ZZ","countryName":"ENG"},"contactPoint":{"name":"Nobody","email":"nobody@example.invalid","telephone":"0"},"details":{"url":"http://example.invalid"},"roles":["buyer"]},{"id":"S-%d","name":"Invented supplier %d Ltd (sample)","identifier":{"scheme":"GB-COH","id":"%08d"},"address":{"streetAddress":"2 Invented Street"},"details":{"scale":"large","vcse":false},"roles":["supplier"]}],
"buyer":{"id":"B-%d","name":"Invented council %d (sample)"},
"awards":[{"id":"%s-1","status":"active","date":"2025-03-11T00:00:00Z","datePublished":"2025-03-11T09:40:01Z","value":{"amount":%d.25,"currency":"GBP"},"suppliers":[{"id":"S-%d","name":"Invented supplier %d Ltd (sample)"}],"contractPeriod":{"startDate":"2025-04-17T00:00:00+01:00","endDate":"2028-04-16T23:59:59+01:00"},"documents":[{"id":"1","documentType":"awardNotice","description":"Awarded contract notice","url":"https://example.invalid/Notice/%d","datePublished":"2025-03-11T09:40:01Z","format":"text/html","language":"en"},{"id":"2","description":"Additional data","url":"https://example.invalid/more"}]}]}`,
		id, id, i, i%12+1, i%28+1, i, process, padding, process%400, process%400, process%400, process%50000, process%50000, process%50000+1, process%400, process%400, id, 1000+i%100000, process%50000, process%50000, i)
}

// BenchmarkReading reads packages that were written to a file before, and says how
// many releases a second, and how much memory the heap had at most.
func BenchmarkReading(b *testing.B) {
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			f, err := os.CreateTemp(b.TempDir(), "package-*.json")
			if err != nil {
				b.Fatal(err)
			}
			defer f.Close()
			size, err := io.Copy(f, &invented{n: n})
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(size)
			done, most := make(chan bool), make(chan uint64)
			go func() {
				var m runtime.MemStats
				var top uint64
				for {
					select {
					case <-done:
						most <- top
						return
					case <-time.After(100 * time.Millisecond):
						runtime.ReadMemStats(&m)
						top = max(top, m.Sys-m.HeapReleased)
					}
				}
			}()
			b.ResetTimer()
			for b.Loop() {
				if _, err := f.Seek(0, io.SeekStart); err != nil {
					b.Fatal(err)
				}
				s, err := Read(context.Background(), f, "package.json", func(*notice.Notice) error { return nil })
				if err != nil || s.Rows != int64(n) {
					b.Fatalf("%d rows, %v", s.Rows, err)
				}
			}
			b.StopTimer()
			done <- true
			b.ReportMetric(float64(<-most)/1e6, "MB")
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "releases/s")
		})
	}
}
