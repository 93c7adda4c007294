package web

import (
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	decisionsview "github.com/police-ict/handover/views/decisions"
)

// decisionAuthority tries who may act in a decision, on any day.
func (s *Server) decisionAuthority(c echo.Context) (answer, error) {
	w, err := s.when(c)
	if err != nil {
		return answer{}, err
	}
	person, err := askedNumber(c, "person", "Give the person by their number.")
	if err != nil {
		return answer{}, err
	}
	t, err := decisions.TryAuthority(ctx(c), s.store, viewer(c), c.Param("ref"), person, w)
	if err != nil {
		return answer{}, err
	}
	if to, moved := onward(c, t.Decision); moved {
		return answer{Goes: to}, nil
	}
	told := triedJSON{Ref: t.Address(), AsAt: t.Facts.On, Known: max(t.Facts.Known, 0), Scheme: t.Facts.Scheme.Version, Authority: []appliedJSON{}}
	var rows [][]string
	for _, a := range t.All {
		all := rulesOf(a, authority.Votes, 0, 0)
		told.Authority = append(told.Authority, all...)
		for _, r := range all {
			rows = append(rows, []string{string(told.AsAt), whole(told.Known), t.Address(), whole(r.Person), r.Office, r.Body, r.Elector, yesNo(r.May), r.Rule, r.Fact, r.Result})
		}
	}
	header := []string{"as_at", "known_event", "ref", "person", "office", "body", "elector", "may", "rule", "fact", "result"}
	return answer{Page: decisionsview.DecisionAuthority(t), JSON: told, CSV: rowsOf(header, rows)}, nil
}

// triedJSON is who may act in a decision on a day, a row for each rule.
type triedJSON struct {
	Ref       string        `json:"ref"`
	AsAt      civil.Day     `json:"as_at"`
	Known     int64         `json:"known_event"`
	Scheme    int64         `json:"scheme"`
	Authority []appliedJSON `json:"authority"`
}
