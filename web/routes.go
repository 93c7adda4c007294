// Package web turns requests into calls on the store and its answers into
// pages. It holds no rules and no SQL.
package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/static"
	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	decisionsweb "github.com/police-ict/handover/web/decisions"
	handoverweb "github.com/police-ict/handover/web/handover"
	holidaysweb "github.com/police-ict/handover/web/holidays"
	peopleweb "github.com/police-ict/handover/web/people"
	recordweb "github.com/police-ict/handover/web/record"
	registerweb "github.com/police-ict/handover/web/register"
	scrutinyweb "github.com/police-ict/handover/web/scrutiny"
	"github.com/police-ict/handover/web/serve"
	spendweb "github.com/police-ict/handover/web/spend"
)

// pages are handlers over a server.
type pages struct{ *serve.Server }

// New builds the portal over st: every address, and what a person needs to use it.
func New(st *db.Tx, o serve.Options) *serve.Server {
	s := serve.New(st, o)
	p := pages{s}
	p.plainRoutes()
	p.machineRoutes()
	p.homeRoutes()
	registerweb.Routes(s)
	decisionsweb.Routes(s)
	handoverweb.Routes(s)
	scrutinyweb.Routes(s)
	spendweb.Routes(s)
	holidaysweb.Routes(s)
	p.searchRoutes()
	recordweb.Routes(s)
	peopleweb.Routes(s)
	p.helpRoutes()
	p.demoRoutes()
	return s
}

// plainRoutes are the addresses that programs ask for.
func (s pages) plainRoutes() {
	s.Add(http.MethodGet, "/healthz", office.Public, func(c echo.Context) error { return c.String(http.StatusOK, "up\n") })
	s.Add(http.MethodGet, "/readyz", office.Public, s.ready)
	s.Add(http.MethodGet, "/static/:file", office.Public, asset)
}

func (s pages) ready(c echo.Context) error {
	if err := store.Ready(serve.Ctx(c), s.Store); err != nil {
		serve.NoteFault(c, err)
		return c.String(http.StatusServiceUnavailable, "not ready: the database does not answer or has no room, its tables or its file are not those that were opened, or the clock is wrong; the log says which\n")
	}
	return c.String(http.StatusOK, "ready\n")
}

// asset serves one of the static files for ever.
func asset(c echo.Context) error {
	f, ok := static.Get(c.Param("file"))
	if !ok {
		return fault.NotFound.Errorf("There is no file at this address.")
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := f.Raw
	switch r := c.Request(); {
	case serve.Accepts(r, "br"):
		body = f.Brotli
		h.Set("Content-Encoding", "br")
	case serve.Accepts(r, "gzip"):
		body = f.Gzip
		h.Set("Content-Encoding", "gzip")
	}
	return c.Blob(http.StatusOK, f.Type, body)
}
