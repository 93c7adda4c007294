package web

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/storetest"
	decisionsweb "github.com/police-ict/handover/web/decisions"
)

// later moves the clock to a day, on which the secretary signs in again.
func (th *theatre) later(t testing.TB, day civil.Day) {
	t.Helper()
	th.clock.Day(day)
	th.secretary = enters(t, th.Server, "company-secretary.company@example.org", people.SamplePassword)
}

// council are people who bring a decision about.
type council struct {
	*db.Tx
	t                                   testing.TB
	officer, secretary, official, assoc office.Viewer
}

func (th theatre) council(t testing.TB) council {
	return council{th.st, t, storetest.Holder(t, th.st, office.CompanyOfficer, office.TheCompany), storetest.Holder(t, th.st, office.CompanySecretary, office.TheCompany),
		storetest.Holder(t, th.st, office.Official, office.HomeOffice), storetest.Holder(t, th.st, office.AssociationOfficer, office.TheAssociation)}
}

func (c council) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// adopts publishes a decision of both owners that adopts a version of the scheme.
func (c council) adopts(subject string) string {
	c.t.Helper()
	ctx := c.t.Context()
	p := authority.Paper{Title: "Adopt a scheme", Summary: "The interim scheme ends.", Recommendation: "Adopt it.", Reasons: "The company passes on.", Options: []authority.Option{{Text: "Keep the old one"}, {Text: "Adopt it", Chosen: true}},
		Financial: "None.", Legal: "None.", Equality: "None.", Welsh: "None.", Risk: "Low.", Effects: []authority.Effect{{Kind: authority.AdoptsScheme, Subject: subject}}}
	draft, err := decisions.SaveDraft(ctx, c.Tx, c.officer, decisions.DraftForm{Matter: "scheme", Paper: p})
	c.must(err)
	ref, _, err := decisions.PutForwardPaper(ctx, c.Tx, c.officer, draft, 1)
	c.must(err)
	see := func() decisions.Page {
		d, err := decisions.ReadPage(ctx, c.Tx, c.secretary, ref)
		c.must(err)
		return d
	}
	c.must(storetest.Err(decisions.GiveView(ctx, c.Tx, c.secretary, ref, see().Hash, authority.LegalView, "No objection.")))
	c.must(storetest.Err(decisions.OpenVoting(ctx, c.Tx, c.secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	for _, v := range []office.Viewer{c.official, c.assoc} {
		c.must(storetest.Err(decisions.CastBallot(ctx, c.Tx, v, ref, decisions.BallotForm{Hash: see().Hash, Role: authority.Votes, Choice: authority.For})))
	}
	c.must(storetest.Err(decisions.Publish(ctx, c.Tx, c.secretary, ref, civil.DayOf(c.Now()))))
	return ref
}

// completed hands the company over to Kent.
func (th theatre) completed(t testing.TB, day, month string) {
	t.Helper()
	th.ready()
	th.add(t, "after", "company")
	th.certified(t, handover.TheBalance, th.finance)
	th.certified(t, handover.TheStatement, th.secretary)
	hash := field(t, th.secretary.do(200, "GET", "/handover/complete"), "hash")
	th.secretary.do(303, "POST", "/handover/complete", surely("on", day, "on-month", month, "on-year", "2013", "hash", hash)...)
}

func TestWhoMayDecideBeforeAnySchemeAndUnderTheInterimOne(t *testing.T) {
	th := stage(t)
	none := th.stranger.do(200, "GET", "/authority?as_at=2012-07-15")
	tells(t, none, "No scheme of authority was in force on 15 July 2012")
	if strings.Contains(none.Body.String(), "<table") {
		t.Error("a day without a scheme has a table of who decides")
	}
	tells(t, th.stranger.do(200, "GET", "/authority?known_on=2012-01-01"), "No scheme of authority was in force", "as recorded by entry 0")
	now := th.stranger.do(200, "GET", "/authority")
	tells(t, now, "Version 1 of the scheme of authority is in force, from 16 July 2012.", "Version 2 has been proposed but not adopted", "The articles of the company and its scheme of authority are not public",
		"up to £50,000.00", "Every member of the company", "“Contracts over £250,000”: nobody had this right on this date", "5 working days after the day of publication", "closing at 5pm (paragraph 12)", "3 different people",
		`href="/authority/delegations"`, `href="/interests"`, `href="/authority/schemes"`)
	if strings.Contains(now.Body.String(), "Put in a new version") {
		t.Error("a stranger is offered to put in a version")
	}
	if _, err := handover.Enter(t.Context(), th.st, th.by, register.Entry{Kind: register.RightGranted, Body: office.HomeOffice, Right: register.Consent, Matter: "Contracts over £250,000", Clause: "9.1", Registered: "2013-01-10"}); err != nil {
		t.Fatal(err)
	}
	tells(t, th.stranger.do(200, "GET", "/authority"), "“Contracts over £250,000”: Home Office (clause 9.1)")
	tells(t, th.stranger.do(200, "GET", "/authority?as_at=2013-01-09"), "“Contracts over £250,000”: nobody had this right")

	told := decoded[decisionsweb.PowersJSON](t, th.stranger.do(200, "GET", "/authority.json").Body.String())
	if told.Scheme.Version != 1 || told.Scheme.State != "in force" || len(told.Scheme.Says.Matters) != 11 || len(told.Consents) != 1 || told.AsAt != "2013-01-14" {
		t.Errorf("%+v", told)
	}
	if rows := csvOf(t, th.stranger.do(200, "GET", "/authority.csv").Body.String()); len(rows) != 16 || rows[1][3] != "4.1" || rows[1][6] != "5000000" || rows[3][14] != "Home Office" {
		t.Errorf("%v", rows)
	}
	if got := decoded[decisionsweb.PowersJSON](t, th.stranger.do(200, "GET", "/authority.json?as_at=2012-07-15").Body.String()); got.Scheme != nil {
		t.Errorf("%+v", got.Scheme)
	}
	tells(t, th.stranger.do(422, "GET", "/authority?as_at=2013-02-30"), `"2013-02-30" is not a date. Enter it like 2012-07-16.`)
	tells(t, th.stranger.do(422, "GET", "/authority?day=30&day-month=2&day-year=2013"), "Check the date", `value="30"`)
}

func TestWhoCanDoWhatOnADay(t *testing.T) {
	th := stage(t)
	tells(t, th.stranger.do(200, "GET", "/authority/who"), "Show who may decide")
	const both = "/authority/who?matter=contract&value=6%2C125%2C800"
	tells(t, th.stranger.do(200, "GET", both), "Every member of the company (scheme 1, paragraph 4.4).", "2 of 2 votes needed", "£6,125,800.00", "official, Home Office", "Give the finance view", "Home Office has been a member since 16 July 2012", "2 counted, 0 excluded")
	tells(t, th.stranger.do(200, "GET", "/authority/who?matter=contract&value=50000"), "The company officer (scheme 1, paragraph 4.1)")
	tells(t, th.stranger.do(200, "GET", "/authority/who?matter=contract&value=50000.01"), "The board, by a simple majority (scheme 1, paragraph 4.2)", "a quorum of 1 of 1 vote", "nobody could cast it on this date")
	tells(t, th.stranger.do(200, "GET", both+"&as_at=2012-07-15"), "No scheme of authority was in force on 15 July 2012")
	for query, sentence := range map[string]string{
		"matter=contract&value=lots": `"lots" is not an amount of money`, "matter=contract": "Enter the whole-life value in pounds", "matter=weather&value=1": "Choose the type of decision", "matter=contract&value=-1": "Enter the whole-life value in pounds",
		"matter=contract&value=5&company=12": `"12" is not a company number`, "matter=contract&value=5&as_at=2013-02-30": `"2013-02-30" is not a date`, "value=5": "Choose the type of decision", "matter=contract&value=999999999999": "or less",
	} {
		w := th.stranger.do(422, "GET", "/authority/who?"+query)
		tells(t, w, sentence)
		if strings.Contains(query, "lots") {
			tells(t, w, `value="lots"`, `href="#value"`, `value="contract" selected`)
		}
		if said := decoded[map[string]string](t, th.stranger.do(422, "GET", "/authority/who.json?"+query).Body.String()); !strings.Contains(said["error"], sentence) {
			t.Errorf("%s as JSON: %v", query, said)
		}
	}
	told := decoded[decisionsweb.WhoJSON](t, th.stranger.do(200, "GET", "/authority/who.json?matter=contract&value=6125800").Body.String())
	if told.Paragraph != "4.4" || len(told.Tallies) != 1 || told.Tallies[0].Counted != 2 || len(told.People) < 6 || len(told.People[0].Findings) == 0 {
		t.Errorf("%+v", told)
	}
	if rows := csvOf(t, th.stranger.do(200, "GET", "/authority/who.csv?matter=contract&value=6125800").Body.String()); len(rows) != len(told.People)+1 {
		t.Errorf("%d rows of %d people", len(rows)-1, len(told.People))
	}
}

func TestAfterTheHandoverTheOldSchemeHoldsUntilTheNewOneIsAdopted(t *testing.T) {
	t.Parallel()
	th := stage(t)
	ref := th.council(t).adopts("scheme/2")
	th.completed(t, "14", "1")
	tells(t, th.stranger.do(200, "GET", "/authority"), "Version 1 of the scheme of authority is in force, from 16 July 2012.", "Version 2 has been proposed but not adopted")

	adopt := "/authority/schemes/2/adopt"
	tells(t, th.secretary.do(200, "GET", adopt), strings.ReplaceAll(ref, "-", "‑")+": Adopt a scheme")
	tells(t, th.secretary.do(422, "POST", adopt, surely("decision", ref)...), "may not be implemented now", `href="#decision"`)
	th.officer.do(403, "POST", adopt, surely("decision", ref)...)
	th.later(t, "2013-01-22") // the call-in closed the evening before
	tells(t, th.secretary.do(422, "POST", adopt, surely()...), "Enter the reference of the decision that allows this")
	tells(t, th.secretary.do(422, "POST", adopt, surely("decision", "2013-099")...), `There is no decision "2013-099"`)
	tells(t, th.secretary.do(200, "POST", adopt, "decision", ref), "Check before sending", "From 22 January 2013", "Contract, or extension of one, up to £5,000,000.00", "Your password")
	tells(t, th.secretary.do(422, "POST", adopt, append(sure([]string{"decision", ref}), "again", "wrong")...), `id="again-fault"`)
	tells(t, th.stranger.do(200, "GET", "/authority"), "Version 1 of the scheme of authority is in force")
	goes(t, th.secretary.do(303, "POST", adopt, surely("decision", ref)...), "/authority/schemes/2")
	th.secretary.do(409, "GET", adopt)
	th.secretary.do(409, "POST", adopt, surely("decision", ref)...)
	th.secretary.do(409, "GET", "/authority/schemes/1/adopt")
	th.secretary.do(404, "GET", "/authority/schemes/9/adopt")

	tells(t, th.stranger.do(200, "GET", "/authority"), "Version 2 of the scheme of authority is in force, from 22 January 2013.", `href="/decisions/`+ref+`"`)
	tells(t, th.stranger.do(200, "GET", "/authority?as_at=2013-01-21"), "Version 1 of the scheme of authority is in force, from 16 July 2012 to 21 January 2013.")
	tells(t, th.stranger.do(200, "GET", "/authority?known_on=2013-01-21"), "Version 1 of the scheme of authority is in force, from 16 July 2012.")
	tells(t, th.stranger.do(200, "GET", "/authority/who?matter=contract&value=6000000"), "The members of the company, by 75% (scheme 2, paragraph 4.4).", "A written resolution: 1 of 1 vote needed", "with a quorum of 1 of 1 vote")
	tells(t, th.stranger.do(200, "GET", "/authority/schemes"), "In force", "Ended", "16 July 2012 to 21 January 2013")
	tells(t, th.stranger.do(200, "GET", "/authority/schemes/2"), "Yes, since 22 January 2013.", "Changes from version 1")
	if v, err := store.Verify(t.Context(), th.st); err != nil || !v.OK() {
		t.Error(v.Fault, err)
	}
}

func TestAVersionIsAdoptedOnlyUnderADecisionThatNamesIt(t *testing.T) {
	th := stage(t)
	tells(t, th.secretary.do(200, "GET", "/authority/schemes/2/adopt"), "No published decision adopts this version.")
	text := th.stranger.do(200, "GET", "/authority/schemes/1.json").Body.String()
	third := strings.Replace(text, `"2012-07-16"`, `"2013-03-01"`, 1)
	th.secretary.do(303, "POST", "/authority/schemes/new", "scheme", third, "confirmed", "yes")
	ref := th.council(t).adopts("scheme/3")
	th.later(t, "2013-01-22")
	tells(t, th.secretary.do(422, "POST", "/authority/schemes/2/adopt", surely("decision", ref)...), "Decision "+ref+" does not allow this")
	tells(t, th.stranger.do(200, "GET", "/authority/schemes/2"), "No. It has been proposed")
	th.secretary.do(303, "POST", "/authority/schemes/3/adopt", surely("decision", ref)...)
	tells(t, th.stranger.do(200, "GET", "/authority"), "Version 1 of the scheme of authority is in force, from 16 July 2012 to 28 February 2013.", "Version 3 has been adopted and starts on 1 March 2013.")
	tells(t, th.stranger.do(200, "GET", "/authority?as_at=2013-03-01"), "Version 3 of the scheme of authority is in force, from 1 March 2013.")
}

func TestANewVersionIsPutInAsText(t *testing.T) {
	th := stage(t)
	const path = "/authority/schemes/new"
	th.officer.do(403, "GET", path)
	var first authority.Scheme
	if err := json.Unmarshal(th.stranger.do(200, "GET", "/authority/schemes/1.json").Body.Bytes(), &first); err != nil {
		t.Fatal(err)
	}
	all, err := decisions.Schemes(t.Context(), th.st, 0)
	if hash, err2 := first.Hash(); err != nil || err2 != nil || hash != all[0].Hash {
		t.Errorf("its JSON is not the scheme to the letter: %s %v %v", hash, err, err2)
	}
	tells(t, th.secretary.do(200, "GET", path), `"up_to_pence": 5000000`, "Change the text of version 1 below.")
	size := th.events(t)
	for broken, sentence := range map[string]string{
		"{\n \"title\": \"<b>\n}": "Line 2 is not JSON. Close the quotation mark.", `{"tittle": "x"}`: "A scheme has no field “tittle”", "": "Enter the scheme as JSON.",
		`{"title": "Too little", "note": "<i>"}`: "Name at least one type of decision.",
	} {
		w := th.secretary.do(422, "POST", path, "scheme", broken, "confirmed", "yes")
		tells(t, w, sentence, `href="#scheme"`, broken)
		if strings.Contains(w.Body.String(), "<b>") || strings.Contains(w.Body.String(), "<i>") {
			t.Errorf("what was typed came back as markup: %q", broken)
		}
	}
	text, err := json.MarshalIndent(first, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	tells(t, th.secretary.do(422, "POST", path, "scheme", string(text)), "This is the same as version 1")
	next := strings.Replace(strings.Replace(string(text), "5000000", "6000000", 1), `"2012-07-16"`, `"2013-03-01"`, 1)
	tells(t, th.secretary.do(200, "POST", path, "scheme", next), "Check before sending", "version 3", "Contract, or extension of one, up to £60,000.00", "Not included", "Removed", "On 1 March 2013, or when it is adopted")
	tells(t, th.secretary.do(200, "POST", path, "scheme", next, "back", "yes"), `"up_to_pence": 6000000`)
	if now := th.events(t); now != size {
		t.Fatalf("the checks recorded %d events", now-size)
	}
	goes(t, th.secretary.do(303, "POST", path, "scheme", next, "confirmed", "yes"), "/authority/schemes/3")
	tells(t, th.secretary.do(200, "GET", "/authority/schemes/3"), "Version 3 of the scheme has been proposed.", "Adopt this version", "Changes from version 2")
	th.stranger.do(404, "GET", "/authority/schemes/4")
	th.stranger.do(404, "GET", "/authority/schemes/one")
}

func TestActsThatWouldDifferTodayArePublic(t *testing.T) {
	th := stage(t)
	tells(t, th.stranger.do(200, "GET", "/authority/differs"), "Nobody has answered a decision yet.", "An answer stays valid")
	c := th.council(t)
	ref := c.adopts("scheme/2")
	tells(t, th.stranger.do(200, "GET", "/authority/differs"), "None of 2 answers would be different.")
	held, err := office.AppointmentsOf(t.Context(), th.st, c.assoc.Person)
	c.must(err)
	c.must(storetest.EndOffice(t.Context(), th.st, storetest.Holder(t, th.st, office.Administrator, office.TheCompany), held[0].ID, "2013-01-13"))
	tells(t, th.stranger.do(200, "GET", "/authority/differs"), "1 of 2 answers would be different.", `href="/decisions/`+ref+`"`, "Could answer (scheme 1, paragraph 7.4)", "Could not answer: no role was held on 14 January 2013")
	told := decoded[decisionsweb.DifferingJSON](t, th.stranger.do(200, "GET", "/authority/differs.json").Body.String())
	if len(told.Acts) != 1 || !told.Acts[0].Then.May || told.Acts[0].Today.May || told.Acts[0].Decision != ref {
		t.Errorf("%+v", told)
	}
	if rows := csvOf(t, th.stranger.do(200, "GET", "/authority/differs.csv").Body.String()); len(rows) != 2 {
		t.Errorf("%v", rows)
	}
	tells(t, th.stranger.do(200, "GET", "/authority/differs?before=1"), "There are no older answers.")
	th.stranger.do(422, "GET", "/authority/differs?before=x")
}
