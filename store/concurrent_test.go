package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/documents"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/storetest"
)

func noon() time.Time { return storetest.Noon }

// joins takes a body all the way to ready, each step by whom it belongs to.
func joins(ctx context.Context, s *db.Tx, secretary, chief office.Viewer) error {
	body := chief.Office.Body
	for _, act := range []office.Act{handover.ActInvite, handover.ActResolve, handover.ActDeliver, handover.ActConfirm} {
		by := chief
		if act == handover.ActInvite || act == handover.ActConfirm {
			by = secretary
		}
		doc, err := documents.KeepDraft(ctx, s, by, "paper.txt", []byte("The paper of "+body))
		if err != nil {
			return fmt.Errorf("%s, %s: %w", body, act, err)
		}
		if err := handover.TakeStep(ctx, s, by, body, handover.Step{Act: act, Document: doc, Reference: "1", DecidedOn: "2013-01-10", DecidedBy: handover.ByBody}); err != nil {
			return fmt.Errorf("%s, %s: %w", body, act, err)
		}
	}
	return nil
}

// finishes completes the handover as it stands.
func finishes(ctx context.Context, s *db.Tx, secretary office.Viewer) error {
	h, err := handover.Read(ctx, s, record.Moment{})
	if err != nil {
		return err
	}
	return handover.Complete(ctx, s, secretary, "2013-01-14", h.Statement.Now)
}

// crowd is a cast in which each of the 43 bodies has a chief executive.
func crowd(t *testing.T) (c *cast, database, key string, chiefs []office.Viewer) {
	t.Helper()
	database, key = storetest.Database(t), filepath.Join(t.TempDir(), "record.key")
	clock := &storetest.Clock{}
	clock.Set(storetest.Noon)
	c = cast0(t, storetest.At(t, database, key, clock.Now), clock)
	for _, b := range office.LocalPolicingBodies() {
		chiefs = append(chiefs, c.at(b.Slug))
	}
	if len(chiefs) != 43 {
		t.Fatal(len(chiefs))
	}
	c.item("Servers", "List", 5)
	return c, database, key, chiefs
}

// complete43 fails the test unless the register holds one completion.
func (c *cast) complete43() {
	c.t.Helper()
	r, err := register.Read(c.t.Context(), c.Tx, record.When{})
	c.must(err)
	kinds := map[register.EntryKind]int{}
	for _, e := range r.All {
		kinds[e.Kind]++
	}
	if len(r.Members) != 43 || r.Votes != 43 || len(r.Former) != 2 || kinds[register.Admitted] != 45 || kinds[register.Ceased] != 2 || kinds[register.RightGranted] != 4 || len(r.Rights) != 2 {
		c.t.Errorf("%d members, %d votes, %d former, entries %v", len(r.Members), r.Votes, len(r.Former), kinds)
	}
	all, err := record.Events(c.t.Context(), c.Tx, record.EventFilter{Topic: "handover"}, 100)
	c.must(err)
	if n := len(slices.DeleteFunc(all, func(e record.Event) bool { return e.Act != "handover.complete" })); n != 1 {
		c.t.Errorf("%d events of completion", n)
	}
	c.sound()
}

