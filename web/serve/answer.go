package serve

import (
	"errors"
	"iter"
	"net/http"
	"net/url"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
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
	Goes Redirect // to another address, in every form
}

// A Redirect is an address to go to instead, with its status.
type Redirect struct {
	Code int
	To   string
}

// Get serves a page.
func (s *Server) Get(path string, need office.Permission, h Page) {
	s.Data(path, need, func(c echo.Context) (Answer, error) {
		v, err := h(c)
		return Answer{Page: v}, err
	})
}

// Data serves an address that can be had as a page, as CSV and as JSON.
func (s *Server) Data(path string, need office.Permission, h Data) {
	s.Add(http.MethodGet, path, need, func(c echo.Context) error {
		if kept, ok := s.kept(c); ok {
			_, err := kept.send(c.Response(), c.Request())
			return err
		}
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
		case f == "csv" && a.CSV != nil:
			return s.sendCSV(c, a.CSV)
		case f == "html" && a.Page != nil:
			return s.Render(c, http.StatusOK, a.Page, nil)
		}
		return fault.NotFound.Errorf("This page cannot be had in that form.")
	})
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
		if err := ReadForm(c); err != nil {
			return err
		}
		to, err := h(c)
		if err != nil {
			return err
		}
		return c.Redirect(http.StatusSeeOther, to)
	})
}

// Form serves a form on GET and accepts it on POST. When the store finds a
// fault in what was sent, the form comes back with it.
func (s *Server) Form(path string, need office.Permission, blank Page, h Step) {
	s.Get(path, need, blank)
	s.Add(http.MethodPost, path, need, func(c echo.Context) error {
		if err := ReadForm(c); err != nil {
			return err
		}
		to, err := h(c)
		return s.After(c, blank, to, err)
	})
}

// After ends a POST: on to the next page, or back to the form with its fault.
func (s *Server) After(c echo.Context, back Page, to string, err error) error {
	problem, ok := errors.AsType[*fault.Error](err)
	if ok && (problem.Kind == fault.Invalid || problem.Kind == fault.Slow) {
		v, err := back(c)
		if err != nil {
			return err
		}
		return s.Render(c, statusOf[problem.Kind], v, problem)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// Confirm is a form whose act cannot be undone: what was typed is shown with
// what it will do, and must be sent once more. A password is asked for again
// where password says so. What is sent once more is done without being checked
// before; a check is made again only to show what was wrong with it.
func (s *Server) Confirm(path string, need office.Permission, password bool, blank, check Page, h Step) {
	s.Get(path, need, blank)
	s.Confirmed(path, need, password, blank, check, h)
}

// Confirmed is the sending of such a form, where its page is had in another way.
func (s *Server) Confirmed(path string, need office.Permission, password bool, blank, check Page, h Step) {
	s.Add(http.MethodPost, path, need, func(c echo.Context) error {
		if err := ReadForm(c); err != nil {
			return err
		}
		if c.FormValue("back") == "yes" {
			v, err := blank(c)
			if err != nil {
				return err
			}
			return s.Render(c, http.StatusOK, v, nil)
		}
		if c.FormValue("confirmed") != "yes" {
			v, err := check(c)
			if err != nil {
				return s.After(c, blank, "", err)
			}
			return s.Render(c, http.StatusOK, v, nil)
		}
		if password {
			if wrong := people.ConfirmPassword(Ctx(c), s.Store, Viewer(c), c.FormValue("again")); wrong != nil {
				v, err := check(c)
				if err != nil {
					return s.After(c, blank, "", err)
				}
				return s.After(c, func(echo.Context) (templ.Component, error) { return v, nil }, "", wrong)
			}
		}
		to, err := h(c)
		if _, refused := errors.AsType[*fault.Error](err); refused {
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

// Has reports whether a method and its address have been added already.
func (s *Server) Has(method, path string) bool {
	_, had := s.needs[method+" "+path]
	return had
}

// Add adds a route with the permission that it needs.
func (s *Server) Add(method, path string, need office.Permission, h echo.HandlerFunc) {
	s.needs[method+" "+path] = need
	may := func(c echo.Context) error {
		switch v := Viewer(c); {
		case v.Can(need):
			return h(c)
		case v.Person == 0 && method == http.MethodGet:
			return c.Redirect(http.StatusSeeOther, "/sign-in?to="+url.QueryEscape(c.Request().URL.RequestURI()))
		case v.Person == 0:
			return c.Redirect(http.StatusSeeOther, "/sign-in")
		}
		return fault.Forbidden.Errorf("The office you act in does not let you do this. It needs an office that may %s.", need)
	}
	s.echo.Add(method, path, may)
	if method == http.MethodGet {
		s.echo.Add(http.MethodHead, path, may)
	}
}
