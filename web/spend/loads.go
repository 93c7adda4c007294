package spend

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/views/page"
	recordview "github.com/police-ict/handover/views/record"
	spendview "github.com/police-ict/handover/views/spend"
	"github.com/police-ict/handover/web/serve"
)

const (
	loadsPage     = db.PageRows
	loadsBatch    = 500         // loads read at once for a CSV
	loadLinesPage = db.PageRows // lines of a load
)

func (s pages) loadsRoutes() {
	const one = "/spend/loads/:id"
	s.Data("/spend/loads", office.Public, s.loads, serve.One("body", "status", "before"), serve.Sorted())
	s.TakesSpend("/spend/loads/new")
	s.Form("/spend/loads/new", office.LoadSpend, s.loadForm, s.sendLoad, serve.One("body", "replaces"))
	s.Data(one, office.Public, s.load, serve.One("after"))
	s.Add(http.MethodGet, one+"/file", office.LoadSpend, s.loadFile)
	s.Streams(one + "/file")
	for _, part := range []struct {
		name  string
		blank serve.Page
		take  serve.Step
	}{{"/columns", s.columnsForm, s.mendColumns}, {"/again", s.againForm, s.tryAgain}} {
		s.Edits(one + part.name)
		s.TakesSpend(one + part.name) // the kept file is read once more
		s.Form(one+part.name, office.LoadSpend, part.blank, part.take)
	}
	for _, m := range spend.Life {
		if m.Act != spend.ActConfirm { // the page of the draft is what is confirmed
			s.Form(one+"/"+string(m.Act), m.Need, s.loadStep(m.Act), s.takeLoadStep(m.Act))
		}
	}
	serve.Acts(s.Server, one+"/", spend.Life, s.takeLoadStep)
	for act, lift := range map[string]bool{"/withhold": false, "/lift": true} {
		s.Form(one+act, office.LoadSpend, s.withholdLoadForm(lift), s.withholdLoad(lift))
		s.Form(one+"/rejected/:table/:row"+act, office.LoadSpend, s.withholdRowForm(lift), s.withholdRow(lift))
		s.Form("/spend/lines/:id"+act, office.LoadSpend, s.withholdLineForm(lift), s.withholdLine(lift))
	}
	s.Form("/spend/explain", office.LoadSpend, s.explainForm, s.explainFigure, serve.One("subject"))
	s.Post("/spend/explain/:id/back", office.LoadSpend, s.takeBack)
}

// loadFilter reads which loads an address asks for.
func loadFilter(c echo.Context) (f report.LoadFilter, err error) {
	var bad fault.Faults
	if f.Status = spend.Status(serve.Asked(c, "status")); f.Status != "" && !slices.Contains(spend.Statuses, f.Status) {
		bad.Add("status", "There is no such status. Choose one from the list.")
	}
	if name := serve.Asked(c, "body"); name != "" {
		b, ok := office.BodyOf(name)
		if !ok || !b.LocalPolicing() {
			bad.Add("body", "There is no such local policing body. Choose one from the list.")
		}
		f.Body = b.Slug
	}
	f.Sort, f.Page = serve.AskedSort(c, &bad, report.LoadSorts(), spendview.UsualLoads), serve.AskedPageNumber(c, &bad)
	if err := bad.Err(); err != nil {
		return f, err
	}
	f.Before, err = serve.AskedNumber(c, "before", "Enter “before” as the number of a source file, 1 or more.")
	return f, err
}

func (s pages) loads(c echo.Context) (serve.Answer, error) {
	f, err := loadFilter(c)
	if err != nil {
		return serve.Answer{}, err
	}
	if serve.Format(c) == "csv" {
		return serve.Answer{CSV: s.loadRows(serve.Ctx(c), f)}, nil
	}
	if serve.Format(c) == "atom" {
		f.Before, f.Sort, f.Page = 0, spendview.UsualLoads, 1
	}
	p, err := report.LoadList(serve.Ctx(c), s.Store, f, loadsPage)
	if err != nil {
		return serve.Answer{}, err
	}
	var drafts []spend.Load
	if v := serve.Viewer(c); v.Can(office.LoadSpend) {
		if drafts, err = report.Loads(serve.Ctx(c), s.Store, report.LoadFilter{Status: spend.Draft, Drafts: v.Person}, loadsPage); err != nil {
			return serve.Answer{}, err
		}
	}
	return serve.Answer{Page: spendview.Loads(p, drafts, loadColumns()), JSON: loadsJSONOf(p), Atom: loadsFeed(p.All), Also: []string{"csv"}}, nil
}

// loadJSON is a load as an export tells of it: what it holds, and whether that
// counts.
type loadJSON struct {
	spend.Load
	First  string `json:"first"` // a day, a month or a quarter
	Last   string `json:"last"`
	Counts bool   `json:"counts"`
	Event  int64  `json:"event"` // that told of it first
}

func loadAsJSON(l spend.Load) loadJSON {
	return loadJSON{l, l.First.Code(), l.Last.Code(), l.Counts(), l.N}
}

