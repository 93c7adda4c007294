package store

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Powers is who may decide what on a day, as known by an event.
type Powers struct {
	Facts    Facts
	Versions []SchemeVersion // of the scheme, known then, oldest first
	Kinds    []Matter        // of every version, each once
}

// Powers reads the scheme of authority that is in force on a day, with the
// register that its consents are asked for by.
func (s *Store) Powers(ctx context.Context, w When) (p Powers, err error) {
	err = s.read(ctx, func(s *Store) error { p, err = s.powers(ctx, w); return err })
	return p, err
}

func (s *Store) powers(ctx context.Context, w When) (p Powers, err error) {
	if p.Facts, err = s.factsOf(ctx, s.day(w), w.Event); err != nil {
		return p, err
	}
	if p.Facts.Register.Latest {
		p.Facts.Register.Known = p.Facts.Known // it may have been kept since an earlier event
	}
	if p.Versions, err = s.schemes(ctx, w.Event); err != nil {
		return p, err
	}
	p.Kinds, err = s.matters(ctx)
	return p, err
}

// Holding lists the rights in force by which a consent to a matter is asked for.
func (f Facts) Holding(consent string) (all []Right) {
	for _, r := range f.Register.Rights {
		if r.Kind == Consent && r.Matter == consent {
			all = append(all, r)
		}
	}
	return all
}

// Actor is somebody who could act in a matter, in a role.
type Actor struct {
	Role    Role     `json:"role"`
	View    ViewKind `json:"view,omitempty"`
	Consent string   `json:"consent,omitempty"`
	Authority
}

// Whoever is who may act in a matter on a day, with the working.
type Whoever struct {
	Powers
	Case     Case
	Matter   Matter // without a key where the scheme in force knows none
	Band     Band
	Tallies  []Tally // how it stands before anyone voted, one for each way
	Consents []ConsentWanted
	All      []Actor // in the order in which they act
}

// WhoMay works out who may propose a matter, give the views on it, decide it
// and consent to it on a day, as known by an event.
func (s *Store) WhoMay(ctx context.Context, q Case, w When) (a Whoever, err error) {
	err = s.read(ctx, func(s *Store) error {
		if a.Powers, err = s.powers(ctx, w); err != nil {
			return err
		}
		a.Matter, _ = a.Facts.Scheme.Matter(q.Matter)
		if a.Case, err = a.asked(q); err != nil || a.Matter.Key == "" {
			return err
		}
		var ok bool
		if a.Band, ok = a.Matter.Band(q.Value, false); ok {
			a.fill()
		}
		return nil
	})
	return a, err
}

// asked tidies a question and says what is wrong with it.
func (a Whoever) asked(q Case) (Case, error) {
	var f Faults
	if !slices.ContainsFunc(a.Kinds, func(m Matter) bool { return m.Key == q.Matter }) {
		f.Add("matter", "Choose the kind of matter from the list.")
	}
	switch {
	case q.Value < 0 || a.Matter.Valued && q.Value == 0:
		f.Add("value", "Give the whole-life value in pounds, more than nothing: who decides goes by it.")
	case q.Value > maxValue:
		f.Add("value", "Give a value of %s or less.", maxValue)
	}
	for i, typed := range q.Companies {
		number, ok := CompanyNumber(typed)
		if !ok {
			f.Add("company", "%q is not a company number: it has eight characters, like 01234567 or SC123456.", short(typed))
		}
		q.Companies[i] = number
	}
	return q, f.Err()
}

