package store

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Interest is one entry of an office-holder’s register of interests. It is
// never rewritten: a correction is a new entry, and an end of the old one. Its
// JSON is its public row, which names people by their numbers only.
type Interest struct {
	ID         int64  `json:"id"`
	Person     int64  `json:"person"`
	Company    string `json:"company_number,omitempty"` // as CompanyNumber writes it
	Name       string `json:"company"`
	Nature     string `json:"nature"`
	First      Day    `json:"from"`
	Last       Day    `json:"to,omitempty"`       // "" while none is set
	Decision   string `json:"decision,omitempty"` // reference or key of the one decision that it was declared for
	DeclaredOn Day    `json:"declared_on"`
	DeclaredBy int64  `json:"declared_by"`        // person
	N          int64  `json:"event"`              // that declared it
	EndedBy    int64  `json:"ended_by,omitempty"` // who set the last day afterwards, 0 is nobody
}

// InForce reports whether the interest is held on a day.
func (i Interest) InForce(on Day) bool { return i.First <= on && (i.Last == "" || on <= i.Last) }

// Late reports whether the interest began before the day on which it was declared.
func (i Interest) Late() bool { return i.First < i.DeclaredOn }

// State is the interest’s state on a day, in a word or two.
func (i Interest) State(on Day) string {
	switch {
	case on < i.First:
		return "begins later"
	case !i.InForce(on):
		return "ended"
	}
	return "in force"
}

// Matches reports whether the interest, on a day, is in one of some companies:
// by company number, never by name. One declared for a single decision matches
// no other.
func (i Interest) Matches(numbers []string, on Day) bool {
	return i.Company != "" && i.Decision == "" && i.InForce(on) && slices.ContainsFunc(numbers, func(n string) bool {
		n, ok := CompanyNumber(n)
		return ok && n == i.Company
	})
}

// MayDeclareFor says whether v may declare or end an interest of a person who
// holds some offices, or why not: the person may, and so may the company
// secretary or the clerk for a person of their own body.
func MayDeclareFor(v Viewer, person int64, held []Office) error {
	switch {
	case !v.Can(DeclareInterests):
		return Forbidden.Errorf("The office you act in does not declare interests.")
	case v.Person == person:
		return nil
	case v.Office.Kind != CompanySecretary && v.Office.Kind != Clerk:
		return Forbidden.Errorf("Only the person, or the company secretary or clerk of their body, keeps their register of interests.")
	case !slices.ContainsFunc(held, func(o Office) bool { return o.Body == v.Office.Body }):
		return Forbidden.Errorf("That person holds no office at %s today, so you do not keep their register of interests.", ShortName(v.Office.Body))
	}
	return nil
}

var decisionNamed = regexp.MustCompile(`^[A-Za-z0-9-]{0,40}$`)

// check tidies an interest to be declared on a day and says what is wrong with it.
func (i Interest) check(today Day) (Interest, error) {
	var f Faults
	i.Name, i.Nature, i.Decision, i.Company = oneLine(i.Name), oneLine(i.Nature), strings.TrimSpace(i.Decision), strings.TrimSpace(i.Company)
	switch number, ok := CompanyNumber(i.Company); {
	case i.Company == "" && i.Decision == "":
		f.Add("number", "Give the company number, as Companies House writes it. Without one, an interest is declared for one decision only.")
	case i.Company != "" && !ok:
		f.Add("number", "That is not a company number: write it as Companies House does, like 01234567 or SC123456.")
	default:
		i.Company = number
	}
	if !decisionNamed.MatchString(i.Decision) {
		f.Add("decision", "Write the reference of the decision as its page does, like 2012-014.")
	}
	if i.Decision != "" && i.First == "" {
		i.First = today
	}
	text(&f, "company", "the name of the company", i.Name, i.Decision == "" || i.Company != "", 160)
	text(&f, "nature", "what the interest is", i.Nature, true, 300)
	checkDay(&f, "from", "the day on which the interest began", i.First)
	checkLast(&f, i.First, i.Last)
	return i, f.Err()
}

// terms is what the interest says, whoever recorded it and when.
func (i Interest) terms() Interest {
	i.ID, i.DeclaredOn, i.DeclaredBy, i.N, i.EndedBy = 0, "", 0, 0, 0
	return i
}

const interestCols = `id, person, company, name, nature, first_day, last_day, decision, declared_on, declared_by, n, ended_by`

func scanInterest(r row) (i Interest, err error) {
	return i, r.Scan(&i.ID, &i.Person, &i.Company, &i.Name, &i.Nature, &i.First, &i.Last, &i.Decision, &i.DeclaredOn, &i.DeclaredBy, &i.N, &i.EndedBy)
}

func (i Interest) subject() string { return fmt.Sprintf("interest/%d", i.ID) }

// interestLedger holds the registers of interests to the record.
var interestLedger = ledger{"interest", func(ctx context.Context, s *Store) (map[string]any, error) {
	return rowsOf(ctx, s, scanInterest, `SELECT `+interestCols+` FROM interests`, func(i Interest) (string, any) { return i.subject(), i })
}}

