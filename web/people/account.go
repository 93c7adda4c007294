package people

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	pageview "github.com/police-ict/handover/views/page"
	peopleview "github.com/police-ict/handover/views/people"
	"github.com/police-ict/handover/web/serve"
)

const recentSignIns, accessShown = 20, 500 // lines of the log on a page

func (s pages) accountRoutes() {
	s.Get("/people/access", office.SignedIn, s.accessLog)

	s.Form("/sign-in", office.Public, s.signInForm, s.signIn, serve.One("to"))
	if s.Options.Demo != nil {
		s.PostOn("/demonstration/sign-in", office.Public, s.signInForm, s.signInAsSample)
	}
	s.Post("/sign-out", office.Public, s.signOut)
	s.fresh("/invitations/:token", office.Public, s.invitation)
	s.PostOn("/invitations/:token", office.Public, s.invitation, s.acceptInvitation)

	s.Get("/account", office.SignedIn, s.ownAccount)
	s.Get("/account/stay", office.SignedIn, func(echo.Context) (templ.Component, error) { return peopleview.Stay(), nil })
	s.PostOn("/account/office", office.SignedIn, s.ownAccount, s.chooseOffice)
	s.PostOn("/account/sessions/end", office.SignedIn, s.ownAccount, s.endSessions)
	s.Form("/account/password", office.SignedIn, s.passwordForm, s.changePassword)
}

