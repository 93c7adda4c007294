package report

import (
	"context"
	"iter"
	"slices"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
)

// LineTie is a decision that a payment is under.
type LineTie struct {
	spend.Tie
	Under    spend.Under
	Judged   spend.Judged
	Decision decisions.Listed
}

// tiesOf lists the decisions that a payment is under, latest first.
func tiesOf(ctx context.Context, tx *db.Tx, line int64) ([]LineTie, error) {
	rows, err := db.List(ctx, tx, spend.ScanTied, `SELECT `+spend.TiedCols+` FROM spend_decisions t WHERE t.line = $1 AND t.stands ORDER BY t.decision DESC`, line)
	var all []LineTie
	for _, t := range rows {
		u, err := spend.ReadUnder(ctx, tx, t.Load, t.Decision)
		if err != nil {
			return nil, err
		}
		d, err := db.One(ctx, tx, decisions.Scan, `SELECT `+decisions.Cols+` FROM decisions WHERE id = $1`, t.Decision)
		if err != nil {
			return nil, err
		}
		listed, err := decisions.WithState(ctx, tx, []decisions.Decision{d})
		if err != nil {
			return nil, err
		}
		all = append(all, LineTie{t.Tie, u, t.Judged, listed[0]})
	}
	return all, err
}

// JudgedOf are those of a payment’s decisions that it was judged so against. A
// payment whose supplier is withheld tells of none.
func JudgedOf(ctx context.Context, tx *db.Tx, l spend.Line, how spend.Judged) (held []LineTie, err error) {
	if l.Payee == payments.Withheld {
		return nil, nil
	}
	all, err := tiesOf(ctx, tx, l.ID)
	for _, t := range all {
		if t.Judged == how {
			held = append(held, t)
		}
	}
	return held, err
}

// TiedSums is what the payments under a decision come to, of the files that
// stand.
type TiedSums struct {
	Sum    spend.Sum
	Held   spend.Sum // of those, paid while the decision might not be implemented
	Before spend.Sum // of those, paid before the decision was made
	Hidden int64     // payments left out, since their supplier is withheld
	Agrees bool      // with the rows of their files; where not, no sum is shown
}

// TiedLine is a payment under a decision.
type TiedLine struct {
	spend.Line
	How    spend.TiedBy
	Under  spend.Under
	Judged spend.Judged
}

// tied is the payments under one decision, in one snapshot.
type tied struct {
	TiedSums
	decision int64
	hidden   map[int64]bool // lines
}

const tiedFrom = ` FROM spend_decisions t JOIN load_decisions u ON u.load = t.load AND u.decision = t.decision
	JOIN loads l ON l.id = t.load AND l.status = 'standing' WHERE t.decision = $1 AND t.stands`

