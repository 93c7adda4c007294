package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/spend"
	handoverview "github.com/police-ict/handover/views/handover"
	registerview "github.com/police-ict/handover/views/register"
	scrutinyview "github.com/police-ict/handover/views/scrutiny"
	spendview "github.com/police-ict/handover/views/spend"
)

func (s *Server) bodiesRoutes() {
	s.data("/bodies", office.Public, s.bodies)
	s.data("/bodies/:slug", office.Public, s.body)
}

func (s *Server) bodies(c echo.Context) (answer, error) {
	f := registerview.BodyFilter{Words: asked(c, "q"), Region: asked(c, "region"), Kind: asked(c, "kind")}
	if f.Kind != "" && office.BodyKind(f.Kind).String() == "" {
		return answer{}, fault.Field("kind", "There is no such kind of body: choose one from the list.")
	}
	r, err := register.Read(ctx(c), s.store, record.When{})
	if err != nil {
		return answer{}, err
	}
	chosen := f.Chosen()
	out := bodiesJSON{AsAt: r.AsAt, Count: len(chosen), Bodies: make([]bodyJSON, len(chosen))}
	rows := make([][]string, len(chosen))
	for i, b := range chosen {
		out.Bodies[i] = bodyAsJSON(b, r)
		rows[i] = bodyAsRow(b, r)
	}
	return answer{Page: registerview.Bodies(f, r), JSON: out, CSV: rowsOf(bodyHeader, rows)}, nil
}

func (s *Server) body(c echo.Context) (answer, error) {
	name := c.Param("slug")
	if b, ok := office.BodyOf(name); ok && b.Slug != name {
		return answer{Goes: redirect{http.StatusMovedPermanently, bodyAddress(c, b)}}, nil
	}
	day, err := askedDay(c, "as_at", "day")
	if err != nil {
		return answer{}, err
	}
	w := record.When{}
	if day != "" {
		if w.Day, err = civil.ParseDay(day); err != nil {
			return answer{}, fault.Field("day", "%s", err.Error())
		}
	}
	b, err := register.ReadBody(ctx(c), s.store, name, w)
	if err != nil {
		return answer{}, err
	}
	own := b.Register
	own.Rights, own.Directors = b.Rights(), b.Directors()
	told := ownershipJSON(own)
	parts, err := s.bodyParts(c, b)
	return answer{
		Page: registerview.Body(b, parts),
		JSON: bodyPageJSON{AsAt: b.Register.AsAt, bodyJSON: bodyAsJSON(b.Body, b.Register), Rights: told.Rights, Directors: told.Directors},
		CSV:  rowsOf(bodyHeader, [][]string{bodyAsRow(b.Body, b.Register)}),
	}, err
}

// bodyParts is what the subjects other than the register say of a body. Each
// adds its part here.
func (s *Server) bodyParts(c echo.Context, b register.BodyPage) ([]registerview.BodyPart, error) {
	m, err := register.MomentOf(ctx(c), s.store, string(min(b.Register.AsAt, civil.DayOf(s.store.Now()))))
	if err != nil {
		return nil, err
	}
	p, err := handover.ReadPart(ctx(c), s.store, m, b.Slug)
	parts := []registerview.BodyPart{handoverview.HandoverOfBody(p)}
	if err != nil {
		return parts, err
	}
	owed, err := scrutiny.OwedBy(ctx(c), s.store, b.Slug, 10)
	parts = append(parts, scrutinyview.OwedByBody(owed))
	if err != nil || !b.LocalPolicing() {
		return parts, err
	}
	spend, err := spend.ReadBody(ctx(c), s.store, b.Slug)
	return append(parts, spendview.SpendOfBody(spend)), err
}

// bodyAddress is the page of a body in the form and on the day asked for.
func bodyAddress(c echo.Context, b office.Body) string {
	u := url.URL{Path: "/bodies/" + b.Slug, RawQuery: c.Request().URL.RawQuery}
	if f := form(c); f != "html" {
		u.Path += "." + f
	}
	return u.String()
}

type bodiesJSON struct {
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

type bodyPageJSON struct {
	AsAt civil.Day `json:"as_at"`
	bodyJSON
	Rights    []rightJSON    `json:"rights"`
	Directors []directorJSON `json:"directors"`
}

// orNull is v, or null where v is empty.
func orNull[T comparable](v T) *T {
	var none T
	if v == none {
		return nil
	}
	return &v
}

func bodyAsJSON(b office.Body, r register.Register) bodyJSON {
	out := bodyJSON{Slug: b.Slug, Name: r.Names.Of(b.Slug), Short: b.Short, NameCy: orNull(b.NameCy), Kind: b.Kind, Code: orNull(b.Code),
		Force: orNull(b.Force), ForceCy: orNull(b.ForceCy), Region: orNull(b.Region), Population: orNull(b.Population),
		First: orNull(b.First), Last: orNull(b.Last), Predecessor: orNull(b.Predecessor), Successor: orNull(b.Successor)}
	if m, ok := r.Member(b.Slug); ok {
		out.Member = &memberJSON{m.Body, m.Name, m.Class, m.Votes, r.Percent(m), m.Admitted, m.Guarantee, m.N}
	}
	return out
}

var bodyHeader = []string{"as_at", "body", "name", "name_cy", "kind", "code", "force", "force_cy", "region", "population_2011",
	"first_day", "last_day", "predecessor", "successor", "member_since", "class", "votes", "percent"}

// bodyAsRow is a body as a row of bodyHeader; an empty cell is not known, or none.
func bodyAsRow(b office.Body, r register.Register) []string {
	row := []string{string(r.AsAt), b.Slug, r.Names.Of(b.Slug), b.NameCy, string(b.Kind), b.Code, b.Force, b.ForceCy, b.Region, "",
		string(b.First), string(b.Last), b.Predecessor, b.Successor, "", "", "", ""}
	if b.Population != 0 {
		row[9] = strconv.FormatInt(b.Population, 10)
	}
	if m, ok := r.Member(b.Slug); ok {
		copy(row[14:], []string{string(m.Admitted), m.Class, strconv.FormatInt(m.Votes, 10), r.Percent(m)})
	}
	return row
}
