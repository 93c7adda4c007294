package spend

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/text"
	decisionsview "github.com/police-ict/handover/views/decisions"
	spendview "github.com/police-ict/handover/views/spend"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) decisionsSpendRoutes() {
	s.Data("/decisions/:ref/spend", office.Public, s.decisionSpend, serve.One("after"))
	s.Dear("/decisions/:ref/spend", serve.AlwaysDear)
	s.Form("/spend/lines/:id/decision", office.KeepSpend, s.tieForm, s.tieLine)
	s.Form("/spend/lines/:id/decision/:ref", office.KeepSpend, s.untieForm, s.untieLine)
}

// underJSON is how a decision stood when a file was taken in.
type underJSON struct {
	How     spend.TiedBy `json:"tied_by"`
	TakenAt time.Time    `json:"file_taken_in_at"`
	Held    bool         `json:"held"`
	Judged  spend.Judged `json:"judged,omitempty"` // held or before: by the day of payment
	Made    civil.Day    `json:"made,omitempty"`
	Free    civil.Day    `json:"may_be_implemented_from,omitempty"`
	State   string       `json:"state"`
	Why     string       `json:"why"`
	Until   time.Time    `json:"until,omitzero"`
}

func underAsJSON(how spend.TiedBy, u spend.Under, judged spend.Judged) underJSON {
	return underJSON{how, u.At, judged == spend.JudgedHeld, judged, u.Made, u.Free, u.State, u.Why, u.Until}
}

// tieJSON is a decision that a payment is under.
type tieJSON struct {
	Ref   string `json:"ref"`
	Title string `json:"title"`
	underJSON
	Reason string    `json:"reason,omitempty"`
	By     string    `json:"by,omitempty"`
	On     civil.Day `json:"on,omitempty"`
	Now    string    `json:"state_now"`
}

func tiesAsJSON(all []report.LineTie) (out []tieJSON) {
	for _, t := range all {
		out = append(out, tieJSON{t.Decision.Ref, t.Decision.Title, underAsJSON(t.How, t.Under, t.Judged), t.Reason, t.By, t.On, t.Decision.State})
	}
	return out
}

type tiedLineJSON struct {
	lineJSON
	underJSON
}

// DecisionSpendJSON is a page of the payments under a decision; a sum that does
// not agree with its rows is null.
type DecisionSpendJSON struct {
	AsAt    civil.Day      `json:"as_at"`
	Event   int64          `json:"event"`       // that last changed what is shown of spend
	Known   int64          `json:"known_event"` // the same
	Ref     string         `json:"ref"`
	Title   string         `json:"title"`
	State   string         `json:"state"`
	Sum     *spend.Sum     `json:"sum"`
	Held    *spend.Sum     `json:"paid_while_held"`
	Before  *spend.Sum     `json:"paid_before_made"`
	Hidden  int64          `json:"lines_withheld"`
	Is      string         `json:"is"`
	Lines   []tiedLineJSON `json:"payments"`
	NextRef string         `json:"next,omitempty"`
}

// MarshalJSON has null for no next page.
func (d DecisionSpendJSON) MarshalJSON() ([]byte, error) {
	type plain DecisionSpendJSON
	return json.Marshal(struct {
		plain
		NextRef *string `json:"next"`
	}{plain(d), serve.OrNull(d.NextRef)})
}

func decisionSpendAsJSON(p decisionsview.DecisionSpendPage, now time.Time) DecisionSpendJSON {
	d := p.Decision
	out := DecisionSpendJSON{AsAt: civil.DayOf(now), Event: p.Version, Known: p.Version, Ref: d.Ref, Title: d.Title, State: d.State, Hidden: p.Hidden, Is: spendview.NotAVerdict, Lines: []tiedLineJSON{}}
	if p.Agrees {
		out.Sum, out.Held, out.Before = &p.Sum, &p.Held, &p.Before
	}
	for _, l := range p.Lines {
		out.Lines = append(out.Lines, tiedLineJSON{lineJSONOf(l.Line), underAsJSON(l.How, l.Under, l.Judged)})
	}
	if p.Next != 0 {
		out.NextRef = p.Href(".json", p.Next)
	}
	return out
}

