package web

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
	"github.com/police-ict/handover/web/serve"
)

// A secret must never reach a stranger. Each stands where people do put such things.
const (
	secretText   = "sesame-content-4471"
	secretFile   = "sesame-file-name"
	secretPerson = "Sesame Hidden-Person"
	secretEmail  = "sesame.hidden@example.org"
)

// haunted is a stage with something real behind every address: bodies at
// several steps, items, milestones, appointments that wait, documents
// restricted and published, and secrets.
func haunted(t testing.TB) theatre {
	t.Helper()
	th := stage(t)
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	id, token, err := people.Add(ctx, th.st, office.CommandLine, secretPerson, secretEmail)
	must(err)
	must(people.AcceptInvitation(ctx, th.st, token, "", "four unrelated words"))
	_, err = people.Appoint(ctx, th.st, office.CommandLine, office.Appointment{Office: office.Office{Body: "kent", Kind: office.CommissionerOffice, Title: "Deputy commissioner"}, Person: id, From: "2012-11-22"})
	must(err) // waits for a second person at Kent
	_, _, err = people.SignIn(ctx, th.st, people.Entry{Email: secretEmail, Password: "wrong", From: people.From{Address: "192.0.2.1"}})
	if fault.KindOf(err) == 0 {
		t.Fatal(err)
	}
	th.secretary.takes("/handover/bodies/kent/invite", secretFile+".txt", secretText)
	th.chief.takes("/handover/bodies/kent/resolve", secretFile+".pdf", "%PDF-1.4 "+secretText, noticeForm("reason", "A public condition.")...)
	th.secretary.takes("/handover/bodies/essex/invite", secretFile+".txt", secretText)
	th.secretary.takes("/handover/bodies/surrey/invite", secretFile+".txt", secretText)
	storetest.Holder(t, th.st, office.CommissionerOffice, "surrey") // the first there, who confirms the second
	surrey := th.keyed(t, office.ChiefExecutive, "surrey")
	surrey.do(303, "POST", "/handover/bodies/surrey/decline", surely("reason", "Too dear.")...)
	surrey.handIn(409, "/handover/bodies/surrey/deliver", secretFile+".txt", []byte(secretText))
	th.chief.handIn(200, "/handover/bodies/kent/deliver", secretFile+".txt", []byte(secretText)) // a draft that came to nothing
	th.chief.handIn(422, "/handover/bodies/kent/deliver", secretFile+".exe", []byte("MZ"+secretText))
	th.add(t)
	th.add(t, "after", "", "evidence", "")
	th.officer.do(303, "POST", "/handover/milestones/new", spring...)
	th.finance.do(303, "POST", "/handover/balance/prepare")
	th.secretary.do(303, "POST", "/handover/statement/prepare")
	erased, _, err := people.Add(ctx, th.st, office.CommandLine, secretPerson+" the Second", "second."+secretEmail)
	must(err)
	th.assoc.do(303, "POST", "/authority/delegations/new", surely(letting(th.officeOf(t, office.TheAssociation, "scrutineer, "+office.ShortName(office.TheAssociation)), "pass_on", "yes")...)...)
	th.chief.do(303, "POST", "/interests/new", sure(holdingForm())...)
	th.deliberated(t)
	sits, b := th.minuted(t)
	scrutinised(t, th.st, sits, "kent", secretText)
	th.sitting = b
	must(people.Erase(ctx, th.st, storetest.Holder(t, th.st, office.Administrator, office.TheCompany), erased, "They asked for it."))
	return th
}

// minuted has a committee, whose clerk it returns, and a meeting whose minutes
// are a draft of it.
func (th theatre) minuted(t testing.TB) (office.Viewer, at) {
	t.Helper()
	v := storetest.Holder(t, th.st, office.Clerk, office.TheAssociation)
	clerk := as(t, th.Server, v)
	clerk.do(303, "POST", "/committees/new", founding("kent")...)
	clerk.do(303, "POST", "/committees/kent/seats", "office", fmt.Sprint(v.Office.ID), "role", "clerk", "from", "14", "from-month", "1", "from-year", "2013")
	th.assoc.do(303, "POST", "/committees/kent/seats/confirm", "again", people.SamplePassword)
	clerk.do(303, "POST", "/committees/kent/meetings/new", planning("on", "14")...)
	clerk.do(303, "POST", "/meetings/1/agenda/add", "title", "Welcome")
	clerk.do(303, "POST", "/meetings/1/attend", fmt.Sprintf("seat-%d", v.Office.ID), "present")
	clerk.do(303, "POST", "/meetings/1/minutes", "minutes", secretText)
	return v, clerk
}

