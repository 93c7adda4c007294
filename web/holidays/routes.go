// Package holidays answers for the bank holidays by which working days are
// counted.
package holidays

import (
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/holidays"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/text"
	holidaysview "github.com/police-ict/handover/views/holidays"
	"github.com/police-ict/handover/web/serve"
)

// pages are handlers over a server.
type pages struct{ *serve.Server }

// Routes adds the addresses of bank holidays.
func Routes(s *serve.Server) {
	p := pages{s}
	p.Data("/bank-holidays", office.Public, p.list, serve.One("years"))
	p.Confirm("/bank-holidays/new", office.KeepHolidays, true, p.form, p.check, p.add)
	p.Confirm("/bank-holidays/:day/remove", office.KeepHolidays, true, p.removeForm, p.removeCheck, p.remove)
	const one = "/bank-holidays/proposals/:id"
	p.Get(one, office.KeepHolidays, p.proposal)
	p.PostOn(one+"/confirm", office.KeepHolidays, p.proposal, p.decide(true))
	p.PostOn(one+"/refuse", office.KeepHolidays, p.proposal, p.decide(false))
}

// proposal shows what an administrator proposed, with what it would move now.
func (s pages) proposal(c echo.Context) (templ.Component, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return nil, err
	}
	p, err := holidays.FindProposal(serve.Ctx(c), s.Store, id)
	if err != nil {
		return nil, err
	}
	chain, err := office.ReadChain(serve.Ctx(c), s.Store)
	if err != nil {
		return nil, err
	}
	not := p.MayDecide(serve.Viewer(c), chain, civil.DayOf(s.Store.Now()))
	o, cannot := p.Outlook(serve.Ctx(c), s.Store)
	if fault.KindOf(cannot) == 0 && cannot != nil {
		return nil, cannot
	}
	return holidaysview.Proposal(p, o, cannot, not), nil
}

// decide confirms or refuses a proposal, with the password asked for again.
func (s pages) decide(confirm bool) serve.Step {
	return func(c echo.Context) (string, error) {
		id, err := serve.PathNumber(c, "id")
		if err != nil {
			return "", err
		}
		if err := people.ConfirmPassword(serve.Ctx(c), s.Store, serve.Viewer(c), c.FormValue("again")); err != nil {
			return "", err
		}
		o, err := holidays.Decide(serve.Ctx(c), s.Store, serve.Viewer(c), id, confirm, c.FormValue("reason"))
		switch {
		case err != nil:
			return "", err
		case !confirm:
			return "/bank-holidays", s.Tell(c, "The proposal is refused. No deadline moved.")
		case o.Removed != nil:
			return "/bank-holidays", s.Tell(c, "The bank holiday of "+o.Day.String()+" is removed. "+moved(o))
		}
		return o.Href(), s.Tell(c, "The bank holiday of "+o.Day.String()+" is added. "+moved(o))
	}
}

func (s pages) list(c echo.Context) (serve.Answer, error) {
	years := serve.Asked(c, "years")
	if years != "" && years != "all" {
		return serve.Answer{}, fault.Field("years", "“years” can only be “all”.")
	}
	p, err := holidays.Read(serve.Ctx(c), s.Store)
	return serve.Answer{Page: holidaysview.List(p, years == "all"), JSON: listJSON(p), CSV: serve.CSVOf(columns, p.Days...)}, err
}

// ListJSON is the list of bank holidays as JSON: those of all years.
type ListJSON struct {
	AsAt    civil.Day           `json:"as_at"`
	Known   int64               `json:"known_event"`
	Count   int                 `json:"count"`
	Days    []dayJSON           `json:"bank_holidays"`
	Removed []holidays.Holiday  `json:"removed"`
	Waits   []holidays.Proposal `json:"proposed"` // without effect until a second administrator confirms them
	Next    *string             `json:"next"`     // always null: the list has one page
}

type dayJSON struct {
	civil.Holiday
	Added *holidays.Holiday `json:"added"` // null is part of the portal
}

func listJSON(p holidays.Page) ListJSON {
	out := ListJSON{AsAt: p.Today, Known: p.Known, Count: len(p.Days), Days: make([]dayJSON, len(p.Days)), Removed: append([]holidays.Holiday{}, p.Gone...), Waits: append([]holidays.Proposal{}, p.Waits...)}
	for i, h := range p.Days {
		out.Days[i] = dayJSON{h.Holiday, h.Added}
	}
	return out
}

