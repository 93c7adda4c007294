package money_test

import (
	"testing"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
)

func FuzzParsePence(f *testing.F) {
	for _, seed := range []string{"1,234.56", "£1234", "−5.10", "-0", "-0.01", "0.1", "999999999999999", "9999999999999999", "1,23", "", "£", "1.", "٣", "\u00a012\u00a0", "--5", "1,234,567,890,123.45", "0000001"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := money.ParsePence(text)
		if err != nil {
			if p != 0 || fault.KindOf(err) != fault.Invalid {
				t.Errorf("%q: refused as %d with %v", text, p, err)
			}
			return
		}
		if again, err := money.ParsePence(p.String()); err != nil || again != p {
			t.Errorf("%q was read as %d, printed %q and read again as %d: %v", text, p, p, again, err)
		}
	})
}

func TestSumsAsTheyAreWritten(t *testing.T) {
	for text, want := range map[string]money.Pence{
		"0": 0, "1": 100, "1.5": 150, "1.50": 150, "£1,234,567.89": 123456789, "1234567.89": 123456789, " 12 ": 1200, "-5.10": -510, "−5.10": -510, "-£5": -500, "007": 700,
	} {
		if got, err := money.ParsePence(text); err != nil || got != want {
			t.Errorf("%q: %d %v", text, got, err)
		}
	}
	for _, text := range []string{"", " ", "£", "-", "1.", ".5", "1.234", "1,23", "12,34,567", ",123", "1,,234", "1.2.3", "1e3", "0x10", "1 234", "£-1", "--1", "1-", "one", "1,234.5.6", "9999999999999999", "１２"} {
		if got, err := money.ParsePence(text); err == nil || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q was read as %d (%v)", text, got, err)
		}
	}
	for sum, want := range map[money.Pence]string{0: "£0.00", 5: "£0.05", 100: "£1.00", 123456789: "£1,234,567.89", -510: "−£5.10", -5: "−£0.05"} {
		if got := sum.String(); got != want {
			t.Errorf("%d is printed %q, want %q", int64(sum), got, want)
		}
	}
}
