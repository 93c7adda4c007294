package book

import (
	"bytes"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	utf16 "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// The encodings that are told apart.
const (
	utf8Plain   = "utf-8"
	utf8Marked  = "utf-8-sig"
	utf16Little = "utf-16le"
	utf16Big    = "utf-16be"
	windows1252 = "windows-1252"
	dos850      = "cp850"
	macRoman    = "mac_roman"
)

var tables = map[string]*charmap.Charmap{
	windows1252: charmap.Windows1252, dos850: charmap.CodePage850, macRoman: charmap.Macintosh,
}

// survey is what one pass over the whole file shows.
type survey struct {
	valid bool // as UTF-8
	ends  LineEnds
	nuls  [2]int64 // at even and at odd offsets, of the first block
	chars int64    // UTF-8 sequences of several bytes, once the file is not valid
	stray int64    // bytes that are no UTF-8
	high  [256][contexts]int64
}

// Where a byte above 127 stands says what it may be: what is before it, three
// times, and what is after it. Before digits it may be a sign of money.
const (
	nothing = iota // no letter
	small
	capital // or another byte above 127
	sides

	beforeDigits = sides * sides
	contexts     = beforeDigits + 1
)

const block = 256 << 10

// recogniseEncoding sets the encoding, the line ends and the length of the mark.
func (f *File) recogniseEncoding() error {
	head := make([]byte, 4)
	n, _ := f.r.ReadAt(head, 0)
	head = head[:n]
	s, err := look(f.r, f.Size)
	if err != nil {
		return err
	}
	f.LineEnds = s.ends
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		f.Encoding, f.skip, f.damaged = utf8Marked, 3, !s.valid
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		f.Encoding, f.skip = utf16Little, 2
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		f.Encoding, f.skip = utf16Big, 2
	case s.nuls[1] > s.nuls[0]*8 && s.nuls[1]*4 > min(f.Size, block):
		f.Encoding = utf16Little
	case s.nuls[0] > s.nuls[1]*8 && s.nuls[0]*4 > min(f.Size, block):
		f.Encoding = utf16Big
	case s.valid:
		f.Encoding = utf8Plain
	default:
		return f.recogniseBytes(s)
	}
	return nil
}

// recogniseBytes chooses among encodings of one byte a letter, by which reading
// gives plausible text. A file that is UTF-8 but for a few bytes stays UTF-8.
func (f *File) recogniseBytes(s *survey) error {
	if err := s.countHigh(f.r, f.Size); err != nil {
		return err
	}
	if s.chars > 8*s.stray {
		f.Encoding, f.damaged = utf8Plain, true
		return nil
	}
	best := 0
	for i, name := range []string{windows1252, dos850, macRoman} {
		if score := s.plausible(tables[name]); i == 0 || score > best {
			f.Encoding, best = name, score
		}
	}
	return nil
}

// look reads the file once for validity and line ends.
func look(r io.ReaderAt, size int64) (*survey, error) {
	s := &survey{valid: true}
	buf := make([]byte, block+utf8.UTFMax)
	var keep int // bytes of an unfinished letter, carried over
	var last byte
	for at := int64(0); at < size; {
		n, err := r.ReadAt(buf[keep:keep+int(min(block, size-at))], at)
		if n == 0 {
			return s, err
		}
		b := buf[keep : keep+n]
		s.count(b, last, at == 0)
		last, at = b[n-1], at+int64(n)
		if s.valid {
			keep = s.check(buf[:keep+n], at == size)
		}
	}
	return s, nil
}

// check tests a block and moves an unfinished letter at its end to the front.
func (s *survey) check(b []byte, end bool) int {
	cut := len(b)
	for i := 1; !end && i < utf8.UTFMax && i <= len(b); i++ {
		if utf8.RuneStart(b[len(b)-i]) {
			if !utf8.FullRune(b[len(b)-i:]) {
				cut = len(b) - i
			}
			break
		}
	}
	s.valid = utf8.Valid(b[:cut])
	if !s.valid {
		return 0
	}
	return copy(b, b[cut:])
}

func (s *survey) count(b []byte, last byte, first bool) {
	lf, cr := int64(bytes.Count(b, []byte{'\n'})), int64(bytes.Count(b, []byte{'\r'}))
	both := int64(0)
	if cr > 0 {
		both = int64(bytes.Count(b, []byte("\r\n")))
	}
	if last == '\r' && b[0] == '\n' {
		both++
	}
	s.ends.CRLF += both
	s.ends.LF += lf - both
	s.ends.CR += cr - both
	for i := 0; first && i < len(b); i++ {
		if b[i] == 0 {
			s.nuls[i%2]++
		}
	}
}

