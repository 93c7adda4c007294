package spend

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/spend/sheet"
	spendview "github.com/police-ict/handover/views/spend"
	"github.com/police-ict/handover/web/serve"
)

const replaceableMost = 300 // standing loads of one body that a form lists

// replaceable are the loads of a body that a new one may replace.
func (s pages) replaceable(c echo.Context, body string) ([]spend.Load, error) {
	if body == "" {
		return nil, nil
	}
	return report.Loads(serve.Ctx(c), s.Store, report.LoadFilter{Body: body, Status: spend.Published}, replaceableMost)
}

// loadForm asks for a file. An office of the company says whose it is; any
// other takes in the files of its own body.
func (s pages) loadForm(c echo.Context) (templ.Component, error) {
	own := serve.Viewer(c).Office.Body
	chosen := own
	if own == office.TheCompany {
		own, chosen = "", c.FormValue("body")
		if b, ok := office.BodyOf(chosen); !ok || !b.LocalPolicing() {
			chosen = ""
		}
	}
	if err := mayLoadAny(c, own); err != nil {
		return nil, err
	}
	choices, err := s.replaceable(c, chosen)
	return spendview.LoadForm(own, chosen, serve.Asked(c, "replaces"), choices), err
}

func mayLoadAny(c echo.Context, own string) error {
	if own == "" {
		return nil
	}
	return spend.MayLoad(serve.Viewer(c), own)
}

// loadRequest reads what a sent form says of a file, and what of that cannot be
// read.
func loadRequest(c echo.Context) (req spend.LoadRequest, bad fault.Faults) {
	req = spend.LoadRequest{Source: c.FormValue("source"), Reason: c.FormValue("reason"),
		AcceptRejected: c.FormValue("accept-rejected") == "yes", AcceptOverlap: c.FormValue("accept-overlap") == "yes"}
	var err error
	if text := strings.ToUpper(strings.TrimSpace(c.FormValue("period"))); text != "" {
		if req.Period, err = civil.ParsePeriod(text); err != nil {
			bad.Add("period", "%s", err.Error())
		}
	}
	if c.FormValue("published")+c.FormValue("published-month")+c.FormValue("published-year") != "" {
		req.Published = serve.FormDay(c, &bad, "published")
	}
	if req.Dates.UnmarshalText([]byte(c.FormValue("dates"))) != nil {
		bad.Add("dates", "Choose which comes first in the dates of the file, day or month.")
	}
	if text := strings.TrimSpace(c.FormValue("replaces")); text != "" {
		if req.Replaces, err = strconv.ParseInt(text, 10, 64); err != nil || req.Replaces < 1 {
			bad.Add("replaces", "Enter the number of the source file that this one replaces, or leave it empty.")
		}
	}
	return req, bad
}

// sendLoad keeps a file as a draft, to be looked at.
func (s pages) sendLoad(c echo.Context) (string, error) {
	req, bad := loadRequest(c)
	req.Body = c.FormValue("body")
	head, err := c.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return "", s.allOfRequest(c, req, bad)
	}
	if err != nil {
		return "", err
	}
	if req.File = head.Filename; len(bad) > 0 {
		return "", s.allOfRequest(c, req, bad)
	}
	f, err := head.Open()
	if err != nil {
		return "", err
	}
	defer f.Close()
	began := s.Store.Now()
	id, err := spend.Upload(serve.Ctx(c), s.Store, serve.Viewer(c), req, f, head.Size)
	if err != nil {
		return "", inLoadOrder(err)
	}
	if l, err := spend.FindLoad(serve.Ctx(c), s.Store, serve.Viewer(c), id); err == nil && l.MadeAt.Before(began) {
		return loadAddress(id), s.Tell(c, "This file was uploaded before, on "+civil.DayOf(l.MadeAt).String()+". This is its draft. It is not included in any total until you load it.")
	}
	return loadAddress(id), s.Tell(c, "The file was read and is kept as a draft. It is not included in any total until you load it.")
}

func loadAddress(id int64) string { return fmt.Sprintf("/spend/loads/%d", id) }

