package serve

import (
	"cmp"
	"encoding/xml"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	pageview "github.com/police-ict/handover/views/page"
)

// A Feed is a list that can be followed. Its entries are sent by when they last
// moved, newest first, a page at a time (RFC 5005, section 3). A page begins
// after the entry that its address names, so that what moves meanwhile shifts
// no page.
type Feed struct {
	Title   string
	Told    bool // the title says what was asked of the list
	Entries []Entry
	Next    string // query of the next page, of a feed whose entries are one page already
}

// FeedMost is how many things of a list its feed looks at.
const FeedMost = 5_000

const feedPage = 50

// An Entry is one thing of a feed. Href is its address within the portal, and
// its identity.
type Entry struct {
	Title, Href, Summary string
	At                   time.Time
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID      string     `xml:"id"`
	Title   string     `xml:"title"`
	Updated string     `xml:"updated"`
	Links   []atomLink `xml:"link"`
	Summary string     `xml:"summary,omitempty"`
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

// Latest is the latest of some instants that are not still to come.
func Latest(now time.Time, all ...time.Time) (at time.Time) {
	for _, t := range all {
		if t.After(at) && !t.After(now) {
			at = t
		}
	}
	return at
}

// later says which of two entries comes first.
func later(a, b Entry) int { return cmp.Or(b.At.Compare(a.At), strings.Compare(b.Href, a.Href)) }

// name is what a page of the feed is asked for by that begins after the entry.
func (e Entry) name() string { return strconv.FormatInt(e.At.UnixMicro(), 10) + "," + e.Href }

// page cuts the entries to those of a page, and gives the queries of the first,
// the next and the last page; "" is none.
func (f *Feed) page(c echo.Context) (first, next, last string, err error) {
	q := c.Request().URL.Query()
	after := q.Get("before")
	q.Del("before")
	first = q.Encode()
	query := func(e Entry) string { q.Set("before", e.name()); return q.Encode() }
	if f.Next != "" || len(f.Entries) == 0 {
		return first, f.Next, "", nil
	}
	slices.SortStableFunc(f.Entries, later)
	if n := len(f.Entries); n > feedPage {
		last = query(f.Entries[(n-1)/feedPage*feedPage-1])
	}
	if after != "" {
		at, href, _ := strings.Cut(after, ",")
		micros, err := strconv.ParseInt(at, 10, 64)
		if err != nil {
			micros = math.MaxInt64 / 2 // a page of the list, as feeds were paged once: it begins at the first
		}
		from := Entry{Href: href, At: time.UnixMicro(micros)}
		f.Entries = slices.DeleteFunc(f.Entries, func(e Entry) bool { return later(e, from) <= 0 })
	}
	if len(f.Entries) > feedPage {
		f.Entries = f.Entries[:feedPage]
		next = query(f.Entries[feedPage-1])
	}
	return first, next, last, nil
}

// sendAtom sends a feed (RFC 4287). It is updated when its newest entry was.
func (s *Server) sendAtom(c echo.Context, f Feed) error {
	base := ""
	if s.Options.PublicURL != nil {
		base = s.Options.PublicURL.String()
	}
	first, next, last, err := f.page(c)
	if err != nil {
		return err
	}
	at := base + c.Request().URL.Path + ".atom"
	self := at
	page := base + c.Request().URL.Path
	if q := c.Request().URL.RawQuery; q != "" {
		self, page = self+"?"+q, page+"?"+q
	}
	title := f.Title
	if words := pageview.QueryWords(c.Request().URL.RawQuery); words != "" && !f.Told {
		title += ": " + words
	}
	out := atomFeed{ID: strings.TrimSuffix(at+"?"+first, "?"), Title: title, Author: "Police ICT Company portal", Updated: time.Unix(0, 0).UTC().Format(time.RFC3339),
		Links: []atomLink{{"self", "application/atom+xml", self}, {"alternate", "text/html", page}}}
	for _, page := range []struct{ rel, query string }{{"first", first}, {"next", next}, {"last", last}} {
		if page.query != "" || page.rel == "first" {
			out.Links = append(out.Links, atomLink{page.rel, "application/atom+xml", strings.TrimSuffix(at+"?"+page.query, "?")})
		}
	}
	for i, e := range f.Entries {
		at := e.At.UTC().Format(time.RFC3339)
		if i == 0 {
			out.Updated = at
		}
		out.Entries = append(out.Entries, atomEntry{base + e.Href, e.Title, at, []atomLink{{"alternate", "text/html", base + e.Href}}, e.Summary})
	}
	b := bounded{most: dataMost, msg: "This feed would be larger than 32 MB. Choose fewer."}
	_, _ = b.Write([]byte(xml.Header)) // which is small
	enc := xml.NewEncoder(&b)
	enc.Indent("", " ")
	if err := enc.Encode(out); err != nil {
		return err
	}
	return s.send(c, http.StatusOK, "application/atom+xml; charset=utf-8", b.buf.Bytes())
}
