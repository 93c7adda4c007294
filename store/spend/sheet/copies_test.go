package sheet

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/police-ict/handover/store/book/booktest"
)

func TestACopyOfAWorksheetIsReadOnce(t *testing.T) {
	head := []any{"Supplier", "Payment Date", "Net Amount"}
	rows := [][]any{head}
	for i := range 9 {
		rows = append(rows, []any{fmt.Sprintf("Tern %d Ltd (sample)", i), fmt.Sprintf("%d/06/2012", 13+i), 100.25 + float64(i)})
	}
	turned := slices.Clone(rows)
	slices.Reverse(turned[1:])
	var numbered, swapped, counted, other [][]any
	for i, r := range rows {
		numbered = append(numbered, append([]any{fmt.Sprint(i)}, r...))
		swapped = append(swapped, []any{r[2], "note", r[0], r[1]})
		one := slices.Clone(r)
		if i > 0 {
			one[1] = 41072 + i
		}
		counted = append(counted, one)
		next := slices.Clone(r)
		if i > 0 {
			next[1] = fmt.Sprintf("%d/07/2012", 12+i)
		}
		other = append(other, next)
	}
	for name, c := range map[string]struct {
		second    [][]any
		out, sure bool
	}{
		"with a number":            {numbered, true, true},
		"in another order":         {turned, true, true},
		"with columns turned":      {swapped, true, true},
		"with days counted":        {counted, true, true},
		"the same of another day":  {other, false, true},
		"all but one":              {rows[:9], false, false},
		"one more and one changed": {append(slices.Clone(turned), []any{"Knot Ltd (sample)", "28/06/2012", 7.5}), false, false},
	} {
		data := booktest.Workbook(t, []string{"Jun", "Second"}, map[string][][]any{"Jun": rows, "Second": c.second})
		f, err := Recognise(bytes.NewReader(data), int64(len(data)), name, 0)
		if err != nil {
			t.Fatal(err)
		}
		if out := f.Sheets[1].LeftOut != ""; out != c.out || f.Sure() != c.sure {
			t.Errorf("%s: left out %q, sure %v %q", name, f.Sheets[1].LeftOut, f.Sure(), f.Sheets[1].Doubts)
		}
		if err := f.Understand(Options{Sheet: "Second"}); err != nil || !f.Sure() || f.Sheets[1].LeftOut != "" || f.Sheets[0].LeftOut == "" {
			t.Errorf("%s: the second was asked for: %v, %q, %v", name, err, f.Sheets[1].LeftOut, f.Sure())
		}
		_ = f.Close()
	}
}

func TestTheSamePaymentsWithOtherReferencesAreNoCopy(t *testing.T) {
	for column, c := range map[string]struct {
		one, two string
		copied   bool
	}{"Ref": {"A", "B", false}, "Directorate": {"Estates", "IT", false}, "Category": {"Fuel", "Fuel", true}, "Whatever (sample)": {"x", "y", false}} {
		var sheets [2][][]any
		for k, text := range []string{c.one, c.two} {
			sheets[k] = [][]any{{column, "Supplier", "Payment Date", "Net Amount"}}
			for i := range 9 {
				cell := text
				if column == "Ref" {
					cell += fmt.Sprint(i)
				}
				sheets[k] = append(sheets[k], []any{cell, "Tern Ltd (sample)", fmt.Sprintf("%d/06/2012", 13+i), 100.25})
			}
		}
		data := booktest.Workbook(t, []string{"First", "Second"}, map[string][][]any{"First": sheets[0], "Second": sheets[1]})
		f, err := Recognise(bytes.NewReader(data), int64(len(data)), "book.xlsx", 0)
		if err != nil {
			t.Fatal(err)
		}
		if out := f.Sheets[1].LeftOut != ""; out != c.copied || f.Sure() != c.copied {
			t.Errorf("%s: left out %q, sure %v", column, f.Sheets[1].LeftOut, f.Sure())
		}
		_ = f.Close()
	}
}
