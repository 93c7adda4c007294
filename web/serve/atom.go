package serve

import (
	"encoding/xml"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	pageview "github.com/police-ict/handover/views/page"
)

// A Feed is a list that can be followed: its newest entries, newest first.
type Feed struct {
	Title   string
	Told    bool // the title says what was asked of the list
	Entries []Entry
}

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

// sendAtom sends a feed (RFC 4287). It is updated when its newest entry was.
func (s *Server) sendAtom(c echo.Context, f Feed) error {
	base := ""
	if s.Options.PublicURL != nil {
		base = s.Options.PublicURL.String()
	}
	self := base + c.Request().URL.Path + ".atom"
	page := base + c.Request().URL.Path
	if q := c.Request().URL.RawQuery; q != "" {
		self, page = self+"?"+q, page+"?"+q
	}
	title := f.Title
	if words := pageview.QueryWords(c.Request().URL.RawQuery); words != "" && !f.Told {
		title += ": " + words
	}
	out := atomFeed{ID: self, Title: title, Author: "Police ICT Company portal", Updated: time.Unix(0, 0).UTC().Format(time.RFC3339),
		Links: []atomLink{{"self", "application/atom+xml", self}, {"alternate", "text/html", page}}}
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
