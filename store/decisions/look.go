package decisions

import (
	"context"
	"fmt"
	"strings"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/search"
	"github.com/police-ict/handover/store/seen"
	"github.com/police-ict/handover/store/text"
)

// Doc is a decision with the open part of its paper. The words of a draft
// are in no row, and a decision without a reference is a draft.
func Doc(ctx context.Context, tx *db.Tx, _ string, row []byte) (search.Doc, bool, error) {
	v, ok := text.RowTold[authority.PaperVersion](row)
	d := search.Doc{Thing: fmt.Sprintf("decision/%d", v.Decision), Kind: search.Decision}
	if !ok || v.Paper == nil {
		return d, false, nil
	}
	ref, found, err := db.Maybe(ctx, tx, db.ScanInto[string], `SELECT COALESCE(ref, '') FROM decisions WHERE id = $1`, v.Decision)
	if err != nil || !found || ref == "" {
		return d, false, err
	}
	p := v.Paper
	d.Ref, d.Title, d.Href, d.Day = ref, p.Title, "/decisions/"+ref, v.On
	words := []string{p.Summary, p.Recommendation, p.Reasons}
	for _, o := range p.Options {
		words = append(words, o.Text)
	}
	d.Text = text.Lines(append(words, p.Supplier, p.Company, p.Contract, p.Benefit, p.BenefitMeasure, p.Financial, p.Legal, p.Equality, p.Welsh, p.Risk, p.Background)...)
	return d, true, nil
}

// LookEntry looks at one entry of the register, or at all of them.
func LookEntry(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	if rest == "" {
		n, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT COUNT(*) FROM register`)
		return seen.Figure{Label: "Entries of the register of members", Value: text.Count(int(n), "entry", "entries"), Rows: n, Href: "/ownership/entries"}, err
	}
	n, err := seen.Number(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	e, err := register.FindEntry(ctx, tx, n)
	if err != nil {
		return seen.Figure{}, err
	}
	label := "Entry in the register of members: " + text.Plain(string(e.Kind))
	for _, who := range []string{e.Director, office.ShortName(e.Body)} {
		if who != "" {
			label += ", " + who
		}
	}
	return seen.Figure{Label: label, Filter: "registered on " + e.Registered.String(), Href: fmt.Sprintf("/record/%d", n)}, nil
}

// LookEvent looks at what a reference of its kind leads to.
func LookEvent(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	n, err := seen.Number(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	e, err := record.FindEvent(ctx, tx, n)
	if err != nil {
		return seen.Figure{}, err
	}
	return seen.Figure{Label: fmt.Sprintf("Event %s of the record", text.Thousands(n)), Filter: text.Plain(strings.ReplaceAll(e.Act, ".", " ")) + ", " + civil.DayOf(e.At).String(),
		Href: fmt.Sprintf("/record/%d", n)}, nil
}

// LookRecord looks at what a reference of its kind leads to.
func LookRecord(ctx context.Context, tx *db.Tx, _ office.Viewer, _ string) (seen.Figure, error) {
	h, err := record.ReadHead(ctx, tx)
	return seen.Figure{Ref: "record", Label: "The record", Value: text.Count(int(h.Size), "entry", "entries"), Rows: h.Size, Href: "/record"}, err
}

// LookAuthority looks at what a reference of its kind leads to.
func LookAuthority(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	_, m, err := register.MomentIn(ctx, tx, rest)
	if err != nil {
		return seen.Figure{}, err
	}
	p, err := powers(ctx, tx, record.When{Day: m.Day})
	if err != nil {
		return seen.Figure{}, err
	}
	seen := seen.Figure{Ref: m.Pinned("authority"), Label: "Scheme of authority: who may decide what", AsAt: m.Day, Href: m.Pinned("/authority")}
	seen.Rows, seen.Filter = int64(len(p.Kinds)), text.Count(len(p.Kinds), "kind of matter", "kinds of matter")
	return seen, nil
}

// LookDelegations looks at what a reference of its kind leads to.
func LookDelegations(context.Context, *db.Tx, office.Viewer, string) (seen.Figure, error) {
	return seen.Figure{Ref: "delegations", Label: "Delegations", Href: "/authority/delegations"}, nil
}

// LookDelegation looks at what a reference of its kind leads to.
func LookDelegation(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	id, err := seen.Number(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	d, err := FindDelegation(ctx, tx, record.Moment{}, id)
	if err != nil {
		return seen.Figure{}, err
	}
	on := civil.DayOf(tx.Now())
	seen := seen.Figure{Label: fmt.Sprintf("Delegation %d, from %s to %s", id, d.From.Title, d.To.Title), Filter: d.State(on), Href: fmt.Sprintf("/authority/delegations/%d", id)}
	if d.Limited {
		seen.Value, seen.Pence = d.Limit.String(), &d.Limit
	}
	return seen, nil
}

// LookInterests looks at what a reference of its kind leads to.
func LookInterests(context.Context, *db.Tx, office.Viewer, string) (seen.Figure, error) {
	return seen.Figure{Ref: "interests", Label: "Registers of interests", Href: "/interests"}, nil
}

// Look looks at a decision.
func Look(ctx context.Context, tx *db.Tx, v office.Viewer, rest string) (seen.Figure, error) {
	ref, err := seen.Name(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	d, err := Find(ctx, tx, v, ref)
	if err == nil && d.Draft() {
		err = seen.ErrNoReference // a question is public, and would tell of the draft
	}
	if err != nil {
		return seen.Figure{}, err
	}
	seen := seen.Figure{Label: "Decision " + d.Ref + ": " + d.Title, Href: d.Href()}
	if d.Value != 0 {
		value := d.Value
		seen.Value, seen.Pence = value.String(), &value
	}
	return seen, nil
}

// LookAll looks at all decisions.
func LookAll(context.Context, *db.Tx, office.Viewer, string) (seen.Figure, error) {
	return seen.Figure{Label: "Decisions", Href: "/decisions"}, nil
}
