package supplier

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/text"
)

// Likeness is two names, by their places in a list, that may be of one
// supplier, and why: for an officer to look at.
type Likeness struct {
	A, B int // A comes first
	Why  string
}

const (
	mostLikely  = 500
	leastSame   = 4   // letters of names that are compared at all
	mostSame    = 250 // longer ones are no names, and slow
	leastEdited = 8   // letters of names compared letter by letter
	leastCut    = 20  // letters after which a publisher may have cut a name
	mostLonger  = 2   // names that begin with one name: more are its branches
	leastShort  = 4   // initials: three letters are those of too many
	mostShort   = 2   // names of the same initials
)

// LikelySame finds names that may be of one supplier, the 500 likeliest, surest
// first, and where equally sure the longest. Names are looked up by what they
// have in common, never each with each. Names with different numbers in them
// (Unit 1, Unit 2) are never alike.
func LikelySame(names []string) []Likeness {
	l := newLikenesses(names)
	for _, find := range []func(){
		l.by("the same but for capitals and punctuation", func(n likeName) string { return strings.Join(n.words, " ") }),
		l.by("the same but for the company form", func(n likeName) string { return n.bare }),
		l.by("the same but for “UK”", func(n likeName) string { return leaveOut(n.bare, "uk") }),
		l.by("the same but for spaces", func(n likeName) string { return strings.ReplaceAll(n.bare, " ", "") }),
		l.otherNames,
		l.by("the same words in another order", inOrder),
		l.oneLetter,
		l.beginnings,
		l.initials,
	} {
		from := len(l.found)
		find()
		l.surestFirst(from)
		if len(l.found) >= mostLikely {
			return l.found[:mostLikely]
		}
	}
	return l.found
}

// likeName is a name as it is compared: its words, the same without the company
// form, and the numbers in it.
type likeName struct {
	words   []string
	bare    string
	numbers string
}

type likenesses struct {
	names []likeName
	first map[string]int // by bare name, the first that has it
	bear  map[string]int // by word, how many of them have it
	seen  map[[2]int]bool
	found []Likeness
}

func newLikenesses(names []string) *likenesses {
	l := &likenesses{first: make(map[string]int, len(names)), bear: map[string]int{}, seen: map[[2]int]bool{}}
	for i, name := range names {
		words := supplierWords(name)
		bare := bareName(words)
		if len(bare) > mostSame {
			words, bare = nil, ""
		}
		l.names = append(l.names, likeName{words, bare, numbersIn(bare)})
		if _, again := l.first[bare]; again || len(bare) < leastSame {
			continue
		}
		l.first[bare] = i
		for _, w := range strings.Fields(bare) {
			l.bear[w]++
		}
	}
	return l
}

// bareName is a name without its company form.
func bareName(words []string) string {
	var bare []string
	for i, w := range words {
		if !text.CompanyForm(w) && (i == 0 || w != "co" && w != "company") {
			bare = append(bare, w)
		}
	}
	if n := len(bare) - 1; n > 0 && bare[n] == "and" {
		bare = bare[:n]
	}
	return strings.Join(bare, " ")
}

// numbersIn are the numbers in a name, in figures or words, in order.
func numbersIn(s string) string {
	var numbers []string
	for _, w := range strings.Fields(s) {
		switch w {
		case "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "ii", "iii", "iv":
			numbers = append(numbers, w)
		default:
			numbers = append(numbers, strings.FieldsFunc(w, func(r rune) bool { return !unicode.IsNumber(r) })...)
		}
	}
	return strings.Join(numbers, " ")
}

func leaveOut(s, word string) string {
	if !strings.Contains(s, word) {
		return s
	}
	return strings.Join(slices.DeleteFunc(strings.Fields(s), func(w string) bool { return w == word }), " ")
}

// inOrder is the words of a name by the alphabet.
func inOrder(n likeName) string {
	words := strings.Fields(leaveOut(n.bare, "the"))
	slices.Sort(words)
	return strings.Join(words, " ")
}

