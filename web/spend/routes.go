// Package spend answers for published spend: loads, lines, suppliers, rules,
// publication, and payments under decisions.
package spend

import "github.com/police-ict/handover/web/serve"

// pages are handlers over a server.
type pages struct{ *serve.Server }

// Routes adds the addresses of published spend.
func Routes(s *serve.Server) {
	p := pages{s}
	p.spendRoutes()
	p.loadsRoutes()
	p.suppliersRoutes()
	p.rulesRoutes()
	p.publicationRoutes()
	p.decisionsSpendRoutes()
}
