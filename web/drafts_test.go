package web

import (
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
)

// drafts saves a form as a draft and is the address that opens it.
func (b at) drafts(t testing.TB, path string, v url.Values) string {
	t.Helper()
	w := b.posts(path, typing(v, "save-draft", "yes"))
	to := w.Header().Get("Location")
	if w.Code != 303 || !strings.HasPrefix(to, path+"?saved=") {
		t.Fatalf("saving a draft of %s: %d to %q\n%.1500s", path, w.Code, to, w.Body)
	}
	return to
}

// TestEveryLongFormIsSavedAsADraft saves each form half filled, opens it again,
// fills in the rest and sends it. The draft is gone then.
func TestEveryLongFormIsSavedAsADraft(t *testing.T) {
	t.Parallel()
	q := inquire(t)
	q.chair.do(303, "POST", "/questions/new", sure(asksWhy())...)
	for _, k := range []struct {
		who        at
		path       string
		half, rest []string
		title      string
	}{
		{q.chair, "/questions/new", []string{"title", "Half a question", "text", "Sesame, half"}, []string{"to", "company"}, "Question: Half a question"},
		{q.officer, firstQuestion + "/answer", []string{"text", "Sesame, half"}, []string{"judgement", "answered"}, "Answer, question 2013-001"},
		{q.chair, firstQuestion + "/view", []string{"judgement", string(scrutiny.PartlyAnswered), "text", "Sesame, half"}, nil, "View of the answer, question 2013-001"},
	} {
		before := size(t, q.st)
		to := k.who.drafts(t, k.path, typing(opened(t, k.who, k.path, k.path), k.half...))
		if size(t, q.st) != before {
			t.Errorf("%s: saving a draft is recorded", k.path)
		}
		says(t, k.who.do(200, "GET", "/account/drafts"), k.title, html.EscapeString(to), "Delete this draft")
		says(t, k.who.do(200, "GET", "/work"), "Finish your draft: "+k.title)
		w := k.who.do(200, "GET", to)
		says(t, w, "Only you can see it", k.half[len(k.half)-1])
		v := typing(formOf(t, w, k.path), k.rest...)
		shown := k.who.posts(k.path, v) // first to be checked
		w = k.who.do(200, "GET", shown.Header().Get("Location"))
		says(t, w, "Nothing has been recorded yet")
		if w := k.who.posts(k.path, typing(formOf(t, w, k.path), "confirmed", "yes")); w.Code != 303 || size(t, q.st) == before {
			t.Errorf("%s: sending a draft: %d\n%.2000s", k.path, w.Code, w.Body)
		}
		k.who.do(404, "GET", to)
		says(t, k.who.do(200, "GET", "/account/drafts"), "You have no drafts")
	}
}

func TestADraftIsItsOwnersInTheirRole(t *testing.T) {
	t.Parallel()
	q := inquire(t)
	second := storetest.Holds(t, q.st, q.people[1].Person, office.Office{Body: office.TheAssociation, Kind: office.Scrutineer, Title: "Scrutineer (sample)"})
	to := q.clerk.drafts(t, "/questions/new", typing(opened(t, q.clerk, "/questions/new", "/questions/new"), append(asksWhy("text", "Sesame"), "again", "a-password")...))
	id := to[strings.Index(to, "=")+1:]
	if w := q.clerk.do(200, "GET", to); strings.Contains(w.Body.String(), "a-password") {
		t.Error("a password is kept")
	}
	for who, b := range map[string]at{"another person": q.chair, "a stranger": q.stranger} {
		if w := b.send("GET", to); w.Code == 200 || strings.Contains(w.Body.String(), "Sesame") {
			t.Errorf("%s opens it: %d", who, w.Code)
		}
		for _, page := range []string{"/questions", "/questions.json", "/search?q=sesame", "/record", "/account/drafts"} {
			if w := b.send("GET", page); strings.Contains(w.Body.String(), "Sesame") || strings.Contains(w.Body.String(), id) {
				t.Errorf("%s reads of it at %s", who, page)
			}
		}
	}
	q.chair.do(303, "POST", "/account/drafts", "draft", id) // deletes none but their own
	q.clerk.posts("/account/office", url.Values{"office": {fmt.Sprint(second.Office.ID)}})
	w := q.clerk.do(409, "GET", to)
	says(t, w, "You saved this draft as "+q.people[1].Office.Title)
	if strings.Contains(w.Body.String(), "Sesame") {
		t.Error("it is shown in another role")
	}
	q.clerk.posts("/account/office", url.Values{"office": {fmt.Sprint(q.people[1].Office.ID)}})
	goes(t, q.clerk.do(303, "POST", "/account/drafts", "draft", id), "/account/drafts")
	q.clerk.do(404, "GET", to)
}

