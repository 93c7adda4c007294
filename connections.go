package main

import (
	"container/list"
	"net"
	"net/http"
	"slices"
	"sync"

	"github.com/police-ict/handover/store/people"
)

// How many connections there are at most where the system allows more, and how
// many files the database needs.
const (
	manyConnections = 20_000
	databaseFiles   = 64
)

// connections are those of a server. Where there are as many as the
// system lets it have, the one that has done nothing for the longest time gives
// way: first one of the address that keeps most of those. One address holds at
// most half of them, so that nobody alone can take them all. A trusted proxy
// speaks for many, so it has no limit of its own.
type connections struct {
	net.Listener
	most    int
	proxies []*net.IPNet
	mu      sync.Mutex
	open    int
	idle    list.List // of idleConn, the longest first
	at      map[net.Conn]*list.Element
	of      map[string]int // idle ones by address
	held    map[string]int // all of them by address
}

type idleConn struct {
	conn net.Conn
	from string
}

func newConnections(l net.Listener, most int, proxies []*net.IPNet) *connections {
	return &connections{Listener: l, most: most, proxies: proxies, at: map[net.Conn]*list.Element{}, of: map[string]int{}, held: map[string]int{}}
}

// Accept waits for the next connection, and makes room for it.
func (c *connections) Accept() (net.Conn, error) {
	for {
		conn, err := c.Listener.Accept()
		if err != nil {
			return nil, err
		}
		from := c.from(conn)
		if c.enter(from) {
			return &guest{Conn: conn, of: c, from: from}, nil
		}
		_ = conn.Close() // everybody else is being served
	}
}

// from is the address that a connection is counted under; "" is a trusted proxy.
func (c *connections) from(conn net.Conn) string {
	host, _, err := net.SplitHostPort(conn.RemoteAddr().String())
	if err != nil {
		host = conn.RemoteAddr().String()
	}
	if ip := net.ParseIP(host); ip != nil && slices.ContainsFunc(c.proxies, func(p *net.IPNet) bool { return p.Contains(ip) }) {
		return ""
	}
	return people.From{Address: host}.Network()
}

// enter counts a connection in. Where its address has its share, or the server
// has no more, an idle one is closed for it; without one it is not let in.
func (c *connections) enter(from string) bool {
	c.mu.Lock()
	full, shared := c.open >= c.most, from != "" && c.held[from] >= max(1, c.most/2)
	var idle net.Conn
	if full || shared {
		if idle = c.longest(from, shared); idle == nil {
			c.mu.Unlock()
			return false
		}
		c.busy(idle)
	}
	c.open++
	c.held[from]++
	c.mu.Unlock()
	if idle != nil {
		_ = idle.Close() // it is counted out by this
	}
	return true
}

// longest is the connection that has been idle for the longest time: of one
// address, or of the address that keeps most idle ones.
func (c *connections) longest(from string, own bool) net.Conn {
	var longest *list.Element
	for e := c.idle.Front(); e != nil; e = e.Next() {
		of := e.Value.(idleConn).from
		if own && of != from {
			continue
		}
		if longest == nil || c.of[of] > c.of[longest.Value.(idleConn).from] {
			longest = e
		}
	}
	if longest == nil {
		return nil
	}
	return longest.Value.(idleConn).conn
}

// busy takes a connection from those that do nothing.
func (c *connections) busy(conn net.Conn) {
	e, ok := c.at[conn]
	if !ok {
		return
	}
	from := e.Value.(idleConn).from
	c.idle.Remove(e)
	delete(c.at, conn)
	if c.of[from]--; c.of[from] == 0 {
		delete(c.of, from)
	}
}

// state is told by the server when a connection begins or ends a request.
func (c *connections) state(conn net.Conn, to http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy(conn)
	if to == http.StateIdle {
		from := c.from(conn)
		c.at[conn] = c.idle.PushBack(idleConn{conn, from})
		c.of[from]++
	}
}

// guest is one of the connections.
type guest struct {
	net.Conn
	of   *connections
	from string
	once sync.Once
}

// Close closes the connection and counts it out.
func (g *guest) Close() error {
	g.once.Do(func() {
		g.of.mu.Lock()
		defer g.of.mu.Unlock()
		g.of.busy(g)
		g.of.open--
		if g.of.held[g.from]--; g.of.held[g.from] == 0 {
			delete(g.of.held, g.from)
		}
	})
	return g.Conn.Close()
}
