package sheet

import (
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/police-ict/handover/store/book"
)

// How much of a table is looked at to recognise it.
const (
	sampleRecords = 600
	sampleBytes   = 1 << 20
	shownRows     = 20
)

// Recognise says what a published file is. It reads a text file once from end to
// end (for its encoding) and a workbook's first rows, or all of them where one of
// its worksheets may add up the others; limit is the largest size in bytes, 0 for
// none. A Refusal is for people to read; any other error is a fault of the
// reader. Close the File when done.
func Recognise(r io.ReaderAt, size int64, name string, limit int64) (*File, error) {
	b, err := book.Open(r, size, name, limit)
	if err != nil {
		return nil, err
	}
	f := &File{Name: b.Name, Size: b.Size, Encoding: b.Encoding, LineEnds: b.LineEnds, book: b}
	if b.IsText() {
		err = f.recogniseText()
	} else {
		err = f.recogniseSheets()
	}
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return f, nil
}

// recogniseText finds the encoding, the delimiter and the one table of a text
// file.
func (f *File) recogniseText() error {
	words := newDictionary()
	best := -1.0
	var chosen *sample
	for _, delim := range []byte{',', ';', '\t', '|'} {
		s, err := take(f.book.Lines(delim))
		if err != nil {
			return fmt.Errorf("sheet: reading %s: %w", f.Name, err)
		}
		if score := s.evenness(words); score > best {
			best, f.Delimiter, chosen = score, delim, s
		}
	}
	sheet := words.table(chosen)
	if len(sheet.Header) == 0 {
		if err := f.headerAtEnd(words, chosen, &sheet); err != nil {
			return fmt.Errorf("sheet: reading %s: %w", f.Name, err)
		}
	}
	f.Sheets = []Sheet{sheet}
	if f.Nil = sheet.isNil; f.Nil {
		return nil
	}
	if sheet.LeftOut != "" {
		return sheet.refusal("The file")
	}
	if f.Delimiter == ';' {
		f.Sheets[0].doubtPoints(chosen.rows)
	}
	return f.Understand(Options{})
}

// sample is the first records of a table that hold something.
type sample struct {
	rows    [][]string
	numbers []int // of the records
}

// take reads a sample. Cells are copied, since a source uses them again.
func take(src book.Records) (*sample, error) {
	s := &sample{}
	for total, seen := 0, 0; len(s.rows) < sampleRecords && total < sampleBytes && seen < 100_000; seen++ {
		cells, rec, err := src.Next()
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return nil, err
		}
		total += rec.Length + 1
		if rec.Broken != "" || isBlank(cells) {
			continue
		}
		s.rows = append(s.rows, append([]string(nil), cells...))
		s.numbers = append(s.numbers, rec.Number)
	}
	return s, nil
}

func isBlank(cells []string) bool {
	for _, c := range cells {
		if c != "" {
			return false
		}
	}
	return true
}

// usual is the commonest number of cells and how many records have it.
func (s *sample) usual() (width, count int) {
	seen := map[int]int{}
	for _, row := range s.rows {
		n := len(row)
		seen[n]++
		if seen[n] > count || seen[n] == count && n > width {
			width, count = n, seen[n]
		}
	}
	return width, count
}

// evenness is how well a delimiter cuts the sample into one table: records of
// one width, and headings that are known.
func (s *sample) evenness(words *dictionary) float64 {
	width, count := s.usual()
	if width < 2 {
		return 0
	}
	share := float64(count) / float64(len(s.rows))
	score := share * share * math.Log2(float64(width)+1)
	if h := words.findHeader(s); h.found {
		score += float64(h.score)
	}
	return score
}

// headerAtEnd looks for headings in the last record that holds something, and
// counts the records to give it its number.
func (f *File) headerAtEnd(words *dictionary, s *sample, sheet *Sheet) error {
	last, err := f.book.LastLine(f.Delimiter)
	if err != nil || last == "" {
		return err
	}
	cells := book.Split(last, f.Delimiter, nil)
	if !words.scoreHeader(cells).found {
		return nil
	}
	src, number := f.book.Lines(f.Delimiter), 0
	for {
		cells, rec, err := src.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if !isBlank(cells) {
			number = rec.Number
		}
	}
	if k := len(s.rows) - 1; k >= 0 && s.numbers[k] == number {
		s.rows, s.numbers = s.rows[:k], s.numbers[:k]
	}
	*sheet = words.under(s, header{found: true, cells: cells, at: -1, record: number})
	return nil
}
