package web

import (
	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/views"
	"github.com/police-ict/handover/web/serve"
)

// demoRoutes exist in a demonstration only.
func (s pages) demoRoutes() {
	if s.Options.Demo == nil {
		return
	}
	s.Get("/demonstration", office.Public, func(echo.Context) (templ.Component, error) { return views.Demonstration(), nil })
	s.Post("/demonstration/forward", office.Public, s.forward)
}

// forward moves the clock to the next date of the story. Whoever is signed in
// stays so: the hours that pass are the story's, not theirs.
func (s pages) forward(c echo.Context) (string, error) {
	v := serve.Viewer(c)
	if err := s.Options.Demo.Forward(serve.Ctx(c)); err != nil {
		return "", err
	}
	if v.Person == 0 {
		return "/", nil
	}
	if err := s.BeginSession(c, v.Person); fault.KindOf(err) != 0 {
		return "/sign-in", nil // holds no office on the new day
	} else if err != nil {
		return "", err
	}
	return "/", nil
}
