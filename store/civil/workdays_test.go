package civil_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
)

// easter is Easter Sunday by the anonymous Gregorian algorithm.
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return date(year, n/31, n%31+1)
}

func date(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}

// mondayFrom is the first Monday on or after a day, or on or before it.
func mondayFrom(t time.Time, step int) time.Time {
	for t.Weekday() != time.Monday {
		t = t.AddDate(0, 0, step)
	}
	return t
}

// moved holds what a proclamation made of a day of the rule: where it moved to.
var moved = map[string]string{"2012-05-28": "2012-06-04", "2020-05-04": "2020-05-08", "2022-05-30": "2022-06-02"}

// extra are the days that no rule gives.
var extra = map[int][]string{2011: {"2011-04-29"}, 2012: {"2012-06-05"}, 2022: {"2022-06-03", "2022-09-19"}, 2023: {"2023-05-08"}}

// ruled are the bank holidays of a year by the rules of the Banking and
// Financial Dealings Act 1971, Sch. 1, common law and the proclamations.
func ruled(year int) map[string]bool {
	all := map[string]bool{}
	take := func(t time.Time) {
		day := t.Format(time.DateOnly)
		if to, ok := moved[day]; ok {
			day = to
		}
		all[day] = true
	}
	for _, t := range []time.Time{easter(year).AddDate(0, 0, -2), easter(year).AddDate(0, 0, 1), mondayFrom(date(year, 5, 1), 1),
		mondayFrom(date(year, 5, 31), -1), mondayFrom(date(year, 8, 31), -1)} {
		take(t)
	}
	switch t := date(year, 1, 1); t.Weekday() {
	case time.Saturday:
		take(t.AddDate(0, 0, 2))
	case time.Sunday:
		take(t.AddDate(0, 0, 1))
	default:
		take(t)
	}
	christmas := map[time.Weekday][2]int{time.Friday: {25, 28}, time.Saturday: {27, 28}, time.Sunday: {26, 27}}
	days, ok := christmas[date(year, 12, 25).Weekday()]
	if !ok {
		days = [2]int{25, 26}
	}
	take(date(year, 12, days[0]))
	take(date(year, 12, days[1]))
	for _, day := range extra[year] {
		all[day] = true
	}
	return all
}

func TestBankHolidaysAreThoseOfTheRules(t *testing.T) {
	total := 0
	for year := 2010; year <= 2035; year++ {
		want, last := ruled(year), civil.Day("")
		for _, h := range civil.BankHolidays(year) {
			if !want[string(h.Day)] || h.Name == "" || h.Day <= last {
				t.Errorf("%s, %q, after %s, is in the data and not of the rules", h.Day, h.Name, last)
			}
			delete(want, string(h.Day))
			last, total = h.Day, total+1
			if strings.HasPrefix(h.Name, "Easter Monday") && h.Day != civil.Day(easter(year).AddDate(0, 0, 1).Format(time.DateOnly)) {
				t.Errorf("%s is not Easter Monday", h.Day)
			}
		}
		for day := range want {
			t.Errorf("%s is of the rules and not in the data", day)
		}
	}
	if total != 8*26+5 {
		t.Errorf("%d bank holidays", total)
	}
	if got := civil.BankHolidays(2009); got != nil {
		t.Errorf("of 2009: %v", got)
	}
}

