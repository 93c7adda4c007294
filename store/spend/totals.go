package spend

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
)

// After a start the first page needs no payee and no words, only what each load
// comes to by period, class, category and kind of payee. That is kept beside the
// load, with the version of the load and the rules that it follows from. The
// cube, which is made from the cells alone, takes its place once it is read.

// judgedBy is the version of how the program judges a payment by given rules.
// Raise it with every change of that: what is kept of before is not read then.
const judgedBy = 1

// judgedUnder is a hash of all that judging depends on beside the cells.
func judgedUnder(rules []classify.Rule) (string, error) {
	text, err := json.Marshal([]any{judgedBy, rules, classify.AllTaxa()})
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16]), err
}

// WithTotals is WithCube for readers of the totals of loads alone: of their
// rows, and of each by period, class, category and kind of payee.
func WithTotals(ctx context.Context, tx *db.Tx, fn func(tx *db.Tx, c *Cube) error) error {
	return with(ctx, tx, totals, fn)
}

// totals is the cube where there is one; until then what is kept, if it is kept
// of every load as it stands now.
func totals(ctx context.Context, tx *db.Tx, mayBeLate bool) (c *Cube, late bool, err error) {
	all := spendCubes.Of(tx)
	if !tx.Writing() && all.last.Load() == nil {
		if c, err = all.kept(ctx, tx); c != nil || err != nil {
			return c, false, err
		}
	}
	return cube(ctx, tx, mayBeLate)
}

// kept is the cube of what is kept, nil where that is not whole.
func (all *cubes) kept(ctx context.Context, tx *db.Tx) (*Cube, error) {
	all.first.Lock()
	defer all.first.Unlock()
	version, err := Version(ctx, tx)
	if err != nil {
		return nil, err
	}
	if t := all.totals; t != nil && t.version == version {
		return t, nil
	}
	c := &Cube{version: version}
	whole, err := c.readTotals(ctx, tx)
	if err != nil || !whole {
		return nil, err
	}
	all.totals = c
	return c, nil
}

// keptTotals is a row of totals.
type keptTotals struct {
	load, moved  int64
	judged, data string
}

// listTotals are the totals that are kept, by load, and the hash of the rules
// that judge now.
func (c *Cube) listTotals(ctx context.Context, tx *db.Tx) (kept map[int64]keptTotals, judged string, err error) {
	rows, err := db.List(ctx, tx, func(r db.Row) (k keptTotals, err error) {
		return k, r.Scan(&k.load, &k.moved, &k.judged, &k.data)
	}, `SELECT load, moved, judged, data FROM spend_totals`)
	if err != nil {
		return nil, "", err
	}
	kept = make(map[int64]keptTotals, len(rows))
	for _, k := range rows {
		kept[k.load] = k
	}
	judged, err = judgedUnder(c.rules)
	return kept, judged, err
}

// readTotals reads the standing loads with what is kept of them. Whole is false
// where something is missing, is behind, or does not come to what the event of
// the load says.
func (c *Cube) readTotals(ctx context.Context, tx *db.Tx) (whole bool, err error) {
	if c.rules, err = rules(ctx, tx); err != nil {
		return false, err
	}
	kept, judged, err := c.listTotals(ctx, tx)
	if err != nil || len(kept) == 0 {
		return false, err
	}
	loads, err := listLoads(ctx, tx, `WHERE status = 'standing' ORDER BY id`)
	if err != nil {
		return false, err
	}
	for _, l := range loads {
		one, ok := kept[l.ID].of(l, judged)
		if !ok {
			return false, nil
		}
		c.Loads = append(c.Loads, one)
	}
	return true, nil
}

// of is the load with what is kept of it, if that still holds.
func (k keptTotals) of(l Load, judged string) (*CubeLoad, bool) {
	if k.load != l.ID || k.moved != l.Moved || k.judged != judged || !l.Counts() {
		return nil, false
	}
	rows, err := block.DecodeTotals([]byte(k.data))
	if err != nil {
		return nil, false
	}
	out := &CubeLoad{Load: l, Index: BodyIndex(l.Body), coarse: make([]coarse, len(rows)), differs: l.Differs, only: true}
	var sum Sum
	for i, t := range rows {
		if int(t.Class) >= len(classify.Classes) || int(t.Taxon) > len(classify.AllTaxa()) || payments.PayeeKind(t.Payee) > payments.Withheld {
			return nil, false
		}
		out.coarse[i] = coarse{t.Period, classify.Class(t.Class), t.Taxon, payments.PayeeKind(t.Payee), t.Lines, t.Pence}
		sum = sum.Plus(Sum{t.Lines, money.Pence(t.Pence)})
	}
	return out, sum == l.sum()
}

