package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestIdleConnectionsGiveWay(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := newConnections(l, 4)
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
	c := newConnections(l, 1)
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
