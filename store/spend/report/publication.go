// Package report works out what is published of the spend: which body published
// which month, what each body and year comes to, what was claimed beside it, the
// payments that are a reason to ask, and what the pages of a payment, a file, a
// supplier and a decision tell. It reads the cube and writes nothing.
package report

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/due"
	"github.com/police-ict/handover/store/text"
)

// Publication is the statutory matrix: which body published its payments of
// which month, under the Elected Local Policing Bodies (Specified Information)
// Order 2011 (SI 2011/3050), schedule, paragraph 3(g). It binds commissioners
// and the Mayor’s office, not the Common Council of the City of London. What is
// missing is what no file taken in here holds: it may have been published.
type Publication struct {
	From, To civil.Month
	Bodies   []PublicationRow
	Version  int64
	Loads    int // that stand, of any month; with none nothing can be told
}

// publicationMost is the most months that are asked for at once.
const publicationMost = 24

// PublicationRow is one body’s months.
type PublicationRow struct {
	Body  office.Body
	Bound bool // by the Order
	Cells []PublicationCell
	Items Amount // of its files, those for a whole quarter counted once
}

// Amount is what files hold.
type Amount struct {
	Lines    int64       `json:"lines"`
	Pence    money.Pence `json:"pence"`
	Over     int64       `json:"over_500"`           // items over £500
	NoReason int64       `json:"over_500_no_reason"` // of those, without a reason why they are value for money
}

// Plus adds up what two files hold.
func (p Amount) Plus(o Amount) Amount {
	return Amount{p.Lines + o.Lines, p.Pence.Plus(o.Pence), p.Over + o.Over, p.NoReason + o.NoReason}
}

// PublicationState says in one word how a month stands.
type PublicationState string

// The states of a month of a body.
const (
	PublishedInTime  PublicationState = "published"
	PublishedLate    PublicationState = "published_late"
	PublishedUnknown PublicationState = "published_cannot_tell_when"
	MonthMissing                      = PublicationState(due.Overdue)
	MonthNotDue                       = PublicationState(due.NotYetDue)
	BeforeTheOrder                    = PublicationState(due.BeforeTheOrder)
	NotBound                          = PublicationState(due.NotBound)
	MonthNotOver                      = PublicationState(due.MonthNotOver)
)

// PublicationCell is one body’s publication for one month.
type PublicationCell struct {
	Month     civil.Month
	Loads     []int64   // that hold payments of the month, or of its quarter
	Own       Amount    // payments of the month
	Shared    Amount    // payments of which only the quarter is published
	Day       civil.Day // by which half of the lines were published, "" where it cannot be told
	Days      int       // from the end of the month to that day
	Duty      due.Duty  // what was asked for it, if nothing is published
	Before    bool      // the month ended before the Order was in force
	Bound     bool      // the Order binds the body
	Inherited bool      // the body did not exist yet: its police authority did
	Notes     []spend.Explanation

	parts []issue
}

// issue is one file’s share of a month.
type issue struct {
	day   civil.Day
	lines int64
}

// State says how the month stands.
func (c PublicationCell) State() PublicationState {
	switch {
	case len(c.Loads) > 0 && c.Day == "":
		return PublishedUnknown
	case len(c.Loads) > 0 && c.IsLate():
		return PublishedLate
	case len(c.Loads) > 0:
		return PublishedInTime
	}
	return PublicationState(c.Duty)
}

// Missing reports whether nothing is published of a month that is overdue.
func (c PublicationCell) Missing() bool { return c.State() == MonthMissing }

// IsLate reports whether the publication counts as late under the rule.
func (c PublicationCell) IsLate() bool {
	return c.Bound && !c.Before && c.Day != "" && due.Late.Of(c.Month, c.Days)
}

// Items is all that files hold for the month, and for its quarter where they
// tell no more.
func (c PublicationCell) Items() Amount { return c.Own.Plus(c.Shared) }

// half is the day by which half of the lines were published, given that those
// of unknown days came before all others or after; "" is never, or not known.
func half(parts []issue, first bool) civil.Day {
	var all, got int64
	for _, p := range parts {
		all += p.lines
		if first && p.day == "" {
			got += p.lines
		}
	}
	if 2*got >= all {
		return ""
	}
	for _, p := range parts {
		if p.day == "" {
			continue
		}
		if got += p.lines; 2*got >= all {
			return p.day
		}
	}
	return ""
}

