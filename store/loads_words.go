package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// dictionary numbers the words and combinations of a load, making those that
// are new in short writes. It forgets what it has seen before it grows large.
type dictionary struct {
	s      *Store
	texts  map[string]int64
	combos map[combo]int64
	payees map[payee]bool // whose supplier is known to be there
}

// combo is one published combination: a text each, 0 where blank.
type combo struct {
	supplier, number, category, centre, purpose int64
	withheld                                    bool
}

// payee is a supplier as published.
type payee struct{ name, number string }

const (
	dictionaryMost = 300_000 // entries kept in memory
	batchWords     = 400     // looked up or made in one statement
)

func newDictionary(s *Store) *dictionary {
	d := &dictionary{s: s}
	d.forget()
	return d
}

func (d *dictionary) forget() {
	d.texts, d.combos, d.payees = map[string]int64{"": 0}, map[combo]int64{}, map[payee]bool{}
}

// number gives each line of a run its combination.
func (d *dictionary) number(ctx context.Context, run []payment) error {
	if len(d.texts)+len(d.combos) > dictionaryMost {
		d.forget()
	}
	if err := d.numberTexts(ctx, run); err != nil {
		return err
	}
	var unknown []combo
	seen := map[combo]bool{}
	var payees []payee
	for i := range run {
		c := d.comboOf(run[i].words)
		if _, ok := d.combos[c]; !ok && !seen[c] {
			seen[c] = true
			unknown = append(unknown, c)
		}
		if p := (payee{run[i].supplier, run[i].number}); !d.payees[p] {
			d.payees[p] = true
			payees = append(payees, p)
		}
	}
	if err := d.s.addSuppliers(ctx, payees); err != nil {
		return err
	}
	for part := range slices.Chunk(unknown, batchWords) {
		if err := d.s.numberCombos(ctx, part, d.combos); err != nil {
			return err
		}
	}
	for i := range run {
		run[i].combo = d.combos[d.comboOf(run[i].words)]
	}
	return nil
}

func (d *dictionary) comboOf(w words) combo {
	return combo{supplier: d.texts[w.supplier], number: d.texts[w.number], category: d.texts[w.category], centre: d.texts[w.centre], purpose: d.texts[w.purpose]}
}

func (d *dictionary) numberTexts(ctx context.Context, run []payment) error {
	var unknown []string
	add := func(text string) {
		if _, ok := d.texts[text]; !ok {
			d.texts[text] = 0
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
	for part := range slices.Chunk(unknown, batchWords) {
		if err := d.s.numberTexts(ctx, part, d.texts); err != nil {
			return err
		}
	}
	return nil
}

// marks are the placeholders of rows of a statement: ($1, $2), ($3, $4).
func marks(rows, columns int) string {
	var b strings.Builder
	for i := range rows * columns {
		switch {
		case i%columns != 0:
			b.WriteString(", ")
		case i > 0:
			b.WriteString("), (")
		default:
			b.WriteString("(")
		}
		fmt.Fprintf(&b, "$%d", i+1)
	}
	b.WriteString(")")
	return b.String()
}

// numberTexts finds the numbers of texts, and makes those that have none.
func (s *Store) numberTexts(ctx context.Context, texts []string, into map[string]int64) error {
	type text struct {
		id   int64
		text string
	}
	find := func(s *Store, texts []string) (missing []string, err error) {
		args := make([]any, len(texts))
		for i, t := range texts {
			args[i] = t
		}
		found, err := list(ctx, s, func(r row) (t text, err error) { return t, r.Scan(&t.id, &t.text) },
			`SELECT id, text FROM spend_texts WHERE text IN `+marks(1, len(args)), args...)
		for _, t := range found {
			into[t.text] = t.id
		}
		for _, t := range texts {
			if into[t] == 0 {
				missing = append(missing, t)
			}
		}
		return missing, err
	}
	missing, err := find(s, texts)
	if err != nil || len(missing) == 0 {
		return err
	}
	return s.write(ctx, func(s *Store) error {
		args := make([]any, len(missing))
		for i, t := range missing {
			args[i] = t
		}
		if _, err := s.exec(ctx, `INSERT INTO spend_texts (text) VALUES `+marks(len(args), 1)+` ON CONFLICT (text) DO NOTHING`, args...); err != nil {
			return err
		}
		left, err := find(s, missing)
		if err == nil && len(left) > 0 {
			err = fmt.Errorf("store: %d texts of a load could not be stored", len(left))
		}
		return err
	})
}

const comboCols = `supplier, number, category, centre, purpose, withheld`

// numberCombos finds the numbers of combinations, and makes those that have none.
func (s *Store) numberCombos(ctx context.Context, combos []combo, into map[combo]int64) error {
	args := make([]any, 0, 6*len(combos))
	for _, c := range combos {
		args = append(args, c.supplier, c.number, c.category, c.centre, c.purpose, c.withheld)
	}
	return s.write(ctx, func(s *Store) error {
		if _, err := s.exec(ctx, `INSERT INTO spend_combos (`+comboCols+`) VALUES `+marks(len(combos), 6)+` ON CONFLICT (`+comboCols+`) DO NOTHING`, args...); err != nil {
			return err
		}
		for part := range slices.Chunk(combos, 100) {
			if err := s.findCombos(ctx, part, into); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) findCombos(ctx context.Context, combos []combo, into map[combo]int64) error {
	type numbered struct {
		combo
		id int64
	}
	args, each := make([]any, 0, 6*len(combos)), make([]string, len(combos))
	for i, c := range combos {
		each[i] = fmt.Sprintf("supplier = $%d AND number = $%d AND category = $%d AND centre = $%d AND purpose = $%d AND withheld = $%d",
			6*i+1, 6*i+2, 6*i+3, 6*i+4, 6*i+5, 6*i+6)
		args = append(args, c.supplier, c.number, c.category, c.centre, c.purpose, c.withheld)
	}
	found, err := list(ctx, s, func(r row) (n numbered, err error) {
		return n, r.Scan(&n.id, &n.supplier, &n.combo.number, &n.category, &n.centre, &n.purpose, &n.withheld)
	}, `SELECT id, `+comboCols+` FROM spend_combos WHERE `+strings.Join(each, " OR "), args...)
	for _, n := range found {
		into[n.combo] = n.id
	}
	if err == nil && len(found) < len(combos) {
		err = fmt.Errorf("store: combinations of a load could not be stored")
	}
	return err
}
