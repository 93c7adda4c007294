package scrutiny

import (
	"context"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// CommitteeChange is what of a committee and its mandate was changed by one
// act. Its JSON is the detail of the event.
type CommitteeChange struct {
	What string `json:"what"` // name, terms of reference, last day of the mandate, successor
	Was  string `json:"was"`
	Is   string `json:"is"`
}

// What of a committee can be changed.
const (
	ChangedName      = "name"
	ChangedTerms     = "terms of reference"
	ChangedLast      = "last day of the mandate"
	ChangedSuccessor = "successor"
)

// changesTo lists how another version of the committee differs from it.
func (c Committee) changesTo(d Committee) (all []CommitteeChange) {
	for _, x := range []CommitteeChange{
		{ChangedName, c.Name, d.Name}, {ChangedTerms, c.Terms, d.Terms}, {ChangedLast, string(c.Last), string(d.Last)}, {ChangedSuccessor, c.Successor, d.Successor},
	} {
		if x.Was != x.Is {
			all = append(all, x)
		}
	}
	return all
}

// ChangeCommittee changes the name, the terms of reference, the last day of the
// mandate and the successor of a committee to those of to, whose turn is that
// of the committee as it was read.
func ChangeCommittee(ctx context.Context, tx *db.Tx, by office.Viewer, to Committee) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		all, err := AllCommittees(ctx, tx)
		if err != nil {
			return err
		}
		had, ok := all[to.Slug]
		if !ok {
			return fault.NotFound.Errorf("There is no such committee.")
		}
		if err := had.MayKeep(by, civil.DayOf(tx.Now())); err != nil {
			return err
		}
		if had.Turn != to.Turn {
			return fault.Conflict.Errorf("Someone else has changed this committee. Reload the page and try again.")
		}
		c := had
		c.Name, c.Terms, c.Last, c.Successor = to.Name, to.Terms, to.Last, to.Successor
		if err := c.check(); err != nil {
			return err
		}
		if err := had.mayBecome(c, all, civil.DayOf(tx.Now())); err != nil {
			return err
		}
		return saveCommittee(ctx, tx, by, "change", c, record.Detail(had.changesTo(c)))
	})
}

// mayBecome says why the committee cannot be changed to c on a day, or nil.
func (c Committee) mayBecome(to Committee, all Committees, today civil.Day) error {
	var f fault.Faults
	heir, ok := all[to.Successor]
	switch {
	case c.Last == to.Last:
	case c.Ended(today):
		f.Add("to", "The mandate ended on %s. Name a successor or set up another committee.", c.Last)
	case to.Last != "" && to.Last < today:
		f.Add("to", "The mandate cannot end before today, %s.", today)
	}
	switch {
	case to.Successor == "" || c.Successor == to.Successor:
	case !ok:
		f.Add("successor", "Choose the successor from the list.")
	case heir.Ended(today):
		f.Add("successor", "The mandate of the %s ended on %s. Choose another committee.", heir.Name, heir.Last)
	case all.leadsTo(to.Successor, c.Slug):
		f.Add("successor", "The %s is already succeeded by this committee. Choose another committee.", heir.Name)
	}
	if len(f) == 0 && len(c.changesTo(to)) == 0 {
		f.Add("name", "You have not changed anything. Make a change or cancel.")
	}
	return f.Err()
}

// leadsTo reports whether the successors of a committee come to another.
func (all Committees) leadsTo(from, to string) bool {
	for range all {
		if from == to {
			return true
		}
		from = all[from].Successor
	}
	return from == to
}

// MayAccept says whether v may accept, on a day, the open matters of a
// committee whose mandate ends, or why not: the chair of its successor, whose
// own mandate follows without a gap.
func (all Committees) MayAccept(v office.Viewer, c Committee, on civil.Day) error {
	heir, ok := all[c.Successor]
	switch {
	case c.Last == "":
		return fault.Conflict.Errorf("The mandate of the %s has no end date, so there is no work to accept.", c.Name)
	case !ok:
		return fault.Conflict.Errorf("The %s has no successor. Its chair or clerk must name one first.", c.Name)
	case v.Person == 0 || !v.Can(office.SitOnCommittees) || heir.Role(v.Office.ID, max(on, heir.First)) != SeatChair:
		return fault.Forbidden.Errorf("Only the chair of the %s can accept the open work of the %s.", heir.Name, c.Name)
	case heir.Ended(on):
		return fault.Conflict.Errorf("The mandate of the %s ended on %s, so it cannot accept anything.", heir.Name, heir.Last)
	case heir.First > c.Last.Next():
		return fault.Conflict.Errorf("The mandate of the %s begins on %s. It must begin no later than the day after %s, when the mandate of the %s ends.", heir.Name, heir.First, c.Last, c.Name)
	}
	return nil
}

// AllCharges accepts all that is open and not yet accepted.
const AllCharges = "all"

