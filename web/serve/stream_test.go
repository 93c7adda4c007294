package serve

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/storetest"
)

// logged is what a server has written to its log.
type logged struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

// line waits for a line of the log with a text, since it is written after the answer.
func (l *logged) line(t testing.TB, text string) string {
	t.Helper()
	for range 1000 {
		l.mu.Lock()
		for line := range strings.SplitSeq(l.all.String(), "\n") {
			if strings.Contains(line, text) {
				l.mu.Unlock()
				return line
			}
		}
		l.mu.Unlock()
		time.Sleep(time.Millisecond)
	}
	t.Errorf("the log has no line with %s", text)
	return ""
}

// exporting is a server with an export of rows that end as fn says.
func exporting(t testing.TB, rows int, end func(context.Context) error) (*Server, *logged, string) {
	t.Helper()
	log := &logged{}
	st, _ := storetest.OpenClock(t)
	s := New(st, Options{Log: slog.New(slog.NewJSONHandler(log, nil))})
	s.Data("/rows", office.Public, func(c echo.Context) (Answer, error) {
		return Answer{CSV: func(yield func([]string, error) bool) {
			for range rows {
				if !yield([]string{strings.Repeat("x", 1000)}, nil) {
					return
				}
			}
			if err := end(Ctx(c)); err != nil {
				yield(nil, err)
			}
		}}, nil
	})
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	return s, log, h.URL + "/rows.csv"
}

// downloaded reads an export as it is sent, compressed or not.
func downloaded(t testing.TB, address, coding string) (int, []byte, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", coding)
	resp, err := (&http.Transport{DisableCompression: true}).RoundTrip(r)
	if err != nil {
		return 0, nil, err // broken off before its first part was sent
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, b, err
}

// An export that is cut short breaks the connection, so that nobody takes the
// part for the whole, and is an error in the log.
func TestAnExportCutShortIsSeenToBeBroken(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(context.Context) error{
		"a fault":         func(context.Context) error { return errors.New("the disk is gone") },
		"no more rows":    func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
		"a fault of ours": func(context.Context) error { panic("a fault") },
	} {
		for _, coding := range []string{"identity", "gzip"} {
			s, log, address := exporting(t, 500, end)
			s.waits.quiet = 200 * time.Millisecond
			status, b, err := downloaded(t, address, coding)
			broken := err != nil && status == 200 && len(b) > 0
			whole := err == nil && status >= 500 // nothing of it was sent yet
			if !broken && (coding == "identity" || !whole) {
				t.Errorf("%s, %s: %d, %d bytes, %v", name, coding, status, len(b), err)
			}
			if line := log.line(t, `"msg":"request"`); !strings.Contains(line, `"level":"ERROR"`) || broken && !strings.Contains(line, "cut short") {
				t.Errorf("%s, %s is logged as %s", name, coding, line)
			}
		}
	}
}

// An export takes as long as its rows flow.
func TestAnExportHasNoTotalTime(t *testing.T) {
	t.Parallel()
	s, log, address := exporting(t, 0, nil)
	s.waits = waits{40 * time.Millisecond, time.Minute}
	s.Data("/slow", office.Public, func(echo.Context) (Answer, error) {
		return Answer{CSV: func(yield func([]string, error) bool) {
			for range 20 {
				time.Sleep(10 * time.Millisecond)
				if !yield([]string{"x"}, nil) {
					return
				}
			}
		}}, nil
	})
	if status, b, err := downloaded(t, strings.Replace(address, "rows", "slow", 1), "identity"); err != nil || status != 200 || strings.Count(string(b), "x") != 20 {
		t.Errorf("%d %q %v", status, b, err)
	}
	log.line(t, `"level":"INFO"`)
}

// A fault before the first row is a whole answer of one sentence.
func TestAnExportThatCannotBeginSaysSo(t *testing.T) {
	t.Parallel()
	_, _, address := exporting(t, 0, func(context.Context) error { return errors.New("the disk is gone") })
	status, b, err := downloaded(t, address, "gzip")
	if err != nil || status != 500 || !strings.HasPrefix(string(b), "Nothing was recorded. Try again later.") || strings.Count(string(b), "\n") != 1 {
		t.Errorf("%d %q %v", status, b, err)
	}
}

// A reader who takes nothing is cut off, which is an error; one who goes away is
// none.
func TestAReaderWhoTakesNothingIsCutOff(t *testing.T) {
	t.Parallel()
	for stays, level := range map[bool]string{true: "ERROR", false: "INFO"} {
		s, log, address := exporting(t, 100_000, func(context.Context) error { return nil })
		s.waits.taken = 50 * time.Millisecond
		if !stays {
			s.waits.taken = time.Minute
		}
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimSuffix(strings.TrimPrefix(address, "http://"), "/rows.csv"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, "GET /rows.csv HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Read(make([]byte, 10)); err != nil {
			t.Fatal(err)
		}
		if !stays {
			conn.Close()
		}
		if line := log.line(t, `"msg":"request"`); !strings.Contains(line, level) {
			t.Errorf("one who stays %v is logged as %s", stays, line)
		}
		conn.Close()
	}
}

func TestTheHeadOfAnExportReadsNoRow(t *testing.T) {
	t.Parallel()
	read := 0
	st, _ := storetest.OpenClock(t)
	s := New(st, Options{})
	s.Data("/rows", office.Public, func(echo.Context) (Answer, error) {
		return Answer{CSV: func(yield func([]string, error) bool) { read++; yield([]string{"x"}, nil) }}, nil
	}, One("body"), Many("year"))
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodHead, "/rows.csv?body=Kent+%26+Co&year=2011&year=2012", nil))
	if w.Code != 200 || read != 0 || w.Header().Get("Content-Disposition") != `attachment; filename="rows-body-kent-co-year-2011-year-2012.csv"` {
		t.Errorf("%d %v, %d read", w.Code, w.Header(), read)
	}
	w = httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/rows.csv", nil))
	if w.Body.String() != "\uFEFFx\r\n" {
		t.Errorf("%q", w.Body)
	}
}

