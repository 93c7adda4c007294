package store

import (
	"encoding/binary"
	"errors"
	"math"
)

// A block is up to blockLines lines of one load, in order of day, as two blobs.
// The hot one holds what lists and sums are made of; the cold one the rest.
// Numbers are varints: signed ones (zigzag) where they may fall, as differences
// from the line before where they mostly rise.
//
//	hot:  number of lines, then for each: paid (difference), combo, pence
//	cold: for each: sheet, record (difference), start (difference), size,
//	      length of the rest, the rest
const blockLines = 256

// kept is one line as a block keeps it.
type kept struct {
	paid   Paid
	combo  int64
	pence  int64
	sheet  int
	record int
	start  int64 // of its text in the kept file, -1 where there is none
	size   int
	rest   string // see rest
}

var errBlock = errors.New("a block of lines cannot be read: it was changed beside the portal")

// encodeBlock packs lines.
func encodeBlock(lines []kept) (hot, cold []byte) {
	hot = binary.AppendUvarint(make([]byte, 0, 10*len(lines)), uint64(len(lines)))
	cold = make([]byte, 0, 60*len(lines))
	var last kept
	for _, l := range lines {
		hot = binary.AppendVarint(hot, int64(l.paid-last.paid))
		hot = binary.AppendUvarint(hot, uint64(l.combo))
		hot = binary.AppendVarint(hot, l.pence)
		cold = binary.AppendUvarint(cold, uint64(l.sheet))
		cold = binary.AppendVarint(cold, int64(l.record-last.record))
		cold = binary.AppendVarint(cold, l.start-last.start)
		cold = binary.AppendUvarint(cold, uint64(l.size))
		cold = binary.AppendUvarint(cold, uint64(len(l.rest)))
		cold = append(cold, l.rest...)
		last = l
	}
	return hot, cold
}

// unpacker reads varints until something is wrong, and remembers that it was.
// It reads from a string, so that the texts in it are parts of it.
type unpacker struct {
	b   string
	bad bool
}

func (u *unpacker) uvarint() (v uint64) {
	for i, shift := 0, 0; i < len(u.b) && shift < 64; i, shift = i+1, shift+7 {
		c := u.b[i]
		v |= uint64(c&0x7f) << shift
		if c < 0x80 {
			u.b = u.b[i+1:]
			return v
		}
	}
	u.bad, u.b = true, ""
	return 0
}

func (u *unpacker) varint() int64 {
	v := u.uvarint()
	return int64(v>>1) ^ -int64(v&1)
}

func (u *unpacker) text(n uint64) string {
	if n > uint64(len(u.b)) {
		u.bad, u.b = true, ""
		return ""
	}
	s := u.b[:n]
	u.b = u.b[n:]
	return s
}

// decodeHot reads what lists and sums are made of, into lines that it reuses.
func decodeHot(hot []byte, into []kept) ([]kept, error) {
	u := unpacker{b: string(hot)}
	n := u.uvarint()
	if n > math.MaxInt16 {
		return nil, errBlock
	}
	into = into[:0]
	var paid Paid
	for range n {
		paid += Paid(u.varint())
		into = append(into, kept{paid: paid, combo: int64(u.uvarint()), pence: u.varint()})
	}
	if u.bad || len(u.b) > 0 {
		return nil, errBlock
	}
	return into, nil
}

// decodeCold fills in the rest of lines that decodeHot read.
func decodeCold(cold []byte, lines []kept) error {
	u := unpacker{b: string(cold)}
	var record int
	var start int64
	for i := range lines {
		l := &lines[i]
		l.sheet = int(u.uvarint())
		record += int(u.varint())
		start += u.varint()
		l.record, l.start, l.size = record, start, int(u.uvarint())
		l.rest = u.text(u.uvarint())
	}
	if u.bad || len(u.b) > 0 {
		return errBlock
	}
	return nil
}

// A cell is what one combination comes to in one period of a load.
type cell struct {
	period uint16 // packPeriod
	combo  uint32
	lines  int64
	pence  int64
}

// A blockAt says where a block stands, and what it spans.
type blockAt struct {
	first       int64
	lines       int32
	least, most Paid  // of its lines
	small, big  int64 // pence of its smallest and largest line
}

const periodBase = 1900 * 12

// packPeriod is a period in 16 bits: months since 1900, twice, and the quarter;
// 0 is not dated.
func packPeriod(p Period) uint16 {
	if p.Month == 0 {
		return 0
	}
	n := uint16(int(p.Month)-periodBase) << 1
	if p.Quarter {
		n |= 1
	}
	return n
}

func unpackPeriod(n uint16) Period {
	if n == 0 {
		return Period{}
	}
	return Period{Month(int(n>>1) + periodBase), n&1 == 1}
}

// encodeCells packs cells, sorted by period and combination, and places.
func encodeCells(cells []cell, places []blockAt) []byte {
	b := binary.AppendUvarint(make([]byte, 0, 12*len(cells)+16*len(places)), uint64(len(cells)))
	var last cell
	for _, c := range cells {
		if c.period != last.period {
			last.combo = 0
		}
		b = binary.AppendUvarint(b, uint64(c.period-last.period))
		b = binary.AppendVarint(b, int64(c.combo)-int64(last.combo))
		b = binary.AppendVarint(b, c.lines)
		b = binary.AppendVarint(b, c.pence)
		last = c
	}
	b = binary.AppendUvarint(b, uint64(len(places)))
	var at blockAt
	for _, p := range places {
		b = binary.AppendVarint(b, p.first-at.first)
		b = binary.AppendUvarint(b, uint64(p.lines))
		b = binary.AppendVarint(b, int64(p.least))
		b = binary.AppendVarint(b, int64(p.most))
		b = binary.AppendVarint(b, p.small)
		b = binary.AppendVarint(b, p.big)
		at = p
	}
	return b
}

// decodeCells reads a part of a load's cells and places behind those read.
func decodeCells(data []byte, cells []cell, places []blockAt) ([]cell, []blockAt, error) {
	u := unpacker{b: string(data)}
	var last cell
	for n := u.uvarint(); n > 0 && !u.bad; n-- {
		step := uint16(u.uvarint())
		if step != 0 {
			last.combo = 0
		}
		last.period += step
		last.combo = uint32(int64(last.combo) + u.varint())
		last.lines, last.pence = u.varint(), u.varint()
		cells = append(cells, last)
	}
	var at blockAt
	for n := u.uvarint(); n > 0 && !u.bad; n-- {
		at.first += u.varint()
		at.lines = int32(u.uvarint())
		at.least, at.most = Paid(u.varint()), Paid(u.varint())
		at.small, at.big = u.varint(), u.varint()
		places = append(places, at)
	}
	if u.bad || len(u.b) > 0 {
		return nil, nil, errBlock
	}
	return cells, places, nil
}
