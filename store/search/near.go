package search

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/police-ict/handover/store/db"
)

// How near a word must be to one that is known, and how many names are read to
// find it.
const (
	nearest   = 0.3 // of the trigrams of both
	namesMost = 20_000
)

// DidYouMean is a question with each word that no public text has put in the
// form of the nearest one in the names of suppliers, bodies and committees, or
// in other known words; "" where none is near.
func DidYouMean(ctx context.Context, tx *db.Tx, q Query, known []string) (out string, err error) {
	q, _ = q.tidied()
	err = tx.Read(ctx, func(tx *db.Tx) error {
		var vocabulary map[string]bool
		var all []string
		for _, w := range searchedWords(q.Words) {
			n, err := textsWith(ctx, tx, term{word: w, begins: utf8.RuneCountInString(w) >= begunWord}, nil)
			if err != nil {
				return err
			}
			if n > 0 {
				all = append(all, w)
				continue
			}
			if vocabulary == nil {
				if vocabulary, err = nameWords(ctx, tx, known); err != nil {
					return err
				}
			}
			near := nearWord(w, vocabulary)
			if near == "" {
				return nil
			}
			all = append(all, near)
		}
		if said := strings.Join(all, " "); said != strings.Join(searchedWords(q.Words), " ") {
			out = said
		}
		return nil
	})
	return out, err
}

// nameWords are the words of names that are public, and other known ones.
func nameWords(ctx context.Context, tx *db.Tx, known []string) (map[string]bool, error) {
	names, err := db.List(ctx, tx, db.ScanInto[string], fmt.Sprintf(`SELECT d.title FROM search_docs d WHERE d.shown AND d.kind IN ($1, $2, $3) ORDER BY d.id DESC LIMIT %d`, namesMost),
		string(Supplier), string(Body), string(Committee))
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, name := range append(names, known...) {
		for _, w := range searchedWords(name) {
			if utf8.RuneCountInString(w) > begunWord {
				out[w] = true
			}
		}
	}
	return out, nil
}

// nearWord is the known word that shares most trigrams with another, the
// first in the alphabet of several.
func nearWord(word string, known map[string]bool) (near string) {
	best := nearest
	for k := range known {
		if s := similarity(word, k); s > best || s == best && near != "" && k < near {
			best, near = s, k
		}
	}
	return near
}

// similarity is the part of the trigrams of two words that they share, as
// PostgreSQL's pg_trgm counts it. Words of the same letters are nearly the same.
func similarity(a, b string) float64 {
	if letters(a) == letters(b) {
		return 0.9
	}
	of, shared := trigrams(a), 0
	with := trigrams(b)
	for t := range of {
		if with[t] {
			shared++
		}
	}
	return float64(shared) / float64(len(of)+len(with)-shared)
}

func letters(word string) string { return string(slices.Sorted(slices.Values([]rune(word)))) }

func trigrams(word string) map[string]bool {
	all, out := []rune("  "+word+" "), map[string]bool{}
	for i := range len(all) - 2 {
		out[string(all[i:i+3])] = true
	}
	return out
}
