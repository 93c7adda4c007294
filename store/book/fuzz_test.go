package book

import (
	"bytes"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store/book/booktest"
)

// The bounds that a fuzzed workbook of a few kilobytes keeps to, however it is
// made: cells that repeat are the dearest.
const (
	fuzzTime  = 20 * time.Second
	fuzzBytes = 512 << 20
)

// checkBounded reads a file whole, and holds it to the bounds.
func checkBounded(t *testing.T, name string, data []byte) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	file, err := Open(bytes.NewReader(data), int64(len(data)), name, 1<<20)
	if err == nil {
		defer file.Close()
		_ = eachRow(file, func(int, []string) {})
	}
	runtime.ReadMemStats(&after)
	if took := time.Since(start); took > fuzzTime {
		t.Fatalf("reading took %s", took)
	}
	if after.HeapSys > before.HeapSys+fuzzBytes {
		t.Fatalf("memory grew by %d MiB", (after.HeapSys-before.HeapSys)>>20)
	}
}

// FuzzXLS changes the stream of an old workbook, which is packed anew, since a
// changed package is hardly ever one any more; and reads the bytes as they are.
func FuzzXLS(f *testing.F) {
	f.Add(booktest.OldStream(sample(), false, 8224))
	f.Add(booktest.OldStream(sample(), true, 30))
	f.Add(booktest.OldStream(uncalculated(), false, 8224))
	f.Add(booktest.XLS(sample()))
	f.Add(locked())
	f.Fuzz(func(t *testing.T, data []byte) {
		checkBounded(t, "fuzz.xls", booktest.Compound("Workbook", data))
		checkBounded(t, "fuzz.xls", append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), data[min(8, len(data)):]...))
	})
}

// FuzzODS changes the part of an OpenDocument spreadsheet that holds its cells,
// and the flat form.
func FuzzODS(f *testing.F) {
	f.Add(booktest.ODSContent("document-content", sample()))
	f.Add(booktest.ODSContent("document", uncalculated()))
	f.Add(string(booktest.Markup(sample())))
	f.Add(`<table:table><table:table-row table:number-rows-repeated="9999"><table:table-cell table:number-columns-repeated="99999999999999999999" office:value-type="float" office:value="1"/></table:table-row></table:table>`)
	f.Fuzz(func(t *testing.T, content string) {
		checkBounded(t, "fuzz.ods", booktest.PackODS(t, content, nil))
		checkBounded(t, "fuzz.fods", []byte(content))
	})
}

// FuzzWorksheet puts any text where a workbook keeps its cells, since a whole
// workbook that is changed at random is hardly ever an archive any more.
func FuzzWorksheet(f *testing.F) {
	whole := booktest.Workbook(f, []string{"A", "B"}, map[string][][]any{"A": {{"Supplier", "Date", "Amount"}, {"Heron Ltd", 41085, 1.5}}, "B": {{"Supplier", "Total"}, {"Heron Ltd", 1.5}}})
	parts := booktest.Parts(f, whole)
	f.Add(parts["xl/worksheets/sheet1.xml"], parts["xl/sharedStrings.xml"], parts["xl/workxml"])
	f.Add([]byte(`<worksheet><sheetData><row r="1048576"><c r="XFD1048576" t="s"><v>99999999</v></c></row><row r="1"><c t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>`), []byte(`<sst count="4294967295" uniqueCount="4294967295"><si/></sst>`), parts["xl/workxml"])
	f.Fuzz(func(t *testing.T, cells, texts, book []byte) {
		parts["xl/worksheets/sheet1.xml"], parts["xl/sharedStrings.xml"], parts["xl/workxml"] = cells, texts, book
		data := booktest.Archive(t, parts)
		checkBounded(t, "fuzz.xlsx", data)
	})
}

func FuzzCells(f *testing.F) {
	f.Add("Heron, Egret Ltd", `say "no"`, "")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		want := TrimEnd([]string{Trim(a), Trim(b), Trim(c)})
		raw := Join(want)
		if len(raw) > RawLimit || strings.ContainsRune(raw, '\uFEFF') {
			return
		}
		if got := Cells(raw, 0); !slices.Equal(got, want) {
			t.Fatalf("%q is split to %q, not %q", raw, got, want)
		}
	})
}

// FuzzLines holds what is true of every text: records in order, each found again
// at its offset.
func FuzzLines(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a\"b,\"c\r\n\"d\"\",1\r\r\n", "\xFF\xFEa\x00,\x00", "\uFEFF,,,\n", "a;b\r\"c;\x9c1.00\r"} {
		f.Add([]byte(s), byte(','))
	}
	f.Fuzz(func(t *testing.T, data []byte, delimiter byte) {
		if delimiter != ',' && delimiter != ';' && delimiter != '\t' && delimiter != '|' {
			return
		}
		file, err := Open(bytes.NewReader(data), int64(len(data)), "fuzz", 1<<20)
		if err != nil || !file.IsText() {
			return
		}
		lines, end := file.Lines(delimiter), int64(0)
		for number := 1; ; number++ {
			_, rec, err := lines.Next()
			if err != nil {
				return
			}
			if rec.Number != number || rec.Offset < end || rec.Offset+int64(rec.Length) > int64(len(data))+2 {
				t.Fatalf("%+v after %d", rec, end)
			}
			end = rec.Offset + int64(rec.Length)
			if strings.HasPrefix(file.Encoding, "utf-16") {
				continue
			}
			if raw := file.text(data[rec.Offset:end]); raw != rec.Raw {
				t.Fatalf("record %d: %q, not %q", number, raw, rec.Raw)
			}
		}
	})
}
