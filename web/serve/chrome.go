package serve

import (
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/news"
	"github.com/police-ict/handover/store/outbox"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	pageview "github.com/police-ict/handover/views/page"
)

// chromeOf is what the layout shows around a page.
func (s *Server) chromeOf(c echo.Context, fault *fault.Error) pageview.Chrome {
	v := pageview.Chrome{Viewer: Viewer(c), Now: s.Store.Now(), Path: c.Request().URL.Path, Query: c.Request().URL.RawQuery, Fault: fault, Mail: outbox.Mails(s.Store)}
	if posts(c) {
		v.Posted = c.Request().Form
	}
	if v.Viewer.Person != 0 {
		v.Until = s.ends(c)
	}
	v.Kept = v.Path == "/sign-in" && strings.Contains(c.QueryParam("to"), askedKept+"=")
	if sent, ok := c.Get(string(keySent)).(url.Values); ok {
		v.Posted, v.Asked = sent, true
	}
	v.Forms, _ = c.Get(string(keyForms)).([]pageview.Form)
	if s.Options.Demo != nil {
		day, what := s.Options.Demo.Next()
		v.Demo = &pageview.Demo{Next: day, What: what}
	}
	return v
}

// Render sends a page in the layout, with what a whole visit needs around it.
func (s *Server) Render(c echo.Context, status int, v templ.Component, fault *fault.Error) error {
	chrome := s.chromeOf(c, fault)
	s.namesOf(c, &chrome)
	var err error
	if chrome.Overrides, err = s.overrides(c, status); err != nil {
		return err
	}
	if chrome.Follows, err = s.follows(c); err != nil && status < http.StatusInternalServerError {
		return err
	}
	if status == http.StatusOK && chrome.Viewer.Person != 0 {
		chrome.Notice, chrome.Receipt, _ = strings.Cut(s.notice(c), receiptAfter)
	}
	out := bounded{most: pageMost + 6*typed(c), msg: "This page is too large to show. Choose fewer filters, or download it as CSV."}
	if err := v.Render(pageview.With(Ctx(c), chrome), &out); err != nil {
		return err
	}
	page := out.buf.Bytes()
	if chrome.Viewer.Person != 0 {
		page = s.guardForms(c, page)
	}
	return s.send(c, status, "text/html; charset=utf-8", page)
}

// namesOf gives a page the names of bodies on the day that it shows, read when
// the first is shown. Where they cannot be read, a body has its first name.
func (s *Server) namesOf(c echo.Context, chrome *pageview.Chrome) {
	if day, err := AskedDay(c, "as_at", "day"); err == nil {
		if d, err := civil.ParseDay(day); err == nil {
			chrome.AsAt = d
		}
	}
	names := sync.OnceValue(func() register.Names {
		all, err := register.ReadNames(Ctx(c), s.Store, record.When{Day: chrome.AsAt})
		if err != nil {
			s.Options.Log.Warn("the names of bodies could not be read", "error", err)
		}
		return all
	})
	chrome.Names = func(slug string) string { return names().Of(slug) }
}

// follows are the subjects that the viewer follows, for the pages that offer it.
func (s *Server) follows(c echo.Context) (subjects []string, err error) {
	if !outbox.Mails(s.Store) || Viewer(c).Person == 0 {
		return nil, nil
	}
	all, err := news.Following(Ctx(c), s.Store, Viewer(c).Person)
	for _, f := range all {
		subjects = append(subjects, f.Subject)
	}
	return subjects, err
}

// overrides are the conditions that the banner of a page of the handover
// names. A page that tells of a fault is shown without them where they cannot
// be read.
func (s *Server) overrides(c echo.Context, status int) ([]handover.Override, error) {
	if path := c.Request().URL.Path; path != "/handover" && !strings.HasPrefix(path, "/handover/") {
		return nil, nil
	}
	m, err := s.Moment(c)
	var all []handover.Override
	if err == nil {
		all, err = handover.Overrides(Ctx(c), s.Store, m)
	}
	if status != http.StatusOK {
		return all, nil
	}
	return all, err
}
