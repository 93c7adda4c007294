package handover

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/handover"
)

func forecastOf(made, day civil.Day, words string) handover.Forecast {
	return handover.Forecast{Made: made, Day: day, Words: words, By: "An office", Reason: "A reason", N: 7}
}

// slips are milestones of every shape that a chart has to bear.
func slips() map[string]handover.Milestone {
	base := handover.Milestone{ID: 3, Title: "Handover", Source: "Home Secretary", Added: "2011-07-04", First: "2012-05-31", FirstWords: "Spring 2012", Baseline: "2012-05-31"}
	with := func(f func(*handover.Milestone)) handover.Milestone { m := base; f(&m); return m }
	many := func(m *handover.Milestone) {
		made := civil.Day("2011-08-01")
		for i := range 19 {
			m.Forecasts = append(m.Forecasts, forecastOf(made.Add(20*i), made.Add(300+31*i), ""))
		}
	}
	return map[string]handover.Milestone{
		"one point": base,
		"five points": with(func(m *handover.Milestone) {
			m.Forecasts = []handover.Forecast{forecastOf("2012-07-16", "2012-11-22", ""), forecastOf("2012-09-14", "2013-01-31", ""), forecastOf("2012-10-08", "2013-04-01", "Spring 2013")}
			m.Actual = "2013-03-31"
		}),
		"20 points": with(many),
		"all on one day": with(func(m *handover.Milestone) {
			m.Added, m.First, m.Baseline = "2013-01-14", "2013-01-14", "2013-01-14"
			m.Forecasts = []handover.Forecast{forecastOf("2013-01-14", "2013-01-14", "now"), forecastOf("2013-01-14", "2013-01-14", "today")}
			m.Actual = "2013-01-14"
		}),
		"all to come": with(func(m *handover.Milestone) {
			m.First, m.Baseline = "2031-05-31", "2031-05-31"
			m.Forecasts = []handover.Forecast{forecastOf("2013-01-01", "2040-12-31", "")}
		}),
		"all gone by": with(func(m *handover.Milestone) { m.Added, m.First, m.Actual = "1990-01-01", "1990-01-31", "1991-01-31" }),
		"end of the time": with(func(m *handover.Milestone) {
			m.Forecasts = []handover.Forecast{forecastOf("2013-01-01", "9999-12-31", "")}
		}),
		"a new baseline": with(func(m *handover.Milestone) {
			m.Forecasts = []handover.Forecast{forecastOf("2012-07-16", "2012-11-22", ""), forecastOf("2012-12-01", "2013-05-01", "")}
			m.Rebaselines = []handover.Rebaseline{{Old: "2012-05-31", New: "2013-04-01", Took: "2012-08-01", Reason: "Elections", N: 9}}
		}),
	}
}

func TestSlipChartKeepsItsPointsInside(t *testing.T) {
	for name, m := range slips() {
		c := slipOf(m, "2013-01-14")
		if len(c.Dots) != len(m.Points()) {
			t.Errorf("%s: %d dots for %d points", name, len(c.Dots), len(m.Points()))
		}
		inside := func(what string, x float64) {
			if !(x >= 0 && x <= 100) { // not a number is outside too
				t.Errorf("%s: %s at %v per cent", name, what, x)
			}
		}
		inside("the first promise", c.First)
		inside("today", c.Today)
		for i, d := range c.Dots {
			inside(d.Label, d.X)
			if d.Y <= 40 || d.Y >= c.Axis || i > 0 && (d.Y-c.Dots[i-1].Y != slipRow || d.Made < c.Dots[i-1].Made) {
				t.Errorf("%s: row %d at %d of %d", name, i, d.Y, c.Axis)
			}
			for _, o := range c.Dots {
				if (d.Day < o.Day) != (d.X < o.X) {
					t.Errorf("%s: %s and %s are out of order: %v %v", name, d.Day, o.Day, d.X, o.X)
				}
			}
		}
		for i, tick := range c.Ticks {
			inside(tick.Label, tick.X)
			if i > 0 && tick.X <= c.Ticks[i-1].X {
				t.Errorf("%s: tick %d at %v", name, i, tick.X)
			}
		}
		labels := 0
		for _, tick := range c.Ticks {
			if tick.Label != "" {
				labels++
			}
		}
		if n := len(c.Ticks); c.Ticks[0].X != 0 || c.Ticks[n-1].X != 100 || c.Ticks[n-1].Label == "" || labels > 3 || labels < 2 {
			t.Errorf("%s: ticks %v", name, c.Ticks)
		}
	}
}

func TestSlipMonthsHoldEveryPairOfDays(t *testing.T) {
	day := func(n int) time.Time { return time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n) }
	for from := 0; from < 800; from += 13 {
		for _, length := range []int{0, 1, 27, 30, 31, 59, 90, 180, 365, 366, 700, 1000, 2000, 5000, 20000, 100000} {
			a, b := day(from), day(from+length)
			all := slipMonths(a, b)
			first, last := all[0], all[len(all)-1]
			if n := len(all); first.After(a) || last.Before(b) || n < 2 || n == 6 || n > 7 {
				t.Fatalf("%v to %v: %v", a, b, all)
			}
		}
	}
}

func TestSlipChartTellsWhatWasSaidAndByWhom(t *testing.T) {
	m := slips()["five points"]
	dots := slipDots(m)
	if dots[0].Label != "Spring 2012" || dots[0].By != "Home Secretary" || dots[3].Label != "Spring 2013" || dots[3].Why != "A reason" || dots[3].N != 7 {
		t.Errorf("%+v", dots)
	}
	for i, want := range []string{"", "175 days late", "245 days late", "305 days late", "came 304 days late"} {
		if dots[i].said() != want {
			t.Errorf("point %d says %q, want %q", i, dots[i].said(), want)
		}
	}
	c := slipOf(slips()["a new baseline"], "2013-01-14")
	if got := c.drift(); len(got) != 2 || got[1][0].Day != "2012-11-22" || c.latest() != 3 || c.Dots[2].Why != "Elections" || c.Dots[3].Why != "A reason" {
		t.Errorf("the new baseline does not stand aside: %+v", c)
	}
	for days, want := range map[int]string{0: "on time", 1: "1 day late", -1: "1 day early", 1500: "1,500 days late"} {
		if SlipWords(days) != want {
			t.Error(days, SlipWords(days))
		}
	}
}

func TestSlipChartIsWellFormed(t *testing.T) {
	for name, m := range slips() {
		m.Title = `<script>alert("1")</script> & more`
		var b strings.Builder
		if err := SlipChart(m, "slip", "2013-01-14").Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		html := b.String()
		for _, wrong := range []string{"style=", "<script", "NaN", "Inf"} {
			if strings.Contains(html, wrong) {
				t.Errorf("%s holds %s", name, wrong)
			}
		}
		for _, right := range []string{`role="img"`, `aria-labelledby="slip-3-t slip-3-d"`, `<title id="slip-3-t">`, `<desc id="slip-3-d">`, "First target date", "Today"} {
			if !strings.Contains(html, right) {
				t.Errorf("%s lacks %s", name, right)
			}
		}
		if rows := strings.Count(html, `<tr role="row">`) - 1; rows != len(m.Points()) || strings.Count(html, "<circle") != rows {
			t.Errorf("%s: %d rows, %d points", name, rows, len(m.Points()))
		}
		svg := html[strings.Index(html, "<svg"):strings.Index(html, "</svg>")] + "</svg>"
		dec := xml.NewDecoder(strings.NewReader(svg))
		for {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
}
