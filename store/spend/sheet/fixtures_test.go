package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	utf16 "golang.org/x/text/encoding/unicode"

	"github.com/police-ict/handover/store/book"
)

// Suppliers in these tests are invented.

func recognise(t testing.TB, data string) *File {
	t.Helper()
	f, err := Recognise(strings.NewReader(data), int64(len(data)), "fixture.csv", 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

type taken struct {
	sum  *Summary
	rows []Row
}

func taking(t testing.TB, f *File) taken {
	t.Helper()
	var got taken
	sum, err := f.Rows(func(r *Row) error {
		got.rows = append(got.rows, *r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	got.sum = sum
	return got
}

const plainHead = "Body Name,Payment Date,Supplier Name,Transaction No,Net Amount\n"

// plainRows are n ordinary rows below plainHead, each of 100.50.
func plainRows(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "Marsh Police,%02d/06/2012,Heron Widgets Ltd,T%d,100.50\n", i%28+1, 1000+i)
	}
	return b.String()
}

func in(t *testing.T, table *charmap.Charmap, s string) string {
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

func TestOneTableIsTheSameInEveryEncoding(t *testing.T) {
	text := "Body,Date paid,Supplier,Amount (£)\nMarsh,01/06/2012,Café Énorme’s Ltd,£10.00\nMarsh,02/06/2012,Heron Ltd,£5.50\n"
	dos := strings.ReplaceAll(text, "’", "'")
	mac := strings.ReplaceAll(text, "\n", "\r")
	for name, c := range map[string]struct{ data, encoding string }{
		"UTF-8":                 {text, "utf-8"},
		"UTF-8 with a mark":     {"\uFEFF" + text, "utf-8-sig"},
		"UTF-16 little":         {sixteen(t, utf16.LittleEndian, utf16.UseBOM, text), "utf-16le"},
		"UTF-16 big":            {sixteen(t, utf16.BigEndian, utf16.UseBOM, text), "utf-16be"},
		"UTF-16 without a mark": {sixteen(t, utf16.LittleEndian, utf16.IgnoreBOM, text), "utf-16le"},
		"windows-1252":          {in(t, charmap.Windows1252, text), "windows-1252"},
		"DOS":                   {in(t, charmap.CodePage850, dos), "cp850"},
		"Mac":                   {in(t, charmap.Macintosh, mac), "mac_roman"},
	} {
		t.Run(name, func(t *testing.T) {
			f := recognise(t, c.data)
			got := taking(t, f)
			if f.Encoding != c.encoding || got.sum.Pence != 1550 || got.sum.Lines != 2 || !f.Sure() {
				t.Errorf("%s, %d pence in %d lines, sure %v %q", f.Encoding, got.sum.Pence, got.sum.Lines, f.Sure(), f.Sheets[0].Doubts)
			}
			if s := strings.ReplaceAll(got.rows[0].Text(Supplier), "'", "’"); s != "Café Énorme’s Ltd" {
				t.Errorf("supplier %q", s)
			}
			for _, r := range got.rows {
				raw := c.data[r.Offset : r.Offset+int64(r.Length)]
				if strings.HasPrefix(c.encoding, "utf-16") {
					raw = strings.ReplaceAll(raw, "\x00", "")
				}
				if !strings.HasPrefix(raw, "Marsh,0") || !strings.HasPrefix(r.Raw, "Marsh,0") || strings.ContainsAny(raw, "\r\n") {
					t.Errorf("at %d stands %q, raw %q", r.Offset, raw, r.Raw)
				}
			}
		})
	}
}

func TestAFewLettersTellTheEncoding(t *testing.T) {
	for _, name := range []string{"Café Ltd", "CAFÉ LTD", "Énorme Ltd", "Citroën Hire", "Peña & Núñez", "RENÉE LTD", "Heron’s", "HERON’S LTD", "North – South", "North–South", "“Heron” Ltd", "Fañch", "Müller GmbH", "Ynys Môn", "Tŷ Gŵyr"} {
		for encoding, table := range map[string]*charmap.Charmap{"windows-1252": charmap.Windows1252, "cp850": charmap.CodePage850, "mac_roman": charmap.Macintosh} {
			written, err := table.NewEncoder().String(name)
			if err != nil {
				continue
			}
			f := recognise(t, plainHead+plainRows(5)+"Marsh,01/06/2012,"+written+",1,1.00\n")
			if got := taking(t, f).rows[5].Text(Supplier); got != name {
				t.Errorf("%q in %s is read in %s as %q", name, encoding, f.Encoding, got)
			}
		}
	}
}

func TestAFewStrayBytesLeaveAFileUTF8(t *testing.T) {
	f := recognise(t, plainHead+strings.Repeat("Marsh,01/06/2012,Café Ltd,1,1.00\n", 20)+"Marsh,01/06/2012,Caf\xe9 Ltd,1,1.00\n")
	got := taking(t, f)
	if f.Encoding != "utf-8" || got.rows[0].Text(Supplier) != "Café Ltd" || got.rows[20].Text(Supplier) != "Café Ltd" {
		t.Errorf("%s: %q, %q", f.Encoding, got.rows[0].Text(Supplier), got.rows[20].Text(Supplier))
	}
}

func TestTables(t *testing.T) {
	for name, c := range map[string]struct {
		data                   string
		header                 int
		lines                  int
		pence                  int64
		rejected, blank, total int
		sure                   bool
	}{
		"plain":                   {plainHead + plainRows(4), 1, 4, 40200, 0, 0, 0, true},
		"semicolons":              {strings.ReplaceAll(plainHead+plainRows(4), ",", ";"), 1, 4, 40200, 0, 0, 0, true},
		"tabs":                    {strings.ReplaceAll(plainHead+plainRows(4), ",", "\t"), 1, 4, 40200, 0, 0, 0, true},
		"bars":                    {strings.ReplaceAll(plainHead+plainRows(4), ",", "|"), 1, 4, 40200, 0, 0, 0, true},
		"bare carriage returns":   {strings.ReplaceAll(plainHead+plainRows(4), "\n", "\r"), 1, 4, 40200, 0, 0, 0, true},
		"mixed line ends":         {strings.Replace(plainHead, "\n", "\r\n", 1) + strings.ReplaceAll(plainRows(4), "\n", "\r"), 1, 4, 40200, 0, 0, 0, true},
		"twice-written line ends": {strings.ReplaceAll(plainHead+plainRows(4), "\n", "\r\r\n"), 1, 4, 40200, 0, 0, 0, true},
		"no last line end":        {plainHead + strings.TrimSuffix(plainRows(4), "\n"), 1, 4, 40200, 0, 0, 0, true},
		"end-of-file mark":        {plainHead + plainRows(4) + "\x1a", 1, 4, 40200, 0, 1, 0, true},
		"nine titles":             {strings.Repeat("Marsh Police payments,,,,\n", 8) + "\n" + plainHead + plainRows(4), 10, 4, 40200, 0, 0, 0, true},
		"header in the last row":  {plainRows(4) + plainHead, 5, 4, 40200, 0, 0, 0, true},
		"last row, blanks after":  {plainRows(700) + plainHead + ",,,,\n,,,,\n", 701, 700, 7035000, 0, 2, 0, true},
		"no header":               {plainRows(4), 0, 4, 40200, 0, 0, 0, true},
		"padded and misspelt":     {"Body,Paymnet Date, Suplier Name ,Ref,  NetAmmount  \n" + plainRows(4), 1, 4, 40200, 0, 0, 0, true},
		"first heading wrong":     {"+,Payment Date,Supplier Name,Ref,Net Amount\n" + plainRows(4), 1, 4, 40200, 0, 0, 0, true},
		"amount not named":        {"Body Name,Payment Date,Supplier Name,Ref,\n" + plainRows(4), 1, 4, 40200, 0, 0, 0, true},
		"two header rows":         {"Body,Payment,Supplier,Transaction,Net\nName,Date,Name,No,Amount\n" + plainRows(4), 1, 4, 40200, 0, 0, 0, true},
		"a row of units":          {plainHead + ",dd/mm/yyyy,,,(£)\n" + plainRows(4), 1, 4, 40200, 0, 0, 0, true},
		"header on each page":     {plainHead + plainRows(4) + "\n" + plainHead + plainRows(4), 1, 8, 80400, 1, 1, 0, true},
		"spacers":                 {"Body,,Date,,Supplier,,Amount\nMarsh,,21/06/2012,,Heron Ltd,,1.00\nMarsh,,21/06/2012,,Heron Ltd,,2.00\n", 1, 2, 300, 0, 0, 0, true},
		"blanks by the thousand":  {plainHead + plainRows(4) + strings.Repeat(",,,,\n", 40000), 1, 4, 40200, 0, 40000, 0, true},
		"blanks before the data":  {plainHead + strings.Repeat(",,,,\n", 3000) + plainRows(4), 1, 4, 40200, 0, 3000, 0, true},
		"stray record":            {plainHead + plainRows(4) + ",,xxx,,\n", 1, 4, 40200, 1, 0, 0, true},
		"fused":                   {"Body,Date,Amount,Supplier\n" + strings.Repeat("Marsh,21/06/2012,5.00,Heron Ltd\n", 10) + strings.Repeat("Marsh,25/06/2012900,Heron Ltd\n", 300), 1, 10, 5000, 300, 0, 0, true},
		"fused in the last cell":  {"Supplier,Body,Date,Amount\n" + strings.Repeat("Heron Ltd,Marsh,21/06/2012,5.00\n", 30) + strings.Repeat("Heron Ltd,Marsh,25/06/2012900\n", 300), 1, 30, 15000, 300, 0, 0, true},
		"one column short": {"Body,Unit,Date,Amount,Trans No,Supplier\n" + strings.Repeat("Marsh,North,21/06/2012,5.00,46279931,Heron Ltd\n", 20) +
			strings.Repeat("Marsh,21/06/2012,5.00,46279931,Heron Ltd\n", 20), 1, 20, 10000, 20, 0, 0, true},
		"shifted and filled up": {"Body,Date,Supplier,Amount,Trans No\n" + strings.Repeat("Marsh,21/06/2012,Heron Ltd,5.00,46279931\n", 20) +
			strings.Repeat("21/06/2012,Heron Ltd,5.00,46279931,\n", 2), 1, 20, 10000, 2, 0, 0, true},
		"unreadable date beside a dated purpose": {"Purpose,Date,Supplier,Amount\nNets,21/06/2012,Heron Ltd,5.00\nNets,02/06/2012,Heron Ltd,5.00\n21/06/2012,soon,Heron Ltd,5.00\n", 1, 3, 1500, 0, 0, 0, true},
		"dates in one word":                      {"Supplier,Date,Amount\nHeron Ltd,20120601,5\nHeron Ltd,20120602,5\nHeron Ltd,20120603,6\n", 1, 3, 1600, 0, 0, 0, true},
		"short without dates": {"Supplier,Purpose,Amount,Trans No\n" + strings.Repeat("Heron Ltd,Nets,5.00,46279931\n", 20) +
			strings.Repeat("Heron Ltd,5.00,46279931\n", 20), 1, 20, 10000, 20, 0, 0, true},
		"trailing cells dropped":   {"Supplier,Amount,Date,Notes,More\nHeron Ltd,1.00,21/06/2012,a,b\nHeron Ltd,1.00,21/06/2012\nHeron Ltd,1.00\n", 1, 3, 300, 0, 0, 0, true},
		"brackets":                 {plainHead + plainRows(2) + "Marsh,21/06/2012,Heron Ltd,1,(1.00)\n", 1, 3, 20000, 0, 0, 0, true},
		"Cr":                       {plainHead + plainRows(2) + "Marsh,21/06/2012,Heron Ltd,1,1.00 Cr\n", 1, 3, 20000, 0, 0, 0, true},
		"total that agrees":        {plainHead + plainRows(2) + "Grand Total,,,,201.00\n", 1, 2, 20100, 0, 0, 1, true},
		"total with no label":      {plainHead + plainRows(2) + ",,,,201.00\n", 1, 2, 20100, 0, 0, 1, true},
		"sub totals":               {plainHead + plainRows(2) + "Sub total,,,,201.00\n" + plainRows(1) + "Sub-Total:,,,,100.50\nTotal,,,,301.50\n", 1, 3, 30150, 0, 0, 3, true},
		"Total is a supplier":      {"Supplier,Amount\nTotal Heron & Egret Ltd,1.00\nHeron Ltd,2.00\nGrand Total,3.00\n", 1, 2, 300, 0, 0, 1, true},
		"Total dated is a line":    {plainHead + plainRows(2) + "Marsh,21/06/2012,Total,1,1.00\n", 1, 3, 20200, 0, 0, 0, true},
		"currency":                 {"Supplier,Date,Currency,Amount\nHeron Ltd,21/06/2012,GBP,1.00\nHeron Ltd,21/06/2012,EUR,1.00\n", 1, 1, 100, 1, 0, 0, true},
		"net, VAT and gross":       {"Supplier,Date,Gross,VAT,Net\nHeron Ltd,21/06/2012,1.20,0.20,1.00\n", 1, 1, 100, 0, 0, 0, true},
		"amount, VAT, total agree": {"Supplier,Date,Total,VAT,Amount\n" + strings.Repeat("Heron Ltd,21/06/2012,1.20,0.20,1.00\n", 5), 1, 5, 500, 0, 0, 0, true},
		"two amounts are asked":    {"Supplier,Date,Amount,Value\n" + strings.Repeat("Heron Ltd,21/06/2012,1.20,7.00\n", 5), 1, 5, 600, 0, 0, 0, false},
		"amount in a quoted cell":  {plainHead + plainRows(2) + "Marsh,21/06/2012,Heron Ltd,1,\"1.00\n\"\n", 1, 3, 20200, 0, 0, 0, true},
		"line ends in a cell":      {plainHead + "\"Marsh\r\nPolice\",21/06/2012,\"Heron,\nLtd\",1,1.00\n" + plainRows(2), 1, 3, 20200, 0, 0, 0, true},
		"quote never closed":       {plainHead + plainRows(2) + "Marsh,21/06/2012,\"Heron Ltd,1,1.00\n" + plainRows(3), 1, 5, 50250, 1, 0, 0, true},
		"quote swallows rows":      {plainHead + plainRows(2) + "Marsh,21/06/2012,\"Heron Ltd,1,1.00\n" + plainRows(3) + "Marsh,21/06/2012,\"Heron, Ltd\",1,1.00\n", 1, 6, 50350, 1, 0, 0, true},
		"quotes inside a name":     {plainHead + "Marsh,21/06/2012,\"Heron \"\"Big\"\" Ltd\",1,1.00\nMarsh,21/06/2012,Heron \"Big\" Ltd,1,1.00\nMarsh,21/06/2012,\"Heron\" Ltd,1,1.00\n", 1, 3, 300, 0, 0, 0, true},
		"space before a quote":     {plainHead + "Marsh,21/06/2012,Heron Ltd,1, \"1,000.00\" \nMarsh,21/06/2012,Heron Ltd,1, \"1,000.00\" \n", 1, 2, 200000, 0, 0, 0, true},
		"many unclosed quotes":     {plainHead + plainRows(2) + strings.Repeat("Marsh,21/06/2012,\"Heron Ltd,1,1.00\n", 2000), 1, 2, 20100, 2000, 0, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			f := recognise(t, c.data)
			got := taking(t, f)
			s, sum := f.Sheets[0], got.sum
			if s.HeaderRecord != c.header || s.Sure != c.sure {
				t.Errorf("header %d, sure %v %q; mapping %v", s.HeaderRecord, s.Sure, s.Doubts, s.Mapping)
			}
			if sum.Lines != c.lines || sum.Pence != c.pence || sum.Rejected != c.rejected || sum.Blank != c.blank || sum.Totals != c.total {
				t.Errorf("%d lines of %d pence, %d rejected %v, %d blank, %d totals", sum.Lines, sum.Pence, sum.Rejected, sum.Rejections[:min(3, len(sum.Rejections))], sum.Blank, sum.Totals)
			}
			for _, r := range got.rows {
				if raw := c.data[r.Offset : r.Offset+int64(r.Length)]; bounded(raw, book.RawLimit) != r.Raw {
					t.Errorf("record %d: at its offset stands %q, not %q", r.Record, raw, r.Raw)
				}
			}
		})
	}
}

func TestARowMovedByOneColumnIsToldByItsNeighbours(t *testing.T) {
	head := "Date,Supplier,Purpose,Amount,Trans No,Unit\n"
	row := func(i int) string {
		return fmt.Sprintf("%02d/06/2012,Heron Ltd,Nets for ponds,%d.50,%d,North\n", i%28+1, 100+i, 46279931+i)
	}
	rows := ""
	for i := range 40 {
		rows += row(i)
	}
	for name, c := range map[string]struct {
		row      string
		rejected int
	}{
		"whole":                              {row(3), 0},
		"a cell lost":                        {"01/06/2012,Heron Ltd,5.00,46279931,North,\n", 1},
		"the first cell lost":                {"Heron Ltd,Nets,5.00,46279931,North,\n", 1},
		"a cell lost, short":                 {"01/06/2012,Heron Ltd,5.00,46279931,North\n", 1},
		"a cell gained":                      {"01/06/2012,Heron, Egret Ltd,46279931,5.00,46279931,North\n", 1},
		"no pence":                           {"01/06/2012,Heron Ltd,Nets,5,46279931,North\n", 0},
		"a purpose that is money":            {"01/06/2012,Heron Ltd,5.00,12.00,46279931,North\n", 0},
		"a purpose that is money, no number": {"01/06/2012,Heron Ltd,5.00,12.00,,North\n", 0},
		"no purpose":                         {"01/06/2012,Heron Ltd,,12.00,46279931,North\n", 0},
		"a reference for a number":           {"01/06/2012,Heron Ltd,Nets,12.00,T5.00,North\n", 0},
	} {
		f := recognise(t, head+rows+c.row)
		if sum := taking(t, f).sum; sum.Rejected != c.rejected || sum.Lines != 41-c.rejected {
			t.Errorf("%s: rejected %v", name, sum.Rejections)
		}
	}
	head = "Date,Supplier,Trans No,Amount,Unit\n"
	rows = strings.ReplaceAll(strings.Repeat("01/06/2012,Heron Ltd,46279931,5.00,North\n", 20), "\r", "")
	f := recognise(t, head+rows+"01/06/2012,Heron, Egret Ltd,46279932,7.00,North\n")
	if sum := taking(t, f).sum; sum.Rejected != 1 || sum.Pence != 10000 {
		t.Errorf("a comma in a name: %d pence, rejected %v", sum.Pence, sum.Rejections)
	}
	f = recognise(t, "Date,Supplier,Code,Trans No,Amount,Unit\n"+strings.Repeat("01/06/2012,Heron Ltd,17,46279931,5.00,North\n", 20)+"01/06/2012,Heron, Egret Ltd,17,46279932,7.00,North\n")
	if sum := taking(t, f).sum; sum.Rejected != 1 || sum.Pence != 10000 {
		t.Errorf("a comma in a name, a number for the amount: %d pence, rejected %v", sum.Pence, sum.Rejections)
	}
}

func TestStatedTotals(t *testing.T) {
	for name, c := range map[string]struct {
		data   string
		stated int64 // 0 for none
		agrees bool
	}{
		"none":                    {plainHead + plainRows(2), 0, false},
		"agrees":                  {plainHead + plainRows(2) + "Total,,,,201.00\n", 20100, true},
		"a penny out":             {plainHead + plainRows(2) + "Grand Total,,,,201.01\n", 20101, false},
		"short by a rejected row": {plainHead + plainRows(2) + "Marsh,01/06/2012740.00\nGrand Total,,,,941.00\n", 94100, false},
		"above the headings":      {"Total,,,,£201.00\n" + plainHead + plainRows(2), 20100, true},
		"parts and whole":         {plainHead + plainRows(1) + "Sub total,,,,100.50\n" + plainRows(1) + "Sub total,,,,100.50\nGrand total,,,,201.00\n", 20100, true},
		"only parts":              {plainHead + plainRows(1) + "North Total,,,,100.50\n" + plainRows(1) + "South Total,,,,100.50\n", 20100, true},
		"a total for each page":   {plainHead + plainRows(1) + "Total,,,,100.50\n" + plainRows(1) + "Total,,,,100.50\n", 20100, true},
		"swallowed":               {"Supplier,Total\nHeron Ltd,1.00\nEgret Ltd,2.00Bittern Ltd,3.00Crane Ltd,4.00Grand Total,10.00\n", 1000, false},
	} {
		t.Run(name, func(t *testing.T) {
			sum := taking(t, recognise(t, c.data)).sum
			switch {
			case c.stated == 0 && sum.Stated != nil:
				t.Errorf("states %d", *sum.Stated)
			case c.stated != 0 && (sum.Stated == nil || *sum.Stated != c.stated || *sum.Agrees != c.agrees):
				t.Errorf("%+v", sum)
			}
		})
	}
}

func TestWhatIsNoTableIsRefusedAndSaysWhatToDo(t *testing.T) {
	for name, data := range map[string]string{
		"empty": "", "blanks": " \r\n \n", "web page": "\n<!DOCTYPE html><html>", "PDF": "%PDF-1.4 x", "archive": "PK\x03\x04 rest",
		"old workbook": "\xD0\xCF\x11\xE0\xA1\xB1", "JSON": `{"a": 1}`, "prose": "Dear all,\nthere is no table here.\n", "no amounts": "Supplier,Date\nHeron Ltd,01/06/2012\n",
	} {
		_, err := Recognise(strings.NewReader(data), int64(len(data)), name, 0)
		var refusal Refusal
		if !errors.As(err, &refusal) || !strings.HasSuffix(err.Error(), ".") || !strings.Contains(err.Error(), ". ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Recognise(strings.NewReader(plainHead), 1<<30, "large", 1<<20); !errors.As(err, new(Refusal)) {
		t.Errorf("over the limit: %v", err)
	}
}

func TestDatesOfEveryKindAreReadAndUnreadableOnesCounted(t *testing.T) {
	data := "Supplier,Date,Amount\n"
	for _, day := range []string{"20120601", "41062", "02-Jun-12", "3 Jun 2012", "", "soon", "2012-06-30 00:00:00"} {
		data += "Heron Ltd," + day + ",5.00\n"
	}
	sum := taking(t, recognise(t, data)).sum
	if sum.First.String() != "2012-06-01" || sum.Last.String() != "2012-06-30" || sum.Undated != 1 || sum.UnreadableDate != 1 || sum.Lines != 7 {
		t.Errorf("%+v", sum)
	}
}

func TestAMappingCorrectedByAPersonIsUsed(t *testing.T) {
	f := recognise(t, "Supplier,Date,Amount,Value\n"+strings.Repeat("Heron Ltd,01/06/2012,1.20,7.00\n", 5))
	f.Sheets[0].Mapping[Amount] = 3
	if got := taking(t, f); got.sum.Pence != 3500 {
		t.Errorf("%d pence", got.sum.Pence)
	}
}

func TestFieldsKeepTheirNames(t *testing.T) {
	for _, f := range Fields() {
		text, _ := f.MarshalText()
		var back Field
		if err := back.UnmarshalText(text); err != nil || back != f {
			t.Errorf("%s came back as %s: %v", f, back, err)
		}
	}
	if err := new(Field).UnmarshalText([]byte("nonsense")); err == nil {
		t.Error("nonsense is a field")
	}
}

func TestRowsStopsWhenTold(t *testing.T) {
	stop := errors.New("enough")
	n := 0
	_, err := recognise(t, plainHead+plainRows(10)).Rows(func(*Row) error {
		n++
		if n == 3 {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) || n != 3 {
		t.Errorf("%d rows, %v", n, err)
	}
}

func TestALongLineIsOneRejectedRecord(t *testing.T) {
	var b bytes.Buffer
	b.WriteString(plainHead + plainRows(3))
	b.WriteString(strings.Repeat("x", 3*(256<<10)) + "\n")
	b.WriteString(plainRows(3))
	sum := taking(t, recognise(t, b.String())).sum
	if sum.Lines != 6 || sum.Rejected != 1 || sum.Rejections[0].Record != 5 {
		t.Errorf("%d lines, rejected %v", sum.Lines, sum.Rejections)
	}
}
