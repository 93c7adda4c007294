package web

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/register"
)

// chamber is a stage with everyone that a decision goes past, each with a password.
type chamber struct {
	theatre
	proposer, money, commissioner, convenor, clerk at
	scrutineers                                    [3]at
}

func convene(t testing.TB) chamber {
	t.Helper()
	ch := chamber{theatre: stage(t)}
	ch.proposer = ch.keyed(t, office.CompanyOfficer, office.TheCompany)
	ch.money = ch.keyed(t, office.FinanceOfficer, office.TheCompany)
	ch.commissioner = ch.keyed(t, office.CommissionerOffice, "essex")
	ch.convenor = ch.keyed(t, office.Chair, office.TheCompany)
	return ch
}

// committee seats the scrutineers of the association, its chair and its clerk.
func (ch *chamber) committee(t testing.TB) {
	t.Helper()
	for i := range ch.scrutineers {
		ch.scrutineers[i] = ch.keyedAt(t, office.Scrutineer, office.TheAssociation, fmt.Sprintf("scrutineer.%d@example.org", i))
	}
	ch.clerk = ch.keyed(t, office.Clerk, office.TheAssociation)
}

// hostingForm is a whole paper about hosting as it is typed, decided by every member.
func hostingForm(fields ...string) []string {
	return replaced([]string{"matter", "contract", "title", "Extend hosting by 12 months", "summary", "The contract ends on 31 March 2013.", "recommendation", "Extend it.", "reasons", "Novation takes longer.",
		"option-1", "Let it end", "option-2", "Extend", "option-2-cost", "1,592,400.00", "chosen", "2", "amount", "1,592,400", "whole", "£6,125,800.00", "supplier", "Alder Vale Hosting Ltd (sample)",
		"company", "99000101", "contract", "C-88", "financial", "Within the budget.", "legal", "Clause 4 provides for it.", "equality", "None found.", "welsh", "No change.", "risk", "Low."}, fields...)
}

const first = "/decisions/2013-001"

// forward drafts a paper, puts it forward and has every view given.
func (ch chamber) forward(t testing.TB, fields ...string) decisions.Page {
	t.Helper()
	draft := ch.proposer.do(303, "POST", "/decisions/new", hostingForm(fields...)...).Header().Get("Location")
	ch.proposer.do(303, "POST", draft+"/put-forward", sure([]string{"version", "1"})...)
	d := ch.see(t, "2013-001")
	for _, k := range d.ViewsWanted(d.Band) {
		by := map[authority.ViewKind]at{authority.FinanceView: ch.money, authority.LegalView: ch.secretary}[k]
		by.do(303, "POST", first+"/view", sure([]string{"hash", d.Hash, "kind", string(k), "text", "No objection."})...)
	}
	return ch.see(t, "2013-001")
}