// settle works out the day of publication. A stray line of another month’s file
// does not move it, and files of unknown days only where they could not.
func (c *PublicationCell) settle() {
	slices.SortFunc(c.parts, func(a, b issue) int { return cmp.Compare(a.day, b.day) })
	if day := half(c.parts, true); day != "" && day == half(c.parts, false) {
		c.Day, c.Days = day, c.Month.Last().Until(day)
	}
}

// PublicationCount counts months by how they stand.
type PublicationCount struct {
	Months, Published, Late, NoDay       int
	Missing, Inherited, LateInherited    int // Inherited is before the body’s own first day: of Missing, and of Late
	NotDue                               int // over, and not overdue
	Before, NotBound, NotOver, Explained int
	Items                                Amount
}

func (n *PublicationCount) add(c PublicationCell) {
	n.Months++
	if len(c.Loads) > 0 {
		n.Published++
	}
	if len(c.Notes) > 0 {
		n.Explained++
	}
	switch c.State() {
	case PublishedLate:
		n.Late++
		if c.Inherited {
			n.LateInherited++
		}
	case PublishedUnknown:
		n.NoDay++
	case MonthMissing:
		n.Missing++
		if c.Inherited {
			n.Inherited++
		}
	case MonthNotDue:
		n.NotDue++
	case BeforeTheOrder:
		n.Before++
	case NotBound:
		n.NotBound++
	case MonthNotOver:
		n.NotOver++
	}
}

// Count counts the months of one body.
func (r PublicationRow) Count() (n PublicationCount) {
	for _, c := range r.Cells {
		n.add(c)
	}
	n.Items = r.Items
	return n
}

// Count counts the months of all bodies.
func (p Publication) Count() (n PublicationCount) {
	for _, r := range p.Bodies {
		for _, c := range r.Cells {
			n.add(c)
		}
		n.Items = n.Items.Plus(r.Items)
	}
	return n
}

// Row finds the months of one body.
func (p Publication) Row(slug string) (PublicationRow, bool) {
	for _, r := range p.Bodies {
		if r.Body.Slug == slug {
			return r, true
		}
	}
	return PublicationRow{}, false
}

// ReadPublication works out the matrix for some months, at most 24. Where an end
// is not given, it is a year to the last month that is over and that payments
// stand for.
func ReadPublication(ctx context.Context, tx *db.Tx, from, to civil.Month) (out Publication, err error) {
	err = spend.WithTotals(ctx, tx, func(tx *db.Tx, c *spend.Cube) error {
		if from, to, err = publicationSpan(c, civil.DayOf(tx.Now()), from, to); err != nil {
			return err
		}
		out = publicationOf(c, civil.DayOf(tx.Now()), from, to)
		return explainedCells(ctx, tx, &out)
	})
	return out, err
}

func publicationSpan(c *spend.Cube, today civil.Day, from, to civil.Month) (civil.Month, civil.Month, error) {
	over := monthOn(today) - 1
	switch {
	case to == 0 && from == 0:
		to = over
		if last := lastMonth(c); last != 0 {
			to = min(last, over)
		}
		from = to - 11
	case to == 0:
		to = from + 11
	case from == 0:
		from = to - 11
	}
	if from > to {
		return 0, 0, fault.Field("from", "Enter a first month that is not after the last one.")
	}
	if to-from >= publicationMost {
		return 0, 0, fault.Field("from", "Ask for %d months or fewer at a time.", publicationMost)
	}
	return from, to, nil
}

// monthOn is the month of a day.
func monthOn(d civil.Day) civil.Month { return civil.PaidOf(d).Month() }

// publicationOf works out the matrix, explanations aside.
func publicationOf(c *spend.Cube, today civil.Day, from, to civil.Month) Publication {
	out := Publication{From: from, To: to, Version: c.Version(), Loads: len(c.Loads)}
	for _, b := range office.LocalPolicingBodies() {
		row := PublicationRow{Body: b, Bound: b.Kind != office.CommonCouncil}
		for m := from; m <= to; m++ {
			last := m.Last()
			row.Cells = append(row.Cells, PublicationCell{Month: m, Duty: due.DutyOf(b, m, today), Before: last < due.OrderFrom, Bound: row.Bound, Inherited: b.First != "" && last < b.First})
		}
		out.Bodies = append(out.Bodies, row)
	}
	for _, l := range c.Loads {
		out.Bodies[l.Index].add(l)
	}
	for _, row := range out.Bodies {
		for i := range row.Cells {
			row.Cells[i].settle()
		}
	}
	return out
}

