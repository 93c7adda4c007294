package serve

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/fault"
)

// How large an answer may be, in bytes. The largest page met, of spend in 89
// years at once, has 0.3 MB. A CSV has no such limit: it is sent row by row.
const (
	pageMost = 4 << 20
	dataMost = 32 << 20
	partSize = 64 << 10 // of a large answer, between two deadlines
)

// bounded is a buffer that refuses to grow past a size, so that what is being
// made stops there.
type bounded struct {
	buf  bytes.Buffer
	most int
	msg  string
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.buf.Len()+len(p) > b.most {
		return 0, fault.Invalid.Errorf("%s", b.msg)
	}
	return b.buf.Write(p)
}

// typed is how many bytes of text a sent form has, all of which its page may
// have to give back.
func typed(c echo.Context) (n int) {
	if c.Request().Method == http.MethodPost {
		for _, values := range c.Request().Form {
			for _, v := range values {
				n += len(v)
			}
		}
	}
	return n
}

// writeOut sends a whole answer. A large one has a deadline for each part, so
// that a slow line gets it all.
func writeOut(w http.ResponseWriter, out []byte) error {
	rc, end := http.NewResponseController(w), time.Now().Add(longTime)
	for len(out) > partSize {
		if _, err := w.Write(out[:partSize]); err != nil {
			return err
		}
		out = out[partSize:]
		// A recorder in a test has no deadline to set.
		_ = rc.SetWriteDeadline(earlier(time.Now().Add(idleTime), end))
	}
	if len(out) == 0 {
		return nil
	}
	_, err := w.Write(out)
	return err
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// waits are how long an export waits for its next row, and for its reader to
// take the next part.
type waits struct{ quiet, taken time.Duration }

// flowing answers an export. It may take as long as it likes while rows flow, and
// ends when none came for a while.
func (s *Server) flowing(c echo.Context, next echo.HandlerFunc) error {
	rc := http.NewResponseController(c.Response().Writer)
	// A recorder in a test has no deadlines to set. A read that runs out would end
	// the request, although nothing is to be read.
	_, _ = rc.SetReadDeadline(time.Time{}), rc.SetWriteDeadline(time.Now().Add(s.waits.quiet+s.waits.taken))
	r := c.Request()
	if r.ContentLength > bodyMost {
		drain(r)
		return tooLarge(bodyMost)
	}
	r.Body = http.MaxBytesReader(c.Response().Writer, r.Body, bodyMost)
	ctx, cancel := context.WithCancelCause(r.Context())
	defer cancel(nil)
	quiet := s.waits.quiet
	timer := time.AfterFunc(quiet, func() {
		cancel(fmt.Errorf("no row was found for %s: %w", quiet, context.DeadlineExceeded))
	})
	defer timer.Stop()
	c.Set(string(keyFlow), func() { timer.Reset(quiet) })
	c.SetRequest(r.WithContext(ctx))
	err := next(c)
	if late := overdue(c); err != nil && late != nil && errors.Is(err, context.Canceled) {
		return late
	}
	return err
}

// flows tells that a row of an export was found.
func flows(c echo.Context) {
	if again, ok := c.Get(string(keyFlow)).(func()); ok {
		again()
	}
}

// overdue is why an export was ended for being slow, or nil.
func overdue(c echo.Context) error {
	if cause := context.Cause(Ctx(c)); errors.Is(cause, context.DeadlineExceeded) {
		return cause
	}
	return nil
}

// gone reports whether an answer broke off because its reader went away.
func gone(c echo.Context, err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, context.Canceled) && overdue(c) == nil
}

// breakOff breaks the connection of an answer that was cut short after it began,
// so that no reader takes a part of it for the whole.
func breakOff(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := next(c)
		if c.Get(string(keyBroken)) != nil {
			panic(http.ErrAbortHandler)
		}
		return err
	}
}

// Accepts reports whether a reader takes a coding of the content (RFC 9110,
// 12.5.3). One of quality 0 is refused.
func Accepts(r *http.Request, coding string) bool {
	any := false
	for _, line := range r.Header.Values("Accept-Encoding") {
		for one := range strings.SplitSeq(line, ",") {
			name, params, _ := strings.Cut(one, ";")
			takes := quality(params) > 0
			switch strings.ToLower(strings.TrimSpace(name)) {
			case coding:
				return takes
			case "*":
				any = takes
			}
		}
	}
	return any
}

// quality is the weight of a part of such a header, 1 where none is given.
func quality(params string) float64 {
	for p := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		if strings.EqualFold(strings.TrimSpace(name), "q") {
			q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil {
				return 0
			}
			return q
		}
	}
	return 1
}

// known reports whether a reader has the answer of a tag already (RFC 9110,
// 13.1.2): any of a list of tags, weak or not, or any answer at all.
func known(r *http.Request, tag string) bool {
	tag = strings.TrimPrefix(tag, "W/")
	for _, line := range r.Header.Values("If-None-Match") {
		for one := range strings.SplitSeq(line, ",") {
			one = strings.TrimSpace(one)
			if one == "*" || strings.TrimPrefix(one, "W/") == tag {
				return true
			}
		}
	}
	return false
}

// Streams marks a GET that sends a file, however large, for as long as it is taken.
func (s *Server) Streams(path string) { s.streams[path] = true }

// Steady is where a file is written: each part has a deadline of its own.
func (s *Server) Steady(c echo.Context) http.ResponseWriter { return steady{c.Response(), c, s} }

type steady struct {
	http.ResponseWriter
	c echo.Context
	s *Server
}

func (w steady) Write(p []byte) (int, error) {
	flows(w.c)
	// A recorder in a test has no deadline to set.
	_ = http.NewResponseController(w.c.Response().Writer).SetWriteDeadline(time.Now().Add(w.s.waits.taken))
	return w.ResponseWriter.Write(p)
}

// SendFile sends a file as a download, whole or in the part that is asked for.
// The hash of its content is its tag.
func (s *Server) SendFile(c echo.Context, name, kind, hash string, content []byte) error {
	h := c.Response().Header()
	h.Set("Content-Type", kind)
	Attachment(c, name)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if hash != "" {
		h.Set("ETag", `"`+hash+`"`)
	}
	http.ServeContent(s.Steady(c), c.Request(), "", time.Time{}, bytes.NewReader(content))
	return nil
}
