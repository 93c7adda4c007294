package web

import (
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	handoverview "github.com/police-ict/handover/views/handover"
)

func (s *Server) handoverRoutes() {
	s.data("/handover", office.Public, s.handover)
}

// moment reads the day of the handover that an address asks for.
func (s *Server) moment(c echo.Context) (record.Moment, error) {
	asAt, err := askedDay(c, "as_at", "day")
	if err != nil {
		return record.Moment{}, err
	}
	return register.MomentOf(ctx(c), s.store, asAt)
}

// handoverAt works out the handover at the day that an address asks for.
func (s *Server) handoverAt(c echo.Context) (handover.Handover, error) {
	m, err := s.moment(c)
	if err != nil {
		return handover.Handover{}, err
	}
	return handover.Read(ctx(c), s.store, m)
}

type handoverJSON struct {
	AsAt       civil.Day                        `json:"as_at"`
	Event      int64                            `json:"event"`
	Ready      bool                             `json:"ready"`
	Completed  civil.Day                        `json:"completed_on,omitempty"`
	Conditions []handover.Condition             `json:"conditions"`
	Bodies     map[handover.AccessionStatus]int `json:"bodies"`
}

func (s *Server) handover(c echo.Context) (answer, error) {
	h, err := s.handoverAt(c)
	if err != nil {
		return answer{}, err
	}
	out := handoverJSON{AsAt: h.Moment.Day, Event: h.Known, Ready: h.Ready(), Completed: h.Programme.CompletedOn,
		Conditions: h.Conditions, Bodies: map[handover.AccessionStatus]int{}}
	for _, st := range handover.AccessionStatuses {
		out.Bodies[st] = h.Count(st)
	}
	var rows [][]string
	for _, d := range h.Conditions {
		rows = append(rows, []string{string(h.Moment.Day), d.ID, d.Title, string(d.State), d.Evidence, d.Would, d.Override})
	}
	return answer{Page: handoverview.Handover(h), JSON: out,
		CSV: rowsOf([]string{"as_at", "id", "condition", "state", "evidence", "would_meet_it", "overridden_by"}, rows)}, nil
}
