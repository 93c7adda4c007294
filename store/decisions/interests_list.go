package decisions

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Declared is an interest with whose it is: their name, "" once it is erased,
// and the offices that they hold on the day.
type Declared struct {
	authority.Interest
	Holder  string          `json:"name,omitempty"`
	Offices []office.Office `json:"offices"`
	Touched []Touch         `json:"-"` // acts that it would have kept its holder out of; read only before it is declared
}

// InterestFilter chooses interests. Empty fields choose those in force.
type InterestFilter struct {
	Person  int64
	Body    string // at which the person holds an office on the day
	Company string // number
	Words   string // all of them in the company, the nature, or the name or an office of the person
	All     bool   // also those that have ended or begin later
}

func (f InterestFilter) has(d Declared, on civil.Day, words []string) bool {
	number, ok := text.CompanyNumber(f.Company)
	if f.Person != 0 && d.Person != f.Person || f.Company != "" && (!ok || d.Company != number) || !f.All && !d.InForce(on) ||
		f.Body != "" && !slices.ContainsFunc(d.Offices, func(o office.Office) bool { return o.Body == f.Body }) {
		return false
	}
	if len(words) == 0 {
		return true
	}
	said := []string{d.Holder, d.Name, d.Nature, d.Company, d.Decision}
	for _, o := range d.Offices {
		said = append(said, o.Title, office.ShortName(o.Body))
	}
	folded := text.Fold(strings.Join(said, " "))
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(folded, w) })
}

// Interests lists the interests that a filter chooses, by whose they are: by
// name, those of erased people last, each person’s by their first day.
func Interests(ctx context.Context, tx *db.Tx, f InterestFilter, at record.Moment) (chosen []Declared, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		chosen, err = declared(ctx, tx, f, at)
		return err
	})
	slices.SortFunc(chosen, func(a, b Declared) int {
		return cmp.Or(cmp.Compare(cmp.Or(text.Fold(a.Holder), "\U0010FFFF"), cmp.Or(text.Fold(b.Holder), "\U0010FFFF")), cmp.Compare(a.Person, b.Person),
			cmp.Compare(a.First, b.First), cmp.Compare(a.ID, b.ID))
	})
	return chosen, err
}

func declared(ctx context.Context, tx *db.Tx, f InterestFilter, at record.Moment) (chosen []Declared, err error) {
	if at.Past && at.Event == 0 {
		return nil, nil
	}
	known := int64(0)
	if at.Past {
		known = at.Event
	}
	all, err := interestsAt(ctx, tx, known)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	on := cmp.Or(at.Day, civil.DayOf(tx.Now()))
	held, err := heldOn(ctx, tx, on, known)
	if err != nil {
		return nil, err
	}
	names, err := holders(ctx, tx)
	words := text.SoughtWords(f.Words)
	for _, i := range all {
		if d := (Declared{i, names[i.Person], append([]office.Office{}, held[i.Person]...), nil}); f.has(d, on, words) {
			chosen = append(chosen, d)
		}
	}
	return chosen, err
}

// holders are the names, where they are not erased, of whoever has a register
// of interests.
func holders(ctx context.Context, tx *db.Tx) (map[int64]string, error) {
	all, err := db.List(ctx, tx, people.Scan, `SELECT `+people.Cols+` FROM people WHERE id IN (SELECT person FROM interests)`)
	names := make(map[int64]string, len(all))
	for _, p := range all {
		names[p.ID] = p.Name
	}
	return names, err
}

// heldOn are the offices that people hold on a day, as known by an event; 0 is
// all that is recorded.
func heldOn(ctx context.Context, tx *db.Tx, on civil.Day, known int64) (map[int64][]office.Office, error) {
	read := func() ([]office.Appointment, error) {
		if known != 0 {
			return record.PastRows[office.Appointment](ctx, tx, "appointment", known)
		}
		return db.List(ctx, tx, office.ScanAppointment, `SELECT `+office.AppointmentCols+office.AppointmentFrom+`WHERE a.status = 'confirmed'`)
	}
	all, err := read()
	slices.SortFunc(all, func(a, b office.Appointment) int { return cmp.Compare(a.ID, b.ID) })
	held := map[int64][]office.Office{}
	for _, a := range all {
		if a.InForce(on) {
			held[a.Person] = append(held[a.Person], a.Office)
		}
	}
	return held, err
}

// PersonInterests is one person’s register of interests on a day.
type PersonInterests struct {
	Person    int64           `json:"person"`
	Holder    string          `json:"name,omitempty"` // "" once it is erased
	Offices   []office.Office `json:"offices"`        // held on the day
	Interests []Declared      `json:"interests"`      // in force or not, by their first day
	Touched   []Touch         `json:"touched"`        // by those that were declared late
}

// ReadPersonInterests reads one person’s register. An empty one is there only for
// those who are signed in, so that no stranger reads names off the numbers.
func ReadPersonInterests(ctx context.Context, tx *db.Tx, v office.Viewer, person int64, at record.Moment) (p PersonInterests, err error) {
	p = PersonInterests{Person: person, Offices: []office.Office{}, Interests: []Declared{}}
	err = tx.Read(ctx, func(tx *db.Tx) error {
		found, err := Interests(ctx, tx, InterestFilter{Person: person, All: true}, at)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			p.Holder, p.Offices, p.Interests = found[0].Holder, found[0].Offices, found
			for _, i := range found {
				some, err := touched(ctx, tx, i.Interest)
				if err != nil {
					return err
				}
				p.Touched = append(p.Touched, some...)
			}
			return nil
		}
		if v.Person == 0 {
			return fault.NotFound.Errorf("There are no interests recorded for this person.")
		}
		who, err := people.Find(ctx, tx, person)
		if err != nil {
			return err
		}
		p.Holder = who.Name
		p.Offices, err = office.OfficesOn(ctx, tx, person, cmp.Or(at.Day, civil.DayOf(tx.Now())))
		return err
	})
	return p, err
}

// Declarers lists those whose interests v may declare today, v first: one
// appointment for each person.
func Declarers(ctx context.Context, tx *db.Tx, v office.Viewer) (all []office.Appointment, err error) {
	if !v.Can(office.DeclareInterests) {
		return nil, fault.Forbidden.Errorf("Your role does not declare interests.")
	}
	all = []office.Appointment{{Person: v.Person, Name: v.Name, Office: v.Office}}
	at, err := office.AppointmentsAt(ctx, tx, v.Office.Body)
	slices.SortFunc(at, func(a, b office.Appointment) int {
		return cmp.Or(cmp.Compare(text.Fold(a.Name), text.Fold(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	for _, a := range at {
		had := slices.ContainsFunc(all, func(b office.Appointment) bool { return b.Person == a.Person })
		if !had && a.InForce(civil.DayOf(tx.Now())) && MayDeclareFor(v, a.Person, []office.Office{a.Office}) == nil {
			all = append(all, a)
		}
	}
	return all, err
}
