package spend

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/supplier"
	"github.com/police-ict/handover/store/text"
)

// A wordPart is a run of texts or combinations as one row keeps it.
type wordPart struct {
	first int64
	data  []byte
}

func scanWordPart(r db.Row) (p wordPart, err error) { return p, r.Scan(&p.first, &p.data) }

// readLexicon adds to x what was written since. x may be another’s too.
func readLexicon(ctx context.Context, tx *db.Tx, x block.Lexicon) (block.Lexicon, error) {
	x.Texts, x.Combos = slices.Clip(x.Texts), slices.Clip(x.Combos)
	return growLexicon(ctx, tx, x)
}

// growLexicon is readLexicon for the only one that adds to x: it writes on in
// the room that x has.
func growLexicon(ctx context.Context, tx *db.Tx, x block.Lexicon) (block.Lexicon, error) {
	texts, err := db.List(ctx, tx, scanWordPart, `SELECT first, data FROM spend_texts WHERE first >= $1 ORDER BY first`, len(x.Texts))
	if err != nil {
		return x, err
	}
	for _, p := range texts {
		u := block.Unpacker{B: string(p.data)}
		for len(u.B) > 0 {
			x.Texts = append(x.Texts, u.Text(u.Uvarint()))
		}
		if u.Bad {
			return x, text.ErrBlock
		}
	}
	combos, err := db.List(ctx, tx, scanWordPart, `SELECT first, data FROM spend_combos WHERE first >= $1 ORDER BY first`, len(x.Combos))
	for _, p := range combos {
		u := block.Unpacker{B: string(p.data)}
		for len(u.B) > 0 {
			next := func() uint32 { return uint32(u.Uvarint()) }
			x.Combos = append(x.Combos, block.Combo{Supplier: next(), Number: next(), Category: next(), Centre: next(), Purpose: next(), Withheld: next() == 1})
		}
		if u.Bad {
			return x, text.ErrBlock
		}
	}
	return x, err
}

// addWords writes texts and combinations behind those of x, inside a write.
func addWords(ctx context.Context, tx *db.Tx, x block.Lexicon, texts []string, combos []block.Combo) (block.Lexicon, error) {
	if len(texts) > 0 {
		if err := tx.Change(ctx, `INSERT INTO spend_texts (first, data) VALUES ($1, $2)`, len(x.Texts), block.PackTexts(texts)); err != nil {
			return x, err
		}
	}
	if len(combos) > 0 {
		if err := tx.Change(ctx, `INSERT INTO spend_combos (first, data) VALUES ($1, $2)`, len(x.Combos), block.PackCombos(combos)); err != nil {
			return x, err
		}
	}
	x.Texts, x.Combos = append(x.Texts, texts...), append(x.Combos, combos...)
	return x, nil
}

// dictionary numbers the words, combinations and suppliers of loads. It knows
// all that have a number, so that a load looks nothing up: it reads what others
// added meanwhile, and adds its own, in short writes.
type dictionary struct {
	s         *db.Tx
	lexicon   block.Lexicon
	texts     *block.Numbers[string]
	combos    *block.Numbers[block.Combo]
	payees    map[uint64]bool // texts of name and number whose supplier is known to be there
	keys      map[string]bool // of suppliers
	slugs     map[string]bool
	suppliers int64 // number of the last one known
}

// takeDictionary is the one that the last load left, or a new one.
func takeDictionary(tx *db.Tx) *dictionary {
	c := spendCubes.Of(tx)
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.words
	if c.words = nil; d == nil {
		d = &dictionary{lexicon: block.NewLexicon(), texts: block.NewNumbers[string](), combos: block.NewNumbers[block.Combo](), payees: map[uint64]bool{},
			keys: map[string]bool{}, slugs: map[string]bool{}}
	}
	d.s = tx
	return d
}

// leave gives the dictionary to the next load.
func (d *dictionary) leave() {
	c := spendCubes.Of(d.s)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.words = d
}

// number gives each line of a run its combination.
func (d *dictionary) number(ctx context.Context, run []payment) error {
	if err := d.numberTexts(ctx, run); err != nil {
		return err
	}
	var unknown []block.Combo
	var late []int // lines of those
	seen := map[block.Combo]bool{}
	var payees []block.Payee
	for i := range run {
		c := run[i].as
		if p := uint64(c.Supplier)<<32 | uint64(c.Number); !d.payees[p] {
			d.payees[p] = true
			payees = append(payees, block.Payee{Name: d.lexicon.Text(c.Supplier), Number: d.lexicon.Text(c.Number)})
		}
		if id, ok := d.combos.Find(d.lexicon.Combos, c); ok {
			run[i].Combo = int64(id)
			continue
		}
		if late = append(late, i); !seen[c] {
			seen[c] = true
			unknown = append(unknown, c)
		}
	}
	if err := d.addSuppliers(ctx, payees); err != nil {
		return err
	}
	if err := d.add(ctx, nil, unknown); err != nil {
		return err
	}
	for _, i := range late {
		id, _ := d.combos.Find(d.lexicon.Combos, run[i].as)
		run[i].Combo = int64(id)
	}
	return nil
}

// numberTexts gives each line of a run the numbers of its texts.
func (d *dictionary) numberTexts(ctx context.Context, run []payment) error {
	var unknown []string
	var late []int // lines that hold those
	seen := map[string]bool{}
	for i := range run {
		var known bool
		if run[i].as, known = d.lexicon.Numbered(d.texts, run[i].Words); known {
			continue
		}
		late = append(late, i)
		for _, t := range run[i].Words.All() {
			if _, ok := d.lexicon.Number(d.texts, t); !ok && !seen[t] {
				t = strings.Clone(t) // else the whole row is kept for one cell
				seen[t] = true
				unknown = append(unknown, t)
			}
		}
	}
	if err := d.add(ctx, unknown, nil); err != nil {
		return err
	}
	for _, i := range late {
		run[i].as, _ = d.lexicon.Numbered(d.texts, run[i].Words)
	}
	return nil
}

