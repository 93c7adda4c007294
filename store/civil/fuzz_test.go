package civil_test

import (
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
)

// soundDay fails the test when a day that was accepted cannot be counted with.
func soundDay(t *testing.T, d civil.Day) {
	t.Helper()
	if len(d) != 10 || civil.DayOf(d.Start()) != d || d.Add(-1).Next() != d || d.Next() <= d || d.End().Before(d.Start()) || d.String() == "" || d.Until(d.Next()) != 1 {
		t.Errorf("%q was accepted, but is no sound day: %s to %s, then %s", d, d.Start(), d.End(), d.Next())
	}
	if again, err := civil.DayFrom(d.Parts()); err != nil || again != d {
		t.Errorf("%q comes back from its parts as %q: %v", d, again, err)
	}
}

func FuzzParseDay(f *testing.F) {
	for _, seed := range []string{"2012-07-16", "2012-02-29", "2013-02-29", "1800-01-01", "1900-01-01", "1968-02-18", "2999-12-31", "9999-12-31", "", "2012-7-16", "0000-00-00", "2012-07-16T00:00", "-012-01-01", "1847-12-01", "1916-05-21"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := civil.ParseDay(text)
		if err != nil {
			if d != "" || fault.KindOf(err) != fault.Invalid {
				t.Errorf("%q: refused as %q with %v", text, d, err)
			}
			return
		}
		if string(d) != text {
			t.Errorf("%q was read as %q", text, d)
		}
		soundDay(t, d)
	})
}

func FuzzDayFrom(f *testing.F) {
	for _, seed := range [][3]string{{"16", "7", "2012"}, {"29", "2", "2012"}, {"29", "2", "2013"}, {"", "", ""}, {" 1 ", "01", "2013"}, {"1", "1", "9999"}, {"+1", "1", "2012"}, {"1", "1", "+212"}, {"99999999999999999999", "1", "2012"}, {"1", "1", "１２３４"}} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, day, month, year string) {
		d, err := civil.DayFrom(day, month, year)
		switch {
		case err != nil && (d != "" || fault.KindOf(err) != fault.Invalid):
			t.Errorf("%q %q %q: refused as %q with %v", day, month, year, d, err)
		case err == nil && d != "":
			soundDay(t, d)
		}
	})
}
