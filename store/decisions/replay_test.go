package decisions_test

import (
	"reflect"
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/storetest"
)

// replays fails the test unless every ballot of a decision is given the same
// authority once more from what was known then.
func replays(c *storetest.Cast, ref string) decisions.Page {
	c.T.Helper()
	d := c.Decision(ref)
	for _, b := range d.Ballots {
		again, err := decisions.Replay(c.T.Context(), c.Tx, b, b.Authority.Known)
		c.Must(err)
		again.Name = ""
		if !reflect.DeepEqual(again, b.Authority) {
			c.T.Errorf("%s of %s: by what was known at event %d the authority is\n%+v\nand was\n%+v", b.Role, b.Elector, b.Authority.Known, again, b.Authority)
		}
	}
	return d
}

func TestABackdatedCorrectionLeavesActsValidAndListsThem(t *testing.T) {
	c := storetest.Begin(t)
	ref := c.PutForward("contract", storetest.HostingPaper(6_125_800))
	c.Must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.Secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	c.Must(c.Vote(c.Official, ref, authority.For))
	c.Must(c.Vote(c.Association, ref, authority.For))
	if d := replays(c, ref); len(d.Differs) != 0 {
		t.Fatalf("before any correction %d acts differ", len(d.Differs))
	}
	c.Clock.Day("2013-01-17")
	r, err := register.Read(t.Context(), c.Tx, record.When{})
	c.Must(err)
	m, _ := r.Member(office.TheAssociation)
	for _, right := range r.Rights {
		if right.Body == office.TheAssociation { // granted on the day of the admission, so corrected with it
			c.Enter(register.Entry{Kind: register.Correction, Corrects: right.N, Struck: true, Note: "Granted later."})
		}
	}
	c.Enter(register.Entry{Kind: register.Correction, Corrects: m.N, Body: office.TheAssociation, Class: m.Class, Votes: 1, Guarantee: 100, Instrument: m.Instrument, Registered: "2013-01-16", Note: "It was registered two days after the vote."})
	d := replays(c, ref)
	if d.Status != decisions.Made {
		t.Errorf("the decision is %s after the correction", d.Status)
	}
	if len(d.Differs) != 1 || d.Differs[0].Ballot.Elector != office.TheAssociation || d.Differs[0].Today.May || d.Differs[0].Today.Why().Name != "member" {
		t.Errorf("what would differ today: %+v", d.Differs)
	}
	c.Sound()
}

func TestALateDeclarationListsWhatItReaches(t *testing.T) {
	c := storetest.Begin(t)
	ref := c.PutForward("contract", storetest.HostingPaper(6_125_800))
	other := storetest.HostingPaper(6_000_000)
	other.Company, other.Contract = "99000999", "C-1"
	apart := c.PutForward("contract", other)
	for _, r := range []string{ref, apart} {
		c.Must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.Secretary, r, decisions.OpenForm{Way: authority.ByApproval})))
		c.Must(c.Vote(c.Official, r, authority.For))
	}
	_, err := decisions.DeclareInterest(t.Context(), c.Tx, c.Official, authority.Interest{Person: c.Official.Person, Company: "99000101", Name: "Alder Vale Hosting Ltd (sample)", Nature: "Shares", First: "2012-12-01"})
	c.Must(err)
	p, err := decisions.ReadPersonInterests(t.Context(), c.Tx, office.Viewer{}, c.Official.Person, record.Moment{})
	c.Must(err)
	if len(p.Touched) != 1 || p.Touched[0].Ref != ref || p.Touched[0].Choice != authority.For {
		t.Errorf("what the declaration reaches: %+v", p.Touched)
	}
	if d := replays(c, ref); len(d.Differs) != 1 || d.Differs[0].Today.Why().Name != "interest" {
		t.Errorf("what would differ today: %+v", d.Differs)
	}
	if err := c.Vote(c.SecondOfficial, apart, authority.For); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a second official where the body has answered: %v", err)
	}
	again := c.PutForward("contract", storetest.HostingPaper(6_200_000))
	c.Must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.Secretary, again, decisions.OpenForm{Way: authority.ByApproval})))
	if err := c.Vote(c.Official, again, authority.For); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("who has an interest approves: %v", err)
	}
	c.Must(c.Vote(c.SecondOfficial, again, authority.For)) // the body acts through another office-holder
}

func TestABodyActsByADelegateWithoutTheInterest(t *testing.T) {
	c, _, _, all := owned(t)
	d := c.OpenPoll(storetest.AtNoon().AddDate(0, 0, 3))
	kent := all[0]
	chief := c.Chief(kent.Office.Body)
	if _, err := decisions.CastBallot(t.Context(), c.Tx, chief, d.Ref, decisions.BallotForm{Hash: d.Hash, Role: authority.Votes, Choice: authority.For}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a chief executive without a delegation votes: %v", err)
	}
	_, err := decisions.DeclareInterest(t.Context(), c.Tx, kent, authority.Interest{Person: kent.Person, Decision: d.Ref, Name: "A relative drafted the change", Nature: "Family", First: "2013-01-14"})
	c.Must(err)
	if got := c.Decision(d.Ref); got.Vote.Excluded != 1 || got.Vote.Counted != 42 {
		t.Errorf("the body whose only office-holder declared an interest counts: %+v", got.Vote)
	}
	_, err = decisions.Delegate(t.Context(), c.Tx, kent, authority.Delegation{From: kent.Office, To: chief.Office, Function: authority.FunctionVote, First: "2013-01-14"})
	c.Must(err)
	if got := c.Decision(d.Ref); got.Vote.Excluded != 0 || got.Vote.Counted != 43 {
		t.Errorf("with a delegate the body counts again: %+v", got.Vote)
	}
	c.Must(storetest.Err(decisions.CastBallot(t.Context(), c.Tx, chief, d.Ref, decisions.BallotForm{Hash: d.Hash, Role: authority.Votes, Choice: authority.For})))
	replays(c, d.Ref)
	if b := storetest.Holder(t, c.Tx, office.Scrutineer, office.TheAssociation); storetest.Err(decisions.CastBallot(t.Context(), c.Tx, b, d.Ref, decisions.BallotForm{Hash: d.Hash, Role: authority.Votes, Choice: authority.For})) == nil {
		t.Error("a scrutineer votes")
	}
	c.Sound()
}
