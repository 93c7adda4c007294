package main

import (
	"container/list"
	"net"
	"net/http"
	"sync"
)

// How many connections there are at most where the system allows more, and how
// many files the database needs.
const (
	manyConnections = 20_000
	databaseFiles   = 64
)

// connections are those of a server. Where there are as many as the
// system lets it have, the one that has done nothing for the longest time gives
// way: first one of the address that keeps most of those.
type connections struct {
	net.Listener
	most int
	mu   sync.Mutex
	open int
	idle list.List // of idleConn, the longest first
	at   map[net.Conn]*list.Element
	of   map[string]int // idle ones by address
}

type idleConn struct {
	conn net.Conn
	from string
}

func newConnections(l net.Listener, most int) *connections {
	return &connections{Listener: l, most: most, at: map[net.Conn]*list.Element{}, of: map[string]int{}}
}

// Accept waits for the next connection, and makes room for it.
func (c *connections) Accept() (net.Conn, error) {
	for {
		conn, err := c.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if c.enter() {
			return &guest{Conn: conn, of: c}, nil
		}
		_ = conn.Close() // everybody else is being served
	}
}

func (c *connections) enter() bool {
	c.mu.Lock()
	full := c.open >= c.most
	if !full {
		c.open++
		c.mu.Unlock()
		return true
	}
	var longest *list.Element
	for e := c.idle.Front(); e != nil; e = e.Next() {
		if longest == nil || c.of[e.Value.(idleConn).from] > c.of[longest.Value.(idleConn).from] {
			longest = e
		}
	}
	if longest == nil {
		c.mu.Unlock()
		return false
	}
	conn := longest.Value.(idleConn).conn
	c.busy(conn)
	c.open++
	c.mu.Unlock()
	_ = conn.Close() // it is counted out by this
	return true
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
		from, _, err := net.SplitHostPort(conn.RemoteAddr().String())
		if err != nil {
			from = conn.RemoteAddr().String()
		}
		c.at[conn] = c.idle.PushBack(idleConn{conn, from})
		c.of[from]++
	}
}

// guest is one of the connections.
type guest struct {
	net.Conn
	of   *connections
	once sync.Once
}

// Close closes the connection and counts it out.
func (g *guest) Close() error {
	g.once.Do(func() {
		g.of.mu.Lock()
		defer g.of.mu.Unlock()
		g.of.busy(g)
		g.of.open--
	})
	return g.Conn.Close()
}
