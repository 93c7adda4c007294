package web

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	decisionsview "github.com/police-ict/handover/views/decisions"
)

const delegationsPage = 50

func (s *Server) delegationsRoutes() {
	const one = "/authority/delegations/:id"
	s.data("/authority/delegations", office.Public, s.delegations)
	s.confirm("/authority/delegations/new", office.DelegateOffice, true, s.delegationForm, s.delegationCheck, s.delegate)
	s.data(one, office.Public, s.delegation)
	// Whom a delegation lets act, or end it, is in the delegation itself.
	s.confirm(one+"/pass-on", office.SignedIn, true, s.delegationForm, s.delegationCheck, s.delegate)
	s.form(one+"/end", office.SignedIn, s.endDelegationForm, s.endDelegation)
}

// delegationJSON is a delegation with whether it has force on a day.
type delegationJSON struct {
	authority.Delegation
	InForce bool   `json:"in_force"`
	Why     string `json:"why_not,omitempty"`
}

func delegationJSONOf(all []decisions.Standing) []delegationJSON {
	out := []delegationJSON{}
	for _, d := range all {
		out = append(out, delegationJSON{d.Delegation, d.Why == "", d.Why})
	}
	return out
}

type delegationsJSON struct {
	AsAt        civil.Day        `json:"as_at"`
	Delegations []delegationJSON `json:"delegations"`
}

// delegationFilter reads which delegations an address asks for.
func delegationFilter(c echo.Context) (f decisions.DelegationFilter, err error) {
	f.All = asked(c, "all") == "yes"
	f.Body, err = askedBody(c)
	return f, err
}

// askedBody is the slug of the body that an address names, "" where it names none.
func askedBody(c echo.Context) (string, error) {
	name := asked(c, "body")
	if name == "" {
		return "", nil
	}
	b, ok := office.BodyOf(name)
	if !ok {
		return "", fault.Field("body", "There is no such body: choose one from the list.")
	}
	return b.Slug, nil
}

func (s *Server) delegations(c echo.Context) (answer, error) {
	f, err := delegationFilter(c)
	if err != nil {
		return answer{}, err
	}
	at, err := s.moment(c)
	if err != nil {
		return answer{}, err
	}
	all, err := decisions.DelegationList(ctx(c), s.store, at, f)
	if err != nil {
		return answer{}, err
	}
	l := decisionsview.DelegationList{Moment: at, Filter: f, Count: len(all)}
	if l.Page, l.Pages, l.From, err = pageAsked(c, l.Count, delegationsPage); err != nil {
		return answer{}, err
	}
	l.Rows = all[l.From:min(l.From+delegationsPage, l.Count)]
	return answer{Page: decisionsview.Delegations(l), JSON: delegationsJSON{at.Day, delegationJSONOf(all)}, CSV: rowsOf(delegationRows(at, all))}, nil
}

func delegationRows(at record.Moment, all []decisions.Standing) (header []string, rows [][]string) {
	for _, d := range all {
		limit, parent := "", ""
		if d.Limited {
			limit = strconv.FormatInt(int64(d.Limit), 10)
		}
		if d.PassedOn != 0 {
			parent = strconv.FormatInt(d.PassedOn, 10)
		}
		rows = append(rows, []string{string(at.Day), strconv.FormatInt(d.ID, 10), d.From.Body, d.From.Title, d.To.Body, d.To.Title, d.Function, d.Matter, limit,
			string(d.First), string(d.Last), strconv.FormatBool(d.MayPassOn), parent, strconv.FormatBool(d.Why == ""), d.Why})
	}
	return []string{"as_at", "id", "from_body", "from_office", "to_body", "to_office", "function", "matter", "limit_pence", "from", "to", "may_be_passed_on", "passed_on_from",
		"in_force", "why_not"}, rows
}

type delegationPageJSON struct {
	AsAt civil.Day `json:"as_at"`
	delegationJSON
	Up   []delegationJSON `json:"chain"` // that it was passed on from, the nearest first
	Down []delegationJSON `json:"passed_on_to"`
}

