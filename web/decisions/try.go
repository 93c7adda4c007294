package decisions

import (
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	decisionsview "github.com/police-ict/handover/views/decisions"
	"github.com/police-ict/handover/web/serve"
)

// decisionAuthority tries who may act in a decision, on any day.
func (s pages) decisionAuthority(c echo.Context) (serve.Answer, error) {
	w, err := s.When(c)
	if err != nil {
		return serve.Answer{}, err
	}
	person, err := serve.AskedNumber(c, "person", "Enter the number of a person.")
	if err != nil {
		return serve.Answer{}, err
	}
	t, err := decisions.TryAuthority(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("ref"), person, w)
	if err != nil {
		return serve.Answer{}, err
	}
	if to, moved := onward(c, t.Decision); moved {
		return serve.Answer{Goes: to}, nil
	}
	told := TriedJSON{Ref: t.Address(), AsAt: t.Facts.On, Known: max(t.Facts.Known, 0), Scheme: t.Facts.Scheme.Version, Authority: []appliedJSON{}}
	for _, a := range t.All {
		told.Authority = append(told.Authority, rulesOf(a, authority.Votes, 0, 0)...)
	}
	return serve.Answer{Page: decisionsview.DecisionAuthority(t), JSON: told, CSV: serve.CSVOf(triedColumns(told), told.Authority...)}, nil
}

// triedColumns are the columns of the rules that say who may act.
func triedColumns(t TriedJSON) []serve.Column[appliedJSON] {
	return []serve.Column[appliedJSON]{
		{Name: "as_at", Value: func(appliedJSON) string { return string(t.AsAt) }},
		{Name: "known_event", Value: func(appliedJSON) string { return serve.Digits(t.Known) }},
		{Name: "ref", Value: func(appliedJSON) string { return t.Ref }},
		{Name: "person", Value: func(r appliedJSON) string { return serve.Digits(r.Person) }},
		{Name: "office", Value: func(r appliedJSON) string { return r.Office }},
		{Name: "body", Value: func(r appliedJSON) string { return r.Body }},
		{Name: "elector", Value: func(r appliedJSON) string { return r.Elector }},
		{Name: "may", Value: func(r appliedJSON) string { return serve.YesNo(r.May) }},
		{Name: "rule", Value: func(r appliedJSON) string { return r.Rule }},
		{Name: "fact", Value: func(r appliedJSON) string { return r.Fact }},
		{Name: "result", Value: func(r appliedJSON) string { return r.Result }},
	}
}

// TriedJSON is who may act in a decision on a day, a row for each rule.
type TriedJSON struct {
	Ref       string        `json:"ref"`
	AsAt      civil.Day     `json:"as_at"`
	Known     int64         `json:"known_event"`
	Scheme    int64         `json:"scheme"`
	Authority []appliedJSON `json:"authority"`
}
