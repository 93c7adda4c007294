package store_test

import (
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

// TestAnInterestKeepsPart2FromWhoeverHasIt has two commissioners whose bodies
// decide, one with an interest in the supplier on a version of the paper.
func TestAnInterestKeepsPart2FromWhoeverHasIt(t *testing.T) {
	t.Parallel()
	c, _, _, all := owned(t)
	interested, another := all[0], all[1]
	outsider := storetest.Holder(t, c.Store, store.Scrutineer, store.TheAssociation)
	_, err := c.DeclareInterest(t.Context(), interested, holding)
	c.must(err)
	p := paper(6_125_800)
	p.Company, p.Ground, p.Review = holding.Company, "Commercial interests", "2013-10-01"
	draft, err := c.DraftDecision(t.Context(), c.officer, store.DraftForm{Matter: "contract", Paper: p, Part2: "The first price."})
	c.must(err)
	ref, _, err := c.PutForward(t.Context(), c.officer, draft, 1)
	c.must(err)
	reads := func(when string, version int64, want map[string]string) {
		t.Helper()
		for name, v := range map[string]store.Viewer{"interested": interested, "another": another, "a scrutineer": outsider, "nobody": {}, "the secretary": c.secretary} {
			page, err := c.PaperOf(t.Context(), v, ref, version)
			c.must(err)
			if page.Part2 != want[name] {
				t.Errorf("%s, %s reads %q of version %d, want %q", when, name, page.Part2, version, want[name])
			}
			if d, err := c.Decision(t.Context(), v, ref); err != nil || d.Version == version && d.Part2 != want[name] {
				t.Errorf("%s, %s reads %q on the page: %v", when, name, d.Part2, err)
			}
		}
	}
	old := map[string]string{"another": "The first price.", "the secretary": "The first price."}
	reads("as put forward", 1, old)
	p.Company = "99000102"
	c.must(storetest.Err(c.EditDecision(t.Context(), c.officer, ref, 1, store.DraftForm{Paper: p, Part2: "The second price.", Why: "Another supplier."})))
	reads("with another supplier", 2, map[string]string{"interested": "The second price.", "another": "The second price.", "the secretary": "The second price."})
	reads("with another supplier", 1, old)
	c.must(storetest.Err(c.ReleasePart2(t.Context(), c.secretary, ref, "It is known.")))
	const open = "The second price."
	reads("once released", 2, map[string]string{"interested": open, "another": open, "a scrutineer": open, "nobody": open, "the secretary": open})
	reads("once released", 1, old)
	if v, err := c.Verify(t.Context()); err != nil || !v.OK() {
		t.Error(v.Fault, err)
	}
}
