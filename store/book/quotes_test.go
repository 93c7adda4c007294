package book

import (
	"strings"
	"testing"
)

// What is quick to see of the quotation marks of a line is what walking its
// cells finds, for every line of a few letters that matter.
func TestEndsQuotesSeesWhatClosingFinds(t *testing.T) {
	const letters = `a", `
	for n := range 1 << 16 {
		var b strings.Builder
		for i := range 8 {
			b.WriteByte(letters[n>>(2*i)&3])
		}
		line := b.String()
		f := &File{Encoding: utf8Plain, Size: int64(len(line)) + 4, r: strings.NewReader(line + "\nz,z")}
		s := f.Lines(',')
		s.fill()
		end, _, closed := s.closing()
		if quick := endsQuotes([]byte(line), ','); quick && (!closed || end != len(line)) || !quick && closed && end == len(line) {
			t.Fatalf("%q: %v at a look; walked, it ends at %d, %v", line, quick, end, closed)
		}
	}
}
