package story

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/spend/sheet"
	"github.com/police-ict/handover/store/storetest"
)

// toldOnce is the story as it was told up to a day, once for all tests.
type toldOnce struct {
	d         *Demonstration
	file, key []byte
	err       error
}

var toldUpTo sync.Map // functions that give a toldOnce, by day

func tellOnce(today civil.Day) (o toldOnce) {
	dir, err := os.MkdirTemp("", "handover-story-")
	if err != nil {
		return toldOnce{err: err}
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "demo.db")
	tx, d, err := Begin(context.Background(), db.Options{Database: file, Key: filepath.Join(dir, "record.key")}, today, io.Discard)
	if err == nil {
		err = tx.Close()
	}
	if o.d, o.err = d, err; err == nil {
		o.file, o.err = os.ReadFile(file)
	}
	if o.err == nil {
		o.key, o.err = os.ReadFile(filepath.Join(dir, "record.key"))
	}
	return o
}

// begin opens a demonstration on a day, on a copy that is the test's own.
func begin(t testing.TB, today civil.Day) *Demonstration {
	t.Helper()
	once, _ := toldUpTo.LoadOrStore(today, sync.OnceValue(func() toldOnce { return tellOnce(today) }))
	o := once.(func() toldOnce)()
	dir := t.TempDir()
	file, key := filepath.Join(dir, "demo.db"), filepath.Join(dir, "record.key")
	if err := errors.Join(o.err, os.WriteFile(file, o.file, 0o600), os.WriteFile(key, o.key, 0o600)); err != nil {
		t.Fatal(err)
	}
	recognised := make(chan *sheet.File)
	close(recognised) // whoever takes a file in looks at it then
	d := &Demonstration{teller: &teller{people: maps.Clone(o.d.people), refs: maps.Clone(o.d.refs), matters: maps.Clone(o.d.matters), meetings: maps.Clone(o.d.meetings)},
		clock: &storyClock{at: today.Start().Add(12 * time.Hour)}, told: o.d.told, files: slices.Clone(o.d.files), ahead: recognised}
	tx, err := store.Open(t.Context(), db.Options{Database: file, Key: key, Demo: true, Now: d.clock.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tx.Close() })
	d.store = tx
	d.clock.run()
	return d
}

func members(t testing.TB, d *Demonstration) int {
	t.Helper()
	r, err := register.Read(t.Context(), d.store, record.When{})
	if err != nil {
		t.Fatal(err)
	}
	return len(r.Members)
}

