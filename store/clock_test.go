package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
)

// A clock that was years ahead for an hour must not hold every later entry, and
// every deadline, at its day.
func TestAClockThatWasAheadDoesNotStopTheRecord(t *testing.T) {
	s, clock := storetest.OpenClock(t)
	storetest.Person(t, s, "Before (sample)")
	clock.Set(storetest.Noon.AddDate(7, 0, 0))
	storetest.Person(t, s, "Ahead (sample)")
	clock.Set(storetest.Noon.Add(time.Hour))
	if err := store.Ready(t.Context(), s); err == nil || !strings.Contains(err.Error(), "dated 2020-01-14 12:00:00, after this machine’s clock") {
		t.Errorf("ready says %v", err)
	}
	storetest.Person(t, s, "After (sample)")
	h := storetest.HeadOf(t, s)
	if !h.At.Equal(clock.Now()) {
		t.Errorf("the entry after is dated %s", h.At)
	}
	if e := storetest.LastOf(t, s, "person/3"); !strings.Contains(e.Payload, `"clock":"`+record.SetBack+`"`) {
		t.Errorf("the entry does not say that the clock was set back: %s", e.Payload)
	}
	if err := store.Ready(t.Context(), s); err != nil {
		t.Error(err)
	}
	storetest.Verifies(t, s)
	clock.Set(clock.Now().Add(-time.Minute)) // a correction is not worth a word
	storetest.Person(t, s, "Once more (sample)")
	if at := storetest.HeadOf(t, s).At; !at.Equal(h.At) {
		t.Errorf("after a small correction an entry is dated %s", at)
	}
	storetest.Verifies(t, s)
}

func TestAFileThatIsMovedAwayIsNoticed(t *testing.T) {
	if os.Getenv("TEST_POSTGRES") != "" {
		t.Skip("a file is moved: SQLite only")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "handover.db")
	s, err := store.OpenOrMake(t.Context(), db.Options{Database: file})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := store.Ready(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(file, file+".away"); err != nil {
		t.Fatal(err)
	}
	if err := store.Ready(t.Context(), s); err == nil || !strings.Contains(err.Error(), "has been moved") {
		t.Errorf("ready says %v", err)
	}
	if err := os.Rename(file+".away", file); err != nil {
		t.Fatal(err)
	}
	if err := store.Ready(t.Context(), s); err != nil {
		t.Error(err)
	}
}

// A file that has no room says so, and is not ready until it has.
func TestAFullDiskIsSaid(t *testing.T) {
	if os.Getenv("TEST_POSTGRES") != "" {
		t.Skip("SQLite is given no room: SQLite only")
	}
	s, clock := storetest.OpenClock(t)
	pages := func(most string) {
		t.Helper()
		if _, err := s.Writes.ExecContext(t.Context(), `PRAGMA max_page_count = `+most); err != nil {
			t.Fatal(err)
		}
	}
	pages("1") // not below what there is
	fill := func() error {
		return record.Write(t.Context(), s, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO contents (hash, content) VALUES ('x', zeroblob(1000000))`)
			return err
		})
	}
	if err := fill(); err == nil || !strings.Contains(err.Error(), "The disk is full or cannot be written to, so nothing was recorded") {
		t.Errorf("a full disk says %v", err)
	}
	pages("1000000")
	if err := store.Ready(t.Context(), s); err == nil {
		t.Error("a small write fits, and the disk is held to have room at once")
	}
	clock.Set(s.Now().Add(2 * time.Minute))
	if err := store.Ready(t.Context(), s); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

func TestADamagedFileIsRefusedAtStart(t *testing.T) {
	if os.Getenv("TEST_POSTGRES") != "" {
		t.Skip("a file is damaged: SQLite only")
	}
	s := storetest.Open(t)
	if err := store.QuickCheck(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	file := s.Options.Database
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	bytes, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for at := 5 * 4096; at < 9*4096; at++ {
		bytes[at] ^= 0x5a
	}
	if err := os.WriteFile(file, bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := db.Connect(t.Context(), db.Options{Database: file})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if err := store.QuickCheck(t.Context(), again); err == nil || !strings.Contains(err.Error(), "is damaged: restore a backup") {
		t.Errorf("a damaged file: %v", err)
	}
}
