package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/storetest"
	pageview "github.com/police-ict/handover/views/page"
	"github.com/police-ict/handover/web/serve"
)

const (
	firstPassword  = "four unrelated words"
	secondPassword = "five entirely different words"
)

// found is the first part of a page that a pattern's group matches.
func found(t testing.TB, w *httptest.ResponseRecorder, pattern string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(w.Body.String())
	if m == nil {
		t.Fatalf("the page has no %s:\n%s", pattern, w.Body)
	}
	return m[1]
}

// sets is the session cookie that an answer sets, as a browser sends it back.
func sets(t testing.TB, w *httptest.ResponseRecorder) string {
	t.Helper()
	for _, c := range w.Result().Cookies() {
		if strings.HasSuffix(c.Name, "session") && c.Value != "" {
			return c.Name + "=" + c.Value
		}
	}
	t.Fatal("no session cookie was set")
	return ""
}

// enters signs in by the form and keeps the cookie.
func enters(t testing.TB, s *serve.Server, email, password string) at {
	t.Helper()
	b := stranger(t, s)
	b.cookie = sets(t, b.do(303, "POST", "/sign-in", "email", email, "password", password))
	return b
}

// goes fails the test unless the answer leads to an address.
func goes(t testing.TB, w *httptest.ResponseRecorder, to string) {
	t.Helper()
	if got := w.Header().Get("Location"); w.Code != 303 || got != to {
		t.Fatalf("%d leads to %q, want %q", w.Code, got, to)
	}
}

// keyedHolder is a holder of an office with the sample password.
func keyedHolder(t testing.TB, st *db.Tx, kind office.Kind, body string) office.Viewer {
	t.Helper()
	v := storetest.Holder(t, st, kind, body)
	token, err := storetest.Invite(t.Context(), st, office.CommandLine, v.Person)
	if err != nil {
		t.Fatal(err)
	}
	if err := people.AcceptInvitation(t.Context(), st, token, "", people.SamplePassword); err != nil {
		t.Fatal(err)
	}
	return v
}

// keyed is such a holder, signed in.
func keyed(t testing.TB, s *serve.Server, kind office.Kind, body string) at {
	t.Helper()
	return as(t, s, keyedHolder(t, s.Store, kind, body))
}

