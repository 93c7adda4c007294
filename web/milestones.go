package web

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/views"
)

func (s *Server) milestonesRoutes() {
	const one = "/handover/milestones/:id/"
	s.data("/handover/milestones", store.Public, s.milestones)
	s.form("/handover/milestones/new", store.KeepMilestones, s.milestoneForm, s.addMilestone)
	s.data("/handover/milestones/:id", store.Public, s.milestone)
	for act, do := range map[store.Act]step{
		store.MilestoneForecast: s.forecastMilestone, store.MilestoneAchieve: s.achieveMilestone, store.MilestoneWithdraw: s.withdrawMilestone,
	} {
		s.form(one+string(act), store.KeepMilestones, s.milestoneStep(act), do)
	}
	s.confirm(one+string(store.MilestoneRebaseline), store.KeepMilestones, false, s.milestoneStep(store.MilestoneRebaseline), s.baselineCheck, s.proposeBaseline)
	s.confirm(one+string(store.MilestoneAgree), store.CertifyHandover, true, s.milestoneStep(store.MilestoneAgree), s.agreeCheck, s.agreeBaseline)
	s.form(one+string(store.MilestoneRefuse), store.CertifyHandover, s.milestoneStep(store.MilestoneRefuse), s.refuseBaseline)
}

// milestoneJSON is a milestone with what is worked out for a day.
type milestoneJSON struct {
	store.Milestone
	Expected store.Day `json:"expected"`
	SlipDays int       `json:"slip_days"` // against the first baseline
	Late     bool      `json:"late"`
}

func milestoneJSONOf(m store.Milestone, on store.Day) milestoneJSON {
	return milestoneJSON{m, m.Expected(), m.Slip(), m.Late(on)}
}

type milestonesJSON struct {
	AsAt       store.Day       `json:"as_at"`
	Milestones []milestoneJSON `json:"milestones"`
}

func (s *Server) milestones(c echo.Context) (answer, error) {
	at, err := s.moment(c)
	if err != nil {
		return answer{}, err
	}
	all, err := s.store.Milestones(ctx(c), at)
	if err != nil {
		return answer{}, err
	}
	out, rows := milestonesJSON{at.Day, []milestoneJSON{}}, [][]string{}
	for _, m := range all {
		out.Milestones = append(out.Milestones, milestoneJSONOf(m, at.Day))
		rows = append(rows, []string{string(at.Day), strconv.FormatInt(m.ID, 10), m.Key, m.Title, m.Source, string(m.First), m.FirstWords, string(m.Baseline),
			string(m.Expected()), strconv.Itoa(m.Slip()), string(m.Actual), strconv.FormatBool(m.Late(at.Day)), m.Withdrawn})
	}
	header := []string{"as_at", "id", "key", "title", "source", "first_baseline", "first_baseline_words", "baseline", "expected", "slip_days", "actual", "late", "withdrawn"}
	return answer{Page: views.Milestones(at, all), JSON: out, CSV: rowsOf(header, rows)}, nil
}

func (s *Server) milestone(c echo.Context) (answer, error) {
	id, err := number(c, "id")
	if err != nil {
		return answer{}, err
	}
	at, err := s.moment(c)
	if err != nil {
		return answer{}, err
	}
	a, err := s.store.MilestoneAt(ctx(c), at, id, historyMost)
	return answer{Page: views.Milestone(at, a.Milestone, a.Programme, a.History), JSON: milestoneJSONOf(a.Milestone, at.Day), CSV: rowsOf(slipRows(a.Milestone))}, err
}

// slipRows are the points of the slip chart.
func slipRows(m store.Milestone) (header []string, rows [][]string) {
	for _, p := range m.Points() {
		rows = append(rows, []string{strconv.FormatInt(m.ID, 10), m.Title, string(p.Made), p.What, string(p.Day), strconv.Itoa(p.Slip)})
	}
	return []string{"id", "title", "made", "what", "day", "slip_days"}, rows
}

func (s *Server) milestoneForm(echo.Context) (templ.Component, error) {
	return views.MilestoneForm(), nil
}

func (s *Server) addMilestone(c echo.Context) (string, error) {
	var f store.Faults
	m := store.Milestone{Key: c.FormValue("key"), Title: c.FormValue("title"), Source: c.FormValue("source"), BaselineWords: c.FormValue("words"),
		Baseline: formDay(c, &f, "baseline")}
	id, err := s.store.AddMilestone(ctx(c), viewer(c), m) // refuses a day that could not be read
	if err := joined(f, err); err != nil {
		return "", err
	}
	return milestonePath(id), s.told(c, "The promise is recorded.")
}

func milestonePath(id int64) string { return fmt.Sprintf("/handover/milestones/%d", id) }

