package sheet

import (
	"encoding/csv"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// published is the folder of files as real bodies published them. They name
// private people and are never part of this repository.
func published(t testing.TB) string {
	t.Helper()
	dir, err := filepath.Abs("../../../../shared/data/spend")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the published files are not beside this repository: %v", err)
	}
	return dir
}

func openFile(t testing.TB, path string) (*File, error) {
	t.Helper()
	r, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	info, err := r.Stat()
	if err != nil {
		t.Fatal(err)
	}
	f, err := Recognise(r, info.Size(), filepath.Base(path), 512<<20)
	if err == nil {
		t.Cleanup(func() { _ = f.Close() })
	}
	return f, err
}

func readAll(t testing.TB, f *File) *Summary {
	t.Helper()
	sum, err := f.Rows(func(*Row) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func TestPublishedFilesGiveTheLinesAndSumsOfAnIndependentReading(t *testing.T) {
	dir := published(t)
	r, err := os.Open(filepath.Join(dir, "expected.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		want := map[string]string{}
		for i, name := range rows[0] {
			want[name] = row[i]
		}
		t.Run(want["file"], func(t *testing.T) { checkPublished(t, dir, want) })
	}
}

func checkPublished(t *testing.T, dir string, want map[string]string) {
	f, err := openFile(t, filepath.Join(dir, want["file"]))
	if want["records"] == "0" {
		var refusal Refusal
		if !errors.As(err, &refusal) {
			t.Fatalf("an empty file gave %v", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	sum := readAll(t, f)
	s := f.Sheets[0]
	names := map[string]string{"cp1252": "windows-1252"}
	encoding := want["encoding"]
	if n := names[encoding]; n != "" {
		encoding = n
	}
	heading := func(field Field) string {
		if c := s.column(field); c >= 0 {
			return s.Header[c]
		}
		return "(none)"
	}
	if !s.Sure {
		t.Errorf("in doubt: %q", s.Doubts)
	}
	stated := want["total_stated_in_file"]
	if want["file"] == "lambeth/2011-11-payments.csv" {
		stated = "38293628.86"
		if sum.Agrees == nil || *sum.Agrees {
			t.Error("the file agrees with its Grand Total, though part of it is swallowed")
		}
	}
	got := ""
	if sum.Stated != nil {
		got = pounds2(*sum.Stated)
	}
	for _, c := range [][3]string{
		{"encoding", f.Encoding, encoding},
		{"header record", strconv.Itoa(s.HeaderRecord), want["header_record"]},
		{"amount column", heading(Amount), strings.TrimSpace(want["amount_column"])},
		{"supplier column", heading(Supplier), want["supplier_column"]},
		{"date column", heading(DatePaid), want["date_column"]},
		{"lines", strconv.Itoa(sum.Lines), want["data_rows_with_amount"]},
		{"sum", pounds2(sum.Pence), want["sum_of_amounts"]},
		{"blank", strconv.Itoa(sum.Blank), want["blank_records"]},
		{"rejected", strconv.Itoa(sum.Rejected), want["records_without_readable_amount"]},
		{"total rows", strconv.Itoa(sum.Totals), want["total_rows_excluded"]},
		{"negative", strconv.Itoa(sum.Negative), want["negative_rows"]},
		{"stated", got, stated},
	} {
		if c[1] != c[2] {
			t.Errorf("%s: %s, want %s", c[0], c[1], c[2])
		}
	}
	if sum.UnreadableDate+sum.Rounded > 0 {
		t.Errorf("%d unreadable dates, %d rounded amounts", sum.UnreadableDate, sum.Rounded)
	}
	t.Logf("%v %s to %s, undated %d, redacted %d, mapping %v", f.LineEnds, sum.First, sum.Last, sum.Undated, sum.Redacted, s.Mapping)
}

func pounds2(pence int64) string {
	return new(big.Rat).SetFrac64(pence, 100).FloatString(2)
}

func TestEachWorksheetIsTheSumOfItsColumnReadIndependently(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(published(t), "*", "*.xlsx"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no workbooks: %v", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) { checkWorkbook(t, path) })
	}
}

func checkWorkbook(t *testing.T, path string) {
	f, err := openFile(t, path)
	if err != nil {
		t.Fatal(err)
	}
	sum := readAll(t, f)
	for i, s := range sum.Sheets {
		lines, pence := independently(t, path, s.Name)
		if s.Lines != lines || pounds2(s.Pence) != pence || !f.Sheets[i].Sure {
			t.Errorf("%s: %d lines of %s, want %d of %s; %q", s.Name, s.Lines, pounds2(s.Pence), lines, pence, f.Sheets[i].Doubts)
		}
		if s.UnreadableDate+s.Rounded+s.Rejected > 0 {
			t.Logf("%s: %d unreadable dates, %d rounded, rejected %v", s.Name, s.UnreadableDate, s.Rounded, s.Rejections)
		}
	}
	t.Logf("%d lines, %s", sum.Lines, pounds2(sum.Pence))
}

// independently adds up the third column as decimals, below one heading row.
func independently(t *testing.T, path, name string) (int, string) {
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows(name, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	lines, sum := 0, new(big.Rat)
	for _, row := range rows[1:] {
		if len(row) < 3 || strings.TrimSpace(row[2]) == "" || len(row) == 3 && row[0] == "" && row[1] == "" {
			continue
		}
		n, ok := new(big.Rat).SetString(row[2])
		if !ok {
			t.Logf("%s: not an amount in column 3", name)
			continue
		}
		lines++
		sum.Add(sum, n)
	}
	return lines, sum.FloatString(2)
}

// Published files with their headings moved below the data or lost must come to
// the same sum, or be asked about.
func TestPublishedFilesWithoutTheirHeadings(t *testing.T) {
	dir := published(t)
	for _, name := range []string{
		"tidied/cabinet-office-2019-08.csv", "g-cloud/G-Cloud-Total-Spend-13-12-13.csv", "hyndburn/2017-01.csv", "hyndburn/2024-11.csv",
		"lancashire-pcc/2018-19-May18.csv", "leeds/2012-11.csv", "oxford/expenditure-over-500-jan-mar-2014.csv", "tidied/gateshead-2011-02.csv",
	} {
		t.Run(name, func(t *testing.T) { withoutHeadings(t, filepath.Join(dir, name)) })
	}
}

func withoutHeadings(t *testing.T, path string) {
	f, err := openFile(t, path)
	if err != nil {
		t.Fatal(err)
	}
	want := readAll(t, f)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	i := strings.IndexAny(string(data), "\r\n")
	head, body := string(data[:i]), strings.TrimLeft(string(data[i:]), "\r\n")
	end := string(data[i : i+1])
	if end == "\r" && data[i+1] == '\n' {
		end = "\r\n"
	}
	last := recognise(t, strings.TrimRight(body, "\r\n")+end+head+end)
	if sum := readAll(t, last); sum.Pence != want.Pence || sum.Lines != want.Lines || !last.Sure() || last.Sheets[0].HeaderRecord != want.Lines+want.Rejected+want.Blank+1 {
		t.Errorf("headings last: %d lines of %s, header %d, sure %v %q", sum.Lines, pounds2(sum.Pence), last.Sheets[0].HeaderRecord, last.Sure(), last.Sheets[0].Doubts)
	}
	none := recognise(t, body)
	if sum := readAll(t, none); none.Sure() && sum.Pence != want.Pence {
		t.Errorf("no headings: %s of %s and sure of it", pounds2(sum.Pence), pounds2(want.Pence))
	}
	t.Logf("without headings: sure %v, %v, %q", none.Sure(), none.Sheets[0].Mapping, none.Sheets[0].Doubts)
}