func (l *likenesses) add(a, b int, why string) {
	pair := [2]int{min(a, b), max(a, b)}
	if a == b || l.seen[pair] || l.names[a].numbers != l.names[b].numbers {
		return
	}
	l.seen[pair] = true
	l.found = append(l.found, Likeness{pair[0], pair[1], why})
}

// surestFirst sorts what was found for one reason.
func (l *likenesses) surestFirst(from int) {
	shared := func(k Likeness) int { return min(len(l.names[k.A].bare), len(l.names[k.B].bare)) }
	slices.SortFunc(l.found[from:], func(x, y Likeness) int {
		return cmp.Or(shared(y)-shared(x), x.A-y.A, x.B-y.B)
	})
}

// by finds names of one key. Each is paired with the first of its key only, so
// that a hundred of them make 99 pairs.
func (l *likenesses) by(why string, key func(likeName) string) func() {
	return func() {
		first := make(map[string]int, len(l.names))
		for i, n := range l.names {
			k := key(n)
			if len(k) < leastSame {
				continue
			}
			if f, ok := first[k]; ok {
				l.add(f, i, why)
				continue
			}
			first[k] = i
		}
	}
}

// otherNames finds both sides of "Ash Ltd trading as Beech" and of "Beech
// (formerly Ash)".
func (l *likenesses) otherNames() {
	for i, n := range l.names {
		for at, w := range n.words {
			after := at + 1
			switch {
			case w == "trading" && after < len(n.words) && n.words[after] == "as":
				l.otherName(i, n.words[:at], "one trades under another name too")
				l.otherName(i, n.words[after+1:], "one trades under the name of the other")
			case w == "formerly":
				l.otherName(i, n.words[:at], "one gives a former name too")
				l.otherName(i, n.words[after:], "one says that it was formerly the other")
			}
		}
	}
}

func (l *likenesses) otherName(i int, words []string, why string) {
	if f, ok := l.first[bareName(words)]; ok {
		l.add(i, f, why)
	}
}

// oneLetter finds names of which one long word is spelled with a letter more,
// less, other, or with two changed about.
func (l *likenesses) oneLetter() {
	near := nearWords(l.bear)
	var other []byte
	for name, i := range l.first {
		if len(name) < leastEdited {
			continue
		}
		start := 0
		for w := range strings.SplitSeq(name, " ") {
			end := start + len(w)
			for _, n := range near[w] {
				other = append(append(append(other[:0], name[:start]...), n...), name[end:]...)
				if f, ok := l.first[string(other)]; ok {
					l.add(i, f, "one letter differs")
				}
			}
			start = end + 1
		}
	}
}

// nearWords are for each word those after it in the alphabet one letter from
// it. Such words lose one letter to become the same, so only words that share
// the hash of such a rest are compared.
func nearWords(bear map[string]int) map[string][]string {
	type rest struct {
		hash uint64
		word int32
	}
	var rests []rest
	var buf []byte
	seed, words := maphash.MakeSeed(), text.SortedKeys(bear)
	for i, w := range words {
		if utf8.RuneCountInString(w) < 5 || numbersIn(w) != "" {
			continue
		}
		rests = append(rests, rest{maphash.String(seed, w), int32(i)})
		for at, r := range w {
			if at > 0 { // who types a name seldom gets its first letter wrong
				buf = append(append(buf[:0], w[:at]...), w[at+utf8.RuneLen(r):]...)
				rests = append(rests, rest{maphash.Bytes(seed, buf), int32(i)})
			}
		}
	}
	slices.SortFunc(rests, func(a, b rest) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.word, b.word)) })
	near := map[string][]string{}
	for i, a := range rests {
		for _, b := range rests[i+1:] {
			if a.hash != b.hash {
				break
			}
			if v, w := words[a.word], words[b.word]; oneLetterApart(v, w) && !slices.Contains(near[v], w) {
				near[v] = append(near[v], w)
			}
		}
	}
	return near
}