// A page stops being made at its limit, and no answer larger than its share is kept.
func TestNoAnswerPassesItsSize(t *testing.T) {
	t.Parallel()
	st, _ := storetest.OpenClock(t)
	s := New(st, Options{})
	written := 0
	of := func(parts int) Page {
		return func(echo.Context) (templ.Component, error) {
			return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
				for range parts {
					n, err := io.WriteString(w, strings.Repeat("x", 1<<16))
					if written += n; err != nil {
						return err
					}
				}
				return nil
			}), nil
		}
	}
	s.Get("/small", office.Public, of(1))
	s.Get("/middle", office.Public, of(20))
	s.Get("/large", office.Public, of(10_000))
	s.Data("/data", office.Public, func(echo.Context) (Answer, error) {
		return Answer{JSON: strings.Repeat("x", dataMost), Atom: &Feed{Title: strings.Repeat("x", dataMost)}}, nil
	})
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w
	}
	for _, path := range []string{"/small", "/middle"} {
		if w := get(path); w.Code != 200 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if s.pages.bytes > 1<<17 || len(s.pages.all) != 1 {
		t.Errorf("%d answers of %d bytes are kept", len(s.pages.all), s.pages.bytes)
	}
	written = 0
	if w := get("/large"); w.Code != 422 || !strings.Contains(w.Body.String(), "This page is too large to show.") || written > pageMost {
		t.Errorf("%d %.300s, %d written", w.Code, w.Body, written)
	}
	for _, form := range []string{".json", ".atom"} {
		if w := get("/data" + form); w.Code != 422 || !strings.Contains(w.Body.String(), "would be larger than 32 MB. Choose fewer") {
			t.Errorf("%s: %d %.100s", form, w.Code, w.Body)
		}
	}
}

func TestWhatAReaderAcceptsAndHas(t *testing.T) {
	t.Parallel()
	for header, takes := range map[string]bool{
		"": false, "gzip": true, "br, gzip": true, "GZIP": true, "gzip;q=0": false, "gzip; q=0.0": false, "gzip;q=0.5": true, "*": true, "*;q=0": false, "br": false,
		"*, gzip;q=0": false, "gzip;q=0, *": false, "xgzip": false, "gzip;q=x": false, "identity;q=1, *;q=0": false,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", header)
		if Accepts(r, "gzip") != takes {
			t.Errorf("%q takes gzip: %v", header, !takes)
		}
	}
	for header, has := range map[string]bool{
		"": false, `W/"a"`: true, `"a"`: true, `"x", W/"a"`: true, `"x","a"`: true, "*": true, `"x"`: false, `a`: false, `W/"ab"`: false, ` W/"a" `: true,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("If-None-Match", header)
		if known(r, `W/"a"`) != has {
			t.Errorf("%q has the answer: %v", header, !has)
		}
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header["If-None-Match"] = []string{`"x"`, `"a"`}
	if !known(r, `W/"a"`) {
		t.Error("the second line of a header is not read")
	}
}

// plain reads the text of a compressed answer.
func plain(t testing.TB, b []byte) string {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAWholeExportIsWholeCompressed(t *testing.T) {
	t.Parallel()
	_, log, address := exporting(t, 3, func(context.Context) error { return nil })
	if _, b, err := downloaded(t, address, "gzip"); err != nil || strings.Count(plain(t, b), "\r\n") != 3 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	log.line(t, `"level":"INFO"`)
}