func TestFortyThreeBodiesAtOnceAndTwoCompletions(t *testing.T) {
	t.Parallel()
	c, database, key, chiefs := crowd(t)
	both := []*db.Tx{c.Tx, storetest.At(t, database, key, noon)}
	var wg sync.WaitGroup
	for i, chief := range chiefs {
		wg.Go(func() {
			if err := joins(t.Context(), both[i%2], c.secretary, chief); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if h := c.now(); h.Count(handover.BodyReady) != 43 {
		t.Fatalf("%d of 43 bodies are ready", h.Count(handover.BodyReady))
	}
	c.certify()
	errs := make([]error, 2)
	start := make(chan struct{})
	for i, s := range both {
		wg.Go(func() {
			<-start
			errs[i] = finishes(t.Context(), s, c.secretary)
		})
	}
	close(start)
	wg.Wait()
	once(t, errs)
	c.complete43()
}

// once fails the test unless one of two succeeded and the other was told that
// it came second.
func once(t *testing.T, errs []error) {
	t.Helper()
	won, told := 0, 0
	for _, err := range errs {
		switch {
		case err == nil:
			won++
		case fault.KindOf(err) == fault.Conflict:
			told++
		}
	}
	if won != 1 || told != 1 {
		t.Errorf("of two completions %d succeeded and %d were told of a conflict: %v", won, told, errs)
	}
}

// actElsewhere is what the other process of TestTwoProcesses does: it opens
// the same database, says so, and acts once its input is closed.
const elsewhere = "HANDOVER_TEST_ELSEWHERE"

func actElsewhere(t *testing.T) {
	now, ballot := noon, os.Getenv(elsewhere+"_BALLOT")
	var began atomic.Int64 // in microseconds; its clock shows noon then, and runs
	if ballot != "" {
		now = func() time.Time {
			if n := began.Load(); n != 0 {
				return noon().Add(time.Since(time.UnixMicro(n)))
			}
			return noon()
		}
	}
	s, err := store.Open(t.Context(), db.Options{Database: os.Getenv(elsewhere), Key: os.Getenv(elsewhere + "_KEY"), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	viewer := func(person string) office.Viewer {
		n, err := strconv.ParseInt(person, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		v, err := people.ViewerOf(t.Context(), s, n, 0)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	people := strings.Split(os.Getenv(elsewhere+"_PEOPLE"), " ")
	secretary := viewer(people[0])
	chiefs := make([]office.Viewer, 0, len(people))
	for _, p := range people[1:] {
		chiefs = append(chiefs, viewer(p))
	}
	fmt.Println("ready")
	said, err := io.ReadAll(os.Stdin)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.ParseInt(string(said), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	began.Store(n)
	if ballot != "" {
		ref, hash, _ := strings.Cut(ballot, " ")
		fmt.Println("result:", votedInTurn(t, s, chiefs, ref, hash))
		return
	}
	if len(chiefs) == 0 {
		fmt.Println("result:", kindOrFault(finishes(t.Context(), s, secretary)))
		return
	}
	errs := make([]error, len(chiefs))
	var wg sync.WaitGroup
	for i, chief := range chiefs {
		wg.Go(func() { errs[i] = joins(t.Context(), s, secretary, chief) })
	}
	wg.Wait()
	fmt.Println("result:", kindOrFault(errors.Join(errs...)))
}

func kindOrFault(err error) string {
	switch {
	case err == nil:
		return "done"
	case fault.KindOf(err) == fault.Conflict:
		return "conflict"
	}
	return strings.ReplaceAll(err.Error(), "\n", "; ")
}

// together runs processes of this test at once, each for some people, and
// returns what each of them says.
func together(t *testing.T, database, key string, people ...[]office.Viewer) []string {
	t.Helper()
	return togetherWith(t, database, key, nil, people...)
}

func togetherWith(t *testing.T, database, key string, env []string, people ...[]office.Viewer) []string {
	t.Helper()
	says := make([]string, len(people))
	var ready, done sync.WaitGroup
	var began int64
	start := make(chan struct{})
	for i, some := range people {
		ids := make([]string, len(some))
		for j, v := range some {
			ids[j] = fmt.Sprint(v.Person)
		}
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTwoProcesses$", "-test.v")
		cmd.Env = append(os.Environ(), elsewhere+"="+database, elsewhere+"_KEY="+key, elsewhere+"_PEOPLE="+strings.Join(ids, " "))
		cmd.Env = append(cmd.Env, env...)
		cmd.Stderr = os.Stderr
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ready.Add(1)
		done.Go(func() {
			lines, isReady := bufio.NewScanner(out), false
			var all []string
			for lines.Scan() {
				all = append(all, lines.Text())
				if lines.Text() == "ready" {
					isReady = true
					ready.Done()
					<-start
					fmt.Fprint(in, began) // a process that is gone is told of below
					in.Close()
				}
				if result, ok := strings.CutPrefix(lines.Text(), "result: "); ok {
					says[i] = result
				}
			}
			if !isReady {
				ready.Done()
			}
			if err := cmd.Wait(); err != nil || says[i] == "" {
				t.Errorf("process %d: %v\n%s", i, err, strings.Join(all, "\n"))
			}
		})
	}
	ready.Wait()
	began = time.Now().UnixMicro()
	close(start)
	done.Wait()
	return says
}

func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	if os.Getenv(elsewhere) != "" {
		actElsewhere(t)
		return
	}
	c, database, key, chiefs := crowd(t)
	half := func(from, to int) []office.Viewer { return append([]office.Viewer{c.secretary}, chiefs[from:to]...) }
	if says := together(t, database, key, half(0, 22), half(22, 43)); !slices.Equal(says, []string{"done", "done"}) {
		t.Fatal(says)
	}
	if h := c.now(); h.Count(handover.BodyReady) != 43 {
		t.Fatalf("%d of 43 bodies are ready", h.Count(handover.BodyReady))
	}
	c.certify()
	says := together(t, database, key, half(0, 0), half(0, 0))
	slices.Sort(says)
	if !slices.Equal(says, []string{"conflict", "done"}) {
		t.Errorf("two processes completed: %q", says)
	}
	c.complete43()
}
