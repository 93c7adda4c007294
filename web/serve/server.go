// Package serve turns the handlers of all subjects into answers: their routes
// and permissions, forms, sessions, limits and the pages that are kept.
package serve

import (
	"cmp"
	"context"
	"crypto/rand"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/documents"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/spend"
	pageview "github.com/police-ict/handover/views/page"
)

// Options say how the portal is reached.
type Options struct {
	PublicURL *url.URL     // nil is plain http on loopback
	Proxies   []*net.IPNet // whose X-Forwarded-For is believed
	Log       *slog.Logger
	Demo      Story // nil outside a demonstration
	Contact   Contact
	Security  string // where to report a weakness, as an address: mailto:, https:, or "" for nowhere

	DecisionOver money.Pence // from which payments under no decision are listed; 0 is £100,000
}

// Contact is where readers write to. What is empty was not given.
type Contact struct{ Name, Email, Post, Phone string }

// Story is what a demonstration adds to the portal. The program gives one;
// nothing in this package makes one.
type Story interface {
	Next() (day civil.Day, what string) // the next date of the story, "" at its end
	Forward(context.Context) error      // moves the clock there and tells what happens
	Accounts() []pageview.SampleAccount // sample people to sign in as
}

// Server answers the portal's requests.
type Server struct {
	Store    *db.Tx
	Options  Options
	sessions *sessionStore
	echo     *echo.Echo
	needs    map[string]office.Permission // route -> permission
	takes    map[string]Params            // route of a GET -> its parameters
	uploads  map[string]bool              // routes that take files
	large    map[string]bool              // those of them that take published spend
	shows    map[string]bool              // routes of pages
	streams  map[string]bool              // routes that send files
	dear     map[string]func(url.Values) bool
	gate     *gate
	blanks   map[string]Page                      // POST routes -> the page with their form
	edits    map[string]bool                      // POST routes that change what is recorded
	drafts   map[string]func(echo.Context) string // POST routes whose forms can be saved as drafts, with what lists call them
	repeats  map[string]bool                      // POST routes that are meant each time
	pages    pageCache
	waits    waits
	guards   http.Header // of every answer

	// Follow is the feed of a page that has none of its own. It is set while
	// the routes are, and not after.
	Follow   func(echo.Context) (Feed, error)
	Follows  func(route string) bool // whether it has one
	sendings sync.Map                // of forms being taken now -> a channel closed afterwards
}

// New builds a server over st that has no address yet.
func New(st *db.Tx, o Options) *Server {
	o.DecisionOver = cmp.Or(o.DecisionOver, 100_000_00)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{Store: st, Options: o, echo: echo.New(), needs: map[string]office.Permission{}, takes: map[string]Params{}, waits: waits{quietTime, idleTime}, uploads: map[string]bool{}, large: map[string]bool{}, shows: map[string]bool{}, streams: map[string]bool{}, dear: map[string]func(url.Values) bool{}, gate: newGate(st.DearReads()),
		blanks: map[string]Page{}, edits: map[string]bool{}, drafts: map[string]func(echo.Context) string{}, repeats: map[string]bool{}}
	s.sessions = newSessionStore(st, s.secure())
	s.guards = guards(s.secure())
	s.echo.HTTPErrorHandler = s.fail
	s.echo.IPExtractor = echo.ExtractIPDirect()
	if len(o.Proxies) > 0 {
		var trust []echo.TrustOption
		for _, p := range o.Proxies {
			trust = append(trust, echo.TrustIPRange(p))
		}
		trust = append(trust, echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false))
		s.echo.IPExtractor = echo.ExtractIPFromXFFHeader(trust...)
	}
	s.echo.Pre(breakOff, s.log, suffix, s.resumes)
	s.echo.Use(middleware.RecoverWithConfig(middleware.RecoverConfig{DisablePrintStack: true, LogErrorFunc: s.caught}), s.guard, cleaned, s.asks, s.limits, s.identify)
	return s
}

// Routes are all routes.
func (s *Server) Routes() []*echo.Route { return s.echo.Routes() }

// Needs are the permissions of all routes, by method and address.
func (s *Server) Needs() map[string]office.Permission { return maps.Clone(s.needs) }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.ServeKept(w, r) {
		s.echo.ServeHTTP(w, r)
	}
}

