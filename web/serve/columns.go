package serve

import (
	"iter"
	"slices"
)

// Of are columns of the U that each T holds.
func Of[T, U any](columns []Column[U], held func(T) U) []Column[T] {
	out := make([]Column[T], len(columns))
	for i, c := range columns {
		out[i] = Column[T]{Name: c.Name, Value: func(v T) string { return c.Value(held(v)) }}
	}
	return out
}

// CSV is the header of the columns, then a row for each of rows. It uses one
// row for all of them, so that millions cost no memory: a row is good until the
// next is asked for.
func CSV[T any](columns []Column[T], rows iter.Seq2[T, error]) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		columns := slices.DeleteFunc(slices.Clone(columns), func(c Column[T]) bool { return c.Name == "" }) // on the page alone
		row := make([]string, len(columns))
		for i, c := range columns {
			row[i] = c.Name
		}
		if !yield(row, nil) {
			return
		}
		for v, err := range rows {
			if err != nil {
				yield(nil, err)
				return
			}
			for i, c := range columns {
				row[i] = c.Value(v)
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// CSVOf is the CSV of rows that are all at hand.
func CSVOf[T any](columns []Column[T], rows ...T) iter.Seq2[[]string, error] {
	return CSV(columns, func(yield func(T, error) bool) {
		for _, v := range rows {
			if !yield(v, nil) {
				return
			}
		}
	})
}

// Lines is a header, then a row for each of rows.
func Lines[T any](header []string, rows iter.Seq2[T, error], row func(T) []string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		if !yield(header, nil) {
			return
		}
		for v, err := range rows {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(row(v), nil) {
				return
			}
		}
	}
}

// Each makes rows of a function that calls another for each of them until that
// says no.
func Each[T any](each func(func(T) bool) error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		more := true
		err := each(func(v T) bool {
			more = yield(v, nil)
			return more
		})
		if err != nil && more {
			var none T
			yield(none, err)
		}
	}
}
