package spend

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
	spendview "github.com/police-ict/handover/views/spend"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) supplier(c echo.Context) (serve.Answer, error) {
	f, err := rolledUp(c)
	if err != nil {
		return serve.Answer{}, err
	}
	if len(given(c.Request().URL.Query()["it"])) == 0 {
		f.Class = nil // a supplier's page shows all that it was paid
	}
	p, err := report.ReadSupplier(serve.Ctx(c), s.Store, c.Param("slug"), f)
	if err != nil {
		return serve.Answer{}, err
	}
	if p.MovedTo.ID != 0 {
		// Undone, the merge would lead elsewhere: no browser may keep the way.
		c.Response().Header().Set("Cache-Control", "no-cache")
		return serve.Answer{Goes: serve.Redirect{Code: http.StatusMovedPermanently, To: supplierAddress(c, p.MovedTo.Slug)}}, nil
	}
	if err := agreed(c, p.Spend); err != nil {
		return serve.Answer{}, err
	}
	v := spendview.SupplierView{SupplierPage: p}
	most := newestPayments
	if serve.Format(c) == "atom" {
		most = fedPayments
	}
	page, err := spend.Lines(serve.Ctx(c), s.Store, p.Spend.Filter, spend.Newest, 0, most)
	if err != nil {
		return serve.Answer{}, err
	}
	v.Newest = page.Lines
	if v.Changes, err = s.toldChanges(serve.Ctx(c), p.Changes); err != nil {
		return serve.Answer{}, err
	}
	day := civil.DayOf(s.Store.Now())
	return serve.Answer{Page: spendview.SupplierPage(v), JSON: supplierAsJSON(day, v), CSV: serve.Rows(supplierHeader, supplierAsRows(day, v)), Atom: supplierFeed(v)}, nil
}

// supplierAddress is a supplier's page in the form asked for.
func supplierAddress(c echo.Context, slug string) string {
	u := url.URL{Path: "/suppliers/" + slug, RawQuery: c.Request().URL.RawQuery}
	if f := serve.Format(c); f != "html" {
		u.Path += "." + f
	}
	return u.String()
}

func supplierFeed(v spendview.SupplierView) *serve.Feed {
	f := serve.Feed{Title: "Newest payments to " + v.Name}
	for _, l := range v.Newest {
		f.Entries = append(f.Entries, serve.Entry{Title: fmt.Sprintf("%s from %s, %s", l.Pence, office.ShortName(l.Body), l.Paid),
			Href: fmt.Sprintf("/spend/lines/%d", l.ID), Summary: l.Purpose, At: lineDay(l).Start().Add(12 * time.Hour)})
	}
	return &f
}

// lineDay is the day of a payment, or the last of the month or the quarter that
// it is known to be of. What is not dated is older than all else.
func lineDay(l spend.Line) civil.Day {
	if l.Paid == 0 {
		return "1970-01-01"
	}
	return cmp.Or(l.Paid.Day(), l.Paid.Period().Month.Last())
}

type partJSON struct {
	Code string `json:"code"`
	spend.Sum
}

type monthJSON struct {
	Month civil.Month `json:"month"`
	spend.Sum
	Published int `json:"bodies_published"`
	Of        int `json:"of_bodies"`
}

type nameJSON struct {
	Name   string       `json:"name"`
	Number string       `json:"company_number,omitempty"`
	First  civil.Period `json:"first"`
	Last   civil.Period `json:"last"`
	spend.Sum
}

// SupplierJSON is the page of a supplier as JSON.
type SupplierJSON struct {
	AsAt    civil.Day `json:"as_at"`
	Event   int64     `json:"event"`
	Slug    string    `json:"supplier"`
	Name    string    `json:"name"`
	Number  *string   `json:"company_number"`
	Total   spend.Sum `json:"total"`
	Forces  int       `json:"bodies"`
	Of      int       `json:"of_bodies"`
	Largest *partJSON `json:"largest_customer"`
	// What the same comes to by class, whatever class is asked for.
	Classes []partJSON                `json:"classes"`
	Bodies  []partJSON                `json:"by_body"`
	Months  []monthJSON               `json:"by_month"`
	Quarter spend.Sum                 `json:"only_the_quarter"`
	Undated spend.Sum                 `json:"not_dated"`
	Names   []nameJSON                `json:"names"` // of all its payments
	Changes []spendview.SupplierEvent `json:"changes"`
	Newest  []lineJSON                `json:"newest"`
}

