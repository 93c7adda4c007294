package report

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/seen"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/text"
)

// LookPublication looks at the matrix of months, or at one month of one body.
func LookPublication(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	q, err := url.ParseQuery(strings.TrimPrefix(rest, "?"))
	if err != nil {
		return seen.Figure{}, seen.ErrNoReference
	}
	body, month := q.Get("body"), q.Get("month")
	if body == "" && month == "" {
		return seen.Figure{Ref: "publication", Label: "Which months of spend are published", Href: "/spend/publication"}, nil
	}
	if month == "" {
		b, ok := office.BodyOf(body)
		if !ok || !b.LocalPolicing() {
			return seen.Figure{}, seen.ErrNoReference
		}
		return seen.Figure{Ref: "publication?body=" + b.Slug, Label: "Months of spend that " + b.Short + " published", Href: "/spend/publication/" + b.Slug}, nil
	}
	m, err := civil.ParseMonth(month)
	if err != nil {
		return seen.Figure{}, seen.ErrNoReference
	}
	p, err := ReadPublicationPage(ctx, tx, body, m)
	if err != nil {
		return seen.Figure{}, err
	}
	items := p.Cell.Items()
	return seen.Figure{Ref: "publication?body=" + p.Body.Slug + "&month=" + m.Code(), Label: fmt.Sprintf("Publication by %s for %s", p.Body.Short, m),
		Value: text.Plain(string(p.Cell.State())), Rows: items.Lines, Loads: p.Cell.Loads, Href: "/spend/publication/" + p.Body.Slug + "/" + m.Code()}, nil
}

