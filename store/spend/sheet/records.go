package sheet

import (
	"bytes"
	"io"
	"slices"
	"strings"
)

// record is where a record stands and what is wrong with it.
type record struct {
	number int   // from 1
	offset int64 // bytes; -1 in a workbook
	length int   // bytes
	raw    string
	broken string // why its cells cannot be trusted
}

// source gives records in order and io.EOF after the last. The cells are good
// until the next call.
type source interface {
	next() (cells []string, rec record, err error)
}

// maxRecord bytes: a spreadsheet's cell holds 32,767 letters, so that a record
// longer than this is a quotation mark that nobody closed.
const maxRecord = 256 << 10

// maxStrays is how many unclosed quotation marks are looked into, each at the
// price of reading up to maxRecord ahead, before quotes end with their line.
const maxStrays = 100

const (
	whyQuote = "a quotation mark on this row is opened and never closed"
	whyLong  = "the record is longer than 256 KiB"
)

// scanner cuts a text file into records. It works on the file's bytes: in every
// encoding read here line ends, quotes and delimiters are single bytes of ASCII.
type scanner struct {
	f       *File
	r       io.Reader
	delim   byte
	columns int // of the headings, for telling a stray quotation mark; 0 not known
	amount  int // column of the amount; negative not known
	dated   int // column of the dates; negative not known

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

func newScanner(f *File, delim byte) *scanner {
	return &scanner{f: f, r: f.reader(), delim: delim, amount: -1, dated: -1, at: f.skip,
		buf: make([]byte, min(f.Size*2+16, 2*maxRecord))}
}

// fill reads more, moving what is not yet used to the front, and says whether
// there is more than before.
func (s *scanner) fill() bool {
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
func (s *scanner) lineEnd(rel int) (end, after int, long bool) {
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

func (s *scanner) next() ([]string, record, error) {
	if s.start == s.end && !s.fill() {
		if s.failed != nil {
			return nil, record{}, s.failed
		}
		return nil, record{}, io.EOF
	}
	s.number++
	end, after, long := s.lineEnd(0)
	rec := record{number: s.number}
	if long {
		rec.broken = whyLong
	} else if bytes.IndexByte(s.buf[s.start:s.start+end], '"') >= 0 {
		end, after, rec.broken = s.quoted(end, after)
	}
	b := s.buf[s.start : s.start+end]
	rec.offset, rec.length = s.at, s.f.widthOf(b)
	rec.raw = s.f.text(b)
	s.cells = split(rec.raw, s.delim, s.cells[:0])
	s.advance(after)
	if long {
		s.skipLine()
	}
	return s.cells, rec, nil
}

func (s *scanner) advance(n int) {
	s.at += int64(s.f.widthOf(s.buf[s.start : s.start+n]))
	s.start += n
}

// skipLine drops the rest of a line that was too long.
func (s *scanner) skipLine() {
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
func (s *scanner) quoted(end, after int) (int, int, string) {
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

// closing walks the cells to the end of the record, over line ends that stand
// between quotation marks.
func (s *scanner) closing() (end, after int, closed bool) {
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
func (s *scanner) closeCell(open int) (int, bool) {
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
func (s *scanner) closeQuote(rel int) (int, bool) {
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
func (s *scanner) byteAt(rel int) byte {
	for s.start+rel >= s.end {
		if !s.fill() {
			return 0
		}
	}
	return s.buf[s.start+rel]
}

func (s *scanner) skipSpaces(rel int) int {
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
// lines with as many cells as the headings, an amount in its place, and their
// own quotation marks balanced.
func (s *scanner) swallows(first, end int) bool {
	if s.columns < 2 || s.amount < 0 {
		return false
	}
	rows, need := 0, 1
	if s.columns == 2 {
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
		cells := split(line, s.delim, nil)
		if len(cells) != s.columns {
			continue
		}
		if _, _, why := amount(cells[s.amount], false); why == "" {
			rows++
		}
	}
	return rows >= need
}

// isRow says that one line of the file is a row of the table when a quotation
// mark that does not close on it stands for itself.
func (s *scanner) isRow(line string) bool {
	cells := split(line, s.delim, nil)
	if len(cells) != s.columns {
		return false
	}
	if _, _, why := amount(cells[s.amount], false); why != "" {
		return false
	}
	return s.dated < 0 || s.dated >= len(cells) || cells[s.dated] == "" || readCell(cells[s.dated], false).how != unread
}

// split cuts a record into cells. A quotation mark means something only as the
// first letter of a cell, and only where another closes it; one that closes early
// ends the quotation, and what follows belongs to the cell as it stands.
func split(s string, delim byte, cells []string) []string {
	for {
		if q := strings.TrimLeft(s, " "); q != "" && q[0] == '"' && strings.IndexByte(q[1:], '"') >= 0 {
			cell, rest, more := quotedCell(q[1:], delim)
			cells = append(cells, cell)
			if !more {
				return cells
			}
			s = rest
			continue
		}
		i := strings.IndexByte(s, delim)
		if i < 0 {
			return append(cells, trim(s))
		}
		cells = append(cells, trim(s[:i]))
		s = s[i+1:]
	}
}

func quotedCell(s string, delim byte) (cell, rest string, more bool) {
	i := strings.IndexByte(s, '"')
	if i < 0 {
		return trim(s), "", false
	}
	if i+1 < len(s) && s[i+1] == '"' {
		return doubledCell(s, delim)
	}
	tail, rest, more := strings.Cut(s[i+1:], string(delim))
	if tail == "" {
		return trim(s[:i]), rest, more
	}
	return trim(s[:i] + tail), rest, more
}

// doubledCell is a quoted cell with quotation marks, written twice, inside.
func doubledCell(s string, delim byte) (cell, rest string, more bool) {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			b.WriteString(s)
			return trim(b.String()), "", false
		}
		b.WriteString(s[:i])
		if i+1 == len(s) || s[i+1] != '"' {
			tail, rest, more := strings.Cut(s[i+1:], string(delim))
			b.WriteString(tail)
			return trim(b.String()), rest, more
		}
		b.WriteByte('"')
		s = s[i+2:]
	}
}
