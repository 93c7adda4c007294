package web

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	nethtml "golang.org/x/net/html"

	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/storetest"
	"github.com/police-ict/handover/web/serve"
)

// Every address takes the parameters that it declares, and no other: a page, a
// list and an export refuse it by name, and what programs fetch is had without it.
func TestEveryAddressTakesOnlyWhatItDeclares(t *testing.T) {
	t.Parallel()
	s, st, _ := open(t)
	history(t, st)
	people := map[office.Permission]at{office.Public: stranger(t, s)}
	for _, r := range s.Routes() {
		if r.Method != http.MethodGet || strings.HasPrefix(r.Path, "/static/") {
			continue
		}
		need := s.Needs()["GET "+r.Path]
		who, had := people[need]
		if !had {
			kind := office.KindsWith(need)[0]
			who = as(t, s, storetest.Holder(t, st, kind, bodyFor[kind]))
			people[need] = who
		}
		path, takes := filled(r.Path), s.Takes(r.Path)
		const sentence = "There is no filter “nonsense”"
		for _, form := range []string{"", ".csv", ".json", ".atom"} {
			w := who.send("GET", path+form+"?nonsense=1")
			switch refused := strings.Contains(html.UnescapeString(w.Body.String()), sentence); {
			case form != "" || len(takes) > 0 || s.Shows(r.Path):
				if w.Code != 422 || !refused {
					t.Errorf("GET %s%s?nonsense=1 answers %d: %.200s", path, form, w.Code, w.Body)
				}
			case refused || w.Code != who.send("GET", path).Code:
				t.Errorf("GET %s?nonsense=1 answers %d", path, w.Code)
			}
			if w := who.send("GET", path+form+"?utm_source=reader&fbclid=2"); strings.Contains(w.Body.String(), "There is no filter") {
				t.Errorf("GET %s%s refuses what only tracks readers", path, form)
			}
		}
		for _, p := range takes {
			if w := who.send("GET", path+"?"+p.Name+"=1"); strings.Contains(w.Body.String(), "There is no filter") || w.Code >= 500 {
				t.Errorf("GET %s?%s=1 answers %d", path, p.Name, w.Code)
			}
			w := who.send("GET", path+"?"+p.Name+"=1&"+p.Name+"=2")
			if refused := strings.Contains(html.UnescapeString(w.Body.String()), "“"+p.Name+"” can have only one value"); refused == p.Many || refused && w.Code != 422 {
				t.Errorf("GET %s with two values of %s answers %d", path, p.Name, w.Code)
			}
		}
	}
}

var (
	paramsRead     = regexp.MustCompile(`(?:serve\.Asked|serve\.AskedDay|serve\.AskedNumber|serve\.AskedYes|numberAsked|sumAsked|s\.AskedYes)\(c, (?:&\w+, )?"([a-z_-]+)"(?:, "([a-z_-]+)")?`)
	paramsDeclared = regexp.MustCompile(`serve\.(?:One|Many|Day)\(([^)]*)\)`)
	quotedNames    = regexp.MustCompile(`"([a-z_-]+)"`)
)

