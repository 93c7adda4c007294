package register

import (
	"context"
	"net/url"
	"strings"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/search"
	"github.com/police-ict/handover/store/seen"
	"github.com/police-ict/handover/store/text"
)

// BodyDoc is the text by which search finds a body.
func BodyDoc(b office.Body) search.Doc {
	return search.Doc{Thing: "body/" + b.Slug, Kind: search.Body, Ref: b.Slug, Title: b.Name, Text: text.Lines(b.Short, b.NameCy, b.Force, b.ForceCy, b.Code, b.Region, b.Kind.String()), Href: "/bodies/" + b.Slug}
}

// LookBody looks at what a reference of its kind leads to.
func LookBody(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	slug, err := seen.Name(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	b, ok := office.BodyOf(slug)
	if !ok {
		return seen.Figure{}, seen.ErrNoReference
	}
	names, err := ReadNames(ctx, tx, record.When{})
	return seen.Figure{Ref: "body/" + b.Slug, Label: names.Of(b.Slug), Href: "/bodies/" + b.Slug}, err
}

// MomentIn reads what stands between a kind’s slash and its question mark, and
// the day that is asked about: condition/seats?as_at=2012-09-03.
func MomentIn(ctx context.Context, tx *db.Tx, rest string) (name string, m record.Moment, err error) {
	name, query, _ := strings.Cut(rest, "?")
	q, err := url.ParseQuery(query)
	if err != nil {
		return name, m, seen.ErrNoReference
	}
	m, err = MomentOf(ctx, tx, q.Get("as_at"))
	return strings.TrimPrefix(name, "/"), m, err
}
