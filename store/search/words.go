package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/police-ict/handover/store/text"
)

// Marked is a piece of a text, and whether it is a word that was looked for.
type Marked struct {
	Text string
	Mark bool
}

const (
	longestWord  = 40    // characters of a word that are compared
	indexedWords = 20000 // words of a text that are searched
	snippetRunes = 240
)

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// joins reports whether a character may be left out between two letters: O’Brien
// is OBrien, and call-in is callin.
func joins(r rune) bool { return strings.ContainsRune("'’‘`´ʼ′-‐‑–−\u00AD.", r) }

// textWords are the words of a text as they are searched, in order: folded, of
// letters and digits only.
func textWords(text string) []string {
	all := strings.FieldsFunc(foldedFast(text), func(r rune) bool { return !inWord(r) })
	all = all[:min(len(all), indexedWords)]
	for i, w := range all {
		all[i] = shortWord(w)
	}
	return all
}

func shortWord(w string) string {
	if len(w) <= longestWord {
		return w
	}
	r := []rune(w)
	return string(r[:min(len(r), longestWord)])
}

// foldedFast is Fold, at less cost for what is ASCII.
func foldedFast(words string) string {
	for i := range len(words) {
		if words[i] >= utf8.RuneSelf {
			return text.FoldLetters(words)
		}
	}
	return strings.ToLower(words)
}

// foundWords are the words by which a text is found: its own, and those written
// with an apostrophe, a hyphen or a full stop once more as one word.
func foundWords(text string) []string {
	all := textWords(text)
	had := map[string]bool{}
	for _, group := range groups(text) {
		if one := shortWord(strings.Join(group, "")); len(group) > 1 && !had[one] && len(had) < indexedWords {
			had[one] = true
			all = append(all, one)
		}
	}
	return all
}

// groups are the words of a text, folded, those together that only an
// apostrophe, a hyphen or a full stop parts. Figures are never one word.
func groups(words string) (all [][]string) {
	words = foldedFast(strings.ReplaceAll(words, "´", "’")) // which would be folded to a space
	last, figures := -1, false
	eachWord(words, func(w span) bool {
		word := shortWord(words[w.from:w.to])
		digits := text.Digits(word)
		gap := []rune(words[max(last, 0):w.from])
		one := len(gap) == 1 && joins(gap[0])
		if n := len(all); n > 0 && !one { // two initials
			before := all[n-1][len(all[n-1])-1]
			one = string(gap) == " " && utf8.RuneCountInString(before)+utf8.RuneCountInString(word) == 2
		}
		if one && last >= 0 && !(digits && figures) {
			all[len(all)-1] = append(all[len(all)-1], word)
		} else {
			all = append(all, []string{word})
		}
		last, figures = w.to, digits
		return true
	})
	return all
}

// searchedTerms are the words of a question as they are looked for, up to a
// number of them.
func searchedTerms(text string) (all []term) {
	room := searchWords
	for _, group := range groups(text) {
		if room == 0 {
			break
		}
		group = group[:min(len(group), room)]
		room -= len(group)
		t := term{word: shortWord(strings.Join(group, ""))}
		if len(group) > 1 {
			t.parts = group
		}
		if !slices.ContainsFunc(all, func(o term) bool { return o.word == t.word }) {
			all = append(all, t)
		}
	}
	return all
}

