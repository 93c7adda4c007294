package sheet

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	utf16 "golang.org/x/text/encoding/unicode"
)

func TestTextDecodesEveryEncodingThatIsNamed(t *testing.T) {
	const want = "Café £5"
	for encoding, raw := range map[string]string{
		"utf-8": want, "utf-8-sig": "\uFEFF" + want, "windows-1252": in(t, charmap.Windows1252, want), "cp850": in(t, charmap.CodePage850, want),
		"mac_roman": in(t, charmap.Macintosh, want), "utf-16le": sixteen(t, utf16.LittleEndian, utf16.IgnoreBOM, want), "utf-16be": sixteen(t, utf16.BigEndian, utf16.UseBOM, want), "xlsx": want,
	} {
		if got := Text(encoding, []byte(raw)); got != want {
			t.Errorf("%s: %q", encoding, got)
		}
	}
	if got := Text("utf-8", []byte("Caf\xe9")); got != "Café" {
		t.Errorf("stray bytes: %q", got)
	}
}

func TestTheBytesAtARowsOffsetDecodeToItsRawText(t *testing.T) {
	text := "Body,Date paid,Supplier,Amount (£)\nMarsh,01/06/2012,Café Ltd,£10.00\nMarsh,02/06/2012,Heron 𝕏 Ltd,£5.50\n"
	for _, data := range []string{text, "\uFEFF" + text, sixteen(t, utf16.LittleEndian, utf16.UseBOM, text), sixteen(t, utf16.BigEndian, utf16.IgnoreBOM, text)} {
		f := recognise(t, data)
		for _, r := range taking(t, f).rows {
			if got := Text(f.Encoding, []byte(data[r.Offset:r.Offset+int64(r.Length)])); got != r.Raw {
				t.Errorf("%s: %q, not %q", f.Encoding, got, r.Raw)
			}
		}
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

func TestAWorkbooksRawTextIsSplitBackIntoItsCells(t *testing.T) {
	rows := [][]any{{"Supplier", "Date", "Amount", "Notes"}}
	for _, note := range []any{"a,b", `"`, `""`, `a "b" c`, "two\nlines", "semi;colon", "", nil, "1,000.00", `"quoted"`, "a\tb", "’"} {
		rows = append(rows, []any{"Heron, Egret Ltd", 41085, 1.5, note, note})
	}
	data := workbook(t, []string{"A"}, map[string][][]any{"A": rows})
	f, err := Recognise(bytes.NewReader(data), int64(len(data)), "book.xlsx", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i, r := range taking(t, f).rows {
		want := []string{"Heron, Egret Ltd", "41085", "1.5"}
		if note, _ := rows[i+1][3].(string); note != "" {
			want = append(want, note, note)
		}
		if got := Cells(r.Raw, f.Delimiter); !slices.Equal(got, want) {
			t.Errorf("%q is split to %q, not %q", r.Raw, got, want)
		}
	}
	if got := Cells("", 0); len(got) != 0 {
		t.Errorf("a blank record has cells %q", got)
	}
}

func FuzzCells(f *testing.F) {
	f.Add("Heron, Egret Ltd", `say "no"`, "")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		want := trimRight([]string{trim(a), trim(b), trim(c)})
		raw := asCSV(want)
		if len(raw) > RawLimit || strings.ContainsRune(raw, '\uFEFF') {
			return
		}
		if got := Cells(raw, 0); !slices.Equal(got, want) {
			t.Fatalf("%q is split to %q, not %q", raw, got, want)
		}
	})
}
