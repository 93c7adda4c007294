package report

import (
	"context"
	"iter"
	"slices"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/text"
)

// Findings are the lines that a method flags. They stand beside the lines that
// it looked at, and are a reason to ask, never a verdict.
type Findings struct {
	Method   payments.Method
	Groups   []Finding   // of the page
	Count    int         // of findings
	Lines    int64       // flagged
	Examined int64       // lines that the method looked at
	Sum      money.Pence // of the flagged lines
	Next     int64       // mark after which the next page begins, 0 where there is none
	Version  int64
}

// Finding is the lines of one finding.
type Finding struct {
	Mark  int64
	Lines []spend.Line
	Sum   money.Pence
	Held  []LineTie // decisions that its line is under and that it was judged so against
}

// marked is a finding whose lines are not read yet.
type marked struct {
	mark  int64
	load  *spend.CubeLoad
	lines []int64
}

// FindingsOf lists what one method flags in the standing loads of some bodies,
// most findings from a mark on; no bodies is all, most 0 is none.
func FindingsOf(ctx context.Context, tx *db.Tx, method string, bodies []string, after int64, most int) (out Findings, err error) {
	err = spend.WithCube(ctx, tx, func(tx *db.Tx, c *spend.Cube) error {
		found, all, err := findingsOf(c, method, bodies)
		if out = found; err != nil {
			return err
		}
		return page(ctx, tx, c, all, after, most, &out)
	})
	return out, err
}

// findingsOf counts and gathers what a method finds.
func findingsOf(c *spend.Cube, method string, bodies []string) (out Findings, all []marked, err error) {
	i := slices.IndexFunc(payments.Methods, func(m payments.Method) bool { return m.Code == method })
	if i < 0 {
		return out, nil, fault.NotFound.Errorf("There is no method “%s”.", text.Short(method))
	}
	out = Findings{Method: payments.Methods[i], Version: c.Version()}
	all = out.gather(c, bodies)
	return out, all, nil
}

const batchFindings = 100 // that are read in one transaction

// EachFinding goes through the findings of a method, one in each Findings, in
// one state.
func EachFinding(ctx context.Context, tx *db.Tx, method string, bodies []string) iter.Seq2[Findings, error] {
	return spend.Batches(ctx, tx, batchFindings, func(_ *db.Tx, c *spend.Cube) (r spend.Reading[Findings], err error) {
		out, all, err := findingsOf(c, method, bodies)
		r.Loads = map[int64]*spend.CubeLoad{}
		for _, m := range all {
			r.Loads[m.load.ID] = m.load
		}
		r.Next = func(ctx context.Context, tx *db.Tx) (f Findings, more bool, err error) {
			if len(all) == 0 {
				return f, false, nil
			}
			f = out
			err = page(ctx, tx, c, all[:1], 0, 1, &f)
			all = all[1:]
			return f, true, err
		}
		return r, err
	})
}

// FlagCounts is what each method flags among the lines that stand, without the
// lines themselves.
func FlagCounts(ctx context.Context, tx *db.Tx) (all []Findings, err error) {
	err = spend.WithCube(ctx, tx, func(_ *db.Tx, c *spend.Cube) error {
		all = nil
		for _, m := range payments.Methods {
			f := Findings{Method: m, Version: c.Version()}
			f.gather(c, nil)
			all = append(all, f)
		}
		return nil
	})
	return all, err
}

// gather counts what the method flags, and lists its findings by mark: loads
// taken in beside each other need not have their lines in the order of loads.
func (f *Findings) gather(c *spend.Cube, bodies []string) (all []marked) {
	for _, l := range c.Loads {
		if len(bodies) > 0 && !slices.Contains(bodies, l.Body) {
			continue
		}
		f.Examined += l.Lines
		at := map[int64]int{}
		for _, flag := range l.Flags {
			if flag.Method != f.Method.Code {
				continue
			}
			f.Lines++
			f.Sum = f.Sum.Plus(money.Pence(flag.Pence))
			i, ok := at[flag.Mark]
			if !ok {
				i = len(all)
				at[flag.Mark] = i
				all = append(all, marked{mark: flag.Mark, load: l})
			}
			all[i].lines = append(all[i].lines, flag.Line)
		}
	}
	f.Count = len(all)
	slices.SortFunc(all, func(a, b marked) int { return int(a.mark - b.mark) })
	return all
}

// page reads the lines of the findings of one page.
func page(ctx context.Context, tx *db.Tx, c *spend.Cube, all []marked, after int64, most int, out *Findings) error {
	from := 0
	if after != 0 {
		from, _ = slices.BinarySearchFunc(all, after+1, func(m marked, mark int64) int { return int(m.mark - mark) })
	}
	for _, m := range all[from:] {
		if len(out.Groups) == most {
			if most > 0 {
				out.Next = out.Groups[most-1].Mark
			}
			return nil
		}
		g := Finding{Mark: m.mark}
		for _, id := range m.lines {
			line, err := c.LineIn(ctx, tx, m.load, id)
			if err != nil {
				return err
			}
			g.Lines = append(g.Lines, line)
			g.Sum = g.Sum.Plus(line.Pence)
		}
		if payments.OfDecisions(out.Method.Code) {
			var err error
			if g.Held, err = JudgedOf(ctx, tx, g.Lines[0], spend.Judged(out.Method.Code)); err != nil {
				return err
			}
		}
		out.Groups = append(out.Groups, g)
	}
	return nil
}
