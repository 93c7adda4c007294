package decisions

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/register"
	decisionsview "github.com/police-ict/handover/views/decisions"
	"github.com/police-ict/handover/web/serve"
)

const differsPage = 100 // ballots that a page asks again about

func (s pages) authorityRoutes() {
	s.Data("/authority", office.Public, s.authority, serve.TwoDates())
	s.Data("/authority/who", office.Public, s.whoMay, serve.One("matter", "value", "company"), serve.TwoDates())
	s.Data("/authority/differs", office.Public, s.differing, serve.One("before"))
	s.Dear("/authority/differs", serve.AlwaysDear)
	s.Data("/authority/schemes", office.Public, s.schemes)
	s.Confirm("/authority/schemes/new", office.KeepDecisions, false, s.schemeForm, s.schemeCheck, s.proposeScheme)
	s.Data("/authority/schemes/:version", office.Public, s.scheme)
	s.Confirm("/authority/schemes/:version/adopt", office.KeepDecisions, true, s.adoptForm, s.adoptCheck, s.adoptScheme)
}

func (s pages) authority(c echo.Context) (serve.Answer, error) {
	w, err := s.When(c)
	if err != nil {
		return serve.Answer{}, err
	}
	p, err := decisions.ReadPowers(serve.Ctx(c), s.Store, w)
	return serve.Answer{Page: decisionsview.Authority(p), JSON: powersAsJSON(p), CSV: serve.CSVOf(bandColumns(p), bandsOf(p)...)}, err
}

// PowersJSON is the scheme in force as JSON.
type PowersJSON struct {
	AsAt     civil.Day         `json:"as_at"`
	KnownOn  civil.Day         `json:"known_on"`
	Known    int64             `json:"known_event"`
	Scheme   *versionJSON      `json:"scheme"` // null where none is in force
	Consents []heldConsentJSON `json:"consents"`
}

type versionJSON struct {
	Version   int64             `json:"version"`
	State     string            `json:"state"`
	From      civil.Day         `json:"from,omitempty"`
	To        civil.Day         `json:"to,omitempty"`
	Decision  string            `json:"decision,omitempty"`
	AdoptedOn civil.Day         `json:"adopted_on,omitempty"`
	Hash      string            `json:"sha256"`
	Says      *authority.Scheme `json:"says,omitempty"`
}

type heldConsentJSON struct {
	Matter string    `json:"matter"`
	Body   string    `json:"body,omitempty"`
	Class  string    `json:"class,omitempty"`
	Clause string    `json:"clause"`
	From   civil.Day `json:"from"`
	Event  int64     `json:"event"`
}

func versionAsJSON(v authority.SchemeVersion, on civil.Day) versionJSON {
	return versionJSON{Version: v.Version, State: v.State(on), From: v.From, To: v.To, Decision: v.Decision, AdoptedOn: v.AdoptedOn, Hash: v.Hash}
}

func powersAsJSON(p decisions.Powers) PowersJSON {
	r := p.Facts.Register
	out := PowersJSON{AsAt: r.AsAt, KnownOn: r.KnownOn, Known: r.Known, Consents: []heldConsentJSON{}}
	if v := p.Facts.Scheme; v.Version != 0 {
		told := versionAsJSON(v, r.AsAt)
		told.Says, out.Scheme = &v.Scheme, &told
	}
	for _, t := range r.Rights {
		if t.Kind == register.Consent {
			out.Consents = append(out.Consents, heldConsentJSON{t.Matter, t.Body, t.Class, t.Clause, t.From, t.N})
		}
	}
	return out
}

// bandOf is a band of a matter of the scheme.
type bandOf struct {
	authority.Band
	matter authority.Matter
}

func bandsOf(p decisions.Powers) (all []bandOf) {
	for _, m := range p.Facts.Scheme.Matters {
		for _, b := range m.Bands {
			all = append(all, bandOf{b, m})
		}
	}
	return all
}

