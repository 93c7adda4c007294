package decisions

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
	decisionsview "github.com/police-ict/handover/views/decisions"
	"github.com/police-ict/handover/views/page"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) interestsRoutes() {
	s.Data("/interests", office.Public, s.interests, serve.One("q", "number", "body", "all"), serve.Sorted(), serve.AsAt())
	s.Confirm("/interests/new", office.DeclareInterests, false, s.interestForm, s.interestCheck, s.declareInterest, serve.One("person", "decision"))
	s.Form("/interests/:id/end", office.DeclareInterests, s.endInterestForm, s.endInterest)
	s.Data("/interests/people/:id", office.Public, s.personInterests, serve.AsAt())
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

// InterestsJSON is the list of interests as JSON.
type InterestsJSON struct {
	AsAt      civil.Day      `json:"as_at"`
	Interests []interestJSON `json:"interests"`
}

// interestFilter reads which interests an address asks for.
func interestFilter(c echo.Context) (f decisions.InterestFilter, err error) {
	f = decisions.InterestFilter{Company: strings.TrimSpace(serve.Asked(c, "number")), Words: serve.Asked(c, "q")}
	var bad fault.Faults
	f.All = serve.AskedYes(c, &bad, "all")
	if f.Company != "" {
		number, ok := text.CompanyNumber(f.Company)
		if !ok {
			bad.Add("number", "Enter a company number like 01234567 or SC123456.")
		}
		f.Company = number
	}
	var wrong error
	if f.Body, wrong = askedBody(c); bad.Take("body", wrong) != nil {
		return f, wrong
	}
	return f, bad.Err()
}

func (s pages) interests(c echo.Context) (serve.Answer, error) {
	f, err := interestFilter(c)
	if err != nil {
		return serve.Answer{}, err
	}
	at, err := s.Moment(c)
	if err != nil {
		return serve.Answer{}, err
	}
	all, err := decisions.Interests(serve.Ctx(c), s.Store, f, at)
	if err != nil {
		return serve.Answer{}, err
	}
	columns := interestColumns(at)
	l := decisionsview.InterestList{Moment: at, Filter: f, Count: len(all)}
	var bad fault.Faults
	l.Sort = serve.AskedSort(c, &bad, serve.Keys(columns), decisionsview.InterestsSort)
	if err := bad.Err(); err != nil {
		return serve.Answer{}, err
	}
	sorted(all, l.Sort, map[string]func(a, b decisions.Declared) int{
		"person":  func(a, b decisions.Declared) int { return cmp.Compare(text.Fold(a.Holder), text.Fold(b.Holder)) },
		"company": func(a, b decisions.Declared) int { return cmp.Compare(text.Fold(a.Name), text.Fold(b.Name)) },
		"held":    func(a, b decisions.Declared) int { return cmp.Compare(a.First, b.First) },
		"date":    func(a, b decisions.Declared) int { return cmp.Compare(a.DeclaredOn, b.DeclaredOn) },
	})
	from := 0
	if l.Page, l.Pages, from, err = serve.AskedPage(c, l.Count, db.PageRows); err != nil {
		return serve.Answer{}, err
	}
	l.Rows = all[from:min(from+db.PageRows, l.Count)]
	return serve.Answer{Page: decisionsview.Interests(l, columns), JSON: InterestsJSON{at.Day, interestJSONOf(all, at.Day)}, CSV: serve.CSVOf(columns, all...)}, nil
}

// interestColumns are the columns of the interests at a moment.
func interestColumns(at record.Moment) []serve.Column[decisions.Declared] {
	day := at.Day
	return []serve.Column[decisions.Declared]{
		{Name: "as_at", Value: func(decisions.Declared) string { return string(day) }},
		{Name: "id", Value: func(d decisions.Declared) string { return serve.Digits(d.ID) }},
		{Name: "person", Value: func(d decisions.Declared) string { return serve.Digits(d.Person) }},
		{Name: "name", Value: func(d decisions.Declared) string { return d.Holder }, Label: "Person", Key: "person", Lead: true, Cell: func(d decisions.Declared) templ.Component { return decisionsview.HolderCell(d, at) }},
		{Name: "offices", Value: func(d decisions.Declared) string { return decisionsview.OfficesWords(d.Offices) }},
		{Name: "company_number", Value: func(d decisions.Declared) string { return d.Company }},
		{Name: "company", Value: func(d decisions.Declared) string { return d.Name }, Label: "Company", Key: "company", Cell: func(d decisions.Declared) templ.Component { return decisionsview.CompanyCell(d) }},
		{Name: "nature", Value: func(d decisions.Declared) string { return d.Nature }, Label: "Interest", Cell: func(d decisions.Declared) templ.Component { return decisionsview.NatureCell(d) }},
		{Name: "from", Value: func(d decisions.Declared) string { return string(d.First) },
			Label: "Held", Key: "held", Down: true, Cell: func(d decisions.Declared) templ.Component {
				return page.TextCell(text.Capital(page.SpanWords(d.First, d.Last)))
			}},
		{Name: "to", Value: func(d decisions.Declared) string { return string(d.Last) }},
		{Name: "decision", Value: func(d decisions.Declared) string { return d.Decision }},
		{Name: "declared_on", Value: func(d decisions.Declared) string { return string(d.DeclaredOn) },
			Label: "Declared", Key: "date", Down: true, Named: true, Cell: func(d decisions.Declared) templ.Component { return decisionsview.DeclaredCell(d) }},
		{Label: "Status", Side: true, Cell: func(d decisions.Declared) templ.Component { return decisionsview.InterestStatus(d, at) }},
		{Name: "declared_late", Value: func(d decisions.Declared) string { return strconv.FormatBool(d.Late()) }},
		{Name: "in_force", Value: func(d decisions.Declared) string { return strconv.FormatBool(d.InForce(day)) }},
		{Name: "event", Value: func(d decisions.Declared) string { return serve.Digits(d.N) }},
	}
}

type personInterestsJSON struct {
	AsAt      civil.Day         `json:"as_at"`
	Person    int64             `json:"person"`
	Name      string            `json:"name,omitempty"`
	Offices   []office.Office   `json:"offices"`
	Interests []interestJSON    `json:"interests"`
	Touched   []decisions.Touch `json:"touched"` // acts before an interest was declared, that it would have kept the person out of
}

func (s pages) personInterests(c echo.Context) (serve.Answer, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return serve.Answer{}, err
	}
	at, err := s.Moment(c)
	if err != nil {
		return serve.Answer{}, err
	}
	p, err := decisions.ReadPersonInterests(serve.Ctx(c), s.Store, serve.Viewer(c), id, at)
	if err != nil {
		return serve.Answer{}, err
	}
	out := personInterestsJSON{at.Day, p.Person, p.Holder, p.Offices, interestJSONOf(p.Interests, at.Day), append([]decisions.Touch{}, p.Touched...)}
	return serve.Answer{Page: decisionsview.PersonInterests(at, p), JSON: out, CSV: serve.CSVOf(interestColumns(at), p.Interests...)}, nil
}

