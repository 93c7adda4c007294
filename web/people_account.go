package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/views"
)

func (s *Server) accountRoutes() {
	s.form("/sign-in", store.Public, s.signInForm, s.signIn)
	if s.options.Demo != nil {
		s.postOn("/demonstration/sign-in", store.Public, s.signInForm, s.signInAsSample)
	}
	s.post("/sign-out", store.Public, s.signOut)
	s.fresh("/invitations/:token", store.Public, s.invitation)
	s.postOn("/invitations/:token", store.Public, s.invitation, s.acceptInvitation)

	s.get("/account", store.SignedIn, s.ownAccount)
	s.postOn("/account/office", store.SignedIn, s.ownAccount, s.chooseOffice)
	s.postOn("/account/sessions/end", store.SignedIn, s.ownAccount, s.endSessions)
	s.form("/account/password", store.SignedIn, s.passwordForm, s.changePassword)
}

// fresh serves a page that is not kept, here or in the browser.
func (s *Server) fresh(path string, need store.Permission, h page) {
	s.add(http.MethodGet, path, need, func(c echo.Context) error {
		if form(c) != "html" {
			return store.NotFound.Errorf("This page cannot be had in that form.")
		}
		v, err := h(c)
		if err != nil {
			return err
		}
		c.Response().Before(func() { c.Response().Header().Set("Cache-Control", "no-store") })
		return s.render(c, http.StatusOK, v, nil)
	})
}

// local is the address of this portal to go on to, or the first page: never
// an address elsewhere.
func local(to string) string {
	u, err := url.Parse(to) // refuses control characters, which browsers leave out
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.Contains(to, `\`) {
		return "/"
	}
	return to
}

func (s *Server) signInForm(c echo.Context) (templ.Component, error) {
	var samples []views.SampleAccount
	if s.options.Demo != nil {
		samples = s.options.Demo.Accounts()
	}
	return views.SignIn(local(c.FormValue("to")), samples), nil
}

func (s *Server) signIn(c echo.Context) (string, error) {
	person, err := s.store.SignIn(ctx(c), c.FormValue("email"), c.FormValue("password"), c.RealIP())
	if err != nil {
		return "", err
	}
	return s.signedIn(c, person)
}

// signInAsSample is there only in a demonstration.
func (s *Server) signInAsSample(c echo.Context) (string, error) {
	for _, a := range s.options.Demo.Accounts() {
		if strconv.FormatInt(a.Person, 10) == c.FormValue("account") {
			return s.signedIn(c, a.Person)
		}
	}
	return "", store.NotFound.Errorf("There is no such sample account.")
}

// signedIn begins a session. Someone who holds no office today is told so on the
// page that they are on.
func (s *Server) signedIn(c echo.Context, person int64) (string, error) {
	err := s.begin(c, person)
	if store.KindOf(err) == store.NotFound {
		err = store.Invalid.Errorf("%s", err)
	}
	return local(c.FormValue("to")), err
}

func (s *Server) signOut(c echo.Context) (string, error) {
	ses, err := s.session(c)
	if err != nil {
		return "", err
	}
	ses.Options.MaxAge = -1
	return "/", s.sessions.Save(c.Request(), c.Response(), ses)
}

func (s *Server) invitation(c echo.Context) (templ.Component, error) {
	p, err := s.store.Invited(ctx(c), c.Param("token"))
	return views.Invitation(p), err
}

func (s *Server) acceptInvitation(c echo.Context) (string, error) {
	if err := sameTwice(c); err != nil {
		return "", err
	}
	return "/sign-in", s.store.AcceptInvitation(ctx(c), c.Param("token"), c.FormValue("password"))
}

func sameTwice(c echo.Context) error {
	if c.FormValue("password") != c.FormValue("repeat") {
		return store.Field("repeat", "The two are not the same. Type the new password twice.")
	}
	return nil
}

func (s *Server) ownAccount(c echo.Context) (templ.Component, error) {
	a, err := s.store.Account(ctx(c), viewer(c).Person)
	return views.Account(a, s.here(c)), err
}

// here is the hash of the session that asks.
func (s *Server) here(c echo.Context) string {
	ses, err := s.session(c)
	if err != nil {
		return ""
	}
	kept, _ := ses.Values[sessionValue].(store.Session)
	return kept.Hash
}

func (s *Server) chooseOffice(c echo.Context) (string, error) {
	v := viewer(c)
	i := slices.IndexFunc(v.Offices, func(o store.Office) bool { return strconv.FormatInt(o.ID, 10) == c.FormValue("office") })
	if i < 0 {
		return "", store.Field("office", "Choose one of the offices that you hold today.")
	}
	ses, err := s.session(c)
	if err != nil {
		return "", err
	}
	ses.Values[officeValue] = v.Offices[i].ID
	return "/account", s.told(c, "You now act as "+v.Offices[i].Title+".")
}

func (s *Server) endSessions(c echo.Context) (string, error) {
	hash := c.FormValue("session")
	if c.FormValue("all") == "yes" {
		hash = ""
	} else if hash == "" {
		return "", store.Invalid.Errorf("Choose the session to end.")
	}
	if err := s.store.EndSessions(ctx(c), viewer(c), hash); err != nil {
		return "", err
	}
	if hash == "" || hash == s.here(c) {
		return s.signOut(c)
	}
	return "/account", s.told(c, "That session has ended.")
}

func (s *Server) passwordForm(echo.Context) (templ.Component, error) {
	return views.PasswordForm(), nil
}

// changePassword ends every session of the person, and begins a new one here.
func (s *Server) changePassword(c echo.Context) (string, error) {
	if err := sameTwice(c); err != nil {
		return "", err
	}
	v := viewer(c)
	if err := s.store.ChangePassword(ctx(c), v, c.FormValue("old"), c.FormValue("password")); err != nil {
		return "", err
	}
	if err := s.begin(c, v.Person); err != nil {
		return "", err
	}
	return "/account", s.told(c, "Your password is changed. Your sessions elsewhere have ended.")
}