// allOfRequest adds to what is wrong with a form what the store finds wrong
// with the rest of it, so that all is told at once. No file is read for that.
func (s pages) allOfRequest(c echo.Context, req spend.LoadRequest, bad fault.Faults) error {
	sent := req.File != ""
	req.File = ""
	_, err := spend.CheckLoad(serve.Ctx(c), s.Store, serve.Viewer(c), req)
	var more fault.Faults
	if err := more.Take("file", err); err != nil {
		return err
	}
	for _, f := range more {
		if f.Field != "file" || !sent {
			bad = append(bad, f)
		}
	}
	return inLoadOrder(bad.Err())
}

// inLoadOrder puts the faults of a form in the order of its fields.
func inLoadOrder(err error) error {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		fields := []string{"body", "file", "dates", "period", "published", "source", "replaces", "reason"}
		slices.SortStableFunc(e.Faults, func(a, b fault.Fault) int {
			return cmp.Compare(slices.Index(fields, a.Field), slices.Index(fields, b.Field))
		})
	}
	return err
}

// draftOf finds the draft of an address, and what it was found to be.
func (s pages) draftOf(c echo.Context) (l spend.Load, t spend.Trial, err error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return l, t, err
	}
	if l, err = spend.FindLoad(serve.Ctx(c), s.Store, serve.Viewer(c), id); err != nil {
		return l, t, err
	}
	if err := spend.MayLoad(serve.Viewer(c), l.Body); err != nil {
		return l, t, err
	}
	if l.Status != spend.Draft {
		return l, t, fault.Conflict.Errorf("This file is no longer a draft. Open its page.")
	}
	t, err = l.Trial()
	return l, t, err
}

func (s pages) againForm(c echo.Context) (templ.Component, error) {
	l, t, err := s.draftOf(c)
	if err != nil {
		return nil, err
	}
	choices, err := s.replaceable(c, l.Body)
	return spendview.LoadAgain(l, t, choices), err
}

// tryAgain looks at a draft again, with something else said of it.
func (s pages) tryAgain(c echo.Context) (string, error) {
	l, _, err := s.draftOf(c)
	if err != nil {
		return "", err
	}
	req, bad := loadRequest(c)
	if err := bad.Err(); err != nil {
		return "", err
	}
	req.Mappings = l.Request().Mappings
	return loadAddress(l.ID), inLoadOrder(spend.Correct(serve.Ctx(c), s.Store, serve.Viewer(c), l.ID, req))
}

func (s pages) columnsForm(c echo.Context) (templ.Component, error) {
	l, t, err := s.draftOf(c)
	return spendview.LoadColumns(l, t), err
}

// mendColumns looks at a draft again, with the columns that an officer named.
// Only what was asked, or is said otherwise than it was recognised, is named,
// so that only that is remembered.
func (s pages) mendColumns(c echo.Context) (string, error) {
	l, t, err := s.draftOf(c)
	if err != nil {
		return "", err
	}
	var bad fault.Faults
	req := l.Request()
	named := spend.Mappings{}
	maps.Copy(named, req.Mappings)
	for i, one := range t.Sheets {
		m, out := columnsSent(c, i, spendview.Columns(one))
		if _, hasAmount := m[sheet.Amount]; !out && !hasAmount {
			bad.Add(spendview.ColumnField(i, sheet.Amount), "Choose the column of amounts%s, or leave it out.", spendview.OfSheet(one.Name))
			continue
		}
		_, before := named[one.Name]
		if before || one.LeftOut == "" && !one.Sure || (one.LeftOut != "") != out || !out && !sameColumns(m, one.Mapping) {
			named[one.Name] = m
		}
	}
	if err := bad.Err(); err != nil {
		return "", err
	}
	req.Mappings = named
	err = spend.Correct(serve.Ctx(c), s.Store, serve.Viewer(c), l.ID, req)
	if fault, ok := errors.AsType[*fault.Error](err); ok {
		for i := range fault.Faults { // no field of this form is the file
			fault.Faults[i].Field = ""
		}
	}
	return loadAddress(l.ID), err
}

