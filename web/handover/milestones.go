package handover

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	handoverview "github.com/police-ict/handover/views/handover"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) milestonesRoutes() {
	const one = "/handover/milestones/:id/"
	s.Data("/handover/milestones", office.Public, s.milestones, serve.AsAt())
	s.Form("/handover/milestones/new", office.KeepMilestones, s.milestoneForm, s.addMilestone)
	s.Data("/handover/milestones/:id", office.Public, s.milestone, serve.AsAt())
	for act, do := range map[office.Act]serve.Step{
		handover.ActForecast: s.forecastMilestone, handover.ActAchieve: s.achieveMilestone, handover.ActWithdrawMilestone: s.withdrawMilestone,
	} {
		s.Form(one+string(act), office.KeepMilestones, s.milestoneStep(act), do)
	}
	s.Edits(one + string(handover.ActForecast))
	s.Edits(one + string(handover.ActRebaseline))
	s.Confirm(one+string(handover.ActRebaseline), office.KeepMilestones, false, s.milestoneStep(handover.ActRebaseline), s.baselineCheck, s.setBaseline)
}

// MilestoneJSON is a milestone with what is worked out for a day.
type MilestoneJSON struct {
	handover.Milestone
	Expected civil.Day `json:"expected"`
	SlipDays int       `json:"slip_days"` // against the first baseline
	Late     bool      `json:"late"`
}

func milestoneJSONOf(m handover.Milestone, on civil.Day) MilestoneJSON {
	return MilestoneJSON{m, m.Expected(), m.Slip(), m.Late(on)}
}

// MilestonesJSON is the list of milestones as JSON.
type MilestonesJSON struct {
	AsAt       civil.Day       `json:"as_at"`
	Milestones []MilestoneJSON `json:"milestones"`
}

func (s pages) milestones(c echo.Context) (serve.Answer, error) {
	at, err := s.Moment(c)
	if err != nil {
		return serve.Answer{}, err
	}
	all, err := handover.Milestones(serve.Ctx(c), s.Store, at)
	if err != nil {
		return serve.Answer{}, err
	}
	out := MilestonesJSON{at.Day, []MilestoneJSON{}}
	for _, m := range all {
		out.Milestones = append(out.Milestones, milestoneJSONOf(m, at.Day))
	}
	return serve.Answer{Page: handoverview.Milestones(at, all), JSON: out, CSV: serve.CSVOf(milestoneColumns(at.Day), all...)}, nil
}

// milestoneColumns are the columns of the milestones on a day.
func milestoneColumns(day civil.Day) []serve.Column[handover.Milestone] {
	return []serve.Column[handover.Milestone]{
		{Name: "as_at", Value: func(handover.Milestone) string { return string(day) }},
		{Name: "id", Value: func(m handover.Milestone) string { return serve.Digits(m.ID) }},
		{Name: "key", Value: func(m handover.Milestone) string { return m.Key }},
		{Name: "title", Value: func(m handover.Milestone) string { return m.Title }},
		{Name: "source", Value: func(m handover.Milestone) string { return m.Source }},
		{Name: "first_baseline", Value: func(m handover.Milestone) string { return string(m.First) }},
		{Name: "first_baseline_words", Value: func(m handover.Milestone) string { return m.FirstWords }},
		{Name: "baseline", Value: func(m handover.Milestone) string { return string(m.Baseline) }},
		{Name: "expected", Value: func(m handover.Milestone) string { return string(m.Expected()) }},
		{Name: "slip_days", Value: func(m handover.Milestone) string { return strconv.Itoa(m.Slip()) }},
		{Name: "actual", Value: func(m handover.Milestone) string { return string(m.Actual) }},
		{Name: "late", Value: func(m handover.Milestone) string { return strconv.FormatBool(m.Late(day)) }},
		{Name: "withdrawn", Value: func(m handover.Milestone) string { return m.Withdrawn }},
		{Name: "baseline_decision", Value: func(m handover.Milestone) string { return m.BaselineDecision() }},
	}
}

func (s pages) milestone(c echo.Context) (serve.Answer, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return serve.Answer{}, err
	}
	at, err := s.Moment(c)
	if err != nil {
		return serve.Answer{}, err
	}
	a, err := handover.ReadMilestonePage(serve.Ctx(c), s.Store, at, id, serve.HistoryMost)
	return serve.Answer{Page: handoverview.Milestone(at, a.Milestone, a.History), JSON: milestoneJSONOf(a.Milestone, at.Day), CSV: serve.CSVOf(slipColumns(a.Milestone), a.Milestone.Points()...)}, err
}

// slipColumns are the columns of the points of the slip chart.
func slipColumns(m handover.Milestone) []serve.Column[handover.SlipPoint] {
	return []serve.Column[handover.SlipPoint]{
		{Name: "id", Value: func(handover.SlipPoint) string { return serve.Digits(m.ID) }},
		{Name: "title", Value: func(handover.SlipPoint) string { return m.Title }},
		{Name: "made", Value: func(p handover.SlipPoint) string { return string(p.Made) }},
		{Name: "what", Value: func(p handover.SlipPoint) string { return p.What }},
		{Name: "day", Value: func(p handover.SlipPoint) string { return string(p.Day) }},
		{Name: "slip_days", Value: func(p handover.SlipPoint) string { return strconv.Itoa(p.Slip) }},
		{Name: "decision", Value: func(p handover.SlipPoint) string { return p.Decision }},
	}
}

