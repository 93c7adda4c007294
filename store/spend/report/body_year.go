package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/due"
	"github.com/police-ict/handover/store/spend/payments"
)

// BodyYear is the financial year of a body by month, beside the same months of
// the year before.
type BodyYear struct {
	Year   int // in which it begins
	Months [12]BodyMonth
	Both   int         // months published in both years
	This   money.Pence // IT in those months
	Last   money.Pence // IT in the same months of the year before
}

// BodyMonth is what a body paid for IT in a month and in the same month a year
// before.
type BodyMonth struct {
	Month            civil.Month
	This, Last       money.Pence
	HasThis, HasLast bool // published
	Duty             due.Duty
}

// BodyPeer is what a body of like size paid for IT in a whole year.
type BodyPeer struct {
	Body   office.Body
	Pence  money.Pence
	Head   float64 // pence for each resident
	Months int     // of the year, published
	Own    bool
}

// Whole reports whether every month of the year is published.
func (p BodyPeer) Whole() bool { return p.Months == 12 }

// TopSupplier is a supplier of a body with what it was paid in the same months
// a year before.
type TopSupplier struct {
	spend.SupplierSum
	Before money.Pence
}

// TopSuppliers are the largest suppliers of a body in some months.
type TopSuppliers struct {
	Rows     []TopSupplier // largest first
	Count    int           // of all named suppliers in those months
	From, To civil.Month
	Compared bool // every one of these months, and of the year before, is published
}

// MonthDue is a month that a body has not published, with the last day on which
// it is in time.
type MonthDue struct {
	Month   civil.Month
	By      civil.Day
	Overdue bool
}

const (
	topSuppliers = 5
	peersMost    = 6 // bodies of like population that one is compared with
	dueMonths    = 12
)

// bodyYear reads a body's current financial year, by its last month that is over.
func bodyYear(ctx context.Context, tx *db.Tx, c *spend.Cube, f payments.Filter, b office.Body) (out BodyYear, err error) {
	today := civil.DayOf(tx.Now())
	out.Year = (monthOn(today) - 1).FinancialYear()
	first, has := civil.MonthOf(out.Year, 4), publishedMonths(c, f)
	f.From, f.To = first-12, first+11
	sp, err := c.Spend(ctx, tx, f)
	if err != nil {
		return out, err
	}
	paid := map[civil.Month]money.Pence{}
	for _, m := range sp.Months {
		paid[m.Month] = m.Pence
	}
	at := spend.BodyIndex(b.Slug)
	for i := range out.Months {
		m := first + civil.Month(i)
		one := BodyMonth{Month: m, This: paid[m], Last: paid[m-12], Duty: due.DutyOf(b, m, today),
			HasThis: has[out.Year][bodyMonth{at, m}], HasLast: has[out.Year-1][bodyMonth{at, m - 12}]}
		if one.HasThis && one.HasLast {
			out.Both++
			out.This, out.Last = out.This.Plus(one.This), out.Last.Plus(one.Last)
		}
		out.Months[i] = one
	}
	return out, nil
}

// peersOf are the bodies whose population is nearest, with the body itself among
// them: the highest for each resident first, and those without a whole year last,
// since they cannot be compared. No list of similar forces is known here. The
// City of London has none: its few residents do not describe its work.
func peersOf(ctx context.Context, tx *db.Tx, c *spend.Cube, f payments.Filter, own office.Body) (all []BodyPeer, year int, err error) {
	if own.Population == 0 || own.Kind == office.CommonCouncil {
		return nil, 0, nil
	}
	near := slices.DeleteFunc(office.LocalPolicingBodies(), func(b office.Body) bool { return b.Population == 0 || b.Kind == office.CommonCouncil })
	slices.SortStableFunc(near, func(a, b office.Body) int {
		return cmp.Compare(apart(a.Population, own.Population), apart(b.Population, own.Population))
	})
	f.Bodies = nil
	for _, b := range near[:min(peersMost+1, len(near))] {
		f.Bodies = append(f.Bodies, b.Slug)
	}
	sp, err := c.Spend(ctx, tx, f)
	if err != nil {
		return nil, 0, err
	}
	for _, b := range sp.Bodies {
		one := BodyPeer{Body: b.Body, Pence: b.Year.Pence, Months: b.Months, Own: b.Body.Slug == own.Slug}
		one.Head = float64(one.Pence) / float64(b.Body.Population)
		all = append(all, one)
	}
	slices.SortStableFunc(all, func(a, b BodyPeer) int {
		if a.Whole() != b.Whole() {
			return cmp.Compare(b.Months, a.Months)
		}
		return cmp.Compare(b.Head, a.Head)
	})
	return all, sp.Compare, nil
}

