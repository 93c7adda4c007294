package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
)

func TestIdleConnectionsGiveWay(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := newConnections(l, 4, nil)
	srv := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), ConnState: c.state, ReadHeaderTimeout: headerTime}
	go srv.Serve(c)
	defer srv.Close()
	for i := range 40 { // each keeps its connection
		client := &http.Client{Transport: &http.Transport{}}
		res, err := client.Get("http://" + l.Addr().String())
		if err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		res.Body.Close()
		defer client.CloseIdleConnections()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open > 4 || c.idle.Len() > c.open || len(c.at) != c.idle.Len() {
		t.Errorf("%d are open, %d idle", c.open, c.idle.Len())
	}
}

func TestTheServedOneIsNotClosedForAnother(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := newConnections(l, 1, nil)
	begun, end := make(chan bool), make(chan bool)
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		begun <- true
		<-end
	}))
	srv.Listener.Close()
	srv.Listener, srv.Config.ConnState = c, c.state
	srv.Start()
	defer srv.Close()
	got := make(chan error, 1)
	go func() {
		res, err := http.Get(srv.URL)
		if err == nil {
			err = res.Body.Close()
		}
		got <- err
	}()
	<-begun
	other := &http.Client{Transport: &http.Transport{}}
	if res, err := other.Get(srv.URL); err == nil {
		res.Body.Close()
		t.Error("a second one was served beside it")
	}
	close(end)
	if err := <-got; err != nil {
		t.Error(err)
	}
}

// An arrival is a connection from an address that a test names.
type arrival struct {
	net.Conn
	from string
	once *sync.Once
	gone chan string
}

func (a arrival) RemoteAddr() net.Addr {
	return &net.TCPAddr{IP: net.ParseIP(a.from), Port: 4242}
}

func (a arrival) Close() error {
	a.once.Do(func() { a.gone <- a.from })
	return nil
}

func TestOneAddressHoldsHalfOfTheConnections(t *testing.T) {
	_, proxy, err := net.ParseCIDR("198.51.100.0/24")
	if err != nil {
		t.Fatal(err)
	}
	gone := make(chan string, 100)
	c := newConnections(nil, 8, []*net.IPNet{proxy})
	enter := func(from string) *guest {
		conn := arrival{from: from, once: new(sync.Once), gone: gone}
		if !c.enter(c.from(conn)) {
			return nil
		}
		return &guest{Conn: conn, of: c, from: c.from(conn)}
	}
	several := func(from ...string) (all []*guest) {
		for i, f := range from {
			g := enter(f)
			if (g != nil) != (i < 4) {
				t.Errorf("connection %d of %s let in: %v", i+1, f, g != nil)
			}
			all = append(all, g)
		}
		return all
	}
	held := several(slices.Repeat([]string{"192.0.2.7"}, 6)...)
	c.state(held[1], http.StateIdle)
	if enter("192.0.2.7") == nil || len(gone) != 1 {
		t.Error("an address at its share does not give up an idle connection of its own for its next")
	}
	if enter("192.0.2.7") != nil {
		t.Error("an address went past its share")
	}
	for _, g := range held[2:4] {
		g.Close()
	}
	held[0].Close()
	if len(c.held) != 1 || c.held["192.0.2.7"] != 1 || c.open != 1 {
		t.Errorf("held %v, %d open", c.held, c.open)
	}
	// All of a /64 is one client, and an IPv4 address is one however it is written.
	for _, same := range [][]string{
		{"2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:ffff::3", "2001:db8:1:2:0:1:0:4", "2001:db8:1:2::5"},
		{"192.0.2.9", "::ffff:192.0.2.9", "192.0.2.9", "192.0.2.9", "::ffff:192.0.2.9"},
	} {
		for _, g := range several(same...) {
			if g != nil {
				g.Close()
			}
		}
	}
	for range 7 {
		if enter("198.51.100.4") == nil {
			t.Fatal("a trusted proxy was held to the share of one address")
		}
	}
	if enter("198.51.100.4") != nil {
		t.Error("there are more connections than the server may have")
	}
}
