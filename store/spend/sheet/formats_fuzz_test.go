package sheet

import (
	"bytes"
	"runtime"
	"testing"
	"time"
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
	file, err := Recognise(bytes.NewReader(data), int64(len(data)), name, 1<<20)
	if err == nil {
		defer file.Close()
		checkRows(t, file, data)
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
	f.Add(asOld(payments(), false, 8224))
	f.Add(asOld(payments(), true, 30))
	f.Add(asOld(rowsOf(3, func(int) any { return formulaA{} }), false, 8224))
	f.Add(asXLS(payments()))
	f.Add(locked())
	f.Fuzz(func(t *testing.T, data []byte) {
		checkBounded(t, "fuzz.xls", compound("Workbook", data))
		checkBounded(t, "fuzz.xls", append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), data[min(8, len(data)):]...))
	})
}

// FuzzODS changes the part of an OpenDocument spreadsheet that holds its cells,
// and the flat form.
func FuzzODS(f *testing.F) {
	f.Add(odsContent("document-content", payments()))
	f.Add(odsContent("document", rowsOf(3, func(int) any { return formulaA{} })))
	f.Add(string(asMarkup(payments())))
	f.Add(`<table:table><table:table-row table:number-rows-repeated="9999"><table:table-cell table:number-columns-repeated="99999999999999999999" office:value-type="float" office:value="1"/></table:table-row></table:table>`)
	f.Fuzz(func(t *testing.T, content string) {
		checkBounded(t, "fuzz.ods", odsOf(t, content, nil))
		checkBounded(t, "fuzz.fods", []byte(content))
	})
}
