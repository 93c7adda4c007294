package scrutiny

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/views/page"
	scrutinyview "github.com/police-ict/handover/views/scrutiny"
	"github.com/police-ict/handover/web/serve"
)

// decisionsSinceMost is how many decisions a committee is told of at once.
const decisionsSinceMost = 200

func (s pages) committeesRoutes() {
	const one = "/committees/:slug"
	s.Data("/committees", office.Public, s.committees, serve.One("q", "status", "orphans"), serve.Sorted())
	s.Form("/committees/new", office.KeepCommittees, s.foundCommitteeForm, s.foundCommittee)
	s.Data(one, office.Public, s.committee)
	s.Data(one+"/decisions", office.Public, s.decisionsSince)
	s.Edits(one + "/change")
	s.Form(one+"/change", office.KeepCommittees, s.changeCommitteeForm, s.changeCommittee)
	s.Form(one+"/seats", office.KeepCommittees, s.seatForm, s.seat, serve.One("body"))
	s.Form(one+"/seats/confirm", office.ConfirmAppointments, s.seatsForm, s.decideSeats)
	s.Confirm(one+"/accept", office.SitOnCommittees, false, s.acceptForm, s.acceptCheck, s.accept)
	s.Form(one+"/meetings/new", office.KeepCommittees, s.planForm, s.plan)
}

// committeeRowJSON is a committee in a list, with its open work.
type committeeRowJSON struct {
	scrutiny.Committee
	State    string `json:"state"`
	Chair    string `json:"chair,omitempty"`
	Open     int    `json:"open"`
	Overdue  int    `json:"overdue"`
	Accepted int    `json:"accepted_by_successor"`
	Orphans  int    `json:"accepted_by_nobody"`
}

func committeeRow(c scrutiny.CommitteeListed, on civil.Day) committeeRowJSON {
	return committeeRowJSON{c.Committee, c.State(on), c.Chair, c.Open, c.Overdue, c.Accepted, c.Orphans}
}

type committeesJSON struct {
	AsAt       civil.Day          `json:"as_at"`
	Committees []committeeRowJSON `json:"committees"`
}

// committeeFilter reads which committees an address asks for.
func committeeFilter(c echo.Context) (f scrutinyview.CommitteeFilter, err error) {
	var bad fault.Faults
	f = scrutinyview.CommitteeFilter{Words: strings.TrimSpace(serve.Asked(c, "q")), State: serve.Asked(c, "status"), Orphans: serve.AskedYes(c, &bad, "orphans")}
	if len([]rune(f.Words)) > 200 {
		bad.Add("q", "Shorten the words to 200 characters or fewer.")
	}
	if !slices.ContainsFunc(scrutinyview.CommitteeStates, func(one page.Choice) bool { return one.Value == f.State }) {
		bad.Add("status", "Choose a status from the list.")
	}
	f.Sort, f.Page = serve.AskedSort(c, &bad, serve.Keys(committeeColumns("", nil)), scrutinyview.UsualCommittees), serve.AskedPageNumber(c, &bad)
	if serve.Format(c) != "html" {
		f.Page = 1 // all of them are in the answer
	}
	return f, bad.Err()
}

func (s pages) committees(c echo.Context) (serve.Answer, error) {
	f, err := committeeFilter(c)
	if err != nil {
		return serve.Answer{}, err
	}
	rows, all, err := scrutiny.CommitteeList(serve.Ctx(c), s.Store)
	if err != nil {
		return serve.Answer{}, err
	}
	day := civil.DayOf(s.Store.Now())
	rows = slices.DeleteFunc(rows, func(r scrutiny.CommitteeListed) bool { return !f.Chooses(r, day) }) // which RowsOf sorts
	columns, l := committeeColumns(day, all), scrutinyview.CommitteeList{Filter: f, Count: len(rows), All: all}
	if l.Rows, l.Pages, err = serve.RowsOf(rows, f.Sort, f.Page, scrutinyview.CommitteeOrders(day)); err != nil {
		return serve.Answer{}, err
	}
	out := committeesJSON{day, []committeeRowJSON{}}
	for _, r := range rows {
		out.Committees = append(out.Committees, committeeRow(r, day))
	}
	return serve.Answer{Page: scrutinyview.Committees(l, columns), JSON: out, CSV: serve.CSVOf(columns, rows...)}, nil
}

