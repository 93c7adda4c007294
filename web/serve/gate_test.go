package serve

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/storetest"
)

// lineUp puts a client in line, so many times.
func lineUp(t *testing.T, g *gate, client string, n int) (all []chan error) {
	t.Helper()
	for range n {
		before := g.inLine(client)
		done := make(chan error, 1)
		go func() { done <- g.enter(t.Context(), client, false) }()
		for g.inLine(client) == before && len(done) == 0 {
			time.Sleep(50 * time.Microsecond)
		}
		all = append(all, done)
	}
	return all
}

// inLine is how often a client waits.
func (g *gate) inLine(client string) (n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, w := range g.waiting {
		if w.client == client {
			n++
		}
	}
	return n
}

func TestWhoAsksForMuchKeepsOutOnlyThemselves(t *testing.T) {
	g := newGate(1)
	g.patience = time.Minute
	if err := g.enter(t.Context(), "many", false); err != nil {
		t.Fatal(err)
	}
	many := lineUp(t, g, "many", gateWaiting)
	if err := g.enter(t.Context(), "many", false); fault.KindOf(err) != fault.Busy {
		t.Fatalf("the line is full: %v", err)
	}
	one := lineUp(t, g, "one", 1)
	if err := <-many[gateWaiting-1]; fault.KindOf(err) != fault.Busy {
		t.Fatalf("whoever has most in line gives up a place: %v", err)
	}
	g.leave("many")
	if err := <-many[0]; err != nil { // nobody works now, so the first is next
		t.Fatal(err)
	}
	two := lineUp(t, g, "two", 1)
	g.mu.Lock()
	g.free, g.working["many"] = 0, 2
	g.mu.Unlock()
	g.leave("many")
	if err := <-one[0]; err != nil {
		t.Fatal(err)
	}
	g.leave("one")
	if err := <-two[0]; err != nil {
		t.Fatal(err)
	}
}

func TestNobodyWaitsLong(t *testing.T) {
	g := newGate(1)
	g.patience = 0
	if err := g.enter(t.Context(), "a", false); err != nil {
		t.Fatal(err)
	}
	if err := g.enter(t.Context(), "b", false); fault.KindOf(err) != fault.Busy {
		t.Errorf("after its patience: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := g.enter(gone, "c", true); !errors.Is(err, context.Canceled) {
		t.Errorf("who went away: %v", err)
	}
	if n := len(g.waiting); n != 0 {
		t.Errorf("%d are still in line", n)
	}
	g.leave("a")
	if err := g.enter(t.Context(), "d", false); err != nil {
		t.Error(err)
	}
}

func TestDownloadsAreBounded(t *testing.T) {
	g := newGate(1)
	for i := range gateOfOne {
		if err := g.download("a"); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
	}
	if err := g.download("a"); fault.KindOf(err) != fault.Busy {
		t.Errorf("of one client: %v", err)
	}
	for i := range gateDownloads - gateOfOne {
		if err := g.download(fmt.Sprint("b", i/gateOfOne)); err != nil {
			t.Fatal(err)
		}
	}
	if err := g.download("c"); fault.KindOf(err) != fault.Busy {
		t.Errorf("of all: %v", err)
	}
	if g.downloaded("a"); g.download("c") != nil {
		t.Error("one ended")
	}
}

func TestTooManyLongReadsAreToldToComeBack(t *testing.T) {
	s := New(storetest.Open(t), Options{})
	working, done := make(chan bool), make(chan bool)
	s.Data("/long", office.Public, func(echo.Context) (Answer, error) {
		working <- true
		<-done
		return Answer{JSON: "told"}, nil
	})
	s.Add(http.MethodGet, "/short", office.Public, func(c echo.Context) error { return c.String(http.StatusOK, "told") })
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w
	}
	var all sync.WaitGroup
	for range s.gate.free {
		all.Go(func() { get("/long.json") })
		<-working
	}
	for n := range gateWaiting {
		all.Go(func() { get("/long.json") })
		for s.gate.inLine("192.0.2.1") == n {
			time.Sleep(50 * time.Microsecond)
		}
	}
	w := get("/long.json")
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "Try again in a few seconds.") {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if w := get("/short"); w.Code != http.StatusOK {
		t.Errorf("what is short: %d", w.Code)
	}
	go func() {
		for range working { // those who waited work in their turn
		}
	}()
	close(done)
	all.Wait()
	close(working)
}

// Who is nobody's person is counted by the network that they have to themselves.
func TestClientsAreCountedByNetwork(t *testing.T) {
	s := New(storetest.Open(t), Options{})
	for _, tc := range []struct{ remote, want string }{
		{"[2001:db8:7:1::5]:4000", "2001:db8:7:1::/64"},
		{"[2001:db8:7:1:ffff:2:3:4]:4001", "2001:db8:7:1::/64"},
		{"[2001:db8:7:2::5]:4000", "2001:db8:7:2::/64"},
		{"192.0.2.44:4000", "192.0.2.44"},
		{"[::ffff:192.0.2.44]:4000", "192.0.2.44"},
		{"[fe80::1%eth0]:4000", "fe80::/64"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = tc.remote
		if got := s.client(s.echo.NewContext(r, httptest.NewRecorder())); got != tc.want {
			t.Errorf("%s is counted as %s, not %s", tc.remote, got, tc.want)
		}
	}
}
