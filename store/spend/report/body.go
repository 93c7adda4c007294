package report

import (
	"context"
	"slices"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/text"
)

// YearSpend is what stands of police IT in one financial year, with what it
// covers. A sum that does not agree with its rows is not shown.
type YearSpend struct {
	Year         int       // in which it begins
	IT           spend.Sum // payments for IT
	Unclassified spend.Sum // payments that no rule decides
	All          spend.Sum // all payments
	Bodies       int       // that have published for some month of it
	Of           int       // bodies asked for
	Months       int       // months of bodies published
	Expected     int       // months of bodies in the year that are over
	Bad          bool      // a load does not agree with its rows
}

// Whole reports whether every month of the year stands.
func (y YearSpend) Whole() bool { return y.Months == 12*y.Of }

// BodySpend is what the page of a local policing body says of its spend.
type BodySpend struct {
	Body     office.Body
	Years    []YearSpend // newest first
	Undated  spend.Sum   // IT that no date places in a year
	IT       spend.Sum   // of all years
	Bad      bool
	Current  BodyYear
	Top      TopSuppliers
	Peers    []BodyPeer // of like population, itself among them
	PeersIn  int        // the whole financial year by which they are compared
	Checks   []Findings // of the methods that flag any of its payments
	Due      []MonthDue
	Matrix   PublicationRow
	From, To civil.Month // of the matrix
	Loads    int
	Version  int64
}

// ReadBody tells what a local policing body spends on IT, with whom, and
// what it has published of it.
func ReadBody(ctx context.Context, tx *db.Tx, slug string) (out BodySpend, err error) {
	b, ok := office.BodyOf(slug)
	if !ok || !b.LocalPolicing() {
		return out, fault.NotFound.Errorf("There is no local policing body “%s”.", text.Short(slug))
	}
	err = spend.WithCube(ctx, tx, func(tx *db.Tx, c *spend.Cube) error {
		out = BodySpend{Body: b, Version: c.Version()}
		f := payments.Filter{Bodies: []string{b.Slug}, Class: []classify.Class{classify.IsIT}}
		whole, err := c.Spend(ctx, tx, f)
		if err != nil {
			return err
		}
		out.IT, out.Undated, out.Bad, out.Loads = whole.Total, whole.Undated, !whole.Reconciles(), whole.Bodies[0].Loads
		if out.Years, err = yearsOf(ctx, tx, c, f); err != nil {
			return err
		}
		if out.Current, err = bodyYear(ctx, tx, c, f, b); err != nil {
			return err
		}
		if out.Top, err = topOf(ctx, tx, c, f); err != nil {
			return err
		}
		if out.Peers, out.PeersIn, err = peersOf(ctx, tx, c, f, b); err != nil {
			return err
		}
		out.Checks, out.Due = checksOf(c, b), dueOf(c, b, civil.DayOf(tx.Now()))
		return matrixOf(ctx, tx, c, &out)
	})
	return out, err
}

func matrixOf(ctx context.Context, tx *db.Tx, c *spend.Cube, out *BodySpend) error {
	today := civil.DayOf(tx.Now())
	from, to, err := publicationSpan(c, today, 0, 0)
	if err != nil {
		return err
	}
	p := publicationOf(c, today, from, to)
	if err := explainedCells(ctx, tx, &p); err != nil {
		return err
	}
	out.Matrix, _ = p.Row(out.Body.Slug)
	out.From, out.To = from, to
	return nil
}

// yearsOf adds up what a filter asks for by financial year, newest first, for
// the years in which its bodies have published anything.
func yearsOf(ctx context.Context, tx *db.Tx, c *spend.Cube, f payments.Filter) (all []YearSpend, err error) {
	today, months := civil.DayOf(tx.Now()), publishedMonths(c, f)
	for _, y := range slices.Backward(text.SortedKeys(months)) {
		f.Years = []int{y}
		sp, err := c.Spend(ctx, tx, f)
		if err != nil {
			return nil, err
		}
		year := YearSpend{Year: y, IT: sp.Classes[classify.IsIT], Unclassified: sp.Classes[classify.NotClassified], Of: sp.Cover.Of, Bodies: sp.Cover.Bodies, Months: len(months[y]), Bad: !sp.Reconciles()}
		year.All = sp.Classes[0].Plus(sp.Classes[1]).Plus(sp.Classes[2])
		for m := civil.MonthOf(y, 4); m < civil.MonthOf(y+1, 4); m++ {
			if m.Last() < today {
				year.Expected += year.Of
			}
		}
		all = append(all, year)
	}
	return all, nil
}

type bodyMonth struct {
	body  int
	month civil.Month
}

// publishedMonths are the months of bodies for which payments stand, by
// financial year.
func publishedMonths(c *spend.Cube, f payments.Filter) map[int]map[bodyMonth]bool {
	out, asked := map[int]map[bodyMonth]bool{}, map[string]bool{}
	for _, b := range f.Chosen() {
		asked[b.Slug] = true
	}
	for _, l := range c.Loads {
		if !asked[l.Body] {
			continue
		}
		for _, p := range l.Periods {
			for _, m := range p.Period.Months() {
				y := m.FinancialYear()
				if out[y] == nil {
					out[y] = map[bodyMonth]bool{}
				}
				out[y][bodyMonth{l.Index, m}] = true
			}
		}
	}
	return out
}
