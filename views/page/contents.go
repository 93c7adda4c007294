package page

import (
	"bytes"
	"context"
	"errors"
	"html"
	"io"
	"regexp"
	"strings"

	"github.com/a-h/templ"
)

// A page of more than three screens, with this many sections, has a list of
// them above the first.
const (
	longPage      = 2200 // pixels, as estimated for a screen of 1280 by 800
	fewSections   = 3
	aroundHeight  = 900 // pixels of the head and the foot of every page
	lineHeight    = 26  // pixels of a line of text
	lineLetters   = 100
	rowHeight     = 42 // pixels of a row of a table or a list
	headingHeight = 82
	chartsHeight  = 260
)

var (
	headings = regexp.MustCompile(`(?s)<h2 id="([^"]+)"(?: tabindex="-1")?(?: class="unseen")?>(.*?)</h2>`)
	folded   = regexp.MustCompile(`(?s)<details(?: class="[^"]*")?>.*?</details>`)
	tags     = regexp.MustCompile(`(?s)<[^>]*>`)
	hidden   = regexp.MustCompile(`(?s)<span class="unseen">.*?</span>`)
)

// withContents writes the content of a page, and a list of its sections where
// it is long.
func withContents() templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var b bytes.Buffer
		if err := templ.GetChildren(ctx).Render(templ.ClearChildren(ctx), &b); err != nil {
			return err
		}
		page := b.Bytes()
		at, sections := sectionsOf(page)
		if len(sections) == 0 || !isLong(page) {
			return write(w, page)
		}
		return errors.Join(write(w, page[:at]), Contents(sections...).Render(ctx, w), write(w, page[at:]))
	})
}

func write(w io.Writer, b []byte) error {
	_, err := w.Write(b)
	return err
}

// sectionsOf are the headings of a page that can be gone to, and where the
// first of their sections begins; none where there are few.
func sectionsOf(page []byte) (at int, all []Link) {
	if bytes.Contains(page, []byte(`class="contents"`)) {
		return 0, nil
	}
	found := headings.FindAllSubmatchIndex(page, -1)
	if len(found) < fewSections {
		return 0, nil
	}
	for _, f := range found {
		words := tags.ReplaceAllString(hidden.ReplaceAllString(string(page[f[4]:f[5]]), ""), "")
		all = append(all, Link{"#" + string(page[f[2]:f[3]]), strings.TrimSpace(html.UnescapeString(words))})
	}
	// The list stands before the section of the first heading, never in it. A
	// page without sections has it before the heading itself.
	at = bytes.LastIndex(page[:found[0][0]], []byte("<section"))
	if at < 0 || bytes.Contains(page[at:found[0][0]], []byte("</section>")) {
		at = found[0][0]
	}
	if inside(page[:at]) {
		return 0, nil
	}
	return at, all
}

// inside reports whether a place is within another part of the page, such as a
// column beside others. A page made for paper is one article.
func inside(before []byte) bool {
	for _, part := range []string{"section", "div", "form", "details", "aside"} {
		if bytes.Count(before, []byte("<"+part+" "))+bytes.Count(before, []byte("<"+part+">")) != bytes.Count(before, []byte("</"+part+">")) {
			return true
		}
	}
	return false
}

// isLong reports whether a page is about more than three screens high.
func isLong(page []byte) bool {
	page = folded.ReplaceAll(page, []byte("<dt>")) // one line until it is opened
	height := aroundHeight + headingHeight*bytes.Count(page, []byte("<h2")) + chartsHeight*bytes.Count(page, []byte("<figure"))
	for _, row := range []string{"<tr", "<li", "<dt", "<label"} {
		height += rowHeight * bytes.Count(page, []byte(row))
	}
	return height > longPage || height+lineHeight*len(tags.ReplaceAll(page, nil))/lineLetters > longPage
}
