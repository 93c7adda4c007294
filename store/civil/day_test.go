package civil_test

import (
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
)

func TestTheLondonDayOfAnInstant(t *testing.T) {
	for name, c := range map[string]struct {
		at   string
		want civil.Day
	}{
		"the last minute of a day in winter":                 {"2013-01-14T23:59:59Z", "2013-01-14"},
		"midnight in winter begins the next day":             {"2013-01-15T00:00:00Z", "2013-01-15"},
		"half past eleven UTC in July is tomorrow in London": {"2012-07-15T23:30:00Z", "2012-07-16"},
		"one minute to eleven UTC in July is still today":    {"2012-07-15T22:59:59Z", "2012-07-15"},
		"an instant told in another zone is still London's":  {"2012-07-15T19:30:00-04:00", "2012-07-16"},
		"the evening before the clocks go forward":           {"2012-03-24T23:30:00Z", "2012-03-24"},
		"the hour that is left out when they go forward":     {"2012-03-25T01:00:00Z", "2012-03-25"},
		"the evening of the day on which they went forward":  {"2012-03-25T23:30:00Z", "2012-03-26"},
		"the evening before the clocks go back":              {"2012-10-27T23:30:00Z", "2012-10-28"},
		"the hour that comes twice when they go back":        {"2012-10-28T01:30:00Z", "2012-10-28"},
		"the evening of the day on which they went back":     {"2012-10-28T23:30:00Z", "2012-10-28"},
		"a leap day":                     {"2012-02-29T12:00:00Z", "2012-02-29"},
		"the last instant of a leap day": {"2012-02-29T23:59:59.999999Z", "2012-02-29"},
		"the end of a year":              {"2012-12-31T23:59:59Z", "2012-12-31"},
		"New Year has no summer time":    {"2013-01-01T00:00:00Z", "2013-01-01"},
		"London kept summer time all through the winter of 68": {"1968-12-31T23:30:00Z", "1969-01-01"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := civil.DayOf(at); got != c.want {
			t.Errorf("%s: %s is in %s, want %s", name, c.at, got, c.want)
		}
	}
}

func TestADayBeginsAndEndsAtMidnightInLondon(t *testing.T) {
	for name, c := range map[string]struct {
		day   civil.Day
		start string
		hours float64
	}{
		"a day in winter":                {"2013-01-14", "2013-01-14T00:00:00Z", 24},
		"a day in summer":                {"2012-07-16", "2012-07-15T23:00:00Z", 24},
		"the clocks go forward":          {"2012-03-25", "2012-03-25T00:00:00Z", 23},
		"the clocks go back":             {"2012-10-28", "2012-10-27T23:00:00Z", 25},
		"a leap day":                     {"2012-02-29", "2012-02-29T00:00:00Z", 24},
		"the last day of a year":         {"2012-12-31", "2012-12-31T00:00:00Z", 24},
		"the day after they go forward":  {"2012-03-26", "2012-03-25T23:00:00Z", 24},
		"the day before they go back":    {"2012-10-27", "2012-10-26T23:00:00Z", 24},
		"the day after they have gone":   {"2012-10-29", "2012-10-29T00:00:00Z", 24},
		"the last day that can be asked": {"2999-12-31", "2999-12-31T00:00:00Z", 24},
	} {
		if got := c.day.Start().UTC().Format(time.RFC3339); got != c.start {
			t.Errorf("%s begins at %s, want %s", name, got, c.start)
		}
		if got := c.day.End().Sub(c.day.Start()).Hours(); got != c.hours {
			t.Errorf("%s has %v hours, want %v", name, got, c.hours)
		}
		if last := c.day.End().Add(-time.Microsecond); civil.DayOf(last) != c.day || civil.DayOf(c.day.End()) != c.day.Next() {
			t.Errorf("%s: its last instant is in %s, its end in %s", name, civil.DayOf(last), civil.DayOf(c.day.End()))
		}
	}
}

func TestDaysAreCountedByTheCalendar(t *testing.T) {
	for name, c := range map[string]struct {
		from civil.Day
		n    int
		to   civil.Day
	}{
		"into a leap day":             {"2012-02-28", 1, "2012-02-29"},
		"past a February without one": {"2013-02-28", 1, "2013-03-01"},
		"a year from a leap day":      {"2012-02-29", 365, "2013-02-28"},
		"backwards over the new year": {"2013-01-01", -1, "2012-12-31"},
		"over the clocks forward":     {"2012-03-24", 2, "2012-03-26"},
		"over the clocks back":        {"2012-10-27", 2, "2012-10-29"},
		"no day at all":               {"2012-07-16", 0, "2012-07-16"},
		"a whole summer":              {"2012-03-01", 275, "2012-12-01"},
	} {
		if got := c.from.Add(c.n); got != c.to {
			t.Errorf("%s: %s", name, got)
		}
		if got := c.from.Until(c.to); got != c.n {
			t.Errorf("%s is %d days, want %d", name, got, c.n)
		}
	}
}

func TestDaysAsTheyAreWritten(t *testing.T) {
	for text, ok := range map[string]bool{
		"2012-07-16": true, "2012-02-29": true, "1900-01-01": true, "2999-12-31": true,
		"": false, "2013-02-29": false, "2012-02-30": false, "2012-13-01": false, "2012-00-10": false, "2012-7-16": false, "16-07-2012": false,
		"2012-07-16 ": false, "2012-07-16T00:00:00Z": false, "0000-01-01": false, "1899-12-31": false, "20120716": false, "today": false,
		"２０１２-07-16": false, "2012-07-1६": false, "-2012-07-16": false, "12012-07-16": false, "9999-12-31": false,
	} {
		if _, err := civil.ParseDay(text); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
	for name, c := range map[string]struct {
		day, month, year string
		want             civil.Day
		refused          bool
	}{
		"nothing typed":         {"", " ", "", "", false},
		"as people write it":    {"16", "7", "2012", "2012-07-16", false},
		"with noughts":          {" 06 ", "07", "2012", "2012-07-06", false},
		"a leap day":            {"29", "2", "2012", "2012-02-29", false},
		"no leap day that year": {"29", "2", "2013", "", true},
		"the 31st of June":      {"31", "6", "2012", "", true},
		"a month in words":      {"16", "July", "2012", "2012-07-16", false},
		"a year of two digits":  {"16", "7", "12", "", true},
		"no year":               {"16", "7", "", "", true},
		"the 0th":               {"0", "7", "2012", "", true},
		"the 13th month":        {"1", "13", "2012", "", true},
		"a minus":               {"-1", "7", "2012", "", true},
		"a fraction":            {"1.5", "7", "2012", "", true},
	} {
		got, err := civil.DayFrom(c.day, c.month, c.year)
		if got != c.want || (err != nil) != c.refused || err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
}

func TestATimeOfTheDay(t *testing.T) {
	for hour, want := range map[string]string{"17:00": "17:00", " 02:00 ": "02:00", "23:59": "23:59", "01:59": "01:59", "00:00": "00:00", "00:30": "00:30", "17.00": "17:00",
		"9:30": "09:30", "9.30am": "09:30", "9:30 a.m.": "09:30", "0930": "09:30", "930": "09:30", "10am": "10:00", "10 AM": "10:00", "2pm": "14:00", "12pm": "12:00", "12am": "00:00", "12.30am": "00:30", "05:00pm": "17:00",
		"noon": "12:00", "Midday": "12:00", "midnight": "00:00", "24:00": "", "13pm": "", "0am": "", "": "", "17:60": "", "9": "", "half past two": "", "17:00:30": "", "-1:00": ""} {
		got, err := civil.HourFrom(hour)
		if got != want || (err == nil) != (want != "") || err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %s, %v", hour, got, err)
		}
	}
	for _, k := range []struct{ day, hour, want string }{
		{"2013-07-15", "5pm", "2013-07-15T16:00:00Z"}, {"2013-07-15", "01:30", "2013-07-15T00:30:00Z"}, {"2013-01-14", "00:30", "2013-01-14T00:30:00Z"},
		{"2013-03-31", "01:30", ""}, {"2013-10-27", "1:59am", ""}, {"2013-03-31", "00:59", "2013-03-31T00:59:00Z"}, {"2013-03-31", "02:00", "2013-03-31T01:00:00Z"},
	} {
		at, err := civil.Day(k.day).At(k.hour)
		if got := at.Format(time.RFC3339); (err == nil) != (k.want != "") || err == nil && got != k.want {
			t.Errorf("%s, %q: %s, %v", k.day, k.hour, got, err)
		}
	}
}

func TestADayIsTypedAsPeopleWriteIt(t *testing.T) {
	for _, k := range []struct{ day, month, year, want, says string }{
		{"16", "July", "2012", "2012-07-16", ""}, {"16", "jul", "2012", "2012-07-16", ""}, {"1st", "Sept", "2012", "2012-09-01", ""}, {"22nd", "DECEMBER", "2012", "2012-12-22", ""},
		{"16", "Juli", "2012", "", "“Juli” is not a month"}, {"16", "13", "2012", "", "“13” is not a month"}, {"16", "7", "12", "", "the year with four digits, not “12”"},
		{"32", "7", "2012", "", "“32” is not a day of a month"}, {"16", "", "2012", "", "the month is missing"}, {"", "7", "2012", "", "the day is missing"}, {"16", "7", "", "", "the year is missing"},
		{"31", "2", "2012", "", "February 2012 has no day 31"}, {"16", "7", "1812", "", "from 1900 to 2999"},
	} {
		got, err := civil.DayFrom(k.day, k.month, k.year)
		if string(got) != k.want || k.says != "" && (err == nil || !strings.Contains(err.Error(), k.says)) {
			t.Errorf("%v: %s, %v", k, got, err)
		}
	}
}
