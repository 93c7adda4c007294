package handover_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/storetest"
)

var promise = handover.Milestone{Key: "handover", Title: "Handover to the commissioners", Source: "Home Secretary, 4 July 2011", Baseline: "2012-05-31", BaselineWords: "Spring 2012"}

func (c scheduleCast) milestone(t testing.TB, m handover.Milestone) int64 {
	t.Helper()
	id, err := handover.AddMilestone(t.Context(), c.Tx, c.secretary, m)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (c scheduleCast) stands(t testing.TB, id int64) handover.Milestone {
	t.Helper()
	m, err := handover.FindMilestone(t.Context(), c.Tx, record.Moment{}, id)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSlipArithmetic(t *testing.T) {
	forecasts := func(days ...civil.Day) (all []handover.Forecast) {
		for _, d := range days {
			all = append(all, handover.Forecast{Made: "2012-01-01", Day: d})
		}
		return all
	}
	for name, tt := range map[string]struct {
		m           handover.Milestone
		slip, shown int
	}{
		"a promise alone slips by nothing":     {handover.Milestone{First: "2012-05-31", Baseline: "2012-05-31"}, 0, 0},
		"the last forecast counts":             {handover.Milestone{First: "2012-05-31", Baseline: "2012-05-31", Forecasts: forecasts("2012-06-30", "2012-06-10")}, 10, 10},
		"a leap day counts":                    {handover.Milestone{First: "2012-02-28", Baseline: "2012-02-28", Forecasts: forecasts("2012-03-01")}, 2, 2},
		"a common year has none":               {handover.Milestone{First: "2013-02-28", Baseline: "2013-02-28", Forecasts: forecasts("2013-03-01")}, 1, 1},
		"summer time takes no day":             {handover.Milestone{First: "2012-03-24", Baseline: "2012-03-24", Forecasts: forecasts("2012-03-26")}, 2, 2},
		"early is negative":                    {handover.Milestone{First: "2012-05-31", Baseline: "2012-05-31", Forecasts: forecasts("2012-05-01")}, -30, -30},
		"the actual day counts over forecasts": {handover.Milestone{First: "2012-05-31", Baseline: "2012-05-31", Forecasts: forecasts("2012-06-30"), Actual: "2012-06-01"}, 1, 1},
		"a new baseline hides, the first not":  {handover.Milestone{First: "2012-05-31", Baseline: "2013-04-01", Forecasts: forecasts("2013-04-11")}, 315, 10},
		"a new baseline without a forecast":    {handover.Milestone{First: "2012-05-31", Baseline: "2013-04-01"}, 305, 0},
	} {
		if tt.m.Slip() != tt.slip || tt.m.SlipShown() != tt.shown || tt.m.Hidden() != tt.slip-tt.shown {
			t.Errorf("%s: %d and %d", name, tt.m.Slip(), tt.m.SlipShown())
		}
	}
}

func TestLate(t *testing.T) {
	base := handover.Milestone{First: "2012-05-31", Baseline: "2012-05-31"}
	achieved, late, gone := base, base, base
	achieved.Actual, late.Actual, gone.Withdrawn = "2012-05-31", "2012-06-02", "overtaken"
	for name, tt := range map[string]struct {
		m    handover.Milestone
		on   civil.Day
		want bool
	}{
		"not on its day":              {base, "2012-05-31", false},
		"on the day after":            {base, "2012-06-01", true},
		"not when achieved in time":   {achieved, "2013-01-01", false},
		"Achieved late stays late":    {late, "2013-01-01", true},
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
	with := func(f func(*handover.Milestone)) handover.Milestone { m := promise; f(&m); return m }
	c.milestone(t, promise)
	for name, tt := range map[string]struct {
		m     handover.Milestone
		field string
	}{
		"a title":                  {with(func(m *handover.Milestone) { m.Title, m.Key = "", "" }), "title"},
		"a source":                 {with(func(m *handover.Milestone) { m.Source, m.Key = " ", "" }), "source"},
		"a baseline":               {with(func(m *handover.Milestone) { m.Baseline, m.Key = "", "" }), "baseline"},
		"a baseline that is a day": {with(func(m *handover.Milestone) { m.Baseline, m.Key = "2013-02-29", "" }), "baseline"},
		"words that fit":           {with(func(m *handover.Milestone) { m.BaselineWords, m.Key = strings.Repeat("a", 61), "" }), "words"},
		"a key of small letters":   {with(func(m *handover.Milestone) { m.Key = "Hand over" }), "key"},
		"a key that is free":       {promise, "key"},
	} {
		if _, err := handover.AddMilestone(t.Context(), c.Tx, c.secretary, tt.m); fmt.Sprint(storetest.FieldsOf(err)) != "["+tt.field+"]" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := handover.AddMilestone(t.Context(), c.Tx, c.official, promise); fault.KindOf(err) != fault.Forbidden {
		t.Fatal("a transferor adds a milestone:", err)
	}
	for range 2 {
		c.milestone(t, with(func(m *handover.Milestone) { m.Key = "" })) // many may have no key
	}
	got, err := handover.MilestoneByKey(t.Context(), c.Tx, record.Moment{}, "handover")
	if err != nil || got.ID != 1 || got.First != "2012-05-31" || got.FirstWords != "Spring 2012" || got.Added != "2013-01-14" {
		t.Fatal(got, err)
	}
	if _, err := handover.MilestoneByKey(t.Context(), c.Tx, record.Moment{}, "none"); fault.KindOf(err) != fault.NotFound {
		t.Fatal(err)
	}
	storetest.Sound(t, c.Tx)
}

func TestForecastsAreAddedNeverOverwritten(t *testing.T) {
	c := newScheduleCast(t)
	c.clock.Day("2013-02-01")
	spring := promise
	spring.Baseline = "2013-04-01"
	id := c.milestone(t, spring)
	for name, tt := range map[string]struct {
		by            office.Viewer
		day           civil.Day
		words, reason string
		field         string
		kind          fault.Kind
	}{
		"a reason is needed":        {c.secretary, "2013-07-16", "", "", "reason", fault.Invalid},
		"a day is needed":           {c.secretary, "", "Summer", "late", "day", fault.Invalid},
		"a day that exists":         {c.secretary, "2013-02-29", "", "late", "day", fault.Invalid},
		"a day that is not over":    {c.secretary, "2013-01-31", "", "late", "day", fault.Invalid},
		"words that fit":            {c.secretary, "2013-07-16", strings.Repeat("a", 61), "late", "words", fault.Invalid},
		"a transferor does not":     {c.official, "2013-07-16", "", "late", "", fault.Forbidden},
		"the command line does not": {office.CommandLine, "2013-07-16", "", "late", "", fault.Forbidden},
	} {
		err := handover.ForecastMilestone(t.Context(), c.Tx, tt.by, id, tt.day, tt.words, tt.reason)
		if fault.KindOf(err) != tt.kind || tt.field != "" && fmt.Sprint(storetest.FieldsOf(err)) != "["+tt.field+"]" {
			t.Errorf("%s: %v", name, err)
		}
	}
	say := func(on, day civil.Day, words string) error {
		c.clock.Day(on)
		return handover.ForecastMilestone(t.Context(), c.Tx, c.officer, id, day, words, "the articles are not signed")
	}
	for _, f := range []struct{ on, day civil.Day }{{"2013-02-28", "2013-07-16"}, {"2013-03-31", "2013-10-01"}, {"2013-10-27", "2014-04-01"}} {
		if err := say(f.on, f.day, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := say("2013-11-01", "2014-04-01", ""); fmt.Sprint(storetest.FieldsOf(err)) != "[day]" {
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
	if e, err := record.FindEvent(t.Context(), c.Tx, m.Forecasts[3].N); err != nil || e.Act != "milestone.forecast" || !strings.Contains(e.Detail(), "Spring 2014") || e.About != office.TheCompany {
		t.Fatal(e, err)
	}
	then, err := register.MomentOf(t.Context(), c.Tx, "2013-03-31")
	if err != nil {
		t.Fatal(err)
	}
	if was, err := handover.MilestoneByKey(t.Context(), c.Tx, then, "handover"); err != nil || len(was.Forecasts) != 2 || was.Slip() != 183 {
		t.Fatal(was, err)
	}
	storetest.Sound(t, c.Tx)
}

// plainPoints are the points with their days as digits.
func plainPoints(m handover.Milestone) string {
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
	if err := handover.AchieveMilestone(t.Context(), c.Tx, c.officer, a, "2013-01-15"); fmt.Sprint(storetest.FieldsOf(err)) != "[day]" {
		t.Fatal("achieved tomorrow:", err)
	}
	if err := handover.AchieveMilestone(t.Context(), c.Tx, c.kent, a, "2013-01-14"); fault.KindOf(err) != fault.Forbidden {
		t.Fatal("by a commissioner:", err)
	}
	if err := handover.AchieveMilestone(t.Context(), c.Tx, c.officer, a, "2013-01-14"); err != nil {
		t.Fatal("achieved today:", err)
	}
	if err := handover.WithdrawMilestone(t.Context(), c.Tx, c.officer, b, "", ""); fmt.Sprint(storetest.FieldsOf(err)) != "[reason]" {
		t.Fatal("withdrawn without a reason:", err)
	}
	if err := handover.WithdrawMilestone(t.Context(), c.Tx, c.officer, b, "overtaken by the Act", ""); err != nil {
		t.Fatal(err)
	}
	for _, id := range []int64{a, b} {
		for name, err := range map[string]error{
			"achieve":    handover.AchieveMilestone(t.Context(), c.Tx, c.officer, id, "2013-01-13"),
			"forecast":   handover.ForecastMilestone(t.Context(), c.Tx, c.officer, id, "2013-03-01", "", "late"),
			"withdraw":   handover.WithdrawMilestone(t.Context(), c.Tx, c.officer, id, "again", ""),
			"rebaseline": handover.RebaselineMilestone(t.Context(), c.Tx, c.officer, id, "2013-05-01", "2013-001"),
		} {
			if fault.KindOf(err) != fault.Conflict {
				t.Errorf("%s on %d: %v", name, id, err)
			}
		}
	}
	if got := c.stands(t, a); got.Actual != "2013-01-14" || got.Slip() != 228 {
		t.Fatalf("%+v", got)
	}
	if all, err := handover.Milestones(t.Context(), c.Tx, record.Moment{}); err != nil || len(all) != 2 || all[1].Withdrawn != "overtaken by the Act" {
		t.Fatal("a withdrawn milestone is not listed", all, err)
	}
	if err := handover.AchieveMilestone(t.Context(), c.Tx, c.officer, 99, "2013-01-13"); fault.KindOf(err) != fault.NotFound {
		t.Fatal(err)
	}
	storetest.Sound(t, c.Tx)
}

// TestARecordFromBeforeDecisionsIsReadAsItWas keeps the rows of proposals that
// transferors answered: verify compares what is read with what was recorded.
func TestARecordFromBeforeDecisionsIsReadAsItWas(t *testing.T) {
	const row = `{"added":"2012-01-01","baseline":"2013-04-01","first_baseline":"2012-05-31","id":1,"pending":{"event":9,"hides":30,"made":"2012-03-01","new":"2013-05-01","old":"2013-04-01","proposed_by":3,"reason":"late"},` +
		`"rebaselines":[{"agreed":[{"body":"home-office","event":6,"made":"2012-02-02","person":4}],"event":5,"hides":305,"made":"2012-02-01","new":"2013-04-01","old":"2012-05-31","proposed_by":3,"reason":"late","took_effect":"2012-02-02"}],` +
		`"refused":[{"event":7,"hides":1,"made":"2012-02-03","new":"2013-04-02","old":"2013-04-01","proposed_by":3,"reason":"late","refusal":"no","refused_by":"association"}],"source":"A speech","title":"Handover","version":5}`
	var m handover.Milestone
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
			errs[n] = handover.ForecastMilestone(context.Background(), c.Tx, c.officer, id, civil.Day("2013-04-01").Add(n), "", "late")
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
