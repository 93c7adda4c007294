package register

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/spend/report"
	decisionsview "github.com/police-ict/handover/views/decisions"
	handoverview "github.com/police-ict/handover/views/handover"
	pageview "github.com/police-ict/handover/views/page"
	registerview "github.com/police-ict/handover/views/register"
	scrutinyview "github.com/police-ict/handover/views/scrutiny"
	spendview "github.com/police-ict/handover/views/spend"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) bodiesRoutes() {
	s.Data("/bodies", office.Public, s.bodies, serve.One("q", "region", "kind"), serve.AsAt(), serve.Sorted())
	s.Data("/bodies/:slug", office.Public, s.body, serve.AsAt())
}

func (s pages) bodies(c echo.Context) (serve.Answer, error) {
	f := registerview.BodyFilter{Words: serve.Asked(c, "q"), Region: serve.Asked(c, "region"), Kind: serve.Asked(c, "kind")}
	if f.Kind != "" && office.BodyKind(f.Kind).String() == "" {
		return serve.Answer{}, fault.Field("kind", "There is no such type of body. Choose one from the list.")
	}
	if f.Region != "" && !slices.Contains(office.Regions(), f.Region) {
		return serve.Answer{}, fault.Field("region", "There is no such region. Choose one from the list.")
	}
	w, err := dayAsked(c)
	if err != nil {
		return serve.Answer{}, err
	}
	r, err := register.Read(serve.Ctx(c), s.Store, w)
	if err != nil {
		return serve.Answer{}, err
	}
	var bad fault.Faults
	orders, columns := registerview.BodyOrders(r), bodyColumns(r)
	f.AsAt, f.Sort, f.Page = w.Day, serve.AskedSort(c, &bad, serve.Keys(columns), registerview.UsualBodies), serve.AskedPageNumber(c, &bad)
	if err := bad.Err(); err != nil {
		return serve.Answer{}, err
	}
	chosen := f.Chosen(r.AsAt) // which RowsOf sorts
	p := registerview.BodiesPage{Filter: f, Register: r, Count: len(chosen), Columns: columns}
	if p.Shown, p.Pages, err = serve.RowsOf(chosen, f.Sort, f.Page, registerview.Grouped(orders, r.AsAt, f.Sort.Down)); err != nil {
		return serve.Answer{}, err
	}
	out := BodiesJSON{AsAt: r.AsAt, Count: len(chosen), Bodies: make([]bodyJSON, len(chosen))}
	for i, b := range chosen {
		out.Bodies[i] = bodyAsJSON(b, r)
	}
	return serve.Answer{Page: registerview.Bodies(p), JSON: out, CSV: serve.CSVOf(columns, chosen...)}, nil
}

// dayAsked is the day that an address asks for, none for today.
func dayAsked(c echo.Context) (w record.When, err error) {
	day, err := serve.AskedDay(c, "as_at", "day")
	if err != nil || day == "" {
		return w, err
	}
	if w.Day, err = civil.ParseDay(day); err != nil {
		return w, fault.Field("day", "%s", err.Error())
	}
	return w, nil
}

func (s pages) body(c echo.Context) (serve.Answer, error) {
	name := c.Param("slug")
	if b, ok := office.BodyOf(name); ok && b.Slug != name {
		return serve.Answer{Goes: serve.Redirect{Code: http.StatusMovedPermanently, To: bodyAddress(c, b)}}, nil
	}
	w, err := dayAsked(c)
	if err != nil {
		return serve.Answer{}, err
	}
	b, err := register.ReadBody(serve.Ctx(c), s.Store, name, w)
	if err != nil {
		return serve.Answer{}, err
	}
	own := b.Register
	own.Rights, own.Directors = b.Rights(), b.Directors()
	told := ownershipJSON(own)
	parts, err := s.bodyParts(c, b)
	return serve.Answer{
		Page: registerview.Body(b, parts.now, parts.after),
		SVG:  parts.chart,
		JSON: BodyPageJSON{AsAt: b.Register.AsAt, bodyJSON: bodyAsJSON(b.Body, b.Register), Rights: told.Rights, Directors: told.Directors},
		CSV:  serve.CSVOf(bodyColumns(b.Register), b.Body),
	}, err
}

// bodyPage is what the subjects other than the register say of a body: how it
// stands now comes before the register, its part in the handover after it.
type bodyPage struct {
	now, after []registerview.BodyPart
	chart      pageview.ChartFile // nil for none
}

func (s pages) bodyParts(c echo.Context, b register.BodyPage) (out bodyPage, err error) {
	ctx := serve.Ctx(c)
	m, err := register.MomentOf(ctx, s.Store, string(min(b.Register.AsAt, civil.DayOf(s.Store.Now()))))
	if err != nil {
		return out, err
	}
	p, err := handover.ReadPart(ctx, s.Store, m, b.Slug)
	if err != nil {
		return out, err
	}
	out.after = append(out.after, handoverview.HandoverOfBody(p))
	owed, err := scrutiny.OwedBy(ctx, s.Store, b.Slug, 5)
	if err != nil || !b.LocalPolicing() {
		out.after = append(out.after, scrutinyview.OwedByBody(owed))
		return out, err
	}
	spend, err := report.ReadBody(ctx, s.Store, b.Slug)
	if err != nil {
		return out, err
	}
	out.now = append(out.now, spendview.SpendOfBody(spend), scrutinyview.OwedByBody(owed))
	if spend.Loads > 0 && !spend.Bad {
		out.chart = spendview.BodyChart(spend)
	}
	asked, err := scrutiny.Questions(ctx, s.Store, scrutiny.QuestionFilter{From: b.Slug}, 3)
	if err != nil {
		return out, err
	}
	votes, err := decisions.ReadOfBody(ctx, s.Store, b.Slug)
	out.now = append(out.now, scrutinyview.AskedByBody(asked), decisionsview.OfBody(votes, b.Register))
	return out, err
}

