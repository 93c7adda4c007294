package record_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/storetest"
)

func TestWhoNoLongerHoldsTheOfficeRecordsNothing(t *testing.T) {
	ctx := t.Context()
	s, clock := storetest.OpenClock(t)
	sec := storetest.ShortHistory(t, s)
	all, err := office.AppointmentsOf(ctx, s, sec.Person)
	if err != nil {
		t.Fatal(err)
	}
	if err := storetest.EndOffice(ctx, s, office.CommandLine, all[0].ID, "2013-01-14"); err != nil {
		t.Fatal(err)
	}
	grant := register.Entry{Kind: register.RightGranted, Body: office.HomeOffice, Right: register.Consent, Matter: "Borrowing", Clause: "9.1", Registered: "2013-01-14"}
	if _, err := handover.Enter(ctx, s, sec, grant); err != nil {
		t.Errorf("on the last day: %v", err)
	}
	clock.Day("2013-01-15")
	before := storetest.HeadOf(t, s)
	grant.Matter = "Lending"
	if _, err := handover.Enter(ctx, s, sec, grant); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("on the day after: %v", err)
	}
	if after := storetest.HeadOf(t, s); after != before {
		t.Errorf("the head moved from %+v to %+v", before, after)
	}
	if r, err := register.Read(ctx, s, record.When{}); err != nil || len(r.All) != 7 {
		t.Errorf("%d entries, %v", len(r.All), err)
	}
	storetest.Verifies(t, s)
}

