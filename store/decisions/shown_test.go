package decisions_test

import (
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
)

func TestADraftShowsWhoWouldDecideIt(t *testing.T) {
	c := storetest.Begin(t)
	for value, paragraph := range map[money.Pence]string{0: "", 20_000: "4.1", 80_000: "4.2", 600_000: "4.3", 5_000_000: "4.4"} {
		p := storetest.HostingPaper(value)
		p.Contract, p.Company, p.Supplier = "", "", ""
		ref, err := decisions.SaveDraft(t.Context(), c.Tx, c.Officer, decisions.DraftForm{Matter: "contract", Paper: p})
		c.Must(err)
		d, err := decisions.ReadPage(t.Context(), c.Tx, c.Officer, ref)
		c.Must(err)
		tried, err := decisions.TryAuthority(t.Context(), c.Tx, c.Officer, ref, 0, record.When{})
		c.Must(err)
		if d.Band.Paragraph != paragraph || value != 0 && tried.Band.Paragraph != paragraph || d.Unvalued() != (value == 0) {
			t.Errorf("a draft of %s shows paragraph %q, tried %q, want %q", value, d.Band.Paragraph, tried.Band.Paragraph, paragraph)
		}
	}
}

func TestADraftCountsWhatItIsRelatedTo(t *testing.T) {
	c := storetest.Begin(t)
	put := c.PutForward("contract", storetest.HostingPaper(200_000))
	ref, err := decisions.SaveDraft(t.Context(), c.Tx, c.Officer, decisions.DraftForm{Matter: "contract", Paper: storetest.HostingPaper(200_000)})
	c.Must(err)
	d, err := decisions.ReadPage(t.Context(), c.Tx, c.Officer, ref)
	c.Must(err)
	if len(d.Related) != 1 || d.Related[0].Ref != put || d.Band.Paragraph != "4.3" {
		t.Errorf("related to %v, by paragraph %s", d.Related, d.Band.Paragraph)
	}
}

func TestNobodyIsSaidToVoteWhereTheAnswerIsFixed(t *testing.T) {
	c := storetest.Begin(t)
	colleague := storetest.Holder(t, c.Tx, office.Official, office.HomeOffice)
	ref := c.PutForward("override", storetest.Naming(authority.Effect{Kind: authority.OverridesIt, Subject: "condition/seats"}))
	d := c.Decision(ref)
	c.Must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.Secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	says := func(by office.Viewer) (mine, listed bool) {
		a, err := decisions.ReadPage(t.Context(), c.Tx, by, ref)
		c.Must(err)
		for _, s := range a.Standing {
			listed = listed || s.Person == colleague.Person && s.May
		}
		return a.Mine.May, listed
	}
	if mine, listed := says(colleague); !mine || !listed {
		t.Errorf("before anybody answered: %v, %v", mine, listed)
	}
	c.Must(storetest.Err(decisions.CastBallot(t.Context(), c.Tx, c.Official, ref, decisions.BallotForm{Hash: d.Hash, Role: authority.Votes, Choice: authority.For})))
	if mine, listed := says(colleague); mine || listed {
		t.Errorf("after the body answered for good: %v, %v", mine, listed)
	}
	a, err := decisions.ReadPage(t.Context(), c.Tx, colleague, ref)
	c.Must(err)
	if why := a.Mine.Why(); why.Name != "answered" || why.OK {
		t.Errorf("%+v", why)
	}
}
