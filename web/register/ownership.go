package register

import (
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/text"
	registerview "github.com/police-ict/handover/views/register"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) ownershipRoutes() {
	s.Data("/ownership", office.Public, s.ownership, serve.TwoDates())
	s.Get("/ownership/compare", office.Public, s.compareOwnership, serve.Day("from", "from-day"), serve.Day("to", "to-day"))
	s.Get("/ownership/print", office.Public, s.printRegister, serve.TwoDates())
	s.Get("/ownership/members/:body", office.Public, s.extract, serve.TwoDates())
	s.Get("/ownership/entries", office.Public, s.registerEntries, serve.AsAt(), serve.Sorted())
	s.Get("/ownership/enter", office.KeepRegister, s.enterMenu)
	s.Confirm("/ownership/enter/:kind", office.KeepRegister, true, s.entryForm, s.entryCheck, s.enterEntry, serve.One("body"))
	s.Edits("/ownership/correct/:n")
	s.Confirm("/ownership/correct/:n", office.KeepRegister, true, s.correctionForm, s.correctionCheck, s.enterCorrection)
}

func (s pages) ownership(c echo.Context) (serve.Answer, error) {
	w, err := s.When(c)
	if err != nil {
		return serve.Answer{}, err
	}
	then, r, err := register.Between(serve.Ctx(c), s.Store, "", w)
	if err != nil {
		return serve.Answer{}, err
	}
	return serve.Answer{Page: registerview.Ownership(then, r), JSON: ownershipJSON(r), CSV: serve.CSVOf(memberColumns(r), r.Members...)}, nil
}

// memberColumns are the columns of the members of a register.
func memberColumns(r register.Register) []serve.Column[register.Member] {
	return []serve.Column[register.Member]{
		{Name: "as_at", Value: func(register.Member) string { return string(r.AsAt) }},
		{Name: "known_event", Value: func(register.Member) string { return serve.Digits(r.Known) }},
		{Name: "body", Value: func(m register.Member) string { return m.Body }},
		{Name: "name", Value: func(m register.Member) string { return m.Name }},
		{Name: "class", Value: func(m register.Member) string { return m.Class }},
		{Name: "votes", Value: func(m register.Member) string { return serve.Digits(m.Votes) }},
		{Name: "percent", Value: func(m register.Member) string { return r.Percent(m) }},
		{Name: "admitted", Value: func(m register.Member) string { return string(m.Admitted) }},
		{Name: "guarantee_pence", Value: func(m register.Member) string { return serve.Digits(m.Guarantee) }},
	}
}

type memberJSON struct {
	Body      string      `json:"body"`
	Name      string      `json:"name"`
	Class     string      `json:"class"`
	Votes     int64       `json:"votes"`
	Percent   string      `json:"percent"`
	Admitted  civil.Day   `json:"admitted"`
	Guarantee money.Pence `json:"guarantee_pence"`
	Event     int64       `json:"event"`
}

type directorJSON struct {
	Seat      int64     `json:"seat"`
	Name      string    `json:"name"`
	Appointer string    `json:"appointed_by"`
	From      civil.Day `json:"from"`
	Event     int64     `json:"event"`
}

type rightJSON struct {
	Right  register.RightKind `json:"right"`
	Body   string             `json:"body,omitempty"`
	Class  string             `json:"class,omitempty"`
	Seats  int64              `json:"seats,omitempty"`
	Matter string             `json:"matter,omitempty"`
	Clause string             `json:"clause"`
	From   civil.Day          `json:"from"`
	Event  int64              `json:"event"`
}

// RegisterJSON is the register of members as JSON.
type RegisterJSON struct {
	AsAt      civil.Day      `json:"as_at"`
	KnownOn   civil.Day      `json:"known_on"`
	Known     int64          `json:"known_event"`
	Votes     int64          `json:"votes"`
	Members   []memberJSON   `json:"members"`
	Directors []directorJSON `json:"directors"`
	Rights    []rightJSON    `json:"rights"`
}

