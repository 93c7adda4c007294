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
	person, err := serve.AskedNumber(c, "person", "Give the person by their number.")
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
	var rows [][]string
	for _, a := range t.All {
		all := rulesOf(a, authority.Votes, 0, 0)
		told.Authority = append(told.Authority, all...)
		for _, r := range all {
			rows = append(rows, []string{string(told.AsAt), serve.Digits(told.Known), t.Address(), serve.Digits(r.Person), r.Office, r.Body, r.Elector, serve.YesNo(r.May), r.Rule, r.Fact, r.Result})
		}
	}
	header := []string{"as_at", "known_event", "ref", "person", "office", "body", "elector", "may", "rule", "fact", "result"}
	return serve.Answer{Page: decisionsview.DecisionAuthority(t), JSON: told, CSV: serve.Rows(header, rows)}, nil
}

// TriedJSON is who may act in a decision on a day, a row for each rule.
type TriedJSON struct {
	Ref       string        `json:"ref"`
	AsAt      civil.Day     `json:"as_at"`
	Known     int64         `json:"known_event"`
	Scheme    int64         `json:"scheme"`
	Authority []appliedJSON `json:"authority"`
}
