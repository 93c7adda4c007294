package text

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Hidden stands in place of a name that is withheld.
const Hidden = "[withheld]"

// Names finds names in texts, whatever their case, accents, spacing and
// punctuation. None, nil, finds nothing.
type Names struct {
	first map[string][]name // by each word that a name can begin with, the longest name first
}

// A name is its letters without what parts them. It may be written apart or
// together at its soft ends, as O’Dell and ODell or J.P. and JP are; its hard
// ends part two words.
type name struct {
	letters    string
	soft, hard []int // where words of it end
}

// others are letters that are written with others in their place.
var others = strings.NewReplacer("ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "æ", "ae", "œ", "oe", "ı", "i", "ß", "ss")

// FoldLetters folds a text further than Fold, as names are compared and words are
// searched: ø is o and ł is l.
func FoldLetters(word string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(cases.Fold().String(word)) {
		if !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Cf, r) {
			b.WriteRune(r)
		}
	}
	return others.Replace(b.String())
}

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// readName reads a name; ok is false of one very short word, which stands in any text.
func readName(s string) (n name, words []string, ok bool) {
	folded, at := FoldLetters(s), 0
	for w, more := next(folded, 0); more; w, more = next(folded, w.to) {
		word := folded[w.from:w.to]
		if len(words) > 0 {
			if parts(folded[at:w.from], words[len(words)-1], word) {
				n.hard = append(n.hard, len(n.letters))
			} else {
				n.soft = append(n.soft, len(n.letters))
			}
		}
		at, n.letters, words = w.to, n.letters+word, append(words, word)
	}
	return n, words, utf8.RuneCountInString(n.letters) >= 4
}

// NewNames are names to be found. Very short ones are left out: they stand in
// any text.
func NewNames(all []string) *Names {
	n := &Names{first: map[string][]name{}}
	had := map[string]bool{}
	for _, s := range all {
		one, words, ok := readName(s)
		key := fmt.Sprint(one)
		if !ok || had[key] {
			continue
		}
		had[key] = true
		begins := ""
		for i, word := range words {
			if i > 0 && slices.Contains(one.hard, len(begins)) {
				break
			}
			begins += word
			n.first[begins] = append(n.first[begins], one)
		}
	}
	if len(n.first) == 0 {
		return nil
	}
	for _, same := range n.first {
		slices.SortStableFunc(same, func(a, b name) int { return len(b.letters) - len(a.letters) })
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

// percent is a letter beyond ASCII in an address.
var percent = regexp.MustCompile(`^(?:%[89a-fA-F][0-9a-fA-F]){2,4}`)

// letterAt is the size of the letter that a text has at a place, 0 where it has
// none there.
func letterAt(s string, i int, within bool) int {
	if s[i] == '%' {
		if found := percent.FindString(s[i:min(len(s), i+12)]); found != "" {
			for size := 6; size <= len(found); size += 3 {
				plain, err := url.PathUnescape(found[:size])
				if r, n := utf8.DecodeRuneInString(plain); err == nil && n == len(plain) && r != utf8.RuneError {
					if letter(r) || within && unicode.Is(unicode.Mn, r) {
						return size
					}
					return 0
				}
			}
		}
		return 0
	}
	r, size := utf8.DecodeRuneInString(s[i:])
	if letter(r) || within && (unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r)) {
		return size
	}
	return 0
}

// next finds the first word at or after from.
func next(s string, from int) (w wordAt, ok bool) {
	for i := from; i < len(s); {
		if size := letterAt(s, i, false); size > 0 {
			w.from = i
			for size > 0 {
				small, _ := utf8.DecodeRuneInString(s[i:])
				i += size
				if size = 0; i < len(s) {
					size = letterAt(s, i, true)
				}
				if large, _ := utf8.DecodeRuneInString(s[i:]); unicode.IsLower(small) && unicode.IsUpper(large) {
					break // QuillWrenfield is two words
				}
			}
			w.to = i
			return w, true
		}
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
		_, size := utf8.DecodeRuneInString(s[i:])
		i += size
	}
	return w, false
}

// word is a word folded, as names hold it.
func (w wordAt) word(s string) string {
	plain := s[w.from:w.to]
	if strings.Contains(plain, "%") {
		if read, err := url.PathUnescape(plain); err == nil {
			plain = read
		}
	}
	for i := 0; i < len(plain); i++ {
		if plain[i] >= utf8.RuneSelf {
			return FoldLetters(plain)
		}
	}
	return strings.ToLower(plain)
}

// space is what parts two words for a reader, as texts, JSON, addresses and pages have it.
var space = regexp.MustCompile(`[\s\p{Z},;:_+<>]|%20|%2[cC]|%0[aAdD]|%C2%A0|\\[nrt]|&nbsp;|&#(?:160|32|10);`)

// parts reports whether two words are two for a reader. An apostrophe, a hyphen
// and a full stop may be left out, and so may the space between two initials.
func parts(gap, before, after string) bool {
	if utf8.RuneCountInString(before) == 1 && utf8.RuneCountInString(after) == 1 {
		return false
	}
	return gap == " " || space.MatchString(gap)
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
	begins, last := "", w
	for range 4 { // a first name may be written apart where the name is not
		before := last.word(s)
		begins += before
		for _, name := range n.first[begins] {
			if end := name.end(s, w); end > 0 {
				return end
			}
		}
		following, ok := next(s, last.to)
		if !ok || apart(s[last.to:following.from]) || parts(s[last.to:following.from], before, following.word(s)) {
			return 0
		}
		last = following
	}
	return 0
}

// end is where a name ends in a text that begins with a word, or 0. What parts
// two words of the one is an end of a word of the other.
func (n name) end(s string, w wordAt) int {
	at, word := 0, w.word(s)
	for {
		if !strings.HasPrefix(n.letters[at:], word) {
			return 0
		}
		from := at
		at += len(word)
		for _, hard := range n.hard {
			if from < hard && hard < at {
				return 0
			}
		}
		if at == len(n.letters) {
			return w.to
		}
		following, ok := next(s, w.to)
		if !ok {
			return 0
		}
		gap, after := s[w.to:following.from], following.word(s)
		if apart(gap) || parts(gap, word, after) && !slices.Contains(n.hard, at) && !slices.Contains(n.soft, at) {
			return 0
		}
		w, word = following, after
	}
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
