package scrutiny

import (
	"cmp"
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// SeatRole is what the holder of a seat does on a committee.
type SeatRole string

// The roles. A clerk serves the committee and has no vote in it.
const (
	SeatChair  SeatRole = "chair"
	SeatMember SeatRole = "member"
	SeatClerk  SeatRole = "clerk"
)

// SeatRoles lists them all.
var SeatRoles = []SeatRole{SeatChair, SeatMember, SeatClerk}

// Seat is an office that sits on a committee, from a day to a day. Whoever
// holds the office sits.
type Seat struct {
	Office office.Office `json:"office"`
	Role   SeatRole      `json:"role"`
	First  civil.Day     `json:"from"`
	Last   civil.Day     `json:"to,omitempty"` // "" while none is set
}

// InForce reports whether the seat is taken on a day.
func (s Seat) InForce(on civil.Day) bool { return s.First <= on && (s.Last == "" || on <= s.Last) }

// SeatAsk is a seat that whoever keeps the committee asked for. It has no effect
// until a second person confirms it.
type SeatAsk struct {
	Seat
	Person int64     `json:"asked_by"`
	On     civil.Day `json:"asked_on"`
}

// Committee is a scrutiny committee and its mandate. Its JSON is its public row.
type Committee struct {
	Slug      string    `json:"slug"`
	Name      string    `json:"name"`
	Body      string    `json:"body"`                 // whose clerk and chair keep it
	Terms     string    `json:"terms_of_reference"`   // paragraphs, an empty line between
	First     civil.Day `json:"mandate_from"`         // first day of the mandate
	Last      civil.Day `json:"mandate_to,omitempty"` // last day, "" while none is set
	Successor string    `json:"successor,omitempty"`  // slug of the committee that is to take its open work over
	Seats     []Seat    `json:"seats,omitempty"`      // in the order in which they were given
	Awaiting  []SeatAsk `json:"awaiting,omitempty"`   // seats that a second person has not confirmed
	Turn      int64     `json:"turn"`                 // number of its changes
}

// Begun reports whether the mandate has begun by a day.
func (c Committee) Begun(on civil.Day) bool { return c.First <= on }

// Ended reports whether the mandate is over on a day.
func (c Committee) Ended(on civil.Day) bool { return c.Last != "" && c.Last < on }

// State is the mandate's state on a day, in a word or two.
func (c Committee) State(on civil.Day) string {
	switch {
	case !c.Begun(on):
		return "begins later"
	case c.Ended(on):
		return "ended"
	}
	return "in its mandate"
}

// Role is what an office does on the committee on a day, "" where it does not sit.
func (c Committee) Role(office int64, on civil.Day) SeatRole {
	for _, s := range c.Seats {
		if s.Office.ID == office && s.InForce(on) {
			return s.Role
		}
	}
	return ""
}

// May says whether v acts for the committee on a day in one of some roles, or
// why not. No role given is any. The office acted in counts.
func (c Committee) May(v office.Viewer, on civil.Day, roles ...SeatRole) error {
	role := c.Role(v.Office.ID, on)
	switch {
	case v.Person == 0 || role == "":
		return fault.Forbidden.Errorf("Only whoever sits on the %s can do this.", c.Name)
	case c.Ended(on):
		return fault.Forbidden.Errorf("The mandate of the %s ended on %s, so it cannot act any more.", c.Name, c.Last)
	case !c.Begun(on):
		return fault.Forbidden.Errorf("The mandate of the %s begins on %s.", c.Name, c.First)
	case len(roles) > 0 && !slices.Contains(roles, role):
		return fault.Forbidden.Errorf("Only the %s of the %s can do this.", rolesOf(roles), c.Name)
	}
	return nil
}

// bonds are what ties v to what the committee keeps confidential on a day.
func (c Committee) bonds(v office.Viewer, on civil.Day) (all []office.Bond) {
	if c.May(v, on) == nil {
		all = append(all, office.Sits)
	}
	if c.May(v, on, SeatChair, SeatClerk) == nil {
		all = append(all, office.Keeps)
	}
	return all
}

func rolesOf(all []SeatRole) string {
	var words []string
	for _, r := range all {
		words = append(words, string(r))
	}
	return strings.Join(words, " or the ")
}

// MayKeep says whether v may change the committee on a day, or why not: its own
// chair or clerk, who keeps committees at its body. One that has neither, as
// when it is new, is kept by whoever keeps committees there.
func (c Committee) MayKeep(v office.Viewer, on civil.Day) error {
	if !v.At(c.Body, office.KeepCommittees) {
		return fault.Forbidden.Errorf("Only a chair or clerk at %s keeps this committee.", office.ShortName(c.Body))
	}
	on = max(on, c.First)
	keepers := []SeatRole{SeatChair, SeatClerk}
	kept := slices.ContainsFunc(c.Seats, func(s Seat) bool {
		return slices.Contains(keepers, s.Role) && (s.Last == "" || on <= s.Last) && s.Office.Body == c.Body && s.Office.Kind.May(office.KeepCommittees)
	})
	if kept && !slices.Contains(keepers, c.Role(v.Office.ID, on)) {
		return fault.Forbidden.Errorf("Only the chair or the clerk of the %s keeps it.", c.Name)
	}
	return nil
}

// MaySecond says whether v may confirm a seat that was asked for, or why not: a
// second person of the body, who does not hold the office that is to sit.
func (c Committee) MaySecond(v office.Viewer, ask SeatAsk, chain office.Chain, on civil.Day) error {
	if slices.ContainsFunc(chain[v.Person], func(a office.Appointment) bool { return a.InForce(on) && a.Office.ID == ask.Office.ID }) {
		return fault.Forbidden.Errorf("Nobody confirms a seat of their own office: a second person at %s must.", office.ShortName(c.Body))
	}
	return chain.SecondPerson(v, c.Body, ask.Person, on)
}

// Committees are all committees, by slug.
type Committees map[string]Committee

// Name is the name of a committee, its slug where there is none such.
func (all Committees) Name(slug string) string {
	if c, ok := all[slug]; ok {
		return c.Name
	}
	return slug
}

// Sorted lists them by the first day of their mandates.
func (all Committees) Sorted() (list []Committee) {
	for _, c := range all {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b Committee) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Slug, b.Slug))
	})
	return list
}

