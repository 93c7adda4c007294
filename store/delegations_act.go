package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

const delegationCols = `d.id, f.id, f.body, f.kind, f.title, f.seat, t.id, t.body, t.kind, t.title, t.seat,
	d.function, d.matter, d.limited, d.most, d.first_day, d.last_day, d.may_pass_on, d.passed_on, d.made_by, d.n, d.ended_by`

const delegationFrom = ` FROM delegations d JOIN offices f ON f.id = d.from_office JOIN offices t ON t.id = d.to_office `

func scanDelegation(r row) (d Delegation, err error) {
	return d, r.Scan(slices.Concat([]any{&d.ID}, d.From.into(), d.To.into(), []any{&d.Function, &d.Matter, &d.Limited, &d.Limit, &d.First, &d.Last,
		&d.MayPassOn, &d.PassedOn, &d.MadeBy, &d.N, &d.EndedBy})...)
}

func (d Delegation) subject() string { return fmt.Sprintf("delegation/%d", d.ID) }

// delegationLedger holds the delegations to the record.
var delegationLedger = ledger{"delegation", func(ctx context.Context, s *Store) (map[string]any, error) {
	return rowsOf(ctx, s, scanDelegation, `SELECT `+delegationCols+delegationFrom, func(d Delegation) (string, any) { return d.subject(), d })
}}

// Delegations lists all that were made, in force or not, by number.
func (s *Store) Delegations(ctx context.Context, at Moment) ([]Delegation, error) {
	switch {
	case !at.Past:
		return s.delegationsAt(ctx, 0)
	case at.Event == 0:
		return nil, nil
	}
	return s.delegationsAt(ctx, at.Event)
}

// delegationsAt are all delegations as known by an event; 0 is all that is recorded.
func (s *Store) delegationsAt(ctx context.Context, known int64) (all []Delegation, err error) {
	if known != 0 {
		all, err = pastRows[Delegation](ctx, s, "delegation", known)
	} else {
		all, err = list(ctx, s, scanDelegation, `SELECT `+delegationCols+delegationFrom)
	}
	slices.SortFunc(all, func(a, b Delegation) int { return cmp.Compare(a.ID, b.ID) })
	return all, err
}

// Delegation finds one delegation. One that was made after the moment is not found.
func (s *Store) Delegation(ctx context.Context, at Moment, id int64) (Delegation, error) {
	if at.Past {
		return thingThen[Delegation](ctx, s, fmt.Sprintf("delegation/%d", id), at)
	}
	return one(ctx, s, scanDelegation, `SELECT `+delegationCols+delegationFrom+`WHERE d.id = $1`, id)
}

// DelegationFilter chooses delegations. Empty fields choose those in force.
type DelegationFilter struct {
	Body string // of either office
	All  bool   // also those that have ended, begin later or lost their force
}

// Standing is a delegation with whether it has force on a day.
type Standing struct {
	Delegation
	Why string // it has none; "" when it has
}

func standing(all []Delegation, d Delegation, on Day) Standing {
	if err := Chain(all, d, on); err != nil {
		return Standing{d, err.Error()}
	}
	return Standing{d, ""}
}

// DelegationList lists the delegations that a filter chooses, by number.
func (s *Store) DelegationList(ctx context.Context, at Moment, f DelegationFilter) (chosen []Standing, err error) {
	all, err := s.Delegations(ctx, at)
	on := cmp.Or(at.Day, DayOf(s.Now()))
	for _, d := range all {
		stands := standing(all, d, on)
		if (f.Body == "" || d.From.Body == f.Body || d.To.Body == f.Body) && (f.All || stands.Why == "") {
			chosen = append(chosen, stands)
		}
	}
	return chosen, err
}

// DelegationAt is one delegation as its page shows it, read at one time.
type DelegationAt struct {
	Standing
	Up      []Standing // that it was passed on from, the nearest first
	Down    []Standing // that pass it on
	History Listing
}