func supplierAsJSON(day civil.Day, v spendview.SupplierView) SupplierJSON {
	sp := v.Spend
	out := SupplierJSON{AsAt: day, Event: sp.Version, Slug: v.Slug, Name: v.Name, Number: serve.OrNull(v.Number), Total: sp.Total, Of: sp.Cover.Of,
		Quarter: sp.Quarter, Undated: sp.Undated, Bodies: []partJSON{}, Months: []monthJSON{}, Names: []nameJSON{}, Newest: lineJSONsOf(v.Newest)}
	forces, top := v.Dependence()
	if out.Forces = forces; forces > 0 {
		out.Largest = &partJSON{top.Body.Slug, top.Sum}
	}
	for _, k := range classify.Classes {
		out.Classes = append(out.Classes, partJSON{k.Code(), sp.Classes[k]})
	}
	for _, b := range sp.Bodies {
		if b.Lines > 0 {
			out.Bodies = append(out.Bodies, partJSON{b.Body.Slug, b.Sum})
		}
	}
	for _, m := range sp.Months {
		out.Months = append(out.Months, monthJSON{m.Month, m.Sum, m.Bodies, m.Of})
	}
	for _, n := range v.Names {
		out.Names = append(out.Names, nameJSON{n.Name, n.Number, n.First, n.Last, n.Sum})
	}
	out.Changes = append([]spendview.SupplierEvent{}, v.Changes...)
	return out
}

var supplierHeader = []string{"as_at", "supplier", "part", "code", "name", "lines", "pence"}

// supplierAsRows says each part of a supplier's page in rows: the total, then
// what makes it up by body, by month and by class, then the published names.
func supplierAsRows(day civil.Day, v spendview.SupplierView) (rows [][]string) {
	add := func(part, code, name string, sum spend.Sum) {
		rows = append(rows, []string{string(day), v.Slug, part, code, name, serve.Digits(sum.Lines), serve.Digits(sum.Pence)})
	}
	told := supplierAsJSON(day, v)
	add("total", "", v.Name, told.Total)
	for _, b := range told.Bodies {
		add("body", b.Code, office.ShortName(b.Code), b.Sum)
	}
	for _, m := range told.Months {
		add("month", m.Month.Code(), m.Month.String(), m.Sum)
	}
	add("month", "quarter", "Only the quarter is published", told.Quarter)
	add("month", "undated", "Not dated", told.Undated)
	for _, k := range told.Classes {
		add("class", k.Code, "", k.Sum)
	}
	for _, n := range told.Names {
		add("name", n.Number, n.Name, n.Sum)
	}
	return rows
}

// toldChanges adds the names of suppliers, and who undid what was undone.
func (s pages) toldChanges(ctx context.Context, changes []spend.SupplierChange) (all []spendview.SupplierEvent, err error) {
	names := map[string]string{}
	shown := func(slug string) string {
		if _, had := names[slug]; !had && slug != "" && err == nil {
			p, problem := report.ReadSupplier(ctx, s.Store, slug, payments.Filter{})
			if fault.KindOf(problem) == 0 {
				err = problem
			}
			names[slug] = cmp.Or(p.Name, slug)
		}
		return names[slug]
	}
	for _, ch := range changes {
		e := spendview.SupplierEvent{SupplierChange: ch, Shown: shown(ch.Slug), IntoShown: shown(ch.IntoSlug)}
		if ch.Undone != 0 && err == nil {
			var undo record.Event
			undo, err = record.FindEvent(ctx, s.Store, ch.Undone)
			e.UndoneBy, e.UndoneOn = cmp.Or(undo.OfficeTitle(), undo.Origin()), civil.DayOf(undo.At)
		}
		all = append(all, e)
	}
	return all, err
}
