package web

import (
	"encoding/xml"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	nethtml "golang.org/x/net/html"

	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/storetest"
	"github.com/police-ict/handover/web/serve"
)

func TestCrawlersAreToldWhatToLeaveOut(t *testing.T) {
	t.Parallel()
	_, st, _ := open(t)
	u, err := url.Parse("https://portal.example.org")
	if err != nil {
		t.Fatal(err)
	}
	s := New(st, serve.Options{PublicURL: u})
	robots := fetch(s, "GET", "/robots.txt")
	says(t, robots, "User-agent: *\n", "Disallow: /*?\n", "Disallow: /*.csv\n", "Allow: /*?page=\n", "Sitemap: https://portal.example.org/sitemap.xml\n")
	if kind := robots.Header().Get("Content-Type"); robots.Code != 200 || !strings.HasPrefix(kind, "text/plain") {
		t.Errorf("%d %s", robots.Code, kind)
	}
	var listed struct {
		URLs []struct {
			Loc string `xml:"loc"`
		} `xml:"url"`
	}
	w := fetch(s, "GET", "/sitemap.xml")
	if err := xml.Unmarshal(w.Body.Bytes(), &listed); err != nil || len(listed.URLs) < 60 || len(listed.URLs) > 200 {
		t.Fatalf("%d addresses, %v", len(listed.URLs), err)
	}
	for _, one := range listed.URLs {
		path, ok := strings.CutPrefix(one.Loc, "https://portal.example.org")
		if w := fetch(s, "GET", path); !ok || w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d", one.Loc, w.Code)
		}
	}
	if w := fetch(s, "GET", "/favicon.ico"); w.Code != 301 || !strings.HasPrefix(w.Header().Get("Location"), "/static/icon.") {
		t.Errorf("the icon: %d %s", w.Code, w.Header().Get("Location"))
	}
	if w := fetch(s, "GET", securityPath); w.Code != 404 || w.Body.String() != "No contact for reporting a weakness has been set.\n" {
		t.Errorf("a contact that nobody gave: %d %s", w.Code, w.Body)
	}
}

func TestTheContactForWeaknessesIsTold(t *testing.T) {
	t.Parallel()
	_, st, clock := open(t)
	u, err := url.Parse("https://portal.example.org")
	if err != nil {
		t.Fatal(err)
	}
	s := New(st, serve.Options{PublicURL: u, Security: "mailto:security@example.org"})
	w := fetch(s, "GET", securityPath)
	const want = `^Contact: mailto:security@example\.org\nExpires: (\S+)\nPreferred-Languages: en\nCanonical: https://portal\.example\.org/\.well-known/security\.txt\n$`
	m := regexp.MustCompile(want).FindStringSubmatch(w.Body.String())
	if kind := w.Header().Get("Content-Type"); w.Code != 200 || m == nil || !strings.HasPrefix(kind, "text/plain; charset=") {
		t.Fatalf("%d %s %s", w.Code, kind, w.Body)
	}
	// RFC 9116 asks for a day less than a year ahead, so that nobody relies on an old one.
	if ends, err := time.Parse(time.RFC3339, m[1]); err != nil || ends.Before(clock.Now().AddDate(0, 3, 0)) || ends.After(clock.Now().AddDate(1, 0, 0)) {
		t.Errorf("it ends on %s (%v)", m[1], err)
	}
}

