package decisions

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
	decisionsview "github.com/police-ict/handover/views/decisions"
	"github.com/police-ict/handover/views/page"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) delegationsRoutes() {
	const one = "/authority/delegations/:id"
	s.Data("/authority/delegations", office.Public, s.delegations, serve.One("body", "all"), serve.Sorted(), serve.AsAt())
	s.Confirm("/authority/delegations/new", office.DelegateOffice, true, s.delegationForm, s.delegationCheck, s.delegate, serve.One("body"))
	s.Data(one, office.Public, s.delegation, serve.AsAt())
	// Whom a delegation lets act, or end it, is in the delegation itself.
	s.Confirm(one+"/pass-on", office.SignedIn, true, s.delegationForm, s.delegationCheck, s.delegate, serve.One("body"))
	s.Form(one+"/end", office.SignedIn, s.endDelegationForm, s.endDelegation)
}

// delegationJSON is a delegation with whether it has force on a day.
type delegationJSON struct {
	authority.Delegation
	InForce bool   `json:"in_force"`
	Why     string `json:"why_not,omitempty"`
	Idle    string `json:"nobody_may_act,omitempty"` // why, though it is in force
}

func delegationJSONOf(all []decisions.Standing) []delegationJSON {
	out := []delegationJSON{}
	for _, d := range all {
		out = append(out, delegationJSON{d.Delegation, d.Why == "", d.Why, d.Idle})
	}
	return out
}

// DelegationsJSON is the list of delegations as JSON.
type DelegationsJSON struct {
	AsAt        civil.Day        `json:"as_at"`
	Delegations []delegationJSON `json:"delegations"`
}

// delegationFilter reads which delegations an address asks for.
func delegationFilter(c echo.Context) (f decisions.DelegationFilter, err error) {
	var bad fault.Faults
	f.All = serve.AskedYes(c, &bad, "all")
	if f.Body, err = askedBody(c); bad.Take("body", err) != nil {
		return f, err
	}
	return f, bad.Err()
}

// askedBody is the slug of the body that an address names, "" where it names none.
func askedBody(c echo.Context) (string, error) {
	name := serve.Asked(c, "body")
	if name == "" {
		return "", nil
	}
	b, ok := office.BodyOf(name)
	if !ok {
		return "", fault.Field("body", "Choose a body from the list.")
	}
	return b.Slug, nil
}

func (s pages) delegations(c echo.Context) (serve.Answer, error) {
	f, err := delegationFilter(c)
	if err != nil {
		return serve.Answer{}, err
	}
	at, err := s.Moment(c)
	if err != nil {
		return serve.Answer{}, err
	}
	all, err := decisions.DelegationList(serve.Ctx(c), s.Store, at, f)
	if err != nil {
		return serve.Answer{}, err
	}
	columns := delegationColumns(at)
	l := decisionsview.DelegationList{Moment: at, Filter: f, Count: len(all)}
	var bad fault.Faults
	l.Sort = serve.AskedSort(c, &bad, serve.Keys(columns), decisionsview.DelegationsSort)
	if err := bad.Err(); err != nil {
		return serve.Answer{}, err
	}
	sorted(all, l.Sort, map[string]func(a, b decisions.Standing) int{
		"number": func(a, b decisions.Standing) int { return cmp.Compare(a.ID, b.ID) },
		"date":   func(a, b decisions.Standing) int { return cmp.Compare(a.First, b.First) },
		"limit":  func(a, b decisions.Standing) int { return cmp.Compare(limitOf(a), limitOf(b)) },
	})
	from := 0
	if l.Page, l.Pages, from, err = serve.AskedPage(c, l.Count, db.PageRows); err != nil {
		return serve.Answer{}, err
	}
	l.Rows = all[from:min(from+db.PageRows, l.Count)]
	return serve.Answer{Page: decisionsview.Delegations(l, columns), JSON: DelegationsJSON{at.Day, delegationJSONOf(all)}, CSV: serve.CSVOf(columns, all...)}, nil
}