// auditor adds a person who holds an office and has a password.
func auditor(t testing.TB, st *db.Tx, email string) office.Viewer {
	t.Helper()
	ctx := t.Context()
	id, token, err := people.Add(ctx, st, office.CommandLine, "Ann Lee", email)
	if err != nil {
		t.Fatal(err)
	}
	if err := people.AcceptInvitation(ctx, st, token, "", firstPassword); err != nil {
		t.Fatal(err)
	}
	storetest.Holds(t, st, id, office.Office{Body: office.TheCompany, Kind: office.Auditor, Title: "Auditor"})
	v, err := people.ViewerOf(ctx, st, id, 0)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestFromInvitationToSignOut(t *testing.T) {
	s, st, _ := open(t)
	adm := keyed(t, s, office.Administrator, office.TheCompany)
	sec := keyed(t, s, office.CompanySecretary, office.TheCompany)
	kent := as(t, s, storetest.Holder(t, st, office.CommissionerOffice, "kent"))

	says(t, adm.do(422, "POST", "/people/new", "name", "", "email", "nobody"), "Enter the person’s name.", "like name@example.org", `value="nobody"`)
	says(t, adm.do(422, "POST", "/people/new", "name", "Ann Lee", "email", "ann.lee@example.org", "again", "wrong"), `id="again-fault"`)
	w := adm.do(200, "POST", "/people/new", "name", "Ann Lee", "email", "ann.lee@example.org", "again", people.SamplePassword)
	says(t, w, "You cannot see this link again. If you lose it, make a new invitation.", "http://example.com/invitations/", "17 January 2013, midday")
	token, person := found(t, w, `/invitations/([A-Z2-7]+)`), found(t, w, `"(/people/\d+)"`)
	says(t, adm.do(200, "GET", person), "Ann Lee", "invited", "No appointment")

	ann := stranger(t, s)
	w = ann.do(200, "GET", "/invitations/"+token)
	says(t, w, "Ann Lee", "ann.lee@example.org")
	if got := w.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("an invitation may be kept: %q", got)
	}
	says(t, ann.do(422, "POST", "/invitations/"+token, "password", firstPassword, "repeat", "another"), "The passwords do not match.")
	says(t, ann.do(422, "POST", "/invitations/"+token, "password", "short", "repeat", "short"), "12 characters or more")
	goes(t, ann.send("POST", "/invitations/"+token, "password", firstPassword, "repeat", firstPassword), "/sign-in")
	says(t, ann.do(404, "GET", "/invitations/"+token), "This invitation was used, replaced or is older than 72 hours.")
	says(t, ann.do(404, "POST", "/invitations/"+token, "password", firstPassword, "repeat", firstPassword), "This invitation was used, replaced or is older than 72 hours")
	says(t, ann.do(422, "POST", "/sign-in", "email", "ann.lee@example.org", "password", firstPassword), "You have no role today", "ann.lee@example.org")

	day := []string{"from", "14", "from-month", "1", "from-year", "2013", "again", people.SamplePassword}
	appoint := func(kind, title string, more ...string) *httptest.ResponseRecorder {
		return adm.send("POST", person+"/appoint", append(append([]string{"body", "company", "kind", kind, "title", title}, day...), more...)...)
	}
	says(t, appoint("auditor", "Auditor of the company"), "Nothing has been recorded yet", "A second person must confirm it")
	goes(t, appoint("auditor", "Auditor of the company", "confirmed", "yes"), person)
	confirm := func() {
		t.Helper()
		goes(t, sec.send("POST", found(t, sec.do(200, "GET", "/appointments"), `"(/appointments/\d+)"`)+"/confirm", "again", people.SamplePassword), "/appointments")
	}
	says(t, ann.do(422, "POST", "/sign-in", "email", "ann.lee@example.org", "password", firstPassword), "You have no role today")
	confirm()
	says(t, adm.do(200, "GET", person+"/appoint"), "Seat, for a director only")
	says(t, appoint("director", "Director", "seat", "three"), `id="seat-fault"`, `value="three"`)
	says(t, appoint("director", "Director"), "Enter the seat of the director", `id="seat-fault"`)
	says(t, appoint("auditor", "Auditor", "seat", "3"), "Only a director has a seat")
	says(t, appoint("director", "Director", "seat", "3"), "Director, seat 3", "Seat</dt><dd>3")
	says(t, appoint("finance officer", "Chief finance officer"), "A second person must confirm it", "company secretary for Police ICT Company (sample)")
	goes(t, appoint("finance officer", "Chief finance officer", "confirmed", "yes"), person)
	w = sec.do(200, "GET", "/appointments")
	says(t, w, "Ann Lee", "Chief finance officer")
	proposal := found(t, w, `"(/appointments/\d+)"`)
	kent.do(404, "GET", proposal)
	kent.do(404, "POST", proposal+"/confirm")
	adm.do(403, "POST", proposal+"/confirm")
	says(t, sec.do(422, "POST", proposal+"/refuse", "reason", " ", "again", people.SamplePassword), "Enter the reason.")
	says(t, sec.do(422, "POST", proposal+"/confirm"), `id="again-fault"`)
	goes(t, sec.send("POST", proposal+"/confirm", "again", people.SamplePassword), "/appointments")
	says(t, sec.do(200, "GET", "/appointments"), "You confirmed that Ann Lee holds Chief finance officer.", "There are no appointments to confirm at Police ICT Company")
	sec.do(409, "POST", proposal+"/confirm")

	w = ann.send("POST", "/sign-in", "email", "ANN.lee@example.org", "password", firstPassword, "to", "/account?x=1")
	goes(t, w, "/account?x=1")
	ann.cookie = sets(t, w)
	w = ann.do(200, "GET", "/account")
	says(t, w, "You act as</dt><dd>Auditor of the company", "Chief finance officer", "This one")
	ann.do(403, "GET", "/appointments")
	office := found(t, w, `value="(\d+)"[^>]*aria-describedby="office-1-hint"`)
	says(t, ann.do(422, "POST", "/account/office", "office", "9999"), "Choose one of the roles that you hold today.")
	goes(t, ann.send("POST", "/account/office", "office", office), "/account")
	says(t, ann.do(200, "GET", "/account"), "You now act as Chief finance officer.")
	ann.do(200, "GET", "/appointments")

	other := enters(t, s, "ann.lee@example.org", firstPassword)
	says(t, other.do(200, "GET", "/account"), "2 sessions")
	says(t, ann.do(422, "POST", "/account/password", "old", "wrong", "password", secondPassword, "repeat", secondPassword), "The password is not correct.")
	w = ann.send("POST", "/account/password", "old", firstPassword, "password", secondPassword, "repeat", secondPassword)
	goes(t, w, "/account")
	goes(t, other.send("GET", "/account"), "/sign-in?to=%2Faccount")
	goes(t, ann.send("GET", "/account"), "/sign-in?to=%2Faccount")
	ann.cookie = sets(t, w)
	says(t, ann.do(200, "GET", "/account"), "Your password has been changed.", "1 session,", "You act as</dt><dd>Chief finance officer")

	w = ann.send("POST", "/sign-out")
	goes(t, w, "/")
	if c := w.Result().Cookies(); len(c) != 1 || c[0].MaxAge >= 0 || c[0].Value != "" {
		t.Errorf("the cookie stays: %v", c)
	}
	goes(t, ann.send("GET", "/account"), "/sign-in?to=%2Faccount")
}

