package record_test

import (
	"bytes"
	"errors"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
)

// A line stands between a portal and PostgreSQL, and breaks at a commit when it
// is told to: before the commit is passed on, or after it was done.
type line struct {
	net.Listener
	before, after atomic.Bool
}

func (l *line) serve(network, address string) {
	for {
		near, err := l.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial(network, address)
		if err != nil {
			near.Close()
			continue
		}
		go l.carry(near, far)
	}
}

func (l *line) carry(near, far net.Conn) {
	defer near.Close()
	defer far.Close()
	var cut atomic.Bool
	go func() {
		b := make([]byte, 64<<10)
		for {
			n, err := far.Read(b)
			if cut.Load() {
				near.Close()
				far.Close()
				return
			}
			if n > 0 {
				near.Write(b[:n]) // a side that is gone ends the other
			}
			if err != nil {
				near.Close()
				return
			}
		}
	}()
	b := make([]byte, 64<<10)
	for {
		n, err := near.Read(b)
		if bytes.Contains(b[:n], []byte("commit\x00")) {
			if l.before.CompareAndSwap(true, false) {
				return
			}
			if l.after.CompareAndSwap(true, false) {
				cut.Store(true)
			}
		}
		if n > 0 {
			far.Write(b[:n])
		}
		if err != nil {
			return
		}
	}
}

// TestALineThatBreaksAtACommit cuts the line to PostgreSQL at a commit, and holds
// what is told to what was recorded.
func TestALineThatBreaksAtACommit(t *testing.T) {
	if os.Getenv("TEST_POSTGRES") == "" {
		t.Skip("skipped: this test needs PostgreSQL. Set TEST_POSTGRES to the address of a server.")
	}
	database, key := storetest.Database(t), filepath.Join(t.TempDir(), "record.key")
	plain := storetest.At(t, database, key, storetest.AtNoon)
	who := storetest.Holder(t, plain, office.CompanyOfficer, office.TheCompany)
	to, err := pgconn.ParseConfig(database)
	if err != nil {
		t.Fatal(err)
	}
	l := &line{}
	if l.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go l.serve(pgconn.NetworkAddress(to.Host, to.Port))
	through := url.URL{Scheme: "postgres", User: url.UserPassword(to.User, to.Password), Host: l.Addr().String(), Path: "/" + to.Database, RawQuery: "sslmode=disable"}
	a := sender{t, storetest.At(t, through.String(), key, storetest.AtNoon), who}

	before := a.size()
	l.after.Store(true)
	if as, err := a.send("k1", "x/1"); err != nil || as.Done().Last != before+1 || a.size() != before+1 {
		t.Errorf("cut after the commit: %v, recorded %d", err, a.size()-before)
	}
	l.before.Store(true)
	_, err = a.send("k2", "x/2")
	if unsure, ok := errors.AsType[*db.Unsure](err); !ok || !unsure.Undone || a.size() != before+1 {
		t.Errorf("cut before the commit: %v, recorded %d", err, a.size()-before)
	}
	if _, err := a.send("k2", "x/2"); err != nil || a.size() != before+2 {
		t.Errorf("sent again: %v, recorded %d", err, a.size()-before)
	}
	if _, err = a.send("k1", "x/1"); err == nil {
		t.Error("the first form is recorded twice")
	} else if _, ok := errors.AsType[*record.SentBefore](err); !ok {
		t.Error(err)
	}
}
