package serve

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	pageview "github.com/police-ict/handover/views/page"
)

var statusOf = map[fault.Kind]int{
	fault.Invalid:   http.StatusUnprocessableEntity,
	fault.Forbidden: http.StatusForbidden,
	fault.NotFound:  http.StatusNotFound,
	fault.Conflict:  http.StatusConflict,
	fault.Slow:      http.StatusTooManyRequests,
}

var titleOf = map[int]string{
	http.StatusUnprocessableEntity:   "That cannot be shown",
	http.StatusForbidden:             "Not with this office",
	http.StatusNotFound:              "There is no such page",
	http.StatusConflict:              "That cannot be done now",
	http.StatusTooManyRequests:       "Please wait",
	http.StatusMethodNotAllowed:      "That cannot be sent here",
	http.StatusRequestEntityTooLarge: "Too large",
	http.StatusServiceUnavailable:    "Too slow",
}

// fail is the only place where an error becomes a response.
func (s *Server) fail(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	c.SetRequest(c.Request().WithContext(context.WithoutCancel(Ctx(c)))) // its time may be over; the answer is still owed
	status, msg := s.explain(err, c)
	title := titleOf[status]
	if title == "" {
		title = "Something went wrong"
	}
	h := c.Response().Header()
	h.Del("Content-Disposition")
	h.Set("Cache-Control", "no-store")
	if r := c.Request(); r.Method == http.MethodPost && r.Form == nil {
		_ = ReadForm(c) // what cannot be read is not given back
	}
	if posts(c) && Format(c) == "html" && !unguarded(c.Path()) && typedOf(c).any() {
		if s.formAgain(c, status, &fault.Error{Msg: msg}) {
			return
		}
		err = s.Render(c, status, s.handed(c, nil, title, msg), nil)
	} else if Format(c) == "json" {
		err = s.SendJSON(c, status, map[string]string{"error": msg})
	} else {
		err = s.Render(c, status, pageview.Problem(title, msg), nil)
	}
	if err != nil {
		s.Options.Log.Error("error page failed", "err", err)
	}
}

// explain finds the status and the one sentence for an error. What is not
// meant for people is kept for the log.
func (s *Server) explain(err error, c echo.Context) (int, string) {
	if ours, ok := errors.AsType[*fault.Error](err); ok {
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