func TestOwnSessionsAreEndedOneByOneOrAll(t *testing.T) {
	s, st, _ := open(t)
	auditor(t, st, "ann@example.org")
	auditor(t, st, "bob@example.org")
	one, two, bob := enters(t, s, "ann@example.org", firstPassword), enters(t, s, "ann@example.org", firstPassword), enters(t, s, "bob@example.org", firstPassword)
	first := `name="session" value="([0-9a-f]+)"`
	goes(t, two.send("POST", "/account/sessions/end", "session", found(t, bob.do(200, "GET", "/account"), first)), "/account")
	bob.do(200, "GET", "/account") // nobody ends another's
	says(t, two.do(422, "POST", "/account/sessions/end"), "Choose the session to end.")
	hash := found(t, two.do(200, "GET", "/account"), first)
	here := two.send("POST", "/account/sessions/end", "session", hash).Header().Get("Location")
	gone, left := one, two
	if here == "/" {
		gone, left = two, one
	}
	gone.do(303, "GET", "/account")
	left.do(200, "GET", "/account")
	third := enters(t, s, "ann@example.org", firstPassword)
	goes(t, left.send("POST", "/account/sessions/end", "all", "yes"), "/")
	left.do(303, "GET", "/account")
	third.do(303, "GET", "/account")
	bob.do(200, "GET", "/account")
}

func TestWrongPasswordsSlowDownAndTellNothing(t *testing.T) {
	s, st, clock := open(t)
	auditor(t, st, "ann@example.org")
	b := stranger(t, s)
	sentence := "The email address or password is not correct."
	for _, email := range []string{"ann@example.org", "nobody@example.org"} {
		for range 6 {
			w := b.do(422, "POST", "/sign-in", "email", email, "password", "not the password")
			says(t, w, sentence, `value="`+email+`"`)
			if strings.Contains(w.Body.String(), "not the password") {
				t.Error("the page repeats the password")
			}
		}
		says(t, b.do(429, "POST", "/sign-in", "email", email, "password", firstPassword), "Too many wrong tries. Wait", `value="`+email+`"`)
	}
	clock.Set(clock.Now().Add(3 * time.Second))
	enters(t, s, "ann@example.org", firstPassword)
	b.do(422, "POST", "/sign-in", "email", "ann@example.org", "password", "not the password")
}

