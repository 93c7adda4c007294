// Package booktest writes workbooks for tests, in every format that package book
// reads, byte by byte where no library writes the format.
package booktest

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// Day is a cell that holds a day.
type Day time.Time

// Money is a cell that holds an amount in some currency, such as GBP.
type Money struct {
	Pounds float64
	Code   string
}

// Formula is a cell with a formula and the value that it had, nil for none.
type Formula struct{ Value any }

// Shown is a cell with an error of the spreadsheet, such as #REF!.
type Shown struct{ Text string }

// Spanned is a cell that covers several rows.
type Spanned struct {
	Value any
	Rows  int
}

// Sheet is a worksheet. A cell is nil, a string, an int, a float64 or one of the
// types above.
type Sheet struct {
	Name   string
	Hidden bool
	Rows   [][]any
}

// On is the cell of a day.
func On(y, m, d int) Day { return Day(time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)) }

func (d Day) serial() float64 {
	return time.Time(d).Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24
}

func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

// Workbook is an XLSX workbook of sheets of plain cells, in order.
func Workbook(t testing.TB, names []string, sheets map[string][][]any) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for i, name := range names {
		if i == 0 {
			if err := book.SetSheetName("Sheet1", name); err != nil {
				t.Fatal(err)
			}
		} else if _, err := book.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for r, row := range sheets[name] {
			if err := book.SetSheetRow(name, fmt.Sprintf("A%d", r+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// XLSX is the workbook as the library writes it, with days as they are stored.
func XLSX(t testing.TB, sheets []Sheet) []byte {
	var names []string
	rows := map[string][][]any{}
	var plain func(v any) any
	plain = func(v any) any {
		switch v := v.(type) {
		case Day:
			if n := v.serial(); n == math.Trunc(n) {
				return int(n)
			}
			return v.serial()
		case Money:
			return v.Pounds
		case Shown:
			return v.Text
		case Formula:
			return plain(v.Value)
		case Spanned:
			return plain(v.Value)
		}
		return v
	}
	for _, s := range sheets {
		names = append(names, s.Name)
		for _, row := range s.Rows {
			var out []any
			for _, v := range row {
				out = append(out, plain(v))
			}
			rows[s.Name] = append(rows[s.Name], out)
		}
	}
	return Workbook(t, names, rows)
}

// Parts are those of an archive.
func Parts(t testing.TB, data []byte) map[string][]byte {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string][]byte{}
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		if parts[part.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return parts
}

// Archive packs parts.
func Archive(t testing.TB, parts map[string][]byte) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(parts[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Claiming is an archive of parts that say how much they unpack to.
func Claiming(t *testing.T, sizes map[string]uint64) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, size := range sizes {
		if _, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, UncompressedSize64: size}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Units are the letters of a text in UTF-16.
func Units(s string) []uint16 { return utf16.Encode([]rune(s)) }