func theHandover(t testing.TB, d *Demonstration) handover.Handover {
	t.Helper()
	h, err := handover.Read(t.Context(), d.store, record.Moment{})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// Whoever starts a demonstration reads what it does, a line a date.
func TestTheDemonstrationSaysWhatItDoes(t *testing.T) {
	var out strings.Builder
	tx, _, err := Begin(t.Context(), db.Options{Database: filepath.Join(t.TempDir(), "demo.db")}, "2011-07-04", &out)
	if err != nil {
		t.Fatal(err)
	}
	tx.Close()
	said := regexp.MustCompile(`\d+\.\d seconds`).ReplaceAllString(out.String(), "N seconds")
	if want := `Setting up the sample story up to 4 July 2011
1 July 2011: The portal is opened (N seconds)
4 July 2011: The Home Secretary announces a company (2 source files, N seconds)
The sample story is ready (N seconds)
`; said != want {
		t.Errorf("it says:\n%s", said)
	}
}

func TestTheStoryOnItsDays(t *testing.T) {
	for _, tt := range []struct {
		day               civil.Day
		members, accounts int
		invited           bool
		answer            string
	}{
		{"2011-07-04", 0, 3, false, "Not ready: 7 of 8 conditions are not met."},
		{"2012-07-20", 2, 11, false, "Not ready: 7 of 8 conditions are not met."},
		{"2012-10-15", 2, 13, false, "Not ready: 7 of 8 conditions are not met."},
		{"2013-01-14", 2, 17, true, "Not ready: 6 of 8 conditions are not met."},
	} {
		if between := tt.day > "2012-01-01" && tt.day < "2013-01-01"; between && !storetest.Thorough() {
			continue
		}
		d := begin(t, tt.day)
		h := theHandover(t, d)
		if n := members(t, d); n != tt.members || h.Answer() != tt.answer || (h.Count(handover.NotInvited) < 43) != tt.invited {
			t.Errorf("%s: %d members, %q, %d not invited", tt.day, n, h.Answer(), h.Count(handover.NotInvited))
		}
		if n := len(d.Accounts()); n != tt.accounts {
			t.Errorf("%s: %d sample accounts, want %d", tt.day, n, tt.accounts)
		}
		if day := civil.DayOf(d.store.Now()); day != tt.day {
			t.Errorf("the clock shows %s, want %s", day, tt.day)
		}
	}
}

// TestTheStoryCanBeBroughtToCompletion moves the clock to its last date and
// does what the README leaves to the reader.
func TestTheStoryCanBeBroughtToCompletion(t *testing.T) {
	ctx := t.Context()
	d := begin(t, "2013-01-14")
	// A reader takes a step of the story before it: the story goes on without it.
	if err := steps(handover.ActResolve, "sussex")[0](ctx, d.teller); err != nil {
		t.Fatal(err)
	}
	for next, _ := d.Next(); next <= Last(); next, _ = d.Next() {
		if err := d.Forward(ctx); err != nil {
			t.Fatalf("to %s: %v", next, err)
		}
	}
	if against := theHandover(t, d).Against(); len(against) != 2 {
		t.Fatalf("the reader should have the balance and the statement left, not %+v", against)
	}
	d.lenient = false
	for _, a := range []act{prepares("finance officer", handover.TheBalance), certifies("official", handover.TheBalance), certifies("association officer", handover.TheBalance),
		prepares("secretary", handover.TheStatement), certifies("official", handover.TheStatement), certifies("association officer", handover.TheStatement),
		doing("secretary", func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
			return handover.Complete(ctx, tx, v, civil.DayOf(tx.Now()), theHandover(t, d).Statement.Now)
		})} {
		if err := a(ctx, d.teller); err != nil {
			t.Fatal(err)
		}
	}
	if n := members(t, d); n != 40 {
		t.Errorf("%d members after completion, want 40: 43 less two that declined and one that withdrew", n)
	}
	if err := d.Forward(ctx); err != nil || civil.DayOf(d.store.Now()) != Last().Add(7) {
		t.Errorf("a week later it is %s: %v", civil.DayOf(d.store.Now()), err)
	}
	everyMemberVotes(t, d)
	if v, err := store.Verify(ctx, d.store); err != nil || !v.OK() {
		t.Errorf("verify: %s %v", v.Fault, err)
	}
}

