// Package text holds what is done to plain text everywhere: folding for search,
// counting in words, tidying of typed lines, canonical JSON.
package text

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/police-ict/handover/store/fault"
)

// Strictly reads JSON that may hold nothing but what is known.
func Strictly(text []byte, into any) error {
	dec := json.NewDecoder(strings.NewReader(string(text)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return ErrMoreFollows
	}
	return nil
}

// ErrMoreFollows is that a JSON text goes on after its value.
var ErrMoreFollows = errors.New("more follows after its end")

// ReferenceForm is the form of a reference: 2012-014.
var ReferenceForm = regexp.MustCompile(`^(\d{4})-(\d{3,})$`)

// JoinNumbers are numbers for a list in SQL.
func JoinNumbers(all []int64) string {
	words := []string{"0"} // there is no decision 0
	for _, n := range all {
		words = append(words, strconv.FormatInt(n, 10))
	}
	return strings.Join(words, ", ")
}

// FromJSON reads a JSON text of a row into v.
func FromJSON[T any](text string) (v T, err error) {
	err = json.Unmarshal([]byte(text), &v)
	return v, err
}

// SortedKeys are the keys of a map, in order.
func SortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// Unbroken is a reference as a page shows it: it does not break across lines.
func Unbroken(ref string) string { return strings.ReplaceAll(ref, "-", "\u2011") }

// dashes are what people type or copy in place of the hyphen of a reference.
var dashes = strings.NewReplacer("\u2010", "-", "\u2011", "-", "\u2012", "-", "\u2013", "-", "\u2014", "-", "\u2212", "-")

// RefTyped is a reference as it is kept, from what somebody typed or copied.
func RefTyped(s string) string { return dashes.Replace(OneLine(s)) }

// RefParts are the year and the number of a reference.
func RefParts(ref string) (year, seq int64, ok bool) {
	m := ReferenceForm.FindStringSubmatch(ref)
	if m == nil {
		return 0, 0, false
	}
	year, err1 := strconv.ParseInt(m[1], 10, 64)
	seq, err2 := strconv.ParseInt(m[2], 10, 64)
	return year, seq, err1 == nil && err2 == nil
}

// Canonical is v as JSON with sorted keys, no spaces and no HTML escapes.
func Canonical(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	dec := json.NewDecoder(&b)
	dec.UseNumber()
	var plain any
	if err := dec.Decode(&plain); err != nil {
		return nil, err
	}
	return AsWritten(plain)
}

// AsWritten is the JSON of a value whose keys are in order as they stand.
func AsWritten(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// Letters is a name without case, accents, spaces and marks.
func Letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, Fold(s))
}

// SoughtWords are the words looked for, folded, of at most 200 characters in all.
func SoughtWords(text string) []string {
	plain := Line(text)
	if r := []rune(plain); len(r) > 200 {
		plain = string(r[:200])
	}
	return strings.Fields(Fold(plain))
}

// RowTold reads a public row, which may lack what this program knows of it.
func RowTold[T any](row []byte) (v T, ok bool) {
	err := json.Unmarshal(row, &v)
	return v, err == nil
}

// Lines are the parts that hold something, a line each.
func Lines(parts ...string) string {
	var all []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			all = append(all, p)
		}
	}
	return strings.Join(all, "\n")
}

// ErrBlock is that a packed block cannot be read.
var ErrBlock = errors.New("a block of lines cannot be read: it was changed beside the portal")

// companyPrefixes are the letters with which Companies House, its registrars in
// Scotland and Northern Ireland and those before them begin a number. Digits
// alone are a company of England and Wales.
const companyPrefixes = `AC|BR|CE|CS|EN|ES|FC|FE|FR|GE|GN|GS|IC|IP|LP|NA|NC|NE|NF|NI|NL|NO|NP|NR|NV|NZ|OC|OE|PC|R0|RC|RO|RS|SA|SC|SE|SF|SG|SI|SL|SO|SP|SR|SZ|ZC`

// The forms of a number: digits; letters and digits; and the older ones that end
// in letters, in eight characters or, of registered societies, in fewer.
var (
	companyDigits = regexp.MustCompile(`^[0-9]{6,8}$`)
	companyPlain  = regexp.MustCompile(`^(` + companyPrefixes + `)([0-9]{3,6})$`)
	companySuffix = regexp.MustCompile(`^(?:` + companyPrefixes + `)(?:[0-9]{5}[A-Z]|[0-9]{4}[A-Z]{2}|[0-9]{3}[A-Z]{3})$`)
	companyOld    = regexp.MustCompile(`^(?:(?:IP|NP)[0-9]{5}R|SP[0-9]{4}RS|R[0-9]{7})$`)
	companyDashes = strings.NewReplacer("-", "", "‐", "", "‑", "", "–", "", "—", "", "/", "", "\u200b", "", "\ufeff", "")
)

