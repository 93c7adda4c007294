package serve

import (
	"cmp"
	"io"
	"net/http"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
)

// A File is an answer that a program reads: written while it is sent, or made
// before.
type File struct {
	Kind string // its Content-Type

	Write func(to io.Writer, found func()) error // found is called for each row

	Made  io.ReadSeeker
	Tag   string          // is another where the content is another
	Later templ.Component // says that it is being made, where it is not there yet
}

// laterAfter is when to ask again for a file that is being made, in seconds.
const laterAfter = "5"

// sendWhole sends a file as a download. One that is being made is answered with
// 202 and a page that says so.
func (s *Server) sendWhole(c echo.Context, f File) error {
	h := c.Response().Header()
	if f.Later != nil {
		h.Set("Retry-After", laterAfter)
		h.Set("Cache-Control", "no-store")
		return s.Render(c, http.StatusAccepted, f.Later, nil)
	}
	h.Set("Content-Type", f.Kind)
	Attachment(c, fileName(c.Request().URL, civil.DayOf(s.Store.Now()))+"."+Format(c))
	if f.Made != nil {
		h.Set("ETag", `"`+f.Tag+`"`)
		turnOf(c).leave() // the client may take long
		http.ServeContent(s.Steady(c), c.Request(), "", time.Time{}, f.Made)
		return nil
	}
	if c.Request().Method == http.MethodHead {
		return c.NoContent(http.StatusOK)
	}
	to := &download{c: c, taken: s.waits.taken}
	if err := f.Write(to, func() { flows(c) }); err != nil {
		return cmp.Or(overdue(c), err)
	}
	return to.Flush()
}
