package book

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	utf16 "golang.org/x/text/encoding/unicode"
)

// Decode gives the text of bytes of a file in one of the encodings that Open names. In
// UTF-8 a stretch with bytes that are no UTF-8 is read as windows-1252, as
// publishers' tools write it; any other name is taken for UTF-8.
func Decode(encoding string, raw []byte) string {
	switch encoding {
	case utf16Little:
		return sixteenBits(raw, utf16.LittleEndian)
	case utf16Big:
		return sixteenBits(raw, utf16.BigEndian)
	}
	raw = bytes.TrimPrefix(raw, []byte("\xEF\xBB\xBF"))
	table := tables[encoding]
	switch {
	case table == nil && utf8.Valid(raw), isASCII(raw):
		return string(raw)
	case table == nil:
		table = charmap.Windows1252
	}
	return decoded(table, raw)
}

func decoded(table *charmap.Charmap, raw []byte) string {
	s, err := table.NewDecoder().Bytes(raw)
	if err != nil {
		return string(bytes.ToValidUTF8(raw, []byte("\uFFFD")))
	}
	return string(s)
}

func sixteenBits(raw []byte, order utf16.Endianness) string {
	s, err := utf16.UTF16(order, utf16.IgnoreBOM).NewDecoder().Bytes(raw)
	if err != nil {
		return string(bytes.ToValidUTF8(raw, []byte("\uFFFD")))
	}
	return strings.TrimPrefix(string(s), "\uFEFF")
}

// RawLimit is how many bytes of a row of a workbook Record.Raw holds, to the end
// of the cell that passes it.
const RawLimit = 4000

// Cells are the trimmed cells of a Record.Raw, whose last may be cut where the
// text was. The delimiter is that of the text file, 0 for a workbook, whose rows
// lose their empty cells at the end.
func Cells(raw string, delimiter byte) []string {
	if delimiter != 0 {
		return Split(raw, delimiter, nil)
	}
	if raw == "" {
		return nil
	}
	return Split(raw, ',', nil)
}

// Join writes the trimmed cells of a row of a workbook so that Cells splits them
// again and people can read them.
func Join(cells []string) string {
	var b strings.Builder
	for i, c := range cells {
		if i > 0 {
			b.WriteByte(',')
		}
		if strings.ContainsAny(c, ",\"\r\n") {
			c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
		b.WriteString(c)
		if b.Len() > RawLimit {
			break
		}
	}
	return b.String()
}

// LastLine is the last physical line of a text file that holds more than
// delimiters and spaces; empty where it is not looked for, as in UTF-16.
func (f *File) LastLine(delimiter byte) (string, error) {
	if f.Encoding == utf16Little || f.Encoding == utf16Big {
		return "", nil // too rare to read the whole file for
	}
	buf := make([]byte, min(f.Size, 64<<10))
	if n, err := f.r.ReadAt(buf, f.Size-int64(len(buf))); n < len(buf) {
		return "", err
	}
	lines := bytes.FieldsFunc(buf, func(r rune) bool { return r == '\n' || r == '\r' })
	for i := len(lines) - 1; i >= 0; i-- {
		if len(bytes.Trim(lines[i], " \t\x1a\""+string(delimiter))) > 0 {
			return strings.TrimSpace(f.text(lines[i])), nil
		}
	}
	return "", nil
}
