package handover

import (
	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	handoverview "github.com/police-ict/handover/views/handover"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) overridesRoutes() {
	s.Confirm("/handover/conditions/:id/override", office.CompleteHandover, true, s.overrideForm, s.overrideCheck, s.overrideCondition)
}

// overridable finds the condition of an address, if the person may override it.
func (s pages) overridable(c echo.Context) (h handover.Handover, d handover.Condition, err error) {
	if h, err = handover.Read(serve.Ctx(c), s.Store, record.Moment{}); err != nil {
		return h, d, err
	}
	if d, err = h.Condition(c.Param("id")); err != nil {
		return h, d, err
	}
	return h, d, h.MayOverride(d, serve.Viewer(c))
}

func (s pages) overrideForm(c echo.Context) (templ.Component, error) {
	h, d, err := s.overridable(c)
	if err != nil {
		return nil, err
	}
	all, err := decisions.DecisionsNaming(serve.Ctx(c), s.Store, authority.OverridesIt, "condition/"+d.ID)
	return handoverview.OverrideForm(h, d, all), err
}

func (s pages) overrideCheck(c echo.Context) (templ.Component, error) {
	h, d, err := s.overridable(c)
	if err != nil {
		return nil, err
	}
	var f fault.Faults
	ref := referenceTyped(c, &f)
	return handoverview.OverrideCheck(h, d, ref), f.Err()
}

func (s pages) overrideCondition(c echo.Context) (string, error) {
	if err := handover.OverrideCondition(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("id"), c.FormValue("decision")); err != nil {
		return "", err
	}
	return "/handover#condition-" + c.Param("id"), s.Tell(c, "The condition has been overridden.")
}
