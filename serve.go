package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	netmail "net/mail"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/outbox"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/export"
	"github.com/police-ict/handover/web"
	"github.com/police-ict/handover/web/serve"
)

// How long the server waits for others. What a request may take is said by
// its route, in web.
const (
	headerTime = 5 * time.Second
	idleTime   = 30 * time.Second
	headerMost = 64 << 10
	stopTime   = 8 * time.Second // to finish requests; the rest of ten seconds is for the database
)

// An opener makes the database ready. The story is nil outside a demonstration;
// the words are added to the line that says where the portal is.
type opener func(context.Context) (tx *db.Tx, story serve.Story, words string, err error)

func runServe(ctx context.Context, o ServeOptions, m MailOptions, out io.Writer) error {
	post, err := m.postman(o.PublicURL)
	if err != nil {
		return err
	}
	return portal(ctx, o, post, out, func(ctx context.Context) (*db.Tx, serve.Story, string, error) {
		options, err := o.options(o.Addr)
		if err != nil {
			return nil, nil, "", err
		}
		options.Mail = post != nil
		tx, err := store.OpenOrMake(ctx, options)
		if err != nil {
			return nil, nil, "", err
		}
		if err := outbox.SetMail(ctx, tx); err != nil {
			return nil, nil, "", errors.Join(err, tx.Close())
		}
		return tx, nil, "", nil
	})
}

// soundAtStart refuses a damaged file, and says in the log what else is wrong:
// a clock that is behind the record, for one.
func soundAtStart(ctx context.Context, tx *db.Tx, log *slog.Logger) error {
	if err := store.QuickCheck(ctx, tx); err != nil {
		return err
	}
	if err := store.Ready(ctx, tx); err != nil && ctx.Err() == nil {
		log.Warn("started, but not ready", "why", err.Error())
	}
	return nil
}

// shown is what the flags say of how pages are shown, and to whom.
func (o ServeOptions) shown() (to serve.Options, err error) {
	if to.DecisionOver, err = money.ParsePence(o.Over); err != nil || to.DecisionOver < 1 {
		return to, misusef("--decision-over %s is not an amount in pounds: write it like 100000", o.Over)
	}
	if to.PublicURL, err = publicURL(o.PublicURL, o.Addr); err != nil {
		return to, err
	}
	if to.Contact, err = o.contact(); err != nil {
		return to, err
	}
	if to.Security, err = contact(o.Security); err != nil {
		return to, err
	}
	to.Proxies, err = networks(o.TrustProxy)
	return to, err
}

// contact reads where to report a weakness, as an address that a program can follow.
func contact(given string) (string, error) {
	if given = strings.TrimSpace(given); given == "" {
		return "", nil
	}
	if a, err := netmail.ParseAddress(given); err == nil && a.Address == given {
		given = "mailto:" + given
	}
	u, err := url.Parse(given)
	ok := err == nil && !strings.ContainsFunc(given, func(r rune) bool { return r <= ' ' || r > '~' })
	if ok {
		mail, notMail := netmail.ParseAddress(u.Opaque)
		switch u.Scheme {
		case "https":
			ok = u.Hostname() != ""
		case "mailto":
			ok = notMail == nil && mail.Address == u.Opaque
		case "tel":
			ok = u.Opaque != ""
		default:
			ok = false
		}
	}
	if !ok {
		return "", misusef("--security-contact %s is not a contact: write an email address, or the address of a page that begins with https://", given)
	}
	return given, nil
}

// portal serves until ctx ends. It listens before it opens the database, so
// that a port in use leaves no database behind, and so that health checks are
// answered meanwhile. Post is nil where no mail is sent.
func portal(ctx context.Context, o ServeOptions, post *postman, out io.Writer, open opener) error {
	given, err := o.shown()
	if err != nil {
		return err
	}
	l, err := listen(ctx, o.Addr)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	c := newConnections(l, connectionsMost(), given.Proxies)
	var handler atomic.Pointer[http.Handler]
	handler.Store(new(http.Handler(http.HandlerFunc(starting))))
	srv := &http.Server{
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*handler.Load()).ServeHTTP(w, r) }),
		ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: headerMost, ConnState: c.state,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(c) }()

	tx, story, words, err := open(ctx)
	if err != nil {
		err = errors.Join(err, srv.Close())
		if ctx.Err() != nil {
			return nil // told to stop before it had begun
		}
		return err
	}
	if err := soundAtStart(ctx, tx, log); err != nil {
		return errors.Join(err, tx.Close(), srv.Close())
	}
	var jobs sync.WaitGroup
	working, stop := context.WithCancel(ctx)
	jobs.Go(func() { work(working, tx, log) })
	jobs.Go(func() {
		export.Work(working, tx, func(err error) { log.Error("the SQLite file of payments was not made", "err", err) })
	})
	if post != nil {
		jobs.Go(func() { post.work(working, tx, log) })
	}
	defer func() {
		stop()
		jobs.Wait()
		if err := tx.Close(); err != nil {
			log.Error("closing the database", "err", err)
		}
	}()
	warn(tx.Options, log)
	given.Log, given.Demo = log, story
	handler.Store(new(http.Handler(web.New(tx, given))))
	fmt.Fprintf(out, "The portal is at %s%s\n", given.PublicURL, words)
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return finish(srv, log)
	}
}

