package spend

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"slices"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/search"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/kept"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/supplier"
	"github.com/police-ict/handover/store/text"
)

// CheckLoads holds the lines of each load, its roll-ups and its file to what the
// load’s event says of them.
func CheckLoads(ctx context.Context, c *record.Checker) error {
	all, err := db.List(ctx, c.S, ScanLoad, `SELECT `+LoadCols+` FROM loads WHERE n > 0 AND status IN ('standing', 'withdrawn', 'replaced') ORDER BY id`)
	if err != nil || len(all) == 0 {
		return err
	}
	x, err := readLexicon(ctx, c.S, block.NewLexicon())
	if errors.Is(err, text.ErrBlock) {
		return c.Diverges("the words of the published files cannot be read: they were changed beside the record")
	}
	if err != nil {
		return err
	}
	for _, check := range []func(context.Context, *record.Checker) error{places, parts} {
		if err := check(ctx, c); err != nil || c.Fault != "" {
			return err
		}
	}
	if err := suppliers(ctx, c, x); err != nil || c.Fault != "" {
		return err
	}
	for _, l := range all {
		if err := load(ctx, c, x, l); err != nil || c.Fault != "" {
			return err
		}
	}
	return checkTotals(ctx, c)
}

func load(ctx context.Context, c *record.Checker, x block.Lexicon, l Load) error {
	h := sha256.New()
	if err := kept.Copy(ctx, c.S, l.Hash, h); err != nil {
		return c.Diverges("the file of load %d cannot be read: it was changed beside the record", l.ID)
	}
	if hex.EncodeToString(h.Sum(nil)) != l.Hash {
		return c.Diverges("the kept file of load %d is not the one that was taken in", l.ID)
	}
	withheld, err := db.List(ctx, c.S, scanWithheld, `SELECT `+withheldCols+` FROM spend_withheld WHERE load = $1`, l.ID)
	if err != nil {
		return err
	}
	t := &relisted{was: map[int64]withheldRow{}, cells: map[block.Cell]block.Cell{}, next: l.FirstLine, digest: sha256.New()}
	for _, w := range withheld {
		if w.Lifted == "" {
			t.was[w.Line] = w
		}
	}
	ties, err := tiesToCheck(ctx, c.S, l.ID)
	if err != nil {
		return err
	}
	err = eachBlock(ctx, c.S, l.ID, func(b *storedBlock) error {
		if b.First != t.next || b.count != int64(len(b.Lines)) {
			return text.ErrBlock
		}
		if err := t.restore(b, x); err != nil {
			return err
		}
		ties.block(b)
		t.add(b.Lines, x)
		return nil
	})
	switch {
	case errors.Is(err, text.ErrBlock):
		return c.Diverges("the lines of load %d cannot be read: they were changed beside the record", l.ID)
	case err != nil:
		return err
	case t.sum != l.sum():
		return c.Diverges("the lines of load %d come to %d and %s, and its event says %d and %s", l.ID, t.sum.Lines, t.sum.Pence, l.Lines, l.Pence)
	}
	refused, texts, err := aside(ctx, c, l)
	if err != nil || digestOf(t.digest, refused, texts) != l.Digest {
		return cmp.Or(err, c.Diverges("a row of load %d was changed after it was taken in", l.ID))
	}
	if !ties.hold() {
		return c.Diverges("the payments of load %d under decisions are not those that their contract references, and the record, tell of", l.ID)
	}
	c.Held += int(t.sum.Lines)
	if err := cells(ctx, c, l, t); err != nil || c.Fault != "" {
		return err
	}
	return flags(ctx, c, x, l, t)
}

// flags holds what is flagged of a load to what the methods find in it.
func flags(ctx context.Context, c *record.Checker, x block.Lexicon, l Load, t *relisted) error {
	want, err := findFlags(ctx, c.S, x, l, t.was)
	if err != nil {
		return err
	}
	has, err := foundIn(ctx, c.S, l.ID)
	if err == nil && !slices.Equal(has, want) {
		err = c.Diverges("the flags of load %d are not those that the methods find in it", l.ID)
	}
	return err
}

// aside are the hashes of what is kept beside the lines of a load: of its
// rejected rows, and of the rows of a workbook as text.
func aside(ctx context.Context, c *record.Checker, l Load) (refused, texts hash.Hash, err error) {
	refused, texts = sha256.New(), sha256.New()
	all, err := db.List(ctx, c.S, func(r db.Row) (no rejection, err error) {
		return no, r.Scan(&no.sheet, &no.record, &no.start, &no.size, &no.reason)
	}, `SELECT sheet, record, start, size, reason FROM spend_rejected WHERE load = $1 ORDER BY sheet, record`, l.ID)
	if err != nil {
		return nil, nil, err
	}
	for _, no := range all {
		fmt.Fprintln(refused, no) // a hash does not fail
	}
	if l.Delimiter == "" && kept.Copy(ctx, c.S, kept.RowsOf(l.ID), texts) != nil {
		texts.Reset() // it cannot be read: it is not as it was
	}
	return refused, texts, nil
}

