package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/storetest"
)

// The test program runs itself with these to become a process of acts.
const (
	actsDatabase = "HANDOVER_TEST_DATABASE"
	actsKey      = "HANDOVER_TEST_KEY"
	actsPeople   = "HANDOVER_TEST_PEOPLE" // the company secretary, and who votes in the first poll
	killWithin   = 200                    // acts
)

// actUntilKilled does acts one after the other, and tells of each once the
// store has said that it is done.
func actUntilKilled() {
	if err := acts(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func acts(ctx context.Context) error {
	tx, err := store.Open(ctx, db.Options{Database: os.Getenv(actsDatabase), Key: os.Getenv(actsKey)})
	if err != nil {
		return err
	}
	var persons [2]int64
	if _, err := fmt.Sscan(os.Getenv(actsPeople), &persons[0], &persons[1]); err != nil {
		return err
	}
	by, err := people.ViewerOf(ctx, tx, persons[0], 0)
	if err != nil {
		return err
	}
	voter, err := people.ViewerOf(ctx, tx, persons[1], 0)
	if err != nil {
		return err
	}
	d, choice, err := lastVote(ctx, tx)
	if err != nil {
		return err
	}
	for { // it ends by being killed, or by nobody listening any more
		n, err := handover.Enter(ctx, tx, by, register.Entry{Kind: register.Renamed, Body: office.TheCompany, Name: "Company " + rand.Text(), Registered: "2012-11-22"})
		if err != nil {
			return err
		}
		fmt.Println("event", n)
		id, _, err := people.Add(ctx, tx, office.CommandLine, "Sample", strings.ToLower(rand.Text())+"@example.org")
		if err != nil {
			return err
		}
		fmt.Println("person", id)
		choice = map[authority.BallotChoice]authority.BallotChoice{authority.For: authority.Against, authority.Against: authority.For}[choice] // a vote in a poll may change
		if _, err := decisions.CastBallot(ctx, tx, voter, d.Ref, decisions.BallotForm{Hash: d.Hash, Role: authority.Votes, Choice: choice}); err != nil {
			return err
		}
		h, err := record.ReadHead(ctx, tx)
		if err != nil {
			return err
		}
		fmt.Println("vote", h.Size)
	}
}

// lastVote is the first decision, and what was answered last in it.
func lastVote(ctx context.Context, tx *db.Tx) (d decisions.Page, choice authority.BallotChoice, err error) {
	p, err := decisions.List(ctx, tx, office.Viewer{}, decisions.Filter{}, 1)
	if err != nil {
		return d, choice, err
	}
	choice = authority.Against
	if d, err = decisions.ReadPage(ctx, tx, office.Viewer{}, p.All[0].Ref); len(d.Ballots) > 0 {
		choice = d.Ballots[len(d.Ballots)-1].Choice
	}
	return d, choice, err
}

// kills is how often to kill: as often as the environment says, for a campaign.
func kills(t *testing.T, name string, usual int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s is %q, and is to be a number", name, text)
	}
	return n
}

// A process that acts is killed at any instant, and so is the server of its
// database: what was acknowledged is there, and nothing is half done.
func TestKillLosesNothing(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		killTest(t, filepath.Join(t.TempDir(), "handover.db"), kills(t, "KILLS", 4), killProcess)
	})
	t.Run("postgres", func(t *testing.T) { killTest(t, onPostgres(t), kills(t, "KILLS", 3), killProcess) })
	t.Run("the server", func(t *testing.T) {
		p := ownPostgres(t)
		killTest(t, p.address, kills(t, "KILLS", 2), p.kill)
	})
}