// Of are the committees on which an office sits on a day, within their mandates.
func (all Committees) Of(office int64, on civil.Day) (list []Committee) {
	for _, c := range all.Sorted() {
		if c.Role(office, on) != "" && c.Begun(on) && !c.Ended(on) {
			list = append(list, c)
		}
	}
	return list
}

var committeeSlug = regexp.MustCompile(`^[a-z][a-z0-9-]{1,39}$`)

// check tidies a committee and says what is wrong with it by itself.
func (c *Committee) check() error {
	var f fault.Faults
	c.Name, c.Terms, c.Slug = text.OneLine(c.Name), strings.TrimSpace(c.Terms), strings.TrimSpace(c.Slug)
	text.Tidy(&f, "name", "the name of the committee", c.Name, true, 120)
	text.Tidy(&f, "terms", "the terms of reference", c.Terms, true, 10_000)
	if !committeeSlug.MatchString(c.Slug) {
		f.Add("slug", "Give a short name for its address in small letters, digits and hyphens, at most 40.")
	}
	civil.CheckDay(&f, "from", "the first day of the mandate", c.First)
	civil.CheckLast(&f, c.First, c.Last)
	if c.Successor == c.Slug {
		f.Add("successor", "A committee cannot succeed itself: choose another.")
	}
	return f.Err()
}

func (c Committee) subject() string { return "committee/" + c.Slug }

const committeeCols = `c.slug, c.turn, c.committee`

func scanCommittee(r db.Row) (c Committee, err error) {
	var slug, text string
	var turn int64
	if err := r.Scan(&slug, &turn, &text); err != nil {
		return c, err
	}
	err = json.Unmarshal([]byte(text), &c)
	if c.Slug != slug || c.Turn != turn {
		c = Committee{Slug: slug} // listed under other words than it says: as no event tells it
	}
	return c, err
}

// CommitteeLedger holds the committees to the record.
var CommitteeLedger = record.Ledger{Topic: "committee", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanCommittee, `SELECT `+committeeCols+` FROM committees c`, func(c Committee) (string, any) { return c.subject(), c })
}}

