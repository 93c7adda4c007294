package decisions

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/text"
)

// Powers is who may decide what on a day, as known by an event.
type Powers struct {
	Facts    authority.Facts
	Versions []authority.SchemeVersion // of the scheme, known then, oldest first
	Kinds    []authority.Matter        // of every version, each once
}

// ReadPowers reads the scheme of authority that is in force on a day, with the
// register that its consents are asked for by.
func ReadPowers(ctx context.Context, tx *db.Tx, w record.When) (p Powers, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error { p, err = powers(ctx, tx, w); return err })
	return p, err
}

func powers(ctx context.Context, tx *db.Tx, w record.When) (p Powers, err error) {
	if p.Facts, err = factsOf(ctx, tx, register.DayOf(tx, w), w.Event); err != nil {
		return p, err
	}
	if p.Facts.Register.Latest {
		p.Facts.Register.Known = p.Facts.Known // it may have been kept since an earlier event
	}
	if p.Versions, err = schemes(ctx, tx, w.Event); err != nil {
		return p, err
	}
	p.Kinds, err = matters(ctx, tx)
	return p, err
}

// Actor is somebody who could act in a matter, in a role.
type Actor struct {
	Role    authority.Role     `json:"role"`
	View    authority.ViewKind `json:"view,omitempty"`
	Consent string             `json:"consent,omitempty"`
	authority.Authority
}

// Whoever is who may act in a matter on a day, with the working.
type Whoever struct {
	Powers
	Case     authority.Case
	Matter   authority.Matter // without a key where the scheme in force knows none
	Band     authority.Band
	Tallies  []authority.Tally // how it stands before anyone voted, one for each way
	Consents []authority.ConsentWanted
	All      []Actor // in the order in which they act
}

// WhoMay works out who may propose a matter, give the views on it, decide it
// and consent to it on a day, as known by an event.
func WhoMay(ctx context.Context, tx *db.Tx, q authority.Case, w record.When) (a Whoever, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if a.Powers, err = powers(ctx, tx, w); err != nil {
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
func (a Whoever) asked(q authority.Case) (authority.Case, error) {
	var f fault.Faults
	if !slices.ContainsFunc(a.Kinds, func(m authority.Matter) bool { return m.Key == q.Matter }) {
		f.Add("matter", "Choose the type of decision.")
	}
	switch {
	case q.Value < 0 || a.Matter.Valued && q.Value == 0:
		f.Add("value", "Enter the whole-life value in pounds. It decides who may approve this.")
	case q.Value > money.MaxValue:
		f.Add("value", "Enter a value of %s or less.", money.MaxValue)
	}
	for i, typed := range q.Companies {
		number, ok := text.CompanyNumber(typed)
		if !ok {
			f.Add("company", "%q is not a company number. Enter eight characters, like 01234567 or SC123456.", text.Short(typed))
		}
		q.Companies[i] = number
	}
	return q, f.Err()
}

// fill asks the one function of authority about everyone who could act.
func (a *Whoever) fill() {
	f, q := a.Facts, a.Case
	add := func(role authority.Role, p office.Appointment, wanted func(authority.Authority) bool) {
		q.Role, q.Way = role, a.Band.Ways[0]
		if got := f.Authority(q, p.Person, p.Office.ID); wanted == nil || wanted(got) {
			a.All = append(a.All, Actor{Role: role, View: q.View, Consent: q.Consent, Authority: got})
		}
	}
	for _, p := range f.CouldBe(f.Scheme.Proposers, "") {
		add(authority.Proposes, p, nil)
	}
	for _, q.View = range a.Band.Views {
		v, _ := f.Scheme.View(q.View)
		for _, p := range f.CouldBe(v.Offices, authority.FunctionView) {
			add(authority.Views, p, nil)
		}
	}
	q.View = ""
	for _, way := range a.Band.Ways {
		q.Role, q.Way = authority.Votes, way
		a.Tallies = append(a.Tallies, f.Tally(q, a.Band, nil, nil))
	}
	for _, e := range a.Tallies[0].Electors {
		for _, p := range f.ActsFor(e.Key, q, a.Band) {
			add(authority.Votes, p, nil)
		}
	}
	a.Consents = f.Consents(a.Band, nil)
	for _, c := range a.Consents {
		q.Consent = c.Matter
		for _, p := range f.CouldBe(f.Scheme.MemberOffices, authority.FunctionConsent) {
			add(authority.Consents, p, func(got authority.Authority) bool { return got.Elector == c.Body })
		}
	}
}

// For names whom the person would act for: a body, a director's seat, or the
// body of the office itself.
func (g Actor) For(n register.Names) string {
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
	All    []Differs
	Looked int   // ballots that were looked at
	Next   int64 // before of the next page, 0 on the last
	Known  int64
}

// Differs is such an act, with the decision that it was done in.
type Differs struct {
	Differing
	Decision Decision
}

// ReadDiffering asks again, newest first, by what authority each ballot before one
// was cast, against all that is known today. What was done stays valid as known
// then. A page looks at so many ballots; 0 begins with the newest.
func ReadDiffering(ctx context.Context, tx *db.Tx, before int64, most int) (p DiffersPage, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		h, err := record.ReadHead(ctx, tx)
		if err != nil {
			return err
		}
		p.Known = h.Size
		if before == 0 {
			before = math.MaxInt64
		}
		all, err := db.List(ctx, tx, scanBallot, fmt.Sprintf(`SELECT %s%sWHERE b.id < $1 ORDER BY b.id DESC LIMIT %d`, ballotCols, ballotFrom, most+1), before)
		if err != nil {
			return err
		}
		if len(all) > most {
			all = all[:most]
			p.Next = all[most-1].ID
		}
		p.Looked = len(all)
		for _, b := range all {
			if err := differs(ctx, tx, &p, b); err != nil {
				return err
			}
		}
		return nil
	})
	return p, err
}

