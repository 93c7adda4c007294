package decisions

import (
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/office"
	decisionsview "github.com/police-ict/handover/views/decisions"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) paperVersion(c echo.Context) (serve.Answer, error) {
	version, err := serve.PathNumber(c, "version")
	if err != nil {
		return serve.Answer{}, err
	}
	p, err := decisions.ReadPaper(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("ref"), version)
	if err != nil {
		return serve.Answer{}, err
	}
	if to, moved := onward(c, p.Decision); moved {
		return serve.Answer{Goes: to}, nil
	}
	if err := s.NoteReading(c, office.RestrictedPart, p.Part2 != ""); err != nil {
		return serve.Answer{}, err
	}
	return serve.Answer{Page: decisionsview.PaperVersion(p), JSON: paperAsJSON(p)}, nil
}

// ChangeJSON is one field that a version of a paper changed, as JSON.
type ChangeJSON struct {
	Field string `json:"field"`
	Was   string `json:"was"`
	Now   string `json:"now"`
}

// PaperJSON is one version of a paper, with what it changed.
type PaperJSON struct {
	Ref string `json:"ref"`
	authority.PaperVersion
	Event   int64               `json:"event"`
	Last    int64               `json:"last_version"`
	Changes []ChangeJSON        `json:"changes"`
	Voided  []authority.Ballot  `json:"voided"`
	Views   []decisions.Opinion `json:"views"`
	Part2   string              `json:"part_2,omitempty"`
}

func paperAsJSON(p decisions.PaperPage) PaperJSON {
	out := PaperJSON{Ref: p.Address(), PaperVersion: p.This, Event: p.This.N, Last: p.Version, Changes: []ChangeJSON{},
		Voided: append([]authority.Ballot{}, p.Voided...), Views: append([]decisions.Opinion{}, p.Views...), Part2: p.Part2}
	for _, d := range p.Changes() {
		out.Changes = append(out.Changes, ChangeJSON{d.Field, d.Old, d.New})
	}
	return out
}

// latestNotice is the notice as it stands.
func (s pages) latestNotice(c echo.Context) (serve.Answer, error) { return s.noticeOf(c, 0) }

func (s pages) noticeVersion(c echo.Context) (serve.Answer, error) {
	version, err := serve.PathNumber(c, "version")
	if err != nil {
		return serve.Answer{}, err
	}
	return s.noticeOf(c, version)
}

// noticeOf is a version of the notice; 0 is the last.
func (s pages) noticeOf(c echo.Context, version int64) (serve.Answer, error) {
	d, err := decisions.ReadNotice(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("ref"), version)
	if err != nil {
		return serve.Answer{}, err
	}
	if to, moved := onward(c, d.Decision); moved {
		return serve.Answer{Goes: to}, nil
	}
	v := decisionsview.NoticeView{Page: d, Version: int(d.Notice)}
	if s.Options.PublicURL != nil {
		v.Base = s.Options.PublicURL.String()
	}
	return serve.Answer{Page: decisionsview.DecisionNotice(v)}, nil
}
