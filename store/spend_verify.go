package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strings"
)

// loads holds the lines of each load, its roll-ups and its file to what the
// load’s event says of them.
func (c *checker) loads(ctx context.Context) error {
	all, err := list(ctx, c.s, scanLoad, `SELECT `+loadCols+` FROM loads WHERE n > 0 AND status IN ('standing', 'withdrawn', 'replaced') ORDER BY id`)
	if err != nil || len(all) == 0 {
		return err
	}
	x, err := c.s.readLexicon(ctx, newLexicon())
	if errors.Is(err, errBlock) {
		return c.diverges("the words of the published files cannot be read: they were changed beside the record")
	}
	if err != nil {
		return err
	}
	if err := c.suppliers(ctx, x); err != nil || c.fault != "" {
		return err
	}
	for _, l := range all {
		if err := c.load(ctx, x, l); err != nil || c.fault != "" {
			return err
		}
	}
	return nil
}

func (c *checker) load(ctx context.Context, x lexicon, l Load) error {
	h := sha256.New()
	if err := c.s.copyKept(ctx, l.Hash, h); err != nil {
		return c.diverges("the file of load %d cannot be read: it was changed beside the record", l.ID)
	}
	if hex.EncodeToString(h.Sum(nil)) != l.Hash {
		return c.diverges("the kept file of load %d is not the one that was taken in", l.ID)
	}
	withheld, err := list(ctx, c.s, scanWithheld, `SELECT `+withheldCols+` FROM spend_withheld WHERE load = $1`, l.ID)
	if err != nil {
		return err
	}
	t := &relisted{was: map[int64]withheldRow{}, cells: map[cell]cell{}, next: l.FirstLine, digest: sha256.New()}
	for _, w := range withheld {
		if w.Lifted == "" {
			t.was[w.Line] = w
		}
	}
	ties, err := c.s.tiesToCheck(ctx, l.ID)
	if err != nil {
		return err
	}
	err = c.s.eachBlock(ctx, l.ID, func(b *block) error {
		if b.first != t.next {
			return errBlock
		}
		if err := t.restore(b, x); err != nil {
			return err
		}
		ties.block(b)
		t.add(b.lines, x)
		return nil
	})
	switch {
	case errors.Is(err, errBlock):
		return c.diverges("the lines of load %d cannot be read: they were changed beside the record", l.ID)
	case err != nil:
		return err
	case t.sum != l.sum():
		return c.diverges("the lines of load %d come to %d and %s, and its event says %d and %s", l.ID, t.sum.Lines, t.sum.Pence, l.Lines, l.Pence)
	}
	refused, texts, err := c.aside(ctx, l)
	if err != nil || digestOf(t.digest, refused, texts) != l.Digest {
		return cmp.Or(err, c.diverges("a row of load %d was changed after it was taken in", l.ID))
	}
	if !ties.hold() {
		return c.diverges("the payments of load %d under decisions are not those that their contract references, and the record, tell of", l.ID)
	}
	c.held += int(t.sum.Lines)
	if err := c.cells(ctx, l, t); err != nil || c.fault != "" {
		return err
	}
	return c.flags(ctx, x, l, t)
}

// flags holds what is flagged of a load to what the methods find in it.
func (c *checker) flags(ctx context.Context, x lexicon, l Load, t *relisted) error {
	want, err := c.s.findFlags(ctx, x, l, t.was)
	if err != nil {
		return err
	}
	has, err := c.s.foundIn(ctx, l.ID)
	if err == nil && !slices.Equal(has, want) {
		err = c.diverges("the flags of load %d are not those that the methods find in it", l.ID)
	}
	return err
}

// aside are the hashes of what is kept beside the lines of a load: of its
// rejected rows, and of the rows of a workbook as text.
func (c *checker) aside(ctx context.Context, l Load) (refused, texts hash.Hash, err error) {
	refused, texts = sha256.New(), sha256.New()
	all, err := list(ctx, c.s, func(r row) (no rejection, err error) {
		return no, r.Scan(&no.sheet, &no.record, &no.start, &no.size, &no.reason)
	}, `SELECT sheet, record, start, size, reason FROM spend_rejected WHERE load = $1 ORDER BY sheet, record`, l.ID)
	if err != nil {
		return nil, nil, err
	}
	for _, no := range all {
		fmt.Fprintln(refused, no) // a hash does not fail
	}
	if l.Delimiter == "" && c.s.copyKept(ctx, rowsOfBook(l.ID), texts) != nil {
		texts.Reset() // it cannot be read: it is not as it was
	}
	return refused, texts, nil
}

