package notice

import (
	"regexp"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/text"
)

// Removed stands where an address of mail stood in a text.
const Removed = "(address removed)"

var mail = regexp.MustCompile(`[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)

// WithoutMail is a text without the addresses of mail in it, and how many there
// were: each reaches a person.
func WithoutMail(s string) (string, int64) {
	if strings.IndexByte(s, '@') < 0 {
		return s, 0
	}
	n := int64(len(mail.FindAllStringIndex(s, -1)))
	if n == 0 {
		return s, 0
	}
	return mail.ReplaceAllString(s, Removed), n
}

// IsPerson says that a name is written as that of a person: a supplier who is one
// stays a supplier, and may have to be withheld.
func IsPerson(name string) bool {
	first, rest, found := strings.Cut(text.Fold(name), " ")
	switch strings.TrimSuffix(first, ".") {
	case "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "revd", "rev":
	default:
		return false
	}
	words := strings.Fields(rest)
	for _, w := range words {
		w = strings.Trim(w, ".,()")
		if text.CompanyForm(w) || slices.Contains([]string{"&", "and", "t/a", "limited", "co", "company", "group", "partners", "partnership", "associates", "services", "practice", "solicitors"}, w) {
			return false
		}
	}
	return found && len(words) > 0 && len(words) < 5
}
