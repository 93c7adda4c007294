package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store"
)

// A body is one answer as sent, with its tag and its compressed form.
type body struct {
	kind, tag string
	raw, gz   []byte
}

var packers = sync.Pool{New: func() any { w, _ := gzip.NewWriterLevel(io.Discard, 5); return w }}

func packed(kind string, raw []byte) body {
	h := fnv.New128a()
	h.Write(raw)
	b := body{kind: kind, raw: raw, tag: fmt.Sprintf(`W/"%x"`, h.Sum(nil))}
	if len(raw) > 1200 {
		var z bytes.Buffer
		w := packers.Get().(*gzip.Writer)
		defer packers.Put(w)
		w.Reset(&z)
		w.Write(raw) // memory does not refuse
		w.Close()
		b.gz = z.Bytes()
	}
	return b
}

// send sends a whole answer. Only 200 answers to signed-out readers are kept,
// here and in their browsers.
func (s *Server) send(c echo.Context, status int, kind string, raw []byte) error {
	b := packed(kind, raw)
	if status != http.StatusOK || viewer(c).Person != 0 || c.Request().Method == http.MethodPost {
		return b.write(c, status)
	}
	s.keep(c, b)
	return b.send(c)
}

// send answers a signed-out reader, who may keep the answer but must ask
// whether it still stands.
func (b body) send(c echo.Context) error {
	h := c.Response().Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", b.tag)
	h.Add("Vary", "Cookie")
	if c.Request().Header.Get("If-None-Match") == b.tag {
		return c.NoContent(http.StatusNotModified)
	}
	return b.write(c, http.StatusOK)
}

func (b body) write(c echo.Context, status int) error {
	out := b.raw
	c.Response().Header().Add("Vary", "Accept-Encoding")
	if b.gz != nil && strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") {
		c.Response().Header().Set("Content-Encoding", "gzip")
		out = b.gz
	}
	return c.Blob(status, b.kind, out)
}

// pageCache keeps signed-out answers for as long as the record has the same
// size, the day is the same, and no hold or vote has ended meanwhile.
type pageCache struct {
	mu    sync.RWMutex
	size  int64
	day   store.Day
	until time.Time // zero is no such end ahead
	bytes int
	all   map[string]body
}

const cacheMost = 8 << 20 // bytes

// kept finds an answer that still stands.
func (s *Server) kept(c echo.Context) (body, bool) {
	if viewer(c).Person != 0 || c.Request().Method == http.MethodPost {
		return body{}, false
	}
	h, err := s.store.Head(ctx(c))
	if err != nil {
		return body{}, false // the page itself will say so
	}
	c.Set(string(keySize), h.Size)
	now := s.store.Now()
	day := store.DayOf(now)
	p := &s.pages
	p.mu.RLock()
	fresh := p.size == h.Size && p.day == day && (p.until.IsZero() || now.Before(p.until))
	b, ok := p.all[cacheKey(c)]
	p.mu.RUnlock()
	if fresh {
		return b, ok
	}
	until, err := s.store.NextInstant(ctx(c))
	if err != nil {
		return body{}, false // the page itself will say so
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.size, p.day, p.until, p.bytes, p.all = h.Size, day, until, 0, map[string]body{}
	return body{}, false
}

// keep stores an answer, unless an event was recorded while it was made.
func (s *Server) keep(c echo.Context, b body) {
	h, err := s.store.Head(ctx(c))
	if err != nil || c.Get(string(keySize)) != h.Size {
		return
	}
	p := &s.pages
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.all == nil || p.size != h.Size || !p.until.IsZero() && !s.store.Now().Before(p.until) {
		return
	}
	if p.bytes += len(b.raw) + len(b.gz); p.bytes > cacheMost {
		p.bytes, p.all = len(b.raw)+len(b.gz), map[string]body{}
	}
	p.all[cacheKey(c)] = b
}

func cacheKey(c echo.Context) string { return form(c) + " " + c.Request().URL.RequestURI() }
