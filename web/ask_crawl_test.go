package web

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/seen"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/storetest"
)

// unasked are the tables that show no figure, each with why nobody asks about it.
var unasked = map[string]string{
	"/help":              "explains the portal; the numbers in it are examples",
	"/demonstration":     "says what is invented",
	"/bank-holidays":     "lists the days by which working days are counted, each from its law or proclamation",
	"/cookies":           "lists what the site sets",
	"/sign-in":           "lists the accounts of the demonstration",
	"/questions":         "is scrutiny itself: a question is followed up, not asked about",
	"/authority/who":     "is worked out for a case that the reader makes up",
	"/ownership/compare": "sets two days beside each other, each asked about on its own page",
}

// askedPage is a page as its elements tell what may be asked about it.
type askedPage struct {
	figures []string // references marked on it
	asks    []string // references that its links ask about
	bare    []string // tables and charts without a reference
	values  map[string]string
	links   []string
	text    string
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// textOf is the text of an element, with single spaces.
func textOf(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

func hasClass(n *html.Node, class string) bool {
	v, _ := attr(n, "class")
	return slices.Contains(strings.Fields(v), class)
}

// read goes through an element that stands under a reference, or under none.
func (p *askedPage) read(n *html.Node, under string) {
	if n.Type == html.ElementNode {
		if ref, ok := attr(n, "data-figure"); ok {
			p.figures = append(p.figures, ref)
			under = ref
		}
		role, _ := attr(n, "role")
		if (n.Data == "table" || n.Data == "svg" && role == "img") && under == "" {
			p.bare = append(p.bare, cmp.Or(textOf(n), n.Data))
		}
		if hasClass(n, "value") && under != "" {
			p.values[under] = textOf(n)
		}
		if href, ok := attr(n, "href"); ok && n.Data == "a" {
			p.readLink(n, href)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		p.read(c, under)
	}
}

func (p *askedPage) readLink(n *html.Node, href string) {
	u, err := url.Parse(href)
	if err != nil {
		return
	}
	if u.Path == "/questions/new" {
		if ref := u.Query().Get("about"); ref != "" {
			p.asks = append(p.asks, ref)
		}
		return
	}
	p.links = append(p.links, href)
}

func askedOn(t testing.TB, body string) *askedPage {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	p := &askedPage{values: map[string]string{}, text: textOf(root)}
	p.read(root, "")
	return p
}

var digitRuns = regexp.MustCompile(`\d+`)

// shapeOf is an address with its numbers and choices left out, so that one kind
// of page is visited a few times and no more.
func shapeOf(href string) string {
	u, err := url.Parse(href)
	if err != nil {
		return href
	}
	parts := strings.Split(digitRuns.ReplaceAllString(u.Path, "N"), "/")
	for i, part := range parts {
		if _, ok := office.BodyOf(part); ok {
			parts[i] = "BODY"
		}
		if i == 2 && parts[1] == "suppliers" {
			parts[i] = "SUPPLIER"
		}
	}
	var names []string
	for name := range u.Query() {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(parts, "/") + "?" + strings.Join(names, "&")
}

// crawl visits every kind of public page that links lead to, a few of each. The
// kind of an address says which are of one kind.
func crawl(t testing.TB, reader at, kind func(href string) string, fn func(path string, p *askedPage)) int {
	t.Helper()
	seen, shapes, queue, visited, few := map[string]bool{}, map[string]int{}, []string{"/"}, 0, 1
	if storetest.Thorough() {
		few = 3
	}
	for _, path := range []string{"/", "/ownership", "/handover", "/handover/bodies", "/handover/bodies/kent", "/handover/schedule", "/handover/schedule/1", "/handover/milestones",
		"/handover/milestones/1", "/handover/balance", "/handover/statement", "/authority", "/authority/who", "/bodies", "/bodies/kent", "/ownership/print"} {
		queue = append(queue, path+"?as_at=2013-01-14", path+"?as_at=2013-09-02")
	}
	for len(queue) > 0 {
		href := queue[0]
		queue = queue[1:]
		w := reader.send("GET", href)
		if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			continue
		}
		visited++
		p := askedOn(t, w.Body.String())
		fn(href, p)
		for _, link := range p.links {
			link, _, _ = strings.Cut(link, "#")
			if !strings.HasPrefix(link, "/") || seen[link] || shapes[kind(link)] >= few {
				continue
			}
			seen[link] = true
			shapes[kind(link)]++
			queue = append(queue, link)
		}
	}
	return visited
}

func exempt(path string) bool {
	for prefix := range unasked {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}

// storied is a portal in which every subject has something to show.
func storied(t testing.TB) *gallery {
	t.Helper()
	c := sitting(t)
	c.decide(secret(hosting(1_592_400)))
	c.put("contract", hosting(90_000), "")
	takesIn(t, c.st, spend.LoadRequest{Body: "kent"}, spendFile("kent", 2011, 4, 260))
	takesIn(t, c.st, spend.LoadRequest{Body: "kent", File: "kent-2012.csv"}, spendFile("kent-2012", 2012, 4, 90))
	takesIn(t, c.st, spend.LoadRequest{Body: "essex"}, spendFile("essex", 2011, 4, 130))
	c.must(spend.WithholdLine(t.Context(), c.st, office.CommandLine, 20, "A sample reason"))
	c.handedOver(t)
	clerk := convened(t, c.st, "scrutiny")
	scrutinised(t, c.st, clerk, "scrutiny", secretText)
	c.clock.Day("2013-01-21")
	c.must(scrutiny.PublishReport(t.Context(), c.st, clerk, "scrutiny", 1))
	return c
}

// handedOver puts something under every subject of the handover and of authority.
func (c *gallery) handedOver(t testing.TB) {
	t.Helper()
	c.ready()
	for i, value := range []money.Pence{123_450, 0} {
		_, err := handover.AddItem(t.Context(), c.st, c.officerV, handover.Item{Kind: handover.AssetItem, Title: []string{"Servers", "Licences"}[i], Before: office.HomeOffice, After: office.TheCompany,
			Valued: value != 0, Value: value, Evidence: "List"})
		c.must(err)
	}
	for _, m := range []handover.Milestone{{Key: handover.HandoverMilestone, Title: "Handover", Source: "A test", Baseline: "2013-04-01"}, {Title: "An event of its own", Source: "A test", Baseline: "2013-03-01"}} {
		id, err := handover.AddMilestone(t.Context(), c.st, c.officerV, m)
		c.must(err)
		c.must(handover.ForecastMilestone(t.Context(), c.st, c.officerV, id, "2013-06-03", "", "A sample reason"))
	}
	for _, what := range []string{handover.TheBalance, handover.TheStatement} {
		by := c.financeV
		if what == handover.TheStatement {
			by = c.by
		}
		_, err := handover.Prepare(t.Context(), c.st, by, what)
		c.must(err)
	}
	clerk := storetest.Holder(t, c.st, office.Clerk, office.TheAssociation)
	_, err := decisions.Delegate(t.Context(), c.st, c.assocV, authority.Delegation{From: c.assocV.Office, To: clerk.Office, Function: authority.FunctionVote, Matter: "contract", Limited: true, Limit: 5_000_00, First: "2013-01-14"})
	c.must(err)
	_, err = decisions.DeclareInterest(t.Context(), c.st, c.assocV, authority.Interest{Person: c.assocV.Person, Company: "99000101", Name: "Alder Vale Hosting Ltd (sample)", Nature: "Adviser", First: "2013-01-01"})
	c.must(err)
}

// On every public page each figure, table and chart has a reference and a link
// that asks about it; the reference leads back, with the value as shown.
func TestEveryFigureCanBeAskedAbout(t *testing.T) {
	t.Parallel()
	c := storied(t)
	reader := stranger(t, c.Server)
	looked := map[string]seen.Figure{}
	look := func(path, ref string) seen.Figure {
		theSeen, had := looked[ref]
		if had {
			return theSeen
		}
		theSeen, err := seen.Look(t.Context(), c.st, office.Viewer{}, ref)
		switch {
		case err != nil:
			t.Errorf("%s: %q cannot be looked up: %v", path, ref, err)
		case theSeen.Ref != ref:
			t.Errorf("%s: %q is not canonical: it is %q", path, ref, theSeen.Ref)
		case theSeen.Label == "":
			t.Errorf("%s: %q has no label", path, ref)
		}
		looked[ref] = theSeen
		return theSeen
	}
	visited := crawl(t, reader, shapeOf, func(path string, p *askedPage) {
		for _, ref := range p.figures {
			if !slices.Contains(p.asks, ref) {
				t.Errorf("%s shows %q and has no link to ask about it", path, ref)
			}
		}
		if len(p.bare) > 0 && !exempt(path) {
			t.Errorf("%s has tables or charts without a reference: %.100q", path, p.bare)
		}
		for _, ref := range p.asks {
			look(path, ref)
		}
		for ref, value := range p.values {
			if seen := look(path, ref); ref != "spend" && seen.Value != value {
				t.Errorf("%s shows %q for %s, and it is looked up as %q", path, value, ref, seen.Value)
			}
		}
	})
	kinds := map[string]bool{}
	for ref, seen := range looked {
		kind, _, _ := strings.Cut(strings.ReplaceAll(ref, "?", "/"), "/")
		kinds[kind] = true
		if seen.Href == "" {
			continue
		}
		w := reader.send("GET", strings.Split(seen.Href, "#")[0])
		if w.Code != 200 {
			t.Errorf("%s is seen at %s, which answers %d", ref, seen.Href, w.Code)
			continue
		}
		if at := askedOn(t, w.Body.String()); !strings.Contains(strings.ToLower(at.text), strings.ToLower(seen.Value)) {
			t.Errorf("%s is %q, and %s does not say so", ref, seen.Value, seen.Href)
		}
	}
	if t.Logf("%d pages, %d references of %d kinds", visited, len(looked), len(kinds)); visited < 300 || len(kinds) < 40 {
		t.Errorf("so few are not every page: %v", kinds)
	}
}
