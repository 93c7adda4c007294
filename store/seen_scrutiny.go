package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// lookList looks at a list as a whole.
func lookList(ref, label string) finder {
	return func(context.Context, *Store, Viewer, string) (Seen, error) {
		return Seen{Ref: ref, Label: label, Href: "/" + ref}, nil
	}
}

func lookQuestion(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	ref, err := namedIn(rest)
	if err != nil {
		return Seen{}, err
	}
	q, err := s.question(ctx, ref)
	return Seen{Label: "Question " + q.Ref + ": " + q.Title, Value: q.State(DayOf(s.Now())), Href: q.Href()}, err
}

// lookRecommendation looks at a recommendation or an undertaking: its value is
// how far it is done.
func lookRecommendation(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	ref, err := namedIn(rest)
	if err != nil {
		return Seen{}, err
	}
	r, err := s.recommendation(ctx, ref)
	return Seen{Label: Capital(r.Kind) + " " + r.Ref + ": " + r.Title, Value: Plain(string(r.Implementation)), Href: r.Href()}, err
}

func lookCommittee(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	slug, err := namedIn(rest)
	if err != nil {
		return Seen{}, err
	}
	c, err := s.committee(ctx, slug)
	return Seen{Label: c.Name, Value: c.State(DayOf(s.Now())), Href: "/committees/" + c.Slug}, err
}

func lookMeeting(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	id, err := numberedIn(rest)
	if err != nil {
		return Seen{}, err
	}
	m, err := s.meeting(ctx, id)
	if err != nil {
		return Seen{}, err
	}
	c, err := s.committee(ctx, m.Committee)
	return Seen{Label: fmt.Sprintf("Meeting of the %s, %s", c.Name, m.On), Href: m.Href()}, err
}

func lookInquiry(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	slug, err := namedIn(rest)
	if err != nil {
		return Seen{}, err
	}
	i, err := s.inquiry(ctx, slug)
	return Seen{Label: "Inquiry: " + i.Title, Value: i.State(DayOf(s.Now())), Href: i.Href()}, err
}

// lookEvidence looks at a piece of evidence as anyone sees it: what is
// confidential has no title.
func lookEvidence(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	name, err := namedIn(rest)
	if err != nil {
		return Seen{}, err
	}
	slug, number, _ := strings.Cut(name, "/")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != number {
		return Seen{}, noReference
	}
	i, err := s.inquiry(ctx, slug)
	if err != nil {
		return Seen{}, err
	}
	e, err := s.submission(ctx, slug, n)
	seen := Seen{Label: fmt.Sprintf("Evidence %d to the inquiry “%s”", n, i.Title), Value: string(e.Status), Href: e.Href()}
	if e.Title != "" {
		seen.Label += ": " + e.Title
	}
	return seen, err
}

// lookReport looks at the report of an inquiry, once it is published.
func lookReport(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	slug, err := namedIn(rest)
	if err != nil {
		return Seen{}, err
	}
	r, found, err := s.reportOf(ctx, slug)
	if err == nil && (!found || r.Status != ReportPublished) {
		err = noReference
	}
	if err != nil {
		return Seen{}, err
	}
	i, err := s.inquiry(ctx, slug)
	return Seen{Label: "Report: " + i.Title, Href: r.Href()}, err
}
