package storetest

import (
	"testing"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/seen"
)

// Look is what a visitor sees at a reference.
func Look(t testing.TB, s *db.Tx, ref string) seen.Figure {
	t.Helper()
	seen, err := seen.Look(t.Context(), s, office.Viewer{}, ref)
	if err != nil {
		t.Fatalf("%s: %v", ref, err)
	}
	return seen
}
