package store

import (
	"cmp"
	"context"
	"slices"
	"strconv"
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

// A finder finds what a reference of one kind leads to. rest is what follows the
// kind: "/2012-014" of decision/2012-014, "?body=kent" of spend?body=kent.
type finder func(ctx context.Context, s *Store, v Viewer, rest string) (Seen, error)

// A looker is how references of one kind are looked at.
type looker struct {
	find   finder
	within func(ctx context.Context, s *Store, fn func(s *Store) error) error // the snapshot that it reads; nil is an ordinary one
}

// lookers are the kinds of reference, as they are registered.
var lookers Slot[map[string]looker]

// RegisterLookers sets the kinds of reference, by name.
func RegisterLookers(s *Store, all map[string]looker) { *lookers.Of(s) = all }

// wholeKinds are the kinds of which there is one, so that no name follows.
var wholeKinds = []string{"decisions", "gate", "slip", "bodies", "balance", "statement", "schedule", "ownership", "record", "authority", "delegations", "interests", "spend",
	"loads", "publication", "claims", "rules", "recommendations", "committees", "inquiries"}

var noReference = NotFound.Errorf("There is nothing of that reference to ask about.")

// Look finds what a reference leads to, as v sees it now. A reference is a kind
// with a number or name, decision/2012-014, or a kind with a filter,
// spend?body=kent. What v may not see is not found. Every spelling of one filter
// is answered with the same reference.
func (s *Store) Look(ctx context.Context, v Viewer, ref string) (seen Seen, err error) {
	kind, rest := cutKind(ref)
	look, ok := (*lookers.Of(s))[kind]
	if !ok || len(ref) > 500 || strings.HasPrefix(rest, "/") && slices.Contains(wholeKinds, kind) {
		return Seen{}, noReference
	}
	within := look.within
	if within == nil {
		within = func(ctx context.Context, s *Store, fn func(s *Store) error) error { return s.read(ctx, fn) }
	}
	err = within(ctx, s, func(s *Store) error {
		if seen, err = look.find(ctx, s, v, rest); err != nil {
			return err
		}
		h, err := s.Head(ctx)
		whole, _, _ := strings.Cut(ref, "?")
		seen.Ref, seen.Event = cmp.Or(seen.Ref, whole), h.Size
		seen.AsAt = cmp.Or(seen.AsAt, DayOf(s.Now()))
		return err
	})
	if err != nil && KindOf(err) == Invalid {
		err = noReference // whoever typed it chose no field of a form
	}
	return seen, err
}

func cutKind(ref string) (kind, rest string) {
	if i := strings.IndexAny(ref, "/?"); i >= 0 {
		return ref[:i], ref[i:]
	}
	return ref, ""
}

// namedIn is what follows a kind and its slash: "2012-014".
func namedIn(rest string) (string, error) {
	if name, ok := strings.CutPrefix(rest, "/"); ok && name != "" {
		return name, nil
	}
	return "", noReference
}

// numberedIn is the number that follows a kind and its slash.
func numberedIn(rest string) (int64, error) {
	name, err := namedIn(rest)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(name, 10, 64)
	if err != nil || n < 1 || strconv.FormatInt(n, 10) != name {
		return 0, noReference
	}
	return n, nil
}
