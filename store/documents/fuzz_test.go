package documents_test

import (
	"bytes"
	"slices"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/police-ict/handover/store/documents"
	"github.com/police-ict/handover/store/fault"
)

var documentTypes = []string{"application/pdf", "image/png", "image/jpeg", "image/gif", "image/tiff", "text/plain; charset=utf-8", "text/plain; charset=windows-1252"}

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