// searchedWords are the words of a question, each once.
func searchedWords(text string) (all []string) {
	for _, w := range textWords(text) {
		if !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all
}

// lookedFor reports whether a folded word is one that was looked for.
func lookedFor(word string, wanted []string) bool {
	return slices.ContainsFunc(wanted, func(w string) bool {
		return word == w || utf8.RuneCountInString(w) >= begunWord && strings.HasPrefix(word, w)
	})
}

// span is where a word stands in a text.
type span struct{ from, to int }

// eachWord goes through the words of a text as it stands.
func eachWord(text string, fn func(span) bool) {
	at := -1
	for i, r := range text {
		switch word := inWord(r) || at >= 0 && unicode.Is(unicode.Mn, r); {
		case word && at < 0:
			at = i
		case !word && at >= 0:
			if !fn(span{at, i}) {
				return
			}
			at = -1
		}
	}
	if at >= 0 {
		fn(span{at, len(text)})
	}
}

// eachFound goes through the words of a text that were looked for, written
// together or apart.
func eachFound(text string, wanted []string, fn func(span) bool) {
	var words []span
	eachWord(text, func(w span) bool { words = append(words, w); return true })
	for i := 0; i < len(words); i++ {
		joined, best := "", -1
		for j := i; j < len(words) && j < i+searchWords; j++ {
			if gap := []rune(text[words[max(i, j-1)].to:max(words[j].from, words[max(i, j-1)].to)]); j > i && (len(gap) != 1 || !joins(gap[0])) {
				break
			}
			if joined += foldedFast(text[words[j].from:words[j].to]); lookedFor(shortWord(joined), wanted) {
				best = j
			}
		}
		if best >= 0 {
			if !fn(span{words[i].from, words[best].to}) {
				return
			}
			i = best
		}
	}
}

// marking marks the words of a text that were looked for.
func marking(text string, wanted []string) (all []Marked) {
	done := 0
	add := func(to int, mark bool) {
		if to > done {
			all = append(all, Marked{text[done:to], mark})
			done = to
		}
	}
	eachFound(text, wanted, func(w span) bool {
		add(w.from, false)
		add(w.to, true)
		return true
	})
	add(len(text), false)
	return all
}

// snippet is the part of a text where a word that was looked for is first, or
// its beginning, on one line.
func snippet(text string, wanted []string) []Marked {
	from := 0
	eachFound(text, wanted, func(w span) bool { from = w.from; return false })
	start := back(text, from, snippetRunes/4)
	end := ahead(text, start, snippetRunes)
	cut := inLine(text[start:end])
	if start > 0 {
		cut = "… " + cut
	}
	if end < len(text) {
		cut += " …"
	}
	return marking(cut, wanted)
}

// back is the beginning of a word at most n bytes before a place in a text.
func back(text string, at, n int) int {
	if at <= n {
		return 0
	}
	from := at - n
	if i := strings.IndexFunc(text[from:at], unicode.IsSpace); i >= 0 {
		return from + i
	}
	return at
}

// ahead is the end of a word at most n bytes after a place in a text.
func ahead(text string, from, n int) int {
	if len(text)-from <= n {
		return len(text)
	}
	if i := strings.LastIndexFunc(text[from:from+n], unicode.IsSpace); i > 0 {
		return from + i
	}
	to := from + n
	for to < len(text) && !utf8.RuneStart(text[to]) {
		to++
	}
	return to
}

// foundNames are words by which people name a kind of thing.
var foundNames = map[string]Kind{
	"decision": Decision, "decisions": Decision, "paper": Decision, "question": Question, "questions": Question, "answer": Answer, "answers": Answer,
	"recommendation": Recommendation, "recommendations": Recommendation, "undertaking": Undertaking, "undertakings": Undertaking,
	"inquiry": Inquiry, "evidence": Evidence, "report": Report, "committee": Committee, "meeting": Meeting, "supplier": Supplier, "company": Supplier,
}

// named are the references, company numbers and addresses that a question may
// name, folded, and the kinds of thing it says they are of.
func named(words string) (keys []string, kinds []Kind) {
	add := func(k string) {
		if k = strings.Trim(foldedFast(k), `"'“”‘’.,;:()[]`); k != "" && len(k) <= 100 && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	add(words)
	fields := strings.Fields(words)
	for _, f := range fields[:min(len(fields), searchWords)] {
		add(f)
		if n, ok := text.CompanyNumber(f); ok {
			add(n)
		}
		if k, ok := foundNames[foldedFast(f)]; ok {
			kinds = append(kinds, k)
		}
	}
	if n, ok := text.CompanyNumber(words); ok {
		add(n)
	}
	return keys, kinds
}
