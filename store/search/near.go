package search

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/text"
)

// namesMost is how many names are read to find the nearest word in them.
const namesMost = 20_000

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

// nearWord is the known word that the fewest changes of a letter make of
// another, the first in the alphabet of several: one change in four letters.
func nearWord(word string, known map[string]bool) (near string) {
	best := (len(word) + 3) / 4
	for k := range known {
		if n := text.Distance(word, k, best); n < best || n == best && (near == "" || k < near) {
			best, near = n, k
		}
	}
	return near
}
