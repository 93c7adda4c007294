package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

// bodyFor is a body at which there is an office of each kind.
var bodyFor = map[store.OfficeKind]string{
	store.CommissionerOffice: "kent", store.ChiefExecutive: "kent", store.Official: store.HomeOffice,
	store.AssociationOfficer: store.TheAssociation, store.Scrutineer: store.TheAssociation, store.Chair: store.TheAssociation, store.Clerk: store.TheAssociation,
	store.CompanyOfficer: store.TheCompany, store.CompanySecretary: store.TheCompany, store.FinanceOfficer: store.TheCompany, store.Auditor: store.TheCompany, store.Administrator: store.TheCompany,
}

// everyone signs in one person of each kind of office, and a stranger.
func everyone(t testing.TB, s *Server) map[string]at {
	t.Helper()
	all := map[string]at{"stranger": stranger(t, s)}
	for _, k := range store.OfficeKinds {
		all[string(k)] = as(t, s, storetest.Holder(t, s.store, k, bodyFor[k]))
	}
	return all
}

// filled gives a route's parameters values of their kinds.
func filled(path string) string {
	for name, v := range map[string]string{":file": "none.css", ":body": "kent", ":kind": "incorporated", ":n": "1", ":id": "1", ":version": "1", ":token": "none", ":slug": "kent"} {
		path = strings.ReplaceAll(path, name+"/", v+"/")
		if rest, ok := strings.CutSuffix(path, name); ok {
			path = rest + v
		}
	}
	return path
}

// refused reports whether an answer is about who asks, not about what is asked.
func refused(code int, header http.Header) bool {
	return code == http.StatusForbidden || code == http.StatusSeeOther && strings.HasPrefix(header.Get("Location"), "/sign-in")
}

// TestRoutes holds every route to the permission it names, for every office.
func TestRoutes(t *testing.T) {
	s, _, _ := open(t)
	people := everyone(t, s)
	var lines []string
	for _, r := range s.echo.Routes() {
		if r.Method == http.MethodHead {
			continue
		}
		need, ok := s.needs[r.Method+" "+r.Path]
		if !ok {
			t.Errorf("%s %s names no permission", r.Method, r.Path)
			continue
		}
		var may []string
		for name, who := range people {
			if r.Path == "/sign-out" {
				continue // would end the sessions that the others need
			}
			w := who.send(r.Method, filled(r.Path))
			permitted := need == store.Public || name != "stranger" && store.OfficeKind(name).May(need)
			if !permitted && !refused(w.Code, w.Header()) {
				t.Errorf("%s %s answers %d to a %s", r.Method, r.Path, w.Code, name)
			}
			if permitted {
				may = append(may, name)
			}
		}
		slices.Sort(may)
		who := strings.Join(may, ", ")
		if need == store.Public {
			who = "everyone"
		}
		lines = append(lines, fmt.Sprintf("%-4s %-44s %-40s %s", r.Method, r.Path, need, who))
	}
	slices.Sort(lines)
	golden(t, "testdata/routes.golden", strings.Join(lines, "\n")+"\n")
}

func TestDemonstrationRoutesExistInADemonstrationOnly(t *testing.T) {
	s, _, _ := open(t)
	nobody := stranger(t, s)
	nobody.do(404, "GET", "/demonstration")
	nobody.do(404, "POST", "/demonstration/forward")
	nobody.do(404, "POST", "/demonstration/sign-in", "account", "1")
}

