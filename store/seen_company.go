package store

import (
	"context"
	"fmt"
	"strings"
)

func lookOwnership(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	_, m, err := momentIn(ctx, s, rest)
	if err != nil {
		return Seen{}, err
	}
	r, err := s.Register(ctx, When{Day: m.Day})
	if err != nil {
		return Seen{}, err
	}
	seen := Seen{Ref: m.pinned("ownership"), Label: "Members of the company", Value: Count(len(r.Members), "member", "members"), AsAt: m.Day, Href: m.pinned("/ownership")}
	seen.Rows, seen.Filter = int64(len(r.Members)), Count(int(r.Votes), "vote", "votes")
	return seen, nil
}

// lookEntry looks at one entry of the register, or at all of them.
func lookEntry(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	if rest == "" {
		n, err := one(ctx, s, scanInto[int64], `SELECT COUNT(*) FROM register`)
		return Seen{Label: "Entries of the register of members", Value: Count(int(n), "entry", "entries"), Rows: n, Href: "/ownership/entries"}, err
	}
	n, err := numberedIn(rest)
	if err != nil {
		return Seen{}, err
	}
	e, err := s.Entry(ctx, n)
	if err != nil {
		return Seen{}, err
	}
	label := "Entry in the register of members: " + Plain(string(e.Kind))
	for _, who := range []string{e.Director, ShortName(e.Body)} {
		if who != "" {
			label += ", " + who
		}
	}
	return Seen{Label: label, Filter: "registered on " + e.Registered.String(), Href: fmt.Sprintf("/record/%d", n)}, nil
}

func lookBody(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	slug, err := namedIn(rest)
	if err != nil {
		return Seen{}, err
	}
	b, ok := BodyOf(slug)
	if !ok {
		return Seen{}, noReference
	}
	return Seen{Ref: "body/" + b.Slug, Label: b.Name, Href: "/bodies/" + b.Slug}, nil
}

func lookEvent(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	n, err := numberedIn(rest)
	if err != nil {
		return Seen{}, err
	}
	e, err := s.Event(ctx, n)
	if err != nil {
		return Seen{}, err
	}
	return Seen{Label: fmt.Sprintf("Event %s of the record", Thousands(n)), Filter: Plain(strings.ReplaceAll(e.Act, ".", " ")) + ", " + DayOf(e.At).String(),
		Href: fmt.Sprintf("/record/%d", n)}, nil
}

func lookRecord(ctx context.Context, s *Store, _ Viewer, _ string) (Seen, error) {
	h, err := s.Head(ctx)
	return Seen{Ref: "record", Label: "The record", Value: Count(int(h.Size), "event", "events"), Rows: h.Size, Href: "/record"}, err
}

func lookAuthority(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	_, m, err := momentIn(ctx, s, rest)
	if err != nil {
		return Seen{}, err
	}
	p, err := s.powers(ctx, When{Day: m.Day})
	if err != nil {
		return Seen{}, err
	}
	seen := Seen{Ref: m.pinned("authority"), Label: "Scheme of authority: who may decide what", AsAt: m.Day, Href: m.pinned("/authority")}
	seen.Rows, seen.Filter = int64(len(p.Kinds)), Count(len(p.Kinds), "kind of matter", "kinds of matter")
	return seen, nil
}

func lookDelegations(context.Context, *Store, Viewer, string) (Seen, error) {
	return Seen{Ref: "delegations", Label: "Delegations", Href: "/authority/delegations"}, nil
}

func lookDelegation(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	id, err := numberedIn(rest)
	if err != nil {
		return Seen{}, err
	}
	d, err := s.Delegation(ctx, Moment{}, id)
	if err != nil {
		return Seen{}, err
	}
	on := DayOf(s.Now())
	seen := Seen{Label: fmt.Sprintf("Delegation %d, from %s to %s", id, d.From.Title, d.To.Title), Filter: d.State(on), Href: fmt.Sprintf("/authority/delegations/%d", id)}
	if d.Limited {
		seen.Value, seen.Pence = d.Limit.String(), &d.Limit
	}
	return seen, nil
}

func lookInterests(context.Context, *Store, Viewer, string) (Seen, error) {
	return Seen{Ref: "interests", Label: "Registers of interests", Href: "/interests"}, nil
}
