package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"net"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/outbox"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/storetest"
)

// The test program runs itself with these to become a process that sends mail.
const (
	postServer   = "HANDOVER_TEST_MAIL_SERVER"
	postDatabase = "HANDOVER_TEST_MAIL_DATABASE"
	postLater    = "HANDOVER_TEST_MAIL_LATER" // how far its clock is ahead
)

// A sink is a mail server that keeps what it is given.
type sink struct {
	net.Listener
	mu    sync.Mutex
	took  []string                 // whole mails, in the order in which they came
	reply func(line string) string // to a command, "" is to accept it
	taken chan struct{}
	tls   *tls.Config // nil offers none
	auth  string      // what was given to sign in
}

func newSink(t testing.TB) *sink {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{Listener: l, reply: func(string) string { return "" }, taken: make(chan struct{}, 1000)}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(conn)
		}
	}()
	return s
}

// newServer is a sink behind a mail server that is none of ours.
func newServer(t testing.TB) *sink {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{Listener: l, taken: make(chan struct{}, 1000)}
	server := smtp.NewServer(s)
	server.Domain = "sink.example.org"
	t.Cleanup(func() { server.Close() })
	go func() { _ = server.Serve(l) }() // ends when it is closed
	return s
}

// NewSession is one connection to the library's server.
func (s *sink) NewSession(*smtp.Conn) (smtp.Session, error) { return letters{s}, nil }

// letters are the mails of one connection.
type letters struct{ to *sink }

func (letters) Reset()                               {}
func (letters) Logout() error                        { return nil }
func (letters) Mail(string, *smtp.MailOptions) error { return nil }
func (letters) Rcpt(string, *smtp.RcptOptions) error { return nil }

func (l letters) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	l.to.mu.Lock()
	l.to.took = append(l.to.took, string(b))
	l.to.mu.Unlock()
	l.to.taken <- struct{}{}
	return nil
}