// warn logs what of the set-up lets others in.
func warn(o db.Options, log *slog.Logger) {
	if o.Demo {
		return
	}
	if info, err := os.Stat(o.KeyFile()); err == nil && info.Mode().Perm()&0o077 != 0 {
		log.Warn("other accounts can read the record key and could sign a forged record: set its mode to 0600", "file", o.KeyFile(), "mode", info.Mode().Perm().String())
	}
	if db.EngineOf(o.Database) != db.Postgres {
		return
	}
	u, err := url.Parse(o.Database)
	if err != nil || u.Hostname() == "" || u.Hostname() == "localhost" {
		return
	}
	mode := u.Query().Get("sslmode")
	if ip := net.ParseIP(u.Hostname()); (ip == nil || !ip.IsLoopback()) && (mode == "" || mode == "prefer" || mode == "allow" || mode == "disable") {
		log.Warn("the connection to the database may not be encrypted: add sslmode=verify-full to its address", "host", u.Hostname(), "sslmode", cmp.Or(mode, "prefer"))
	}
}

// How often the portal looks for files to take in, how often for loads whose
// lines are to be added up again, and how long a load goes without that.
const (
	workEvery  = time.Second
	lookEvery  = 10 * time.Minute
	checkEvery = 24 * time.Hour
)

// work does what no request waits for, until ctx ends: it records what the
// clock has ended, takes in the files that were confirmed, holds the sums of
// spend to their rows, keeps the totals that the first page after a start
// reads, and keeps the database's log small. What fails is tried again, and logged once for each way of failing.
func work(ctx context.Context, tx *db.Tx, log *slog.Logger) {
	said, looked := "", time.Time{}
	for {
		err := decisions.SettleAll(ctx, tx)
		if err == nil {
			_, err = spend.WorkOnImports(ctx, tx)
		}
		if err == nil && time.Since(looked) > lookEvery {
			looked = time.Now()
			_, err = spend.CheckNext(ctx, tx, checkEvery)
		}
		if err == nil {
			err = spend.Keep(ctx, tx)
		}
		if err == nil {
			err = tx.ShrinkLog(ctx)
		}
		if err != nil && ctx.Err() == nil && err.Error() != said {
			said = err.Error()
			log.Error("working beside requests", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(workEvery):
		}
	}
}

// finish stops taking requests and lets those under way end.
func finish(srv *http.Server, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	if err := srv.Shutdown(ctx); errors.Is(err, context.DeadlineExceeded) {
		log.Warn("some requests did not finish in time and were stopped")
		return srv.Close()
	}
	return nil
}

// starting answers while the database is being opened.
func starting(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if r.URL.Path == "/healthz" {
		fmt.Fprintln(w, "up")
		return
	}
	w.Header().Set("Retry-After", "5")
	http.Error(w, "The portal is starting. Try again in a few seconds.", http.StatusServiceUnavailable)
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	if _, _, err := net.SplitHostPort(addr); err != nil {
		return nil, misusef("--addr %s is not a host and port: write it like localhost:8080", addr)
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is in use by another program: stop it, or choose another port with --addr", addr)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("this account cannot listen on %s: choose a port above 1023 with --addr", addr)
	case err != nil:
		return nil, fmt.Errorf("the portal cannot listen on %s: choose another host or port with --addr", addr)
	}
	return l, nil
}

// publicURL is the address that people use; without one, that of this machine.
func publicURL(given, addr string) (*url.URL, error) {
	if given == "" {
		return ownURL(addr), nil
	}
	return parsePublicURL(given)
}

func parsePublicURL(given string) (*url.URL, error) {
	u, err := url.Parse(given)
	switch {
	case err != nil, u.Hostname() == "", u.Scheme != "http" && u.Scheme != "https":
		return nil, misusef("--public-url %q is not an address: write it like https://portal.example.org", given)
	case strings.Trim(u.Path, "/") != "", u.RawQuery != "", u.Fragment != "", u.User != nil:
		return nil, misusef("--public-url %q has more than a host and a port: write it like https://portal.example.org", given)
	case strings.ContainsAny(u.Host, "+ "):
		return nil, misusef("--public-url %q is not a valid host name: write it like https://portal.example.org", given)
	case u.Scheme == "http" && !serve.Loopback(u.Hostname()):
		return nil, misusef("nobody could sign in at --public-url %s, because browsers send the session over https only: use https://%s, with a proxy for TLS", given, u.Host)
	}
	return &url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host)}, nil
}

// ownURL is how a browser on this machine reaches addr.
func ownURL(addr string) *url.URL {
	host, port, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		addr = net.JoinHostPort("localhost", port)
	}
	return &url.URL{Scheme: "http", Host: addr}
}

// networks reads the networks of trusted proxies. One address is a network of
// one.
func networks(given []string) (all []*net.IPNet, err error) {
	for _, text := range given {
		if ip, err := netip.ParseAddr(text); err == nil && ip.Zone() == "" {
			text = netip.PrefixFrom(ip, ip.BitLen()).String()
		}
		_, n, err := net.ParseCIDR(text)
		if err != nil {
			return nil, misusef("--trust-proxy %s is not a network: write it like 10.0.0.0/8", text)
		}
		all = append(all, n)
	}
	return all, nil
}

// options are the store's. The record of a new database is named after the
// portal's public host.
func (w Where) options(addr string) (db.Options, error) {
	u, err := publicURL(w.PublicURL, cmp.Or(addr, "localhost:8080"))
	if err != nil {
		return db.Options{}, err
	}
	return db.Options{Database: w.Database, Key: w.RecordKey, Origin: u.Host}, nil
}
