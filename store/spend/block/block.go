// Package block packs payments, the cells they roll up to and the texts they
// use into blobs, and unpacks them. It is pure, and another way of keeping
// payments would take its place. What “the rest” of a payment holds is in
// spend/loads_rows.go.
//
// A block is up to MaxLines payments of one source file, in order of day, as two
// blobs. The hot one holds what lists and sums are made of; the cold one the
// rest. Numbers are varints: signed ones (zigzag) where they may fall, as
// differences from the line before where they mostly rise.
//
//	hot:  number of lines, then for each: paid (difference), combo, pence
//	cold: for each: sheet, record (difference), start (difference), size,
//	      length of the rest, the rest
//
// A combo is the number of one combination of texts (supplier, company number,
// purpose, category, cost centre); a Lexicon reads its words.
package block

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/text"
)

// MaxLines is how many payments a block holds at most.
const MaxLines = 256

// Line is one line as a block keeps it.
type Line struct {
	Paid   civil.Paid
	Combo  int64
	Pence  int64
	Sheet  int
	Record int
	Start  int64 // of its text in the kept file, -1 where there is none
	Size   int
	Rest   string // see rest
}

// Encode packs lines.
func Encode(lines []Line) (hot, cold []byte) {
	hot = binary.AppendUvarint(make([]byte, 0, 10*len(lines)), uint64(len(lines)))
	cold = make([]byte, 0, 60*len(lines))
	var last Line
	for _, l := range lines {
		hot = binary.AppendVarint(hot, int64(l.Paid-last.Paid))
		hot = binary.AppendUvarint(hot, uint64(l.Combo))
		hot = binary.AppendVarint(hot, l.Pence)
		cold = binary.AppendUvarint(cold, uint64(l.Sheet))
		cold = binary.AppendVarint(cold, int64(l.Record-last.Record))
		cold = binary.AppendVarint(cold, l.Start-last.Start)
		cold = binary.AppendUvarint(cold, uint64(l.Size))
		cold = binary.AppendUvarint(cold, uint64(len(l.Rest)))
		cold = append(cold, l.Rest...)
		last = l
	}
	return hot, cold
}

// Unpacker reads varints until something is wrong, and remembers that it was.
// It reads from a string, so that the texts in it are parts of it.
type Unpacker struct {
	B   string
	Bad bool
}

// Uvarint reads an unsigned number.
func (u *Unpacker) Uvarint() (v uint64) {
	for i, shift := 0, 0; i < len(u.B) && shift < 64; i, shift = i+1, shift+7 {
		c := u.B[i]
		v |= uint64(c&0x7f) << shift
		if c < 0x80 {
			u.B = u.B[i+1:]
			return v
		}
	}
	u.Bad, u.B = true, ""
	return 0
}

func (u *Unpacker) varint() int64 {
	v := u.Uvarint()
	return int64(v>>1) ^ -int64(v&1)
}

// Text reads a text of n bytes.
func (u *Unpacker) Text(n uint64) string {
	if n > uint64(len(u.B)) {
		u.Bad, u.B = true, ""
		return ""
	}
	s := u.B[:n]
	u.B = u.B[n:]
	return s
}

// DecodeHot reads what lists and sums are made of, into lines that it reuses.
func DecodeHot(hot []byte, into []Line) ([]Line, error) {
	u := Unpacker{B: string(hot)}
	n := u.Uvarint()
	if n > math.MaxInt16 {
		return nil, text.ErrBlock
	}
	into = into[:0]
	var paid civil.Paid
	for range n {
		paid += civil.Paid(u.varint())
		into = append(into, Line{Paid: paid, Combo: int64(u.Uvarint()), Pence: u.varint()})
	}
	if u.Bad || len(u.B) > 0 {
		return nil, text.ErrBlock
	}
	return into, nil
}

// DecodeCold fills in the rest of lines that DecodeHot read.
func DecodeCold(cold []byte, lines []Line) error {
	u := Unpacker{B: string(cold)}
	var record int
	var start int64
	for i := range lines {
		l := &lines[i]
		l.Sheet = int(u.Uvarint())
		record += int(u.varint())
		start += u.varint()
		l.Record, l.Start, l.Size = record, start, int(u.Uvarint())
		l.Rest = u.Text(u.Uvarint())
	}
	if u.Bad || len(u.B) > 0 {
		return text.ErrBlock
	}
	return nil
}

// A Cell is what one combination comes to in one period of a load.
type Cell struct {
	Period uint16 // PackPeriod
	Combo  uint32
	Lines  int64
	Pence  int64
}

