package web

import (
	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/views"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) homeRoutes() {
	s.Get("/", office.Public, s.home, serve.AsAt())
	s.Get("/work", office.SignedIn, s.work)
}

func (s pages) home(c echo.Context) (templ.Component, error) {
	m, err := s.Moment(c)
	if err != nil {
		return nil, err
	}
	h, err := store.ReadHome(serve.Ctx(c), s.Store, serve.Viewer(c), m)
	if err != nil {
		return nil, err
	}
	if serve.Viewer(c).Person != 0 && !m.Past {
		return views.OfficialHome(h), nil
	}
	return views.Home(h), nil
}

func (s pages) work(c echo.Context) (templ.Component, error) {
	all, err := store.Work(serve.Ctx(c), s.Store, serve.Viewer(c))
	return views.Work(all), err
}
