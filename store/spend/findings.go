package spend

import (
	"context"
	"slices"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
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
	Lines []Line
	Sum   money.Pence
	Held  []LineTie // decisions that its line is under and that were held
}

// marked is a finding whose lines are not read yet.
type marked struct {
	mark  int64
	load  *CubeLoad
	lines []int64
}

// FindingsOf lists what one method flags in the standing loads of some bodies,
// most findings from a mark on; no bodies is all, most 0 is none.
func FindingsOf(ctx context.Context, tx *db.Tx, method string, bodies []string, after int64, most int) (out Findings, err error) {
	i := slices.IndexFunc(payments.Methods, func(m payments.Method) bool { return m.Code == method })
	if i < 0 {
		return out, fault.NotFound.Errorf("There is no method “%s”.", text.Short(method))
	}
	err = WithCube(ctx, tx, func(tx *db.Tx, c *Cube) error {
		out = Findings{Method: payments.Methods[i], Version: c.version}
		return page(ctx, tx, c, out.gather(c, bodies), after, most, &out)
	})
	return out, err
}

// FlagCounts is what each method flags among the lines that stand, without the
// lines themselves.
func FlagCounts(ctx context.Context, tx *db.Tx) (all []Findings, err error) {
	err = WithCube(ctx, tx, func(_ *db.Tx, c *Cube) error {
		all = nil
		for _, m := range payments.Methods {
			f := Findings{Method: m, Version: c.version}
			f.gather(c, nil)
			all = append(all, f)
		}
		return nil
	})
	return all, err
}

// gather counts what the method flags, and lists its findings by mark: loads
// taken in beside each other need not have their lines in the order of loads.
func (f *Findings) gather(c *Cube, bodies []string) (all []marked) {
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
			f.Sum = f.Sum.Plus(money.Pence(flag.pence))
			i, ok := at[flag.mark]
			if !ok {
				i = len(all)
				at[flag.mark] = i
				all = append(all, marked{mark: flag.mark, load: l})
			}
			all[i].lines = append(all[i].lines, flag.Line)
		}
	}
	f.Count = len(all)
	slices.SortFunc(all, func(a, b marked) int { return int(a.mark - b.mark) })
	return all
}

// page reads the lines of the findings of one page.
func page(ctx context.Context, tx *db.Tx, c *Cube, all []marked, after int64, most int, out *Findings) error {
	from, _ := slices.BinarySearchFunc(all, after+1, func(m marked, mark int64) int { return int(m.mark - mark) })
	for _, m := range all[from:] {
		if len(out.Groups) == most {
			if most > 0 {
				out.Next = out.Groups[most-1].Mark
			}
			return nil
		}
		g := Finding{Mark: m.mark}
		for _, id := range m.lines {
			b, err := blockOf(ctx, tx, id)
			if err != nil {
				return err
			}
			line := c.line(m.load, id, b.Lines[id-b.First])
			g.Lines = append(g.Lines, line)
			g.Sum = g.Sum.Plus(line.Pence)
		}
		if out.Method.Code == payments.FlagHeld {
			var err error
			if g.Held, err = heldOf(ctx, tx, g.Lines[0]); err != nil {
				return err
			}
		}
		out.Groups = append(out.Groups, g)
	}
	return nil
}
