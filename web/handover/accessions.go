package handover

import (
	"fmt"
	"net/http"
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
	"github.com/police-ict/handover/web/serve"
)

func (s pages) accessionsRoutes() {
	s.Data("/handover/bodies", office.Public, s.accessions, serve.One("step", "region", "q"), serve.AsAt(), serve.Sorted())
	s.Get("/handover/bodies/:body", office.Public, s.accession, serve.AsAt())
	var had []office.Act
	for _, m := range handover.AccessionLife {
		if slices.Contains(had, m.Act) {
			continue
		}
		had = append(had, m.Act)
		path := "/handover/bodies/:body/" + string(m.Act)
		s.TakesFile(path)
		s.Confirm(path, m.Need, true, s.stepForm(m.Act), s.stepCheck(m.Act), s.takeStep(m.Act))
	}
	s.Add(http.MethodGet, "/documents/:id", office.Public, s.document)
	s.Streams("/documents/:id")
	s.Post("/documents/:id/publish", office.SignedIn, s.publish)
}

func (s pages) accessions(c echo.Context) (serve.Answer, error) {
	h, err := s.handoverAt(c)
	if err != nil {
		return serve.Answer{}, err
	}
	f := handoverview.AccessionFilter{Step: handover.AccessionStatus(serve.Asked(c, "step")), Region: serve.Asked(c, "region"), Words: serve.Asked(c, "q")}
	var bad fault.Faults
	if f.Step != "" && !slices.Contains(handover.AccessionStatuses, f.Step) {
		bad.Add("step", "There is no such step. Choose one from the list.")
	}
	if f.Region != "" && !slices.Contains(office.Regions(), f.Region) {
		bad.Add("region", "There is no such region. Choose one from the list.")
	}
	columns := accessionColumns(h)
	f.Sort, f.Page = serve.AskedSort(c, &bad, serve.Keys(columns), handoverview.UsualAccessions), serve.AskedPageNumber(c, &bad)
	if err := bad.Err(); err != nil {
		return serve.Answer{}, err
	}
	p := handoverview.AccessionsPage{Handover: h, Filter: f, Chosen: f.Choose(h), Columns: columns}
	if p.Shown, p.Pages, err = serve.RowsOf(p.Chosen, f.Sort, f.Page, handoverview.AccessionOrders); err != nil {
		return serve.Answer{}, err
	}
	list := []map[string]any{}
	for _, a := range p.Chosen {
		b, _ := office.BodyOf(a.Body)
		list = append(list, map[string]any{"body": a.Body, "name": h.Register.Names.Of(a.Body), "region": b.Region, "status": a.Status, "since": a.Since(), "steps": a.Steps})
	}
	return serve.Answer{Page: handoverview.Accessions(p), JSON: map[string]any{"as_at": h.Moment.Day, "event": h.Known, "known_event": h.Known, "bodies": list},
		CSV: serve.CSVOf(columns, p.Chosen...)}, nil
}

// accessionColumns are the columns of the bodies on their way to membership.
func accessionColumns(h handover.Handover) []serve.Column[handover.Accession] {
	ofBody := func(value func(office.Body) string) func(handover.Accession) string {
		return func(a handover.Accession) string {
			b, _ := office.BodyOf(a.Body)
			return value(b)
		}
	}
	return []serve.Column[handover.Accession]{
		{Label: "Body", Key: "body", Lead: true, Cell: func(a handover.Accession) templ.Component { return handoverview.AccessionCell(a, h) }},
		{Label: "Region", Key: "region", Quiet: true, Cell: func(a handover.Accession) templ.Component {
			return pageview.TextCell(ofBody(func(b office.Body) string { return b.Region })(a))
		}},
		{Label: "Step", Key: "step", Side: true, Cell: func(a handover.Accession) templ.Component { return handoverview.StepCell(a) }},
		{Label: "Since", Key: "since", Down: true, Cell: func(a handover.Accession) templ.Component { return pageview.DayCell(a.Since()) }},
		{Label: "Decision notice", Cell: func(a handover.Accession) templ.Component { return pageview.TextCell(handoverview.NoticeOf(a)) }},
		{Name: "as_at", Value: func(handover.Accession) string { return string(h.Moment.Day) }},
		{Name: "body", Value: func(a handover.Accession) string { return a.Body }},
		{Name: "name", Value: func(a handover.Accession) string { return h.Register.Names.Of(a.Body) }},
		{Name: "region", Value: ofBody(func(b office.Body) string { return b.Region })},
		{Name: "status", Value: func(a handover.Accession) string { return string(a.Status) }},
		{Name: "since", Value: func(a handover.Accession) string { return string(a.Since()) }},
		{Name: "steps", Value: func(a handover.Accession) string { return strconv.Itoa(len(a.Steps)) }},
	}
}

