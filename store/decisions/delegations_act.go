package decisions

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
)

const delegationCols = `d.id, f.id, f.body, f.kind, f.title, f.seat, t.id, t.body, t.kind, t.title, t.seat,
	d.function, d.matter, d.limited, d.most, d.first_day, d.last_day, d.may_pass_on, d.passed_on, d.made_by, d.n, d.ended_by`

const delegationFrom = ` FROM delegations d JOIN offices f ON f.id = d.from_office JOIN offices t ON t.id = d.to_office `

func scanDelegation(r db.Row) (d authority.Delegation, err error) {
	return d, r.Scan(slices.Concat([]any{&d.ID}, d.From.Into(), d.To.Into(), []any{&d.Function, &d.Matter, &d.Limited, &d.Limit, &d.First, &d.Last,
		&d.MayPassOn, &d.PassedOn, &d.MadeBy, &d.N, &d.EndedBy})...)
}

// DelegationLedger holds the delegations to the record.
var DelegationLedger = record.Ledger{Topic: "delegation", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanDelegation, `SELECT `+delegationCols+delegationFrom, func(d authority.Delegation) (string, any) { return d.Subject(), d })
}}

// Delegations lists all that were made, in force or not, by number.
func Delegations(ctx context.Context, tx *db.Tx, at record.Moment) ([]authority.Delegation, error) {
	switch {
	case !at.Past:
		return delegationsAt(ctx, tx, 0)
	case at.Event == 0:
		return nil, nil
	}
	return delegationsAt(ctx, tx, at.Event)
}

// delegationsAt are all delegations as known by an event; 0 is all that is recorded.
func delegationsAt(ctx context.Context, tx *db.Tx, known int64) (all []authority.Delegation, err error) {
	if known != 0 {
		all, err = record.PastRows[authority.Delegation](ctx, tx, "delegation", known)
	} else {
		all, err = db.List(ctx, tx, scanDelegation, `SELECT `+delegationCols+delegationFrom)
	}
	slices.SortFunc(all, func(a, b authority.Delegation) int { return cmp.Compare(a.ID, b.ID) })
	return all, err
}

// FindDelegation finds one delegation. One that was made after the moment is not found.
func FindDelegation(ctx context.Context, tx *db.Tx, at record.Moment, id int64) (authority.Delegation, error) {
	if at.Past {
		return record.ThingThen[authority.Delegation](ctx, tx, fmt.Sprintf("delegation/%d", id), at)
	}
	return db.One(ctx, tx, scanDelegation, `SELECT `+delegationCols+delegationFrom+`WHERE d.id = $1`, id)
}

// DelegationFilter chooses delegations. Empty fields choose those in force.
type DelegationFilter struct {
	Body string // of either office
	All  bool   // also those that have ended, begin later or lost their force
}

// Standing is a delegation with whether it has force on a day.
type Standing struct {
	authority.Delegation
	Why  string // it has none; "" when it has
	Idle string // why nobody could act under it all the same, "" where somebody could
}

func standing(f authority.Facts, d authority.Delegation) Standing {
	if err := authority.Chain(f.Delegations, d, f.On); err != nil {
		return Standing{d, err.Error(), ""}
	}
	return Standing{d, "", f.Gives(d)}
}

// delegationFacts are the facts that delegations are held to at a moment.
func delegationFacts(ctx context.Context, tx *db.Tx, at record.Moment) (authority.Facts, error) {
	on := cmp.Or(at.Day, civil.DayOf(tx.Now()))
	if !at.Past {
		return factsOf(ctx, tx, on, 0)
	}
	if at.Event == 0 {
		return authority.Facts{On: on}, nil
	}
	return factsOf(ctx, tx, on, at.Event)
}

// DelegationList lists the delegations that a filter chooses, by number.
func DelegationList(ctx context.Context, tx *db.Tx, at record.Moment, f DelegationFilter) (chosen []Standing, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		facts, err := delegationFacts(ctx, tx, at)
		for _, d := range facts.Delegations {
			if f.Body != "" && d.From.Body != f.Body && d.To.Body != f.Body {
				continue
			}
			if stands := standing(facts, d); f.All || stands.Why == "" {
				chosen = append(chosen, stands)
			}
		}
		return err
	})
	return chosen, err
}

// DelegationPage is one delegation as its page shows it, read at one time.
type DelegationPage struct {
	Standing
	Up      []Standing // that it was passed on from, the nearest first
	Down    []Standing // that pass it on
	History register.Listing
}

