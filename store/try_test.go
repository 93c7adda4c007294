package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

func TestWhatIsTriedIsShownAndTakenBack(t *testing.T) {
	c := begin(t)
	ref := c.put("contract", paper(6_125_800))
	c.must(storetest.Err(c.OpenDecision(t.Context(), c.secretary, ref, store.OpenForm{Way: store.ByApproval})))
	c.must(c.says(c.official, ref, store.For))
	before, err := c.Head(t.Context())
	c.must(err)
	var after store.DecisionAt
	c.must(c.Try(t.Context(), func(s *store.Store) error {
		if _, err := s.Cast(t.Context(), c.assoc, ref, store.BallotForm{Hash: c.see(ref).Hash, Role: store.Votes, Choice: store.For}); err != nil {
			return err
		}
		var err error
		after, err = s.Decision(t.Context(), c.assoc, ref)
		return err
	}))
	if after.Status != store.DecisionMade || len(after.Ballots) != 2 {
		t.Errorf("inside: %s, %d ballots", after.Status, len(after.Ballots))
	}
	if d := c.see(ref); d.Status != store.DecisionOpen || len(d.Ballots) != 1 {
		t.Errorf("afterwards: %s, %d ballots", d.Status, len(d.Ballots))
	}
	if h, err := c.Head(t.Context()); err != nil || h != before {
		t.Errorf("the head moved from %+v to %+v, %v", before, h, err)
	}
	err = c.Try(t.Context(), func(s *store.Store) error {
		return storetest.Err(s.Cast(t.Context(), c.officer, ref, store.BallotForm{Hash: c.see(ref).Hash, Role: store.Votes, Choice: store.For}))
	})
	if store.KindOf(err) != store.Forbidden {
		t.Errorf("what is refused is refused: %v", err)
	}
	own := errors.New("of one’s own")
	if err := c.Try(t.Context(), func(*store.Store) error { return own }); !errors.Is(err, own) {
		t.Errorf("its error is told: %v", err)
	}
	if err := c.Try(t.Context(), func(s *store.Store) error { return s.Try(t.Context(), func(*store.Store) error { return nil }) }); err == nil {
		t.Error("a try inside a try would be kept")
	}
	c.must(c.says(c.assoc, ref, store.For))
	if v, err := c.Verify(t.Context()); err != nil || !v.OK() {
		t.Error(v.Fault, err)
	}
}

func TestWhoMayProposeIsAskedTheScheme(t *testing.T) {
	c := begin(t)
	sc, err := c.Proposable(t.Context(), c.officer)
	if err != nil || sc.Version != 1 || len(sc.Matters) != 9 {
		t.Errorf("an officer of the company: %d matters of scheme %d, %v", len(sc.Matters), sc.Version, err)
	}
	for name, v := range map[string]store.Viewer{"an official": c.official, "a body’s executive": c.at("kent"), "nobody": {}} {
		if sc, err := c.Proposable(t.Context(), v); store.KindOf(err) != store.Forbidden || len(sc.Matters) != 0 {
			t.Errorf("%s: %d matters, %v", name, len(sc.Matters), err)
		}
	}
	c.clock.Day("2012-07-15")
	if _, err := c.Proposable(t.Context(), c.officer); store.KindOf(err) != store.Forbidden {
		t.Errorf("before any scheme is in force: %v", err)
	}
}

func TestATimeOfTheDay(t *testing.T) {
	for hour, want := range map[string]string{"17:00": "2013-07-15T16:00:00Z", " 02:00 ": "2013-07-15T01:00:00Z", "23:59": "2013-07-15T22:59:00Z",
		"01:59": "", "00:00": "", "24:00": "", "17.00": "", "5:00": "", "05:00pm": "", "": "", "17:60": ""} {
		at, err := store.Day("2013-07-15").At(hour)
		if got := at.Format(time.RFC3339); (err == nil) != (want != "") || err == nil && got != want || err != nil && store.KindOf(err) != store.Invalid {
			t.Errorf("%q: %s, %v", hour, got, err)
		}
	}
}
