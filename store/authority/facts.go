package authority

import (
	"fmt"
	"slices"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/register"
)

// Facts are what authority is worked out from: how the register, the scheme,
// the offices, the delegations and the interests stood on a day, as known by an
// event.
type Facts struct {
	On           civil.Day
	Known        int64
	Scheme       SchemeVersion // in force on the day; Version 0 is none
	Register     register.Register
	Appointments []office.Appointment // in force on the day
	Delegations  []Delegation
	Interests    []Interest

	Found *factIndex // made when the facts are read, since much is asked of them
}

// factIndex finds facts by what they are about.
type factIndex struct {
	person    map[int64][]office.Appointment
	body      map[string][]office.Appointment
	office    map[int64][]office.Appointment
	to        map[int64][]Delegation  // by the office that acts, in force or not
	principal map[string][]Delegation // by the body acted for, those in force
	interests map[int64][]Interest
}

// Index is the index of the facts; facts that were put together by hand have
// none kept.
func (f Facts) Index() *factIndex {
	if f.Found != nil {
		return f.Found
	}
	x := &factIndex{map[int64][]office.Appointment{}, map[string][]office.Appointment{}, map[int64][]office.Appointment{}, map[int64][]Delegation{}, map[string][]Delegation{}, map[int64][]Interest{}}
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

// held are the appointments of a person that are in force.
func (f Facts) held(person int64) []office.Appointment { return f.Index().person[person] }

// offices are the offices that a person holds.
func (f Facts) offices(person int64) (all []office.Office) {
	for _, a := range f.held(person) {
		all = append(all, a.Office)
	}
	return all
}

// at are the appointments to offices of some kinds at a body.
func (f Facts) at(body string, kinds []office.Kind) (all []office.Appointment) {
	for _, a := range f.Index().body[body] {
		if slices.Contains(kinds, a.Office.Kind) {
			all = append(all, a)
		}
	}
	return all
}

// Excluded finds the interest that keeps a person out of a matter.
func (f Facts) Excluded(person int64, q Case) (Interest, bool) {
	for _, i := range f.Index().interests[person] {
		declared := q.Decision != "" && i.Decision == q.Decision && i.InForce(f.On)
		if declared || i.Matches(q.Companies, f.On) {
			return i, true
		}
	}
	return Interest{}, false
}

func (i Interest) fact() string {
	if i.Company == "" {
		return fmt.Sprintf("declared for this decision: %s", i.Name)
	}
	return fmt.Sprintf("%s, company number %s, from %s", i.Name, i.Company, i.First)
}
