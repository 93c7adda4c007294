package sheet

import (
	"strings"

	"github.com/police-ict/handover/store/book"
)

// Reasons for which an amount cannot be read. None quotes the cell.
const (
	whyEmpty    = "there is no amount"
	whyNumber   = "the amount is not a number"
	whyFused    = "a date and the amount have run together, or there is a date where the amount should be"
	whyWithheld = "the amount is withheld"
	whyComma    = "the amount has a comma or space in the wrong place"
	whyCurrency = "the amount is not in pounds"
	whySigns    = "the amount has two signs"
	whyLarge    = "the amount is too large for a payment, which must be below £10,000,000,000"
	whyError    = "the amount is a spreadsheet error"
)

// maxDigits before the point: nothing of ten thousand million pounds is a
// payment. Nine million such would be more than an int64 of pence holds, so
// that sums are checked as well, and what all files come to.
const maxDigits = 10

// ParseAmount reads pounds as people publish them and returns pence. It takes
// £, GBP, commas between thousands, a minus before or after, brackets, CR and
// DR. More than two decimals are the tail of binary arithmetic where they lie
// within a millionth of a penny; a real fraction is rounded half away from zero
// and said to be rounded. Where the text is no amount, why is a phrase saying so.
func ParseAmount(s string) (pence int64, rounded bool, why string) {
	return amount(s, false)
}

// amount also takes exponents, which workbooks write of themselves and which in
// a text file mean that digits were lost.
func amount(s string, exponent bool) (pence int64, rounded bool, why string) {
	s = book.Trim(s)
	if s == "" {
		return 0, false, whyEmpty
	}
	if p, ok := plainAmount(s); ok {
		return p, false, ""
	}
	digits, negative, why := peel(s)
	if why != "" {
		return 0, false, why
	}
	if exponent {
		digits = unfold(digits)
	}
	pence, rounded, why = number(digits)
	if why == whyNumber {
		why = blame(s)
	}
	if negative {
		pence = -pence
	}
	return pence, rounded, why
}

// commaAmount reads pounds with a comma before the pence and points between
// thousands.
func commaAmount(s string) (pence int64, rounded bool, why string) {
	turned := strings.Map(func(r rune) rune {
		switch r {
		case '.':
			return ','
		case ',':
			return '.'
		}
		return r
	}, s)
	return amount(turned, false)
}

// isComma says that a text can only be an amount with a comma before the pence.
func isComma(s string) bool {
	i := strings.LastIndexByte(s, ',')
	if i < 0 || strings.IndexByte(s, '.') > i {
		return false
	}
	after := 0
	for i++; i < len(s) && class(s[i]) == '0'; i++ {
		after++
	}
	if after == 0 || after > 2 {
		return false
	}
	_, _, why := commaAmount(s)
	return why == ""
}

// isDash says that a cell is a dash for nothing, as accounts write it, perhaps
// with a sign of money.
func isDash(s string) bool {
	dash := false
	for _, r := range s {
		switch r {
		case '-', '\u2013', '\u2014', '\u2212':
			dash = true
		case '£', '$', '€', ' ', '\u00A0', '(', ')':
		default:
			return false
		}
	}
	return dash
}

// plainAmount is the quick way for 1234, 1,234.5 and -£1,234.56: most amounts
// are so, and a file has millions.
func plainAmount(s string) (int64, bool) {
	b, negative := strings.CutPrefix(s, "-")
	b = strings.TrimPrefix(b, "£")
	if len(b) == 0 || len(b) > maxDigits+len(",,,.00") || b[0] == '.' {
		return 0, false
	}
	var n int64
	whole, group, decimals := 0, 0, -1 // digits before the point, since the last comma, and behind the point
	grouped := false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c >= '0' && c <= '9' && decimals >= 0:
			n = n*10 + int64(c-'0')
			decimals++
		case c >= '0' && c <= '9':
			n = n*10 + int64(c-'0')
			whole, group = whole+1, group+1
		case c == ',' && decimals < 0 && (group == 3 || group > 0 && group < 3 && !grouped):
			group, grouped = 0, true
		case c == '.' && decimals < 0:
			decimals = 0
		default:
			return 0, false
		}
	}
	if whole > maxDigits || grouped && group != 3 || decimals > 2 {
		return 0, false
	}
	if decimals < 2 {
		n *= 10
	}
	if decimals < 1 {
		n *= 10
	}
	if negative {
		n = -n
	}
	return n, true
}

var (
	minuses = []string{"-", "\u2212", "\u2013", "\u2010", "\u2011"}
	// "Â£" and U+FFFD are what is left of a pound sign decoded wrongly once.
	pounds = []string{"£", "GBP", "gbp", "Â£", "\uFFFD"}
)

