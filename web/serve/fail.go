package serve

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	pageview "github.com/police-ict/handover/views/page"
)

var statusOf = map[fault.Kind]int{
	fault.Invalid:     http.StatusUnprocessableEntity,
	fault.Forbidden:   http.StatusForbidden,
	fault.NotFound:    http.StatusNotFound,
	fault.Conflict:    http.StatusConflict,
	fault.Slow:        http.StatusTooManyRequests,
	fault.Busy:        http.StatusServiceUnavailable,
	fault.Unavailable: http.StatusServiceUnavailable,
}

// retryAfter is in how many seconds it is worth asking again.
const retryAfter = "5"

var titleOf = map[int]string{
	http.StatusUnprocessableEntity:   "This page cannot be shown",
	http.StatusForbidden:             "You do not have permission to do this",
	http.StatusNotFound:              "Page not found",
	http.StatusConflict:              "This cannot be done now",
	http.StatusTooManyRequests:       "Try again later",
	http.StatusMethodNotAllowed:      "This page does not accept forms",
	http.StatusRequestEntityTooLarge: "This is too large to send",
	http.StatusServiceUnavailable:    "The service is unavailable",
}

// busyPage is answered where too much is asked for: it is made of nothing that
// takes time.
const busyPage = `<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">` +
	`<title>The service is busy – Police ICT Company</title></head><body><main><h1>The service is busy</h1><p>%s</p><p><a href="/">Go to the home page</a></p></main></body></html>`

// fail is the only place where an error becomes a response.
func (s *Server) fail(err error, c echo.Context) {
	if c.Response().Committed {
		if !gone(c, err) {
			NoteFault(c, fmt.Errorf("the answer was cut short: %w", err))
		}
		c.Set(string(keyBroken), true)
		return
	}
	c.SetRequest(c.Request().WithContext(context.WithoutCancel(Ctx(c)))) // its time may be over; the answer is still owed
	status, msg := s.explain(err, c)
	title := titleOf[status]
	if title == "" {
		title = "Sorry, there is a problem with the service"
	}
	h := c.Response().Header()
	if status == http.StatusServiceUnavailable {
		h.Set("Retry-After", retryAfter)
	}
	h.Del("Content-Disposition")
	h.Del("Content-Encoding")
	h.Set("Cache-Control", "no-store")
	if r := c.Request(); r.Method == http.MethodPost && r.Form == nil {
		_ = ReadForm(c) // what cannot be read is not given back
	}
	form := posts(c) && Format(c) == "html" && !unguarded(c.Path())
	typed := form && typedOf(c).any()
	switch {
	case (typed || form && status == http.StatusConflict && s.edits[c.Path()]) && s.formAgain(c, status, &fault.Error{Msg: msg}):
		return
	case typed:
		err = s.Render(c, status, s.handed(c, nil, title, msg), nil)
	case Format(c) == "json":
		err = s.SendJSON(c, status, map[string]string{"error": msg})
	case isDownload(c), Format(c) == "atom", Format(c) == "svg":
		err = s.send(c, status, "text/plain; charset=utf-8", []byte(noMarkup.Replace(msg)+"\n"))
	case fault.KindOf(err) == fault.Busy:
		err = c.HTML(status, fmt.Sprintf(busyPage, msg))
	default:
		err = s.Render(c, status, pageview.Problem(title, msg, s.whole(c, status)), nil)
	}
	if err != nil {
		s.Options.Log.Error("error page failed", "err", err)
	}
}

// noMarkup keeps what somebody typed from being taken for markup, where a program
// guesses at what it was sent.
var noMarkup = strings.NewReplacer("<", "&lt;", ">", "&gt;", "\n", " ")

// whole is the address without its parameters, for whoever asked for what
// cannot be shown.
func (s *Server) whole(c echo.Context, status int) string {
	if status != http.StatusUnprocessableEntity || c.Request().Method != http.MethodGet || c.Get(string(keyRefused)) == nil {
		return ""
	}
	return c.Request().URL.EscapedPath()
}

// explain finds the status and the one sentence for an error. What is not
// meant for people is kept for the log.
func (s *Server) explain(err error, c echo.Context) (int, string) {
	if ours, ok := errors.AsType[*fault.Error](err); ok {
		if ours.Kind == fault.Unavailable {
			c.Set(string(keyFault), err) // whoever runs the portal is to hear of it
		}
		return statusOf[ours.Kind], ours.Msg
	}
	if echos, ok := errors.AsType[*echo.HTTPError](err); ok {
		switch echos.Code {
		case http.StatusNotFound:
			return echos.Code, "Check that the web address is correct, or start from the home page."
		case http.StatusMethodNotAllowed:
			return echos.Code, "This form cannot be sent to this page. Go back and use the buttons on the page."
		case http.StatusRequestEntityTooLarge:
			return echos.Code, echos.Message.(string)
		}
	}
	if unsure, ok := errors.AsType[*db.Unsure](err); ok {
		c.Set(string(keyFault), err)
		if unsure.Undone {
			return http.StatusServiceUnavailable, "The service lost its connection while saving this. Nothing was recorded. Send it again."
		}
		return http.StatusServiceUnavailable, "The service lost its connection while saving this, and we cannot tell yet whether it was recorded. Check the latest entries in the record before you send it again."
	}
	if a := actingOf(c); a != nil && a.Done().Key != "" {
		c.Set(string(keyFault), err)
		return http.StatusInternalServerError, fmt.Sprintf("This was recorded as entry %d, but its page cannot be shown. Do not send it again.", a.Done().Last)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		c.Set(string(keyFault), err)
		if c.Request().Method == http.MethodPost {
			return http.StatusServiceUnavailable, "This took too long and was stopped. Nothing was recorded. Try again in one minute."
		}
		return http.StatusServiceUnavailable, "This took too long and was stopped. Try again in one minute."
	}
	if errors.Is(err, context.Canceled) {
		return http.StatusServiceUnavailable, "The request was cancelled."
	}
	c.Set(string(keyFault), err)
	if c.Request().Method == http.MethodPost {
		return http.StatusInternalServerError, "Nothing was recorded. Try again later. We have logged the problem."
	}
	return http.StatusInternalServerError, "Try again later. We have logged the problem."
}
