// Package register answers for the ownership of the company, the register of
// members and the bodies.
package register

import "github.com/police-ict/handover/web/serve"

// pages are handlers over a server.
type pages struct{ *serve.Server }

// Routes adds the addresses of ownership and of the bodies.
func Routes(s *serve.Server) {
	p := pages{s}
	p.ownershipRoutes()
	p.bodiesRoutes()
}
