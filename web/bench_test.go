package web

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/storetest"
	"github.com/police-ict/handover/web/serve"
)

// benchPortal is a portal with two owners and at least so many events.
func benchPortal(b *testing.B, events int64) (*serve.Server, office.Viewer) {
	b.Helper()
	st, err := store.Open(b.Context(), db.Options{Database: filepath.Join(b.TempDir(), "bench.db"), Scratch: true,
		Now: func() time.Time { return storetest.Noon }})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { st.Close() })
	v := storetest.Holder(b, st, office.CompanySecretary, office.TheCompany)
	enter := func(e register.Entry) {
		if _, err := handover.Enter(b.Context(), st, v, e); err != nil {
			b.Fatal(err)
		}
	}
	enter(register.Entry{Kind: register.Incorporated, Registered: "2012-07-16"})
	for _, body := range []string{office.HomeOffice, office.TheAssociation} {
		enter(register.Entry{Kind: register.Admitted, Body: body, Class: "Interim owner", Votes: 1, Guarantee: 100, Instrument: "Subscription", Registered: "2012-07-16"})
	}
	id := storetest.Person(b, st, "A person")
	for {
		h, err := record.ReadHead(b.Context(), st)
		if err != nil {
			b.Fatal(err)
		}
		if h.Size >= events {
			return New(st, serve.Options{}), v
		}
		for range min(events-h.Size, 1000) {
			if _, err := storetest.Invite(b.Context(), st, office.CommandLine, id); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// asks measures requests over loopback, with kept-alive connections.
func asks(b *testing.B, h http.Handler, path, cookie string) {
	srv := httptest.NewServer(h)
	defer srv.Close()
	client := srv.Client()
	client.Transport.(*http.Transport).MaxIdleConnsPerHost = 64
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r, err := http.NewRequest(http.MethodGet, srv.URL+path, nil)
			if err != nil {
				b.Fatal(err)
			}
			r.Header.Set("Accept-Encoding", "gzip")
			if cookie != "" {
				r.Header.Set("Cookie", cookie)
			}
			res, err := client.Do(r)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, res.Body); err != nil {
				b.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != http.StatusOK {
				b.Fatalf("%s: %d", path, res.StatusCode)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}

// BenchmarkPages prints requests a second of the first pages, signed out and
// signed in, with 50 and with 50,000 events, beside a one-word Echo handler.
func BenchmarkPages(b *testing.B) {
	b.Run("one word", func(b *testing.B) {
		e := echo.New()
		e.GET("/", func(c echo.Context) error { return c.String(http.StatusOK, "word") })
		asks(b, e, "/", "")
	})
	for _, events := range []int64{50, 50_000} {
		s, v := benchPortal(b, events)
		signedIn := as(b, s, v).cookie
		for _, path := range []string{"/", "/ownership", "/handover"} {
			b.Run(fmt.Sprintf("events=%d/signed out %s", events, path), func(b *testing.B) { asks(b, s, path, "") })
			b.Run(fmt.Sprintf("events=%d/signed in %s", events, path), func(b *testing.B) { asks(b, s, path, signedIn) })
		}
	}
}

// BenchmarkKept prints how many kept pages a second are sent, as a share of what
// a bare Echo handler sends of the same bytes, over turns that alternate.
func BenchmarkKept(b *testing.B) {
	s, _ := benchPortal(b, 50)
	const path = "/ownership"
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", "gzip")
	page := httptest.NewRecorder()
	s.ServeHTTP(page, r)
	e := echo.New()
	e.GET(path, func(c echo.Context) error {
		c.Response().Header().Set("Content-Encoding", "gzip")
		return c.Blob(http.StatusOK, page.Header().Get("Content-Type"), page.Body.Bytes())
	})
	kept, bare := httptest.NewServer(s), httptest.NewServer(e)
	defer kept.Close()
	defer bare.Close()
	cost := func(srv *httptest.Server) float64 {
		began := time.Now()
		for range 2000 {
			r, err := http.NewRequest(http.MethodGet, srv.URL+path, nil)
			if err != nil {
				b.Fatal(err)
			}
			r.Header.Set("Accept-Encoding", "gzip")
			res, err := srv.Client().Do(r)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, res.Body); err != nil {
				b.Fatal(err)
			}
			res.Body.Close()
		}
		return time.Since(began).Seconds()
	}
	var shares []float64
	for range 5 {
		shares = append(shares, cost(bare)/cost(kept))
	}
	slices.Sort(shares)
	b.ReportMetric(shares[2], "of-bare-echo")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkActs prints acts a second: each is one event, its leaf and a signed
// checkpoint, kept on disk before it is acknowledged.
func BenchmarkActs(b *testing.B) {
	st, err := store.Open(b.Context(), db.Options{Database: filepath.Join(b.TempDir(), "bench.db"), Now: func() time.Time { return storetest.Noon }})
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	id := storetest.Person(b, st, "A person")
	b.ResetTimer()
	for range b.N {
		if _, err := storetest.Invite(b.Context(), st, office.CommandLine, id); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acts/s")
}
