package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
)

// combo is one published combination: the number of a text each, 0 where blank.
type combo struct {
	supplier, number, category, centre, purpose uint32
	withheld                                    bool // stands for lines whose supplier and purpose are withheld here
}

// lexicon is every text and combination of the published files, by number from
// 1. It only grows.
type lexicon struct {
	texts  []string
	combos []combo
}

func newLexicon() lexicon { return lexicon{texts: []string{""}, combos: []combo{{}}} }

func (x lexicon) text(id uint32) string {
	if int(id) >= len(x.texts) {
		return ""
	}
	return x.texts[id]
}

func (x lexicon) combo(id int64) combo {
	if id < 0 || id >= int64(len(x.combos)) {
		return combo{}
	}
	return x.combos[id]
}

func (x lexicon) words(id int64) words {
	k := x.combo(id)
	return words{x.text(k.supplier), x.text(k.number), x.text(k.category), x.text(k.centre), x.text(k.purpose)}
}

// packTexts and packCombos write a run of them as one blob.
func packTexts(texts []string) []byte {
	var b []byte
	for _, t := range texts {
		b = append(binary.AppendUvarint(b, uint64(len(t))), t...)
	}
	return b
}

func packCombos(combos []combo) []byte {
	var b []byte
	for _, c := range combos {
		withheld := uint64(0)
		if c.withheld {
			withheld = 1
		}
		for _, n := range []uint64{uint64(c.supplier), uint64(c.number), uint64(c.category), uint64(c.centre), uint64(c.purpose), withheld} {
			b = binary.AppendUvarint(b, n)
		}
	}
	return b
}

// A wordPart is a run of texts or combinations as one row keeps it.
type wordPart struct {
	first int64
	data  []byte
}

func scanWordPart(r row) (p wordPart, err error) { return p, r.Scan(&p.first, &p.data) }

// readLexicon adds to x what was written since.
func (s *Store) readLexicon(ctx context.Context, x lexicon) (lexicon, error) {
	x.texts, x.combos = slices.Clip(x.texts), slices.Clip(x.combos)
	texts, err := list(ctx, s, scanWordPart, `SELECT first, data FROM spend_texts WHERE first >= $1 ORDER BY first`, len(x.texts))
	if err != nil {
		return x, err
	}
	for _, p := range texts {
		u := unpacker{b: string(p.data)}
		for len(u.b) > 0 {
			x.texts = append(x.texts, u.text(u.uvarint()))
		}
		if u.bad {
			return x, errBlock
		}
	}
	combos, err := list(ctx, s, scanWordPart, `SELECT first, data FROM spend_combos WHERE first >= $1 ORDER BY first`, len(x.combos))
	for _, p := range combos {
		u := unpacker{b: string(p.data)}
		for len(u.b) > 0 {
			next := func() uint32 { return uint32(u.uvarint()) }
			x.combos = append(x.combos, combo{next(), next(), next(), next(), next(), next() == 1})
		}
		if u.bad {
			return x, errBlock
		}
	}
	return x, err
}

// addWords writes texts and combinations behind those of x, inside a write.
func (s *Store) addWords(ctx context.Context, x lexicon, texts []string, combos []combo) (lexicon, error) {
	if len(texts) > 0 {
		if err := s.change(ctx, `INSERT INTO spend_texts (first, data) VALUES ($1, $2)`, len(x.texts), packTexts(texts)); err != nil {
			return x, err
		}
	}
	if len(combos) > 0 {
		if err := s.change(ctx, `INSERT INTO spend_combos (first, data) VALUES ($1, $2)`, len(x.combos), packCombos(combos)); err != nil {
			return x, err
		}
	}
	x.texts, x.combos = append(x.texts, texts...), append(x.combos, combos...)
	return x, nil
}

// dictionary numbers the words, combinations and suppliers of loads. It knows
// all that have a number, so that a load looks nothing up: it reads what others
// added meanwhile, and adds its own, in short writes.
type dictionary struct {
	s         *Store
	lexicon   lexicon
	texts     map[string]uint32
	combos    map[combo]uint32
	payees    map[payee]bool  // whose supplier is known to be there
	keys      map[string]bool // of suppliers
	slugs     map[string]bool
	suppliers int64 // number of the last one known
}

// payee is a supplier as published.
type payee struct{ name, number string }