// lastMonth is the last month that payments stand for.
func lastMonth(c *spend.Cube) (m civil.Month) {
	for _, l := range c.Loads {
		for _, p := range l.Periods {
			m = max(m, p.Period.Month)
		}
	}
	return m
}

func (r *PublicationRow) add(l *spend.CubeLoad) {
	for _, of := range l.Periods {
		holds, met := Amount{of.Lines, of.Pence, of.Over, of.NoReason}, false
		for _, m := range of.Period.Months() {
			i := int(m - r.Cells[0].Month)
			if i < 0 || i >= len(r.Cells) {
				continue
			}
			met = true
			cell := &r.Cells[i]
			if of.Period.Quarter {
				cell.Shared = cell.Shared.Plus(holds)
			} else {
				cell.Own = cell.Own.Plus(holds)
			}
			if !slices.Contains(cell.Loads, l.ID) {
				cell.Loads = append(cell.Loads, l.ID)
			}
			cell.parts = append(cell.parts, issue{l.Published, max(of.Lines, 1)})
		}
		if met {
			r.Items = r.Items.Plus(holds)
		}
	}
}

// explainedCells puts what the bodies say of their months beside them.
func explainedCells(ctx context.Context, tx *db.Tx, p *Publication) error {
	all, err := spend.ExplainedMonths(ctx, tx)
	for _, e := range all {
		body, code, _ := strings.Cut(strings.TrimPrefix(e.Subject, "cell/"), "/")
		m, fault := civil.ParseMonth(code)
		if row, ok := p.Row(body); ok && fault == nil && m >= p.From && m <= p.To {
			cell := &row.Cells[m-p.From]
			cell.Notes = append(cell.Notes, e)
		}
	}
	return err
}

// PublicationPage is one month of one body, with the files that hold it, those
// that did, and the months beside it.
type PublicationPage struct {
	PublicationRow
	Cell    PublicationCell
	Files   []spend.Load
	Gone    []spend.Load // withdrawn or replaced: they are not counted
	Version int64
}

// Subject is what an explanation of the month is attached to.
func (p PublicationPage) Subject() string { return "cell/" + p.Body.Slug + "/" + p.Cell.Month.Code() }

// beside is how many months before and after one are shown with it.
const beside = 3

// ReadPublicationPage tells of one month of one body.
func ReadPublicationPage(ctx context.Context, tx *db.Tx, body string, m civil.Month) (out PublicationPage, err error) {
	if b, ok := office.BodyOf(body); !ok || !b.LocalPolicing() {
		return out, fault.NotFound.Errorf("There is no local policing body “%s”.", text.Short(body))
	}
	err = spend.WithTotals(ctx, tx, func(tx *db.Tx, c *spend.Cube) error {
		today := civil.DayOf(tx.Now())
		first, last := civil.MonthOf(2010, 1), monthOn(today)
		if m < first || m > last {
			return fault.NotFound.Errorf("Publication is recorded from %s to %s, which does not include %s.", first, last, m)
		}
		from := max(m-beside, first)
		whole := publicationOf(c, today, from, min(m+beside, last))
		if err := explainedCells(ctx, tx, &whole); err != nil {
			return err
		}
		b, _ := office.BodyOf(body)
		row, _ := whole.Row(b.Slug)
		out = PublicationPage{PublicationRow: row, Cell: row.Cells[m-from], Version: c.Version()}
		for _, id := range out.Cell.Loads {
			if l, ok := c.Load(id); ok {
				out.Files = append(out.Files, l.Load)
			}
		}
		for _, status := range []spend.Status{spend.Withdrawn, spend.Replaced} {
			gone, err := Loads(ctx, tx, LoadFilter{Body: b.Slug, Status: status}, 500)
			if err != nil {
				return err
			}
			out.Gone = append(out.Gone, slices.DeleteFunc(gone, func(l spend.Load) bool { return !holds(l, m) })...)
		}
		return nil
	})
	return out, err
}

// holds reports whether a load has payments of a month, or of its quarter.
func holds(l spend.Load, m civil.Month) bool {
	return slices.ContainsFunc(l.Periods, func(p spend.LoadPeriod) bool { return slices.Contains(p.Period.Months(), m) })
}
