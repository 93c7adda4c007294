package web

import (
	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/views"
)

func (s *Server) homeRoutes() {
	s.get("/", store.Public, s.home)
	s.get("/work", store.SignedIn, s.work)
}

func (s *Server) home(c echo.Context) (templ.Component, error) {
	m, err := s.moment(c)
	if err != nil {
		return nil, err
	}
	h, err := s.store.Home(ctx(c), viewer(c), m)
	if err != nil {
		return nil, err
	}
	if viewer(c).Person != 0 && !m.Past {
		return views.OfficialHome(h), nil
	}
	return views.Home(h), nil
}

func (s *Server) work(c echo.Context) (templ.Component, error) {
	all, err := s.store.Work(ctx(c), viewer(c))
	return views.Work(all), err
}
