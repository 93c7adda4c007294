package notice

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/police-ict/handover/store/money"
)

// ValueKind is what an amount is of. Amounts of unlike kinds are never added.
type ValueKind string

// The kinds of value.
const (
	Estimate ValueKind = "estimate"
	Awarded  ValueKind = "awarded"
	Total    ValueKind = "current" // of the whole contract, as it is now
	Original ValueKind = "original"
	Change   ValueKind = "change"
	Maximum  ValueKind = "maximum"
	Yearly   ValueKind = "yearly"
	Part     ValueKind = "share"
	TaxLost  ValueKind = "vat" // that the buyer cannot recover
)

// Value is an amount of money of one kind. The zero Currency is not said.
type Value struct {
	Kind     ValueKind   `json:"kind"`
	Pence    money.Pence `json:"pence"` // hundredths, of whatever currency
	Known    bool        `json:"known"` // Pence was read
	Currency string      `json:"currency,omitempty"`
	Basis    string      `json:"basis,omitempty"` // net or gross of VAT; empty where not said
	Words    string      `json:"words,omitempty"` // as published, where that says more than Pence
	Why      string      `json:"why,omitempty"`   // why Pence is not known: a phrase
	Noise    bool        `json:"noise,omitempty"` // had the tail of binary arithmetic
}

// The reasons for which an amount is not a number that counts.
const (
	NoValue       = "there is no value"
	WithheldValue = "the value is withheld"
	YearlyValue   = "the value is for one year"
	RangeValue    = "the value is a range or a limit"
	RoundValue    = "the value is a rounded figure"
	BadValue      = "the value is not a number"
	LargeValue    = "the value is too large to be one"
	LostDigits    = "the value has lost digits to the notation of a spreadsheet"
)

// maxDigits before the point. Nothing that one body buys has more.
const maxDigits = 13

var (
	perYear   = regexp.MustCompile(`(?i)\s*(?:p\.?\s?a\.?|per\s+annum|per\s+year|a\s+year|each\s+year|annually|/\s?(?:year|yr|annum))\s*$`)
	nothing   = regexp.MustCompile(`(?i)^(?:n/?a|none|null|nil|not\s+applicable|not\s+stated|not\s+known|unknown|-+|–|—|\.)$`)
	withheld  = regexp.MustCompile(`(?i)withheld|commercial(?:ly)?[\s-]+(?:in[\s-]+)?(?:sensitive|confiden)|in\s+confidence|exempt|\bs\.?\s?43\b|section\s+43|redacted|^confidential$|not\s+disclosed`)
	taxFree   = regexp.MustCompile(`(?i)\bvat\b`) // "VAT exempt" withholds nothing
	rounded   = regexp.MustCompile(`(?i)\d\s*(?:k|m|bn|mn|million|thousand|billion)\.?$`)
	limits    = regexp.MustCompile(`(?i)\d\s*(?:-|–|—|to|/)\s*[£€$]?\s*\d|^(?:up\s+to|under|over|below|above|less\s+than|more\s+than|circa|approx|between|c\.|est\.?\s|<|>|~|≤|≥)|\d\s*\+$`)
	symbols   = map[string]string{"£": "GBP", "€": "EUR", "GBP": "GBP", "EUR": "EUR", "USD": "USD", "CAD": "CAD", "Â£": "GBP", "\uFFFD": "GBP"}
	exponents = regexp.MustCompile(`^([+-]?)(\d*)(?:\.(\d*))?[eE]([+-]?\d{1,4})$`)
)

// Reading is how the amounts of a file are written.
type Reading struct {
	Comma    bool   // a comma stands before the pence and points between thousands
	Exponent bool   // the file writes exponents of itself, as workbooks and JSON do
	Currency string // of amounts that name none
}

// IsWithheld says that words in a cell say that something is withheld.
func IsWithheld(s string) bool {
	if len(s) >= 200 {
		return false
	}
	low := strings.ToLower(s)
	for _, stem := range []string{"withh", "commerc", "confid", "exempt", "43", "redact", "disclos"} {
		if strings.Contains(low, stem) { // nearly no cell does, and the pattern is dear
			return withheld.MatchString(s) && !taxFree.MatchString(s)
		}
	}
	return false
}

