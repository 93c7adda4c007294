package text

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Hidden stands in place of a name that is withheld.
const Hidden = "[withheld]"

// Names finds names in texts, whatever their case, accents and spacing. None,
// nil, finds nothing.
type Names struct {
	first map[string][][]string // words of each name by its first word, the longest name first
}

// nameWords are the words of a name, folded.
func nameWords(name string) []string {
	return strings.FieldsFunc(Fold(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// NewNames are names to be found. Those of one very short word are left out:
// they stand in any text.
func NewNames(all []string) *Names {
	n := &Names{first: map[string][][]string{}}
	for _, name := range all {
		words := nameWords(name)
		if len(words) == 0 || len(words) == 1 && utf8.RuneCountInString(words[0]) < 4 {
			continue
		}
		n.first[words[0]] = append(n.first[words[0]], words)
	}
	if len(n.first) == 0 {
		return nil
	}
	for _, same := range n.first {
		slices.SortFunc(same, func(a, b []string) int { return len(b) - len(a) })
	}
	return n
}

// escape is what stands for a character in JSON, HTML and addresses, which is
// none of a word's letters.
var escape = regexp.MustCompile(`^(?:\\+(?:u[0-9a-fA-F]{4}|[nrtbf"/])|&#?[0-9a-zA-Z]{1,8};|%[0-9a-fA-F]{2})`)

// lineEnd is the end of a line of a text in a page.
var lineEnd = regexp.MustCompile(`<br/?>|</p><p>`)

// wordAt is a word of a text, by its bytes.
type wordAt struct{ from, to int }

// next finds the first word at or after from.
func next(s string, from int) (w wordAt, ok bool) {
	for i := from; i < len(s); {
		c := s[i]
		if c == '\\' || c == '&' || c == '%' {
			i += max(1, len(escape.FindString(s[i:min(len(s), i+16)])))
			continue
		}
		if c == '<' {
			if end := lineEnd.FindStringIndex(s[i:min(len(s), i+16)]); end != nil && end[0] == 0 {
				i += end[1]
				continue
			}
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			i += size
			continue
		}
		w.from = i
		for i < len(s) {
			r, size := utf8.DecodeRuneInString(s[i:])
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) {
				break
			}
			i += size
		}
		w.to = i
		return w, true
	}
	return w, false
}

// word is a word folded, as names hold it.
func (w wordAt) word(s string) string {
	plain := s[w.from:w.to]
	for i := 0; i < len(plain); i++ {
		if plain[i] >= utf8.RuneSelf {
			return Fold(plain)
		}
	}
	return strings.ToLower(plain)
}

// apart reports whether what lies between two words parts them: they are in two
// fields or elements.
func apart(gap string) bool {
	gap = lineEnd.ReplaceAllString(gap, " ")
	if strings.ContainsAny(gap, "<>") {
		return true
	}
	for i := 0; i < len(gap); i++ {
		if gap[i] == '"' && (i == 0 || gap[i-1] != '\\') {
			return true
		}
	}
	return len(gap) > 40
}

// at tells where a name ends that begins with a word, or 0.
func (n *Names) at(s string, w wordAt) int {
	for _, name := range n.first[w.word(s)] {
		last, matches := w, true
		for _, want := range name[1:] {
			following, ok := next(s, last.to)
			if !ok || apart(s[last.to:following.from]) || following.word(s) != want {
				matches = false
				break
			}
			last = following
		}
		if matches {
			return last.to
		}
	}
	return 0
}

// In reports whether a text holds one of the names.
func (n *Names) In(s string) bool {
	if n == nil {
		return false
	}
	for w, ok := next(s, 0); ok; w, ok = next(s, w.to) {
		if n.at(s, w) > 0 {
			return true
		}
	}
	return false
}

// Hide is a text, JSON or markup with Hidden in place of each of the names. What
// parts two fields or elements is never taken for a space between two words.
func (n *Names) Hide(s string) string {
	if n == nil {
		return s
	}
	var b strings.Builder
	done := 0
	for w, ok := next(s, 0); ok; w, ok = next(s, w.to) {
		if end := n.at(s, w); end > 0 {
			b.WriteString(s[done:w.from])
			b.WriteString(Hidden)
			done, w.to = end, end
		}
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

// typed is what a reader of a page typed, or may change.
var typed = regexp.MustCompile(`(?s)<textarea.*?</textarea>| value="[^"]*"`)

// HidePage is Hide for a page. What is typed in its forms stays.
func (n *Names) HidePage(s string) string {
	if n == nil || !n.In(s) {
		return s
	}
	var b strings.Builder
	done := 0
	for _, at := range typed.FindAllStringIndex(s, -1) {
		b.WriteString(n.Hide(s[done:at[0]]))
		b.WriteString(s[at[0]:at[1]])
		done = at[1]
	}
	b.WriteString(n.Hide(s[done:]))
	return b.String()
}
