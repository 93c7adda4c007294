package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
)

func TestWhatIsTriedIsShownAndTakenBack(t *testing.T) {
	c := begin(t)
	ref := c.put("contract", paper(6_125_800))
	c.must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	c.must(c.says(c.official, ref, authority.For))
	before, err := record.ReadHead(t.Context(), c.Tx)
	c.must(err)
	var after decisions.Page
	c.must(record.Try(t.Context(), c.Tx, func(s *db.Tx) error {
		if _, err := decisions.Cast(t.Context(), s, c.assoc, ref, decisions.BallotForm{Hash: c.see(ref).Hash, Role: authority.Votes, Choice: authority.For}); err != nil {
			return err
		}
		var err error
		after, err = decisions.ReadPage(t.Context(), s, c.assoc, ref)
		return err
	}))
	if after.Status != decisions.Made || len(after.Ballots) != 2 {
		t.Errorf("inside: %s, %d ballots", after.Status, len(after.Ballots))
	}
	if d := c.see(ref); d.Status != decisions.Open || len(d.Ballots) != 1 {
		t.Errorf("afterwards: %s, %d ballots", d.Status, len(d.Ballots))
	}
	if h, err := record.ReadHead(t.Context(), c.Tx); err != nil || h != before {
		t.Errorf("the head moved from %+v to %+v, %v", before, h, err)
	}
	err = record.Try(t.Context(), c.Tx, func(s *db.Tx) error {
		return storetest.Err(decisions.Cast(t.Context(), s, c.officer, ref, decisions.BallotForm{Hash: c.see(ref).Hash, Role: authority.Votes, Choice: authority.For}))
	})
	if fault.KindOf(err) != fault.Forbidden {
		t.Errorf("what is refused is refused: %v", err)
	}
	own := errors.New("of one’s own")
	if err := record.Try(t.Context(), c.Tx, func(*db.Tx) error { return own }); !errors.Is(err, own) {
		t.Errorf("its error is told: %v", err)
	}
	if err := record.Try(t.Context(), c.Tx, func(s *db.Tx) error { return record.Try(t.Context(), s, func(*db.Tx) error { return nil }) }); err == nil {
		t.Error("a try inside a try would be kept")
	}
	c.must(c.says(c.assoc, ref, authority.For))
	if v, err := store.Verify(t.Context(), c.Tx); err != nil || !v.OK() {
		t.Error(v.Fault, err)
	}
}

func TestWhoMayProposeIsAskedTheScheme(t *testing.T) {
	c := begin(t)
	sc, err := decisions.Proposable(t.Context(), c.Tx, c.officer)
	if err != nil || sc.Version != 1 || len(sc.Matters) != 9 {
		t.Errorf("an officer of the company: %d matters of scheme %d, %v", len(sc.Matters), sc.Version, err)
	}
	for name, v := range map[string]office.Viewer{"an official": c.official, "a body’s executive": c.at("kent"), "nobody": {}} {
		if sc, err := decisions.Proposable(t.Context(), c.Tx, v); fault.KindOf(err) != fault.Forbidden || len(sc.Matters) != 0 {
			t.Errorf("%s: %d matters, %v", name, len(sc.Matters), err)
		}
	}
	c.clock.Day("2012-07-15")
	if _, err := decisions.Proposable(t.Context(), c.Tx, c.officer); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("before any scheme is in force: %v", err)
	}
}

func TestATimeOfTheDay(t *testing.T) {
	for hour, want := range map[string]string{"17:00": "2013-07-15T16:00:00Z", " 02:00 ": "2013-07-15T01:00:00Z", "23:59": "2013-07-15T22:59:00Z",
		"01:59": "", "00:00": "", "24:00": "", "17.00": "", "5:00": "", "05:00pm": "", "": "", "17:60": ""} {
		at, err := civil.Day("2013-07-15").At(hour)
		if got := at.Format(time.RFC3339); (err == nil) != (want != "") || err == nil && got != want || err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %s, %v", hour, got, err)
		}
	}
}
