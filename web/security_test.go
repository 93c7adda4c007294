package web

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/storetest"
	"github.com/police-ict/handover/web/serve"
)

// ask sends a request with headers, given as pairs.
func ask(s *serve.Server, method, path string, body io.Reader, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, body)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestEveryAnswerProtectsItsReader(t *testing.T) {
	st, _ := storetest.OpenClock(t)
	u, _ := url.Parse("https://portal.example.org")
	s := New(st, serve.Options{PublicURL: u})
	signedIn := as(t, s, storetest.Holder(t, st, office.Administrator, office.TheCompany))
	for name, w := range map[string]*httptest.ResponseRecorder{
		"a page":                ask(s, "GET", "/sign-in", nil),
		"a signed-in page":      signedIn.send("GET", "/people"),
		"a redirect":            ask(s, "GET", "/account", nil),
		"a fault":               ask(s, "POST", "/sign-in", strings.NewReader("email=a&password=b")),
		"nothing there":         ask(s, "GET", "/nothing", nil),
		"nothing there, JSON":   ask(s, "GET", "/nothing.json", nil),
		"a wrong method":        ask(s, "POST", "/account", nil),
		"from another site":     ask(s, "POST", "/sign-in", nil, "Sec-Fetch-Site", "cross-site"),
		"too large":             ask(s, "POST", "/sign-in", strings.NewReader("email="+strings.Repeat("x", 10<<20))),
		"a file that is not":    ask(s, "GET", "/static/nothing.css", nil),
		"the health of it":      ask(s, "GET", "/healthz", nil),
		"an unknown invitation": ask(s, "GET", "/invitations/NOTHING", nil),
	} {
		for header, want := range map[string]string{
			"Content-Security-Policy":   serve.ContentPolicy,
			"X-Content-Type-Options":    "nosniff",
			"X-Frame-Options":           "DENY",
			"Referrer-Policy":           "same-origin",
			"Strict-Transport-Security": "max-age=31536000; includeSubDomains",
		} {
			if got := w.Header().Get(header); got != want {
				t.Errorf("%s (%d): %s is %q", name, w.Code, header, got)
			}
		}
		if kept := w.Header().Get("Cache-Control"); kept != "no-store" && !(w.Code == 200 && kept == "no-cache") {
			t.Errorf("%s (%d) may be kept: %q", name, w.Code, kept)
		}
	}
	for _, bad := range []string{"script-src", "unsafe", "http:", "https:", "*"} {
		if strings.Contains(serve.ContentPolicy, bad) {
			t.Errorf("the policy allows %s", bad)
		}
	}
}

func TestSignInFromAnotherSiteIsRefused(t *testing.T) {
	s, _, _ := open(t)
	for name, c := range map[string]struct {
		headers []string
		want    int
	}{
		"the portal's own form":                {[]string{"Sec-Fetch-Site", "same-origin", "Origin", "http://example.com"}, 422},
		"typed by the person":                  {[]string{"Sec-Fetch-Site", "none"}, 422},
		"a program that sends neither":         {nil, 422},
		"an old browser on the portal":         {[]string{"Origin", "http://example.com"}, 422},
		"another site":                         {[]string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, 403},
		"a site beside it":                     {[]string{"Sec-Fetch-Site", "same-site", "Origin", "http://other.example.com"}, 403},
		"an old browser on another site":       {[]string{"Origin", "https://evil.example"}, 403},
		"an old browser on another port":       {[]string{"Origin", "http://example.com:8081"}, 403},
		"a sandboxed page":                     {[]string{"Origin", "null"}, 403},
		"another site that names our origin":   {[]string{"Sec-Fetch-Site", "cross-site", "Origin", "http://example.com"}, 403},
		"a word that is no site":               {[]string{"Sec-Fetch-Site", "anything"}, 403},
		"another site, with a charming suffix": {[]string{"Origin", "http://example.com.evil.example"}, 403},
	} {
		t.Run(name, func(t *testing.T) {
			w := ask(s, "POST", "/sign-in", strings.NewReader("email=a@example.org&password=b"), c.headers...)
			if w.Code != c.want {
				t.Errorf("%d", w.Code)
			}
			if c.want == 403 {
				says(t, w, "This was sent from another website, so nothing was done.")
			}
		})
	}
	if w := ask(s, "GET", "/sign-in", nil, "Sec-Fetch-Site", "cross-site"); w.Code != 200 {
		t.Errorf("a link from another site: %d", w.Code)
	}
}

