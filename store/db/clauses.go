package db

import (
	"context"
	"fmt"
	"strings"
)

// Clauses are what a query asks for, all of it, with the values.
type Clauses struct {
	all  []string
	Args []any
}

// Add takes a clause whose values stand as question marks.
func (w *Clauses) Add(clause string, values ...any) {
	for _, v := range values {
		w.Args = append(w.Args, v)
		clause = strings.Replace(clause, "?", fmt.Sprintf("$%d", len(w.Args)), 1)
	}
	w.all = append(w.all, clause)
}

// In holds a column to some ids. None of them chooses nothing.
func (w *Clauses) In(column string, ids []int64) {
	if len(ids) == 0 {
		w.Add("1 = 0")
		return
	}
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	w.Add(column+" IN (?"+strings.Repeat(", ?", len(ids)-1)+")", values...)
}

// String is the condition with its WHERE, or "".
func (w *Clauses) String() string {
	if len(w.all) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.all, " AND ")
}

// ListCounted is how far the rows that a list chooses are counted, so that a
// page does not grow dear with the list behind it.
const ListCounted = 200

// wordsMost is how many words a list is held to; more are left out.
const wordsMost = 12

// AddWords holds a list to what holds all of some words, each whole or begun.
// The words stand in a table, beside the key of what they are of; column is
// that key in the list. Where the rarest word is rare, what holds it is looked
// up, and not the whole list.
func AddWords[K int64 | string](ctx context.Context, tx *Tx, w *Clauses, table, key, column string, words []string) error {
	words = words[:min(len(words), wordsMost)]
	var few []any
	rarest := ListCounted + 1
	for _, word := range words {
		found, err := List(ctx, tx, ScanInto[K], fmt.Sprintf(`SELECT %s FROM %s WHERE word >= $1 AND word < $2 LIMIT %d`, key, table, ListCounted+1), word, beyond(word))
		if err != nil {
			return err
		}
		if len(found) < rarest {
			rarest, few = len(found), nil
			for _, k := range found {
				few = append(few, k)
			}
		}
	}
	switch {
	case rarest == 0:
		w.Add("1 = 0")
	case rarest <= ListCounted:
		w.Add(column+" IN (?"+strings.Repeat(", ?", len(few)-1)+")", few...)
	}
	for _, word := range words {
		w.Add("EXISTS (SELECT 1 FROM "+table+" w WHERE w."+key+" = "+column+" AND w.word >= ? AND w.word < ?)", word, beyond(word))
	}
	return nil
}

// beyond is past every word that begins with one.
func beyond(word string) string { return word + "\U0010FFFF" }