func ownershipJSON(r register.Register) RegisterJSON {
	out := RegisterJSON{AsAt: r.AsAt, KnownOn: r.KnownOn, Known: r.Known, Votes: r.Votes,
		Members: []memberJSON{}, Directors: []directorJSON{}, Rights: []rightJSON{}}
	for _, m := range r.Members {
		out.Members = append(out.Members, memberJSON{m.Body, m.Name, m.Class, m.Votes, r.Percent(m), m.Admitted, m.Guarantee, m.N})
	}
	for _, d := range r.Directors {
		out.Directors = append(out.Directors, directorJSON{d.Seat, d.Name, d.Appointer, d.From, d.N})
	}
	for _, t := range r.Rights {
		out.Rights = append(out.Rights, rightJSON{t.Kind, t.Body, t.Class, t.Seats, t.Matter, t.Clause, t.From, t.N})
	}
	return out
}

func (s pages) compareOwnership(c echo.Context) (templ.Component, error) {
	from, err := serve.AskedDay(c, "from", "from-day")
	if err != nil {
		return nil, err
	}
	to, err := serve.AskedDay(c, "to", "to-day")
	if err != nil {
		return nil, err
	}
	w, err := register.AsAt(serve.Ctx(c), s.Store, to, "")
	if err != nil {
		return nil, err
	}
	if from != "" {
		if _, err := civil.ParseDay(from); err != nil {
			return nil, fault.Field("from-day", "This is not a date. Enter it like 2012-07-16.")
		}
	}
	then, now, err := register.Between(serve.Ctx(c), s.Store, civil.Day(from), w)
	return registerview.CompareOwnership(then, now), err
}

func (s pages) printRegister(c echo.Context) (templ.Component, error) {
	w, err := s.When(c)
	if err != nil {
		return nil, err
	}
	r, err := register.Read(serve.Ctx(c), s.Store, w)
	return registerview.PrintedRegister(r), err
}

func (s pages) extract(c echo.Context) (templ.Component, error) {
	w, err := s.When(c)
	if err != nil {
		return nil, err
	}
	r, err := register.Read(serve.Ctx(c), s.Store, w)
	if err != nil {
		return nil, err
	}
	b, ok := office.BodyOf(c.Param("body"))
	if !ok {
		return nil, fault.NotFound.Errorf("There is no such body.")
	}
	return registerview.Extract(r, b), nil
}

func (s pages) registerEntries(c echo.Context) (templ.Component, error) {
	w, err := dayAsked(c)
	if err != nil {
		return nil, err
	}
	r, err := register.Read(serve.Ctx(c), s.Store, w)
	if err != nil {
		return nil, err
	}
	var bad fault.Faults
	p := registerview.EntriesPage{Register: r, AsAt: w.Day, Sort: serve.AskedSort(c, &bad, []string{"date", "entry"}, registerview.UsualEntries), Page: serve.AskedPageNumber(c, &bad)}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	then := slices.DeleteFunc(slices.Clone(r.All), func(e register.Entry) bool { return e.Registered > r.AsAt })
	p.Count = len(then)
	p.Shown, p.Pages, err = serve.RowsOf(then, p.Sort, p.Page, registerview.EntryOrders)
	return registerview.RegisterEntries(p), err
}

func (s pages) enterMenu(c echo.Context) (templ.Component, error) {
	return registerview.EnterMenu(), nil
}

func entryKind(c echo.Context) (register.EntryKind, error) {
	for _, k := range register.EntryKinds {
		if string(k) == c.Param("kind") {
			return k, nil
		}
	}
	return "", fault.NotFound.Errorf("There is no such type of entry.")
}

func (s pages) entryForm(c echo.Context) (templ.Component, error) {
	kind, err := entryKind(c)
	if err != nil {
		return nil, err
	}
	r, err := register.Read(serve.Ctx(c), s.Store, record.When{})
	return registerview.EntryForm(r, register.Entry{Kind: kind, Body: serve.Asked(c, "body")}), err
}

func (s pages) entryCheck(c echo.Context) (templ.Component, error) {
	kind, err := entryKind(c)
	if err != nil {
		return nil, err
	}
	return s.tryEntry(c, register.Entry{Kind: kind}, kind)
}