// decisionSpend is what was paid under a decision.
func (s pages) decisionSpend(c echo.Context) (serve.Answer, error) {
	ref := c.Param("ref")
	after, err := serve.AskedNumber(c, "after", "Enter “after” as the number of a payment, 1 or more.")
	if err != nil {
		return serve.Answer{}, err
	}
	p, err := report.PaidUnder(serve.Ctx(c), s.Store, serve.Viewer(c), ref, after, spendview.SpendPage)
	if err != nil {
		return serve.Answer{}, err
	}
	page := decisionsview.DecisionSpendPage{DecisionSpend: p}
	return serve.Answer{Page: decisionsview.DecisionSpend(page), JSON: decisionSpendAsJSON(page, s.Store.Now()), CSV: tiedRows(report.EachPaidUnder(serve.Ctx(c), s.Store, serve.Viewer(c), ref))}, nil
}

// tiedRows are the payments under a decision as CSV.
func tiedRows(all iter.Seq2[report.TiedLine, error]) iter.Seq2[[]string, error] {
	return serve.CSV(tiedColumns(), func(yield func(*report.TiedLine, error) bool) {
		for l, err := range all {
			if !yield(&l, err) {
				return
			}
		}
	})
}

// tiedColumns are the columns of a payment, then how it stands to its decision
// by the day of payment.
func tiedColumns() []serve.Column[*report.TiedLine] {
	return append(serve.Of(lineColumns(), func(l *report.TiedLine) *spend.Line { return &l.Line }), []serve.Column[*report.TiedLine]{
		{Name: "tied_by", Value: func(l *report.TiedLine) string { return string(l.How) }},
		{Name: "held", Value: func(l *report.TiedLine) string { return strconv.FormatBool(l.Judged == spend.JudgedHeld) }},
		{Name: "held_state", Value: func(l *report.TiedLine) string { return l.Under.State }},
		{Name: "held_until", Value: func(l *report.TiedLine) string {
			if l.Judged != spend.JudgedHeld || l.Under.Until.IsZero() {
				return ""
			}
			return l.Under.Until.Format(time.RFC3339)
		}},
		{Name: "paid_before_made", Value: func(l *report.TiedLine) string { return strconv.FormatBool(l.Judged == spend.JudgedBefore) }},
	}...)
}

// lineToTie finds the payment of an address, which must count.
func (s pages) lineToTie(c echo.Context) (l report.LinePage, err error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return l, err
	}
	if l, err = report.ReadLine(serve.Ctx(c), s.Store, serve.Viewer(c), id); err == nil && !l.Published {
		err = fault.Conflict.Errorf("The file of this payment is %s, so it cannot be linked to a decision.", text.Plain(string(l.From.Status)))
	}
	return l, err
}

func (s pages) tieForm(c echo.Context) (templ.Component, error) {
	l, err := s.lineToTie(c)
	return decisionsview.TieLine(l), err
}

func (s pages) tieLine(c echo.Context) (string, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return "", err
	}
	ref := c.FormValue("decision")
	if err := spend.Link(serve.Ctx(c), s.Store, serve.Viewer(c), id, ref, c.FormValue("reason")); err != nil {
		return "", err
	}
	return lineAddress(id), s.Tell(c, fmt.Sprintf("Payment %d is under decision %s from now on.", id, ref))
}

func lineAddress(id int64) string { return fmt.Sprintf("/spend/lines/%d", id) }

func (s pages) untieForm(c echo.Context) (templ.Component, error) {
	l, err := s.lineToTie(c)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(l.Ties, func(t report.LineTie) bool { return t.Decision.Ref == c.Param("ref") })
	if i < 0 {
		return nil, fault.NotFound.Errorf("This payment is not linked to decision %.20s.", c.Param("ref"))
	}
	return decisionsview.UntieLine(l, l.Ties[i]), nil
}

func (s pages) untieLine(c echo.Context) (string, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return "", err
	}
	ref := c.Param("ref")
	if err := spend.Unlink(serve.Ctx(c), s.Store, serve.Viewer(c), id, ref, c.FormValue("reason")); err != nil {
		return "", err
	}
	return lineAddress(id), s.Tell(c, fmt.Sprintf("Payment %d is no longer under decision %s.", id, ref))
}