// A parameter that is read is declared in the same package, so that no filter is
// refused that its page knows.
func TestEveryParameterReadIsDeclared(t *testing.T) {
	files, err := filepath.Glob("*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	more, _ := filepath.Glob("*.go")
	read, declared := map[string][]string{}, map[string][]string{}
	for _, file := range append(files, more...) {
		room := filepath.Dir(file)
		if strings.HasSuffix(file, "_test.go") || room == "serve" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range paramsRead.FindAllStringSubmatch(string(text), -1) {
			read[room] = append(read[room], m[1])
			if strings.Contains(m[0], "AskedDay") {
				read[room] = append(read[room], m[2])
			}
		}
		for _, m := range paramsDeclared.FindAllStringSubmatch(string(text), -1) {
			for _, name := range quotedNames.FindAllStringSubmatch(m[1], -1) {
				declared[room] = append(declared[room], name[1])
			}
		}
		if strings.Contains(string(text), "serve.AsAt()") {
			declared[room] = append(declared[room], "as_at", "day")
		}
		if strings.Contains(string(text), "serve.Sorted()") {
			declared[room] = append(declared[room], "sort", "page")
		}
	}
	n := 0
	for room, names := range read {
		for _, name := range names {
			n++
			if !slices.Contains(declared[room], name) {
				t.Errorf("web/%s reads %q and declares it nowhere", room, name)
			}
		}
	}
	if n < 60 {
		t.Errorf("only %d places read a parameter", n)
	}
}

// A day that an address gives twice, in two ways, is not one that the portal
// chooses between.
func TestADayIsGivenOnce(t *testing.T) {
	t.Parallel()
	s, st, _ := open(t)
	history(t, st)
	reader, n := stranger(t, s), 0
	for _, r := range s.Routes() {
		if takes := s.Takes(r.Path); r.Method != http.MethodGet || s.Needs()["GET "+r.Path] != office.Public || len(takes) == 0 {
			continue
		}
		for _, day := range [][2]string{{"as_at", "day"}, {"known_on", "known"}, {"from", "from-day"}, {"to", "to-day"}, {"to", "day"}} {
			name, field := day[0], day[1]
			if !slices.ContainsFunc(s.Takes(r.Path), func(p serve.Param) bool { return p.Name == name }) || !slices.ContainsFunc(s.Takes(r.Path), func(p serve.Param) bool { return p.Name == field }) {
				continue
			}
			n++
			path := filled(r.Path) + "?" + name + "=2012-12-01&" + field
			for _, twice := range []string{"=3", "=3&" + field + "-month=12&" + field + "-year=2012", "=&" + field + "-month=11", "=1&" + field + "-month=12&" + field + "-year=x"} {
				w := reader.send("GET", path+twice)
				if want := "This address gives the date twice, as “" + name + "” and as “" + field + "”. Choose one."; w.Code != 422 || !strings.Contains(html.UnescapeString(w.Body.String()), want) {
					t.Errorf("GET %s%s answers %d", path, twice, w.Code)
				}
			}
			once := reader.send("GET", filled(r.Path)+"?"+name+"=2012-12-01").Code
			for _, same := range []string{"=1&" + field + "-month=12&" + field + "-year=2012", "=&" + field + "-month=&" + field + "-year="} {
				if w := reader.send("GET", path+same); w.Code != once {
					t.Errorf("GET %s%s answers %d, and with the one day %d", path, same, w.Code, once)
				}
			}
		}
	}
	if n < 10 {
		t.Errorf("only %d addresses take a day", n)
	}
}

func TestAnAddressIsFolded(t *testing.T) {
	t.Parallel()
	takes := slices.Concat(serve.One("supplier", "region", "q"), serve.Many("body", "year"), serve.AsAt())
	var years, many strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&years, "&year=%d", 1990+i%89)
		if i <= 100 {
			fmt.Fprintf(&many, "&body=%d", i)
		}
	}
	for _, tc := range []struct{ raw, want, refused string }{
		{raw: ""},
		{raw: "q=a+b&year=2011&year=2012&q=", want: "q=a+b&year=2011&year=2012"},
		{raw: "year=2011&q=x&year=2011&year=2010", want: "year=2011&q=x&year=2010"},
		{raw: "q=&q=x", want: "q=x"},
		{raw: "q=x&q=x", want: "q=x"},
		{raw: "&&q=x&", want: "q=x"},
		{raw: "q=%61&body=&body=kent", want: "q=%61&body=&body=kent"},
		{raw: "utm_source=x&q=a&UTM_Medium=y&mc_cid=z", want: "q=a"},
		{raw: "region=Wales&region=London", refused: "“region” can have only one value. Choose “Wales” or “London”."},
		{raw: "suplier=x", refused: "There is no filter “suplier”. Did you mean “supplier”?"},
		{raw: "Body=x", refused: "There is no filter “Body”. Did you mean “body”?"},
		{raw: "asat=2012-01-01", refused: "There is no filter “asat”. Did you mean “as_at”?"},
		{raw: "status=open", refused: "There is no filter “status”. Choose from supplier, region, q, body, year, as_at, day."},
		{raw: "q=%zz", refused: "The web address contains “q=%zz”, which cannot be read. Check the address."},
		{raw: "q=1;body=2", refused: "The web address contains “q=1;body=2”, which cannot be read. Check the address."},
		{raw: "q=" + strings.Repeat("x", 8001), refused: "Shorten “q” to 8,000 characters or fewer."},
		{raw: strings.Repeat("q=x&", 5000), refused: "The web address is too long. Choose fewer filters."},
		{raw: many.String(), refused: "Choose 100 filters or fewer. This address has 101."},
	} {
		got, err := takes.Tidy(tc.raw, false)
		if said := fmt.Sprint(err); got != tc.want || (err == nil) != (tc.refused == "") || err != nil && said != tc.refused {
			t.Errorf("%.60q becomes %q, %v", tc.raw, got, err)
		}
	}
	if got, err := takes.Tidy(years.String(), false); err != nil || strings.Count(got, "year=") != 89 {
		t.Errorf("89 years, many times, become %.100q, %v", got, err)
	}
	if got, err := serve.Params(nil).Tidy("x=1&y=%zz", true); got != "" || err == nil {
		t.Errorf("what cannot be read is left out: %q", got)
	}
	if got, err := serve.Params(nil).Tidy("x=1", true); got != "" || err != nil {
		t.Errorf("a page that takes none is given %q, %v", got, err)
	}
}

