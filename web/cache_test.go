package web

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/storetest"
	"github.com/police-ict/handover/web/serve"
)

// fetch asks for a page with some headers.
func fetch(s *serve.Server, method, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// isKept reports whether a page is answered from what is kept.
func isKept(t testing.TB, s *serve.Server, st *db.Tx, path string, headers ...string) bool {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if _, err := record.ReadHead(t.Context(), st); err != nil {
		t.Fatal(err)
	}
	return s.ServeKept(httptest.NewRecorder(), r)
}

// What is kept is sent with the headers, the bytes and the log line of an
// answer that is made anew.
func TestAKeptAnswerIsSentAsAnyOther(t *testing.T) {
	_, st, _ := open(t)
	history(t, st)
	took := regexp.MustCompile(`"(time|ms)":[^,]*,|,"request":"[A-Z2-7]*"`)
	tag := fetch(New(st, serve.Options{}), "GET", "/record").Header().Get("ETag")
	for _, ask := range [][]string{
		{"GET", "/record"}, {"HEAD", "/record"}, {"GET", "/record", "Accept-Encoding", "gzip"}, {"GET", "/record.json"}, {"GET", "/"},
		{"GET", "/record?body=kent"}, {"GET", "/record", "If-None-Match", tag}, {"GET", "/record", "Cookie", "other=1"},
	} {
		var log bytes.Buffer
		s := New(st, serve.Options{Log: slog.New(slog.NewJSONHandler(&log, nil))})
		first := fetch(s, ask[0], ask[1], ask[2:]...)
		first.Header().Del("X-Request-Id") // of each request its own
		made := took.ReplaceAllString(log.String(), "")
		log.Reset()
		if !isKept(t, s, st, ask[1], ask[2:]...) {
			t.Errorf("%q is not kept", ask)
		}
		log.Reset()
		again := fetch(s, ask[0], ask[1], ask[2:]...)
		if again.Header().Get("X-Request-Id") == "" {
			t.Errorf("%q has no id", ask)
		}
		again.Header().Del("X-Request-Id")
		if first.Code != again.Code || !reflect.DeepEqual(first.Header(), again.Header()) || !bytes.Equal(first.Body.Bytes(), again.Body.Bytes()) {
			t.Errorf("%q: %d %v, at first %d %v", ask, again.Code, again.Header(), first.Code, first.Header())
		}
		if kept := took.ReplaceAllString(log.String(), ""); kept != made {
			t.Errorf("%q is logged as %s, at first %s", ask, kept, made)
		}
	}
	if h := fetch(New(st, serve.Options{}), "GET", "/record").Header(); h.Get("Content-Security-Policy") != serve.ContentPolicy || h.Get("Cache-Control") != "no-cache" || !reflect.DeepEqual(h["Vary"], []string{"Cookie", "Accept-Encoding"}) {
		t.Errorf("the headers are %v", h)
	}
}

func TestOnlySignedOutAnswersAreKept(t *testing.T) {
	s, st, _ := open(t)
	secretary := storetest.Holder(t, st, office.CompanySecretary, office.TheCompany)
	fetch(s, "GET", "/record")
	if !isKept(t, s, st, "/record") {
		t.Fatal("/record is not kept")
	}
	if isKept(t, s, st, "/record", "Cookie", as(t, s, secretary).cookie) {
		t.Error("one who may be signed in was answered from what is kept")
	}
	for _, path := range []string{"/people", "/nothing-here", "/record.csv"} {
		if fetch(s, "GET", path); isKept(t, s, st, path) {
			t.Errorf("%s is kept", path)
		}
	}
}

func TestKeptAnswersEndWithTheDay(t *testing.T) {
	s, st, clock := open(t)
	fetch(s, "GET", "/record")
	clock.Set(civil.DayOf(storetest.Noon).End().Add(-time.Microsecond))
	if !isKept(t, s, st, "/record") {
		t.Error("nothing is kept to the end of the day")
	}
	clock.Set(civil.DayOf(storetest.Noon).End())
	if isKept(t, s, st, "/record") {
		t.Error("the day turned, and what was kept stayed")
	}
	fetch(s, "GET", "/record")
	clock.Set(storetest.Noon)
	if isKept(t, s, st, "/record") {
		t.Error("the clock went back, and what was kept stayed")
	}
}

// An act shows on the next page: of this portal at once, of another process
// within a second, or at once where it hides text.
func TestKeptAnswersEndWithAnAct(t *testing.T) {
	database, key := storetest.Database(t), filepath.Join(t.TempDir(), "record.key")
	now := func() time.Time { return storetest.Noon }
	st, other := storetest.At(t, database, key, now), storetest.At(t, database, key, now)
	s := New(st, serve.Options{})
	load := takesIn(t, st, spend.LoadRequest{Body: "kent"}, spendFile("kent", 2011, 4, 60))
	get := func(path string) string { return fetch(s, "GET", path).Body.String() }
	id := storetest.Person(t, st, "A person")
	for range 5 {
		before := get("/record")
		if _, err := storetest.Invite(t.Context(), st, office.CommandLine, id); err != nil {
			t.Fatal(err)
		}
		if get("/record") == before {
			t.Fatal("the page does not show an act of this portal")
		}
	}
	before := get("/record")
	takesIn(t, other, spend.LoadRequest{Body: "essex"}, spendFile("essex", 2011, 4, 60))
	for took := time.Now(); get("/record") == before; {
		if time.Since(took) > time.Second {
			t.Fatal("the page does not show another process's act within a second")
		}
	}
	for n := range int64(5) {
		path := fmt.Sprintf("/spend/lines/%d", load.FirstLine+n)
		before := get(path)
		if err := spend.WithholdLine(t.Context(), other, office.CommandLine, load.FirstLine+n, "It names a private person."); err != nil {
			t.Fatal(err)
		}
		if after := get(path); after == before || !strings.Contains(after, "It names a private person.") {
			t.Fatalf("%s shows what another process withheld", path)
		}
	}
}