type loadsJSON struct {
	Loads []loadJSON `json:"loads"`
	Next  *string    `json:"next"`
}

func loadsJSONOf(p report.LoadsPage) loadsJSON {
	out := loadsJSON{Loads: make([]loadJSON, len(p.All))}
	for i, l := range p.All {
		out.Loads[i] = loadAsJSON(l)
	}
	if f := p.Filter; p.Next != 0 || f.Before == 0 && f.Page < p.Pages {
		if f.Page++; p.Next != 0 {
			f.Before, f.Page = p.Next, 0
		}
		out.Next = serve.OrNull(spendview.LoadsAddress("/spend/loads.json", f))
	}
	return out
}

func loadsFeed(all []spend.Load) *serve.Feed {
	out := &serve.Feed{Title: "Source files"}
	for _, l := range all {
		out.Entries = append(out.Entries, serve.Entry{Title: fmt.Sprintf("%s: %s, %s", l.Title(), office.ShortName(l.Body), spendview.LoadSum(l)),
			Href: fmt.Sprintf("/spend/loads/%d", l.ID), Summary: spendview.LoadSay(l), At: loadAt(l)})
	}
	return out
}

// loadAt is when a load was taken in, or else confirmed.
func loadAt(l spend.Load) time.Time {
	if l.TakenAt.IsZero() {
		return l.MadeAt
	}
	return l.TakenAt
}

// loadRows are all loads of a filter, in its order.
func (s pages) loadRows(ctx context.Context, f report.LoadFilter) iter.Seq2[[]string, error] {
	return serve.CSV(loadColumns(), db.AtOnce(ctx, s.Store, func(tx *db.Tx, each func(spend.Load) bool) error {
		return report.EachLoad(ctx, tx, f, loadsBatch, each)
	}))
}

// loadColumns are the columns of a load, on the page and as CSV; an empty cell is
// not known, or none.
func loadColumns() []serve.Column[spend.Load] {
	words := func(f func(spend.Load) string) func(spend.Load) templ.Component {
		return func(l spend.Load) templ.Component { return page.TextCell(f(l)) }
	}
	return []serve.Column[spend.Load]{
		{Label: "Published", Quiet: true, Cell: spendview.LoadPublished},
		{Name: "load", Value: func(l spend.Load) string { return serve.Digits(l.ID) }, Label: "Source file", Key: "file", Lead: true, Cell: spendview.LoadName},
		{Label: "Period", Cell: words(spendview.LoadSpan)},
		{Label: "Payments", Numeric: true, Quiet: true, Cell: words(func(l spend.Load) string { return page.Num(l.Lines) })},
		{Label: "Sum", Numeric: true, Side: true, Cell: words(func(l spend.Load) string { return l.Pence.String() })},
		{Label: "Stated total", Quiet: true, Cell: spendview.LoadStated},
		{Name: "body", Value: func(l spend.Load) string { return l.Body }},
		{Name: "status", Value: func(l spend.Load) string { return string(l.Status) }, Label: "Status", Key: "status", Cell: spendview.LoadTag},
		{Name: "counts", Value: func(l spend.Load) string { return strconv.FormatBool(l.Counts()) }},
		{Name: "file", Value: func(l spend.Load) string { return l.File }},
		{Name: "sha256", Value: func(l spend.Load) string { return l.Hash }},
		{Name: "source", Value: func(l spend.Load) string { return l.Source }},
		{Name: "published", Value: func(l spend.Load) string { return string(l.Published) }},
		{Name: "taken_in", Value: func(l spend.Load) string {
			if l.TakenAt.IsZero() {
				return ""
			}
			return l.TakenAt.Format(time.RFC3339)
		}, Label: "Loaded", Key: "loaded", Down: true, Quiet: true, Cell: words(spendview.LoadTaken)},
		{Name: "first", Value: func(l spend.Load) string { return l.First.Code() }},
		{Name: "last", Value: func(l spend.Load) string { return l.Last.Code() }},
		{Name: "lines", Value: func(l spend.Load) string { return serve.Digits(l.Lines) }},
		{Name: "pence", Value: func(l spend.Load) string { return serve.Digits(l.Pence) }},
		{Name: "rejected", Value: func(l spend.Load) string { return serve.Digits(l.Rejected) }},
		{Name: "blank", Value: func(l spend.Load) string { return serve.Digits(l.Blank) }},
		{Name: "totals_left_out", Value: func(l spend.Load) string { return serve.Digits(l.Totals) }},
		{Name: "stated_pence", Value: func(l spend.Load) string {
			if l.Stated == nil {
				return ""
			}
			return serve.Digits(*l.Stated)
		}},
		{Name: "agrees", Value: func(l spend.Load) string {
			if l.Agrees == nil {
				return ""
			}
			return strconv.FormatBool(*l.Agrees)
		}},
		{Name: "replaces", Value: func(l spend.Load) string { return numberOrNone(l.Replaces) }},
		{Name: "replaced_by", Value: func(l spend.Load) string { return numberOrNone(l.ReplacedBy) }},
		{Name: "decision", Value: func(l spend.Load) string { return l.Decision }},
	}
}

