package civil

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/text"
)

// Days is a number of calendar or working days in words.
func Days(n int, calendar bool) string {
	if calendar {
		return text.Count(n, "day", "days")
	}
	return text.Count(n, "working day", "working days")
}

// Holiday is a bank holiday of England and Wales, on the day it is taken.
type Holiday struct {
	Day  Day    `json:"day"`
	Name string `json:"name"`
}

//go:embed bank_holidays.csv
var holidaysFile []byte

// Every year of the file is whole: where it ends, nothing is known.
var holidays = sync.OnceValue(func() (all []Holiday) {
	rows, err := csv.NewReader(bytes.NewReader(holidaysFile)).ReadAll()
	if err != nil {
		panic(err) // the file is part of the program
	}
	for _, r := range rows[1:] {
		all = append(all, Holiday{Day(r[0]), r[1]})
	}
	return all
})

// Shipped lists the bank holidays that are part of the program, in order.
func Shipped() []Holiday { return slices.Clone(holidays()) }

// BankHolidays lists the shipped bank holidays of a year, in order: none for a
// year that is not known.
func BankHolidays(year int) []Holiday {
	y := strconv.Itoa(year)
	return Calendar{}.Holidays(Day(y+"-01-01"), Day(y+"-12-31"))
}

// Calendar is the working days of England and Wales: by the shipped bank
// holidays, and by those that were added to them.
type Calendar struct {
	added []Holiday // in order, none of them shipped
}

// CalendarWith is the shipped calendar with more bank holidays.
func CalendarWith(added ...Holiday) Calendar {
	all := slices.Clone(added)
	slices.SortFunc(all, func(a, b Holiday) int { return strings.Compare(string(a.Day), string(b.Day)) })
	return Calendar{all}
}

// Holiday is the bank holiday on a day, if there is one.
func (c Calendar) Holiday(d Day) (Holiday, bool) {
	for _, all := range [][]Holiday{holidays(), c.added} {
		if i, found := slices.BinarySearchFunc(all, d, func(h Holiday, d Day) int { return strings.Compare(string(h.Day), string(d)) }); found {
			return all[i], true
		}
	}
	return Holiday{}, false
}

// Holidays lists the bank holidays from a day to a day, both included, in order.
func (c Calendar) Holidays(from, to Day) (all []Holiday) {
	for _, h := range slices.Concat(holidays(), c.added) {
		if from <= h.Day && h.Day <= to {
			all = append(all, h)
		}
	}
	slices.SortStableFunc(all, func(a, b Holiday) int { return strings.Compare(string(a.Day), string(b.Day)) })
	return all
}

// Known are the first and the last day of which it is known whether they are
// bank holidays.
func Known() (first, last Day) {
	all := holidays()
	return all[0].Day[:4] + "-01-01", all[len(all)-1].Day[:4] + "-12-31"
}

// Working reports whether a day is neither at a weekend nor a bank holiday. It
// fails for a year whose bank holidays are not known.
func (c Calendar) Working(d Day) (bool, error) {
	if first, last := Known(); d < first || d > last {
		return false, fault.Invalid.Errorf("Working days cannot be counted for that date. Bank holidays are known from %s to %s.", string(first[:4]), string(last[:4]))
	}
	if d.Weekend() {
		return false, nil
	}
	_, found := c.Holiday(d)
	return !found, nil
}

// Weekend reports whether the day is a Saturday or a Sunday.
func (d Day) Weekend() bool {
	w := d.Noon().Weekday()
	return w == time.Saturday || w == time.Sunday
}

// Add is the n-th working day after d, d itself left out; d itself for 0. It
// fails where that lies in a year whose bank holidays are not known.
func (c Calendar) Add(d Day, n int) (Day, error) {
	if n < 0 {
		return "", fault.Invalid.Errorf("Enter 0 working days or more.")
	}
	for n > 0 {
		d = d.Next()
		works, err := c.Working(d)
		if err != nil {
			return "", err
		}
		if works {
			n--
		}
	}
	return d, nil
}

// AddDays is the n-th day after d, by calendar days or by working days.
func (c Calendar) AddDays(d Day, n int, calendar bool) (Day, error) {
	if calendar {
		return d.Add(n), nil
	}
	return c.Add(d, n)
}

// Count counts the working days after d up to a later day, that day counted
// where it is one. It fails where bank holidays are not known.
func (c Calendar) Count(d, later Day) (n int, err error) {
	for d < later {
		d = d.Next()
		works, err := c.Working(d)
		if err != nil {
			return 0, err
		}
		if works {
			n++
		}
	}
	return n, nil
}

// AddWorking, WorkingTo and Working count by the shipped bank holidays alone:
// what runs is counted by a Calendar.
func (d Day) AddWorking(n int) (Day, error) { return Calendar{}.Add(d, n) }

// WorkingTo is Count by the shipped bank holidays alone.
func (d Day) WorkingTo(later Day) (int, error) { return Calendar{}.Count(d, later) }

// Working is whether the day is a working day by the shipped bank holidays alone.
func (d Day) Working() (bool, error) { return Calendar{}.Working(d) }

// Long is the day with the day of the week: Friday 12 October 2012.
func (d Day) Long() string { return d.Noon().Format("Monday 2 January 2006") }

// SpanYears are the years whose bank holidays are known, in words.
func SpanYears() string {
	first, last := Known()
	return string(first[:4]) + " to " + string(last[:4])
}
