package spend

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/seen"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/text"
)

// seenLoadsMost is how many files a Seen names. Where more stand behind a
// figure the record tells which did.
const seenLoadsMost = 200

// Snapshot is a snapshot of the database together with its roll-ups.
func Snapshot(ctx context.Context, tx *db.Tx, fn func(tx *db.Tx) error) error {
	return WithCube(ctx, tx, func(tx *db.Tx, _ *Cube) error { return fn(tx) })
}

// FilterIn is the filter of payments that follows a kind of reference.
func FilterIn(rest string) (payments.Filter, error) {
	q, err := url.ParseQuery(strings.TrimPrefix(rest, "?"))
	if err != nil {
		return payments.Filter{}, seen.ErrNoReference
	}
	f, err := payments.ParseFilter(q)
	return f.Canonical(), err
}

// LookSpend looks at what a reference of its kind leads to.
func LookSpend(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	f, err := FilterIn(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	return lookAtSpend(ctx, tx, f)
}

func lookAtSpend(ctx context.Context, tx *db.Tx, f payments.Filter) (theSeen seen.Figure, err error) {
	err = WithCube(ctx, tx, func(tx *db.Tx, c *Cube) error {
		sp, err := c.Spend(ctx, tx, f)
		if err != nil {
			return err
		}
		if f.Fine() {
			if err := addRows(ctx, tx, c, f, &sp); err != nil {
				return err
			}
		}
		name := ""
		if at, ok := c.bySlug[f.Supplier]; ok {
			name = c.supplier(at).Name
		}
		theSeen = seen.Figure{Ref: payments.Ref(f), Label: f.Label(name), Filter: f.Words(name), Href: "/spend"}
		if q := f.Query().Encode(); q != "" {
			theSeen.Href += "?" + q
		}
		if theSeen.Value = sp.Untold(); theSeen.Value != "" {
			return nil
		}
		theSeen.Value, theSeen.Pence, theSeen.Rows = sp.Total.Pence.String(), &sp.Total.Pence, sp.Total.Lines
		theSeen.Loads, err = c.loadsBehind(f, tx)
		return err
	})
	return theSeen, err
}

// Untold says why no sum is shown, "" where one is.
func (s Spend) Untold() string {
	switch {
	case !s.Reconciles():
		return "Withheld: does not reconcile"
	case !s.Known:
		return "No total: adding up took longer than " + AddUpWords
	case s.Cover.Bodies == 0:
		return "Cannot tell: no file taken in"
	}
	return ""
}

// loadsBehind are the standing files that a filter’s lines may be in; none
// where there are too many to name.
func (c *Cube) loadsBehind(f payments.Filter, tx *db.Tx) (all []int64, err error) {
	sc, err := c.Scope(tx, f)
	if err != nil {
		return nil, err
	}
	for _, l := range c.Loads {
		if !sc.Holds(l.Load) {
			continue
		}
		if len(all) == seenLoadsMost {
			return nil, nil
		}
		all = append(all, l.ID)
	}
	return all, nil
}

// Holds reports whether a load may hold lines asked for, by its body and periods.
func (sc *scope) Holds(l Load) bool {
	if !sc.Bodies[BodyIndex(l.Body)] {
		return false
	}
	for _, p := range l.Periods {
		if in, _ := sc.period(block.PackPeriod(p.Period)); in {
			return true
		}
	}
	return false
}

// LookLine looks at what a reference of its kind leads to.
func LookLine(ctx context.Context, tx *db.Tx, v office.Viewer, rest string) (theSeen seen.Figure, err error) {
	id, err := seen.Number(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	err = WithCube(ctx, tx, func(tx *db.Tx, c *Cube) error {
		b, err := blockOf(ctx, tx, id)
		if err != nil {
			return lineNotFound(err, id)
		}
		from, err := FindLoad(ctx, tx, v, b.load)
		if err != nil {
			return lineNotFound(err, id)
		}
		if !from.Shown() {
			return seen.ErrNoReference
		}
		l, ok := c.Load(b.load)
		if !ok {
			l = &CubeLoad{Load: from}
		}
		line := c.line(l, id, b.Lines[id-b.First])
		what := fmt.Sprintf("Payment %s of %s", text.Thousands(id), office.ShortName(line.Body))
		theSeen = seen.Figure{Label: what + " to " + payeeOf(line), Kept: what, Value: line.Pence.String(), Pence: &line.Pence,
			Rows: 1, Filter: line.Paid.String(), Loads: []int64{line.Load}, Href: fmt.Sprintf("/spend/lines/%d", id)}
		return nil
	})
	return theSeen, err
}

// payeeOf says who was paid, as the page of the payment does.
func payeeOf(l Line) string {
	if l.Payee != payments.Named {
		return "a payee who is " + map[payments.PayeeKind]string{payments.NotStated: "not stated", payments.Redacted: "redacted by the publisher", payments.Withheld: "withheld"}[l.Payee]
	}
	return l.Words()
}

// Shown reports whether everyone may see the load’s lines: it stands, or did.
func (l Load) Shown() bool {
	return l.Status == Published || l.Status == Withdrawn || l.Status == Replaced
}

// LookLoad looks at what a reference of its kind leads to.
func LookLoad(ctx context.Context, tx *db.Tx, v office.Viewer, rest string) (seen.Figure, error) {
	id, err := seen.Number(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	l, err := FindLoad(ctx, tx, v, id)
	if err == nil && l.N == 0 {
		err = seen.ErrNoReference // a question is public, and would tell of the draft
	}
	if err != nil {
		return seen.Figure{}, err
	}
	seen := seen.Figure{Label: fmt.Sprintf("Load %d, a file of %s", id, office.ShortName(l.Body)), Filter: text.Plain(string(l.Status)), Rows: l.Lines, Loads: []int64{id}, Href: fmt.Sprintf("/spend/loads/%d", id)}
	if l.Shown() {
		seen.Value, seen.Pence = l.Pence.String(), &l.Pence
	}
	return seen, nil
}

// LookLoads looks at what a reference of its kind leads to.
func LookLoads(context.Context, *db.Tx, office.Viewer, string) (seen.Figure, error) {
	return seen.Figure{Ref: "loads", Label: "Files of spend taken in", Href: "/spend/loads"}, nil
}

// LookSupplier looks at all that was paid to a supplier, IT or not.
func LookSupplier(ctx context.Context, tx *db.Tx, v office.Viewer, rest string) (theSeen seen.Figure, err error) {
	slug, err := seen.Name(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	err = WithCube(ctx, tx, func(tx *db.Tx, c *Cube) error {
		at, ok := c.bySlug[slug]
		if !ok {
			return seen.ErrNoReference
		}
		f := payments.Filter{Supplier: slug}
		if theSeen, err = lookAtSpend(ctx, tx, f); err != nil {
			return err
		}
		if theSeen.Rows == 0 && c.root[at] == at {
			return seen.ErrNoReference // no file that stands names it
		}
		theSeen.Ref, theSeen.Label, theSeen.Href = "supplier/"+slug, "Supplier: "+c.supplier(at).Name, "/suppliers/"+slug
		theSeen.Kept, theSeen.Filter = "A supplier of published spend", ""
		return nil
	})
	return theSeen, err
}

// LookRule looks at what one rule decides.
func LookRule(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	id, err := seen.Number(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	r, err := ReadRule(ctx, tx, id)
	if err != nil {
		return seen.Figure{}, err
	}
	seen := seen.Figure{Label: fmt.Sprintf("Rule %d, by which payments are classed", id), Rows: r.Decides.Lines, Href: fmt.Sprintf("/spend/rules/%d", id)}
	if seen.Rows > 0 {
		seen.Value, seen.Pence = r.Decides.Pence.String(), &r.Decides.Pence
	}
	return seen, nil
}

// LookRules looks at what a reference of its kind leads to.
func LookRules(context.Context, *db.Tx, office.Viewer, string) (seen.Figure, error) {
	return seen.Figure{Ref: "rules", Label: "How payments are classed as IT or not", Href: "/spend/rules"}, nil
}
