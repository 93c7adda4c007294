package storetest

import (
	"path/filepath"
	"testing"

	"github.com/police-ict/handover/store"
)

// Mailing opens an empty database of a portal that sends mail. Again opens it
// once more, with mail on or off, as a portal that starts does.
func Mailing(t testing.TB) (s *store.Store, clock *Clock, again func(on bool) *store.Store) {
	t.Helper()
	clock = &Clock{}
	clock.Set(Noon)
	o := store.Options{Database: Database(t), Key: filepath.Join(t.TempDir(), "record.key"), Now: clock.Now}
	again = func(on bool) *store.Store {
		t.Helper()
		o.Mail = on
		s, err := store.Open(t.Context(), o)
		must(t, err)
		t.Cleanup(func() { s.Close() })
		must(t, s.SetMail(t.Context()))
		return s
	}
	return again(true), clock, again
}
