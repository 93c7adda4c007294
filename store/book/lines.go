package book

import (
	"bytes"
	"io"
	"slices"
	"strings"
)

// maxRecord bytes: a spreadsheet's cell holds 32,767 letters, so that a record
// longer than this is a quotation mark that nobody closed.
const maxRecord = 256 << 10

// maxStrays is how many unclosed quotation marks are looked into, each at the
// price of reading up to maxRecord ahead, before quotes end with their line.
const maxStrays = 100

const (
	whyQuote = "a quotation mark on this row is opened and never closed"
	whyLong  = "the row is longer than 256 KiB"
)

// Table is how the rows of a text look, as far as the caller knows: it tells a
// stray quotation mark from one that opens a cell of several lines. The functions
// are given rows of as many cells as there are columns.
type Table struct {
	Columns int                       // of the headings; 0 where nothing is known
	IsValue func(cells []string) bool // the cell that every row has, such as an amount, can be read
	IsRow   func(cells []string) bool // so it can, and the other cells hold what they should
}

// Lines are the records of a text file. They are cut from the file's bytes: in
// every encoding read here line ends, quotes and delimiters are single bytes of
// ASCII. Next fails only where the reader does.
type Lines struct {
	f     *File
	r     io.Reader
	delim byte
	table Table

	buf        []byte
	start, end int
	eof        bool
	failed     error
	lf, cr     int   // first line feed and carriage return not before start, or end
	at         int64 // offset of buf[start] in the file
	number     int
	strays     int
	cells      []string
}

// Lines reads a text file, whose cells are parted by a delimiter.
func (f *File) Lines(delimiter byte) *Lines {
	return &Lines{f: f, r: f.reader(), delim: delimiter, at: f.skip, buf: make([]byte, min(f.Size*2+16, 2*maxRecord))}
}

// Like says how the rows from here on look.
func (s *Lines) Like(t Table) { s.table = t }

// fill reads more, moving what is not yet used to the front, and says whether
// there is more than before.
func (s *Lines) fill() bool {
	if s.eof {
		return false
	}
	if s.start > 0 {
		copy(s.buf, s.buf[s.start:s.end])
		s.lf, s.cr, s.end, s.start = s.lf-s.start, s.cr-s.start, s.end-s.start, 0
	}
	if s.end == len(s.buf) {
		s.buf = append(s.buf, make([]byte, len(s.buf)+64)...)
	}
	old := s.end
	for empty := 0; s.end == old && !s.eof; empty++ {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		if err != nil || empty > 100 {
			s.eof = true
		}
		if err != nil && err != io.EOF {
			s.failed = err
		}
	}
	// A mark that was not found stood at the old end: look on from there.
	if s.lf >= old {
		s.lf = find(s.buf, old, s.end, '\n')
	}
	if s.cr >= old {
		s.cr = find(s.buf, old, s.end, '\r')
	}
	return s.end > old
}

func find(b []byte, from, to int, c byte) int {
	if i := bytes.IndexByte(b[from:to], c); i >= 0 {
		return from + i
	}
	return to
}

// lineEnd finds the first line end at or after rel, counted from the record's
// first byte, and the byte after it. Without one the data ends there, or the
// line is too long (long is true and there is more).
func (s *Lines) lineEnd(rel int) (end, after int, long bool) {
	for {
		from := s.start + rel
		if s.lf < from {
			s.lf = find(s.buf, from, s.end, '\n')
		}
		if s.cr < from {
			s.cr = find(s.buf, from, s.end, '\r')
		}
		i := min(s.lf, s.cr)
		switch {
		case i+3 > s.end && !s.eof: // the line end itself may not be whole yet
			if i == s.end && s.end-s.start > maxRecord {
				return i - s.start, i - s.start, true
			}
			s.fill()
		case i == s.end:
			return i - s.start, i - s.start, false
		default:
			return i - s.start, i - s.start + endLength(s.buf[i:s.end]), false
		}
	}
}

// endLength is the length of a line end; \r\r\n is what Windows makes of \r\n
// when it is written twice as text.
func endLength(b []byte) int {
	switch {
	case b[0] == '\n', len(b) < 2:
		return 1
	case b[1] == '\n':
		return 2
	case b[1] == '\r' && len(b) > 2 && b[2] == '\n':
		return 3
	}
	return 1
}

// Next is the next record.
func (s *Lines) Next() ([]string, Record, error) {
	if s.start == s.end && !s.fill() {
		if s.failed != nil {
			return nil, Record{}, s.failed
		}
		return nil, Record{}, io.EOF
	}
	s.number++
	end, after, long := s.lineEnd(0)
	rec := Record{Number: s.number}
	if long {
		rec.Broken = whyLong
	} else if bytes.IndexByte(s.buf[s.start:s.start+end], '"') >= 0 {
		end, after, rec.Broken = s.quoted(end, after)
	}
	b := s.buf[s.start : s.start+end]
	rec.Offset, rec.Length = s.at, s.f.widthOf(b)
	rec.Raw = s.f.text(b)
	s.cells = Split(rec.Raw, s.delim, s.cells[:0])
	s.advance(after)
	if long {
		s.skipLine()
	}
	return s.cells, rec, nil
}

func (s *Lines) advance(n int) {
	s.at += int64(s.f.widthOf(s.buf[s.start : s.start+n]))
	s.start += n
}

// skipLine drops the rest of a line that was too long.
func (s *Lines) skipLine() {
	for {
		end, after, long := s.lineEnd(0)
		s.advance(after)
		if !long || end == 0 && s.eof {
			return
		}
	}
}

