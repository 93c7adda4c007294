package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
)

// manyDocs puts n invented texts of 80 words in, as writes would.
func manyDocs(b *testing.B, s *Store, n int) {
	b.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	common := rand.NewZipf(r, 1.1, 30, 19_999)
	word := func() string { return fmt.Sprintf("word%05d", common.Uint64()) }
	for i := 0; i < n; i += 5000 {
		err := s.write(b.Context(), func(s *Store) error {
			for k := i; k < min(n, i+5000); k++ {
				var text []string
				for range 80 {
					text = append(text, word())
				}
				ref := fmt.Sprintf("%d-%03d", 2012+k%8, 1+k/8)
				d := doc{thing: "question/" + ref, kind: []FoundKind{FoundQuestion, FoundDecision, FoundPurpose}[k%3], ref: ref, title: "Police matter of " + word() + " " + word(),
					text: "The police of " + strings.Join(text, " ") + fmt.Sprintf(" rare%06d", k%(n/20)), href: "/questions/" + ref}
				if _, err := s.indexNew(b.Context(), d, true); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSearch asks for a page of results among many texts.
func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		s, err := Open(context.Background(), Options{Database: filepath.Join(b.TempDir(), "search.db"), Scratch: true})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { s.Close() })
		manyDocs(b, s, n)
		for _, k := range []struct {
			name string
			q    SearchQuery
		}{
			{"rare word", SearchQuery{Words: "rare000003"}},
			{"two words", SearchQuery{Words: "word00150 word00900"}},
			{"in every text", SearchQuery{Words: "the police"}},
			{"every text begins", SearchQuery{Words: "pol wor"}},
			{"every text begins, longer", SearchQuery{Words: "polic"}},
			{"common and rare", SearchQuery{Words: "the police of rare000004"}},
			{"common, kind and year", SearchQuery{Words: "police", Kind: FoundDecision, Year: 2014}},
			{"common, last page", SearchQuery{Words: "police", Page: 50}},
			{"ten words", SearchQuery{Words: "the police of word00001 word00002 word00003 word00004 matter word00005 word00006"}},
			{"reference", SearchQuery{Words: "2012-014"}},
			{"nothing", SearchQuery{Words: "sesame"}},
		} {
			k.q.Size = 20
			b.Run(fmt.Sprintf("%d/%s", n, k.name), func(b *testing.B) {
				found := 0
				for b.Loop() {
					p, err := s.Search(b.Context(), k.q)
					if err != nil {
						b.Fatal(err)
					}
					found = p.Count
				}
				b.ReportMetric(float64(found), "found")
			})
		}
		b.Run(fmt.Sprintf("%d/similar questions", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := s.SimilarQuestions(b.Context(), "Why does the police force of rare000005 pay for word00150 and rare000007, and word15000?", 5); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
