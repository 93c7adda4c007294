package sheet

import (
	"bytes"
	"slices"
	"testing"

	utf16 "golang.org/x/text/encoding/unicode"

	"github.com/police-ict/handover/store/book"
	"github.com/police-ict/handover/store/book/booktest"
)

func TestTheBytesAtARowsOffsetDecodeToItsRawText(t *testing.T) {
	text := "Body,Date paid,Supplier,Amount (£)\nMarsh,01/06/2012,Café Ltd,£10.00\nMarsh,02/06/2012,Heron 𝕏 Ltd,£5.50\n"
	for _, data := range []string{text, "\uFEFF" + text, sixteen(t, utf16.LittleEndian, utf16.UseBOM, text), sixteen(t, utf16.BigEndian, utf16.IgnoreBOM, text)} {
		f := recognise(t, data)
		for _, r := range taking(t, f).rows {
			if got := book.Decode(f.Encoding, []byte(data[r.Offset:r.Offset+int64(r.Length)])); got != r.Raw {
				t.Errorf("%s: %q, not %q", f.Encoding, got, r.Raw)
			}
		}
	}
}

func TestAWorkbooksRawTextIsSplitBackIntoItsCells(t *testing.T) {
	rows := [][]any{{"Supplier", "Date", "Amount", "Notes"}}
	for _, note := range []any{"a,b", `"`, `""`, `a "b" c`, "two\nlines", "semi;colon", "", nil, "1,000.00", `"quoted"`, "a\tb", "’"} {
		rows = append(rows, []any{"Heron, Egret Ltd", 41085, 1.5, note, note})
	}
	data := booktest.Workbook(t, []string{"A"}, map[string][][]any{"A": rows})
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
		if got := book.Cells(r.Raw, f.Delimiter); !slices.Equal(got, want) {
			t.Errorf("%q is split to %q, not %q", r.Raw, got, want)
		}
	}
	if got := book.Cells("", 0); len(got) != 0 {
		t.Errorf("a blank record has cells %q", got)
	}
}