func (s pages) interestForm(c echo.Context) (templ.Component, error) {
	all, err := decisions.Declarers(serve.Ctx(c), s.Store, serve.Viewer(c))
	return decisionsview.InterestForm(all, serve.Asked(c, "person"), serve.Asked(c, "decision")), err
}

// interestSent is the interest of a sent form, as it would be declared.
func (s pages) interestSent(c echo.Context) (decisions.Declared, error) {
	var f fault.Faults
	i := authority.Interest{Company: c.FormValue("number"), Name: c.FormValue("company"), Nature: c.FormValue("nature"), Decision: c.FormValue("decision"),
		First: serve.FormDay(c, &f, "from"), Last: serve.FormDay(c, &f, "to")}
	if text := c.FormValue("person"); text != "" {
		var err error
		if i.Person, err = strconv.ParseInt(text, 10, 64); err != nil || i.Person < 1 {
			return decisions.Declared{}, fault.Field("person", "Choose a person from the list.")
		}
	}
	d, err := decisions.ForeseeInterest(serve.Ctx(c), s.Store, serve.Viewer(c), i)
	return d, serve.JoinFaults(f, err)
}

func (s pages) interestCheck(c echo.Context) (templ.Component, error) {
	d, err := s.interestSent(c)
	return decisionsview.InterestCheck(d), err
}

func (s pages) declareInterest(c echo.Context) (string, error) {
	d, err := s.interestSent(c)
	if err != nil {
		return "", err
	}
	if _, err := decisions.DeclareInterest(serve.Ctx(c), s.Store, serve.Viewer(c), d.Interest); err != nil {
		return "", err
	}
	return fmt.Sprintf("/interests/people/%d", d.Person), s.Tell(c, "Your interest has been recorded.")
}

func (s pages) endInterestForm(c echo.Context) (templ.Component, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return nil, err
	}
	i, err := decisions.MayEndInterest(serve.Ctx(c), s.Store, serve.Viewer(c), id)
	return decisionsview.EndInterestForm(i), err
}

func (s pages) endInterest(c echo.Context) (string, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return "", err
	}
	var f fault.Faults
	last := serve.FormDay(c, &f, "to")
	if err := serve.JoinFaults(f, decisions.EndInterest(serve.Ctx(c), s.Store, serve.Viewer(c), id, last)); err != nil { // refuses a day that could not be read
		return "", err
	}
	i, err := decisions.FindInterest(serve.Ctx(c), s.Store, id)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("/interests/people/%d", i.Person), s.Tell(c, "The interest ends at the end of "+last.String()+".")
}
