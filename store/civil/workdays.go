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

// WorkingTo counts the working days after d up to a later day, that day
// counted where it is one. It fails where bank holidays are not known.
func (d Day) WorkingTo(later Day) (n int, err error) {
	for d < later {
		d = d.Next()
		works, err := d.Working()
		if err != nil {
			return 0, err
		}
		if works {
			n++
		}
	}
	return n, nil
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

// BankHolidays lists the bank holidays of a year, in order: none for a year
// that is not known.
func BankHolidays(year int) []Holiday {
	y := strconv.Itoa(year)
	return BankHolidaysBetween(Day(y+"-01-01"), Day(y+"-12-31"))
}

// BankHolidaysBetween lists those from a day to a day, both included.
func BankHolidaysBetween(from, to Day) (all []Holiday) {
	for _, h := range holidays() {
		if from <= h.Day && h.Day <= to {
			all = append(all, h)
		}
	}
	return all
}

// Working reports whether a day is neither at a weekend nor a bank holiday. It
// fails for a year whose bank holidays are not known.
func (d Day) Working() (bool, error) {
	all := holidays()
	first, last := all[0].Day[:4], all[len(all)-1].Day[:4]
	if d < first || d >= last+"~" {
		return false, fault.Invalid.Errorf("It cannot be told which days are working days then: bank holidays are known from %s to %s.", string(first), string(last))
	}
	if w := d.Noon().Weekday(); w == time.Saturday || w == time.Sunday {
		return false, nil
	}
	_, found := slices.BinarySearchFunc(all, d, func(h Holiday, d Day) int { return strings.Compare(string(h.Day), string(d)) })
	return !found, nil
}

// AddWorking is the n-th working day after d, d itself left out; d itself for
// 0. It fails where that lies in a year whose bank holidays are not known.
func (d Day) AddWorking(n int) (Day, error) {
	if n < 0 {
		return "", fault.Invalid.Errorf("Working days are counted forward: give 0 or more.")
	}
	for n > 0 {
		d = d.Next()
		works, err := d.Working()
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
func (d Day) AddDays(n int, calendar bool) (Day, error) {
	if calendar {
		return d.Add(n), nil
	}
	return d.AddWorking(n)
}

// Long is the day with the day of the week: Friday 12 October 2012.
func (d Day) Long() string { return d.Noon().Format("Monday 2 January 2006") }
