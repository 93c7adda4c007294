package decisions_test

import (
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/storetest"
)

// TestAnInterestKeepsPart2FromWhoeverHasIt has two commissioners whose bodies
// decide, one with an interest in the supplier on a version of the paper.
func TestAnInterestKeepsPart2FromWhoeverHasIt(t *testing.T) {
	t.Parallel()
	c, _, _, all := owned(t)
	interested, another := all[0], all[1]
	outsider := storetest.Holder(t, c.Tx, office.Scrutineer, office.TheAssociation)
	elsewhere := storetest.Holder(t, c.Tx, office.FinanceOfficer, office.TheCompany)
	elsewhere.Office.Body = "elsewhere" // a permission of the body that proposed it counts there alone
	_, err := decisions.DeclareInterest(t.Context(), c.Tx, interested, holding)
	c.Must(err)
	p := storetest.HostingPaper(6_125_800)
	p.Company, p.Ground, p.Review = holding.Company, "Commercial interests", "2013-10-01"
	draft, err := decisions.SaveDraft(t.Context(), c.Tx, c.Officer, decisions.DraftForm{Matter: "contract", Paper: p, Part2: "The first price."})
	c.Must(err)
	ref, _, err := decisions.PutForwardPaper(t.Context(), c.Tx, c.Officer, draft, 1)
	c.Must(err)
	reads := func(when string, version int64, want map[string]string) {
		t.Helper()
		for name, v := range map[string]office.Viewer{"interested": interested, "another": another, "a scrutineer": outsider, "the administrator": c.Administrator, "an officer of elsewhere": elsewhere, "nobody": {}, "the secretary": c.Secretary} {
			page, err := decisions.ReadPaper(t.Context(), c.Tx, v, ref, version)
			c.Must(err)
			if page.Part2 != want[name] {
				t.Errorf("%s, %s reads %q of version %d, want %q", when, name, page.Part2, version, want[name])
			}
			if d, err := decisions.ReadPage(t.Context(), c.Tx, v, ref); err != nil || d.Version == version && d.Part2 != want[name] {
				t.Errorf("%s, %s reads %q on the page: %v", when, name, d.Part2, err)
			}
		}
	}
	old := map[string]string{"another": "The first price.", "a scrutineer": "The first price.", "the secretary": "The first price."}
	reads("as put forward", 1, old)
	p.Company = "99000102"
	c.Must(storetest.Err(decisions.Edit(t.Context(), c.Tx, c.Officer, ref, 1, decisions.DraftForm{Paper: p, Part2: "The second price.", Why: "Another supplier."})))
	reads("with another supplier", 2, map[string]string{"interested": "The second price.", "another": "The second price.", "a scrutineer": "The second price.", "the secretary": "The second price."})
	reads("with another supplier", 1, old)
	c.Must(storetest.Err(decisions.ReleasePart2(t.Context(), c.Tx, c.Secretary, ref, "It is known.")))
	const open = "The second price."
	reads("once released", 2, map[string]string{"interested": open, "another": open, "a scrutineer": open, "the administrator": open, "an officer of elsewhere": open, "nobody": open, "the secretary": open})
	reads("once released", 1, old)
	if v, err := store.Verify(t.Context(), c.Tx); err != nil || !v.OK() {
		t.Error(v.Fault, err)
	}
}