// committeeColumns are the columns of the committees on a day, on the page and as
// CSV.
func committeeColumns(day civil.Day, all scrutiny.Committees) []serve.Column[scrutiny.CommitteeListed] {
	words := func(f func(scrutiny.CommitteeListed) string) func(scrutiny.CommitteeListed) templ.Component {
		return func(r scrutiny.CommitteeListed) templ.Component { return page.TextCell(f(r)) }
	}
	return []serve.Column[scrutiny.CommitteeListed]{
		{Label: "Mandate", Key: "mandate", Down: true, Cell: words(scrutinyview.MandateWords)},
		{Name: "as_at", Value: func(scrutiny.CommitteeListed) string { return string(day) }},
		{Name: "slug", Value: func(r scrutiny.CommitteeListed) string { return r.Slug }},
		{Name: "name", Value: func(r scrutiny.CommitteeListed) string { return r.Name }, Label: "Committee", Key: "name", Lead: true, Cell: scrutinyview.CommitteeCell},
		{Name: "body", Value: func(r scrutiny.CommitteeListed) string { return r.Body }},
		{Name: "mandate_from", Value: func(r scrutiny.CommitteeListed) string { return string(r.First) }},
		{Name: "mandate_to", Value: func(r scrutiny.CommitteeListed) string { return string(r.Last) }},
		{Name: "state", Value: func(r scrutiny.CommitteeListed) string { return r.State(day) }, Label: "Status", Key: "status", Side: true, Cell: scrutinyview.MandateCell},
		{Name: "chair", Value: func(r scrutiny.CommitteeListed) string { return r.Chair }},
		{Name: "successor", Value: func(r scrutiny.CommitteeListed) string { return r.Successor }},
		{Name: "open", Value: func(r scrutiny.CommitteeListed) string { return strconv.Itoa(r.Open) }, Label: "Open work", Key: "open", Down: true, Cell: words(scrutinyview.OpenWords)},
		{Name: "overdue", Value: func(r scrutiny.CommitteeListed) string { return strconv.Itoa(r.Overdue) }},
		{Name: "accepted_by_successor", Value: func(r scrutiny.CommitteeListed) string { return strconv.Itoa(r.Accepted) }},
		{Name: "accepted_by_nobody", Value: func(r scrutiny.CommitteeListed) string { return strconv.Itoa(r.Orphans) }},
		{Label: "Successor", Named: true, Cell: func(r scrutiny.CommitteeListed) templ.Component { return scrutinyview.SuccessorCell(r, all) }},
	}
}

type committeePageJSON struct {
	AsAt  civil.Day `json:"as_at"`
	Known int64     `json:"known_event"`
	committeeRowJSON
	Work     []scrutiny.Charge  `json:"open_work"`
	Meetings []scrutiny.Meeting `json:"meetings"`
	History  []scrutiny.Turned  `json:"history"`
}

// committeePage is the page of the committee that an address names.
func (s pages) committeePage(c echo.Context) (scrutiny.CommitteePage, error) {
	return scrutiny.ReadCommitteePage(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("slug"))
}

func (s pages) committee(c echo.Context) (serve.Answer, error) {
	p, err := s.committeePage(c)
	if err != nil {
		return serve.Answer{}, err
	}
	out := committeePageJSON{p.Today(), p.Known, committeeRow(p.CommitteeListed, p.Today()), append([]scrutiny.Charge{}, p.Charges...),
		append([]scrutiny.Meeting{}, p.Meetings...), append([]scrutiny.Turned{}, p.History...)}
	return serve.Answer{Page: scrutinyview.Committee(p), JSON: out}, nil
}

// keptCommittee is the page of a committee that the person may keep.
func (s pages) keptCommittee(c echo.Context) (scrutiny.CommitteePage, error) {
	p, err := s.committeePage(c)
	if err == nil {
		err = p.MayKeep(serve.Viewer(c), p.Today())
	}
	return p, err
}

func (s pages) foundCommitteeForm(c echo.Context) (templ.Component, error) {
	all, err := scrutiny.AllCommittees(serve.Ctx(c), s.Store)
	return scrutinyview.CommitteeForm(scrutiny.Committee{}, all), err
}

