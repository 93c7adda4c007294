package scrutiny

import (
	"strings"
	"testing"

	"github.com/police-ict/handover/store/changes"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/seen"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/views/page"
)

func TestAFigureAsSeenAndNow(t *testing.T) {
	was, now := money.Pence(41_230_000), money.Pence(39_810_000)
	theSeen := func(p money.Pence, load int64, day civil.Day) seen.Figure {
		return seen.Figure{Ref: "spend?body=kent", Label: "Spend on police IT: Kent", Value: p.String(), Pence: &p, Rows: 1, Filter: "Kent, IT", Loads: []int64{load}, AsAt: day, Href: "/spend?body=kent"}
	}
	change := changes.Change{Was: theSeen(was, 402, "2012-09-03"), Now: theSeen(now, 517, "2012-10-15"), Rows: 2,
		Loads:  []changes.LoadChange{{Load: spend.Load{ID: 402, Status: spend.Replaced, ReplacedBy: 517}, N: 90, On: "2012-10-05", Why: "VAT had been counted"}},
		Before: []spend.Line{{ID: 5, Pence: was, Payee: payments.Withheld}}, After: []spend.Line{{ID: 6, Pence: now, Supplier: "Alder Vale Hosting Ltd (sample)"}}}
	for name, tt := range map[string]struct {
		change    changes.Change
		says, not []string
	}{
		"changed": {change, []string{"The figure then and now", "It was £412,300.00 and is now £398,100.00, because source file 402 was replaced by source file 517 on 5 October 2012: VAT had been counted.",
			"<del>£412,300.00</del>", "−£14,200.00", `href="/spend/loads/402"`, `href="/spend/lines/6"`, "2 differ", "Withheld"}, nil},
		"the same": {changes.Change{Was: change.Was, Now: change.Was}, []string{"It is the same now."}, []string{"<del>", "differ"}},
		"gone":     {changes.Change{Was: change.Was, Now: change.Was, Gone: true}, []string{"no longer available here", "<del>"}, []string{"Difference"}},
		"an event": {changes.Change{Was: seen.Figure{Ref: "event/3", Label: "Event 3"}, Now: seen.Figure{Ref: "event/3", Label: "Event 3"}}, []string{"About", "Event 3"}, []string{"<table"}},
	} {
		var b strings.Builder
		if err := SeenAndNow(tt.change).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		for _, text := range tt.says {
			if !strings.Contains(b.String(), text) {
				t.Errorf("%s: it does not say %q:\n%s", name, text, b.String())
			}
		}
		for _, text := range tt.not {
			if strings.Contains(b.String(), text) {
				t.Errorf("%s: it says %q:\n%s", name, text, b.String())
			}
		}
	}
}

func TestAReferenceIsEscapedInItsLink(t *testing.T) {
	var b strings.Builder
	if err := page.Ask("spend?body=kent&text=a b", "Spend").Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	if want := `href="/questions/new?about=spend%3Fbody%3Dkent%26text%3Da+b"`; !strings.Contains(b.String(), want) || !strings.Contains(b.String(), `Ask about this<span class="unseen">: Spend</span>`) {
		t.Errorf("the link is %s", b.String())
	}
}
