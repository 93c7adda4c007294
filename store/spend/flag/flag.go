// Package flag finds the lines of a file that are a reason to ask: payments made
// twice, and payments split to stay below the value of a contract that must be
// published. It knows no database.
package flag

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/police-ict/handover/store/money"
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
	{"One bidder, short notice, bids close together", "The files do not name the procedure or the bids."},
	{"Paid before the order, or without one", "The files do not include orders."},
	{"Paid late", "The files give the date of payment but not the date of the invoice."},
	{"Price higher than others pay", "The files do not give quantities, units or specifications."},
	{"Supplier connected to an official", "Names alone prove nothing; the register of interests is matched by company number only, and few files publish one."},
	{"Round sums and first digits", "There are too many innocent explanations, so the share of false alarms cannot be estimated."},
}

// Found is one line that a method flags.
type Found struct {
	Line   int64
	Method string
	Mark   int64 // of the finding: its first line
	Pence  int64
}

// Payment is one line of a group of the same day and combination.
type Payment struct {
	Line, Pence int64
	Transaction string // its number, as published
}

// Key is the group of a line.
func Key(k block.Line) uint64 { return uint64(uint32(k.Paid))<<32 | uint64(uint32(k.Combo)) }

// Twice tells which keys were seen twice, with a few that were not.
type Twice struct {
	once, more []uint64
	mask       uint64
}

// NewTwice has room for the keys of so many lines.
func NewTwice(lines int64) *Twice {
	bits := uint64(1024)
	for bits < uint64(lines)*16 {
		bits *= 2
	}
	return &Twice{make([]uint64, bits/64), make([]uint64, bits/64), bits - 1}
}

func (t *Twice) at(key uint64) (word, bit uint64) {
	h := (key * 0x9E3779B97F4A7C15) >> 20 & t.mask
	return h / 64, 1 << (h % 64)
}

// Add counts a key.
func (t *Twice) Add(key uint64) {
	w, b := t.at(key)
	if t.once[w]&b != 0 {
		t.more[w] |= b
	}
	t.once[w] |= b
}

// Has reports whether a key was seen twice, as far as it can tell.
func (t *Twice) Has(key uint64) bool {
	w, b := t.at(key)
	return t.more[w]&b != 0
}

// transactions adds up a group by transaction number. A line without one is a
// transaction of its own.
func transactions(g []Payment) map[string]int64 {
	sums := map[string]int64{}
	for _, m := range g {
		name := m.Transaction
		if name == "" {
			name = fmt.Sprintf("\x00%d", m.Line)
		}
		sums[name] = money.Add(sums[name], m.Pence)
	}
	return sums
}

// Worth reports whether a group may be found, going by the amounts alone where
// its transactions are not read yet.
func Worth(g []Payment) bool { return len(duplicates(g)) > 0 || splits(g) }

// duplicates are the amounts, and their lines, that stand in a group more than
// once under more than one transaction.
func duplicates(g []Payment) map[int64][]Payment {
	same := map[int64][]Payment{}
	for _, m := range g {
		if m.Pence >= payments.Statutory {
			same[m.Pence] = append(same[m.Pence], m)
		}
	}
	for pence, lines := range same {
		if len(transactions(lines)) < 2 {
			delete(same, pence)
		}
	}
	return same
}

func splits(g []Payment) bool {
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

// In are the lines that the methods flag in some groups, by line.
func In(groups map[uint64][]Payment) (all []Found) {
	for _, key := range text.SortedKeys(groups) {
		g := groups[key]
		same := duplicates(g)
		for _, pence := range text.SortedKeys(same) {
			lines := same[pence]
			for _, m := range lines {
				all = append(all, Found{m.Line, payments.FlagDuplicate, lines[0].Line, m.Pence})
			}
		}
		if splits(g) {
			for _, m := range g {
				all = append(all, Found{m.Line, payments.FlagSplit, g[0].Line, m.Pence})
			}
		}
	}
	slices.SortFunc(all, func(a, b Found) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Method, b.Method)) })
	return all
}
