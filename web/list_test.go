package web

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/scrutiny"
	decisionsweb "github.com/police-ict/handover/web/decisions"
)

var (
	sortLinks  = regexp.MustCompile(`<th role="columnheader" scope="col" class="[^"]*"( aria-sort="[a-z]+")?><a href="([^"]+)">`)
	chipLinks  = regexp.MustCompile(`(?s)<ul class="chosen" aria-label="Filters in use">(.*?)</ul>`)
	stylesheet = regexp.MustCompile(`/static/portal[^"]*css`)
	hrefs      = regexp.MustCompile(`href="([^"]+)"`)
)

func refsListed(t *testing.T, who at, query string) (refs []string) {
	t.Helper()
	for _, d := range decoded[decisionsweb.ListJSON](t, who.do(200, "GET", "/decisions.json?"+query).Body.String()).Decisions {
		refs = append(refs, d.Ref)
	}
	return refs
}

func TestAListIsSortedByItsHeadings(t *testing.T) {
	t.Parallel()
	c := sitting(t)
	c.put("contract", hosting(6_125_800), "")
	c.clock.Day("2013-01-15")
	small := hosting(30_000)
	small.Title, small.Contract, small.Company, small.Supplier = "Buy a licence of Fernhall", "C-9", "99000102", "Fernhall Widgets Ltd (sample)"
	c.put("contract", small, "")
	page := c.stranger.do(200, "GET", "/decisions?state=put+forward").Body.String()
	links := sortLinks.FindAllStringSubmatch(page, -1)
	if len(links) != len(decisions.Sorts()) || strings.Count(page, "aria-sort") != 1 || links[0][1] != ` aria-sort="descending"` {
		t.Fatalf("headings: %v", links)
	}
	for i, l := range links {
		to := html.UnescapeString(l[2])
		u, err := url.Parse(to)
		if err != nil || u.Query().Get("state") != "put forward" {
			t.Errorf("%s loses the filter, %v", to, err)
		}
		sorted := c.stranger.do(200, "GET", to).Body.String()
		again := sortLinks.FindAllStringSubmatch(sorted, -1)
		if strings.Count(sorted, "aria-sort") != 1 || again[i][1] == "" {
			t.Errorf("%s is not sorted by its column: %v", to, again)
		}
		turned := c.stranger.do(200, "GET", html.UnescapeString(again[i][2])).Body.String()
		if now := sortLinks.FindAllStringSubmatch(turned, -1); now[i][1] == again[i][1] {
			t.Errorf("%s does not turn the order", again[i][2])
		}
	}
	for query, want := range map[string][]string{
		"": {"2013-002", "2013-001"}, "sort=date": {"2013-001", "2013-002"}, "sort=value": {"2013-002", "2013-001"}, "sort=-value": {"2013-001", "2013-002"}, "sort=ref": {"2013-001", "2013-002"},
		"from=2013-01-15": {"2013-002"}, "first=15&first-month=1&first-year=2013": {"2013-002"}, "to=2013-01-14": {"2013-001"}, "maker=members": {"2013-001"}, "maker=office": {"2013-002"}, "maker=board": {},
	} {
		if got := refsListed(t, c.stranger, query); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
		rows := csvOf(t, c.stranger.do(200, "GET", "/decisions.csv?"+query).Body.String())
		ref := slices.Index(rows[0], "ref")
		for i, want := range want {
			if rows[i+1][ref] != want {
				t.Errorf("%s: row %d of the CSV is %s, want %s", query, i+1, rows[i+1][ref], want)
			}
		}
	}
	for query, fault := range map[string]string{
		"sort=valeu": "cannot be sorted by “valeu”. Did you mean “value”?", "sort=pence;drop": "contains “sort=pence;drop”", "sort=d.id": "cannot be sorted by “d.id”. Choose from date, ref, value, status.",
		"sort=--date": "cannot be sorted by", "page=2": "The list has 1 page. There is no page 2.", "page=0": "Enter a page number", "maker=king": "no such decision maker",
		"from=2013-02-30": "2013-02-30", "from=2013-01-15&to=2013-01-14": "Enter a last date that is not before the first.",
	} {
		for _, form := range []string{"", ".json", ".csv"} {
			if form == ".csv" && query == "page=2" {
				continue // all of them are in the file
			}
			if body := html.UnescapeString(c.stranger.do(422, "GET", "/decisions"+form+"?"+query).Body.String()); !strings.Contains(body, fault) {
				t.Errorf("%s of %s does not say %q", query, form, fault)
			}
		}
	}
}

