package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
)

// Facts are what authority is worked out from: how the register, the scheme,
// the offices, the delegations and the interests stood on a day, as known by an
// event.
type Facts struct {
	On           Day
	Known        int64
	Scheme       SchemeVersion // in force on the day; Version 0 is none
	Register     Register
	Appointments []Appointment // in force on the day
	Delegations  []Delegation
	Interests    []Interest

	found *factIndex // made when the facts are read, since much is asked of them
}

// factIndex finds facts by what they are about.
type factIndex struct {
	person    map[int64][]Appointment
	body      map[string][]Appointment
	office    map[int64][]Appointment
	to        map[int64][]Delegation  // by the office that acts, in force or not
	principal map[string][]Delegation // by the body acted for, those in force
	interests map[int64][]Interest
}

// index is the index of the facts; facts that were put together by hand have
// none kept.
func (f Facts) index() *factIndex {
	if f.found != nil {
		return f.found
	}
	x := &factIndex{map[int64][]Appointment{}, map[string][]Appointment{}, map[int64][]Appointment{}, map[int64][]Delegation{}, map[string][]Delegation{}, map[int64][]Interest{}}
	for _, a := range f.Appointments {
		x.person[a.Person] = append(x.person[a.Person], a)
		x.body[a.Office.Body] = append(x.body[a.Office.Body], a)
		x.office[a.Office.ID] = append(x.office[a.Office.ID], a)
	}
	for _, d := range f.Delegations {
		x.to[d.To.ID] = append(x.to[d.To.ID], d)
		if d.InForce(f.On) && Chain(f.Delegations, d, f.On) == nil {
			body := f.principal(d).Body
			x.principal[body] = append(x.principal[body], d)
		}
	}
	for _, i := range f.Interests {
		x.interests[i.Person] = append(x.interests[i.Person], i)
	}
	return x
}

// factCache keeps the facts of the present until an event changes one of them
// or the day does, so that an approval costs little more than its own event.
type factCache struct {
	mu    sync.Mutex
	since int64 // the last event that changed a fact
	last  Facts
}

var presentFacts Slot[factCache]

// factTopics are the topics of the events that change a fact. Votes are none.
const factTopics = `SELECT MAX(n) FROM (SELECT MAX(n) AS n FROM events WHERE topic = 'register' UNION ALL SELECT MAX(n) FROM events WHERE topic = 'appointment'
	UNION ALL SELECT MAX(n) FROM events WHERE topic = 'delegation' UNION ALL SELECT MAX(n) FROM events WHERE topic = 'interest'
	UNION ALL SELECT MAX(n) FROM events WHERE topic = 'scheme' UNION ALL SELECT MAX(n) FROM events WHERE topic = 'programme'
	UNION ALL SELECT MAX(n) FROM events WHERE topic = 'handover' UNION ALL SELECT MAX(n) FROM events WHERE topic = 'person') AS changed`

// Facts reads the facts of a day, as known by an event; 0 is all that is recorded.
func (s *Store) Facts(ctx context.Context, on Day, known int64) (f Facts, err error) {
	err = s.read(ctx, func(s *Store) error { f, err = s.factsOf(ctx, on, known); return err })
	return f, err
}

func (s *Store) factsOf(ctx context.Context, on Day, known int64) (Facts, error) {
	h, err := s.Head(ctx)
	if err != nil {
		return Facts{}, err
	}
	if known != 0 && known < h.Size {
		return s.pastFacts(ctx, on, known)
	}
	since, err := one(ctx, s, scanInto[int64], factTopics)
	if err != nil {
		return Facts{}, err
	}
	cache := presentFacts.Of(s)
	cache.mu.Lock()
	last, same := cache.last, cache.since == since
	cache.mu.Unlock()
	if same && last.On == on {
		last.Known, last.Register.Known = h.Size, h.Size
		return last, nil
	}
	f := Facts{On: on, Known: h.Size}
	if f.Register, err = s.Register(ctx, When{Day: on}); err != nil {
		return f, err
	}
	f.Appointments, err = list(ctx, s, scanAppointment, `SELECT `+appointmentCols+appointmentFrom+`WHERE a.status = 'confirmed' AND a.from_day <= $1
		AND (a.to_day = '' OR a.to_day >= $1) ORDER BY a.id`, on)
	if err != nil {
		return f, err
	}
	if f.Delegations, err = s.delegationsAt(ctx, 0); err != nil {
		return f, err
	}
	if f.Interests, err = s.interestsAt(ctx, 0); err != nil {
		return f, err
	}
	if f.Scheme, err = s.schemeOn(ctx, on, 0); err != nil || s.Moved() {
		return f, err
	}
	f.found = f.index()
	cache.mu.Lock()
	cache.since, cache.last = since, f
	cache.mu.Unlock()
	return f, nil
}

// pastFacts reads the facts of a day from the record, as known by an event.
func (s *Store) pastFacts(ctx context.Context, on Day, known int64) (Facts, error) {
	f := Facts{On: on, Known: known}
	var err error
	if f.Register, err = s.Register(ctx, When{Day: on, Event: known}); err != nil {
		return f, err
	}
	all, err := pastRows[Appointment](ctx, s, "appointment", known)
	if err != nil {
		return f, err
	}
	names, err := s.namesOfPeople(ctx)
	if err != nil {
		return f, err
	}
	for _, a := range all {
		if a.InForce(on) {
			a.Name = names[a.Person]
			f.Appointments = append(f.Appointments, a)
		}
	}
	slices.SortFunc(f.Appointments, func(a, b Appointment) int { return cmp.Compare(a.ID, b.ID) })
	if f.Delegations, err = s.delegationsAt(ctx, known); err != nil {
		return f, err
	}
	if f.Interests, err = s.interestsAt(ctx, known); err != nil {
		return f, err
	}
	if f.Scheme, err = s.schemeOn(ctx, on, known); err != nil {
		return f, err
	}
	f.found = f.index()
	return f, nil
}

// namesOfPeople are the names that are not erased.
func (s *Store) namesOfPeople(ctx context.Context) (map[int64]string, error) {
	all, err := list(ctx, s, scanPerson, `SELECT `+personCols+` FROM people`)
	names := make(map[int64]string, len(all))
	for _, p := range all {
		names[p.ID] = p.Name
	}
	return names, err
}

// held are the appointments of a person that are in force.
func (f Facts) held(person int64) []Appointment { return f.index().person[person] }

// offices are the offices that a person holds.
func (f Facts) offices(person int64) (all []Office) {
	for _, a := range f.held(person) {
		all = append(all, a.Office)
	}
	return all
}

// at are the appointments to offices of some kinds at a body.
func (f Facts) at(body string, kinds []OfficeKind) (all []Appointment) {
	for _, a := range f.index().body[body] {
		if slices.Contains(kinds, a.Office.Kind) {
			all = append(all, a)
		}
	}
	return all
}

// excluded finds the interest that keeps a person out of a matter.
func (f Facts) excluded(person int64, q Case) (Interest, bool) {
	for _, i := range f.index().interests[person] {
		declared := q.Decision != "" && i.Decision == q.Decision && i.InForce(f.On)
		if declared || i.Matches(q.Companies, f.On) {
			return i, true
		}
	}
	return Interest{}, false
}

func (i Interest) fact() string {
	if i.Company == "" {
		return fmt.Sprintf("declared for this matter: %s", i.Name)
	}
	return fmt.Sprintf("%s, company number %s, from %s", i.Name, i.Company, i.First)
}
