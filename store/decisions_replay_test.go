package store_test

import (
	"reflect"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

// replays fails the test unless every ballot of a decision is given the same
// authority once more from what was known then.
func (c *cast) replays(ref string) store.DecisionAt {
	c.t.Helper()
	d := c.see(ref)
	for _, b := range d.Ballots {
		again, err := c.Replay(c.t.Context(), b, b.Authority.Known)
		c.must(err)
		again.Name = ""
		if !reflect.DeepEqual(again, b.Authority) {
			c.t.Errorf("%s of %s: by what was known at event %d the authority is\n%+v\nand was\n%+v", b.Role, b.Elector, b.Authority.Known, again, b.Authority)
		}
	}
	return d
}

func TestABackdatedCorrectionLeavesActsValidAndListsThem(t *testing.T) {
	c := begin(t)
	ref := c.put("contract", paper(6_125_800))
	c.must(storetest.Err(c.OpenDecision(t.Context(), c.secretary, ref, store.OpenForm{Way: store.ByApproval})))
	c.must(c.says(c.official, ref, store.For))
	c.must(c.says(c.assoc, ref, store.For))
	if d := c.replays(ref); len(d.Differs) != 0 {
		t.Fatalf("before any correction %d acts differ", len(d.Differs))
	}
	c.clock.Day("2013-01-17")
	r, err := c.Register(t.Context(), store.When{})
	c.must(err)
	m, _ := r.Member(store.TheAssociation)
	for _, right := range r.Rights {
		if right.Body == store.TheAssociation { // granted on the day of the admission, so corrected with it
			c.enter(store.Entry{Kind: store.Correction, Corrects: right.N, Struck: true, Note: "Granted later."})
		}
	}
	c.enter(store.Entry{Kind: store.Correction, Corrects: m.N, Body: store.TheAssociation, Class: m.Class, Votes: 1, Guarantee: 100, Instrument: m.Instrument, Registered: "2013-01-16", Note: "It was registered two days after the vote."})
	d := c.replays(ref)
	if d.Status != store.DecisionMade {
		t.Errorf("the decision is %s after the correction", d.Status)
	}
	if len(d.Differs) != 1 || d.Differs[0].Ballot.Elector != store.TheAssociation || d.Differs[0].Today.May || d.Differs[0].Today.Why().Name != "member" {
		t.Errorf("what would differ today: %+v", d.Differs)
	}
	c.sound()
}

func TestALateDeclarationListsWhatItReaches(t *testing.T) {
	c := begin(t)
	ref := c.put("contract", paper(6_125_800))
	other := paper(6_000_000)
	other.Company, other.Contract = "99000999", "C-1"
	apart := c.put("contract", other)
	for _, r := range []string{ref, apart} {
		c.must(storetest.Err(c.OpenDecision(t.Context(), c.secretary, r, store.OpenForm{Way: store.ByApproval})))
		c.must(c.says(c.official, r, store.For))
	}
	_, err := c.DeclareInterest(t.Context(), c.official, store.Interest{Person: c.official.Person, Company: "99000101", Name: "Alder Vale Hosting Ltd (sample)", Nature: "Shares", First: "2012-12-01"})
	c.must(err)
	p, err := c.PersonInterests(t.Context(), store.Viewer{}, c.official.Person, store.Moment{})
	c.must(err)
	if len(p.Touched) != 1 || p.Touched[0].Ref != ref || p.Touched[0].Choice != store.For {
		t.Errorf("what the declaration reaches: %+v", p.Touched)
	}
	if d := c.replays(ref); len(d.Differs) != 1 || d.Differs[0].Today.Why().Name != "interest" {
		t.Errorf("what would differ today: %+v", d.Differs)
	}
	if err := c.says(c.official2, apart, store.For); store.KindOf(err) != store.Conflict {
		t.Errorf("a second official where the body has answered: %v", err)
	}
	again := c.put("contract", paper(6_200_000))
	c.must(storetest.Err(c.OpenDecision(t.Context(), c.secretary, again, store.OpenForm{Way: store.ByApproval})))
	if err := c.says(c.official, again, store.For); store.KindOf(err) != store.Forbidden {
		t.Errorf("who has an interest approves: %v", err)
	}
	c.must(c.says(c.official2, again, store.For)) // the body acts through another office-holder
}

func TestABodyActsByADelegateWithoutTheInterest(t *testing.T) {
	c, _, _, all := owned(t)
	d := c.poll(noon().AddDate(0, 0, 3))
	kent := all[0]
	chief := c.at(kent.Office.Body)
	if _, err := c.Cast(t.Context(), chief, d.Ref, store.BallotForm{Hash: d.Hash, Role: store.Votes, Choice: store.For}); store.KindOf(err) != store.Forbidden {
		t.Errorf("a chief executive without a delegation votes: %v", err)
	}
	_, err := c.DeclareInterest(t.Context(), kent, store.Interest{Person: kent.Person, Decision: d.Ref, Name: "A relative drafted the change", Nature: "Family", First: "2013-01-14"})
	c.must(err)
	if got := c.see(d.Ref); got.Vote.Excluded != 1 || got.Vote.Counted != 42 {
		t.Errorf("the body whose only office-holder declared an interest counts: %+v", got.Vote)
	}
	_, err = c.Delegate(t.Context(), kent, store.Delegation{From: kent.Office, To: chief.Office, Function: store.FunctionVote, First: "2013-01-14"})
	c.must(err)
	if got := c.see(d.Ref); got.Vote.Excluded != 0 || got.Vote.Counted != 43 {
		t.Errorf("with a delegate the body counts again: %+v", got.Vote)
	}
	c.must(storetest.Err(c.Cast(t.Context(), chief, d.Ref, store.BallotForm{Hash: d.Hash, Role: store.Votes, Choice: store.For})))
	c.replays(d.Ref)
	if b := storetest.Holder(t, c.Store, store.Scrutineer, store.TheAssociation); storetest.Err(c.Cast(t.Context(), b, d.Ref, store.BallotForm{Hash: d.Hash, Role: store.Votes, Choice: store.For})) == nil {
		t.Error("a scrutineer votes")
	}
	c.sound()
}