// placed gives a route's parameters the values of things that are there.
func placed(path string) string {
	return strings.NewReplacer(":file", "portal.css", ":body", "kent", ":kind", "ceased", ":n", "20", ":id", "1", ":version", "1", ":token", "none", ":slug", "kent", ":ref", "2013-001").Replace(path)
}

// everything is a form that would satisfy most of the portal's routes.
var everything = surely("reason", "A reason.", "note", "A note.", "ground", "A ground.", "registered", "14", "registered-month", "1", "registered-year", "2013", "body", "home-office",
	"version", "1", "decision", "2013-001", "on", "14", "on-month", "1", "on-year", "2013", "day", "1", "day-month", "2", "day-year", "2013", "to", "14", "to-month", "1", "to-year", "2013",
	"name", "Somebody", "email", "somebody@example.org", "kind", "contract", "title", "A title", "before", "home-office", "after", "kent", "valued", "no", "evidence", "E", "struck", "yes",
	"office", "1", "function", "vote", "from", "14", "from-month", "1", "from-year", "2013", "number", "01234578", "company", "A company", "nature", "An interest")

// posts are the POST routes that need an office.
func posts(s *serve.Server) (all []string) {
	for route, need := range s.Needs() {
		if path, ok := strings.CutPrefix(route, "POST "); ok && need != office.Public {
			all = append(all, path)
		}
	}
	slices.Sort(all)
	return all
}

func (th theatre) events(t testing.TB) int64 {
	t.Helper()
	h, err := record.ReadHead(t.Context(), th.st)
	if err != nil {
		t.Fatal(err)
	}
	return h.Size
}

// TestNoPostIsTakenFromWhoeverMayNot tries every POST route, filled as for the
// real thing, by everyone whose office does not carry its permission. Each try
// is refused and leaves the record as long as it was.
func TestNoPostIsTakenFromWhoeverMayNot(t *testing.T) {
	t.Parallel()
	th := haunted(t)
	people := map[office.Kind]at{}
	for kind, body := range map[office.Kind]string{
		office.CommissionerOffice: "kent", office.ChiefExecutive: "kent", office.Official: office.HomeOffice, office.AssociationOfficer: office.TheAssociation,
		office.Scrutineer: office.TheAssociation, office.Chair: office.TheAssociation, office.Clerk: office.TheAssociation, office.CompanyOfficer: office.TheCompany,
		office.CompanySecretary: office.TheCompany, office.FinanceOfficer: office.TheCompany, office.Auditor: office.TheCompany, office.Administrator: office.TheCompany,
		office.DirectorOffice: office.TheCompany, office.Constable: "kent",
	} {
		people[kind] = as(t, th.Server, storetest.Holder(t, th.st, kind, body))
	}
	size, tries := th.events(t), 0
	holds := func(what, path string, w *httptest.ResponseRecorder, refused bool) {
		t.Helper()
		tries++
		if !refused {
			t.Errorf("POST %s by %s: %d to %q", path, what, w.Code, w.Header().Get("Location"))
		}
		if now := th.events(t); now != size {
			t.Errorf("POST %s by %s: %d events were recorded", path, what, now-size)
			size = now
		}
	}
	toSignIn := func(w *httptest.ResponseRecorder) bool {
		return w.Code == http.StatusSeeOther && w.Header().Get("Location") == "/sign-in"
	}
	for _, route := range posts(th.Server) {
		need, path := th.Needs()["POST "+route], placed(route)
		w := th.stranger.send("POST", path, everything...)
		holds("a stranger", path, w, toSignIn(w))
		for kind, b := range people {
			if !kind.May(need) {
				w := b.send("POST", path, everything...)
				holds("the "+string(kind), path, w, w.Code == http.StatusForbidden)
				continue
			}
			for _, site := range []string{"cross-site", "same-site"} {
				r := httptest.NewRequest("POST", path, strings.NewReader("confirmed=yes"))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.Header.Set("Cookie", b.cookie)
				r.Header.Set("Sec-Fetch-Site", site)
				w := httptest.NewRecorder()
				th.ServeHTTP(w, r)
				holds("the "+string(kind)+" from another site", path, w, w.Code == http.StatusForbidden)
			}
		}
	}
	if tries < 500 {
		t.Errorf("only %d tries", tries)
	}
	t.Logf("%d tries on %d routes", tries, len(posts(th.Server)))
}