// peel takes signs, brackets, currency and quotation marks off both ends.
func peel(s string) (digits string, negative bool, why string) {
	minus, plus, currency := 0, 0, 0
	for {
		s = book.Trim(s)
		switch {
		case len(s) > 1 && s[0] == '(' && s[len(s)-1] == ')':
			s = s[1 : len(s)-1]
			minus++
		case len(s) > 1 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0]:
			s = s[1 : len(s)-1]
		case len(s) > 1 && s[0] == '\'': // a spreadsheet's mark for "this is text"
			s = s[1:]
		case cut(&s, minuses):
			minus++
		case strings.HasPrefix(s, "+"):
			s = s[1:]
			plus++
		case cut(&s, pounds):
			currency++
		case side(&s, "CR"):
			minus++
		case side(&s, "DR"):
			plus++
		case minus+plus > 1:
			return "", false, whySigns
		case currency > 1:
			return "", false, whyNumber
		default:
			return s, minus == 1, ""
		}
	}
}

// cut takes one of the marks off the front or the back.
func cut(s *string, marks []string) bool {
	for _, m := range marks {
		if t, ok := strings.CutPrefix(*s, m); ok {
			*s = t
			return true
		}
		if t, ok := strings.CutSuffix(*s, m); ok {
			*s = t
			return true
		}
	}
	return false
}

// side takes CR or DR off the front or the back, in either case.
func side(s *string, mark string) bool {
	n := len(*s) - len(mark)
	if n <= 0 {
		return false
	}
	if strings.EqualFold((*s)[n:], mark) {
		*s = (*s)[:n]
		return true
	}
	if strings.EqualFold((*s)[:len(mark)], mark) {
		*s = (*s)[len(mark):]
		return true
	}
	return false
}

// number reads digits with commas between thousands and a point.
func number(s string) (int64, bool, string) {
	whole, fraction, _ := strings.Cut(s, ".")
	whole, why := ungroup(whole)
	if why != "" {
		return 0, false, why
	}
	if whole == "" && fraction == "" || !isDigits(whole) || !isDigits(fraction) {
		return 0, false, whyNumber
	}
	whole = strings.TrimLeft(whole, "0")
	if len(whole) > maxDigits {
		return 0, false, whyLarge
	}
	var n int64
	for _, c := range whole {
		n = n*10 + int64(c-'0')
	}
	p, rounded := pennies(fraction)
	return n*100 + p, rounded, ""
}

// pennies rounds a decimal fraction of a pound, and says whether more was lost
// than a millionth of a penny.
func pennies(fraction string) (int64, bool) {
	const places = 9 // two of pence, seven of a penny
	var n int64
	for i := range places {
		n *= 10
		if i < len(fraction) {
			n += int64(fraction[i] - '0')
		}
	}
	const penny = 10_000_000
	p, rest := n/penny, n%penny
	rounded := rest >= 10 && rest <= penny-10
	if rest >= penny/2 {
		p++
	}
	return p, rounded
}

// ungroup removes the marks between thousands, which must all be of one kind
// and in their places: 12,34 is refused.
func ungroup(s string) (string, string) {
	mark := ""
	for _, m := range []string{",", "\u00A0", "\u202F", "\u2009"} {
		if !strings.Contains(s, m) {
			continue
		}
		if mark != "" {
			return "", whyComma
		}
		mark = m
	}
	if mark == "" {
		return s, ""
	}
	groups := strings.Split(s, mark)
	for i, g := range groups {
		if !isDigits(g) {
			return "", whyNumber
		}
		if i > 0 && len(g) != 3 || i == 0 && (len(g) == 0 || len(g) > 3) {
			return "", whyComma
		}
	}
	return strings.Join(groups, ""), ""
}

// unfold writes 1.25E+3 as 1250; what is no such thing comes back untouched.
func unfold(s string) string {
	mantissa, exponent, ok := strings.Cut(strings.ToUpper(s), "E")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	negative := strings.HasPrefix(exponent, "-")
	exponent = strings.TrimLeft(exponent, "+-")
	if !ok || whole+fraction == "" || exponent == "" || len(exponent) > 2 || !isDigits(whole+fraction+exponent) {
		return s
	}
	n := int(exponent[0] - '0')
	if len(exponent) == 2 {
		n = n*10 + int(exponent[1]-'0')
	}
	if negative {
		digits := strings.Repeat("0", n) + whole
		return digits[:len(digits)-n] + "." + digits[len(digits)-n:] + fraction
	}
	digits := fraction + strings.Repeat("0", n)
	return whole + digits[:n] + "." + digits[n:]
}

// blame finds the plainest reason why a text is no number.
func blame(s string) string {
	switch {
	case strings.ContainsRune(s, '/') && strings.ContainsAny(s, "0123456789"):
		return whyFused
	case strings.HasPrefix(s, "#"):
		return whyError
	case IsRedacted(s):
		return whyWithheld
	case strings.ContainsAny(s, "$€") || hasForeignCode(s):
		return whyCurrency
	}
	if readCell(s, false).how != unread {
		return whyFused
	}
	return whyNumber
}

func hasForeignCode(s string) bool {
	for _, code := range []string{"EUR", "USD", "AUD", "CAD", "CHF"} {
		if strings.HasPrefix(s, code) || strings.HasSuffix(s, code) {
			return true
		}
	}
	return false
}

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