func TestPersonalTextIsNeverInTheRecord(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	id, token, err := people.Add(ctx, s, office.CommandLine, "Ffion Secretname", "ffion.secret@example.org")
	if err != nil {
		t.Fatal(err)
	}
	p, err := people.Find(ctx, s, id)
	if err != nil {
		t.Fatal(err)
	}
	check := func() {
		t.Helper()
		all, err := record.Events(ctx, s, record.EventFilter{}, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range all {
			for _, secret := range []string{"Ffion", "Secretname", "ffion", token} {
				if strings.Contains(e.Payload, secret) {
					t.Errorf("event %d says %q: %s", e.N, secret, e.Payload)
				}
			}
		}
	}
	check()
	if e, err := record.FindEvent(ctx, s, p.AddedN); err != nil || !strings.Contains(e.Payload, `"sealed":{"email":"`) {
		t.Errorf("no commitment in %s, %v", e.Payload, err)
	}
	storetest.Verifies(t, s)
	old := storetest.HeadOf(t, s)
	if err := people.Erase(ctx, s, office.CommandLine, id, "Asked for it"); err != nil {
		t.Fatal(err)
	}
	check()
	storetest.Verifies(t, s, old.Checkpoint)
	if _, err := register.ReadReceipt(ctx, s, p.AddedN); err != nil {
		t.Errorf("no receipt after erasure: %v", err)
	}
}

// An instant is before the last only where the clock was set back by far, and
// then the event says so.
func TestAnInstantIsBeforeTheLastOnlyWhereItSaysSo(t *testing.T) {
	ctx := t.Context()
	s, clock := storetest.OpenClock(t)
	storetest.Person(t, s, "First (sample)")
	for _, step := range []time.Duration{-time.Hour, time.Microsecond, -48 * time.Hour, 3 * time.Hour, -time.Minute, -30 * time.Second} {
		clock.Set(clock.Now().Add(step))
		storetest.Person(t, s, "Next (sample)")
	}
	all, err := record.Events(ctx, s, record.EventFilter{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(all); i++ {
		if all[i-1].At.Before(all[i].At) != strings.Contains(all[i-1].Payload, `"clock":"set back"`) {
			t.Errorf("event %d at %s is before event %d at %s", all[i-1].N, all[i-1].At, all[i].N, all[i].At)
		}
	}
	storetest.Verifies(t, s)
}

func TestTwoPortalsWriteOneRecord(t *testing.T) {
	t.Parallel()
	ctx, theDb, key := t.Context(), storetest.Bare(t), filepath.Join(t.TempDir(), "record.key")
	clock := func() time.Time { return storetest.Noon }
	stores := make([]*db.Tx, 2)
	var opening sync.WaitGroup
	for i := range stores {
		opening.Go(func() {
			s, err := store.Open(ctx, db.Options{Database: theDb, Key: key, Now: clock})
			if err != nil {
				t.Errorf("portal %d: %v", i, err)
				return
			}
			t.Cleanup(func() { s.Close() })
			stores[i] = s
		})
	}
	opening.Wait()
	if t.Failed() {
		return
	}
	before := storetest.HeadOf(t, stores[0])
	if before.Size != 2 {
		t.Errorf("opened twice, the record has %d events", before.Size)
	}
	var wg sync.WaitGroup
	for g := range 20 {
		wg.Go(func() {
			for i := range 10 {
				if _, _, err := people.Add(ctx, stores[g%2], office.CommandLine, "Somebody (sample)", fmt.Sprintf("g%d-%d@example.org", g, i)); err != nil {
					t.Errorf("goroutine %d, act %d: %v", g, i, err)
				}
			}
		})
	}
	wg.Wait()
	for i, s := range stores {
		if h := storetest.HeadOf(t, s); h.Size != before.Size+200 {
			t.Errorf("portal %d counts %d events, want %d", i, h.Size, before.Size+200)
		}
		storetest.Verifies(t, s, before.Checkpoint)
	}
}

func TestThePastIsReadFromTheRecord(t *testing.T) {
	ctx := t.Context()
	s, clock := storetest.OpenClock(t)
	clock.Day("2013-01-20")
	m, err := register.MomentOf(ctx, s, "2013-01-14")
	if err != nil || !m.Past || m.Event != 2 {
		t.Fatalf("moment %+v, %v", m, err)
	}
	then, err := register.ReadProgramme(ctx, s, m)
	if err != nil {
		t.Fatal(err)
	}
	now, err := register.ReadProgramme(ctx, s, record.Moment{})
	if err != nil || fmt.Sprint(then) != fmt.Sprint(now) {
		t.Errorf("then %+v, now %+v, %v", then, now, err)
	}
	m, err = register.MomentOf(ctx, s, "2013-01-13")
	if err != nil || m.Event != 0 {
		t.Fatalf("moment %+v, %v", m, err)
	}
	if p, err := register.ReadProgramme(ctx, s, m); err != nil || p.Done() || len(p.Transferees) != 43 {
		t.Errorf("before the record: %+v, %v", p, err)
	}
}

func TestAListingPagesThroughAll(t *testing.T) {
	ctx := t.Context()
	s, clock := storetest.OpenClock(t)
	storetest.ShortHistory(t, s)
	clock.Day("2013-01-20")
	storetest.Person(t, s, "Later (sample)")
	size := storetest.HeadOf(t, s).Size
	var seen int64
	for f := (record.EventFilter{}); ; {
		l, err := register.ReadListing(ctx, s, f, 4)
		if err != nil || l.Count != size || len(l.Events) == 0 {
			t.Fatalf("%+v, %v", l, err)
		}
		for _, e := range l.Events {
			if e.N != size-seen {
				t.Fatalf("event %d in place %d of %d", e.N, seen, size)
			}
			seen++
		}
		if f.Before = l.Older; l.Older == 0 {
			break
		}
	}
	if seen != size {
		t.Errorf("%d of %d events", seen, size)
	}
	for want, f := range map[int64]record.EventFilter{
		6: {Topic: "register"}, 3: {Body: office.HomeOffice}, 1: {Since: size - 1}, 10: {UpTo: "2013-01-14"}, 0: {UpTo: "2013-01-13"}, 4: {Topic: "register", Since: 6},
	} {
		if l, err := register.ReadListing(ctx, s, f, 50); err != nil || int64(len(l.Events)) != want {
			t.Errorf("%+v: %d, %v, want %d", f, len(l.Events), err, want)
		}
	}
}