func (ch chamber) see(t testing.TB, ref string) decisions.Page {
	t.Helper()
	d, err := decisions.ReadPage(t.Context(), ch.st, ch.by, ref)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// votes answers on the paper as it stands.
func (b at) votes(d decisions.Page, choice string, more ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	return b.send("POST", first+"/vote", surely(append([]string{"hash", d.Hash, "choice", choice}, more...)...)...)
}

// recorded fails the test unless a step went to the decision's page.
func recorded(t testing.TB, w *httptest.ResponseRecorder) {
	t.Helper()
	goes(t, w, first)
}

func TestADecisionIsToldByItsForms(t *testing.T) {
	t.Parallel()
	ch := convene(t)
	says(t, ch.proposer.do(200, "GET", "/decisions/new"), "What type of decision is it?", "Contract, or extension of one", "Any higher value: Every member of the company", "are assumptions")
	says(t, ch.proposer.do(200, "GET", "/decisions/new?matter=contract"), "Save and continue", `name="title"`)
	says(t, ch.proposer.do(422, "GET", "/decisions/new?matter=treaty"), "Choose the type of decision.")
	goes(t, ch.proposer.do(303, "POST", "/decisions/new", "matter", "contract", "title", "Extend hosting"), "/decisions/draft-1")

	const draft = "/decisions/draft-1"
	w := ch.proposer.do(200, "GET", draft+"/put-forward")
	says(t, w, "10 things to complete before you can propose the decision", `href="/decisions/draft-1/edit?section=decision#summary"`, "at least two options", "Complete the paper")
	for name, b := range map[string]at{"an owner": ch.official, "a commissioner": ch.commissioner, "the chair": ch.convenor} {
		for _, act := range []string{"edit", "put-forward", "withdraw", "vote", "view"} {
			if w := b.send("GET", draft+"/"+act); w.Code != 403 && w.Code != 404 || strings.Contains(w.Body.String(), "Extend hosting") {
				t.Errorf("%s reaches %s of a draft: %d", name, act, w.Code)
			}
		}
	}
	ch.savesByParts(t, draft)
	says(t, ch.proposer.do(200, "GET", draft+"/edit"), `value="Extend hosting"`, "Whole-life value, in pounds", "Option 6", `name="part2"`, "Save draft", `name="confirmed" value="yes"`)
	goes(t, ch.proposer.do(303, "POST", draft+"/edit", sure(hostingForm("version", "3"))...), draft)
	says(t, ch.proposer.do(200, "GET", draft+"/edit"), `value="£1,592,400.00"`, `value="Let it end"`, `id="option-2-chosen" name="chosen" value="2" checked`)
	says(t, ch.proposer.do(200, "GET", draft+"/put-forward"), "Extend: £1,592,400.00 (chosen)", "Alder Vale Hosting Ltd (sample)")
	says(t, ch.proposer.do(200, "POST", draft+"/put-forward", "version", "1"), "Nothing has been recorded yet", "2013‑001", "Proposed", "finance and legal")
	recorded(t, ch.proposer.do(303, "POST", draft+"/put-forward", sure([]string{"version", "1"})...))

	says(t, ch.secretary.do(409, "GET", first+"/open"), "The finance view is needed first")
	w = ch.money.do(200, "GET", first+"/view")
	says(t, w, "Give your finance view", first+"/paper/1")
	hash := field(t, w, "hash")
	says(t, ch.secretary.do(403, "POST", first+"/view", "hash", hash, "kind", "finance", "text", "Affordable."), "You cannot do this because your role is company secretary")
	says(t, ch.money.do(422, "POST", first+"/view", "hash", hash, "kind", "finance"), `href="#text"`)
	says(t, ch.money.do(200, "POST", first+"/view", "hash", hash, "kind", "finance", "text", "Affordable."), "Checks that you may do this", "Affordable.", "paragraph 6.1")
	recorded(t, ch.money.do(303, "POST", first+"/view", sure([]string{"hash", hash, "kind", "finance", "text", "Affordable."})...))
	recorded(t, ch.secretary.do(303, "POST", first+"/view", sure([]string{"hash", hash, "kind", "legal", "text", "Within clause 4."})...))

	says(t, ch.secretary.do(200, "GET", first+"/open"), "Ask each for approval", "2 of 2 votes count", "Nobody is excluded because of an interest", "Home Office")
	says(t, ch.secretary.do(422, "POST", first+"/open", "way", "poll"), `href="#way"`)
	recorded(t, ch.secretary.do(303, "POST", first+"/open", sure([]string{"way", "approval"})...))

	w = ch.official.do(200, "GET", first+"/vote")
	says(t, w, "Approve or refuse", "£6,125,800.00", "Every member of the company, by the approval of each (scheme 1, paragraph 4.4)", "version 1", "0 of 2 votes for")
	says(t, ch.official.do(200, "POST", first+"/vote", "hash", hash, "choice", "for"), "Checks that you may do this", "The body is a member of the company", "Home Office has been a member since 16 July 2012",
		"1 of 2 votes for, 2 needed", "Your password", ">Approve</h2>")
	says(t, ch.official.do(422, "POST", first+"/vote", append(sure([]string{"hash", hash, "choice", "for"}), "again", "wrong")...), `id="again-fault"`)
	recorded(t, ch.official.votes(ch.see(t, "2013-001"), "for"))
	mine := ch.see(t, "2013-001").Ballots[0]
	if said := ch.official.do(200, "GET", "/help/words").Body.String(); !strings.Contains(said, fmt.Sprintf(`Your approval has been recorded. <a href="/record/%d">View your receipt`, mine.N)) {
		t.Error("the receipt of the vote is not told")
	}
	says(t, ch.official.do(409, "GET", first+"/vote"), "Home Office already answered")
	says(t, ch.assoc.do(200, "POST", first+"/vote", "hash", hash, "choice", "for"), "Not published", "2 of 2 votes for")
	recorded(t, ch.assoc.votes(ch.see(t, "2013-001"), "for"))

	w = ch.secretary.do(200, "POST", first+"/publish", "signed", "14", "signed-month", "1", "signed-year", "2013")
	says(t, w, "Date signed", "14 January 2013", "On hold", "unless it is called in before then")
	recorded(t, ch.secretary.do(303, "POST", first+"/publish", surely("signed", "14", "signed-month", "1", "signed-year", "2013")...))
	says(t, ch.secretary.do(409, "GET", first+"/implement"), "This may not be implemented now. ")
	if d := ch.see(t, "2013-001"); d.Status != decisions.Published || len(d.Ballots) != 2 {
		t.Errorf("%s, %d ballots", d.Status, len(d.Ballots))
	}
	ch.holds(t)
}

// holds fails the test unless the record verifies.
func (ch chamber) holds(t testing.TB) {
	t.Helper()
	if v, err := store.Verify(t.Context(), ch.st); err != nil || !v.OK() {
		t.Error(v.Fault, err)
	}
}

// later moves the clock to noon of a day, on which people sign in again.
func (ch chamber) later(t testing.TB, d civil.Day, people ...at) {
	t.Helper()
	var who []office.Viewer
	for _, b := range people {
		who = append(who, ch.viewerOf(t, b))
	}
	ch.clock.Day(d)
	for _, v := range who {
		as(t, ch.Server, v)
	}
}

// made has both owners approve, and the notice published.
func (ch chamber) made(t testing.TB, fields ...string) {
	t.Helper()
	ch.forward(t, fields...)
	recorded(t, ch.secretary.do(303, "POST", first+"/open", sure([]string{"way", "approval"})...))
	recorded(t, ch.official.votes(ch.see(t, "2013-001"), "for"))
	recorded(t, ch.assoc.votes(ch.see(t, "2013-001"), "for"))
	recorded(t, ch.secretary.do(303, "POST", first+"/publish", surely("signed", "14", "signed-month", "1", "signed-year", "2013")...))
}

// savesByParts fills in two parts of a draft, each saved by itself.
func (ch chamber) savesByParts(t *testing.T, draft string) {
	t.Helper()
	state := func(part, word string) {
		t.Helper()
		_, row, _ := strings.Cut(ch.proposer.do(200, "GET", draft).Body.String(), `edit?section=`+part+`"`)
		if row, _, _ = strings.Cut(row, "</li>"); !strings.Contains(row, ">"+word+"<") {
			t.Errorf("the part %s is not %q: %s", part, word, row)
		}
	}
	state("decision", "In progress")
	state("money", "Not started")
	state("benefit", "Optional")
	says(t, ch.proposer.do(200, "GET", draft+"/edit?section=implications"), "Welsh language", `name="section" value="implications"`)
	// Each part is compared with what it was opened on, whatever became of others.
	implications, benefit := ch.proposer.do(200, "GET", draft+"/edit?section=implications"), ch.proposer.do(200, "GET", draft+"/edit?section=benefit")
	goes(t, ch.proposer.do(303, "POST", draft+"/edit?section=implications", "section", "implications", "confirmed", "yes", "was", field(t, implications, "was"), "financial", "Within the budget.", "legal", "Clause 4.", "equality", "None.", "welsh", "None.", "risk", "Low.", "title", "Not of this part"), draft)
	goes(t, ch.proposer.do(303, "POST", draft+"/edit?section=benefit", "section", "benefit", "confirmed", "yes", "was", field(t, benefit, "was"), "benefit", "A lower price."), draft)
	ch.proposer.do(409, "POST", draft+"/edit?section=benefit", "section", "benefit", "confirmed", "yes", "was", field(t, benefit, "was"), "benefit", "A higher price.")
	money := ch.proposer.do(200, "GET", draft+"/edit?section=money")
	says(t, ch.proposer.do(422, "POST", draft+"/edit?section=money", "section", "money", "confirmed", "yes", "was", field(t, money, "was"), "whole", "lots", "supplier", "Kept (sample)"), `id="whole-fault"`, `value="Kept (sample)"`, `name="section" value="money"`)
	state("implications", "Completed")
	state("benefit", "Completed")
	says(t, ch.proposer.do(200, "GET", draft), "<h1>Extend hosting</h1>", "A lower price.", "Cannot start yet")
	ch.proposer.do(404, "GET", draft+"/edit?section=weather")
}

func TestThreeScrutineersCallADecisionInByItsForms(t *testing.T) {
	t.Parallel()
	ch := convene(t)
	ch.committee(t)
	ch.made(t)
	says(t, ch.scrutineers[0].do(200, "GET", first+"/call-in"), "0 of 3 signatures. Call-in closes at 5pm on Monday 21 January 2013", "Facts or options that matter were left out", "3 signatures (scrutineer or chair)")
	says(t, ch.convenor.do(403, "GET", first+"/call-in"), "does not sign call-ins. Paragraph 12 asks for 3 signatures")
	says(t, ch.scrutineers[0].do(422, "POST", first+"/call-in", "ground", "I dislike it"), `href="#ground"`, `href="#reason"`)
	signs := surely("ground", "Facts or options that matter were left out", "reason", "No second offer was asked for.")
	for i, b := range ch.scrutineers {
		form := b.do(200, "GET", first+"/call-in")
		says(t, form, "Extend hosting by 12 months", "Let it end", "£1,592,400.00", "No objection.")
		if shown := strings.Contains(form.Body.String(), "No second offer was asked for."); shown != (i > 0) {
			t.Errorf("the reasons of those who signed before signature %d are shown: %v", i+1, shown)
		}
		says(t, b.do(200, "POST", first+"/call-in", signs[:4]...), "No second offer was asked for.", "Your password")
		recorded(t, b.do(303, "POST", first+"/call-in", signs...))
		if i == 1 {
			says(t, b.do(409, "GET", first+"/call-in"), "You have already signed this call-in.")
			says(t, b.do(200, "POST", first+"/call-in-withdraw"), "Call-in signatures", "2 of 3", "1 of 3")
			recorded(t, b.do(303, "POST", first+"/call-in-withdraw", "confirmed", "yes"))
			says(t, b.do(404, "GET", first+"/call-in-withdraw"), "You have not signed this call-in.")
			recorded(t, b.do(303, "POST", first+"/call-in", signs...))
		}
	}
	says(t, ch.scrutineers[0].do(409, "GET", first+"/call-in-withdraw"), "Signatures can no longer be withdrawn")
	says(t, ch.convenor.do(403, "GET", first+"/hear"), "Only the chair or clerk of the committee")
	says(t, ch.clerk.do(200, "GET", first+"/hear"), "It was called in on 14 January 2013", "No second offer was asked for.", "Refer to members")
	says(t, ch.clerk.do(422, "POST", first+"/hear"), `href="#outcome"`, `href="#reasons"`)
	recorded(t, ch.clerk.do(303, "POST", first+"/hear", surely("outcome", "refer back", "reasons", "Ask for a second offer.")...))

	w := ch.proposer.do(200, "POST", first+"/edit", hostingForm("version", "1", "why", "A second offer was asked for.", "reasons", "It is the better of two offers.")...)
	says(t, w, "Changes to the paper", "Novation takes longer.", "It is the better of two offers.", "4 answers will no longer count", "The approval of Home Office", "The finance view from the")
	recorded(t, ch.proposer.do(303, "POST", first+"/edit", sure(hostingForm("version", "1", "why", "A second offer was asked for.", "reasons", "It is the better of two offers."))...))
	if d := ch.see(t, "2013-001"); d.Status != decisions.PutForward || d.Version != 2 || !d.Again {
		t.Errorf("%s, version %d, reconsidered %v", d.Status, d.Version, d.Again)
	}
	ch.holds(t)
}

func TestAPollIsTakenAndConsentedToByItsForms(t *testing.T) {
	t.Parallel()
	ch := convene(t)
	if _, err := handover.Enter(t.Context(), ch.st, ch.by, register.Entry{Kind: register.RightGranted, Body: office.HomeOffice, Right: register.Consent, Matter: "Change of the articles", Clause: "9.1", Registered: "2012-07-16"}); err != nil {
		t.Fatal(err)
	}
	ch.forward(t, "matter", "articles", "amount", "", "whole", "", "supplier", "", "company", "", "contract", "", "option-2-cost", "")
	says(t, ch.secretary.do(200, "GET", first+"/open"), "Circulate a written resolution", "It lapses after 28 days", "The quorum is 1 of 2 votes")
	for name, k := range map[string]struct {
		form  []string
		fault string
	}{
		"a day without a time":   {[]string{"closes", "15", "closes-month", "1", "closes-year", "2013"}, "closes-time"},
		"a time without a day":   {[]string{"closes-time", "17:00"}, "closes"},
		"no such time":           {[]string{"closes", "15", "closes-month", "1", "closes-year", "2013", "closes-time", "5 o’clock"}, "closes-time"},
		"a time that has passed": {[]string{"closes", "14", "closes-month", "1", "closes-year", "2013", "closes-time", "11:59"}, "closes"},
		"no such day":            {[]string{"closes", "31", "closes-month", "2", "closes-year", "2013", "closes-time", "17:00"}, "closes"},
	} {
		w := ch.secretary.do(422, "POST", first+"/open", append([]string{"way", "poll"}, k.form...)...)
		if !strings.Contains(w.Body.String(), `href="#`+k.fault+`"`) || !strings.Contains(w.Body.String(), `value="poll" checked`) {
			t.Errorf("%s: the page does not lead to %s", name, k.fault)
		}
	}
	says(t, ch.secretary.do(200, "POST", first+"/open", "way", "poll", "closes", "15", "closes-month", "1", "closes-year", "2013", "closes-time", "17:00"), "At 5pm on 15 January 2013")
	recorded(t, ch.secretary.do(303, "POST", first+"/open", sure([]string{"way", "poll"})...))
	d := ch.see(t, "2013-001")
	says(t, ch.official.do(200, "GET", first+"/vote"), "Abstain", "until the chair closes the poll")
	recorded(t, ch.official.votes(d, "against"))
	recorded(t, ch.official.votes(d, "for")) // changed
	recorded(t, ch.assoc.votes(d, "for"))
	says(t, ch.proposer.do(403, "GET", first+"/close"), "close polls")
	says(t, ch.convenor.do(200, "GET", first+"/close"), "2 for, 0 against")
	says(t, ch.convenor.do(200, "POST", first+"/close"), "Awaiting consent from Home Office")
	recorded(t, ch.convenor.do(303, "POST", first+"/close", surely()...))

	says(t, ch.assoc.do(403, "GET", first+"/consent"), "the register gives the body the right to consent")
	says(t, ch.official.do(200, "GET", first+"/consent"), "Change of the articles", "Approve with conditions")
	says(t, ch.official.do(422, "POST", first+"/consent", "hash", d.Hash, "consent", "Change of the articles", "choice", "reject"), `href="#reason"`)
	says(t, ch.official.do(422, "POST", first+"/consent", "hash", d.Hash, "consent", "Change of the articles", "choice", "modify"), `href="#conditions"`)
	modify := []string{"hash", d.Hash, "consent", "Change of the articles", "choice", "modify", "conditions", "The articles are filed.\r\nThe members are told.\r\n"}
	says(t, ch.official.do(200, "POST", first+"/consent", modify...), "The articles are filed.", "0 of 2 met", "clause 9.1")
	recorded(t, ch.official.do(303, "POST", first+"/consent", surely(modify...)...))
	recorded(t, ch.secretary.do(303, "POST", first+"/publish", surely("signed", "14", "signed-month", "1", "signed-year", "2013")...))

	ch.later(t, "2013-01-22", ch.secretary) // the call-in is over
	says(t, ch.secretary.do(422, "POST", first+"/condition"), `href="#condition"`, `href="#evidence"`)
	ch.secretary.do(404, "POST", first+"/condition", "condition", "7", "evidence", "x")
	recorded(t, ch.secretary.do(303, "POST", first+"/condition", sure([]string{"condition", "1", "evidence", "Letter of 21 January 2013."})...))
	says(t, ch.secretary.do(409, "GET", first+"/implement"), "This may not be implemented now.")
	if page := ch.secretary.do(200, "GET", first+"/condition").Body.String(); strings.Contains(page, "The members are told.") || !strings.Contains(page, "The articles are filed.") {
		t.Error("the form does not ask for the condition that is left")
	}
	recorded(t, ch.secretary.do(303, "POST", first+"/condition", sure([]string{"condition", "0", "evidence", "Filed on 21 January 2013."})...))
	says(t, ch.secretary.do(422, "POST", first+"/implement"), `href="#evidence"`)
	recorded(t, ch.secretary.do(303, "POST", first+"/implement", sure([]string{"evidence", "The articles in force."})...))
	says(t, ch.secretary.do(422, "POST", first+"/correct"), `href="#signed"`, `href="#correction"`)
	recorded(t, ch.secretary.do(303, "POST", first+"/correct", sure([]string{"signed", "22", "signed-month", "1", "signed-year", "2013", "correction", "The clause is 9.1."})...))
	if d := ch.see(t, "2013-001"); d.Status != decisions.Implemented || len(d.Notices) != 2 {
		t.Errorf("%s, %d notices", d.Status, len(d.Notices))
	}
	ch.holds(t)
}

func TestAResolutionIsAnsweredByItsForms(t *testing.T) {
	t.Parallel()
	ch := convene(t)
	d := ch.forward(t, "matter", "articles", "amount", "", "whole", "", "supplier", "", "company", "", "contract", "", "option-2-cost", "")
	says(t, ch.secretary.do(200, "POST", first+"/open", "way", "resolution"), "midnight at the end of 10 February 2013", "0 of 2 votes for, 2 needed")
	recorded(t, ch.secretary.do(303, "POST", first+"/open", sure([]string{"way", "resolution"})...))
	says(t, ch.official.do(200, "GET", first+"/vote"), "Answer the written resolution", "Do not agree", "cannot withdraw your agreement (Companies Act 2006, section 296)")
	ch.official.do(422, "POST", first+"/vote", "hash", d.Hash, "choice", "abstain")
	recorded(t, ch.official.votes(d, "for"))
	for _, choice := range []string{"against", "abstain", ""} {
		if w := ch.official.votes(d, choice); w.Code != 409 || !strings.Contains(w.Body.String(), "cannot be withdrawn") {
			t.Errorf("agreement is taken back with %q: %d", choice, w.Code)
		}
	}
	ch.later(t, "2013-02-12", ch.assoc)
	says(t, ch.assoc.do(409, "GET", first+"/vote"), "Voting closed at midnight at the end of 10 February 2013")
	if w := ch.assoc.votes(d, "for"); w.Code != 409 {
		t.Errorf("a late vote: %d", w.Code)
	}
}
