package storetest

import (
	"path/filepath"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/outbox"
)

// Mailing opens an empty database of a portal that sends mail. Again opens it
// once more, with mail on or off, as a portal that starts does.
func Mailing(t testing.TB) (s *db.Tx, clock *Clock, again func(on bool) *db.Tx) {
	t.Helper()
	clock = &Clock{}
	clock.Set(Noon)
	o := db.Options{Database: Database(t), Key: filepath.Join(t.TempDir(), "record.key"), Now: clock.Now}
	again = func(on bool) *db.Tx {
		t.Helper()
		o.Mail = on
		s, err := store.Open(t.Context(), o)
		must(t, err)
		t.Cleanup(func() { s.Close() })
		must(t, outbox.SetMail(t.Context(), s))
		return s
	}
	return again(true), clock, again
}