// secure reports whether cookies are sent over TLS only: always, unless the
// portal is reached by plain http on this machine.
func (s *Server) secure() bool {
	u := s.Options.PublicURL
	return u != nil && !(u.Scheme == "http" && Loopback(u.Hostname()))
}

// Loopback reports whether a host is this machine.
func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

type key string

const (
	keyForm    key = "form"    // the form of answer that the address asks for
	keyViewer  key = "viewer"  // who asks
	keyFault   key = "fault"   // logged with the request
	keyBegun   key = "begun"   // which kept answers were current when the request began
	keyFlow    key = "flow"    // what ends an export whose rows do not flow
	keyBroken  key = "broken"  // an answer broke off
	keyForms   key = "forms"   // the other forms of a page
	keySent    key = "sent"    // a question of an address that could not be answered
	keyTurn    key = "turn"    // of a dear request at the gate
	keyRefused key = "refused" // why the parameters of the address were not read

	keyFiles   key = "files"   // names of files that were not taken
	keyResume  key = "resume"  // finds what was typed before
	keySaved   key = "saved"   // it was saved as a draft
	keyCheck   key = "check"   // it is shown to be confirmed
	keyProblem key = "problem" // why it was refused
	keyActing  key = "acting"  // the form being taken
	keySwitch  key = "switch"  // the role that a form was opened in
	keyAlready key = "already" // where a form led when it was sent first
	keyBeside  key = "beside"  // shown before the form that comes back
	keyWas     key = "was"     // what an edit is compared with from now on
	keyUntaken key = "untaken" // why what was sent is not taken, before it is read
	keyRequest key = "request" // its id
)

// From is where a request comes from, with its id in the log.
func From(c echo.Context) people.From {
	id, _ := c.Get(string(keyRequest)).(string)
	return people.From{Address: c.RealIP(), Request: id}
}

// SignedInAs has the log tell who signed in or out with a request.
func SignedInAs(c echo.Context, v office.Viewer) { c.Set(string(keyViewer), v) }

// Ctx is the context of a request.
func Ctx(c echo.Context) context.Context { return c.Request().Context() }

// Viewer is who asks.
func Viewer(c echo.Context) office.Viewer {
	v, _ := c.Get(string(keyViewer)).(office.Viewer)
	return v
}

// Format is what the address asks for: "html", or one of the formats.
func Format(c echo.Context) string {
	f, _ := c.Get(string(keyForm)).(string)
	if f == "" {
		return "html"
	}
	return f
}

// SetFormat has a request answered in a form, whatever its address asks for.
func SetFormat(c echo.Context, f string) { c.Set(string(keyForm), f) }

// NoteFault has an error logged with its request.
func NoteFault(c echo.Context, err error) { c.Set(string(keyFault), err) }

// formats are what an address may end in, after a dot.
var formats = []string{"csv", "json", "atom", "svg", "parquet", "sqlite"}

// suffix takes such an ending off the address before a route is looked for.
func suffix(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		u := c.Request().URL
		for _, f := range formats {
			if rest, ok := strings.CutSuffix(u.Path, "."+f); ok && !strings.HasPrefix(rest, "/static/") {
				c.Set(string(keyForm), f)
				u.Path, u.RawPath = rest, ""
			}
		}
		return next(c)
	}
}

// log writes one line a request: never a password, a token or what was typed.
func (s *Server) log(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		began := time.Now()
		c.Set(string(keyRequest), rand.Text()[:16])
		c.Response().Header().Set("X-Request-Id", From(c).Request)
		err := next(c)
		if err != nil {
			c.Error(err)
		}
		route := c.Path()
		if route == "" {
			route = "unknown"
		}
		fault, _ := c.Get(string(keyFault)).(error)
		s.logged(c.Request(), requestLine{route, From(c), c.Response().Status, began, Viewer(c).Person, fault})
		return nil
	}
}

// requestLine is what the line of a request tells.
type requestLine struct {
	route  string
	from   people.From
	status int
	began  time.Time
	person int64
	fault  error
}