func TestASessionEndsWithTheLastAppointment(t *testing.T) {
	s, st, _ := open(t)
	sec := keyed(t, s, office.CompanySecretary, office.TheCompany)
	adm := keyed(t, s, office.Administrator, office.TheCompany)
	v := auditor(t, st, "ann@example.org")
	ann := enters(t, s, "ann@example.org", firstPassword)
	person := fmt.Sprintf("/people/%d", v.Person)
	end := found(t, adm.do(200, "GET", person), `"(/appointments/\d+/end)"`)
	says(t, adm.do(200, "GET", end), "End the appointment", "Auditor")
	says(t, adm.do(422, "POST", end, "to", "31", "to-month", "2", "to-year", "2013"), "Check the date")
	says(t, adm.do(422, "POST", end, "to", "1", "to-month", "1", "to-year", "2013"), "The last day must be yesterday or later.")
	ann.do(200, "GET", "/account")
	says(t, adm.do(422, "POST", end, "to", "13", "to-month", "1", "to-year", "2013"), `id="again-fault"`)
	goes(t, adm.send("POST", end, "to", "13", "to-month", "1", "to-year", "2013", "again", people.SamplePassword), person)
	says(t, adm.do(200, "GET", person), "Waiting for a second person", "in force")
	adm.do(409, "POST", end, "to", "13", "to-month", "1", "to-year", "2013", "again", people.SamplePassword)
	ann.do(200, "GET", "/account") // nothing has ended
	request := found(t, sec.do(200, "GET", "/appointments"), `"(/appointments/requests/\d+)"`)
	adm.do(403, "POST", request+"/agree", "again", people.SamplePassword)
	says(t, sec.do(422, "POST", request+"/agree"), `id="again-fault"`)
	says(t, sec.do(200, "POST", request+"/agree", "again", people.SamplePassword), "Agreed")
	goes(t, ann.send("GET", "/account"), "/sign-in?to=%2Faccount")
	says(t, adm.do(200, "GET", person), "13 January 2013", "ended")
	adm.do(409, "GET", end)
}

func TestSessionsEndByTheClock(t *testing.T) {
	s, st, clock := open(t)
	auditor(t, st, "ann@example.org")
	began := clock.Now()
	idle, busy := enters(t, s, "ann@example.org", firstPassword), enters(t, s, "ann@example.org", firstPassword)
	for clock.Now().Before(began.Add(12*time.Hour - 29*time.Minute)) {
		clock.Set(clock.Now().Add(29 * time.Minute))
		busy.do(200, "GET", "/account")
	}
	idle.do(303, "GET", "/account")
	clock.Set(began.Add(12 * time.Hour))
	busy.do(303, "GET", "/account")

	late := enters(t, s, "ann@example.org", firstPassword)
	clock.Set(clock.Now().Add(30*time.Minute - time.Microsecond))
	late.do(200, "GET", "/account")
	clock.Set(clock.Now().Add(30 * time.Minute))
	late.do(303, "GET", "/account")
}

func TestATokenThatWasNotGivenIsNeverAdopted(t *testing.T) {
	s, st, _ := open(t)
	auditor(t, st, "ann@example.org")
	b := stranger(t, s)
	for _, cookie := range []string{"session=forged", "session=", "session=" + strings.Repeat("A", 4000), "session=%00%ff", "__Host-session=forged"} {
		b.cookie = cookie
		b.do(303, "GET", "/account")
		got := sets(t, b.do(303, "POST", "/sign-in", "email", "ann@example.org", "password", firstPassword))
		if got == cookie {
			t.Errorf("%q was adopted", cookie)
		}
		b.do(303, "GET", "/account")
	}
	ann := enters(t, s, "ann@example.org", firstPassword)
	again := sets(t, ann.do(303, "POST", "/sign-in", "email", "ann@example.org", "password", firstPassword))
	if again == ann.cookie {
		t.Error("signing in again kept the token")
	}
	ann.do(303, "GET", "/account") // the first token ended when the second began
}

