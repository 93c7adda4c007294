// Package handover answers for the handover: accessions, the schedule,
// milestones, the statement and the conditions.
package handover

import "github.com/police-ict/handover/web/serve"

// pages are handlers over a server.
type pages struct{ *serve.Server }

// Routes adds the addresses of the handover.
func Routes(s *serve.Server) {
	p := pages{s}
	p.handoverRoutes()
	p.overridesRoutes()
	p.accessionsRoutes()
	p.scheduleRoutes()
	p.milestonesRoutes()
	p.statementRoutes()
}
