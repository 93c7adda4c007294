package main

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestServe(t *testing.T) {
	database := filepath.Join(t.TempDir(), "handover.db")
	p := start(t, "serve", "--database", database)
	for _, path := range []string{"/healthz", "/readyz", "/search?q=swordfish", "/ownership.json"} {
		if status, text := get(t, p.url+path); status != http.StatusOK || text == "" {
			t.Errorf("%s: %d\n%s", path, status, text)
		}
	}
	if status, _ := get(t, p.url+"/no-such-page/swordfish"); status != http.StatusNotFound {
		t.Error("an unknown page:", status)
	}
	send(t, p.url+"/sign-in", "email=swordfish@example.org&password=swordfish")
	p.stop()
	loggedOnce(t, p.log.String(), 6)
	must(t, "verify", "--database", database)

	began := time.Now()
	again := start(t, "serve", "--database", database)
	t.Logf("started on an existing file in %d ms", time.Since(began).Milliseconds())
	if status, _ := get(t, again.url+"/readyz"); status != http.StatusOK {
		t.Error("ready after a second start:", status)
	}
	again.stop()
	must(t, "verify", "--database", database)
}

// Whoever starts first makes the database; the others find it made.
func TestStartsAtOnceMakeOneDatabase(t *testing.T) {
	dir := t.TempDir()
	database := filepath.Join(dir, "handover.db")
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			if out, problem, code := do(t, "person", "add", "--database", database, "--name", "Sample", "--email", fmt.Sprintf("p%d@example.org", i)); code != 0 {
				t.Errorf("start %d: %s%s", i, out, problem)
			}
		})
	}
	all.Wait()
	if n := strings.Count(must(t, "person", "list", "--database", database), "\n"); n != 6 {
		t.Errorf("%d of 6 people are there", n)
	}
	must(t, "verify", "--database", database)
	if files := listing(t, dir); files != "handover.db\nhandover.key\n" {
		t.Errorf("files are left behind:\n%s", files)
	}
}

// loggedOnce checks the log: one line a request, each with what it must tell
// and nothing of what was asked for.
func loggedOnce(t *testing.T, log string, requests int) {
	t.Helper()
	n := 0
	for line := range strings.Lines(log) {
		var entry struct {
			Msg, Route, Method string
			Status             int
			Ms                 *float64
			Person             *int64
		}
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Errorf("no structured line: %s", line)
		}
		if entry.Msg != "request" {
			continue
		}
		n++
		if entry.Route == "" || entry.Method == "" || entry.Status == 0 || entry.Ms == nil || entry.Person == nil {
			t.Errorf("the line does not tell all: %s", line)
		}
	}
	if n != requests {
		t.Errorf("%d lines for %d requests", n, requests)
	}
	if strings.Contains(log, "swordfish") || strings.Contains(log, "as_at") {
		t.Errorf("the log holds what was asked for or typed:\n%s", log)
	}
}

func TestStopFinishesRequests(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "handover.db")
	p := start(t, "serve", "--database", database)
	c, err := net.Dial("tcp", p.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	form := "email=a@example.org&password=wrong"
	fmt.Fprintf(c, "POST /sign-in HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", p.addr, len(form), form[:10])
	waitFor(t, "the request to be under way", func() bool {
		status, _ := get(t, p.url+"/healthz")
		return status == http.StatusOK
	})
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the portal to take no more", func() bool {
		l, err := net.Dial("tcp", p.addr)
		if err == nil {
			l.Close()
		}
		return err != nil
	})
	fmt.Fprint(c, form[10:])
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal("the request under way was broken off:", err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusUnprocessableEntity {
		t.Error("the request under way was answered", r.Status)
	}
	p.ends()
	must(t, "verify", "--database", database)
}

