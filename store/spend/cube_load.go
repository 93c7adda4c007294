package spend

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/flag"
)

// loadParts is what the roll-ups of a load are made of, as it is kept.
type loadParts struct {
	cells [][]byte
	moves []block.Cell // of its withheld lines
	flags []flag.Found
	hides []int64 // those lines
	tied  []int64 // lines under a decision, rising
}

// withhold notes a row of withheld lines.
func (p *loadParts) withhold(w withheldRow) {
	if p.moves = append(p.moves, w.cells()...); w.Lifted == "" {
		p.hides = append(p.hides, w.Line)
	}
}

// tiedOrHidden are the lines under a decision, and those that are withheld:
// whether one of these is under a decision would say who was paid.
func (p *loadParts) tiedOrHidden() []int64 {
	all := append(slices.Clone(p.tied), p.hides...)
	slices.Sort(all)
	return slices.Compact(all)
}

// fewLoads is up to how many loads are each read by themselves. Above it their
// parts are read together: a query costs more than what it finds.
const fewLoads = 16

// partsOf reads the parts of loads.
func partsOf(ctx context.Context, tx *db.Tx, loads []Load) (map[int64]*loadParts, error) {
	all := make(map[int64]*loadParts, len(loads))
	for _, l := range loads {
		all[l.ID] = &loadParts{}
	}
	if len(loads) > fewLoads {
		return all, readParts(ctx, tx, all)
	}
	for id, p := range all {
		var err error
		if p.cells, err = db.List(ctx, tx, db.ScanInto[[]byte], `SELECT data FROM spend_cells WHERE load = $1 ORDER BY part`, id); err != nil {
			return nil, err
		}
		withheld, err := withheldOf(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		for _, w := range withheld {
			p.withhold(w)
		}
		if p.flags, err = FlagsOf(ctx, tx, id); err != nil {
			return nil, err
		}
		if p.tied, err = db.List(ctx, tx, db.ScanInto[int64], `SELECT DISTINCT line FROM spend_decisions WHERE load = $1 AND stands ORDER BY line`, id); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// readParts reads the parts of all standing loads, and leaves those of other
// loads than are asked for.
func readParts(ctx context.Context, tx *db.Tx, all map[int64]*loadParts) error {
	const standing = ` IN (SELECT id FROM loads WHERE status = 'standing')`
	cells, err := db.List(ctx, tx, scanWordPart, `SELECT load, data FROM spend_cells WHERE load`+standing+` ORDER BY load, part`)
	if err != nil {
		return err
	}
	for _, k := range cells {
		if p := all[k.first]; p != nil {
			p.cells = append(p.cells, k.data)
		}
	}
	withheld, err := db.List(ctx, tx, scanWithheld, `SELECT `+withheldCols+` FROM spend_withheld WHERE load`+standing+` ORDER BY line`)
	if err != nil {
		return err
	}
	for _, w := range withheld {
		if p := all[w.Load]; p != nil {
			p.withhold(w)
		}
	}
	type flaggedIn struct {
		load int64
		flag.Found
	}
	flags, err := db.List(ctx, tx, func(r db.Row) (f flaggedIn, err error) {
		return f, r.Scan(&f.load, &f.Line, &f.Method, &f.Mark, &f.Pence)
	}, `SELECT load, line, method, mark, pence FROM spend_flags WHERE load`+standing+`
		UNION ALL SELECT t.load, t.line, t.judged, t.line, MIN(t.pence) FROM spend_decisions t
			WHERE t.stands AND t.judged <> '' AND t.load`+standing+` GROUP BY t.load, t.line, t.judged
		ORDER BY 1, 2, 3`)
	if err != nil {
		return err
	}
	for _, f := range flags {
		if p := all[f.load]; p != nil {
			p.flags = append(p.flags, f.Found)
		}
	}
	type tiedIn struct{ load, line int64 }
	tied, err := db.List(ctx, tx, func(r db.Row) (t tiedIn, err error) { return t, r.Scan(&t.load, &t.line) },
		`SELECT DISTINCT load, line FROM spend_decisions WHERE stands AND load`+standing+` ORDER BY load, line`)
	for _, t := range tied {
		if p := all[t.load]; p != nil {
			p.tied = append(p.tied, t.line)
		}
	}
	return err
}

// cubeLoads rolls up loads, on all processors.
func cubeLoads(ctx context.Context, tx *db.Tx, c *Cube, loads []Load) ([]*CubeLoad, error) {
	parts, err := partsOf(ctx, tx, loads)
	if err != nil {
		return nil, err
	}
	all := make([]*CubeLoad, len(loads))
	onAll(len(loads), func(i int) { all[i] = cubeLoadOf(c, loads[i], parts[loads[i].ID]) })
	return all, nil
}

// onAll does something for each of n, on all processors.
func onAll(n int, do func(i int)) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	workers.Wait()
}

// listLoads lists loads, and reads their JSON on all processors.
func listLoads(ctx context.Context, tx *db.Tx, where string, args ...any) ([]Load, error) {
	rows, err := db.List(ctx, tx, scanLoadRow, `SELECT `+LoadCols+` FROM loads `+where, args...)
	if err != nil {
		return nil, err
	}
	all, errs := make([]Load, len(rows)), make([]error, len(rows))
	onAll(len(rows), func(i int) { all[i], errs[i] = rows[i].load() })
	return all, errors.Join(errs...)
}

// cubeLoadOf rolls up one load. One whose parts cannot be read, or do not come
// to what its event says, differs.
func cubeLoadOf(c *Cube, l Load, p *loadParts) *CubeLoad {
	out := &CubeLoad{Load: l, Index: BodyIndex(l.Body), Flags: p.flags, hides: p.hides, tied: p.tiedOrHidden(), differs: l.Differs}
	r := roller{c: c, l: out, at: map[uint64]int{}}
	var cells []block.Cell // a part at a time: all of them may be many
	var err error
	for _, data := range p.cells {
		if cells, out.Places, err = block.DecodeCells(data, cells[:0], out.Places); err != nil {
			r = roller{c: c, l: out, at: map[uint64]int{}}
			out.cells, out.coarse = nil, nil
			break
		}
		r.add(cells)
	}
	if err == nil {
		r.add(p.moves)
	}
	for rule, sum := range r.rules {
		if sum != (Sum{}) {
			out.rules = append(out.rules, ruleSum{int32(rule), sum})
		}
	}
	out.differs = out.differs || err != nil || r.sum != l.sum()
	return out
}

// of is the judgement of one of the load’s combinations. A load that is
// withheld shows neither supplier nor purpose, so nothing is judged by them.
func (l *CubeLoad) of(c *Cube, id int64) judgement {
	if l.Withheld != "" {
		k := c.Combo(id)
		return c.hidden[[2]uint32{k.Category, k.Centre}]
	}
	return c.judgement(id)
}

// A roller adds up the cells of a load.
type roller struct {
	c     *Cube
	l     *CubeLoad
	sum   Sum
	rules []Sum
	at    map[uint64]int
}

func (r *roller) add(cells []block.Cell) {
	l := r.l
	l.cells = slices.Grow(l.cells, len(cells))
	for _, k := range cells {
		j := l.of(r.c, int64(k.Combo))
		l.cells = append(l.cells, Fine{j.payee, k.Period, j.class, j.taxon, int32(k.Lines), k.Pence})
		if int(j.rule) >= len(r.rules) {
			r.rules = padded(r.rules, int64(j.rule), Sum{})
		}
		sum := Sum{k.Lines, money.Pence(k.Pence)}
		r.sum.Lines, r.sum.Pence = r.sum.Lines+sum.Lines, r.sum.Pence+sum.Pence
		r.rules[j.rule] = r.rules[j.rule].Plus(sum)
		kind := r.c.payees[j.payee].kind
		key := uint64(k.Period)<<32 | uint64(j.class)<<16 | uint64(j.taxon)<<8 | uint64(kind)
		n, ok := r.at[key]
		if !ok {
			n = len(l.coarse)
			r.at[key] = n
			l.coarse = append(l.coarse, coarse{period: k.Period, class: j.class, taxon: j.taxon, payee: kind})
		}
		l.coarse[n].lines += k.Lines
		l.coarse[n].pence = money.Add(l.coarse[n].pence, k.Pence)
	}
}

// fine are the cells by payee, then period. They are sorted when the first page
// asks for a payee, since most pages do not.
func (l *CubeLoad) fine() []Fine {
	if l.only {
		panic("spend: the cells of a load were not read")
	}
	l.sort.Do(func() {
		slices.SortFunc(l.cells, Fine.compare)
		n := 0
		for i, k := range l.cells {
			if i > 0 && l.cells[n-1].compare(k) == 0 {
				l.cells[n-1].lines += k.lines
				l.cells[n-1].pence = money.Add(l.cells[n-1].pence, k.pence)
				continue
			}
			l.cells[n] = k
			n++
		}
		l.cells = slices.Clone(l.cells[:n])
	})
	return l.cells
}

func (a Fine) compare(b Fine) int {
	return cmp.Or(cmp.Compare(a.payee, b.payee), cmp.Compare(a.key(), b.key()))
}

// key is all of a cell but its payee, as one number in order.
func (a Fine) key() uint32 { return uint32(a.period)<<16 | uint32(a.class)<<8 | uint32(a.taxon) }

// paid are the cells of one payee.
func (l *CubeLoad) paid(payee uint32) []Fine {
	all := l.fine()
	from, _ := slices.BinarySearchFunc(all, payee, func(k Fine, p uint32) int { return cmp.Compare(k.payee, p) })
	to := from
	for to < len(all) && all[to].payee == payee {
		to++
	}
	return all[from:to]
}

// Reconciles reports whether its roll-ups come to what its event says.
func (l *CubeLoad) Reconciles() bool { return !l.differs }

// IT are the sums of police IT in the load, by the period they were paid in.
func (l *CubeLoad) IT() iter.Seq2[civil.Period, Sum] {
	return func(yield func(civil.Period, Sum) bool) {
		for _, k := range l.coarse {
			if k.class == classify.IsIT && !yield(block.UnpackPeriod(k.period), Sum{k.lines, money.Pence(k.pence)}) {
				return
			}
		}
	}
}
