package web

import (
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/views"
)

func (s *Server) handoverRoutes() {
	s.data("/handover", store.Public, s.handover)
}

// moment reads the day of the handover that an address asks for.
func (s *Server) moment(c echo.Context) (store.Moment, error) {
	asAt, err := askedDay(c, "as_at", "day")
	if err != nil {
		return store.Moment{}, err
	}
	return s.store.Moment(ctx(c), asAt)
}

// handoverAt works out the handover at the day that an address asks for.
func (s *Server) handoverAt(c echo.Context) (store.Handover, error) {
	m, err := s.moment(c)
	if err != nil {
		return store.Handover{}, err
	}
	return s.store.Handover(ctx(c), m)
}

type handoverJSON struct {
	AsAt       store.Day                     `json:"as_at"`
	Event      int64                         `json:"event"`
	Ready      bool                          `json:"ready"`
	Completed  store.Day                     `json:"completed_on,omitempty"`
	Conditions []store.Condition             `json:"conditions"`
	Bodies     map[store.AccessionStatus]int `json:"bodies"`
}

func (s *Server) handover(c echo.Context) (answer, error) {
	h, err := s.handoverAt(c)
	if err != nil {
		return answer{}, err
	}
	out := handoverJSON{AsAt: h.Moment.Day, Event: h.Known, Ready: h.Ready(), Completed: h.Programme.CompletedOn,
		Conditions: h.Conditions, Bodies: map[store.AccessionStatus]int{}}
	for _, st := range store.AccessionStatuses {
		out.Bodies[st] = h.Count(st)
	}
	var rows [][]string
	for _, d := range h.Conditions {
		rows = append(rows, []string{string(h.Moment.Day), d.ID, d.Title, string(d.State), d.Evidence, d.Would, d.Override})
	}
	return answer{Page: views.Handover(h), JSON: out,
		CSV: rowsOf([]string{"as_at", "id", "condition", "state", "evidence", "would_meet_it", "overridden_by"}, rows)}, nil
}
