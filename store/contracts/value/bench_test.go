package value_test

import (
	"math/rand/v2"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/contracts/term"
	"github.com/police-ict/handover/store/contracts/value"
	"github.com/police-ict/handover/store/money"
)

// BenchmarkForecast works out what 10 thousand contracts cost by financial year.
func BenchmarkForecast(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 5))
	var all []value.Ahead
	for range 10_000 {
		c := &term.Term{Start: civil.Numbered(civil.Day("2010-01-01").Number() + r.IntN(1500)), Months: 12 * (1 + r.IntN(5))}
		if r.IntN(2) == 0 {
			c.Options = []term.Option{{Months: 12}, {Months: 12}}
		}
		all = append(all, value.Ahead{Term: c, Parts: value.Plan(c.Start, c.Start.LastOf(c.Months), money.Pence(r.IntN(1e9)), nil)})
	}
	for b.Loop() {
		if f := value.Add(all, "2013-01-15"); f.Contracts != len(all) {
			b.Fatal(f.Contracts)
		}
	}
	b.ReportMetric(float64(b.N*len(all))/b.Elapsed().Seconds(), "contracts/s")
}
