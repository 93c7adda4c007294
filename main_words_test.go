package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/storetest"
)

// An unsaid is a phrase that no page says, and what is said in its place.
type unsaid struct{ not, but string }

// unsaids are expressions over the text of an element, with single spaces. What
// people wrote in the record is left alone: it stands in prose.
var unsaids = []unsaid{
	{`(?i)\bslip of the\b`, "Delay to the handover"},
	{`(?i)\bstands? against\b`, "holding up; not met"},
	{`(?i)held: not to be implemented`, "On hold"},
	{`(?i)come free first`, "Soonest release date first"},
	{`(?i)\blately\b`, "recent"},
	{`(?i)\bwaits? for (you|the|an?)\b`, "You have 1 task; … is due from …"},
	{`\bWhy you:`, "Why you have been asked:"},
	{`\bNo day set\b`, "No deadline"},
	{`(?i)the day aimed at`, "Target date"},
	{`(?i)\bwould meet it\b`, "What is needed"},
	{`(?i)as the portal knew it`, "As recorded by (optional)"},
	{`(?i)take it with you`, "Download"},
	{`(?i)\bper cents?\b`, "50%; percentages"},
	{`(?i)\bis held to it\b`, "This value decides who may approve it"},
	{`(?i)as known at (event|entry)`, "As at …"},
	{`^(Holds|Fails)$`, "Passed; Not passed"},
	{`(?i)not offices\b`, "You have not already acted for another body"},
	{`(?i)^recorded: `, "Your … has been recorded"},
	{`(?i)\bread your receipt\b`, "View your receipt"},
	{`(?i)\bleaf \d`, "This entry is included in the signed record"},
	{`(?i)\bowes?\b|\bowed\b`, "outstanding; has replied"},
	{`(?i)the asker\b`, "the questioner"},
	{`(?i)has not said yet`, "has not yet confirmed"},
	{`^(Put to|Asked by an office of|Every (state|kind|body|office|region))$`, "Addressed to; Asked by; Any status"},
	{`(?i)\b(files|file|take it|taken) (taken )?in\b(?: on|$|\.|;| by)`, "Source files; loaded on"},
	{`(?i)\bit stands\b`, "Included in all totals"},
	{`^Give (?:(?:why|what|who|yes|at)\b|(?:an?|the) (?:new |first |last )?(?:title|reasons?|name|date|day|text|words|reference|amount|address|forecast|baseline|minute|evidence|\w+ implications)\b)`, "Enter …; Choose …"},
	{`\b\d[\d,]* lines?\b(?: of spend|, £| and| not|\.|$)`, "payments"},
	{`(?i)^(sum of )?lines$`, "Payments"},
	{`(?i)columns apart by commas`, "comma-separated"},
	{`(?i)\ba head\b`, "per person"},
	{`(?i)which months are published`, "Publication record"},
	{`(?i)\breasons? to ask\b`, "Points to check"},
	{`(?i)how a payment is classed`, "How payments are classified"},
	{`(?i)total that it states itself`, "the rows do not add up to the stated total"},
	{`(?i)\bcame after; it owns\b|owns nothing of it`, "Replaced; is not an owner"},
	{`(?i)^(free|past its day|whose it is|sits)$`, "Not required; Overdue; Responsible; Member"},
	{`(?i)^take off$|\bput to right\b|\bput right\b`, "Remove; correct"},
	{`(?i)^leave without recording$`, "Cancel"},
	{`(?i)you hold no office`, "Your role starts on …"},
	{`(?i)not with this office|go to the first page`, "You do not have permission to do this; Go to the home page"},
	{`(?i)\btold of by\b`, "recorded in entry …"},
	{`(?i)\bevents? \d|\d events?\b`, "entry"},
	{`(?i)\b(may|can) walk away\b|\bwalk away\b`, "either side may withdraw"},
	{`(?i)\bnever typed\b|\bproves itself\b|\bnothing is lost\b`, "no boasts"},
	{`\b(0?\d|1\d|2[0-4]):\d\d\b(?:$|[^\dap:])`, "5pm, 5:30pm"},
	{`(?i)\b\d\d?:00 ?[ap]m|(?:^|[^:\d])12(:00)? ?am\b|\b00:00\b`, "5pm; midnight at the end of …"},
	{`(?i)\d (%|percent)`, "50%"},
	{`[\pL\d)] [,;.](?: |$)`, "no space before a comma"},
	{`(?:^|[^/\d])(19|20)\d\d-\d{3}\b`, "a reference with a hyphen that does not break"},
}

// prose is what people typed: the sample papers, and what is code.
func prose(n *html.Node) bool {
	if n.Type != html.ElementNode {
		return false
	}
	for _, a := range n.Attr {
		if a.Key == "class" {
			for _, c := range strings.Fields(a.Val) {
				if c == "prose" || c == "said" || c == "hash" {
					return true
				}
			}
		}
	}
	return slices.Contains([]string{"code", "pre", "script", "style", "textarea", "svg"}, n.Data)
}

var blocks = strings.Fields("p li td th h1 h2 h3 h4 dt dd button label legend caption summary option figcaption title div a")

// said are the texts of the smallest blocks of a page.
func said(root *html.Node) (all []string) {
	var walk func(n *html.Node, b *strings.Builder)
	walk = func(n *html.Node, b *strings.Builder) {
		if prose(n) {
			b.WriteString(" … ")
			return
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
			return
		}
		if n.Type == html.ElementNode && slices.Contains(blocks, n.Data) && n.Data != "a" {
			var own strings.Builder
			for c := range n.ChildNodes() {
				walk(c, &own)
			}
			if t := strings.Join(strings.Fields(own.String()), " "); t != "" {
				all = append(all, t)
			}
			return
		}
		for c := range n.ChildNodes() {
			walk(c, b)
		}
	}
	var rest strings.Builder
	walk(root, &rest)
	return all
}

