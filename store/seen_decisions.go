package store

import "context"

func lookDecision(ctx context.Context, s *Store, v Viewer, rest string) (Seen, error) {
	ref, err := namedIn(rest)
	if err != nil {
		return Seen{}, err
	}
	d, err := s.decision(ctx, v, ref)
	if err == nil && d.Draft() {
		err = noReference // a question is public, and would tell of the draft
	}
	if err != nil {
		return Seen{}, err
	}
	seen := Seen{Label: "Decision " + d.Ref + ": " + d.Title, Href: d.Href()}
	if d.Value != 0 {
		value := d.Value
		seen.Value, seen.Pence = value.String(), &value
	}
	return seen, nil
}

func lookDecisions(context.Context, *Store, Viewer, string) (Seen, error) {
	return Seen{Label: "Decisions", Href: "/decisions"}, nil
}