// oneLetterApart compares words of five letters and more. Two short names of
// places, Barton and Burton, are two places.
func oneLetterApart(v, w string) bool {
	a, b := []rune(v), []rune(w)
	if v == w || max(len(a), len(b)) < 6 || max(len(a), len(b)) < 8 && bothPlaces(v, w) {
		return false
	}
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(a) < 2 && len(b) < 2 || len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]
}

func bothPlaces(v, w string) bool {
	for _, end := range []string{"ton", "don", "ham", "ford", "field", "ley", "bury", "by", "wick", "well", "land", "shire"} {
		if strings.HasSuffix(v, end) && strings.HasSuffix(w, end) {
			return true
		}
	}
	return false
}

// beginnings finds names that others begin with, or that a publisher cut short.
// A name that many begin with has branches, and they are left alone.
func (l *likenesses) beginnings() {
	longer := map[string][]string{}
	var open []string // names that the present one begins with, the longest last
	for _, name := range text.SortedKeys(l.first) {
		for len(open) > 0 && !strings.HasPrefix(name, open[len(open)-1]) {
			open = open[:len(open)-1]
		}
		if len(open) > 0 {
			longer[open[len(open)-1]] = append(longer[open[len(open)-1]], name)
		}
		open = append(open, name)
	}
	for short, long := range longer {
		if len(long) > mostLonger || !l.telling(short) {
			continue
		}
		for _, name := range long {
			if begins(name, short) {
				l.add(l.first[short], l.first[name], "one name begins with the other")
			}
		}
	}
}

// begins reports whether what a name has beyond a shorter one may be left out:
// not the place or the people that it is for.
func begins(name, short string) bool {
	rest := name[len(short):]
	if rest[0] != ' ' {
		return len(short) >= leastCut
	}
	words := strings.Fields(rest)
	switch words[0] {
	case "for", "of", "at", "in", "and", "trading", "formerly":
		return false
	}
	return len(rest) <= len(short) && strings.Contains(short, " ") && !slices.ContainsFunc(words, placeName)
}

// telling reports whether a name has a word that few others have.
func (l *likenesses) telling(name string) bool {
	return slices.ContainsFunc(strings.Fields(name), func(w string) bool {
		return len(w) >= leastSame && l.bear[w] <= max(4, len(l.first)/1000)
	})
}

// placeName reports whether a word names a place where a supplier may well have
// a branch: an area of a force or one of the larger cities.
func placeName(w string) bool {
	switch w {
	case "birmingham", "bradford", "bristol", "cambridge", "cardiff", "coventry", "edinburgh", "england", "glasgow", "hull", "leeds", "leicester",
		"liverpool", "london", "manchester", "newcastle", "nottingham", "oxford", "scotland", "sheffield", "southampton", "swansea", "york",
		"north", "south", "east", "west", "northern", "southern", "eastern", "western", "central", "midlands":
		return true
	}
	return slices.ContainsFunc(office.BuiltIn(), func(b office.Body) bool {
		return b.LocalPolicing() && slices.Contains(strings.Fields(text.Fold(b.Short)), w)
	})
}

// initials finds names of one word that are the initials of another.
func (l *likenesses) initials() {
	long := map[string][]int{}
	for bare, i := range l.first {
		words := strings.Fields(bare)
		if len(words) < 3 || l.names[i].numbers != "" {
			continue
		}
		all, main := firstLetters(words, false), firstLetters(words, true)
		long[all] = append(long[all], i)
		if main != all {
			long[main] = append(long[main], i)
		}
	}
	for i, n := range l.names {
		if strings.Contains(n.bare, " ") || len(n.bare) < leastShort || len(long[n.bare]) > mostShort {
			continue
		}
		for _, j := range long[n.bare] {
			l.add(i, j, "one is the initials of the other")
		}
	}
}

// firstLetters are the initials of words, without small words where asked.
func firstLetters(words []string, main bool) string {
	var b strings.Builder
	for _, w := range words {
		if main && slices.Contains([]string{"and", "of", "the", "for", "in"}, w) {
			continue
		}
		r, _ := utf8.DecodeRuneInString(w)
		b.WriteRune(r)
	}
	return b.String()
}
