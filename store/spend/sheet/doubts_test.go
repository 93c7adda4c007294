package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// lines writes n rows, each made of its number.
func lines(n int, row func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(row(i) + "\n")
	}
	return b.String()
}

func firm(i int) string {
	return []string{"Tern Ltd (sample)", "Knot Services plc", "Rail Group", "Coot and Sons (sample)", "Smew Solutions Ltd"}[i%5]
}

// What a table is in doubt about is asked; the rest is read.
func TestTablesThatAreInDoubt(t *testing.T) {
	for name, c := range map[string]struct {
		data  string
		asked string // part of the question; empty where it is read
		names int    // different suppliers
		lines int
	}{
		"headings one place to the left": {"Entity,Date,Area,Supplier,Ref,Amount\n" + lines(12, func(i int) string {
			return fmt.Sprintf("Marsh Police,PCC,%d/06/2012,Fleet,%s,R%d,%d.25", 13+i, firm(i), i, 500+i)
		}), "away from the columns", 5, 12},
		"headings one place to the right": {"Row,Entity,Date,Area,Supplier,Amount\n" + lines(12, func(i int) string {
			return fmt.Sprintf("Marsh Police,%d/06/2012,Fleet,%s,%d.25,", 13+i, firm(i), 500+i)
		}), "away from the columns", 5, 12},
		"headings where they belong": {"Entity,Date,Supplier,Amount\n" + lines(12, func(i int) string { return fmt.Sprintf("Marsh Police,%d/06/2012,%s,%d.25", 13+i, firm(i), 500+i) }), "", 5, 12},
		"a register of contracts": {"Reference,Title,Supplier,Start Date,End Date,Contract Value\n" + lines(12, func(i int) string {
			return fmt.Sprintf("C%d,Upkeep,%s,%d/04/2012,31/03/2015,%d", i, firm(i), 13+i, 5000+i)
		}), "register", 5, 12},
		"a register of grants":          {"Recipient,Award Date,Amount Awarded,Duration,Purpose\n" + lines(12, func(i int) string { return fmt.Sprintf("%s,%d/04/2012,%d.50,3 years,Upkeep", firm(i), 13+i, 5000+i) }), "register", 5, 12},
		"a register with yearly values": {"Contract Title,Supplier Name,Commencement Date,Review Date,Annual Value\n" + lines(12, func(i int) string { return fmt.Sprintf("Upkeep,%s,%d/04/2012,31/03/2015,%d", firm(i), 13+i, 5000+i) }), "register", 5, 12},
		"payments under contracts": {"Contract Reference,Supplier,Contract Start,Contract End,Payment Date,Amount\n" + lines(12, func(i int) string {
			return fmt.Sprintf("C%d,%s,01/04/2012,31/03/2015,%d/06/2012,%d.25", i, firm(i), 13+i, 500+i)
		}), "", 5, 12},
		"suppliers that are codes": {"Supplier,Date,Amount\n" + lines(12, func(i int) string { return fmt.Sprintf("CC%d,%d/06/2012,%d.25", 100+i%3, 13+i, 500+i) }), "codes", 3, 12},
		"suppliers that are departments": {"Supplier,Department,Date,Amount\n" + lines(12, func(i int) string {
			return fmt.Sprintf("Fleet %[1]c,Fleet %[1]c,%d/06/2012,%d.25", 'A'+i%2, 13+i, 500+i)
		}), "departments", 2, 12},
		"one department on every row, a firm beside it": {"Payee,Paid For,Date,Amount\n" + lines(12, func(i int) string {
			return fmt.Sprintf("Control Room,%s,%d/06/2012,%d.25", firm(i), 13+i, 500+i)
		}), "departments", 1, 12},
		"one department under an unknown heading": {"Payee supplier label,Date,Amount\n" + lines(12, func(i int) string { return fmt.Sprintf("Control Room,%d/06/2012,%d.25", 13+i, 500+i) }), "departments", 1, 12},
		"one firm on every row":                   {"Payee,Date,Amount\n" + lines(12, func(i int) string { return fmt.Sprintf("Tern Ltd (sample),%d/06/2012,%d.25", 13+i, 500+i) }), "", 1, 12},
		"every supplier withheld":                 {"Payee,Date,Amount\n" + lines(12, func(i int) string { return fmt.Sprintf("Redacted,%d/06/2012,%d.25", 13+i, 500+i) }), "", 1, 12},
		"headings below sixty notes":              {lines(60, func(i int) string { return fmt.Sprintf("Note %d,text", i) }) + "Supplier,Category,Date,Amount\n" + lines(90, func(i int) string { return fmt.Sprintf("%s,Hire,%d/06/2012,%d.25", firm(i), i%28+1, 500+i) }), "", 5, 90},
		"headings below blank and long notes":     {strings.Repeat(",,,\n", 30) + lines(44, func(i int) string { return fmt.Sprintf("Note %d", i) }) + "Supplier,Category,Date,Amount\n" + lines(90, func(i int) string { return fmt.Sprintf("%s,Hire,%d/06/2012,%d.25", firm(i), i%28+1, 500+i) }), "", 5, 90},
		"dollars in the heading":                  {"Supplier,Date,Amount ($)\n" + lines(12, func(i int) string { return fmt.Sprintf("%s,%d/06/2012,%d.25", firm(i), 13+i, 500+i) }), "dollars", 5, 12},
	} {
		t.Run(name, func(t *testing.T) {
			f := recognise(t, c.data)
			if asked := strings.Join(f.Sheets[0].Doubts, " "); (asked != "") != (c.asked != "") || !strings.Contains(asked, c.asked) {
				t.Errorf("asked %q", asked)
			}
			names := map[string]bool{}
			got := taking(t, f)
			for _, r := range got.rows {
				if r.Kind == Line {
					names[r.Text(Supplier)] = true
				}
			}
			if len(names) != c.names || got.sum.Lines != c.lines || got.sum.Undated+got.sum.UnreadableDate > 0 {
				t.Errorf("%d lines to %d suppliers, %d undated; %v", got.sum.Lines, len(names), got.sum.Undated+got.sum.UnreadableDate, f.Sheets[0].Mapping)
			}
		})
	}
}

