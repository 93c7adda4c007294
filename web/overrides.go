package web

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	handoverview "github.com/police-ict/handover/views/handover"
)

func (s *Server) overridesRoutes() {
	s.confirm("/handover/conditions/:id/override", office.CompleteHandover, true, s.overrideForm, s.overrideCheck, s.overrideCondition)
}

// overrides are the conditions that the banner of a page of the handover
// names. A page that tells of a fault is shown without them where they cannot
// be read.
func (s *Server) overrides(c echo.Context, status int) ([]handover.Override, error) {
	if path := c.Request().URL.Path; path != "/handover" && !strings.HasPrefix(path, "/handover/") {
		return nil, nil
	}
	m, err := s.moment(c)
	var all []handover.Override
	if err == nil {
		all, err = handover.Overrides(ctx(c), s.store, m)
	}
	if status != http.StatusOK {
		return all, nil
	}
	return all, err
}

// overridable finds the condition of an address, if the person may override it.
func (s *Server) overridable(c echo.Context) (h handover.Handover, d handover.Condition, err error) {
	if h, err = handover.Read(ctx(c), s.store, record.Moment{}); err != nil {
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
	all, err := decisions.DecisionsNaming(ctx(c), s.store, authority.OverridesIt, "condition/"+d.ID)
	return handoverview.OverrideForm(h, d, all), err
}

func (s *Server) overrideCheck(c echo.Context) (templ.Component, error) {
	h, d, err := s.overridable(c)
	if err != nil {
		return nil, err
	}
	var f fault.Faults
	ref := referenceTyped(c, &f)
	return handoverview.OverrideCheck(h, d, ref), f.Err()
}

func (s *Server) overrideCondition(c echo.Context) (string, error) {
	if err := handover.OverrideCondition(ctx(c), s.store, viewer(c), c.Param("id"), c.FormValue("decision")); err != nil {
		return "", err
	}
	return "/handover#condition-" + c.Param("id"), s.told(c, "The condition is overridden. Every page of the handover says so.")
}