// TestAnAppointmentEndsAtMidnight signs in on the last day of an appointment,
// and tries every POST route a minute after it.
func TestAnAppointmentEndsAtMidnight(t *testing.T) {
	t.Parallel()
	th := haunted(t)
	th.clock.Set(time.Date(2013, 1, 14, 23, 50, 0, 0, time.UTC))
	admin := storetest.Holder(t, th.st, office.Administrator, office.TheCompany)
	last := func(kind office.Kind, body string) (office.Viewer, at) {
		t.Helper()
		v := storetest.Holder(t, th.st, kind, body)
		all, err := office.AppointmentsOf(t.Context(), th.st, v.Person)
		if err != nil {
			t.Fatal(err)
		}
		if err := storetest.EndOffice(t.Context(), th.st, admin, all[0].ID, "2013-01-14"); err != nil {
			t.Fatal(err)
		}
		return v, as(t, th.Server, v)
	}
	_, secretary := last(office.CompanySecretary, office.TheCompany)
	_, chief := last(office.ChiefExecutive, "kent")
	two, both := last(office.CompanyOfficer, office.TheCompany) // who stays a scrutineer
	storetest.Holds(t, th.st, two.Person, office.Office{Body: office.TheAssociation, Kind: office.Scrutineer, Title: "Scrutineer"})
	secretary.do(200, "GET", "/ownership/enter")
	chief.do(200, "GET", "/handover/bodies/kent/deliver")
	both.do(200, "GET", "/handover/schedule/new")
	th.clock.Set(time.Date(2013, 1, 15, 0, 1, 0, 0, time.UTC))
	size := th.events(t)
	for _, route := range posts(th.Server) {
		path, need := placed(route), th.Needs()["POST "+route]
		for name, b := range map[string]at{"the former secretary": secretary, "the former chief executive": chief} {
			if w := b.send("POST", path, everything...); w.Code != 403 && !strings.HasPrefix(w.Header().Get("Location"), "/sign-in") {
				t.Errorf("POST %s by %s: %d", path, name, w.Code)
			}
		}
		if office.Scrutineer.May(need) {
			continue
		}
		if w := both.send("POST", path, everything...); w.Code != 403 {
			t.Errorf("POST %s by a former officer who is still a scrutineer: %d", path, w.Code)
		}
	}
	if now := th.events(t); now != size {
		t.Errorf("%d events were recorded", now-size)
	}
}

// TestTheRightOfficeOfTheWrongBody tries what an office may do for its own
// body at another's.
func TestTheRightOfficeOfTheWrongBody(t *testing.T) {
	t.Parallel()
	th := haunted(t)
	essex := th.keyed(t, office.ChiefExecutive, "essex")
	proposed := found(t, th.chief.do(200, "GET", "/appointments"), `href="(/appointments/\d+)"`)
	document := found(t, th.chief.do(200, "GET", "/handover/bodies/kent"), `href="(/documents/\d+)">Decision notice`)
	th.officer.do(303, "POST", "/handover/schedule/2/except", "version", "1", "reason", "A reason.")
	size := th.events(t)
	type try struct {
		who  at
		path string
	}
	var tries []try
	for _, act := range []string{"resolve", "decline", "deliver", "withdraw"} {
		tries = append(tries, try{essex, "/handover/bodies/kent/" + act}, try{th.essex, "/handover/bodies/kent/" + act})
	}
	for _, b := range []at{essex, th.assoc, th.kent, th.officer} {
		tries = append(tries, try{b, "/handover/schedule/1/agree"}, try{b, "/handover/schedule/2/agree-exception"}) // the Home Office holds them before
	}
	for _, b := range []at{essex, th.kent, th.official, th.assoc, th.secretary} {
		if b.cookie != th.kent.cookie {
			tries = append(tries, try{b, proposed + "/confirm"}, try{b, proposed + "/refuse"})
		}
	}
	for _, b := range []at{essex, th.outsider, th.official} {
		tries = append(tries, try{b, "/authority/delegations/1/end"}, try{b, "/interests/1/end"})
	}
	for _, b := range []at{essex, th.official} {
		tries = append(tries, try{b, "/authority/delegations/1/pass-on"})
	}
	for _, b := range []at{essex, th.officer, th.outsider} {
		tries = append(tries, try{b, document + "/publish"})
	}
	for _, b := range []at{essex, th.official, th.kent, th.outsider} {
		for _, path := range []string{"/questions/2013-001/correct", "/questions/2013-001/close", "/recommendations/2013-001/respond", "/recommendations/2013-002/claim", "/recommendations/2013-001/close",
			"/inquiries/kent/extend", "/inquiries/kent/evidence/2/publish", "/inquiries/kent/publish-report", "/meetings/1/publish-minutes", "/committees/kent/seats"} {
			tries = append(tries, try{b, path})
		}
	}
	for _, k := range tries {
		w := k.who.send("POST", k.path, everything...)
		if w.Code != 403 && w.Code != 404 && w.Code != 409 || k.who.send("GET", "/work").Code != 200 {
			t.Errorf("POST %s: %d", k.path, w.Code)
		}
		if page := w.Body.String(); strings.Contains(page, secretText) || strings.Contains(page, secretFile) || strings.Contains(page, secretPerson) || strings.Contains(page, secretEmail) {
			t.Errorf("POST %s tells a secret in refusing", k.path)
		}
	}
	if now := th.events(t); now != size {
		t.Errorf("%d events were recorded", now-size)
	}
	// So that nothing was refused for want of the thing itself:
	th.chief.do(200, "GET", proposed)
	th.keyedAt(t, office.CommissionerOffice, "kent", "second.kent@example.org").do(303, "POST", proposed+"/confirm", "again", people.SamplePassword)
	th.official.do(303, "POST", "/handover/schedule/1/agree", "version", "1")
	th.chief.do(303, "POST", document+"/publish")
	th.outsider.do(200, "GET", "/authority/delegations/1/pass-on")
	th.assoc.do(303, "POST", "/authority/delegations/1/end", "to", "14", "to-month", "1", "to-year", "2013")
	th.chief.do(303, "POST", "/interests/1/end", "to", "14", "to-month", "1", "to-year", "2013")
}

