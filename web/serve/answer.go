package serve

import (
	"errors"
	"iter"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	pageview "github.com/police-ict/handover/views/page"
)

// What a handler is.
type (
	// A Page answers a GET.
	Page func(echo.Context) (templ.Component, error)
	// A Step answers a POST with an address to go to.
	Step func(echo.Context) (string, error)
	// A Data answers a GET in every form that it can be had in.
	Data func(echo.Context) (Answer, error)
)

// An Answer is what one address says, in every form it can be had in. A form
// that is nil cannot be had.
type Answer struct {
	Page templ.Component
	JSON any
	CSV  iter.Seq2[[]string, error] // the first row is the header
	Atom *Feed
	SVG  pageview.ChartFile // the chart of the page, nil for none
	File *File              // in the format that was asked for, where it is none of these
	Goes Redirect           // to another address, in every form
	Also []string           // forms that it can be had in and that were not made now
}

// A Redirect is an address to go to instead, with its status.
type Redirect struct {
	Code int
	To   string
}

// Get serves a page.
func (s *Server) Get(path string, need office.Permission, h Page, takes ...Params) {
	s.Data(path, need, func(c echo.Context) (Answer, error) {
		v, err := h(c)
		return Answer{Page: v}, err
	}, takes...)
}

// Data serves an address that can be had as a page, as CSV and as JSON, with the
// parameters that it takes.
func (s *Server) Data(path string, need office.Permission, h Data, takes ...Params) {
	s.shows[path] = true
	s.Add(http.MethodGet, path, need, func(c echo.Context) error {
		if kept, ok := s.kept(c); ok {
			_, err := kept.send(c.Response(), c.Request())
			return err
		}
		end, err := s.admit(c)
		if err != nil {
			return err
		}
		defer end()
		a, err := h(c)
		if problem, ok := errors.AsType[*fault.Error](err); ok && problem.Kind == fault.Invalid && Format(c) == "html" {
			return s.askAgain(c, h, problem)
		}
		if err != nil {
			return err
		}
		switch f := Format(c); {
		case a.Goes.To != "":
			return c.Redirect(a.Goes.Code, a.Goes.To)
		case f == "json" && a.JSON != nil:
			return s.SendJSON(c, http.StatusOK, a.JSON)
		case f == "atom" && a.Atom != nil:
			return s.sendAtom(c, *a.Atom)
		case f == "atom" && s.Follow != nil:
			feed, err := s.Follow(c)
			if err != nil {
				return err
			}
			return s.sendAtom(c, feed)
		case f == "svg" && a.SVG != nil:
			return s.sendSVG(c, a.SVG.File())
		case f == "csv" && a.CSV != nil:
			return s.sendCSV(c, a.CSV)
		case (f == "parquet" || f == "sqlite") && a.File != nil:
			return s.sendWhole(c, *a.File)
		case f == "html" && a.Page != nil:
			c.Set(string(keyForms), s.formsOf(c, a))
			return s.Render(c, http.StatusOK, a.Page, nil)
		}
		return fault.NotFound.Errorf("This page is not available in that format.")
	}, takes...)
}

// formsOf are the other forms of a page, for its head: feeds first, since a
// reader takes the first that it knows. Where in a list the page stands is not
// asked of them.
func (s *Server) formsOf(c echo.Context, a Answer) (all []pageview.Form) {
	has := map[string]bool{"atom": a.Atom != nil || s.Follows != nil && s.Follows(c.Path()), "csv": a.CSV != nil, "json": a.JSON != nil}
	q := c.Request().URL.Query()
	for _, place := range []string{"page", "after", "before"} {
		q.Del(place)
	}
	for _, f := range []struct{ name, kind, title string }{{"atom", "application/atom+xml", "Feed of this page"}, {"csv", "text/csv", "CSV"}, {"json", "application/json", "JSON"}} {
		if has[f.name] || slices.Contains(a.Also, f.name) {
			u := url.URL{Path: c.Request().URL.Path + "." + f.name, RawQuery: q.Encode()}
			all = append(all, pageview.Form{Type: f.kind, Title: f.title, Href: u.String()})
		}
	}
	return all
}

// askAgain shows a page whose question cannot be answered once more, without
// the question, so that its form comes back with the fault.
func (s *Server) askAgain(c echo.Context, h Data, fault *fault.Error) error {
	r := c.Request()
	sent := r.URL.Query()
	r.URL.RawQuery, r.Form = "", nil
	a, err := h(c)
	if err != nil || a.Page == nil {
		return fault
	}
	c.Set(string(keySent), sent)
	return s.Render(c, http.StatusUnprocessableEntity, a.Page, fault)
}

// Post takes a step.
func (s *Server) Post(path string, need office.Permission, h Step) {
	s.Add(http.MethodPost, path, need, func(c echo.Context) error {
		to, err := h(c)
		if to, err = landed(c, to, err); err != nil {
			return err
		}
		return s.done(c, to)
	})
}

// Form serves a form on GET and accepts it on POST. When the store finds a
// fault in what was sent, the form comes back with it.
func (s *Server) Form(path string, need office.Permission, blank Page, h Step, takes ...Params) {
	s.Get(path, need, blank, takes...)
	s.PostOn(path, need, blank, h)
}

