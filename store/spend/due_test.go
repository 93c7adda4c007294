package spend_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/due"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/storetest"
)

// byCalendar says what is asked for a month by the days of a calendar alone: a
// second opinion on due.DutyOf that shares nothing with it.
func byCalendar(body string, year int, month time.Month, now time.Time) string {
	over := time.Date(year, month+1, 1, 0, 0, 0, 0, time.UTC) // the first day after the month
	switch {
	case now.Before(over):
		return "not_over"
	case body == "city-of-london":
		return "not_bound"
	case over.Before(time.Date(2012, 1, 17, 0, 0, 0, 0, time.UTC)):
		return "before_the_order"
	case now.Sub(over) < 31*24*time.Hour:
		return "not_yet_due"
	}
	return "missing"
}

func TestWhatIsAskedForAMonth(t *testing.T) {
	for _, b := range office.LocalPolicingBodies() {
		for _, now := range []time.Time{
			time.Date(2012, 1, 16, 0, 0, 0, 0, time.UTC), time.Date(2012, 3, 2, 0, 0, 0, 0, time.UTC), time.Date(2012, 3, 3, 0, 0, 0, 0, time.UTC),
			time.Date(2013, 1, 14, 0, 0, 0, 0, time.UTC), time.Date(2013, 1, 31, 0, 0, 0, 0, time.UTC), time.Date(2013, 2, 1, 0, 0, 0, 0, time.UTC), time.Date(2016, 3, 31, 0, 0, 0, 0, time.UTC),
		} {
			for m := civil.MonthOf(2011, 10); m < civil.MonthOf(2016, 5); m++ {
				y, n := m.Parts()
				day := civil.Day(now.Format("2006-01-02"))
				if got, want := string(due.DutyOf(b, m, day)), byCalendar(b.Slug, y, time.Month(n), now); got != want {
					t.Errorf("%s, %s on %s: %s, want %s", b.Slug, m, day, got, want)
				}
			}
		}
	}
}

// One function decides what is missing, so every place that counts it agrees,
// with values that were planted.
func TestMonthsMissingAreTheSameEverywhere(t *testing.T) {
	s, clock := storetest.OpenClock(t)
	planted := map[string]map[string]bool{"kent": {}, "essex": {}, "city-of-london": {}}
	for body, days := range map[string][]string{"kent": {"2011-11-05", "2012-01-09", "2012-12-03"}, "essex": {"2012-02-05"}, "city-of-london": {"2012-06-05"}} {
		storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: body}, issueOf(days...))
		for _, d := range days {
			planted[body][d[:7]] = true
		}
	}
	for _, day := range []civil.Day{"2013-01-14", "2013-01-31", "2013-02-01"} {
		clock.Day(day)
		now, err := time.Parse("2006-01-02", string(day))
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]int{}
		for _, b := range office.LocalPolicingBodies() {
			for at := time.Date(2011, 11, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2013; at = at.AddDate(0, 1, 0) {
				if !planted[b.Slug][at.Format("2006-01")] {
					want[byCalendar(b.Slug, at.Year(), at.Month(), now)]++
				}
			}
		}
		p, err := report.ReadPublication(t.Context(), s, month(t, "2011-11"), month(t, "2012-12"))
		if err != nil {
			t.Fatal(err)
		}
		n := p.Count()
		sp, err := spend.Read(t.Context(), s, payments.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		h, err := store.ReadHome(t.Context(), s, office.Viewer{}, record.Moment{})
		if err != nil {
			t.Fatal(err)
		}
		told := func(d due.Duties) string { return fmt.Sprint(d.Overdue, d.NotDue, d.NotOver, d.NotBound, d.Before) }
		planned := fmt.Sprint(want["missing"], want["not_yet_due"], want["not_over"], want["not_bound"], want["before_the_order"])
		record := fmt.Sprint(n.Missing, n.NotDue, n.NotOver, n.NotBound, n.Before)
		var bodies due.Duties
		for _, b := range sp.Bodies {
			for _, g := range b.Gaps {
				bodies.Add(g.Duty)
			}
		}
		if record != planned || told(sp.Cover.Gaps) != planned || told(bodies) != planned || told(h.Spend.Gaps) != planned {
			t.Errorf("on %s: the publication record says %s, spend %s, its bodies %s, the first page %s; planted %s", day, record, told(sp.Cover.Gaps), told(bodies), told(h.Spend.Gaps), planned)
		}
	}
}

func TestBodiesAreComparedByAWholeYear(t *testing.T) {
	for day, want := range map[civil.Day]int{"2013-01-14": 2011, "2013-04-01": 2011, "2013-05-01": 2011, "2013-05-02": 2012, "2014-03-31": 2012} {
		if got := due.WholeYear(day); got != want {
			t.Errorf("on %s the last whole year is %d, want %d", day, got, want)
		}
	}
	s := storetest.Open(t)
	whole := func(from civil.Month, months int) (days []string) {
		for m := from; m < from+civil.Month(months); m++ {
			days = append(days, string(m.First().Add(14)))
		}
		return days
	}
	april := month(t, "2011-04")
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent"}, issueOf(whole(april, 21)...))   // 12 × £600 in the year, 9 after it
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "essex"}, issueOf(whole(april, 11)...))  // March 2012 is not published
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "surrey"}, issueOf(whole(april, 12)...)) // nothing after the year
	told := func(f payments.Filter) string {
		sp, err := spend.Read(t.Context(), s, f)
		if err != nil {
			t.Fatal(err)
		}
		words := ""
		for _, slug := range []string{"kent", "essex", "surrey"} {
			for _, b := range sp.Bodies {
				if b.Body.Slug == slug {
					words += fmt.Sprintf("%s %s %v; ", slug, sp.Like(b).Pence, sp.Whole(b))
				}
			}
		}
		return words
	}
	it := []classify.Class{classify.IsIT}
	if got, want := told(payments.Filter{Class: it}), "kent £7,200.00 true; essex £6,600.00 false; surrey £7,200.00 true; "; got != want {
		t.Errorf("with no time asked: %s, want %s", got, want)
	}
	least := payments.Filter{Class: it}
	pence := money.Pence(1_00)
	least.Least = &pence
	if got, want := told(least), "kent £7,200.00 true; essex £6,600.00 false; surrey £7,200.00 true; "; got != want {
		t.Errorf("added up row by row: %s, want %s", got, want)
	}
	if got, want := told(payments.Filter{Class: it, From: april, To: april + 20}), "kent £12,600.00 true; essex £6,600.00 false; surrey £7,200.00 false; "; got != want {
		t.Errorf("with months asked: %s, want %s", got, want)
	}
}
