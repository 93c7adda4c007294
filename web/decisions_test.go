package web

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
	decisionsweb "github.com/police-ict/handover/web/decisions"
	"github.com/police-ict/handover/web/serve"
)

// Words of a restricted part, which no stranger may ever be sent.
const secretPart = "Unit price of 17 pounds and a rebate of nine"

// gallery is a company of two owners, with everyone who has a part in a decision.
type gallery struct {
	theatre
	officerV, financeV, officialV, assocV, chairV, memberV office.Viewer
	chair, member                                          at
}

func sitting(t testing.TB) *gallery {
	t.Helper()
	c := &gallery{theatre: stage(t)}
	holder := func(k office.Kind, body string) office.Viewer { return storetest.Holder(t, c.st, k, body) }
	c.officerV, c.financeV = holder(office.CompanyOfficer, office.TheCompany), holder(office.FinanceOfficer, office.TheCompany)
	c.officialV, c.assocV = holder(office.Official, office.HomeOffice), holder(office.AssociationOfficer, office.TheAssociation)
	c.chairV, c.memberV = holder(office.Chair, office.TheAssociation), holder(office.Scrutineer, office.TheAssociation)
	c.theatre.officer, c.official, c.assoc = as(t, c.Server, c.officerV), as(t, c.Server, c.officialV), as(t, c.Server, c.assocV)
	c.chair, c.member = as(t, c.Server, c.chairV), as(t, c.Server, c.memberV)
	return c
}

func (c *gallery) must(err error) {
	c.official.t.Helper()
	if err != nil {
		c.official.t.Fatal(err)
	}
}

// hosting is a whole paper at a whole-life value in pounds.
func hosting(pounds money.Pence) authority.Paper {
	return authority.Paper{Title: "Extend custody hosting by 12 months", Summary: "The contract for custody and case hosting ends on 31 March 2013. Passing it to 43 bodies cannot be finished by then.",
		Recommendation: "Extend contract C-88 to 31 March 2014 on its present terms.\nReport what is paid under it every month.", Reasons: "Novation to 43 bodies takes longer than the contract runs.",
		Options:   []authority.Option{{Text: "Let it end"}, {Text: "Extend by 12 months", Cost: 159_240_000, Costed: true, Chosen: true}, {Text: "Buy again now", Cost: 177_240_000, Costed: true}},
		Financial: "Within the budget of the year.", Legal: "Clause 4 of the contract provides for it.", Equality: "None found.", Welsh: "The service is offered in Welsh in 4 areas; that does not change.", Risk: "Low.",
		Contract: "C-88", Supplier: "Alder Vale Hosting Ltd (sample)", Company: "99000101", Amount: pounds * 100, Whole: pounds * 100,
		Benefit: "Hosting costs less", BenefitAmount: 9_000_000, BenefitFrom: "2013-04-01", BenefitMeasure: "hosting paid for each month"}
}

// secret is a paper with a restricted part.
func secret(p authority.Paper) (authority.Paper, string) {
	p.Ground, p.Review = "Commercial interests", "2013-10-01"
	return p, secretPart
}

// put puts a paper forward, with every view given.
func (c *gallery) put(matter string, p authority.Paper, part2 string) string {
	t := c.official.t
	t.Helper()
	draft, err := decisions.SaveDraft(t.Context(), c.st, c.officerV, decisions.DraftForm{Matter: matter, Paper: p, Part2: part2})
	c.must(err)
	ref, _, err := decisions.PutForwardPaper(t.Context(), c.st, c.officerV, draft, 1)
	c.must(err)
	c.views(ref)
	return ref
}

func (c *gallery) views(ref string) {
	t := c.official.t
	t.Helper()
	d := c.see(ref)
	for _, k := range d.ViewsWanted(d.Band) {
		by := c.financeV
		if k == authority.LegalView {
			by = c.by
		}
		c.must(storetest.Err(decisions.GiveView(t.Context(), c.st, by, ref, d.Hash, k, "No objection.")))
	}
}

func (c *gallery) see(ref string) decisions.Page {
	t := c.official.t
	t.Helper()
	d, err := decisions.ReadPage(t.Context(), c.st, c.by, ref)
	c.must(err)
	return d
}

func (c *gallery) open(ref string) {
	c.must(storetest.Err(decisions.OpenVoting(c.official.t.Context(), c.st, c.by, ref, decisions.OpenForm{Way: authority.ByApproval})))
}