var (
	linked = regexp.MustCompile(`(?:href|action|src)="([^"]*)"`)
	source = regexp.MustCompile(`<a href="https?://[^"]*" rel="(nofollow )?noreferrer"`) // where a figure comes from
	within = regexp.MustCompile(`^(/[a-z]+(?:/[a-z]+)?)(/.*)?$`)
)

// kindOf is the kind of page that stands at an address: its first words, and
// how many there are.
func kindOf(path string) string {
	return fmt.Sprintf("%s with %d", within.ReplaceAllString(path, "$1"), strings.Count(path, "/"))
}

// walk follows every link that a person is shown, from some addresses on, up
// to a number of questions asked of each page, and of pages beside each other.
func (b at) walk(t testing.TB, from []string, each func(path string, w *httptest.ResponseRecorder)) (n int) {
	t.Helper()
	seen, asked := map[string]bool{}, map[string]int{}
	perPage, beside := 4, 12
	if storetest.Thorough() {
		perPage, beside = 12, 80
	}
	for todo := slices.Clone(from); len(todo) > 0; todo = todo[1:] {
		u, err := url.Parse(html.UnescapeString(todo[0]))
		if err != nil || u.Scheme != "" || u.Host != "" {
			t.Errorf("a link leads away: %s", todo[0])
			continue
		}
		u.Fragment = ""
		if address := u.String(); address == "" || seen[address] || asked[u.Path] >= perPage || asked[kindOf(u.Path)] >= beside {
			continue
		}
		seen[u.String()] = true
		asked[u.Path]++
		asked[kindOf(u.Path)]++
		w := b.send("GET", u.String())
		n++
		each(u.String(), w)
		if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			continue
		}
		for _, m := range linked.FindAllStringSubmatch(source.ReplaceAllString(w.Body.String(), ""), -1) {
			switch {
			case strings.HasPrefix(m[1], "?"):
				todo = append(todo, u.Path+m[1])
			case strings.HasPrefix(m[1], "#") || strings.HasPrefix(m[1], "/sign-out"):
			default:
				todo = append(todo, m[1])
			}
		}
	}
	return n
}