func (s pages) accession(c echo.Context) (templ.Component, error) {
	m, err := s.Moment(c)
	if err != nil {
		return nil, err
	}
	p, err := handover.ReadAccessionPage(serve.Ctx(c), s.Store, m, c.Param("body"))
	return handoverview.Accession(p), err
}

func (s pages) stepForm(act office.Act) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		p, err := handover.ReadAccessionPage(serve.Ctx(c), s.Store, record.Moment{}, c.Param("body"))
		if err != nil {
			return nil, err
		}
		if _, err := p.Accession.After(act, serve.Viewer(c)); err != nil {
			return nil, err
		}
		return handoverview.StepForm(p, act), nil
	}
}

// stepFrom reads a step from a sent form. A file sent with it is kept as a
// draft, whose number the form carries from then on.
func (s pages) stepFrom(c echo.Context, act office.Act) (handover.Step, error) {
	var f fault.Faults
	st := handover.Step{Act: act, Reason: c.FormValue("reason"), Reference: c.FormValue("reference"), DecidedBy: c.FormValue("by"), Decider: c.FormValue("decider")}
	if act == handover.ActResolve {
		st.DecidedOn = serve.FormDay(c, &f, "decided")
	}
	doc, err := s.DraftFrom(c)
	if err := f.Take("file", err); err != nil {
		return st, err
	}
	st.Document = doc
	return st, f.Err()
}

func (s pages) stepCheck(act office.Act) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		st, err := s.stepFrom(c, act)
		if err != nil {
			return nil, serve.OrderFaults(s.withOthers(c, st, err), stepFields)
		}
		before, after, err := handover.TryStep(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("body"), st)
		if err != nil {
			return nil, serve.OrderFaults(err, stepFields)
		}
		var doc documents.Document
		if st.Document != 0 {
			if doc, err = documents.Find(serve.Ctx(c), s.Store, serve.Viewer(c), st.Document); err != nil {
				return nil, fault.Field("file", "Choose the file again. It was only kept for a day.")
			}
		}
		return handoverview.StepCheck(before, after, doc), nil
	}
}

var stepFields = []string{"decided", "by", "decider", "reference", "file", "reason"}

// withOthers adds to a fault of one field what else is wrong with the form, so
// that all is told at once.
func (s pages) withOthers(c echo.Context, st handover.Step, err error) error {
	var f fault.Faults
	if err := f.Take("", err); err != nil {
		return err
	}
	st.Document = max(st.Document, 1) // its fault is told already
	if _, _, more := handover.TryStep(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("body"), st); more != nil {
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

func (s pages) takeStep(act office.Act) serve.Step {
	return func(c echo.Context) (string, error) {
		st, err := s.stepFrom(c, act)
		if err != nil {
			return "", err
		}
		body := c.Param("body")
		if err := handover.TakeStep(serve.Ctx(c), s.Store, serve.Viewer(c), body, st); err != nil {
			return "", err
		}
		return "/handover/bodies/" + body, s.Tell(c, fmt.Sprintf("%s: %s.", office.ShortName(body), recordview.ActInWords("accession."+string(act))))
	}
}

// document sends a document as a download, whatever it is.
func (s pages) document(c echo.Context) error {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return err
	}
	d, content, err := documents.Content(serve.Ctx(c), s.Store, serve.Viewer(c), id)
	if err != nil {
		return err
	}
	if err := s.NoteReading(c, office.UnpublishedPaper, d.Subject != "" && !d.Published()); err != nil {
		return err
	}
	return s.SendFile(c, d.Name, d.Type, d.Hash, content)
}

func (s pages) publish(c echo.Context) (string, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return "", err
	}
	d, err := documents.Find(serve.Ctx(c), s.Store, serve.Viewer(c), id)
	if err != nil {
		return "", err
	}
	if err := documents.Publish(serve.Ctx(c), s.Store, serve.Viewer(c), id); err != nil {
		return "", err
	}
	return "/handover/bodies/" + pageview.AfterSlash(d.Subject), s.Tell(c, d.Title+" published. Anyone can now read it.")
}