// headOf is the title of a page and its other forms.
func headOf(t testing.TB, page string) (title string, forms []string) {
	t.Helper()
	root, err := nethtml.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var walk func(*nethtml.Node)
	walk = func(n *nethtml.Node) {
		if n.Data == "title" && n.Parent.Data == "head" {
			title = textOf(n)
		}
		if rel, _ := attr(n, "rel"); n.Data == "link" && rel == "alternate" {
			href, _ := attr(n, "href")
			forms = append(forms, href)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return title, forms
}

var formNamed = regexp.MustCompile(`\.(csv|json|atom)(\?|$)`)

// The head of every page names each form that it can be had in, and no other.
func TestEveryPageNamesItsForms(t *testing.T) {
	t.Parallel()
	s, st := spent(t)
	history(t, st)
	nobody := stranger(t, s)
	seen := 0
	for _, r := range s.Routes() {
		path := filled(r.Path)
		if r.Method != "GET" || s.Needs()["GET "+r.Path] != office.Public || strings.Contains(r.Path, "/static/") {
			continue
		}
		w := nobody.send("GET", path)
		if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			continue
		}
		_, forms := headOf(t, w.Body.String())
		var names []string
		for _, href := range forms {
			if w := nobody.send("GET", href); w.Code != 200 {
				t.Errorf("%s names %s, which answers %d", path, href, w.Code)
			}
			names = append(names, formNamed.FindStringSubmatch(href)[1])
			seen++
		}
		for _, form := range []string{"csv", "json", "atom"} {
			if w := nobody.send("GET", path+"."+form); w.Code == 200 && !slices.Contains(names, form) && path != "/" {
				t.Errorf("%s does not name its %s", path, form)
			}
		}
	}
	if seen < 40 {
		t.Errorf("only %d forms are named", seen)
	}
}

// A filter is told in the title of its page, the name of its CSV and the title
// of its feed, and leads on to its other forms.
func TestAFilterIsToldInEveryName(t *testing.T) {
	t.Parallel()
	s, _ := spent(t)
	nobody := stranger(t, s)
	w := nobody.do(200, "GET", "/spend?body=kent&year=2011&view=lines&after=3")
	title, forms := headOf(t, w.Body.String())
	if !strings.HasPrefix(title, "Spend on police IT: Kent, year 2011, view lines, after 3 – ") {
		t.Errorf("the title is %q", title)
	}
	if want := []string{"/spend.atom?body=kent&view=lines&year=2011", "/spend.csv?body=kent&view=lines&year=2011", "/spend.json?body=kent&view=lines&year=2011"}; !slices.Equal(forms, want) {
		t.Errorf("its forms are %q", forms)
	}
	if name := nobody.do(200, "GET", "/spend.csv?body=kent&year=2011").Header().Get("Content-Disposition"); name != `attachment; filename="spend-body-kent-year-2011-2013-01-14.csv"` {
		t.Errorf("its CSV is called %s", name)
	}
	says(t, nobody.do(200, "GET", "/questions.atom?to=kent&state=due"), "<title>Questions: to Kent, state due</title>")
	titles := map[string]string{}
	for _, path := range []string{"/spend", "/spend?body=kent", "/spend?body=essex", "/spend?body=kent&sort=supplier&view=supplier", "/spend/loads/1", "/spend/loads/2", "/record?before=3", "/record", "/search", "/search?q=a",
		"/bodies?q=a", "/ownership", "/ownership?as_at=2012-07-16"} {
		title, _ := headOf(t, nobody.do(200, "GET", path).Body.String())
		if other, had := titles[title]; had {
			t.Errorf("%s and %s are both called %q", path, other, title)
		}
		titles[title] = path
	}
}

// An error of a CSV or of a feed is one sentence, since a program would keep a
// page as data.
func TestErrorsOfDataAreSentences(t *testing.T) {
	t.Parallel()
	s, _ := spent(t)
	nobody := stranger(t, s)
	for path, code := range map[string]int{"/spend.csv?year=abcd": 422, "/spend.atom?year=abcd": 422, "/nothing.csv": 404, "/help/words.csv": 404, "/questions/2013-999.atom": 404, "/spend.csv?suplier=x": 422} {
		w := nobody.do(code, "GET", path)
		if kind := w.Header().Get("Content-Type"); kind != "text/plain; charset=utf-8" || strings.Count(w.Body.String(), "\n") != 1 || strings.Contains(w.Body.String(), "<") || w.Header().Get("Content-Disposition") != "" {
			t.Errorf("%s: %s %q", path, kind, w.Body)
		}
	}
}

// A document is had whole, in part, or not again.
func TestADocumentIsHadInParts(t *testing.T) {
	t.Parallel()
	th := stage(t)
	th.secretary.takes("/handover/bodies/kent/invite", "invitation.txt", "You are invited.")
	th.chief.takes("/handover/bodies/kent/resolve", "notice.txt", "We resolve to join (sample).", noticeForm()...)
	doc := found(t, th.chief.do(200, "GET", "/handover/bodies/kent"), `href="(/documents/\d+)">Decision notice`)
	get := func(headers ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, doc, nil)
		r.Header.Set("Cookie", th.chief.cookie)
		for i := 0; i+1 < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		return sent(th.chief, r)
	}
	whole := get()
	tag := whole.Header().Get("ETag")
	if whole.Code != 200 || whole.Body.String() != "We resolve to join (sample)." || len(tag) < 20 {
		t.Fatalf("%d %q %v", whole.Code, whole.Body, whole.Header())
	}
	if w := get("Range", "bytes=3-9"); w.Code != 206 || w.Body.String() != "resolve" || w.Header().Get("Content-Range") != "bytes 3-9/28" {
		t.Errorf("a part: %d %q %v", w.Code, w.Body, w.Header())
	}
	if w := get("Range", "bytes=3-9", "If-Range", `"other"`); w.Code != 200 {
		t.Errorf("a part of another: %d", w.Code)
	}
	if w := get("If-None-Match", `"other", `+tag); w.Code != 304 || w.Body.Len() != 0 {
		t.Errorf("one that is had: %d", w.Code)
	}
	if w := get("Range", "bytes=300-"); w.Code != 416 {
		t.Errorf("a part beyond its end: %d", w.Code)
	}
}

