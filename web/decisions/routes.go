// Package decisions answers for decisions, and for who has authority to take
// them.
package decisions

import "github.com/police-ict/handover/web/serve"

// pages are handlers over a server.
type pages struct{ *serve.Server }

// Routes adds the addresses of decisions and of authority.
func Routes(s *serve.Server) {
	p := pages{s}
	p.authorityRoutes()
	p.decisionFormsRoutes()
	p.decisionsRoutes()
	p.delegationsRoutes()
	p.interestsRoutes()
}
