package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// A Method finds lines that are a reason to ask. It is never a verdict.
type Method struct {
	Code, Name string
	How        string // what it looks for
	Blind      string // what it cannot know
	Looks      string // what it looks at
}

// The methods.
const (
	FlagDuplicate = "duplicate"
	FlagSplit     = "split"
	FlagHeld      = "held"
)

// splitFrom is the value from which a contract's copy must be published, and
// below which payments of one day may have been kept: SI 2011/3050, schedule,
// paragraph 4(b), as amended by SI 2012/2479 from 22 November 2012.
const splitFrom = 10_000_00

const looksOnce = "Every line of every file that stands, IT or not, once, when the file is taken in."

// Methods are the methods in use, as their page explains them.
var Methods = []Method{
	{FlagDuplicate, "Likely duplicate payment",
		"Two or more lines of one file with the same body, supplier, purpose, category, cost centre, day and amount, of £500 or more, that do not share one transaction number.",
		"Whether two deliveries of the same price were paid on one day; whether one of the lines was cancelled later; a repeat that stands in another file or under another spelling.",
		looksOnce + " A line without a day, without a named supplier, or of nothing or less, is looked at and never found."},
	{FlagSplit, "Same-day split around £10,000",
		"Two or more transactions of one file with the same body, supplier, purpose, category, cost centre and day, each below £10,000 and together £10,000 or more.",
		"Whether they belong to one contract; whether a call-off or a price list was behind them; a split over several days, purposes or suppliers.",
		looksOnce + " A line without a day, without a named supplier, or of nothing or less, is looked at and never found."},
	{FlagHeld, "Under a decision that was held",
		"A line that names the contract reference of a decision, or that an officer tied to one, when that decision might not be implemented at the instant the file was taken in: it was not made, not published, called in or held for call-in, or had ended.",
		"Whether an earlier decision on the same contract stands behind the payment; whether two bodies gave one reference to two contracts; a payment that names no contract; a decision put forward after the file was taken in.",
		looksOnce + " Spaces and capitals in a reference are not compared, and one without a digit names no contract. What an officer ties or unties later counts from then on."},
}

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
	line   int64
	method string
	mark   int64
	pence  int64
}

func scanFlagged(r row) (f flagged, err error) {
	return f, r.Scan(&f.line, &f.method, &f.mark, &f.pence)
}

// flagsOf are all flags of a load, by line: those found in its lines, and those
// of payments under a decision that was held, each a finding of its own.
func (s *Store) flagsOf(ctx context.Context, load int64) ([]flagged, error) {
	return list(ctx, s, scanFlagged, `SELECT line, method, mark, pence FROM spend_flags WHERE load = $1
		UNION ALL SELECT t.line, '`+FlagHeld+`', t.line, MIN(t.pence) FROM spend_decisions t JOIN load_decisions u ON u.load = t.load AND u.decision = t.decision
			WHERE t.load = $1 AND t.stands AND u.held GROUP BY t.line
		ORDER BY 1, 2`, load)
}

// foundIn are the flags that were found in the lines of a load.
func (s *Store) foundIn(ctx context.Context, load int64) ([]flagged, error) {
	return list(ctx, s, scanFlagged, `SELECT line, method, mark, pence FROM spend_flags WHERE load = $1 ORDER BY line, method`, load)
}

// member is one line of a group of the same day and combination.
type member struct {
	line, pence int64
	transaction string
}

// flagLoad stores what the methods find in a staged load.
func (s *Store) flagLoad(ctx context.Context, x lexicon, l Load) error {
	all, err := s.findFlags(ctx, x, l, nil)
	if err != nil {
		return err
	}
	return s.putFlags(ctx, l.ID, all)
}

// findFlags looks a load over as it was taken in: was are its lines that are
// withheld since. Lines of one day and combination are found in two passes, so
// that memory holds only those that have company.
func (s *Store) findFlags(ctx context.Context, x lexicon, l Load, was map[int64]withheldRow) ([]flagged, error) {
	key := func(line int64, k kept) uint64 {
		if w, ok := was[line]; ok {
			k.combo = w.was
		}
		return groupKey(k)
	}
	seen := newTwice(l.Lines)
	if err := s.eachHot(ctx, l.ID, func(line int64, k kept) { seen.add(key(line, k)) }); err != nil {
		return nil, err
	}
	groups := map[uint64][]member{}
	err := s.eachHot(ctx, l.ID, func(line int64, k kept) {
		if at := key(line, k); k.pence > 0 && k.paid.Day() != "" && seen.has(at) {
			groups[at] = append(groups[at], member{line: line, pence: k.pence})
		}
	})
	if err != nil {
		return nil, err
	}
	for key, g := range groups {
		named := payeeKind(x.words(int64(uint32(key))).supplier) == Named
		if !named || !duplicated(g) && !splits(g) {
			delete(groups, key)
		}
	}
	if err := s.fillTransactions(ctx, groups, was); err != nil {
		return nil, err
	}
	return flagsIn(groups), nil
}

func groupKey(k kept) uint64 { return uint64(uint32(k.paid))<<32 | uint64(uint32(k.combo)) }

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
		sums[name] += m.pence
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
		sum += pence
	}
	return len(sums) > 1 && sum >= splitFrom
}

// fillTransactions reads the transaction numbers of the lines of some groups,
// each block once.
func (s *Store) fillTransactions(ctx context.Context, groups map[uint64][]member, was map[int64]withheldRow) error {
	at := map[int64]*member{}
	for _, g := range groups {
		for i := range g {
			at[g[i].line] = &g[i]
		}
	}
	var b block
	for _, line := range sorted(at) {
		if len(b.lines) == 0 || line >= b.first+int64(len(b.lines)) {
			var err error
			if b, err = s.blockOf(ctx, line); err != nil {
				return err
			}
		}
		rest := b.lines[line-b.first].rest
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
	for _, key := range sorted(groups) {
		g := groups[key]
		same := duplicates(g)
		for _, pence := range sorted(same) {
			lines := same[pence]
			for _, m := range lines {
				all = append(all, flagged{m.line, FlagDuplicate, lines[0].line, m.pence})
			}
		}
		if splits(g) {
			for _, m := range g {
				all = append(all, flagged{m.line, FlagSplit, g[0].line, m.pence})
			}
		}
	}
	slices.SortFunc(all, func(a, b flagged) int { return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.method, b.method)) })
	return all
}

// putFlags stores flags, in short writes.
func (s *Store) putFlags(ctx context.Context, load int64, all []flagged) error {
	for part := range slices.Chunk(all, 500) {
		var rows [][]any
		for _, f := range part {
			rows = append(rows, []any{f.line, f.method, load, f.mark, f.pence})
		}
		err := s.write(ctx, func(s *Store) error {
			return s.insert(ctx, `INSERT INTO spend_flags (line, method, load, mark, pence) VALUES ($1, $2, $3, $4, $5)`, rows)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