func (s pages) foundCommittee(c echo.Context) (string, error) {
	var f fault.Faults
	to := scrutiny.Committee{Slug: strings.TrimSpace(c.FormValue("slug")), Name: c.FormValue("name"), Terms: lines(c.FormValue("terms")),
		First: serve.FormDay(c, &f, "from"), Last: serve.FormDay(c, &f, "to"), Successor: c.FormValue("successor")}
	if err := tried(f, func() error { return scrutiny.FoundCommittee(serve.Ctx(c), s.Store, serve.Viewer(c), to) }); err != nil {
		return "", err
	}
	return "/committees/" + to.Slug, s.Tell(c, "The committee has been set up. You can now add members.")
}

// tried does an act unless a day of its form could not be read.
func tried(f fault.Faults, act func() error) error {
	if len(f) > 0 {
		return f.Err()
	}
	return act()
}

func (s pages) changeCommitteeForm(c echo.Context) (templ.Component, error) {
	p, err := s.keptCommittee(c)
	return scrutinyview.CommitteeForm(p.Committee, p.All), err
}

func (s pages) changeCommittee(c echo.Context) (string, error) {
	var f fault.Faults
	turn, err := strconv.ParseInt(c.FormValue("turn"), 10, 64)
	if err != nil {
		turn = -1 // which no committee has
	}
	to := scrutiny.Committee{Slug: c.Param("slug"), Turn: turn, Name: c.FormValue("name"), Terms: lines(c.FormValue("terms")), Last: serve.FormDay(c, &f, "to"), Successor: c.FormValue("successor")}
	if err := tried(f, func() error { return scrutiny.ChangeCommittee(serve.Ctx(c), s.Store, serve.Viewer(c), to) }); err != nil {
		return "", err
	}
	return "/committees/" + to.Slug, s.Tell(c, "Your changes have been saved.")
}

// lines is a text with the ends of its lines as they are kept.
func lines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

func (s pages) seatForm(c echo.Context) (templ.Component, error) {
	p, err := s.keptCommittee(c)
	if err != nil {
		return nil, err
	}
	name := c.FormValue("body")
	if name == "" {
		name = p.Body
	}
	body, ok := office.BodyOf(name)
	if !ok {
		return nil, fault.Field("body", "Choose a body from the list.")
	}
	offices, err := office.AtBody(serve.Ctx(c), s.Store, body.Slug)
	offices = slices.DeleteFunc(offices, func(o office.Office) bool { return !o.Kind.May(office.SitOnCommittees) })
	return scrutinyview.SeatForm(p, body, offices), err
}

func (s pages) seat(c echo.Context) (string, error) {
	var f fault.Faults
	seat := scrutiny.Seat{Role: scrutiny.SeatRole(c.FormValue("role")), First: serve.FormDay(c, &f, "from"), Last: serve.FormDay(c, &f, "to")}
	if id, err := strconv.ParseInt(c.FormValue("office"), 10, 64); err == nil {
		seat.Office.ID = id // none is no office
	}
	if err := tried(f, func() error {
		return scrutiny.SeatOffice(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("slug"), seat)
	}); err != nil {
		return "", err
	}
	return "/committees/" + c.Param("slug"), s.Tell(c, "The change has been recorded. It takes effect when a second person at "+office.ShortName(serve.Viewer(c).Office.Body)+" confirms it.")
}

// mayDecideSeats says why nobody of the viewer's office decides the seats that
// were asked for on a committee.
func (s pages) mayDecideSeats(c echo.Context, p scrutiny.CommitteePage) (err error) {
	if len(p.Awaiting) == 0 {
		return fault.Conflict.Errorf("There are no changes to the members of the %s to confirm.", p.Name)
	}
	chain, err := office.ReadChain(serve.Ctx(c), s.Store)
	if err != nil {
		return err
	}
	for _, ask := range p.Awaiting {
		if err = p.MaySecond(serve.Viewer(c), ask, chain, p.Today()); err == nil {
			return nil
		}
	}
	return err
}

func (s pages) seatsForm(c echo.Context) (templ.Component, error) {
	p, err := s.committeePage(c)
	if err == nil {
		err = s.mayDecideSeats(c, p)
	}
	return scrutinyview.SeatsForm(p), err
}

