package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/storetest"
	"github.com/police-ict/handover/web/serve"
)

// bodyFor is a body at which there is an office of each kind.
var bodyFor = map[office.Kind]string{
	office.CommissionerOffice: "kent", office.ChiefExecutive: "kent", office.Official: office.HomeOffice,
	office.AssociationOfficer: office.TheAssociation, office.Scrutineer: office.TheAssociation, office.Chair: office.TheAssociation, office.Clerk: office.TheAssociation,
	office.CompanyOfficer: office.TheCompany, office.CompanySecretary: office.TheCompany, office.FinanceOfficer: office.TheCompany, office.Auditor: office.TheCompany, office.Administrator: office.TheCompany,
	office.DirectorOffice: office.TheCompany, office.Constable: "kent",
}

// everyone signs in one person of each kind of office, and a stranger.
func everyone(t testing.TB, s *serve.Server) map[string]at {
	t.Helper()
	all := map[string]at{"stranger": stranger(t, s)}
	for _, k := range office.Kinds {
		all[string(k)] = as(t, s, storetest.Holder(t, s.Store, k, bodyFor[k]))
	}
	return all
}

// filled gives a route's parameters values of their kinds.
func filled(path string) string {
	for name, v := range map[string]string{":file": "none.css", ":body": "kent", ":kind": "incorporated", ":n": "1", ":id": "1", ":version": "1", ":token": "none", ":slug": "kent", ":ref": "2012-001"} {
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
	for _, r := range s.Routes() {
		if r.Method == http.MethodHead {
			continue
		}
		need, ok := s.Needs()[r.Method+" "+r.Path]
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
			permitted := need == office.Public || name != "stranger" && office.Kind(name).May(need)
			if !permitted && !refused(w.Code, w.Header()) {
				t.Errorf("%s %s answers %d to a %s", r.Method, r.Path, w.Code, name)
			}
			if permitted {
				may = append(may, name)
			}
		}
		slices.Sort(may)
		who := strings.Join(may, ", ")
		if need == office.Public {
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
