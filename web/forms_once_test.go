package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
)

// opened is a form of a page as a browser would send it untouched.
func opened(t testing.TB, b at, page, action string) url.Values {
	t.Helper()
	return formOf(t, b.do(200, "GET", page), action)
}

func formOf(t testing.TB, w *httptest.ResponseRecorder, action string) url.Values {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(w.Body.String()))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Data == "form" && attribute(n, "method") == "post" && strings.Split(attribute(n, "action"), "?")[0] == action {
			return fieldsOf(n)
		}
	}
	t.Fatalf("no form to %s:\n%s", action, w.Body)
	return nil
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func fieldsOf(form *html.Node) url.Values {
	v := url.Values{}
	chosen := func(n *html.Node, name string) bool {
		return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
	}
	for n := range form.Descendants() {
		name, kind := attribute(n, "name"), attribute(n, "type")
		switch {
		case n.Data == "textarea" && name != "":
			words := ""
			if n.FirstChild != nil {
				words = n.FirstChild.Data
			}
			v.Set(name, words)
		case n.Data == "select":
			v.Set(name, "")
			for o := range n.Descendants() {
				if o.Data == "option" && chosen(o, "selected") {
					v.Set(name, attribute(o, "value"))
				}
			}
		case n.Data != "input" || name == "" || kind == "file":
		case kind != "radio" && kind != "checkbox" || chosen(n, "checked"):
			v.Add(name, attribute(n, "value"))
		}
	}
	return v
}

// typing is a form with other values.
func typing(v url.Values, fields ...string) url.Values {
	out := url.Values{}
	for name, values := range v {
		out[name] = slices.Clone(values)
	}
	for i := 0; i+1 < len(fields); i += 2 {
		out.Set(fields[i], fields[i+1])
	}
	return out
}

// posts sends a form without going on to where it leads.
func (b at) posts(path string, v url.Values) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	b.s.ServeHTTP(w, newPost(b, path, v))
	return w
}

func values(fields []string) url.Values { return typing(nil, fields...) }

func size(t testing.TB, tx *db.Tx) int64 {
	t.Helper()
	h, err := record.ReadHead(t.Context(), tx)
	if err != nil {
		t.Fatal(err)
	}
	return h.Size
}

// TestAFormIsSentOnce sends each of some forms twice, one after the other and at
// once, with the key of the page and without one.
func TestAFormIsSentOnce(t *testing.T) {
	t.Parallel()
	x := mandate(t)
	goes(t, x.clerk.do(303, "POST", x.committee+"/meetings/new", planning()...), x.meetingAt)
	for i, k := range []struct {
		by         at
		page, path string
		form       []string
		touch      string // the field that tells one act from the next
	}{
		{x.clerk, "/questions/new", "/questions/new", sure(asksWhy()), "title"},
		{x.clerk, x.committee + "/meetings/new", x.committee + "/meetings/new", planning(), "place"},
		{x.clerk, x.meetingAt + "/agenda", x.meetingAt + "/agenda/add", []string{"title", "Welcome"}, "title"},
		{x.officer, "/handover/milestones/new", "/handover/milestones/new", replaced(spring, "key", ""), "title"},
		{x.secretary, "/handover/schedule/new", "/handover/schedule/new", sure(network()), "title"},
		{x.officer, "/decisions/new?matter=contract", "/decisions/new", hostingForm(), "title"},
		{x.clerk, "/committees/new", "/committees/new", founding("one"), "slug"},
	} {
		for way, keyed := range map[string]bool{"with a key": true, "without a key": false} {
			for _, at := range []string{"after", "once"} {
				v := typing(values(k.form), k.touch, fmt.Sprintf("one-%d-%s-%v", i, at, keyed))
				if k.touch == "slug" {
					v.Set("slug", strings.ToLower(v.Get("slug")))
				}
				if keyed {
					v.Set("once", opened(t, k.by, k.page, k.path).Get("once"))
				}
				before := size(t, x.st)
				var answers [2]*httptest.ResponseRecorder
				var all sync.WaitGroup
				for n := range answers {
					all.Go(func() { answers[n] = k.by.posts(k.path, v) })
					if at == "after" {
						all.Wait()
					}
				}
				all.Wait()
				first, second := answers[0], answers[1]
				if n := size(t, x.st) - before; n != 1 {
					t.Errorf("%s, %s, %s: %d events (%d, %d)", k.path, way, at, n, first.Code, second.Code)
				}
				if !keyed && first.Code+second.Code > 303+303 {
					continue // the act says itself that it was done
				}
				if first.Code != 303 || second.Code != 303 || first.Header().Get("Location") != second.Header().Get("Location") {
					t.Errorf("%s, %s, %s: %d to %s, %d to %s", k.path, way, at, first.Code, first.Header().Get("Location"), second.Code, second.Header().Get("Location"))
				}
			}
		}
	}
}