// columns are those of a bank holiday; an empty cell is part of the portal.
var columns = []serve.Column[holidays.Listed]{
	{Name: "day", Value: func(h holidays.Listed) string { return string(h.Day) }},
	{Name: "name", Value: func(h holidays.Listed) string { return h.Name }},
	{Name: "source", Value: holidays.Listed.Source},
	{Name: "added_on", Value: added(func(h holidays.Holiday) string { return string(civil.DayOf(h.At)) })},
	{Name: "added_by", Value: added(func(h holidays.Holiday) string { return h.Office.Title })},
	{Name: "event", Value: added(func(h holidays.Holiday) string { return serve.Digits(h.N) })},
}

func added(value func(holidays.Holiday) string) func(holidays.Listed) string {
	return func(h holidays.Listed) string {
		if h.Added == nil {
			return ""
		}
		return value(*h.Added)
	}
}

func (s pages) form(echo.Context) (templ.Component, error) { return holidaysview.Form(), nil }

// typed is what was typed for a bank holiday.
func typed(c echo.Context) (form holidays.Form, f fault.Faults) {
	form = holidays.Form{Name: c.FormValue("name"), Source: c.FormValue("source")}
	form.Day = serve.FormDay(c, &f, "day")
	return form, f
}

// fields are the fields of a bank holiday, in the order of its form.
var fields = []string{"day", "name", "source"}

func (s pages) check(c echo.Context) (templ.Component, error) {
	form, f := typed(c)
	o, err := holidays.Foresee(serve.Ctx(c), s.Store, serve.Viewer(c), form)
	return holidaysview.Check(o), serve.OrderFaults(serve.JoinFaults(f, err), fields)
}

func (s pages) add(c echo.Context) (string, error) {
	form, f := typed(c)
	if err := f.Err(); err != nil {
		return "", err
	}
	p, err := holidays.Propose(serve.Ctx(c), s.Store, serve.Viewer(c), form)
	if err != nil {
		return "", serve.OrderFaults(err, fields)
	}
	return s.proposed(c, p)
}

// proposed says that a change waits for a second administrator.
func (s pages) proposed(c echo.Context, p holidays.Proposal) (string, error) {
	return p.Href(), s.Tell(c, "Your proposal has been recorded. Another administrator must confirm it before it takes effect.")
}

// moved says how much an act moved.
func moved(o holidays.Outlook) string {
	if len(o.Moves) == 0 {
		return "No deadline moved."
	}
	return text.Capital(text.Count(len(o.Moves), "deadline", "deadlines")) + " moved."
}

// one is the bank holiday of the address that may still be removed.
func (s pages) one(c echo.Context) (holidays.Holiday, error) {
	day, err := civil.ParseDay(strings.TrimSpace(c.Param("day")))
	if err != nil {
		return holidays.Holiday{}, fault.NotFound.Errorf("There is no such bank holiday.")
	}
	h, err := holidays.Find(serve.Ctx(c), s.Store, day)
	if err == nil {
		err = h.MayRemove(civil.DayOf(s.Store.Now()))
	}
	return h, err
}

func (s pages) removeForm(c echo.Context) (templ.Component, error) {
	h, err := s.one(c)
	return holidaysview.RemoveForm(h), err
}

func (s pages) removeCheck(c echo.Context) (templ.Component, error) {
	h, err := s.one(c)
	if err != nil {
		return nil, err
	}
	o, err := holidays.ForeseeRemoval(serve.Ctx(c), s.Store, serve.Viewer(c), h.Day, c.FormValue("reason"))
	if err != nil {
		return nil, err
	}
	return holidaysview.RemoveCheck(o), nil
}

func (s pages) remove(c echo.Context) (string, error) {
	h, err := s.one(c)
	if err != nil {
		return "", err
	}
	p, err := holidays.ProposeRemoval(serve.Ctx(c), s.Store, serve.Viewer(c), h.Day, c.FormValue("reason"))
	if err != nil {
		return "", err
	}
	return s.proposed(c, p)
}
