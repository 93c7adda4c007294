package db

import (
	"context"
	"iter"
)

// AtOnce gives what each tells, all of it read in one transaction that has ended
// before the first is given: whoever takes long holds nothing. It is for lists
// of which all of it fits in memory many times over.
func AtOnce[T any](ctx context.Context, tx *Tx, each func(tx *Tx, yield func(T) bool) error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var all []T
		err := tx.Read(ctx, func(tx *Tx) error {
			all = nil
			return each(tx, func(v T) bool {
				all = append(all, v)
				return true
			})
		})
		if err != nil {
			var none T
			yield(none, err)
			return
		}
		for _, v := range all {
			if !yield(v, nil) {
				return
			}
		}
	}
}
