package store

import (
	"cmp"
	"context"
	"maps"
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

// looker finds what a reference of one kind leads to. rest is what follows the
// kind: "/2012-014" of decision/2012-014, "?body=kent" of spend?body=kent.
type looker func(ctx context.Context, s *Store, v Viewer, rest string) (Seen, error)

// lookers are the kinds of reference.
var lookers = map[string]looker{
	"decision":  lookDecision,
	"decisions": lookDecisions,

	"gate":      lookGate,
	"condition": lookCondition,
	"slip":      lookSlip,
	"milestone": lookMilestone,
	"bodies":    lookBodies,
	"accession": lookAccession,
	"balance":   lookDossier(TheBalance),
	"statement": lookDossier(TheStatement),
	"schedule":  lookSchedule,
	"item":      lookItem,
	"override":  lookOverride,

	"ownership": lookOwnership,
	"register":  lookEntry,
	"body":      lookBody,
	"event":     lookEvent,
	"record":    lookRecord,

	"authority":   lookAuthority,
	"delegations": lookDelegations,
	"delegation":  lookDelegation,
	"interests":   lookInterests,

	"spend":       lookSpend,
	"line":        lookLine,
	"load":        lookLoad,
	"loads":       lookLoads,
	"supplier":    lookSupplier,
	"publication": lookPublication,
	"claim":       lookClaim,
	"claims":      lookClaims,
	"flags":       lookFlags,
	"rule":        lookRule,
	"rules":       lookRules,

	"question":        lookQuestion,
	"recommendation":  lookRecommendation,
	"recommendations": lookList("recommendations", "Recommendations and undertakings"),
	"committee":       lookCommittee,
	"committees":      lookList("committees", "Committees"),
	"meeting":         lookMeeting,
	"inquiry":         lookInquiry,
	"inquiries":       lookList("inquiries", "Inquiries"),
	"evidence":        lookEvidence,
	"report":          lookReport,
}

// spendKinds are the kinds that the roll-ups of spend are read for.
var spendKinds = []string{"spend", "line", "supplier", "publication", "flags", "rule"}

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
	look, ok := lookers[kind]
	if !ok || len(ref) > 500 || strings.HasPrefix(rest, "/") && slices.Contains(wholeKinds, kind) {
		return Seen{}, noReference
	}
	within := s.read
	if slices.Contains(spendKinds, kind) {
		within = func(ctx context.Context, fn func(s *Store) error) error {
			return s.spend(ctx, func(s *Store, _ *cube) error { return fn(s) })
		}
	}
	err = within(ctx, func(s *Store) error {
		if seen, err = look(ctx, s, v, rest); err != nil {
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

// AskedKinds lists the kinds of reference, in order.
func AskedKinds() []string { return slices.Sorted(maps.Keys(lookers)) }
