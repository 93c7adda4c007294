package serve

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/police-ict/handover/store/fault"
)

// A gate lets in as many dear reads as can be worked on at once. The others
// wait: few of them and not for long, each client in turn, so that whoever asks
// for much keeps out nobody but themselves.
type gate struct {
	patience  time.Duration // of who waits to begin
	waitMost  int           // how many wait to begin
	underWay  int           // how many downloads may be under way,
	ofOne     int           // and how many of one client
	mu        sync.Mutex
	free      int
	working   map[string]int // by client
	waiting   []*waiter
	downloads map[string]int // under way, by client
}

// waiter waits for its turn.
type waiter struct {
	client string
	begun  bool          // a download under way: it waits as long as it must
	turn   chan struct{} // closed when it need wait no more
	told   bool          // it was let in, or turned away
	in     bool
}

// The usual limits of a gate.
const (
	gatePatience  = 5 * time.Second
	gateWaiting   = 16
	gateDownloads = 128
	gateOfOne     = 40
)

func newGate(free int) *gate {
	return &gate{patience: gatePatience, waitMost: gateWaiting, underWay: gateDownloads, ofOne: gateOfOne, free: free, working: map[string]int{}, downloads: map[string]int{}}
}

var errBusy = fault.Busy.Errorf("Too many people are using lists and searches. Try again in a few seconds.")

// enter waits for a turn. What has begun is not turned away any more.
func (g *gate) enter(ctx context.Context, client string, begun bool) error {
	w, err := g.line(client, begun)
	if w == nil {
		return err
	}
	var late <-chan time.Time
	if !begun {
		timer := time.NewTimer(g.patience)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case <-w.turn:
	case <-late:
		err = errBusy
	case <-ctx.Done():
		err = ctx.Err()
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case w.in:
		return nil
	case w.told:
		return errBusy
	}
	g.waiting = slices.DeleteFunc(g.waiting, func(o *waiter) bool { return o == w })
	return err
}

// line lets a client in at once, or puts them in line.
func (g *gate) line(client string, begun bool) (*waiter, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.free > 0 {
		g.free--
		g.working[client]++
		return nil, nil
	}
	if !begun && !g.room(client) {
		return nil, errBusy
	}
	w := &waiter{client: client, begun: begun, turn: make(chan struct{})}
	g.waiting = append(g.waiting, w)
	return w, nil
}

// room reports whether one more may wait. Where the line is full, whoever has
// the most in it gives up a place to one who has fewer.
func (g *gate) room(client string) bool {
	all, of := 0, map[string]int{}
	for _, w := range g.waiting {
		if !w.begun {
			all++
			of[w.client]++
		}
	}
	if all < g.waitMost {
		return true
	}
	for i, w := range slices.Backward(g.waiting) {
		if !w.begun && of[w.client] > of[client]+1 && !slices.ContainsFunc(g.waiting, func(o *waiter) bool { return of[o.client] > of[w.client] }) {
			g.waiting = slices.Delete(g.waiting, i, i+1)
			w.told = true
			close(w.turn)
			return true
		}
	}
	return false
}

// leave ends a turn, and gives it to the client who has the fewest.
func (g *gate) leave(client string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	count(g.working, client, -1)
	if len(g.waiting) == 0 {
		g.free++
		return
	}
	next := 0
	for i, w := range g.waiting {
		if g.working[w.client] < g.working[g.waiting[next].client] {
			next = i
		}
	}
	w := g.waiting[next]
	g.waiting = slices.Delete(g.waiting, next, next+1)
	g.working[w.client]++
	w.told, w.in = true, true
	close(w.turn)
}

// download counts a download that begins, if there may be one more. Each keeps
// some memory for as long as it lasts.
func (g *gate) download(client string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := 0
	for _, n := range g.downloads {
		all += n
	}
	if all >= g.underWay || g.downloads[client] >= g.ofOne {
		return fault.Busy.Errorf("Too many downloads are running. Try again when one has finished.")
	}
	g.downloads[client]++
	return nil
}

// downloaded ends a download.
func (g *gate) downloaded(client string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	count(g.downloads, client, -1)
}

// count adds to what a client has, and forgets who has none.
func count(of map[string]int, client string, n int) {
	if of[client] += n; of[client] == 0 {
		delete(of, client)
	}
}
