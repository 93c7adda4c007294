package record_test

import (
	"errors"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
)

func TestWhatIsTriedIsShownAndTakenBack(t *testing.T) {
	c := storetest.Begin(t)
	ref := c.PutForward("contract", storetest.HostingPaper(6_125_800))
	c.Must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.Secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	c.Must(c.Vote(c.Official, ref, authority.For))
	before, err := record.ReadHead(t.Context(), c.Tx)
	c.Must(err)
	var after decisions.Page
	c.Must(record.Try(t.Context(), c.Tx, func(s *db.Tx) error {
		if _, err := decisions.CastBallot(t.Context(), s, c.Association, ref, decisions.BallotForm{Hash: c.Decision(ref).Hash, Role: authority.Votes, Choice: authority.For}); err != nil {
			return err
		}
		var err error
		after, err = decisions.ReadPage(t.Context(), s, c.Association, ref)
		return err
	}))
	if after.Status != decisions.Made || len(after.Ballots) != 2 {
		t.Errorf("inside: %s, %d ballots", after.Status, len(after.Ballots))
	}
	if d := c.Decision(ref); d.Status != decisions.Open || len(d.Ballots) != 1 {
		t.Errorf("afterwards: %s, %d ballots", d.Status, len(d.Ballots))
	}
	if h, err := record.ReadHead(t.Context(), c.Tx); err != nil || h != before {
		t.Errorf("the head moved from %+v to %+v, %v", before, h, err)
	}
	err = record.Try(t.Context(), c.Tx, func(s *db.Tx) error {
		return storetest.Err(decisions.CastBallot(t.Context(), s, c.Officer, ref, decisions.BallotForm{Hash: c.Decision(ref).Hash, Role: authority.Votes, Choice: authority.For}))
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
	c.Must(c.Vote(c.Association, ref, authority.For))
	if v, err := store.Verify(t.Context(), c.Tx); err != nil || !v.OK() {
		t.Error(v.Fault, err)
	}
}
