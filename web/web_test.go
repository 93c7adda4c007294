package web

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/storetest"
	"github.com/police-ict/handover/web/serve"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// at is a person at a screen: it keeps a cookie and asks for pages.
type at struct {
	t      testing.TB
	s      *serve.Server
	cookie string
}

// open starts a portal on an empty database, at the clock's noon.
func open(t testing.TB) (*serve.Server, *db.Tx, *storetest.Clock) {
	st, clock := storetest.OpenClock(t)
	return New(st, serve.Options{}), st, clock
}

// stranger is someone without an account.
func stranger(t testing.TB, s *serve.Server) at { return at{t, s, ""} }

// as signs a person in, in one of their offices.
func as(t testing.TB, s *serve.Server, v office.Viewer) at {
	t.Helper()
	token := fmt.Sprintf("test-%d-%d", v.Person, v.Office.ID)
	if err := people.StartSession(t.Context(), s.Store, token, v.Person, "a test"); err != nil {
		t.Fatal(err)
	}
	if err := people.KeepSession(t.Context(), s.Store, token, v.Office.ID, ""); err != nil {
		t.Fatal(err)
	}
	return at{t, s, s.CookieName() + "=" + url.PathEscape(token)}
}

// send asks for a page or sends a form of names and values.
func (b at) send(method, path string, form ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(form); i += 2 {
		v.Add(form[i], form[i+1])
	}
	if method == "POST" {
		return sent(b, newPost(b, path, v))
	}
	r := httptest.NewRequest(method, path, nil)
	if b.cookie != "" {
		r.Header.Set("Cookie", b.cookie)
	}
	return sent(b, r)
}

// newPost is a form on its way.
func newPost(b at, path string, v url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if b.cookie != "" {
		r.Header.Set("Cookie", b.cookie)
	}
	return r
}

// sent sends a request, and goes on to the page that shows what was typed, as a
// browser does.
func sent(b at, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	b.s.ServeHTTP(w, r)
	if to := w.Header().Get("Location"); w.Code == http.StatusSeeOther && (strings.Contains(to, "?check=") || strings.Contains(to, "?kept=")) && !strings.HasPrefix(to, "/sign-in") {
		return b.send("GET", to)
	}
	return w
}

// do is send, and fails the test unless the status is as wanted.
func (b at) do(want int, method, path string, form ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	w := b.send(method, path, form...)
	if w.Code != want {
		b.t.Fatalf("%s %s: %d, want %d\n%s", method, path, w.Code, want, w.Body)
	}
	return w
}

// says fails the test unless the page holds each text, whether or not its
// references may break across lines.
func says(t testing.TB, w *httptest.ResponseRecorder, texts ...string) {
	t.Helper()
	page := unbroken(w.Body.String())
	for _, text := range texts {
		if !strings.Contains(page, unbroken(text)) {
			t.Errorf("the page does not say %q:\n%s", text, w.Body)
		}
	}
}

func unbroken(text string) string { return strings.ReplaceAll(text, "\u2011", "-") }

// unmarked is a CSV without the mark that it begins with.
func unmarked(r io.Reader) io.Reader {
	b := bufio.NewReader(r)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\uFEFF" {
		_, _ = b.Discard(3) // which were just looked at
	}
	return b
}

func golden(t testing.TB, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != got {
		t.Errorf("%s differs (go test ./web -update to accept):\n%s", file, got)
	}
}

// fieldsOnce is the key of the i-th form that was opened: the same words sent on
// two forms are meant twice.
func fieldsOnce(i int) []string { return []string{"once", fmt.Sprintf("form %d", i)} }