func (c *gallery) say(v office.Viewer, ref string, choice authority.BallotChoice) {
	c.official.t.Helper()
	c.must(storetest.Err(decisions.CastBallot(c.official.t.Context(), c.st, v, ref, decisions.BallotForm{Hash: c.see(ref).Hash, Role: authority.Votes, Choice: choice, Reason: "A reason."})))
}

// decide brings a decision to be made, and publishes its notice.
func (c *gallery) decide(p authority.Paper, part2 string) string {
	t := c.official.t
	t.Helper()
	ref := c.put("contract", p, part2)
	c.open(ref)
	c.say(c.officialV, ref, authority.For)
	c.say(c.assocV, ref, authority.For)
	c.must(storetest.Err(decisions.Publish(t.Context(), c.st, c.by, ref, civil.DayOf(c.st.Now()))))
	return ref
}

// forms are the addresses under which a page may be had.
var forms = []string{"", ".json", ".csv", ".atom"}

func TestDecisionsAreFilteredInEveryForm(t *testing.T) {
	c := sitting(t)
	says(t, c.stranger.do(200, "GET", "/decisions"), "No decision has been proposed yet")
	held := c.decide(hosting(6_125_800), "")
	open := hosting(30_000)
	open.Title, open.Contract, open.Company, open.Supplier = "Buy a licence of Fernhall", "C-9", "99000102", "Fernhall Widgets Ltd (sample)"
	c.open(c.put("contract", open, ""))
	policy := hosting(0)
	policy.Title, policy.Contract, policy.Company, policy.Supplier, policy.Amount, policy.Whole = "Publish every month", "", "", "", 0, 0
	c.put("policy", policy, "")
	for query, want := range map[string][]string{
		"": {"2013-003", "2013-002", "2013-001"}, "before=2013-002": {"2013-001"},
		"state=held": {"2013-001"}, "state=open": {"2013-002"}, "state=put+forward": {"2013-003"}, "state=implemented": {},
		"kind=policy": {"2013-003"}, "kind=contract": {"2013-002", "2013-001"}, "body=company": {"2013-003", "2013-002", "2013-001"}, "body=kent": {},
		"office=company+officer": {"2013-003", "2013-002", "2013-001"}, "office=finance+officer": {},
		"min=30,000.01": {"2013-001"}, "max=30000": {"2013-003", "2013-002"}, "min=30000&max=30000": {"2013-002"},
		"may=yes": {}, "may=no": {"2013-003", "2013-002", "2013-001"}, "q=fernhall+lic": {"2013-002"}, "q=C-88": {"2013-001"}, "q=nothing": {},
	} {
		var refs []string
		for _, d := range decoded[decisionsweb.ListJSON](t, c.stranger.do(200, "GET", "/decisions.json?"+query).Body.String()).Decisions {
			refs = append(refs, d.Ref)
		}
		if !slices.Equal(refs, want) {
			t.Errorf("%s: JSON has %v, want %v", query, refs, want)
		}
		rows := csvOf(t, c.stranger.do(200, "GET", "/decisions.csv?"+query).Body.String())[1:]
		page, atom := c.stranger.do(200, "GET", "/decisions?"+query).Body.String(), c.stranger.do(200, "GET", "/decisions.atom?"+query).Body.String()
		if len(rows) != len(want) {
			t.Errorf("%s: CSV has %v, want %v", query, rows, want)
		}
		for _, ref := range []string{"2013-001", "2013-002", "2013-003"} {
			listed := slices.Contains(want, ref)
			if strings.Contains(page, `href="/decisions/`+ref+`"`) != listed || query != "before=2013-002" && strings.Contains(atom, "/decisions/"+ref+"<") != listed { // a feed has pages of its own
				t.Errorf("%s: page or feed is wrong about %s", query, ref)
			}
		}
		if len(want) == 0 && !strings.Contains(page, "No decisions match this filter.") {
			t.Errorf("%s: the page does not say that none is so", query)
		}
	}
	says(t, c.stranger.do(200, "GET", "/decisions"), "3 decisions", "£6,125,800.00", "On hold", "until 21 January 2013: call-in, 0 of 3 signatures")
	for query, fault := range map[string]string{"state=lost": "There is no such status", "body=atlantis": "There is no such body", "office=king": "There is no such type of role", "may=perhaps": "yes or no", "min=much": "is not an amount of money"} {
		says(t, c.stranger.do(422, "GET", "/decisions?"+query), "This page cannot be shown", fault)
		c.stranger.do(422, "GET", "/decisions.json?"+query)
	}
	c.clock.Set(c.see(held).May.Closes)
	if got := decoded[decisionsweb.ListJSON](t, c.stranger.do(200, "GET", "/decisions.json?may=yes").Body.String()); len(got.Decisions) != 1 || got.Decisions[0].May.Answer != "yes" || got.Decisions[0].State != "may be implemented" || got.Next != nil {
		t.Errorf("once the call-in is closed: %+v", got)
	}
}