// AllCommittees reads all committees. There are a few.
func AllCommittees(ctx context.Context, tx *db.Tx) (Committees, error) {
	list, err := db.List(ctx, tx, scanCommittee, `SELECT `+committeeCols+` FROM committees c ORDER BY c.slug`)
	return committeesBySlug(list), err
}

// CommitteesAt reads all committees as they stood at a moment.
func CommitteesAt(ctx context.Context, tx *db.Tx, m record.Moment) (Committees, error) {
	if !m.Past {
		return AllCommittees(ctx, tx)
	}
	list, err := record.PastRows[Committee](ctx, tx, "committee", m.Event)
	return committeesBySlug(list), err
}

func committeesBySlug(list []Committee) Committees {
	all := Committees{}
	for _, c := range list {
		all[c.Slug] = c
	}
	return all
}

// committee finds one committee.
func committee(ctx context.Context, tx *db.Tx, slug string) (Committee, error) {
	c, found, err := db.Maybe(ctx, tx, scanCommittee, `SELECT `+committeeCols+` FROM committees c WHERE c.slug = $1`, slug)
	if err == nil && !found {
		err = fault.NotFound.Errorf("There is no such committee.")
	}
	return c, err
}

// saveCommittee stores how a committee stands after an act, if nobody else
// changed it meanwhile, and records the act.
func saveCommittee(ctx context.Context, tx *db.Tx, by office.Viewer, act string, c Committee, more ...record.Part) error {
	was := c.Turn
	c.Turn++
	row, err := text.Canonical(c)
	if err != nil {
		return err
	}
	if was == 0 {
		err = tx.Change(ctx, `INSERT INTO committees (slug, turn, committee) VALUES ($1, $2, $3)`, c.Slug, c.Turn, string(row))
	} else {
		err = tx.Change(ctx, `UPDATE committees SET turn = $1, committee = $2 WHERE slug = $3 AND turn = $4`, c.Turn, string(row), c.Slug, was)
	}
	if err != nil {
		return err
	}
	_, err = record.Add(ctx, tx, by, "committee."+act, c.subject(), append(more, record.About(c.Body), record.NowRow(c.subject(), row))...)
	return err
}

// FoundCommittee founds a committee at the body of whoever acts. Of c, it takes
// the slug, the name, the terms, the mandate and the successor.
func FoundCommittee(ctx context.Context, tx *db.Tx, by office.Viewer, c Committee) error {
	c.Body, c.Seats, c.Awaiting, c.Turn = by.Office.Body, nil, nil, 0
	if err := c.MayKeep(by, civil.DayOf(tx.Now())); err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		all, err := AllCommittees(ctx, tx)
		if err != nil {
			return err
		}
		if _, had := all[c.Slug]; had {
			return fault.Field("slug", "There is a committee of that short name already: choose another.")
		}
		if _, ok := all[c.Successor]; c.Successor != "" && !ok {
			return fault.Field("successor", "There is no such committee to succeed it.")
		}
		return saveCommittee(ctx, tx, by, "found", c)
	})
}

// SeatOffice asks for a seat for an office, or for the end of its seat where a
// last day is given. The seat of an office that sits already is changed. It
// takes effect when a second person confirms it.
func SeatOffice(ctx context.Context, tx *db.Tx, by office.Viewer, slug string, seat Seat) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		c, err := committee(ctx, tx, slug)
		if err != nil {
			return err
		}
		today := civil.DayOf(tx.Now())
		if err := c.MayKeep(by, today); err != nil {
			return err
		}
		o, found, err := db.Maybe(ctx, tx, office.ScanOffice, `SELECT `+office.OfficeCols+` FROM offices o WHERE o.id = $1`, seat.Office.ID)
		if err != nil {
			return err
		}
		seat.Office = o
		if err := c.checkSeat(seat, found, today); err != nil {
			return err
		}
		c.Awaiting = slices.DeleteFunc(slices.Clone(c.Awaiting), func(had SeatAsk) bool { return had.Office.ID == seat.Office.ID })
		c.Awaiting = append(c.Awaiting, SeatAsk{seat, by.Person, today})
		return saveCommittee(ctx, tx, by, "seat", c, record.Detail(seat))
	})
}

