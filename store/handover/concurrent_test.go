package handover_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/storetest"
)

// complete43 fails the test unless the register holds one completion.
func complete43(c *storetest.Cast) {
	c.T.Helper()
	r, err := register.Read(c.T.Context(), c.Tx, record.When{})
	c.Must(err)
	kinds := map[register.EntryKind]int{}
	for _, e := range r.All {
		kinds[e.Kind]++
	}
	if len(r.Members) != 43 || r.Votes != 43 || len(r.Former) != 2 || kinds[register.Admitted] != 45 || kinds[register.Ceased] != 2 || kinds[register.RightGranted] != 4 || len(r.Rights) != 2 {
		c.T.Errorf("%d members, %d votes, %d former, entries %v", len(r.Members), r.Votes, len(r.Former), kinds)
	}
	all, err := record.Events(c.T.Context(), c.Tx, record.EventFilter{Topic: "handover"}, 100)
	c.Must(err)
	if n := len(slices.DeleteFunc(all, func(e record.Event) bool { return e.Act != "handover.complete" })); n != 1 {
		c.T.Errorf("%d events of completion", n)
	}
	c.Sound()
}

func TestFortyThreeBodiesAtOnceAndTwoCompletions(t *testing.T) {
	t.Parallel()
	c, database, key, chiefs := storetest.Crowd(t)
	both := []*db.Tx{c.Tx, storetest.At(t, database, key, storetest.AtNoon)}
	var wg sync.WaitGroup
	for i, chief := range chiefs {
		wg.Go(func() {
			if err := storetest.Join(t.Context(), both[i%2], c.Secretary, chief); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if h := c.Handover(); h.Count(handover.BodyReady) != 43 {
		t.Fatalf("%d of 43 bodies are ready", h.Count(handover.BodyReady))
	}
	c.Certify()
	errs := make([]error, 2)
	start := make(chan struct{})
	for i, s := range both {
		wg.Go(func() {
			<-start
			errs[i] = storetest.Complete(t.Context(), s, c.Secretary)
		})
	}
	close(start)
	wg.Wait()
	once(t, errs)
	complete43(c)
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

func kindOrFault(err error) string {
	switch {
	case err == nil:
		return "done"
	case fault.KindOf(err) == fault.Conflict:
		return "conflict"
	}
	return strings.ReplaceAll(err.Error(), "\n", "; ")
}

// joinOrComplete lets the bodies of chief executives join, or where there are
// none has the secretary, who is the first, complete the handover.
func joinOrComplete(t *testing.T) func(s *db.Tx, people []office.Viewer) string {
	return func(s *db.Tx, people []office.Viewer) string {
		secretary, chiefs := people[0], people[1:]
		if len(chiefs) == 0 {
			return kindOrFault(storetest.Complete(t.Context(), s, secretary))
		}
		errs := make([]error, len(chiefs))
		var wg sync.WaitGroup
		for i, chief := range chiefs {
			wg.Go(func() { errs[i] = storetest.Join(t.Context(), s, secretary, chief) })
		}
		wg.Wait()
		return kindOrFault(errors.Join(errs...))
	}
}

func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	if storetest.Elsewhere(t, false, joinOrComplete(t)) {
		return
	}
	c, database, key, chiefs := storetest.Crowd(t)
	half := func(from, to int) []office.Viewer { return append([]office.Viewer{c.Secretary}, chiefs[from:to]...) }
	if says := storetest.Together(t, database, key, nil, half(0, 22), half(22, 43)); !slices.Equal(says, []string{"done", "done"}) {
		t.Fatal(says)
	}
	if h := c.Handover(); h.Count(handover.BodyReady) != 43 {
		t.Fatalf("%d of 43 bodies are ready", h.Count(handover.BodyReady))
	}
	c.Certify()
	says := storetest.Together(t, database, key, nil, half(0, 0), half(0, 0))
	slices.Sort(says)
	if !slices.Equal(says, []string{"conflict", "done"}) {
		t.Errorf("two processes completed: %q", says)
	}
	complete43(c)
}
