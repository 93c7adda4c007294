package store_test

import (
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

// paper is a whole paper about hosting at a whole-life value, in pounds.
func paper(pounds store.Pence) store.Paper {
	return store.Paper{Title: "Extend hosting by 12 months", Summary: "The contract ends on 31 March 2013.", Recommendation: "Extend it.", Reasons: "Novation takes longer.",
		Options: []store.Option{{Text: "Let it end"}, {Text: "Extend", Cost: pounds * 100, Costed: true, Chosen: true}}, Financial: "Within the budget.", Legal: "Clause 4 provides for it.",
		Equality: "None found.", Welsh: "No change.", Risk: "Low.", Contract: "C-88", Supplier: "Alder Vale Hosting Ltd (sample)", Company: "99000101", Amount: pounds * 100, Whole: pounds * 100}
}

// put drafts a decision and puts it forward, with every view given.
func (c *cast) put(matter string, p store.Paper) string {
	c.t.Helper()
	draft, err := c.DraftDecision(c.t.Context(), c.officer, store.DraftForm{Matter: matter, Paper: p})
	c.must(err)
	ref, _, err := c.PutForward(c.t.Context(), c.officer, draft, 1)
	c.must(err)
	d := c.see(ref)
	for _, k := range d.ViewsWanted(d.Band) {
		by := c.finance
		if k == store.LegalView {
			by = c.secretary
		}
		c.must(storetest.Err(c.View(c.t.Context(), by, ref, d.Hash, k, "No objection.")))
	}
	return ref
}

// authorised brings a decision about that names an effect and may be
// implemented now.
func (c *cast) authorised(matter string, e store.Effect) string {
	c.t.Helper()
	return storetest.Authorised(c.t, c.Store, c.clock, matter, e)
}

func (c *cast) see(ref string) store.DecisionAt {
	c.t.Helper()
	d, err := c.Decision(c.t.Context(), c.secretary, ref)
	c.must(err)
	return d
}

// says casts a ballot on the paper as it stands.
func (c *cast) says(v store.Viewer, ref string, choice store.BallotChoice) error {
	c.t.Helper()
	return storetest.Err(c.Cast(c.t.Context(), v, ref, store.BallotForm{Hash: c.see(ref).Hash, Role: store.Votes, Choice: choice, Reason: "A reason."}))
}

func TestAContractIsApprovedByBothOwners(t *testing.T) {
	c := begin(t)
	ref := c.put("contract", paper(6_125_800))
	if ref != "2013-001" {
		t.Errorf("the first reference of 2013 is %s", ref)
	}
	c.must(storetest.Err(c.OpenDecision(t.Context(), c.secretary, ref, store.OpenForm{Way: store.ByApproval})))
	c.must(c.says(c.official, ref, store.For))
	if d := c.see(ref); d.Status != store.DecisionOpen || d.Vote.For != 1 || d.Vote.Counted != 2 {
		t.Errorf("one yes of two: %s, %+v", d.Status, d.Vote)
	}
	if err := c.says(c.official2, ref, store.For); store.KindOf(err) != store.Conflict {
		t.Errorf("a second official of the same body: %v", err)
	}
	if err := c.says(c.officer, ref, store.For); store.KindOf(err) != store.Forbidden {
		t.Errorf("the proposer: %v", err)
	}
	c.must(c.says(c.assoc, ref, store.For))
	d := c.see(ref)
	if d.Status != store.DecisionMade || !d.Tally.Carried() {
		t.Errorf("both said yes: %s, %+v", d.Status, d.Tally)
	}
	c.must(storetest.Err(c.PublishDecision(t.Context(), c.secretary, ref, "2013-01-14")))
	for _, b := range c.see(ref).Ballots {
		if !b.Authority.May || b.Authority.Since != "2012-07-16" || b.Authority.Paragraph != "4.4" {
			t.Errorf("the authority kept: %+v", b.Authority)
		}
	}
	if v, err := c.Verify(t.Context()); err != nil || !v.OK() {
		t.Error(v.Fault, err)
	}
}

func TestAChangedPaperVoidsWhatWasApproved(t *testing.T) {
	c := begin(t)
	ref := c.put("contract", paper(6_125_800))
	c.must(storetest.Err(c.OpenDecision(t.Context(), c.secretary, ref, store.OpenForm{Way: store.ByApproval})))
	old := c.see(ref)
	c.must(c.says(c.official, ref, store.For))
	p := old.Paper
	p.Whole += 100
	c.must(storetest.Err(c.EditDecision(t.Context(), c.officer, ref, 1, store.DraftForm{Paper: p, Why: "VAT had been counted."})))
	d := c.see(ref)
	if d.Status != store.DecisionPutForward || d.Version != 2 || d.Hash == old.Hash || d.Ballots[0].Counts() || !strings.Contains(d.Ballots[0].VoidWhy, "VAT had been counted") {
		t.Errorf("%s, version %d, %+v", d.Status, d.Version, d.Ballots)
	}
	if wanted := d.ViewsWanted(d.Band); len(wanted) != 2 {
		t.Errorf("views on the old paper still count: %v", wanted)
	}
	for _, k := range []store.ViewKind{store.FinanceView, store.LegalView} {
		by := map[store.ViewKind]store.Viewer{store.FinanceView: c.finance, store.LegalView: c.secretary}[k]
		c.must(storetest.Err(c.View(t.Context(), by, ref, d.Hash, k, "No objection.")))
	}
	c.must(storetest.Err(c.OpenDecision(t.Context(), c.secretary, ref, store.OpenForm{Way: store.ByApproval})))
	_, err := c.Cast(t.Context(), c.official, ref, store.BallotForm{Hash: old.Hash, Role: store.Votes, Choice: store.For})
	if store.KindOf(err) != store.Conflict || !strings.Contains(err.Error(), "version 2 now") {
		t.Errorf("an approval of the older version: %v", err)
	}
	if v, err := c.Verify(t.Context()); err != nil || !v.OK() {
		t.Error(v.Fault, err)
	}
}