// logged writes the line of a request. Of its address it tells the path, never
// the query, and of an address that is or may be a secret the route alone.
func (s *Server) logged(r *http.Request, l requestLine) {
	level, told, path := slog.LevelInfo, make([]slog.Attr, 0, 9), r.URL.Path
	if l.route == "unknown" || strings.Contains(l.route, ":token") {
		path = "" // which may be a secret
	}
	for _, f := range formats {
		path = strings.TrimSuffix(path, "."+f)
	}
	told = append(told, slog.String("method", r.Method), slog.String("route", l.route), slog.String("path", path), slog.Int("status", l.status),
		slog.Float64("ms", float64(time.Since(l.began).Microseconds())/1000), slog.Int64("person", l.person),
		slog.String("address", l.from.Address), slog.String("request", l.from.Request))
	if l.fault != nil {
		level = slog.LevelError
		told = append(told, slog.Any("err", l.fault))
	}
	s.Options.Log.LogAttrs(r.Context(), level, "request", told...)
}

func (s *Server) caught(c echo.Context, err error, stack []byte) error {
	s.Options.Log.Error("panic", "route", c.Path(), "err", err, "stack", string(stack))
	return err
}

// ContentPolicy is what a page lets a browser load, and where it lets it send.
const ContentPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guards are the headers of every answer. One that may be kept replaces the last.
func guards(secure bool) http.Header {
	h := http.Header{}
	h.Set("Content-Security-Policy", ContentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	if secure {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
	h.Set("Cache-Control", "no-store")
	return h
}

var origins = http.NewCrossOriginProtection()

// guard sets what protects a reader's browser, and refuses what another
// site's page sends in a person's name.
func (s *Server) guard(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		maps.Copy(c.Response().Header(), s.guards)
		if origins.Check(c.Request()) != nil {
			return fault.Forbidden.Errorf("This was sent from another website, so nothing was done.")
		}
		return next(c)
	}
}

// How much may be sent, and how long a request may take.
const (
	bodyMost   = 1 << 20
	uploadMost = documents.MaxBytes + 2<<20 // a document and the fields around it
	largeMost  = spend.MaxBytes + 2<<20     // a file of spend and the fields around it
	usualTime  = 30 * time.Second
	longTime   = 10 * time.Minute // of an upload, and of the sending of a large answer
	largeTime  = time.Hour        // of a file of spend, and of reading it
	idleTime   = time.Minute      // to take the next part of an export
	quietTime  = 2 * time.Minute  // to find the next row of an export
	lateTime   = 10 * time.Second // to take the answer of a request whose time was over
)

// limits holds a request to the size and time of its route.
func (s *Server) limits(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		most, within := int64(bodyMost), usualTime
		if s.uploads[c.Path()] {
			most, within = uploadMost, longTime
		}
		if s.large[c.Path()] {
			most, within = largeMost, largeTime
		}
		if isDownload(c) || s.streams[c.Path()] {
			return s.flowing(c, next)
		}
		rc := http.NewResponseController(c.Response().Writer)
		deadline := time.Now().Add(within)
		// A recorder in a test has no deadlines to set.
		_, _ = rc.SetReadDeadline(deadline), rc.SetWriteDeadline(deadline.Add(lateTime))
		r := c.Request()
		if r.ContentLength > most {
			salvage(c, most)
			c.Set(string(keyUntaken), tooLarge(most))
		}
		r.Body = http.MaxBytesReader(c.Response().Writer, r.Body, most)
		limited, cancel := context.WithTimeout(r.Context(), within)
		defer cancel()
		r = r.WithContext(limited)
		defer func() { // the server clears away only after the request that it made itself
			if r.MultipartForm != nil {
				_ = r.MultipartForm.RemoveAll() // what is left lies in the folder for temporary files
			}
		}()
		c.SetRequest(r)
		return next(c)
	}
}

// identify finds out who is asking, once a request.
func (s *Server) identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		ses, err := s.sessions.Get(c.Request(), s.sessions.name)
		if err != nil {
			return err
		}
		if v, ok := ses.Values[viewerValue].(office.Viewer); ok {
			c.Set(string(keyViewer), v)
		}
		if vitalPaths[c.Path()] {
			c.SetRequest(c.Request().WithContext(db.Vital(Ctx(c))))
		}
		return next(c)
	}
}
