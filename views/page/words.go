package page

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/text"
)

// ChoicesOf are words to choose from, each its own value.
func ChoicesOf[S ~string](all []S) (out []Choice) {
	for _, s := range all {
		out = append(out, Choice{Value: string(s), Label: text.Capital(string(s))})
	}
	return out
}

// Sentenced ends words with one full stop.
func Sentenced(s string) string {
	if s == "" {
		return ""
	}
	return strings.TrimRight(s, ".") + "."
}

// Paragraphs splits text into its paragraphs.
func Paragraphs(text string) (all []string) {
	for line := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(line) != "" {
			all = append(all, line)
		}
	}
	return all
}

// Lowered begins a sentence's words in the middle of another.
func Lowered(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return strings.ToLower(s[:n]) + s[n:]
}

// SizeWords is the size of a file in words.
func SizeWords(n int64) string {
	switch {
	case n < 1000:
		return text.Count(int(n), "byte", "bytes")
	case n < 1_000_000:
		return fmt.Sprintf("%d kB", (n+500)/1000)
	}
	return fmt.Sprintf("%d.%d MB", n/1_000_000, n%1_000_000/100_000)
}

// Sentence ends words with a full stop, if there are any.
func Sentence(words string) string {
	if words == "" {
		return ""
	}
	return strings.TrimSuffix(words, ".") + "."
}

// Yes is b as an address writes it, "" for no.
func Yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// SpanWords are the days of something that may have no last one.
func SpanWords(first, last civil.Day) string {
	if last == "" {
		return "from " + first.String()
	}
	return first.String() + " to " + last.String()
}

// AreIs is the verb for n things.
func AreIs(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// KindWords lists kinds of offices.
func KindWords(all []office.Kind) string {
	words := make([]string, len(all))
	for i, k := range all {
		words[i] = string(k)
	}
	return strings.Join(words, ", ")
}

// NothingYet says that nothing has been recorded, before a confirmation.
func NothingYet(ctx context.Context) string {
	return "As at " + civil.Clock(From(ctx).Now) + ". Nothing has been recorded yet."
}

// Number is n as an address writes it, "" for 0.
func Number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// Comma ends one of n things in a row.
func Comma(i, n int) string {
	if i < n-1 {
		return ", "
	}
	return ". "
}

// Share writes a percentage with two decimals, and a whole one without.
func Share(percent string) string { return strings.TrimSuffix(percent, ".00") + "%" }

// PerCent is a length as a part of a chart's width.
func PerCent(x float64) string { return fmt.Sprintf("%.2f%%", x) }

// Px is a length in pixels.
func Px(n int) string { return fmt.Sprint(n) }