func TestAmountsAreReadAsTheFileWritesThem(t *testing.T) {
	head := "Supplier;Date;VAT;Net Amount\n"
	for name, c := range map[string]struct {
		cells        [3]string
		pence        int64
		lines, blank int
	}{
		"points and commas turned": {[3]string{"1.500,00", "12,5", "1.000.000,25"}, 100151275, 3, 0},
		"commas before the pence":  {[3]string{"500,00", "600,25", "7"}, 110725, 3, 0},
		"with a sign and a minus":  {[3]string{"£1.500,00", "-12,50", "(3,25)"}, 148425, 3, 0},
		"as is usual here":         {[3]string{"1,500.00", "12.5", "7"}, 151950, 3, 0},
		"an accounting dash":       {[3]string{"500.00", " -   ", "£ -"}, 50000, 3, 0},
	} {
		data := head
		for i, cell := range c.cells {
			data += fmt.Sprintf("%s;%d/06/2012;;%s\n", firm(i), 13+i, cell)
		}
		f := recognise(t, data)
		if sum := taking(t, f).sum; sum.Pence != c.pence || sum.Lines != c.lines || sum.Rejected > 0 || !f.Sure() {
			t.Errorf("%s: %d lines of %d, rejected %v, %q", name, sum.Lines, sum.Pence, sum.Rejections, f.Sheets[0].Doubts)
		}
	}
	for _, blank := range []string{",,, -   \n", ",,£ -,£ -\n", ",,-,(-)\n", ",,–,\n"} {
		sum := taking(t, recognise(t, "Supplier,Date,VAT,Net Amount\nTern Ltd (sample),13/06/2012,1.00,5.00\n"+strings.Repeat(blank, 7))).sum
		if sum.Blank != 7 || sum.Lines != 1 || sum.Rejected > 0 {
			t.Errorf("%q: %d blank, %d lines, rejected %v", blank, sum.Blank, sum.Lines, sum.Rejections)
		}
	}
}

