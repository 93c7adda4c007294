package spend

import (
	"cmp"
	"context"
	"slices"
	"unicode/utf8"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/payments"
)

// HoldingLetters is how long the longest word must be for payments to be looked
// for by words: shorter ones are in nearly all of them.
const HoldingLetters = 3

// Holding are the payments that hold some words.
type Holding struct {
	Sum
	Purposes []PurposeSum // what they were for, the largest sum first
	More     bool         // there are more purposes
}

// PurposeSum is a published purpose, and what was paid for it.
type PurposeSum struct {
	Purpose string
	Sum
}

// PaymentsHolding are the payments of which each word is in a published text, as the
// filter by text has them, and the first purposes of them. Whatever is withheld
// has no words.
func PaymentsHolding(ctx context.Context, tx *db.Tx, words string, most int) (out Holding, err error) {
	if !slices.ContainsFunc(wordsOf(words), func(w string) bool { return utf8.RuneCountInString(w) >= HoldingLetters }) {
		return out, nil
	}
	err = WithCube(ctx, tx, func(tx *db.Tx, c *Cube) error {
		sc, err := c.Scope(tx, payments.Filter{Text: words})
		if err != nil || !sc.anyCombo {
			return err
		}
		purposes := map[uint32]Sum{}
		for _, l := range sc.c.Loads {
			if l.Withheld != "" {
				continue
			}
			cells, err := l.columns(ctx, tx)
			if err != nil {
				return err
			}
			cells.Each(sc.combos, func(k block.Cell) bool {
				if sc.wants(l, int64(k.Combo), l.of(c, int64(k.Combo))) {
					sum := Sum{k.Lines, money.Pence(k.Pence)}
					out.Sum = out.Plus(sum)
					if p := c.Combo(int64(k.Combo)).Purpose; p != 0 {
						purposes[p] = purposes[p].Plus(sum)
					}
				}
				return true
			})
		}
		for id, sum := range purposes {
			if sum.Lines > 0 { // of lines that are withheld one by one, none may be left
				out.Purposes = append(out.Purposes, PurposeSum{c.Text(id), sum})
			}
		}
		return nil
	})
	slices.SortFunc(out.Purposes, func(a, b PurposeSum) int {
		return cmp.Or(cmp.Compare(b.Pence, a.Pence), cmp.Compare(a.Purpose, b.Purpose))
	})
	out.More = len(out.Purposes) > most
	out.Purposes = out.Purposes[:min(most, len(out.Purposes))]
	return out, err
}