func TestCookieFlags(t *testing.T) {
	for public, want := range map[string]struct {
		name   string
		secure bool
	}{
		"":                            {"session", false},
		"http://localhost:8080":       {"session", false},
		"http://127.0.0.1:8080":       {"session", false},
		"http://[::1]:8080":           {"session", false},
		"http://portal.example.org":   {"__Host-session", true},
		"https://localhost:8443":      {"__Host-session", true},
		"https://portal.example.org/": {"__Host-session", true},
	} {
		t.Run(public, func(t *testing.T) {
			st, _ := storetest.OpenClock(t)
			auditor(t, st, "ann@example.org")
			var o serve.Options
			if public != "" {
				o.PublicURL, _ = url.Parse(public)
			}
			w := stranger(t, New(st, o)).do(303, "POST", "/sign-in", "email", "ann@example.org", "password", firstPassword)
			all := w.Result().Cookies()
			if len(all) != 2 {
				t.Fatal(all)
			}
			if d := all[1]; d.Name != strings.Replace(want.name, "session", "device", 1) || d.Secure != want.secure || !d.HttpOnly || d.SameSite != http.SameSiteLaxMode || d.Path != "/" || d.Domain != "" || d.MaxAge != 400*24*60*60 {
				t.Errorf("%+v", d)
			}
			c := all[0]
			if c.Name != want.name || c.Secure != want.secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 12*60*60 {
				t.Errorf("%+v", c)
			}
		})
	}
}

func TestAnInvitationLinkIsAbsolute(t *testing.T) {
	st, _ := storetest.OpenClock(t)
	u, _ := url.Parse("https://portal.example.org")
	s := New(st, serve.Options{PublicURL: u})
	adm := keyed(t, s, office.Administrator, office.TheCompany)
	w := adm.do(200, "POST", "/people/new", "name", "Ann", "email", "ann@example.org", "again", people.SamplePassword)
	says(t, w, "https://portal.example.org/invitations/")
	w = adm.do(200, "POST", found(t, w, `"(/people/\d+)"`)+"/invite", "again", people.SamplePassword)
	says(t, w, "https://portal.example.org/invitations/", "An earlier invitation no longer works.")
}

func TestSignInLeadsNowhereElse(t *testing.T) {
	s, st, _ := open(t)
	auditor(t, st, "ann@example.org")
	goes(t, stranger(t, s).send("POST", "/sign-in?to=//evil.example", "email", "ann@example.org", "password", firstPassword), "/")
	w := stranger(t, s).do(200, "GET", "/sign-in?to=https://evil.example")
	if strings.Contains(w.Body.String(), "evil.example") {
		t.Error("the form carries the address elsewhere")
	}
}

func TestNobodyActsOnThemselves(t *testing.T) {
	s, st, _ := open(t)
	admin, secretary := keyedHolder(t, st, office.Administrator, office.TheCompany), keyedHolder(t, st, office.CompanySecretary, office.TheCompany)
	adm, sec := as(t, s, admin), as(t, s, secretary)
	form := []string{"body", "company", "kind", "finance officer", "title", "Chief finance officer", "from", "14", "from-month", "1", "from-year", "2013", "confirmed", "yes", "again", people.SamplePassword}
	says(t, adm.do(403, "POST", fmt.Sprintf("/people/%d/appoint", admin.Person), form...), "You cannot appoint yourself.")
	adm.do(403, "POST", fmt.Sprintf("/people/%d/invite", admin.Person), "again", people.SamplePassword)
	adm.do(409, "GET", fmt.Sprintf("/people/%d/erase", admin.Person))
	adm.do(303, "POST", fmt.Sprintf("/people/%d/appoint", secretary.Person), form...)
	proposal := found(t, sec.do(200, "GET", "/appointments"), `"(/appointments/\d+)"`)
	w := sec.do(200, "GET", proposal)
	says(t, w, "You cannot confirm your own appointment.")
	if strings.Contains(w.Body.String(), proposal+"/confirm") {
		t.Error("a button is there for what is refused")
	}
	says(t, sec.do(403, "POST", proposal+"/confirm"), "You cannot confirm your own appointment.")
	says(t, sec.do(403, "POST", proposal+"/refuse", "reason", "mine"), "You cannot confirm your own appointment.")
	sec.do(403, "GET", "/people")
	stranger(t, s).do(303, "GET", "/people")
}

