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
	http.StatusUnprocessableEntity:   "That cannot be shown",
	http.StatusForbidden:             "Not with this office",
	http.StatusNotFound:              "There is no such page",
	http.StatusConflict:              "That cannot be done now",
	http.StatusTooManyRequests:       "Please wait",
	http.StatusMethodNotAllowed:      "That cannot be sent here",
	http.StatusRequestEntityTooLarge: "Too large",
	http.StatusServiceUnavailable:    "Not available now",
}

// busyPage is answered where too much is asked for: it is made of nothing that
// takes time.
const busyPage = `<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">` +
	`<title>The portal is busy – Police ICT Company</title></head><body><main><h1>The portal is busy</h1><p>%s</p><p><a href="/">Go to the first page</a></p></main></body></html>`

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
		title = "Something went wrong"
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
	switch {
	case posts(c) && Format(c) == "html" && !unguarded(c.Path()) && typedOf(c).any():
		if s.formAgain(c, status, &fault.Error{Msg: msg}) {
			return
		}
		err = s.Render(c, status, s.handed(c, nil, title, msg), nil)
	case Format(c) == "json":
		err = s.SendJSON(c, status, map[string]string{"error": msg})
	case Format(c) == "csv", Format(c) == "atom", Format(c) == "svg":
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
			return echos.Code, "There is nothing at this address. Check it, or begin at the first page."
		case http.StatusMethodNotAllowed:
			return echos.Code, "This address does not take what was sent. Go back and use the page’s own buttons."
		case http.StatusRequestEntityTooLarge:
			return echos.Code, echos.Message.(string)
		}
	}
	if unsure, ok := errors.AsType[*db.Unsure](err); ok {
		c.Set(string(keyFault), err)
		if unsure.Undone {
			return http.StatusServiceUnavailable, "The connection to the database broke while this was being recorded. We have looked it up: nothing was recorded. Send it again."
		}
		return http.StatusServiceUnavailable, "The connection to the database broke while this was being recorded, and we cannot tell yet whether it was. Look at the newest entries of the record before you send it again."
	}
	if a := actingOf(c); a != nil && a.Done().Key != "" {
		c.Set(string(keyFault), err)
		return http.StatusInternalServerError, fmt.Sprintf("This was recorded, as entry %d of the record, but its page could not be made. Do not send it again.", a.Done().Last)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		c.Set(string(keyFault), err)
		return http.StatusServiceUnavailable, "This took too long and was stopped. Nothing was recorded. Try again in a minute."
	}
	if errors.Is(err, context.Canceled) {
		return http.StatusServiceUnavailable, "The request was broken off."
	}
	c.Set(string(keyFault), err)
	return http.StatusInternalServerError, "Something went wrong on our side, and nothing was recorded. It has been logged."
}
