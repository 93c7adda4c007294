package web

import (
	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/views"
)

func (s *Server) homeRoutes() {
	s.get("/", office.Public, s.home)
	s.get("/work", office.SignedIn, s.work)
}

func (s *Server) home(c echo.Context) (templ.Component, error) {
	m, err := s.moment(c)
	if err != nil {
		return nil, err
	}
	h, err := store.ReadHome(ctx(c), s.store, viewer(c), m)
	if err != nil {
		return nil, err
	}
	if viewer(c).Person != 0 && !m.Past {
		return views.OfficialHome(h), nil
	}
	return views.Home(h), nil
}

func (s *Server) work(c echo.Context) (templ.Component, error) {
	all, err := store.Work(ctx(c), s.store, viewer(c))
	return views.Work(all), err
}
