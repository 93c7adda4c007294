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
	s.Data("/handover/milestones", office.Public, s.milestones)
	s.Form("/handover/milestones/new", office.KeepMilestones, s.milestoneForm, s.addMilestone)
	s.Data("/handover/milestones/:id", office.Public, s.milestone)
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
	out, rows := MilestonesJSON{at.Day, []MilestoneJSON{}}, [][]string{}
	for _, m := range all {
		out.Milestones = append(out.Milestones, milestoneJSONOf(m, at.Day))
		rows = append(rows, []string{string(at.Day), strconv.FormatInt(m.ID, 10), m.Key, m.Title, m.Source, string(m.First), m.FirstWords, string(m.Baseline),
			string(m.Expected()), strconv.Itoa(m.Slip()), string(m.Actual), strconv.FormatBool(m.Late(at.Day)), m.Withdrawn, m.BaselineDecision()})
	}
	header := []string{"as_at", "id", "key", "title", "source", "first_baseline", "first_baseline_words", "baseline", "expected", "slip_days", "actual", "late", "withdrawn", "baseline_decision"}
	return serve.Answer{Page: handoverview.Milestones(at, all), JSON: out, CSV: serve.Rows(header, rows)}, nil
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
	return serve.Answer{Page: handoverview.Milestone(at, a.Milestone, a.History), JSON: milestoneJSONOf(a.Milestone, at.Day), CSV: serve.Rows(slipRows(a.Milestone))}, err
}

// slipRows are the points of the slip chart.
func slipRows(m handover.Milestone) (header []string, rows [][]string) {
	for _, p := range m.Points() {
		rows = append(rows, []string{strconv.FormatInt(m.ID, 10), m.Title, string(p.Made), p.What, string(p.Day), strconv.Itoa(p.Slip), p.Decision})
	}
	return []string{"id", "title", "made", "what", "day", "slip_days", "decision"}, rows
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
	return milestonePath(id), s.Tell(c, "The promise is recorded.")
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
		if act == handover.ActRebaseline {
			all, err = decisions.DecisionsNaming(serve.Ctx(c), s.Store, authority.NewBaseline, fmt.Sprintf("milestone/%d", m.ID))
		}
		return handoverview.MilestoneStep(m, act, all), err
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
	return s.acted(c, id, serve.JoinFaults(f, err), fmt.Sprintf("The forecast is %s.", day))
}

func (s pages) achieveMilestone(c echo.Context) (string, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return "", err
	}
	var f fault.Faults
	day := serve.FormDay(c, &f, "day")
	err = handover.AchieveMilestone(serve.Ctx(c), s.Store, serve.Viewer(c), id, day)
	return s.acted(c, id, serve.JoinFaults(f, err), fmt.Sprintf("It was achieved on %s.", day))
}

func (s pages) withdrawMilestone(c echo.Context) (string, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return "", err
	}
	return s.acted(c, id, handover.WithdrawMilestone(serve.Ctx(c), s.Store, serve.Viewer(c), id, c.FormValue("reason")), "The milestone is withdrawn. It stays listed.")
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
		f.Add("decision", "Give the reference of the made decision that names this, like 2012-014.")
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
	return s.acted(c, id, serve.JoinFaults(f, err), fmt.Sprintf("The baseline is %s now.", day))
}