// DecideSeats confirms or refuses the seats that were asked for on a committee:
// those that v may decide as a second person.
func DecideSeats(ctx context.Context, tx *db.Tx, by office.Viewer, slug string, confirm bool) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		c, err := committee(ctx, tx, slug)
		if err != nil {
			return err
		}
		if len(c.Awaiting) == 0 {
			return fault.Conflict.Errorf("No seat of the %s waits to be confirmed.", c.Name)
		}
		chain, err := office.ReadChain(ctx, tx)
		if err != nil {
			return err
		}
		today := civil.DayOf(tx.Now())
		var left, done []SeatAsk
		var refused error
		for _, ask := range c.Awaiting {
			if err := c.MaySecond(by, ask, chain, today); err != nil {
				left, refused = append(left, ask), err
				continue
			}
			done = append(done, ask)
		}
		if len(done) == 0 {
			return refused
		}
		act := "refuse-seats"
		if confirm {
			act = "confirm-seats"
			if c.Seats, err = c.seatedWith(done, today); err != nil {
				return err
			}
		}
		c.Awaiting = left
		return saveCommittee(ctx, tx, by, act, c, record.Detail(done))
	})
}

// seatedWith are the seats of the committee with those that were asked for, none
// of them from before today.
func (c Committee) seatedWith(done []SeatAsk, today civil.Day) ([]Seat, error) {
	c.Seats = slices.Clone(c.Seats)
	for _, ask := range done {
		seat := ask.Seat
		i := slices.IndexFunc(c.Seats, func(had Seat) bool { return had.Office.ID == seat.Office.ID && had.First == seat.First })
		if i < 0 {
			seat.First = max(seat.First, today)
		}
		if seat.Last != "" {
			seat.Last = max(seat.Last, today.Add(-1))
		}
		if err := c.checkSeat(seat, true, today); err != nil {
			return nil, err
		}
		if i >= 0 {
			c.Seats = slices.Delete(c.Seats, i, i+1)
		}
		c.Seats = append(c.Seats, seat)
	}
	return c.Seats, nil
}

// checkSeat says what is wrong with a seat on the committee.
func (c Committee) checkSeat(seat Seat, found bool, today civil.Day) error {
	var f fault.Faults
	switch {
	case !found:
		f.Add("office", "Choose a role from the list.")
	case !seat.Office.Kind.May(office.SitOnCommittees):
		f.Add("office", "An office of the kind %s does not sit on committees.", seat.Office.Kind)
	}
	if !slices.Contains(SeatRoles, seat.Role) {
		f.Add("role", "Choose what the office does on the committee.")
	}
	civil.CheckDay(&f, "from", "the first day", seat.First)
	civil.CheckLast(&f, seat.First, seat.Last)
	i := slices.IndexFunc(c.Seats, func(had Seat) bool { return had.First == seat.First && had.Office.ID == seat.Office.ID })
	changes := i >= 0
	switch {
	case changes && c.Seats[i].Last != "" && c.Seats[i].Last < today:
		f.Add("from", "That seat ended on %s: give the office a new one from today, %s, or later.", c.Seats[i].Last, today)
	case seat.First != "" && seat.First < today && !changes:
		f.Add("from", "The first day must be today, %s, or later: nobody is seated in the past.", today)
	case changes && seat.Last != "" && seat.Last < today.Add(-1):
		f.Add("to", "The last day cannot be before yesterday: what was done in the seat stays done in it.")
	}
	for _, had := range c.Seats {
		apart := seat.Last != "" && seat.Last < had.First || had.Last != "" && had.Last < seat.First
		switch {
		case had.First == seat.First && had.Office.ID == seat.Office.ID || apart:
		case had.Office.ID == seat.Office.ID:
			f.Add("from", "That office sits on the committee already, from %s.", had.First)
		case had.Role == SeatChair && seat.Role == SeatChair:
			f.Add("role", "The committee has a chair in that time: %s, from %s.", had.Office.Title, had.First)
		}
	}
	return f.Err()
}