// mayAct finds the milestone of an address, if the person may do the act to it.
func (s *Server) mayAct(c echo.Context, act store.Act) (m store.Milestone, p store.Programme, err error) {
	id, err := number(c, "id")
	if err != nil {
		return m, p, err
	}
	if m, err = s.store.Milestone(ctx(c), store.Moment{}, id); err != nil {
		return m, p, err
	}
	if p, err = s.store.Programme(ctx(c), store.Moment{}); err != nil {
		return m, p, err
	}
	return m, p, m.May(act, viewer(c), p)
}

func (s *Server) milestoneStep(act store.Act) page {
	return func(c echo.Context) (templ.Component, error) {
		m, p, err := s.mayAct(c, act)
		if err != nil {
			return nil, err
		}
		return views.MilestoneStep(m, p, act), nil
	}
}

// acted ends an act on a milestone that was recorded.
func (s *Server) acted(c echo.Context, id int64, err error, said string) (string, error) {
	if err != nil {
		return "", err
	}
	return milestonePath(id), s.told(c, said)
}

func (s *Server) forecastMilestone(c echo.Context) (string, error) {
	id, err := number(c, "id")
	if err != nil {
		return "", err
	}
	var f store.Faults
	day := formDay(c, &f, "day")
	err = s.store.ForecastMilestone(ctx(c), viewer(c), id, day, c.FormValue("words"), c.FormValue("reason"))
	return s.acted(c, id, joined(f, err), fmt.Sprintf("The forecast is %s.", day))
}

func (s *Server) achieveMilestone(c echo.Context) (string, error) {
	id, err := number(c, "id")
	if err != nil {
		return "", err
	}
	var f store.Faults
	day := formDay(c, &f, "day")
	err = s.store.AchieveMilestone(ctx(c), viewer(c), id, day)
	return s.acted(c, id, joined(f, err), fmt.Sprintf("It was achieved on %s.", day))
}

func (s *Server) withdrawMilestone(c echo.Context) (string, error) {
	id, err := number(c, "id")
	if err != nil {
		return "", err
	}
	return s.acted(c, id, s.store.WithdrawMilestone(ctx(c), viewer(c), id, c.FormValue("reason")), "The milestone is withdrawn. It stays listed.")
}

// baselineTyped is the new baseline of a sent form.
func baselineTyped(c echo.Context) (store.Rebaseline, error) {
	var f store.Faults
	r := store.Rebaseline{New: formDay(c, &f, "day"), Reason: c.FormValue("reason")}
	if r.New == "" && len(f) == 0 {
		f.Add("day", "Give the new baseline.")
	}
	if strings.TrimSpace(r.Reason) == "" {
		f.Add("reason", "Give a reason.")
	}
	return r, f.Err()
}

func (s *Server) baselineCheck(c echo.Context) (templ.Component, error) {
	m, p, err := s.mayAct(c, store.MilestoneRebaseline)
	if err != nil {
		return nil, err
	}
	r, err := baselineTyped(c)
	if err != nil {
		return nil, err
	}
	r.Old, r.Hides = m.Baseline, m.Hides(r.New)
	return views.BaselineCheck(m, p, r), nil
}

func (s *Server) proposeBaseline(c echo.Context) (string, error) {
	id, err := number(c, "id")
	if err != nil {
		return "", err
	}
	r, err := baselineTyped(c)
	if err != nil {
		return "", err
	}
	err = s.store.ProposeBaseline(ctx(c), viewer(c), id, r.New, r.Reason)
	return s.acted(c, id, err, fmt.Sprintf("A new baseline of %s is proposed. It waits for every owner that hands over.", r.New))
}

// proposal is the event of the proposal that the person read. A form without
// one answers none.
func proposal(c echo.Context) int64 {
	n, err := strconv.ParseInt(c.FormValue("proposal"), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

func (s *Server) agreeCheck(c echo.Context) (templ.Component, error) {
	m, p, err := s.mayAct(c, store.MilestoneAgree)
	if err != nil {
		return nil, err
	}
	if m.Pending.N != proposal(c) {
		return nil, store.Conflict.Errorf("Another new baseline has been proposed since. Reload the page and look again.")
	}
	return views.AgreeCheck(m, p), nil
}

func (s *Server) agreeBaseline(c echo.Context) (string, error) {
	id, err := number(c, "id")
	if err != nil {
		return "", err
	}
	err = s.store.AgreeBaseline(ctx(c), viewer(c), id, proposal(c))
	return s.acted(c, id, err, "You agreed to the new baseline for "+store.ShortName(viewer(c).Office.Body)+".")
}

func (s *Server) refuseBaseline(c echo.Context) (string, error) {
	id, err := number(c, "id")
	if err != nil {
		return "", err
	}
	err = s.store.RefuseBaseline(ctx(c), viewer(c), id, proposal(c), c.FormValue("reason"))
	return s.acted(c, id, err, "You refused the new baseline. It stays listed with your reason.")
}