// columnsSent is which column of a sheet holds what; nil leaves the sheet out.
func columnsSent(c echo.Context, i, columns int) (m sheet.Mapping, out bool) {
	if c.FormValue(spendview.LeaveField(i)) == "yes" {
		return nil, true
	}
	m = sheet.Mapping{}
	for _, f := range sheet.Fields() {
		if n, err := strconv.Atoi(c.FormValue(spendview.ColumnField(i, f))); err == nil && n >= 0 && n < columns {
			m[f] = n
		}
	}
	return m, false
}

func sameColumns(a, b sheet.Mapping) bool {
	for _, f := range sheet.Fields() {
		x, hasX := a[f]
		y, hasY := b[f]
		if hasX = hasX && x >= 0; hasX != (hasY && y >= 0) || hasX && x != y {
			return false
		}
	}
	return true
}

// loadStep is the page before an act: nobody sees it who may not take it.
func (s pages) loadStep(act office.Act) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		id, err := serve.PathNumber(c, "id")
		if err != nil {
			return nil, err
		}
		l, err := spend.FindLoad(serve.Ctx(c), s.Store, serve.Viewer(c), id)
		if err != nil {
			return nil, err
		}
		if _, err := l.After(act, serve.Viewer(c)); err != nil {
			return nil, err
		}
		var w spend.Withdrawal
		if act == spend.ActWithdraw {
			w, err = spend.ReadWithdrawal(serve.Ctx(c), s.Store, l)
		}
		return spendview.LoadStep(l, act, w), err
	}
}

var loadDone = map[office.Act]string{
	spend.ActConfirm: "is being loaded", spend.ActDiscard: "was discarded and has not been kept",
	spend.ActStop: "was stopped and is not included in any total", spend.ActWithdraw: "was withdrawn: its payments are removed from every total",
}

func (s pages) takeLoadStep(act office.Act) serve.Step {
	return func(c echo.Context) (string, error) {
		id, err := serve.PathNumber(c, "id")
		if err != nil {
			return "", err
		}
		if act == spend.ActWithdraw {
			err = spend.Withdraw(serve.Ctx(c), s.Store, serve.Viewer(c), id, c.FormValue("reason"), c.FormValue("decision"))
		} else {
			err = spend.Act(serve.Ctx(c), s.Store, serve.Viewer(c), id, act, c.FormValue("reason"))
		}
		if err != nil {
			return "", err
		}
		to := loadAddress(id)
		if act == spend.ActDiscard {
			to = "/spend/loads"
		}
		return to, s.Tell(c, fmt.Sprintf("Source file %d %s.", id, loadDone[act]))
	}
}

func (s pages) withholdLoadForm(lift bool) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		id, err := serve.PathNumber(c, "id")
		if err != nil {
			return nil, err
		}
		l, err := spend.FindLoad(serve.Ctx(c), s.Store, serve.Viewer(c), id)
		if err != nil {
			return nil, err
		}
		if err := spend.MayLoad(serve.Viewer(c), l.Body); err != nil {
			return nil, err
		}
		if (l.Withheld != "") != lift {
			return nil, fault.Conflict.Errorf("Someone else changed which details of this source file are shown. Open its page again.")
		}
		return spendview.WithholdLoad(l, lift), nil
	}
}

func (s pages) withholdLoad(lift bool) serve.Step {
	return func(c echo.Context) (string, error) {
		id, err := serve.PathNumber(c, "id")
		if err != nil {
			return "", err
		}
		if err := spend.WithholdLoad(serve.Ctx(c), s.Store, serve.Viewer(c), id, lift, c.FormValue("reason")); err != nil {
			return "", err
		}
		return loadAddress(id), s.Tell(c, fmt.Sprintf("Source file %d: %s.", id, withheldWords(lift)))
	}
}

func withheldWords(lift bool) string {
	if lift {
		return "what was published is shown again"
	}
	return "names, purposes and raw texts are withheld everywhere; the amounts stay"
}

