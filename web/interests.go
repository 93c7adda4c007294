package web

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
	decisionsview "github.com/police-ict/handover/views/decisions"
)

const interestsPage = 50

func (s *Server) interestsRoutes() {
	s.data("/interests", office.Public, s.interests)
	s.confirm("/interests/new", office.DeclareInterests, false, s.interestForm, s.interestCheck, s.declareInterest)
	s.form("/interests/:id/end", office.DeclareInterests, s.endInterestForm, s.endInterest)
	s.data("/interests/people/:id", office.Public, s.personInterests)
}

// interestJSON is an interest with what is worked out for a day.
type interestJSON struct {
	decisions.Declared
	InForce bool `json:"in_force"`
	Late    bool `json:"declared_late"`
}

func interestJSONOf(all []decisions.Declared, on civil.Day) []interestJSON {
	out := []interestJSON{}
	for _, d := range all {
		out = append(out, interestJSON{d, d.InForce(on), d.Late()})
	}
	return out
}

type interestsJSON struct {
	AsAt      civil.Day      `json:"as_at"`
	Interests []interestJSON `json:"interests"`
}

// interestFilter reads which interests an address asks for.
func interestFilter(c echo.Context) (f decisions.InterestFilter, err error) {
	f = decisions.InterestFilter{Company: strings.TrimSpace(asked(c, "number")), Words: asked(c, "q"), All: asked(c, "all") == "yes"}
	var bad fault.Faults
	if f.Company != "" {
		number, ok := text.CompanyNumber(f.Company)
		if !ok {
			bad.Add("number", "That is not a company number: write it as Companies House does, like 01234567 or SC123456.")
		}
		f.Company = number
	}
	var wrong error
	if f.Body, wrong = askedBody(c); bad.Take("body", wrong) != nil {
		return f, wrong
	}
	return f, bad.Err()
}

func (s *Server) interests(c echo.Context) (answer, error) {
	f, err := interestFilter(c)
	if err != nil {
		return answer{}, err
	}
	at, err := s.moment(c)
	if err != nil {
		return answer{}, err
	}
	all, err := decisions.Interests(ctx(c), s.store, f, at)
	if err != nil {
		return answer{}, err
	}
	l := decisionsview.InterestList{Moment: at, Filter: f, Count: len(all)}
	if l.Page, l.Pages, l.From, err = pageAsked(c, l.Count, interestsPage); err != nil {
		return answer{}, err
	}
	l.Rows = all[l.From:min(l.From+interestsPage, l.Count)]
	return answer{Page: decisionsview.Interests(l), JSON: interestsJSON{at.Day, interestJSONOf(all, at.Day)}, CSV: rowsOf(interestRows(at, all))}, nil
}

func interestRows(at record.Moment, all []decisions.Declared) (header []string, rows [][]string) {
	for _, d := range all {
		rows = append(rows, []string{string(at.Day), strconv.FormatInt(d.ID, 10), strconv.FormatInt(d.Person, 10), d.Holder, decisionsview.OfficesWords(d.Offices), d.Company, d.Name, d.Nature,
			string(d.First), string(d.Last), d.Decision, string(d.DeclaredOn), strconv.FormatBool(d.Late()), strconv.FormatBool(d.InForce(at.Day)), strconv.FormatInt(d.N, 10)})
	}
	return []string{"as_at", "id", "person", "name", "offices", "company_number", "company", "nature", "from", "to", "decision", "declared_on", "declared_late", "in_force", "event"}, rows
}

type personInterestsJSON struct {
	AsAt      civil.Day         `json:"as_at"`
	Person    int64             `json:"person"`
	Name      string            `json:"name,omitempty"`
	Offices   []office.Office   `json:"offices"`
	Interests []interestJSON    `json:"interests"`
	Touched   []decisions.Touch `json:"touched"` // acts before an interest was declared, that it would have kept the person out of
}

func (s *Server) personInterests(c echo.Context) (answer, error) {
	id, err := number(c, "id")
	if err != nil {
		return answer{}, err
	}
	at, err := s.moment(c)
	if err != nil {
		return answer{}, err
	}
	p, err := decisions.ReadPersonInterests(ctx(c), s.store, viewer(c), id, at)
	if err != nil {
		return answer{}, err
	}
	out := personInterestsJSON{at.Day, p.Person, p.Holder, p.Offices, interestJSONOf(p.Interests, at.Day), append([]decisions.Touch{}, p.Touched...)}
	return answer{Page: decisionsview.PersonInterests(at, p), JSON: out, CSV: rowsOf(interestRows(at, p.Interests))}, nil
}

func (s *Server) interestForm(c echo.Context) (templ.Component, error) {
	all, err := decisions.Declarers(ctx(c), s.store, viewer(c))
	return decisionsview.InterestForm(all, asked(c, "person"), asked(c, "decision")), err
}

// interestSent is the interest of a sent form, as it would be declared.
func (s *Server) interestSent(c echo.Context) (decisions.Declared, error) {
	var f fault.Faults
	i := authority.Interest{Company: c.FormValue("number"), Name: c.FormValue("company"), Nature: c.FormValue("nature"), Decision: c.FormValue("decision"),
		First: formDay(c, &f, "from"), Last: formDay(c, &f, "to")}
	if text := c.FormValue("person"); text != "" {
		var err error
		if i.Person, err = strconv.ParseInt(text, 10, 64); err != nil || i.Person < 1 {
			return decisions.Declared{}, fault.Field("person", "Choose a person from the list.")
		}
	}
	d, err := decisions.ForeseeInterest(ctx(c), s.store, viewer(c), i)
	return d, joined(f, err)
}

func (s *Server) interestCheck(c echo.Context) (templ.Component, error) {
	d, err := s.interestSent(c)
	return decisionsview.InterestCheck(d), err
}

func (s *Server) declareInterest(c echo.Context) (string, error) {
	d, err := s.interestSent(c)
	if err != nil {
		return "", err
	}
	if _, err := decisions.DeclareInterest(ctx(c), s.store, viewer(c), d.Interest); err != nil {
		return "", err
	}
	return fmt.Sprintf("/interests/people/%d", d.Person), s.told(c, "The interest is in the register.")
}

func (s *Server) endInterestForm(c echo.Context) (templ.Component, error) {
	id, err := number(c, "id")
	if err != nil {
		return nil, err
	}
	i, err := decisions.MayEndInterest(ctx(c), s.store, viewer(c), id)
	return decisionsview.EndInterestForm(i), err
}

func (s *Server) endInterest(c echo.Context) (string, error) {
	id, err := number(c, "id")
	if err != nil {
		return "", err
	}
	var f fault.Faults
	last := formDay(c, &f, "to")
	if err := joined(f, decisions.EndInterest(ctx(c), s.store, viewer(c), id, last)); err != nil { // refuses a day that could not be read
		return "", err
	}
	i, err := decisions.FindInterest(ctx(c), s.store, id)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("/interests/people/%d", i.Person), s.told(c, "The last day of the interest is "+last.String()+".")
}