// A Place says where a block stands, and what it spans.
type Place struct {
	First       int64
	Lines       int32
	Least, Most civil.Paid // of its lines
	Small, Big  int64      // pence of its smallest and largest line
}

const periodBase = 1900 * 12

// PackPeriod is a period in 16 bits: months since 1900, twice, and the quarter;
// 0 is not dated.
func PackPeriod(p civil.Period) uint16 {
	if p.Month == 0 {
		return 0
	}
	n := uint16(int(p.Month)-periodBase) << 1
	if p.Quarter {
		n |= 1
	}
	return n
}

// UnpackPeriod is the period of a packed number.
func UnpackPeriod(n uint16) civil.Period {
	if n == 0 {
		return civil.Period{}
	}
	return civil.Period{Month: civil.Month(int(n>>1) + periodBase), Quarter: n&1 == 1}
}

// EncodeCells packs cells, sorted by period and combination, and places.
func EncodeCells(cells []Cell, places []Place) []byte {
	b := binary.AppendUvarint(make([]byte, 0, 12*len(cells)+16*len(places)), uint64(len(cells)))
	var last Cell
	for _, c := range cells {
		if c.Period != last.Period {
			last.Combo = 0
		}
		b = binary.AppendUvarint(b, uint64(c.Period-last.Period))
		b = binary.AppendVarint(b, int64(c.Combo)-int64(last.Combo))
		b = binary.AppendVarint(b, c.Lines)
		b = binary.AppendVarint(b, c.Pence)
		last = c
	}
	b = binary.AppendUvarint(b, uint64(len(places)))
	var at Place
	for _, p := range places {
		b = binary.AppendVarint(b, p.First-at.First)
		b = binary.AppendUvarint(b, uint64(p.Lines))
		b = binary.AppendVarint(b, int64(p.Least))
		b = binary.AppendVarint(b, int64(p.Most))
		b = binary.AppendVarint(b, p.Small)
		b = binary.AppendVarint(b, p.Big)
		at = p
	}
	return b
}

// DecodeCells reads a part of a load's cells and places behind those read.
func DecodeCells(data []byte, cells []Cell, places []Place) ([]Cell, []Place, error) {
	u := Unpacker{B: string(data)}
	var last Cell
	n := u.Uvarint()
	cells = slices.Grow(cells, int(min(n, uint64(len(u.B))/4))) // each takes four bytes or more
	for ; n > 0 && !u.Bad; n-- {
		step := uint16(u.Uvarint())
		if step != 0 {
			last.Combo = 0
		}
		last.Period += step
		last.Combo = uint32(int64(last.Combo) + u.varint())
		last.Lines, last.Pence = u.varint(), u.varint()
		cells = append(cells, last)
	}
	var at Place
	for n := u.Uvarint(); n > 0 && !u.Bad; n-- {
		at.First += u.varint()
		at.Lines = int32(u.Uvarint())
		at.Least, at.Most = civil.Paid(u.varint()), civil.Paid(u.varint())
		at.Small, at.Big = u.varint(), u.varint()
		places = append(places, at)
	}
	if u.Bad || len(u.B) > 0 {
		return nil, nil, text.ErrBlock
	}
	return cells, places, nil
}

// A Total is what a load comes to in one period for one class, category and kind
// of payee.
type Total struct {
	Period              uint16 // PackPeriod
	Class, Taxon, Payee uint8
	Lines, Pence        int64
}

// EncodeTotals packs totals.
func EncodeTotals(all []Total) []byte {
	b := make([]byte, 0, 12*len(all))
	last := uint16(0)
	for _, t := range all {
		b = binary.AppendVarint(b, int64(t.Period)-int64(last))
		b = append(b, t.Class, t.Taxon, t.Payee)
		b = binary.AppendVarint(b, t.Lines)
		b = binary.AppendVarint(b, t.Pence)
		last = t.Period
	}
	return b
}

// DecodeTotals reads totals.
func DecodeTotals(data []byte) (all []Total, err error) {
	u := Unpacker{B: string(data)}
	last := int64(0)
	for len(u.B) > 0 {
		last += u.varint()
		kinds := u.Text(3)
		if u.Bad || last != int64(uint16(last)) {
			return nil, text.ErrBlock
		}
		all = append(all, Total{uint16(last), kinds[0], kinds[1], kinds[2], u.varint(), u.varint()})
	}
	if u.Bad {
		return nil, text.ErrBlock
	}
	return all, nil
}
