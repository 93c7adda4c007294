// Package seen finds what a reference leads to, as somebody sees it.
package seen

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
)

// Figure is a figure, a row or an entry of the record as somebody saw it. A
// question keeps the one that it is about.
type Figure struct {
	Ref    string       `json:"ref"`              // stable: see Look
	Label  string       `json:"label"`            // what it is, in words
	Value  string       `json:"value,omitempty"`  // as shown; "" for what has none
	Pence  *money.Pence `json:"pence,omitempty"`  // of an amount
	Rows   int64        `json:"rows,omitempty"`   // behind the figure
	Filter string       `json:"filter,omitempty"` // in words
	AsAt   civil.Day    `json:"as_at"`            // the day that was looked at
	Loads  []int64      `json:"loads,omitempty"`  // files of spend behind the figure, by number
	Event  int64        `json:"event"`            // the last event of the record then
	Href   string       `json:"href"`             // where it is seen
	Kept   string       `json:"-"`                // what a question keeps for Label, where that names a payee; "" is the label
}

// A Finder finds what a reference of one kind leads to. rest is what follows the
// kind: "/2012-014" of decision/2012-014, "?body=kent" of spend?body=kent.
type Finder func(ctx context.Context, tx *db.Tx, v office.Viewer, rest string) (Figure, error)

// A Looker is how references of one kind are looked at.
type Looker struct {
	Find   Finder
	Within func(ctx context.Context, tx *db.Tx, fn func(tx *db.Tx) error) error // the snapshot that it reads; nil is an ordinary one
}

// lookers are the kinds of reference, as they are registered.
var lookers db.Slot[map[string]Looker]

// RegisterLookers sets the kinds of reference, by name.
func RegisterLookers(tx *db.Tx, all map[string]Looker) { *lookers.Of(tx) = all }

// wholeKinds are the kinds of which there is one, so that no name follows.
var wholeKinds = []string{"decisions", "gate", "slip", "bodies", "balance", "statement", "schedule", "ownership", "record", "authority", "delegations", "interests", "spend",
	"loads", "publication", "claims", "rules", "recommendations", "committees", "inquiries"}

// ErrNoReference is that nothing is found under a reference.
var ErrNoReference = fault.NotFound.Errorf("There is no figure with that reference to ask about.")

// Look finds what a reference leads to, as v sees it now. A reference is a kind
// with a number or name, decision/2012-014, or a kind with a filter,
// spend?body=kent. What v may not see is not found. Every spelling of one filter
// is answered with the same reference.
func Look(ctx context.Context, tx *db.Tx, v office.Viewer, ref string) (seen Figure, err error) {
	kind, rest := Cut(ref)
	look, ok := (*lookers.Of(tx))[kind]
	if !ok || len(ref) > 500 || strings.HasPrefix(rest, "/") && slices.Contains(wholeKinds, kind) {
		return Figure{}, ErrNoReference
	}
	within := look.Within
	if within == nil {
		within = func(ctx context.Context, tx *db.Tx, fn func(tx *db.Tx) error) error { return tx.Read(ctx, fn) }
	}
	err = within(ctx, tx, func(tx *db.Tx) error {
		if seen, err = look.Find(ctx, tx, v, rest); err != nil {
			return err
		}
		h, err := record.ReadHead(ctx, tx)
		whole, _, _ := strings.Cut(ref, "?")
		seen.Ref, seen.Event = cmp.Or(seen.Ref, whole), h.Size
		seen.AsAt = cmp.Or(seen.AsAt, civil.DayOf(tx.Now()))
		return err
	})
	if err != nil && fault.KindOf(err) == fault.Invalid {
		err = ErrNoReference // whoever typed it chose no field of a form
	}
	return seen, err
}

// Cut splits a reference into its kind and what follows it.
func Cut(ref string) (kind, rest string) {
	if i := strings.IndexAny(ref, "/?"); i >= 0 {
		return ref[:i], ref[i:]
	}
	return ref, ""
}

// Name is what follows a kind and its slash: "2012-014".
func Name(rest string) (string, error) {
	if name, ok := strings.CutPrefix(rest, "/"); ok && name != "" {
		return name, nil
	}
	return "", ErrNoReference
}

// Number is the number that follows a kind and its slash.
func Number(rest string) (int64, error) {
	name, err := Name(rest)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(name, 10, 64)
	if err != nil || n < 1 || strconv.FormatInt(n, 10) != name {
		return 0, ErrNoReference
	}
	return n, nil
}