func TestADecisionsPageAnswersWhetherItMayBeImplemented(t *testing.T) {
	c := sitting(t)
	ref := c.decide(hosting(6_125_800), "")
	path := "/decisions/" + ref
	says(t, c.stranger.do(200, "GET", path), "No. It may be implemented from 5pm on 21 January 2013 unless it is called in before then.", "0 of 3 signatures. Call-in closes at 5pm on Monday 21 January 2013", "How this was worked out",
		"Every member of the company, by the approval of each", "Yes (paragraph 4.4)", "£6,125,800.00", "Measured so far: cannot tell yet", "company number 99000101",
		"Home Office, since 16 July 2012", "(scheme 1, paragraph 4.4)", "2 of 2 votes for, 2 needed", "Carried", "The person is not the proposer.",
		"Home Office: approved", "Next: At 5pm on 21 January 2013", "Call-in closes", path+"/notice")
	told := decoded[decisionsweb.PageJSON](t, c.stranger.do(200, "GET", path+".json").Body.String())
	if m := told.May; m.Answer != "no" || m.From == nil || *m.From != "2013-01-21T17:00:00.000000Z" || m.Why == "" {
		t.Errorf("may it be implemented: %+v", m)
	}
	if len(told.Authority) < 18 || len(told.Ballots) != 2 || told.Votes.For != 2 || told.State != "held" || told.Ref != ref || told.Paper.Whole != 612_580_000 {
		t.Errorf("%d rows of authority, %+v", len(told.Authority), told.Votes)
	}
	for _, r := range told.Authority {
		if r.Person == 0 || r.Office == "" || r.Rule == "" || r.Fact == "" || r.Result != "holds" || !r.May {
			t.Errorf("a rule applied: %+v", r)
		}
	}
	says(t, c.stranger.do(200, "GET", path+".atom"), "<feed", "Notice published", "Home Office: approved", "Decision proposed: version 1 of the paper")

	// The answer changes at the closing instant, although nothing is recorded.
	c.clock.Set(c.see(ref).May.Closes.Add(-time.Microsecond))
	says(t, c.stranger.do(200, "GET", path), "No. It may be implemented from 5pm on 21 January 2013")
	c.clock.Set(c.see(ref).May.Closes)
	says(t, c.stranger.do(200, "GET", path), "Yes, since 5pm on 21 January 2013.")
	if m := decoded[decisionsweb.PageJSON](t, c.stranger.do(200, "GET", path+".json").Body.String()).May; m.Answer != "yes" || m.Why == "" {
		t.Errorf("after the close: %+v", m)
	}
}

func TestTheButtonsOfADecisionAreThoseOfTheOffice(t *testing.T) {
	c := sitting(t)
	ref := c.put("contract", hosting(6_125_800), "")
	path := "/decisions/" + ref
	has := func(who at, main int, acts ...string) {
		t.Helper()
		page := who.do(200, "GET", path).Body.String()
		for _, m := range decisions.Life {
			if got := strings.Contains(page, `href="`+path+"/"+string(m.Act)+`"`); got != slices.Contains(acts, string(m.Act)) {
				t.Errorf("%s of %s: shown is %v", m.Act, ref, got)
			}
		}
		if n := strings.Count(page, `class="button" href="`+path+"/"); n != main {
			t.Errorf("%d buttons stand out of %v", n, acts)
		}
	}
	has(c.stranger, 0)
	has(c.secretary, 1, "open", "edit", "defer", "withdraw")
	has(c.official, 0)
	c.open(ref)
	has(c.official, 1, "vote", "return")
	has(c.secretary, 0, "edit", "defer", "withdraw")
	says(t, c.theatre.officer.do(200, "GET", path), "You cannot vote on this", "the role is company officer")
	c.say(c.officialV, ref, authority.For)
	has(c.official, 0, "return")
}

