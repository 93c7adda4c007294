package decisions_test

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/storetest"
)

// owned is a company of the 43, each with a commissioner who votes for it.
func owned(t *testing.T) (c *storetest.Cast, database, key string, commissioners []office.Viewer) {
	t.Helper()
	c, database, key, chiefs := storetest.Crowd(t)
	for _, chief := range chiefs {
		c.Must(storetest.Join(t.Context(), c.Tx, c.Secretary, chief))
	}
	c.Certify()
	c.Must(storetest.Complete(t.Context(), c.Tx, c.Secretary))
	for _, chief := range chiefs {
		commissioners = append(commissioners, storetest.Holder(t, c.Tx, office.CommissionerOffice, chief.Office.Body))
	}
	return c, database, key, commissioners
}

// exact fails the test unless the ballots, the tally and what the voters were
// told agree: as many votes as were accepted, each before the poll closed.
func exact(c *storetest.Cast, ref string, accepted int) {
	c.T.Helper()
	d := c.Decision(ref)
	counted := 0
	for _, b := range d.Ballots {
		if b.Counts() {
			counted++
		}
		if b.At.After(d.ClosesAt) {
			c.T.Errorf("%s voted at %s, and the poll closed at %s", b.Elector, b.At, d.ClosesAt)
		}
	}
	if counted != accepted || d.Tally == nil || d.Tally.Present() != int64(accepted) || d.Tally.Counted != 43 {
		c.T.Errorf("%d votes were accepted; %d ballots count, and the tally is %+v", accepted, counted, d.Tally)
	}
	c.Sound()
}

func TestFortyThreeVoteAtOnceOverTwoStores(t *testing.T) {
	t.Parallel()
	c, database, key, all := owned(t)
	d := c.OpenPoll(time.Time{})
	both := []*db.Tx{c.Tx, storetest.At(t, database, key, storetest.AtNoon)}
	errs := make([]error, len(all))
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i, v := range all {
		wg.Go(func() {
			<-start
			_, errs[i] = decisions.CastBallot(t.Context(), both[i%2], v, d.Ref, decisions.BallotForm{Hash: d.Hash, Role: authority.Votes, Choice: authority.For})
		})
	}
	close(start)
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			t.Errorf("%s: %v", all[i].Office.Body, err)
		}
	}
	chair := storetest.Holder(t, c.Tx, office.Chair, office.TheCompany)
	c.Must(storetest.Err(decisions.ClosePoll(t.Context(), c.Tx, chair, d.Ref)))
	exact(c, d.Ref, 43)
	if got := c.Decision(d.Ref); got.Status != decisions.Made {
		t.Errorf("43 for: %s", got.Status)
	}
}

// between is how far apart the voters of a process follow each other, so that a
// closing time falls between them.
const between = 50 * time.Millisecond

// votedInTurn votes for each of some people, one after another, and tells how
// many votes were accepted and how many came too late.
func votedInTurn(t *testing.T, s *db.Tx, all []office.Viewer, ref, hash string) string {
	t.Helper()
	accepted, late := 0, 0
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i, v := range all {
		wg.Go(func() {
			time.Sleep(time.Duration(i) * between)
			_, err := decisions.CastBallot(t.Context(), s, v, ref, decisions.BallotForm{Hash: hash, Role: authority.Votes, Choice: authority.For})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				accepted++
			case fault.KindOf(err) == fault.Conflict:
				late++
			default:
				t.Errorf("%s: %v", v.Office.Body, err)
			}
		})
	}
	wg.Wait()
	return fmt.Sprintf("%d %d", accepted, late)
}

// ballot names the decision and the hash of its paper to the other processes.
const ballot = "HANDOVER_TEST_BALLOT"

func TestAPollClosesWhileTwoProcessesVote(t *testing.T) {
	t.Parallel()
	if storetest.Elsewhere(t, true, func(s *db.Tx, voters []office.Viewer) string {
		ref, hash, _ := strings.Cut(os.Getenv(ballot), " ")
		return votedInTurn(t, s, voters, ref, hash)
	}) {
		return
	}
	c, database, key, all := owned(t)
	closes := storetest.AtNoon().Add(10 * between)
	d := c.OpenPoll(closes)
	env := []string{ballot + "=" + d.Ref + " " + d.Hash}
	accepted, late := 0, 0
	for _, said := range storetest.Together(t, database, key, env, all[:22], all[22:]) {
		var a, l int
		if _, err := fmt.Sscanf(said, "%d %d", &a, &l); err != nil {
			t.Fatalf("%q: %v", said, err)
		}
		accepted, late = accepted+a, late+l
	}
	if accepted+late != 43 || accepted == 0 || late == 0 {
		t.Errorf("%d voted in time and %d too late, of 43", accepted, late)
	}
	c.Clock.Set(closes.Add(time.Hour))
	c.Must(decisions.SettleAll(t.Context(), c.Tx))
	got := c.Decision(d.Ref)
	if got.Tally == nil || got.Tally.Carried() != (got.Status == decisions.Made) || got.Tally.Carried() != (accepted >= 22) {
		t.Fatalf("after its time: %s, %+v", got.Status, got.Tally)
	}
	exact(c, d.Ref, accepted)
	if !got.ClosesAt.Equal(closes) || got.RecordedAt.Before(closes) || !got.MadeAt.IsZero() && !got.MadeAt.Equal(closes) {
		t.Errorf("it closed at %s and that was recorded at %s", got.ClosesAt, got.RecordedAt)
	}
}