// bodyAddress is the page of a body in the form and on the day asked for.
func bodyAddress(c echo.Context, b office.Body) string {
	u := url.URL{Path: "/bodies/" + b.Slug, RawQuery: c.Request().URL.RawQuery}
	if f := serve.Format(c); f != "html" {
		u.Path += "." + f
	}
	return u.String()
}

// BodiesJSON is the list of bodies as JSON.
type BodiesJSON struct {
	AsAt   civil.Day  `json:"as_at"`
	Count  int        `json:"count"`
	Bodies []bodyJSON `json:"bodies"`
}

// bodyJSON is a body; null is not known, or none.
type bodyJSON struct {
	Slug        string          `json:"slug"`
	Name        string          `json:"name"`
	Short       string          `json:"short"`
	NameCy      *string         `json:"name_cy"`
	Kind        office.BodyKind `json:"kind"`
	Code        *string         `json:"code"`
	Force       *string         `json:"force"`
	ForceCy     *string         `json:"force_cy"`
	Region      *string         `json:"region"`
	Population  *int64          `json:"population_2011"`
	First       *civil.Day      `json:"first_day"`
	Last        *civil.Day      `json:"last_day"`
	Predecessor *string         `json:"predecessor"`
	Successor   *string         `json:"successor"`
	Member      *memberJSON     `json:"member"` // null is not a member
}

// BodyPageJSON is the page of a body as JSON.
type BodyPageJSON struct {
	AsAt civil.Day `json:"as_at"`
	bodyJSON
	Rights    []rightJSON    `json:"rights"`
	Directors []directorJSON `json:"directors"`
}

func bodyAsJSON(b office.Body, r register.Register) bodyJSON {
	out := bodyJSON{Slug: b.Slug, Name: r.Names.Of(b.Slug), Short: b.Short, NameCy: serve.OrNull(b.NameCy), Kind: b.Kind, Code: serve.OrNull(b.Code),
		Force: serve.OrNull(b.Force), ForceCy: serve.OrNull(b.ForceCy), Region: serve.OrNull(b.Region), Population: serve.OrNull(b.Population),
		First: serve.OrNull(b.First), Last: serve.OrNull(b.Last), Predecessor: serve.OrNull(b.Predecessor), Successor: serve.OrNull(b.Successor)}
	if m, ok := r.Member(b.Slug); ok {
		out.Member = &memberJSON{m.Body, m.Name, m.Class, m.Votes, r.Percent(m), m.Admitted, m.Guarantee, m.N}
	}
	return out
}

// bodyColumns are the columns of a body; an empty cell is not known, or none.
func bodyColumns(r register.Register) []serve.Column[office.Body] {
	ofMember := func(value func(register.Member) string) func(office.Body) string {
		return func(b office.Body) string {
			if m, ok := r.Member(b.Slug); ok {
				return value(m)
			}
			return ""
		}
	}
	return []serve.Column[office.Body]{
		{Label: "Body", Key: "name", Lead: true, Cell: func(b office.Body) templ.Component { return registerview.BodyCell(b, r) }},
		{Label: "Type", Quiet: true, Cell: func(b office.Body) templ.Component { return pageview.TextCell(b.Kind.String()) }},
		{Label: "Region", Key: "region", Cell: func(b office.Body) templ.Component { return pageview.TextCell(b.Region) }},
		{Label: "Population, 2011", Key: "population", Numeric: true, Down: true, Quiet: true, Cell: func(b office.Body) templ.Component { return pageview.TextCell(registerview.PopulationWords(b)) }},
		{Label: "Votes in the company", Key: "votes", Down: true, Side: true, Cell: func(b office.Body) templ.Component { return registerview.VotesCell(b, r) }},
		{Name: "as_at", Value: func(office.Body) string { return string(r.AsAt) }},
		{Name: "body", Value: func(b office.Body) string { return b.Slug }},
		{Name: "name", Value: func(b office.Body) string { return r.Names.Of(b.Slug) }},
		{Name: "name_cy", Value: func(b office.Body) string { return b.NameCy }},
		{Name: "kind", Value: func(b office.Body) string { return string(b.Kind) }},
		{Name: "code", Value: func(b office.Body) string { return b.Code }},
		{Name: "force", Value: func(b office.Body) string { return b.Force }},
		{Name: "force_cy", Value: func(b office.Body) string { return b.ForceCy }},
		{Name: "region", Value: func(b office.Body) string { return b.Region }},
		{Name: "population_2011", Value: func(b office.Body) string {
			if b.Population == 0 {
				return ""
			}
			return serve.Digits(b.Population)
		}},
		{Name: "first_day", Value: func(b office.Body) string { return string(b.First) }},
		{Name: "last_day", Value: func(b office.Body) string { return string(b.Last) }},
		{Name: "predecessor", Value: func(b office.Body) string { return b.Predecessor }},
		{Name: "successor", Value: func(b office.Body) string { return b.Successor }},
		{Name: "member_since", Value: ofMember(func(m register.Member) string { return string(m.Admitted) })},
		{Name: "class", Value: ofMember(func(m register.Member) string { return m.Class })},
		{Name: "votes", Value: ofMember(func(m register.Member) string { return serve.Digits(m.Votes) })},
		{Name: "percent", Value: ofMember(r.Percent)},
	}
}
