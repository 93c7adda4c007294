package serve

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestCSV(t *testing.T) {
	columns := []Column[int]{
		{Name: "number", Value: strconv.Itoa},
		{Name: "twice", Value: func(n int) string { return strconv.Itoa(2 * n) }},
	}
	broken := errors.New("broken")
	upTo := func(last int, end error) func(func(int) bool) error {
		return func(yield func(int) bool) error {
			for n := 1; n <= last; n++ {
				if !yield(n) {
					return nil
				}
			}
			return end
		}
	}
	for _, test := range []struct {
		name string
		end  error
		rows int
		most int // rows asked for, with the header
		want string
	}{
		{"no row", nil, 0, 9, "number,twice"},
		{"rows", nil, 2, 9, "number,twice 1,2 2,4"},
		{"an error after rows", broken, 2, 9, "number,twice 1,2 2,4 broken"},
		{"only the header asked for", broken, 2, 1, "number,twice"},
		{"left before the end", broken, 2, 2, "number,twice 1,2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for row, err := range CSV(columns, Each(upTo(test.rows, test.end))) {
				if err != nil {
					row = []string{err.Error()}
				}
				if got = append(got, strings.Join(row, ",")); len(got) == test.most {
					break
				}
			}
			if all := strings.Join(got, " "); all != test.want {
				t.Errorf("got %q, want %q", all, test.want)
			}
		})
	}
	var got []string
	for row := range CSVOf(columns, 3) {
		got = append(got, strings.Join(row, ","))
	}
	if !slices.Equal(got, []string{"number,twice", "3,6"}) {
		t.Errorf("CSVOf gives %q", got)
	}
	type numbered struct{ number int }
	wider := append(Of(columns, func(n numbered) int { return n.number }), Column[numbered]{Name: "odd", Value: func(n numbered) string { return YesNo(n.number%2 == 1) }})
	got = nil
	for row := range CSVOf(wider, numbered{3}) {
		got = append(got, strings.Join(row, ","))
	}
	if !slices.Equal(got, []string{"number,twice,odd", "3,6,yes"}) {
		t.Errorf("columns of what a row holds give %q", got)
	}
	rows := CSVOf(columns, make([]int, 1000)...)
	if n := testing.AllocsPerRun(10, func() {
		for range rows {
		}
	}); n > 20 {
		t.Errorf("a thousand rows allocate %v times", n)
	}
}
