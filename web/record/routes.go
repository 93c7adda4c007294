// Package record answers for the record of events.
package record

import "github.com/police-ict/handover/web/serve"

// pages are handlers over a server.
type pages struct{ *serve.Server }

// Routes adds the addresses of the record.
func Routes(s *serve.Server) {
	p := pages{s}
	p.recordRoutes()
	s.Follow, s.Follows = p.follow, func(route string) bool { _, ok := followed[route]; return ok }
}
