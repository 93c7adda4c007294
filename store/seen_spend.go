package store

import (
	"context"
	"fmt"
	"net/url"
	"strings"
)

// seenLoadsMost is how many files a Seen names. Where more stand behind a
// figure the record tells which did.
const seenLoadsMost = 200

// filterIn reads the filter of a reference.
// withCube is a snapshot of the database together with its roll-ups.
func withCube(ctx context.Context, s *Store, fn func(s *Store) error) error {
	return s.spend(ctx, func(s *Store, _ *cube) error { return fn(s) })
}

func filterIn(rest string) (SpendFilter, error) {
	q, err := url.ParseQuery(strings.TrimPrefix(rest, "?"))
	if err != nil {
		return SpendFilter{}, noReference
	}
	f, err := ParseSpendFilter(q)
	return f.canonical(), err
}

func lookSpend(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	f, err := filterIn(rest)
	if err != nil {
		return Seen{}, err
	}
	return s.lookAtSpend(ctx, f)
}

func (s *Store) lookAtSpend(ctx context.Context, f SpendFilter) (seen Seen, err error) {
	err = s.spend(ctx, func(s *Store, c *cube) error {
		sp, err := c.spend(ctx, s, f)
		if err != nil {
			return err
		}
		if f.Fine() {
			if err := s.addRows(ctx, c, f, &sp); err != nil {
				return err
			}
		}
		name := ""
		if at, ok := c.bySlug[f.Supplier]; ok {
			name = c.supplier(at).Name
		}
		seen = Seen{Ref: SpendRef(f), Label: f.Label(name), Filter: f.Words(name), Href: "/spend"}
		if q := f.Query().Encode(); q != "" {
			seen.Href += "?" + q
		}
		if seen.Value = sp.Untold(); seen.Value != "" {
			return nil
		}
		seen.Value, seen.Pence, seen.Rows = sp.Total.Pence.String(), &sp.Total.Pence, sp.Total.Lines
		seen.Loads, err = c.loadsBehind(f, s)
		return err
	})
	return seen, err
}

