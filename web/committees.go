package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/views"
)

// decisionsSinceMost is how many decisions a committee is told of at once.
const decisionsSinceMost = 200

func (s *Server) committeesRoutes() {
	const one = "/committees/:slug"
	s.data("/committees", store.Public, s.committees)
	s.form("/committees/new", store.KeepCommittees, s.foundCommitteeForm, s.foundCommittee)
	s.data(one, store.Public, s.committee)
	s.data(one+"/decisions", store.Public, s.decisionsSince)
	s.form(one+"/change", store.KeepCommittees, s.changeCommitteeForm, s.changeCommittee)
	s.form(one+"/seats", store.KeepCommittees, s.seatForm, s.seat)
	s.confirm(one+"/accept", store.SitOnCommittees, false, s.acceptForm, s.acceptCheck, s.accept)
	s.form(one+"/meetings/new", store.KeepCommittees, s.planForm, s.plan)
}

// committeeRowJSON is a committee in a list, with its open work.
type committeeRowJSON struct {
	store.Committee
	State    string `json:"state"`
	Chair    string `json:"chair,omitempty"`
	Open     int    `json:"open"`
	Overdue  int    `json:"overdue"`
	Accepted int    `json:"accepted_by_successor"`
	Orphans  int    `json:"accepted_by_nobody"`
}

func committeeRow(c store.CommitteeListed, on store.Day) committeeRowJSON {
	return committeeRowJSON{c.Committee, c.State(on), c.Chair, c.Open, c.Overdue, c.Accepted, c.Orphans}
}

type committeesJSON struct {
	AsAt       store.Day          `json:"as_at"`
	Committees []committeeRowJSON `json:"committees"`
}

func (s *Server) committees(c echo.Context) (answer, error) {
	rows, all, err := s.store.CommitteeList(ctx(c))
	if err != nil {
		return answer{}, err
	}
	l := views.CommitteeList{Rows: rows, All: all, Orphans: asked(c, "orphans") == "yes"}
	if l.Orphans {
		l.Rows = slices.DeleteFunc(l.Rows, func(r store.CommitteeListed) bool { return r.Orphans == 0 })
	}
	day := store.DayOf(s.store.Now())
	out := committeesJSON{day, []committeeRowJSON{}}
	var lines [][]string
	for _, r := range l.Rows {
		out.Committees = append(out.Committees, committeeRow(r, day))
		lines = append(lines, []string{string(day), r.Slug, r.Name, r.Body, string(r.First), string(r.Last), r.State(day), r.Chair, r.Successor,
			strconv.Itoa(r.Open), strconv.Itoa(r.Overdue), strconv.Itoa(r.Accepted), strconv.Itoa(r.Orphans)})
	}
	header := []string{"as_at", "slug", "name", "body", "mandate_from", "mandate_to", "state", "chair", "successor", "open", "overdue", "accepted_by_successor", "accepted_by_nobody"}
	return answer{Page: views.Committees(l), JSON: out, CSV: rowsOf(header, lines)}, nil
}

type committeePageJSON struct {
	AsAt  store.Day `json:"as_at"`
	Known int64     `json:"known_event"`
	committeeRowJSON
	Work     []store.Charge  `json:"open_work"`
	Meetings []store.Meeting `json:"meetings"`
	History  []store.Turned  `json:"history"`
}

// committeePage is the page of the committee that an address names.
func (s *Server) committeePage(c echo.Context) (store.CommitteePage, error) {
	return s.store.CommitteeAt(ctx(c), viewer(c), c.Param("slug"))
}

func (s *Server) committee(c echo.Context) (answer, error) {
	p, err := s.committeePage(c)
	if err != nil {
		return answer{}, err
	}
	out := committeePageJSON{p.Today(), p.Known, committeeRow(p.CommitteeListed, p.Today()), append([]store.Charge{}, p.Charges...),
		append([]store.Meeting{}, p.Meetings...), append([]store.Turned{}, p.History...)}
	return answer{Page: views.Committee(p), JSON: out}, nil
}

// keptCommittee is the page of a committee that the person may keep.
func (s *Server) keptCommittee(c echo.Context) (store.CommitteePage, error) {
	p, err := s.committeePage(c)
	if err == nil {
		err = p.MayKeep(viewer(c))
	}
	return p, err
}

func (s *Server) foundCommitteeForm(c echo.Context) (templ.Component, error) {
	all, err := s.store.Committees(ctx(c))
	return views.CommitteeForm(store.Committee{}, all), err
}

func (s *Server) foundCommittee(c echo.Context) (string, error) {
	var f store.Faults
	to := store.Committee{Slug: strings.TrimSpace(c.FormValue("slug")), Name: c.FormValue("name"), Terms: lines(c.FormValue("terms")),
		First: formDay(c, &f, "from"), Last: formDay(c, &f, "to"), Successor: c.FormValue("successor")}
	if err := tried(f, func() error { return s.store.FoundCommittee(ctx(c), viewer(c), to) }); err != nil {
		return "", err
	}
	return "/committees/" + to.Slug, s.told(c, "The committee is founded. Give its offices their seats.")
}

// tried does an act unless a day of its form could not be read.
func tried(f store.Faults, act func() error) error {
	if len(f) > 0 {
		return f.Err()
	}
	return act()
}

func (s *Server) changeCommitteeForm(c echo.Context) (templ.Component, error) {
	p, err := s.keptCommittee(c)
	return views.CommitteeForm(p.Committee, p.All), err
}