// ReadDelegationPage reads the page of a delegation at a moment, with up to most of
// its events.
func ReadDelegationPage(ctx context.Context, tx *db.Tx, at record.Moment, id int64, most int) (a DelegationPage, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		d, err := FindDelegation(ctx, tx, at, id)
		if err != nil {
			return err
		}
		facts, err := delegationFacts(ctx, tx, at)
		if err != nil {
			return err
		}
		a = DelegationPage{Standing: standing(facts, d)}
		for _, p := range ancestors(facts.Delegations, d) {
			a.Up = append(a.Up, standing(facts, p))
		}
		for _, c := range facts.Delegations {
			if c.PassedOn == id {
				a.Down = append(a.Down, standing(facts, c))
			}
		}
		a.History, err = register.ReadListing(ctx, tx, record.EventFilter{Subject: d.Subject(), UpTo: at.Day}, most)
		return err
	})
	return a, err
}

// ancestors are the delegations that d was passed on from, the nearest first.
func ancestors(all []authority.Delegation, d authority.Delegation) (up []authority.Delegation) {
	for range all {
		i := slices.IndexFunc(all, func(p authority.Delegation) bool { return d.PassedOn != 0 && p.ID == d.PassedOn })
		if i < 0 {
			break
		}
		d = all[i]
		up = append(up, d)
	}
	return up
}

// ForeseeDelegation is a delegation as Delegate would make it, with whether it
// would let anybody act on its first day; or why it would not be made. A
// forbidden delegate is a fault of the office that was chosen.
func ForeseeDelegation(ctx context.Context, tx *db.Tx, by office.Viewer, d authority.Delegation) (stands Standing, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		all, err := Delegations(ctx, tx, record.Moment{})
		if err != nil {
			return err
		}
		if d, err = delegating(ctx, tx, by, d, all); err != nil {
			return err
		}
		if err = permitted(ctx, tx, d, all); fault.KindOf(err) == fault.Forbidden {
			err = fault.Field("office", "%s", err)
		}
		if err != nil {
			return err
		}
		f, err := factsOf(ctx, tx, d.First, 0)
		if err != nil {
			return err
		}
		d.ID = math.MaxInt64 // it has no number yet, and no other has this one
		f.Delegations, f.Found = append(slices.Clone(f.Delegations), d), nil
		f.Found = f.Index()
		stands = standing(f, d)
		stands.ID = 0
		return nil
	})
	return stands, err
}

// Delegate lets another office act for the one that by acts in, and returns the
// number of the delegation. Of d, it takes the office, the function, the matter,
// the limit, the days, whether it may be passed on, and which it passes on.
func Delegate(ctx context.Context, tx *db.Tx, by office.Viewer, d authority.Delegation) (id int64, err error) {
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		all, err := Delegations(ctx, tx, record.Moment{})
		if err != nil {
			return err
		}
		d, err := delegating(ctx, tx, by, d, all)
		if err != nil {
			return err
		}
		if err := permitted(ctx, tx, d, all); err != nil {
			return err
		}
		act := "delegation.make"
		if d.PassedOn != 0 {
			act = "delegation.pass-on"
		}
		d.ID, d.MadeBy, d.N = 1, by.Person, record.NextEvent(tx)
		if len(all) > 0 {
			d.ID = all[len(all)-1].ID + 1
		}
		id = d.ID
		if err := tx.Change(ctx, `INSERT INTO delegations (id, from_office, to_office, function, matter, limited, most, first_day, last_day, may_pass_on, passed_on, made_by, n, ended_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0)`,
			d.ID, d.From.ID, d.To.ID, d.Function, d.Matter, d.Limited, d.Limit, d.First, d.Last, d.MayPassOn, d.PassedOn, d.MadeBy, d.N); err != nil {
			return err
		}
		_, err = record.Add(ctx, tx, by, act, d.Subject(), record.About(d.From.Body), record.Now(d.Subject(), d))
		return err
	})
	return id, err
}

