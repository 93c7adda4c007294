// Package people answers for accounts, appointments, signing in and following.
package people

import "github.com/police-ict/handover/web/serve"

// pages are handlers over a server.
type pages struct{ *serve.Server }

// Routes adds the addresses of accounts, appointments and what somebody
// follows.
func Routes(s *serve.Server) {
	p := pages{s}
	p.followRoutes()
	p.peopleRoutes()
	p.draftsRoutes()
}
