package main

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

const password = "four unrelated words do"

// A visitor is a browser without a screen. Portals on one machine share its
// cookies, as they do behind one address.
type visitor struct {
	t testing.TB
	http.Client
}

func newVisitor(t testing.TB) *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t, http.Client{Jar: jar}}
}

func (v *visitor) get(url string) (int, string) {
	v.t.Helper()
	return answered(v.t)(v.Get(url))
}

func (v *visitor) post(to string, form ...string) (int, string) {
	v.t.Helper()
	sent := url.Values{}
	for i := 0; i+1 < len(form); i += 2 {
		sent.Set(form[i], form[i+1])
	}
	return answered(v.t)(v.PostForm(to, sent))
}

// holder makes a person with an office on the command line, which second
// confirms where there is one, and signs them in, through the invitation.
func holder(t testing.TB, p *program, where []string, name, kind string, second *visitor) *visitor {
	t.Helper()
	email := name + "@example.org"
	out := must(t, append([]string{"person", "add", "--name", name, "--email", email, "--public-url", p.url}, where...)...)
	must(t, append([]string{"office", "give", "--email", email, "--body", "company", "--kind", kind, "--title", kind, "--from", "2012-01-01"}, where...)...)
	link := regexp.MustCompile(`http://\S+/invitations/\S+`).FindString(out)
	v := newVisitor(t)
	if status, page := v.post(link, "password", password, "repeat", password); status != http.StatusOK {
		t.Fatalf("the invitation: %d\n%s", status, page)
	}
	if second != nil {
		_, page := second.get(p.url + "/appointments")
		awaits := regexp.MustCompile(`"(/appointments/\d+)"`).FindStringSubmatch(page)
		if awaits == nil {
			t.Fatalf("no appointment awaits confirmation:\n%s", page)
		}
		if status, page := second.post(p.url+awaits[1]+"/confirm", "again", password); status != http.StatusOK {
			t.Fatalf("confirming: %d\n%s", status, page)
		}
	}
	if status, page := v.post(p.url+"/sign-in", "email", email, "password", password); status != http.StatusOK {
		t.Fatalf("signing in: %d\n%s", status, page)
	}
	if status, page := v.get(p.url + "/account"); status != http.StatusOK || !strings.Contains(page, kind) {
		t.Fatalf("not signed in as %s: %d\n%s", kind, status, page)
	}
	return v
}

// Two portals on one database are one portal: what is done through one is
// there at once through the other, and the record stays one line of events.
func TestTwoPortalsOnOnePostgres(t *testing.T) {
	where := []string{"--database", onPostgres(t), "--record-key", filepath.Join(t.TempDir(), "record.key")}
	var both [2]*program
	var up sync.WaitGroup
	for i := range both {
		up.Go(func() { both[i] = start(t, append([]string{"serve"}, where...)...) })
	}
	up.Wait()
	if both[0] == nil || both[1] == nil {
		t.Fatal("the two portals did not both start")
	}
	secretary := holder(t, both[0], where, "ann", "company secretary", nil)
	administrator := holder(t, both[1], where, "bob", "administrator", secretary)
	for _, p := range both {
		if _, text := get(t, p.url+"/ownership/entries"); strings.Contains(text, "16 July 2012") {
			t.Fatal("the register is not empty")
		}
	}
	status, page := secretary.post(both[0].url+"/ownership/enter/incorporated", "registered", "16", "registered-month", "7", "registered-year", "2012",
		"confirmed", "yes", "again", password)
	if status != http.StatusOK {
		t.Fatalf("entering: %d\n%s", status, page)
	}
	for i, p := range both {
		if _, text := get(t, p.url+"/ownership/entries"); !strings.Contains(text, "16 July 2012") {
			t.Errorf("portal %d does not show the entry at once:\n%s", i+1, text)
		}
	}
	crowd(t, administrator, both)

	people := must(t, append([]string{"person", "list"}, where...)...)
	if n := strings.Count(people, "crowd"); n != 20 {
		t.Errorf("%d of 20 people are there", n)
	}
	for _, p := range both {
		p.stop()
	}
	must(t, "verify", "--database", where[1])
}

// crowd does 20 acts over both portals, four at the same time: more tries of one
// password at once would have to wait.
func crowd(t *testing.T, administrator *visitor, both [2]*program) {
	t.Helper()
	var acts sync.WaitGroup
	places := make(chan struct{}, 4)
	for i := range 20 {
		acts.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			form := url.Values{"name": {"Sample"}, "email": {fmt.Sprintf("crowd%d@example.org", i)}, "again": {password}}
			r, err := administrator.PostForm(both[i%2].url+"/people/new", form)
			if err != nil {
				t.Error(err)
				return
			}
			defer r.Body.Close()
			if r.StatusCode != http.StatusOK {
				t.Errorf("act %d: %s", i, r.Status)
			}
		})
	}
	acts.Wait()
}