// DelegationAt reads the page of a delegation at a moment, with up to most of
// its events.
func (s *Store) DelegationAt(ctx context.Context, at Moment, id int64, most int) (a DelegationAt, err error) {
	err = s.read(ctx, func(s *Store) error {
		d, err := s.Delegation(ctx, at, id)
		if err != nil {
			return err
		}
		all, err := s.Delegations(ctx, at)
		if err != nil {
			return err
		}
		on := cmp.Or(at.Day, DayOf(s.Now()))
		a = DelegationAt{Standing: standing(all, d, on)}
		for _, p := range ancestors(all, d) {
			a.Up = append(a.Up, standing(all, p, on))
		}
		for _, c := range all {
			if c.PassedOn == id {
				a.Down = append(a.Down, standing(all, c, on))
			}
		}
		a.History, err = s.Listing(ctx, EventFilter{Subject: d.subject(), UpTo: at.Day}, most)
		return err
	})
	return a, err
}

// ancestors are the delegations that d was passed on from, the nearest first.
func ancestors(all []Delegation, d Delegation) (up []Delegation) {
	for range all {
		i := slices.IndexFunc(all, func(p Delegation) bool { return d.PassedOn != 0 && p.ID == d.PassedOn })
		if i < 0 {
			break
		}
		d = all[i]
		up = append(up, d)
	}
	return up
}

// ForeseeDelegation is a delegation as Delegate would make it, or why it would
// not. A forbidden delegate is a fault of the office that was chosen.
func (s *Store) ForeseeDelegation(ctx context.Context, by Viewer, d Delegation) (Delegation, error) {
	err := s.read(ctx, func(s *Store) (err error) {
		all, err := s.Delegations(ctx, Moment{})
		if err != nil {
			return err
		}
		if d, err = s.delegating(ctx, by, d, all); err != nil {
			return err
		}
		if err = s.permitted(ctx, d, all); KindOf(err) == Forbidden {
			err = Field("office", "%s", err)
		}
		return err
	})
	return d, err
}

// Delegate lets another office act for the one that by acts in, and returns the
// number of the delegation. Of d, it takes the office, the function, the matter,
// the limit, the days, whether it may be passed on, and which it passes on.
func (s *Store) Delegate(ctx context.Context, by Viewer, d Delegation) (id int64, err error) {
	err = s.write(ctx, func(s *Store) error {
		all, err := s.Delegations(ctx, Moment{})
		if err != nil {
			return err
		}
		d, err := s.delegating(ctx, by, d, all)
		if err != nil {
			return err
		}
		if err := s.permitted(ctx, d, all); err != nil {
			return err
		}
		act := "delegation.make"
		if d.PassedOn != 0 {
			act = "delegation.pass-on"
		}
		d.ID, d.MadeBy, d.N = 1, by.Person, s.nextEvent()
		if len(all) > 0 {
			d.ID = all[len(all)-1].ID + 1
		}
		id = d.ID
		if err := s.change(ctx, `INSERT INTO delegations (id, from_office, to_office, function, matter, limited, most, first_day, last_day, may_pass_on, passed_on, made_by, n, ended_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0)`,
			d.ID, d.From.ID, d.To.ID, d.Function, d.Matter, d.Limited, d.Limit, d.First, d.Last, d.MayPassOn, d.PassedOn, d.MadeBy, d.N); err != nil {
			return err
		}
		_, err = s.record(ctx, by, act, d.subject(), about(d.From.Body), now(d.subject(), d))
		return err
	})
	return id, err
}

// delegating is a delegation as by would make it, with its offices as they are
// kept, or what is wrong with it. all are those that there are.
func (s *Store) delegating(ctx context.Context, by Viewer, d Delegation, all []Delegation) (Delegation, error) {
	today := DayOf(s.Now())
	d = d.terms()
	if d.PassedOn == 0 && !by.Can(DelegateOffice) {
		return d, Forbidden.Errorf("The office you act in does not delegate.")
	}
	var parent Delegation
	if d.PassedOn != 0 {
		i := slices.IndexFunc(all, func(p Delegation) bool { return p.ID == d.PassedOn })
		if i < 0 {
			return d, NotFound.Errorf("There is no delegation %d to pass on.", d.PassedOn)
		}
		parent = all[i]
		if err := parent.MayPass(by, today); err != nil {
			return d, err
		}
	}
	d.From = by.Office
	d, err := d.check(today)
	var f Faults
	if err := f.Take("", err); err != nil {
		return d, err
	}
	if err := f.Take("matter", s.knownMatter(ctx, d.Matter)); err != nil {
		return d, err
	}
	if d.From, d.To, err = s.bothOffices(ctx, d, &f); err != nil {
		return d, err
	}
	if err := f.Err(); err != nil {
		return d, err
	}
	return d, d.fits(parent, all)
}

