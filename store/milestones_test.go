package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/police-ict/handover/store"
)

var promise = store.Milestone{Key: "handover", Title: "Handover to the commissioners", Source: "Home Secretary, 4 July 2011", Baseline: "2012-05-31", BaselineWords: "Spring 2012"}

func (c scheduleCast) milestone(t testing.TB, m store.Milestone) int64 {
	t.Helper()
	id, err := c.AddMilestone(t.Context(), c.secretary, m)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (c scheduleCast) stands(t testing.TB, id int64) store.Milestone {
	t.Helper()
	m, err := c.Milestone(t.Context(), store.Moment{}, id)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSlipArithmetic(t *testing.T) {
	forecasts := func(days ...store.Day) (all []store.Forecast) {
		for _, d := range days {
			all = append(all, store.Forecast{Made: "2012-01-01", Day: d})
		}
		return all
	}
	for name, tt := range map[string]struct {
		m           store.Milestone
		slip, shown int
	}{
		"a promise alone slips by nothing":     {store.Milestone{First: "2012-05-31", Baseline: "2012-05-31"}, 0, 0},
		"the last forecast counts":             {store.Milestone{First: "2012-05-31", Baseline: "2012-05-31", Forecasts: forecasts("2012-06-30", "2012-06-10")}, 10, 10},
		"a leap day counts":                    {store.Milestone{First: "2012-02-28", Baseline: "2012-02-28", Forecasts: forecasts("2012-03-01")}, 2, 2},
		"a common year has none":               {store.Milestone{First: "2013-02-28", Baseline: "2013-02-28", Forecasts: forecasts("2013-03-01")}, 1, 1},
		"summer time takes no day":             {store.Milestone{First: "2012-03-24", Baseline: "2012-03-24", Forecasts: forecasts("2012-03-26")}, 2, 2},
		"early is negative":                    {store.Milestone{First: "2012-05-31", Baseline: "2012-05-31", Forecasts: forecasts("2012-05-01")}, -30, -30},
		"the actual day counts over forecasts": {store.Milestone{First: "2012-05-31", Baseline: "2012-05-31", Forecasts: forecasts("2012-06-30"), Actual: "2012-06-01"}, 1, 1},
		"a new baseline hides, the first not":  {store.Milestone{First: "2012-05-31", Baseline: "2013-04-01", Forecasts: forecasts("2013-04-11")}, 315, 10},
		"a new baseline without a forecast":    {store.Milestone{First: "2012-05-31", Baseline: "2013-04-01"}, 305, 0},
	} {
		if tt.m.Slip() != tt.slip || tt.m.SlipShown() != tt.shown || tt.m.Hidden() != tt.slip-tt.shown {
			t.Errorf("%s: %d and %d", name, tt.m.Slip(), tt.m.SlipShown())
		}
	}
}

func TestLate(t *testing.T) {
	base := store.Milestone{First: "2012-05-31", Baseline: "2012-05-31"}
	achieved, late, gone := base, base, base
	achieved.Actual, late.Actual, gone.Withdrawn = "2012-05-31", "2012-06-02", "overtaken"
	for name, tt := range map[string]struct {
		m    store.Milestone
		on   store.Day
		want bool
	}{
		"not on its day":              {base, "2012-05-31", false},
		"on the day after":            {base, "2012-06-01", true},
		"not when achieved in time":   {achieved, "2013-01-01", false},
		"achieved late stays late":    {late, "2013-01-01", true},
		"late before it was achieved": {late, "2012-06-01", true},
		"not when withdrawn":          {gone, "2013-01-01", false},
	} {
		if tt.m.Late(tt.on) != tt.want {
			t.Error(name)
		}
	}
}

func TestAddMilestoneSaysWhatIsWrong(t *testing.T) {
	c := newScheduleCast(t)
	with := func(f func(*store.Milestone)) store.Milestone { m := promise; f(&m); return m }
	c.milestone(t, promise)
	for name, tt := range map[string]struct {
		m     store.Milestone
		field string
	}{
		"a title":                  {with(func(m *store.Milestone) { m.Title, m.Key = "", "" }), "title"},
		"a source":                 {with(func(m *store.Milestone) { m.Source, m.Key = " ", "" }), "source"},
		"a baseline":               {with(func(m *store.Milestone) { m.Baseline, m.Key = "", "" }), "baseline"},
		"a baseline that is a day": {with(func(m *store.Milestone) { m.Baseline, m.Key = "2013-02-29", "" }), "baseline"},
		"words that fit":           {with(func(m *store.Milestone) { m.BaselineWords, m.Key = strings.Repeat("a", 61), "" }), "words"},
		"a key of small letters":   {with(func(m *store.Milestone) { m.Key = "Hand over" }), "key"},
		"a key that is free":       {promise, "key"},
	} {
		if _, err := c.AddMilestone(t.Context(), c.secretary, tt.m); fmt.Sprint(faultFields(err)) != "["+tt.field+"]" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := c.AddMilestone(t.Context(), c.official, promise); store.KindOf(err) != store.Forbidden {
		t.Fatal("a transferor adds a milestone:", err)
	}
	for range 2 {
		c.milestone(t, with(func(m *store.Milestone) { m.Key = "" })) // many may have no key
	}
	got, err := c.MilestoneByKey(t.Context(), store.Moment{}, "handover")
	if err != nil || got.ID != 1 || got.First != "2012-05-31" || got.FirstWords != "Spring 2012" || got.Added != "2013-01-14" {
		t.Fatal(got, err)
	}
	if _, err := c.MilestoneByKey(t.Context(), store.Moment{}, "none"); store.KindOf(err) != store.NotFound {
		t.Fatal(err)
	}
	sound(t, c.Store)
}

func TestForecastsAreAddedNeverOverwritten(t *testing.T) {
	c := newScheduleCast(t)
	c.clock.Day("2013-02-01")
	spring := promise
	spring.Baseline = "2013-04-01"
	id := c.milestone(t, spring)
	for name, tt := range map[string]struct {
		by            store.Viewer
		day           store.Day
		words, reason string
		field         string
		kind          store.Kind
	}{
		"a reason is needed":        {c.secretary, "2013-07-16", "", "", "reason", store.Invalid},
		"a day is needed":           {c.secretary, "", "Summer", "late", "day", store.Invalid},
		"a day that exists":         {c.secretary, "2013-02-29", "", "late", "day", store.Invalid},
		"a day that is not over":    {c.secretary, "2013-01-31", "", "late", "day", store.Invalid},
		"words that fit":            {c.secretary, "2013-07-16", strings.Repeat("a", 61), "late", "words", store.Invalid},
		"a transferor does not":     {c.official, "2013-07-16", "", "late", "", store.Forbidden},
		"the command line does not": {store.CommandLine, "2013-07-16", "", "late", "", store.Forbidden},
	} {
		err := c.ForecastMilestone(t.Context(), tt.by, id, tt.day, tt.words, tt.reason)
		if store.KindOf(err) != tt.kind || tt.field != "" && fmt.Sprint(faultFields(err)) != "["+tt.field+"]" {
			t.Errorf("%s: %v", name, err)
		}
	}
	say := func(on, day store.Day, words string) error {
		c.clock.Day(on)
		return c.ForecastMilestone(t.Context(), c.officer, id, day, words, "the articles are not signed")
	}
	for _, f := range []struct{ on, day store.Day }{{"2013-02-28", "2013-07-16"}, {"2013-03-31", "2013-10-01"}, {"2013-10-27", "2014-04-01"}} {
		if err := say(f.on, f.day, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := say("2013-11-01", "2014-04-01", ""); fmt.Sprint(faultFields(err)) != "[day]" {
		t.Fatal("the same forecast again:", err)
	}
	if err := say("2013-11-01", "2014-04-01", "Spring 2014"); err != nil {
		t.Fatal("the same day in other words:", err)
	}
	m := c.stands(t, id)
	want := "[{2013-02-01 2013-04-01 0 baseline} {2013-02-28 2013-07-16 106 forecast} {2013-03-31 2013-10-01 183 forecast} {2013-10-27 2014-04-01 365 forecast} {2013-11-01 2014-04-01 365 forecast}]"
	if got := plainPoints(m); got != want || m.Version != 5 || m.Forecasts[0].By != c.officer.Office.Title {
		t.Fatal(got)
	}
	if e, err := c.Event(t.Context(), m.Forecasts[3].N); err != nil || e.Act != "milestone.forecast" || !strings.Contains(e.Detail(), "Spring 2014") || e.About != store.TheCompany {
		t.Fatal(e, err)
	}
	then, err := c.Moment(t.Context(), "2013-03-31")
	if err != nil {
		t.Fatal(err)
	}
	if was, err := c.MilestoneByKey(t.Context(), then, "handover"); err != nil || len(was.Forecasts) != 2 || was.Slip() != 183 {
		t.Fatal(was, err)
	}
	sound(t, c.Store)
}

// plainPoints are the points with their days as digits.
func plainPoints(m store.Milestone) string {
	var all []string
	for _, p := range m.Points() {
		all = append(all, fmt.Sprintf("{%s %s %d %s}", string(p.Made), string(p.Day), p.Slip, p.What))
	}
	return "[" + strings.Join(all, " ") + "]"
}

func TestAchieveOnceAndWithdraw(t *testing.T) {
	c := newScheduleCast(t)
	m := promise
	m.Key = ""
	a, b := c.milestone(t, m), c.milestone(t, m)
	if err := c.AchieveMilestone(t.Context(), c.officer, a, "2013-01-15"); fmt.Sprint(faultFields(err)) != "[day]" {
		t.Fatal("achieved tomorrow:", err)
	}
	if err := c.AchieveMilestone(t.Context(), c.kent, a, "2013-01-14"); store.KindOf(err) != store.Forbidden {
		t.Fatal("by a commissioner:", err)
	}
	if err := c.AchieveMilestone(t.Context(), c.officer, a, "2013-01-14"); err != nil {
		t.Fatal("achieved today:", err)
	}
	if err := c.WithdrawMilestone(t.Context(), c.officer, b, ""); fmt.Sprint(faultFields(err)) != "[reason]" {
		t.Fatal("withdrawn without a reason:", err)
	}
	if err := c.WithdrawMilestone(t.Context(), c.officer, b, "overtaken by the Act"); err != nil {
		t.Fatal(err)
	}
	for _, id := range []int64{a, b} {
		for name, err := range map[string]error{
			"achieve":    c.AchieveMilestone(t.Context(), c.officer, id, "2013-01-13"),
			"forecast":   c.ForecastMilestone(t.Context(), c.officer, id, "2013-03-01", "", "late"),
			"withdraw":   c.WithdrawMilestone(t.Context(), c.officer, id, "again"),
			"rebaseline": c.Rebaseline(t.Context(), c.officer, id, "2013-05-01", "2013-001"),
		} {
			if store.KindOf(err) != store.Conflict {
				t.Errorf("%s on %d: %v", name, id, err)
			}
		}
	}
	if got := c.stands(t, a); got.Actual != "2013-01-14" || got.Slip() != 228 {
		t.Fatalf("%+v", got)
	}
	if all, err := c.Milestones(t.Context(), store.Moment{}); err != nil || len(all) != 2 || all[1].Withdrawn != "overtaken by the Act" {
		t.Fatal("a withdrawn milestone is not listed", all, err)
	}
	if err := c.AchieveMilestone(t.Context(), c.officer, 99, "2013-01-13"); store.KindOf(err) != store.NotFound {
		t.Fatal(err)
	}
	sound(t, c.Store)
}

// TestARecordFromBeforeDecisionsIsReadAsItWas keeps the rows of proposals that
// transferors answered: verify compares what is read with what was recorded.
func TestARecordFromBeforeDecisionsIsReadAsItWas(t *testing.T) {
	const row = `{"added":"2012-01-01","baseline":"2013-04-01","first_baseline":"2012-05-31","id":1,"pending":{"event":9,"hides":30,"made":"2012-03-01","new":"2013-05-01","old":"2013-04-01","proposed_by":3,"reason":"late"},` +
		`"rebaselines":[{"agreed":[{"body":"home-office","event":6,"made":"2012-02-02","person":4}],"event":5,"hides":305,"made":"2012-02-01","new":"2013-04-01","old":"2012-05-31","proposed_by":3,"reason":"late","took_effect":"2012-02-02"}],` +
		`"refused":[{"event":7,"hides":1,"made":"2012-02-03","new":"2013-04-02","old":"2013-04-01","proposed_by":3,"reason":"late","refusal":"no","refused_by":"association"}],"source":"A speech","title":"Handover","version":5}`
	var m store.Milestone
	if err := json.Unmarshal([]byte(row), &m); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var was, is any
	if json.Unmarshal([]byte(row), &was) != nil || json.Unmarshal(b, &is) != nil || !reflect.DeepEqual(was, is) {
		t.Errorf("read as %s", b)
	}
	if m.Hidden() != 305 || m.BaselineDecision() != "" {
		t.Errorf("%+v", m)
	}
}

func TestManyForecastsAtOnceAreAllKept(t *testing.T) {
	c := newScheduleCast(t)
	id := c.milestone(t, promise)
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for n := range errs {
		wg.Go(func() {
			errs[n] = c.ForecastMilestone(context.Background(), c.officer, id, store.Day("2013-04-01").Add(n), "", "late")
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	if m := c.stands(t, id); len(m.Forecasts) != 8 || m.Version != 9 {
		t.Fatalf("%+v", m)
	}
}
