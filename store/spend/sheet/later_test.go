package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// textOf writes rows as a text file.
func textOf(rows [][]any) string {
	var b strings.Builder
	for _, row := range rows {
		for i, c := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			if c != nil {
				fmt.Fprint(&b, c)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// bothKinds reads rows as CSV and as XLSX.
func bothKinds(t *testing.T, rows [][]any, look func(kind string, f *File)) {
	t.Helper()
	look("csv", recognise(t, textOf(rows)))
	data := workbook(t, []string{"Jun"}, map[string][][]any{"Jun": rows})
	f, err := Recognise(bytes.NewReader(data), int64(len(data)), "book.xlsx", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	look("xlsx", f)
}

func TestATableAboveAWiderOneIsRead(t *testing.T) {
	for _, n := range [][2]int{{2, 2}, {1, 1}, {35, 5}, {5, 35}, {20, 20}, {100, 100}} {
		for _, title := range []string{"", "Payments by card (sample)"} {
			rows := [][]any{{"Supplier", "Date", "Amount"}}
			for i := range n[0] {
				rows = append(rows, []any{fmt.Sprintf("Heron %d Ltd (sample)", i), "13/06/2012", fmt.Sprintf("%d.50", 500+i)})
			}
			rows = append(rows, []any{})
			if title != "" {
				rows = append(rows, []any{title})
			}
			rows = append(rows, []any{"Ref", "Date", "Category", "Supplier", "Amount"})
			for i := range n[1] {
				rows = append(rows, []any{fmt.Sprintf("T%d", i), "15/06/2012", "IT", fmt.Sprintf("Teal %d Ltd (sample)", i), fmt.Sprintf("%d.50", 700+i)})
			}
			bothKinds(t, rows, func(kind string, f *File) {
				got := taking(t, f)
				pence := int64(n[0]*50050 + n[1]*70050 + 50*n[0]*(n[0]-1) + 50*n[1]*(n[1]-1))
				if got.sum.Lines != n[0]+n[1] || got.sum.Pence != pence || got.sum.Undated+got.sum.UnreadableDate > 0 || !f.Sure() {
					t.Errorf("%s %v %q: %d lines of %d, not %d; %q", kind, n, title, got.sum.Lines, got.sum.Pence, pence, f.Sheets[0].Doubts)
				}
				for _, r := range got.rows {
					if r.Kind == Line && !strings.HasSuffix(r.Text(Supplier), "Ltd (sample)") {
						t.Fatalf("%s %v: supplier %q", kind, n, r.Text(Supplier))
					}
				}
			})
		}
	}
}
