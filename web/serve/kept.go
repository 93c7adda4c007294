package serve

import (
	"bytes"
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	pageview "github.com/police-ict/handover/views/page"
)

// The parameters of an address under which something typed is shown.
const (
	askedCheck = "check" // to be confirmed
	askedKept  = "kept"  // on its form again
)

// resumes finds an address that shows what was typed there: it goes to the
// handler of the form, not to that of the page, and sends nothing.
func (s *Server) resumes(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if q := r.URL.RawQuery; r.Method == http.MethodGet && (strings.Contains(q, askedCheck+"=") || strings.Contains(q, askedKept+"=")) {
			asked := r.URL.Query()
			if key := asked.Get(askedCheck) + asked.Get(askedKept); key != "" && s.takesPost(r.URL.Path) {
				c.Set(string(keyResume), key)
				r.Method = http.MethodPost // until the route is found
			}
		}
		return next(c)
	}
}

// posts reports whether a page shows what was typed.
func posts(c echo.Context) bool {
	_, resumed := c.Get(string(keyResume)).(string)
	return resumed || c.Request().Method == http.MethodPost
}

// resume shows what its reader typed before, to be confirmed or changed.
func (s *Server) resume(c echo.Context, path string, need office.Permission, key string, h echo.HandlerFunc) error {
	v := Viewer(c)
	c.Request().Method = http.MethodGet
	if v.Person == 0 {
		return c.Redirect(http.StatusSeeOther, "/sign-in?to="+url.QueryEscape(c.Request().URL.RequestURI()))
	}
	t, err := people.FindTyped(Ctx(c), s.Store, v.Person, c.Request().URL.Path, key)
	if err != nil {
		return err
	}
	c.Request().Form, c.Request().PostForm = t.Form, t.Form
	if err := otherRole(c); err != nil {
		if to, ok := c.Get(string(keySwitch)).(pageview.Switch); ok {
			to.To = c.Request().URL.RequestURI()
			return s.Render(c, http.StatusConflict, pageview.OtherRole(to, v.Office.Title), nil)
		}
		c.Request().Form, c.Request().PostForm = nil, nil
		return err
	}
	c.Set(string(keyProblem), t.Fault)
	if !v.Can(need) {
		return mayNot(need)
	}
	if t.Purpose == people.TypedCheck {
		c.Set(string(keyCheck), true)
		return h(c)
	}
	if blank := s.blanks[path]; blank != nil {
		if page, err := blank(c); err == nil {
			return s.renderTyped(c, page)
		}
	}
	return s.Render(c, http.StatusOK, s.handed(c, nil, "Your answers", "We kept these when your session ended."), nil)
}

// keepTyped keeps what was typed and is the address that shows it; "" where it
// could not be kept.
func (s *Server) keepTyped(c echo.Context, person int64, purpose, asked string, why *fault.Error) string {
	form := typedOf(c).kept()
	if form.Get(fieldOnce) == "" {
		form.Set(fieldOnce, rand.Text()) // however often it is shown, it is one form
	}
	ctx := context.WithoutCancel(Ctx(c))
	key, err := people.KeepTyped(ctx, s.Store, person, c.Request().URL.Path, people.Typed{Purpose: purpose, Form: form, Fault: why})
	if err != nil {
		s.Options.Log.Error("what was typed is not kept", "err", err)
	}
	if key == "" {
		return ""
	}
	return c.Request().URL.Path + "?" + asked + "=" + key
}

// showTyped sends the reader to a page that shows what was typed, so that going
// back, forward and reloading ask for pages only. What cannot be kept is shown
// at once.
func (s *Server) showTyped(c echo.Context, purpose, asked string, page templ.Component) error {
	if c.Request().Method == http.MethodPost && Viewer(c).Person != 0 {
		if to := s.keepTyped(c, Viewer(c).Person, purpose, asked, nil); to != "" {
			return c.Redirect(http.StatusSeeOther, to)
		}
	}
	return s.renderTyped(c, page)
}

// renderTyped sends a page with what was typed, and with why it was refused
// where it was.
func (s *Server) renderTyped(c echo.Context, page templ.Component) error {
	if why, ok := c.Get(string(keyProblem)).(*fault.Error); ok && why != nil {
		return s.Render(c, statusOf[why.Kind], page, why)
	}
	return s.Render(c, http.StatusOK, page, nil)
}