func (s *Server) changeCommittee(c echo.Context) (string, error) {
	var f store.Faults
	turn, err := strconv.ParseInt(c.FormValue("turn"), 10, 64)
	if err != nil {
		turn = -1 // which no committee has
	}
	to := store.Committee{Slug: c.Param("slug"), Turn: turn, Name: c.FormValue("name"), Terms: lines(c.FormValue("terms")), Last: formDay(c, &f, "to"), Successor: c.FormValue("successor")}
	if err := tried(f, func() error { return s.store.ChangeCommittee(ctx(c), viewer(c), to) }); err != nil {
		return "", err
	}
	return "/committees/" + to.Slug, s.told(c, "The change is recorded.")
}

// lines is a text with the ends of its lines as they are kept.
func lines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

func (s *Server) seatForm(c echo.Context) (templ.Component, error) {
	p, err := s.keptCommittee(c)
	if err != nil {
		return nil, err
	}
	name := c.FormValue("body")
	if name == "" {
		name = p.Body
	}
	body, ok := store.BodyOf(name)
	if !ok {
		return nil, store.Field("body", "There is no such body: choose one from the list.")
	}
	offices, err := s.store.OfficesAt(ctx(c), body.Slug)
	offices = slices.DeleteFunc(offices, func(o store.Office) bool { return !o.Kind.May(store.SitOnCommittees) })
	return views.SeatForm(p, body, offices), err
}

func (s *Server) seat(c echo.Context) (string, error) {
	var f store.Faults
	seat := store.Seat{Role: store.SeatRole(c.FormValue("role")), First: formDay(c, &f, "from"), Last: formDay(c, &f, "to")}
	if id, err := strconv.ParseInt(c.FormValue("office"), 10, 64); err == nil {
		seat.Office.ID = id // none is no office
	}
	if err := tried(f, func() error { return s.store.SeatOffice(ctx(c), viewer(c), c.Param("slug"), seat) }); err != nil {
		return "", err
	}
	return "/committees/" + c.Param("slug"), s.told(c, "The seat is recorded.")
}

func (s *Server) acceptForm(c echo.Context) (templ.Component, error) {
	p, err := s.committeePage(c)
	if err == nil {
		err = p.All.MayAccept(viewer(c), p.Committee, p.Today())
	}
	return views.AcceptForm(p), err
}

// acceptSent names the matters of a sent form.
func acceptSent(c echo.Context) []string {
	if c.FormValue("all") == "yes" {
		return []string{store.AllCharges}
	}
	return c.Request().Form["ref"]
}

func (s *Server) acceptCheck(c echo.Context) (templ.Component, error) {
	p, err := s.committeePage(c)
	if err != nil {
		return nil, err
	}
	err = s.store.Try(ctx(c), func(st *store.Store) error { return st.AcceptCharges(ctx(c), viewer(c), p.Slug, acceptSent(c)) })
	return views.AcceptCheck(p, acceptSent(c), c.FormValue("all") == "yes"), err
}

func (s *Server) accept(c echo.Context) (string, error) {
	if err := s.store.AcceptCharges(ctx(c), viewer(c), c.Param("slug"), acceptSent(c)); err != nil {
		return "", err
	}
	return "/committees/" + c.Param("slug"), s.told(c, "The open work is accepted.")
}

type sinceJSON struct {
	AsAt      string      `json:"as_at"`
	Committee string      `json:"committee"`
	Met       *int64      `json:"last_meeting"` // null where it has not met
	Since     string      `json:"since"`
	Callable  int         `json:"can_still_be_called_in"`
	Decisions []sinceItem `json:"decisions"`
}

type sinceItem struct {
	Ref       string  `json:"ref"`
	Title     string  `json:"title"`
	Published string  `json:"published_at"`
	Can       bool    `json:"can_be_called_in"`
	Until     *string `json:"until"` // null where it is not subject to call-in
	Signed    int     `json:"signatures"`
	Need      int     `json:"signatures_needed"`
}

func (s *Server) decisionsSince(c echo.Context) (answer, error) {
	m, err := s.store.DecisionsSince(ctx(c), c.Param("slug"), decisionsSinceMost)
	if err != nil {
		return answer{}, err
	}
	out := sinceJSON{AsAt: instant(m.Now), Committee: m.Of.Slug, Since: instant(m.Since), Callable: m.Callable(), Decisions: []sinceItem{}}
	if m.Met != nil {
		out.Met = &m.Met.ID
	}
	var rows [][]string
	for _, d := range m.All {
		until := instantOrNull(d.May.Closes)
		out.Decisions = append(out.Decisions, sinceItem{d.Ref, d.Title, instant(d.PublishedAt), d.CanCallIn(), until, d.May.Count, d.May.Need})
		closes := ""
		if until != nil {
			closes = *until
		}
		rows = append(rows, []string{instant(m.Now), d.Ref, d.Title, instant(d.PublishedAt), yesNo(d.CanCallIn()), closes, strconv.Itoa(d.May.Count), strconv.Itoa(d.May.Need)})
	}
	header := []string{"as_at", "ref", "title", "published_at", "can_be_called_in", "until", "signatures", "signatures_needed"}
	return answer{Page: views.CommitteeDecisions(m), JSON: out, CSV: rowsOf(header, rows)}, nil
}