// interestsAt are all interests as known by an event; 0 is all that is recorded.
func (s *Store) interestsAt(ctx context.Context, known int64) (all []Interest, err error) {
	if known != 0 {
		all, err = pastRows[Interest](ctx, s, "interest", known)
	} else {
		all, err = list(ctx, s, scanInterest, `SELECT `+interestCols+` FROM interests`)
	}
	slices.SortFunc(all, func(a, b Interest) int { return cmp.Compare(a.ID, b.ID) })
	return all, err
}

// Interest finds one interest.
func (s *Store) Interest(ctx context.Context, id int64) (Interest, error) {
	return one(ctx, s, scanInterest, `SELECT `+interestCols+` FROM interests WHERE id = $1`, id)
}

// declaring is an interest as by would declare it, or what is wrong with it.
// One for nobody is by’s own.
func (s *Store) declaring(ctx context.Context, by Viewer, i Interest) (Interest, error) {
	today := DayOf(s.Now())
	i = i.terms()
	i.Person = cmp.Or(i.Person, by.Person)
	held, err := s.officesOn(ctx, i.Person, today)
	if err != nil {
		return i, err
	}
	if err := MayDeclareFor(by, i.Person, held); err != nil {
		return i, err
	}
	if i, err = i.check(today); err != nil {
		return i, err
	}
	mine, err := list(ctx, s, scanInterest, `SELECT `+interestCols+` FROM interests WHERE person = $1 ORDER BY id`, i.Person)
	for _, had := range mine {
		if had.terms() == i {
			return i, Conflict.Errorf("Exactly this interest was declared on %s already.", had.DeclaredOn)
		}
	}
	return i, err
}

// ForeseeInterest is an interest as DeclareInterest would record it, or why it
// would not.
func (s *Store) ForeseeInterest(ctx context.Context, by Viewer, i Interest) (Declared, error) {
	d := Declared{}
	err := s.read(ctx, func(s *Store) (err error) {
		if d.Interest, err = s.declaring(ctx, by, i); err != nil {
			return err
		}
		d.DeclaredOn = DayOf(s.Now())
		if d.Touched, err = s.touched(ctx, d.Interest); err != nil {
			return err
		}
		p, err := s.Person(ctx, d.Person)
		d.Holder = p.Name
		return err
	})
	return d, err
}

// DeclareInterest adds an entry to a register of interests and returns its
// number. Of i, it takes the person, the company, the nature, the days and the
// decision.
func (s *Store) DeclareInterest(ctx context.Context, by Viewer, i Interest) (id int64, err error) {
	err = s.write(ctx, func(s *Store) error {
		i, err := s.declaring(ctx, by, i)
		if err != nil {
			return err
		}
		if i.ID, err = one(ctx, s, scanInto[int64], `SELECT COALESCE(MAX(id), 0) + 1 FROM interests`); err != nil {
			return err
		}
		id, i.DeclaredOn, i.DeclaredBy, i.N = i.ID, DayOf(s.Now()), by.Person, s.nextEvent()
		if err := s.change(ctx, `INSERT INTO interests (id, person, company, name, nature, first_day, last_day, decision, declared_on, declared_by, n, ended_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)`,
			i.ID, i.Person, i.Company, i.Name, i.Nature, i.First, i.Last, i.Decision, i.DeclaredOn, i.DeclaredBy, i.N); err != nil {
			return err
		}
		_, err = s.record(ctx, by, "interest.declare", i.subject(), about(by.Office.Body), now(i.subject(), i))
		return err
	})
	return id, err
}

// MayEndInterest finds an interest that by may end, or tells why they may not.
func (s *Store) MayEndInterest(ctx context.Context, by Viewer, id int64) (i Interest, err error) {
	err = s.read(ctx, func(s *Store) error {
		if i, err = s.Interest(ctx, id); err != nil {
			return err
		}
		today := DayOf(s.Now())
		held, err := s.officesOn(ctx, i.Person, today)
		if err != nil {
			return err
		}
		if err := MayDeclareFor(by, i.Person, held); err != nil {
			return err
		}
		if i.Last != "" && i.Last < today {
			return Conflict.Errorf("This interest ended on %s already.", i.Last)
		}
		return nil
	})
	return i, err
}

// EndInterest sets the last day on which an interest was or will be held.
func (s *Store) EndInterest(ctx context.Context, by Viewer, id int64, last Day) error {
	return s.write(ctx, func(s *Store) error {
		i, err := s.MayEndInterest(ctx, by, id)
		if err != nil {
			return err
		}
		var f Faults
		checkDay(&f, "to", "the last day of the interest", last)
		switch {
		case len(f) > 0:
		case last < i.First:
			f.Add("to", "The interest began on %s: the last day cannot be earlier.", i.First)
		case last == i.Last:
			f.Add("to", "Its last day is %s already: give another, or leave it as it is.", i.Last)
		}
		if err := f.Err(); err != nil {
			return err
		}
		before := i.Last
		i.Last, i.EndedBy = last, by.Person
		if err := s.change(ctx, `UPDATE interests SET last_day = $1, ended_by = $2 WHERE id = $3 AND last_day = $4`, i.Last, i.EndedBy, id, before); err != nil {
			return err
		}
		_, err = s.record(ctx, by, "interest.end", i.subject(), about(by.Office.Body), now(i.subject(), i))
		return err
	})
}
