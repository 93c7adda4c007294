package store_test

import (
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

// A decision that was referred back and made once more has a second notice; the
// first still answers, as what was decided then.
func TestAFormerNoticeStillAnswers(t *testing.T) {
	c := begin(t)
	ref := c.put("contract", paper(6_125_800))
	decide := func() {
		t.Helper()
		c.must(storetest.Err(c.OpenDecision(t.Context(), c.secretary, ref, store.OpenForm{Way: store.ByApproval})))
		c.must(c.says(c.official, ref, store.For))
		c.must(c.says(c.assoc, ref, store.For))
		c.must(storetest.Err(c.PublishDecision(t.Context(), c.secretary, ref, store.DayOf(c.clock.Now()))))
	}
	decide()
	chair := storetest.Holder(t, c.Store, store.Chair, store.TheAssociation)
	for _, v := range []store.Viewer{chair, storetest.Holder(t, c.Store, store.Scrutineer, store.TheAssociation), storetest.Holder(t, c.Store, store.Scrutineer, store.TheAssociation)} {
		c.must(storetest.Err(c.SignCallIn(t.Context(), v, ref, "It was not treated as a key decision", "A reason.")))
	}
	if _, err := c.SignCallIn(t.Context(), storetest.Holder(t, c.Store, store.Scrutineer, store.TheAssociation), ref, "It was not treated as a key decision", "A reason."); store.KindOf(err) != store.Conflict {
		t.Errorf("a fourth signature: %v", err)
	}
	c.must(storetest.Err(c.HearCallIn(t.Context(), chair, ref, store.ReferBack, "The options lack a cost.")))
	if d := c.see(ref); d.Status != store.DecisionReferredBack || d.May.State != store.HoldReferredBack {
		t.Fatalf("%s, %s", d.Status, d.May.State)
	}
	d := c.see(ref)
	p := d.Paper
	p.Whole -= 100_00
	p.Amount = p.Whole
	c.must(storetest.Err(c.EditDecision(t.Context(), c.officer, ref, 1, store.DraftForm{Paper: p, Why: "Costs were added."})))
	if a, err := c.NoticeOf(t.Context(), store.Viewer{}, ref, 0); err != nil || a.Version != 1 || a.Notice != 1 {
		t.Errorf("while it is reconsidered the first notice does not answer: %v, version %d", err, a.Version)
	}
	for _, k := range []store.ViewKind{store.FinanceView, store.LegalView} {
		by := map[store.ViewKind]store.Viewer{store.FinanceView: c.finance, store.LegalView: c.secretary}[k]
		c.must(storetest.Err(c.View(t.Context(), by, ref, c.see(ref).Hash, k, "No objection.")))
	}
	c.clock.Day("2013-01-15")
	decide()
	first, err := c.NoticeOf(t.Context(), store.Viewer{}, ref, 1)
	c.must(err)
	second, err := c.NoticeOf(t.Context(), store.Viewer{}, ref, 0)
	c.must(err)
	if first.Version != 1 || first.Paper.Whole != 6_125_800_00 || second.Version != 2 || second.Notice != 2 || second.Paper.Whole != 6_125_700_00 || len(first.Notices) != 2 {
		t.Errorf("the first: version %d, %s; the second: version %d, %s", first.Version, first.Paper.Whole, second.Version, second.Paper.Whole)
	}
	if _, err := c.SignCallIn(t.Context(), chair, ref, "It was not treated as a key decision", "Again."); store.KindOf(err) != store.Conflict {
		t.Errorf("a reconsidered decision is called in again: %v", err)
	}
	if d := c.see(ref); !d.May.May {
		t.Errorf("a reconsidered decision is held: %s", d.May.Say)
	}
	if _, err := c.NoticeOf(t.Context(), store.Viewer{}, ref, 3); store.KindOf(err) != store.NotFound {
		t.Errorf("a third version: %v", err)
	}
	c.sound()
}
