package web

import (
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/report"
)

// headed are the first cells of the rows of a page.
var headed = regexp.MustCompile(`(?s)<th role="rowheader" scope="row" class="first">(.*?)</th>`)

func rowsHeaded(page string) (all []string) {
	page, _, _ = strings.Cut(page, "<tfoot")
	for _, m := range headed.FindAllStringSubmatch(page, -1) {
		words, _, _ := strings.Cut(m[1], "<span")
		all = append(all, strings.TrimSpace(html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(words, ""))))
	}
	return all
}

// sorts follows each heading of a list that sorts: the list keeps its filter, says
// by which column it is sorted, and turns round when the heading is followed again.
func (b at) sorts(path string, keys ...string) {
	b.t.Helper()
	list, err := url.Parse(path)
	if err != nil {
		b.t.Fatal(err)
	}
	page := b.do(200, "GET", path).Body.String()
	links := sortLinks.FindAllStringSubmatch(page, -1)
	if len(links) != len(keys) || strings.Count(page, "aria-sort") != 1 {
		b.t.Errorf("%s has headings %v and %d of them in use, want %v", path, links, strings.Count(page, "aria-sort"), keys)
		return
	}
	for i, l := range links {
		for _, key := range []string{keys[i], "-" + keys[i]} {
			q := list.Query()
			q.Set("sort", key)
			sorted := b.do(200, "GET", list.Path+"?"+q.Encode()).Body.String()
			again := sortLinks.FindAllStringSubmatch(sorted, -1)
			if strings.Count(sorted, "aria-sort") != 1 || strings.Contains(again[i][1], "descending") != strings.HasPrefix(key, "-") {
				b.t.Errorf("%s sorted by %s says %v", path, key, again[i])
			}
			if again[i][1] != l[1] && !strings.Contains(sorted, `name="sort" value="`+key+`"`) {
				b.t.Errorf("the filter of %s forgets the order %s", path, key)
			}
			turned := b.do(200, "GET", html.UnescapeString(again[i][2])).Body.String()
			if now := sortLinks.FindAllStringSubmatch(turned, -1); now[i][1] == again[i][1] {
				b.t.Errorf("%s does not turn the order", again[i][2])
			}
		}
		to, err := url.Parse(html.UnescapeString(l[2]))
		if err != nil {
			b.t.Error(err)
			continue
		}
		for name, want := range list.Query() {
			if got := to.Query()[name]; !slices.Equal(got, want) {
				b.t.Errorf("%s loses %s=%s of the filter", l[2], name, want)
			}
		}
	}
	says(b.t, b.do(422, "GET", list.Path+"?"+list.RawQuery+"&sort=pounds"), "This list cannot be sorted by “pounds”.")
	says(b.t, b.do(422, "GET", list.Path+"?"+list.RawQuery+"&page=99"), "There is no page 99.")
}