// A choice, a mark or a place in a list that is none is refused, never taken for
// no choice.
func TestAWrongChoiceIsRefused(t *testing.T) {
	t.Parallel()
	s, st := spent(t)
	nobody := stranger(t, s)
	for path, sentence := range map[string]string{
		"/committees?orphans=ja":             "Enter yes or no for “orphans”.",
		"/interests?all=1":                   "Enter yes or no for “all”.",
		"/authority/delegations?all=1":       "Enter yes or no for “all”.",
		"/handover/schedule?open=1":          "Enter yes or no for “open”.",
		"/decisions?drafts=1":                "Enter yes or no for “drafts”.",
		"/bodies?region=Kent":                "There is no such region. Choose one from the list.",
		"/handover/bodies?region=Kent":       "There is no such region. Choose one from the list.",
		"/handover/bodies?step=gone":         "There is no such step. Choose one from the list.",
		"/spend/flags/duplicate?after=first": "Enter “after” as the number of a finding, 1 or more.",
	} {
		for _, form := range []string{"", ".json", ".csv"} {
			address := strings.Replace(path, "?", form+"?", 1)
			if w := nobody.do(422, "GET", address); !strings.Contains(html.UnescapeString(w.Body.String()), sentence) {
				t.Errorf("%s says %.300s", address, w.Body)
			}
		}
	}
	administrator := as(t, s, storetest.Holder(t, st, office.Administrator, office.TheCompany))
	administrator.do(422, "GET", "/people?after=first")
	nobody.do(200, "GET", "/committees?orphans=no")
}

// What JSON knows and where it goes on has one name each, whatever its page.
func TestJSONSaysAlikeWhatItKnows(t *testing.T) {
	t.Parallel()
	s, st := spent(t)
	history(t, st)
	nobody := stranger(t, s)
	for _, path := range []string{"/spend.json", "/suppliers.json", "/spend/categories.json", "/spend/publication.json", "/spend/claims.json", "/spend/flags/duplicate.json", "/search.json?q=a", "/handover.json",
		"/handover/schedule.json", "/handover/bodies.json", "/handover/balance.json", "/ownership.json", "/authority.json"} {
		if got := decoded[map[string]any](t, nobody.do(200, "GET", path).Body.String()); got["known_event"] == nil {
			t.Errorf("%s has no known_event: %v", path, got)
		}
	}
	for _, path := range []string{"/spend.json", "/spend/loads.json", "/spend/loads/1.json", "/spend/flags/duplicate.json", "/record.json?before=2", "/decisions.json", "/questions.json", "/recommendations.json", "/inquiries.json",
		"/search.json?q=a", "/authority/differs.json"} {
		got := decoded[map[string]any](t, nobody.do(200, "GET", path).Body.String())
		if next, has := got["next"]; !has || next != nil && next == "" {
			t.Errorf("%s has next %v, %v", path, next, has)
		}
	}
}
