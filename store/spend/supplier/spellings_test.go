package supplier_test

import (
	"slices"
	"testing"

	"github.com/police-ict/handover/store/spend/supplier"
)

func TestSpellingsOfAName(t *testing.T) {
	for name, want := range map[string][]string{
		"Mr. Quill Wrenfield (sample)": {"Mr. Quill Wrenfield (sample)", "Quill Wrenfield", "Wrenfield Quill"},
		"Wrenfield, Quill":             {"Wrenfield, Quill", "Quill Wrenfield"},
		"Alder Vale Hosting Ltd":       {"Alder Vale Hosting Ltd", "Alder Vale Hosting Ltd", "Alder Vale Hosting"},
		"Dr Wrenfield":                 {"Dr Wrenfield"},
		"":                             {""},
	} {
		if got := supplier.Spellings(name); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
