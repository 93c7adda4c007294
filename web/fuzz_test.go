package web

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
	"github.com/police-ict/handover/web/serve"
)

// A target is a portal with something behind every address, that is asked for
// anything by anybody, and put back to what it was once it has changed.
type target struct {
	*serve.Server
	st         *db.Tx
	file       []byte // the database as it was, on SQLite
	routes     []string
	people     []office.Viewer // the first is a stranger
	cookies    []string
	sizeAtRest int64
}

// What no answer may pass, however it was asked for.
const (
	answerMost = 8 << 20
	answerTime = 20 * time.Second
)

func targetOf(f *testing.F, method string) *target {
	f.Helper()
	c := storied(f)
	g := &target{Server: c.Server, st: c.st, people: []office.Viewer{{}}, cookies: []string{""}}
	for _, k := range office.Kinds {
		v := storetest.Holder(f, c.st, k, bodyFor[k])
		g.people, g.cookies = append(g.people, v), append(g.cookies, as(f, c.Server, v).cookie)
	}
	for route := range c.Needs() {
		if path, ok := strings.CutPrefix(route, method+" "); ok && path != "/sign-out" {
			g.routes = append(g.routes, path)
		}
	}
	slices.Sort(g.routes)
	g.sizeAtRest = g.size(f)
	if g.st.Engine == db.Sqlite {
		if err := g.st.Close(); err != nil { // all of it is in the one file then
			f.Fatal(err)
		}
		var err error
		if g.file, err = os.ReadFile(g.st.Options.Database); err != nil {
			f.Fatal(err)
		}
		g.open(f)
	}
	f.Cleanup(func() { g.st.Close() })
	return g
}

func (g *target) size(t testing.TB) int64 {
	t.Helper()
	h, err := record.ReadHead(context.Background(), g.st)
	if err != nil {
		t.Fatal(err)
	}
	return h.Size
}

func (g *target) open(t testing.TB) {
	t.Helper()
	st, err := store.Open(context.Background(), g.st.Options)
	if err != nil {
		t.Fatal(err)
	}
	g.st, g.Server = st, New(st, serve.Options{})
}

// putBack makes it as it was at first, so that what is found is found again. On
// PostgreSQL it goes on from where it is.
func (g *target) putBack(t testing.TB) {
	t.Helper()
	if g.sizeAtRest = g.size(t); g.file == nil {
		return
	}
	if err := g.st.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(g.st.Options.Database, g.file, 0o600); err != nil {
		t.Fatal(err)
	}
	g.open(t)
	g.sizeAtRest = g.size(t)
}

// asks sends a request of anybody, and holds the answer to what is true of all.
func (g *target) asks(t *testing.T, who int, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	if g.cookies[who] != "" {
		r.Header.Set("Cookie", g.cookies[who])
	}
	w, began := httptest.NewRecorder(), time.Now()
	g.ServeHTTP(w, r)
	if w.Code == http.StatusInternalServerError || w.Code < 200 || w.Code > 599 {
		t.Errorf("%s %s by a %s answers %d", r.Method, r.RequestURI, g.people[who].Office.Kind, w.Code)
	}
	if took := time.Since(began); took > answerTime || w.Body.Len() > answerMost {
		t.Errorf("%s %s: %d bytes in %s", r.Method, r.RequestURI, w.Body.Len(), took)
	}
	return w
}

// at is an address of a route, with its first parameter replaced by a part
// that is given.
func (g *target) at(route uint16, part string) string {
	pattern := g.routes[int(route)%len(g.routes)]
	filled := pattern
	if i := strings.IndexByte(pattern, ':'); i >= 0 && part != "" {
		_, rest, more := strings.Cut(pattern[i:], "/")
		if filled = pattern[:i] + url.PathEscape(part); more {
			filled += "/" + rest
		}
	}
	return placed(filled)
}

// need is the permission of the route that an address leads to: the one with
// the most words of its own.
func (g *target) need(method, path string) office.Permission {
	need, most := office.Public, -1
	got := strings.Split(path, "/")
	for _, route := range g.routes {
		want, words := strings.Split(route, "/"), 0
		if len(want) != len(got) {
			continue
		}
		for i, w := range want {
			if w == got[i] {
				words++
			} else if !strings.HasPrefix(w, ":") {
				words = -1
				break
			}
		}
		if words > most {
			need, most = g.Needs()[method+" "+route], words
		}
	}
	return need
}

// rounds is how many inputs are made up where the fuzzer itself does not run.
func rounds() int {
	if storetest.Thorough() {
		return 1500
	}
	return 0
}

