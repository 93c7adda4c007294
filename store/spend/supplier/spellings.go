package supplier

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/police-ict/handover/store/text"
)

// titles are forms of address, which people leave out.
var titles = []string{"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "lord", "lady", "rev", "revd", "reverend", "cllr", "councillor"}

// honours follow the name of a person, and people leave them out.
var honours = []string{"esq", "esquire", "obe", "mbe", "cbe", "qpm", "qc", "kc", "jp", "phd", "jnr", "snr"}

// trading are the words between a person and the name of their business.
var trading = regexp.MustCompile(`(?i)\s(?:t/as?|t/a\.|trading\s+as|c/o)\s`)

// initial reports whether a word is one letter, or some with full stops.
func initial(word string) bool {
	plain := strings.ReplaceAll(word, ".", "")
	return plain != "" && (utf8.RuneCountInString(plain) == 1 || plain != word && utf8.RuneCountInString(plain) <= 3)
}

// formOf reports whether a word is only the form of a company.
func formOf(word string) bool {
	word = strings.Trim(text.Fold(word), ".")
	return text.CompanyForm(word) || word == "limited"
}

// Spellings are a name and the other ways in which people write it: without a
// form of address, without what stands in brackets or the form of a company,
// with the surname last or first, and without the name that they trade under.
func Spellings(name string) (all []string) {
	all = []string{name}
	plain := name
	if before, _, ok := strings.Cut(plain, "("); ok {
		plain = before
	}
	if surname, first, ok := strings.Cut(plain, ","); ok {
		plain = strings.TrimSpace(first) + " " + surname
	}
	if at := trading.FindStringIndex(plain); at != nil {
		plain = plain[:at[0]]
	}
	words, person := strings.Fields(plain), false
	for len(words) > 1 && slices.Contains(titles, strings.Trim(text.Fold(words[0]), ".")) {
		words, person = words[1:], true
	}
	for len(words) > 2 && slices.Contains(honours, strings.Trim(text.Fold(words[len(words)-1]), ".")) {
		words, person = words[:len(words)-1], true
	}
	if len(words) > 1 {
		all = append(all, strings.Join(words, " "))
	}
	for len(words) > 2 && formOf(words[len(words)-1]) {
		words = words[:len(words)-1]
		all = append(all, strings.Join(words, " "))
	}
	switch n := len(words); {
	case n == 2 && person, n > 1 && !slices.ContainsFunc(words[:n-1], func(w string) bool { return !initial(w) }):
		all = append(all, words[n-1]+" "+strings.Join(words[:n-1], " "))
	case n > 1 && !slices.ContainsFunc(words[1:], func(w string) bool { return !initial(w) }):
		all = append(all, strings.Join(words[1:], " ")+" "+words[0])
	}
	return all
}