func TestFiltersInUseAreRemovedOneByOne(t *testing.T) {
	t.Parallel()
	c := sitting(t)
	c.put("contract", hosting(6_125_800), "")
	asked, _ := url.ParseQuery("state=put+forward&kind=contract&body=company&office=company+officer&min=30000&max=7000000&may=no&q=hosting&maker=members&from=2013-01-01&to=2013-01-31&sort=-value")
	page := c.stranger.do(200, "GET", "/decisions?"+asked.Encode()).Body.String()
	says(t, c.stranger.do(200, "GET", "/decisions?"+asked.Encode()), "1 decision", "2013\u2011001", "Clear all")
	removed := map[string]bool{}
	for _, l := range hrefs.FindAllStringSubmatch(chipLinks.FindStringSubmatch(page)[1], -1) {
		u, err := url.Parse(html.UnescapeString(l[1]))
		if err != nil {
			t.Fatal(err)
		}
		left := u.Query()
		for name := range asked {
			if !left.Has(name) && u.RawQuery != "" {
				removed[name] = true
			}
		}
		if u.RawQuery != "" && len(left) != len(asked)-1 {
			t.Errorf("%s removes more than one filter", l[1])
		}
		c.stranger.do(200, "GET", u.String())
	}
	for name := range asked {
		if !removed[name] && name != "sort" {
			t.Errorf("no link removes %s", name)
		}
	}
}

// Each printed sheet says what it is of and which page it is.
func TestEachPrintedSheetSaysWhatItIs(t *testing.T) {
	t.Parallel()
	c := sitting(t)
	c.put("contract", hosting(6_125_800), "")
	for path, want := range map[string]string{
		"/decisions":              `data-sheet="Decisions – Police ICT Company, 14 January 2013"`,
		"/decisions?kind=no":      `data-sheet="Decisions`,
		"/decisions/2013-001":     `Decision 2013-001 – Police ICT Company, 14 January 2013"`,
		"/ownership/print":        `Police ICT Company, 14 January 2013"`,
		"/questions?body=company": "Police ICT Company, 14 January 2013\"",
	} {
		page := html.UnescapeString(c.stranger.send("GET", path).Body.String())
		head, _, _ := strings.Cut(page, "<head>")
		if !strings.Contains(head, "<html") || !strings.Contains(strings.ReplaceAll(page[:strings.Index(page, "<head>")], "\u2011", "-"), want) {
			t.Errorf("%s begins %q, which lacks %q", path, head, want)
		}
	}
	at := stylesheet.FindString(c.stranger.do(200, "GET", "/").Body.String())
	css := c.stranger.do(200, "GET", at).Body.String()
	for _, rule := range []string{"content: attr(data-sheet)", "counter(page)", "counter(pages)", "break-after: avoid"} {
		if !strings.Contains(css, rule) {
			t.Errorf("the style of printed pages lacks %s", rule)
		}
	}
}

