package booktest

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
)

// Records of the stream of an old Excel workbook (BIFF8), and its version.
const (
	kindFormula = 0x0006
	kindEnd     = 0x000A
	kindDates   = 0x0022
	kindMore    = 0x003C
	kindSheet   = 0x0085
	kindStyle   = 0x00E0
	kindMerged  = 0x00E5
	kindTexts   = 0x00FC
	kindText    = 0x00FD
	kindNumber  = 0x0203
	kindBool    = 0x0205
	kindString  = 0x0207
	kindRK      = 0x027E
	kindFormat  = 0x041E
	kindBegin   = 0x0809
	version8    = 0x0600
)

// Stream writes the records of an old Excel workbook.
type Stream struct {
	bytes.Buffer
	texts    []string
	from1904 bool
}

// LE are values in bytes, the lowest first.
func LE(values ...any) []byte {
	var b bytes.Buffer
	for _, v := range values {
		_ = binary.Write(&b, binary.LittleEndian, v)
	}
	return b.Bytes()
}

// Record writes a record.
func (b *Stream) Record(kind uint16, data []byte) {
	b.Write(LE(kind, uint16(len(data))))
	b.Write(data)
}

// Letters is a text with the number of its letters in some bytes; wide where a
// letter needs it.
func Letters(s string, bytes int) []byte {
	units := utf16.Encode([]rune(s))
	var out []byte
	if bytes == 1 {
		out = []byte{byte(len(units))}
	} else {
		out = LE(uint16(len(units)))
	}
	wide := false
	for _, u := range units {
		wide = wide || u > 255
	}
	if wide {
		return append(append(out, 1), LE(units)...)
	}
	out = append(out, 0)
	for _, u := range units {
		out = append(out, byte(u))
	}
	return out
}

// Styles that the test's workbooks have: 0 plain, 1 a day, 2 dollars, 3 pounds.
var oldForms = []string{"General", "dd/mm/yyyy", `[$$-409]#,##0.00`, `[$£-809]#,##0.00`}

func (b *Stream) cell(row, column int, v any) {
	at := func(style int) []byte { return LE(uint16(row), uint16(column), uint16(style)) }
	switch v := v.(type) {
	case nil:
		b.Record(0x0201, at(0))
	case string:
		b.texts = append(b.texts, v)
		b.Record(kindText, append(at(0), LE(uint32(len(b.texts)-1))...))
	case int:
		b.Record(kindRK, append(at(0), LE(uint32(v<<2|2))...))
	case float64:
		b.Record(kindNumber, append(at(0), LE(v)...))
	case Day:
		n := v.serial()
		if b.from1904 {
			n -= 1462
		}
		b.Record(kindNumber, append(at(1), LE(n)...))
	case Money:
		style := 3
		if v.Code == "USD" {
			style = 2
		}
		b.Record(kindNumber, append(at(style), LE(v.Pounds)...))
	case Shown:
		b.Record(kindBool, append(at(0), 0x17, 1))
	case Formula:
		b.formula(at(0), v.Value)
	case Spanned:
		b.cell(row, column, v.Value)
	default:
		panic(v)
	}
}

func (b *Stream) formula(at []byte, value any) {
	write := func(value []byte) {
		b.Record(kindFormula, append(append(at, value...), LE(uint16(0), uint32(0), uint16(0))...))
	}
	switch v := value.(type) {
	case nil:
		write([]byte{3, 0, 0, 0, 0, 0, 0xFF, 0xFF})
	case float64:
		write(LE(v))
	case string:
		write([]byte{0, 0, 0, 0, 0, 0, 0xFF, 0xFF})
		b.Record(0x04BC, []byte{0, 0})
		b.Record(kindString, Letters(v, 2))
	}
}

// Begin writes the first record of a part of the stream.
func (b *Stream) Begin(version, kind uint16) {
	b.Record(kindBegin, LE(version, kind, uint16(0), uint16(0), uint32(0), uint32(0)))
}

