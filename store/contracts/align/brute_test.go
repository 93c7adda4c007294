package align_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/contracts/align"
	"github.com/police-ict/handover/store/contracts/term"
	"github.com/police-ict/handover/store/money"
)

// The oracle counts with the time package and asks every contract on every day.

func timeOf(d civil.Day) time.Time {
	t, _ := time.Parse(time.DateOnly, string(d)) // the test's own days
	return t
}

// monthsOn is the same day number some months later, held to the month's end.
func monthsOn(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	return first.AddDate(0, 0, min(t.Day(), first.AddDate(0, 1, -1).Day())-1)
}

func lastDay(start time.Time, n int) time.Time {
	first := time.Date(start.Year(), start.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	if start.Day() == 1 {
		return first.AddDate(0, 0, -1)
	}
	return first.AddDate(0, 0, min(start.Day()-1, first.AddDate(0, 1, -1).Day())-1)
}

func notice(n term.Notice, end time.Time) time.Time {
	if n.Unit == term.Days {
		return end.AddDate(0, 0, -n.N)
	}
	return monthsOn(end, -n.N)
}

// canEnd reports whether a contract can be made to end on a day.
func canEnd(t *term.Term, on, day time.Time) bool {
	start := timeOf(t.Start)
	end, total := lastDay(start, t.Months), t.Months
	if day.Before(on) || t.Renewal == term.Ends && len(t.Options) == 0 && end.Before(on) {
		return false
	}
	switch t.Renewal {
	case term.Open:
		from := monthsOn(on, t.Notice.N)
		if t.Notice.Unit == term.Days {
			from = on.AddDate(0, 0, t.Notice.N)
		}
		return !day.Before(from) && !day.Before(end)
	case term.Tacit:
		for n := t.Months; !lastDay(start, n).After(day); n += t.Every {
			if end := lastDay(start, n); end.Equal(day) && !notice(t.Notice, end).Before(on) {
				return true
			}
		}
		return false
	}
	if end.Before(on) {
		return false
	}
	found := end.Equal(day)
	for _, o := range t.Options {
		if notice(o.Notice, end).Before(on) {
			break
		}
		total += o.Months
		next := lastDay(start, total)
		found = found || next.Equal(day) || o.AnyDay && day.After(end) && day.Before(next)
		end = next
	}
	for _, b := range t.Breaks {
		at := timeOf(b.Day)
		found = found || at.Equal(day) && !at.After(end) && !notice(b.Notice, at).Before(on) && !day.Before(start)
	}
	return found
}

func randomNotice(r *rand.Rand) term.Notice {
	switch r.IntN(3) {
	case 0:
		return term.Notice{}
	case 1:
		return term.Notice{N: 1 + r.IntN(100), Unit: term.Days}
	}
	return term.Notice{N: 1 + r.IntN(9), Unit: term.Months}
}

// randomRegister is so many contracts, many of which begin on the usual days.
func randomRegister(r *rand.Rand, size int) (all []align.Contract) {
	for n := range size {
		start := civil.Numbered(civil.Day("2009-01-01").Number() + r.IntN(1800))
		if r.IntN(2) == 0 {
			start = []civil.Day{"2010-04-01", "2011-04-01", "2012-04-01", "2012-10-01", "2012-02-29", "2011-08-31"}[r.IntN(6)]
		}
		t := &term.Term{Start: start, Months: 12 * (1 + r.IntN(5)), Notice: randomNotice(r)}
		switch r.IntN(6) {
		case 0:
			t.Renewal, t.Every = term.Tacit, []int{3, 6, 12, 12, 24}[r.IntN(5)]
		case 1:
			if r.IntN(4) == 0 {
				t.Renewal = term.Open
			}
		case 2, 3:
			for range 1 + r.IntN(3) {
				t.Options = append(t.Options, term.Option{Months: []int{3, 6, 12}[r.IntN(3)], AnyDay: r.IntN(3) == 0, Notice: randomNotice(r)})
			}
		case 4:
			t.Breaks = []term.Break{{Day: start.AddMonths(1 + r.IntN(40)), Notice: randomNotice(r)}}
		}
		c := align.Contract{Number: fmt.Sprint(n), Body: fmt.Sprint("body ", r.IntN(43)), Term: t}
		if r.IntN(8) > 0 {
			p := money.Pence(r.IntN(300)) * 1_000_00
			c.Yearly = &p
		}
		all = append(all, c)
	}
	return all
}

// slowDay is a day and what can end on it.
type slowDay struct {
	day    civil.Day
	yearly money.Pence
	what   []int
}

// slowFrontier asks every contract on every day, and every day of every other.
func slowFrontier(all []align.Contract, ask align.Ask) (days, best []slowDay) {
	on, until := timeOf(ask.On), timeOf(ask.Until)
	for at := monthsOn(on, ask.Lead); !at.After(until); at = at.AddDate(0, 0, 1) {
		d := slowDay{day: civil.Day(at.Format(time.DateOnly))}
		for i, c := range all {
			if canEnd(c.Term, on, at) {
				d.what = append(d.what, i)
				if c.Yearly != nil {
					d.yearly += *c.Yearly
				}
			}
		}
		days = append(days, d)
	}
	seen := map[string]bool{}
	var sets []slowDay // the earliest day of every set
	for _, d := range days {
		if key := fmt.Sprint(d.what); len(d.what) > 0 && !seen[key] {
			seen[key] = true
			sets = append(sets, d)
		}
	}
	for _, d := range sets {
		bettered := slices.ContainsFunc(sets, func(o slowDay) bool {
			if len(o.what) <= len(d.what) {
				return false
			}
			for _, i := range d.what {
				if _, found := slices.BinarySearch(o.what, i); !found {
					return false
				}
			}
			return true
		})
		if !bettered {
			best = append(best, d)
		}
	}
	slices.SortStableFunc(best, func(a, b slowDay) int {
		switch {
		case a.yearly > b.yearly:
			return -1
		case a.yearly < b.yearly:
			return 1
		}
		return 0
	})
	return days, best
}

// TestTheSweepEqualsAskingEveryDay compares 200 random registers.
func TestTheSweepEqualsAskingEveryDay(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(14, 3))
	for n := range 200 {
		all := randomRegister(r, r.IntN(30))
		ask := align.Ask{On: civil.Numbered(civil.Day("2012-06-01").Number() + r.IntN(700)), Lead: r.IntN(12), Near: 92}
		ask.Until = civil.Numbered(ask.First().Number() + 300 + r.IntN(900))
		days, best := slowFrontier(all, ask)
		reg := align.Prepare(all, ask)
		got, count := reg.Frontier(0)
		if count != len(best) || len(got) != count {
			t.Fatalf("register %d: %d days, want %d", n, count, len(best))
		}
		for i, d := range got {
			if d.Day != best[i].day || d.Yearly != best[i].yearly || !slices.Equal(d.Contracts, best[i].what) {
				t.Fatalf("register %d, day %d: %s %s %v, want %+v", n, i, d.Day, d.Yearly, d.Contracts, best[i])
			}
		}
		for _, d := range days {
			if got := reg.On(d.day); !slices.Equal(got.Contracts, d.what) || got.Yearly != d.yearly {
				t.Fatalf("register %d on %s: %v %s, want %v %s", n, d.day, got.Contracts, got.Yearly, d.what, d.yearly)
			}
		}
		if len(days) > 0 {
			nearest(t, reg, all, ask, days[r.IntN(len(days))])
		}
	}
}

