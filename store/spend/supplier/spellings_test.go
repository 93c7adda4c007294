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
		"J. Bloggs (sample)":           {"J. Bloggs (sample)", "J. Bloggs", "Bloggs J."},
		"Mr J P Bloggs OBE":            {"Mr J P Bloggs OBE", "J P Bloggs", "Bloggs J P"},
		"Bloggs J.P.":                  {"Bloggs J.P.", "Bloggs J.P.", "J.P. Bloggs"},
		"Prof Dr Quill Wrenfield":      {"Prof Dr Quill Wrenfield", "Quill Wrenfield", "Wrenfield Quill"},
		"Mrs Q Wrenfield t/a Quill":    {"Mrs Q Wrenfield t/a Quill", "Q Wrenfield", "Wrenfield Q"},
	} {
		if got := supplier.Spellings(name); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
