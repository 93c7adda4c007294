package views

import "strings"

// term is a word with its meaning.
type term struct{ Word, Means string }

// letter is the terms that begin with a letter.
type letter struct {
	Letter string
	Terms  []term
}

// Names are the words of a letter, in a row.
func (l letter) Names() string {
	var all []string
	for _, t := range l.Terms {
		all = append(all, t.Word)
	}
	return strings.Join(all, ", ")
}

// byLetter groups terms in alphabetical order by their first letter.
func byLetter(all []term) (out []letter) {
	for _, t := range all {
		first := strings.ToUpper(t.Word[:1])
		if len(out) == 0 || out[len(out)-1].Letter != first {
			out = append(out, letter{Letter: first})
		}
		out[len(out)-1].Terms = append(out[len(out)-1].Terms, t)
	}
	return out
}