// A start that cannot be is refused in one sentence, and leaves nothing.
func TestRefusedStarts(t *testing.T) {
	t.Parallel()
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	for _, name := range []string{"good", "newer", "keyless"} {
		must(t, "person", "add", "--database", in(name+".db"), "--name", "Ann Sample", "--email", "ann@example.org")
	}
	edit(t, in("newer.db"), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`)
	write(t, in("file"), "not a folder")
	write(t, in("text.db"), strings.Repeat("not a database. ", 200))
	write(t, in("not.key"), "not a key")
	if err := os.Mkdir(in("folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(in("keyless.key")); err != nil {
		t.Fatal(err)
	}
	serve := func(args ...string) []string { return append([]string{"serve", "--addr", freeAddr(t)}, args...) }
	office := func(args ...string) []string {
		return append([]string{"office", "give", "--database", in("good.db"), "--title", "Administrator", "--email", "ann@example.org"}, args...)
	}
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no command":                    {nil, 2, "expected one of"},
		"an unknown command":            {[]string{"sell"}, 2, "sell"},
		"an unknown flag":               {serve("--databse", in("new.db")), 2, "--databse"},
		"a port in use":                 {[]string{"serve", "--addr", busy.Addr().String(), "--database", in("new.db")}, 1, "in use"},
		"an address without a port":     {[]string{"serve", "--addr", "localhost", "--database", in("new.db")}, 2, "localhost:8080"},
		"no such port":                  {[]string{"serve", "--addr", "localhost:99999", "--database", in("new.db")}, 1, "cannot listen"},
		"a path below a file":           {serve("--database", in("file/new.db")), 1, "not a folder"},
		"a folder that is not there":    {serve("--database", in("none/new.db")), 1, "folder"},
		"a folder as the database":      {serve("--database", in("folder")), 1, "is a folder"},
		"a text as the database":        {serve("--database", in("text.db")), 1, "not a database"},
		"no database":                   {serve("--database", ""), 1, "--database"},
		"another kind of database":      {serve("--database", "mysql://localhost/x"), 1, "postgres://"},
		"a server that is not there":    {serve("--database", "postgres://portal:swordfish@127.0.0.1:1/x"), 1, "does not answer"},
		"a database of a newer version": {serve("--database", in("newer.db")), 1, "newer version"},
		"another record key":            {serve("--database", in("good.db"), "--record-key", in("newer.key")), 1, "--record-key"},
		"a record key that is gone":     {serve("--database", in("keyless.db")), 1, "--record-key"},
		"a record key that is none":     {serve("--database", in("new.db"), "--record-key", in("not.key")), 1, "record key"},
		"a record key in no folder":     {serve("--database", in("new.db"), "--record-key", in("none/new.key")), 1, "record key"},
		"a record key below a file":     {serve("--database", in("new.db"), "--record-key", in("file/new.key")), 1, "record key"},
		"a folder as the record key":    {serve("--database", in("new.db"), "--record-key", in("folder")), 1, "record key"},
		"a public address without http": {serve("--database", in("new.db"), "--public-url", "portal.example.org"), 2, "--public-url"},
		"a public address with a path":  {serve("--database", in("new.db"), "--public-url", "https://example.org/portal"), 2, "--public-url"},
		"a public address by http":      {serve("--database", in("new.db"), "--public-url", "http://portal.example.org"), 2, "use https://portal.example.org"},
		"a public address with a plus":  {serve("--database", in("new.db"), "--public-url", "https://a+b.example.org"), 2, "--public-url"},
		"no way to report a weakness":   {serve("--database", in("new.db"), "--security-contact", "http://example.org/report"), 2, "--security-contact"},
		"no network of a proxy":         {serve("--database", in("new.db"), "--trust-proxy", "10.0.0"), 2, "--trust-proxy"},
		"a day that is none":            {office("--body", "company", "--kind", "administrator", "--from", "2013-02-29"), 2, "--from"},
		"a last day that is none":       {office("--body", "company", "--kind", "administrator", "--from", "2013-02-28", "--to", "soon"), 2, "--to"},
		"a kind that is none":           {office("--body", "company", "--kind", "king", "--from", "2013-02-28"), 2, "company-secretary"},
		"a body that is none":           {office("--body", "narnia", "--kind", "administrator", "--from", "2013-02-28"), 2, "narnia"},
		"a last day before the first":   {office("--body", "company", "--kind", "administrator", "--from", "2013-02-28", "--to", "2013-01-01"), 1, "on or after the first"},
		"a person who is not there":     {[]string{"office", "give", "--database", in("good.db"), "--title", "x", "--email", "bob@example.org", "--body", "company", "--kind", "administrator", "--from", "2013-02-28"}, 1, "bob@example.org"},
		"a person who is there already": {[]string{"person", "add", "--database", in("good.db"), "--name", "Ann", "--email", "Ann@Example.org"}, 1, "already"},
		"a list of no database":         {[]string{"person", "list", "--database", in("new.db")}, 1, "new.db"},
		"verify without a database":     {[]string{"verify", "--database", in("new.db")}, 1, "new.db"},
		"verify a newer version":        {[]string{"verify", "--database", in("newer.db")}, 1, "version"},
		"verify without a checkpoint":   {[]string{"verify", "--database", in("good.db"), "--checkpoint", in("none")}, 1, "checkpoint"},
		"backup of no database":         {[]string{"backup", "--database", in("new.db"), in("copy.db")}, 1, "new.db"},
		"backup of a text":              {[]string{"backup", "--database", in("text.db"), in("copy.db")}, 1, "not a database"},
		"backup over a file":            {[]string{"backup", "--database", in("good.db"), in("newer.db")}, 1, "already exists"},
		"backup of PostgreSQL":          {[]string{"backup", "--database", "postgres://localhost/x", in("copy.db")}, 1, "pg_dump"},
		"restore over a database":       {[]string{"restore", "--database", in("good.db"), in("newer.db")}, 1, "already exists"},
		"restore of no file":            {[]string{"restore", "--database", in("new.db"), in("none.db")}, 1, "none.db"},
		"restore of a text":             {[]string{"restore", "--database", in("new.db"), in("text.db")}, 1, "not a database"},
		"restore of a newer version":    {[]string{"restore", "--database", in("new.db"), in("newer.db")}, 1, "newer version"},
	} {
		t.Run(name, func(t *testing.T) {
			before := listing(t, dir)
			_, problem, code := do(t, c.args...)
			if code != c.code {
				t.Errorf("exit %d, want %d", code, c.code)
			}
			if strings.Count(problem, "\n") != 1 || !strings.Contains(problem, c.says) || strings.Contains(problem, "swordfish") {
				t.Errorf("not one sentence about %q: %s", c.says, problem)
			}
			if after := listing(t, dir); after != before {
				t.Errorf("files before:\n%safter:\n%s", before, after)
			}
		})
	}
}

// listing names the files of a folder.
func listing(t testing.TB, dir string) string {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, f := range all {
		fmt.Fprintln(&out, f.Name())
	}
	return out.String()
}

// edit changes a database behind the portal's back.
func edit(t testing.TB, database, query string) {
	t.Helper()
	db, err := sql.Open("sqlite", database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(query); err != nil {
		t.Fatal(err)
	}
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func get(t testing.TB, url string) (int, string) {
	t.Helper()
	return answered(t)(http.Get(url))
}

func send(t testing.TB, url, form string) (int, string) {
	t.Helper()
	return answered(t)(http.Post(url, "application/x-www-form-urlencoded", strings.NewReader(form)))
}

func answered(t testing.TB) func(*http.Response, error) (int, string) {
	return func(r *http.Response, err error) (int, string) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		text, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, string(text)
	}
}

func waitFor(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("waited 5 seconds for", what)
}

func TestAContactIsAnAddress(t *testing.T) {
	for given, want := range map[string]string{
		"":                              "",
		" security@example.org ":        "mailto:security@example.org",
		"mailto:security@example.org":   "mailto:security@example.org",
		"https://example.org/security/": "https://example.org/security/",
		"tel:+44-1632-960000":           "tel:+44-1632-960000",
		"http://example.org/security":   "refused",
		"security":                      "refused",
		"https://":                      "refused",
		"mailto:nobody":                 "refused",
		"javascript:alert(1)":           "refused",
		"https://example.org/\nContact: mailto:other@example.org": "refused",
		"Security Team <security@example.org>":                    "refused",
	} {
		got, err := contact(given)
		if err != nil {
			got = "refused"
		}
		if got != want {
			t.Errorf("%q is read as %q, not %q (%v)", given, got, want, err)
		}
	}
}