// Rank says where a body stands among its peers of a whole year.
func (p BodySpend) Rank() string {
	at, of := 0, 0
	for _, b := range p.Peers {
		if !b.Whole() {
			break
		}
		of++
		if b.Own {
			at = of
		}
	}
	switch {
	case at == 0:
		return "Cannot tell: a month of the year is not published."
	case of == 1:
		return "No other body here has published the whole year."
	case at == 1:
		return fmt.Sprintf("The highest of %d.", of)
	case at == of:
		return fmt.Sprintf("The lowest of %d.", of)
	}
	return fmt.Sprintf("Number %d of %d, highest first.", at, of)
}

func apart(a, b int64) int64 { return max(a-b, b-a) }

// topOf are the largest suppliers of the months published this year, or of the
// last year of which any are.
func topOf(ctx context.Context, tx *db.Tx, c *spend.Cube, f payments.Filter) (out TopSuppliers, err error) {
	months, at := publishedMonths(c, f), spend.BodyIndex(f.Bodies[0])
	for year := range months {
		for m := range months[year] {
			out.To = max(out.To, m.month)
		}
	}
	if out.To == 0 {
		return out, nil
	}
	out.From = civil.MonthOf(out.To.FinancialYear(), 4)
	out.Compared = true
	for m := out.From; m <= out.To; m++ {
		y := m.FinancialYear()
		out.Compared = out.Compared && months[y][bodyMonth{at, m}] && months[y-1][bodyMonth{at, m - 12}]
	}
	f.Payee, f.From, f.To = []payments.PayeeKind{payments.Named}, out.From, out.To
	rows, err := named(ctx, tx, c, f)
	if err != nil {
		return out, err
	}
	f.From, f.To = f.From-12, f.To-12
	was, err := named(ctx, tx, c, f)
	if err != nil {
		return out, err
	}
	before := map[int64]money.Pence{}
	for _, r := range was {
		before[r.Supplier.ID] = r.Pence
	}
	out.Count = len(rows)
	for _, r := range rows[:min(topSuppliers, len(rows))] {
		out.Rows = append(out.Rows, TopSupplier{r, before[r.Supplier.ID]})
	}
	return out, nil
}

// named are the suppliers that are told by a name.
func named(ctx context.Context, tx *db.Tx, c *spend.Cube, f payments.Filter) ([]spend.SupplierSum, error) {
	rows, err := c.SupplierSums(ctx, tx, f)
	return slices.DeleteFunc(rows, func(r spend.SupplierSum) bool { return r.Supplier.ID == 0 }), err
}

// checksOf counts what each method flags among the payments of a body.
func checksOf(c *spend.Cube, b office.Body) (all []Findings) {
	for _, m := range payments.Methods {
		f := Findings{Method: m, Version: c.Version()}
		if f.gather(c, []string{b.Slug}); f.Count > 0 {
			all = append(all, f)
		}
	}
	return all
}

// dueOf are the months of the last year that a body has not published and has
// to, oldest first.
func dueOf(c *spend.Cube, b office.Body, today civil.Day) (all []MonthDue) {
	over := monthOn(today) - 1
	row, _ := publicationOf(c, today, over-dueMonths+1, over).Row(b.Slug)
	for _, cell := range row.Cells {
		if d := cell.State(); d == MonthMissing || d == MonthNotDue {
			all = append(all, MonthDue{cell.Month, due.Late.Until(cell.Month), d == MonthMissing})
		}
	}
	return all
}
