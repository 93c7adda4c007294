package web

import (
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

// Words of a restricted part, which no stranger may ever be sent.
const secretPart = "Unit price of 17 pounds and a rebate of nine"

// chamber is a company of two owners, with everyone who has a part in a decision.
type chamber struct {
	theatre
	officerV, financeV, officialV, assocV, chairV, memberV store.Viewer
	chair, member                                          at
	n                                                      int
}

func sitting(t testing.TB) *chamber {
	t.Helper()
	c := &chamber{theatre: stage(t)}
	holder := func(k store.OfficeKind, body string) store.Viewer { return storetest.Holder(t, c.st, k, body) }
	c.officerV, c.financeV = holder(store.CompanyOfficer, store.TheCompany), holder(store.FinanceOfficer, store.TheCompany)
	c.officialV, c.assocV = holder(store.Official, store.HomeOffice), holder(store.AssociationOfficer, store.TheAssociation)
	c.chairV, c.memberV = holder(store.Chair, store.TheAssociation), holder(store.Scrutineer, store.TheAssociation)
	c.theatre.officer, c.official, c.assoc = as(t, c.Server, c.officerV), as(t, c.Server, c.officialV), as(t, c.Server, c.assocV)
	c.chair, c.member = as(t, c.Server, c.chairV), as(t, c.Server, c.memberV)
	return c
}

func (c *chamber) must(err error) {
	c.official.t.Helper()
	if err != nil {
		c.official.t.Fatal(err)
	}
}

// hosting is a whole paper at a whole-life value in pounds.
func hosting(pounds store.Pence) store.Paper {
	return store.Paper{Title: "Extend custody hosting by 12 months", Summary: "The contract for custody and case hosting ends on 31 March 2013. Passing it to 43 bodies cannot be finished by then.",
		Recommendation: "Extend contract C-88 to 31 March 2014 on its present terms.\nReport what is paid under it every month.", Reasons: "Novation to 43 bodies takes longer than the contract runs.",
		Options:   []store.Option{{Text: "Let it end"}, {Text: "Extend by 12 months", Cost: 159_240_000, Costed: true, Chosen: true}, {Text: "Buy again now", Cost: 177_240_000, Costed: true}},
		Financial: "Within the budget of the year.", Legal: "Clause 4 of the contract provides for it.", Equality: "None found.", Welsh: "The service is offered in Welsh in 4 areas; that does not change.", Risk: "Low.",
		Contract: "C-88", Supplier: "Alder Vale Hosting Ltd (sample)", Company: "99000101", Amount: pounds * 100, Whole: pounds * 100,
		Benefit: "Hosting costs less", BenefitAmount: 9_000_000, BenefitFrom: "2013-04-01", BenefitMeasure: "hosting paid for each month"}
}

// secret is a paper with a restricted part.
func secret(p store.Paper) (store.Paper, string) {
	p.Ground, p.Review = "Commercial interests", "2013-10-01"
	return p, secretPart
}

// put puts a paper forward, with every view given.
func (c *chamber) put(matter string, p store.Paper, part2 string) string {
	t := c.official.t
	t.Helper()
	draft, err := c.st.DraftDecision(t.Context(), c.officerV, store.DraftForm{Matter: matter, Paper: p, Part2: part2})
	c.must(err)
	ref, err := c.st.PutForward(t.Context(), c.officerV, draft, 1)
	c.must(err)
	c.views(ref)
	return ref
}

func (c *chamber) views(ref string) {
	t := c.official.t
	t.Helper()
	d := c.see(ref)
	for _, k := range d.ViewsWanted(d.Band) {
		by := c.financeV
		if k == store.LegalView {
			by = c.by
		}
		c.must(c.st.View(t.Context(), by, ref, d.Hash, k, "No objection."))
	}
}

func (c *chamber) see(ref string) store.DecisionAt {
	t := c.official.t
	t.Helper()
	d, err := c.st.Decision(t.Context(), c.by, ref)
	c.must(err)
	return d
}

func (c *chamber) open(ref string) {
	c.must(c.st.OpenDecision(c.official.t.Context(), c.by, ref, store.OpenForm{Way: store.ByApproval}))
}

func (c *chamber) say(v store.Viewer, ref string, choice store.BallotChoice) {
	c.official.t.Helper()
	c.must(c.st.Cast(c.official.t.Context(), v, ref, store.BallotForm{Hash: c.see(ref).Hash, Role: store.Votes, Choice: choice, Reason: "A reason."}))
}

// decide brings a decision to be made, and publishes its notice.
func (c *chamber) decide(p store.Paper, part2 string) string {
	t := c.official.t
	t.Helper()
	ref := c.put("contract", p, part2)
	c.open(ref)
	c.say(c.officialV, ref, store.For)
	c.say(c.assocV, ref, store.For)
	c.must(c.st.PublishDecision(t.Context(), c.by, ref, store.DayOf(c.st.Now())))
	return ref
}