func (s pages) decideSeats(c echo.Context) (string, error) {
	p, err := s.committeePage(c)
	if err != nil {
		return "", err
	}
	if err := s.mayDecideSeats(c, p); err != nil {
		return "", err
	}
	if err := people.ConfirmPassword(serve.Ctx(c), s.Store, serve.Viewer(c), c.FormValue("again")); err != nil {
		return "", err
	}
	confirm, said := c.FormValue("refuse") != "yes", "You refused the changes."
	if confirm {
		said = "You confirmed the changes."
	}
	if err := scrutiny.DecideSeats(serve.Ctx(c), s.Store, serve.Viewer(c), p.Slug, confirm); err != nil {
		return "", err
	}
	return "/committees/" + p.Slug, s.Tell(c, said)
}

func (s pages) acceptForm(c echo.Context) (templ.Component, error) {
	p, err := s.committeePage(c)
	if err == nil {
		err = p.All.MayAccept(serve.Viewer(c), p.Committee, p.Today())
	}
	return scrutinyview.AcceptForm(p), err
}

// acceptSent names the matters of a sent form.
func acceptSent(c echo.Context) []string {
	if c.FormValue("all") == "yes" {
		return []string{scrutiny.AllCharges}
	}
	return c.Request().Form["ref"]
}

func (s pages) acceptCheck(c echo.Context) (templ.Component, error) {
	p, err := s.committeePage(c)
	if err != nil {
		return nil, err
	}
	err = record.Try(serve.Ctx(c), s.Store, func(st *db.Tx) error {
		return scrutiny.AcceptCharges(serve.Ctx(c), st, serve.Viewer(c), p.Slug, acceptSent(c))
	})
	return scrutinyview.AcceptCheck(p, acceptSent(c), c.FormValue("all") == "yes"), err
}

func (s pages) accept(c echo.Context) (string, error) {
	if err := scrutiny.AcceptCharges(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("slug"), acceptSent(c)); err != nil {
		return "", err
	}
	return "/committees/" + c.Param("slug"), s.Tell(c, "You have accepted the work.")
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

func (s pages) decisionsSince(c echo.Context) (serve.Answer, error) {
	m, err := scrutiny.DecisionsSince(serve.Ctx(c), s.Store, c.Param("slug"), decisionsSinceMost)
	if err != nil {
		return serve.Answer{}, err
	}
	out := sinceJSON{AsAt: serve.Instant(m.Now), Committee: m.Of.Slug, Since: serve.Instant(m.Since), Callable: m.Callable(), Decisions: []sinceItem{}}
	if m.Met != nil {
		out.Met = &m.Met.ID
	}
	for _, d := range m.All {
		out.Decisions = append(out.Decisions, sinceItem{d.Ref, d.Title, serve.Instant(d.PublishedAt), d.CanCallIn(), serve.InstantOrNull(d.May.Closes), d.May.Count, d.May.Need})
	}
	return serve.Answer{Page: scrutinyview.CommitteeDecisions(m), JSON: out, CSV: serve.CSVOf(sinceColumns(serve.Instant(m.Now)), m.All...)}, nil
}

// sinceColumns are the columns of the decisions since a meeting.
func sinceColumns(now string) []serve.Column[decisions.Listed] {
	return []serve.Column[decisions.Listed]{
		{Name: "as_at", Value: func(decisions.Listed) string { return now }},
		{Name: "ref", Value: func(d decisions.Listed) string { return d.Ref }},
		{Name: "title", Value: func(d decisions.Listed) string { return d.Title }},
		{Name: "published_at", Value: func(d decisions.Listed) string { return serve.Instant(d.PublishedAt) }},
		{Name: "can_be_called_in", Value: func(d decisions.Listed) string { return serve.YesNo(d.CanCallIn()) }},
		{Name: "until", Value: func(d decisions.Listed) string {
			if d.May.Closes.IsZero() {
				return ""
			}
			return serve.Instant(d.May.Closes)
		}},
		{Name: "signatures", Value: func(d decisions.Listed) string { return strconv.Itoa(d.May.Count) }},
		{Name: "signatures_needed", Value: func(d decisions.Listed) string { return strconv.Itoa(d.May.Need) }},
	}
}
