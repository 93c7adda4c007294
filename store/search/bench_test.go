package search_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/search"
)

// manyDocs puts n invented texts of 80 words in, as writes would.
func manyDocs(b *testing.B, tx *db.Tx, n int) {
	b.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	common := rand.NewZipf(r, 1.1, 30, 19_999)
	word := func() string { return fmt.Sprintf("word%05d", common.Uint64()) }
	for i := 0; i < n; i += 5000 {
		err := record.Write(b.Context(), tx, func(tx *db.Tx) error {
			for k := i; k < min(n, i+5000); k++ {
				var text []string
				for range 80 {
					text = append(text, word())
				}
				ref := fmt.Sprintf("%d-%03d", 2012+k%8, 1+k/8)
				d := search.Doc{Thing: "question/" + ref, Kind: []search.Kind{search.Question, search.Decision, search.Purpose}[k%3], Ref: ref, Title: "Police matter of " + word() + " " + word(),
					Text: "The police of " + strings.Join(text, " ") + fmt.Sprintf(" rare%06d", k%(n/20)), Href: "/questions/" + ref}
				if _, err := search.PutNew(b.Context(), tx, d, true); err != nil {
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
		tx, err := store.Open(context.Background(), db.Options{Database: filepath.Join(b.TempDir(), "search.db"), Scratch: true})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { tx.Close() })
		manyDocs(b, tx, n)
		for _, k := range []struct {
			name string
			q    search.Query
		}{
			{"rare word", search.Query{Words: "rare000003"}},
			{"two words", search.Query{Words: "word00150 word00900"}},
			{"in every text", search.Query{Words: "the police"}},
			{"every text begins", search.Query{Words: "pol wor"}},
			{"every text begins, longer", search.Query{Words: "polic"}},
			{"common and rare", search.Query{Words: "the police of rare000004"}},
			{"common, kind and year", search.Query{Words: "police", Kind: search.Decision, Year: 2014}},
			{"common, last page", search.Query{Words: "police", Page: 50}},
			{"ten words", search.Query{Words: "the police of word00001 word00002 word00003 word00004 matter word00005 word00006"}},
			{"reference", search.Query{Words: "2012-014"}},
			{"nothing", search.Query{Words: "sesame"}},
		} {
			k.q.Size = 20
			b.Run(fmt.Sprintf("%d/%s", n, k.name), func(b *testing.B) {
				found := 0
				for b.Loop() {
					p, err := search.Find(b.Context(), tx, k.q)
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
				if _, err := search.SimilarQuestions(b.Context(), tx, "Why does the police force of rare000005 pay for word00150 and rare000007, and word15000?", 5); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
