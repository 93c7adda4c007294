package office

import (
	"context"
	"maps"
	"slices"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
)

// Chain is every appointment there is or was, by person: who put whom in place.
// From it follows whether two persons are independent of each other.
type Chain map[int64][]Appointment

// ReadChain reads the chain of all appointments.
func ReadChain(ctx context.Context, tx *db.Tx) (Chain, error) {
	all, err := db.List(ctx, tx, ScanAppointment, `SELECT `+AppointmentCols+AppointmentFrom+`ORDER BY a.id`)
	return ChainOf(all), err
}

// ChainOf is the chain of some appointments.
func ChainOf(all []Appointment) Chain {
	c := Chain{}
	for _, a := range all {
		c[a.Person] = append(c[a.Person], a)
	}
	return c
}

// stands reports whether whoever made an appointment, or whoever confirmed it,
// leads to the command line.
func (c Chain) stands(a Appointment, tainted, met map[int64]bool) bool {
	return c.reaches(a.MadeBy, tainted, met) || a.ConfirmedBy != 0 && c.reaches(a.ConfirmedBy, tainted, met)
}

// Independent reports whether a person counts as a second person beside
// another: an office that they hold on a day was made or confirmed by people who
// lead back to the command line without passing the other, or anybody on whose
// word alone the other stands.
func (c Chain) Independent(person, of int64, on civil.Day) bool {
	if person == 0 || person == of {
		return false
	}
	if of == 0 {
		return true
	}
	tainted, met := c.behind(of), map[int64]bool{}
	return !tainted[person] && slices.ContainsFunc(c[person], func(a Appointment) bool {
		return a.InForce(on) && c.stands(a, tainted, met)
	})
}

// reaches reports whether a backer leads to the command line by people of whom
// none is tainted. A person who was met before leads nowhere new.
func (c Chain) reaches(person int64, tainted, met map[int64]bool) bool {
	if person == 0 {
		return true
	}
	if tainted[person] || met[person] {
		return false
	}
	met[person] = true
	return slices.ContainsFunc(c[person], func(a Appointment) bool {
		return a.Status == Confirmed && c.stands(a, tainted, met)
	})
}

// behind are a person and all on whose word alone they hold their offices: who
// made them, where nobody confirmed it or somebody of the same people did.
// Someone who holds one office by right stands by themselves.
func (c Chain) behind(person int64) map[int64]bool {
	return c.behindOf(person, map[int64]map[int64]bool{})
}

func (c Chain) behindOf(person int64, known map[int64]map[int64]bool) map[int64]bool {
	if had := known[person]; had != nil {
		return had
	}
	all := map[int64]bool{person: true}
	known[person] = map[int64]bool{person: true} // while it is worked out
	defer func() { known[person] = all }()
	for _, a := range c[person] {
		if a.Status != Confirmed {
			continue
		}
		alone := map[int64]bool{}
		if a.MadeBy != 0 {
			alone = maps.Clone(c.behindOf(a.MadeBy, known))
		}
		if a.ConfirmedBy != 0 {
			also := c.behindOf(a.ConfirmedBy, known)
			maps.DeleteFunc(alone, func(p int64, _ bool) bool { return !also[p] })
		}
		if len(alone) == 0 {
			all = map[int64]bool{person: true}
			break
		}
		maps.Copy(all, alone)
	}
	return all
}

// SecondPerson says whether v counts as the second person at a body for what
// another person began on a day, or why not.
func (c Chain) SecondPerson(v Viewer, body string, maker int64, on civil.Day) error {
	if !v.Can(ConfirmAppointments) || v.Office.Body != body {
		return fault.Forbidden.Errorf("Only a second person with a role at %s can confirm this.", ShortName(body))
	}
	return c.Apart(v, maker, on)
}

// Apart says why v does not count as another person beside the one who began
// something on a day, nil where they do. Persons are compared, not offices.
func (c Chain) Apart(v Viewer, maker int64, on civil.Day) error {
	switch {
	case v.Person == maker:
		return fault.Forbidden.Errorf("You began this, so another person must confirm it.")
	case !c.Independent(v.Person, maker, on):
		return fault.Forbidden.Errorf("You were appointed by the person who began this, so someone else must confirm it.")
	}
	return nil
}

// Seconds are the people at a body who could be the second person today for
// what another began, one appointment for each, leaving out some.
func (c Chain) Seconds(body string, maker int64, on civil.Day, but ...int64) (can []Appointment) {
	for _, all := range c {
		for _, a := range all {
			v := Viewer{Person: a.Person, Office: a.Office}
			if a.InForce(on) && !slices.Contains(but, a.Person) && c.SecondPerson(v, body, maker, on) == nil {
				can = append(can, a)
				break
			}
		}
	}
	slices.SortFunc(can, func(a, b Appointment) int { return int(a.ID - b.ID) })
	return can
}
