package decisions

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend/report"
	decisionsview "github.com/police-ict/handover/views/decisions"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) decisionsRoutes() {
	s.Data("/decisions", office.Public, s.decisions, serve.One("q", "state", "kind", "body", "office", "may", "min", "max", "drafts", "maker", "before"), serve.Day("from", "first"), serve.Day("to", "last"), serve.Sorted())
	s.Data("/decisions/:ref", office.Public, s.decision)
	s.Data("/decisions/:ref/paper/:version", office.Public, s.paperVersion)
	s.Data("/decisions/:ref/notice", office.Public, s.latestNotice)
	s.Data("/decisions/:ref/notice/:version", office.Public, s.noticeVersion)
	s.Data("/decisions/:ref/authority", office.Public, s.decisionAuthority, serve.One("person"), serve.TwoDates())
}

// onward leads from the address that a decision had as a draft to its own.
func onward(c echo.Context, d decisions.Decision) (to serve.Redirect, moved bool) {
	at := c.Param("ref")
	if at == d.Address() {
		return to, false
	}
	u := url.URL{Path: strings.Replace(c.Request().URL.Path, "/decisions/"+at, d.Href(), 1), RawQuery: c.Request().URL.RawQuery}
	if f := serve.Format(c); f != "html" {
		u.Path += "." + f
	}
	return serve.Redirect{Code: http.StatusSeeOther, To: u.String()}, true
}

func (s pages) decision(c echo.Context) (serve.Answer, error) {
	d, err := report.ReadDecisionPage(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("ref"))
	if err != nil {
		return serve.Answer{}, err
	}
	if to, moved := onward(c, d.Decision); moved {
		return serve.Answer{Goes: to}, nil
	}
	if err := s.NoteReading(c, office.RestrictedPart, d.Part2 != "" && d.PaperNow.Released == 0); err != nil {
		return serve.Answer{}, err
	}
	return serve.Answer{Page: decisionsview.Decision(d), JSON: decisionAsJSON(d.Page), Atom: decisionFeed(d.Page)}, nil
}

// decisionFeed is what happened to a decision, newest first.
func decisionFeed(d decisions.Page) *serve.Feed {
	f := serve.Feed{Title: d.Ref + ": " + d.Paper.Title}
	for _, e := range slices.Backward(d.Events) {
		title, words := decisionsview.DecisionNews(d, e)
		f.Entries = append(f.Entries, serve.Entry{Title: title, Href: "/record/" + serve.Digits(e.N), Summary: words, At: e.At})
	}
	return &f
}

// implementJSON is the answer to “may this be implemented now?”. From is null
// where it cannot be told.
type implementJSON struct {
	Answer string                  `json:"answer"` // yes or no
	From   *string                 `json:"from"`
	Why    string                  `json:"why"`
	Say    string                  `json:"say"`
	State  string                  `json:"state"`
	Closes *string                 `json:"call_in_closes"`
	Signed int                     `json:"signatures"`
	Need   int                     `json:"signatures_needed"`
	Steps  []authority.WorkingStep `json:"working"`
}

func implementAsJSON(i authority.Implementation) implementJSON {
	return implementJSON{serve.YesNo(i.May), serve.InstantOrNull(i.From), i.Why, i.Say, i.State, serve.InstantOrNull(i.Closes), i.Count, i.Need, i.Working}
}

// appliedJSON is one rule that somebody was held to, with the fact that was used.
type appliedJSON struct {
	Person  int64          `json:"person"`
	Office  string         `json:"office"`
	Body    string         `json:"body"`
	Role    authority.Role `json:"role"`
	Elector string         `json:"elector,omitempty"`
	Rule    string         `json:"rule"`
	Fact    string         `json:"fact"`
	Result  string         `json:"result"` // holds or fails
	May     bool           `json:"may"`    // what all rules together come to
	On      civil.Day      `json:"on"`
	Known   int64          `json:"known_event"`
	Event   int64          `json:"event,omitempty"` // of the act, where there is one
	Void    int64          `json:"void_event,omitempty"`
}

// rulesOf flattens an authority into a row for each rule.
func rulesOf(a authority.Authority, role authority.Role, event, void int64) (rows []appliedJSON) {
	for _, f := range a.Findings {
		result := "fails"
		if f.OK {
			result = "holds"
		}
		rows = append(rows, appliedJSON{a.Person, a.Office.Title, a.Office.Body, role, a.Elector, f.Rule, f.Fact, result, a.May, a.On, a.Known, event, void})
	}
	return rows
}

// authorityAsJSON is the authority of every act in a decision and, while it can
// be acted in, of everyone who could.
func authorityAsJSON(d decisions.Page) []appliedJSON {
	rows := []appliedJSON{}
	for _, b := range d.Ballots {
		rows = append(rows, rulesOf(b.Authority, b.Role, b.N, b.Void)...)
	}
	for _, o := range d.Views {
		rows = append(rows, rulesOf(o.Authority, authority.Views, o.N, 0)...)
	}
	for _, a := range d.Standing {
		rows = append(rows, rulesOf(a, authority.Votes, 0, 0)...)
	}
	return rows
}

type consentJSON struct {
	Body   string                 `json:"body"`
	Right  string                 `json:"right"`
	Clause string                 `json:"clause"`
	Answer authority.BallotChoice `json:"answer,omitempty"`
	Event  int64                  `json:"event,omitempty"`
}

type differsJSON struct {
	Event int64  `json:"event"`
	Then  bool   `json:"then"`
	Today bool   `json:"today"`
	Rule  string `json:"rule"`
	Fact  string `json:"fact"`
}

// PageJSON is a decision with all that its page says.
type PageJSON struct {
	AsAt      string                   `json:"as_at"`
	State     string                   `json:"state"`
	Kind      string                   `json:"kind"`
	May       implementJSON            `json:"may_implement"`
	Authority []appliedJSON            `json:"authority"`
	Paper     authority.Paper          `json:"paper"`
	Part2     string                   `json:"part_2,omitempty"`
	Votes     authority.Tally          `json:"votes"`
	Result    string                   `json:"result"`
	Ballots   []authority.Ballot       `json:"ballots"`
	Consents  []consentJSON            `json:"consents"`
	Versions  []authority.PaperVersion `json:"versions"`
	Differs   []differsJSON            `json:"would_differ_today"`
	decisions.Decision
}

func decisionAsJSON(d decisions.Page) PageJSON {
	out := PageJSON{AsAt: serve.Instant(d.Now), State: d.State(d.Now, d.May), Kind: d.Kind.Title, May: implementAsJSON(d.May), Authority: authorityAsJSON(d), Paper: d.Paper, Part2: d.Part2,
		Votes: d.Vote, Result: d.Vote.Result(), Ballots: append([]authority.Ballot{}, d.Ballots...), Versions: d.Papers, Consents: []consentJSON{}, Differs: []differsJSON{}, Decision: d.Decision}
	for _, w := range d.Consents {
		one := consentJSON{Body: w.Body, Right: w.Matter, Clause: w.Right.Clause}
		if w.Given != nil {
			one.Answer, one.Event = w.Given.Choice, w.Given.N
		}
		out.Consents = append(out.Consents, one)
	}
	for _, x := range d.Differs {
		out.Differs = append(out.Differs, differsJSON{x.Ballot.N, x.Ballot.Authority.May, x.Today.May, x.Today.Why().Rule, x.Today.Why().Fact})
	}
	return out
}