// A bank holiday that is added takes one working day out, and nothing else.
func TestABankHolidayThatIsAddedIsLeftOut(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 2013))
	for range 2000 {
		from, n := civil.Day("2012-01-01").Add(r.IntN(2000)), 1+r.IntN(60)
		day := from.Add(r.IntN(100))
		plain, more := civil.Calendar{}, civil.CalendarWith(civil.Holiday{Day: day, Name: "Another (sample)"})
		was, err := plain.Add(from, n)
		if err != nil {
			t.Fatal(err)
		}
		want := was
		if works, _ := plain.Working(day); works && from < day && day <= was {
			want, _ = plain.Add(was, 1)
		}
		got, err := more.Add(from, n)
		if err != nil || got != want {
			t.Errorf("%d working days after %s without %s: %s, %v; want %s", n, from, day, got, err, want)
		}
		if back, err := more.Count(from, got); err != nil || back != n {
			t.Errorf("from %s to %s are %d working days without %s, want %d: %v", from, got, back, day, n, err)
		}
		if h, found := more.Holiday(day); !found || h.Day != day {
			t.Errorf("%s is no bank holiday: %v", day, h)
		}
	}
	all := civil.CalendarWith(civil.Holiday{Day: "2013-05-10"}, civil.Holiday{Day: "2013-02-06"}).Holidays("2013-01-01", "2013-05-10")
	var days []string
	for _, h := range all {
		days = append(days, string(h.Day))
	}
	if got := strings.Join(days, " "); got != "2013-01-01 2013-02-06 2013-03-29 2013-04-01 2013-05-06 2013-05-10" {
		t.Errorf("the bank holidays are %s", got)
	}
}

func TestADayIsAWorkingDay(t *testing.T) {
	for name, c := range map[string]struct {
		day  civil.Day
		want bool
	}{
		"Maundy Thursday":                         {"2013-03-28", true},
		"Good Friday":                             {"2013-03-29", false},
		"the Saturday of Easter":                  {"2013-03-30", false},
		"Easter Monday":                           {"2013-04-01", false},
		"the Tuesday after":                       {"2013-04-02", true},
		"the last Monday of May of the Jubilee":   {"2012-05-28", true},
		"the Monday it moved to":                  {"2012-06-04", false},
		"the Jubilee":                             {"2012-06-05", false},
		"the royal wedding":                       {"2011-04-29", false},
		"the Monday that VE Day took away":        {"2020-05-04", true},
		"the state funeral":                       {"2022-09-19", false},
		"a Sunday Christmas":                      {"2011-12-25", false},
		"the substitute of it":                    {"2011-12-27", false},
		"Christmas Eve, a Monday":                 {"2012-12-24", true},
		"the first day that is known is New Year": {"2010-01-01", false},
		"the last day that is known":              {"2035-12-31", true},
	} {
		if got, err := c.day.Working(); got != c.want || err != nil {
			t.Errorf("%s, %s: %v %v, want %v", name, c.day, got, err, c.want)
		}
	}
	for _, day := range []civil.Day{"2009-12-31", "2036-01-01", "1999-06-01", "2400-06-01", ""} {
		if _, err := day.Working(); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "Bank holidays are known from 2010 to 2035") {
			t.Errorf("%q: %v", day, err)
		}
	}
}

func TestWorkingDaysAreCountedFromTheDayAfter(t *testing.T) {
	r := rand.New(rand.NewPCG(2012, 10))
	for range 5000 {
		from, n := civil.Day("2010-01-01").Add(r.IntN(9400)), r.IntN(40)
		to, err := from.AddWorking(n)
		if err != nil {
			if to != "" || from < "2035-10-01" {
				t.Errorf("%d after %s: %q %v", n, from, to, err)
			}
			continue
		}
		count := 0
		for d := from.Next().Start().UTC().Add(12 * time.Hour); d.Format(time.DateOnly) <= string(to); d = d.AddDate(0, 0, 1) {
			if day := d.Format(time.DateOnly); d.Weekday() != time.Saturday && d.Weekday() != time.Sunday && !ruled(d.Year())[day] {
				count++
			}
		}
		if works, _ := to.Working(); count != n || !works && n > 0 || to < from {
			t.Errorf("%d after %s is %s, which is %d", n, from, to, count)
		}
	}
	if to, err := civil.Day("2009-12-30").AddWorking(1); err == nil {
		t.Errorf("over a day of 2009: %s", to)
	}
	if to, err := civil.Day("2009-12-31").AddWorking(1); err != nil || to != "2010-01-04" {
		t.Errorf("the day itself need not be known: %s %v", to, err)
	}
	if to, err := civil.Day("2012-10-12").AddWorking(-1); err == nil {
		t.Errorf("backwards: %s", to)
	}
	if to, err := civil.Day("2012-10-13").AddWorking(0); err != nil || to != "2012-10-13" {
		t.Errorf("none: %s %v", to, err)
	}
}
