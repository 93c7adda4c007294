package serve

import (
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
)

// NoteReading keeps in the log of access that the viewer is about to be shown
// something restricted: which thing, and its address. Without the line, nothing
// is shown.
func (s *Server) NoteReading(c echo.Context, thing office.Thing, restricted bool) error {
	v := Viewer(c)
	if !restricted || v.Person == 0 {
		return nil
	}
	return people.LogAccess(Ctx(c), s.Store, people.ReadRestricted, v.Person, From(c), string(thing)+", "+c.Request().URL.Path)
}
