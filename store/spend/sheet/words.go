package sheet

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// letters is a text in lower case with one space between words and no marks.
func letters(s string) string {
	if isASCII(s) {
		return asciiLetters(s)
	}
	var b strings.Builder
	gap := false
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// asciiLetters is letters of a text without other letters, as most cells are:
// every cell of a sample is read so.
func asciiLetters(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z':
			b = append(b, c|0x20)
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			b = append(b, c)
		case len(b) > 0 && b[len(b)-1] != ' ':
			b = append(b, ' ')
		}
	}
	return string(bytes.TrimSuffix(b, []byte{' '}))
}

// withheldNames are what publishers write in place of a supplier's name, whole.
var withheldNames = map[string]bool{
	"third party": true, "third parties": true, "third party supplier": true, "third party payment": true,
	"third party individual": true, "personal data": true, "personal information": true, "personal": true,
	"name withheld": true, "withheld": true, "supplier name withheld": true, "confidential": true,
	"private individual": true, "individual": true, "individuals": true, "named individual": true, "not disclosed": true,
	"undisclosed": true, "exempt": true, "exempt from publication": true, "data protection": true,
	"supplier withheld": true, "name removed": true, "data protected": true, "sensitive": true,
}

// IsRedacted says that a publisher put words of withholding in the cell instead
// of a name or an amount.
func IsRedacted(s string) bool {
	if len(s) > 120 || s == "" || !maybeRedacted(s) {
		return false
	}
	w := letters(s)
	return withheldNames[w] || hasWord(w, "redacted") || hasWord(w, "redaction") || hasWord(w, "redact") ||
		strings.HasPrefix(w, "withheld ") || strings.HasPrefix(w, "personal data ") || strings.HasPrefix(w, "name withheld")
}

// maybeRedacted spares most names the longer look: every word of withholding
// begins with two of these letters, perhaps after a mark, or has "redact" in it.
func maybeRedacted(s string) bool {
	if strings.Contains(s, "edact") || strings.Contains(s, "EDACT") {
		return true
	}
	switch c := s[0]; {
	case strings.IndexByte("tpnwsciudeTPNWSCIUDE", c) >= 0:
		if len(s) > 1 && s[1] < utf8.RuneSelf {
			return withheldOpenings[[2]byte{c | 0x20, s[1] | 0x20}] || containsFold(s, "redact")
		}
		return len(s) > 1
	case strings.IndexByte("rR(*[<-", c) >= 0:
		return true
	}
	return false
}

// withheldOpenings are the first two letters of the words of withholding.
var withheldOpenings = map[[2]byte]bool{
	{'t', 'h'}: true, {'p', 'e'}: true, {'p', 'r'}: true, {'n', 'a'}: true, {'n', 'o'}: true, {'w', 'i'}: true, {'s', 'u'}: true, {'s', 'e'}: true,
	{'c', 'o'}: true, {'i', 'n'}: true, {'u', 'n'}: true, {'d', 'a'}: true, {'e', 'x'}: true,
}

func hasWord(text, word string) bool {
	for w := range strings.SplitSeq(text, " ") {
		if w == word {
			return true
		}
	}
	return false
}

// totalLabel says how a cell names a total: 0 not at all, 1 a part ("Sub
// total", "Adult Services Total"), 2 a total, 3 a grand total. "Total Gas &
// Power" is a supplier.
func totalLabel(s string) int {
	if len(s) < 3 || len(s) > 80 || !containsFold(s, "total") && (len(s) > 14 || !containsFold(s, "sum")) {
		return 0
	}
	w := letters(s)
	switch {
	case grandTotals[w]:
		return 3
	case strings.HasPrefix(w, "grand total "):
		return 3
	case strings.HasPrefix(w, "total ") && isMonths(w[len("total "):]), strings.HasPrefix(w, "total to "):
		return 2
	case plainTotals[w], strings.HasPrefix(w, "total for "), strings.HasPrefix(w, "total of "), strings.HasPrefix(w, "totals for "):
		return 2
	case strings.HasPrefix(w, "subtotal"), strings.HasPrefix(w, "sub total"), strings.HasSuffix(w, " total"), strings.HasSuffix(w, " subtotal"):
		return 1
	}
	return 0
}

// isMonths says that a text is a month or two with their year, and no more.
func isMonths(w string) bool {
	return len(w) < 30 && len(monthsNamed(w)) > 0 && strings.Count(w, " ") <= 4
}

var grandTotals = map[string]bool{
	"grand total": true, "grand totals": true, "overall total": true, "report total": true, "total overall": true,
	"grand total net": true, "grandtotal": true, "total spend": true, "total expenditure": true, "final total": true,
}

var plainTotals = map[string]bool{
	"total": true, "totals": true, "total amount": true, "total payments": true, "total net": true, "total paid": true,
	"total value": true, "net total": true, "total net amount": true, "monthly total": true, "sheet total": true,
	"page total": true, "sum": true, "sums": true, "sum total": true, "total sum": true, "overall sum": true, "sum of all": true, "sum of above": true, "total all": true, "total this month": true, "control total": true,
}

// containsFold looks for an ASCII word in lower case, whatever the case of s.
func containsFold(s, word string) bool {
	for i := 0; i+len(word) <= len(s); i++ {
		if s[i]|0x20 == word[0] && strings.EqualFold(s[i:i+len(word)], word) {
			return true
		}
	}
	return false
}

// bounded cuts a text to n bytes without breaking a letter.
func bounded(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
