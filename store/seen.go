package store

import (
	"context"
	"strings"
)

// Seen is a figure, a row or an entry of the record as somebody saw it. A
// question keeps the one that it is about.
type Seen struct {
	Ref    string  `json:"ref"`              // stable: see Look
	Label  string  `json:"label"`            // what it is, in words
	Value  string  `json:"value,omitempty"`  // as shown; "" for what has none
	Pence  *Pence  `json:"pence,omitempty"`  // of an amount
	Rows   int64   `json:"rows,omitempty"`   // behind the figure
	Filter string  `json:"filter,omitempty"` // in words
	AsAt   Day     `json:"as_at"`            // the day that was looked at
	Loads  []int64 `json:"loads,omitempty"`  // files of spend behind the figure, by number
	Event  int64   `json:"event"`            // the last event of the record then
	Href   string  `json:"href"`             // where it is seen
}

// looker finds what a reference of one kind leads to. rest is what follows the
// kind: "2012-014" of decision/2012-014, "body=kent" of spend?body=kent.
type looker func(ctx context.Context, s *Store, v Viewer, rest string) (Seen, error)

// lookers are the kinds of reference.
var lookers = map[string]looker{
	"decision":       lookDecision,
	"recommendation": lookRecommendation,
}

// Look finds what a reference leads to, as v sees it now. A reference is a kind
// with a number or name, decision/2012-014, or a kind with a filter,
// spend?body=kent. What v may not see is not found.
func (s *Store) Look(ctx context.Context, v Viewer, ref string) (seen Seen, err error) {
	err = s.read(ctx, func(s *Store) error {
		kind, rest := cutKind(ref)
		look, ok := lookers[kind]
		if !ok || len(ref) > 500 {
			return NotFound.Errorf("There is nothing of that reference to ask about.")
		}
		if seen, err = look(ctx, s, v, rest); err != nil {
			return err
		}
		h, err := s.Head(ctx)
		seen.Ref, seen.Event = ref, h.Size
		if seen.AsAt == "" {
			seen.AsAt = DayOf(s.Now())
		}
		return err
	})
	return seen, err
}

func cutKind(ref string) (kind, rest string) {
	if i := strings.IndexAny(ref, "/?"); i >= 0 {
		return ref[:i], ref[i+1:]
	}
	return ref, ""
}

func lookDecision(ctx context.Context, s *Store, v Viewer, rest string) (Seen, error) {
	d, err := s.decision(ctx, v, rest)
	if err != nil {
		return Seen{}, err
	}
	return Seen{Label: "Decision " + d.Ref + ": " + d.Title, Value: d.Value.String(), Href: d.Href()}, nil
}
