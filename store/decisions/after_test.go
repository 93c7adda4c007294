package decisions_test

import (
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/storetest"
)

// A decision that was referred back and made once more has a second notice; the
// first still answers, as what was decided then.
func TestAFormerNoticeStillAnswers(t *testing.T) {
	c := storetest.Begin(t)
	ref := c.PutForward("contract", storetest.HostingPaper(6_125_800))
	decide := func() {
		t.Helper()
		c.Must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.Secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
		c.Must(c.Vote(c.Official, ref, authority.For))
		c.Must(c.Vote(c.Association, ref, authority.For))
		c.Must(storetest.Err(decisions.Publish(t.Context(), c.Tx, c.Secretary, ref, civil.DayOf(c.Clock.Now()))))
	}
	decide()
	chair := storetest.Holder(t, c.Tx, office.Chair, office.TheAssociation)
	for _, v := range []office.Viewer{chair, storetest.Holder(t, c.Tx, office.Scrutineer, office.TheAssociation), storetest.Holder(t, c.Tx, office.Scrutineer, office.TheAssociation)} {
		c.Must(storetest.Err(decisions.SignCallIn(t.Context(), c.Tx, v, ref, "It was not treated as a key decision", "A reason.")))
	}
	if _, err := decisions.SignCallIn(t.Context(), c.Tx, storetest.Holder(t, c.Tx, office.Scrutineer, office.TheAssociation), ref, "It was not treated as a key decision", "A reason."); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a fourth signature: %v", err)
	}
	c.Must(storetest.Err(decisions.HearCallIn(t.Context(), c.Tx, chair, ref, authority.ReferBack, "The options lack a cost.")))
	if d := c.Decision(ref); d.Status != decisions.ReferredBack || d.May.State != authority.HoldReferredBack {
		t.Fatalf("%s, %s", d.Status, d.May.State)
	}
	d := c.Decision(ref)
	p := d.Paper
	p.Whole -= 100_00
	p.Amount = p.Whole
	c.Must(storetest.Err(decisions.Edit(t.Context(), c.Tx, c.Officer, ref, 1, decisions.DraftForm{Paper: p, Why: "Costs were added."})))
	if a, err := decisions.ReadNotice(t.Context(), c.Tx, office.Viewer{}, ref, 0); err != nil || a.Version != 1 || a.Notice != 1 {
		t.Errorf("while it is reconsidered the first notice does not answer: %v, version %d", err, a.Version)
	}
	for _, k := range []authority.ViewKind{authority.FinanceView, authority.LegalView} {
		by := map[authority.ViewKind]office.Viewer{authority.FinanceView: c.Finance, authority.LegalView: c.Secretary}[k]
		c.Must(storetest.Err(decisions.GiveView(t.Context(), c.Tx, by, ref, c.Decision(ref).Hash, k, "No objection.")))
	}
	c.Clock.Day("2013-01-15")
	decide()
	first, err := decisions.ReadNotice(t.Context(), c.Tx, office.Viewer{}, ref, 1)
	c.Must(err)
	second, err := decisions.ReadNotice(t.Context(), c.Tx, office.Viewer{}, ref, 0)
	c.Must(err)
	if first.Version != 1 || first.Paper.Whole != 6_125_800_00 || second.Version != 2 || second.Notice != 2 || second.Paper.Whole != 6_125_700_00 || len(first.Notices) != 2 {
		t.Errorf("the first: version %d, %s; the second: version %d, %s", first.Version, first.Paper.Whole, second.Version, second.Paper.Whole)
	}
	if _, err := decisions.SignCallIn(t.Context(), c.Tx, chair, ref, "It was not treated as a key decision", "Again."); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a reconsidered decision is called in again: %v", err)
	}
	if d := c.Decision(ref); !d.May.May {
		t.Errorf("a reconsidered decision is held: %s", d.May.Say)
	}
	if _, err := decisions.ReadNotice(t.Context(), c.Tx, office.Viewer{}, ref, 3); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a third version: %v", err)
	}
	c.Sound()
}