// Read reads an amount as published. It never guesses: where the text is no exact
// number, Why says so and Words keeps it.
func (r Reading) Read(kind ValueKind, cell string) Value {
	v := Value{Kind: kind, Currency: r.Currency}
	s := strings.TrimSpace(strings.ReplaceAll(cell, "\u00a0", " "))
	if s != "" && len(s) < 16 && isDigits(strings.Replace(s, ".", "", 1)) && !r.Comma {
		if p, noise, why := r.pence(s); why == "" { // nearly all amounts of a file
			v.Pence, v.Noise, v.Known = p, noise, true
			return v
		}
	}
	switch {
	case s == "" || nothing.MatchString(s):
		v.Why = NoValue
		return v
	case len(s) > 200 || IsWithheld(s):
		v.Words, v.Why = s, WithheldValue
		if len(s) > 200 {
			v.Words, v.Why = s[:200], BadValue
		}
		return v
	}
	if cut := perYear.FindStringIndex(s); cut != nil && cut[0] > 0 {
		v.Kind, v.Words, s = Yearly, s, s[:cut[0]]
	}
	digits, currency, negative := bare(s)
	if currency != "" {
		v.Currency = currency
	}
	var why string
	if v.Pence, v.Noise, why = r.pence(digits); why != "" {
		v.Why = blame(s, why)
		v.Words = strings.TrimSpace(cell)
		return v
	}
	if negative {
		v.Pence = -v.Pence
	}
	v.Known = true
	return v
}

// Slip is the factor, 100 or 1,000, by which two amounts differ where one seems to
// be the other with its point in the wrong place; 0 where it does not.
func Slip(a, b money.Pence) int64 {
	small, large := a.Size(), b.Size()
	if small > large {
		small, large = large, small
	}
	for _, factor := range []money.Pence{100, 1000} {
		if small > 0 && large/small >= factor-1 && large/small <= factor {
			return int64(factor)
		}
	}
	return 0
}

// blame is the plainest reason why a text is no number.
func blame(s, why string) string {
	switch {
	case why != BadValue:
		return why
	case limits.MatchString(s):
		return RangeValue
	case rounded.MatchString(s):
		return RoundValue
	}
	return BadValue
}

// bare takes signs, brackets and the currency off both ends.
func bare(s string) (digits, currency string, negative bool) {
	for {
		s = strings.TrimSpace(s)
		was := s
		if len(s) > 1 && s[0] == '(' && s[len(s)-1] == ')' {
			s, negative = s[1:len(s)-1], true
		}
		for _, minus := range []string{"-", "−", "–"} {
			if t, ok := strings.CutPrefix(s, minus); ok {
				s, negative = t, true
			}
		}
		for mark, code := range symbols {
			if t, ok := strings.CutPrefix(s, mark); ok {
				s, currency = t, code
			} else if t, ok := strings.CutSuffix(s, mark); ok {
				s, currency = t, code
			}
		}
		s = strings.TrimPrefix(s, "'")
		if s == was {
			return s, currency, negative
		}
	}
}

// pence reads digits with marks between thousands, a point and perhaps an
// exponent.
func (r Reading) pence(s string) (p money.Pence, noise bool, why string) {
	if m := exponents.FindStringSubmatch(s); m != nil {
		if !r.Exponent {
			return 0, false, LostDigits
		}
		if s = unfold(m); s == "" {
			return 0, false, LargeValue
		}
	}
	point, mark := ".", ","
	if r.Comma {
		point, mark = mark, point
	}
	whole, fraction, dotted := strings.Cut(s, point)
	whole, ok := ungroup(whole, mark)
	if !ok || whole == "" && fraction == "" || dotted && fraction == "" && whole == "" || !isDigits(whole) || !isDigits(fraction) {
		return 0, false, BadValue
	}
	switch {
	case len(whole) > 1 && whole[0] == '0':
		return 0, false, BadValue // a number of something, or the rest of one
	case len(whole) > maxDigits:
		return 0, false, LargeValue
	}
	for len(fraction) < 3 {
		fraction += "0"
	}
	n, err := strconv.ParseInt(whole+fraction[:2], 10, 64)
	if err != nil {
		return 0, false, BadValue
	}
	if fraction[2] >= '5' {
		n++
	}
	return money.Pence(n), strings.Trim(fraction[2:], "0") != "", ""
}

// ungroup removes the marks between thousands, all of one kind and in their
// places.
func ungroup(s, mark string) (string, bool) {
	found := ""
	for _, m := range []string{mark, " ", "\u202F", "\u2009", "'"} {
		if strings.Contains(s, m) {
			if found != "" {
				return "", false
			}
			found = m
		}
	}
	if found == "" {
		return s, true
	}
	groups := strings.Split(s, found)
	for i, g := range groups {
		if i > 0 && len(g) != 3 || i == 0 && (len(g) == 0 || len(g) > 3) {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

// unfold writes 1.25E+3 as 1250; it is empty for what has too many digits.
func unfold(m []string) string {
	whole, fraction := m[2], m[3]
	n, err := strconv.Atoi(m[4])
	if err != nil || n > 2*maxDigits || n < -2*maxDigits {
		return ""
	}
	for ; n > 0; n-- {
		if fraction == "" {
			fraction = "0"
		}
		whole, fraction = whole+fraction[:1], fraction[1:]
	}
	for ; n < 0; n++ {
		if whole == "" {
			whole = "0"
		}
		whole, fraction = whole[:len(whole)-1], whole[len(whole)-1:]+fraction
	}
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	return whole + "." + fraction
}

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
