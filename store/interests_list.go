package store

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// Declared is an interest with whose it is: their name, "" once it is erased,
// and the offices that they hold on the day.
type Declared struct {
	Interest
	Holder  string   `json:"name,omitempty"`
	Offices []Office `json:"offices"`
	Touched []Touch  `json:"-"` // acts that it would have kept its holder out of; read only before it is declared
}

// InterestFilter chooses interests. Empty fields choose those in force.
type InterestFilter struct {
	Person  int64
	Body    string // at which the person holds an office on the day
	Company string // number
	Words   string // all of them in the company, the nature, or the name or an office of the person
	All     bool   // also those that have ended or begin later
}

func (f InterestFilter) has(d Declared, on Day, words []string) bool {
	number, ok := CompanyNumber(f.Company)
	if f.Person != 0 && d.Person != f.Person || f.Company != "" && (!ok || d.Company != number) || !f.All && !d.InForce(on) ||
		f.Body != "" && !slices.ContainsFunc(d.Offices, func(o Office) bool { return o.Body == f.Body }) {
		return false
	}
	if len(words) == 0 {
		return true
	}
	said := []string{d.Holder, d.Name, d.Nature, d.Company, d.Decision}
	for _, o := range d.Offices {
		said = append(said, o.Title, ShortName(o.Body))
	}
	folded := Fold(strings.Join(said, " "))
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(folded, w) })
}

// Interests lists the interests that a filter chooses, by whose they are: by
// name, those of erased people last, each person’s by their first day.
func (s *Store) Interests(ctx context.Context, f InterestFilter, at Moment) (chosen []Declared, err error) {
	err = s.read(ctx, func(s *Store) error {
		chosen, err = s.declared(ctx, f, at)
		return err
	})
	slices.SortFunc(chosen, func(a, b Declared) int {
		return cmp.Or(cmp.Compare(cmp.Or(Fold(a.Holder), "\U0010FFFF"), cmp.Or(Fold(b.Holder), "\U0010FFFF")), cmp.Compare(a.Person, b.Person),
			cmp.Compare(a.First, b.First), cmp.Compare(a.ID, b.ID))
	})
	return chosen, err
}

func (s *Store) declared(ctx context.Context, f InterestFilter, at Moment) (chosen []Declared, err error) {
	if at.Past && at.Event == 0 {
		return nil, nil
	}
	known := int64(0)
	if at.Past {
		known = at.Event
	}
	all, err := s.interestsAt(ctx, known)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	on := cmp.Or(at.Day, DayOf(s.Now()))
	held, err := s.heldOn(ctx, on, known)
	if err != nil {
		return nil, err
	}
	names, err := s.holders(ctx)
	words := soughtWords(f.Words)
	for _, i := range all {
		if d := (Declared{i, names[i.Person], append([]Office{}, held[i.Person]...), nil}); f.has(d, on, words) {
			chosen = append(chosen, d)
		}
	}
	return chosen, err
}

// holders are the names, where they are not erased, of whoever has a register
// of interests.
func (s *Store) holders(ctx context.Context) (map[int64]string, error) {
	all, err := list(ctx, s, scanPerson, `SELECT `+personCols+` FROM people WHERE id IN (SELECT person FROM interests)`)
	names := make(map[int64]string, len(all))
	for _, p := range all {
		names[p.ID] = p.Name
	}
	return names, err
}

// heldOn are the offices that people hold on a day, as known by an event; 0 is
// all that is recorded.
func (s *Store) heldOn(ctx context.Context, on Day, known int64) (map[int64][]Office, error) {
	read := func() ([]Appointment, error) {
		if known != 0 {
			return pastRows[Appointment](ctx, s, "appointment", known)
		}
		return list(ctx, s, scanAppointment, `SELECT `+appointmentCols+appointmentFrom+`WHERE a.status = 'confirmed'`)
	}
	all, err := read()
	slices.SortFunc(all, func(a, b Appointment) int { return cmp.Compare(a.ID, b.ID) })
	held := map[int64][]Office{}
	for _, a := range all {
		if a.InForce(on) {
			held[a.Person] = append(held[a.Person], a.Office)
		}
	}
	return held, err
}

// PersonInterests is one person’s register of interests on a day.
type PersonInterests struct {
	Person    int64      `json:"person"`
	Holder    string     `json:"name,omitempty"` // "" once it is erased
	Offices   []Office   `json:"offices"`        // held on the day
	Interests []Declared `json:"interests"`      // in force or not, by their first day
	Touched   []Touch    `json:"touched"`        // by those that were declared late
}

// PersonInterests reads one person’s register. An empty one is there only for
// those who are signed in, so that no stranger reads names off the numbers.
func (s *Store) PersonInterests(ctx context.Context, v Viewer, person int64, at Moment) (p PersonInterests, err error) {
	p = PersonInterests{Person: person, Offices: []Office{}, Interests: []Declared{}}
	err = s.read(ctx, func(s *Store) error {
		found, err := s.Interests(ctx, InterestFilter{Person: person, All: true}, at)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			p.Holder, p.Offices, p.Interests = found[0].Holder, found[0].Offices, found
			for _, i := range found {
				some, err := s.touched(ctx, i.Interest)
				if err != nil {
					return err
				}
				p.Touched = append(p.Touched, some...)
			}
			return nil
		}
		if v.Person == 0 {
			return NotFound.Errorf("No interest of such a person is in the registers.")
		}
		who, err := s.Person(ctx, person)
		if err != nil {
			return err
		}
		p.Holder = who.Name
		p.Offices, err = s.officesOn(ctx, person, cmp.Or(at.Day, DayOf(s.Now())))
		return err
	})
	return p, err
}

// Declarers lists those whose interests v may declare today, v first: one
// appointment for each person.
func (s *Store) Declarers(ctx context.Context, v Viewer) (all []Appointment, err error) {
	if !v.Can(DeclareInterests) {
		return nil, Forbidden.Errorf("The office you act in does not declare interests.")
	}
	all = []Appointment{{Person: v.Person, Name: v.Name, Office: v.Office}}
	at, err := s.AppointmentsAt(ctx, v.Office.Body)
	slices.SortFunc(at, func(a, b Appointment) int {
		return cmp.Or(cmp.Compare(Fold(a.Name), Fold(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	for _, a := range at {
		had := slices.ContainsFunc(all, func(b Appointment) bool { return b.Person == a.Person })
		if !had && a.InForce(DayOf(s.Now())) && MayDeclareFor(v, a.Person, []Office{a.Office}) == nil {
			all = append(all, a)
		}
	}
	return all, err
}