// A form that was sent already, and says something else now, is not recorded and
// not lost; sent from the page that says so, it is recorded as well.
func TestOtherWordsOnAFormThatWasSent(t *testing.T) {
	t.Parallel()
	q := inquire(t)
	v := typing(opened(t, q.clerk, "/questions/new", "/questions/new"), sure(asksWhy())...)
	goes(t, q.clerk.posts("/questions/new", v), firstQuestion)
	w := q.clerk.posts("/questions/new", typing(v, "text", "Quite other words."))
	says(t, w, "You have already sent this form", "Quite other words.", firstQuestion, "See what was recorded")
	again := formOf(t, w, "/questions/new")
	if w.Code != 409 || again.Get("once") == v.Get("once") || again.Get("text") != "Quite other words." {
		t.Errorf("%d, %v", w.Code, again)
	}
	goes(t, q.clerk.posts("/questions/new", typing(again, "confirmed", "yes")), "/questions/2013-002")
}

// TestAQuestionIsAskedOnceByItsButtons goes the way of a browser, with Back.
func TestAQuestionIsAskedOnceByItsButtons(t *testing.T) {
	t.Parallel()
	q := inquire(t)
	typed := typing(opened(t, q.clerk, "/questions/new", "/questions/new"), asksWhy()...)
	w := q.clerk.posts("/questions/new", typed)
	check := w.Header().Get("Location")
	if w.Code != 303 || !strings.HasPrefix(check, "/questions/new?check=") {
		t.Fatalf("%d to %s", w.Code, check)
	}
	says(t, q.clerk.do(200, "GET", check), "Why did hosting rise?")
	asks := typing(opened(t, q.clerk, check, "/questions/new"), "confirmed", "yes")
	goes(t, q.clerk.posts("/questions/new", asks), firstQuestion)
	says(t, q.clerk.do(200, "GET", check), "Why did hosting rise?") // Back: a page, not an error
	goes(t, q.clerk.posts("/questions/new", typing(opened(t, q.clerk, check, "/questions/new"), "confirmed", "yes")), firstQuestion)
	back := q.clerk.posts("/questions/new", typing(opened(t, q.clerk, check, "/questions/new"), "back", "yes"))
	says(t, q.clerk.do(200, "GET", back.Header().Get("Location")), "Why did hosting rise?")
	q.officer.do(404, "GET", check)
	if w := q.stranger.send("GET", check); w.Code != 303 || !strings.HasPrefix(w.Header().Get("Location"), "/sign-in?to=") {
		t.Errorf("a stranger: %d", w.Code)
	}
}

