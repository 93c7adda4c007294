package spend

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/text"
)

// splitFrom is the value from which a contract's copy must be published, and
// below which payments of one day may have been kept: SI 2011/3050, schedule,
// paragraph 4(b), as amended by SI 2012/2479 from 22 November 2012.
const splitFrom = 10_000_00

// NotComputable are flags that others raise and that published spend cannot
// support, each with the reason.
var NotComputable = [][2]string{
	{"One bidder, short notice, bids close together", "The files name no procedure and no bids."},
	{"Paid before the order, or without one", "The files hold no orders."},
	{"Paid late", "The files hold no day of the invoice beside the day of payment."},
	{"Price above that of others", "The files hold no quantities, units or specifications."},
	{"Supplier tied to an official", "Names alone prove nothing; the register of interests is matched by company number only, and few files publish one."},
	{"Round sums and first digits", "Too many honest reasons: the share of false alarms cannot be stated."},
}

// flagged is one line that a method flags.
type flagged struct {
	Line   int64
	Method string
	mark   int64
	pence  int64
}

func scanFlagged(r db.Row) (f flagged, err error) {
	return f, r.Scan(&f.Line, &f.Method, &f.mark, &f.pence)
}

// FlagsOf are all flags of a load, by line: those found in its lines, and those
// of payments under a decision that was held, each a finding of its own.
func FlagsOf(ctx context.Context, tx *db.Tx, load int64) ([]flagged, error) {
	return db.List(ctx, tx, scanFlagged, `SELECT line, method, mark, pence FROM spend_flags WHERE load = $1
		UNION ALL SELECT t.line, '`+payments.FlagHeld+`', t.line, MIN(t.pence) FROM spend_decisions t JOIN load_decisions u ON u.load = t.load AND u.decision = t.decision
			WHERE t.load = $1 AND t.stands AND u.held GROUP BY t.line
		ORDER BY 1, 2`, load)
}

// foundIn are the flags that were found in the lines of a load.
func foundIn(ctx context.Context, tx *db.Tx, load int64) ([]flagged, error) {
	return db.List(ctx, tx, scanFlagged, `SELECT line, method, mark, pence FROM spend_flags WHERE load = $1 ORDER BY line, method`, load)
}

// member is one line of a group of the same day and combination.
type member struct {
	line, pence int64
	transaction string
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
func findFlags(ctx context.Context, tx *db.Tx, x block.Lexicon, l Load, was map[int64]withheldRow) ([]flagged, error) {
	key := func(line int64, k block.Line) uint64 {
		if w, ok := was[line]; ok {
			k.Combo = w.was
		}
		return groupKey(k)
	}
	seen := newTwice(l.Lines)
	if err := eachHot(ctx, tx, l.ID, func(line int64, k block.Line) { seen.add(key(line, k)) }); err != nil {
		return nil, err
	}
	groups := map[uint64][]member{}
	err := eachHot(ctx, tx, l.ID, func(line int64, k block.Line) {
		if at := key(line, k); k.Pence > 0 && k.Paid.Day() != "" && seen.has(at) {
			groups[at] = append(groups[at], member{line: line, pence: k.Pence})
		}
	})
	if err != nil {
		return nil, err
	}
	for key, g := range groups {
		named := payeeKind(x.Words(int64(uint32(key))).Supplier) == payments.Named
		if !named || !duplicated(g) && !splits(g) {
			delete(groups, key)
		}
	}
	if err := fillTransactions(ctx, tx, groups, was); err != nil {
		return nil, err
	}
	return flagsIn(groups), nil
}

func groupKey(k block.Line) uint64 { return uint64(uint32(k.Paid))<<32 | uint64(uint32(k.Combo)) }

// twice tells which keys were seen twice, with a few that were not.
type twice struct {
	once, more []uint64
	mask       uint64
}

func newTwice(lines int64) *twice {
	bits := uint64(1024)
	for bits < uint64(lines)*16 {
		bits *= 2
	}
	return &twice{make([]uint64, bits/64), make([]uint64, bits/64), bits - 1}
}

func (t *twice) at(key uint64) (word, bit uint64) {
	h := (key * 0x9E3779B97F4A7C15) >> 20 & t.mask
	return h / 64, 1 << (h % 64)
}

func (t *twice) add(key uint64) {
	w, b := t.at(key)
	if t.once[w]&b != 0 {
		t.more[w] |= b
	}
	t.once[w] |= b
}

func (t *twice) has(key uint64) bool {
	w, b := t.at(key)
	return t.more[w]&b != 0
}

// transactions adds up a group by transaction number. A line without one is a
// transaction of its own.
func transactions(g []member) map[string]int64 {
	sums := map[string]int64{}
	for _, m := range g {
		name := m.transaction
		if name == "" {
			name = fmt.Sprintf("\x00%d", m.line)
		}
		sums[name] = money.Add(sums[name], m.pence)
	}
	return sums
}

// duplicated reports whether some amount stands in a group more than once.
func duplicated(g []member) bool { return len(duplicates(g)) > 0 }

// duplicates are the amounts, and their lines, that stand in a group more than
// once under more than one transaction.
func duplicates(g []member) map[int64][]member {
	same := map[int64][]member{}
	for _, m := range g {
		if m.pence >= statutory {
			same[m.pence] = append(same[m.pence], m)
		}
	}
	for pence, lines := range same {
		if len(transactions(lines)) < 2 {
			delete(same, pence)
		}
	}
	return same
}

func splits(g []member) bool {
	var sum int64
	sums := transactions(g)
	for _, pence := range sums {
		if pence >= splitFrom {
			return false
		}
		sum = money.Add(sum, pence)
	}
	return len(sums) > 1 && sum >= splitFrom
}

// fillTransactions reads the transaction numbers of the lines of some groups,
// each block once.
func fillTransactions(ctx context.Context, tx *db.Tx, groups map[uint64][]member, was map[int64]withheldRow) error {
	at := map[int64]*member{}
	for _, g := range groups {
		for i := range g {
			at[g[i].line] = &g[i]
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
		at[line].transaction = strings.TrimSpace(l.Transaction)
	}
	return nil
}

// flagsIn are the lines that the methods flag, by line.
func flagsIn(groups map[uint64][]member) (all []flagged) {
	for _, key := range text.SortedKeys(groups) {
		g := groups[key]
		same := duplicates(g)
		for _, pence := range text.SortedKeys(same) {
			lines := same[pence]
			for _, m := range lines {
				all = append(all, flagged{m.line, payments.FlagDuplicate, lines[0].line, m.pence})
			}
		}
		if splits(g) {
			for _, m := range g {
				all = append(all, flagged{m.line, payments.FlagSplit, g[0].line, m.pence})
			}
		}
	}
	slices.SortFunc(all, func(a, b flagged) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Method, b.Method)) })
	return all
}

// putFlags stores flags, in short writes.
func putFlags(ctx context.Context, tx *db.Tx, load int64, all []flagged) error {
	for part := range slices.Chunk(all, 500) {
		var rows [][]any
		for _, f := range part {
			rows = append(rows, []any{f.Line, f.Method, load, f.mark, f.pence})
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