// toKeep is what is kept of a load.
func (l *CubeLoad) toKeep(judged string) keptTotals {
	rows := make([]block.Total, len(l.coarse))
	for i, k := range l.coarse {
		rows[i] = block.Total{Period: k.period, Class: uint8(k.class), Taxon: k.taxon, Payee: uint8(k.payee), Lines: k.lines, Pence: k.pence}
	}
	slices.SortFunc(rows, func(a, b block.Total) int {
		return cmp.Or(cmp.Compare(a.Period, b.Period), cmp.Compare(a.Class, b.Class), cmp.Compare(a.Taxon, b.Taxon), cmp.Compare(a.Payee, b.Payee))
	})
	return keptTotals{l.ID, l.Moved, judged, string(block.EncodeTotals(rows))}
}

// Keep keeps the totals of the loads that stand, where they have moved or the
// rules have, and reads what pages will ask for: what is kept, then the cube.
// What is kept follows from what stands, so several processes may keep it.
func Keep(ctx context.Context, tx *db.Tx) error {
	all := spendCubes.Of(tx)
	version, err := Version(ctx, tx)
	if err != nil || all.last.Load() != nil && all.keptTo.Load() == version {
		return err
	}
	if err := WithTotals(ctx, tx, func(*db.Tx, *Cube) error { return nil }); err != nil {
		return err
	}
	var due []keptTotals
	var gone int
	err = WithCube(ctx, tx, func(tx *db.Tx, c *Cube) (err error) {
		version = c.version
		due, gone, err = c.due(ctx, tx)
		return err
	})
	for err == nil && len(due)+gone > 0 {
		batch := due[:min(len(due), fewTotals)]
		whole := false
		if whole, err = keepTotals(ctx, tx, version, batch); !whole {
			return err // what moved is kept the next time
		}
		due, gone = due[len(batch):], 0
	}
	if err == nil {
		all.keptTo.Store(version)
	}
	return err
}

// due are the totals that are not kept yet, and how many are kept of loads that
// stand no more. What does not reconcile is not kept.
func (c *Cube) due(ctx context.Context, tx *db.Tx) (all []keptTotals, gone int, err error) {
	kept, judged, err := c.listTotals(ctx, tx)
	if err != nil {
		return nil, 0, err
	}
	for _, l := range c.Loads {
		if k := l.toKeep(judged); !l.differs && k != kept[l.ID] {
			all = append(all, k)
		}
		delete(kept, l.ID)
	}
	return all, len(kept), nil
}

// fewTotals is how many are kept in one write.
const fewTotals = 100

// keepTotals keeps some totals, unless something moved meanwhile.
func keepTotals(ctx context.Context, tx *db.Tx, version int64, some []keptTotals) (whole bool, err error) {
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		now, err := Version(ctx, tx)
		if whole = now == version; err != nil || !whole {
			return err
		}
		for _, k := range some {
			if err := tx.Change(ctx, `INSERT INTO spend_totals (load, moved, judged, data) VALUES ($1, $2, $3, $4)
				ON CONFLICT (load) DO UPDATE SET moved = EXCLUDED.moved, judged = EXCLUDED.judged, data = EXCLUDED.data`, k.load, k.moved, k.judged, []byte(k.data)); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `DELETE FROM spend_totals WHERE load NOT IN (SELECT id FROM loads WHERE status = 'standing')`)
		return err
	})
	return whole && err == nil, err
}

// checkTotals holds the totals that would be read to the cells of their loads.
func checkTotals(ctx context.Context, c *record.Checker) error {
	anew := &Cube{}
	if err := anew.refresh(ctx, c.S, &Cube{version: -1}); err != nil {
		return err
	}
	kept, judged, err := anew.listTotals(ctx, c.S)
	for _, l := range anew.Loads {
		if k := kept[l.ID]; k.moved == l.Moved && k.judged == judged && k != l.toKeep(judged) {
			return c.Diverges("the totals kept of load %d do not come to its lines: they were changed beside the record", l.ID)
		}
	}
	return err
}
