package web

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/outbox"
	"github.com/police-ict/handover/store/people"
	pageview "github.com/police-ict/handover/views/page"
)

// A page answers a GET. A step answers a POST with an address to go to.
type (
	page func(echo.Context) (templ.Component, error)
	step func(echo.Context) (string, error)
	data func(echo.Context) (answer, error)
)

// An answer is what one address says, in every form it can be had in. A form
// that is nil cannot be had.
type answer struct {
	Page templ.Component
	JSON any
	CSV  iter.Seq2[[]string, error] // the first row is the header
	Atom *feed
	Goes redirect // to another address, in every form
}

// A redirect is an address to go to instead, with its status.
type redirect struct {
	Code int
	To   string
}

// rowsOf makes a CSV of rows that are all at hand.
func rowsOf(header []string, rows [][]string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		if !yield(header, nil) {
			return
		}
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// get serves a page.
func (s *Server) get(path string, need office.Permission, h page) {
	s.data(path, need, func(c echo.Context) (answer, error) {
		v, err := h(c)
		return answer{Page: v}, err
	})
}

// data serves an address that can be had as a page, as CSV and as JSON.
func (s *Server) data(path string, need office.Permission, h data) {
	s.add(http.MethodGet, path, need, func(c echo.Context) error {
		if kept, ok := s.kept(c); ok {
			_, err := kept.send(c.Response(), c.Request())
			return err
		}
		a, err := h(c)
		if problem, ok := errors.AsType[*fault.Error](err); ok && problem.Kind == fault.Invalid && form(c) == "html" {
			return s.askAgain(c, h, problem)
		}
		if err != nil {
			return err
		}
		switch f := form(c); {
		case a.Goes.To != "":
			return c.Redirect(a.Goes.Code, a.Goes.To)
		case f == "json" && a.JSON != nil:
			return s.sendJSON(c, http.StatusOK, a.JSON)
		case f == "atom" && a.Atom != nil:
			return s.sendAtom(c, *a.Atom)
		case f == "csv" && a.CSV != nil:
			return sendCSV(c, a.CSV)
		case f == "html" && a.Page != nil:
			return s.render(c, http.StatusOK, a.Page, nil)
		}
		return fault.NotFound.Errorf("This page cannot be had in that form.")
	})
}

// askAgain shows a page whose question cannot be answered once more, without
// the question, so that its form comes back with the fault.
func (s *Server) askAgain(c echo.Context, h data, fault *fault.Error) error {
	r := c.Request()
	sent := r.URL.Query()
	r.URL.RawQuery, r.Form = "", nil
	a, err := h(c)
	if err != nil || a.Page == nil {
		return fault
	}
	c.Set(string(keySent), sent)
	return s.render(c, http.StatusUnprocessableEntity, a.Page, fault)
}

// asked is a parameter of the address.
func asked(c echo.Context, name string) string { return c.Request().URL.Query().Get(name) }

// askedDay is a day of the address: name=2012-07-16, or the three fields of a
// form, field, field-month and field-year. None is "".
func askedDay(c echo.Context, name, field string) (string, error) {
	q := c.Request().URL.Query()
	if d := q.Get(name); d != "" {
		return d, nil
	}
	d, err := civil.DayFrom(q.Get(field), q.Get(field+"-month"), q.Get(field+"-year"))
	var f fault.Faults
	if err := f.Take(field, err); err != nil {
		return "", err
	}
	return string(d), f.Err()
}

// formDay is a day from the three fields of a sent form. What is wrong with it
// is noted among the faults.
func formDay(c echo.Context, f *fault.Faults, field string) civil.Day {
	d, err := civil.DayFrom(c.FormValue(field), c.FormValue(field+"-month"), c.FormValue(field+"-year"))
	if f.Take(field, err) != nil {
		f.Add(field, "Write the day as numbers, for example 16 7 2012.")
	}
	return d
}

// post takes a step.
func (s *Server) post(path string, need office.Permission, h step) {
	s.add(http.MethodPost, path, need, func(c echo.Context) error {
		if err := read(c); err != nil {
			return err
		}
		to, err := h(c)
		if err != nil {
			return err
		}
		return c.Redirect(http.StatusSeeOther, to)
	})
}

// form serves a form on GET and accepts it on POST. When the store finds a
// fault in what was sent, the form comes back with it.
func (s *Server) form(path string, need office.Permission, blank page, h step) {
	s.get(path, need, blank)
	s.add(http.MethodPost, path, need, func(c echo.Context) error {
		if err := read(c); err != nil {
			return err
		}
		to, err := h(c)
		return s.after(c, blank, to, err)
	})
}

// after ends a POST: on to the next page, or back to the form with its fault.
func (s *Server) after(c echo.Context, back page, to string, err error) error {
	problem, ok := errors.AsType[*fault.Error](err)
	if ok && (problem.Kind == fault.Invalid || problem.Kind == fault.Slow) {
		v, err := back(c)
		if err != nil {
			return err
		}
		return s.render(c, statusOf[problem.Kind], v, problem)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// confirm is a form whose act cannot be undone: what was typed is shown with
// what it will do, and must be sent once more. A password is asked for again
// where password says so. What is sent once more is done without being checked
// before; a check is made again only to show what was wrong with it.
func (s *Server) confirm(path string, need office.Permission, password bool, blank, check page, h step) {
	s.get(path, need, blank)
	s.confirmed(path, need, password, blank, check, h)
}

// confirmed is the sending of such a form, where its page is had in another way.
func (s *Server) confirmed(path string, need office.Permission, password bool, blank, check page, h step) {
	s.add(http.MethodPost, path, need, func(c echo.Context) error {
		if err := read(c); err != nil {
			return err
		}
		if c.FormValue("back") == "yes" {
			v, err := blank(c)
			if err != nil {
				return err
			}
			return s.render(c, http.StatusOK, v, nil)
		}
		if c.FormValue("confirmed") != "yes" {
			v, err := check(c)
			if err != nil {
				return s.after(c, blank, "", err)
			}
			return s.render(c, http.StatusOK, v, nil)
		}
		if password {
			if wrong := people.ConfirmPassword(ctx(c), s.store, viewer(c), c.FormValue("again")); wrong != nil {
				v, err := check(c)
				if err != nil {
					return s.after(c, blank, "", err)
				}
				return s.after(c, func(echo.Context) (templ.Component, error) { return v, nil }, "", wrong)
			}
		}
		to, err := h(c)
		if _, refused := errors.AsType[*fault.Error](err); refused {
			if _, all := check(c); all != nil {
				err = all // a check tells all that is wrong, an act the first of it
			}
		}
		return s.after(c, blank, to, err)
	})
}

// takesFile marks a route as one that takes a file.
func (s *Server) takesFile(path string) { s.uploads[path] = true }

// takesSpend marks a route as one that reads a file of spend, which may be large.
func (s *Server) takesSpend(path string) { s.large[path] = true }

// acts adds a POST for every act in a thing's life, under the permission that
// its life names.
func acts[S ~string](s *Server, path string, life office.Life[S], h func(office.Act) step) {
	for _, m := range life {
		route := path + string(m.Act)
		switch had, ok := s.needs["POST "+route]; {
		case !ok:
			s.post(route, m.Need, h(m.Act))
		case had != m.Need:
			panic(route + " is named with two permissions")
		}
	}
}

func (s *Server) add(method, path string, need office.Permission, h echo.HandlerFunc) {
	s.needs[method+" "+path] = need
	may := func(c echo.Context) error {
		switch v := viewer(c); {
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

// read takes in what was sent, within the limits of the route.
func read(c echo.Context) error {
	r := c.Request()
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		err = r.ParseMultipartForm(8 << 20)
	} else {
		err = r.ParseForm()
	}
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		drain(r)
		return tooLarge(large.Limit)
	}
	if err != nil {
		return fault.Invalid.Errorf("What was sent could not be read. Go back and send the form again.")
	}
	return nil
}

// drain reads what is still being sent, up to a limit, so that the browser
// listens to the answer.
func drain(r *http.Request) {
	_, _ = io.CopyN(io.Discard, r.Body, 64<<20) // however it ends, the answer is the same
}

func tooLarge(most int64) error {
	return echo.NewHTTPError(http.StatusRequestEntityTooLarge,
		fmt.Sprintf("What was sent is larger than %d MB, the most this page takes. Nothing was kept.", most>>20))
}

// chromeOf is what the layout shows around a page.
func (s *Server) chromeOf(c echo.Context, fault *fault.Error) pageview.Chrome {
	v := pageview.Chrome{Viewer: viewer(c), Now: s.store.Now(), Path: c.Request().URL.Path, Query: c.Request().URL.RawQuery, Fault: fault, Mail: outbox.Mails(s.store)}
	if c.Request().Method == http.MethodPost {
		v.Posted = c.Request().Form
	}
	if sent, ok := c.Get(string(keySent)).(url.Values); ok {
		v.Posted, v.Asked = sent, true
	}
	if s.options.Demo != nil {
		day, what := s.options.Demo.Next()
		v.Demo = &pageview.Demo{Next: day, What: what}
	}
	return v
}

func (s *Server) render(c echo.Context, status int, v templ.Component, fault *fault.Error) error {
	chrome := s.chromeOf(c, fault)
	var err error
	if chrome.Overrides, err = s.overrides(c, status); err != nil {
		return err
	}
	if chrome.Follows, err = s.follows(c); err != nil {
		return err
	}
	if status == http.StatusOK && chrome.Viewer.Person != 0 {
		chrome.Notice = s.notice(c)
	}
	buf := templ.GetBuffer()
	defer templ.ReleaseBuffer(buf)
	if err := v.Render(pageview.With(ctx(c), chrome), buf); err != nil {
		return err
	}
	return s.send(c, status, "text/html; charset=utf-8", bytes.Clone(buf.Bytes()))
}

func (s *Server) sendJSON(c echo.Context, status int, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	return s.send(c, status, "application/json; charset=utf-8", b.Bytes())
}

// sendCSV streams rows. A cell that a spreadsheet would run as a formula gets
// an apostrophe in front.
func sendCSV(c echo.Context, rows iter.Seq2[[]string, error]) error {
	name := strings.Trim(strings.ReplaceAll(c.Request().URL.Path, "/", "-"), "-")
	h := c.Response().Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.csv"`, name))
	out, end, err := streamed(c)
	if err != nil {
		return err
	}
	w := csv.NewWriter(out)
	w.UseCRLF = true
	rc, n := http.NewResponseController(c.Response().Writer), 0
	for row, err := range rows {
		if n++; n%500 == 1 {
			_ = rc.SetWriteDeadline(time.Now().Add(idleTime)) // a recorder in a test has none to set
		}
		if err != nil {
			return err
		}
		for i, cell := range row {
			if cell != "" && strings.ContainsRune("=+@\t\r", rune(cell[0])) || len(cell) > 1 && cell[0] == '-' && !isNumber(cell[1:]) {
				row[i] = "'" + cell
			}
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return errors.Join(w.Error(), end())
}

// streamed is where a long answer is written, compressed for whoever takes it
// so. Only a whole answer is ended: one that breaks off is seen to be broken.
func streamed(c echo.Context) (out io.Writer, end func() error, err error) {
	h := c.Response().Header()
	h.Add("Vary", "Accept-Encoding")
	if !strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") {
		return c.Response(), func() error { return nil }, nil
	}
	h.Set("Content-Encoding", "gzip")
	z, err := gzip.NewWriterLevel(c.Response(), gzip.BestSpeed)
	return z, z.Close, err
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789.") == ""
}
