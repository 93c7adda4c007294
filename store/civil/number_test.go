package civil_test

import (
	"testing"
	"time"

	"github.com/police-ict/handover/store/civil"
)

func TestDaysAreNumberedAsTheyFollowEachOther(t *testing.T) {
	d, at := civil.Day("1900-01-01"), time.Date(1900, 1, 1, 12, 0, 0, 0, time.UTC)
	n := d.Number()
	for d <= "2999-12-31" {
		if d.Number() != n || civil.Numbered(n) != d {
			t.Fatalf("%s is number %d, want %d; that number is %s", d, d.Number(), n, civil.Numbered(n))
		}
		at, n = at.AddDate(0, 0, 1), n+1
		d = civil.Day(at.Format(civil.DayLayout))
	}
	if civil.Day("1970-01-01").Number() != 0 || civil.Day("").Number() != 0 {
		t.Error("counting begins on 1 January 1970")
	}
}

func TestMonthsAreAddedInOneStep(t *testing.T) {
	for _, k := range []struct {
		from civil.Day
		n    int
		to   civil.Day
	}{
		{"2012-01-31", 1, "2012-02-29"}, {"2012-01-31", 2, "2012-03-31"}, {"2013-01-31", 1, "2013-02-28"}, {"2012-02-29", 12, "2013-02-28"}, {"2012-02-29", 48, "2016-02-29"},
		{"2013-03-31", -1, "2013-02-28"}, {"2013-01-15", -1, "2012-12-15"}, {"2013-01-15", -13, "2011-12-15"}, {"2013-12-31", 1, "2014-01-31"}, {"2013-05-31", 0, "2013-05-31"}, {"", 3, ""},
	} {
		if got := k.from.AddMonths(k.n); got != k.to {
			t.Errorf("%s and %d months is %s, want %s", string(k.from), k.n, string(got), string(k.to))
		}
	}
}

func TestTheLastDayOfATermOfMonths(t *testing.T) {
	for _, k := range []struct {
		from civil.Day
		n    int
		to   civil.Day
	}{
		{"2012-04-01", 24, "2014-03-31"}, {"2012-08-31", 6, "2013-02-28"}, {"2012-02-29", 12, "2013-02-28"}, {"2012-02-29", 24, "2014-02-28"}, {"2012-08-30", 6, "2013-02-28"}, {"2012-08-29", 6, "2013-02-28"},
		{"2012-08-28", 6, "2013-02-27"}, {"2013-01-01", 1, "2013-01-31"}, {"2012-12-31", 2, "2013-02-28"}, {"2011-08-31", 6, "2012-02-29"}, {"2018-09-27", 36, "2021-09-26"}, {"", 6, ""},
	} {
		got := k.from.LastOf(k.n)
		if got != k.to {
			t.Errorf("%s and %d months ends on %s, want %s", string(k.from), k.n, string(got), string(k.to))
		}
		if n, ok := k.from.MonthsTo(got); k.from != "" && (!ok || k.from.LastOf(n) != got) {
			t.Errorf("%s to %s is %d months, %v", string(k.from), string(got), n, ok)
		}
	}
	for _, k := range [][2]civil.Day{{"2012-04-01", "2014-04-01"}, {"2012-04-01", "2014-03-30"}, {"2012-04-01", "2012-03-31"}, {"", "2012-03-31"}, {"2012-04-15", "2012-04-30"}} {
		if n, ok := k[0].MonthsTo(k[1]); ok {
			t.Errorf("%s to %s was read as %d months", string(k[0]), string(k[1]), n)
		}
	}
}
