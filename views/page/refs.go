package page

import "regexp"

var references = regexp.MustCompile(`\b((?:19|20)\d\d)-(\d{3})\b`)

// Refs is a text with every reference in it unbroken: see Ref.
func Refs(words string) string { return references.ReplaceAllString(words, "$1\u2011$2") }
