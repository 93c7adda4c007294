package sheet

import (
	"strings"
	"testing"
)

// A text without other letters is read in a quicker way: a mark that is no
// ASCII, put behind it, must change nothing.
func TestLettersAreReadAlikeInBothWays(t *testing.T) {
	for _, s := range []string{"", " ", "A", "Net Amount", "  SUPPLIER--Name (2012) ", "a.b", "...", "a ", "\x00A\x7f", "Tees & Esk Ltd."} {
		if quick, slow := letters(s), letters(s+"\u2019"); quick != slow || strings.Contains(quick, "  ") {
			t.Errorf("%q is %q, and %q with a mark behind it", s, quick, slow)
		}
	}
}
