package web

import (
	"html"
	"maps"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
	decisionsview "github.com/police-ict/handover/views/decisions"
	decisionsweb "github.com/police-ict/handover/web/decisions"
)

// TestAForgedBallotIsRefusedAndNothingIsWritten sends votes as no form of the
// portal would.
func TestAForgedBallotIsRefusedAndNothingIsWritten(t *testing.T) {
	t.Parallel()
	ch := convene(t)
	old := ch.forward(t)
	change := hostingForm("version", "1", "why", "VAT had been counted.", "whole", "6,125,900")
	recorded(t, ch.proposer.do(303, "POST", first+"/edit", sure(change)...))
	d := ch.see(t, "2013-001")
	for _, k := range []authority.ViewKind{authority.FinanceView, authority.LegalView} {
		by := map[authority.ViewKind]at{authority.FinanceView: ch.money, authority.LegalView: ch.secretary}[k]
		recorded(t, by.do(303, "POST", first+"/view", sure([]string{"hash", d.Hash, "kind", string(k), "text", "No objection."})...))
	}
	recorded(t, ch.secretary.do(303, "POST", first+"/open", sure([]string{"way", "approval"})...))
	officer := ch.second(t, ch.proposer, office.Official, office.HomeOffice)
	size := ch.events(t)
	for name, k := range map[string]struct {
		who  at
		form []string
		code int
		says string
	}{
		"an older version":                {ch.official, []string{"hash", old.Hash, "choice", "for"}, 409, "The paper has changed since you opened this page. Read version 2."},
		"no version":                      {ch.official, []string{"choice", "for"}, 409, "The paper has changed since you opened this page"},
		"an outsider":                     {ch.outsider, []string{"hash", d.Hash, "choice", "for"}, 403, "It needs a role that can approve, vote or consent"},
		"the proposer":                    {ch.proposer, []string{"hash", d.Hash, "choice", "for"}, 403, "You cannot do this because "},
		"the proposer in a second office": {officer, []string{"hash", d.Hash, "choice", "for"}, 403, "because you proposed it. The rule: the person is not the proposer."},
		"a body not admitted":             {ch.commissioner, []string{"hash", d.Hash, "choice", "for"}, 403, "was not a member of the company"},
		"another body’s vote":             {ch.commissioner, []string{"hash", d.Hash, "choice", "for", "elector", office.HomeOffice, "body", office.HomeOffice}, 403, "was not a member of the company"},
		"a consent instead of a vote":     {ch.official, []string{"hash", d.Hash, "choice", "modify", "conditions", "x"}, 422, "Choose your answer."},
		"a refusal without reasons":       {ch.official, []string{"hash", d.Hash, "choice", "against"}, 422, "Enter the reasons"},
	} {
		w := k.who.send("POST", first+"/vote", surely(k.form...)...)
		if w.Code != k.code || !strings.Contains(html.UnescapeString(w.Body.String()), k.says) {
			t.Errorf("%s: %d\n%s", name, w.Code, w.Body)
		}
		if now := ch.events(t); now != size {
			t.Errorf("%s: %d events were recorded", name, now-size)
			size = now
		}
	}
	if w := ch.official.send("POST", first+"/vote", sure([]string{"hash", d.Hash, "choice", "for"})...); w.Code != 422 || ch.events(t) != size {
		t.Errorf("without a password: %d", w.Code)
	}
	says(t, ch.official.do(409, "POST", first+"/return", sure([]string{"hash", old.Hash, "reason", "x"})...), "Read version 2.")
	says(t, ch.secretary.do(403, "POST", first+"/return", sure([]string{"hash", d.Hash, "reason", "x"})...), "You cannot do this because ")
	says(t, ch.official.do(422, "POST", first+"/return", "hash", d.Hash), `href="#reason"`)
	recorded(t, ch.official.do(303, "POST", first+"/return", sure([]string{"hash", d.Hash, "reason", "Show the price without VAT."})...))
}

