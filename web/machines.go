package web

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/static"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
)

// machineRoutes are what crawlers and browsers look for at every site.
func (s pages) machineRoutes() {
	s.Add(http.MethodGet, "/robots.txt", office.Public, s.robots)
	s.Add(http.MethodGet, "/sitemap.xml", office.Public, s.sitemap)
	s.Add(http.MethodGet, securityPath, office.Public, s.security)
	s.Add(http.MethodGet, "/favicon.ico", office.Public, func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "public, max-age=86400")
		return c.Redirect(http.StatusMovedPermanently, static.URL("icon.svg"))
	})
}

// securityPath is where RFC 9116 has the contact for weaknesses told, and
// securityFor how long each answer may be relied on.
const (
	securityPath = "/.well-known/security.txt"
	securityFor  = 180 // days
)

func (s pages) security(c echo.Context) error {
	if s.Options.Security == "" {
		return c.String(http.StatusNotFound, "No contact for reporting a weakness has been set.\n")
	}
	lines := []string{"Contact: " + s.Options.Security,
		"Expires: " + string(civil.DayOf(s.Store.Now()).Add(securityFor)) + "T00:00:00Z",
		"Preferred-Languages: en", "Canonical: " + s.base(c) + securityPath, ""}
	c.Response().Header().Set("Cache-Control", "public, max-age=86400")
	return c.String(http.StatusOK, strings.Join(lines, "\n"))
}

// closedToRobots is what crawlers are asked to leave out: every filter of a list,
// of which there is no end, what is large, and what needs an account. The pages
// of a whole list are open.
var closedToRobots = []string{"/*?", "/*.csv", "/*.json", "/*.atom", "/search", "/sign-in", "/account", "/work", "/people", "/appointments", "/invitations/", "/unsubscribe/",
	"/demonstration", "/spend/explain", "/*/new$", "/*/edit$"}

func (s pages) robots(c echo.Context) error {
	lines := []string{"User-agent: *"}
	for _, path := range closedToRobots {
		lines = append(lines, "Disallow: "+path)
	}
	for _, place := range []string{"page", "before", "after"} {
		lines = append(lines, "Allow: /*?"+place+"=", "Disallow: /*?"+place+"=*&") // the longer rule counts
	}
	lines = append(lines, "Allow: /", "", "Sitemap: "+s.base(c)+"/sitemap.xml", "")
	c.Response().Header().Set("Cache-Control", "public, max-age=86400")
	return c.String(http.StatusOK, strings.Join(lines, "\n"))
}

// base is the address of the portal: that which is public, or that of the request.
func (s pages) base(c echo.Context) string {
	if u := s.Options.PublicURL; u != nil {
		return strings.TrimSuffix(u.String(), "/")
	}
	return (&url.URL{Scheme: "http", Host: c.Request().Host}).String()
}

type sitemapURL struct {
	Loc string `xml:"loc"`
}

// sitemap lists the pages to begin at: each list, each page of help, and each
// body. All else is led to from there.
func (s pages) sitemap(c echo.Context) error {
	out := struct {
		XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []sitemapURL `xml:"url"`
	}{}
	base := s.base(c)
	for _, path := range s.starts() {
		out.URLs = append(out.URLs, sitemapURL{base + path})
	}
	b, err := xml.MarshalIndent(out, "", " ")
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "public, max-age=86400")
	return c.Blob(http.StatusOK, "application/xml; charset=utf-8", append([]byte(xml.Header), b...))
}

func closed(path string) bool {
	return slices.ContainsFunc(closedToRobots, func(rule string) bool { return strings.HasPrefix(path, rule) })
}

// starts are the public pages without a parameter in their path.
func (s pages) starts() (all []string) {
	for route, need := range s.Needs() {
		method, path, _ := strings.Cut(route, " ")
		if method != http.MethodGet || need != office.Public || !s.Shows(path) || strings.Contains(path, ":") || closed(path) {
			continue
		}
		all = append(all, path)
	}
	for _, b := range office.LocalPolicingBodies() {
		all = append(all, "/bodies/"+b.Slug)
	}
	slices.Sort(all)
	return all
}
