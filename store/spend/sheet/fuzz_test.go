package sheet

import (
	"bytes"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/book"
	"github.com/police-ict/handover/store/book/booktest"
	"github.com/police-ict/handover/store/money"
)

func FuzzRecognise(f *testing.F) {
	for _, s := range []string{
		"", plainHead + plainRows(3), plainRows(3) + plainHead, "a\"b,\"c\r\n\"d\"\",1\r\r\n", "\xFF\xFEa\x00,\x00", "\uFEFF,,,\n", "Supplier;Amount\rHeron;\x9c1.00\r",
		"Supplier,Amount\n\"Heron, 1.00\nEgret,2.00\nGrand Total,3.00", "PK\x03\x04",
	} {
		f.Add([]byte(s))
	}
	f.Add(booktest.Workbook(f, []string{"A"}, map[string][][]any{"A": {{"Supplier", "Amount"}, {"Heron Ltd", 1.5}}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Recognise(bytes.NewReader(data), int64(len(data)), "fuzz", 1<<20)
		if err != nil {
			return
		}
		defer file.Close()
		checkRows(t, file, data)
	})
}

// checkRows holds what is true of every file: records in order, each found again
// at its offset, and a summary that counts what was given.
func checkRows(t *testing.T, f *File, data []byte) {
	var n [4]int
	var pence, end int64
	last, sheet := 0, 0
	sum, err := f.Rows(func(r *Row) error {
		if r.Sheet != sheet {
			sheet, last = r.Sheet, 0
		}
		if r.Record <= last {
			t.Fatalf("record %d after %d", r.Record, last)
		}
		last = r.Record
		n[r.Kind]++
		if r.Kind == Line {
			pence = money.Add(pence, r.Amount)
		}
		if (r.Kind == Rejected) != (r.Reason != "") || len(r.Raw) > book.RawLimit {
			t.Fatalf("%+v", r)
		}
		if r.Offset >= 0 {
			if r.Offset < end || r.Offset+int64(r.Length) > int64(len(data))+2 {
				t.Fatalf("record %d at %d after %d", r.Record, r.Offset, end)
			}
			end = r.Offset + int64(r.Length)
			checkRaw(t, f, r, data)
		}
		return nil
	})
	if err != nil && sum.Lines > 0 {
		return
	}
	if sum.Lines != n[Line] || sum.Blank != n[Blank] || sum.Rejected != n[Rejected] || sum.Pence != pence || sum.Totals != n[Total] {
		t.Fatalf("%+v for %v, %d pence", sum, n, pence)
	}
}

func checkRaw(t *testing.T, f *File, r *Row, data []byte) {
	if strings.HasPrefix(f.Encoding, "utf-16") {
		return
	}
	if raw := book.Decode(f.Encoding, data[r.Offset:r.Offset+int64(r.Length)]); bounded(raw, book.RawLimit) != r.Raw {
		t.Fatalf("record %d: %q, not %q", r.Record, raw, r.Raw)
	}
}

func FuzzAmount(f *testing.F) {
	for _, s := range []string{"1,234.56", "(5)", "5-", "£5 CR", "1.0E-2", "1239.6400000000001", "\u22125", "1\u00A0234", "", "-", "25/06/2012900"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, exponent := range []bool{false, true} {
			p, _, why := amount(s, exponent)
			if why == "" && !strings.ContainsAny(s, "0123456789") {
				t.Fatalf("%q without a digit is %d", s, p)
			}
			if why != "" && p != 0 {
				t.Fatalf("%q is refused with %d", s, p)
			}
			if why == "" && !exponent {
				if again, _, why := ParseAmount(pounds2(p)); again != p || why != "" {
					t.Fatalf("%q is %d, which reads back as %d %s", s, p, again, why)
				}
			}
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"25/06/2012", "5/6/12", "05-Apr-17", "Wed 4th Jan 2012", "41085", "2012-10-01l", "Nov-12", "20120625", "2012-06-25T00:00:00Z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := ParseDate(s)
		if d.IsZero() {
			return
		}
		if d.Year < firstYear || d.Year > lastYear || d.Day < 1 || d.Day > daysIn(d.Year, d.Month) {
			t.Fatalf("%q is %s", s, d)
		}
		if back := ParseDate(d.String()); back.order() != d.order() {
			t.Fatalf("%q is %s, which reads back as %s", s, d, back)
		}
	})
}
