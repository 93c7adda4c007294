// Package scrutiny answers for questions, recommendations, committees, meetings
// and inquiries.
package scrutiny

import "github.com/police-ict/handover/web/serve"

// pages are handlers over a server.
type pages struct{ *serve.Server }

// Routes adds the addresses of scrutiny.
func Routes(s *serve.Server) {
	p := pages{s}
	p.questionsRoutes()
	p.committeesRoutes()
	p.meetingsRoutes()
	p.inquiriesRoutes()
	p.recommendationsRoutes()
}