// second gives a keyed person another office, and signs them in to it.
func (ch chamber) second(t testing.TB, b at, kind office.Kind, body string) at {
	t.Helper()
	made, err := people.Appoint(t.Context(), ch.st, office.CommandLine, office.Appointment{Office: office.Office{Body: body, Kind: kind, Title: "A second office (sample)"}, Person: ch.viewerOf(t, b).Person, From: "2012-07-16"})
	if err != nil {
		t.Fatal(err)
	}
	if err := people.DecideAppointment(t.Context(), ch.st, storetest.Holder(t, ch.st, kind, body), made, true, ""); err != nil {
		t.Fatal(err)
	}
	a, err := office.FindAppointment(t.Context(), ch.st, made)
	if err != nil {
		t.Fatal(err)
	}
	v, err := people.ViewerOf(t.Context(), ch.st, a.Person, a.Office.ID)
	if err != nil {
		t.Fatal(err)
	}
	return as(t, ch.Server, v)
}

func TestAPapersFaultsAreToldAtOnceAndKept(t *testing.T) {
	ch := convene(t)
	size := ch.events(t)
	for name, k := range map[string]struct {
		form   []string
		faults []string // the fields that the summary leads to
		keeps  []string
	}{
		"nothing typed":             {[]string{"matter", "contract"}, []string{"title"}, nil},
		"a sum in words":            {hostingForm("amount", "a million"), []string{"amount"}, []string{`value="a million"`, "Novation takes longer.", `value="C-88"`}},
		"a cost in words, no title": {hostingForm("option-2-cost", "dear", "title", ""), []string{"title", "option-2-cost"}, []string{`value="dear"`, `value="Extend"`, `name="chosen" value="2" checked`}},
		"a cost of nothing":         {hostingForm("option-3-cost", "5"), []string{"option-3"}, []string{`value="5"`}},
		"no such day":               {hostingForm("effective", "31", "effective-month", "2", "effective-year", "2013"), []string{"effective"}, []string{`value="31"`}},
		"a number that is none":     {hostingForm("company", "12", "whole", "1"), []string{"whole", "company"}, []string{`name="company"`, `value="12"`}},
		"Part 2 without a ground":   {hostingForm("part2", "The <prices>."), []string{"ground"}, []string{"The &lt;prices&gt;."}},
		"Part 2 without a day":      {hostingForm("part2", "The prices.", "ground", "Commercial interests"), []string{"review"}, []string{`value="Commercial interests" selected`}},
		"a ground without Part 2":   {hostingForm("ground", "Commercial interests"), []string{"part2"}, []string{`value="Commercial interests" selected`}},
		"markup kept as words":      {hostingForm("title", "", "summary", `<b>"x"</b>`), []string{"title"}, []string{"&lt;b&gt;"}},
		"no milestone to baseline":  {[]string{"matter", "baseline", "title", "T", "subject", "1", "value", "x"}, []string{"value"}, []string{`name="subject"`, `value="x"`}},
	} {
		page := ch.proposer.do(422, "POST", "/decisions/new", k.form...).Body.String()
		for _, f := range k.faults {
			if !strings.Contains(page, `href="#`+f+`"`) || !strings.Contains(page, `id="`+f+`"`) || !strings.Contains(page, `id="`+f+`-fault"`) {
				t.Errorf("%s: the page does not name the field %s", name, f)
			}
		}
		var led []string
		for _, m := range regexp.MustCompile(`<li><a href="#([a-z0-9-]+)">`).FindAllStringSubmatch(page, -1) {
			led = append(led, m[1])
		}
		if !slices.Equal(led, k.faults) {
			t.Errorf("%s: the summary leads to %v, want %v", name, led, k.faults)
		}
		for _, kept := range k.keeps {
			if !strings.Contains(page, kept) {
				t.Errorf("%s: the page did not keep %s", name, kept)
			}
		}
	}
	ch.official.do(403, "POST", "/decisions/new", hostingForm()...)
	says(t, ch.commissioner.do(403, "GET", "/decisions/new"), "The rule: the role may propose decisions (scheme 1, paragraph 2).")
	says(t, ch.commissioner.do(403, "POST", "/decisions/new", hostingForm()...), "The rule: the role may propose decisions (scheme 1, paragraph 2).")
	ch.proposer.do(422, "POST", "/decisions/new", "matter", "treaty", "title", "T")
	if now := ch.events(t); now != size {
		t.Errorf("%d events were recorded", now-size)
	}
	for _, path := range []string{"/decisions/2013-009/vote", "/decisions/draft-9/edit", "/decisions/draft-x/edit", "/decisions/%2F/edit"} {
		who := ch.proposer
		if strings.HasSuffix(path, "vote") {
			who = ch.official
		}
		who.do(404, "GET", path)
		who.do(404, "POST", path, surely(hostingForm()...)...)
	}
}

