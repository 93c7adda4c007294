package book

import (
	"errors"
	utf16 "golang.org/x/text/encoding/unicode"

	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

func TestDecodeReadsEveryEncodingThatIsNamed(t *testing.T) {
	const want = "Café £5"
	for encoding, raw := range map[string]string{
		"utf-8": want, "utf-8-sig": "\uFEFF" + want, "windows-1252": encoded(t, charmap.Windows1252, want), "cp850": encoded(t, charmap.CodePage850, want),
		"mac_roman": encoded(t, charmap.Macintosh, want), "utf-16le": sixteen(t, utf16.LittleEndian, utf16.IgnoreBOM, want), "utf-16be": sixteen(t, utf16.BigEndian, utf16.UseBOM, want), "xlsx": want,
	} {
		if got := Decode(encoding, []byte(raw)); got != want {
			t.Errorf("%s: %q", encoding, got)
		}
	}
	if got := Decode("utf-8", []byte("Caf\xe9")); got != "Café" {
		t.Errorf("stray bytes: %q", got)
	}
}

func TestCellsSplitsTheRawTextOfARow(t *testing.T) {
	for raw, want := range map[string][]string{
		"a;\"b;c\"; d ": {"a", "b;c", "d"}, "": {""}, ";": {"", ""}, "a,b": {"a,b"},
	} {
		if got := Cells(raw, ';'); !slices.Equal(got, want) {
			t.Errorf("%q: %q", raw, got)
		}
	}
}

func encoded(t *testing.T, table *charmap.Charmap, s string) string {
	t.Helper()
	out, err := table.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func sixteen(t *testing.T, order utf16.Endianness, mark utf16.BOMPolicy, s string) string {
	t.Helper()
	out, err := utf16.UTF16(order, mark).NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTheBytesAtARecordsOffsetDecodeToItsText(t *testing.T) {
	text := "Supplier;Notes\nCafé Ltd (sample);\"two\nlines\"\n\nHeron 𝕏 Ltd (sample);£5.50 \n"
	want := [][]string{{"Supplier", "Notes"}, {"Café Ltd (sample)", "two\nlines"}, {""}, {"Heron 𝕏 Ltd (sample)", "£5.50"}}
	for _, data := range []string{text, "\uFEFF" + text, sixteen(t, utf16.LittleEndian, utf16.UseBOM, text), sixteen(t, utf16.BigEndian, utf16.IgnoreBOM, text)} {
		f, err := open(t, "a.csv", []byte(data))
		if err != nil {
			t.Fatal(err)
		}
		lines := f.Lines(';')
		for i, cells := range want {
			got, rec, err := lines.Next()
			if err != nil || !slices.Equal(got, cells) || rec.Number != i+1 || rec.Broken != "" {
				t.Fatalf("%s: %q, %+v, %v", f.Encoding, got, rec, err)
			}
			if raw := Decode(f.Encoding, []byte(data[rec.Offset:rec.Offset+int64(rec.Length)])); raw != rec.Raw {
				t.Errorf("%s: %q, not %q", f.Encoding, raw, rec.Raw)
			}
		}
		if _, _, err := lines.Next(); !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v behind the last record", f.Encoding, err)
		}
	}
}

// A quotation mark that nobody closes ends with its line, unless the text to the
// next is one cell: what the rows look like tells.
func TestAStrayQuotationMarkLosesNoRow(t *testing.T) {
	data := "a,1\n\"b,2\nc,3\nd\",4\n"
	f, err := open(t, "a.csv", []byte(data))
	if err != nil {
		t.Fatal(err)
	}
	isNumber := func(cells []string) bool { return strings.Trim(cells[2], "0123456789") == "" && cells[2] != "" }
	for like, want := range map[bool]int{false: 2, true: 4} {
		data := strings.ReplaceAll(data, ",", ",x,")
		f.r, f.Size = strings.NewReader(data), int64(len(data))
		lines := f.Lines(',')
		if like {
			lines.Like(Table{Columns: 3, IsValue: isNumber, IsRow: isNumber})
		}
		n := 0
		for {
			if _, _, err := lines.Next(); err != nil {
				break
			}
			n++
		}
		if n != want {
			t.Errorf("%d records, not %d", n, want)
		}
	}
}
