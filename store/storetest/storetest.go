// Package storetest gives each test a database of its own, and people to act in it.
package storetest

import (
	"fmt"
	"os"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
)

// Noon is when every test begins: the sample story's day.
var Noon = time.Date(2013, 1, 14, 12, 0, 0, 0, time.UTC)

// AtNoon is a clock that always shows Noon.
func AtNoon() time.Time { return Noon }

// Clock is a clock that a test can move.
type Clock struct{ at atomic.Int64 }

// Now is the instant that the clock shows.
func (c *Clock) Now() time.Time { return time.UnixMicro(c.at.Load()).UTC() }

// Set moves the clock.
func (c *Clock) Set(t time.Time) { c.at.Store(t.UnixMicro()) }

// Day moves the clock to noon of a day.
func (c *Clock) Day(d civil.Day) { c.Set(d.Start().Add(12 * time.Hour)) }

// Open opens a database whose record was opened at Noon. The clock stands there.
func Open(t testing.TB) *db.Tx {
	t.Helper()
	s, _ := OpenClock(t)
	return s
}

// OpenClock is Open with the clock in the test's hand.
func OpenClock(t testing.TB) (*db.Tx, *Clock) {
	t.Helper()
	return OpenSince(t, Noon)
}

// OpenSince is OpenClock with a record that was opened at another instant, at
// which the clock stands.
func OpenSince(t testing.TB, at time.Time) (*db.Tx, *Clock) {
	t.Helper()
	c := &Clock{}
	c.Set(at)
	database, key := opened(t, at)
	return At(t, database, key, c.Now), c
}

// At opens the database at an address with a key file, for tests that open it
// more than once.
func At(t testing.TB, database, key string, now func() time.Time) *db.Tx {
	t.Helper()
	s, err := store.Open(t.Context(), db.Options{Database: database, Key: key, Now: now, Scratch: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

var persons atomic.Int64

// Person adds a person without any office.
func Person(t testing.TB, s *db.Tx, name string) int64 {
	t.Helper()
	id, _, err := people.Add(t.Context(), s, office.CommandLine, name, fmt.Sprintf("p%d@example.org", persons.Add(1)))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Holder adds a person and gives them an office at a body, confirmed, from the
// beginning of the year before Noon or the body's first day.
func Holder(t testing.TB, s *db.Tx, kind office.Kind, body string) office.Viewer {
	t.Helper()
	o := office.Office{Body: body, Kind: kind, Title: fmt.Sprintf("%s, %s", kind, office.ShortName(body))}
	if kind == office.DirectorOffice {
		o.Seat = 1
	}
	return Holds(t, s, Person(t, s, fmt.Sprintf("%s for %s (sample)", kind, office.ShortName(body))), o)
}

// Holds gives a person one office more, confirmed, as Holder does. They act in it.
func Holds(t testing.TB, s *db.Tx, id int64, o office.Office) office.Viewer {
	t.Helper()
	b, ok := office.BodyOf(o.Body)
	if !ok {
		t.Fatalf("no body %s", o.Body)
	}
	a := office.Appointment{Office: o, Person: id, From: max("2012-01-01", b.First), To: b.Last}
	made, err := people.Appoint(t.Context(), s, office.CommandLine, a)
	if err != nil {
		t.Fatal(err)
	}
	got, err := office.FindAppointment(t.Context(), s, made)
	if err != nil {
		t.Fatal(err)
	}
	if got.Status == office.Proposed {
		if err := people.DecideAppointment(t.Context(), s, second(t, s, o.Body, id), made, true, ""); err != nil {
			t.Fatal(err)
		}
	}
	v, err := people.ViewerOf(t.Context(), s, id, got.Office.ID)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// second finds a person who can confirm the appointment of another at a body.
// Where only that one can, somebody else is appointed first.
func second(t testing.TB, s *db.Tx, body string, but int64) office.Viewer {
	t.Helper()
	all, err := office.AppointmentsAt(t.Context(), s, body)
	if err != nil {
		t.Fatal(err)
	}
	var only office.Office
	for _, a := range all {
		if a.InForce(civil.DayOf(s.Now())) && a.Office.Kind.May(office.ConfirmAppointments) {
			if a.Person == but {
				only = a.Office
				continue
			}
			v, err := people.ViewerOf(t.Context(), s, a.Person, a.Office.ID)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
	}
	if only.ID == 0 {
		t.Fatalf("nobody at %s can confirm", body)
	}
	return Holds(t, s, Person(t, s, "Second person (sample)"), office.Office{Body: body, Kind: only.Kind, Title: only.Title + ", second"})
}

// Thorough reports whether tests that are random or slow make all their rounds:
// where CI is set, and not under -short. In everyday work they make a few.
func Thorough() bool { return os.Getenv("CI") != "" && !testing.Short() }

// Share is all of what a test goes through where it is thorough, and else every
// nth of it, from the offset on: each of several readers goes through another.
func Share[T any](all []T, offset, nth int) (some []T) {
	if Thorough() {
		return all
	}
	for i := offset % nth; i < len(all); i += nth {
		some = append(some, all[i])
	}
	return some
}

// Lavish lets a test program use more memory for less work in clearing it up.
func Lavish(m *testing.M) {
	debug.SetGCPercent(400)
	m.Run()
}
