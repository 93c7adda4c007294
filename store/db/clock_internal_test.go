package db

import (
	"testing"
	"time"
)

// A step of the clock is told of, not followed at once, and followed in the end.
func TestAClockThatSteps(t *testing.T) {
	wall, passed := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), time.Duration(0)
	c := newSteadyClock(func() (time.Time, time.Duration) { return wall, passed })
	pass := func(d time.Duration) { wall, passed = wall.Add(d), passed+d }
	is := func(want string, steady bool) {
		t.Helper()
		if got := c.now().Format("2006-01-02 15:04:05"); got != want || (c.fault() == nil) != steady {
			t.Errorf("the clock shows %s, %v; want %s", got, c.fault(), want)
		}
	}
	pass(time.Hour)
	is("2026-03-01 13:00:00", true)
	wall = wall.Add(90 * time.Second) // a correction
	is("2026-03-01 13:01:30", true)
	wall = wall.AddDate(5, 0, 0)
	is("2026-03-01 13:01:30", false)
	pass(time.Minute)
	is("2026-03-01 13:02:30", false)
	wall = wall.AddDate(-5, 0, 0) // set right
	is("2026-03-01 13:02:30", true)
	wall = wall.Add(-24 * time.Hour)
	is("2026-03-01 13:02:30", false)
	pass(clockTrust)
	is("2026-02-28 13:12:30", true)
}
