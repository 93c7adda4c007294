// Package storetest gives each test a database of its own, and people to act in it.
package storetest

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
)

// Noon is when every test begins: the sample story's day.
var Noon = time.Date(2013, 1, 14, 12, 0, 0, 0, time.UTC)

// Clock is a clock that a test can move.
type Clock struct{ at atomic.Int64 }

// Now is the instant that the clock shows.
func (c *Clock) Now() time.Time { return time.UnixMicro(c.at.Load()).UTC() }

// Set moves the clock.
func (c *Clock) Set(t time.Time) { c.at.Store(t.UnixMicro()) }

// Day moves the clock to noon of a day.
func (c *Clock) Day(d store.Day) { c.Set(d.Start().Add(12 * time.Hour)) }

// Open opens a database whose record was opened at Noon. The clock stands there.
func Open(t testing.TB) *store.Store {
	t.Helper()
	s, _ := OpenClock(t)
	return s
}

// OpenClock is Open with the clock in the test's hand.
func OpenClock(t testing.TB) (*store.Store, *Clock) {
	t.Helper()
	return OpenSince(t, Noon)
}

// OpenSince is OpenClock with a record that was opened at another instant, at
// which the clock stands.
func OpenSince(t testing.TB, at time.Time) (*store.Store, *Clock) {
	t.Helper()
	c := &Clock{}
	c.Set(at)
	database, key := opened(t, at)
	return At(t, database, key, c.Now), c
}

// At opens the database at an address with a key file, for tests that open it
// more than once.
func At(t testing.TB, database, key string, now func() time.Time) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Database: database, Key: key, Now: now, Scratch: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

var people atomic.Int64

// Person adds a person without any office.
func Person(t testing.TB, s *store.Store, name string) int64 {
	t.Helper()
	id, _, err := s.AddPerson(t.Context(), store.CommandLine, name, fmt.Sprintf("p%d@example.org", people.Add(1)))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Holder adds a person and gives them an office at a body, confirmed, from the
// beginning of the year before Noon or the body's first day.
func Holder(t testing.TB, s *store.Store, kind store.OfficeKind, body string) store.Viewer {
	t.Helper()
	o := store.Office{Body: body, Kind: kind, Title: fmt.Sprintf("%s, %s", kind, store.ShortName(body))}
	if kind == store.DirectorOffice {
		o.Seat = 1
	}
	return Holds(t, s, Person(t, s, fmt.Sprintf("%s for %s (sample)", kind, store.ShortName(body))), o)
}

// Holds gives a person one office more, confirmed, as Holder does. They act in it.
func Holds(t testing.TB, s *store.Store, id int64, o store.Office) store.Viewer {
	t.Helper()
	b, ok := store.BodyOf(o.Body)
	if !ok {
		t.Fatalf("no body %s", o.Body)
	}
	a := store.Appointment{Office: o, Person: id, From: max("2012-01-01", b.First), To: b.Last}
	made, err := s.Appoint(t.Context(), store.CommandLine, a)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Appointment(t.Context(), made)
	if err != nil {
		t.Fatal(err)
	}
	if got.Status == store.AppointmentProposed {
		if err := s.DecideAppointment(t.Context(), second(t, s, o.Body), made, true, ""); err != nil {
			t.Fatal(err)
		}
	}
	v, err := s.ViewerOf(t.Context(), id, got.Office.ID)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// second finds a person who can confirm an appointment at a body.
func second(t testing.TB, s *store.Store, body string) store.Viewer {
	t.Helper()
	all, err := s.AppointmentsAt(t.Context(), body)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if a.InForce(store.DayOf(s.Now())) && a.Office.Kind.May(store.ConfirmAppointments) {
			v, err := s.ViewerOf(t.Context(), a.Person, a.Office.ID)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
	}
	t.Fatalf("nobody at %s can confirm", body)
	return store.Viewer{}
}
