package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// unseen are characters that show nothing, turn the direction of what follows,
// or that no XML may hold: a name with them looks like another.
var unseen = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x00ad, Hi: 0x00ad, Stride: 1}, // soft hyphen
		{Lo: 0x034f, Hi: 0x034f, Stride: 1}, // grapheme joiner
		{Lo: 0x061c, Hi: 0x061c, Stride: 1}, // Arabic letter mark
		{Lo: 0x115f, Hi: 0x1160, Stride: 1}, // fillers
		{Lo: 0x17b4, Hi: 0x17b5, Stride: 1},
		{Lo: 0x180e, Hi: 0x180e, Stride: 1},
		{Lo: 0x200b, Hi: 0x200f, Stride: 1}, // zero-width characters and marks of direction
		{Lo: 0x202a, Hi: 0x202e, Stride: 1}, // embeddings and overrides
		{Lo: 0x2060, Hi: 0x206f, Stride: 1}, // joiners and isolates
		{Lo: 0x3164, Hi: 0x3164, Stride: 1},
		{Lo: 0xfdd0, Hi: 0xfdef, Stride: 1}, // no characters
		{Lo: 0xfeff, Hi: 0xfeff, Stride: 1}, // byte order mark
		{Lo: 0xffa0, Hi: 0xffa0, Stride: 1},
		{Lo: 0xfff9, Hi: 0xfffb, Stride: 1},
		{Lo: 0xfffe, Hi: 0xffff, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x1d173, Hi: 0x1d17a, Stride: 1},
		{Lo: 0xe0000, Hi: 0xe007f, Stride: 1}, // tags
	},
}

// ends reports whether a character ends a line.
func ends(r rune) bool {
	return r == '\n' || r == '\v' || r == '\f' || r == '\r' || r == 0x85 || r == 0x2028 || r == 0x2029
}

// bad reports whether a character may stand in no text at all.
func bad(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' || r == 0x2028 || r == 0x2029 || unicode.Is(unseen, r)
}

// IsClean reports whether Clean leaves the characters of a text as they are.
func IsClean(s string) bool { return utf8.ValidString(s) && !strings.ContainsFunc(s, bad) }

// IsLine reports whether Line leaves the characters of a text as they are.
func IsLine(s string) bool { return IsClean(s) && !strings.ContainsAny(s, "\n\t") }

// Clean is a text of many lines as it is kept, the same on each engine: valid
// UTF-8, composed, its lines ended by one character, without control characters
// and characters that show nothing.
func Clean(s string) string {
	if !IsClean(s) {
		s = strings.Map(func(r rune) rune {
			switch {
			case ends(r):
				return '\n'
			case bad(r):
				return -1
			}
			return r
		}, strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n"))
	}
	return norm.NFC.String(s)
}

// Readable reports whether a text is one that somebody can have typed: not bytes
// that are no characters, control characters, or characters that have a reader
// see a text in another order than it is in.
func Readable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f || r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
	})
}

// Line is Clean for a text of one line: what ends lines is a space.
func Line(s string) string {
	s = Clean(s)
	if strings.ContainsAny(s, "\n\t") {
		s = strings.NewReplacer("\n", " ", "\t", " ").Replace(s)
	}
	return s
}

// OneLine is what someone typed as one line of clean text.
func OneLine(s string) string { return strings.Join(strings.Fields(Line(s)), " ") }

// Paragraphs is what someone typed as a text that keeps its lines.
func Paragraphs(s string) string { return strings.TrimSpace(Clean(s)) }
