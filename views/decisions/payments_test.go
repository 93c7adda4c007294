package decisions

import (
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/report"
	spendview "github.com/police-ict/handover/views/spend"
)

func TestThePageOfADecisionTellsWhatWasPaidUnderIt(t *testing.T) {
	until := time.Date(2013, 1, 17, 17, 0, 0, 0, time.UTC)
	held := report.TiedLine{Line: spend.Line{ID: 7, Body: "kent", Pence: 600_00, Supplier: "Alder Vale Hosting Ltd (sample)"}, How: spend.TiedByContract,
		Under: spend.Under{Held: true, State: authority.HoldHeld, Until: until}, Judged: spend.JudgedHeld}
	sum := spend.Sum{Lines: 1, Pence: 600_00}
	with := func(change func(*report.DecisionPage)) report.DecisionPage {
		d := report.DecisionPage{Page: decisions.Page{Decision: decisions.Decision{Ref: "2013-001", Contract: "C-88"}}, Tied: []report.TiedLine{held}, Paid: report.TiedSums{Sum: sum, Held: sum, Agrees: true}}
		change(&d)
		return d
	}
	for name, k := range map[string]struct {
		d            report.DecisionPage
		tells, hides string
	}{
		"a payment":        {with(func(*report.DecisionPage) {}), "On hold until 17 January 2013, 5pm, as it stood on", noneTied},
		"its sum":          {with(func(*report.DecisionPage) {}), "£600.00 in 1 payment. " + spendview.NotAVerdict, "whose supplier is withheld"},
		"what is withheld": {with(func(d *report.DecisionPage) { d.Paid.Hidden = 2 }), "2 payments whose supplier is withheld", noneTied},
		"no sum that does not agree": {with(func(d *report.DecisionPage) { d.Paid.Agrees = false }),
			"Not shown: the payments do not add up to their source files", "£600.00 in 1 payment"},
		"none":           {with(func(d *report.DecisionPage) { d.Tied, d.Paid = nil, report.TiedSums{Agrees: true} }), noneTied, "£"},
		"not of a draft": {with(func(d *report.DecisionPage) { d.Ref = "" }), "", "Payments under this decision"},
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
