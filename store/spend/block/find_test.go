package block_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/spend/block"
)

func TestFoundIsWhatHoldsTheWord(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	word := func(most int) string {
		b := make([]byte, r.IntN(most))
		for i := range b {
			b[i] = "abcdeŵ "[r.IntN(8)]
		}
		return string(b)
	}
	var f block.Found
	var texts []string
	for range 40 {
		var more []string
		for range r.IntN(30) {
			more = append(more, word(30))
		}
		older := f
		f, texts = f.With(more...), append(texts, more...)
		if f.Texts() != len(texts) || older.Texts() != len(texts)-len(more) {
			t.Fatalf("%d texts of %d", f.Texts(), len(texts))
		}
		w := word(6)
		holds, count := f.Holding(w)
		for i, text := range texts {
			if holds[i] != strings.Contains(text, w) {
				t.Errorf("%q in %q: %v", w, text, holds[i])
			}
		}
		if count != len(slices.DeleteFunc(holds, func(h bool) bool { return !h })) {
			t.Errorf("%q: %d", w, count)
		}
	}
}
