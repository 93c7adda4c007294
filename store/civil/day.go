// Package civil is the calendar: days of Europe/London, months and periods, and
// working days with the bank holidays of England and Wales.
package civil

import (
	"strconv"
	"time"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/text"
)

// CheckLast is the rule for a last day that need not be given.
func CheckLast(f *fault.Faults, first, last Day) {
	if last == "" {
		return
	}
	if CheckDay(f, "to", "the last day", last); last < first {
		f.Add("to", "The last day must be on or after the first day.")
	}
}

// CheckDay is the rule for a day that must be given.
func CheckDay(f *fault.Faults, field, label string, d Day) {
	if d == "" {
		f.Add(field, "Enter %s.", label)
		return
	}
	if _, err := ParseDay(string(d)); err != nil {
		f.Add(field, "%s", err)
	}
}

// London is the time zone of all days.
var London = func() *time.Location {
	l, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic(err) // the zone is part of the program
	}
	return l
}()

// Day is a Europe/London calendar day, "2012-07-16". The empty Day is none.
// Days compare with < as text.
type Day string

// DayLayout is how a day is written: 2012-11-15.
const DayLayout = "2006-01-02"

// ParseDay reads a day written 2012-07-16, from 1900 to 2999: in those years
// every day begins at midnight in London and has a next one that sorts after it.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(DayLayout, s)
	if err != nil || t.Year() < 1900 || t.Year() > 2999 {
		return "", fault.Invalid.Errorf("%q is not a date. Enter it like 2012-07-16.", text.Short(s))
	}
	return Day(s), nil
}

// DayOf is the London day of an instant.
func DayOf(t time.Time) Day { return Day(t.In(London).Format(DayLayout)) }

// Start is the first instant of the day in London.
func (d Day) Start() time.Time {
	t, _ := time.ParseInLocation(DayLayout, string(d), London) // the zero time for no day
	return t
}

// Next is the day after.
func (d Day) Next() Day { return d.Add(1) }

// Add is the day n days later.
func (d Day) Add(n int) Day { return Day(d.Noon().AddDate(0, 0, n).Format(DayLayout)) }

// End is the first instant after the day, in London.
func (d Day) End() time.Time { return d.Next().Start() }

// Until is the number of days from d to later.
func (d Day) Until(later Day) int {
	return int((later.Noon().Unix() - d.Noon().Unix()) / (24 * 60 * 60))
}

// Noon is noon of the day in UTC, for counting days.
func (d Day) Noon() time.Time {
	t, _ := time.Parse(DayLayout, string(d))
	return t.Add(12 * time.Hour)
}

// String is the day for people: 16 July 2012.
func (d Day) String() string {
	if d == "" {
		return ""
	}
	return d.Noon().Format("2 January 2006")
}

// Parts are day, month and year as a form shows them.
func (d Day) Parts() (day, month, year string) {
	if d == "" {
		return "", "", ""
	}
	t := d.Noon()
	return strconv.Itoa(t.Day()), strconv.Itoa(int(t.Month())), strconv.Itoa(t.Year())
}

// Clock is an instant for people, in London: 16 July 2012, 3:04pm. Midnight is
// that at the end of the day before.
func Clock(t time.Time) string {
	if d := DayOf(t); d.Start().Equal(t) {
		return "midnight at the end of " + d.Add(-1).String()
	}
	return DayOf(t).String() + ", " + Hour(t)
}

// Hour is the time of day for people, in London: 5pm, 3:04pm, midday, midnight.
func Hour(t time.Time) string {
	switch t = t.In(London); {
	case t.Minute() != 0:
		return t.Format("3:04pm")
	case t.Hour() == 0:
		return "midnight"
	case t.Hour() == 12:
		return "midday"
	}
	return t.Format("3pm")
}