func TestADraftInTwoTabs(t *testing.T) {
	t.Parallel()
	q := inquire(t)
	const path = "/questions/new"
	blank := typing(opened(t, q.clerk, path, path), asksWhy()...)
	to := q.clerk.drafts(t, path, blank)
	if again := q.clerk.drafts(t, path, blank); again != to {
		t.Errorf("a double click makes a second draft: %s", again)
	}
	one, two := opened(t, q.clerk, to, path), opened(t, q.clerk, to, path)
	q.clerk.drafts(t, path, typing(one, "text", "From the first tab"))
	w := q.clerk.posts(path, typing(two, "text", "From the second tab", "save-draft", "yes"))
	if w.Code != 409 {
		t.Errorf("the second tab: %d", w.Code)
	}
	says(t, w, "Nothing has been overwritten", "From the first tab", "From the second tab", "The saved draft, and what you typed")
	says(t, q.clerk.do(200, "GET", to), "From the first tab")
	merged := formOf(t, w, path)
	if merged.Get("text") != "From the second tab" {
		t.Errorf("the form holds %q", merged.Get("text"))
	}
	if again := q.clerk.drafts(t, path, merged); again != to {
		t.Errorf("saved again: %s", again)
	}
	says(t, q.clerk.do(200, "GET", to), "From the second tab")
}

// TestADraftThatCanBeSentNoMoreIsGivenBack closes the question that an answer was
// drafted to.
func TestADraftThatCanBeSentNoMoreIsGivenBack(t *testing.T) {
	t.Parallel()
	q := inquire(t)
	q.chair.do(303, "POST", "/questions/new", sure(asksWhy())...)
	to := q.officer.drafts(t, firstQuestion+"/answer", typing(opened(t, q.officer, firstQuestion+"/answer", firstQuestion+"/answer"), "text", "Sesame"))
	q.chair.do(303, "POST", firstQuestion+"/follow-up", sure([]string{"text", "And why now?"})...)
	w := q.officer.do(200, "GET", to)
	says(t, w, "And why now?")
	if got, want := formOf(t, w, firstQuestion+"/answer").Get("turn"), field(t, q.officer.do(200, "GET", firstQuestion+"/answer"), "turn"); got != want {
		t.Errorf("a draft is of turn %s, the question of %s", got, want)
	}
	q.chair.do(303, "POST", firstQuestion+"/withdraw", sure([]string{"text", "It is not needed."})...)
	says(t, q.officer.do(200, "GET", to), "Sesame", "Your draft")
}

func TestEvidenceAndMinutesAreSavedAsDrafts(t *testing.T) {
	t.Parallel()
	h := heard(t)
	h.opened(t)
	const path = inquiryAt + "/evidence/new"
	to := h.clerk.drafts(t, path, typing(opened(t, h.clerk, path, path), "title", "A half paper", "text", "Sesame"))
	w := h.clerk.do(200, "GET", to)
	says(t, w, "A half paper", "Sesame", "Only you can see it")
	for _, page := range []string{inquiryAt, inquiryAt + "/evidence", inquiryAt + ".json"} {
		if w := h.chair.do(200, "GET", page); strings.Contains(w.Body.String(), "half paper") {
			t.Errorf("%s tells of the draft", page)
		}
	}
	if again := h.clerk.drafts(t, path, typing(formOf(t, w, path), "text", "Sesame, more")); again != to {
		t.Errorf("saved again at %s, not at %s", again, to)
	}

	x := mandate(t)
	x.clerk.do(303, "POST", x.committee+"/meetings/new", planning()...)
	x.clerk.do(303, "POST", x.meetingAt+"/agenda/add", "title", "Welcome")
	x.clerk.do(303, "POST", x.meetingAt+"/agenda/publish", sure(nil)...)
	x.clock.Day("2013-01-17")
	x.clerk = x.back(t, x.clerkV)
	x.clerk.do(303, "POST", x.meetingAt+"/attend", fmt.Sprintf("seat-%d", x.clerkV.Office.ID), "present", fmt.Sprintf("seat-%d", x.chairV.Office.ID), "present")
	minutes := x.meetingAt + "/minutes"
	v := opened(t, x.clerk, minutes, minutes)
	to = x.clerk.drafts(t, minutes, typing(v, "minutes", "Sesame, mine"))
	goes(t, x.clerk.posts(minutes, typing(opened(t, x.clerk, minutes, minutes), "minutes", "What the committee has.")), x.meetingAt)
	w = x.clerk.do(200, "GET", to)
	says(t, w, "Sesame, mine")
	w = x.clerk.posts(minutes, formOf(t, w, minutes)) // what is recorded changed since the draft was begun
	if w.Code != 409 {
		t.Errorf("a draft of minutes that were changed meanwhile: %d", w.Code)
	}
	says(t, w, "What the committee has.", "Sesame, mine")
}