// relisted gathers what the lines of a load come to.
type relisted struct {
	was    map[int64]withheldRow
	cells  map[block.Cell]block.Cell // by period and combination
	next   int64
	sum    Sum
	digest hash.Hash
	line   []byte
}

// restore puts what is withheld back into the lines, to be compared, once it is
// sure that what stands in its place says neither more nor anything else.
func (t *relisted) restore(b *storedBlock, x block.Lexicon) error {
	for i := range b.Lines {
		k := &b.Lines[i]
		w, ok := t.was[b.First+int64(i)]
		if !ok {
			continue
		}
		was, shown := x.Combo(w.was), x.Combo(w.combo)
		if w.paid != k.Paid || w.Pence != k.Pence || w.combo != k.Combo || k.Rest != "" || shown != (block.Combo{Category: was.Category, Centre: was.Centre, Withheld: true}) {
			return text.ErrBlock
		}
		k.Combo, k.Rest = w.was, w.rest
	}
	t.next += int64(len(b.Lines))
	return nil
}

// suppliers holds each supplier to a published name and company number, and
// each of those to a supplier.
func suppliers(ctx context.Context, c *record.Checker, x block.Lexicon) error {
	all, err := db.List(ctx, c.S, scanSupplier, `SELECT `+supplierCols+` FROM suppliers ORDER BY id`)
	if err != nil {
		return err
	}
	published, keys, slugs := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, text := range x.Texts {
		published[text] = true
	}
	for i, p := range all {
		slug := freeSlug(supplier.Slug(p.Name), func(slug string) bool { return slugs[slug] })
		keys[p.Key], slugs[p.Slug] = true, true
		number, _ := text.CompanyNumber(p.Number)
		if p.ID != int64(i+1) || !published[p.Name] || supplier.Key(p.Name, p.Number) != p.Key || p.Slug != slug || p.Number != number {
			return c.Diverges("supplier %d is not as it was published: it was changed beside the record", p.ID)
		}
	}
	seen := map[[2]uint32]bool{}
	for _, k := range x.Combos {
		at := [2]uint32{k.Supplier, k.Number}
		if name := x.Text(k.Supplier); !seen[at] && payeeKind(name) == payments.Named {
			if key := supplier.Key(name, x.Text(k.Number)); key != "" && !keys[key] {
				if made, err := db.One(ctx, c.S, db.ScanInto[int64], `SELECT made FROM search_state WHERE id = 1`); err != nil || made < search.Version {
					c.Skip("the list of suppliers, which is completed at the next start")
					return err
				}
				return c.Diverges("a published supplier is missing among the suppliers: it was taken away beside the record")
			}
		}
		seen[at] = true
	}
	return nil
}

func (t *relisted) add(lines []block.Line, x block.Lexicon) {
	for _, k := range lines {
		t.line = block.AppendDigest(t.line[:0], k, x.Words(k.Combo))
		t.digest.Write(t.line) // a hash does not fail
		t.sum = t.sum.Plus(Sum{1, money.Pence(k.Pence)})
		key := block.Cell{Period: block.PackPeriod(k.Paid.Period()), Combo: uint32(k.Combo)}
		had := t.cells[key]
		t.cells[key] = block.Cell{Period: key.Period, Combo: key.Combo, Lines: had.Lines + 1, Pence: had.Pence + k.Pence}
	}
}

// cells holds the roll-ups of a load to its lines.
func cells(ctx context.Context, c *record.Checker, l Load, t *relisted) error {
	parts, err := db.List(ctx, c.S, db.ScanInto[[]byte], `SELECT data FROM spend_cells WHERE load = $1 ORDER BY part`, l.ID)
	if err != nil {
		return err
	}
	var all []block.Cell
	for _, data := range parts {
		if all, _, err = block.DecodeCells(data, all, nil); err != nil {
			return c.Diverges("the roll-ups of load %d cannot be read: they were changed beside the record", l.ID)
		}
	}
	for _, k := range all {
		key := block.Cell{Period: k.Period, Combo: k.Combo}
		had := t.cells[key]
		t.cells[key] = block.Cell{Period: k.Period, Combo: k.Combo, Lines: had.Lines - k.Lines, Pence: had.Pence - k.Pence}
	}
	for key, left := range t.cells {
		if left.Lines != 0 || left.Pence != 0 {
			return c.Diverges("the roll-ups of load %d do not come to its lines in %s", l.ID, block.UnpackPeriod(key.Period))
		}
	}
	return nil
}
