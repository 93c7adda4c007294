package record_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
)

// sender records things as one person.
type sender struct {
	t  *testing.T
	tx *db.Tx
	by office.Viewer
}

// send records a thing, as a form with a key, or as one without.
func (s sender) send(key, thing string) (*record.Sending, error) {
	s.t.Helper()
	as := &record.Sending{Key: record.Digest(key), Content: record.Digest(thing), Person: s.by.Person}
	if key == "" {
		as.Key, as.Keyless = record.Digest(thing, time.Now().String()), true
	}
	return as, s.write(record.WithSending(s.t.Context(), as), thing)
}

func (s sender) write(ctx context.Context, thing string) error {
	return record.Write(ctx, s.tx, func(tx *db.Tx) error {
		_, err := record.Add(ctx, tx, s.by, "test.act", thing, record.Now(thing, map[string]string{"as": thing}))
		return err
	})
}

func (s sender) size() int64 {
	s.t.Helper()
	h, err := record.ReadHead(s.t.Context(), s.tx)
	if err != nil {
		s.t.Fatal(err)
	}
	return h.Size
}

func TestASendingIsRecordedOnce(t *testing.T) {
	tx, clock := storetest.OpenClock(t)
	a := sender{t, tx, storetest.Holder(t, tx, office.CompanyOfficer, office.TheCompany)}
	b := sender{t, tx, storetest.Holder(t, tx, office.Official, office.HomeOffice)}
	for _, k := range []struct {
		name       string
		by         sender
		key, thing string
		wait       time.Duration
		recorded   bool
	}{
		{"a form", a, "k1", "x/1", 0, true},
		{"the same form", a, "k1", "x/1", 0, false},
		{"the same form with other words", a, "k1", "x/2", 0, false},
		{"the same words on another form", a, "k2", "x/1", 0, true},
		{"words without a form", a, "", "x/3", 0, true},
		{"the same words without a form", a, "", "x/3", 0, false},
		{"somebody else’s same words", b, "", "x/4", 0, true},
		{"words after another’s act on something else", a, "", "x/3", 0, false},
		{"other words", a, "", "x/5", 0, true},
		{"the first words after other words", a, "", "x/3", 0, true},
		{"the first words once more", a, "", "x/3", 0, false},
		{"the first words much later", a, "", "x/3", record.AgainFor, true},
		{"a form, a day later", a, "k1", "x/1", 24 * time.Hour, false},
	} {
		clock.Set(clock.Now().Add(k.wait))
		before := k.by.size()
		as, err := k.by.send(k.key, k.thing)
		_, twice := errors.AsType[*record.SentBefore](err)
		if grown := k.by.size() > before; grown != k.recorded || twice == k.recorded || (as.Done().Key != "") != k.recorded {
			t.Errorf("%s: recorded %v, %v", k.name, grown, err)
		}
	}
}

// What the first sending touched was changed by somebody else: the same words
// put it back, and are an act of their own.
func TestTheSameWordsAfterAChangeAreMeant(t *testing.T) {
	tx := storetest.Open(t)
	a := sender{t, tx, storetest.Holder(t, tx, office.CompanyOfficer, office.TheCompany)}
	b := sender{t, tx, storetest.Holder(t, tx, office.Official, office.HomeOffice)}
	_, first := a.send("", "x/1")
	if err := errors.Join(first, b.write(t.Context(), "x/1")); err != nil {
		t.Fatal(err)
	}
	if _, err := a.send("", "x/1"); err != nil {
		t.Error(err)
	}
}

func TestTwoSendingsAtOnceAreOne(t *testing.T) {
	tx := storetest.Open(t)
	a := sender{t, tx, storetest.Holder(t, tx, office.CompanyOfficer, office.TheCompany)}
	for _, key := range []string{"k", ""} {
		before := a.size()
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() { a.send(key, "at/once"+key) }) // one is recorded, the others are told so
		}
		all.Wait()
		if n := a.size() - before; n != 1 {
			t.Errorf("key %q: %d events", key, n)
		}
	}
}

// TestALostAnswerIsLookedUp loses the answer of a commit.
func TestALostAnswerIsLookedUp(t *testing.T) {
	tx := storetest.Open(t)
	a := sender{t, tx, storetest.Holder(t, tx, office.CompanyOfficer, office.TheCompany)}
	lost := errors.New("the line broke")
	lose := 1
	*db.AfterCommit.Of(tx) = func() error {
		if lose--; lose == 0 {
			return lost
		}
		return nil
	}
	before := a.size()
	as, err := a.send("k", "x/1")
	if err != nil || a.size() != before+1 || as.Done().First != before+1 {
		t.Errorf("recorded, and the answer lost: %v, %+v", err, as.Done())
	}
	if _, err := a.send("k", "x/1"); err == nil || a.size() != before+1 {
		t.Errorf("the same form once more: %v", err)
	}
	lose = 1
	if err := a.write(t.Context(), "x/2"); !errors.Is(err, lost) {
		t.Errorf("a write that nobody sent: %v", err)
	} else if unsure, ok := errors.AsType[*db.Unsure](err); !ok || unsure.Undone {
		t.Errorf("a write that nobody sent is told as %v", err)
	}
}
