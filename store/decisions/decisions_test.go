package decisions_test

import (
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/storetest"
)

func TestAContractIsApprovedByBothOwners(t *testing.T) {
	c := storetest.Begin(t)
	ref := c.PutForward("contract", storetest.HostingPaper(6_125_800))
	if ref != "2013-001" {
		t.Errorf("the first reference of 2013 is %s", ref)
	}
	c.Must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.Secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	c.Must(c.Vote(c.Official, ref, authority.For))
	if d := c.Decision(ref); d.Status != decisions.Open || d.Vote.For != 1 || d.Vote.Counted != 2 {
		t.Errorf("one yes of two: %s, %+v", d.Status, d.Vote)
	}
	if err := c.Vote(c.SecondOfficial, ref, authority.For); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a second official of the same body: %v", err)
	}
	if err := c.Vote(c.Officer, ref, authority.For); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("the proposer: %v", err)
	}
	c.Must(c.Vote(c.Association, ref, authority.For))
	d := c.Decision(ref)
	if d.Status != decisions.Made || !d.Tally.Carried() {
		t.Errorf("both said yes: %s, %+v", d.Status, d.Tally)
	}
	c.Must(storetest.Err(decisions.Publish(t.Context(), c.Tx, c.Secretary, ref, "2013-01-14")))
	for _, b := range c.Decision(ref).Ballots {
		if !b.Authority.May || b.Authority.Since != "2012-07-16" || b.Authority.Paragraph != "4.4" {
			t.Errorf("the authority kept: %+v", b.Authority)
		}
	}
	if v, err := store.Verify(t.Context(), c.Tx); err != nil || !v.OK() {
		t.Error(v.Fault, err)
	}
}

func TestAChangedPaperVoidsWhatWasApproved(t *testing.T) {
	c := storetest.Begin(t)
	ref := c.PutForward("contract", storetest.HostingPaper(6_125_800))
	c.Must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.Secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	old := c.Decision(ref)
	c.Must(c.Vote(c.Official, ref, authority.For))
	p := old.Paper
	p.Whole += 100
	c.Must(storetest.Err(decisions.Edit(t.Context(), c.Tx, c.Officer, ref, 1, decisions.DraftForm{Paper: p, Why: "VAT had been counted."})))
	d := c.Decision(ref)
	if d.Status != decisions.PutForward || d.Version != 2 || d.Hash == old.Hash || d.Ballots[0].Counts() || !strings.Contains(d.Ballots[0].VoidWhy, "VAT had been counted") {
		t.Errorf("%s, version %d, %+v", d.Status, d.Version, d.Ballots)
	}
	if wanted := d.ViewsWanted(d.Band); len(wanted) != 2 {
		t.Errorf("views on the old paper still count: %v", wanted)
	}
	for _, k := range []authority.ViewKind{authority.FinanceView, authority.LegalView} {
		by := map[authority.ViewKind]office.Viewer{authority.FinanceView: c.Finance, authority.LegalView: c.Secretary}[k]
		c.Must(storetest.Err(decisions.GiveView(t.Context(), c.Tx, by, ref, d.Hash, k, "No objection.")))
	}
	c.Must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.Secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	_, err := decisions.CastBallot(t.Context(), c.Tx, c.Official, ref, decisions.BallotForm{Hash: old.Hash, Role: authority.Votes, Choice: authority.For})
	if fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "Read version 2.") {
		t.Errorf("an approval of the older version: %v", err)
	}
	if v, err := store.Verify(t.Context(), c.Tx); err != nil || !v.OK() {
		t.Error(v.Fault, err)
	}
}