// refuses answers a form that cannot be accepted with its page. A browser is
// sent to it, so that it can go back to it and reload it; a program, which
// does not say that it navigates, has it at once.
func (s *Server) refuses(c echo.Context, page templ.Component, why *fault.Error) error {
	r := c.Request()
	if r.Method == http.MethodPost && Viewer(c).Person != 0 && !unguarded(c.Path()) && r.Header.Get("Sec-Fetch-Mode") == "navigate" {
		purpose, asked := people.TypedAgain, askedKept
		if c.Get(string(keyCheck)) != nil {
			purpose, asked = people.TypedCheck, askedCheck
		}
		if to := s.keepTyped(c, Viewer(c).Person, purpose, asked, why); to != "" {
			return c.Redirect(http.StatusSeeOther, to)
		}
	}
	return s.Render(c, statusOf[why.Kind], page, why)
}

// signInFirst sends somebody who is not signed in to do so. What they typed in a
// session that has ended meanwhile is kept for them and nobody else.
func (s *Server) signInFirst(c echo.Context, path string) error {
	typed := typedOf(c).any()
	person, err := s.sessions.owner(c.Request())
	if err != nil {
		return err
	}
	if person != 0 {
		to := ""
		if typed {
			to = s.keepTyped(c, person, people.TypedAgain, askedKept, nil)
		}
		if to == "" && s.Has(http.MethodGet, path) {
			to = c.Request().URL.Path
		}
		if to != "" || !typed {
			return c.Redirect(http.StatusSeeOther, strings.TrimSuffix("/sign-in?to="+url.QueryEscape(to), "?to="))
		}
	}
	if typed && c.Request().Form.Get(fieldOnce) != "" { // a page showed it to somebody signed in
		page := s.handed(c, nil, "You have been signed out", "Nothing was recorded. Sign in in another tab, then send this again.")
		return s.Render(c, http.StatusUnauthorized, page, nil)
	}
	return c.Redirect(http.StatusSeeOther, "/sign-in")
}

// handed is the page that gives back what was typed.
func (s *Server) handed(c echo.Context, form *shownForm, title, msg string) templ.Component {
	typed, v := typedOf(c), Viewer(c)
	path := c.Request().URL.Path
	h := pageview.Handed{Title: title, Msg: msg, Fields: typedFields(typed, form), GoOn: pageview.Link{Href: "/", Text: "Go to the home page"}}
	if s.Has(http.MethodGet, c.Path()) {
		h.GoOn = pageview.Link{Href: path, Text: "Open an empty form"}
	}
	if again := typed.kept(); len(typed.files) == 0 {
		h.Path, h.Again = path, again
		for _, name := range []string{fieldOnce, fieldActing, fieldWas} {
			again.Del(name)
		}
	}
	if v.Person == 0 {
		h.SignIn = "/sign-in"
	}
	if to, ok := c.Get(string(keySwitch)).(pageview.Switch); ok {
		h.Switch = s.switchBack(c, to)
	}
	return pageview.HandedBack(h)
}

// switchBack keeps what was typed for the role that it was typed in.
func (s *Server) switchBack(c echo.Context, to pageview.Switch) *pageview.Switch {
	if to.To = s.keepTyped(c, Viewer(c).Person, people.TypedAgain, askedKept, nil); to.To == "" {
		return nil
	}
	return &to
}

// shownNow are the forms of a route's own page as it is now, without anything
// that was typed.
func (s *Server) shownNow(c echo.Context, blank Page) ([]shownForm, error) {
	sent, resume := c.Request(), c.Get(string(keyResume))
	asks := sent.Clone(Ctx(c))
	asks.Method, asks.Form, asks.PostForm, asks.MultipartForm = http.MethodGet, nil, nil, nil
	c.SetRequest(asks)
	c.Set(string(keyResume), nil)
	defer func() { c.SetRequest(sent); c.Set(string(keyResume), resume) }()
	page, err := blank(c)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := page.Render(pageview.With(Ctx(c), s.chromeOf(c, nil)), &b); err != nil {
		return nil, err
	}
	return shownForms(b.Bytes()), nil
}

// Edits marks a form as one that changes what is recorded: it is refused where
// what it was opened on has changed meanwhile.
func (s *Server) Edits(path string) { s.edits[path] = true }

// Repeats marks a form that means something else each time that it is sent,
// such as one step up in a list.
func (s *Server) Repeats(path string) { s.repeats[path] = true }

