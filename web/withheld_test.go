package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/outbox"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/storetest"
)

// Whoever withholds a payment withholds its name also from the questions about
// it, from all that was written of it, and from the record as it is shown.
func TestAWithheldNameLeavesWhatWasWrittenOfIt(t *testing.T) {
	l := load(t)
	l.stands(t, messyFile)
	id := l.lineOf(t, "Wrenfield")
	line := fmt.Sprintf("/spend/lines/%d", id)
	about := fmt.Sprintf("line/%d", id)
	value := storetest.Look(t, l.st, about).Value
	asker := as(t, l.Server, storetest.Holder(t, l.st, office.Scrutineer, office.TheAssociation))
	ask := func(title, words string) string {
		t.Helper()
		return asker.do(303, "POST", "/questions/new", "about", about, "seen", value, "to", office.TheCompany, "title", title, "text", words, "confirmed", "yes").Header().Get("Location")
	}
	plain := ask("Why was this paid?", "What was this payment for?")
	others := ask("Is WRENFIELD, QUILL a tutor?", "Dr. Quill-Wrenfield, or QuillWrenfield’s business?")
	named := ask("Who is  QUILL wrenfield (sample)?", "Was Mr Quill\nWrenfield (sample) paid for tutoring?")
	if now := words(l.stranger.do(200, "GET", plain)); !strings.Contains(now, "Wrenfield") {
		t.Errorf("the page of the question does not say whom it is about: %s", now)
	}
	last := storetest.LastOf(t, l.st, "question/"+strings.TrimPrefix(plain, "/questions/"))
	if strings.Contains(last.Payload, "Wrenfield") {
		t.Errorf("the record keeps the name: %s", last.Payload)
	}
	lastNamed := storetest.LastOf(t, l.st, "question/"+strings.TrimPrefix(named, "/questions/"))
	public := []string{"/search?q=tutoring", "/search?q=wrenf*", "/search?q=wrenfield", "/search.csv?q=wren*", "/search.json?q=wrenfield", "/questions", "/questions?q=wrenfield", "/record",
		line, line + ".json", "/search?q=paid", "/", "/committees"}
	for _, path := range []string{plain, named, others, "/questions", "/record", fmt.Sprintf("/record/%d", last.N), fmt.Sprintf("/record/%d", lastNamed.N)} {
		for _, form := range []string{"", ".json", ".csv", ".atom"} {
			public = append(public, path+form)
		}
	}
	if before := l.sightings(t, "renfield", public...); len(before) < 8 {
		t.Fatalf("before it is withheld, the name stands on %v only", before)
	}

	says(t, l.officer.do(200, "GET", line+"/withhold"), "Who is", named)
	l.officer.do(303, "POST", line+"/withhold", "reason", "A private person.")
	for _, seen := range l.sightings(t, "renfield", public...) {
		if !strings.Contains(seen, "?q=wren") {
			body := l.stranger.do(200, "GET", seen).Body.String()
			at := strings.Index(body, "renfield")
			t.Errorf("%s names a withheld payee: %s", seen, body[max(0, at-200):at+30])
		}
	}
	for _, path := range []string{"/questions.json?q=wrenfield", "/questions.json?q=wren", "/search.json?q=wrenf*", "/search.json?q=wrenfield"} {
		if body := l.stranger.do(200, "GET", path).Body.String(); strings.Contains(body, "/questions/2") || strings.Contains(body, `"ref": "2`) {
			t.Errorf("%s finds what names a withheld payee: %s", path, body)
		}
	}
	says(t, l.stranger.do(200, "GET", named), "Who is [withheld]")
	const told = "A name in this entry is withheld, so its text is shown without the name and does not match its hash."
	for _, form := range []string{"", ".json"} {
		says(t, l.stranger.do(200, "GET", fmt.Sprintf("/record/%d%s", lastNamed.N, form)), told)
		if w := l.stranger.do(200, "GET", fmt.Sprintf("/record/%d%s", last.N, form)); strings.Contains(w.Body.String(), told) {
			t.Error("an entry without the name says that it has one")
		}
	}
	storetest.Sound(t, l.st)

	l.officer.do(303, "POST", line+"/lift", "reason", "He agreed.")
	says(t, l.stranger.do(200, "GET", named), "wrenfield (sample)")
	says(t, l.stranger.do(200, "GET", "/questions.json?q=wrenfield"), strings.TrimPrefix(named, "/questions/"))
	says(t, l.stranger.do(200, "GET", "/search.json?q=wrenfield"), named)
	storetest.Sound(t, l.st)
}

// A mail that waits is sent without a name that was withheld meanwhile.
func TestAMailIsSentWithoutAWithheldName(t *testing.T) {
	st, _, _ := storetest.Mailing(t)
	l := storetest.Load(t, st, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, storetest.KentFile)
	v := storetest.Holder(t, st, office.Official, office.HomeOffice)
	if err := record.Write(t.Context(), st, func(tx *db.Tx) error {
		return outbox.Enqueue(t.Context(), tx, outbox.Mail{Key: "a test", Kind: outbox.News, Person: v.Person, Act: "ask", Title: "Question 1: Why ALDER  Vale Hosting?", Words: "About Alder Vale Hosting Ltd.", Href: "/", Until: tx.Now().Add(time.Hour)})
	}); err != nil {
		t.Fatal(err)
	}
	if err := spend.WithholdLoad(t.Context(), st, office.CommandLine, l.ID, false, "It names people."); err != nil {
		t.Fatal(err)
	}
	m, found, err := outbox.Claim(t.Context(), st)
	for err == nil && found && m.Kind != outbox.News {
		m, found, err = outbox.Claim(t.Context(), st)
	}
	if err != nil || !found || m.Title != "Question 1: Why [withheld]?" || m.Words != "About [withheld]." {
		t.Errorf("%v, %v: %+v", found, err, m)
	}
}