func TestAFormOfAnotherRoleIsRefusedAndKept(t *testing.T) {
	t.Parallel()
	q := inquire(t)
	second := storetest.Holds(t, q.st, q.people[1].Person, office.Office{Body: office.TheAssociation, Kind: office.Scrutineer, Title: "Scrutineer (sample)"})
	both := q.clerk
	v := typing(opened(t, both, "/questions/new", "/questions/new"), sure(asksWhy())...)
	goes(t, both.posts("/account/office", url.Values{"office": {fmt.Sprint(second.Office.ID)}}), "/account")
	before := size(t, q.st)
	w := both.posts("/questions/new", v)
	if w.Code != 409 || size(t, q.st) != before {
		t.Errorf("%d", w.Code)
	}
	says(t, w, q.people[1].Office.Title, second.Office.Title, "Nothing was recorded", "Why did hosting rise?")
	back := formOf(t, w, "/account/office")
	to := both.posts("/account/office", back).Header().Get("Location")
	goes(t, both.posts("/questions/new", typing(opened(t, both, to, "/questions/new"), "confirmed", "yes")), firstQuestion)
}

// TestTypedInAnotherRole keeps what was typed in one role until its writer acts
// in that role again.
func TestTypedInAnotherRole(t *testing.T) {
	t.Parallel()
	q := inquire(t)
	second := storetest.Holds(t, q.st, q.people[1].Person, office.Office{Body: office.TheAssociation, Kind: office.Scrutineer, Title: "Scrutineer (sample)"})
	goes(t, q.clerk.posts("/account/office", url.Values{"office": {fmt.Sprint(second.Office.ID)}}), "/account")
	v := typing(opened(t, q.clerk, "/questions/new", "/questions/new"), asksWhy()...)
	q.clock.Set(q.clock.Now().Add(31 * time.Minute))
	to, _ := url.Parse(q.clerk.posts("/questions/new", v).Header().Get("Location"))
	kept := to.Query().Get("to")
	q.back(t)
	w := q.clerk.do(409, "GET", kept)
	says(t, w, "Your answers belong to another role", second.Office.Title)
	if strings.Contains(w.Body.String(), "What changed?") {
		t.Error("they are shown in another role")
	}
	goes(t, q.clerk.posts("/account/office", formOf(t, w, "/account/office")), kept)
	says(t, q.clerk.do(200, "GET", kept), "What changed?")
}

// TestSigningOutDeletesWhatWasTyped is whoever signs out of a session, or of one
// that has ended already.
func TestSigningOutDeletesWhatWasTyped(t *testing.T) {
	t.Parallel()
	for name, ended := range map[string]bool{"signed in": false, "after the session ended": true} {
		q := inquire(t)
		v := typing(opened(t, q.clerk, "/questions/new", "/questions/new"), asksWhy()...)
		q.clock.Set(q.clock.Now().Add(31 * time.Minute))
		to, _ := url.Parse(q.clerk.posts("/questions/new", v).Header().Get("Location"))
		kept := to.Query().Get("to")
		stored, err := db.One(t.Context(), q.st, db.ScanInto[string], `SELECT form FROM typed`)
		if err != nil || strings.Contains(stored, "changed") {
			t.Errorf("%s: it is stored as %q, %v", name, stored, err)
		}
		if !ended {
			q.back(t)
			q.clerk.do(200, "GET", kept)
		}
		goes(t, q.clerk.posts("/sign-out", url.Values{}), "/")
		if n, err := db.One(t.Context(), q.st, db.ScanInto[int], `SELECT COUNT(*) FROM typed`); err != nil || n != 0 {
			t.Errorf("%s: %d forms are kept, %v", name, n, err)
		}
		q.clerk = as(t, q.Server, q.people[1])
		q.clerk.do(404, "GET", kept)
	}
}