// TestNoSecretReachesAStranger walks all that is public, in every form, with
// what goes wrong too, and looks for what must not be there.
func TestNoSecretReachesAStranger(t *testing.T) {
	t.Parallel()
	th := haunted(t)
	looks := func(path string, w *httptest.ResponseRecorder) {
		body := w.Body.String()
		for _, secret := range []string{secretText, secretFile, secretPerson, secretEmail, secretDraft, secretOld, "sesame", "four unrelated", people.SamplePassword} {
			if i := strings.Index(strings.ToLower(body), strings.ToLower(secret)); i >= 0 {
				t.Errorf("%s tells %q: …%s…", path, secret, body[max(0, i-80):min(len(body), i+80)])
			}
		}
		for name, values := range w.Header() {
			if strings.Contains(strings.ToLower(strings.Join(values, " ")), "sesame") {
				t.Errorf("%s tells a secret in %s", path, name)
			}
		}
	}
	var odd []string
	for route := range th.Needs() {
		path, ok := strings.CutPrefix(route, "GET ")
		if !ok {
			continue
		}
		for _, end := range []string{"", ".csv", ".json", ".parquet", "?as_at=2013-02-30", ".json?as_at=x", "?q=sesa", "?before=x", "?after=-1", "/"} {
			odd = append(odd, placed(path)+end)
		}
	}
	for n := range th.events(t) {
		odd = append(odd, fmt.Sprintf("/record/%d", n+1), fmt.Sprintf("/record/%d.json", n+1), fmt.Sprintf("/documents/%d", n+1), fmt.Sprintf("/appointments/%d", n+1), fmt.Sprintf("/people/%d", n+1))
	}
	for i, path := range storetest.Share(odd, 0, 3) {
		looks(path, th.stranger.send("GET", path))
		for _, method := range storetest.Share([]string{"POST", "PUT", "DELETE"}, i, 3) {
			looks(method+" "+path, th.stranger.send(method, path))
		}
	}
	n := th.stranger.walk(t, []string{"/"}, func(path string, w *httptest.ResponseRecorder) {
		looks(path, w)
		answers(t, "a stranger", path, w)
	})
	if t.Logf("%d odd addresses, %d linked ones", len(odd), n); n < 150 {
		t.Errorf("a stranger is shown only %d links", n)
	}
}

// postAddress are addresses of acts, which answer to no reading.
var postAddress = regexp.MustCompile(`/(agree|accept|prepare|publish|office|end|invite|confirm|refuse)$`)

// answers fails the test unless an address that somebody is shown answers.
func answers(t *testing.T, name, path string, w *httptest.ResponseRecorder) {
	t.Helper()
	if w.Code != 200 && !(w.Code == 405 && postAddress.MatchString(path)) && !(w.Code == 202 && path == "/spend.sqlite") {
		t.Errorf("%s is shown %s, which answers %d", name, path, w.Code)
	}
}

// TestEveryLinkAnswers follows what officials are shown. What a stranger is
// shown was followed for secrets.
func TestEveryLinkAnswers(t *testing.T) {
	t.Parallel()
	th := haunted(t)
	readers := map[string]at{"the secretary": th.secretary}
	if storetest.Thorough() {
		readers["the chief executive of Kent"], readers["an official"] = th.chief, th.official
	}
	for name, b := range readers {
		n := b.walk(t, []string{"/"}, func(path string, w *httptest.ResponseRecorder) { answers(t, name, path, w) })
		if n < 150 {
			t.Errorf("%s is shown only %d links", name, n)
		}
		t.Logf("%s: %d links", name, n)
	}
}

// TestAButtonNeverLies compares the steps that a page offers with those whose
// page opens, for every office: what is offered can be done, and what can be
// done is offered.
func TestAButtonNeverLies(t *testing.T) {
	t.Parallel()
	th := haunted(t)
	th.chief.takes("/handover/bodies/kent/deliver", "deed.txt", "We adhere.")
	pages := map[string][]string{"/handover/schedule/1": {"edit"}, "/handover/schedule/2": {"edit"}, "/handover/milestones/1": {"forecast", "achieve", "withdraw", "rebaseline"}, "/handover": {"conditions/deeds/override", "conditions/seats/override"}}
	for _, m := range handover.ScheduleLife {
		for _, page := range []string{"/handover/schedule/1", "/handover/schedule/2"} {
			pages[page] = append(pages[page], string(m.Act))
		}
	}
	for _, body := range []string{"kent", "essex", "surrey", "dorset"} {
		for _, m := range handover.AccessionLife {
			pages["/handover/bodies/"+body] = append(pages["/handover/bodies/"+body], string(m.Act))
		}
	}
	pages["/authority/delegations/1"] = []string{"pass-on", "end"}
	pages["/handover/balance"], pages["/handover/statement"] = []string{"certify"}, []string{"certify"}
	offered := 0
	for name, b := range map[string]at{"the secretary": th.secretary, "Kent": th.chief, "Essex": th.essex, "an official": th.official, "an association officer": th.assoc,
		"a company officer": th.officer, "the finance officer": th.finance, "a scrutineer": th.outsider, "a stranger": th.stranger} {
		for page, acts := range pages {
			shown := b.do(200, "GET", page).Body.String()
			for _, act := range acts {
				step := page + "/" + act
				offers := strings.Contains(shown, `"`+step+`"`)
				opens := b.send("GET", step).Code == 200
				if offers != opens {
					t.Errorf("%s is offered %s: %v, may open it: %v", name, step, offers, opens)
				}
				if offers {
					offered++
				}
			}
		}
	}
	if offered < 25 {
		t.Errorf("only %d steps were offered", offered)
	}
}