func (s *sink) serve(conn net.Conn) {
	defer conn.Close()
	c := textproto.NewConn(conn)
	say := func(line string) { _ = c.PrintfLine("%s", line) } // whoever asked may be gone
	say("220 sink")
	for {
		line, err := c.ReadLine()
		if err != nil {
			return
		}
		s.mu.Lock()
		answer := s.reply(line)
		s.mu.Unlock()
		switch {
		case answer != "":
			say(answer)
		case s.tls != nil && strings.HasPrefix(line, "EHLO"):
			say("250-sink\r\n250-STARTTLS\r\n250 AUTH PLAIN")
		case line == "STARTTLS":
			say("220 go on")
			conn = tls.Server(conn, s.tls)
			c = textproto.NewConn(conn)
		case strings.HasPrefix(line, "AUTH"):
			s.mu.Lock()
			_, secure := conn.(*tls.Conn)
			s.auth = fmt.Sprint(line, " ", secure)
			s.mu.Unlock()
			say("235 welcome")
		case line == "DATA":
			say("354 go on")
			b, err := c.ReadDotBytes()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.took = append(s.took, string(b))
			s.mu.Unlock()
			say("250 taken")
			s.taken <- struct{}{}
		case line == "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// mails are the mails so far.
func (s *sink) mails() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.took...)
}

func (s *sink) answers(reply func(string) string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reply = reply
}

// header is the value of a header of a mail.
func header(mail, name string) string {
	h, err := textproto.NewReader(bufio.NewReader(strings.NewReader(mail))).ReadMIMEHeader()
	if err != nil {
		return err.Error()
	}
	return h.Get(name)
}

func (s *sink) postman(t testing.TB) *postman { return postmanTo(t, s.Addr().String()) }

func postmanTo(t testing.TB, addr string) *postman {
	t.Helper()
	p, err := MailOptions{MailServer: addr, MailFrom: "portal@example.org", MailTLS: "none"}.postman("https://portal.example.org")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestMailSettings(t *testing.T) {
	dir := t.TempDir()
	secret, empty := filepath.Join(dir, "secret"), filepath.Join(dir, "empty")
	for file, text := range map[string]string{secret: "sesame\n", empty: "\n"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	good := MailOptions{MailServer: "smtp.example.org:587", MailFrom: "portal@example.org", MailTLS: "mandatory"}
	with := func(change func(*MailOptions)) MailOptions {
		o := good
		change(&o)
		return o
	}
	for name, x := range map[string]struct {
		MailOptions
		public, says string
	}{
		"none":                       {MailOptions{MailTLS: "mandatory"}, "", ""},
		"a server":                   {good, "https://portal.example.org", ""},
		"an account":                 {with(func(o *MailOptions) { o.MailUser, o.MailPasswordFile = "ann", secret }), "https://portal.example.org", ""},
		"plain on this machine":      {with(func(o *MailOptions) { o.MailServer, o.MailTLS = "localhost:25", "none" }), "https://portal.example.org", ""},
		"no server":                  {with(func(o *MailOptions) { o.MailServer = "" }), "https://portal.example.org", "no server"},
		"no port":                    {with(func(o *MailOptions) { o.MailServer = "smtp.example.org" }), "https://portal.example.org", "write it like smtp.example.org:587"},
		"port 0":                     {with(func(o *MailOptions) { o.MailServer = "smtp.example.org:0" }), "https://portal.example.org", "write it like smtp.example.org:587"},
		"no sender":                  {with(func(o *MailOptions) { o.MailFrom = "" }), "https://portal.example.org", "write it like portal@example.org"},
		"a sender with a line end":   {with(func(o *MailOptions) { o.MailFrom = "portal@example.org\r\nBcc: x@example.org" }), "https://portal.example.org", "is not an email address"},
		"another way of TLS":         {with(func(o *MailOptions) { o.MailTLS = "sometimes" }), "https://portal.example.org", "mandatory, or none"},
		"plain to another machine":   {with(func(o *MailOptions) { o.MailTLS = "none" }), "https://portal.example.org", "on this machine"},
		"a password without TLS":     {with(func(o *MailOptions) { o.MailServer, o.MailTLS, o.MailUser = "localhost:25", "none", "ann" }), "https://portal.example.org", "which needs TLS"},
		"a user without a password":  {with(func(o *MailOptions) { o.MailUser = "ann" }), "https://portal.example.org", "used together"},
		"a password without a user":  {with(func(o *MailOptions) { o.MailPasswordFile = secret }), "https://portal.example.org", "used together"},
		"a password that is missing": {with(func(o *MailOptions) { o.MailUser, o.MailPasswordFile = "ann", secret+"x" }), "https://portal.example.org", "cannot be read"},
		"an empty password":          {with(func(o *MailOptions) { o.MailUser, o.MailPasswordFile = "ann", empty }), "https://portal.example.org", "is empty"},
		"no public address":          {good, "", "--public-url"},
	} {
		p, err := x.postman(x.public)
		switch {
		case x.says == "" && err != nil, x.says != "" && (err == nil || !strings.Contains(err.Error(), x.says) || strings.Contains(err.Error(), "sesame")):
			t.Errorf("%s: %v", name, err)
		case name == "an account" && p.password != "sesame":
			t.Errorf("the password is %q", p.password)
		}
	}
	if out, problem, code := do(t, "serve", "--database", filepath.Join(dir, "x.db"), "--mail-server", "smtp.example.org"); code != 2 || !strings.Contains(problem, "smtp.example.org:587") {
		t.Errorf("exit %d\n%s%s", code, out, problem)
	}
}

func TestAMailIsPlainTextWithOneSubject(t *testing.T) {
	s := newSink(t)
	p := s.postman(t)
	m := outbox.Mail{ID: 3, MadeAt: storetest.Noon, To: "ann@example.org", Title: "Decision 2013-001: Ŵ\r\nBcc: eve@example.org", Act: "decision.open", Words: "Recorded.", Href: "/decisions/2013-001",
		Why: "You follow it.", Stop: "/unsubscribe/abc"}
	if permanent, err := p.send(t.Context(), m, "a@b"); err != nil {
		t.Fatal(permanent, err)
	}
	got := s.mails()[0]
	t.Log(got)
	for name, want := range map[string]string{"Message-Id": "<a@b>", "To": "<ann@example.org>", "From": "<portal@example.org>", "Bcc": "", "User-Agent": "", "Auto-Submitted": "auto-generated",
		"List-Unsubscribe": "<https://portal.example.org/unsubscribe/abc>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} {
		if v := header(got, name); v != want {
			t.Errorf("%s is %q, want %q", name, v, want)
		}
	}
	if !strings.HasPrefix(header(got, "Content-Type"), "text/plain") || !strings.Contains(got, "https://portal.example.org/decisions/2013-001") {
		t.Error("it is not plain text with the address of the page")
	}
	for _, to := range []string{"ann@example.org\r\nBcc: eve@example.org", "ann@example.org\nRCPT TO:<eve@example.org>", "Ann <ann@example.org>", "nobody", ""} {
		m.To = to
		if permanent, err := p.send(t.Context(), m, "c@d"); err == nil || !permanent {
			t.Errorf("to %q: %v, permanent %v", to, err, permanent)
		}
	}
	if n := len(s.mails()); n != 1 {
		t.Errorf("%d mails came", n)
	}
}

func TestTLSIsMandatory(t *testing.T) {
	s := newSink(t) // which offers none
	p, err := MailOptions{MailServer: s.Addr().String(), MailFrom: "portal@example.org", MailTLS: "mandatory"}.postman("https://portal.example.org")
	if err != nil {
		t.Fatal(err)
	}
	permanent, err := p.send(t.Context(), outbox.Mail{To: "ann@example.org", Title: "A title"}, "a@b")
	if err == nil || permanent || len(s.mails()) != 0 {
		t.Errorf("over a line that anyone can read: %v, permanent %v, %d mails", err, permanent, len(s.mails()))
	}
	srv := httptest.NewTLSServer(nil)
	defer srv.Close()
	s.tls = &tls.Config{Certificates: srv.TLS.Certificates} // which nobody vouches for
	if permanent, err := p.send(t.Context(), outbox.Mail{To: "ann@example.org", Title: "A title"}, "a@b"); err == nil || permanent || len(s.mails()) != 0 {
		t.Errorf("to a server that nobody vouches for: %v, permanent %v, %d mails", err, permanent, len(s.mails()))
	}
}

// A server that refuses for now is asked again, one that refuses for good is
// not, and one that is not there keeps the mail waiting.
func TestAServerThatRefuses(t *testing.T) {
	tx, clock, _ := storetest.Mailing(t)
	s := newSink(t)
	p := s.postman(t)
	add := func(name string) {
		t.Helper()
		if _, _, err := people.Add(t.Context(), tx, office.CommandLine, "Sample", name+"@example.org"); err != nil {
			t.Fatal(err)
		}
	}
	stands := func(waiting, sent, given int64, fault string) {
		t.Helper()
		if err := p.sendAll(t.Context(), tx); err != nil {
			t.Fatal(err)
		}
		b, err := outbox.ReadOutbox(t.Context(), tx, 9)
		if err != nil || b.Waiting != waiting || b.Sent != sent || b.GivenUp != given {
			t.Fatalf("waiting %d, sent %d, given up %d, %v", b.Waiting, b.Sent, b.GivenUp, err)
		}
		if all := append(b.Failing, b.Given...); fault != "" && !strings.Contains(all[0].Fault, fault) {
			t.Errorf("the fault is %q", all[0].Fault)
		}
	}
	add("ann")
	refuse := func(command, answer string) func(string) string {
		return func(line string) string {
			if strings.HasPrefix(line, command) {
				return answer
			}
			return ""
		}
	}
	s.answers(refuse("RCPT", "450 4.2.1 mailbox busy"))
	stands(1, 0, 0, "450 4.2.1 mailbox busy")
	s.answers(refuse("none", ""))
	stands(1, 0, 0, "") // it waits
	clock.Set(clock.Now().Add(time.Minute))
	stands(0, 1, 0, "")
	add("bob")
	s.answers(refuse("RCPT", "550 5.1.1 no such mailbox"))
	stands(0, 1, 1, "550 5.1.1 no such mailbox")
	add("eve")
	s.answers(func(string) string { return "554 go away" }) // a fault of the server, not of the mail
	stands(1, 1, 1, "")
	s.answers(refuse("none", ""))
	clock.Set(clock.Now().Add(time.Minute))
	stands(0, 2, 1, "")
	s.Close()
	add("kim")
	stands(1, 2, 1, "refused")
}

// postUntilKilled sends mail until it is killed.
func postUntilKilled() {
	if err := posts(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func posts(ctx context.Context) error {
	later, err := strconv.Atoi(os.Getenv(postLater))
	if err != nil {
		return err
	}
	database, key, _ := strings.Cut(os.Getenv(postDatabase), " ")
	tx, err := store.Open(ctx, db.Options{Database: database, Key: key, Mail: true, Now: func() time.Time { return time.Now().Add(time.Duration(later) * time.Second) }})
	if err != nil {
		return err
	}
	p, err := MailOptions{MailServer: os.Getenv(postServer), MailFrom: "portal@example.org", MailTLS: "none"}.postman("https://portal.example.org")
	if err != nil {
		return err
	}
	p.work(ctx, tx, slog.Default())
	return nil
}

func TestKillLosesNoMail(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { killMail(t, filepath.Join(t.TempDir(), "handover.db")) })
	t.Run("postgres", func(t *testing.T) { killMail(t, onPostgres(t)) })
}

// killMail lets one process after the other send, and kills each somewhere in
// the middle. Each mail comes at least once, under one Message-ID; again only
// the one that was on its way when a process was killed.
func killMail(t *testing.T, database string) {
	const mails = 40
	key := filepath.Join(t.TempDir(), "record.key")
	tx, err := store.Open(t.Context(), db.Options{Database: database, Key: key, Mail: true})
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Close()
	if err := outbox.SetMail(t.Context(), tx); err != nil {
		t.Fatal(err)
	}
	for i := range mails {
		if _, _, err := people.Add(t.Context(), tx, office.CommandLine, "Sample", fmt.Sprintf("p%d@example.org", i)); err != nil {
			t.Fatal(err)
		}
	}
	s := newServer(t)
	kills := 0
	for waiting := int64(mails); waiting > 0; kills++ {
		if kills == 60 {
			t.Fatalf("%d mails still wait", waiting)
		}
		postAndKill(t, s, database+" "+key, kills*120, int(min(waiting, 1+mathrand.Int64N(6))))
		b, err := outbox.ReadOutbox(t.Context(), tx, 1)
		if err != nil || b.GivenUp != 0 {
			t.Fatal(b, err)
		}
		waiting = b.Waiting
	}
	came, to := map[string]int{}, map[string]string{}
	for _, m := range s.mails() {
		id := header(m, "Message-Id")
		came[id]++
		to[header(m, "To")] = id
	}
	again := len(s.mails()) - mails
	if len(came) != mails || len(to) != mails || again < 0 || again > kills {
		t.Errorf("%d mails to %d people, %d again, after %d kills", len(came), len(to), again, kills)
	}
	t.Logf("%d processes were killed; %d of %d mails came twice", kills, again, mails)
}

// postAndKill starts a process that sends, and kills it when some mails more
// have come, before or after they are noted.
func postAndKill(t *testing.T, s *sink, database string, later, after int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), postServer+"="+s.Addr().String(), postDatabase+"="+database, postLater+"="+strconv.Itoa(later))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for range after {
		select {
		case <-s.taken:
		case <-time.After(20 * time.Second):
			t.Error("no mail came")
		}
	}
	time.Sleep(mathrand.N(8 * time.Millisecond))
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait() // it was killed
	for len(s.taken) > 0 {
		<-s.taken
	}
}

// Two portals on one database send each mail once between them.
func TestTwoPortalsSendEachMailOnce(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { sendBoth(t, filepath.Join(t.TempDir(), "handover.db")) })
	t.Run("postgres", func(t *testing.T) { sendBoth(t, onPostgres(t)) })
}

func sendBoth(t *testing.T, database string) {
	const mails = 30
	o := db.Options{Database: database, Key: filepath.Join(t.TempDir(), "record.key"), Mail: true}
	var both [2]*db.Tx
	for i := range both {
		tx, err := store.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		defer tx.Close()
		both[i] = tx
	}
	for i := range mails {
		if _, _, err := people.Add(t.Context(), both[i%2], office.CommandLine, "Sample", fmt.Sprintf("p%d@example.org", i)); err != nil {
			t.Fatal(err)
		}
	}
	s := newSink(t)
	var sending sync.WaitGroup
	for i := range 4 {
		sending.Go(func() {
			if err := s.postman(t).sendAll(t.Context(), both[i%2]); err != nil {
				t.Error(err)
			}
		})
	}
	sending.Wait()
	came := map[string]bool{}
	for _, m := range s.mails() {
		came[header(m, "Message-Id")] = true
	}
	if len(came) != mails || len(s.mails()) != mails {
		t.Errorf("%d of %d mails came, %d times", len(came), mails, len(s.mails()))
	}
}

func TestThePortalSendsMail(t *testing.T) {
	sendsAnInvitation(t, newSink(t), "--mail-tls", "none")
}

func TestThePortalSendsMailOverTLS(t *testing.T) {
	srv := httptest.NewTLSServer(nil)
	defer srv.Close()
	dir := t.TempDir()
	trusted, secret := filepath.Join(dir, "trusted.pem"), filepath.Join(dir, "secret")
	for file, b := range map[string][]byte{trusted: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw}), secret: []byte("sesame\n")} {
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("SSL_CERT_FILE", trusted)
	s := newSink(t)
	s.tls = &tls.Config{Certificates: srv.TLS.Certificates}
	sendsAnInvitation(t, s, "--mail-user", "ann", "--mail-password-file", secret)
	if want := "AUTH PLAIN " + base64.StdEncoding.EncodeToString([]byte("\x00ann\x00sesame")) + " true"; s.auth != want {
		t.Errorf("signed in with %q", s.auth)
	}
}