func TestADraftIsForItsOwnBodyAlone(t *testing.T) {
	c := sitting(t)
	draft, err := decisions.SaveDraft(t.Context(), c.st, c.officerV, decisions.DraftForm{Matter: "contract", Paper: hosting(6_125_800)})
	c.must(err)
	path := "/decisions/" + draft
	for _, tail := range []string{"", "/paper/1", "/notice", "/authority"} {
		c.stranger.do(404, "GET", path+tail)
		c.official.do(404, "GET", path+tail)
	}
	says(t, c.officer.do(200, "GET", path), "Extend custody hosting by 12 months", "Draft 1", "who can propose decisions see this draft")
	says(t, c.officer.do(200, "GET", "/decisions?drafts=yes"), "1 draft", `href="`+path+`"`)
	c.official.do(403, "GET", "/decisions?drafts=yes")
	c.stranger.do(403, "GET", "/decisions?drafts=yes")
	for _, page := range []string{"/decisions", "/decisions.csv", "/decisions.json", "/decisions.atom", "/record", "/record.csv", "/"} {
		if w := c.stranger.do(200, "GET", page); strings.Contains(w.Body.String(), "custody hosting") || strings.Contains(w.Body.String(), "draft-1") {
			t.Errorf("%s tells of a draft", page)
		}
	}
	ref, _, err := decisions.PutForwardPaper(t.Context(), c.st, c.officerV, draft, 1)
	c.must(err)
	for from, to := range map[string]string{path: "/decisions/" + ref, path + ".json": "/decisions/" + ref + ".json", path + "/paper/1": "/decisions/" + ref + "/paper/1",
		path + "/authority.csv?person=2": "/decisions/" + ref + "/authority.csv?person=2"} {
		if got := c.stranger.do(303, "GET", from).Header().Get("Location"); got != to {
			t.Errorf("%s leads to %s, want %s", from, got, to)
		}
	}
}

func TestPart2ReachesNoStranger(t *testing.T) {
	t.Parallel()
	c := sitting(t)
	p, part2 := secret(hosting(6_125_800))
	ref := c.decide(p, part2)
	path := "/decisions/" + ref
	strangers := []at{c.stranger, c.kent}
	nowhere := func() {
		t.Helper()
		pages := []string{"/", "/decisions", "/record", "/interests", path, path + "/paper/1", path + "/notice", path + "/notice/1", path + "/authority"}
		h, err := record.ReadHead(t.Context(), c.st)
		c.must(err)
		for n := range h.Size {
			pages = append(pages, "/record/"+serve.Digits(n+1))
		}
		for _, who := range strangers {
			for _, page := range pages {
				for _, f := range forms {
					if body := who.send("GET", page+f).Body.String(); strings.Contains(body, "Unit price of 17") || strings.Contains(body, "rebate of nine") {
						t.Errorf("%s%s holds the restricted part", page, f)
					}
				}
			}
		}
	}
	nowhere()
	says(t, c.stranger.do(200, "GET", path), "Restricted", "Ground: Commercial interests.", "1 October 2013", c.see(ref).Paper.Commitment)
	for _, who := range []at{c.officer, c.official, c.secretary, c.chair} { // the chair may call it in
		says(t, who.do(200, "GET", path), secretPart)
		says(t, who.do(200, "GET", path+"/paper/1"), secretPart)
		says(t, who.do(200, "GET", path+".json"), secretPart)
	}
	if w := c.official.do(200, "GET", path+"/notice"); strings.Contains(w.Body.String(), secretPart) {
		t.Error("the notice of a restricted part holds it")
	}
	c.must(storetest.Err(decisions.ReleasePart2(t.Context(), c.st, c.by, ref, "The contract has ended.")))
	for _, page := range []string{path, path + "/paper/1", path + "/notice", path + ".json"} {
		says(t, c.stranger.do(200, "GET", page), secretPart)
	}
	says(t, c.stranger.do(200, "GET", path), "Released")
}