func differs(ctx context.Context, tx *db.Tx, p *DiffersPage, b authority.Ballot) error {
	today, err := askAgainOf(ctx, tx, b, 0)
	if err != nil || today.May == b.Authority.May {
		return err
	}
	d, err := db.One(ctx, tx, Scan, `SELECT `+Cols+` FROM decisions WHERE id = $1`, b.Decision)
	p.All = append(p.All, Differs{Differing{b, today}, d})
	return err
}

// factCache keeps the facts of the present until an event changes one of them
// or the day does, so that an approval costs little more than its own event.
type factCache struct {
	mu    sync.Mutex
	since int64 // the last event that changed a fact
	last  authority.Facts
}

var presentFacts db.Slot[factCache]

// factTopics are the topics of the events that change a fact. Votes are none.
const factTopics = `SELECT MAX(n) FROM (SELECT MAX(n) AS n FROM events WHERE topic = 'register' UNION ALL SELECT MAX(n) FROM events WHERE topic = 'appointment'
	UNION ALL SELECT MAX(n) FROM events WHERE topic = 'delegation' UNION ALL SELECT MAX(n) FROM events WHERE topic = 'interest'
	UNION ALL SELECT MAX(n) FROM events WHERE topic = 'scheme' UNION ALL SELECT MAX(n) FROM events WHERE topic = 'programme'
	UNION ALL SELECT MAX(n) FROM events WHERE topic = 'handover' UNION ALL SELECT MAX(n) FROM events WHERE topic = 'person') AS changed`

// ReadFacts reads the facts of a day, as known by an event; 0 is all that is recorded.
func ReadFacts(ctx context.Context, tx *db.Tx, on civil.Day, known int64) (f authority.Facts, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error { f, err = factsOf(ctx, tx, on, known); return err })
	return f, err
}

func factsOf(ctx context.Context, tx *db.Tx, on civil.Day, known int64) (authority.Facts, error) {
	h, err := record.ReadHead(ctx, tx)
	if err != nil {
		return authority.Facts{}, err
	}
	if known != 0 && known < h.Size {
		return pastFacts(ctx, tx, on, known)
	}
	since, err := db.One(ctx, tx, db.ScanInto[int64], factTopics)
	if err != nil {
		return authority.Facts{}, err
	}
	cache := presentFacts.Of(tx)
	cache.mu.Lock()
	last, same := cache.last, cache.since == since
	cache.mu.Unlock()
	if same && last.On == on {
		last.Known, last.Register.Known = h.Size, h.Size
		return last, nil
	}
	f := authority.Facts{On: on, Known: h.Size}
	if f.Register, err = register.Read(ctx, tx, record.When{Day: on}); err != nil {
		return f, err
	}
	f.Appointments, err = db.List(ctx, tx, office.ScanAppointment, `SELECT `+office.AppointmentCols+office.AppointmentFrom+`WHERE a.status = 'confirmed' AND a.from_day <= $1
		AND (a.to_day = '' OR a.to_day >= $1) ORDER BY a.id`, on)
	if err != nil {
		return f, err
	}
	if f.Delegations, err = delegationsAt(ctx, tx, 0); err != nil {
		return f, err
	}
	if f.Interests, err = interestsAt(ctx, tx, 0); err != nil {
		return f, err
	}
	if f.Scheme, err = SchemeOn(ctx, tx, on, 0); err != nil || record.Moved(tx) {
		return f, err
	}
	f.Found = f.Index()
	cache.mu.Lock()
	cache.since, cache.last = since, f
	cache.mu.Unlock()
	return f, nil
}

// pastFacts reads the facts of a day from the record, as known by an event.
func pastFacts(ctx context.Context, tx *db.Tx, on civil.Day, known int64) (authority.Facts, error) {
	f := authority.Facts{On: on, Known: known}
	var err error
	if f.Register, err = register.Read(ctx, tx, record.When{Day: on, Event: known}); err != nil {
		return f, err
	}
	all, err := record.PastRows[office.Appointment](ctx, tx, "appointment", known)
	if err != nil {
		return f, err
	}
	names, err := namesOfPeople(ctx, tx)
	if err != nil {
		return f, err
	}
	for _, a := range all {
		if a.InForce(on) {
			a.Name = names[a.Person]
			f.Appointments = append(f.Appointments, a)
		}
	}
	slices.SortFunc(f.Appointments, func(a, b office.Appointment) int { return cmp.Compare(a.ID, b.ID) })
	if f.Delegations, err = delegationsAt(ctx, tx, known); err != nil {
		return f, err
	}
	if f.Interests, err = interestsAt(ctx, tx, known); err != nil {
		return f, err
	}
	if f.Scheme, err = SchemeOn(ctx, tx, on, known); err != nil {
		return f, err
	}
	f.Found = f.Index()
	return f, nil
}

// namesOfPeople are the names that are not erased.
func namesOfPeople(ctx context.Context, tx *db.Tx) (map[int64]string, error) {
	all, err := db.List(ctx, tx, people.Scan, `SELECT `+people.Cols+` FROM people`)
	names := make(map[int64]string, len(all))
	for _, p := range all {
		names[p.ID] = p.Name
	}
	return names, err
}
