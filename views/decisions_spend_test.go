package views

import (
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
)

func TestThePageOfADecisionTellsWhatWasPaidUnderIt(t *testing.T) {
	until := time.Date(2013, 1, 17, 17, 0, 0, 0, time.UTC)
	held := store.TiedLine{Line: store.Line{ID: 7, Body: "kent", Pence: 600_00, Supplier: "Alder Vale Hosting Ltd (sample)"}, How: store.TiedByContract,
		Under: store.Under{Held: true, State: store.HoldHeld, Until: until}}
	sum := store.Sum{Lines: 1, Pence: 600_00}
	with := func(change func(*store.DecisionPage)) store.DecisionPage {
		d := store.DecisionPage{DecisionAt: store.DecisionAt{Decision: store.Decision{Ref: "2013-001", Contract: "C-88"}}, Tied: []store.TiedLine{held}, Paid: store.TiedSums{Sum: sum, Held: sum, Agrees: true}}
		change(&d)
		return d
	}
	for name, k := range map[string]struct {
		d            store.DecisionPage
		tells, hides string
	}{
		"a payment":        {with(func(*store.DecisionPage) {}), "Held until 17 January 2013, 5:00pm, as it stood then", noneTied},
		"its sum":          {with(func(*store.DecisionPage) {}), "£600.00 in 1 payment. " + NotAVerdict, "whose supplier is withheld"},
		"what is withheld": {with(func(d *store.DecisionPage) { d.Paid.Hidden = 2 }), "2 payments whose supplier is withheld", noneTied},
		"no sum that does not agree": {with(func(d *store.DecisionPage) { d.Paid.Agrees = false }),
			"Withheld: does not reconcile", "£600.00 in 1 payment"},
		"none":           {with(func(d *store.DecisionPage) { d.Tied, d.Paid = nil, store.TiedSums{Agrees: true} }), noneTied, "£"},
		"not of a draft": {with(func(d *store.DecisionPage) { d.Ref = "" }), "", "Paid under it"},
	} {
		var b strings.Builder
		if err := spendOfDecision(k.d).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), k.tells) || strings.Contains(b.String(), k.hides) {
			t.Errorf("%s: %s", name, b.String())
		}
	}
}
