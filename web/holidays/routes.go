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
	AsAt    civil.Day          `json:"as_at"`
	Known   int64              `json:"known_event"`
	Count   int                `json:"count"`
	Days    []dayJSON          `json:"bank_holidays"`
	Removed []holidays.Holiday `json:"removed"`
	Next    *string            `json:"next"` // always null: the list has one page
}

type dayJSON struct {
	civil.Holiday
	Added *holidays.Holiday `json:"added"` // null is part of the portal
}

func listJSON(p holidays.Page) ListJSON {
	out := ListJSON{AsAt: p.Today, Known: p.Known, Count: len(p.Days), Days: make([]dayJSON, len(p.Days)), Removed: append([]holidays.Holiday{}, p.Gone...)}
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
	o, err := holidays.Add(serve.Ctx(c), s.Store, serve.Viewer(c), form)
	if err != nil {
		return "", serve.OrderFaults(err, fields)
	}
	return o.Href(), s.Tell(c, "The bank holiday of "+o.Day.String()+" has been added. "+moved(o))
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
	o, err := holidays.Remove(serve.Ctx(c), s.Store, serve.Viewer(c), h.Day, c.FormValue("reason"))
	if err != nil {
		return "", err
	}
	return "/bank-holidays", s.Tell(c, "The bank holiday of "+o.Day.String()+" has been removed. "+moved(o))
}
