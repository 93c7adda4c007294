package web

import (
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/storetest"
	"github.com/police-ict/handover/store/story"
	"github.com/police-ict/handover/web/serve"
)

// mayAnswer403 are links and forms that are shown to people who may not use
// them, by their shape. There is no reason to have one.
var mayAnswer403 = map[string]bool{}

// onStory is a portal on the sample story, with its accounts.
func onStory(t *testing.T) (s *serve.Server, accounts []story.Account) {
	t.Helper()
	dir := t.TempDir()
	tx, d, err := story.Begin(context.Background(), db.Options{Database: filepath.Join(dir, "demo.db"), Key: filepath.Join(dir, "record.key")}, "2013-01-14", io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tx.Close() })
	return New(tx, serve.Options{}), d.Accounts()
}

// offers are the links of a page, and the addresses that its forms are posted to.
func offers(t testing.TB, w *httptest.ResponseRecorder) (links, forms []string) {
	t.Helper()
	root, err := html.Parse(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		href, _ := attr(n, "href")
		action, _ := attr(n, "action")
		method, _ := attr(n, "method")
		switch {
		case n.Data == "a" && strings.HasPrefix(href, "/"):
			links = append(links, href)
		case n.Data == "form" && strings.EqualFold(method, "post"):
			forms = append(forms, action)
		}
	}
	return links, forms
}

// routeOf is the route that answers an address, and the permission that it needs.
func routeOf(needs map[string]office.Permission, method, address string) (route string, need office.Permission) {
	u, err := url.Parse(address)
	if err != nil {
		return "", ""
	}
	parts, most := strings.Split(u.Path, "/"), -1
	for r, n := range needs {
		path, ok := strings.CutPrefix(r, method+" ")
		if !ok || strings.Count(path, "/") != len(parts)-1 {
			continue
		}
		names := strings.Split(path, "/")
		same := 0
		for i, name := range names {
			if name == parts[i] {
				same++
			} else if !strings.HasPrefix(name, ":") {
				same = -1
				break
			}
		}
		if same > most {
			route, need, most = r, n, same
		}
	}
	return route, need
}

// looker goes through the pages of the story as one person.
type looker struct {
	at
	name   string
	viewer office.Viewer
	needs  map[string]office.Permission
	most   int             // pages that are read of a route
	seen   map[string]bool // addresses asked for
	read   map[string]int  // pages read, by route
}

// wants reports whether an address is to be asked for: what only some may use
// always, and a few pages of every other kind.
func (l looker) wants(address string) bool {
	route, need := routeOf(l.needs, "GET", address)
	most := l.most
	if route == "GET /decisions/:ref" { // each stands differently
		most = 100
	} else if need != office.Public && need != office.SignedIn {
		most = 6
	}
	if route == "" || l.seen[address] || l.read[route] >= most {
		return false
	}
	l.seen[address] = true
	l.read[route]++
	return true
}

// look follows what is shown, and says what the person may not use.
func (l looker) look() (n int) {
	l.t.Helper()
	for todo := []string{"/", "/work", "/account", "/decisions"}; len(todo) > 0; todo = todo[1:] {
		address, _, _ := strings.Cut(todo[0], "#")
		if !l.wants(address) {
			continue
		}
		w := l.send("GET", address)
		n++
		if route, _ := routeOf(l.needs, "GET", address); w.Code == 403 && !mayAnswer403[route] {
			l.t.Errorf("%s is shown %s, which answers 403", l.name, address)
		}
		if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			continue
		}
		links, forms := offers(l.t, w)
		todo = append(todo, links...)
		for _, f := range forms {
			if route, need := routeOf(l.needs, "POST", f); !l.viewer.Can(need) && !mayAnswer403[route] {
				l.t.Errorf("%s is shown a form on %s that is posted to %s, which needs %q", l.name, address, f, need)
			}
		}
	}
	return n
}

// TestNobodyIsShownWhatTheyMayNotUse reads the pages of the sample story as
// every fourth of its accounts, in the long round as each, and asks for what
// they lead to: none answers 403.
func TestNobodyIsShownWhatTheyMayNotUse(t *testing.T) {
	t.Parallel()
	s, accounts := onStory(t)
	most := 1
	if storetest.Thorough() {
		most = 5
	}
	var read []string
	for _, a := range append(storetest.Share(accounts, 0, 4), story.Account{Name: "a stranger"}) {
		l := looker{stranger(t, s), a.Name, office.Viewer{}, s.Needs(), most, map[string]bool{}, map[string]int{}}
		if a.Person != 0 {
			var err error
			if l.viewer, err = people.ViewerOf(t.Context(), s.Store, a.Person, 0); err != nil {
				t.Fatal(err)
			}
			l.at = as(t, s, l.viewer)
		}
		read = append(read, fmt.Sprintf("%s %d", a.Name, l.look()))
	}
	t.Logf("pages read: %s", strings.Join(read, ", "))
}