// mutated changes a text in a few places, as a hostile or a careless sender would.
func mutated(r *rand.Rand, s string, times int) string {
	odd := []string{"%00", "%ff", "%e2%80%ae", "%0d%0a", "&", "=", "&&", "-1", "99999999999999999999", "2013-02-30", "0", ";", "%", "\x00", "<script>", "'", "%27--", "on-month=13&"}
	for range 1 + r.IntN(times) {
		at := 0
		if len(s) > 0 {
			at = r.IntN(len(s))
		}
		to := min(len(s), at+r.IntN(12))
		switch r.IntN(4) {
		case 0:
			s = s[:at] + odd[r.IntN(len(odd))] + s[at:]
		case 1:
			s = s[:at] + odd[r.IntN(len(odd))] + s[to:]
		case 2:
			s = s[:at] + s[to:]
		default:
			s += "&" + s[at:to] + "=" + odd[r.IntN(len(odd))]
		}
	}
	return s
}

// FuzzQuery asks for every page in every form with any part of its address and
// any query: no answer is a fault of the portal, and none is without bound.
func FuzzQuery(f *testing.F) {
	g := targetOf(f, "GET")
	ends := []string{"", ".csv", ".json", ".atom"}
	queries := []string{"", "as_at=2013-02-30", "as_at=2012-10-01&known_on=5", "before=x&after=-1", "q=%00%ff", "text=%e2%80%ae&min=-1&max=99999999999999999999", "year=2012&year=2011&body=kent&body=essex",
		"view=lines&it=all&order=largest&after=9223372036854775807", "about=spend%3Fyear%3D2012", "to=2012-13&from=0000-00", "%zz;&&==", strings.Repeat("year=2012&", 100)}
	for i := range g.routes {
		f.Add(uint16(i), uint8(i), uint8(i), "", queries[i%len(queries)])
	}
	parts := []string{"%", "..", "2013-001", "-1", "9223372036854775808", "\xff", "a\x00b", "\u202e", ""}
	for i, part := range parts {
		f.Add(uint16(7*i), uint8(i), uint8(i), part, "")
	}
	r := rand.New(rand.NewPCG(1, 1))
	for range rounds() {
		f.Add(uint16(r.IntN(len(g.routes))), uint8(r.IntN(4)), uint8(r.IntN(16)), mutated(r, parts[r.IntN(len(parts))], 1), mutated(r, queries[r.IntN(len(queries))], 6))
	}
	f.Fuzz(func(t *testing.T, route uint16, end, who uint8, part, query string) {
		path := g.at(route, part)
		r := httptest.NewRequest("GET", path, nil)
		r.URL.Path += ends[int(end)%len(ends)]
		if r.URL.RawPath != "" {
			r.URL.RawPath += ends[int(end)%len(ends)]
		}
		r.URL.RawQuery = query
		r.RequestURI = r.URL.RequestURI()
		g.asks(t, int(who)%len(g.people), r)
		if size := g.size(t); size != g.sizeAtRest {
			t.Errorf("GET %s recorded %d entries", r.RequestURI, size-g.sizeAtRest)
			g.putBack(t)
		}
	})
}

// FuzzForm sends any form to every address that takes one: no answer is a fault
// of the portal, and nothing is recorded but in the name of the person who sent
// it, whose office carries the permission.
func FuzzForm(f *testing.F) {
	g := targetOf(f, "POST")
	whole := url.Values{}
	for i := 0; i+1 < len(everything); i += 2 {
		whole.Set(everything[i], everything[i+1])
	}
	bodies := []string{whole.Encode(), "", "confirmed=yes", "a=%00&b=%ff", "reason=" + strings.Repeat("x", 5000), "%zz", "text=a%0d%0ab&title=%e2%80%ae&on=31&on-month=2&on-year=2013", strings.Repeat("a=1&", 2000)}
	for i, path := range g.routes {
		f.Add(uint16(i), uint8(1+slices.IndexFunc(office.Kinds, func(k office.Kind) bool { return k.May(g.Needs()["POST "+path]) })), "", bodies[0])
		f.Add(uint16(i), uint8(i), "", bodies[i%len(bodies)])
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range rounds() {
		f.Add(uint16(r.IntN(len(g.routes))), uint8(r.IntN(16)), "", mutated(r, bodies[0], 4))
	}
	f.Fuzz(func(t *testing.T, route uint16, who uint8, part, body string) {
		path, by := g.at(route, part), int(who)%len(g.people)
		r := httptest.NewRequest("POST", path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := g.asks(t, by, r)
		v, need := g.people[by], g.need("POST", path)
		may := need == office.Public || v.Person != 0 && v.Can(need)
		if !may && w.Code < 400 && !refused(w.Code, w.Header()) {
			t.Errorf("POST %s answers %d to a %s, who needs: %s", path, w.Code, v.Office.Kind, need)
		}
		size := g.size(t)
		if size == g.sizeAtRest {
			return
		}
		events, err := record.Events(context.Background(), g.st, record.EventFilter{Since: g.sizeAtRest}, int(size-g.sizeAtRest))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if e.Person != v.Person || v.Person == 0 || !may {
				t.Errorf("POST %s by a %s recorded %s by person %d, who needs %s", path, v.Office.Kind, e.Act, e.Person, need)
			}
		}
		g.putBack(t)
	})
}