// TestTheListsOfScrutinyAreSorted sorts the lists of questions and of
// recommendations by each of their headings, and reads them page by page.
func TestTheListsOfScrutinyAreSorted(t *testing.T) {
	t.Parallel()
	tr := sit(t)
	for n := range 27 {
		goes(t, tr.clerk.do(303, "POST", "/recommendations/new", surely(replaced(recommended, "title", fmt.Sprintf("Matter %d", n+1))...)...), fmt.Sprintf("/recommendations/2013-%03d", n+1))
		tr.clerk.do(303, "POST", "/questions/new", sure(asksWhy("title", fmt.Sprintf("Question %d", n+1)))...)
	}
	for list, sorts := range map[string][]string{"/questions": scrutiny.QuestionSorts(), "/recommendations": scrutiny.RecommendationSorts()} {
		page := tr.stranger.do(200, "GET", list)
		says(t, page, "Page 1 of 2", "2013\u2011027")
		if links := sortLinks.FindAllStringSubmatch(page.Body.String(), -1); len(links) != len(sorts) {
			t.Errorf("%s has %d headings that sort: %v", list, len(links), links)
		}
		second := tr.stranger.do(200, "GET", list+"?page=2")
		says(t, second, "2013\u2011002", "2013\u2011001")
		for _, key := range sorts {
			says(t, tr.stranger.do(200, "GET", list+"?sort="+key), `aria-sort="ascending"`)
			says(t, tr.stranger.do(200, "GET", list+"?q=2013&sort=-"+key), `aria-sort="descending"`)
		}
		says(t, tr.stranger.do(200, "GET", list+"?sort=date"), "2013\u2011001")
		says(t, tr.stranger.do(422, "GET", list+"?page=3"), "The list has 2 pages. There is no page 3.")
		says(t, tr.stranger.do(422, "GET", list+"?sort=dat"), "Did you mean “date”?")
		says(t, tr.stranger.do(200, "GET", list+"?before=2013-003"), "2013\u2011002", "First page")
		if next := regexp.MustCompile(`"next": "([^"]+)"`).FindStringSubmatch(tr.stranger.do(200, "GET", list+".json").Body.String()); next == nil || next[1] != list+".json?page=2" {
			t.Errorf("%s.json goes on at %v", list, next)
		}
	}
}

// TestCommitteesAndInquiriesAreSorted sorts both lists by each of their headings,
// filters them, and reads more inquiries than a page has.
func TestCommitteesAndInquiriesAreSorted(t *testing.T) {
	t.Parallel()
	h := heard(t)
	for n := range 26 {
		h.clerk.do(303, "POST", "/inquiries/new", callForm("slug", fmt.Sprintf("inquiry-%d", n+1), "title", fmt.Sprintf("Matter %d (sample)", n+1))...)
	}
	h.clerk.do(303, "POST", "/inquiries/inquiry-3/abandon", sure([]string{"why", "No time."})...)
	h.stranger.sorts("/inquiries?q=matter", "opened", "committee", "status")
	h.stranger.sorts("/committees?status=in+its+mandate", "mandate", "name", "status", "open")
	says(t, h.stranger.do(200, "GET", "/inquiries"), "26 inquiries", "Page 1 of 2", "Matter 26 (sample)", "evidence closes on ")
	says(t, h.stranger.do(200, "GET", "/inquiries?page=2"), "Matter 1 (sample)", "Page 2 of 2")
	says(t, h.stranger.do(200, "GET", "/inquiries?before=26"), "Matter 25 (sample)", "First page")
	says(t, h.stranger.do(200, "GET", "/inquiries.json"), `"next": "/inquiries.json?page=2"`)
	if got := rowsHeaded(h.stranger.do(200, "GET", "/inquiries?sort=status").Body.String()); got[0] != "Matter 3 (sample)" {
		t.Errorf("by status, the abandoned inquiry is not first: %v", got)
	}
	if got := rowsHeaded(h.stranger.do(200, "GET", "/inquiries?sort=opened").Body.String()); got[0] != "Matter 1 (sample)" || len(got) != 25 {
		t.Errorf("the oldest inquiry is not first: %v", got)
	}
	if rows := csvOf(t, h.stranger.do(200, "GET", "/inquiries.csv?sort=opened&before=20").Body.String()); len(rows) != 20 || rows[1][2] != "Matter 19 (sample)" {
		t.Errorf("%d rows of the CSV, the first is %v", len(rows), rows[1])
	}
	says(t, h.stranger.do(200, "GET", "/committees?q=other+scrutiny"), "1 committee", `aria-label="Filters in use"`)
	for query, want := range map[string]string{"": "other, scrutiny", "sort=name": "other, scrutiny", "sort=-name": "scrutiny, other", "q=nothing": ""} {
		var slugs []string
		for _, r := range csvOf(t, h.stranger.do(200, "GET", "/committees.csv?"+query).Body.String())[1:] {
			slugs = append(slugs, r[1])
		}
		if got := strings.Join(slugs, ", "); got != want && query != "" {
			t.Errorf("%s lists %s, want %s", query, got, want)
		}
	}
	says(t, h.stranger.do(200, "GET", "/committees?q=nothing"), "No committees match this filter.")
	says(t, h.stranger.do(422, "GET", "/committees?status=x"), "Choose a status from the list.")
}
