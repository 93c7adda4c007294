package scrutiny

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/seen"
	"github.com/police-ict/handover/store/text"
)

// LookList looks at a list as a whole.
func LookList(ref, label string) seen.Finder {
	return func(context.Context, *db.Tx, office.Viewer, string) (seen.Figure, error) {
		return seen.Figure{Ref: ref, Label: label, Href: "/" + ref}, nil
	}
}

// LookQuestion looks at what a reference of its kind leads to.
func LookQuestion(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	ref, err := seen.Name(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	q, err := question(ctx, tx, ref)
	return seen.Figure{Label: "Question " + q.Ref + ": " + q.Title, Value: q.State(civil.DayOf(tx.Now())), Href: q.Href()}, err
}

// LookRecommendation looks at a recommendation or an undertaking: its value is
// how far it is done.
func LookRecommendation(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	ref, err := seen.Name(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	r, err := recommendation(ctx, tx, ref)
	return seen.Figure{Label: text.Capital(r.Kind) + " " + r.Ref + ": " + r.Title, Value: text.Plain(string(r.Implementation)), Href: r.Href()}, err
}

// LookCommittee looks at what a reference of its kind leads to.
func LookCommittee(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	slug, err := seen.Name(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	c, err := committee(ctx, tx, slug)
	return seen.Figure{Label: c.Name, Value: c.State(civil.DayOf(tx.Now())), Href: "/committees/" + c.Slug}, err
}

// LookMeeting looks at what a reference of its kind leads to.
func LookMeeting(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	id, err := seen.Number(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	m, err := meeting(ctx, tx, id)
	if err != nil {
		return seen.Figure{}, err
	}
	c, err := committee(ctx, tx, m.Committee)
	return seen.Figure{Label: fmt.Sprintf("Meeting of the %s, %s", c.Name, m.On), Href: m.Href()}, err
}

// LookInquiry looks at what a reference of its kind leads to.
func LookInquiry(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	slug, err := seen.Name(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	i, err := inquiry(ctx, tx, slug)
	return seen.Figure{Label: "Inquiry: " + i.Title, Value: i.State(civil.DayOf(tx.Now())), Href: i.Href()}, err
}

// LookEvidence looks at a piece of evidence as anyone sees it: what is
// confidential has no title.
func LookEvidence(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	name, err := seen.Name(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	slug, number, _ := strings.Cut(name, "/")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != number {
		return seen.Figure{}, seen.ErrNoReference
	}
	i, err := inquiry(ctx, tx, slug)
	if err != nil {
		return seen.Figure{}, err
	}
	e, err := submission(ctx, tx, slug, n)
	seen := seen.Figure{Label: fmt.Sprintf("Evidence %d to the inquiry “%s”", n, i.Title), Value: string(e.Status), Href: e.Href()}
	if e.Title != "" {
		seen.Label += ": " + e.Title
	}
	return seen, err
}

// LookReport looks at the report of an inquiry, once it is published.
func LookReport(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	slug, err := seen.Name(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	r, found, err := reportOf(ctx, tx, slug)
	if err == nil && (!found || r.Status != ReportPublished) {
		err = seen.ErrNoReference
	}
	if err != nil {
		return seen.Figure{}, err
	}
	i, err := inquiry(ctx, tx, slug)
	return seen.Figure{Label: "Report: " + i.Title, Href: r.Href()}, err
}