func TestAddressesThatAreNot(t *testing.T) {
	s, _, _ := open(t)
	says(t, stranger(t, s).do(404, "GET", "/nothing"), "Check that the web address is correct", "<h1>Page not found</h1>", "</html>")
	stranger(t, s).do(404, "POST", "/nothing")
	w := stranger(t, s).do(405, "POST", "/account")
	says(t, w, "This form cannot be sent to this page.", "</html>")
	if got := w.Header().Get("Allow"); !strings.Contains(got, "GET") || strings.Contains(got, "POST") {
		t.Errorf("Allow is %q", got)
	}
	if got := stranger(t, s).do(405, "GET", "/sign-out").Header().Get("Allow"); !strings.Contains(got, "POST") {
		t.Errorf("Allow is %q", got)
	}
	stranger(t, s).do(405, "DELETE", "/sign-in")
	for _, path := range []string{"/sign-in.csv", "/sign-in.json", "/help/words.csv", "/nothing.csv", "/invitations/X.json"} {
		w := stranger(t, s).do(404, "GET", path)
		if strings.HasSuffix(path, ".json") && (!strings.Contains(w.Header().Get("Content-Type"), "json") || !strings.Contains(w.Body.String(), `"error"`)) {
			t.Errorf("%s: %s", path, w.Body)
		}
	}
	if w := ask(s, "GET", "/"+strings.Repeat("a", 60_000), nil); w.Code != 404 {
		t.Errorf("a very long address: %d", w.Code)
	}
}

func TestHeadAnswersAsGet(t *testing.T) {
	s, _, _ := open(t)
	srv := httptest.NewServer(s)
	defer srv.Close()
	client := srv.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, path := range []string{"/sign-in", "/help/offices", "/account", "/nothing", "/healthz", "/sign-in.json"} {
		get, err := client.Get(srv.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		get.Body.Close()
		head, err := client.Head(srv.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(head.Body)
		head.Body.Close()
		if err != nil || len(body) != 0 || head.StatusCode != get.StatusCode || head.Header.Get("Content-Type") != get.Header.Get("Content-Type") {
			t.Errorf("%s: HEAD %d %q, GET %d %q, %d bytes, %v", path, head.StatusCode, head.Header.Get("Content-Type"), get.StatusCode, get.Header.Get("Content-Type"), len(body), err)
		}
	}
}

// unsized hides how long a body is.
type unsized struct{ io.Reader }

func TestAVeryLargeFieldIsRefusedInOneSentence(t *testing.T) {
	s, _, _ := open(t)
	large := "email=" + strings.Repeat("x", 10<<20)
	for name, body := range map[string]io.Reader{"said how large": strings.NewReader(large), "not said": unsized{strings.NewReader(large)}} {
		w := ask(s, "POST", "/sign-in", body)
		if w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %d", name, w.Code)
		}
		says(t, w, "This page accepts up to 1 MB. Nothing was saved.")
		if w.Body.Len() > 20_000 {
			t.Errorf("%s: the answer is %d bytes", name, w.Body.Len())
		}
	}
	if w := ask(s, "POST", "/sign-in", strings.NewReader("email=%zz")); w.Code != 422 {
		t.Errorf("a broken form: %d", w.Code)
	}
}

func TestTheLogHoldsNoSecret(t *testing.T) {
	st, _ := storetest.OpenClock(t)
	var log bytes.Buffer
	s := New(st, serve.Options{Log: slog.New(slog.NewJSONHandler(&log, nil))})
	admin := keyedHolder(t, st, office.Administrator, office.TheCompany)
	adm, b := as(t, s, admin), stranger(t, s)
	token := found(t, adm.do(200, "POST", "/people/new", "name", "Zebedee Quill", "email", "zebedee@example.org", "again", people.SamplePassword), `/invitations/([A-Z2-7]+)`)
	b.do(200, "GET", "/invitations/"+token)
	b.do(303, "POST", "/invitations/"+token, "password", firstPassword, "repeat", firstPassword)
	b.do(422, "POST", "/sign-in", "email", "zebedee@example.org", "password", "a wrong password")
	b.do(422, "POST", "/sign-in", "email", "zebedee@example.org", "password", firstPassword)
	b.do(404, "GET", "/invitations/"+token)
	b.do(404, "GET", "/no/such/SECRETPATH?key=SECRETQUERY")
	adm.do(200, "GET", "/people?q=Zebedee")
	said := log.String()
	for _, secret := range []string{token, firstPassword, "a wrong password", "Zebedee", "zebedee", "SECRETPATH", "SECRETQUERY", strings.TrimPrefix(adm.cookie, "session=")} {
		if strings.Contains(said, secret) {
			t.Errorf("the log holds %q:\n%s", secret, said)
		}
	}
	for _, want := range []string{`"route":"/invitations/:token"`, `"status":422`, `"person":`} {
		if !strings.Contains(said, want) {
			t.Errorf("the log does not hold %s:\n%s", want, said)
		}
	}
	if got := strings.Count(said, `"msg":"request"`); got != 8 {
		t.Errorf("%d lines for 8 requests", got)
	}
}