func (s pages) withholdLineForm(lift bool) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		id, err := serve.PathNumber(c, "id")
		if err != nil {
			return nil, err
		}
		l, err := report.ReadLine(serve.Ctx(c), s.Store, serve.Viewer(c), id)
		if err != nil {
			return nil, err
		}
		if err := spend.MayLoad(serve.Viewer(c), l.Body); err != nil {
			return nil, err
		}
		if own := l.Withheld.Reason != "" && l.Withheld.Lifted == ""; own != lift {
			return nil, fault.Conflict.Errorf("Someone else changed which details of this payment are shown. Open its page again.")
		}
		mentions, err := spend.Mentions(serve.Ctx(c), s.Store, l.Line)
		return spendview.WithholdLine(l, lift, mentions), err
	}
}

func (s pages) withholdLine(lift bool) serve.Step {
	return func(c echo.Context) (string, error) {
		id, err := serve.PathNumber(c, "id")
		if err != nil {
			return "", err
		}
		if lift {
			err = spend.LiftLine(serve.Ctx(c), s.Store, serve.Viewer(c), id, c.FormValue("reason"))
		} else {
			err = spend.WithholdLine(serve.Ctx(c), s.Store, serve.Viewer(c), id, c.FormValue("reason"))
		}
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("/spend/lines/%d", id), s.Tell(c, fmt.Sprintf("Payment %d: %s.", id, withheldWords(lift)))
	}
}

// explainForm asks a body’s own office what it has to say of a figure.
func (s pages) explainForm(c echo.Context) (templ.Component, error) {
	subject := c.FormValue("subject")
	body, notes, err := spend.ExplainedFigure(serve.Ctx(c), s.Store, subject)
	if err != nil {
		return nil, err
	}
	if err := spend.MayExplain(serve.Viewer(c), body); err != nil {
		return nil, err
	}
	f, err := s.explained(c, subject, body)
	f.Notes = notes
	return spendview.ExplainForm(f), err
}

// explained is the figure that a subject names.
func (s pages) explained(c echo.Context, subject, body string) (f spendview.Explained, err error) {
	f = spendview.Explained{Subject: subject, Body: body, Href: spendview.FigureHref(subject)}
	kind, rest, _ := strings.Cut(subject, "/")
	_, of, _ := strings.Cut(rest, "/")
	filter := payments.Filter{Bodies: []string{body}}
	switch kind {
	case "line":
		id, err := strconv.ParseInt(rest, 10, 64)
		if err != nil {
			return f, err
		}
		l, err := report.ReadLine(serve.Ctx(c), s.Store, serve.Viewer(c), id)
		f.Name, f.Figure = fmt.Sprintf("Payment %d: %s, %s", id, l.Words(), l.Paid), l.Pence.String()
		return f, err
	case "bar":
		f.Name = "All years of " + office.ShortName(body)
		if year, err := strconv.Atoi(of); err == nil {
			filter.Years = []int{year}
			f.Name = fmt.Sprintf("%s in %s", office.ShortName(body), civil.YearWords(year))
		}
	case "cell":
		m, err := civil.ParseMonth(of)
		if err != nil {
			return f, err
		}
		filter.From, filter.To = m, m
		f.Name = fmt.Sprintf("%s in %s", office.ShortName(body), m)
	}
	sp, err := spend.Read(serve.Ctx(c), s.Store, filter)
	f.Figure = spendview.SpendInWords(sp)
	return f, err
}

func (s pages) explainFigure(c echo.Context) (string, error) {
	subject := c.FormValue("subject")
	if err := spend.Explain(serve.Ctx(c), s.Store, serve.Viewer(c), subject, c.FormValue("text")); err != nil {
		return "", err
	}
	return spendview.FigureHref(subject), s.Tell(c, "The explanation is shown with the figure from now on.")
}

func (s pages) takeBack(c echo.Context) (string, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return "", err
	}
	if err := spend.WithdrawExplanation(serve.Ctx(c), s.Store, serve.Viewer(c), id); err != nil {
		return "", err
	}
	return spendview.FigureHref(c.FormValue("subject")), s.Tell(c, "The explanation was taken back. It stays on the record.")
}
