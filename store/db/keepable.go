package db

import (
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/police-ict/handover/store/fault"
)

// keepable refuses texts that PostgreSQL does not take and SQLite would keep, so
// that both answer alike: those with a NUL, and those that are not UTF-8.
func keepable(args []any) error {
	for _, a := range args {
		s, ok := a.(string)
		if v := reflect.ValueOf(a); !ok && v.Kind() == reflect.String {
			s = v.String()
		}
		if strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s) {
			return fault.Invalid.Errorf("This text contains characters that cannot be saved. Type it instead of pasting it.")
		}
	}
	return nil
}