// CompanyNumber is a company number as Companies House writes it, in eight
// characters: without spaces and hyphens, in capitals. It puts back zeros that a
// spreadsheet took away, as far as six digits (three after letters) remain;
// shorter and longer numbers, and those that only fill a cell, such as
// 00000000, 12345678 and 99999999, are none.
func CompanyNumber(s string) (string, bool) {
	s = strings.ToUpper(companyDashes.Replace(strings.Join(strings.Fields(s), "")))
	switch {
	case companyDigits.MatchString(s):
		if filler(s) {
			return "", false
		}
		return strings.Repeat("0", 8-len(s)) + s, true
	case companyOld.MatchString(s), companySuffix.MatchString(s):
		return s, true
	}
	m := companyPlain.FindStringSubmatch(s)
	if m == nil || strings.Trim(m[2], "0") == "" {
		return "", false
	}
	return m[1] + strings.Repeat("0", 6-len(m[2])) + m[2], true
}

// filler reports whether digits only fill a cell: 00000000, 12345678, 999999.
func filler(digits string) bool {
	return digits == "12345678" || strings.Trim(digits, digits[:1]) == ""
}

// CompanyShort makes Company co where it is clearly the form: "and company",
// "company ltd".
func CompanyShort(words []string) []string {
	for i, w := range words {
		if w == "company" && i > 0 && (words[i-1] == "and" || i+1 < len(words) && CompanyForm(words[i+1])) {
			words[i] = "co"
		}
	}
	return words
}

// CompanyForm is how each form of a company is spelled.
func CompanyForm(w string) bool {
	switch w {
	case "ltd", "plc", "llp", "inc", "cyf":
		return true
	}
	return false
}

// ParseCount reads a whole number of at least least.
func ParseCount(s string, least int64) (int64, error) {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 32)
	if err != nil || n < least {
		return 0, fault.Invalid.Errorf("Enter a whole number of %d or more.", least)
	}
	return n, nil
}

// Digits reports whether a text is digits only.
func Digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// Thousands writes a whole number with its commas.
func Thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// Percent is part of whole as a percentage with two decimals, rounded half
// up: "2.33". It is for showing only and never stored.
func Percent(part, whole int64) string {
	if whole == 0 {
		return "0.00"
	}
	n := (part*1_000_000/whole + 50) / 100
	return fmt.Sprintf("%d.%02d", n/100, n%100)
}

// Fold is the key by which people's words are searched and sorted: without
// case or accents, so that Ŵ finds w on every engine.
func Fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(cases.Fold().String(strings.TrimSpace(s))) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Plain is a status or act as people say it: deed_received is "deed received".
func Plain(s string) string { return strings.NewReplacer("_", " ", "-", " ").Replace(s) }

// Count writes a number with its noun: 1 body, 2 bodies.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Thousands(int64(n)) + " " + many
}

// Short cuts what someone typed to a length that can be quoted back.
func Short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// LikeEscaped is text as LIKE finds it, with ESCAPE '\'.
func LikeEscaped(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// Tidy is the rule for one free text field: not empty when needed, not over
// most characters, and clean.
func Tidy(f *fault.Faults, field, label, v string, need bool, most int) {
	switch {
	case need && strings.TrimSpace(v) == "":
		f.Add(field, "Enter %s.", label)
	case len([]rune(v)) > most:
		f.Add(field, "Shorten %s to %d characters or fewer.", label, most)
	case !IsClean(strings.ReplaceAll(v, "\r", "\n")):
		f.Add(field, "Remove the control characters from %s.", label)
	}
}

// Capital is a text with its first letter in upper case.
func Capital(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:n]) + s[n:]
}

// Lower is a text with its first letter in lower case.
func Lower(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return strings.ToLower(s[:n]) + s[n:]
}

// Distance counts letters put in, left out, changed or swapped with their
// neighbour, and gives up above the limit.
func Distance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := 1; i <= len(a); i++ {
		rows[2][0] = i
		for j := 1; j <= len(b); j++ {
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			n := min(rows[1][j-1]+same, rows[1][j]+1, rows[2][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				n = min(n, rows[0][j-2]+1)
			}
			rows[2][j] = n
		}
		rows[0], rows[1], rows[2] = rows[1], rows[2], rows[0]
	}
	return rows[1][len(b)]
}
