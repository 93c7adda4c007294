package web

import (
	"cmp"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/storetest"
	decisionsweb "github.com/police-ict/handover/web/decisions"
)

// Decisions hold secrets in a draft, and in Part 2 of each version of a paper.
const (
	secretDraft = "sesame-draft-6120"
	secretOld   = "sesame-earlier-part-8832"
	releasedTo  = "The rebate was nine in a hundred." // a restricted part, until it was released
)

// restrictedForm is a whole paper with a restricted part, as it is typed.
func restrictedForm(part2 string, fields ...string) []string {
	return hostingForm(append([]string{"part2", part2, "ground", "Commercial interests", "review", "1", "review-month", "4", "review-year", "2013"}, fields...)...)
}

// deliberated has decisions that hold secrets: 2013-001 published, 2013-002
// returned and changed, 2013-003 with a part that was released, and a draft.
func (th theatre) deliberated(t testing.TB) {
	t.Helper()
	officer, money := th.keyed(t, office.CompanyOfficer, office.TheCompany), th.keyed(t, office.FinanceOfficer, office.TheCompany)
	forward := func(form []string) (ref string) {
		t.Helper()
		draft := officer.do(303, "POST", "/decisions/new", form...).Header().Get("Location")
		return officer.do(303, "POST", draft+"/put-forward", sure([]string{"version", "1"})...).Header().Get("Location")
	}
	open := func(at string) string {
		t.Helper()
		hash := field(t, money.do(200, "GET", at+"/view"), "hash")
		money.do(303, "POST", at+"/view", sure([]string{"hash", hash, "kind", "finance", "text", "Affordable."})...)
		th.secretary.do(303, "POST", at+"/view", sure([]string{"hash", hash, "kind", "legal", "text", "Lawful."})...)
		th.secretary.do(303, "POST", at+"/open", sure([]string{"way", "approval"})...)
		return hash
	}
	made := forward(restrictedForm(secretText))
	hash := open(made)
	for _, b := range []at{th.official, th.assoc} {
		b.do(303, "POST", made+"/vote", surely("hash", hash, "choice", "for")...)
	}
	th.secretary.do(303, "POST", made+"/publish", surely("signed", "14", "signed-month", "1", "signed-year", "2013")...)

	returned := forward(restrictedForm(secretOld, "title", "Buy servers"))
	hash = open(returned)
	th.official.do(303, "POST", returned+"/return", sure([]string{"hash", hash, "reason", "Show the price without VAT."})...)
	officer.do(303, "POST", returned+"/edit", sure(restrictedForm(secretText, "title", "Buy servers", "version", "1", "why", "VAT had been counted."))...)

	released := forward(restrictedForm(secretOld, "title", "Buy a rebate"))
	officer.do(303, "POST", released+"/edit", sure(restrictedForm(releasedTo, "title", "Buy a rebate", "version", "1", "why", "The rebate is known."))...)
	th.secretary.do(303, "POST", released+"/release", sure([]string{"reason", "The rebate is paid."})...)

	draft := officer.do(303, "POST", "/decisions/new", secretPaper()...).Header().Get("Location")
	officer.do(303, "POST", draft+"/edit", sure(append(secretPaper(), "version", "1", "why", secretDraft))...)
}

// secretPaper is a draft with a secret wherever something can be typed.
func secretPaper() []string {
	form := restrictedForm(secretDraft+" in part 2", "supplier", secretDraft, "contract", secretDraft, "background", secretDraft, "measure", secretDraft, "benefit", secretDraft, "urgent", secretDraft)
	for _, name := range []string{"title", "summary", "recommendation", "reasons", "option-1", "option-2", "financial", "legal", "equality", "welsh", "risk"} {
		form = replaced(form, name, secretDraft+" "+name)
	}
	return form
}

// unentitled are people who may not read the restricted part of the company's
// papers, nor its drafts.
func (th theatre) unentitled(t testing.TB) map[string]at {
	t.Helper()
	all := map[string]at{"a stranger": th.stranger, "a scrutineer": th.outsider, "the chief executive of Essex": th.essex, "the commissioner of Kent": th.kent}
	for name, k := range map[string]office.Office{
		"a constable":              {Kind: office.Constable, Body: "kent"},
		"the chair of a committee": {Kind: office.Chair, Body: office.TheAssociation, Title: "Chair of another committee"},
		"a clerk":                  {Kind: office.Clerk, Body: office.TheAssociation, Title: "Clerk of another committee"},
	} {
		k.Title = cmp.Or(k.Title, name)
		all[name] = as(t, th.Server, storetest.Holds(t, th.st, storetest.Person(t, th.st, name+" (sample)"), k))
	}
	return all
}

