package page

import "strings"

// Ref is a reference as a page shows it: it does not break across lines.
func Ref(ref string) string { return strings.ReplaceAll(ref, "-", "\u2011") }
