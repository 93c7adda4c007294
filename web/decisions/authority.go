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
	s.Data("/authority", office.Public, s.authority)
	s.Data("/authority/who", office.Public, s.whoMay)
	s.Data("/authority/differs", office.Public, s.differing)
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
	return serve.Answer{Page: decisionsview.Authority(p), JSON: powersAsJSON(p), CSV: serve.Rows(bandHeader, bandRows(p))}, err
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

var bandHeader = []string{"as_at", "known_event", "scheme", "paragraph", "matter", "title", "up_to_pence", "who", "offices", "majority", "ways", "quorum", "views", "consents", "consents_held", "key_decision", "call_in"}

func bandRows(p decisions.Powers) (rows [][]string) {
	r, v := p.Facts.Register, p.Facts.Scheme
	for _, m := range v.Matters {
		for _, b := range m.Bands {
			upTo, quorum := "", ""
			if b.UpTo != 0 {
				upTo = serve.Digits(int64(b.UpTo))
			}
			if b.Quorum.Den != 0 {
				quorum = fmt.Sprintf("%d/%d", b.Quorum.Num, b.Quorum.Den)
			}
			var held []string
			for _, c := range b.Consents {
				for _, t := range p.Facts.Holding(c) {
					held = append(held, r.Holder(t))
				}
			}
			rows = append(rows, []string{string(r.AsAt), serve.Digits(r.Known), serve.Digits(v.Version), b.Paragraph, m.Key, m.Title, upTo, string(b.Who), spaced(b.Offices), string(b.Rule),
				spaced(b.Ways), quorum, spaced(b.Views), strings.Join(b.Consents, "; "), strings.Join(held, "; "), strconv.FormatBool(b.Key), strconv.FormatBool(b.CallIn)})
		}
	}
	return rows
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
		return serve.Answer{Page: decisionsview.WhoMay(a), JSON: whoAsJSON(a), CSV: serve.Rows(whoHeader, nil)}, err
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
	return serve.Answer{Page: decisionsview.WhoMay(a), JSON: whoAsJSON(a), CSV: serve.Rows(whoHeader, whoRows(a))}, nil
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

var whoHeader = []string{"as_at", "known_event", "scheme", "role", "for", "may", "person", "office", "body", "paragraph", "delegation", "rule", "fact"}

func whoRows(a decisions.Whoever) (rows [][]string) {
	for _, g := range a.All {
		delegation := ""
		if g.Delegation != 0 {
			delegation = serve.Digits(g.Delegation)
		}
		why := g.Why()
		rows = append(rows, []string{string(g.On), serve.Digits(a.Facts.Register.Known), serve.Digits(g.Scheme), decisionsview.RoleWords(g), g.For(a.Facts.Register.Names), strconv.FormatBool(g.May), serve.Digits(g.Person),
			g.Office.Title, g.Office.Body, g.Paragraph, delegation, why.Rule, why.Fact})
	}
	return rows
}

// differing lists the acts whose authority would differ if asked today.
func (s pages) differing(c echo.Context) (serve.Answer, error) {
	before, err := serve.AskedNumber(c, "before", "Give “before” as the number of a ballot, 1 or more.")
	if err != nil {
		return serve.Answer{}, err
	}
	p, err := decisions.ReadDiffering(serve.Ctx(c), s.Store, before, differsPage)
	if err != nil {
		return serve.Answer{}, err
	}
	out := DifferingJSON{Known: p.Known, Looked: p.Looked, Acts: []differingActJSON{}}
	if p.Next != 0 {
		out.Next = fmt.Sprintf("/authority/differs.json?before=%d", p.Next)
	}
	var rows [][]string
	for _, d := range p.All {
		then, today := d.Ballot.Authority, d.Today
		out.Acts = append(out.Acts, differingActJSON{d.Decision.Ref, d.Ballot.ID, d.Ballot.N, d.Ballot.Office, then, today})
		rows = append(rows, []string{d.Decision.Ref, serve.Digits(d.Ballot.ID), serve.Digits(d.Ballot.N), d.Ballot.Office.Title, d.Ballot.Office.Body, string(then.On),
			strconv.FormatBool(then.May), strconv.FormatBool(today.May), today.Why().Rule, today.Why().Fact})
	}
	return serve.Answer{Page: decisionsview.Differs(before, p), JSON: out,
		CSV: serve.Rows([]string{"decision", "ballot", "event", "office", "body", "on", "could_then", "could_as_known_now", "rule", "fact"}, rows)}, nil
}

// DifferingJSON is the acts that would be judged otherwise today, as JSON.
type DifferingJSON struct {
	Known  int64              `json:"known_event"`
	Looked int                `json:"ballots_looked_at"`
	Acts   []differingActJSON `json:"acts"`
	Next   string             `json:"next,omitempty"`
}

type differingActJSON struct {
	Decision string              `json:"decision"`
	Ballot   int64               `json:"ballot"`
	Event    int64               `json:"event"`
	Office   office.Office       `json:"office"`
	Then     authority.Authority `json:"as_known_then"`
	Today    authority.Authority `json:"as_known_now"`
}
