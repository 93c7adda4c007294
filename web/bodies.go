package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/views"
)

func (s *Server) bodiesRoutes() {
	s.data("/bodies", store.Public, s.bodies)
	s.data("/bodies/:slug", store.Public, s.body)
}

func (s *Server) bodies(c echo.Context) (answer, error) {
	f := views.BodyFilter{Words: asked(c, "q"), Region: asked(c, "region"), Kind: asked(c, "kind")}
	if f.Kind != "" && store.BodyKind(f.Kind).String() == "" {
		return answer{}, store.Field("kind", "There is no such kind of body: choose one from the list.")
	}
	r, err := s.store.Register(ctx(c), store.When{})
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
	return answer{Page: views.Bodies(f, r), JSON: out, CSV: rowsOf(bodyHeader, rows)}, nil
}

func (s *Server) body(c echo.Context) (answer, error) {
	name := c.Param("slug")
	if b, ok := store.BodyOf(name); ok && b.Slug != name {
		return answer{Goes: redirect{http.StatusMovedPermanently, bodyAddress(c, b)}}, nil
	}
	day, err := askedDay(c, "as_at", "day")
	if err != nil {
		return answer{}, err
	}
	w := store.When{}
	if day != "" {
		if w.Day, err = store.ParseDay(day); err != nil {
			return answer{}, store.Field("day", "%s", err.Error())
		}
	}
	b, err := s.store.Body(ctx(c), name, w)
	if err != nil {
		return answer{}, err
	}
	own := b.Register
	own.Rights, own.Directors = b.Rights(), b.Directors()
	told := ownershipJSON(own)
	parts, err := s.bodyParts(c, b)
	return answer{
		Page: views.Body(b, parts),
		JSON: bodyPageJSON{AsAt: b.Register.AsAt, bodyJSON: bodyAsJSON(b.Body, b.Register), Rights: told.Rights, Directors: told.Directors},
		CSV:  rowsOf(bodyHeader, [][]string{bodyAsRow(b.Body, b.Register)}),
	}, err
}

// bodyParts is what the subjects other than the register say of a body. Each
// adds its part here.
func (s *Server) bodyParts(c echo.Context, b store.BodyAt) ([]views.BodyPart, error) {
	m, err := s.store.Moment(ctx(c), string(min(b.Register.AsAt, store.DayOf(s.store.Now()))))
	if err != nil {
		return nil, err
	}
	p, err := s.store.HandoverPart(ctx(c), m, b.Slug)
	parts := []views.BodyPart{views.HandoverOfBody(p)}
	if err != nil {
		return parts, err
	}
	owed, err := s.store.OwedBy(ctx(c), b.Slug, 10)
	parts = append(parts, views.OwedByBody(owed))
	if err != nil || !b.LocalPolicing() {
		return parts, err
	}
	spend, err := s.store.SpendOfBody(ctx(c), b.Slug)
	return append(parts, views.SpendOfBody(spend)), err
}

// bodyAddress is the page of a body in the form and on the day asked for.
func bodyAddress(c echo.Context, b store.Body) string {
	u := url.URL{Path: "/bodies/" + b.Slug, RawQuery: c.Request().URL.RawQuery}
	if f := form(c); f != "html" {
		u.Path += "." + f
	}
	return u.String()
}

type bodiesJSON struct {
	AsAt   store.Day  `json:"as_at"`
	Count  int        `json:"count"`
	Bodies []bodyJSON `json:"bodies"`
}

// bodyJSON is a body; null is not known, or none.
type bodyJSON struct {
	Slug        string         `json:"slug"`
	Name        string         `json:"name"`
	Short       string         `json:"short"`
	NameCy      *string        `json:"name_cy"`
	Kind        store.BodyKind `json:"kind"`
	Code        *string        `json:"code"`
	Force       *string        `json:"force"`
	ForceCy     *string        `json:"force_cy"`
	Region      *string        `json:"region"`
	Population  *int64         `json:"population_2011"`
	First       *store.Day     `json:"first_day"`
	Last        *store.Day     `json:"last_day"`
	Predecessor *string        `json:"predecessor"`
	Successor   *string        `json:"successor"`
	Member      *memberJSON    `json:"member"` // null is not a member
}

type bodyPageJSON struct {
	AsAt store.Day `json:"as_at"`
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

func bodyAsJSON(b store.Body, r store.Register) bodyJSON {
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
func bodyAsRow(b store.Body, r store.Register) []string {
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