func TestAPaperShowsWhatItChanged(t *testing.T) {
	c := sitting(t)
	ref := c.put("contract", hosting(6_125_800), "")
	path := "/decisions/" + ref + "/paper/"
	c.open(ref)
	c.say(c.officialV, ref, authority.For)
	p := hosting(6_069_000)
	c.must(storetest.Err(decisions.Edit(t.Context(), c.st, c.officerV, ref, 1, decisions.DraftForm{Paper: p, Why: "VAT had been counted"})))
	says(t, c.stranger.do(200, "GET", path+"2"), "VAT had been counted.", "<del>£6,125,800.00</del>", "<ins>£6,069,000.00</ins>", "1 answer to the earlier version no longer counts", "Home Office: approved", path+"1")
	first := c.stranger.do(200, "GET", path+"1")
	says(t, first, "This is not the latest version.", "£6,125,800.00", "No objection.")
	if strings.Contains(first.Body.String(), "<del>") || strings.Contains(first.Body.String(), "In effect from") {
		t.Error("the first version shows a difference, or a field that is empty")
	}
	told := decoded[decisionsweb.PaperJSON](t, c.stranger.do(200, "GET", path+"2.json").Body.String())
	if len(told.Changes) != 2 || told.Changes[1] != (decisionsweb.ChangeJSON{Field: "Whole-life value", Was: "£6,125,800.00", Now: "£6,069,000.00"}) || len(told.Voided) != 1 || told.Last != 2 {
		t.Errorf("%+v", told)
	}
	for _, n := range []string{"0", "3", "x"} {
		c.stranger.do(404, "GET", path+n)
	}
	says(t, c.stranger.do(200, "GET", "/decisions/"+ref), "Paper changed: version 2 of the paper", "The answer of Home Office no longer counts")
}

func TestANoticeAnswersUnderEachOfItsVersions(t *testing.T) {
	c := sitting(t)
	ref := c.put("contract", hosting(6_125_800), "")
	path := "/decisions/" + ref + "/notice"
	c.open(ref)
	says(t, c.stranger.do(404, "GET", path), "The notice of this decision has not been published yet.")
	c.say(c.officialV, ref, authority.For)
	c.say(c.assocV, ref, authority.For)
	c.clock.Day("2013-01-16")
	c.must(storetest.Err(decisions.Publish(t.Context(), c.st, c.by, ref, "2013-01-15")))
	says(t, c.stranger.do(200, "GET", path), "Decision notice 2013‑001", "<dd>14 January 2013</dd>", "<dd>15 January 2013</dd>", "<dd>16 January 2013, midday</dd>", "Nobody voted against or abstained.",
		"Every member of the company, by the approval of each", "2. Extend by 12 months", "£1,592,400.00", "The service is offered in Welsh", "Finance view, 14 January 2013", c.see(ref).Hash)
	c.must(storetest.Err(decisions.Correct(t.Context(), c.st, c.by, ref, "2013-01-16", "The contract is C-88, not C-8")))
	says(t, c.stranger.do(200, "GET", path), "Corrected on 16 January 2013:", "The contract is C-88, not C-8.", "Version 2 of the notice")
	old := c.stranger.do(200, "GET", path+"/1")
	says(t, old, "This is not the latest version.", "Version 1 of the notice")
	if strings.Contains(old.Body.String(), "not C-8") {
		t.Error("the first version holds a correction of the second")
	}
	c.stranger.do(404, "GET", path+"/3")
}

func TestAnyoneIsTriedOnAnyDay(t *testing.T) {
	c := sitting(t)
	ref := c.put("contract", hosting(6_125_800), "")
	path := "/decisions/" + ref + "/authority"
	says(t, c.stranger.do(200, "GET", path), "who could decide", "official, Home Office", "May decide")
	person := serve.Digits(c.officialV.Person)
	says(t, c.stranger.do(200, "GET", path+"?person="+person), "Yes, as official, Home Office.", "Home Office has been a member since 16 July 2012")
	says(t, c.stranger.do(200, "GET", path+"?as_at=2012-07-15&person="+person), "No, because ", "15 July 2012")
	says(t, c.stranger.do(200, "GET", path+"?person="+serve.Digits(c.officerV.Person)), "No, because the role is company officer")
	says(t, c.stranger.do(200, "GET", path+"?person=999999"), "No, because no role was held on 14 January 2013.")
	says(t, c.stranger.do(200, "GET", path+"?known_on=1"), "as recorded by entry 1")
	told := decoded[decisionsweb.TriedJSON](t, c.stranger.do(200, "GET", path+".json?person="+person).Body.String())
	rows := csvOf(t, c.stranger.do(200, "GET", path+".csv?person="+person).Body.String())[1:]
	if len(told.Authority) != 9 || len(rows) != 9 || told.Authority[0].Person != c.officialV.Person || told.AsAt != "2013-01-14" {
		t.Errorf("%d rules as JSON, %d as CSV: %+v", len(told.Authority), len(rows), told)
	}
	c.stranger.do(422, "GET", path+"?as_at=2012-02-31")
	c.stranger.do(422, "GET", path+"?person=me")
	if strings.Contains(c.stranger.do(200, "GET", path).Body.String(), "official for Home Office (sample)") {
		t.Error("a stranger reads the name of a person")
	}
	says(t, c.official.do(200, "GET", path), "official for Home Office (sample)")
}
