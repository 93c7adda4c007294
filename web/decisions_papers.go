package web

import (
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/decisions"
	decisionsview "github.com/police-ict/handover/views/decisions"
)

func (s *Server) paperVersion(c echo.Context) (answer, error) {
	version, err := number(c, "version")
	if err != nil {
		return answer{}, err
	}
	p, err := decisions.ReadPaper(ctx(c), s.store, viewer(c), c.Param("ref"), version)
	if err != nil {
		return answer{}, err
	}
	if to, moved := onward(c, p.Decision); moved {
		return answer{Goes: to}, nil
	}
	return answer{Page: decisionsview.PaperVersion(p), JSON: paperAsJSON(p)}, nil
}

type changeJSON struct {
	Field string `json:"field"`
	Was   string `json:"was"`
	Now   string `json:"now"`
}

// paperJSON is one version of a paper, with what it changed.
type paperJSON struct {
	Ref string `json:"ref"`
	authority.PaperVersion
	Event   int64               `json:"event"`
	Last    int64               `json:"last_version"`
	Changes []changeJSON        `json:"changes"`
	Voided  []authority.Ballot  `json:"voided"`
	Views   []decisions.Opinion `json:"views"`
	Part2   string              `json:"part_2,omitempty"`
}

func paperAsJSON(p decisions.PaperPage) paperJSON {
	out := paperJSON{Ref: p.Address(), PaperVersion: p.This, Event: p.This.N, Last: p.Version, Changes: []changeJSON{},
		Voided: append([]authority.Ballot{}, p.Voided...), Views: append([]decisions.Opinion{}, p.Views...), Part2: p.Part2}
	for _, d := range p.Changes() {
		out.Changes = append(out.Changes, changeJSON{d.Field, d.Old, d.New})
	}
	return out
}

// latestNotice is the notice as it stands.
func (s *Server) latestNotice(c echo.Context) (answer, error) { return s.noticeOf(c, 0) }

func (s *Server) noticeVersion(c echo.Context) (answer, error) {
	version, err := number(c, "version")
	if err != nil {
		return answer{}, err
	}
	return s.noticeOf(c, version)
}

// noticeOf is a version of the notice; 0 is the last.
func (s *Server) noticeOf(c echo.Context, version int64) (answer, error) {
	d, err := decisions.ReadNotice(ctx(c), s.store, viewer(c), c.Param("ref"), version)
	if err != nil {
		return answer{}, err
	}
	if to, moved := onward(c, d.Decision); moved {
		return answer{Goes: to}, nil
	}
	v := decisionsview.NoticeView{Page: d, Version: int(d.Notice)}
	if s.options.PublicURL != nil {
		v.Base = s.options.PublicURL.String()
	}
	return answer{Page: decisionsview.DecisionNotice(v)}, nil
}
