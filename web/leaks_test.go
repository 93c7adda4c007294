package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

var hrefs = regexp.MustCompile(`(?:href|action)="(/[^"#]*)`)

// TestNothingRestrictedIsSaid walks every page, CSV and JSON that a stranger
// can reach by links, and finds no restricted text in any, nor a dead link.
func TestNothingRestrictedIsSaid(t *testing.T) {
	s, st, _ := open(t)
	secretary := storetest.Holder(t, st, store.CompanySecretary, store.TheCompany)
	if _, _, err := st.AddPerson(t.Context(), store.CommandLine, "Marker Personname", "marker.address@example.org"); err != nil {
		t.Fatal(err)
	}
	for _, e := range []store.Entry{{Kind: store.Incorporated, Registered: "2012-07-16"},
		{Kind: store.Admitted, Body: store.HomeOffice, Class: "Interim owner", Votes: 1, Guarantee: 100, Instrument: "Subscription", Registered: "2012-07-16"}} {
		if _, err := st.Enter(t.Context(), secretary, e); err != nil {
			t.Fatal(err)
		}
	}
	invite(t, st, secretary, "kent")
	if _, err := st.AddItem(t.Context(), secretary, store.Item{Kind: store.AssetItem, Title: "A thing", Before: store.HomeOffice, After: store.TheCompany, Evidence: "List"}); err != nil {
		t.Fatal(err)
	}
	nobody := stranger(t, s)
	todo, seen := []string{"/", "/handover/bodies/kent", "/documents/1", "/record.json", "/nope", "/handover.json?as_at=2012-02-30"}, map[string]bool{}
	for len(todo) > 0 {
		path := strings.ReplaceAll(todo[0], "&amp;", "&")
		todo = todo[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		w := nobody.send("GET", path)
		body := w.Body.String()
		for _, secret := range []string{"marker of a restricted", "marker-file-name", "Marker Personname", "marker.address", secretary.Name} {
			if strings.Contains(body, secret) {
				t.Errorf("%s says %q", path, secret)
			}
		}
		if w.Code != http.StatusOK && w.Code != http.StatusSeeOther && path != "/documents/1" && path != "/nope" && !strings.Contains(path, "02-30") {
			t.Errorf("%s is linked and answers %d", path, w.Code)
		}
		if len(seen) > 3000 {
			t.Fatal("the links never end")
		}
		for _, m := range hrefs.FindAllStringSubmatch(body, -1) {
			if !strings.HasPrefix(m[1], "/static/") {
				todo = append(todo, m[1])
			}
		}
	}
	t.Logf("%d addresses", len(seen))
}