func (s *Server) delegation(c echo.Context) (answer, error) {
	id, err := number(c, "id")
	if err != nil {
		return answer{}, err
	}
	at, err := s.moment(c)
	if err != nil {
		return answer{}, err
	}
	a, err := decisions.ReadDelegationPage(ctx(c), s.store, at, id, historyMost)
	if err != nil {
		return answer{}, err
	}
	out := delegationPageJSON{at.Day, delegationJSONOf([]decisions.Standing{a.Standing})[0], delegationJSONOf(a.Up), delegationJSONOf(a.Down)}
	return answer{Page: decisionsview.Delegation(at, a), JSON: out, CSV: rowsOf(delegationRows(at, []decisions.Standing{a.Standing}))}, nil
}

// parent is the delegation that an address passes on, if the person may; none
// where it names none.
func (s *Server) parent(c echo.Context) (d authority.Delegation, err error) {
	if c.Param("id") == "" {
		return d, nil
	}
	id, err := number(c, "id")
	if err != nil {
		return d, err
	}
	if d, err = decisions.FindDelegation(ctx(c), s.store, record.Moment{}, id); err != nil {
		return d, err
	}
	return d, d.MayPass(viewer(c), civil.DayOf(s.store.Now()))
}

func (s *Server) delegationForm(c echo.Context) (templ.Component, error) {
	parent, err := s.parent(c)
	if err != nil {
		return nil, err
	}
	body, ok := office.BodyOf(cmp.Or(c.FormValue("body"), viewer(c).Office.Body))
	if !ok {
		return nil, fault.Field("body", "There is no such body: choose one from the list.")
	}
	offices, err := office.AtBody(ctx(c), s.store, body.Slug)
	return decisionsview.DelegationForm(parent, body, offices), err
}

// delegationSent is the delegation of a sent form, as it would be made.
func (s *Server) delegationSent(c echo.Context) (authority.Delegation, error) {
	parent, err := s.parent(c)
	if err != nil {
		return parent, err
	}
	var f fault.Faults
	d := authority.Delegation{Function: c.FormValue("function"), Matter: strings.TrimSpace(c.FormValue("matter")), First: formDay(c, &f, "from"), Last: formDay(c, &f, "to"),
		MayPassOn: c.FormValue("pass_on") == "yes", PassedOn: parent.ID}
	if parent.ID != 0 {
		d.Function = parent.Function
	}
	if d.To.ID, err = strconv.ParseInt(c.FormValue("office"), 10, 64); err != nil {
		d.To.ID = 0 // which no office has
	}
	if limit := strings.TrimSpace(c.FormValue("limit")); limit != "" {
		d.Limited = true
		if d.Limit, err = money.ParsePence(limit); f.Take("limit", err) != nil {
			return d, err
		}
	}
	made, err := decisions.ForeseeDelegation(ctx(c), s.store, viewer(c), d)
	return made, joined(f, err)
}

func (s *Server) delegationCheck(c echo.Context) (templ.Component, error) {
	d, err := s.delegationSent(c)
	return decisionsview.DelegationCheck(d), err
}

func (s *Server) delegate(c echo.Context) (string, error) {
	d, err := s.delegationSent(c)
	if err != nil {
		return "", err
	}
	id, err := decisions.Delegate(ctx(c), s.store, viewer(c), d)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("/authority/delegations/%d", id), s.told(c, fmt.Sprintf("%s may now act under delegation %d, from %s.", d.To.Title, id, d.First))
}

func (s *Server) endDelegationForm(c echo.Context) (templ.Component, error) {
	id, err := number(c, "id")
	if err != nil {
		return nil, err
	}
	d, err := decisions.FindDelegation(ctx(c), s.store, record.Moment{}, id)
	if err == nil {
		err = d.MayEnd(viewer(c), civil.DayOf(s.store.Now()))
	}
	return decisionsview.EndDelegationForm(d), err
}

func (s *Server) endDelegation(c echo.Context) (string, error) {
	id, err := number(c, "id")
	if err != nil {
		return "", err
	}
	var f fault.Faults
	last := formDay(c, &f, "to")
	if err := joined(f, decisions.EndDelegation(ctx(c), s.store, viewer(c), id, last)); err != nil { // refuses a day that could not be read
		return "", err
	}
	return fmt.Sprintf("/authority/delegations/%d", id), s.told(c, "The last day of the delegation is "+last.String()+".")
}