// bandColumns are the columns of the bands of the scheme in force.
func bandColumns(p decisions.Powers) []serve.Column[bandOf] {
	r := p.Facts.Register
	return []serve.Column[bandOf]{
		{Name: "as_at", Value: func(bandOf) string { return string(r.AsAt) }},
		{Name: "known_event", Value: func(bandOf) string { return serve.Digits(r.Known) }},
		{Name: "scheme", Value: func(bandOf) string { return serve.Digits(p.Facts.Scheme.Version) }},
		{Name: "paragraph", Value: func(b bandOf) string { return b.Paragraph }},
		{Name: "matter", Value: func(b bandOf) string { return b.matter.Key }},
		{Name: "title", Value: func(b bandOf) string { return b.matter.Title }},
		{Name: "up_to_pence", Value: func(b bandOf) string {
			if b.UpTo == 0 {
				return ""
			}
			return serve.Digits(b.UpTo)
		}},
		{Name: "who", Value: func(b bandOf) string { return string(b.Who) }},
		{Name: "offices", Value: func(b bandOf) string { return spaced(b.Offices) }},
		{Name: "majority", Value: func(b bandOf) string { return string(b.Rule) }},
		{Name: "ways", Value: func(b bandOf) string { return spaced(b.Ways) }},
		{Name: "quorum", Value: func(b bandOf) string {
			if b.Quorum.Den == 0 {
				return ""
			}
			return fmt.Sprintf("%d/%d", b.Quorum.Num, b.Quorum.Den)
		}},
		{Name: "views", Value: func(b bandOf) string { return spaced(b.Views) }},
		{Name: "consents", Value: func(b bandOf) string { return strings.Join(b.Consents, "; ") }},
		{Name: "consents_held", Value: func(b bandOf) string {
			var held []string
			for _, c := range b.Consents {
				for _, t := range p.Facts.Holding(c) {
					held = append(held, r.Holder(t))
				}
			}
			return strings.Join(held, "; ")
		}},
		{Name: "key_decision", Value: func(b bandOf) string { return strconv.FormatBool(b.Key) }},
		{Name: "call_in", Value: func(b bandOf) string { return strconv.FormatBool(b.CallIn) }},
	}
}

// spaced lists words of a fixed set in one cell.
func spaced[S ~string](all []S) string {
	words := make([]string, len(all))
	for i, w := range all {
		words[i] = string(w)
	}
	return strings.Join(words, "; ")
}

// whoMay answers who can do what on a day. Without a kind of matter it only asks.
func (s pages) whoMay(c echo.Context) (serve.Answer, error) {
	w, err := s.When(c)
	if err != nil {
		return serve.Answer{}, err
	}
	q := authority.Case{Matter: serve.Asked(c, "matter")}
	if q.Matter == "" && serve.Asked(c, "value") == "" && serve.Asked(c, "company") == "" {
		p, err := decisions.ReadPowers(serve.Ctx(c), s.Store, w)
		a := decisions.Whoever{Powers: p}
		return serve.Answer{Page: decisionsview.WhoMay(a), JSON: whoAsJSON(a), CSV: serve.CSVOf(whoColumns(a))}, err
	}
	var f fault.Faults
	if v := strings.TrimSpace(serve.Asked(c, "value")); v != "" {
		q.Value, err = money.ParsePence(v)
		if err := f.Take("value", err); err != nil {
			return serve.Answer{}, err
		}
	}
	if n := strings.TrimSpace(serve.Asked(c, "company")); n != "" {
		q.Companies = []string{n}
	}
	if err := f.Err(); err != nil {
		return serve.Answer{}, err
	}
	a, err := decisions.WhoMay(serve.Ctx(c), s.Store, q, w)
	if err != nil {
		return serve.Answer{}, err
	}
	return serve.Answer{Page: decisionsview.WhoMay(a), JSON: whoAsJSON(a), CSV: serve.CSVOf(whoColumns(a), a.All...)}, nil
}

// WhoJSON is who may act in a matter, as JSON.
type WhoJSON struct {
	AsAt      civil.Day         `json:"as_at"`
	Known     int64             `json:"known_event"`
	Scheme    int64             `json:"scheme"` // 0 where none is in force
	Matter    string            `json:"matter"`
	Value     money.Pence       `json:"value_pence"`
	Companies []string          `json:"companies"`
	Paragraph string            `json:"paragraph"`
	Tallies   []authority.Tally `json:"tallies"` // before anyone voted, one for each way
	People    []decisions.Actor `json:"people"`
}

func whoAsJSON(a decisions.Whoever) WhoJSON {
	out := WhoJSON{a.Facts.On, a.Facts.Register.Known, a.Facts.Scheme.Version, a.Case.Matter, a.Case.Value, a.Case.Companies, a.Band.Paragraph, a.Tallies, a.All}
	if out.Companies == nil {
		out.Companies = []string{}
	}
	if out.Tallies == nil {
		out.Tallies = []authority.Tally{}
	}
	if out.People == nil {
		out.People = []decisions.Actor{}
	}
	return out
}

