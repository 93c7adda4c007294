package supplier

import (
	"slices"
	"strings"

	"github.com/police-ict/handover/store/text"
)

// titles are forms of address, which people leave out.
var titles = []string{"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "rev", "cllr"}

// formOf reports whether a word is only the form of a company.
func formOf(word string) bool {
	word = strings.Trim(text.Fold(word), ".")
	return text.CompanyForm(word) || word == "limited"
}

// Spellings are a name and the other ways in which people write it: without a
// form of address, without what stands in brackets or the form of a company, and with the surname last.
func Spellings(name string) (all []string) {
	all = []string{name}
	plain := name
	if before, _, ok := strings.Cut(plain, "("); ok {
		plain = before
	}
	if surname, first, ok := strings.Cut(plain, ","); ok {
		plain = strings.TrimSpace(first) + " " + surname
	}
	words := strings.Fields(plain)
	person := len(words) > 0 && slices.Contains(titles, strings.Trim(text.Fold(words[0]), "."))
	if person {
		words = words[1:]
	}
	if len(words) > 1 {
		all = append(all, strings.Join(words, " "))
	}
	for len(words) > 2 && formOf(words[len(words)-1]) {
		words = words[:len(words)-1]
		all = append(all, strings.Join(words, " "))
	}
	if person && len(words) == 2 {
		all = append(all, words[1]+" "+words[0])
	}
	return all
}
