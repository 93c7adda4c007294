package web

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/documents"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	handoverview "github.com/police-ict/handover/views/handover"
	pageview "github.com/police-ict/handover/views/page"
	recordview "github.com/police-ict/handover/views/record"
)

func (s *Server) accessionsRoutes() {
	s.data("/handover/bodies", office.Public, s.accessions)
	s.get("/handover/bodies/:body", office.Public, s.accession)
	var had []office.Act
	for _, m := range handover.AccessionLife {
		if slices.Contains(had, m.Act) {
			continue
		}
		had = append(had, m.Act)
		path := "/handover/bodies/:body/" + string(m.Act)
		s.takesFile(path)
		s.confirm(path, m.Need, true, s.stepForm(m.Act), s.stepCheck(m.Act), s.takeStep(m.Act))
	}
	s.add(http.MethodGet, "/documents/:id", office.Public, s.document)
	s.post("/documents/:id/publish", office.SignedIn, s.publish)
}

func (s *Server) accessions(c echo.Context) (answer, error) {
	h, err := s.handoverAt(c)
	if err != nil {
		return answer{}, err
	}
	f := handoverview.AccessionFilter{Step: handover.AccessionStatus(asked(c, "step")), Region: asked(c, "region"), Words: asked(c, "q")}
	shown := f.Choose(h)
	rows, list := [][]string{}, []map[string]any{}
	for _, a := range shown {
		b, _ := office.BodyOf(a.Body)
		rows = append(rows, []string{string(h.Moment.Day), a.Body, b.Name, b.Region, string(a.Status), string(a.Since()), strconv.Itoa(len(a.Steps))})
		list = append(list, map[string]any{"body": a.Body, "name": b.Name, "region": b.Region, "status": a.Status, "since": a.Since(), "steps": a.Steps})
	}
	return answer{Page: handoverview.Accessions(h, f, shown), JSON: map[string]any{"as_at": h.Moment.Day, "event": h.Known, "bodies": list},
		CSV: rowsOf([]string{"as_at", "body", "name", "region", "status", "since", "steps"}, rows)}, nil
}

func (s *Server) accession(c echo.Context) (templ.Component, error) {
	m, err := s.moment(c)
	if err != nil {
		return nil, err
	}
	p, err := handover.ReadAccessionPage(ctx(c), s.store, m, c.Param("body"))
	return handoverview.Accession(p), err
}

func (s *Server) stepForm(act office.Act) page {
	return func(c echo.Context) (templ.Component, error) {
		p, err := handover.ReadAccessionPage(ctx(c), s.store, record.Moment{}, c.Param("body"))
		if err != nil {
			return nil, err
		}
		if _, err := p.Accession.After(act, viewer(c)); err != nil {
			return nil, err
		}
		return handoverview.StepForm(p, act), nil
	}
}

// stepFrom reads a step from a sent form. A file sent with it is kept as a
// draft, whose number the form carries from then on.
func (s *Server) stepFrom(c echo.Context, act office.Act) (handover.Step, error) {
	var f fault.Faults
	st := handover.Step{Act: act, Reason: c.FormValue("reason"), Reference: c.FormValue("reference"), DecidedBy: c.FormValue("by"), Decider: c.FormValue("decider")}
	if act == handover.ActResolve {
		st.DecidedOn = formDay(c, &f, "decided")
	}
	doc, err := s.draftFrom(c)
	if err := f.Take("file", err); err != nil {
		return st, err
	}
	st.Document = doc
	return st, f.Err()
}

// draftFrom keeps the file of a form, or finds the draft that it carries.
func (s *Server) draftFrom(c echo.Context) (int64, error) {
	file, err := c.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		n, _ := strconv.ParseInt(c.FormValue("document"), 10, 64) // 0 is none: the store says so
		return n, nil
	}
	if err != nil {
		return 0, err
	}
	if file.Size > documents.MaxBytes {
		return 0, fault.Field("file", "The file is larger than 20 MB and was not kept: choose a smaller one.")
	}
	r, err := file.Open()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	content, err := io.ReadAll(r)
	if err != nil {
		return 0, err
	}
	id, err := documents.KeepDraft(ctx(c), s.store, viewer(c), file.Filename, content)
	if err == nil {
		c.Request().Form.Set("document", strconv.FormatInt(id, 10))
	}
	return id, err
}

func (s *Server) stepCheck(act office.Act) page {
	return func(c echo.Context) (templ.Component, error) {
		st, err := s.stepFrom(c, act)
		if err != nil {
			return nil, inOrder(s.withOthers(c, st, err), stepFields)
		}
		before, after, err := handover.TryStep(ctx(c), s.store, viewer(c), c.Param("body"), st)
		if err != nil {
			return nil, inOrder(err, stepFields)
		}
		var doc documents.Document
		if st.Document != 0 {
			if doc, err = documents.Find(ctx(c), s.store, viewer(c), st.Document); err != nil {
				return nil, fault.Field("file", "Choose the file again: it was kept for a day only.")
			}
		}
		return handoverview.StepCheck(before, after, doc), nil
	}
}

var stepFields = []string{"decided", "by", "decider", "reference", "file", "reason"}

// inOrder puts the faults of a form in the order of its fields.
func inOrder(err error, fields []string) error {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		slices.SortStableFunc(e.Faults, func(a, b fault.Fault) int {
			return cmp.Compare(slices.Index(fields, a.Field), slices.Index(fields, b.Field))
		})
	}
	return err
}

// withOthers adds to a fault of one field what else is wrong with the form, so
// that all is told at once.
func (s *Server) withOthers(c echo.Context, st handover.Step, err error) error {
	var f fault.Faults
	if err := f.Take("", err); err != nil {
		return err
	}
	st.Document = max(st.Document, 1) // its fault is told already
	if _, _, more := handover.TryStep(ctx(c), s.store, viewer(c), c.Param("body"), st); more != nil {
		var g fault.Faults
		if err := g.Take("", more); err != nil {
			return err
		}
		for _, one := range g {
			if !slices.ContainsFunc(f, func(had fault.Fault) bool { return had.Field == one.Field }) {
				f = append(f, one)
			}
		}
	}
	return f.Err()
}

func (s *Server) takeStep(act office.Act) step {
	return func(c echo.Context) (string, error) {
		st, err := s.stepFrom(c, act)
		if err != nil {
			return "", err
		}
		body := c.Param("body")
		if err := handover.TakeStep(ctx(c), s.store, viewer(c), body, st); err != nil {
			return "", err
		}
		return "/handover/bodies/" + body, s.told(c, fmt.Sprintf("%s: %s.", office.ShortName(body), recordview.ActInWords("accession."+string(act))))
	}
}

// document sends a document as a download, whatever it is.
func (s *Server) document(c echo.Context) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	d, content, err := documents.Content(ctx(c), s.store, viewer(c), id)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(d.Name))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	return c.Blob(http.StatusOK, d.Type, content)
}

func (s *Server) publish(c echo.Context) (string, error) {
	id, err := number(c, "id")
	if err != nil {
		return "", err
	}
	d, err := documents.Find(ctx(c), s.store, viewer(c), id)
	if err != nil {
		return "", err
	}
	if err := documents.Publish(ctx(c), s.store, viewer(c), id); err != nil {
		return "", err
	}
	return "/handover/bodies/" + pageview.AfterSlash(d.Subject), s.told(c, d.Title+" published: anyone can read it now.")
}