// whoColumns are the columns of who may act in a matter.
func whoColumns(a decisions.Whoever) []serve.Column[decisions.Actor] {
	return []serve.Column[decisions.Actor]{
		{Name: "as_at", Value: func(g decisions.Actor) string { return string(g.On) }},
		{Name: "known_event", Value: func(decisions.Actor) string { return serve.Digits(a.Facts.Register.Known) }},
		{Name: "scheme", Value: func(g decisions.Actor) string { return serve.Digits(g.Scheme) }},
		{Name: "role", Value: func(g decisions.Actor) string { return decisionsview.RoleWords(g) }},
		{Name: "for", Value: func(g decisions.Actor) string { return g.For(a.Facts.Register.Names) }},
		{Name: "may", Value: func(g decisions.Actor) string { return strconv.FormatBool(g.May) }},
		{Name: "person", Value: func(g decisions.Actor) string { return serve.Digits(g.Person) }},
		{Name: "office", Value: func(g decisions.Actor) string { return g.Office.Title }},
		{Name: "body", Value: func(g decisions.Actor) string { return g.Office.Body }},
		{Name: "paragraph", Value: func(g decisions.Actor) string { return g.Paragraph }},
		{Name: "delegation", Value: func(g decisions.Actor) string {
			if g.Delegation == 0 {
				return ""
			}
			return serve.Digits(g.Delegation)
		}},
		{Name: "rule", Value: func(g decisions.Actor) string { return g.Why().Rule }},
		{Name: "fact", Value: func(g decisions.Actor) string { return g.Why().Fact }},
	}
}

// differing lists the acts whose authority would differ if asked today.
func (s pages) differing(c echo.Context) (serve.Answer, error) {
	before, err := serve.AskedNumber(c, "before", "Enter “before” as a whole number, 1 or more.")
	if err != nil {
		return serve.Answer{}, err
	}
	p, err := decisions.ReadDiffering(serve.Ctx(c), s.Store, before, differsPage)
	if err != nil {
		return serve.Answer{}, err
	}
	out := DifferingJSON{Known: p.Known, Looked: p.Looked, Acts: []differingActJSON{}}
	if p.Next != 0 {
		out.Next = serve.OrNull(fmt.Sprintf("/authority/differs.json?before=%d", p.Next))
	}
	for _, d := range p.All {
		out.Acts = append(out.Acts, differingActJSON{d.Decision.Ref, d.Ballot.ID, d.Ballot.N, d.Ballot.Office, d.Ballot.Authority, d.Today})
	}
	return serve.Answer{Page: decisionsview.Differs(before, p), JSON: out, CSV: serve.CSVOf(differingColumns(), p.All...)}, nil
}

// differingColumns are the columns of the acts whose authority would differ.
func differingColumns() []serve.Column[decisions.Differs] {
	return []serve.Column[decisions.Differs]{
		{Name: "decision", Value: func(d decisions.Differs) string { return d.Decision.Ref }},
		{Name: "ballot", Value: func(d decisions.Differs) string { return serve.Digits(d.Ballot.ID) }},
		{Name: "event", Value: func(d decisions.Differs) string { return serve.Digits(d.Ballot.N) }},
		{Name: "office", Value: func(d decisions.Differs) string { return d.Ballot.Office.Title }},
		{Name: "body", Value: func(d decisions.Differs) string { return d.Ballot.Office.Body }},
		{Name: "on", Value: func(d decisions.Differs) string { return string(d.Ballot.Authority.On) }},
		{Name: "could_then", Value: func(d decisions.Differs) string { return strconv.FormatBool(d.Ballot.Authority.May) }},
		{Name: "could_as_known_now", Value: func(d decisions.Differs) string { return strconv.FormatBool(d.Today.May) }},
		{Name: "rule", Value: func(d decisions.Differs) string { return d.Today.Why().Rule }},
		{Name: "fact", Value: func(d decisions.Differs) string { return d.Today.Why().Fact }},
	}
}

// DifferingJSON is the acts that would be judged otherwise today, as JSON.
type DifferingJSON struct {
	Known  int64              `json:"known_event"`
	Looked int                `json:"ballots_looked_at"`
	Acts   []differingActJSON `json:"acts"`
	Next   *string            `json:"next"`
}

type differingActJSON struct {
	Decision string              `json:"decision"`
	Ballot   int64               `json:"ballot"`
	Event    int64               `json:"event"`
	Office   office.Office       `json:"office"`
	Then     authority.Authority `json:"as_known_then"`
	Today    authority.Authority `json:"as_known_now"`
}
