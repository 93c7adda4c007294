package store

import (
	"context"
	"slices"
)

// Tried is who may vote in a decision on a day, as known by an event.
type Tried struct {
	Decision
	Person  int64 // who was asked about; 0 is everyone who could act
	All     []Authority
	Holders []Appointment // of any office on the day
	Facts   Facts
	Kind    Matter
	Band    Band
	KnownOn Day
	Latest  bool // all that is recorded is known
}

// AuthorityIn tells whether a person may act in a decision on a day, as known
// by an event: try anyone, any day. Once the decision was opened, the version of
// the scheme that was in force then stays its rule.
func (s *Store) AuthorityIn(ctx context.Context, v Viewer, ref string, person int64, w When) (t Tried, err error) {
	t.Person, t.Latest = person, w.Event == 0
	err = s.read(ctx, func(s *Store) error {
		if t.Decision, err = s.decision(ctx, v, ref); err != nil {
			return err
		}
		if t.Facts, err = s.factsOf(ctx, s.day(w), w.Event); err != nil {
			return err
		}
		if d := t.Decision; d.Scheme != 0 && d.Scheme != t.Facts.Scheme.Version {
			if t.Facts.Scheme, err = s.scheme(ctx, d.Scheme); err != nil {
				return err
			}
		}
		t.KnownOn, t.Holders = t.Facts.Register.KnownOn, t.Facts.Appointments
		t.try()
		return nil
	})
	return t, err
}

// try works out the authority of everyone who was asked about.
func (t *Tried) try() {
	q := t.Case(Votes)
	t.Kind, t.Band, _ = t.Decision.Band(t.Facts.Scheme.Scheme) // of a matter that is not known, the first finding tells
	people := []int64{t.Person}
	if t.Person == 0 {
		people = t.Facts.couldAct(q, t.Band)
	}
	for _, p := range people {
		t.All = append(t.All, t.Facts.Authority(q, p, 0))
	}
}

// couldAct lists the people who could act for any elector, each once.
func (f Facts) couldAct(q Case, b Band) (people []int64) {
	for _, e := range f.entitled(b) {
		for _, a := range f.actsFor(e.Key, q, b) {
			if !slices.Contains(people, a.Person) {
				people = append(people, a.Person)
			}
		}
	}
	return people
}
