package serve

import (
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/people"
)

// sessionStore keeps gorilla sessions in the portal's database. The cookie
// holds a random token only, the database its hash.
type sessionStore struct {
	store   *db.Tx
	name    string
	options sessions.Options
}

// What a session holds while a request lasts.
const (
	viewerValue  = "viewer"  // store.Viewer
	SessionValue = "session" // store.Session
	personValue  = "person"  // int64, of a new session
	agentValue   = "agent"   // string, of a new session
	OfficeValue  = "office"  // int64, the office acted in
	noticeValue  = "notice"  // string, told on the next page
)

func newSessionStore(st *db.Tx, secure bool) *sessionStore {
	name := "session"
	if secure {
		name = "__Host-session"
	}
	return &sessionStore{st, name, sessions.Options{Path: "/", HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode, MaxAge: int(people.SessionMost.Seconds())}}
}

// named reports whether a request may bring a session's cookie.
func (s *sessionStore) named(r *http.Request) bool {
	for _, line := range r.Header["Cookie"] {
		if strings.Contains(line, s.name) {
			return true
		}
	}
	return false
}

// Get finds the session of a request, or a new one.
func (s *sessionStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New reads the session of a cookie. A token that the database does not know
// is never adopted: whoever brings one is a stranger.
func (s *sessionStore) New(r *http.Request, name string) (*sessions.Session, error) {
	ses := sessions.NewSession(s, name)
	o := s.options
	ses.Options, ses.IsNew = &o, true
	cookie, err := r.Cookie(name)
	if err != nil || cookie.Value == "" {
		return ses, nil
	}
	kept, v, err := people.SessionOf(db.Vital(r.Context()), s.store, cookie.Value)
	if fault.KindOf(err) == fault.NotFound {
		return ses, nil
	}
	if err != nil {
		return ses, err
	}
	ses.ID, ses.IsNew = cookie.Value, false
	ses.Values[viewerValue], ses.Values[SessionValue] = v, kept
	ses.Values[OfficeValue], ses.Values[noticeValue] = v.Office.ID, kept.Notice
	return ses, nil
}

// owner is whose the session of a request was that is no more; 0 where that is
// not known.
func (s *sessionStore) owner(r *http.Request) (int64, error) {
	cookie, err := r.Cookie(s.name)
	if err != nil || cookie.Value == "" {
		return 0, nil
	}
	return people.OwnerOf(r.Context(), s.store, cookie.Value)
}

// Owner is whose the session of a request is, or was before it ended; 0 where
// that is not known.
func (s *Server) Owner(c echo.Context) (int64, error) {
	if v := Viewer(c); v.Person != 0 {
		return v.Person, nil
	}
	return s.sessions.owner(c.Request())
}

// Save writes the session and its cookie. A negative MaxAge ends it.
func (s *sessionStore) Save(r *http.Request, w http.ResponseWriter, ses *sessions.Session) error {
	if ses.Options.MaxAge < 0 {
		http.SetCookie(w, sessions.NewCookie(ses.Name(), "", ses.Options))
		if ses.ID == "" {
			return nil
		}
		return people.EndSession(r.Context(), s.store, ses.ID)
	}
	if ses.ID == "" {
		ses.ID = rand.Text() + rand.Text()
		person, _ := ses.Values[personValue].(int64)
		agent, _ := ses.Values[agentValue].(string)
		if err := people.StartSession(r.Context(), s.store, ses.ID, person, agent); err != nil {
			return err
		}
		http.SetCookie(w, sessions.NewCookie(ses.Name(), ses.ID, ses.Options))
		return nil
	}
	office, _ := ses.Values[OfficeValue].(int64)
	notice, _ := ses.Values[noticeValue].(string)
	return people.KeepSession(r.Context(), s.store, ses.ID, office, notice)
}

// Session is the session of a request; identify has read it already.
func (s *Server) Session(c echo.Context) (*sessions.Session, error) {
	return s.sessions.Get(c.Request(), s.sessions.name)
}

// BeginSession signs a person in, in a session that is always new.
func (s *Server) BeginSession(c echo.Context, person int64) error {
	old, err := s.Session(c)
	if err != nil {
		return err
	}
	if old.ID != "" {
		if err := people.EndSession(Ctx(c), s.Store, old.ID); err != nil {
			return err
		}
	}
	old.ID, old.IsNew = "", true
	old.Values[personValue], old.Values[agentValue] = person, browser(c.Request().UserAgent())
	return s.sessions.Save(c.Request(), c.Response(), old)
}

// SaveSession writes a changed session, and its cookie.
func (s *Server) SaveSession(c echo.Context, ses *sessions.Session) error {
	return s.sessions.Save(c.Request(), c.Response(), ses)
}

// CookieName is the name of the session's cookie.
func (s *Server) CookieName() string { return s.sessions.name }

// deviceName is the name of the cookie by which a browser is known again.
func (s *Server) deviceName() string { return strings.Replace(s.sessions.name, "session", "device", 1) }

// Device is the token of a browser that somebody signed in from, "" for none.
func (s *Server) Device(c echo.Context) string {
	cookie, err := c.Cookie(s.deviceName())
	if err != nil {
		return ""
	}
	return cookie.Value
}

// KnowDevice has the browser known again as one that a person signed in from.
func (s *Server) KnowDevice(c echo.Context, person int64) error {
	token, err := people.KnowDevice(Ctx(c), s.Store, person, s.Device(c))
	if err != nil {
		return err
	}
	o := s.sessions.options
	o.MaxAge = int(people.DeviceLasts.Seconds())
	http.SetCookie(c.Response(), sessions.NewCookie(s.deviceName(), token, &o))
	return nil
}

// Browser names the browser of a request in words.
func Browser(c echo.Context) string { return browser(c.Request().UserAgent()) }

// receiptAfter stands between a sentence and the address of its receipt.
const receiptAfter = "\n"

// Tell keeps a sentence for the next page, with the receipt of what the form
// recorded.
func (s *Server) Tell(c echo.Context, notice string) error {
	if a := actingOf(c); a != nil {
		if last := a.Done().Last; last > 0 {
			return s.TellReceipt(c, notice, last)
		}
	}
	return s.tell(c, notice)
}

// TellReceipt keeps a sentence for the next page, with the receipt of an entry.
func (s *Server) TellReceipt(c echo.Context, notice string, n int64) error {
	return s.tell(c, notice+receiptAfter+"/record/"+Digits(n))
}

func (s *Server) tell(c echo.Context, notice string) error {
	if a := actingOf(c); a != nil {
		a.notice = notice
	}
	ses, err := s.Session(c)
	if err != nil || ses.ID == "" {
		return err
	}
	ses.Values[noticeValue] = notice
	return s.sessions.Save(c.Request(), c.Response(), ses)
}

// notice takes the sentence kept for this page, and notes that the session is
// in use. It writes only when there is something to write.
func (s *Server) notice(c echo.Context) string {
	ses, err := s.Session(c)
	if err != nil || ses.ID == "" {
		return ""
	}
	notice, _ := ses.Values[noticeValue].(string)
	kept, _ := ses.Values[SessionValue].(people.Session)
	if notice == "" && s.Store.Now().Sub(kept.Seen) < people.SessionIdle/30 {
		return ""
	}
	ses.Values[noticeValue] = ""
	if err := s.sessions.Save(c.Request(), c.Response(), ses); err != nil {
		s.Options.Log.Error("session not kept", "err", err)
	}
	return notice
}

// ends is when the session of a request ends if nothing more is asked; zero
// where there is none.
func (s *Server) ends(c echo.Context) time.Time {
	ses, err := s.Session(c)
	if err != nil || ses.ID == "" {
		return time.Time{}
	}
	kept, _ := ses.Values[SessionValue].(people.Session)
	return kept.Ends()
}

// browser names a browser in words, for the page of one's own sessions.
func browser(agent string) string {
	name := "A browser"
	for _, known := range []string{"Edg", "Firefox", "Chrome", "Safari"} {
		if strings.Contains(agent, known+"/") {
			name = strings.Replace(known, "Edg", "Edge", 1)
			break
		}
	}
	for _, known := range [][2]string{{"Windows", "Windows"}, {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Mac OS", "a Mac"}, {"Linux", "Linux"}} {
		if strings.Contains(agent, known[0]) {
			return name + " on " + known[1]
		}
	}
	return name
}