// knownMatter refuses a kind of matter that no version of the scheme has.
func (s *Store) knownMatter(ctx context.Context, key string) error {
	if key == "" || !matterKey.MatchString(key) {
		return nil // every kind, or a fault that was told already
	}
	all, err := s.matters(ctx)
	var keys []string
	for _, m := range all {
		if m.Key == key {
			return err
		}
		keys = append(keys, m.Key)
	}
	return cmp.Or(err, Field("matter", "The scheme of authority has no kind of matter “%s”. Write one of: %s.", key, strings.Join(keys, ", ")))
}

// bothOffices finds the offices of a delegation by their numbers.
func (s *Store) bothOffices(ctx context.Context, d Delegation, f *Faults) (from, to Office, err error) {
	if from, err = s.Office(ctx, d.From.ID); err != nil {
		return from, to, err
	}
	to, found, err := maybe(ctx, s, scanOffice, `SELECT `+officeCols+` FROM offices o WHERE o.id = $1`, d.To.ID)
	if err == nil && !found {
		f.Add("office", "Choose an office from the list.")
	}
	return from, to, err
}

// fits says why a delegation cannot stand among all that there are, or nil.
// parent is the one that it passes on, if it does.
func (d Delegation) fits(parent Delegation, all []Delegation) error {
	if d.PassedOn != 0 {
		if err := cmp.Or(d.within(parent), d.inTime(parent), Chain(all, parent, d.First)); err != nil {
			return err
		}
	}
	for _, had := range all {
		if had.terms() == d {
			return Conflict.Errorf("Delegation %d says exactly this already.", had.ID)
		}
	}
	return nil
}

// permitted refuses a forbidden delegate of the office that delegated first:
// the office itself, or whoever holds it while the delegation runs.
func (s *Store) permitted(ctx context.Context, d Delegation, all []Delegation) error {
	first := d
	if up := ancestors(all, d); len(up) > 0 {
		first = up[len(up)-1]
	}
	also, err := list(ctx, s, scanOffice, `SELECT DISTINCT `+officeCols+` FROM appointments h JOIN appointments a ON a.person = h.person JOIN offices o ON o.id = a.office
		WHERE h.office = $1 AND h.status = 'confirmed' AND a.status = 'confirmed'
		AND (h.to_day = '' OR h.to_day >= $2) AND (a.to_day = '' OR a.to_day >= $2) AND h.from_day <= $3 AND a.from_day <= $3 ORDER BY o.id`,
		d.To.ID, d.First, cmp.Or(d.Last, "9999"))
	if err != nil {
		return err
	}
	return ForbiddenDelegate(first.From, d.To, also)
}

// EndDelegation sets the last day of a delegation. An end before yesterday is
// refused: what was done under it stays done under it.
func (s *Store) EndDelegation(ctx context.Context, by Viewer, id int64, last Day) error {
	return s.write(ctx, func(s *Store) error {
		d, err := s.Delegation(ctx, Moment{}, id)
		if err != nil {
			return err
		}
		today, before := DayOf(s.Now()), d.Last
		if err := d.MayEnd(by, today); err != nil {
			return err
		}
		var f Faults
		checkDay(&f, "to", "the last day of the delegation", last)
		switch {
		case len(f) > 0:
		case last < today.Add(-1):
			f.Add("to", "The last day cannot be before yesterday: what was done under the delegation stays done under it.")
		case last < d.First.Add(-1):
			f.Add("to", "The delegation begins on %s: the last day cannot be earlier than the day before.", d.First)
		case before != "" && last >= before:
			f.Add("to", "The delegation ends on %s already: give an earlier day, or leave it as it is.", before)
		}
		if err := f.Err(); err != nil {
			return err
		}
		d.Last, d.EndedBy = last, by.Person
		if err := s.change(ctx, `UPDATE delegations SET last_day = $1, ended_by = $2 WHERE id = $3 AND last_day = $4`, d.Last, d.EndedBy, id, before); err != nil {
			return err
		}
		_, err = s.record(ctx, by, "delegation.end", d.subject(), about(d.From.Body), now(d.subject(), d))
		return err
	})
}
