package storetest

import (
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
)

// Sound reports an error unless the whole record verifies.
func Sound(t testing.TB, s *db.Tx) {
	t.Helper()
	if v, err := store.Verify(t.Context(), s); err != nil || !v.OK() {
		t.Errorf("the record does not hold: %s %v", v.Fault, err)
	}
}

// Verifies stops the test unless the whole record verifies, also against saved
// checkpoints, and returns the verdict.
func Verifies(t testing.TB, s *db.Tx, saved ...string) record.Verdict {
	t.Helper()
	v, err := store.Verify(t.Context(), s, saved...)
	if err != nil || !v.OK() {
		t.Fatalf("verify: %+v, %v", v, err)
	}
	return v
}

// HeadOf is the head of the record.
func HeadOf(t testing.TB, s *db.Tx) record.Head {
	t.Helper()
	h, err := record.ReadHead(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// LastOf is the newest event about a subject.
func LastOf(t testing.TB, s *db.Tx, subject string) record.Event {
	t.Helper()
	all, err := record.Events(t.Context(), s, record.EventFilter{Subject: subject}, 1)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	return all[0]
}
