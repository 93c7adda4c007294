package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/book/booktest"
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
	data := booktest.Workbook(t, []string{"Jun"}, map[string][][]any{"Jun": rows})
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

func TestATableThatSumsUpThePaymentsAboveIsLeftOut(t *testing.T) {
	paid := [][]any{{"Supplier", "Date", "Directorate", "Amount"}, {"Avocet Ltd (sample)", "13/06/2012", "Estates", "500.25"},
		{"Smew Ltd (sample)", "14/06/2012", "IT", "610.00"}, {"Avocet Ltd (sample)", "15/06/2012", "IT", "40.00"}, {}}
	for name, c := range map[string]struct {
		rows  [][]any
		sure  bool
		lines int
	}{
		"by supplier":          {[][]any{{"Supplier", "Amount"}, {"Avocet Ltd (sample)", "540.25"}, {"Smew Ltd (sample)", "610.00"}}, true, 3},
		"with a total":         {[][]any{{"Supplier", "Amount"}, {"Avocet Ltd (sample)", "540.25"}, {"Smew Ltd (sample)", "610.00"}, {"Total", "1150.25"}}, true, 3},
		"by directorate":       {[][]any{{"Directorate", "Amount"}, {"Estates", "500.25"}, {"IT", "650.00"}}, true, 3},
		"of some suppliers":    {[][]any{{"Supplier", "Amount"}, {"Avocet Ltd (sample)", "540.25"}}, true, 3},
		"without headings":     {[][]any{{"Avocet Ltd (sample)", nil, nil, "540.25"}, {"Smew Ltd (sample)", nil, nil, "610.00"}}, true, 3},
		"a penny off":          {[][]any{{"Supplier", "Amount"}, {"Avocet Ltd (sample)", "540.26"}, {"Smew Ltd (sample)", "610.00"}}, false, 5},
		"undated payments":     {[][]any{{"Teal Ltd (sample)", nil, "IT", "540.25"}, {"Knot Ltd (sample)", nil, "IT", "61.00"}}, true, 5},
		"more with dates":      {[][]any{{"Avocet Ltd (sample)", "16/06/2012", "IT", "540.25"}, {"Smew Ltd (sample)", "16/06/2012", "IT", "610.00"}}, true, 5},
		"other dated headings": {[][]any{{"Date", "Supplier", "Amount"}, {"16/06/2012", "Avocet Ltd (sample)", "540.25"}, {"16/06/2012", "Smew Ltd (sample)", "610.00"}}, true, 5},
	} {
		bothKinds(t, append(paid[:5:5], c.rows...), func(kind string, f *File) {
			got := taking(t, f)
			if got.sum.Lines != c.lines || f.Sure() != c.sure || c.lines == 3 && got.sum.Pence != 115025 {
				t.Errorf("%s, %s: %d lines of %d, sure %v: %q", name, kind, got.sum.Lines, got.sum.Pence, f.Sure(), f.Sheets[0].Doubts)
			}
			if told := len(f.Sheets[0].Notices) > 0; told != (c.lines == 3) {
				t.Errorf("%s, %s: %q", name, kind, f.Sheets[0].Notices)
			}
		})
	}
	short := "Supplier,Amount\nAvocet Ltd (sample),500.00\nSmew Ltd (sample),610.00\nAvocet Ltd (sample),40.00\n\nAvocet Ltd (sample),540.00\nSmew Ltd (sample),610.00\n"
	if sum := taking(t, recognise(t, short)).sum; sum.Lines != 3 || sum.Pence != 115000 {
		t.Errorf("without dates: %d lines of %d", sum.Lines, sum.Pence)
	}
}

func TestASupplierOnTheFirstRowOfItsGroupIsAskedAbout(t *testing.T) {
	head := "Supplier,Date,Amount\n"
	group := "Tern Ltd (sample),13/06/2012,5.00\n,14/06/2012,6.00\n,15/06/2012,7.00\nKnot Ltd (sample),13/06/2012,8.00\n,16/06/2012,9.50\n"
	if f := recognise(t, head+group); f.Sure() || !strings.Contains(f.Sheets[0].Doubts[0], "3 payments have no supplier") {
		t.Errorf("%q", f.Sheets[0].Doubts)
	}
	if f := recognise(t, head+strings.ReplaceAll(group, "\n,", "\nTern Ltd (sample),")); !f.Sure() {
		t.Errorf("%q", f.Sheets[0].Doubts)
	}
}
