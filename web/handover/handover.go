package handover

import (
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	handoverview "github.com/police-ict/handover/views/handover"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) handoverRoutes() {
	s.Data("/handover", office.Public, s.handover, serve.AsAt())
}

// handoverAt works out the handover at the day that an address asks for.
func (s pages) handoverAt(c echo.Context) (handover.Handover, error) {
	m, err := s.Moment(c)
	if err != nil {
		return handover.Handover{}, err
	}
	return handover.Read(serve.Ctx(c), s.Store, m)
}

type handoverJSON struct {
	AsAt       civil.Day                        `json:"as_at"`
	Event      int64                            `json:"event"`
	Known      int64                            `json:"known_event"` // the same
	Ready      bool                             `json:"ready"`
	Completed  civil.Day                        `json:"completed_on,omitempty"`
	Conditions []handover.Condition             `json:"conditions"`
	Bodies     map[handover.AccessionStatus]int `json:"bodies"`
}

func (s pages) handover(c echo.Context) (serve.Answer, error) {
	h, err := s.handoverAt(c)
	if err != nil {
		return serve.Answer{}, err
	}
	out := handoverJSON{AsAt: h.Moment.Day, Event: h.Known, Known: h.Known, Ready: h.Ready(), Completed: h.Programme.CompletedOn,
		Conditions: h.Conditions, Bodies: map[handover.AccessionStatus]int{}}
	for _, st := range handover.AccessionStatuses {
		out.Bodies[st] = h.Count(st)
	}
	return serve.Answer{Page: handoverview.Handover(h), JSON: out, CSV: serve.CSVOf(conditionColumns(string(h.Moment.Day)), h.Conditions...)}, nil
}

// conditionColumns are the columns of the conditions of the handover.
func conditionColumns(day string) []serve.Column[handover.Condition] {
	return []serve.Column[handover.Condition]{
		{Name: "as_at", Value: func(handover.Condition) string { return day }},
		{Name: "id", Value: func(d handover.Condition) string { return d.ID }},
		{Name: "condition", Value: func(d handover.Condition) string { return d.Title }},
		{Name: "state", Value: func(d handover.Condition) string { return string(d.State) }},
		{Name: "evidence", Value: func(d handover.Condition) string { return d.Evidence }},
		{Name: "would_meet_it", Value: func(d handover.Condition) string { return d.Would }},
		{Name: "overridden_by", Value: func(d handover.Condition) string { return d.Override }},
	}
}