func TestErasingIsCheckedAndThenGone(t *testing.T) {
	s, st, _ := open(t)
	adm := keyed(t, s, office.Administrator, office.TheCompany)
	id := storetest.Person(t, st, "Zebedee Quill")
	erase := fmt.Sprintf("/people/%d/erase", id)
	says(t, adm.do(200, "GET", erase), "This cannot be undone.")
	says(t, adm.do(422, "POST", erase, "reason", ""), "Enter the reason.")
	says(t, adm.do(200, "POST", erase, "reason", "It was asked for."), "Check before you erase", "Zebedee Quill")
	says(t, adm.do(200, "GET", fmt.Sprintf("/people/%d", id)), "Zebedee Quill")
	goes(t, adm.send("POST", erase, "reason", "It was asked for.", "confirmed", "yes", "again", people.SamplePassword), fmt.Sprintf("/people/%d", id))
	says(t, adm.do(200, "GET", fmt.Sprintf("/people/%d", id)), fmt.Sprintf("Person %d (erased)", id), "The name and email address have been erased.")
	if w := adm.do(200, "GET", "/people"); strings.Contains(w.Body.String(), "Quill") {
		t.Error("the list still tells the name")
	}
	adm.do(409, "GET", erase)
	adm.do(404, "GET", "/people/999999")
	adm.do(404, "GET", "/people/0x1")
}

func TestPeopleArePagedAndFound(t *testing.T) {
	s, st, _ := open(t)
	adm := keyed(t, s, office.Administrator, office.TheCompany)
	for i := range 30 {
		storetest.Person(t, st, fmt.Sprintf("Sample %02d", i))
	}
	adm.sorts("/people?q=sample", "added", "name", "email")
	w := adm.do(200, "GET", "/people?q=sample")
	says(t, w, " people", "Page 1 of 2", "Sample 00")
	w = adm.do(200, "GET", strings.ReplaceAll(found(t, w, `href="(/people\?[^"]+)" rel="next"`), "&amp;", "&"))
	says(t, w, "Sample 29", "Page 2 of 2")
	if strings.Contains(w.Body.String(), "Sample 00") {
		t.Error("the second page begins again")
	}
	if got := rowsHeaded(adm.do(200, "GET", "/people?q=sample&sort=-added").Body.String()); len(got) != 25 || got[0] != "Sample 29" {
		t.Errorf("the person added last is not first: %v", got)
	}
	says(t, adm.do(200, "GET", "/people?after=1"), "First page", "Sample 00", "Next page")
	says(t, adm.do(200, "GET", "/people?q=<b>"), "No people match “&lt;b&gt;”")
}

// aStory is a demonstration with sample accounts.
type aStory []pageview.SampleAccount

func (aStory) Next() (civil.Day, string) { return "", "" }

func (aStory) Forward(context.Context) error { return nil }

func (a aStory) Accounts() []pageview.SampleAccount { return a }

func TestSampleAccountsExistInADemonstrationOnly(t *testing.T) {
	st, _ := storetest.OpenClock(t)
	ann, bob := auditor(t, st, "ann@example.org"), auditor(t, st, "bob@example.org")
	none := storetest.Person(t, st, "No office")
	real, demo := New(st, serve.Options{}), New(st, serve.Options{Demo: aStory{{Person: ann.Person, Name: "Auditor (sample)"}, {Person: none, Name: "Nobody (sample)"}}})
	id := func(n int64) string { return fmt.Sprint(n) }

	stranger(t, real).do(404, "POST", "/demonstration/sign-in", "account", id(ann.Person))
	if w := stranger(t, real).do(200, "GET", "/sign-in"); strings.Contains(w.Body.String(), "sample") {
		t.Error("a real installation speaks of sample accounts")
	}
	b := stranger(t, demo)
	says(t, b.do(200, "GET", "/sign-in"), "Auditor (sample)", "/demonstration/sign-in")
	b.do(404, "POST", "/demonstration/sign-in", "account", id(bob.Person))
	b.do(404, "POST", "/demonstration/sign-in", "account", "")
	says(t, b.do(422, "POST", "/demonstration/sign-in", "account", id(none)), "You have no role today")
	w := b.do(303, "POST", "/demonstration/sign-in", "account", id(ann.Person), "to", "/account")
	goes(t, w, "/account")
	b.cookie = sets(t, w)
	says(t, b.do(200, "GET", "/account"), "ann@example.org")
}
