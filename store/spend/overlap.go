package spend

import (
	"context"
	"hash/maphash"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/sheet"
)

// overlapping counts the rows of a file that stand already in other loads of
// the body. Only loads with payments of the same days are looked at, and there
// seldom are any.
func overlapping(ctx context.Context, tx *db.Tx, t *Trial, f *sheet.File) (map[int64]int, error) {
	l := t.Load
	all, err := db.List(ctx, tx, ScanLoad, `SELECT `+LoadCols+` FROM loads WHERE body = $1 AND status = 'standing' AND id <> $2 ORDER BY id`, l.Body, l.Replaces)
	if err != nil {
		return nil, err
	}
	t.seen = map[int64]bool{}
	var near []Load
	var from, to civil.Paid
	for _, o := range all {
		t.seen[o.ID] = true
		if o.overlaps(l) {
			near = append(near, o)
			from, to = min(from, o.First), max(to, o.Last)
			if from == 0 {
				from = o.First
			}
		}
	}
	if len(near) == 0 {
		return nil, nil
	}
	seed := maphash.MakeSeed()
	rows := map[uint64]int32{}
	_, err = f.Rows(func(r *sheet.Row) error {
		if r.Kind != sheet.Line {
			return nil
		}
		if p := lineOf(r, t.request.Period); p.Paid >= from && p.Paid <= to {
			rows[p.mark(seed)]++
		}
		return ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	return countIn(ctx, tx, near, seed, rows)
}

// overlaps reports whether two loads hold payments of the same span of days.
func (l Load) overlaps(o Load) bool { return l.First != 0 && l.First <= o.Last && o.First <= l.Last }

// mark is the fingerprint of a payment: the day, the supplier, the amount, and
// the transaction number or, where there is none, what it was for.
func (p payment) mark(seed maphash.Seed) uint64 {
	var l Line
	l.unpackRest(p.Rest)
	var h maphash.Hash
	h.SetSeed(seed)
	maphash.WriteComparable(&h, p.Paid)
	maphash.WriteComparable(&h, p.Pence)
	h.WriteString(p.Supplier)
	h.WriteByte(0)
	if l.Transaction != "" {
		h.WriteString(l.Transaction)
		return h.Sum64()
	}
	for _, text := range []string{p.Purpose, p.Category, p.Centre} {
		h.WriteString(text)
		h.WriteByte(0)
	}
	return h.Sum64()
}

func countIn(ctx context.Context, tx *db.Tx, near []Load, seed maphash.Seed, rows map[uint64]int32) (map[int64]int, error) {
	found := map[int64]int{}
	err := tx.Read(ctx, func(tx *db.Tx) error {
		x, err := readLexicon(ctx, tx, block.NewLexicon())
		if err != nil {
			return err
		}
		for _, o := range near {
			err := eachPayment(ctx, tx, x, o, func(p payment) error {
				if m := p.mark(seed); rows[m] > 0 {
					rows[m]--
					found[o.ID]++
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return found, err
}

// eachPayment gives the lines of a load to fn with their words, as published.
// What is withheld is given as it stands in its place.
func eachPayment(ctx context.Context, tx *db.Tx, x block.Lexicon, l Load, fn func(payment) error) error {
	return eachBlock(ctx, tx, l.ID, func(b *storedBlock) error {
		for _, k := range b.Lines {
			if err := fn(payment{Line: k, Words: x.Words(k.Combo)}); err != nil {
				return err
			}
		}
		return nil
	})
}
