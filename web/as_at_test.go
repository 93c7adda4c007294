package web

import (
	"html"
	"net/http"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/storetest"
)

// A day that an address asks for is the day that its page shows, or is refused
// in one sentence: no page shows today as if it were that day.
func TestADayIsShownOrRefused(t *testing.T) {
	t.Parallel()
	s, st, _ := open(t)
	history(t, st)
	people := map[office.Permission]at{office.Public: stranger(t, s)}
	shown, refusals := 0, 0
	for _, r := range s.Routes() {
		if r.Method != http.MethodGet || strings.HasPrefix(r.Path, "/static/") {
			continue
		}
		need := s.Needs()["GET "+r.Path]
		who, had := people[need]
		if !had {
			kind := office.KindsWith(need)[0]
			who = as(t, s, storetest.Holder(t, st, kind, bodyFor[kind]))
			people[need] = who
		}
		path := filled(r.Path)
		for _, p := range []struct{ name, value, words string }{{"as_at", "2013-01-13", "13 January 2013"}, {"known_on", "2013-01-13", "13 January 2013"}} {
			w := who.send("GET", path+"?"+p.name+"="+p.value)
			said := html.UnescapeString(w.Body.String())
			if _, takes := s.Takes(r.Path).Find(p.name); !takes {
				refusals++
				if w.Code != http.StatusUnprocessableEntity || !strings.Contains(said, "This page cannot be shown as at another date. Remove “"+p.name+"” from the address.") {
					t.Errorf("GET %s?%s= answers %d and does not refuse the day", path, p.name, w.Code)
				}
				continue
			}
			switch {
			case w.Code == http.StatusOK && strings.Contains(said, p.words):
				shown++
			case w.Code == http.StatusOK:
				t.Errorf("GET %s?%s= does not say %s", path, p.name, p.words)
			case w.Code >= 500:
				t.Errorf("GET %s?%s= answers %d", path, p.name, w.Code)
			}
		}
	}
	if shown < 15 || refusals < 100 {
		t.Errorf("%d addresses show a day and %d refuse it: this is not every route", shown, refusals)
	}
}