// fill asks the one function of authority about everyone who could act.
func (a *Whoever) fill() {
	f, q := a.Facts, a.Case
	add := func(role Role, p Appointment, wanted func(Authority) bool) {
		q.Role, q.Way = role, a.Band.Ways[0]
		if got := f.Authority(q, p.Person, p.Office.ID); wanted == nil || wanted(got) {
			a.All = append(a.All, Actor{Role: role, View: q.View, Consent: q.Consent, Authority: got})
		}
	}
	for _, p := range f.couldBe(f.Scheme.Proposers, "") {
		add(Proposes, p, nil)
	}
	for _, q.View = range a.Band.Views {
		v, _ := f.Scheme.View(q.View)
		for _, p := range f.couldBe(v.Offices, FunctionView) {
			add(Views, p, nil)
		}
	}
	q.View = ""
	for _, way := range a.Band.Ways {
		q.Role, q.Way = Votes, way
		a.Tallies = append(a.Tallies, f.tally(q, a.Band, nil, nil))
	}
	for _, e := range a.Tallies[0].Electors {
		for _, p := range f.actsFor(e.Key, q, a.Band) {
			add(Votes, p, nil)
		}
	}
	a.Consents = f.consents(a.Band, nil)
	for _, c := range a.Consents {
		q.Consent = c.Matter
		for _, p := range f.couldBe(f.Scheme.MemberOffices, FunctionConsent) {
			add(Consents_, p, func(got Authority) bool { return got.Elector == c.Body })
		}
	}
}

// couldBe lists the appointments to offices of some kinds, and to those that a
// delegation of a function which is in force names.
func (f Facts) couldBe(kinds []OfficeKind, function string) []Appointment {
	return slices.DeleteFunc(slices.Clone(f.Appointments), func(a Appointment) bool {
		return !slices.Contains(kinds, a.Office.Kind) && (function == "" || !slices.ContainsFunc(f.Delegations, func(d Delegation) bool {
			return d.Function == function && d.To.ID == a.Office.ID && d.InForce(f.On) && slices.Contains(kinds, f.principal(d).Kind)
		}))
	})
}

// For names whom the person would act for: a body, a director's seat, or the
// body of the office itself.
func (g Actor) For(n Names) string {
	switch {
	case strings.HasPrefix(g.Elector, "seat "):
		return "director’s " + g.Elector
	case g.Elector != "":
		return n.Of(g.Elector)
	}
	return n.Of(g.Office.Body)
}

// DiffersPage is the acts of one page of ballots whose authority would differ
// if asked today.
type DiffersPage struct {
	All    []DiffersAt
	Looked int   // ballots that were looked at
	Next   int64 // before of the next page, 0 on the last
	Known  int64
}

// DiffersAt is such an act, with the decision that it was done in.
type DiffersAt struct {
	Differing
	Decision Decision
}

// Differing asks again, newest first, by what authority each ballot before one
// was cast, against all that is known today. What was done stays valid as known
// then. A page looks at so many ballots; 0 begins with the newest.
func (s *Store) Differing(ctx context.Context, before int64, most int) (p DiffersPage, err error) {
	err = s.read(ctx, func(s *Store) error {
		h, err := s.Head(ctx)
		if err != nil {
			return err
		}
		p.Known = h.Size
		if before == 0 {
			before = math.MaxInt64
		}
		all, err := list(ctx, s, scanBallot, fmt.Sprintf(`SELECT %s%sWHERE b.id < $1 ORDER BY b.id DESC LIMIT %d`, ballotCols, ballotFrom, most+1), before)
		if err != nil {
			return err
		}
		if len(all) > most {
			all = all[:most]
			p.Next = all[most-1].ID
		}
		p.Looked = len(all)
		for _, b := range all {
			if err := s.differs(ctx, &p, b); err != nil {
				return err
			}
		}
		return nil
	})
	return p, err
}

func (s *Store) differs(ctx context.Context, p *DiffersPage, b Ballot) error {
	today, err := s.askAgainOf(ctx, b, 0)
	if err != nil || today.May == b.Authority.May {
		return err
	}
	d, err := one(ctx, s, scanDecision, `SELECT `+decisionCols+` FROM decisions WHERE id = $1`, b.Decision)
	p.All = append(p.All, DiffersAt{Differing{b, today}, d})
	return err
}
