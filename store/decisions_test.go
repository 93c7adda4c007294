package store_test

import (
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/storetest"
)

// paper is a whole paper about hosting at a whole-life value, in pounds.
func paper(pounds money.Pence) authority.Paper {
	return authority.Paper{Title: "Extend hosting by 12 months", Summary: "The contract ends on 31 March 2013.", Recommendation: "Extend it.", Reasons: "Novation takes longer.",
		Options: []authority.Option{{Text: "Let it end"}, {Text: "Extend", Cost: pounds * 100, Costed: true, Chosen: true}}, Financial: "Within the budget.", Legal: "Clause 4 provides for it.",
		Equality: "None found.", Welsh: "No change.", Risk: "Low.", Contract: "C-88", Supplier: "Alder Vale Hosting Ltd (sample)", Company: "99000101", Amount: pounds * 100, Whole: pounds * 100}
}

// put drafts a decision and puts it forward, with every view given.
func (c *cast) put(matter string, p authority.Paper) string {
	c.t.Helper()
	draft, err := decisions.SaveDraft(c.t.Context(), c.Tx, c.officer, decisions.DraftForm{Matter: matter, Paper: p})
	c.must(err)
	ref, _, err := decisions.PutForwardPaper(c.t.Context(), c.Tx, c.officer, draft, 1)
	c.must(err)
	d := c.see(ref)
	for _, k := range d.ViewsWanted(d.Band) {
		by := c.finance
		if k == authority.LegalView {
			by = c.secretary
		}
		c.must(storetest.Err(decisions.GiveView(c.t.Context(), c.Tx, by, ref, d.Hash, k, "No objection.")))
	}
	return ref
}

// authorised brings a decision about that names an effect and may be
// implemented now.
func (c *cast) authorised(matter string, e authority.Effect) string {
	c.t.Helper()
	return storetest.Authorised(c.t, c.Tx, c.clock, matter, e)
}

func (c *cast) see(ref string) decisions.Page {
	c.t.Helper()
	d, err := decisions.ReadPage(c.t.Context(), c.Tx, c.secretary, ref)
	c.must(err)
	return d
}

// says casts a ballot on the paper as it stands.
func (c *cast) says(v office.Viewer, ref string, choice authority.BallotChoice) error {
	c.t.Helper()
	return storetest.Err(decisions.Cast(c.t.Context(), c.Tx, v, ref, decisions.BallotForm{Hash: c.see(ref).Hash, Role: authority.Votes, Choice: choice, Reason: "A reason."}))
}

func TestAContractIsApprovedByBothOwners(t *testing.T) {
	c := begin(t)
	ref := c.put("contract", paper(6_125_800))
	if ref != "2013-001" {
		t.Errorf("the first reference of 2013 is %s", ref)
	}
	c.must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	c.must(c.says(c.official, ref, authority.For))
	if d := c.see(ref); d.Status != decisions.Open || d.Vote.For != 1 || d.Vote.Counted != 2 {
		t.Errorf("one yes of two: %s, %+v", d.Status, d.Vote)
	}
	if err := c.says(c.official2, ref, authority.For); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a second official of the same body: %v", err)
	}
	if err := c.says(c.officer, ref, authority.For); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("the proposer: %v", err)
	}
	c.must(c.says(c.assoc, ref, authority.For))
	d := c.see(ref)
	if d.Status != decisions.Made || !d.Tally.Carried() {
		t.Errorf("both said yes: %s, %+v", d.Status, d.Tally)
	}
	c.must(storetest.Err(decisions.Publish(t.Context(), c.Tx, c.secretary, ref, "2013-01-14")))
	for _, b := range c.see(ref).Ballots {
		if !b.Authority.May || b.Authority.Since != "2012-07-16" || b.Authority.Paragraph != "4.4" {
			t.Errorf("the authority kept: %+v", b.Authority)
		}
	}
	if v, err := store.Verify(t.Context(), c.Tx); err != nil || !v.OK() {
		t.Error(v.Fault, err)
	}
}

func TestAChangedPaperVoidsWhatWasApproved(t *testing.T) {
	c := begin(t)
	ref := c.put("contract", paper(6_125_800))
	c.must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	old := c.see(ref)
	c.must(c.says(c.official, ref, authority.For))
	p := old.Paper
	p.Whole += 100
	c.must(storetest.Err(decisions.Edit(t.Context(), c.Tx, c.officer, ref, 1, decisions.DraftForm{Paper: p, Why: "VAT had been counted."})))
	d := c.see(ref)
	if d.Status != decisions.PutForward || d.Version != 2 || d.Hash == old.Hash || d.Ballots[0].Counts() || !strings.Contains(d.Ballots[0].VoidWhy, "VAT had been counted") {
		t.Errorf("%s, version %d, %+v", d.Status, d.Version, d.Ballots)
	}
	if wanted := d.ViewsWanted(d.Band); len(wanted) != 2 {
		t.Errorf("views on the old paper still count: %v", wanted)
	}
	for _, k := range []authority.ViewKind{authority.FinanceView, authority.LegalView} {
		by := map[authority.ViewKind]office.Viewer{authority.FinanceView: c.finance, authority.LegalView: c.secretary}[k]
		c.must(storetest.Err(decisions.GiveView(t.Context(), c.Tx, by, ref, d.Hash, k, "No objection.")))
	}
	c.must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	_, err := decisions.Cast(t.Context(), c.Tx, c.official, ref, decisions.BallotForm{Hash: old.Hash, Role: authority.Votes, Choice: authority.For})
	if fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "version 2 now") {
		t.Errorf("an approval of the older version: %v", err)
	}
	if v, err := store.Verify(t.Context(), c.Tx); err != nil || !v.OK() {
		t.Error(v.Fault, err)
	}
}
