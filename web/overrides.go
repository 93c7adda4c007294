package web

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/views"
)

func (s *Server) overridesRoutes() {
	s.confirm("/handover/conditions/:id/override", store.CompleteHandover, true, s.overrideForm, s.overrideCheck, s.overrideCondition)
}

// overrides are the conditions that the banner of a page of the handover
// names. A page that tells of a fault is shown without them where they cannot
// be read.
func (s *Server) overrides(c echo.Context, status int) ([]store.Override, error) {
	if path := c.Request().URL.Path; path != "/handover" && !strings.HasPrefix(path, "/handover/") {
		return nil, nil
	}
	m, err := s.moment(c)
	var all []store.Override
	if err == nil {
		all, err = s.store.Overrides(ctx(c), m)
	}
	if status != http.StatusOK {
		return all, nil
	}
	return all, err
}

// overridable finds the condition of an address, if the person may override it.
func (s *Server) overridable(c echo.Context) (h store.Handover, d store.Condition, err error) {
	if h, err = s.store.Handover(ctx(c), store.Moment{}); err != nil {
		return h, d, err
	}
	if d, err = h.Condition(c.Param("id")); err != nil {
		return h, d, err
	}
	return h, d, h.MayOverride(d, viewer(c))
}

func (s *Server) overrideForm(c echo.Context) (templ.Component, error) {
	h, d, err := s.overridable(c)
	if err != nil {
		return nil, err
	}
	all, err := s.store.DecisionsNaming(ctx(c), store.OverridesIt, "condition/"+d.ID)
	return views.OverrideForm(h, d, all), err
}

func (s *Server) overrideCheck(c echo.Context) (templ.Component, error) {
	h, d, err := s.overridable(c)
	if err != nil {
		return nil, err
	}
	var f store.Faults
	ref := referenceTyped(c, &f)
	return views.OverrideCheck(h, d, ref), f.Err()
}

func (s *Server) overrideCondition(c echo.Context) (string, error) {
	if err := s.store.OverrideCondition(ctx(c), viewer(c), c.Param("id"), c.FormValue("decision")); err != nil {
		return "", err
	}
	return "/handover#condition-" + c.Param("id"), s.told(c, "The condition is overridden. Every page of the handover says so.")
}
