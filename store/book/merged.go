package book

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// merge is a range of cells that shows as one: its value stands in the first row
// alone. Columns and rows count from 1.
type merge struct {
	column, from, to int
	value            string
}

// mergesMost bounds what a worksheet may claim to merge.
const mergesMost = 100_000

// findMerges finds the ranges of a worksheet that cover several rows, in their order.
// The library would load the whole worksheet for them.
func (f *File) findMerges(name string) []merge {
	z, err := zip.NewReader(f.r, f.Size)
	if err != nil {
		return nil
	}
	part := partOf(z, name)
	if part == nil {
		return nil
	}
	r, err := part.Open()
	if err != nil {
		return nil
	}
	defer r.Close()
	var all []merge
	mark := []byte(`mergeCell ref="`)
	buf, kept := make([]byte, block), 0
	for {
		n, err := r.Read(buf[kept:])
		b := buf[:kept+n]
		for i := bytes.Index(b, mark); i >= 0 && len(all) < mergesMost; i = bytes.Index(b, mark) {
			end := bytes.IndexByte(b[i+len(mark):], '"')
			if end < 0 {
				break
			}
			all = addMerge(all, string(b[i+len(mark):i+len(mark)+end]))
			b = b[i+len(mark)+end:]
		}
		kept = copy(buf, b[max(0, len(b)-64):])
		if err != nil {
			slices.SortFunc(all, func(a, b merge) int { return a.from - b.from })
			return all
		}
	}
}

// addMerge adds a range such as A2:A5, if it covers several rows.
func addMerge(all []merge, ref string) []merge {
	a, b, ok := strings.Cut(ref, ":")
	column, from, err := excelize.CellNameToCoordinates(a)
	_, to, err2 := excelize.CellNameToCoordinates(b)
	if !ok || err != nil || err2 != nil || to <= from || column > MaxColumns {
		return all
	}
	return append(all, merge{column: column, from: from, to: to})
}

// partOf is the part of the archive that holds a worksheet.
func partOf(z *zip.Reader, name string) *zip.File {
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var links struct {
		All []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if !readPart(z, "xl/workbook.xml", &book) || !readPart(z, "xl/_rels/workbook.xml.rels", &links) {
		return nil
	}
	for _, s := range book.Sheets {
		for _, l := range links.All {
			if s.Name != name || l.ID != s.ID {
				continue
			}
			target := strings.TrimPrefix(l.Target, "/")
			if target == l.Target {
				target = path.Join("xl", target)
			}
			return partNamed(z, target)
		}
	}
	return nil
}

func partNamed(z *zip.Reader, name string) *zip.File {
	for _, part := range z.File {
		if strings.EqualFold(strings.ReplaceAll(part.Name, "\\", "/"), name) {
			return part
		}
	}
	return nil
}

func readPart(z *zip.Reader, name string, to any) bool {
	part := partNamed(z, name)
	if part == nil {
		return false
	}
	r, err := part.Open()
	if err != nil {
		return false
	}
	defer r.Close()
	return xml.NewDecoder(io.LimitReader(r, lookedInto)).Decode(to) == nil
}

// filled gives a row of a merged range the value of its first.
func (r *Rows) filled(cells []string) []string {
	for len(r.merges) > 0 && r.merges[0].from <= r.number {
		r.open, r.merges = append(r.open, r.merges[0]), r.merges[1:]
	}
	r.open = slices.DeleteFunc(r.open, func(m merge) bool { return m.to < r.number })
	for i := range r.open {
		m := &r.open[i]
		switch c := m.column - 1; {
		case slices.Contains(r.except, c):
		case m.from == r.number && c < len(cells):
			m.value = Trim(cells[c])
		case m.from < r.number && m.value != "":
			for len(cells) <= c {
				cells = append(cells, "")
			}
			if cells[c] == "" {
				cells[c] = m.value
			}
		}
	}
	return cells
}
