package serve

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
)

// A body is one answer as sent, with its tag and its compressed form.
type body struct {
	kind, tag string
	raw, gz   []byte
}

var packers = sync.Pool{New: func() any { w, _ := gzip.NewWriterLevel(io.Discard, 5); return w }}

func tagged(kind string, raw []byte) body {
	h := fnv.New128a()
	h.Write(raw)
	return body{kind: kind, raw: raw, tag: fmt.Sprintf(`W/"%x"`, h.Sum(nil))}
}

// pack adds the compressed form where it is worth it.
func (b *body) pack() {
	if len(b.raw) > 1200 {
		var z bytes.Buffer
		w := packers.Get().(*gzip.Writer)
		defer packers.Put(w)
		w.Reset(&z)
		w.Write(b.raw) // memory does not refuse
		w.Close()
		b.gz = z.Bytes()
	}
}

// send sends a whole answer. Only 200 answers to signed-out readers are kept,
// here and in their browsers.
func (s *Server) send(c echo.Context, status int, kind string, raw []byte) error {
	turnOf(c).leave() // the client may take long
	hidden, err := record.HiddenNames(Ctx(c), s.Store)
	if err != nil {
		return err
	}
	switch {
	case hidden == nil || c.Request().Method == http.MethodPost: // whoever sent a form is shown what they typed
	case strings.HasPrefix(kind, "text/html"):
		raw = []byte(hidden.HidePage(string(raw)))
	default:
		raw = []byte(hidden.Hide(string(raw)))
	}
	b := tagged(kind, raw)
	if status != http.StatusOK || Viewer(c).Person != 0 || posts(c) {
		if Accepts(c.Request(), "gzip") {
			b.pack()
		}
		return b.write(c, status)
	}
	b.pack()
	k := s.keepable(c.Path(), b)
	s.keep(c, k)
	_, err = k.send(c.Response(), c.Request())
	return err
}

func (b body) write(c echo.Context, status int) error {
	out := b.raw
	c.Response().Header().Add("Vary", "Accept-Encoding")
	if b.gz != nil && Accepts(c.Request(), "gzip") {
		c.Response().Header().Set("Content-Encoding", "gzip")
		out = b.gz
	}
	c.Response().Header().Set("Content-Type", b.kind)
	c.Response().WriteHeader(status)
	return writeOut(c.Response(), out)
}

// keptPage is an answer to signed-out readers with all its headers. They may
// keep it too, but must ask whether it has changed.
type keptPage struct {
	body
	route             string
	plain, gzip, same []header // of a 200, of a compressed one and of a 304
}

type header struct {
	name   string
	values []string
}

func (s *Server) keepable(route string, b body) keptPage {
	h := s.guards.Clone()
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", b.tag)
	h.Set("Vary", "Cookie")
	k := keptPage{body: b, route: route, same: headers(h)}
	h.Set("Content-Type", b.kind)
	h["Vary"] = []string{"Cookie", "Accept-Encoding"}
	k.plain = headers(h)
	h.Set("Content-Encoding", "gzip")
	k.gzip = headers(h)
	return k
}

func headers(h http.Header) (all []header) {
	for name, values := range h {
		all = append(all, header{name, values})
	}
	return all
}

// send answers a signed-out reader, and tells the status of the answer.
func (k keptPage) send(w http.ResponseWriter, r *http.Request) (status int, err error) {
	status, all, out := http.StatusOK, k.plain, k.raw
	switch {
	case known(r, k.tag):
		status, all, out = http.StatusNotModified, k.same, nil
	case k.gz != nil && Accepts(r, "gzip"):
		all, out = k.gzip, k.gz
	}
	h := w.Header()
	for _, f := range all {
		h[f.name] = f.values
	}
	w.WriteHeader(status)
	return status, writeOut(w, out)
}

