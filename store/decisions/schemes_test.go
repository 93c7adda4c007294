package decisions_test

import (
	"strings"
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/storetest"
)

// adopting makes a decision that names a version of the scheme, and publishes it.
func adopting(c *storetest.Cast, subject string) string {
	c.T.Helper()
	p := storetest.HostingPaper(0)
	p.Title, p.Contract, p.Supplier, p.Company = "Adopt "+subject, "", "", ""
	p.Effects = []authority.Effect{{Kind: authority.AdoptsScheme, Subject: subject}}
	ref := c.PutForward("scheme", p)
	c.Must(storetest.Err(decisions.OpenVoting(c.T.Context(), c.Tx, c.Secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	c.Must(c.Vote(c.Official, ref, authority.For))
	c.Must(c.Vote(c.Association, ref, authority.For))
	c.Must(storetest.Err(decisions.Publish(c.T.Context(), c.Tx, c.Secretary, ref, civil.DayOf(c.Clock.Now()))))
	return ref
}

func TestAVersionHasForceFromItsAdoptionAndNeverBefore(t *testing.T) {
	c := storetest.Begin(t)
	ctx := t.Context()
	third := strings.Replace(strings.Replace(storetest.ShippedSchemes(t)[0], `"2012-07-16"`, `"2012-12-01"`, 1), `"resolution_days": 28`, `"resolution_days": 14`, 1)
	if _, err := decisions.ProposeScheme(ctx, c.Tx, c.Officer, third); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a company officer put in a scheme: %v", err)
	}
	if _, err := decisions.ProposeScheme(ctx, c.Tx, c.Secretary, storetest.ShippedSchemes(t)[1]); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "same as version 2") {
		t.Errorf("version 2 once more: %v", err)
	}
	n, err := decisions.ProposeScheme(ctx, c.Tx, c.Secretary, third)
	c.Must(err)
	ref := adopting(c, "scheme/3")
	if err := decisions.AdoptScheme(ctx, c.Tx, c.Secretary, n, ref); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "may not be implemented now") {
		t.Errorf("adopted under a decision that is held: %v", err)
	}
	if err := decisions.AdoptScheme(ctx, c.Tx, c.Secretary, 2, ref); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "does not allow this") {
		t.Errorf("adopted under a decision that names another: %v", err)
	}
	c.Clock.Day("2013-01-22") // the call-in closed the evening before
	c.Must(decisions.AdoptScheme(ctx, c.Tx, c.Secretary, n, ref))
	all, err := decisions.Schemes(ctx, c.Tx, 0)
	c.Must(err)
	if all[0].To != "2013-01-21" || all[2].From != "2013-01-22" || all[2].To != "" || all[2].Decision != ref {
		t.Errorf("version 1 to %s, version 3 from %s, under %s", all[0].To, all[2].From, all[2].Decision)
	}
	for day, version := range map[civil.Day]int64{"2012-07-15": 0, "2012-12-02": 1, "2013-01-21": 1, "2013-01-22": 3} {
		if f, err := decisions.ReadFacts(ctx, c.Tx, day, 0); err != nil || f.Scheme.Version != version {
			t.Errorf("on %s version %d is in force: %v", day, f.Scheme.Version, err)
		}
	}
	if err := decisions.AdoptScheme(ctx, c.Tx, c.Secretary, n, ref); fault.KindOf(err) != fault.Conflict {
		t.Errorf("adopted twice: %v", err)
	}
	if err := decisions.AdoptScheme(ctx, c.Tx, c.Secretary, 2, ref); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "later than version 2") {
		t.Errorf("an older version after a later one: %v", err)
	}
	c.Sound()
}

func TestWhoMayProposeIsAskedTheScheme(t *testing.T) {
	c := storetest.Begin(t)
	sc, err := decisions.Proposable(t.Context(), c.Tx, c.Officer)
	if err != nil || sc.Version != 1 || len(sc.Matters) != 11 {
		t.Errorf("an officer of the company: %d matters of scheme %d, %v", len(sc.Matters), sc.Version, err)
	}
	for name, v := range map[string]office.Viewer{"an official": c.Official, "a body’s executive": c.Chief("kent"), "nobody": {}} {
		if sc, err := decisions.Proposable(t.Context(), c.Tx, v); fault.KindOf(err) != fault.Forbidden || len(sc.Matters) != 0 {
			t.Errorf("%s: %d matters, %v", name, len(sc.Matters), err)
		}
	}
	c.Clock.Day("2012-07-15")
	if _, err := decisions.Proposable(t.Context(), c.Tx, c.Officer); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("before any scheme is in force: %v", err)
	}
}