// TestPart2StaysWithThoseWhoMayReadIt looks for the restricted part on the
// forms of everyone who may act.
func TestPart2StaysWithThoseWhoMayReadIt(t *testing.T) {
	t.Parallel()
	ch := convene(t)
	ch.committee(t)
	part2 := []string{"part2", secretText, "ground", "Commercial interests", "review", "1", "review-month", "4", "review-year", "2013"}
	d := ch.forward(t, part2...)
	recorded(t, ch.secretary.do(303, "POST", first+"/open", sure([]string{"way", "approval"})...))
	says(t, ch.official.do(200, "GET", first+"/vote"), secretText, "Part 2 of the paper (restricted: commercial interests)")
	says(t, ch.proposer.do(200, "GET", first+"/edit"), secretText)
	recorded(t, ch.official.votes(d, "for"))
	recorded(t, ch.assoc.votes(d, "for"))
	recorded(t, ch.secretary.do(303, "POST", first+"/publish", surely("signed", "14", "signed-month", "1", "signed-year", "2013")...))
	for _, path := range []string{"/call-in", "/vote", "/edit", "/release", "/put-forward"} {
		for name, b := range map[string]at{"a scrutineer": ch.scrutineers[0], "a commissioner": ch.commissioner, "a stranger": ch.stranger} {
			for _, w := range []*httptest.ResponseRecorder{b.send("GET", first+path), b.send("POST", first+path, "ground", "Not all who should have been asked were asked", "reason", "x", "hash", d.Hash)} {
				if strings.Contains(w.Body.String(), secretText) {
					t.Errorf("%s reads Part 2 at %s", name, path)
				}
			}
		}
	}
	says(t, ch.secretary.do(200, "GET", first+"/release"), d.Paper.Commitment, "Anyone can check the released text", "1 April 2013")
	says(t, ch.secretary.do(422, "POST", first+"/release"), `href="#reason"`)
	says(t, ch.secretary.do(200, "POST", first+"/release", "reason", "The price is known."), "Public")
	recorded(t, ch.secretary.do(303, "POST", first+"/release", sure([]string{"reason", "The price is known."})...))
	if now, err := decisions.ReadPage(t.Context(), ch.st, office.Viewer{}, "2013-001"); err != nil || now.Part2 != secretText || now.Paper.Commitment != d.Paper.Commitment {
		t.Errorf("%q %v", now.Part2, err)
	}
	says(t, ch.secretary.do(409, "GET", first+"/release"), "has already been released")
}

// refusedAs tries an act with nothing typed, and tells how it is refused: ""
// where that is only for want of what its form asks for.
func (ch chamber) refusedAs(t testing.TB, a decisionsweb.ActForm, v office.Viewer, d decisions.Page) string {
	t.Helper()
	typed := decisionsview.DecisionTyped{Hash: d.Hash, Version: d.Version, View: d.ViewAsked(), Consent: d.ConsentAsked(), Draft: decisions.DraftForm{Matter: d.Matter, Paper: d.Paper}}
	err := record.Try(t.Context(), ch.st, func(st *db.Tx) error {
		_, err := a.Do(t.Context(), st, v, d.Address(), typed)
		return err
	})
	if err == nil || fault.KindOf(err) == fault.Invalid {
		return ""
	}
	return err.Error()
}

