package block

import (
	"slices"
	"strings"
)

// Found tells which of many texts hold a word. Each text has a mark of 64 bits,
// one set for every three bytes on end in it, so that most texts without the
// word are passed over by their marks alone. It only grows.
type Found struct {
	texts []string
	marks []uint64
}

// Texts is how many there are.
func (f Found) Texts() int { return len(f.texts) }

// With is it with more texts.
func (f Found) With(more ...string) Found {
	f.texts, f.marks = append(slices.Clip(f.texts), more...), slices.Grow(slices.Clip(f.marks), len(more))
	for _, t := range more {
		f.marks = append(f.marks, mark(t))
	}
	return f
}

// Holding are the texts that hold a word, by number, and how many they are.
func (f Found) Holding(word string) (holds []bool, count int) {
	holds = make([]bool, len(f.texts))
	want := mark(word)
	for i, has := range f.marks {
		if has&want == want && strings.Contains(f.texts[i], word) {
			holds[i] = true
			count++
		}
	}
	return holds, count
}

func mark(s string) (m uint64) {
	for i := 2; i < len(s); i++ {
		three := uint32(s[i-2]) | uint32(s[i-1])<<8 | uint32(s[i])<<16
		m |= 1 << (three * 0x9E3779B1 >> 26)
	}
	return m
}

// Columns are the cells of a load, column by column, so that a look for some
// combinations goes through little memory.
type Columns struct {
	combos  []uint32
	periods []uint16
	lines   []int32
	pence   []int64
}

// ColumnsOf are cells as columns.
func ColumnsOf(cells []Cell) *Columns {
	n := len(cells)
	c := &Columns{make([]uint32, n), make([]uint16, n), make([]int32, n), make([]int64, n)}
	for i, k := range cells {
		c.combos[i], c.periods[i], c.lines[i], c.pence[i] = k.Combo, k.Period, int32(k.Lines), k.Pence
	}
	return c
}

// Each gives the cells of the combinations that are in a set to fn, until it
// says no.
func (c *Columns) Each(in []bool, fn func(Cell) bool) {
	for i, id := range c.combos {
		if int(id) < len(in) && in[id] && !fn(Cell{c.periods[i], id, int64(c.lines[i]), c.pence[i]}) {
			return
		}
	}
}