func (s pages) milestoneForm(echo.Context) (templ.Component, error) {
	return handoverview.MilestoneForm(), nil
}

func (s pages) addMilestone(c echo.Context) (string, error) {
	var f fault.Faults
	m := handover.Milestone{Key: c.FormValue("key"), Title: c.FormValue("title"), Source: c.FormValue("source"), BaselineWords: c.FormValue("words"),
		Baseline: serve.FormDay(c, &f, "baseline")}
	id, err := handover.AddMilestone(serve.Ctx(c), s.Store, serve.Viewer(c), m) // refuses a day that could not be read
	if err := serve.JoinFaults(f, err); err != nil {
		return "", err
	}
	return milestonePath(id), s.Tell(c, "The milestone has been added.")
}

func milestonePath(id int64) string { return fmt.Sprintf("/handover/milestones/%d", id) }

// mayAct finds the milestone of an address, if the person may act on it.
func (s pages) mayAct(c echo.Context) (m handover.Milestone, err error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return m, err
	}
	if m, err = handover.FindMilestone(serve.Ctx(c), s.Store, record.Moment{}, id); err != nil {
		return m, err
	}
	return m, m.May(serve.Viewer(c))
}

func (s pages) milestoneStep(act office.Act) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		m, err := s.mayAct(c)
		if err != nil {
			return nil, err
		}
		var all []decisions.Decision
		names := m.Withdrawal()
		if act == handover.ActRebaseline {
			names.Kind = authority.NewBaseline
		}
		if act == handover.ActRebaseline || act == handover.ActWithdrawMilestone {
			all, err = decisions.DecisionsNaming(serve.Ctx(c), s.Store, names.Kind, names.Subject)
		}
		if err != nil {
			return nil, err
		}
		the, err := handover.MilestoneByKey(serve.Ctx(c), s.Store, record.Moment{}, handover.HandoverMilestone)
		if fault.KindOf(err) == fault.NotFound {
			err = nil
		}
		return handoverview.MilestoneStep(m, act, all, the.ID == m.ID), err
	}
}

// acted ends an act on a milestone that was recorded.
func (s pages) acted(c echo.Context, id int64, err error, said string) (string, error) {
	if err != nil {
		return "", err
	}
	return milestonePath(id), s.Tell(c, said)
}

func (s pages) forecastMilestone(c echo.Context) (string, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return "", err
	}
	var f fault.Faults
	day := serve.FormDay(c, &f, "day")
	err = handover.ForecastMilestone(serve.Ctx(c), s.Store, serve.Viewer(c), id, day, c.FormValue("words"), c.FormValue("reason"))
	return s.acted(c, id, serve.JoinFaults(f, err), fmt.Sprintf("Your forecast of %s has been recorded.", day))
}

func (s pages) achieveMilestone(c echo.Context) (string, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return "", err
	}
	var f fault.Faults
	day := serve.FormDay(c, &f, "day")
	err = handover.AchieveMilestone(serve.Ctx(c), s.Store, serve.Viewer(c), id, day)
	return s.acted(c, id, serve.JoinFaults(f, err), fmt.Sprintf("The milestone has been recorded as achieved on %s.", day))
}

func (s pages) withdrawMilestone(c echo.Context) (string, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return "", err
	}
	return s.acted(c, id, handover.WithdrawMilestone(serve.Ctx(c), s.Store, serve.Viewer(c), id, c.FormValue("reason"), c.FormValue("decision")), "The milestone has been withdrawn.")
}

// baselineCheck shows what a new baseline hides, before it is set.
func (s pages) baselineCheck(c echo.Context) (templ.Component, error) {
	m, err := s.mayAct(c)
	if err != nil {
		return nil, err
	}
	var f fault.Faults
	ref := referenceTyped(c, &f)
	day := serve.FormDay(c, &f, "day")
	if err := serve.JoinFaults(f, m.CheckBaseline(day)); err != nil {
		return nil, err
	}
	return handoverview.BaselineCheck(m, day, ref), nil
}

// referenceTyped is the decision of a sent form, under which something is done.
func referenceTyped(c echo.Context, f *fault.Faults) string {
	ref := strings.TrimSpace(c.FormValue("decision"))
	if ref == "" {
		f.Add("decision", "Enter the reference of the decision that allows this, like 2012-014.")
	}
	return ref
}

func (s pages) setBaseline(c echo.Context) (string, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return "", err
	}
	var f fault.Faults
	day := serve.FormDay(c, &f, "day")
	err = handover.RebaselineMilestone(serve.Ctx(c), s.Store, serve.Viewer(c), id, day, c.FormValue("decision"))
	return s.acted(c, id, serve.JoinFaults(f, err), fmt.Sprintf("The new baseline of %s has been recorded.", day))
}