// compare refuses an edit of what has changed since its form was opened.
func (s *Server) compare(c echo.Context, path string, a *acting) error {
	was := a.form.Get(fieldWas)
	if was == "" || !s.edits[path] || s.blanks[path] == nil {
		return nil
	}
	head, err := record.ReadHead(Ctx(c), s.Store)
	if err != nil {
		return err
	}
	forms, err := s.shownNow(c, s.blanks[path])
	if err != nil {
		return err
	}
	for _, f := range forms {
		if f.post && f.action == c.Request().URL.Path && f.digest() == was {
			a.Seen = head.Size
			return nil
		}
	}
	return record.ErrChanged
}

// formAgain shows a form again with what was typed and why it was refused. An
// edit of what has changed meanwhile shows both texts, and can be sent again.
func (s *Server) formAgain(c echo.Context, status int, problem *fault.Error) (sent bool) {
	path := c.Path()
	blank := s.blanks[path]
	if blank == nil || !Viewer(c).Can(s.needs["POST "+path]) || !posts(c) {
		return false
	}
	if status == http.StatusConflict && s.edits[path] && c.Get(string(keyAlready)) == nil {
		now, err := s.shownNow(c, blank)
		if err != nil {
			return false
		}
		if f := find(now, c.Request().URL.Path, c.Request().Form); f != nil {
			c.Set(string(keyBeside), pageview.BothTexts(differing(*f, c.Request().Form)))
			c.Set(string(keyWas), f.digest())
			for _, one := range f.fields {
				if one.kind == "hidden" {
					c.Request().Form[one.name] = slices.Clone(one.values)
				}
			}
		}
	}
	if to, ok := c.Get(string(keySwitch)).(pageview.Switch); ok {
		if back := s.switchBack(c, to); back != nil {
			c.Set(string(keyBeside), pageview.SwitchBack(*back))
		}
	}
	if to, ok := c.Get(string(keyAlready)).(string); ok {
		c.Set(string(keyBeside), pageview.SentAlready(to))
	}
	page, err := blank(c)
	return err == nil && s.Render(c, status, page, problem) == nil
}

// guardForms gives every form of a page its key, the role it is shown for and,
// where it edits, what it said before anything was typed.
func (s *Server) guardForms(c echo.Context, page []byte) []byte {
	var out bytes.Buffer
	from := 0
	for _, f := range shownForms(page) {
		if !f.post || unguarded(f.action) {
			continue
		}
		var sent url.Values
		if posts(c) && f.action == c.Request().URL.Path {
			sent = c.Request().Form
		}
		out.Write(page[from:f.at])
		if beside, ok := c.Get(string(keyBeside)).(templ.Component); ok && sent != nil {
			c.Set(string(keyBeside), nil)
			_ = beside.Render(Ctx(c), &out) // memory does not refuse
		}
		out.Write(page[f.at:f.open])
		from = f.open
		hidden := func(name, value string) {
			out.WriteString(`<input type="hidden" name="` + name + `" value="` + templ.EscapeString(value) + `"/>`)
		}
		once := rand.Text()
		if given := sent.Get(fieldOnce); given != "" && c.Get(string(keyAlready)) == nil {
			once = given
		}
		hidden(fieldOnce, once)
		hidden(fieldActing, strconv.FormatInt(Viewer(c).Office.ID, 10))
		if s.editsAt(f.action) {
			was := f.digest()
			if sent != nil {
				was = sent.Get(fieldWas)
			}
			if now, ok := c.Get(string(keyWas)).(string); ok && sent != nil {
				was = now
			}
			hidden(fieldWas, was)
		}
	}
	out.Write(page[from:])
	return out.Bytes()
}

// editsAt reports whether the form at an address edits.
func (s *Server) editsAt(action string) bool {
	for route := range s.edits {
		if leads(route, action) {
			return true
		}
	}
	return false
}

// takes reports whether a form can be sent to an address.
func (s *Server) takesPost(path string) bool {
	for route := range s.needs {
		if route, ok := strings.CutPrefix(route, "POST "); ok && leads(route, path) {
			return true
		}
	}
	return false
}

// leads reports whether an address is one of a route.
func leads(route, path string) bool {
	names, parts := strings.Split(route, "/"), strings.Split(path, "/")
	for i, n := range names {
		if i < len(parts) && strings.HasPrefix(n, ":") {
			names[i] = parts[i]
		}
	}
	return slices.Equal(names, parts)
}
