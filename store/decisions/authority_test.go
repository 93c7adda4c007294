package decisions_test

import (
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/storetest"
)

func who(c *storetest.Cast, q authority.Case, w record.When) decisions.Whoever {
	c.T.Helper()
	a, err := decisions.WhoMay(c.T.Context(), c.Tx, q, w)
	c.Must(err)
	return a
}

// could are the persons who could act in a role.
func could(a decisions.Whoever, role authority.Role) (people []int64) {
	for _, g := range a.All {
		if g.Role == role && g.May {
			people = append(people, g.Person)
		}
	}
	return people
}

func TestWhoMayListsEveryoneWhoCouldAct(t *testing.T) {
	c := storetest.Begin(t)
	q := authority.Case{Matter: "contract", Value: 200_000_000}
	a := who(c, q, record.When{})
	if a.Band.Paragraph != "4.4" || len(a.Tallies) != 1 || a.Tallies[0].Counted != 2 || a.Tallies[0].Need() != 2 {
		t.Errorf("paragraph %s, %+v", a.Band.Paragraph, a.Tallies)
	}
	if got := could(a, authority.Votes); len(got) < 3 || len(could(a, authority.Proposes)) < 3 || len(could(a, authority.Views)) < 2 {
		t.Errorf("%d could decide, of %+v", len(got), a.All)
	}
	for _, g := range a.All {
		if g.May && (len(g.Findings) == 0 || g.Name == "") {
			t.Errorf("%s may, and it is not told why", g.Office.Title)
		}
	}
	right := register.Entry{Kind: register.RightGranted, Body: office.HomeOffice, Right: register.Consent, Matter: "Contracts over £250,000", Clause: "9", Registered: "2013-01-02"}
	c.Enter(right)
	q.Value = 100_000_000
	for day, consents := range map[civil.Day]int{"2013-01-01": 0, "2013-01-02": 1} {
		a := who(c, q, record.When{Day: day})
		if len(a.Consents) != consents || len(could(a, authority.Consents)) != 2*consents {
			t.Errorf("on %s %d consents are asked for, and %d could give them", day, len(a.Consents), len(could(a, authority.Consents)))
		}
	}
	if a := who(c, q, record.When{Day: "2012-07-15"}); a.Facts.Scheme.Version != 0 || len(a.All) != 0 {
		t.Errorf("before any scheme: %+v", a.All)
	}
	if a := who(c, q, record.When{Event: -1}); a.Facts.Scheme.Version != 0 || len(a.All) != 0 {
		t.Errorf("before anything was known: %+v", a.All)
	}
	for name, q := range map[string]authority.Case{
		"no such matter": {Matter: "weather"}, "no value": {Matter: "contract"}, "less than nothing": {Matter: "contract", Value: -1},
		"no such number": {Matter: "policy", Companies: []string{"12"}},
	} {
		if _, err := decisions.WhoMay(t.Context(), c.Tx, q, record.When{}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestActsThatWouldDifferTodayAreListedAndStayValid(t *testing.T) {
	c := storetest.Begin(t)
	ctx := t.Context()
	ref := c.PutForward("contract", storetest.HostingPaper(6_125_800))
	c.Must(storetest.Err(decisions.OpenVoting(ctx, c.Tx, c.Secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	c.Must(c.Vote(c.Official, ref, authority.For))
	c.Must(c.Vote(c.Association, ref, authority.For))
	if p, err := decisions.ReadDiffering(ctx, c.Tx, 0, 100); err != nil || len(p.All) != 0 || p.Looked != 2 {
		t.Fatalf("nothing was entered since, and %+v %v", p, err)
	}
	held, err := office.AppointmentsOf(ctx, c.Tx, c.Association.Person)
	c.Must(err)
	c.Must(storetest.EndOffice(ctx, c.Tx, c.Administrator, held[0].ID, "2013-01-13")) // the day before
	p, err := decisions.ReadDiffering(ctx, c.Tx, 0, 100)
	c.Must(err)
	if len(p.All) != 1 || p.All[0].Ballot.Person != c.Association.Person || p.All[0].Decision.Ref != ref || p.All[0].Today.May || p.All[0].Today.Why().Name != "office" {
		t.Errorf("%+v", p.All)
	}
	if d := c.Decision(ref); d.Status != decisions.Made || !d.Ballots[1].Authority.May || !d.Ballots[1].Counts() {
		t.Errorf("what was done is changed: %s %+v", d.Status, d.Ballots[1])
	}
	first, err := decisions.ReadDiffering(ctx, c.Tx, 0, 1)
	c.Must(err)
	second, err := decisions.ReadDiffering(ctx, c.Tx, first.Next, 1)
	c.Must(err)
	if first.Looked != 1 || first.Next == 0 || second.Looked != 1 || second.Next != 0 || len(first.All)+len(second.All) != 1 {
		t.Errorf("page by page: %+v, %+v", first, second)
	}
}

func TestAnErasedNameIsNotTold(t *testing.T) {
	c := storetest.Begin(t)
	v := storetest.Holder(t, c.Tx, office.Official, office.HomeOffice)
	q := authority.Case{Matter: "baseline"}
	told := func() (names []string) {
		for _, g := range who(c, q, record.When{}).All {
			if g.Person == v.Person {
				names = append(names, g.Name)
			}
		}
		return names
	}
	if got := told(); len(got) != 1 || got[0] == "" {
		t.Fatalf("an official in office: %q", got)
	}
	held, err := office.AppointmentsOf(t.Context(), c.Tx, v.Person)
	c.Must(err)
	c.Must(storetest.EndOffice(t.Context(), c.Tx, c.Administrator, held[0].ID, "2013-01-14"))
	c.Clock.Day("2013-01-15")
	c.Must(people.Erase(t.Context(), c.Tx, c.Administrator, v.Person, "They asked for it."))
	for _, g := range who(c, q, record.When{Day: "2013-01-14"}).All {
		if g.Person == v.Person && g.Name != "" {
			t.Errorf("the erased name is told: %q", g.Name)
		}
	}
}

func TestWhoMayTellsInterestsQuorumAndDelegates(t *testing.T) {
	c := storetest.Begin(t)
	ctx := t.Context()
	_, err := decisions.DeclareInterest(ctx, c.Tx, c.Association, authority.Interest{Person: c.Association.Person, Company: "99000101", Name: "Alder Vale Hosting Ltd (sample)", Nature: "Adviser", First: "2013-01-01"})
	c.Must(err)
	q := authority.Case{Matter: "contract", Value: 200_000_000, Companies: []string{" 99 000101"}}
	a := who(c, q, record.When{})
	if got := a.Tallies[0]; got.Total != 2 || got.Excluded != 1 || got.Counted != 1 || got.Need() != 1 {
		t.Errorf("one of two members is left out: %+v", got)
	}
	for _, g := range a.All {
		if g.Person == c.Association.Person && (g.May || g.Interest == "") {
			t.Errorf("whoever has the interest: %+v", g.Authority)
		}
	}
	clerk := storetest.Holder(t, c.Tx, office.Clerk, office.TheAssociation)
	id, err := decisions.Delegate(ctx, c.Tx, c.Association, authority.Delegation{From: c.Association.Office, To: clerk.Office, Function: authority.FunctionVote, Matter: "contract", First: "2013-01-14"})
	c.Must(err)
	a = who(c, q, record.When{})
	if got := a.Tallies[0]; got.Excluded != 0 || got.Counted != 2 {
		t.Errorf("a delegate without the interest may act: %+v", got)
	}
	found := false
	for _, g := range a.All {
		if g.Person == clerk.Person {
			found = g.May && g.Delegation == id && g.Elector == office.TheAssociation
		}
	}
	if !found {
		t.Errorf("the delegate is not told: %+v", a.All)
	}
	q.Companies = nil
	if got := who(c, q, record.When{}).Tallies[0]; got.Excluded != 0 {
		t.Errorf("another supplier: %+v", got)
	}
	poll := who(c, authority.Case{Matter: "articles"}, record.When{}).Tallies
	if len(poll) != 2 || poll[0].Way != authority.ByResolution || poll[1].Way != authority.ByPoll || poll[1].Quorum != 1 || poll[0].Need() != 2 {
		t.Errorf("two ways: %+v", poll)
	}
}
