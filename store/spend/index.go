package spend

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/flag"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/text"
)

// loadIndex is what a look for words, amounts or flags goes through in a load.
// It is read when the first one does, and kept as packed as it can be looked
// through: the hot blocks take some 6 bytes a line.
type loadIndex struct {
	mu      sync.Mutex
	columns *block.Columns
	hot     []hotBlock
}

// fresh reports whether what a transaction reads of a load is what the roll-ups
// were made of, so that it may be kept with them.
func (l *CubeLoad) fresh(ctx context.Context, tx *db.Tx) (bool, error) {
	if tx.Writing() {
		return false, nil
	}
	moved, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT moved FROM loads WHERE id = $1`, l.ID)
	return moved == l.Moved, err
}

// columns are the cells of a load by combination.
func (l *CubeLoad) columns(ctx context.Context, tx *db.Tx) (*block.Columns, error) {
	l.looked.mu.Lock()
	defer l.looked.mu.Unlock()
	if l.looked.columns != nil {
		return l.looked.columns, nil
	}
	cells, _, err := CellsOf(ctx, tx, l.ID)
	if err != nil {
		return nil, err
	}
	all := block.ColumnsOf(cells)
	fresh, err := l.fresh(ctx, tx)
	if fresh {
		l.looked.columns = all
	}
	return all, err
}

// hotOf is the hot part of a block of the load.
func (l *CubeLoad) hotOf(ctx context.Context, tx *db.Tx, first int64) ([]byte, error) {
	l.looked.mu.Lock()
	defer l.looked.mu.Unlock()
	all := l.looked.hot
	if all == nil {
		var err error
		if all, err = db.List(ctx, tx, scanHot, `SELECT first, hot FROM spend_blocks WHERE load = $1 ORDER BY first`, l.ID); err != nil {
			return nil, err
		}
		fresh, err := l.fresh(ctx, tx)
		if err != nil {
			return nil, err
		}
		if fresh {
			l.looked.hot = all
		}
	}
	i, ok := slices.BinarySearchFunc(all, first, func(b hotBlock, first int64) int { return cmp.Compare(b.first, first) })
	if !ok { // the load does not reconcile: its directory is of other blocks
		return db.One(ctx, tx, db.ScanInto[[]byte], `SELECT hot FROM spend_blocks WHERE first = $1`, first)
	}
	return all[i].hot, nil
}

// flagged reports whether a method flags one of so many lines of the load from one on.
func (l *CubeLoad) flagged(method string, line int64, lines int32) bool {
	if method == payments.Undecided {
		from, _ := slices.BinarySearch(l.tied, line)
		to, _ := slices.BinarySearch(l.tied, line+int64(lines))
		return to-from < int(lines)
	}
	at, _ := slices.BinarySearchFunc(l.Flags, line, func(f flag.Found, id int64) int { return cmp.Compare(f.Line, id) })
	for ; at < len(l.Flags) && l.Flags[at].Line < line+int64(lines); at++ {
		if l.Flags[at].Method == method {
			return true
		}
	}
	return false
}

// matching are the combinations of which some word as published holds each of
// the words asked for, and whether there are any.
func (c *Cube) matching(asked string) (in []bool, any bool) {
	in = make([]bool, len(c.Combos))
	for n, w := range apart(wordsOf(asked)) {
		holds, count := c.found.Holding(w)
		if any = false; count == 0 {
			return in, false
		}
		for i, k := range c.Combos {
			in[i] = (n == 0 || in[i]) && (holds[k.Supplier] || holds[k.Number] || holds[k.Category] || holds[k.Centre] || holds[k.Purpose])
			any = any || in[i]
		}
	}
	return in, any
}

// wordsOf are the words of a text as they are looked for.
func wordsOf(s string) []string { return strings.Fields(text.Fold(s)) }

// apart leaves out the words that others hold: whatever holds those holds them.
func apart(words []string) (all []string) {
	slices.SortFunc(words, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, w := range words {
		if !slices.ContainsFunc(all, func(longer string) bool { return strings.Contains(longer, w) }) {
			all = append(all, w)
		}
	}
	return all
}

// holdsWords reports whether a load has lines that the filter asks for by words.
func (sc *scope) holdsWords(ctx context.Context, tx *db.Tx, l *CubeLoad) (holds bool, err error) {
	if l.Withheld != "" || !sc.anyCombo {
		return false, nil
	}
	cells, err := l.columns(ctx, tx)
	if err != nil {
		return false, err
	}
	cells.Each(sc.combos, func(k block.Cell) bool {
		j := l.of(sc.c, int64(k.Combo))
		in, _ := sc.period(k.Period)
		holds = in && sc.classes[j.class] && sc.payees[sc.c.payees[j.payee].kind] && sc.taxon(j.class, j.taxon) && sc.wants(l, int64(k.Combo), j)
		return !holds
	})
	return holds, nil
}