// countHigh reads the file again for the bytes above 127 and where they stand.
func (s *survey) countHigh(r io.ReaderAt, size int64) error {
	buf := make([]byte, block)
	for at := int64(0); at < size; {
		n, err := r.ReadAt(buf[:min(block, size-at)], at)
		if n == 0 {
			return err
		}
		s.countBlock(buf[:n])
		at += int64(n)
	}
	return nil
}

func (s *survey) countBlock(b []byte) {
	for i := 0; i < len(b); i++ {
		if b[i] < utf8.RuneSelf {
			continue
		}
		var before, after byte
		if i > 0 {
			before = b[i-1]
		}
		if i+1 < len(b) {
			after = b[i+1]
		}
		s.high[b[i]][standing(before, after)]++
		if r, n := utf8.DecodeRune(b[i:]); r != utf8.RuneError {
			s.chars++
			i += n - 1
			continue
		}
		s.stray++
	}
}

func standing(before, after byte) int {
	b := besides(before)
	switch {
	case after >= '0' && after <= '9', before == '(' && after == ')', after == '-' && b == nothing:
		return beforeDigits
	}
	return b*sides + besides(after)
}

func besides(c byte) int {
	switch {
	case c >= 'a' && c <= 'z':
		return small
	case c >= 'A' && c <= 'Z', c >= utf8.RuneSelf:
		return capital
	}
	return nothing
}

// plausible adds up how likely each high byte is to be meant where it stands.
func (s *survey) plausible(table *charmap.Charmap) int {
	score := 0
	for b := utf8.RuneSelf; b < 256; b++ {
		r := table.DecodeByte(byte(b))
		for where, n := range s.high[b] {
			score += likely(r, where) * int(min(n, 1000))
		}
	}
	return score
}

func likely(r rune, where int) int {
	before, after := where/sides, where%sides
	switch {
	case r == utf8.RuneError || unicode.IsControl(r), r >= 0x2500 && r < 0x2600:
		return -5
	case where == beforeDigits && r == '£':
		return 6
	case r == '£' && (before == nothing || after == nothing):
		return 1
	case r == '£':
		return -3
	case where == beforeDigits:
		return -1
	case unicode.IsLetter(r):
		return likelyLetter(r, before, after)
	}
	return likelyMark(r, before, after)
}

// likelyMark knows which marks open, close or join words.
func likelyMark(r rune, before, after int) int {
	between := before != nothing && after != nothing
	switch {
	case r == '’' && before != nothing:
		return 3
	case strings.ContainsRune("‘“•", r) && before == nothing, strings.ContainsRune("’”…®™°", r) && after == nothing, r == '\u00A0':
		return 2
	case strings.ContainsRune("–—©", r) && !between:
		return 2
	case strings.ContainsRune("–—", r):
		return 1
	case between:
		return -3
	}
	return -1
}

// likelyLetter knows that capitals begin words or follow capitals.
func likelyLetter(r rune, before, after int) int {
	fits := before != nothing || after != nothing
	likely := 2
	switch {
	case unicode.IsUpper(r) && (before == small || before == capital && after == small):
		return -2
	case unicode.IsLower(r) && (after == capital || before == capital && after == nothing):
		return -1
	case !fits:
		return -1
	case r >= 0x180 || r == 'ª' || r == 'º' || unicode.IsLower(r) && before == nothing:
		return 0
	case strings.ContainsRune("œŒÞþÐðßÆæØøÅåÝýÿŸŽžŠšÃãÕõÛûÙùìò", r):
		likely = 1
	}
	return likely
}

// reader is the file from the mark on, with UTF-16 turned into UTF-8; the other
// encodings leave line ends, quotes and delimiters where they are and are
// decoded record by record.
func (f *File) reader() io.Reader {
	raw := io.NewSectionReader(f.r, f.skip, f.Size-f.skip)
	switch f.Encoding {
	case utf16Little:
		return transform.NewReader(raw, utf16.UTF16(utf16.LittleEndian, utf16.IgnoreBOM).NewDecoder())
	case utf16Big:
		return transform.NewReader(raw, utf16.UTF16(utf16.BigEndian, utf16.IgnoreBOM).NewDecoder())
	}
	return raw
}

// text decodes one record.
func (f *File) text(b []byte) string {
	table := tables[f.Encoding]
	switch {
	case table == nil && (!f.damaged || utf8.Valid(b)), isASCII(b):
		return string(b)
	case table == nil:
		table = charmap.Windows1252
	}
	return decoded(table, b)
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// widthOf is how many bytes of the file a stretch of read text takes.
func (f *File) widthOf(b []byte) int {
	if f.Encoding != utf16Little && f.Encoding != utf16Big {
		return len(b)
	}
	units := 0
	for _, r := range string(b) {
		units++
		if r > 0xFFFF {
			units++
		}
	}
	return 2 * units
}
