package book

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Trim takes spaces of every kind, byte order marks and the end-of-file mark of
// DOS off both ends.
func Trim(s string) string {
	if s == "" {
		return s
	}
	if c, d := s[0], s[len(s)-1]; c > ' ' && c < utf8.RuneSelf && d > ' ' && d < utf8.RuneSelf {
		return s
	}
	return strings.TrimFunc(s, func(r rune) bool {
		return r <= ' ' || unicode.IsSpace(r) || r == '\uFEFF' || r == '\u200B'
	})
}

// TrimEnd takes empty cells off the end of a row.
func TrimEnd(cells []string) []string {
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// Split cuts the text of a record into trimmed cells, which it appends to cells. A quotation mark means something only as the
// first letter of a cell, and only where another closes it; one that closes early
// ends the quotation, and what follows belongs to the cell as it stands.
func Split(s string, delim byte, cells []string) []string {
	for {
		if s != "" && (s[0] == '"' || s[0] == ' ') { // few cells are so
			if q := strings.TrimLeft(s, " "); q != "" && q[0] == '"' && strings.IndexByte(q[1:], '"') >= 0 {
				cell, rest, more := quotedCell(q[1:], delim)
				cells = append(cells, cell)
				if !more {
					return cells
				}
				s = rest
				continue
			}
		}
		i := strings.IndexByte(s, delim)
		if i < 0 {
			return append(cells, Trim(s))
		}
		cells = append(cells, Trim(s[:i]))
		s = s[i+1:]
	}
}

func quotedCell(s string, delim byte) (cell, rest string, more bool) {
	i := strings.IndexByte(s, '"')
	if i < 0 {
		return Trim(s), "", false
	}
	if i+1 < len(s) && s[i+1] == '"' {
		return doubledCell(s, delim)
	}
	tail, rest, more := strings.Cut(s[i+1:], string(delim))
	if tail == "" {
		return Trim(s[:i]), rest, more
	}
	return Trim(s[:i] + tail), rest, more
}

// doubledCell is a quoted cell with quotation marks, written twice, inside.
func doubledCell(s string, delim byte) (cell, rest string, more bool) {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			b.WriteString(s)
			return Trim(b.String()), "", false
		}
		b.WriteString(s[:i])
		if i+1 == len(s) || s[i+1] != '"' {
			tail, rest, more := strings.Cut(s[i+1:], string(delim))
			b.WriteString(tail)
			return Trim(b.String()), rest, more
		}
		b.WriteByte('"')
		s = s[i+2:]
	}
}