// dictionary is the one that the last load left, or a new one.
func (s *Store) dictionary() *dictionary {
	c := spendCubes.Of(s)
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.words
	if c.words = nil; d == nil {
		d = &dictionary{lexicon: newLexicon(), texts: map[string]uint32{"": 0}, combos: map[combo]uint32{}, payees: map[payee]bool{},
			keys: map[string]bool{}, slugs: map[string]bool{}}
	}
	d.s = s
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
	if err := d.addTexts(ctx, run); err != nil {
		return err
	}
	var unknown []combo
	seen := map[combo]bool{}
	var payees []payee
	for i := range run {
		c := d.comboOf(run[i].words)
		run[i].as = c
		if _, ok := d.combos[c]; !ok && !seen[c] {
			seen[c] = true
			unknown = append(unknown, c)
		}
		if p := (payee{run[i].supplier, run[i].number}); !d.payees[p] {
			d.payees[p] = true
			payees = append(payees, p)
		}
	}
	if err := d.addSuppliers(ctx, payees); err != nil {
		return err
	}
	if err := d.add(ctx, nil, unknown); err != nil {
		return err
	}
	for i := range run {
		run[i].combo = int64(d.combos[run[i].as])
	}
	return nil
}

func (d *dictionary) comboOf(w words) combo {
	return combo{supplier: d.texts[w.supplier], number: d.texts[w.number], category: d.texts[w.category], centre: d.texts[w.centre], purpose: d.texts[w.purpose]}
}

func (d *dictionary) addTexts(ctx context.Context, run []payment) error {
	var unknown []string
	seen := map[string]bool{}
	add := func(text string) {
		if _, ok := d.texts[text]; !ok && !seen[text] {
			seen[text] = true
			unknown = append(unknown, text)
		}
	}
	for i := range run {
		w := &run[i].words
		add(w.supplier)
		add(w.number)
		add(w.category)
		add(w.centre)
		add(w.purpose)
	}
	return d.add(ctx, unknown, nil)
}

// add numbers texts or combinations: with the numbers that others gave them
// meanwhile, else with the next ones.
func (d *dictionary) add(ctx context.Context, texts []string, combos []combo) error {
	if len(texts)+len(combos) == 0 {
		return nil
	}
	var now lexicon
	err := d.s.write(ctx, func(s *Store) (err error) {
		if now, err = s.readLexicon(ctx, d.lexicon); err != nil {
			return err
		}
		hadText, hadCombo := map[string]bool{}, map[combo]bool{}
		for _, t := range now.texts[len(d.lexicon.texts):] {
			hadText[t] = true
		}
		for _, c := range now.combos[len(d.lexicon.combos):] {
			hadCombo[c] = true
		}
		now, err = s.addWords(ctx, now, slices.DeleteFunc(slices.Clone(texts), func(t string) bool { return hadText[t] }),
			slices.DeleteFunc(slices.Clone(combos), func(c combo) bool { return hadCombo[c] }))
		return err
	})
	if err != nil {
		return err
	}
	for i := len(d.lexicon.texts); i < len(now.texts); i++ {
		d.texts[now.texts[i]] = uint32(i)
	}
	for i := len(d.lexicon.combos); i < len(now.combos); i++ {
		d.combos[now.combos[i]] = uint32(i)
	}
	d.lexicon = now
	return nil
}

// addSuppliers makes the suppliers of published names that are not known yet.
func (d *dictionary) addSuppliers(ctx context.Context, payees []payee) error {
	var wanted []Supplier
	for _, p := range payees {
		if payeeKind(p.name) != Named {
			continue
		}
		if key := SupplierKey(p.name, p.number); key != "" && !d.keys[key] {
			number, _ := CompanyNumber(p.number)
			wanted = append(wanted, Supplier{Key: key, Name: p.name, Number: number})
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
	err := d.s.write(ctx, func(s *Store) (err error) {
		if more, err = list(ctx, s, scanSupplier, `SELECT `+supplierCols+` FROM suppliers WHERE id > $1 ORDER BY id`, d.suppliers); err != nil {
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
			p.ID, p.Slug = next, freeSlug(SupplierSlug(p.Name), func(slug string) bool { return d.slugs[slug] || slugs[slug] })
			keys[p.Key], slugs[p.Slug] = true, true
			rows = append(rows, []any{p.ID, p.Key, p.Slug, p.Name, p.Number})
			more = append(more, p)
		}
		return s.insert(ctx, `INSERT INTO suppliers (`+supplierCols+`) VALUES ($1, $2, $3, $4, $5)`, rows)
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

// insert runs one statement over many rows. One row at a time with few
// parameters is the fastest way that both engines share: SQLite looks named
// parameters up one after another.
func (s *Store) insert(ctx context.Context, query string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	st, err := s.q.PrepareContext(ctx, query)
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
func (s *Store) comboFor(ctx context.Context, x lexicon, c combo) (int64, error) {
	if i := slices.Index(x.combos, c); i > 0 {
		return int64(i), nil
	}
	_, err := s.addWords(ctx, x, nil, []combo{c})
	return int64(len(x.combos)), err
}