// LookClaim looks at what a reference of its kind leads to.
func LookClaim(_ context.Context, _ *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	key, err := seen.Name(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	for _, c := range Claims() {
		if c.Key == key {
			return seen.Figure{Label: "Headline figure claimed: " + c.Says, Value: c.Figure, Filter: c.Counts, Href: "/spend/claims#" + key}, nil
		}
	}
	return seen.Figure{}, seen.ErrNoReference
}

// LookClaims looks at what a reference of its kind leads to.
func LookClaims(context.Context, *db.Tx, office.Viewer, string) (seen.Figure, error) {
	return seen.Figure{Ref: "claims", Label: "Competing headline figures of police IT", Rows: int64(len(Claims())), Href: "/spend/claims"}, nil
}

// LookFlags looks at the methods that find reasons to ask, or at one.
func LookFlags(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	if rest == "" {
		return seen.Figure{Label: "Points to check", Href: "/spend/flags"}, nil
	}
	code, err := seen.Name(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	found, err := FindingsOf(ctx, tx, code, nil, 0, 0)
	if err != nil {
		return seen.Figure{}, err
	}
	return seen.Figure{Label: "Point to check: " + found.Method.Name, Value: text.Count(found.Count, "finding", "findings"), Rows: found.Lines, Filter: found.Method.How, Href: "/spend/flags/" + code}, nil
}

// seenLoadsMost is how many files a Seen names. Where more stand behind a
// figure the record tells which did.
const seenLoadsMost = 200

// Snapshot is a snapshot of the database together with its roll-ups.
func Snapshot(ctx context.Context, tx *db.Tx, fn func(tx *db.Tx) error) error {
	return spend.WithCube(ctx, tx, func(tx *db.Tx, _ *spend.Cube) error { return fn(tx) })
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
	err = spend.WithCube(ctx, tx, func(tx *db.Tx, c *spend.Cube) error {
		sp, err := c.AddUp(ctx, tx, f)
		if err != nil {
			return err
		}
		who, _, _ := c.SupplierBy(f.Supplier)
		theSeen = seen.Figure{Ref: payments.Ref(f), Label: f.Label(who.Name), Filter: f.Words(who.Name), Href: "/spend"}
		if q := f.Query().Encode(); q != "" {
			theSeen.Href += "?" + q
		}
		if theSeen.Value = sp.Untold(); theSeen.Value != "" {
			return nil
		}
		theSeen.Value, theSeen.Pence, theSeen.Rows = sp.Total.Pence.String(), &sp.Total.Pence, sp.Total.Lines
		theSeen.Loads, err = loadsBehind(c, f, tx)
		return err
	})
	return theSeen, err
}

// loadsBehind are the standing files that a filter’s lines may be in; none
// where there are too many to name.
func loadsBehind(c *spend.Cube, f payments.Filter, tx *db.Tx) (all []int64, err error) {
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

// LookLine looks at what a reference of its kind leads to.
func LookLine(ctx context.Context, tx *db.Tx, v office.Viewer, rest string) (theSeen seen.Figure, err error) {
	id, err := seen.Number(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	err = spend.WithCube(ctx, tx, func(tx *db.Tx, c *spend.Cube) error {
		from, k, err := spend.FindLine(ctx, tx, v, id)
		if err != nil {
			return err
		}
		if !from.Shown() {
			return seen.ErrNoReference
		}
		line, _ := c.LineFrom(from, id, k)
		what := fmt.Sprintf("Payment %s of %s", text.Thousands(id), office.ShortName(line.Body))
		theSeen = seen.Figure{Label: what + " to " + payeeOf(line), Kept: what, Value: line.Pence.String(), Pence: &line.Pence,
			Rows: 1, Filter: line.Paid.String(), Loads: []int64{line.Load}, Href: fmt.Sprintf("/spend/lines/%d", id)}
		return nil
	})
	return theSeen, err
}

// payeeOf says who was paid, as the page of the payment does.
func payeeOf(l spend.Line) string {
	if l.Payee != payments.Named {
		return "a payee who is " + map[payments.PayeeKind]string{payments.NotStated: "not stated", payments.Redacted: "redacted by the publisher", payments.Withheld: "withheld"}[l.Payee]
	}
	return l.Words()
}

// LookLoad looks at what a reference of its kind leads to.
func LookLoad(ctx context.Context, tx *db.Tx, v office.Viewer, rest string) (seen.Figure, error) {
	id, err := seen.Number(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	l, err := spend.FindLoad(ctx, tx, v, id)
	if err == nil && l.N == 0 {
		err = seen.ErrNoReference // a question is public, and would tell of the draft
	}
	if err != nil {
		return seen.Figure{}, err
	}
	seen := seen.Figure{Label: fmt.Sprintf("Source file %d of %s", id, office.ShortName(l.Body)), Filter: text.Plain(string(l.Status)), Rows: l.Lines, Loads: []int64{id}, Href: fmt.Sprintf("/spend/loads/%d", id)}
	if l.Shown() {
		seen.Value, seen.Pence = l.Pence.String(), &l.Pence
	}
	return seen, nil
}

// LookLoads looks at what a reference of its kind leads to.
func LookLoads(context.Context, *db.Tx, office.Viewer, string) (seen.Figure, error) {
	return seen.Figure{Ref: "loads", Label: "Source files", Href: "/spend/loads"}, nil
}

// LookSupplier looks at all that was paid to a supplier, IT or not.
func LookSupplier(ctx context.Context, tx *db.Tx, v office.Viewer, rest string) (theSeen seen.Figure, err error) {
	slug, err := seen.Name(rest)
	if err != nil {
		return seen.Figure{}, err
	}
	err = spend.WithCube(ctx, tx, func(tx *db.Tx, c *spend.Cube) error {
		p, into, ok := c.SupplierBy(slug)
		if !ok {
			return seen.ErrNoReference
		}
		f := payments.Filter{Supplier: slug}
		if theSeen, err = lookAtSpend(ctx, tx, f); err != nil {
			return err
		}
		if theSeen.Rows == 0 && p.ID == into.ID {
			return seen.ErrNoReference // no file that stands names it
		}
		theSeen.Ref, theSeen.Label, theSeen.Href = "supplier/"+slug, "Supplier: "+p.Name, "/suppliers/"+slug
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
	r, err := spend.ReadRule(ctx, tx, id)
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