// TestEveryPostIsGuarded tries each POST as a stranger, in every wrong office,
// after the appointment ended and from another site: nothing is recorded.
func TestEveryPostIsGuarded(t *testing.T) {
	s, st, _ := open(t)
	gone := storetest.Holder(t, st, store.CompanySecretary, store.TheCompany)
	people := everyone(t, s)
	ended := as(t, s, gone)
	endAll(t, st, gone.Person)
	before := size(t, st)
	for route, need := range s.needs {
		path, ok := strings.CutPrefix(route, "POST ")
		if !ok || strings.HasPrefix(path, "/sign-") || strings.HasPrefix(path, "/account") || strings.HasPrefix(path, "/invitations") {
			continue // those change nobody's record but one's own sessions
		}
		for name, who := range people {
			if name != "stranger" && store.OfficeKind(name).May(need) {
				continue
			}
			if w := who.send("POST", filled(path), "confirmed", "yes", "again", "x", "reason", "x"); !refused(w.Code, w.Header()) {
				t.Errorf("%s as %s: %d", route, name, w.Code)
			}
		}
		if w := ended.send("POST", filled(path), "confirmed", "yes"); !refused(w.Code, w.Header()) {
			t.Errorf("%s after the appointment ended: %d", route, w.Code)
		}
		for name := range people {
			if code := crossSite(people[name], filled(path)); code != http.StatusForbidden {
				t.Errorf("%s from another site as %s: %d", route, name, code)
			}
		}
	}
	if after := size(t, st); after != before {
		t.Errorf("%d events were recorded by acts that should all have been refused", after-before)
	}
}

// endAll ends every appointment of a person, as of yesterday.
func endAll(t testing.TB, st *store.Store, person int64) {
	t.Helper()
	admin := storetest.Holder(t, st, store.Administrator, store.TheCompany)
	all, err := st.AppointmentsOf(t.Context(), person)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if err := st.EndAppointment(t.Context(), admin, a.ID, store.DayOf(st.Now()).Add(-1)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestOfficesOfAnotherBodyAreRefused tries the right kind of office at the
// wrong body.
func TestOfficesOfAnotherBodyAreRefused(t *testing.T) {
	s, st, _ := open(t)
	secretary := storetest.Holder(t, st, store.CompanySecretary, store.TheCompany)
	storetest.Holder(t, st, store.ChiefExecutive, "kent")
	essex := as(t, s, storetest.Holder(t, st, store.ChiefExecutive, "essex"))
	official := as(t, s, storetest.Holder(t, st, store.Official, store.HomeOffice))
	invite(t, st, secretary, "kent")
	item, err := st.AddItem(t.Context(), secretary, store.Item{Kind: store.AssetItem, Title: "A thing", Before: store.TheCompany, After: "kent", Evidence: "List"})
	if err != nil {
		t.Fatal(err)
	}
	before := size(t, st)
	for _, act := range []string{"resolve", "decline", "deliver", "withdraw"} {
		w := essex.send("POST", "/handover/bodies/kent/"+act, "confirmed", "yes", "reason", "x", "reference", "1", "by", "body", "decided", "14", "decided-month", "1", "decided-year", "2013")
		if w.Code != http.StatusForbidden && w.Code != http.StatusConflict && w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s for another body: %d", act, w.Code)
		}
	}
	essex.do(403, "GET", "/handover/bodies/kent/resolve")
	for _, act := range []string{"agree", "accept"} {
		if w := official.send("POST", fmt.Sprintf("/handover/schedule/%d/%s", item, act), "version", "1"); w.Code != http.StatusForbidden && w.Code != http.StatusConflict {
			t.Errorf("%s an item of others: %d", act, w.Code)
		}
	}
	if after := size(t, st); after != before {
		t.Errorf("%d events were recorded for another body", after-before)
	}
}

// invite takes a body's first step, with its paper.
func invite(t testing.TB, st *store.Store, secretary store.Viewer, body string) {
	t.Helper()
	id, err := st.KeepDraft(t.Context(), secretary, "marker-file-name.txt", []byte("marker of a restricted paper"))
	if err != nil {
		t.Fatal(err)
	}
	if err := st.TakeStep(t.Context(), secretary, body, store.Step{Act: store.Invite, Document: id}); err != nil {
		t.Fatal(err)
	}
}

func size(t testing.TB, st *store.Store) int64 {
	t.Helper()
	h, err := st.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return h.Size
}

func crossSite(b at, path string) int {
	r := newPost(b, path, url.Values{})
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	return serve(b, r).Code
}