// OldStream is the stream of an old workbook. Shared texts are cut into records of
// so many bytes.
func OldStream(sheets []Sheet, from1904 bool, piece int) []byte {
	tail := &Stream{from1904: from1904}
	var starts []int
	for _, s := range sheets {
		starts = append(starts, tail.Len())
		tail.Begin(version8, 0x10)
		merged := LE(uint16(0))
		for r, row := range s.Rows {
			for c, v := range row {
				tail.cell(r, c, v)
				if m, ok := v.(Spanned); ok {
					merged = append(merged, LE(uint16(r), uint16(r+m.Rows-1), uint16(c), uint16(c))...)
				}
			}
		}
		tail.Record(kindMerged, merged)
		tail.Record(kindEnd, nil)
	}
	head := &Stream{}
	var all [2]int
	for pass := range all { // once for its length
		head = &Stream{}
		head.Begin(version8, 5)
		head.Record(0x0042, LE(uint16(1200)))
		if from1904 {
			head.Record(kindDates, LE(uint16(1)))
		}
		for i, form := range oldForms {
			head.Record(kindFormat, append(LE(uint16(164+i)), Letters(form, 2)...))
			head.Record(kindStyle, append(LE(uint16(0), uint16(164+i)), make([]byte, 16)...))
		}
		for i, s := range sheets {
			hidden := byte(0)
			if s.Hidden {
				hidden = 1
			}
			head.Record(kindSheet, append(append(LE(uint32(all[0]+starts[i])), hidden, 0), Letters(s.Name, 1)...))
		}
		head.sharedTexts(tail.texts, piece)
		head.Record(kindEnd, nil)
		all[pass] = head.Len()
	}
	return append(head.Bytes(), tail.Bytes()...)
}

// sharedTexts writes the texts, in records of at most so many bytes: what cuts
// the letters of a text says anew how wide they are.
func (b *Stream) sharedTexts(texts []string, piece int) {
	kind, data := uint16(kindTexts), LE(uint32(len(texts)), uint32(len(texts)))
	flush := func() {
		b.Record(kind, data)
		kind, data = kindMore, nil
	}
	for _, s := range texts {
		whole := Letters(s, 2)
		head, wide := whole[:3], whole[2]
		if len(data)+4 > piece {
			flush()
		}
		data = append(data, head...)
		for rest := whole[3:]; len(rest) > 0; {
			width := 1 + int(wide)
			if len(data)+width > piece {
				flush()
				data = []byte{wide}
			}
			data, rest = append(data, rest[:width]...), rest[width:]
		}
	}
	flush()
}

// Compound packs a stream as Microsoft's older programs do.
func Compound(name string, stream []byte) []byte {
	const sector, end, fat, free = 512, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
	for len(stream) < 4096 || len(stream)%sector != 0 {
		stream = append(stream, 0)
	}
	n := len(stream) / sector
	fats, lists := 1, 0 // sectors of the table, and of the list of these beyond 109
	for fats*128 < n+1+fats+lists {
		fats++
		lists = max(0, (fats-109+126)/127)
	}
	table := make([]uint32, fats*128)
	for i := range table {
		switch {
		case i < n-1:
			table[i] = uint32(i + 1)
		case i == n-1, i == n:
			table[i] = end
		case i <= n+fats:
			table[i] = fat
		case i <= n+fats+lists:
			table[i] = fat - 1
		default:
			table[i] = free
		}
	}
	list := make([]uint32, 109+127*lists)
	for i := range list {
		list[i] = free
		if i < fats {
			list[i] = uint32(n + 1 + i)
		}
	}
	first := uint32(end)
	if lists > 0 {
		first = uint32(n + 1 + fats)
	}
	head := append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), make([]byte, 16)...)
	head = append(head, LE(uint16(0x3E), uint16(3), uint16(0xFFFE), uint16(9), uint16(6), uint16(0), uint32(0), uint32(0), uint32(fats), uint32(n), uint32(0), uint32(4096), uint32(end), uint32(0), first, uint32(lists))...)
	head = append(head, LE(list[:109])...)
	var more []byte
	for i := range lists {
		next := uint32(n + 2 + fats + i)
		if i == lists-1 {
			next = end
		}
		more = append(more, LE(list[109+127*i:109+127*(i+1)], next)...)
	}
	entry := func(name string, kind byte, child, start, size uint32) []byte {
		units := utf16.Encode([]rune(name + "\x00"))
		e := append(LE(units), make([]byte, 64-2*len(units))...)
		e = append(e, LE(uint16(2*len(units)), kind, byte(1), uint32(free), uint32(free), child)...)
		e = append(e, make([]byte, 36)...)
		return append(e, LE(start, size, uint32(0))...)
	}
	folder := append(entry("Root Entry", 5, 1, end, 0), entry(name, 2, free, 0, uint32(len(stream)))...)
	folder = append(folder, make([]byte, 256)...)
	return bytes.Join([][]byte{head, stream, folder, LE(table), more}, nil)
}

// XLS is an old Excel workbook.
func XLS(sheets []Sheet) []byte { return Compound("Workbook", OldStream(sheets, false, 8224)) }
