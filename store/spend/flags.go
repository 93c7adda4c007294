package spend

import (
	"context"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/flag"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/text"
)

func scanFlagged(r db.Row) (f flag.Found, err error) {
	return f, r.Scan(&f.Line, &f.Method, &f.Mark, &f.Pence)
}

// FlagsOf are all flags of a load, by line: those found in its lines, and those
// of payments under a decision that was held, each a finding of its own.
func FlagsOf(ctx context.Context, tx *db.Tx, load int64) ([]flag.Found, error) {
	return db.List(ctx, tx, scanFlagged, `SELECT line, method, mark, pence FROM spend_flags WHERE load = $1
		UNION ALL SELECT t.line, t.judged, t.line, MIN(t.pence) FROM spend_decisions t WHERE t.load = $1 AND t.stands AND t.judged <> '' GROUP BY t.line, t.judged
		ORDER BY 1, 2`, load)
}

// foundIn are the flags that were found in the lines of a load.
func foundIn(ctx context.Context, tx *db.Tx, load int64) ([]flag.Found, error) {
	return db.List(ctx, tx, scanFlagged, `SELECT line, method, mark, pence FROM spend_flags WHERE load = $1 ORDER BY line, method`, load)
}

// flagLoad stores what the methods find in a staged load.
func flagLoad(ctx context.Context, tx *db.Tx, x block.Lexicon, l Load) error {
	all, err := findFlags(ctx, tx, x, l, nil)
	if err != nil {
		return err
	}
	return putFlags(ctx, tx, l.ID, all)
}

// findFlags looks a load over as it was taken in: was are its lines that are
// withheld since. Lines of one day and combination are found in two passes, so
// that memory holds only those that have company.
func findFlags(ctx context.Context, tx *db.Tx, x block.Lexicon, l Load, was map[int64]withheldRow) ([]flag.Found, error) {
	key := func(line int64, k block.Line) uint64 {
		if w, ok := was[line]; ok {
			k.Combo = w.was
		}
		return flag.Key(k)
	}
	seen := flag.NewTwice(l.Lines)
	if err := eachHot(ctx, tx, l.ID, func(line int64, k block.Line) { seen.Add(key(line, k)) }); err != nil {
		return nil, err
	}
	groups := map[uint64][]flag.Payment{}
	err := eachHot(ctx, tx, l.ID, func(line int64, k block.Line) {
		if at := key(line, k); k.Pence > 0 && k.Paid.Day() != "" && seen.Has(at) {
			groups[at] = append(groups[at], flag.Payment{Line: line, Pence: k.Pence})
		}
	})
	if err != nil {
		return nil, err
	}
	for key, g := range groups {
		named := payeeKind(x.Words(int64(uint32(key))).Supplier) == payments.Named
		if !named || !flag.Worth(g) {
			delete(groups, key)
		}
	}
	if err := fillTransactions(ctx, tx, groups, was); err != nil {
		return nil, err
	}
	return flag.In(groups), nil
}

// fillTransactions reads the transaction numbers of the lines of some groups,
// each block once.
func fillTransactions(ctx context.Context, tx *db.Tx, groups map[uint64][]flag.Payment, was map[int64]withheldRow) error {
	at := map[int64]*flag.Payment{}
	for _, g := range groups {
		for i := range g {
			at[g[i].Line] = &g[i]
		}
	}
	var b storedBlock
	for _, line := range text.SortedKeys(at) {
		if len(b.Lines) == 0 || line >= b.First+int64(len(b.Lines)) {
			var err error
			if b, err = blockOf(ctx, tx, line); err != nil {
				return err
			}
		}
		rest := b.Lines[line-b.First].Rest
		if w, ok := was[line]; ok {
			rest = w.rest
		}
		var l Line
		l.unpackRest(rest)
		at[line].Transaction = strings.TrimSpace(l.Transaction)
	}
	return nil
}

// putFlags stores flags, in short writes.
func putFlags(ctx context.Context, tx *db.Tx, load int64, all []flag.Found) error {
	for part := range slices.Chunk(all, 500) {
		var rows [][]any
		for _, f := range part {
			rows = append(rows, []any{f.Line, f.Method, load, f.Mark, f.Pence})
		}
		err := record.Write(ctx, tx, func(tx *db.Tx) error {
			return insert(ctx, tx, `INSERT INTO spend_flags (line, method, load, mark, pence) VALUES ($1, $2, $3, $4, $5)`, rows)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