// fresh serves a page that is not kept, here or in the browser.
func (s pages) fresh(path string, need office.Permission, h serve.Page) {
	s.Add(http.MethodGet, path, need, func(c echo.Context) error {
		if serve.Format(c) != "html" {
			return fault.NotFound.Errorf("This page is not available in that format.")
		}
		v, err := h(c)
		if err != nil {
			return err
		}
		c.Response().Before(func() { c.Response().Header().Set("Cache-Control", "no-store") })
		return s.Render(c, http.StatusOK, v, nil)
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

func (s pages) signInForm(c echo.Context) (templ.Component, error) {
	var samples []pageview.SampleAccount
	if s.Options.Demo != nil {
		samples = s.Options.Demo.Accounts()
	}
	return peopleview.SignIn(local(c.FormValue("to")), samples), nil
}

func (s pages) signIn(c echo.Context) (string, error) {
	person, wait, err := people.SignIn(serve.Ctx(c), s.Store, people.Entry{Email: c.FormValue("email"), Password: c.FormValue("password"),
		Device: s.Device(c), Browser: serve.Browser(c), From: serve.From(c)})
	select {
	case <-time.After(wait):
	case <-serve.Ctx(c).Done():
	}
	if err != nil {
		return "", err
	}
	to, err := s.signedIn(c, person)
	if err != nil {
		return "", err
	}
	return to, s.KnowDevice(c, person)
}

// signInAsSample is there only in a demonstration.
func (s pages) signInAsSample(c echo.Context) (string, error) {
	for _, a := range s.Options.Demo.Accounts() {
		if strconv.FormatInt(a.Person, 10) == c.FormValue("account") {
			return s.signedIn(c, a.Person)
		}
	}
	return "", fault.NotFound.Errorf("There is no such sample account.")
}

// signedIn begins a session. Someone who holds no office today is told so on the
// page that they are on.
func (s pages) signedIn(c echo.Context, person int64) (string, error) {
	err := s.BeginSession(c, person)
	if fault.KindOf(err) == fault.NotFound {
		err = fault.Invalid.Errorf("%s", err)
	}
	if err != nil {
		return "", err
	}
	serve.SignedInAs(c, office.Viewer{Person: person})
	return local(c.FormValue("to")), people.LogAccess(serve.Ctx(c), s.Store, people.SignedIn, person, serve.From(c), serve.Browser(c))
}

// signOut ends the session, and deletes what its person typed and did not send.
func (s pages) signOut(c echo.Context) (string, error) {
	ses, err := s.Session(c)
	if err != nil {
		return "", err
	}
	person, err := s.Owner(c)
	if err == nil && person != 0 {
		err = people.ForgetTyped(serve.Ctx(c), s.Store, person)
	}
	if err != nil {
		return "", err
	}
	ses.Options.MaxAge = -1
	if v := serve.Viewer(c); v.Person != 0 {
		if err := people.LogAccess(serve.Ctx(c), s.Store, people.SignedOut, v.Person, serve.From(c), serve.Browser(c)); err != nil {
			return "", err
		}
	}
	return "/", s.SaveSession(c, ses)
}

func (s pages) invitation(c echo.Context) (templ.Component, error) {
	p, err := people.Invited(serve.Ctx(c), s.Store, c.Param("token"))
	if err != nil {
		return nil, err
	}
	coded, err := people.NeedsCode(serve.Ctx(c), s.Store, c.Param("token"))
	return peopleview.Invitation(p, coded), err
}

func (s pages) acceptInvitation(c echo.Context) (string, error) {
	if err := sameTwice(c); err != nil {
		return "", err
	}
	p, err := people.Invited(serve.Ctx(c), s.Store, c.Param("token"))
	if err != nil {
		return "", err
	}
	if err := people.AcceptInvitation(serve.Ctx(c), s.Store, c.Param("token"), c.FormValue("code"), c.FormValue("password")); err != nil {
		return "", err
	}
	return "/sign-in", people.LogAccess(serve.Ctx(c), s.Store, people.PasswordChanged, p.ID, serve.From(c), "by an invitation")
}

func sameTwice(c echo.Context) error {
	if c.FormValue("password") != c.FormValue("repeat") {
		return fault.Field("repeat", "The passwords do not match. Enter the new password twice.")
	}
	return nil
}

// accessLog shows the log of access to those who read it: sign-ins to whoever
// keeps people, and readings of what is restricted to the company secretary.
func (s pages) accessLog(c echo.Context) (templ.Component, error) {
	v := serve.Viewer(c)
	if !v.Reads(office.SignInLog) && !v.Reads(office.ReadingLog) {
		return nil, fault.Forbidden.Errorf("Only an administrator or the company secretary can read this.")
	}
	all, err := people.AccessLog(serve.Ctx(c), s.Store, v, accessShown)
	return peopleview.AccessLog(all, v.Reads(office.ReadingLog)), err
}

func (s pages) ownAccount(c echo.Context) (templ.Component, error) {
	a, err := people.ReadAccount(serve.Ctx(c), s.Store, serve.Viewer(c).Person)
	if err != nil {
		return nil, err
	}
	signIns, err := people.SignInsOf(serve.Ctx(c), s.Store, a.ID, recentSignIns)
	return peopleview.Account(a, s.here(c), signIns), err
}

// here is the hash of the session that asks.
func (s pages) here(c echo.Context) string {
	ses, err := s.Session(c)
	if err != nil {
		return ""
	}
	kept, _ := ses.Values[serve.SessionValue].(people.Session)
	return kept.Hash
}

func (s pages) chooseOffice(c echo.Context) (string, error) {
	v := serve.Viewer(c)
	i := slices.IndexFunc(v.Offices, func(o office.Office) bool { return strconv.FormatInt(o.ID, 10) == c.FormValue("office") })
	if i < 0 {
		return "", fault.Field("office", "Choose one of the roles that you hold today.")
	}
	ses, err := s.Session(c)
	if err != nil {
		return "", err
	}
	ses.Values[serve.OfficeValue] = v.Offices[i].ID
	to := "/account"
	if c.FormValue("to") != "" { // a form that was opened in this office waits there
		to = local(c.FormValue("to"))
	}
	return to, s.Tell(c, "You now act as "+v.Offices[i].Title+".")
}

func (s pages) endSessions(c echo.Context) (string, error) {
	hash := c.FormValue("session")
	if c.FormValue("all") == "yes" {
		hash = ""
	} else if hash == "" {
		return "", fault.Invalid.Errorf("Choose the session to end.")
	}
	if err := people.EndSessions(serve.Ctx(c), s.Store, serve.Viewer(c), hash); err != nil {
		return "", err
	}
	if hash == "" || hash == s.here(c) {
		return s.signOut(c)
	}
	return "/account", s.Tell(c, "You have been signed out of that session.")
}

func (s pages) passwordForm(echo.Context) (templ.Component, error) {
	return peopleview.PasswordForm(), nil
}

// changePassword ends every session of the person, and begins a new one here.
func (s pages) changePassword(c echo.Context) (string, error) {
	if err := sameTwice(c); err != nil {
		return "", err
	}
	v := serve.Viewer(c)
	if err := people.ChangePassword(serve.Ctx(c), s.Store, v, c.FormValue("old"), c.FormValue("password")); err != nil {
		return "", err
	}
	if err := people.LogAccess(serve.Ctx(c), s.Store, people.PasswordChanged, v.Person, serve.From(c), serve.Browser(c)); err != nil {
		return "", err
	}
	if err := s.BeginSession(c, v.Person); err != nil {
		return "", err
	}
	return "/account", s.Tell(c, "Your password has been changed. You have been signed out everywhere else.")
}