var runsOfDigits = regexp.MustCompile(`\d+`)

// kindOfPage is the path of an address without its numbers and bodies.
func kindOfPage(u *url.URL) string {
	parts := strings.Split(runsOfDigits.ReplaceAllString(u.Path, "N"), "/")
	for i, part := range parts {
		if _, ok := office.BodyOf(part); ok {
			parts[i] = "BODY"
		}
		if i == 2 && parts[1] == "suppliers" {
			parts[i] = "SUPPLIER"
		}
	}
	return strings.Join(parts, "/")
}

// A wordReader reads the pages of the demonstration, as somebody.
type wordReader struct {
	t       *testing.T
	who     string
	visitor *visitor
	at      string
	found   *findings
}

type findings struct {
	sync.Mutex
	pages  int
	read   map[string]bool // the texts that were read already
	places map[string][]string
}

// isNew is whether nobody has read a text yet.
func (f *findings) isNew(text string) bool {
	f.Lock()
	defer f.Unlock()
	known := f.read[text]
	f.read[text] = true
	return !known
}

func (f *findings) add(what, place string) {
	f.Lock()
	defer f.Unlock()
	if !slices.Contains(f.places[what], place) {
		f.places[what] = append(f.places[what], place)
	}
}

var expressions = func() (all []*regexp.Regexp) {
	for _, u := range unsaids {
		all = append(all, regexp.MustCompile(u.not))
	}
	return all
}()

// reads goes through every kind of page that links lead to, from the home page.
func (r wordReader) reads(few int) {
	kinds, queue, seen := map[string]int{}, []string{"/"}, map[string]bool{"/": true}
	for len(queue) > 0 {
		href := queue[0]
		queue = queue[1:]
		res, err := r.visitor.Get(r.at + href)
		if err != nil {
			r.t.Error(err)
			return
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			r.t.Error(err)
			return
		}
		if res.StatusCode != http.StatusOK && res.StatusCode != http.StatusAccepted {
			r.found.add(fmt.Sprintf("a link that answers %d", res.StatusCode), r.who+" "+href)
			continue
		}
		if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
			continue
		}
		root, err := html.Parse(strings.NewReader(string(body)))
		if err != nil {
			r.t.Error(err)
			return
		}
		r.found.Lock()
		r.found.pages++
		r.found.Unlock()
		r.checks(href, root)
		for _, link := range links(root) {
			u, err := url.Parse(link)
			if err != nil || u.Host != "" || !strings.HasPrefix(link, "/") || strings.HasPrefix(link, "/static") {
				continue
			}
			u.Fragment = ""
			link = u.String()
			if kind := kindOfPage(u); !seen[link] && kinds[kind] < few {
				seen[link] = true
				kinds[kind]++
				queue = append(queue, link)
			}
		}
	}
}

func links(root *html.Node) (all []string) {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "a" {
			for _, a := range n.Attr {
				if a.Key == "href" {
					all = append(all, a.Val)
				}
			}
		}
	}
	return all
}

func (r wordReader) checks(href string, root *html.Node) {
	for _, text := range said(root) {
		if !r.found.isNew(text) {
			continue
		}
		for i, e := range expressions {
			if m := e.FindString(text); m != "" {
				at := strings.Index(text, m)
				r.found.add(fmt.Sprintf("%q, not %q", unsaids[i].but, unsaids[i].not), fmt.Sprintf("%s %s: …%s…", r.who, href, text[max(0, at-40):min(len(text), at+len(m)+40)]))
			}
		}
	}
}

// Every kind of page, signed out and in each role of the demonstration, speaks
// plain English: it says none of the phrases that sounded translated, and every
// link on it answers.
func TestPagesSpeakPlainly(t *testing.T) {
	t.Parallel()
	demo, _ := demonstrate(t)
	f := &findings{read: map[string]bool{}, places: map[string][]string{}}
	few := 1
	if storetest.Thorough() {
		few = 3
	}
	_, page := newVisitor(t).get(demo.url + "/sign-in")
	accounts := regexp.MustCompile(`name="account" value="(\d+)"`).FindAllStringSubmatch(page, -1)
	if len(accounts) < 10 {
		t.Fatalf("%d accounts", len(accounts))
	}
	accounts = storetest.Share(accounts, 1, 6)
	wordReader{t, "signed out", newVisitor(t), demo.url, f}.reads(few)
	var all sync.WaitGroup
	places := make(chan struct{}, 2)
	for _, a := range accounts {
		all.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			v := newVisitor(t)
			if status, page := v.post(demo.url+"/demonstration/sign-in", "account", a[1]); status != http.StatusOK {
				t.Errorf("account %s: %d\n%s", a[1], status, page)
				return
			}
			wordReader{t, "account " + a[1], v, demo.url, f}.reads(few)
		})
	}
	all.Wait()
	if t.Logf("%d pages", f.pages); f.pages < 250 {
		t.Errorf("so few are not every page")
	}
	var whats []string
	for what := range f.places {
		whats = append(whats, what)
	}
	slices.SortFunc(whats, func(a, b string) int { return len(f.places[b]) - len(f.places[a]) })
	for _, what := range whats {
		at := f.places[what]
		t.Errorf("say %s: %d places\n\t%s", what, len(at), strings.Join(at[:min(len(at), 6)], "\n\t"))
	}
}
