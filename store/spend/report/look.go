package report

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/seen"
	"github.com/police-ict/handover/store/text"
)

// LookPublication looks at the matrix of months, or at one month of one body.
func LookPublication(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	q, err := url.ParseQuery(strings.TrimPrefix(rest, "?"))
	if err != nil {
		return seen.Figure{}, seen.ErrNoReference
	}
	body, month := q.Get("body"), q.Get("month")
	if body == "" && month == "" {
		return seen.Figure{Ref: "publication", Label: "Which months of spend are published", Href: "/spend/publication"}, nil
	}
	if month == "" {
		b, ok := office.BodyOf(body)
		if !ok || !b.LocalPolicing() {
			return seen.Figure{}, seen.ErrNoReference
		}
		return seen.Figure{Ref: "publication?body=" + b.Slug, Label: "Months of spend that " + b.Short + " published", Href: "/spend/publication/" + b.Slug}, nil
	}
	m, err := civil.ParseMonth(month)
	if err != nil {
		return seen.Figure{}, seen.ErrNoReference
	}
	p, err := ReadPublicationPage(ctx, tx, body, m)
	if err != nil {
		return seen.Figure{}, err
	}
	items := p.Cell.Items()
	return seen.Figure{Ref: "publication?body=" + p.Body.Slug + "&month=" + m.Code(), Label: fmt.Sprintf("Publication by %s for %s", p.Body.Short, m),
		Value: text.Plain(string(p.Cell.State())), Rows: items.Lines, Loads: p.Cell.Loads, Href: "/spend/publication/" + p.Body.Slug + "/" + m.Code()}, nil
}

// LookClaim looks at what a reference of its kind leads to.
func LookClaim(_ context.Context, _ *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	key, err := seen.Name(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	for _, c := range Claims() {
		if c.Key == key {
			return seen.Figure{Label: "Headline figure claimed: " + c.Says, Value: c.Figure, Filter: c.Counts, Href: "/spend/claims#" + key}, nil
		}
	}
	return seen.Figure{}, seen.ErrNoReference
}

// LookClaims looks at what a reference of its kind leads to.
func LookClaims(context.Context, *db.Tx, office.Viewer, string) (seen.Figure, error) {
	return seen.Figure{Ref: "claims", Label: "Competing headline figures of police IT", Rows: int64(len(Claims())), Href: "/spend/claims"}, nil
}

// LookFlags looks at the methods that find reasons to ask, or at one.
func LookFlags(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	if rest == "" {
		return seen.Figure{Label: "Reasons to ask about payments", Href: "/spend/flags"}, nil
	}
	code, err := seen.Name(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	found, err := FindingsOf(ctx, tx, code, nil, 0, 0)
	if err != nil {
		return seen.Figure{}, err
	}
	return seen.Figure{Label: "Reason to ask: " + found.Method.Name, Value: text.Count(found.Count, "finding", "findings"), Rows: found.Lines, Filter: found.Method.How, Href: "/spend/flags/" + code}, nil
}