// TestTheListsOfSpendAreSorted sorts the suppliers, source files, rules and bodies
// by each of their headings.
func TestTheListsOfSpendAreSorted(t *testing.T) {
	t.Parallel()
	tr := trade(t)
	suppliers := []string{"supplier", "payments", "bodies", "sum"}
	tr.stranger.sorts("/suppliers?it=all", suppliers...)
	tr.stranger.sorts("/suppliers?it=all&body=essex", suppliers...)
	tr.stranger.sorts("/spend?it=all&view=supplier", suppliers...)
	tr.stranger.sorts("/spend/loads?status=standing", "file", "status", "loaded")
	tr.stranger.sorts("/spend/rules?it=no", "date", "rule", "type", "by", "payments", "sum")
	tr.stranger.sorts("/spend?it=all", "body", "year", "sum", "payments", "months")
	tr.stranger.sorts("/spend?it=all&of=head", "body", "person", "residents", "year", "sum", "payments", "months")
	says(t, tr.stranger.do(200, "GET", "/spend/categories"), `aria-sort="descending"><a href="/spend/categories?sort=sum">`)
	says(t, tr.stranger.do(200, "GET", "/spend/categories?sort=-category"), `aria-sort="descending"><a href="/spend/categories?sort=category">`)
	for path, want := range map[string]string{
		"/suppliers?it=all":                               "Alder Vale Hosting Ltd (sample), Redacted by the publisher, Alder Vale Hosting (sample)",
		"/suppliers?it=all&sort=supplier":                 "Alder Vale Hosting (sample), Alder Vale Hosting Ltd (sample), Brightmere Fuel Ltd (sample)",
		"/suppliers?it=all&sort=sum":                      "Brightmere Fuel Ltd (sample), Not stated",
		"/suppliers?it=all&sort=-bodies":                  "Alder Vale Hosting Ltd (sample)",
		"/spend?it=all&view=supplier&sort=supplier":       "Alder Vale Hosting (sample), Alder Vale Hosting Ltd (sample), Brightmere Fuel Ltd (sample)",
		"/spend?it=all&sort=body":                         "Essex, Kent",
		"/spend?it=all&sort=-body":                        "Kent, Essex",
		"/spend?it=all&sort=-sum":                         "Kent, Essex",
		"/spend?it=all&sort=payments":                     "Essex, Kent",
		"/spend/categories":                               "Other IT, ",
		"/spend/categories?sort=category":                 "Back-office systems, ",
		"/spend/loads?sort=file":                          "Essex: ",
		"/spend/loads?sort=-file":                         "Kent: ",
		"/spend/rules?q=fuel&it=no&sort=-payments":        "the category contains the word ‘fuel’",
		"/spend/rules?q=fuel&it=no&order=newest&sort=sum": "the category contains the word ‘fuel’",
	} {
		page := tr.stranger.do(200, "GET", path).Body.String()
		if got := strings.Join(rowsHeaded(page), ", "); !strings.HasPrefix(got, want) {
			t.Errorf("%s lists %.300s, want %s", path, got, want)
		}
	}
	if refused := tr.stranger.do(422, "GET", "/spend?view=month&sort=sum"); !strings.Contains(refused.Body.String(), "Only bodies and suppliers can be sorted") {
		t.Errorf("%.300s", refused.Body)
	}
	up, down := csvOf(t, tr.stranger.do(200, "GET", "/suppliers.csv?it=all&sort=sum").Body.String())[1:], csvOf(t, tr.stranger.do(200, "GET", "/suppliers.csv?it=all").Body.String())[1:]
	slices.Reverse(down)
	if len(up) != 6 || up[0][2] != down[0][2] || up[5][2] != down[5][2] {
		t.Errorf("the CSV is not in the order of the page: %v, downwards %v", up, down)
	}
	if rows := csvOf(t, tr.stranger.do(200, "GET", "/spend/loads.csv?sort=file").Body.String()); rows[1][1] != "essex" || rows[2][1] != "kent" {
		t.Errorf("the source files by name are %v", rows)
	}
}

// TestListsOfSpendAreReadPageByPage reads more source files than a page has, in
// each order, and by the addresses of before there were pages.
func TestListsOfSpendAreReadPageByPage(t *testing.T) {
	t.Parallel()
	l := load(t)
	for _, b := range office.LocalPolicingBodies()[:27] {
		file := strings.ReplaceAll(essexPayments, "Essex Police", b.Slug)
		if _, err := spend.Import(t.Context(), l.st, office.CommandLine, spend.LoadRequest{Body: b.Slug, File: b.Slug + ".csv"}, strings.NewReader(file), int64(len(file))); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range report.LoadSorts() {
		seen := map[string]bool{}
		for _, at := range []string{"1", "2"} {
			for _, name := range rowsHeaded(l.stranger.do(200, "GET", "/spend/loads?sort=-"+key+"&page="+at).Body.String()) {
				seen[name] = true
			}
		}
		if len(seen) != 27 {
			t.Errorf("two pages by %s show %d source files", key, len(seen))
		}
	}
	says(t, l.stranger.do(200, "GET", "/spend/loads"), "27 source files", "Page 1 of 2", `href="/spend/loads?page=2"`)
	says(t, l.stranger.do(200, "GET", "/spend/loads.json"), `"next": "/spend/loads.json?page=2"`)
	says(t, l.stranger.do(200, "GET", "/spend/loads?before=27"), "First page", `href="/spend/loads?before=2"`)
	if rows := csvOf(t, l.stranger.do(200, "GET", "/spend/loads.csv?sort=loaded").Body.String()); len(rows) != 28 || rows[1][0] != "1" || rows[27][0] != "27" {
		t.Errorf("%d rows, the first is %v", len(rows), rows[1])
	}
}