// relisted gathers what the lines of a load come to.
type relisted struct {
	was    map[int64]withheldRow
	cells  map[cell]cell // by period and combination
	next   int64
	sum    Sum
	digest hash.Hash
	line   []byte
}

// restore puts what is withheld back into the lines, to be compared, once it is
// sure that what stands in its place says neither more nor anything else.
func (t *relisted) restore(b *block, x lexicon) error {
	for i := range b.lines {
		k := &b.lines[i]
		w, ok := t.was[b.first+int64(i)]
		if !ok {
			continue
		}
		was, shown := x.combo(w.was), x.combo(w.combo)
		if w.paid != k.paid || w.pence != k.pence || w.combo != k.combo || k.rest != "" || shown != (combo{category: was.category, centre: was.centre, withheld: true}) {
			return errBlock
		}
		k.combo, k.rest = w.was, w.rest
	}
	t.next += int64(len(b.lines))
	return nil
}

// suppliers holds each supplier to a published name and company number, and
// each of those to a supplier.
func (c *checker) suppliers(ctx context.Context, x lexicon) error {
	all, err := list(ctx, c.s, scanSupplier, `SELECT `+supplierCols+` FROM suppliers ORDER BY id`)
	if err != nil {
		return err
	}
	published, keys := map[string]bool{}, map[string]bool{}
	for _, text := range x.texts {
		published[text] = true
	}
	for _, p := range all {
		if keys[p.Key] = true; !published[p.Name] || SupplierKey(p.Name, p.Number) != p.Key || !strings.HasPrefix(p.Slug, SupplierSlug(p.Name)) {
			return c.diverges("supplier %d is not as it was published: it was changed beside the record", p.ID)
		}
	}
	seen := map[[2]uint32]bool{}
	for _, k := range x.combos {
		at := [2]uint32{k.supplier, k.number}
		if name := x.text(k.supplier); !seen[at] && payeeKind(name) == Named {
			if key := SupplierKey(name, x.text(k.number)); key != "" && !keys[key] {
				return c.diverges("a published supplier is missing among the suppliers: it was taken away beside the record")
			}
		}
		seen[at] = true
	}
	return nil
}

func (t *relisted) add(lines []kept, x lexicon) {
	for _, k := range lines {
		t.line = appendDigest(t.line[:0], k, x.words(k.combo))
		t.digest.Write(t.line) // a hash does not fail
		t.sum = t.sum.Plus(Sum{1, Pence(k.pence)})
		key := cell{period: packPeriod(k.paid.Period()), combo: uint32(k.combo)}
		had := t.cells[key]
		t.cells[key] = cell{key.period, key.combo, had.lines + 1, had.pence + k.pence}
	}
}

// cells holds the roll-ups of a load to its lines.
func (c *checker) cells(ctx context.Context, l Load, t *relisted) error {
	parts, err := list(ctx, c.s, scanInto[[]byte], `SELECT data FROM spend_cells WHERE load = $1 ORDER BY part`, l.ID)
	if err != nil {
		return err
	}
	var all []cell
	for _, data := range parts {
		if all, _, err = decodeCells(data, all, nil); err != nil {
			return c.diverges("the roll-ups of load %d cannot be read: they were changed beside the record", l.ID)
		}
	}
	for _, k := range all {
		key := cell{period: k.period, combo: k.combo}
		had := t.cells[key]
		t.cells[key] = cell{k.period, k.combo, had.lines - k.lines, had.pence - k.pence}
	}
	for key, left := range t.cells {
		if left.lines != 0 || left.pence != 0 {
			return c.diverges("the roll-ups of load %d do not come to its lines in %s", l.ID, unpackPeriod(key.period))
		}
	}
	return nil
}