func TestASecondTableUnderOtherHeadings(t *testing.T) {
	first := "Ref,Date,Category,Supplier,Class,Amount\n" + lines(8, func(i int) string { return fmt.Sprintf("T%d,%d/06/2012,IT,%s,Hire,%d.25", i, 13+i, firm(i), 500+i) })
	for name, second := range map[string]string{
		"one column fewer":    "\nRef,Date,Category,Supplier,Amount\nU1,21/06/2012,IT,Smew Ltd (sample),100.25\nU2,22/06/2012,IT,Smew Ltd (sample),200.25\n",
		"one column more":     "Ref,Date,Category,Notes,Supplier,Class,Amount\nU1,21/06/2012,IT,x,Smew Ltd (sample),Hire,100.25\nU2,22/06/2012,IT,x,Smew Ltd (sample),Hire,200.25\n",
		"in another order":    "\n\nAmount,Supplier,Date\n100.25,Smew Ltd (sample),21/06/2012\n200.25,Smew Ltd (sample),22/06/2012\n",
		"in other words":      "Supplier Name,Net Amount,Date Paid\nSmew Ltd (sample),100.25,21/06/2012\nSmew Ltd (sample),200.25,22/06/2012\n",
		"and back to its own": "Amount,Supplier,Date\n100.25,Smew Ltd (sample),21/06/2012\nRef,Date,Category,Supplier,Class,Amount\nU2,22/06/2012,IT,Smew Ltd (sample),Hire,200.25\n",
	} {
		got := taking(t, recognise(t, first+second))
		if got.sum.Lines != 10 || got.sum.Rejected != got.sum.Headings || got.sum.Undated > 0 || got.sum.Last.String() != "2012-06-22" {
			t.Errorf("%s: %d lines, rejected %v, to %s", name, got.sum.Lines, got.sum.Rejections, got.sum.Last)
		}
		if last := got.rows[len(got.rows)-1]; last.Amount != 20025 || last.Text(Supplier) != "Smew Ltd (sample)" {
			t.Errorf("%s: %+v", name, last)
		}
	}
}

func TestADateUnderTheNextHeadingLeavesAPayment(t *testing.T) {
	head := "Family,Date,Type,Area,Supplier,Ref,Amount,Postcode\n"
	whole := func(i int) string {
		return fmt.Sprintf("Marsh,%d/06/2012,IT,Ops,%s,90%02d,%d.25,MA1", 13+i, firm(i), i, 500+i)
	}
	for name, row := range map[string]string{
		"short":              "Marsh,Legal,28/06/2012,Ops,Smew Ltd (sample),9090,900.25",
		"before its heading": "28/06/2012,Legal,IT,Ops,Smew Ltd (sample),9090,900.25",
		"and no reference":   "Marsh,Legal,28/06/2012,Ops,Smew Ltd (sample),,900.25",
	} {
		got := taking(t, recognise(t, head+lines(10, whole)+row+"\n"))
		if got.sum.Lines != 11 || got.rows[10].Date.String() != "2012-06-28" || got.rows[10].Amount != 90025 {
			t.Errorf("%s: rejected %v, %+v", name, got.sum.Rejections, got.rows[10])
		}
	}
	short := func(i int) string {
		return fmt.Sprintf("Marsh,Legal,%d/06/2012,Ops,%s,90%02d,%d.25", 20+i, firm(i), i, 500+i)
	}
	if sum := taking(t, recognise(t, head+lines(7, whole)+lines(5, short))).sum; sum.Lines != 12 || sum.Undated+sum.UnreadableDate > 0 {
		t.Errorf("few rows: rejected %v", sum.Rejections)
	}
	if sum := taking(t, recognise(t, head+lines(10, whole)+"Marsh,28/06/2012900.25,Ops,Smew Ltd (sample),9090,12,MA1\n")).sum; sum.Rejected != 1 {
		t.Errorf("a date run together with the amount: %+v", sum)
	}
}