func TestTheDemonstrationRefusesOtherDatabases(t *testing.T) {
	dir := t.TempDir()
	earlier := filepath.Join(dir, "demo.db")
	for _, today := range []civil.Day{"2011-07-04", "2011-07-05"} { // an earlier demonstration gives way
		tx, _, err := Begin(t.Context(), db.Options{Database: earlier}, today, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		tx.Close()
	}

	real := filepath.Join(dir, "real.db")
	tx, err := store.Open(t.Context(), db.Options{Database: real})
	if err != nil {
		t.Fatal(err)
	}
	tx.Close()
	foreign := filepath.Join(dir, "foreign.db")
	theDb, err := sql.Open("sqlite", foreign)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := theDb.ExecContext(t.Context(), `CREATE TABLE recipes (name TEXT)`); err != nil {
		t.Fatal(err)
	}
	theDb.Close()
	for _, file := range []string{real, foreign} {
		if _, _, err := Begin(t.Context(), db.Options{Database: file}, "2013-01-14", io.Discard); err == nil || !strings.Contains(err.Error(), "was not changed") {
			t.Errorf("%s: %v", filepath.Base(file), err)
		}
	}
	if _, err := store.Open(t.Context(), db.Options{Database: earlier}); err == nil {
		t.Error("a demonstration was opened as a real installation")
	}
}

// The decisions of the story stand in every state that a reader comes for.
func TestTheDecisionsOfTheStory(t *testing.T) {
	d := begin(t, "2013-01-14")
	p, err := decisions.List(t.Context(), d.store, office.Viewer{}, decisions.Filter{}, 50)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"hosting": "implemented", "office": "refused", "network": "may be implemented", "articles": "lapsed", "scheme": "implemented", "vans": "may be implemented",
		"software": "conditions", "outage": "may be implemented", "training": "deferred", "radio": "held", "budget": "open", "storage": "put forward",
	}
	states := map[string]string{}
	for _, l := range p.All {
		for name, ref := range d.refs {
			if ref == l.Ref {
				states[name] = l.State
			}
		}
		if l.May.Say == "" || l.May.May != (l.State == "may be implemented" || l.State == "implemented") {
			t.Errorf("%s is %s: %q", l.Ref, l.State, l.May.Say)
		}
	}
	if !maps.Equal(states, want) {
		t.Errorf("the states are %v", states)
	}
	for name, ref := range d.refs {
		a, err := decisions.ReadPage(t.Context(), d.store, office.Viewer{}, ref)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range a.Ballots { // each is allowed once more by what was known then
			again, err := decisions.Replay(t.Context(), d.store, b, b.Authority.Known)
			if again.Name = ""; err != nil || !reflect.DeepEqual(again, b.Authority) {
				t.Errorf("%s, %s of %s: %v %+v, and was %+v", name, b.Role, b.Elector, err, again, b.Authority)
			}
		}
	}
	see := func(name string) decisions.Page {
		a, err := decisions.ReadPage(t.Context(), d.store, office.Viewer{}, d.refs[name])
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := see("radio"); a.May.Count != 2 || a.May.Need != 3 || !strings.Contains(a.May.Signatures(), "2 of 3 signatures. Call-in closes at 5pm on Thursday 17 January 2013") {
		t.Errorf("the one that is held: %s", a.May.Signatures())
	}
	if a := see("network"); a.Vote.Excluded != 1 || a.Vote.Counted != 10 || a.Vote.Quorum != 5 {
		t.Errorf("the one with an interest: %+v", a.Vote)
	}
	if a := see("software"); a.Part2 != "" || a.Paper.Commitment == "" || len(a.Conditions) != 2 {
		t.Errorf("the one with a Part 2: %q", a.Part2)
	}
	if a := see("hosting"); a.Version != 2 || a.Ballots[0].Counts() {
		t.Errorf("the corrected one: version %d, %+v", a.Version, a.Ballots)
	}
}

// everyMemberVotes puts a change of the articles to the members, and lets a
// sample account of each of them agree to it.
func everyMemberVotes(t *testing.T, d *Demonstration) {
	t.Helper()
	ctx := t.Context()
	for _, a := range slices.Concat([]act{proposes("articles")}, viewed("articles"), []act{opens("articles", authority.ByPoll)}) {
		if err := a(ctx, d.teller); err != nil {
			t.Fatal(err)
		}
	}
	ref := d.refs["articles"]
	r, err := register.Read(ctx, d.store, record.When{})
	if err != nil {
		t.Fatal(err)
	}
	voted := map[string]bool{}
	for _, a := range d.Accounts() {
		v, err := people.ViewerOf(ctx, d.store, a.Person, 0)
		if err != nil {
			t.Fatal(err)
		}
		p, err := decisions.ReadPage(ctx, d.store, v, ref)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decisions.CastBallot(ctx, d.store, v, ref, decisions.BallotForm{Hash: p.Hash, Role: authority.Votes, Choice: authority.For}); err == nil {
			voted[v.Office.Body] = true
		}
	}
	for _, m := range r.Members {
		if !voted[m.Body] {
			t.Errorf("nobody in the demonstration votes for %s", m.Body)
		}
	}
}