// ServeKept answers a signed-out reader from what is kept, without a query and
// before anything that other requests need. It tells whether it did. Its answer,
// its log line and its deadline are those of the longer way.
func (s *Server) ServeKept(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead || r.ContentLength != 0 || s.sessions.named(r) {
		return false
	}
	began := time.Now()
	head, ok := record.Known(s.Store)
	if !ok {
		return false // the longer way asks, and then it is known
	}
	k, ok, _ := s.pages.find(head.Size, s.Store.Now(), r.RequestURI)
	if !ok {
		return false
	}
	// A recorder in a test has no deadline to set.
	_ = http.NewResponseController(w).SetWriteDeadline(began.Add(usualTime + lateTime))
	from := people.From{Address: s.address(r), Request: rand.Text()[:16]}
	w.Header().Set("X-Request-Id", from.Request)
	status, _ := k.send(w, r) // whoever went away is not told
	s.logged(r, requestLine{k.route, from, status, began, 0, nil})
	return true
}

// address is where a request comes from, by what is believed of its headers.
func (s *Server) address(r *http.Request) string { return s.echo.IPExtractor(r) }

// pageCache keeps signed-out answers for as long as the record has the same
// size, the day is the same, and no hold or vote has ended meanwhile.
type pageCache struct {
	mu       sync.RWMutex
	size     int64
	from, to time.Time // the day
	until    time.Time // zero is no such end ahead
	begun    int64     // how often it was emptied, to begin anew
	bytes    int
	all      map[string]keptPage // by the address as it was sent
}

// current reports whether what is kept can be shown now.
func (p *pageCache) current(size int64, now time.Time) bool {
	return p.size == size && !now.Before(p.from) && now.Before(p.to) && (p.until.IsZero() || now.Before(p.until))
}

// find finds an answer, and tells since which beginning the answers are
// current, or 0.
func (p *pageCache) find(size int64, now time.Time, address string) (k keptPage, ok bool, begun int64) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if !p.current(size, now) {
		return k, false, 0
	}
	k, ok = p.all[address]
	return k, ok, p.begun
}

// begin empties it, for answers of a day or of its part until an instant.
func (p *pageCache) begin(size int64, day civil.Day, until time.Time) (begun int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.size, p.from, p.to, p.until, p.bytes, p.all = size, day.Start(), day.End(), until, 0, map[string]keptPage{}
	p.begun++
	return p.begun
}

// kept finds an answer that is still current.
func (s *Server) kept(c echo.Context) (keptPage, bool) {
	if Viewer(c).Person != 0 || c.Request().Method == http.MethodPost {
		return keptPage{}, false
	}
	vital := db.Vital(Ctx(c))
	h, err := record.ReadHead(vital, s.Store)
	if err != nil {
		return keptPage{}, false // the page itself will say so
	}
	now := s.Store.Now()
	k, ok, begun := s.pages.find(h.Size, now, c.Request().RequestURI)
	if begun == 0 {
		until, err := decisions.NextInstant(vital, s.Store)
		if err != nil {
			return keptPage{}, false // the page itself will say so
		}
		begun = s.pages.begin(h.Size, civil.DayOf(now), until)
	}
	c.Set(string(keyBegun), begun)
	return k, ok
}

// keep stores an answer, unless an event was recorded, or the day ended, while
// it was made.
func (s *Server) keep(c echo.Context, k keptPage) {
	h, err := record.ReadHead(db.Vital(Ctx(c)), s.Store)
	address := c.Request().RequestURI
	if err != nil || address == "" {
		return
	}
	p := &s.pages
	now := s.Store.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.Get(string(keyBegun)) != p.begun || !p.current(h.Size, now) {
		return
	}
	if len(k.raw)+len(k.gz) > keepMost {
		return
	}
	if p.bytes += len(k.raw) + len(k.gz); p.bytes > cacheMost {
		p.bytes, p.all = len(k.raw)+len(k.gz), map[string]keptPage{}
	}
	p.all[address] = k
}

// How much is kept, in bytes.
const (
	cacheMost = 8 << 20
	keepMost  = 1 << 20 // of one answer, so that none takes the place of all others
)
