package term_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/contracts/term"
)

// BenchmarkAt works out the state of contracts on days, so many at a time.
func BenchmarkAt(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	var terms []term.Term
	for range 1000 {
		terms = append(terms, randomTerm(r))
	}
	var days []civil.Day
	for n := range 997 {
		days = append(days, civil.Numbered(civil.Day("2011-01-01").Number()+2*n))
	}
	for _, size := range []int{1_000, 100_000, 10_000_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			b.ReportAllocs()
			running := 0
			for b.Loop() {
				for n := range size {
					if st := term.At(&terms[n%len(terms)], term.Known{On: days[n%len(days)]}); st.Status == term.Running {
						running++
					}
				}
			}
			if running == 0 {
				b.Error("no contract runs")
			}
			b.ReportMetric(float64(b.N)*float64(size)/b.Elapsed().Seconds(), "states/s")
		})
	}
}

// BenchmarkWords writes the sentence of contracts too, as a list of them does.
func BenchmarkWords(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	var terms []term.Term
	for range 10_000 {
		terms = append(terms, randomTerm(r))
	}
	letters := 0
	for b.Loop() {
		for n := range terms {
			letters += len(term.At(&terms[n], term.Known{On: "2013-01-15"}).Words())
		}
	}
	b.ReportMetric(float64(b.N*len(terms))/b.Elapsed().Seconds(), "sentences/s")
	if letters == 0 {
		b.Error("no words")
	}
}
