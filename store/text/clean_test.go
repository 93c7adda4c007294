package text_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/text"
)

func TestTextIsCleanedTheSameEverywhere(t *testing.T) {
	for name, c := range map[string]struct{ typed, lines, line string }{
		"a NUL":                       {"a\x00b", "ab", "ab"},
		"bytes that are not UTF-8":    {"a\xff\xfeb", "a\uFFFDb", "a\uFFFDb"},
		"half of a pair":              {"a\xed\xa0\x80b", "a\uFFFDb", "a\uFFFDb"},
		"an override":                 {"\u202Eeod enaJ", "eod enaJ", "eod enaJ"},
		"isolates":                    {"\u2066a\u2069b", "ab", "ab"},
		"marks of direction":          {"a\u200E\u200Fb", "ab", "ab"},
		"zero-width characters":       {"Ja\u200Bne\u200C \u200DDo\u2060e\uFEFF", "Jane Doe", "Jane Doe"},
		"a soft hyphen":               {"Com\u00ADpany", "Company", "Company"},
		"tags":                        {"a\U000E0041b", "ab", "ab"},
		"line ends of all kinds":      {"a\r\nb\rc\u2028d\u2029e\u0085f\vg", "a\nb\nc\nd\ne\nf\ng", "a b c d e f g"},
		"a tab":                       {"a\tb", "a\tb", "a b"},
		"other control characters":    {"a\x1b[1mb\x7f\u009b", "a[1mb", "a[1mb"},
		"letters in two parts":        {"We\u0302n", "Wên", "Wên"},
		"what no XML holds":           {"a\uFFFEb", "ab", "ab"},
		"what is clean":               {"Heddlu Gŵent: £1 – “yes” 👮", "Heddlu Gŵent: £1 – “yes” 👮", "Heddlu Gŵent: £1 – “yes” 👮"},
		"a mail header in a name":     {"Mail\r\nBcc: x@example.org", "Mail\nBcc: x@example.org", "Mail Bcc: x@example.org"},
		"only what shows nothing":     {"\u200B\u2060", "", ""},
		"an accent across a joiner":   {"e\u200B\u0301", "é", "é"},
		"a line end across a nothing": {"a\r\u200B\nb", "a\n\nb", "a b"},
	} {
		if got := text.Clean(c.typed); got != c.lines || !text.IsClean(got) || text.Clean(got) != got {
			t.Errorf("%s: %q, want %q", name, got, c.lines)
		}
		if got := text.OneLine(c.typed); got != c.line || !text.IsLine(got) || text.OneLine(got) != got {
			t.Errorf("%s as one line: %q, want %q", name, got, c.line)
		}
	}
}

func TestWhatIsNotCleanIsRefused(t *testing.T) {
	for _, v := range []string{"a\x00b", "a\xffb", "a\u202Eb", "a\u200Bb", "a\u2028b"} {
		var f fault.Faults
		if text.Tidy(&f, "title", "a title", v, true, 100); len(f) != 1 {
			t.Errorf("%q: %v", v, f)
		}
	}
	var f fault.Faults
	if text.Tidy(&f, "text", "a text", "a\r\nb\tc", true, 100); len(f) != 0 {
		t.Errorf("lines: %v", f)
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\r\n\u202Eb\xff\x00")
	f.Fuzz(func(t *testing.T, s string) {
		for _, got := range []string{text.Clean(s), text.OneLine(s)} {
			if !utf8.ValidString(got) || strings.ContainsRune(got, 0) || !text.IsClean(got) {
				t.Errorf("%q is kept as %q", s, got)
			}
		}
		if got := text.OneLine(s); text.OneLine(got) != got {
			t.Errorf("%q is another line once more", got)
		}
	})
}