// add numbers texts or combinations: with the numbers that others gave them
// meanwhile, else with the next ones.
func (d *dictionary) add(ctx context.Context, texts []string, combos []block.Combo) error {
	if len(texts)+len(combos) == 0 {
		return nil
	}
	var now block.Lexicon
	err := record.Write(ctx, d.s, func(tx *db.Tx) (err error) {
		if now, err = growLexicon(ctx, tx, d.lexicon); err != nil {
			return err
		}
		hadText, hadCombo := map[string]bool{}, map[block.Combo]bool{}
		for _, t := range now.Texts[len(d.lexicon.Texts):] {
			hadText[t] = true
		}
		for _, c := range now.Combos[len(d.lexicon.Combos):] {
			hadCombo[c] = true
		}
		now, err = addWords(ctx, tx, now, slices.DeleteFunc(slices.Clone(texts), func(t string) bool { return hadText[t] }),
			slices.DeleteFunc(slices.Clone(combos), func(c block.Combo) bool { return hadCombo[c] }))
		return err
	})
	if err != nil {
		return err
	}
	d.texts.Add(now.Texts, len(d.lexicon.Texts))
	d.combos.Add(now.Combos, len(d.lexicon.Combos))
	d.lexicon = now
	return nil
}

// addSuppliers makes the suppliers of published names that are not known yet.
func (d *dictionary) addSuppliers(ctx context.Context, payees []block.Payee) error {
	var wanted []Supplier
	for _, p := range payees {
		if payeeKind(p.Name) != payments.Named {
			continue
		}
		if key := supplier.Key(p.Name, p.Number); key != "" && !d.keys[key] {
			number, _ := text.CompanyNumber(p.Number)
			wanted = append(wanted, Supplier{Key: key, Name: p.Name, Number: number})
		}
	}
	for part := range slices.Chunk(wanted, 200) {
		if err := d.writeSuppliers(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

func (d *dictionary) writeSuppliers(ctx context.Context, wanted []Supplier) error {
	var more []Supplier
	err := record.Write(ctx, d.s, func(tx *db.Tx) (err error) {
		if more, err = db.List(ctx, tx, scanSupplier, `SELECT `+supplierCols+` FROM suppliers WHERE id > $1 ORDER BY id`, d.suppliers); err != nil {
			return err
		}
		keys, slugs, next := map[string]bool{}, map[string]bool{}, d.suppliers
		for _, p := range more {
			keys[p.Key], slugs[p.Slug], next = true, true, p.ID
		}
		var rows [][]any
		for _, p := range wanted {
			if d.keys[p.Key] || keys[p.Key] {
				continue
			}
			next++
			p.ID, p.Slug = next, freeSlug(supplier.Slug(p.Name), func(slug string) bool { return d.slugs[slug] || slugs[slug] })
			keys[p.Key], slugs[p.Slug] = true, true
			rows = append(rows, []any{p.ID, p.Key, p.Slug, p.Name, p.Number})
			more = append(more, p)
		}
		return insert(ctx, tx, `INSERT INTO suppliers (`+supplierCols+`) VALUES ($1, $2, $3, $4, $5)`, rows)
	})
	if err != nil {
		return err
	}
	for _, p := range more {
		d.keys[p.Key], d.slugs[p.Slug], d.suppliers = true, true, p.ID
	}
	return nil
}

// freeSlug is the address of a new supplier, numbered where the name alone is
// taken.
func freeSlug(slug string, taken func(string) bool) string {
	out := slug
	for n := 2; taken(out) || out == "alike" || out == "changes"; n++ { // those are pages of their own
		out = fmt.Sprintf("%s-%d", slug, n)
	}
	return out
}

// FillSuppliers makes the suppliers that published names and numbers have by
// the rules of this version and had not by those of an earlier one, and forgets
// the totals that were kept by those.
func FillSuppliers(ctx context.Context, tx *db.Tx) error {
	x, err := readLexicon(ctx, tx, block.NewLexicon())
	if err != nil || len(x.Combos) <= len(block.NewLexicon().Combos) {
		return err
	}
	d := &dictionary{s: tx, keys: map[string]bool{}, slugs: map[string]bool{}}
	seen := map[block.Payee]bool{}
	var payees []block.Payee
	for _, k := range x.Combos {
		if p := (block.Payee{Name: x.Text(k.Supplier), Number: x.Text(k.Number)}); !seen[p] {
			seen[p] = true
			payees = append(payees, p)
		}
	}
	if err := d.addSuppliers(ctx, payees); err != nil {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM spend_totals`)
		return err
	})
}

// insert runs one statement over many rows. One row at a time with few
// parameters is the fastest way that both engines share: SQLite looks named
// parameters up one after another.
func insert(ctx context.Context, tx *db.Tx, query string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	st, err := tx.Q.PrepareContext(ctx, query)
	if err != nil {
		return err
	}
	defer st.Close()
	for _, args := range rows {
		if _, err := st.ExecContext(ctx, args...); err != nil {
			return err
		}
	}
	return nil
}

// comboFor is the number of one combination, made where there is none.
func comboFor(ctx context.Context, tx *db.Tx, x block.Lexicon, c block.Combo) (int64, error) {
	if i := slices.Index(x.Combos, c); i > 0 {
		return int64(i), nil
	}
	_, err := addWords(ctx, tx, x, nil, []block.Combo{c})
	return int64(len(x.Combos)), err
}