// Whatever is written in an address, it has one place in what is kept.
func TestJunkInAnAddressDoesNotPassByTheCache(t *testing.T) {
	t.Parallel()
	s, st, _ := open(t)
	history(t, st)
	for _, same := range [][]string{
		{"/cookies", "/cookies?", "/cookies?&&", "/cookies?utm_source=a"},
		{"/record?body=kent", "/record?body=kent&utm_source=a", "/record?office=&body=kent", "/record?b%6fdy=kent", "/record?&body=kent&body=kent"},
		{"/record.json?body=kent&before=3", "/record.json?before=3&body=kent&fbclid=1"},
	} {
		fetch(s, "GET", same[0])
		for _, path := range same {
			gone, cancel := context.WithCancel(t.Context())
			cancel() // so that nothing can be read anew
			w := httptest.NewRecorder()
			s.ServeHTTP(w, httptest.NewRequestWithContext(gone, http.MethodGet, path, nil))
			if w.Code != 200 {
				t.Errorf("%s is made anew: %d", path, w.Code)
			}
		}
	}
	for i := range 50 {
		if w := fetch(s, "GET", fmt.Sprintf("%s?x%d=1", []string{"/record", "/cookies"}[i%2], i)); w.Code != 422 || w.Header().Get("Cache-Control") != "no-store" {
			t.Fatalf("an unknown parameter: %d %s", w.Code, w.Header().Get("Cache-Control"))
		}
	}
}

// What is asked for on the way in is as bounded in a subject to follow and in a
// form as in an address.
func TestAFormIsHeldToANumberOfValues(t *testing.T) {
	t.Parallel()
	s, st, _ := open(t)
	member := as(t, s, storetest.Holder(t, st, office.Scrutineer, office.TheAssociation))
	form := url.Values{"subject": {"/spend?body=kent"}}
	for i := range 1001 {
		form.Add("ref", fmt.Sprint(i))
	}
	w := sent(member, newPost(member, "/follow", form))
	if w.Code != 422 || !strings.Contains(w.Body.String(), "Choose 1000 or fewer. You chose 1,001.") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for _, subject := range []string{"/spend?suplier=x", "/decisions?state=open&state=made", "/questions?nonsense=1"} {
		member.do(422, "POST", "/follow", "subject", subject)
	}
}

