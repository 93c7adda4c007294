package book

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
)

// maxSpooled is how many cells, and rows between them, all worksheets of an old
// or OpenDocument workbook may hold: 65,536 rows of 256 twice over.
const maxSpooled = 32 << 20

const refuseCells = Refusal("The workbook has too many cells. Save the worksheets you need as CSV.")

// spool is a workbook whose worksheets were read once from end to end, and their
// rows kept packed: in memory up to partInMemory, in a temporary file above.
type spool struct {
	kept   []byte
	file   *os.File
	size   int64
	sheets []*spooled
	count  int // cells so far, and rows between them
}

// spooled is one worksheet.
type spooled struct {
	name     string
	hidden   bool
	from, to int64
	last     int     // number of the last row kept
	merged   []merge // over several rows; in their order once all is read
	formulas []place // that have no value, up to some
}

type place struct{ column, row int }

// placesMost bounds how many formulas without a value are noted of a worksheet.
const placesMost = 10_000

// begin opens the next worksheet.
func (s *spool) begin(name string, hidden bool) (*spooled, error) {
	if len(s.sheets) == maxSheets {
		return nil, refuseSheetCount
	}
	one := &spooled{name: name, hidden: hidden, from: s.size, to: s.size}
	s.sheets = append(s.sheets, one)
	return one, nil
}

// add keeps a row, which stands a number of times. Rows without a cell are not
// kept: the number of the next tells of them.
func (s *spool) add(to *spooled, number, times int, cells []string) error {
	if cells = TrimEnd(cells); len(cells) == 0 {
		return nil
	}
	if number > maxRows {
		return refuseCells
	}
	times = min(times, maxRows-number+1)
	gap := number - to.last - 1
	if s.count += gap + len(cells)*times; s.count > maxSpooled {
		return refuseCells
	}
	var head [3 * binary.MaxVarintLen64]byte
	length := len(cells) - 1
	for _, c := range cells {
		length += len(c)
	}
	b := binary.AppendUvarint(head[:0], uint64(gap))
	b = binary.AppendUvarint(b, uint64(times))
	b = binary.AppendUvarint(b, uint64(length))
	s.kept = append(s.kept, b...)
	for i, c := range cells {
		if i > 0 {
			s.kept = append(s.kept, 0)
		}
		s.kept = append(s.kept, c...)
	}
	s.size += int64(len(b) + length)
	to.last, to.to = number+times-1, s.size
	if len(s.kept) > partInMemory {
		return s.flush()
	}
	return nil
}

// flush writes what is kept in memory to the temporary file.
func (s *spool) flush() error {
	if s.size > unpacked {
		return refuseSize
	}
	if s.file == nil {
		file, err := os.CreateTemp("", "worksheets-*")
		if err != nil {
			return err
		}
		s.file = file
	}
	_, err := s.file.Write(s.kept)
	s.kept = s.kept[:0]
	return err
}

// done makes the spool ready to be read.
func (s *spool) done() error {
	for _, one := range s.sheets {
		slices.SortStableFunc(one.merged, func(a, b merge) int { return a.from - b.from })
	}
	if s.file == nil || len(s.kept) == 0 {
		return nil
	}
	err := s.flush()
	s.kept = nil
	return err
}

func (s *spool) Close() error {
	if s.file == nil {
		return nil
	}
	file := s.file
	s.file = nil
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

func (s *spool) merges(i int) []merge { return s.sheets[i].merged }
func (s *spool) isHidden(i int) bool  { return s.sheets[i].hidden }

func (s *spool) uncalculated(i, column, from, n int) bool {
	for _, p := range s.sheets[i].formulas {
		if p.column == column && p.row >= from && p.row < from+n {
			return true
		}
	}
	return false
}

func (s *spool) rows(i int) (cellRows, error) {
	var all io.ReaderAt = bytes.NewReader(s.kept)
	if s.file != nil {
		all = s.file
	}
	one := s.sheets[i]
	return &spoolRows{r: bufio.NewReaderSize(io.NewSectionReader(all, one.from, one.to-one.from), block)}, nil
}

// note remembers a formula without a value. Rows count from 1.
func (s *spooled) note(column, row int) {
	if len(s.formulas) < placesMost {
		s.formulas = append(s.formulas, place{column, row})
	}
}

// merge adds a range of cells that covers several rows.
func (s *spooled) merge(column, from, to int) {
	if len(s.merged) < mergesMost && to > from && column <= MaxColumns {
		s.merged = append(s.merged, merge{column: column, from: from, to: min(to, maxRows)})
	}
}

// spoolRows gives the rows of one worksheet.
type spoolRows struct {
	r          *bufio.Reader
	gap, times uint64 // rows still to give: without a cell, then of the text
	text       string
	blank      bool
	split      []string
	err        error
}

func (r *spoolRows) Next() bool {
	if r.gap == 0 && r.times == 0 && !r.load() {
		return false
	}
	r.blank = r.gap > 0
	if r.blank {
		r.gap--
	} else {
		r.times--
	}
	return true
}

// load reads the next row that was kept.
func (r *spoolRows) load() bool {
	var head [3]uint64
	for i := range head {
		n, err := binary.ReadUvarint(r.r)
		if err != nil {
			if i > 0 || !errors.Is(err, io.EOF) {
				r.err = err
			}
			return false
		}
		head[i] = n
	}
	var b strings.Builder
	b.Grow(int(head[2]))
	if _, err := io.CopyN(&b, r.r, int64(head[2])); err != nil {
		r.err = err
		return false
	}
	r.gap, r.times, r.text = head[0], head[1], b.String()
	return true
}

func (r *spoolRows) cells() ([]string, error) {
	r.split = r.split[:0]
	if r.blank {
		return r.split, nil
	}
	rest, more := r.text, true
	for more {
		var cell string
		cell, rest, more = strings.Cut(rest, "\x00")
		r.split = append(r.split, cell)
	}
	return r.split, nil
}

func (r *spoolRows) Error() error { return r.err }
func (r *spoolRows) Close() error { return nil }
