// Package book reads a published file, of whatever format, as worksheets of rows
// of cells: text with delimiters (CSV) in the encodings that publishers use,
// XLSX, XLS, ODS, FODS and the XML of Excel 2003.
//
// It knows nothing of databases, requests or what the cells mean. Open says what
// the file is; Rows and Lines then read a worksheet or a text from its beginning,
// as often as is asked, in memory that does not grow with the file. Cells are
// text without spaces around it: numbers as they are stored, and in a workbook
// days as a spreadsheet counts them. Worksheets and columns are counted from 0,
// rows and records from 1.
package book

import (
	"errors"
	"fmt"
	"io"
)

// Refusal is why a file cannot be read: one plain sentence for a person.
type Refusal string

// Error is the sentence that a person reads.
func (r Refusal) Error() string { return string(r) }

// LineEnds is how many line ends of each kind the file holds, those inside
// quoted cells included.
type LineEnds struct{ CRLF, LF, CR int64 }

// File is a file that was opened. It keeps the reader that it was given.
type File struct {
	Name     string
	Size     int64    // bytes
	Encoding string   // utf-8, utf-8-sig, utf-16le, utf-16be, windows-1252, cp850, mac_roman; xlsx, xls, ods, fods or xml for a workbook
	LineEnds LineEnds // of a text file
	Sheets   []string // the names of a workbook's worksheets; none for a text file
	From1904 bool     // days of a workbook count from 1 January 1904, not from 1900

	r       io.ReaderAt
	skip    int64           // bytes of byte order mark
	damaged bool            // UTF-8 in the main, with stray windows-1252 bytes
	book    worksheets      // nil for a text file
	merged  map[int][]merge // of the worksheets that were looked through
	cells   int             // of a workbook, read since Rewind
}

// Open says what a file is. It reads a text file once from end to end, for its
// encoding, and so it does the formats of a workbook whose worksheets cannot be
// found otherwise; limit is the largest size in bytes, 0 for none. It returns a
// Refusal where the file is no table or cannot be read; any other error is a
// fault of the reader. Close the File when done.
func Open(r io.ReaderAt, size int64, name string, limit int64) (*File, error) {
	f := &File{Name: name, Size: size, r: r, merged: map[int][]merge{}}
	if size == 0 {
		return nil, Refusal("The file is empty. Check that you chose the right file.")
	}
	if limit > 0 && size > limit {
		return nil, Refusal(fmt.Sprintf("The file is larger than %d MiB, the most that can be loaded. Split it and load each part.", limit>>20))
	}
	head := make([]byte, min(size, 4096))
	if n, err := r.ReadAt(head, 0); n == 0 {
		return nil, fmt.Errorf("book: reading %s: %w", name, err)
	}
	if open := f.opening(head); open != nil {
		if err := open(); err != nil {
			return nil, errors.Join(err, f.Close())
		}
		return f, nil
	}
	if why := begun(head, name); why != "" {
		return nil, Refusal(why)
	}
	if why := notATable(head); why != "" {
		return nil, Refusal(why)
	}
	if err := f.recogniseEncoding(); err != nil {
		return nil, fmt.Errorf("book: reading %s: %w", name, err)
	}
	return f, nil
}

// Close frees what a workbook holds; a text file holds nothing.
func (f *File) Close() error {
	if f.book == nil {
		return nil
	}
	return f.book.Close()
}

// IsText says that the file is text with delimiters, not a workbook.
func (f *File) IsText() bool { return f.book == nil }

// IsHidden says that a person who opens the workbook does not see a worksheet.
func (f *File) IsHidden(sheet int) bool { return f.book.isHidden(sheet) }

// Uncalculated says that a column of a worksheet holds a formula without a value
// in one of n rows, from a number on.
func (f *File) Uncalculated(sheet, column, from, n int) bool {
	return f.book.uncalculated(sheet, column, from, n)
}

// Rewind begins a new reading of the workbook: the cells that Rows gives are
// counted from here, up to the most that one may hold.
func (f *File) Rewind() { f.cells = 0 }