// sorted puts rows into an order by one of its keys; rows that are alike stay as
// they are.
func sorted[T any](rows []T, s db.Sort, by map[string]func(a, b T) int) {
	slices.SortStableFunc(rows, func(a, b T) int {
		if s.Down {
			a, b = b, a
		}
		return by[s.Key](a, b)
	})
}

// limitOf is a limit to sort by: none is above all others.
func limitOf(d decisions.Standing) money.Pence {
	if !d.Limited {
		return money.MaxValue + 1
	}
	return d.Limit
}

// delegationColumns are the columns of the delegations at a moment.
func delegationColumns(at record.Moment) []serve.Column[decisions.Standing] {
	day := string(at.Day)
	return []serve.Column[decisions.Standing]{
		{Name: "as_at", Value: func(decisions.Standing) string { return day }},
		{Name: "id", Value: func(d decisions.Standing) string { return serve.Digits(d.ID) },
			Label: "Number", Key: "number", Lead: true, Cell: func(d decisions.Standing) templ.Component { return decisionsview.DelegationCell(d, at) }},
		{Name: "from_body", Value: func(d decisions.Standing) string { return d.From.Body }},
		{Name: "from_office", Value: func(d decisions.Standing) string { return d.From.Title }, Label: "From", Cell: func(d decisions.Standing) templ.Component { return decisionsview.OfficeAt(d.From) }},
		{Name: "to_body", Value: func(d decisions.Standing) string { return d.To.Body }},
		{Name: "to_office", Value: func(d decisions.Standing) string { return d.To.Title }, Label: "To", Cell: func(d decisions.Standing) templ.Component { return decisionsview.OfficeAt(d.To) }},
		{Name: "function", Value: func(d decisions.Standing) string { return d.Function }, Label: "Purpose", Cell: func(d decisions.Standing) templ.Component { return decisionsview.PurposeCell(d) }},
		{Name: "matter", Value: func(d decisions.Standing) string { return d.Matter }},
		{Name: "limit_pence", Value: func(d decisions.Standing) string {
			if !d.Limited {
				return ""
			}
			return serve.Digits(d.Limit)
		}, Label: "Limit", Key: "limit", Numeric: true, Down: true, Side: true, Cell: func(d decisions.Standing) templ.Component { return decisionsview.LimitCell(d) }},
		{Name: "from", Value: func(d decisions.Standing) string { return string(d.First) },
			Label: "In force", Key: "date", Down: true, Cell: func(d decisions.Standing) templ.Component {
				return page.TextCell(text.Capital(page.SpanWords(d.First, d.Last)))
			}},
		{Label: "Status", Side: true, Cell: func(d decisions.Standing) templ.Component { return decisionsview.DelegationStatus(d, at) }},
		{Name: "to", Value: func(d decisions.Standing) string { return string(d.Last) }},
		{Name: "may_be_passed_on", Value: func(d decisions.Standing) string { return strconv.FormatBool(d.MayPassOn) }},
		{Name: "passed_on_from", Value: func(d decisions.Standing) string {
			if d.PassedOn == 0 {
				return ""
			}
			return serve.Digits(d.PassedOn)
		}},
		{Name: "in_force", Value: func(d decisions.Standing) string { return strconv.FormatBool(d.Why == "") }},
		{Name: "why_not", Value: func(d decisions.Standing) string { return d.Why }},
		{Name: "nobody_may_act", Value: func(d decisions.Standing) string { return d.Idle }},
	}
}

// DelegationPageJSON is the page of a delegation as JSON.
type DelegationPageJSON struct {
	AsAt civil.Day `json:"as_at"`
	delegationJSON
	Up   []delegationJSON `json:"chain"` // that it was passed on from, the nearest first
	Down []delegationJSON `json:"passed_on_to"`
}