// Label is what the total of the filter is.
func (f SpendFilter) Label(supplier string) string {
	label := "Published spend of police bodies"
	if len(f.Class) == 1 && f.Class[0] == IsIT {
		label, f.Class = "Spend on police IT", []Class{}
	}
	if words := f.Words(supplier); words != "" {
		label += ": " + words
	}
	return label
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
func (c *cube) loadsBehind(f SpendFilter, s *Store) (all []int64, err error) {
	sc, err := c.scope(s, f)
	if err != nil {
		return nil, err
	}
	for _, l := range c.loads {
		if !sc.holds(l.Load) {
			continue
		}
		if len(all) == seenLoadsMost {
			return nil, nil
		}
		all = append(all, l.ID)
	}
	return all, nil
}

// holds reports whether a load may hold lines asked for, by its body and periods.
func (sc *scope) holds(l Load) bool {
	if !sc.bodies[bodyIndex(l.Body)] {
		return false
	}
	for _, p := range l.Periods {
		if in, _ := sc.period(packPeriod(p.Period)); in {
			return true
		}
	}
	return false
}

func lookLine(ctx context.Context, s *Store, v Viewer, rest string) (seen Seen, err error) {
	id, err := numberedIn(rest)
	if err != nil {
		return Seen{}, err
	}
	err = s.spend(ctx, func(s *Store, c *cube) error {
		b, err := s.blockOf(ctx, id)
		if err != nil {
			return lineNotFound(err, id)
		}
		from, err := s.Load(ctx, v, b.load)
		if err != nil {
			return lineNotFound(err, id)
		}
		if !from.Shown() {
			return noReference
		}
		l, ok := c.load(b.load)
		if !ok {
			l = &cubeLoad{Load: from}
		}
		line := c.line(l, id, b.lines[id-b.first])
		seen = Seen{Label: fmt.Sprintf("Payment %s of %s to %s", Thousands(id), ShortName(line.Body), payeeOf(line)), Value: line.Pence.String(), Pence: &line.Pence,
			Rows: 1, Filter: line.Paid.String(), Loads: []int64{line.Load}, Href: fmt.Sprintf("/spend/lines/%d", id)}
		return nil
	})
	return seen, err
}

// payeeOf says who was paid, as the page of the payment does.
func payeeOf(l Line) string {
	if l.Payee != Named {
		return "a payee who is " + map[PayeeKind]string{NotStated: "not stated", Redacted: "redacted by the publisher", Withheld: "withheld"}[l.Payee]
	}
	return l.Words()
}

// Shown reports whether everyone may see the load’s lines: it stands, or did.
func (l Load) Shown() bool {
	return l.Status == LoadStanding || l.Status == LoadWithdrawn || l.Status == LoadReplaced
}

func lookLoad(ctx context.Context, s *Store, v Viewer, rest string) (Seen, error) {
	id, err := numberedIn(rest)
	if err != nil {
		return Seen{}, err
	}
	l, err := s.Load(ctx, v, id)
	if err == nil && l.N == 0 {
		err = noReference // a question is public, and would tell of the draft
	}
	if err != nil {
		return Seen{}, err
	}
	seen := Seen{Label: fmt.Sprintf("Load %d, a file of %s", id, ShortName(l.Body)), Filter: Plain(string(l.Status)), Rows: l.Lines, Loads: []int64{id}, Href: fmt.Sprintf("/spend/loads/%d", id)}
	if l.Shown() {
		seen.Value, seen.Pence = l.Pence.String(), &l.Pence
	}
	return seen, nil
}

func lookLoads(context.Context, *Store, Viewer, string) (Seen, error) {
	return Seen{Ref: "loads", Label: "Files of spend taken in", Href: "/spend/loads"}, nil
}

// lookSupplier looks at all that was paid to a supplier, IT or not.
func lookSupplier(ctx context.Context, s *Store, v Viewer, rest string) (seen Seen, err error) {
	slug, err := namedIn(rest)
	if err != nil {
		return Seen{}, err
	}
	err = s.spend(ctx, func(s *Store, c *cube) error {
		at, ok := c.bySlug[slug]
		if !ok {
			return noReference
		}
		f := SpendFilter{Supplier: slug}
		if seen, err = s.lookAtSpend(ctx, f); err != nil {
			return err
		}
		if seen.Rows == 0 && c.root[at] == at {
			return noReference // no file that stands names it
		}
		seen.Ref, seen.Label, seen.Href = "supplier/"+slug, "Supplier: "+c.supplier(at).Name, "/suppliers/"+slug
		return nil
	})
	return seen, err
}

// lookPublication looks at the matrix of months, or at one month of one body.
func lookPublication(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	q, err := url.ParseQuery(strings.TrimPrefix(rest, "?"))
	if err != nil {
		return Seen{}, noReference
	}
	body, month := q.Get("body"), q.Get("month")
	if body == "" && month == "" {
		return Seen{Ref: "publication", Label: "Which months of spend are published", Href: "/spend/publication"}, nil
	}
	if month == "" {
		b, ok := BodyOf(body)
		if !ok || !b.LocalPolicing() {
			return Seen{}, noReference
		}
		return Seen{Ref: "publication?body=" + b.Slug, Label: "Months of spend that " + b.Short + " published", Href: "/spend/publication/" + b.Slug}, nil
	}
	m, err := ParseMonth(month)
	if err != nil {
		return Seen{}, noReference
	}
	p, err := s.PublicationAt(ctx, body, m)
	if err != nil {
		return Seen{}, err
	}
	items := p.Cell.Items()
	return Seen{Ref: "publication?body=" + p.Body.Slug + "&month=" + m.Code(), Label: fmt.Sprintf("Publication by %s for %s", p.Body.Short, m),
		Value: Plain(string(p.Cell.State())), Rows: items.Lines, Loads: p.Cell.Loads, Href: "/spend/publication/" + p.Body.Slug + "/" + m.Code()}, nil
}

func lookClaim(_ context.Context, _ *Store, _ Viewer, rest string) (Seen, error) {
	key, err := namedIn(rest)
	if err != nil {
		return Seen{}, err
	}
	for _, c := range Claims() {
		if c.Key == key {
			return Seen{Label: "Headline figure claimed: " + c.Says, Value: c.Figure, Filter: c.Counts, Href: "/spend/claims#" + key}, nil
		}
	}
	return Seen{}, noReference
}

func lookClaims(context.Context, *Store, Viewer, string) (Seen, error) {
	return Seen{Ref: "claims", Label: "Competing headline figures of police IT", Rows: int64(len(Claims())), Href: "/spend/claims"}, nil
}

// lookFlags looks at the methods that find reasons to ask, or at one.
func lookFlags(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	if rest == "" {
		return Seen{Label: "Reasons to ask about payments", Href: "/spend/flags"}, nil
	}
	code, err := namedIn(rest)
	if err != nil {
		return Seen{}, err
	}
	found, err := s.FindingsOf(ctx, code, nil, 0, 0)
	if err != nil {
		return Seen{}, err
	}
	return Seen{Label: "Reason to ask: " + found.Method.Name, Value: Count(found.Count, "finding", "findings"), Rows: found.Lines, Filter: found.Method.How, Href: "/spend/flags/" + code}, nil
}

// lookRule looks at what one rule decides.
func lookRule(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	id, err := numberedIn(rest)
	if err != nil {
		return Seen{}, err
	}
	r, err := s.RuleOf(ctx, id)
	if err != nil {
		return Seen{}, err
	}
	seen := Seen{Label: fmt.Sprintf("Rule %d, by which payments are classed", id), Rows: r.Decides.Lines, Href: fmt.Sprintf("/spend/rules/%d", id)}
	if seen.Rows > 0 {
		seen.Value, seen.Pence = r.Decides.Pence.String(), &r.Decides.Pence
	}
	return seen, nil
}

func lookRules(context.Context, *Store, Viewer, string) (Seen, error) {
	return Seen{Ref: "rules", Label: "How payments are classed as IT or not", Href: "/spend/rules"}, nil
}
