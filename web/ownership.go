package web

import (
	"fmt"
	"net/url"
	"strconv"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/views"
)

func (s *Server) ownershipRoutes() {
	s.data("/ownership", store.Public, s.ownership)
	s.get("/ownership/compare", store.Public, s.compareOwnership)
	s.get("/ownership/print", store.Public, s.printRegister)
	s.get("/ownership/members/:body", store.Public, s.extract)
	s.get("/ownership/entries", store.Public, s.registerEntries)
	s.get("/ownership/enter", store.KeepRegister, s.enterMenu)
	s.confirm("/ownership/enter/:kind", store.KeepRegister, true, s.entryForm, s.entryCheck, s.enterEntry)
	s.confirm("/ownership/correct/:n", store.KeepRegister, true, s.correctionForm, s.correctionCheck, s.enterCorrection)
}

// when reads the two dates of an address.
func (s *Server) when(c echo.Context) (store.When, error) {
	asAt, err := askedDay(c, "as_at", "day")
	if err != nil {
		return store.When{}, err
	}
	known, err := askedDay(c, "known_on", "known")
	if err != nil {
		return store.When{}, err
	}
	return s.store.At(ctx(c), asAt, known)
}

func (s *Server) ownership(c echo.Context) (answer, error) {
	w, err := s.when(c)
	if err != nil {
		return answer{}, err
	}
	then, r, err := s.store.Between(ctx(c), "", w)
	if err != nil {
		return answer{}, err
	}
	header := []string{"as_at", "known_event", "body", "name", "class", "votes", "percent", "admitted", "guarantee_pence"}
	var rows [][]string
	for _, m := range r.Members {
		rows = append(rows, []string{string(r.AsAt), strconv.FormatInt(r.Known, 10), m.Body, m.Name, m.Class,
			strconv.FormatInt(m.Votes, 10), r.Percent(m), string(m.Admitted), strconv.FormatInt(int64(m.Guarantee), 10)})
	}
	return answer{Page: views.Ownership(then, r), JSON: ownershipJSON(r), CSV: rowsOf(header, rows)}, nil
}

type memberJSON struct {
	Body      string      `json:"body"`
	Name      string      `json:"name"`
	Class     string      `json:"class"`
	Votes     int64       `json:"votes"`
	Percent   string      `json:"percent"`
	Admitted  store.Day   `json:"admitted"`
	Guarantee store.Pence `json:"guarantee_pence"`
	Event     int64       `json:"event"`
}

type directorJSON struct {
	Seat      int64     `json:"seat"`
	Name      string    `json:"name"`
	Appointer string    `json:"appointed_by"`
	From      store.Day `json:"from"`
	Event     int64     `json:"event"`
}

type rightJSON struct {
	Right  store.RightKind `json:"right"`
	Body   string          `json:"body,omitempty"`
	Class  string          `json:"class,omitempty"`
	Seats  int64           `json:"seats,omitempty"`
	Matter string          `json:"matter,omitempty"`
	Clause string          `json:"clause"`
	From   store.Day       `json:"from"`
	Event  int64           `json:"event"`
}

type registerJSON struct {
	AsAt      store.Day      `json:"as_at"`
	KnownOn   store.Day      `json:"known_on"`
	Known     int64          `json:"known_event"`
	Votes     int64          `json:"votes"`
	Members   []memberJSON   `json:"members"`
	Directors []directorJSON `json:"directors"`
	Rights    []rightJSON    `json:"rights"`
}

