package sheet

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	utf16 "golang.org/x/text/encoding/unicode"
)

// Text decodes bytes of a file in one of the encodings that Recognise names. In
// UTF-8 a stretch with bytes that are no UTF-8 is read as windows-1252, as
// publishers' tools write it; any other name is taken for UTF-8.
func Text(encoding string, raw []byte) string {
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

// Cells are the trimmed cells of a Row.Raw, whose last may be cut where the
// record was longer than RawLimit. The delimiter is File.Delimiter: 0 for a
// workbook, whose records lose their empty cells at the end.
func Cells(raw string, delimiter byte) []string {
	if delimiter != 0 {
		return split(raw, delimiter, nil)
	}
	if raw == "" {
		return nil
	}
	return split(raw, ',', nil)
}

// asCSV writes the trimmed cells of a workbook's record so that Cells splits
// them again and people can read them.
func asCSV(cells []string) string {
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