// PostOn takes a step that another page offers: a fault in what was sent comes
// back on that page.
func (s *Server) PostOn(path string, need office.Permission, on Page, h Step) {
	s.blanks[path] = on
	s.Add(http.MethodPost, path, need, func(c echo.Context) error {
		to, err := h(c)
		return s.After(c, on, to, err)
	})
}

// PostShown takes a step whose answer is a page that is shown once and never again.
func (s *Server) PostShown(path string, need office.Permission, on, h Page) {
	s.blanks[path] = on
	s.Add(http.MethodPost, path, need, func(c echo.Context) error {
		v, err := h(c)
		if err != nil {
			return s.After(c, on, "", err)
		}
		return s.Render(c, http.StatusOK, v, nil)
	})
}

// After ends a POST: on to the next page, or back to the form with its fault.
func (s *Server) After(c echo.Context, back Page, to string, err error) error {
	to, err = landed(c, to, err)
	problem, ok := errors.AsType[*fault.Error](err)
	if ok && (problem.Kind == fault.Invalid || problem.Kind == fault.Slow) {
		v, err := back(c)
		if err != nil {
			return err
		}
		return s.refuses(c, v, problem)
	}
	if err != nil {
		return err
	}
	return s.done(c, to)
}

// Confirm is a form whose act cannot be undone: what was typed is shown with
// what it will do, and must be sent once more. A password is asked for again
// where password says so. What is sent once more is done without being checked
// before; a check is made again only to show what was wrong with it.
func (s *Server) Confirm(path string, need office.Permission, password bool, blank, check Page, h Step, takes ...Params) {
	s.Get(path, need, blank, takes...)
	s.Confirmed(path, need, password, blank, check, h)
}

// Confirmed is the sending of such a form, where its page is had in another way.
// What is to be confirmed is shown under an address of its own.
func (s *Server) Confirmed(path string, need office.Permission, password bool, blank, check Page, h Step) {
	s.blanks[path] = blank
	s.Add(http.MethodPost, path, need, func(c echo.Context) error {
		switch {
		case c.FormValue("back") == "yes":
			v, err := blank(c)
			if err != nil {
				return err
			}
			return s.showTyped(c, people.TypedAgain, askedKept, v)
		case c.Get(string(keyCheck)) != nil || c.FormValue("confirmed") != "yes":
			v, err := check(c)
			if err != nil {
				return s.After(c, blank, "", err)
			}
			return s.showTyped(c, people.TypedCheck, askedCheck, v)
		case password:
			if wrong := people.ConfirmPassword(Ctx(c), s.Store, Viewer(c), c.FormValue("again")); wrong != nil {
				v, err := check(c)
				if err != nil {
					return s.After(c, blank, "", err)
				}
				c.Set(string(keyCheck), true)
				return s.After(c, func(echo.Context) (templ.Component, error) { return v, nil }, "", wrong)
			}
		}
		to, err := h(c)
		if _, refused := errors.AsType[*fault.Error](err); refused && !errors.Is(err, record.ErrChanged) {
			if _, all := check(c); all != nil {
				err = all // a check tells all that is wrong, an act the first of it
			}
		}
		return s.After(c, blank, to, err)
	})
}

// TakesFile marks a route as one that takes a file.
func (s *Server) TakesFile(path string) { s.uploads[path] = true }

// TakesSpend marks a route as one that reads a file of spend, which may be large.
func (s *Server) TakesSpend(path string) { s.large[path] = true }

// Acts adds a POST for every act in a thing's life, under the permission that
// its life names.
func Acts[S ~string](s *Server, path string, life office.Life[S], h func(office.Act) Step) {
	for _, m := range life {
		route := path + string(m.Act)
		switch had, ok := s.needs["POST "+route]; {
		case !ok:
			s.Post(route, m.Need, h(m.Act))
		case had != m.Need:
			panic(route + " is named with two permissions")
		}
	}
}

// signInTo is the address to sign in at, and to come back from.
func signInTo(c echo.Context) string {
	to := c.Request().URL.RequestURI()
	if len(to) > valueMost {
		return "/sign-in"
	}
	return "/sign-in?to=" + url.QueryEscape(to)
}

// Shows reports whether a GET of a route shows a page.
func (s *Server) Shows(route string) bool { return s.shows[route] }

// Has reports whether a method and its address have been added already.
func (s *Server) Has(method, path string) bool {
	_, had := s.needs[method+" "+path]
	return had
}

// Add adds a route with the permission that it needs, and with the parameters
// that a GET takes.
func (s *Server) Add(method, path string, need office.Permission, h echo.HandlerFunc, takes ...Params) {
	s.needs[method+" "+path] = need
	if method == http.MethodGet {
		s.takes[path] = slices.Concat(takes...)
	}
	if method == http.MethodPost {
		s.echo.Add(method, path, s.taking(path, need, h))
		return
	}
	may := func(c echo.Context) error {
		switch v := Viewer(c); {
		case v.Can(need):
			if refused, ok := c.Get(string(keyRefused)).(error); ok {
				return refused
			}
			return h(c)
		case v.Person == 0:
			return c.Redirect(http.StatusSeeOther, signInTo(c))
		}
		return mayNot(need)
	}
	s.echo.Add(method, path, may)
	s.echo.Add(http.MethodHead, path, may)
}
