package web

import (
	"encoding/xml"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/police-ict/handover/store/office"
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
	if w := fetch(s, "GET", "/.well-known/security.txt"); w.Code != 404 {
		t.Errorf("a contact that nobody gave: %d", w.Code)
	}
}

// headOf is the title of a page and its other forms.
func headOf(t testing.TB, page string) (title string, forms []string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
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
	if name := nobody.do(200, "GET", "/spend.csv?body=kent&year=2011").Header().Get("Content-Disposition"); name != `attachment; filename="spend-body-kent-year-2011.csv"` {
		t.Errorf("its CSV is called %s", name)
	}
	says(t, nobody.do(200, "GET", "/questions.atom?to=kent&state=due"), "<title>Questions: to Kent, state due</title>")
	titles := map[string]string{}
	for _, path := range []string{"/spend", "/spend?body=kent", "/spend?body=essex", "/spend?body=kent&page=2&view=supplier", "/spend/loads/1", "/spend/loads/2", "/record?before=3", "/record", "/search", "/search?q=a",
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