// quoted finds the end of a record with quotation marks in its first line. The
// line stands alone where a mark is never closed, or closes only after having
// swallowed whole rows.
func (s *Lines) quoted(end, after int) (int, int, string) {
	if s.strays < maxStrays && endsQuotes(s.buf[s.start:s.start+end], s.delim) {
		return end, after, ""
	}
	e, n, closed := end, after, false
	if s.strays < maxStrays {
		e, n, closed = s.closing()
	} else {
		closed = closesWithin(s.buf[s.start : s.start+end])
	}
	if closed && (e == end || !s.swallows(end, e)) {
		return e, n, ""
	}
	s.strays++
	s.lf, s.cr = -1, -1 // the search has gone ahead: look again from this line
	if closed && s.isRow(s.f.text(s.buf[s.start:s.start+end])) {
		return end, after, "" // what opened here and closed there stood for itself
	}
	return end, after, whyQuote
}

// endsQuotes says that every cell of a line that opens with a quotation mark is
// closed on it, as most are: closing would end the record with the line.
func endsQuotes(line []byte, delim byte) bool {
	for rel := 0; ; {
		open := bytes.IndexByte(line[rel:], '"')
		if open < 0 {
			return true
		}
		cell := rel + bytes.LastIndexByte(line[rel:rel+open], delim) + 1
		open += rel
		rel = open
		if len(bytes.Trim(line[cell:open], " ")) == 0 {
			for rel++; ; rel += 2 { // two marks are one letter
				mark := bytes.IndexByte(line[rel:], '"')
				if mark < 0 {
					return false
				}
				if rel += mark; rel+1 == len(line) || line[rel+1] != '"' {
					break
				}
			}
		}
		next := bytes.IndexByte(line[rel:], delim)
		if next < 0 {
			return true
		}
		rel += next + 1
	}
}

// closing walks the cells to the end of the record, over line ends that stand
// between quotation marks.
func (s *Lines) closing() (end, after int, closed bool) {
	rel := 0
	for {
		rel = s.skipSpaces(rel)
		if s.byteAt(rel) == '"' {
			if rel, closed = s.closeCell(rel + 1); !closed {
				return 0, 0, false
			}
		}
		e, n, long := s.lineEnd(rel)
		if long {
			return 0, 0, false
		}
		d := bytes.IndexByte(s.buf[s.start+rel:s.start+e], s.delim)
		if d < 0 {
			return e, n, true
		}
		rel += d + 1
	}
}

// closeCell finds the mark that closes a cell. One that closes it on a later
// line must end the cell: otherwise it opens another, and this one is stray.
func (s *Lines) closeCell(open int) (int, bool) {
	rel, closed := s.closeQuote(open)
	if !closed {
		return 0, false
	}
	next := rel
	for s.byteAt(next) == ' ' {
		next++
	}
	switch s.byteAt(next) {
	case s.delim, '\r', '\n', 0:
		return rel, true
	}
	return rel, !bytes.ContainsAny(s.buf[s.start+open:s.start+rel], "\r\n")
}

// closeQuote finds the byte after the closing mark; two marks are one letter.
func (s *Lines) closeQuote(rel int) (int, bool) {
	for {
		i := bytes.IndexByte(s.buf[s.start+rel:s.end], '"')
		if i < 0 {
			rel = s.end - s.start
			if rel > maxRecord || !s.fill() {
				return 0, false
			}
			continue
		}
		rel += i + 1
		if rel > maxRecord {
			return 0, false
		}
		if s.byteAt(rel) != '"' {
			return rel, true
		}
		rel++
	}
}

// byteAt is a byte of the record, 0 after the end of the data.
func (s *Lines) byteAt(rel int) byte {
	for s.start+rel >= s.end {
		if !s.fill() {
			return 0
		}
	}
	return s.buf[s.start+rel]
}

func (s *Lines) skipSpaces(rel int) int {
	i := rel
	for s.byteAt(i) == ' ' {
		i++
	}
	if s.byteAt(i) == '"' {
		return i
	}
	return rel
}

// closesWithin says that every quotation mark of one line closes on it.
func closesWithin(line []byte) bool {
	return bytes.Count(line, []byte{'"'})%2 == 0
}

// swallows says that a record of several lines holds whole rows of the table:
// lines with as many cells as the headings, the value that each has, and their own
// quotation marks balanced.
func (s *Lines) swallows(first, end int) bool {
	if s.table.Columns < 2 {
		return false
	}
	rows, need := 0, 1
	if s.table.Columns == 2 {
		need = 3 // any line with one comma looks like a row of two cells
	}
	rest := strings.FieldsFunc(s.f.text(s.buf[s.start+first:s.start+end]), func(r rune) bool { return r == '\n' || r == '\r' })
	if s.isRow(s.f.text(s.buf[s.start:s.start+first])) && !slices.ContainsFunc(rest, func(line string) bool { return !s.isRow(line) }) {
		return true
	}
	for _, line := range rest {
		if strings.Count(line, `"`)%2 != 0 {
			continue
		}
		if cells := Split(line, s.delim, nil); len(cells) == s.table.Columns && s.table.IsValue(cells) {
			rows++
		}
	}
	return rows >= need
}

// isRow says that one line of the file is a row of the table when a quotation
// mark that does not close on it stands for itself.
func (s *Lines) isRow(line string) bool {
	cells := Split(line, s.delim, nil)
	return len(cells) == s.table.Columns && s.table.IsRow(cells)
}