// TestAFormOpensExactlyWhenItsActIsOpen holds every form, at every turn of a
// decision and for everyone, to the acts that the decision offers them, and
// those to what the write of the act says.
func TestAFormOpensExactlyWhenItsActIsOpen(t *testing.T) {
	t.Parallel()
	ch := convene(t)
	ch.committee(t)
	d := ch.forward(t, "urgent", "The service ends on Friday.", "part2", "The prices.", "ground", "Commercial interests", "review", "1", "review-month", "4", "review-year", "2013")
	deferred := func() {
		recorded(t, ch.secretary.do(303, "POST", first+"/defer", sure([]string{"reason", "The chair is away."})...))
	}
	people := map[string]at{"the proposer": ch.proposer, "the secretary": ch.secretary, "the finance officer": ch.money, "an official": ch.official, "the association": ch.assoc,
		"a commissioner": ch.commissioner, "the chair": ch.convenor, "a scrutineer": ch.scrutineers[0], "the clerk": ch.clerk}
	tries, opened := 0, 0
	look := func(turn string) {
		t.Helper()
		for name, b := range people {
			v := ch.viewerOf(t, b)
			at, err := decisions.ReadPage(t.Context(), ch.st, v, "2013-001")
			if err != nil {
				t.Fatal(err)
			}
			open := at.Open(v)
			for _, a := range decisionsweb.ActForms {
				tries++
				w := b.send("GET", first+"/"+string(a.Act))
				if want := slices.Contains(open, a.Act); (w.Code == 200) != want {
					t.Errorf("%s: %s opens %s: %d, offered %v", turn, name, a.Act, w.Code, want)
				}
				if w.Code == 200 {
					opened++
				}
				said := ""
				if err := at.Refusal(a.Act, v); err != nil {
					said = err.Error()
				}
				if wrote := ch.refusedAs(t, a, v, at); said != wrote && v.Can(decisionsweb.Needs(a.Act)) {
					t.Errorf("%s: %s is told of %s: %q, and the write says: %q", turn, name, a.Act, said, wrote)
				}
			}
		}
	}
	look("put forward")
	deferred()
	look("deferred")
	recorded(t, ch.secretary.do(303, "POST", first+"/resume", "confirmed", "yes"))
	recorded(t, ch.secretary.do(303, "POST", first+"/open", sure([]string{"way", "approval"})...))
	look("open")
	recorded(t, ch.official.votes(d, "for"))
	look("one approval")
	recorded(t, ch.assoc.votes(d, "for"))
	look("made")
	recorded(t, ch.secretary.do(303, "POST", first+"/publish", surely("signed", "14", "signed-month", "1", "signed-year", "2013")...))
	look("published")
	recorded(t, ch.scrutineers[0].do(303, "POST", first+"/call-in", surely("ground", "It was not treated as a key decision", "reason", "It is one.")...))
	look("one signature")
	ch.later(t, "2013-01-22", slices.Collect(maps.Values(people))...)
	look("the call-in is over")
	recorded(t, ch.secretary.do(303, "POST", first+"/implement", sure([]string{"evidence", "Signed."})...))
	look("implemented")
	if tries < 1000 || opened < 40 {
		t.Errorf("%d forms were tried, %d opened", tries, opened)
	}
}

// viewerOf is who a person at a screen is.
func (ch chamber) viewerOf(t testing.TB, b at) office.Viewer {
	t.Helper()
	_, token, _ := strings.Cut(b.cookie, "=")
	_, v, err := people.SessionOf(t.Context(), ch.st, token)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestUrgencyIsAgreedByAForm(t *testing.T) {
	t.Parallel()
	ch := convene(t)
	chair := ch.keyed(t, office.Chair, office.TheAssociation)
	ch.forward(t, "urgent", "The service ends on Friday.")
	says(t, ch.convenor.do(403, "GET", first+"/urgency"), "Only the chair of a committee that calls decisions in can agree that a decision is urgent.")
	says(t, chair.do(200, "GET", first+"/urgency"), "The service ends on Friday.", "cannot be called in")
	says(t, chair.do(200, "POST", first+"/urgency"), "Not agreed", "Agreed", "Your password")
	recorded(t, chair.do(303, "POST", first+"/urgency", surely()...))
	says(t, chair.do(409, "GET", first+"/urgency"), "Nobody has asked the chair")
	recorded(t, ch.proposer.do(303, "POST", first+"/withdraw", sure([]string{"reason", "It was settled otherwise."})...))
	says(t, ch.proposer.do(409, "GET", first+"/edit"), "You cannot do this now, because the status is “withdrawn”.")
}