// killTest kills by a way that is given: the process that acts or its server. It
// returns once acts are possible again.
func killTest(t *testing.T, database string, rounds int, kill func(*testing.T, *exec.Cmd)) {
	key := filepath.Join(t.TempDir(), "record.key")
	tx, err := store.Open(t.Context(), db.Options{Database: database, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	secretary, voter := polled(t, tx)
	if err := tx.Close(); err != nil {
		t.Fatal(err)
	}
	for range rounds {
		told := killed(t, database, key, fmt.Sprint(secretary.Person, " ", voter.Person), 1+mathrand.IntN(killWithin), kill)
		held(t, database, key, told)
	}
}

// polled opens a poll of the owners, and gives the company secretary and who
// votes for one of them.
func polled(t *testing.T, tx *db.Tx) (secretary, voter office.Viewer) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	holder := func(k office.Kind, body string) office.Viewer { return storetest.Holder(t, tx, k, body) }
	secretary, voter = holder(office.CompanySecretary, office.TheCompany), holder(office.Official, office.HomeOffice)
	entries := []register.Entry{{Kind: register.Incorporated, Registered: "2012-07-16"}}
	for _, body := range []string{office.HomeOffice, office.TheAssociation} {
		entries = append(entries, register.Entry{Kind: register.Admitted, Body: body, Class: "Interim owner", Votes: 1, Guarantee: 100, Instrument: "Subscription", Registered: "2012-07-16"})
	}
	for _, e := range entries {
		_, err := handover.Enter(ctx, tx, secretary, e)
		must(err)
	}
	p := storetest.Naming(authority.Effect{})
	p.Effects = nil
	officer, finance := holder(office.CompanyOfficer, office.TheCompany), holder(office.FinanceOfficer, office.TheCompany)
	draft, err := decisions.SaveDraft(ctx, tx, officer, decisions.DraftForm{Matter: "articles", Paper: p})
	must(err)
	ref, _, err := decisions.PutForwardPaper(ctx, tx, officer, draft, 1)
	must(err)
	d, err := decisions.ReadPage(ctx, tx, secretary, ref)
	must(err)
	for _, k := range d.ViewsWanted(d.Band) {
		by := map[authority.ViewKind]office.Viewer{authority.FinanceView: finance, authority.LegalView: secretary}[k]
		must(storetest.Err(decisions.GiveView(ctx, tx, by, ref, d.Hash, k, "No objection.")))
	}
	must(storetest.Err(decisions.OpenVoting(ctx, tx, secretary, ref, decisions.OpenForm{Way: authority.ByPoll})))
	return secretary, voter
}

func killProcess(_ *testing.T, cmd *exec.Cmd) { cmd.Process.Kill() }

// killed runs a process of acts, kills a moment after it has told of some, and
// returns all that it told.
func killed(t *testing.T, database, key, people string, after int, kill func(*testing.T, *exec.Cmd)) (told []string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), actsDatabase+"="+database, actsKey+"="+key, actsPeople+"="+people)
	problem := &lines{}
	cmd.Stderr = problem
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said, done := bufio.NewReader(out), make(chan bool)
	for {
		line, err := said.ReadString('\n')
		if err != nil {
			break // killed, perhaps in the middle of a line
		}
		told = append(told, strings.TrimSpace(line))
		if len(told) == after {
			time.AfterFunc(mathrand.N(5*time.Millisecond), func() { kill(t, cmd); close(done) })
		}
	}
	if err := cmd.Wait(); err == nil || len(told) < after {
		t.Fatalf("the process of acts was not killed: %v after %d of %d acts\n%s", err, len(told), after, problem)
	}
	<-done
	return told
}

// held checks that all that was told is there, and that acts and events match.
func held(t *testing.T, database, key string, told []string) {
	t.Helper()
	tx, err := store.Open(t.Context(), db.Options{Database: database, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Close()
	d, _, err := lastVote(t.Context(), tx)
	if err != nil {
		t.Fatal(err)
	}
	counted := 0
	for _, b := range d.Ballots {
		if b.Counts() {
			counted++
		}
	}
	if votes := len(d.Ballots); counted != min(votes, 1) {
		t.Errorf("%d of %d ballots of one owner count", counted, votes)
	}
	for _, line := range told {
		var what string
		var n int64
		if _, err := fmt.Sscan(line, &what, &n); err != nil {
			t.Fatal(line, err)
		}
		switch what {
		case "event":
			_, err = register.FindEntry(t.Context(), tx, n)
		case "person":
			_, err = people.Find(t.Context(), tx, n)
		case "vote":
			if !slices.ContainsFunc(d.Ballots, func(b authority.Ballot) bool { return b.N == n }) {
				err = errors.New("there is no such ballot")
			}
		}
		if err != nil {
			t.Errorf("%s was acknowledged and is lost: %v", line, err)
		}
	}
	v, err := store.Verify(t.Context(), tx)
	if err != nil || !v.OK() {
		t.Fatalf("after the kill: %v %s", err, v.Fault)
	}
	t.Logf("killed after %d acts; the record holds %d events", len(told), v.Events)
}
