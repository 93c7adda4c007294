package ocds

import (
	"bufio"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// maxElement bytes: no release is larger. One that is would be held in memory.
const maxElement = 64 << 20

var errTooLarge = errors.New("ocds: one release is larger than 64 MiB")

// cleaner gives JSON that a strict parser reads: bytes that are no UTF-8 are read
// as windows-1252, control characters in texts are blanks, and what stands where a
// number should and is none, such as 000 or NaN, becomes a text that is refused as
// an amount.
type cleaner struct {
	r      *bufio.Reader
	in     []byte // read and not yet cleaned
	out    []byte
	given  int // of out
	err    error
	quoted bool   // in a text
	escape bool   // after a backslash
	bare   []byte // a number or word that may go on
	since  int64  // bytes given since the last release
}

// newCleaner reads from r, in UTF-16 where a mark at its beginning says so.
func newCleaner(r io.Reader) *cleaner {
	b := bufio.NewReaderSize(r, 256<<10)
	head, _ := b.Peek(3)
	switch {
	case len(head) >= 2 && (head[0] == 0xFF && head[1] == 0xFE || head[0] == 0xFE && head[1] == 0xFF):
		utf16 := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
		b = bufio.NewReaderSize(transform.NewReader(b, utf16), 256<<10)
	case len(head) == 3 && head[0] == 0xEF && head[1] == 0xBB && head[2] == 0xBF:
		_, _ = b.Discard(3)
	}
	return &cleaner{r: b, in: make([]byte, 0, 64<<10)}
}

// mark says that one release has ended.
func (c *cleaner) mark() { c.since = 0 }

// Read fills p with cleaned JSON.
func (c *cleaner) Read(p []byte) (int, error) {
	for c.given == len(c.out) {
		if c.err != nil {
			return 0, c.err
		}
		c.out, c.given = c.out[:0], 0
		c.fill()
	}
	n := copy(p, c.out[c.given:])
	c.given += n
	if c.since += int64(n); c.since > maxElement {
		return n, errTooLarge
	}
	return n, nil
}

// fill cleans what is read next. A letter cut at the end waits for its rest.
func (c *cleaner) fill() {
	keep := len(c.in)
	n, err := c.r.Read(c.in[keep:cap(c.in)])
	c.in = c.in[:keep+n]
	if err != nil {
		c.err = err
	}
	b := c.in
	for i := 0; i < len(b); {
		if b[i] >= utf8.RuneSelf {
			if !utf8.FullRune(b[i:]) && c.err == nil {
				c.in = append(c.in[:0], b[i:]...)
				return
			}
			i += c.letter(b[i:])
			continue
		}
		if c.quoted && !c.escape {
			from := i
			for i < len(b) && plain[b[i]] {
				i++
			}
			if c.out = append(c.out, b[from:i]...); i == len(b) || b[i] >= utf8.RuneSelf {
				continue
			}
		}
		c.ascii(b[i])
		i++
	}
	c.in = c.in[:0]
	if c.err != nil {
		c.endBare()
	}
}

// plain are the bytes of a text that mean themselves.
var plain = func() (all [256]bool) {
	for i := ' '; i < utf8.RuneSelf; i++ {
		all[i] = i != '"' && i != '\\'
	}
	return all
}()

// letter takes one letter above ASCII, and says how many bytes it had.
func (c *cleaner) letter(b []byte) int {
	r, n := utf8.DecodeRune(b)
	if r == utf8.RuneError && n <= 1 {
		r, n = charmap.Windows1252.DecodeByte(b[0]), 1
	}
	switch {
	case c.escape:
		c.out, c.escape = append(c.out, '\\', '\\'), false
	case !c.quoted:
		c.endBare()
		c.out = append(c.out, ' ') // a blank of another kind, or damage
		return n
	}
	c.out = utf8.AppendRune(c.out, r)
	return n
}

func (c *cleaner) ascii(b byte) {
	switch {
	case c.escape:
		c.escape = false
		switch b {
		case '"', '\\', '/', 'b', 'f', 'n', 'r', 't', 'u':
			c.out = append(c.out, '\\', b)
		default:
			c.out = append(c.out, '\\', '\\', max(b, ' '))
		}
	case c.quoted && b == '\\':
		c.escape = true
	case c.quoted:
		c.quoted = b != '"'
		c.out = append(c.out, max(b, ' '))
	case b == '"':
		c.endBare()
		c.quoted = true
		c.out = append(c.out, b)
	case b >= '0' && b <= '9', b|0x20 >= 'a' && b|0x20 <= 'z', b == '-', b == '+', b == '.':
		if len(c.bare) < 400 {
			c.bare = append(c.bare, b)
		}
	case b < ' ' && b != '\n' && b != '\r' && b != '\t':
		c.endBare()
		c.out = append(c.out, ' ')
	default:
		c.endBare()
		c.out = append(c.out, b)
	}
}

// endBare gives a number or word, in quotation marks where JSON knows none such.
func (c *cleaner) endBare() {
	if len(c.bare) == 0 {
		return
	}
	if isLiteral(c.bare) {
		c.out = append(c.out, c.bare...)
	} else {
		c.out = append(append(append(c.out, '"'), c.bare...), '"')
	}
	c.bare = c.bare[:0]
}

// isLiteral says that JSON has such a number or word.
func isLiteral(b []byte) bool {
	switch string(b) {
	case "true", "false", "null":
		return true
	}
	if b[0] == '-' {
		b = b[1:]
	}
	digits := func() (n int) {
		for len(b) > 0 && b[0] >= '0' && b[0] <= '9' {
			b = b[1:]
			n++
		}
		return n
	}
	zero := len(b) > 0 && b[0] == '0'
	if n := digits(); n == 0 || zero && n > 1 {
		return false
	}
	if len(b) > 0 && b[0] == '.' {
		b = b[1:]
		if digits() == 0 {
			return false
		}
	}
	if len(b) > 0 && b[0]|0x20 == 'e' {
		b = b[1:]
		if len(b) > 0 && (b[0] == '+' || b[0] == '-') {
			b = b[1:]
		}
		if digits() == 0 {
			return false
		}
	}
	return len(b) == 0
}
