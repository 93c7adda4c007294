package web

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/storetest"
	"github.com/police-ict/handover/web/serve"
)

// asksAnything asks an address for parameters as they come, however they are
// written, and holds the answer to its bounds.
func asksAnything(t testing.TB, s *serve.Server, path, raw string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.URL = &url.URL{Path: path, RawQuery: raw}
	r.RequestURI = path + "?" + raw
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	most := 4 << 20
	if w.Code != 200 {
		most = 64 << 10
		if strings.Contains(w.Body.String(), "<form") {
			most = 512 << 10 // the page comes back with its fault
		}
	}
	if w.Code >= 500 || w.Body.Len() > most {
		t.Errorf("%s?%.300q answers %d with %d bytes: %.300s", path, raw, w.Code, w.Body.Len(), w.Body)
	}
}

// values that a parameter may be given, right and wrong.
var anyValue = []string{"", "kent", "essex", "all", "yes", "no", "lines", "supplier", "month", "open", "2011", "1990", "1", "-1", "99999999999999999999", "2012-07-16", "2012-02", "0.01", "hosting", "Wales",
	"%00", "%ff", "%E2%80%AE", "%zz", "a;b", "<script>", "%27%22", "spend%3Fbody%3Dkent", "decision/1", strings.Repeat("x", 300), strings.Repeat("%27", 3000)}

func randomAddress(r *rand.Rand, takes serve.Params) string {
	names := []string{"nonsense", "utm_source", "%zz", "", "q", "body"}
	for _, p := range takes {
		names = append(names, p.Name, p.Name, p.Name)
	}
	var b strings.Builder
	most := []int{100, 1000, 16_000, 60_000}[r.IntN(4)]
	few := names[:1+r.IntN(len(names))]
	if r.IntN(2) == 0 && len(takes) > 0 {
		few = []string{takes[r.IntN(len(takes))].Name}
	}
	for n := 1 + r.IntN(3000); n > 0 && b.Len() < most; n-- {
		b.WriteString("&" + few[r.IntN(len(few))] + "=" + anyValue[r.IntN(len(anyValue))])
	}
	return b.String()
}

// No address that anyone can ask for fails, or gives more than a page may be.
func TestNoAddressPassesItsBounds(t *testing.T) {
	t.Parallel()
	s, st := spent(t)
	history(t, st)
	rounds := 2
	if storetest.Thorough() {
		rounds = 200
	}
	r := rand.New(rand.NewPCG(12, 1))
	for _, route := range s.Routes() {
		if route.Method != http.MethodGet || s.Needs()["GET "+route.Path] != office.Public || strings.HasPrefix(route.Path, "/static/") {
			continue
		}
		for range rounds {
			form := []string{"", "", ".json", ".csv", ".atom"}[r.IntN(5)]
			asksAnything(t, s, filled(route.Path)+form, randomAddress(r, s.Takes(route.Path)))
		}
	}
}

func FuzzAddress(f *testing.F) {
	s, st := spent(f)
	history(f, st)
	var routes []string
	for _, r := range s.Routes() {
		if r.Method == http.MethodGet && s.Needs()["GET "+r.Path] == office.Public {
			routes = append(routes, r.Path)
		}
	}
	slices.Sort(routes)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range routes {
		f.Add(i, r.IntN(4), randomAddress(r, s.Takes(routes[i])))
	}
	f.Fuzz(func(t *testing.T, route, form int, raw string) {
		if route < 0 || form < 0 || len(raw) > 64<<10 {
			return
		}
		asksAnything(t, s, filled(routes[route%len(routes)])+[]string{"", ".json", ".csv", ".atom"}[form%4], raw)
	})
}