// delegating is a delegation as by would make it, with its offices as they are
// kept, or what is wrong with it. all are those that there are.
func delegating(ctx context.Context, tx *db.Tx, by office.Viewer, d authority.Delegation, all []authority.Delegation) (authority.Delegation, error) {
	today := civil.DayOf(tx.Now())
	d = d.Terms()
	if d.PassedOn == 0 && !by.Can(office.DelegateOffice) {
		return d, fault.Forbidden.Errorf("Your role cannot delegate.")
	}
	var parent authority.Delegation
	if d.PassedOn != 0 {
		i := slices.IndexFunc(all, func(p authority.Delegation) bool { return p.ID == d.PassedOn })
		if i < 0 {
			return d, fault.NotFound.Errorf("There is no delegation %d to pass on.", d.PassedOn)
		}
		parent = all[i]
		if err := parent.MayPass(by, today); err != nil {
			return d, err
		}
	}
	d.From = by.Office
	d, err := d.Check(today)
	var f fault.Faults
	if err := f.Take("", err); err != nil {
		return d, err
	}
	if err := f.Take("matter", knownMatter(ctx, tx, d.Matter)); err != nil {
		return d, err
	}
	if d.From, d.To, err = bothOffices(ctx, tx, d, &f); err != nil {
		return d, err
	}
	if err := f.Err(); err != nil {
		return d, err
	}
	return d, d.Fits(parent, all)
}

// knownMatter refuses a kind of matter that no version of the scheme has.
func knownMatter(ctx context.Context, tx *db.Tx, key string) error {
	if key == "" || !authority.MatterKey.MatchString(key) {
		return nil // every kind, or a fault that was told already
	}
	all, err := matters(ctx, tx)
	var keys []string
	for _, m := range all {
		if m.Key == key {
			return err
		}
		keys = append(keys, m.Key)
	}
	return cmp.Or(err, fault.Field("matter", "The scheme of authority has no type of decision “%s”. Enter one of: %s.", key, strings.Join(keys, ", ")))
}

// bothOffices finds the offices of a delegation by their numbers.
func bothOffices(ctx context.Context, tx *db.Tx, d authority.Delegation, f *fault.Faults) (from, to office.Office, err error) {
	if from, err = office.Find(ctx, tx, d.From.ID); err != nil {
		return from, to, err
	}
	to, found, err := db.Maybe(ctx, tx, office.ScanOffice, `SELECT `+office.OfficeCols+` FROM offices o WHERE o.id = $1`, d.To.ID)
	if err == nil && !found {
		f.Add("office", "Choose a role from the list.")
	}
	return from, to, err
}

// permitted refuses a forbidden delegate of the office that delegated first:
// the office itself, or whoever holds it while the delegation runs.
func permitted(ctx context.Context, tx *db.Tx, d authority.Delegation, all []authority.Delegation) error {
	first := d
	if up := ancestors(all, d); len(up) > 0 {
		first = up[len(up)-1]
	}
	also, err := db.List(ctx, tx, office.ScanOffice, `SELECT DISTINCT `+office.OfficeCols+` FROM appointments h JOIN appointments a ON a.person = h.person JOIN offices o ON o.id = a.office
		WHERE h.office = $1 AND h.status = 'confirmed' AND a.status = 'confirmed'
		AND (h.to_day = '' OR h.to_day >= $2) AND (a.to_day = '' OR a.to_day >= $2) AND h.from_day <= $3 AND a.from_day <= $3 ORDER BY o.id`,
		d.To.ID, d.First, cmp.Or(d.Last, "9999"))
	if err != nil {
		return err
	}
	return authority.ForbiddenDelegate(first.From, d.To, also)
}

// EndDelegation sets the last day of a delegation. An end before yesterday is
// refused: what was done under it stays done under it.
func EndDelegation(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, last civil.Day) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		d, err := FindDelegation(ctx, tx, record.Moment{}, id)
		if err != nil {
			return err
		}
		today, before := civil.DayOf(tx.Now()), d.Last
		if err := d.MayEnd(by, today); err != nil {
			return err
		}
		var f fault.Faults
		civil.CheckDay(&f, "to", "the last day of the delegation", last)
		switch {
		case len(f) > 0:
		case last < today.Add(-1):
			f.Add("to", "The last day must be yesterday or later.")
		case last < d.First.Add(-1):
			f.Add("to", "The delegation begins on %s. The last day must be the day before or later.", d.First)
		case before != "" && last >= before:
			f.Add("to", "The delegation already ends on %s. Enter an earlier date.", before)
		}
		if err := f.Err(); err != nil {
			return err
		}
		d.Last, d.EndedBy = last, by.Person
		if err := tx.Change(ctx, `UPDATE delegations SET last_day = $1, ended_by = $2 WHERE id = $3 AND last_day = $4`, d.Last, d.EndedBy, id, before); err != nil {
			return err
		}
		_, err = record.Add(ctx, tx, by, "delegation.end", d.Subject(), record.About(d.From.Body), record.Now(d.Subject(), d))
		return err
	})
}