// sendsAnInvitation lets the whole program send an invitation, in which the
// address works.
func sendsAnInvitation(t *testing.T, s *sink, settings ...string) {
	t.Helper()
	where := []string{"--database", filepath.Join(t.TempDir(), "handover.db")}
	p := start(t, slices.Concat([]string{"serve", "--mail-server", s.Addr().String(), "--mail-from", "portal@example.org", "--public-url", "http://localhost:8080"}, settings, where)...)
	admin := holder(t, p, where, "ann", "administrator", nil)
	if status, page := admin.post(p.url+"/people/new", "name", "Sample", "email", "sample@example.org", "again", password); status != 200 || !strings.Contains(page, "It is also being sent to sample@example.org") {
		t.Fatalf("%d\n%s", status, page)
	}
	select {
	case <-s.taken:
	case <-time.After(20 * time.Second):
		t.Fatal("no mail came\n", p.log)
	}
	got := s.mails()[0]
	i := strings.Index(got, "/invitations/")
	if header(got, "To") != "<sample@example.org>" || i < 0 {
		t.Fatal(got)
	}
	u, err := url.Parse(p.url + strings.Fields(strings.ReplaceAll(got[i:], "=\n", ""))[0])
	if err != nil {
		t.Fatal(err)
	}
	if status, page := newVisitor(t).get(u.String()); status != 200 || !strings.Contains(page, "Choose your password") {
		t.Errorf("the address in the mail: %d\n%s", status, page)
	}
	if status, page := admin.get(p.url + "/people/outbox"); status != 200 || !strings.Contains(page, "Email is on") {
		t.Errorf("the outbox: %d\n%s", status, page)
	}
	p.stop()
}