// TestEveryEditShowsBothTexts has two people open each form that changes what is
// recorded. The second to send theirs is shown both, and can send it again.
func TestEveryEditShowsBothTexts(t *testing.T) {
	t.Parallel()
	x := mandate(t)
	goes(t, x.clerk.do(303, "POST", x.committee+"/meetings/new", planning("on", "14")...), x.meetingAt)
	x.clerk.do(303, "POST", x.meetingAt+"/agenda/add", "title", "Welcome")
	x.clerk.do(303, "POST", x.meetingAt+"/agenda/add", "title", "Thanks")
	x.clerk.do(303, "POST", x.meetingAt+"/agenda/publish", sure(nil)...)
	item := x.add(t)
	draft := x.officer.do(303, "POST", "/decisions/new", hostingForm()...).Header().Get("Location")
	x.officer.do(303, "POST", "/handover/milestones/new", spring...)
	chair := fmt.Sprint(x.chairV.Office.ID)
	for _, k := range []struct {
		first, second at
		path, field   string
		with          []string
	}{
		{x.officer, x.secretary, draft + "/edit", "financial", nil},
		{x.secretary, x.secretary, item + "/edit", "title", sure(nil)},
		{x.officer, x.officer, "/handover/milestones/1/forecast", "reason", []string{"day", "1", "day-month", "5", "day-year", "2013"}},
		{x.clerk, x.chair, x.committee + "/change", "terms", nil},
		{x.clerk, x.chair, x.meetingAt + "/attend", "declared-" + chair, []string{"seat-" + chair, "present", "seat-" + fmt.Sprint(x.clerkV.Office.ID), "present"}},
		{x.clerk, x.chair, x.meetingAt + "/minutes", "minutes", nil},
	} {
		if w := k.first.send("GET", k.path); w.Code != 200 {
			t.Errorf("%s: %d\n%s", k.path, w.Code, w.Body)
			continue
		}
		mine, theirs := opened(t, k.first, k.path, k.path), opened(t, k.second, k.path, k.path)
		if w := k.first.posts(k.path, typing(typing(mine, k.with...), k.field, "The words of the first")); w.Code != 303 {
			t.Errorf("%s: the first %d\n%s", k.path, w.Code, w.Body)
			continue
		}
		w := k.second.posts(k.path, typing(typing(theirs, k.with...), k.field, "The words of the second"))
		if w.Code != 409 {
			t.Errorf("%s: the second %d", k.path, w.Code)
			continue
		}
		says(t, w, "The words of the second", "The current text and your text", "Nothing was recorded")
		if k.field != "reason" {
			says(t, w, "The words of the first")
		}
		again := formOf(t, w, k.path)
		if w := k.second.posts(k.path, typing(again, append(slices.Clone(k.with), k.field, "The words of both", "day", "2")...)); w.Code != 303 {
			t.Errorf("%s: sent again %d\n%s", k.path, w.Code, w.Body)
		}
	}
}

// TestWhatWasTypedOutlivesItsSession is a form that is sent after its session.
func TestWhatWasTypedOutlivesItsSession(t *testing.T) {
	t.Parallel()
	for name, ends := range map[string]func(q *inquiry){
		"idle for too long": func(q *inquiry) { q.clock.Set(q.clock.Now().Add(31 * time.Minute)) },
		"ended elsewhere": func(q *inquiry) {
			for _, v := range q.people {
				if err := people.EndSessions(t.Context(), q.st, v, ""); err != nil {
					t.Fatal(err)
				}
			}
		},
	} {
		q := inquire(t)
		v := typing(opened(t, q.clerk, "/questions/new", "/questions/new"), append(asksWhy(), "again", "sesame-password")...)
		ends(q)
		w := q.clerk.posts("/questions/new", v)
		to, err := url.Parse(w.Header().Get("Location"))
		if err != nil || w.Code != 303 || to.Path != "/sign-in" || !strings.HasPrefix(to.Query().Get("to"), "/questions/new?kept=") {
			t.Errorf("%s: %d to %s", name, w.Code, to)
			continue
		}
		says(t, q.stranger.do(200, "GET", to.String()), "Your session has ended", "Your answers are saved for one hour.")
		kept := to.Query().Get("to")
		q.back(t)
		other := q.chair
		if w := other.send("GET", kept); w.Code != 404 || strings.Contains(w.Body.String(), "What changed?") {
			t.Errorf("%s: another person is shown it: %d", name, w.Code)
		}
		same := q.clerk
		w = same.do(200, "GET", kept)
		says(t, w, "What changed?")
		if strings.Contains(w.Body.String(), "sesame-password") {
			t.Errorf("%s: the password is kept", name)
		}
		goes(t, same.posts("/questions/new", typing(formOf(t, w, "/questions/new"), "confirmed", "yes")), firstQuestion)
	}
}