// Every field of a form that asks a list is a parameter that the list takes.
func TestEveryFilterFormAsksWhatItsListTakes(t *testing.T) {
	t.Parallel()
	s, st := spent(t)
	history(t, st)
	readers := []at{stranger(t, s), as(t, s, storetest.Holder(t, st, office.Administrator, office.TheCompany)), as(t, s, storetest.Holder(t, st, office.CompanySecretary, office.TheCompany)),
		as(t, s, storetest.Holder(t, st, office.CompanyOfficer, office.TheCompany)), as(t, s, storetest.Holder(t, st, office.Chair, office.TheAssociation))}
	fields := 0
	for _, r := range s.Routes() {
		if r.Method != http.MethodGet || !s.Shows(r.Path) {
			continue
		}
		path := filled(r.Path)
		for _, reader := range readers {
			w := reader.send("GET", path)
			if w.Code != 200 {
				continue
			}
			root, err := nethtml.Parse(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			var walk func(n *nethtml.Node, takes serve.Params, in bool)
			walk = func(n *nethtml.Node, takes serve.Params, in bool) {
				if n.Type == nethtml.ElementNode && n.Data == "form" {
					method, _ := attr(n, "method")
					action, given := attr(n, "action")
					u, err := url.Parse(action)
					if in = method != "post" && err == nil; in && given && u.Path != path {
						takes = s.Takes(u.Path)
					}
				}
				if name, ok := attr(n, "name"); ok && in {
					fields++
					if !slices.ContainsFunc(takes, func(p serve.Param) bool { return p.Name == name }) {
						t.Errorf("the form on %s asks for %q, which its list does not take", path, name)
					}
				}
				for c := n.FirstChild; c != nil; c = c.NextSibling {
					walk(c, takes, in)
				}
			}
			walk(root, s.Takes(r.Path), false)
		}
	}
	if fields < 100 {
		t.Errorf("only %d fields ask", fields)
	}
}

// TestNoAddressContradictsItself gives each address that takes a day two days,
// in both of its names, and each page a parameter that it does not take.
func TestNoAddressContradictsItself(t *testing.T) {
	t.Parallel()
	c := storied(t)
	two := 0
	for _, r := range c.Routes() {
		if r.Method != http.MethodGet || c.Needs()["GET "+r.Path] != office.Public {
			continue
		}
		path := placed(filled(r.Path))
		plain := c.stranger.send("GET", path)
		if plain.Code != 200 {
			continue
		}
		takes := c.Takes(r.Path)
		has := func(name string) bool {
			return slices.ContainsFunc(takes, func(o serve.Param) bool { return o.Name == name })
		}
		for _, names := range [][2]string{{"as_at", "day"}, {"known_on", "known"}, {"from", "from-day"}, {"to", "to-day"}, {"to", "day"}} {
			name, field := names[0], names[1]
			if !has(name) || !has(field+"-month") {
				continue
			}
			two++
			for _, form := range []string{"", ".json", ".csv"} {
				w := c.stranger.send("GET", path+form+"?"+name+"=2013-01-02&"+field+"=3&"+field+"-month=1&"+field+"-year=2013")
				if w.Code != 422 && w.Code != 404 || w.Code == 422 && !strings.Contains(w.Body.String(), "This address gives the date twice, as “"+name+"” and as “"+field+"”. Choose one.") {
					t.Errorf("%s%s with two days answers %d", path, form, w.Code)
				}
				if w := c.stranger.send("GET", path+form+"?"+name+"=2013-01-02&"+field+"=2&"+field+"-month=1&"+field+"-year=2013"); w.Code != 200 && w.Code != 404 {
					t.Errorf("%s%s with the same day twice answers %d", path, form, w.Code)
				}
			}
		}
		if !c.Shows(r.Path) {
			continue
		}
		if w := c.stranger.send("GET", path+"?nonsense=1"); w.Code != 422 || !strings.Contains(w.Body.String(), "There is no filter “nonsense”") {
			t.Errorf("%s with a parameter that it does not take answers %d", path, w.Code)
		}
		if w := c.stranger.send("GET", path+"?utm_source=a"); w.Code != 200 {
			t.Errorf("%s with what tracks readers answers %d", path, w.Code)
		}
	}
	if two < 10 {
		t.Errorf("only %d days were given twice", two)
	}
}