func TestARefusalSaysWhy(t *testing.T) {
	head := "Supplier,Date,Net Amount\n"
	for name, c := range map[string]struct{ data, says string }{
		"dollars":               {head + lines(9, func(i int) string { return fmt.Sprintf("%s,%d/06/2012,\"$%d,000.50 \"", firm(i), 13+i, i+1) }), "dollars"},
		"dollars, with letters": {head + lines(9, func(i int) string { return fmt.Sprintf("%s,%d/06/2012,USD %d.50", firm(i), 13+i, i+1) }), "dollars"},
		"euros":                 {head + lines(9, func(i int) string { return fmt.Sprintf("%s,%d/06/2012,€%d.50", firm(i), 13+i, i+1) }), "euros"},
		"headings alone":        {head, "no column of amounts"},
	} {
		_, err := Recognise(strings.NewReader(c.data), int64(len(c.data)), name, 0)
		if !errors.As(err, new(Refusal)) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestANilReturnIsToldFromAnEmptyTable(t *testing.T) {
	head := "Supplier,Date,Net Amount\n"
	for data, nothing := range map[string]bool{
		"Marsh Police\n,,\n" + head + ",,\nNIL RETURN,,\n": true, head + "Nothing to report this month,,\n": true, head + ",No payments over £500,\n": true, head + "Nil,,\n": true, head + "None,,Nil\n": true,
		head + "Nil,13/06/2012,5.00\n": false, head + "Nile Ltd (sample),13/06/2012,5.00\n": false,
	} {
		f := recognise(t, data)
		sum, err := f.Rows(func(*Row) error { return nil })
		if f.Nil != nothing || err != nil || (sum.Lines == 0) != nothing {
			t.Errorf("%q: nil %v, %d lines, %v", data, f.Nil, sum.Lines, err)
		}
	}
}

// oneSheet is a workbook of one worksheet, changed by whoever makes it.
func oneSheet(t *testing.T, change func(b *excelize.File)) *File {
	t.Helper()
	b := excelize.NewFile()
	defer b.Close()
	for i, row := range [][]any{{"Supplier", "Payment Date", "Purpose", "Net Amount"}, {"Tern Ltd (sample)", "13/06/2012", "Masts", 100.25}, {"", "14/06/2012", "Masts", 200.25}, {"", "15/06/2012", "Ropes", 300.25}, {"Knot Ltd (sample)", "16/06/2012", "Ropes", 400.25}} {
		if err := b.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	change(b)
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	f, err := Recognise(bytes.NewReader(out.Bytes()), int64(out.Len()), "a.xlsx", 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestMergedCellsGoToAllTheirRows(t *testing.T) {
	for name, ranges := range map[string][2]string{"a supplier": {"A2", "A4"}, "a supplier and more": {"A2", "A3"}} {
		f := oneSheet(t, func(b *excelize.File) {
			if err := b.MergeCell("Sheet1", ranges[0], ranges[1]); err != nil {
				t.Fatal(err)
			}
			if err := b.MergeCell("Sheet1", "C2", "C3"); err != nil {
				t.Fatal(err)
			}
		})
		got := taking(t, f)
		want := map[string]string{"A4": "Tern Ltd (sample)", "A3": ""}[ranges[1]]
		if got.rows[1].Text(Supplier) != "Tern Ltd (sample)" || got.rows[2].Text(Supplier) != want || got.rows[3].Text(Supplier) != "Knot Ltd (sample)" || got.sum.Pence != 100100 {
			t.Errorf("%s: %+v", name, got.rows)
		}
	}
	f := oneSheet(t, func(b *excelize.File) {
		if err := b.MergeCell("Sheet1", "D2", "D3"); err != nil {
			t.Fatal(err)
		}
	})
	if sum := taking(t, f).sum; sum.Pence != 80075 || sum.Lines != 3 || sum.Rejected != 1 {
		t.Errorf("an amount is paid once: %+v", sum)
	}
}

func TestFormulasThatNobodyCalculatedAreSaidToBe(t *testing.T) {
	b := excelize.NewFile()
	defer b.Close()
	for i, row := range [][]any{{"Supplier", "Payment Date", "Net Amount"}, {"Tern Ltd (sample)", "13/06/2012"}, {"Knot Ltd (sample)", "14/06/2012"}} {
		if err := b.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			if err := b.SetCellFormula("Sheet1", fmt.Sprintf("C%d", i+1), "100+1"); err != nil {
				t.Fatal(err)
			}
		}
	}
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	_, err := Recognise(bytes.NewReader(out.Bytes()), int64(out.Len()), "a.xlsx", 0)
	if !errors.As(err, new(Refusal)) || !strings.Contains(err.Error(), "never calculated") {
		t.Errorf("%v", err)
	}
}