// nearest compares the misses of a day with looking at every day around it.
func nearest(t *testing.T, reg *align.Register, all []align.Contract, ask align.Ask, d slowDay) {
	t.Helper()
	var want, got []string
	for i, c := range all {
		if slices.Contains(d.what, i) {
			continue
		}
		for gap := 1; gap <= ask.Near; gap++ {
			at := timeOf(d.day)
			if canEnd(c.Term, timeOf(ask.On), at.AddDate(0, 0, -gap)) {
				want = append(want, fmt.Sprint(i, -gap))
				break
			}
			if after := at.AddDate(0, 0, gap); canEnd(c.Term, timeOf(ask.On), after) && !after.After(timeOf(ask.Until)) {
				want = append(want, fmt.Sprint(i, gap))
				break
			}
		}
	}
	for _, m := range reg.Misses(d.day) {
		if m.Day <= ask.Until {
			got = append(got, fmt.Sprint(m.Contract, m.Gap))
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Fatalf("on %s %v miss, want %v", d.day, got, want)
	}
}

// BenchmarkAlign prepares a register and finds its 20 best days, with who misses
// the first of them.
func BenchmarkAlign(b *testing.B) {
	for _, size := range []int{500, 1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			all := randomRegister(rand.New(rand.NewPCG(1, 9)), size)
			b.ReportAllocs()
			for b.Loop() {
				r := align.Prepare(all, align.Ask{On: on, Lead: align.UsualLead, Near: align.UsualNear})
				days, _ := r.Frontier(20)
				if len(days) == 0 || r.Misses(days[0].Day) == nil {
					b.Fatal("no day")
				}
			}
			b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "contracts/s")
		})
	}
}