func ownershipJSON(r store.Register) registerJSON {
	out := registerJSON{AsAt: r.AsAt, KnownOn: r.KnownOn, Known: r.Known, Votes: r.Votes,
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

func (s *Server) compareOwnership(c echo.Context) (templ.Component, error) {
	from, err := askedDay(c, "from", "from-day")
	if err != nil {
		return nil, err
	}
	to, err := askedDay(c, "to", "to-day")
	if err != nil {
		return nil, err
	}
	w, err := s.store.At(ctx(c), to, "")
	if err != nil {
		return nil, err
	}
	if from != "" {
		if _, err := store.ParseDay(from); err != nil {
			return nil, store.Field("from-day", "There is no such day: write it like 2012-07-16.")
		}
	}
	then, now, err := s.store.Between(ctx(c), store.Day(from), w)
	return views.CompareOwnership(then, now), err
}

func (s *Server) printRegister(c echo.Context) (templ.Component, error) {
	w, err := s.when(c)
	if err != nil {
		return nil, err
	}
	r, err := s.store.Register(ctx(c), w)
	return views.PrintedRegister(r), err
}

func (s *Server) extract(c echo.Context) (templ.Component, error) {
	w, err := s.when(c)
	if err != nil {
		return nil, err
	}
	r, err := s.store.Register(ctx(c), w)
	if err != nil {
		return nil, err
	}
	b, ok := store.BodyOf(c.Param("body"))
	if !ok {
		return nil, store.NotFound.Errorf("There is no such body.")
	}
	return views.Extract(r, b), nil
}

func (s *Server) registerEntries(c echo.Context) (templ.Component, error) {
	r, err := s.store.Register(ctx(c), store.When{})
	return views.RegisterEntries(r), err
}

func (s *Server) enterMenu(c echo.Context) (templ.Component, error) { return views.EnterMenu(), nil }

func entryKind(c echo.Context) (store.EntryKind, error) {
	for _, k := range store.EntryKinds {
		if string(k) == c.Param("kind") {
			return k, nil
		}
	}
	return "", store.NotFound.Errorf("There is no such kind of entry.")
}

func (s *Server) entryForm(c echo.Context) (templ.Component, error) {
	kind, err := entryKind(c)
	if err != nil {
		return nil, err
	}
	r, err := s.store.Register(ctx(c), store.When{})
	return views.EntryForm(r, store.Entry{Kind: kind, Body: asked(c, "body")}), err
}

func (s *Server) entryCheck(c echo.Context) (templ.Component, error) {
	kind, err := entryKind(c)
	if err != nil {
		return nil, err
	}
	return s.tryEntry(c, store.Entry{Kind: kind}, kind)
}

func (s *Server) tryEntry(c echo.Context, e store.Entry, kind store.EntryKind) (templ.Component, error) {
	e, err := entryFrom(c, e, kind)
	if err != nil {
		return nil, err
	}
	if e.Kind == store.Correction {
		e.As = kind
	}
	before, after, err := s.store.TryEntry(ctx(c), viewer(c), e)
	return views.EntryCheck(before, after, e), err
}

func (s *Server) enterEntry(c echo.Context) (string, error) {
	kind, err := entryKind(c)
	if err != nil {
		return "", err
	}
	return s.enter(c, store.Entry{Kind: kind}, kind)
}

func (s *Server) enter(c echo.Context, e store.Entry, kind store.EntryKind) (string, error) {
	e, err := entryFrom(c, e, kind)
	if err != nil {
		return "", err
	}
	n, err := s.store.Enter(ctx(c), viewer(c), e)
	if err != nil {
		return "", err
	}
	return "/ownership", s.told(c, fmt.Sprintf("The entry is in the register. It is event %s.", store.Thousands(n)))
}

// entryFrom reads an entry of a kind from a sent form.
func entryFrom(c echo.Context, e store.Entry, kind store.EntryKind) (store.Entry, error) {
	var f store.Faults
	v := c.FormValue
	e.Body, e.Class, e.Instrument, e.Ground, e.Name = v("body"), v("class"), v("instrument"), v("ground"), v("name")
	e.Right, e.Matter, e.Clause, e.Director, e.Note = store.RightKind(v("right")), v("matter"), v("clause"), v("director"), v("note")
	e.Struck = v("struck") == "yes"
	if e.Struck {
		return e, nil
	}
	e.Agreed, e.Completed, e.Registered = formDay(c, &f, "agreed"), formDay(c, &f, "completed"), formDay(c, &f, "registered")
	count := func(field string, into *int64) {
		n, err := store.ParseCount(v(field), 1)
		if f.Take(field, err) == nil {
			*into = n
		}
	}
	switch kind {
	case store.Admitted:
		count("votes", &e.Votes)
		p, err := store.ParsePence(v("guarantee"))
		if f.Take("guarantee", err) == nil {
			e.Guarantee = p
		}
	case store.RightGranted:
		if e.Right == store.AppointDirectors {
			count("seats", &e.Seats)
			e.Matter = ""
		}
	case store.RightWithdrawn:
		count("withdraws", &e.Withdraw)
	case store.DirectorAppointed, store.DirectorRemoved:
		count("seat", &e.Seat)
	}
	return e, f.Err()
}

// corrected finds the entry that an address names to be corrected.
func (s *Server) corrected(c echo.Context) (store.Entry, store.EntryKind, error) {
	n, err := number(c, "n")
	if err != nil {
		return store.Entry{}, "", err
	}
	e, err := s.store.Entry(ctx(c), n)
	if e.Kind == store.Correction {
		return e, e.As, err
	}
	return e, e.Kind, err
}

func (s *Server) correctionForm(c echo.Context) (templ.Component, error) {
	old, _, err := s.corrected(c)
	if err != nil {
		return nil, err
	}
	r, err := s.store.Register(ctx(c), store.When{})
	return views.CorrectionForm(r, old), err
}

func (s *Server) correctionCheck(c echo.Context) (templ.Component, error) {
	old, kind, err := s.corrected(c)
	if err != nil {
		return nil, err
	}
	return s.tryEntry(c, store.Entry{Kind: store.Correction, Corrects: old.N}, kind)
}

func (s *Server) enterCorrection(c echo.Context) (string, error) {
	old, kind, err := s.corrected(c)
	if err != nil {
		return "", err
	}
	return s.enter(c, store.Entry{Kind: store.Correction, Corrects: old.N}, kind)
}

// number reads a whole number of the address. What is not one is not a page.
func number(c echo.Context, name string) (int64, error) {
	text, err := url.PathUnescape(c.Param(name))
	if err != nil {
		return 0, store.NotFound.Errorf("There is no such page.")
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, store.NotFound.Errorf("There is no such page.")
	}
	return n, nil
}
