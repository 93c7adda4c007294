package block

import (
	"encoding/binary"
	"strconv"
)

// Words are the published texts of a line that its combination is made of.
type Words struct{ Supplier, Number, Category, Centre, Purpose string }

// All are the words in their order.
func (w Words) All() [5]string {
	return [...]string{w.Supplier, w.Number, w.Category, w.Centre, w.Purpose}
}

// CellMost is how much of one cell is kept, in bytes. The row of the file holds
// all of it.
const CellMost = 2000

// Combo is one published combination: the number of a text each, 0 where blank.
type Combo struct {
	Supplier, Number, Category, Centre, Purpose uint32
	Withheld                                    bool // stands for lines whose supplier and purpose are withheld here
}

// Lexicon is every text and combination of the published files, by number from
// 1. It only grows.
type Lexicon struct {
	Texts  []string
	Combos []Combo
}

// NewLexicon is one without a text.
func NewLexicon() Lexicon { return Lexicon{Texts: []string{""}, Combos: []Combo{{}}} }

// Text is the text of a number, "" where there is none.
func (x Lexicon) Text(id uint32) string {
	if int(id) >= len(x.Texts) {
		return ""
	}
	return x.Texts[id]
}

// Combo is the combination of a number.
func (x Lexicon) Combo(id int64) Combo {
	if id < 0 || id >= int64(len(x.Combos)) {
		return Combo{}
	}
	return x.Combos[id]
}

// Words are the texts of a combination.
func (x Lexicon) Words(id int64) Words {
	k := x.Combo(id)
	return Words{x.Text(k.Supplier), x.Text(k.Number), x.Text(k.Category), x.Text(k.Centre), x.Text(k.Purpose)}
}

// Numbered is the combination of some words, and whether each has a number.
func (x Lexicon) Numbered(texts *Numbers[string], w Words) (Combo, bool) {
	var ids [5]uint32
	for i, t := range w.All() {
		id, ok := x.Number(texts, t)
		if !ok {
			return Combo{}, false
		}
		ids[i] = id
	}
	return Combo{Supplier: ids[0], Number: ids[1], Category: ids[2], Centre: ids[3], Purpose: ids[4]}, true
}

// Number is the number of a text, and whether it has one.
func (x Lexicon) Number(texts *Numbers[string], t string) (id uint32, ok bool) {
	if t == "" {
		return 0, true
	}
	return texts.Find(x.Texts, t)
}

// PackTexts and packCombos write a run of them as one blob.
func PackTexts(texts []string) []byte {
	var b []byte
	for _, t := range texts {
		b = append(binary.AppendUvarint(b, uint64(len(t))), t...)
	}
	return b
}

// PackCombos packs combinations into one blob.
func PackCombos(combos []Combo) []byte {
	var b []byte
	for _, c := range combos {
		withheld := uint64(0)
		if c.Withheld {
			withheld = 1
		}
		for _, n := range []uint64{uint64(c.Supplier), uint64(c.Number), uint64(c.Category), uint64(c.Centre), uint64(c.Purpose), withheld} {
			b = binary.AppendUvarint(b, n)
		}
	}
	return b
}

// Payee is a supplier as published.
type Payee struct{ Name, Number string }

// Payee is the one that a combination names.
func (x Lexicon) Payee(combo uint32) Payee {
	k := x.Combo(int64(combo))
	return Payee{x.Text(k.Supplier), x.Text(k.Number)}
}

const unitSeparator = "\x1f"

// AppendDigest writes a line as its load’s digest holds it: all that is kept
// of it, apart by unit separators.
func AppendDigest(b []byte, l Line, w Words) []byte {
	for _, n := range []int64{int64(l.Sheet), int64(l.Record), l.Start, int64(l.Size), int64(l.Paid), l.Pence} {
		b = append(strconv.AppendInt(b, n, 10), unitSeparator...)
	}
	for _, text := range []string{w.Supplier, w.Number, w.Category, w.Centre, w.Purpose, l.Rest} {
		b = append(append(b, text...), unitSeparator...)
	}
	return append(b, '\n')
}
