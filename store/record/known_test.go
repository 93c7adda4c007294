package record_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
)

// knows is the size of the record as s knows it, by a query if it must.
func knows(t *testing.T, s *db.Tx) int64 {
	t.Helper()
	h, ok := record.Known(s)
	if !ok {
		var err error
		if h, err = record.ReadHead(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	return h.Size
}

func TestTheHeadIsKnownWithoutAQuery(t *testing.T) {
	s := storetest.Open(t)
	id := storetest.Person(t, s, "A person")
	before := knows(t, s)
	for range 20 {
		if _, err := storetest.Invite(t.Context(), s, office.CommandLine, id); err != nil {
			t.Fatal(err)
		}
		before++
		if h, ok := record.Known(s); ok && h.Size != before {
			t.Fatalf("known to have %d events at once after a write, want %d", h.Size, before)
		}
	}
	known := 0
	for range 100 {
		knows(t, s)
		if _, ok := record.Known(s); ok {
			known++
		}
	}
	if known < 50 {
		t.Errorf("known without a query %d times in 100, right after asking", known)
	}
}

// An act that did not happen moves nothing.
func TestATriedWriteIsNotKnown(t *testing.T) {
	s := storetest.Open(t)
	id := storetest.Person(t, s, "A person")
	before := knows(t, s)
	if err := record.Try(t.Context(), s, func(s *db.Tx) error {
		_, err := storetest.Invite(t.Context(), s, office.CommandLine, id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if after := knows(t, s); after != before {
		t.Errorf("%d events, want %d", after, before)
	}
}

// The clock of the portal stands still here: what is known grows old by the
// machine's.
func TestTheWriteOfAnotherProcessIsKnownWithinASecond(t *testing.T) {
	database, key := storetest.Database(t), filepath.Join(t.TempDir(), "record.key")
	s, other := storetest.At(t, database, key, storetest.AtNoon), storetest.At(t, database, key, storetest.AtNoon)
	id := storetest.Person(t, s, "A person")
	for range 10 {
		before := knows(t, s)
		if _, err := storetest.Invite(t.Context(), other, office.CommandLine, id); err != nil {
			t.Fatal(err)
		}
		wrote := time.Now()
		for knows(t, s) == before {
			if time.Since(wrote) > time.Second {
				t.Fatal("not known a second after it was written")
			}
		}
	}
}

// Text that another process hides is known to be hidden when the act ends.
func TestWhatAnotherProcessHidesIsKnownAtOnce(t *testing.T) {
	database, key := storetest.Database(t), filepath.Join(t.TempDir(), "record.key")
	s, other := storetest.At(t, database, key, storetest.AtNoon), storetest.At(t, database, key, storetest.AtNoon)
	for range 10 {
		id := storetest.Person(t, s, "A person")
		before := knows(t, s)
		if err := people.Erase(t.Context(), other, office.CommandLine, id, "A sample reason."); err != nil {
			t.Fatal(err)
		}
		if after := knows(t, s); after != before+1 {
			t.Fatalf("%d events are known after the act, want %d", after, before+1)
		}
	}
}