// TestNoSecretOfADecisionReachesWhoeverMayNotReadIt asks for every form of
// every page about decisions, by everyone who is not entitled.
func TestNoSecretOfADecisionReachesWhoeverMayNotReadIt(t *testing.T) {
	t.Parallel()
	th := haunted(t)
	pages := []string{"/", "/work", "/decisions", "/decisions?drafts=yes", "/record", "/record?topic=decision", "/record?topic=paper", "/authority", "/authority/differs", "/interests", "/spend", "/suppliers", "/search?q=decision", "/search?q=servers", "/search?q=draft-4",
		"/questions", "/questions/2013-001", "/recommendations", "/recommendations/2013-001", "/recommendations/2013-002", "/committees/kent", "/meetings/1", "/meetings/1/pack", "/inquiries", "/inquiries/kent",
		"/inquiries/kent/evidence", "/inquiries/kent/evidence/1", "/inquiries/kent/evidence/2", "/inquiries/kent/evidence/2/document", "/inquiries/kent/report", "/search?q=licences",
		"/questions/new?about=evidence/kent/2", "/questions/new?about=report/kent", "/record?topic=evidence", "/record?topic=report", "/record?topic=meeting"}
	for _, at := range []string{"2013-001", "2013-002", "2013-003", "draft-1", "draft-4"} {
		at = "/decisions/" + at
		pages = append(pages, at)
		for _, tail := range []string{"/paper/1", "/paper/2", "/paper/3", "/notice", "/notice/1", "/authority", "/authority?person=1"} {
			pages = append(pages, at+tail)
		}
		for _, a := range decisionsweb.ActForms {
			pages = append(pages, at+"/"+string(a.Act))
		}
	}
	for n := range th.events(t) {
		pages = append(pages, fmt.Sprintf("/record/%d", n+1))
	}
	tries, reader := 0, 0
	for name, b := range th.unentitled(t) {
		looks := func(what string, w *httptest.ResponseRecorder) {
			tries++
			if body := strings.ToLower(w.Body.String()); strings.Contains(body, "sesame") {
				i := strings.Index(body, "sesame")
				t.Errorf("%s reads a secret at %s: …%s…", name, what, body[max(0, i-80):min(len(body), i+80)])
			}
		}
		reader++
		for _, page := range storetest.Share(pages, reader, 3) {
			if strings.HasPrefix(page, "/decisions/2013-") && (name == "a scrutineer" || name == "the chair of a committee" || name == "a clerk") {
				continue // they may call it in or hear it, so that they read its restricted part
			}
			address, query, _ := strings.Cut(page, "?")
			for _, f := range forms {
				looks(page+f, b.send("GET", address+f+"?"+query))
			}
			if slices.ContainsFunc(decisionsweb.ActForms, func(a decisionsweb.ActForm) bool { return strings.HasSuffix(page, "/"+string(a.Act)) }) {
				looks("POST "+page, b.send("POST", page, everything...))
			}
		}
	}
	t.Logf("%d answers were looked at", tries)

	// So that there is something to find:
	officer := as(t, th.Server, storetest.Holder(t, th.st, office.CompanyOfficer, office.TheCompany))
	says(t, officer.do(200, "GET", "/decisions/draft-4"), secretDraft+" title", secretDraft+" in part 2")
	says(t, officer.do(200, "GET", "/decisions/draft-4/edit"), `name="urgent"`, secretDraft+"</textarea>")
	says(t, th.sitting.do(200, "GET", "/inquiries/kent/evidence/2"), secretText+" title", secretText+" author")
	says(t, th.sitting.do(200, "GET", "/inquiries/kent/report"), secretText+" finding")
	for path, text := range map[string]string{"/decisions/2013-001": secretText, "/decisions/2013-002/paper/1": secretOld, "/decisions/2013-002/paper/2": secretText, "/decisions/2013-003/paper/1": secretOld} {
		says(t, th.official.do(200, "GET", path), text)
	}
	says(t, th.stranger.do(200, "GET", "/decisions/2013-003"), releasedTo)
}

// TestASearchTellsNoSecretByItsCount looks in lists for what is restricted.
func TestASearchTellsNoSecretByItsCount(t *testing.T) {
	t.Parallel()
	th := haunted(t)
	for name, b := range th.unentitled(t) {
		for _, word := range []string{"sesame", "content", secretText, secretDraft, secretOld, "rebate nine", "draft"} {
			q := "?q=" + strings.ReplaceAll(word, " ", "+")
			if n := len(decoded[decisionsweb.ListJSON](t, b.do(200, "GET", "/decisions.json"+q).Body.String()).Decisions); n != 0 {
				t.Errorf("%s finds %d decisions by %q", name, n, word)
			}
			if page := b.do(200, "GET", "/decisions"+q).Body.String(); !strings.Contains(page, "No decisions match this filter.") || strings.Contains(page, "/decisions/2013-") || strings.Contains(page, "/decisions/draft-") {
				t.Errorf("%s is shown decisions by %q", name, word)
			}
			if found := decoded[searchJSON](t, b.do(200, "GET", "/search.json"+q).Body.String()); found.Count != 0 || len(found.Found) != 0 {
				t.Errorf("%s finds %+v by %q", name, found.Found, word)
			}
			if rows := rowsIn(t, b.do(200, "GET", "/search.csv"+q)); len(rows) != 0 {
				t.Errorf("%s finds %v by %q", name, rows, word)
			}
			if page := b.do(200, "GET", "/search"+q).Body.String(); !strings.Contains(page, "Nothing was found") || strings.Contains(page, "<mark>") {
				t.Errorf("%s is shown results by %q", name, word)
			}
		}
		if n := len(decoded[decisionsweb.ListJSON](t, b.do(200, "GET", "/decisions.json?q=servers").Body.String()).Decisions); n != 1 {
			t.Errorf("%s finds %d decisions by a word of their title", name, n)
		}
	}
}