func (s pages) delegation(c echo.Context) (serve.Answer, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return serve.Answer{}, err
	}
	at, err := s.Moment(c)
	if err != nil {
		return serve.Answer{}, err
	}
	a, err := decisions.ReadDelegationPage(serve.Ctx(c), s.Store, at, id, serve.HistoryMost)
	if err != nil {
		return serve.Answer{}, err
	}
	out := DelegationPageJSON{at.Day, delegationJSONOf([]decisions.Standing{a.Standing})[0], delegationJSONOf(a.Up), delegationJSONOf(a.Down)}
	return serve.Answer{Page: decisionsview.Delegation(at, a), JSON: out, CSV: serve.CSVOf(delegationColumns(at), a.Standing)}, nil
}

// parent is the delegation that an address passes on, if the person may; none
// where it names none.
func (s pages) parent(c echo.Context) (d authority.Delegation, err error) {
	if c.Param("id") == "" {
		return d, nil
	}
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return d, err
	}
	if d, err = decisions.FindDelegation(serve.Ctx(c), s.Store, record.Moment{}, id); err != nil {
		return d, err
	}
	return d, d.MayPass(serve.Viewer(c), civil.DayOf(s.Store.Now()))
}

func (s pages) delegationForm(c echo.Context) (templ.Component, error) {
	parent, err := s.parent(c)
	if err != nil {
		return nil, err
	}
	body, ok := office.BodyOf(cmp.Or(c.FormValue("body"), serve.Viewer(c).Office.Body))
	if !ok {
		return nil, fault.Field("body", "Choose a body from the list.")
	}
	offices, err := office.AtBody(serve.Ctx(c), s.Store, body.Slug)
	return decisionsview.DelegationForm(parent, body, offices), err
}

// delegationSent is the delegation of a sent form, as it would be made.
func (s pages) delegationSent(c echo.Context) (made decisions.Standing, err error) {
	parent, err := s.parent(c)
	if err != nil {
		return made, err
	}
	var f fault.Faults
	d := authority.Delegation{Function: c.FormValue("function"), Matter: strings.TrimSpace(c.FormValue("matter")), First: serve.FormDay(c, &f, "from"), Last: serve.FormDay(c, &f, "to"),
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
			return made, err
		}
	}
	made, err = decisions.ForeseeDelegation(serve.Ctx(c), s.Store, serve.Viewer(c), d)
	return made, serve.JoinFaults(f, err)
}

func (s pages) delegationCheck(c echo.Context) (templ.Component, error) {
	d, err := s.delegationSent(c)
	return decisionsview.DelegationCheck(d), err
}

func (s pages) delegate(c echo.Context) (string, error) {
	d, err := s.delegationSent(c)
	if err != nil {
		return "", err
	}
	id, err := decisions.Delegate(serve.Ctx(c), s.Store, serve.Viewer(c), d.Delegation)
	if err != nil {
		return "", err
	}
	if d.Why+d.Idle != "" {
		return fmt.Sprintf("/authority/delegations/%d", id), s.Tell(c, fmt.Sprintf("Delegation %d has been recorded. Nobody could act under it on %s.", id, d.First))
	}
	return fmt.Sprintf("/authority/delegations/%d", id), s.Tell(c, fmt.Sprintf("%s may act from %s.", d.To.Title, d.First))
}

func (s pages) endDelegationForm(c echo.Context) (templ.Component, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return nil, err
	}
	d, err := decisions.FindDelegation(serve.Ctx(c), s.Store, record.Moment{}, id)
	if err == nil {
		err = d.MayEnd(serve.Viewer(c), civil.DayOf(s.Store.Now()))
	}
	return decisionsview.EndDelegationForm(d), err
}

func (s pages) endDelegation(c echo.Context) (string, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return "", err
	}
	var f fault.Faults
	last := serve.FormDay(c, &f, "to")
	if err := serve.JoinFaults(f, decisions.EndDelegation(serve.Ctx(c), s.Store, serve.Viewer(c), id, last)); err != nil { // refuses a day that could not be read
		return "", err
	}
	return fmt.Sprintf("/authority/delegations/%d", id), s.Tell(c, "The delegation ends at the end of "+last.String()+".")
}
