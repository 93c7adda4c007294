package store

import (
	"context"
	"database/sql"
	"errors"
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
	batchWords     = 1_000   // looked up or made in one short write
	keptWords      = 50_000  // entries kept for the next load
)

// dictionary is the one that the last load left, or a new one.
func (s *Store) dictionary() *dictionary {
	s.cubes.mu.Lock()
	defer s.cubes.mu.Unlock()
	d := s.cubes.words
	if s.cubes.words = nil; d == nil {
		d = &dictionary{}
		d.forget()
	}
	d.s = s
	return d
}

// leave gives the dictionary to the next load, unless it has grown large.
func (d *dictionary) leave() {
	d.s.cubes.mu.Lock()
	defer d.s.cubes.mu.Unlock()
	if d.s.cubes.words = d; len(d.texts)+len(d.combos) > keptWords {
		d.s.cubes.words = nil
	}
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

// numberTexts finds the numbers of texts, and makes those that have none, in
// one short write.
func (s *Store) numberTexts(ctx context.Context, texts []string, into map[string]int64) error {
	return s.write(ctx, func(s *Store) error {
		find, err := s.q.PrepareContext(ctx, `SELECT id FROM spend_texts WHERE text = $1`)
		if err != nil {
			return err
		}
		defer find.Close()
		add, err := s.q.PrepareContext(ctx, `INSERT INTO spend_texts (text) VALUES ($1) RETURNING id`)
		if err != nil {
			return err
		}
		defer add.Close()
		for _, t := range texts {
			if into[t], err = foundOrMade(ctx, find, add, t); err != nil {
				return err
			}
		}
		return nil
	})
}

// foundOrMade is the number of a row that one statement finds, or else the
// other makes.
func foundOrMade(ctx context.Context, find, add *sql.Stmt, args ...any) (id int64, err error) {
	if err = find.QueryRowContext(ctx, args...).Scan(&id); errors.Is(err, sql.ErrNoRows) {
		err = add.QueryRowContext(ctx, args...).Scan(&id)
	}
	return id, err
}

const comboCols = `supplier, number, category, centre, purpose, withheld`

// numberCombos finds the numbers of combinations, and makes those that have
// none, in one short write.
func (s *Store) numberCombos(ctx context.Context, combos []combo, into map[combo]int64) error {
	return s.write(ctx, func(s *Store) error {
		find, err := s.q.PrepareContext(ctx, `SELECT id FROM spend_combos WHERE supplier = $1 AND number = $2 AND category = $3 AND centre = $4 AND purpose = $5 AND withheld = $6`)
		if err != nil {
			return err
		}
		defer find.Close()
		add, err := s.q.PrepareContext(ctx, `INSERT INTO spend_combos (`+comboCols+`) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`)
		if err != nil {
			return err
		}
		defer add.Close()
		for _, c := range combos {
			if into[c], err = foundOrMade(ctx, find, add, c.supplier, c.number, c.category, c.centre, c.purpose, c.withheld); err != nil {
				return err
			}
		}
		return nil
	})
}