// AcceptCharges accepts open matters of a committee whose mandate ends for its
// successor, all or nothing. A matter is named "question/2012-031"; the one name
// AllCharges is every matter that is not accepted yet.
func AcceptCharges(ctx context.Context, tx *db.Tx, by office.Viewer, slug string, refs []string) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		all, err := AllCommittees(ctx, tx)
		if err != nil {
			return err
		}
		c, ok := all[slug]
		if !ok {
			return fault.NotFound.Errorf("There is no such committee.")
		}
		if err := all.MayAccept(by, c, civil.DayOf(tx.Now())); err != nil {
			return err
		}
		chosen, err := chosenCharges(ctx, tx, all, c, refs)
		if err != nil {
			return err
		}
		for _, one := range chosen {
			if err := acceptCharge(ctx, tx, by, one, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// chosenCharges reads the matters that are accepted, and refuses any that the
// committee does not hold, or that is closed or accepted.
func chosenCharges(ctx context.Context, tx *db.Tx, all Committees, c Committee, refs []string) (chosen []Charge, err error) {
	on := civil.DayOf(tx.Now())
	if slices.Equal(refs, []string{AllCharges}) {
		held, err := chargesWith(ctx, tx, c.Slug, 0)
		for _, one := range held {
			if slug, left := one.left(all, on); slug == c.Slug && left {
				chosen = append(chosen, one)
			}
		}
		if err == nil && len(chosen) == 0 {
			err = fault.Conflict.Errorf("All open work of the %s has already been accepted.", c.Name)
		}
		return chosen, err
	}
	if len(refs) == 0 {
		return nil, fault.Field("ref", "Choose at least one item to accept.")
	}
	for _, ref := range slices.Compact(slices.Sorted(slices.Values(refs))) {
		kind, number, _ := strings.Cut(ref, "/")
		one, found, err := db.Maybe(ctx, tx, ScanCharge, `SELECT `+ChargeCols+` FROM charges c WHERE c.kind = $1 AND c.ref = $2`, kind, number)
		if err != nil {
			return nil, err
		}
		switch slug, left := one.left(all, on); {
		case !found || slug != c.Slug:
			return nil, fault.Field("ref", "%s is not open work of the %s.", text.Capital(text.Short(strings.Replace(ref, "/", " ", 1))), c.Name)
		case !left:
			return nil, fault.Conflict.Errorf("%s has already been accepted by the %s. Reload the page and try again.", text.Capital(kind+" "+number), all.Name(one.Heir))
		}
		chosen = append(chosen, one)
	}
	return chosen, nil
}

func acceptCharge(ctx context.Context, tx *db.Tx, by office.Viewer, one Charge, c Committee) error {
	one.Committee, one.Heir = c.Slug, c.Successor // one that the committee accepted itself is its own now
	row, err := SaveCharge(ctx, tx, one)
	if err != nil {
		return err
	}
	_, err = record.Add(ctx, tx, by, "charge.accept", one.Subject(), record.About(one.Body), row, record.Detail(map[string]string{"from": c.Slug, "to": c.Successor}))
	return err
}

// left tells under which mandate that has a last day an open matter stands on
// a day, "" where under none, and whether nobody has accepted it for when that
// day is past.
func (c Charge) left(all Committees, on civil.Day) (slug string, orphan bool) {
	holder := c.Holder(all, on)
	if !c.Open || all[holder].Last == "" {
		return "", false
	}
	return holder, c.Heir == "" || holder == c.Heir
}

// chargesWith lists the open matters that a committee was given or accepted,
// the first due first: at most so many, or all with 0.
func chargesWith(ctx context.Context, tx *db.Tx, slug string, most int) ([]Charge, error) {
	limit := ""
	if most > 0 {
		limit = ` LIMIT $2`
	}
	args := []any{slug}
	if most > 0 {
		args = append(args, most)
	}
	return db.List(ctx, tx, ScanCharge, `SELECT `+ChargeCols+` FROM charges c WHERE c.open AND (c.committee = $1 OR c.heir = $1)
		ORDER BY CASE WHEN c.due = '' THEN 1 ELSE 0 END, c.due, c.kind, c.ref`+limit, args...)
}

// Left is the open work under one mandate that has a last day.
type Left struct {
	Committee string // slug
	Name      string
	Successor string // name, "" where none is named
	Last      civil.Day
	Accepted  int
	Orphans   int // that nobody has accepted
}

// ReadLeft counts, at a moment, the open work under every mandate that has
// a last day, the first to end first.
func ReadLeft(ctx context.Context, tx *db.Tx, m record.Moment) ([]Left, error) {
	all, err := CommitteesAt(ctx, tx, m)
	if err != nil {
		return nil, err
	}
	groups := map[Charge]int{}
	if m.Past {
		charges, err := record.PastRows[Charge](ctx, tx, "charge", m.Event)
		if err != nil {
			return nil, err
		}
		for _, c := range charges {
			groups[Charge{Committee: c.Committee, Heir: c.Heir, Open: c.Open}]++
		}
	} else {
		type group struct {
			Charge
			n int
		}
		found, err := db.List(ctx, tx, func(r db.Row) (g group, err error) {
			g.Open = true
			return g, r.Scan(&g.Committee, &g.Heir, &g.n)
		}, `SELECT c.committee, c.heir, COUNT(*) FROM charges c WHERE c.open AND c.committee <> '' GROUP BY c.committee, c.heir`)
		if err != nil {
			return nil, err
		}
		for _, g := range found {
			groups[g.Charge] += g.n
		}
	}
	return all.left(groups, m.Day), nil
}

// left adds up open matters by the mandate that they stand under on a day.
func (all Committees) left(groups map[Charge]int, on civil.Day) (out []Left) {
	sums := map[string]*Left{}
	for c, n := range groups {
		slug, orphan := c.left(all, on)
		if slug == "" {
			continue
		}
		if sums[slug] == nil {
			of := all[slug]
			sums[slug] = &Left{Committee: slug, Name: of.Name, Last: of.Last}
			if of.Successor != "" {
				sums[slug].Successor = all.Name(of.Successor)
			}
		}
		if orphan {
			sums[slug].Orphans += n
		} else {
			sums[slug].Accepted += n
		}
	}
	for _, c := range all.Sorted() {
		if l := sums[c.Slug]; l != nil {
			out = append(out, *l)
		}
	}
	slices.SortStableFunc(out, func(a, b Left) int { return strings.Compare(string(a.Last), string(b.Last)) })
	return out
}
