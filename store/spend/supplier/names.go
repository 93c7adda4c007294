// Package supplier tells suppliers apart by number and by name. It is pure.
package supplier

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/police-ict/handover/store/text"
)

// RuleVersion says for people when two published names are one supplier.
const RuleVersion = "Payments belong to one supplier if they give the same company number. Without a number, the names must be the same. Capitals, accents, punctuation and a “the” in front are ignored, “&” is read as “and”, and Limited as Ltd. Similar names are shown to an officer, and are never merged automatically."

// Key is what tells a supplier from every other: "c:" and the company
// number where CompanyNumber accepts it, else "n:" and the name made plain. It is
// "" where the name holds no letter or digit, since then nobody is named.
//
// A name is made plain so: case and accents are dropped, and apostrophes (the
// Children’s Trust is the Childrens Trust); all other punctuation parts words;
// "&" is "and"; "the" in front goes; Limited is ltd, Public Limited Company and
// P.L.C. are plc, Limited Liability Partnership is llp, Incorporated is inc and
// Cyfyngedig is cyf; Company is co after "and" or before one of these, and
// elsewhere a word like any other. "T/A" is "trading as", and what follows
// stays: one company may trade under many names, and it is not known here that
// it is one. No word is ever left out, so that "Ash", "Ash Ltd" and "Ash (UK)
// Ltd" are three.
func Key(name, number string) string {
	words := supplierWords(name)
	if len(words) == 0 {
		return ""
	}
	if n, ok := text.CompanyNumber(number); ok {
		return "c:" + n
	}
	return "n:" + strings.Join(words, " ")
}

// longestSlug is the length of a supplier's address at most.
const longestSlug = 60

// Slug is a supplier's name as it stands in an address: lower-case
// letters, digits and hyphens, at most 60. Two suppliers may have one slug:
// whoever gives addresses tells them apart.
func Slug(name string) string {
	slug := strings.Map(func(r rune) rune {
		if r == ' ' {
			return '-'
		}
		if r >= utf8.RuneSelf {
			return -1
		}
		return r
	}, strings.Join(supplierWords(name), " "))
	slug = strings.Join(strings.FieldsFunc(slug, func(r rune) bool { return r == '-' }), "-")
	if len(slug) > longestSlug {
		slug = strings.TrimRight(slug[:longestSlug], "-")
	}
	return cmp.Or(slug, "supplier")
}

// supplierWords are the words of a name made plain: see SupplierKey.
func supplierWords(name string) []string {
	name = strings.ReplaceAll(strings.ToValidUTF8(name, string(utf8.RuneError)), "´", "'") // which would else be a space with an accent
	var words []string
	for _, w := range strings.Fields(text.Fold(norm.NFKC.String(name))) {
		if t := strings.Trim(w, "()[],.;:-"); t == "t/a" || t == "t/as" {
			words = append(words, "trading", "as")
			continue
		}
		w = strings.Map(plainRune, strings.ReplaceAll(w, "&", " and "))
		words = append(words, strings.Fields(w)...)
	}
	for len(words) > 1 && words[0] == "the" {
		words = words[1:]
	}
	return text.CompanyShort(formsShort(words))
}

// plainRune keeps what words are made of, in lower case. A letter that could not
// be read stays as such: what it was is not known.
func plainRune(r rune) rune {
	switch {
	case strings.ContainsRune("'’‘`ʼ", r), unicode.Is(unicode.Cf, r): // Cf: soft hyphens and other marks that are not seen
		return -1
	case unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r), r == utf8.RuneError:
		return unicode.ToLower(r)
	}
	return ' '
}

var longForms = []struct {
	long  []string
	short string
}{
	{[]string{"public", "limited", "company"}, "plc"},
	{[]string{"public", "ltd", "company"}, "plc"},
	{[]string{"limited", "liability", "partnership"}, "llp"},
	{[]string{"ltd", "liability", "partnership"}, "llp"},
	{[]string{"limited"}, "ltd"},
	{[]string{"incorporated"}, "inc"},
	{[]string{"cyfyngedig"}, "cyf"},
}

// formsShort spells the company form one way. P L C counts only at the end, after
// a word of more than one letter: before that it may be anybody’s initials.
func formsShort(words []string) (short []string) {
	if n := len(words) - 3; n > 0 && len(words[n-1]) > 1 {
		switch strings.Join(words[n:], " ") {
		case "p l c", "l l p", "l t d":
			words = append(slices.Clip(words[:n]), strings.Join(words[n:], ""))
		}
	}
next:
	for len(words) > 0 {
		for _, f := range longForms {
			if n := len(f.long); len(words) >= n && slices.Equal(words[:n], f.long) {
				short, words = append(short, f.short), words[n:]
				continue next
			}
		}
		short, words = append(short, words[0]), words[1:]
	}
	return short
}
