package web

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/record"
	decisionsview "github.com/police-ict/handover/views/decisions"
)

func (s *Server) schemes(c echo.Context) (answer, error) {
	p, err := decisions.ReadPowers(ctx(c), s.store, record.When{})
	if err != nil {
		return answer{}, err
	}
	today := p.Facts.On
	out := versionsJSON{AsAt: today, Known: p.Facts.Known, Versions: []versionJSON{}}
	var rows [][]string
	for _, v := range p.Versions {
		out.Versions = append(out.Versions, versionAsJSON(v, today))
		rows = append(rows, []string{whole(v.Version), v.Title, v.State(today), string(v.From), string(v.To), v.Decision, string(v.AdoptedOn), strconv.FormatBool(v.Adopted), v.Hash})
	}
	return answer{Page: decisionsview.Schemes(p), JSON: out, CSV: rowsOf([]string{"version", "title", "state", "from", "to", "decision", "adopted_on", "adopted", "sha256"}, rows)}, nil
}

type versionsJSON struct {
	AsAt     civil.Day     `json:"as_at"`
	Known    int64         `json:"known_event"`
	Versions []versionJSON `json:"versions"`
}

// scheme is one version. As JSON it is the scheme itself, to the letter.
func (s *Server) scheme(c echo.Context) (answer, error) {
	n, err := number(c, "version")
	if err != nil {
		return answer{}, err
	}
	v, err := decisions.ReadSchemePage(ctx(c), s.store, n)
	return answer{Page: decisionsview.Scheme(v), JSON: v.Scheme}, err
}

func (s *Server) schemeForm(c echo.Context) (templ.Component, error) {
	p, err := decisions.ReadPowers(ctx(c), s.store, record.When{})
	if err != nil {
		return nil, err
	}
	v := p.Facts.Scheme
	if v.Version == 0 {
		v = p.Versions[0]
	}
	text, err := json.MarshalIndent(v.Scheme, "", " ")
	return decisionsview.SchemeForm(v, string(text)), err
}

func (s *Server) schemeCheck(c echo.Context) (templ.Component, error) {
	a, err := decisions.TryScheme(ctx(c), s.store, viewer(c), c.FormValue("scheme"))
	return decisionsview.SchemeCheck(a), err
}

func (s *Server) proposeScheme(c echo.Context) (string, error) {
	n, err := decisions.ProposeScheme(ctx(c), s.store, viewer(c), c.FormValue("scheme"))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("/authority/schemes/%d", n), s.told(c, fmt.Sprintf("Version %d of the scheme is proposed. It has force once a decision adopts it.", n))
}

func (s *Server) adoption(c echo.Context, given bool) (a decisions.SchemePage, d decisions.Decision, err error) {
	n, err := number(c, "version")
	if err != nil {
		return a, d, err
	}
	return decisions.TryAdoption(ctx(c), s.store, viewer(c), n, c.FormValue("decision"), given)
}

func (s *Server) adoptForm(c echo.Context) (templ.Component, error) {
	a, _, err := s.adoption(c, false)
	return decisionsview.AdoptForm(a), err
}

func (s *Server) adoptCheck(c echo.Context) (templ.Component, error) {
	a, d, err := s.adoption(c, true)
	return decisionsview.AdoptCheck(a, d), err
}

func (s *Server) adoptScheme(c echo.Context) (string, error) {
	n, err := number(c, "version")
	if err != nil {
		return "", err
	}
	ref := c.FormValue("decision")
	if err := decisions.AdoptScheme(ctx(c), s.store, viewer(c), n, ref); err != nil {
		return "", err
	}
	return fmt.Sprintf("/authority/schemes/%d", n), s.told(c, fmt.Sprintf("Version %d of the scheme is adopted, under decision %s.", n, ref))
}