func (s pages) tryEntry(c echo.Context, e register.Entry, kind register.EntryKind) (templ.Component, error) {
	e, err := entryFrom(c, e, kind)
	if err != nil {
		return nil, err
	}
	if e.Kind == register.Correction {
		e.As = kind
	}
	before, after, err := handover.TryEntry(serve.Ctx(c), s.Store, serve.Viewer(c), e)
	return registerview.EntryCheck(before, after, e), err
}

func (s pages) enterEntry(c echo.Context) (string, error) {
	kind, err := entryKind(c)
	if err != nil {
		return "", err
	}
	return s.enter(c, register.Entry{Kind: kind}, kind)
}

func (s pages) enter(c echo.Context, e register.Entry, kind register.EntryKind) (string, error) {
	e, err := entryFrom(c, e, kind)
	if err != nil {
		return "", err
	}
	_, err = handover.Enter(serve.Ctx(c), s.Store, serve.Viewer(c), e)
	if err != nil {
		return "", err
	}
	return "/ownership", s.Tell(c, "Your entry has been recorded in the register.")
}

// entryFrom reads an entry of a kind from a sent form.
func entryFrom(c echo.Context, e register.Entry, kind register.EntryKind) (register.Entry, error) {
	var f fault.Faults
	v := c.FormValue
	e.Body, e.Class, e.Instrument, e.Ground, e.Name = v("body"), v("class"), v("instrument"), v("ground"), v("name")
	e.Right, e.Matter, e.Clause, e.Director, e.Note = register.RightKind(v("right")), v("matter"), v("clause"), v("director"), v("note")
	e.Struck, e.Decision = v("struck") == "yes", strings.TrimSpace(v("decision"))
	if e.Struck {
		return e, nil
	}
	e.Agreed, e.Completed, e.Registered = serve.FormDay(c, &f, "agreed"), serve.FormDay(c, &f, "completed"), serve.FormDay(c, &f, "registered")
	count := func(field string, into *int64) {
		n, err := text.ParseCount(v(field), 1)
		if f.Take(field, err) == nil {
			*into = n
		}
	}
	switch kind {
	case register.Admitted:
		count("votes", &e.Votes)
		p, err := money.ParsePence(v("guarantee"))
		if f.Take("guarantee", err) == nil {
			e.Guarantee = p
		}
	case register.RightGranted:
		if e.Right == register.AppointDirectors {
			count("seats", &e.Seats)
			e.Matter = ""
		}
	case register.RightWithdrawn:
		count("withdraws", &e.Withdraw)
	case register.DirectorAppointed, register.DirectorRemoved:
		count("seat", &e.Seat)
	}
	return e, f.Err()
}

// corrected finds the entry that an address names to be corrected.
func (s pages) corrected(c echo.Context) (register.Entry, register.EntryKind, error) {
	n, err := serve.PathNumber(c, "n")
	if err != nil {
		return register.Entry{}, "", err
	}
	e, err := register.FindEntry(serve.Ctx(c), s.Store, n)
	if e.Kind == register.Correction {
		return e, e.As, err
	}
	return e, e.Kind, err
}

func (s pages) correctionForm(c echo.Context) (templ.Component, error) {
	old, _, err := s.corrected(c)
	if err != nil {
		return nil, err
	}
	r, err := register.Read(serve.Ctx(c), s.Store, record.When{})
	if err != nil {
		return nil, err
	}
	names := handover.CorrectsEntry(old, false)
	all, err := decisions.DecisionsNaming(serve.Ctx(c), s.Store, names.Kind, names.Subject)
	return registerview.CorrectionForm(r, old, all), err
}

func (s pages) correctionCheck(c echo.Context) (templ.Component, error) {
	old, kind, err := s.corrected(c)
	if err != nil {
		return nil, err
	}
	return s.tryEntry(c, register.Entry{Kind: register.Correction, Corrects: old.N}, kind)
}

func (s pages) enterCorrection(c echo.Context) (string, error) {
	old, kind, err := s.corrected(c)
	if err != nil {
		return "", err
	}
	return s.enter(c, register.Entry{Kind: register.Correction, Corrects: old.N}, kind)
}