// hasTied reports whether there is any payment under a decision.
func hasTied(ctx context.Context, tx *db.Tx, decision int64) (bool, error) {
	n, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT COUNT(*) FROM (SELECT t.line`+tiedFrom+` LIMIT 1) AS first`, decision)
	return n > 0, err
}

// tiedTo adds up the payments under a decision.
func tiedTo(ctx context.Context, tx *db.Tx, c *spend.Cube, decision int64) (*tied, error) {
	t := &tied{TiedSums{Agrees: true}, decision, map[int64]bool{}}
	type loadSum struct {
		load              int64
		sum, held, before spend.Sum
	}
	all, err := db.List(ctx, tx, func(r db.Row) (v loadSum, err error) {
		return v, r.Scan(&v.load, &v.sum.Lines, &v.sum.Pence, &v.held.Lines, &v.held.Pence, &v.before.Lines, &v.before.Pence)
	}, `SELECT t.load, COUNT(*), CAST(SUM(t.pence) AS BIGINT), COUNT(*) FILTER (WHERE t.judged = 'held'), CAST(COALESCE(SUM(t.pence) FILTER (WHERE t.judged = 'held'), 0) AS BIGINT),
		COUNT(*) FILTER (WHERE t.judged = 'before'), CAST(COALESCE(SUM(t.pence) FILTER (WHERE t.judged = 'before'), 0) AS BIGINT)`+
		tiedFrom+` GROUP BY t.load ORDER BY t.load`, decision)
	if err != nil {
		return nil, err
	}
	for _, v := range all {
		l, ok := c.Load(v.load)
		if !ok || l.Withheld != "" {
			t.Hidden += v.sum.Lines
			continue
		}
		t.Agrees = t.Agrees && l.Reconciles()
		t.Sum, t.Held, t.Before = t.Sum.Plus(v.sum), t.Held.Plus(v.held), t.Before.Plus(v.before)
	}
	return t, t.hide(ctx, tx, c)
}

// hide leaves out the single lines that are withheld: that they are under the
// decision would say who was paid.
func (t *tied) hide(ctx context.Context, tx *db.Tx, c *spend.Cube) error {
	withheld, err := spend.WithheldIn(ctx, tx, `SELECT t.line`+tiedFrom, t.decision)
	if err != nil {
		return err
	}
	for _, w := range withheld {
		if l, ok := c.Load(w.Load); w.Lifted != "" || !ok || l.Withheld != "" {
			continue
		}
		judged, err := db.One(ctx, tx, db.ScanInto[string], `SELECT judged FROM spend_decisions WHERE line = $1 AND decision = $2`, w.Line, t.decision)
		if err != nil {
			return err
		}
		one := spend.Sum{Lines: 1, Pence: money.Pence(w.Pence)}
		t.hidden[w.Line] = true
		t.Hidden++
		t.Sum = t.Sum.Minus(one)
		switch spend.Judged(judged) {
		case spend.JudgedHeld:
			t.Held = t.Held.Minus(one)
		case spend.JudgedBefore:
			t.Before = t.Before.Minus(one)
		}
	}
	return nil
}

// shows reports whether a payment is told of.
func (t *tied) shows(c *spend.Cube, r spend.TiedRow) bool {
	l, ok := c.Load(r.Load)
	return ok && l.Withheld == "" && !t.hidden[r.Line]
}

// lines goes through the payments, newest first, after one of them; 0 is all.
func (t *tied) lines(ctx context.Context, tx *db.Tx, c *spend.Cube, after int64) iter.Seq2[TiedLine, error] {
	return func(yield func(TiedLine, error) bool) {
		mark := spend.TiedRow{}
		if after != 0 {
			var err error
			if mark, err = db.One(ctx, tx, spend.ScanTied, `SELECT `+spend.TiedCols+` FROM spend_decisions t WHERE t.line = $1 AND t.decision = $2`, after, t.decision); err != nil {
				yield(TiedLine{}, spend.LineNotFound(err, after))
				return
			}
		}
		var at spend.LineReader
		for {
			rows, err := db.List(ctx, tx, spend.ScanTied, `SELECT `+spend.TiedCols+tiedFrom+` AND ($2 = 0 OR t.paid < $3 OR t.paid = $3 AND t.line < $2)
				ORDER BY t.paid DESC, t.line DESC LIMIT 200`, t.decision, mark.Line, int64(mark.Paid))
			if err != nil {
				yield(TiedLine{}, err)
				return
			}
			for _, r := range rows {
				if mark = r; !t.shows(c, r) {
					continue
				}
				l, _ := c.Load(r.Load)
				out, err := tiedLine(ctx, tx, c, l, r, &at)
				if !yield(out, err) || err != nil {
					return
				}
			}
			if len(rows) < 200 {
				return
			}
		}
	}
}

// tiedLine reads one payment.
func tiedLine(ctx context.Context, tx *db.Tx, c *spend.Cube, l *spend.CubeLoad, r spend.TiedRow, at *spend.LineReader) (out TiedLine, err error) {
	if out.Line, err = at.Line(ctx, tx, c, l, r.Line); err != nil {
		return out, err
	}
	out.How, out.Judged = r.How, r.Judged
	out.Under, err = spend.ReadUnder(ctx, tx, r.Load, r.Decision)
	return out, err
}

const tiedMost = 20 // payments that the page of a decision shows

// DecisionPage is a decision with the payments under it.
type DecisionPage struct {
	decisions.Page
	Tied     []TiedLine     // the newest payments under it
	Paid     TiedSums       // what all of those come to
	Supplier spend.Supplier // that it names by company number, where any body published a payment to it
}

// ReadDecisionPage reads the page of a decision.
func ReadDecisionPage(ctx context.Context, tx *db.Tx, v office.Viewer, ref string) (a DecisionPage, err error) {
	paid, known := false, false
	var named spend.Supplier
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if a.Page, err = decisions.ReadPage(ctx, tx, v, ref); err != nil {
			return err
		}
		if paid, err = hasTied(ctx, tx, a.ID); err != nil || a.Paper.Company == "" {
			return err
		}
		named, known, err = spend.SupplierNumbered(ctx, tx, a.Paper.Company)
		return err
	})
	if a.Paid.Agrees = true; err != nil || !paid && !known {
		return a, err // most often: no file of spend is looked at
	}
	return a, spend.WithCube(ctx, tx, func(tx *db.Tx, c *spend.Cube) error {
		if known {
			if _, into, ok := c.SupplierBy(named.Slug); ok && len(c.Names(into.ID)) > 0 {
				a.Supplier = into
			}
		}
		if !paid {
			return nil
		}
		return a.payments(ctx, tx, c)
	})
}

// payments fills in what is paid under a decision.
func (a *DecisionPage) payments(ctx context.Context, tx *db.Tx, c *spend.Cube) error {
	t, err := tiedTo(ctx, tx, c, a.ID)
	if err != nil {
		return err
	}
	a.Paid, a.Tied = t.TiedSums, nil
	for l, err := range t.lines(ctx, tx, c, 0) {
		if err != nil {
			return err
		}
		if a.Tied = append(a.Tied, l); len(a.Tied) == tiedMost {
			break
		}
	}
	return nil
}

// DecisionSpend is a page of the payments under a decision, newest first.
type DecisionSpend struct {
	Decision decisions.Listed
	TiedSums
	Lines   []TiedLine
	After   int64 // line after which the page begins, 0 is the first
	Next    int64 // line after which the next page begins, 0 where there is none
	Version int64
}

// PaidUnder lists the payments under a decision that v may read.
func PaidUnder(ctx context.Context, tx *db.Tx, v office.Viewer, ref string, after int64, most int) (out DecisionSpend, err error) {
	err = spend.WithCube(ctx, tx, func(tx *db.Tx, c *spend.Cube) error {
		out = DecisionSpend{After: after, Version: c.Version()}
		t, listed, err := tiedOf(ctx, tx, c, v, ref)
		if err != nil {
			return err
		}
		out.TiedSums, out.Decision = t.TiedSums, listed
		for l, err := range t.lines(ctx, tx, c, after) {
			if err != nil {
				return err
			}
			if len(out.Lines) == most {
				out.Next = out.Lines[most-1].ID
				return nil
			}
			out.Lines = append(out.Lines, l)
		}
		return nil
	})
	return out, err
}

func tiedOf(ctx context.Context, tx *db.Tx, c *spend.Cube, v office.Viewer, ref string) (t *tied, listed decisions.Listed, err error) {
	d, err := decisions.Find(ctx, tx, v, ref)
	if err != nil {
		return nil, listed, err
	}
	all, err := decisions.WithState(ctx, tx, []decisions.Decision{d})
	if err != nil {
		return nil, listed, err
	}
	t, err = tiedTo(ctx, tx, c, d.ID)
	return t, all[0], err
}

// EachPaidUnder goes through all payments under a decision, newest first, in
// one state.
func EachPaidUnder(ctx context.Context, tx *db.Tx, v office.Viewer, ref string) iter.Seq2[TiedLine, error] {
	return spend.Batches(ctx, tx, spend.BatchLines, func(tx *db.Tx, c *spend.Cube) (r spend.Reading[TiedLine], err error) {
		t, _, err := tiedOf(ctx, tx, c, v, ref)
		if err != nil {
			return r, err
		}
		rows, err := db.List(ctx, tx, spend.ScanTied, `SELECT `+spend.TiedCols+tiedFrom+` ORDER BY t.paid DESC, t.line DESC`, t.decision)
		if err != nil {
			return r, err
		}
		rows = slices.DeleteFunc(rows, func(row spend.TiedRow) bool { return !t.shows(c, row) })
		r.Loads = map[int64]*spend.CubeLoad{}
		for _, row := range rows {
			r.Loads[row.Load], _ = c.Load(row.Load)
		}
		var at spend.LineReader
		r.Next = func(ctx context.Context, tx *db.Tx) (l TiedLine, more bool, err error) {
			if len(rows) == 0 {
				return l, false, nil
			}
			row := rows[0]
			rows = rows[1:]
			l, err = tiedLine(ctx, tx, c, r.Loads[row.Load], row, &at)
			return l, true, err
		}
		return r, nil
	})
}
