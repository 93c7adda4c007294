package serve

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/db"
)

// Dear marks an address whose pages take long to work out: all of them, or those
// whose parameters say so. Downloads and JSON take long everywhere.
func (s *Server) Dear(path string, when func(asked url.Values) bool) { s.dear[path] = when }

// vitalPaths are addresses that are answered whatever others ask for.
var vitalPaths = map[string]bool{"/sign-in": true, "/demonstration/sign-in": true, "/readyz": true}

// AlwaysDear is of an address whose pages all take long.
func AlwaysDear(url.Values) bool { return true }

// isDownload reports whether a request is for a file that may be large.
func isDownload(c echo.Context) bool {
	f := Format(c)
	return f == "csv" || f == "parquet" || f == "sqlite"
}

// isDear reports whether a request is for something that takes long.
func (s *Server) isDear(c echo.Context) bool {
	if isDownload(c) || Format(c) == "json" {
		return true
	}
	when := s.dear[c.Path()]
	return when != nil && when(c.Request().URL.Query())
}

// turn is the turn of a dear request at the gate. It works in its turn, and not
// while its client reads.
type turn struct {
	gate   *gate
	client string
	in     bool
	begun  bool // it is a download that may be under way, and is not turned away any more
	ends   func()
}

// admit waits for the turn of a dear request. End ends it, however it went.
func (s *Server) admit(c echo.Context) (end func(), err error) {
	if !s.isDear(c) {
		return func() {}, nil
	}
	t := &turn{gate: s.gate, client: s.client(c), ends: func() {}}
	if isDownload(c) {
		if err := t.gate.download(t.client); err != nil {
			return nil, err
		}
		t.ends, t.begun = func() { t.gate.downloaded(t.client) }, true
	}
	if err := t.enter(Ctx(c)); err != nil {
		t.ends()
		return nil, err
	}
	c.SetRequest(c.Request().WithContext(db.Dear(Ctx(c))))
	c.Set(string(keyTurn), t)
	return func() {
		t.leave()
		t.ends()
	}, nil
}

// client is who is served in turn: a person, or else the network of an address.
func (s *Server) client(c echo.Context) string {
	if person := Viewer(c).Person; person != 0 {
		return "person/" + Digits(person)
	}
	return From(c).Network()
}

func (t *turn) enter(ctx context.Context) error {
	if t == nil || t.in {
		return nil
	}
	err := t.gate.enter(ctx, t.client, t.begun)
	t.in = err == nil
	return err
}

func (t *turn) leave() {
	if t != nil && t.in {
		t.in = false
		t.gate.leave(t.client)
	}
}

// turnOf is the turn of a request, nil where it needs none.
func turnOf(c echo.Context) *turn {
	t, _ := c.Get(string(keyTurn)).(*turn)
	return t
}

// How much of a download is gathered before it is sent, and how much is sent at
// once: its client must take that within the time of one part.
const (
	gathered = 128 << 10
	sentPart = 16 << 10
)

// download is where a long answer is written. It gathers, and sends outside of
// its turn.
type download struct {
	c     echo.Context
	taken time.Duration // that its client has for a part
	part  []byte
}

// Write takes some of the answer.
func (d *download) Write(b []byte) (int, error) {
	if d.part == nil {
		d.part = make([]byte, 0, gathered+sentPart)
	}
	if d.part = append(d.part, b...); len(d.part) < gathered {
		return len(b), nil
	}
	return len(b), d.Flush()
}

// Flush sends what was gathered.
func (d *download) Flush() error {
	t := turnOf(d.c)
	t.leave()
	rc := http.NewResponseController(d.c.Response().Writer)
	for all := d.part; len(all) > 0; {
		some := all[:min(len(all), sentPart)]
		all = all[len(some):]
		_ = rc.SetWriteDeadline(time.Now().Add(d.taken)) // a recorder in a test has none to set
		if _, err := d.c.Response().Write(some); err != nil {
			return err
		}
	}
	d.part = d.part[:0]
	return t.enter(Ctx(d.c))
}
