package page

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/a-h/templ"
)

// TestContents lists the sections of a page only where it is long and has some.
func TestContents(t *testing.T) {
	section := func(id, title string, rows int) string {
		return `<section aria-labelledby="` + id + `"><div class="section-head"><h2 id="` + id + `">` + title + `</h2></div><ul>` + strings.Repeat("<li>Words</li>", rows) + `</ul></section>`
	}
	four := func(rows int) string {
		return section("a", "Votes <small>and</small> consents", rows) + section("b", "Money", rows) + section("c", "Receipts", rows) + section("d", "A &amp; B", rows)
	}
	for name, c := range map[string]struct {
		page string
		want string // the list, or ""
		at   string // what follows it
	}{
		"a long page":                  {"<p>Lead</p>" + four(30), `<li><a href="#a">Votes and consents</a></li><li><a href="#b">Money</a></li>`, "<section"},
		"a short page":                 {four(2), "", ""},
		"few sections":                 {section("a", "All", 200), "", ""},
		"a long page without sections": {"<p>Lead</p>" + strings.NewReplacer("<section aria-labelledby", "<div data-id", "</section>", "</div>").Replace(`<h2 id="z">First</h2>`+four(30)), `<li><a href="#z">First</a></li><li><a href="#a">`, `<h2 id="z">`},
		"three sections of words":      {section("a", "All", 1) + section("b", "Some", 1) + section("c", "None", 1) + "<p>" + strings.Repeat("word ", 1200) + "</p>", `<li><a href="#c">None</a></li>`, "<section"},
		"a heading that is not seen":   {`<h2 id="r" class="unseen">Results</h2>` + four(30), `<li><a href="#r">Results</a></li>`, `<h2 id="r"`},
		"what is folded is not high":   {section("a", "All", 1) + section("b", "Some", 1) + section("c", "None", 1) + `<details class="wide"><summary>Rows</summary><ul>` + strings.Repeat("<li>Words</li>", 300) + `</ul></details>`, "", ""},
		"sections within a column":     {`<div class="split">` + four(30) + `</div>`, "", ""},
	} {
		var b strings.Builder
		ctx := templ.WithChildren(context.Background(), templ.ComponentFunc(func(_ context.Context, w io.Writer) error { return write(w, []byte(c.page)) }))
		if err := withContents().Render(ctx, &b); err != nil {
			t.Fatal(err)
		}
		got := b.String()
		if c.want == "" {
			if got != c.page {
				t.Errorf("%s: it was changed: %s", name, got)
			}
			continue
		}
		if !strings.Contains(got, c.want) || !strings.Contains(got, "</nav>"+c.at) || strings.Contains(got, "&amp;amp;") {
			t.Errorf("%s: %s", name, got[:min(len(got), 900)])
		}
	}
}
