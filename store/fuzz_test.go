package store_test

import (
	"bytes"
	"slices"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/documents"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
)

var documentTypes = []string{"application/pdf", "image/png", "image/jpeg", "image/gif", "image/tiff", "text/plain; charset=utf-8"}

// dangerous reports whether a file begins as a program, an archive or markup.
func dangerous(content []byte) bool {
	for _, magic := range []string{"MZ", "\x7fELF", "PK\x03\x04", "PK\x05\x06", "PK\x07\x08", "#!", "\xca\xfe\xba\xbe", "\xcf\xfa\xed\xfe", "\xd0\xcf\x11\xe0", "Rar!", "\x1f\x8b", "7z\xbc\xaf"} {
		if bytes.HasPrefix(content, []byte(magic)) {
			return true
		}
	}
	return bytes.HasPrefix(bytes.TrimLeftFunc(content, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' }), []byte("<"))
}

func FuzzTypeOf(f *testing.F) {
	for _, seed := range []string{"", " ", "A paper of the test.", "%PDF-1.7\n", "\x89PNG\r\n\x1a\n", "\xff\xd8\xff\xe0", "GIF89a", "II*\x00", "MM\x00*", "MZ\x90\x00", "MZ", "\x7fELF\x02", "PK\x03\x04",
		"PK\x05\x06", "PK\x07\x08", "<!doctype html>", "  \n<HTML>", "\xef\xbb\xbf<svg>", "\xef\xbb\xbf \xef\xbb\xbf<script>", string(bytes.Repeat([]byte(" "), 600)) + "<html>", "a<b>", "#!/bin/sh", "text\x00more",
		"\xfe\xff\x00a", "Ŵ ŵ é", "a\x7fb", "\x1f\x8b\x08"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		kind, err := documents.TypeOf(content)
		switch {
		case err != nil && (kind != "" || fault.KindOf(err) != fault.Invalid):
			t.Errorf("refused as %q with %v", kind, err)
		case err == nil && dangerous(content):
			t.Errorf("%.40q was taken as %s", content, kind)
		case err == nil && !slices.Contains(documentTypes, kind):
			t.Errorf("%.40q was taken as %q", content, kind)
		case kind == "text/plain; charset=utf-8" && (!utf8.Valid(content) || bytes.ContainsRune(content, 0)):
			t.Errorf("%.40q was taken as text", content)
		}
	})
}

// soundDay fails the test when a day that was accepted cannot be counted with.
func soundDay(t *testing.T, d civil.Day) {
	t.Helper()
	if len(d) != 10 || civil.DayOf(d.Start()) != d || d.Add(-1).Next() != d || d.Next() <= d || d.End().Before(d.Start()) || d.String() == "" || d.Until(d.Next()) != 1 {
		t.Errorf("%q was accepted, but is no sound day: %s to %s, then %s", d, d.Start(), d.End(), d.Next())
	}
	if again, err := civil.DayFrom(d.Parts()); err != nil || again != d {
		t.Errorf("%q comes back from its parts as %q: %v", d, again, err)
	}
}

func FuzzParseDay(f *testing.F) {
	for _, seed := range []string{"2012-07-16", "2012-02-29", "2013-02-29", "1800-01-01", "1900-01-01", "1968-02-18", "2999-12-31", "9999-12-31", "", "2012-7-16", "0000-00-00", "2012-07-16T00:00", "-012-01-01", "1847-12-01", "1916-05-21"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := civil.ParseDay(text)
		if err != nil {
			if d != "" || fault.KindOf(err) != fault.Invalid {
				t.Errorf("%q: refused as %q with %v", text, d, err)
			}
			return
		}
		if string(d) != text {
			t.Errorf("%q was read as %q", text, d)
		}
		soundDay(t, d)
	})
}

func FuzzDayFrom(f *testing.F) {
	for _, seed := range [][3]string{{"16", "7", "2012"}, {"29", "2", "2012"}, {"29", "2", "2013"}, {"", "", ""}, {" 1 ", "01", "2013"}, {"1", "1", "9999"}, {"+1", "1", "2012"}, {"1", "1", "+212"}, {"99999999999999999999", "1", "2012"}, {"1", "1", "１２３４"}} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, day, month, year string) {
		d, err := civil.DayFrom(day, month, year)
		switch {
		case err != nil && (d != "" || fault.KindOf(err) != fault.Invalid):
			t.Errorf("%q %q %q: refused as %q with %v", day, month, year, d, err)
		case err == nil && d != "":
			soundDay(t, d)
		}
	})
}

func FuzzParsePence(f *testing.F) {
	for _, seed := range []string{"1,234.56", "£1234", "−5.10", "-0", "-0.01", "0.1", "999999999999999", "9999999999999999", "1,23", "", "£", "1.", "٣", "\u00a012\u00a0", "--5", "1,234,567,890,123.45", "0000001"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := money.ParsePence(text)
		if err != nil {
			if p != 0 || fault.KindOf(err) != fault.Invalid {
				t.Errorf("%q: refused as %d with %v", text, p, err)
			}
			return
		}
		if again, err := money.ParsePence(p.String()); err != nil || again != p {
			t.Errorf("%q was read as %d, printed %q and read again as %d: %v", text, p, p, again, err)
		}
	})
}
