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
			return text.Fold(words)
		}
	}
	return strings.ToLower(words)
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

// marking marks the words of a text that were looked for.
func marking(text string, wanted []string) (all []Marked) {
	done := 0
	add := func(to int, mark bool) {
		if to > done {
			all = append(all, Marked{text[done:to], mark})
			done = to
		}
	}
	eachWord(text, func(w span) bool {
		if lookedFor(shortWord(foldedFast(text[w.from:w.to])), wanted) {
			add(w.from, false)
			add(w.to, true)
		}
		return true
	})
	add(len(text), false)
	return all
}

// snippet is the part of a text where a word that was looked for is first, or
// its beginning, on one line.
func snippet(text string, wanted []string) []Marked {
	from := 0
	eachWord(text, func(w span) bool {
		if lookedFor(shortWord(foldedFast(text[w.from:w.to])), wanted) {
			from = w.from
			return false
		}
		return true
	})
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
