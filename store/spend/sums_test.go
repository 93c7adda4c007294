package spend_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/storetest"
)

// A sum that int64 cannot hold stays at its end: a national total never shows
// the other sign.
func TestSumsNeverWrap(t *testing.T) {
	for _, c := range []struct{ a, b, want money.Pence }{
		{math.MaxInt64, 1, math.MaxInt64}, {math.MinInt64, -1, math.MinInt64}, {math.MaxInt64, math.MaxInt64, math.MaxInt64},
		{math.MinInt64, math.MinInt64, math.MinInt64}, {math.MaxInt64, math.MinInt64, -1}, {1, 2, 3}, {-5, 3, -2},
	} {
		if got := (spend.Sum{Lines: 1, Pence: c.a}).Plus(spend.Sum{Lines: 1, Pence: c.b}); got != (spend.Sum{Lines: 2, Pence: c.want}) {
			t.Errorf("%d and %d: %v", c.a, c.b, got)
		}
	}
	if got := (spend.Sum{}).Minus(spend.Sum{Pence: math.MinInt64}).Pence; got != math.MaxInt64 {
		t.Error(got)
	}
	if got := money.Pence(math.MinInt64).String(); !strings.HasPrefix(got, "−£92,233") {
		t.Error(got)
	}
	if report.Amount(report.Amount{Pence: math.MaxInt64}).Plus(report.Amount{Pence: 7}).Pence != math.MaxInt64 {
		t.Error("what two files hold wraps")
	}
}

// Files that each fit, and together would not, are refused in one sentence.
func TestFilesThatCannotBeAddedUpAreRefused(t *testing.T) {
	rows := func(n int, pounds string) string {
		var b strings.Builder
		b.WriteString("Date,Supplier,Amount,Description\n")
		for i := range n {
			fmt.Fprintf(&b, "%02d/11/2012,Larch and Wren Ltd (sample) %d,%s,Hosting\n", 1+i%28, i, pounds)
		}
		return b.String()
	}
	s := storetest.Open(t)
	by := storetest.Holder(t, s, office.ChiefExecutive, "kent")
	take := func(name, text string) error {
		_, err := spend.Import(t.Context(), s, by, spend.LoadRequest{Body: "kent", File: name}, strings.NewReader(text), int64(len(text)))
		return err
	}
	if err := take("large.csv", rows(4, "999999999999.99")); err == nil {
		t.Error("amounts beyond what a payment can be were taken in")
	}
	if err := take("near.csv", rows(40, "9999999999.99")); err != nil {
		t.Fatal(err)
	}
	// As if forty thousand such files stood.
	if _, err := s.Writes.ExecContext(t.Context(), `UPDATE loads SET load = REPLACE(load, '"pence":39999999999960', '"pence":1999999999999999999')`); err != nil {
		t.Fatal(err)
	}
	err := take("more.csv", rows(3, "9999999999.99"))
	if err == nil || !strings.Contains(err.Error(), "Check the amounts in it") {
		t.Error(err)
	}
}