// TestEveryRefusalGivesBackWhatWasTyped refuses a form in each way that there is.
func TestEveryRefusalGivesBackWhatWasTyped(t *testing.T) {
	t.Parallel()
	q := inquire(t)
	const words = "Thirty minutes of typing."
	form := append(asksWhy("text", words, "again", "sesame-password"), "confirmed", "yes")
	for _, k := range []struct {
		name string
		by   at
		path string
		form []string
		code int
	}{
		{"not allowed", q.secretary, "/committees/new", founding("x", "terms", words), 403},
		{"gone", q.officer, "/questions/2013-099/answer", []string{"text", words}, 404},
		{"not now", q.clerk, "/committees/scrutiny/accept", []string{"reason", words}, 409},
		{"not complete", q.clerk, "/questions/new", append(slices.Clone(form), "title", ""), 422},
		{"too large", q.clerk, "/questions/new", append(slices.Clone(form), "text-after", strings.Repeat("x", 2<<20)), 413},
	} {
		v := typing(nil, k.form...)
		w := k.by.posts(k.path, v)
		if w.Code != k.code || !strings.Contains(w.Body.String(), words) || strings.Contains(w.Body.String(), "sesame-password") {
			t.Errorf("%s: %d, want %d\n%.3000s", k.name, w.Code, k.code, w.Body)
		}
	}
	r := newPost(q.clerk, "/questions/new", values(form))
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if w := sent(q.clerk, r); w.Code != http.StatusForbidden {
		t.Errorf("from another site: %d", w.Code)
	}
}

// A file that is refused is told of as such, and no text is asked for beside it.
func TestARefusedFileIsTheOnlyFault(t *testing.T) {
	t.Parallel()
	h := heard(t)
	h.clerk.do(303, "POST", "/inquiries/new", callForm()...)
	w := h.clerk.handIn(422, inquiryAt+"/evidence/new", "deed.docx", []byte("PK\x03\x04\x14"), evidenceTyped("text", "")...)
	says(t, w, "a ZIP archive or an office document", "What Kent pays")
	if strings.Contains(w.Body.String(), "Enter the text") {
		t.Error("it asks for the text as well")
	}
	h.clerk.handIn(303, inquiryAt+"/evidence/new", "old.txt", []byte("caf\xe9"), sure(evidenceTyped("text", ""))...)
	doc := h.stranger.do(200, "GET", inquiryAt+"/evidence/1/document")
	if got := doc.Header().Get("Content-Disposition"); !strings.HasPrefix(got, `attachment; filename="`) || !strings.Contains(got, "filename*=UTF-8") || doc.Body.String() != "caf\xe9" {
		t.Errorf("%s, %q", got, doc.Body)
	}
}

// TestALostAnswerOfACommitIsToldAsItIs loses the answer of the commit of an act:
// the act is found, and the next page says what it recorded.
func TestALostAnswerOfACommitIsToldAsItIs(t *testing.T) {
	t.Parallel()
	q := inquire(t)
	lose := true
	*db.AfterCommit.Of(q.st) = func() error {
		if lose {
			lose = false
			return errors.New("the line broke")
		}
		return nil
	}
	before := size(t, q.st)
	goes(t, q.clerk.posts("/questions/new", values(sure(asksWhy()))), firstQuestion)
	if n := size(t, q.st) - before; n != 1 || lose {
		t.Errorf("%d events, lost %v", n, !lose)
	}
}