func numberOrNone(n int64) string {
	if n == 0 {
		return ""
	}
	return serve.Digits(n)
}

// load is the page of one load: a draft is looked at by whoever may confirm
// it, and every other load by everyone.
func (s pages) load(c echo.Context) (serve.Answer, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return serve.Answer{}, err
	}
	after, err := serve.AskedNumber(c, "after", "Enter “after” as the number of a payment, 1 or more.")
	if err != nil {
		return serve.Answer{}, err
	}
	p, err := report.ReadLoadPage(serve.Ctx(c), s.Store, serve.Viewer(c), id, after, loadLinesPage)
	if err != nil {
		return serve.Answer{}, err
	}
	if p.Status == spend.Draft {
		v, err := s.draftPage(c, p.Load)
		return serve.Answer{Page: v}, err
	}
	counts := serve.Column[*spend.Line]{Name: "counts", Value: func(*spend.Line) string { return strconv.FormatBool(p.Counts()) }}
	rows := lineRows(spend.EachLoadLine(serve.Ctx(c), s.Store, serve.Viewer(c), id), counts)
	return serve.Answer{Page: spendview.Load(p, after), JSON: loadPageJSONOf(p), CSV: rows, Atom: loadFeed(p)}, nil
}

// draftPage shows what a draft was found to be, beside what stands already.
func (s pages) draftPage(c echo.Context, l spend.Load) (templ.Component, error) {
	t, err := l.Trial()
	if err != nil {
		return nil, err
	}
	stands, err := s.standing(serve.Ctx(c), l)
	if err != nil {
		return nil, err
	}
	choices, err := s.replaceable(c, l.Body)
	return spendview.LoadDraft(l, t, stands, choices), err
}

// standing is what stands already for each period of a load.
func (s pages) standing(ctx context.Context, l spend.Load) ([]spend.Sum, error) {
	sp, err := spend.Read(ctx, s.Store, payments.Filter{Bodies: []string{l.Body}})
	if err != nil {
		return nil, err
	}
	months := map[civil.Month]spend.Sum{}
	for _, m := range sp.Months {
		months[m.Month] = m.Sum
	}
	out := make([]spend.Sum, len(l.Periods))
	for i, p := range l.Periods {
		switch {
		case p.Period.Month == 0:
			out[i] = sp.Undated
		case p.Period.Quarter:
			whole := p.Period.Months()
			q, err := spend.Read(ctx, s.Store, payments.Filter{Bodies: []string{l.Body}, From: whole[0], To: whole[2]})
			if err != nil {
				return nil, err
			}
			out[i] = q.Total
		default:
			out[i] = months[p.Period.Month]
		}
	}
	return out, nil
}

type loadPageJSON struct {
	loadJSON
	Checked  *time.Time     `json:"reconciled_at"` // when its lines were last added up
	Rows     []lineJSON     `json:"lines_listed"`
	Next     *string        `json:"next"`
	Rejects  []rejectedJSON `json:"rejected_rows"`
	Unlisted int64          `json:"rejected_rows_not_listed"`
}

// rejectedJSON is a rejected row, and whether its text is withheld from all.
type rejectedJSON struct {
	spend.RejectedRow
	Withheld bool `json:"withheld,omitempty"`
}

func loadPageJSONOf(p report.LoadPage) loadPageJSON {
	out := loadPageJSON{loadJSON: loadAsJSON(p.Load), Checked: serve.OrNull(p.Checked), Rows: lineJSONsOf(p.Lines), Rejects: []rejectedJSON{}, Unlisted: p.More}
	for _, r := range p.Rejects {
		out.Rejects = append(out.Rejects, rejectedJSON{r.RejectedRow, p.Load.Withheld != "" || r.Withheld.Stands()})
	}
	if p.Next != 0 {
		out.Next = serve.OrNull(fmt.Sprintf("/spend/loads/%d.json?after=%d", p.ID, p.Next))
	}
	return out
}

func loadFeed(p report.LoadPage) *serve.Feed {
	out := &serve.Feed{Title: fmt.Sprintf("%s of %s", p.Title(), office.ShortName(p.Body))}
	for _, e := range p.History {
		out.Entries = append(out.Entries, serve.Entry{Title: recordview.ActInWords(e.Act), Href: fmt.Sprintf("/record/%d", e.N), Summary: e.Detail(), At: e.At})
	}
	return out
}

// loadFile sends a file as it was published. It may name people that the pages
// withhold, so it is not for everyone.
func (s pages) loadFile(c echo.Context) error {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return err
	}
	l, write, err := spend.FileOf(serve.Ctx(c), s.Store, serve.Viewer(c), id)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Length", strconv.FormatInt(l.Size, 10))
	serve.Attachment(c, l.File)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	return write(s.Steady(c))
}
