package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/office"
)

// routes is every address of the portal, and what a person needs to use it.
func (s *Server) routes() {
	s.add(http.MethodGet, "/healthz", office.Public, func(c echo.Context) error { return c.String(http.StatusOK, "up\n") })
	s.add(http.MethodGet, "/readyz", office.Public, s.ready)
	s.add(http.MethodGet, "/static/:file", office.Public, asset)

	s.homeRoutes()
	s.ownershipRoutes()
	s.authorityRoutes()
	s.handoverRoutes()
	s.overridesRoutes()
	s.accessionsRoutes()
	s.scheduleRoutes()
	s.milestonesRoutes()
	s.decisionFormsRoutes()
	s.statementRoutes()
	s.decisionsRoutes()
	s.questionsRoutes()
	s.bodiesRoutes()
	s.spendRoutes()
	s.loadsRoutes()
	s.suppliersRoutes()
	s.rulesRoutes()
	s.publicationRoutes()
	s.delegationsRoutes()
	s.interestsRoutes()
	s.decisionsSpendRoutes()
	s.committeesRoutes()
	s.meetingsRoutes()
	s.searchRoutes()
	s.inquiriesRoutes()
	s.recommendationsRoutes()
	s.recordRoutes()
	s.followRoutes()
	s.peopleRoutes()
	s.helpRoutes()
	s.demoRoutes()
}

func (s *Server) ready(c echo.Context) error {
	if err := store.Ready(ctx(c), s.store); err != nil {
		c.Set(string(keyFault), err)
		return c.String(http.StatusServiceUnavailable, "the database does not answer, or its tables are not current\n")
	}
	return c.String(http.StatusOK, "ready\n")
}
