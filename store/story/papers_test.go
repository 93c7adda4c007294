package story

import (
	"strings"
	"testing"
)

// The sample papers are as long as real ones: a reader judges the page by them.
func TestPapersAreOfALengthThatPeopleWrite(t *testing.T) {
	for name, m := range sampleMatters {
		p := m.paper
		all := []string{p.Title, p.Summary, p.Recommendation, p.Reasons, p.Benefit, p.Financial, p.Legal, p.Equality, p.Welsh, p.Risk, p.Background}
		for _, o := range p.Options {
			all = append(all, o.Text)
		}
		if n := words(all...); n < 250 || n > 400 {
			t.Errorf("the paper of %s has %d words", name, n)
		}
		for _, view := range []string{m.finance, m.legal} {
			if n := words(view); n < 30 || n > 100 {
				t.Errorf("a view on %s has %d words: %s", name, n, view)
			}
		}
		if len(p.Options) < 3 {
			t.Errorf("the paper of %s has %d options", name, len(p.Options))
		}
	}
	for name, words := range asked {
		if n := len(strings.Fields(words)); n < 30 {
			t.Errorf("the question %s has %d words", name, n)
		}
	}
}

func words(all ...string) (n int) {
	for _, one := range all {
		n += len(strings.Fields(one))
	}
	return n
}
