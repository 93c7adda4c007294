package book

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"
)

// oldRow is the row that is being read of a worksheet.
type oldRow struct {
	number int // from 1; 0 before the first
	cells  []string
}

// sheet reads the cells of a worksheet.
func (b *oldBook) sheet(to *spooled) error {
	if err := b.begin(); err != nil {
		return err
	}
	row := &oldRow{}
	for depth := 1; ; {
		if err := b.next(); err != nil {
			return err
		}
		var err error
		switch {
		case b.kind == oldBegin: // a chart within
			depth++
		case b.kind == oldEnd:
			if depth--; depth == 0 {
				return b.spool.add(to, row.number, 1, row.cells)
			}
		case depth > 1:
		case b.kind == oldMerged:
			b.merged(to)
		default:
			err = b.cell(to, row)
		}
		if err != nil {
			return err
		}
	}
}

func (b *oldBook) merged(to *spooled) {
	for d := b.data[min(2, len(b.data)):]; len(d) >= 8; d = d[8:] {
		to.merge(int(binary.LittleEndian.Uint16(d[4:]))+1, int(binary.LittleEndian.Uint16(d))+1, int(binary.LittleEndian.Uint16(d[2:]))+1)
	}
}

// cell reads a record that may hold a cell, or several.
func (b *oldBook) cell(to *spooled, row *oldRow) error {
	d := b.data
	if least, ok := oldCells[b.kind]; !ok {
		return nil
	} else if len(d) < least {
		return refuseOldDamaged
	}
	number, column, style := int(binary.LittleEndian.Uint16(d))+1, int(binary.LittleEndian.Uint16(d[2:])), binary.LittleEndian.Uint16(d[4:])
	if number < row.number {
		return Refusal("The cells of the old Excel workbook (.xls) are out of order. Open it in a spreadsheet and save it as XLSX or CSV.")
	}
	if number > row.number {
		if err := b.spool.add(to, row.number, 1, row.cells); err != nil {
			return err
		}
		row.number, row.cells = number, row.cells[:0]
	}
	switch b.kind {
	case oldNumber:
		row.set(column, b.money(float(d[6:]), style))
	case oldRK:
		row.set(column, b.money(packed(d[6:]), style))
	case oldMulRK:
		for i := 4; i+8 <= len(d); i += 6 {
			row.set(column, b.money(packed(d[i+2:]), binary.LittleEndian.Uint16(d[i:])))
			column++
		}
	case oldText:
		row.set(column, b.texts.at(int(binary.LittleEndian.Uint32(d[6:]))))
	case oldLabel, oldRich:
		s, err := (&pieces{data: d[6:], more: b.more}).text(2)
		if err != nil {
			return err
		}
		row.set(column, s)
	case oldBool:
		row.set(column, fixed(d[6], d[7] != 0))
	case oldFormula:
		return b.formula(to, row, column, style)
	}
	return nil
}

// oldCells are the records of cells, and how many bytes each has at least.
var oldCells = map[uint16]int{oldNumber: 14, oldRK: 10, oldMulRK: 12, oldText: 10, oldLabel: 9, oldRich: 9, oldBool: 8, oldFormula: 16}

// formula reads the value that a formula had when the workbook was saved. Tools
// that cannot calculate write none, or a zero that is to be calculated on opening.
func (b *oldBook) formula(to *spooled, row *oldRow, column int, style uint16) error {
	d := b.data
	value, later := d[6:14], d[14]&3 == 3
	if binary.LittleEndian.Uint16(value[6:]) != 0xFFFF {
		n := float(value)
		if n == 0 && later {
			to.note(column, row.number)
			return nil
		}
		row.set(column, b.money(n, style))
		return nil
	}
	switch value[0] {
	case 0:
		return b.formulaText(row, column)
	case 1, 2:
		row.set(column, fixed(value[2], value[0] == 2))
	default:
		to.note(column, row.number)
	}
	return nil
}

// formulaText reads the text that follows a formula, perhaps after the records of
// what the formula shares with others.
func (b *oldBook) formulaText(row *oldRow, column int) error {
	for range 8 {
		if err := b.next(); err != nil {
			return err
		}
		switch b.kind {
		case oldString:
			s, err := (&pieces{data: b.data, more: b.more}).text(2)
			row.set(column, s)
			return err
		case 0x04BC, 0x0221, 0x0236, oldMore: // shared, of an array, of a table
		default:
			b.ahead = true
			return nil
		}
	}
	return nil
}

// set puts a value into the row.
func (r *oldRow) set(column int, value string) {
	if value == "" || column >= MaxColumns {
		return
	}
	for len(r.cells) <= column {
		r.cells = append(r.cells, "")
	}
	r.cells[column] = value
}

// money is a number as text, with the money that its form shows, if not pounds.
func (b *oldBook) money(n float64, style uint16) string {
	s := numeral(n)
	if int(style) < len(b.styles) {
		if money := b.formats[b.styles[style]]; money != "" {
			return s + " " + money
		}
	}
	return s
}

func float(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) }

// packed is a number in four bytes: the upper bits of a long one, or a whole
// number, perhaps of hundredths.
func packed(b []byte) float64 {
	bits := binary.LittleEndian.Uint32(b)
	n := math.Float64frombits(uint64(bits&^3) << 32)
	if bits&2 != 0 {
		n = float64(int32(bits) >> 2)
	}
	if bits&1 != 0 {
		n /= 100
	}
	return n
}

func numeral(n float64) string {
	switch {
	case math.IsNaN(n), math.IsInf(n, 0):
		return "#NUM!"
	case math.Abs(n) < 1e15:
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return strconv.FormatFloat(n, 'E', -1, 64)
}

// fixed is a value that is true, false or an error.
func fixed(value byte, isError bool) string {
	switch {
	case !isError && value == 0:
		return "FALSE"
	case !isError:
		return "TRUE"
	}
	switch value {
	case 0x00:
		return "#NULL!"
	case 0x07:
		return "#DIV/0!"
	case 0x0F:
		return "#VALUE!"
	case 0x17:
		return "#REF!"
	case 0x1D:
		return "#NAME?"
	case 0x24:
		return "#NUM!"
	}
	return "#N/A"
}

// moneyShown names the money that a form of numbers shows, if not pounds:
// [$$-409]#,##0.00 and "$"#,##0 are dollars, [$-809]dd/mm/yyyy is none.
func moneyShown(form string) string {
	shown := form
	for {
		before, rest, found := strings.Cut(shown, "[$")
		if !found {
			break
		}
		symbol, after, _ := strings.Cut(rest, "]")
		symbol, _, _ = strings.Cut(symbol, "-")
		shown = before + symbol + after
	}
	switch {
	case strings.Contains(shown, "$"), strings.Contains(shown, "USD"):
		return "USD"
	case strings.Contains(shown, "€"), strings.Contains(shown, "EUR"):
		return "EUR"
	}
	return ""
}
