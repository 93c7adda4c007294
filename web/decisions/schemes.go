package decisions

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/record"
	decisionsview "github.com/police-ict/handover/views/decisions"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) schemes(c echo.Context) (serve.Answer, error) {
	p, err := decisions.ReadPowers(serve.Ctx(c), s.Store, record.When{})
	if err != nil {
		return serve.Answer{}, err
	}
	today := p.Facts.On
	out := versionsJSON{AsAt: today, Known: p.Facts.Known, Versions: []versionJSON{}}
	for _, v := range p.Versions {
		out.Versions = append(out.Versions, versionAsJSON(v, today))
	}
	return serve.Answer{Page: decisionsview.Schemes(p), JSON: out, CSV: serve.CSVOf(versionColumns(today), p.Versions...)}, nil
}

// versionColumns are the columns of the versions of the scheme.
func versionColumns(today civil.Day) []serve.Column[authority.SchemeVersion] {
	return []serve.Column[authority.SchemeVersion]{
		{Name: "version", Value: func(v authority.SchemeVersion) string { return serve.Digits(v.Version) }},
		{Name: "title", Value: func(v authority.SchemeVersion) string { return v.Title }},
		{Name: "state", Value: func(v authority.SchemeVersion) string { return v.State(today) }},
		{Name: "from", Value: func(v authority.SchemeVersion) string { return string(v.From) }},
		{Name: "to", Value: func(v authority.SchemeVersion) string { return string(v.To) }},
		{Name: "decision", Value: func(v authority.SchemeVersion) string { return v.Decision }},
		{Name: "adopted_on", Value: func(v authority.SchemeVersion) string { return string(v.AdoptedOn) }},
		{Name: "adopted", Value: func(v authority.SchemeVersion) string { return strconv.FormatBool(v.Adopted) }},
		{Name: "sha256", Value: func(v authority.SchemeVersion) string { return v.Hash }},
	}
}

type versionsJSON struct {
	AsAt     civil.Day     `json:"as_at"`
	Known    int64         `json:"known_event"`
	Versions []versionJSON `json:"versions"`
}

// scheme is one version. As JSON it is the scheme itself, to the letter.
func (s pages) scheme(c echo.Context) (serve.Answer, error) {
	n, err := serve.PathNumber(c, "version")
	if err != nil {
		return serve.Answer{}, err
	}
	v, err := decisions.ReadSchemePage(serve.Ctx(c), s.Store, n)
	return serve.Answer{Page: decisionsview.Scheme(v), JSON: v.Scheme}, err
}

func (s pages) schemeForm(c echo.Context) (templ.Component, error) {
	p, err := decisions.ReadPowers(serve.Ctx(c), s.Store, record.When{})
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

func (s pages) schemeCheck(c echo.Context) (templ.Component, error) {
	a, err := decisions.TryScheme(serve.Ctx(c), s.Store, serve.Viewer(c), c.FormValue("scheme"))
	return decisionsview.SchemeCheck(a), err
}

func (s pages) proposeScheme(c echo.Context) (string, error) {
	n, err := decisions.ProposeScheme(serve.Ctx(c), s.Store, serve.Viewer(c), c.FormValue("scheme"))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("/authority/schemes/%d", n), s.Tell(c, fmt.Sprintf("Version %d of the scheme has been proposed.", n))
}

func (s pages) adoption(c echo.Context, given bool) (a decisions.SchemePage, d decisions.Decision, err error) {
	n, err := serve.PathNumber(c, "version")
	if err != nil {
		return a, d, err
	}
	return decisions.TryAdoption(serve.Ctx(c), s.Store, serve.Viewer(c), n, c.FormValue("decision"), given)
}

func (s pages) adoptForm(c echo.Context) (templ.Component, error) {
	a, _, err := s.adoption(c, false)
	return decisionsview.AdoptForm(a), err
}

func (s pages) adoptCheck(c echo.Context) (templ.Component, error) {
	a, d, err := s.adoption(c, true)
	return decisionsview.AdoptCheck(a, d), err
}

func (s pages) adoptScheme(c echo.Context) (string, error) {
	n, err := serve.PathNumber(c, "version")
	if err != nil {
		return "", err
	}
	ref := c.FormValue("decision")
	if err := decisions.AdoptScheme(serve.Ctx(c), s.Store, serve.Viewer(c), n, ref); err != nil {
		return "", err
	}
	return fmt.Sprintf("/authority/schemes/%d", n), s.Tell(c, fmt.Sprintf("Version %d of the scheme has been adopted.", n))
}
