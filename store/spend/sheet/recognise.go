package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
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
	f := &File{Name: name, Size: size, r: r}
	if size == 0 {
		return nil, Refusal("The file is empty.")
	}
	if limit > 0 && size > limit {
		return nil, Refusal(fmt.Sprintf("The file is larger than the %d MiB that can be taken in.", limit>>20))
	}
	head := make([]byte, min(size, 4096))
	if n, err := r.ReadAt(head, 0); n == 0 {
		return nil, fmt.Errorf("sheet: reading %s: %w", name, err)
	}
	if read := f.reading(head); read != nil {
		return f, closing(f, read())
	}
	if why := begun(head, name); why != "" {
		return nil, Refusal(why)
	}
	if why := notATable(head); why != "" {
		return nil, Refusal(why)
	}
	if err := f.recogniseText(); err != nil {
		return nil, err
	}
	return f, nil
}

// closing frees the workbook when it could not be recognised.
func closing(f *File, err error) error {
	if err == nil {
		return nil
	}
	return errors.Join(err, f.Close())
}

// notATable knows other kinds of file by how they begin.
func notATable(head []byte) string {
	text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n\x00"))
	has := func(prefixes ...string) bool {
		for _, p := range prefixes {
			if bytes.HasPrefix(text, []byte(p)) {
				return true
			}
		}
		return false
	}
	switch {
	case len(text) == 0:
		return "The file holds nothing but blanks."
	case has("<?xml", "<error", "<rss"):
		return "The file is XML, not a table; save it as CSV or XLSX."
	case has("<"):
		return "The file is a web page, not a table: the address it came from may have moved."
	case has("%pdf-"):
		return "The file is a PDF, which cannot be read as a table; ask the publisher for CSV or XLSX."
	case has("pk\x05\x06", "rar!", "7z\xbc\xaf"):
		return "The file is a compressed archive; unpack it and load the tables inside it."
	case has("{\\rtf"):
		return "The file is a text document, not a table."
	case has("{", "[{"):
		return "The file is JSON, not a table."
	case bytes.HasPrefix(head, []byte("\x89PNG")), bytes.HasPrefix(head, []byte{0xFF, 0xD8, 0xFF}), has("gif8"):
		return "The file is a picture, not a table."
	}
	return ""
}

// recogniseText finds the encoding, the delimiter and the one table of a text
// file.
func (f *File) recogniseText() error {
	if err := f.recogniseEncoding(); err != nil {
		return fmt.Errorf("sheet: reading %s: %w", f.Name, err)
	}
	words := newDictionary()
	best := -1.0
	var chosen *sample
	for _, delim := range []byte{',', ';', '\t', '|'} {
		s, err := take(newScanner(f, delim))
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
func take(src source) (*sample, error) {
	s := &sample{}
	for total, seen := 0, 0; len(s.rows) < sampleRecords && total < sampleBytes && seen < 100_000; seen++ {
		cells, rec, err := src.next()
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return nil, err
		}
		total += rec.length + 1
		if rec.broken != "" || isBlank(cells) {
			continue
		}
		s.rows = append(s.rows, append([]string(nil), cells...))
		s.numbers = append(s.numbers, rec.number)
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
	last, err := f.lastLine()
	if err != nil || last == "" {
		return err
	}
	cells := split(last, f.Delimiter, nil)
	if !words.scoreHeader(cells).found {
		return nil
	}
	src, number := newScanner(f, f.Delimiter), 0
	for {
		cells, rec, err := src.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if !isBlank(cells) {
			number = rec.number
		}
	}
	if k := len(s.rows) - 1; k >= 0 && s.numbers[k] == number {
		s.rows, s.numbers = s.rows[:k], s.numbers[:k]
	}
	*sheet = words.under(s, header{found: true, cells: cells, at: -1, record: number})
	return nil
}

// lastLine is the last physical line that holds more than delimiters and spaces.
func (f *File) lastLine() (string, error) {
	if f.Encoding == utf16Little || f.Encoding == utf16Big {
		return "", nil // too rare to read the whole file for
	}
	buf := make([]byte, min(f.Size, 64<<10))
	if n, err := f.r.ReadAt(buf, f.Size-int64(len(buf))); n < len(buf) {
		return "", err
	}
	lines := bytes.FieldsFunc(buf, func(r rune) bool { return r == '\n' || r == '\r' })
	for i := len(lines) - 1; i >= 0; i-- {
		if len(bytes.Trim(lines[i], " \t\x1a\""+string(f.Delimiter))) > 0 {
			return strings.TrimSpace(f.text(lines[i])), nil
		}
	}
	return "", nil
}
