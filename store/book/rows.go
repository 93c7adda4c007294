package book

import (
	"errors"
	"fmt"
	"io"
)

// Limits of reading a workbook; those of its parts are in parts.go.
const (
	maxSheets  = 250
	maxRows    = 1 << 20     // of a worksheet, as spreadsheets have it; a row's own number may claim more
	MaxColumns = 1024        // of a row; what stands beyond is not read
	maxWide    = 2_000       // rows with more columns than that, each of which the library fills up
	maxCells   = 200_000_000 // of the whole workbook
)

var errTooWide = errors.New("sheet: the worksheet has more cells than can be read")

// Explain is why a worksheet cannot be read to its end, as a phrase for a person.
func Explain(err error) string {
	if errors.Is(err, errTooWide) {
		return "it has too many cells"
	}
	return "it is damaged"
}

// Record is where a record stands in the file, and what is wrong with it.
type Record struct {
	Number int    // from 1
	Offset int64  // of its first byte in the file; -1 in a workbook
	Length int    // bytes in the file, without the line end; 0 in a workbook
	Raw    string // as text; of a row of a workbook somewhat more than RawLimit bytes at most
	Broken string // why its cells cannot be trusted: a phrase; empty where they can
}

// Records gives records in order and io.EOF after the last. The cells are good
// until the next call; their texts may be kept.
type Records interface {
	Next() (cells []string, rec Record, err error)
}

// Rows are the records of one worksheet, rows without a cell included. Next fails
// where the worksheet is damaged or has more cells than can be read: see Explain.
type Rows struct {
	f      *File
	sheet  int
	rows   cellRows
	number int
	wide   int
	merges []merge
	open   []merge // that the row may stand in
	except []int   // columns that are not filled up
}

// Rows reads a worksheet. Close it when done.
func (f *File) Rows(sheet int) (*Rows, error) {
	rows, err := f.book.rows(sheet)
	if err != nil {
		return nil, fmt.Errorf("book: opening worksheet %d of %s: %w", sheet+1, f.Name, err)
	}
	return &Rows{f: f, sheet: sheet, rows: rows}, nil
}

// Fill gives each row of a range of merged cells the value of its first, except
// in some columns: an amount shown over several rows is one amount.
func (r *Rows) Fill(except ...int) {
	all, found := r.f.merged[r.sheet]
	if !found {
		all = r.f.book.merges(r.sheet)
		r.f.merged[r.sheet] = all
	}
	r.merges, r.except = all, except
}

// Close ends the reading.
func (r *Rows) Close() error { return r.rows.Close() }

// Next is the next row, with the values as they are stored, not as they are shown.
func (r *Rows) Next() ([]string, Record, error) {
	if !r.rows.Next() {
		if err := r.rows.Error(); err != nil {
			return nil, Record{}, err
		}
		return nil, Record{}, io.EOF
	}
	if r.number++; r.number > maxRows {
		return nil, Record{}, errTooWide
	}
	cells, err := r.rows.cells()
	if err != nil {
		return nil, Record{}, err
	}
	if len(cells) > MaxColumns {
		r.wide++
	}
	if r.f.cells += len(cells); r.f.cells > maxCells || r.wide > maxWide {
		return nil, Record{}, errTooWide
	}
	cells = TrimEnd(cells[:min(len(cells), MaxColumns)])
	for i, c := range cells {
		cells[i] = Trim(c)
	}
	if len(r.merges)+len(r.open) > 0 && len(cells) > 0 {
		cells = r.filled(cells)
	}
	return cells, Record{Number: r.number, Offset: -1, Raw: Join(cells)}, nil
}
