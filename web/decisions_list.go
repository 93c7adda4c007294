package web

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	decisionsview "github.com/police-ict/handover/views/decisions"
)

func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// instantOrNull is an instant, or null where there is none.
func instantOrNull(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	text := instant(t)
	return &text
}

func yesNo(v bool) string {
	if v {
		return "yes"
	}
	return "no"
}

// decisionFilter reads which decisions an address asks for.
func decisionFilter(c echo.Context) (f decisions.Filter, err error) {
	var all fault.Faults
	f = decisions.Filter{State: asked(c, "state"), Matter: asked(c, "kind"), Office: office.Kind(asked(c, "office")), May: asked(c, "may"),
		Words: strings.TrimSpace(asked(c, "q")), Before: asked(c, "before"), Draft: asked(c, "drafts") == "yes"}
	if f.State != "" && !slices.Contains(decisions.States, f.State) {
		all.Add("state", "There is no such state: choose one from the list.")
	}
	if name := asked(c, "body"); name != "" {
		b, ok := office.BodyOf(name)
		if !ok {
			all.Add("body", "There is no such body: choose one from the list.")
		}
		f.Body = b.Slug
	}
	if f.Office != "" && !slices.Contains(office.Kinds, f.Office) {
		all.Add("office", "There is no such kind of office: choose one from the list.")
	}
	if !slices.Contains([]string{"", "yes", "no"}, f.May) {
		all.Add("may", "Ask for yes or no.")
	}
	if len([]rune(f.Words)) > 200 {
		all.Add("q", "Shorten the words to 200 characters or fewer.")
	}
	f.Least, f.Most = sumAsked(c, &all, "min"), sumAsked(c, &all, "max")
	return f, all.Err()
}

// sumAsked is a sum of the address, nil when it is not given.
func sumAsked(c echo.Context, f *fault.Faults, name string) *money.Pence {
	text := asked(c, name)
	if text == "" {
		return nil
	}
	p, err := money.ParsePence(text)
	if err != nil {
		f.Add(name, "%s", err)
		return nil
	}
	return &p
}

func (s *Server) decisions(c echo.Context) (answer, error) {
	f, err := decisionFilter(c)
	if err != nil {
		return answer{}, err
	}
	if f.Draft && !viewer(c).Can(office.ProposeDecisions) {
		return answer{}, fault.Forbidden.Errorf("Only offices that propose decisions see the drafts of their body.")
	}
	if form(c) == "csv" {
		return answer{CSV: s.decisionRows(ctx(c), viewer(c), f)}, nil
	}
	p, err := decisions.List(ctx(c), s.store, viewer(c), f, decisionsview.DecisionsPage)
	if err != nil {
		return answer{}, err
	}
	return answer{Page: decisionsview.Decisions(p), JSON: decisionsAsJSON(civil.DayOf(s.store.Now()), p), Atom: decisionsFeed(p)}, nil
}

// decisionsFeed are the decisions of a page, the last moved first.
func decisionsFeed(p decisions.ListPage) *feed {
	f := feed{Title: "Decisions"}
	for _, d := range p.All {
		f.Entries = append(f.Entries, entry{fmt.Sprintf("%s: %s (%s)", d.Ref, d.Title, d.State), d.Href(), d.May.Say, d.MovedAt})
	}
	slices.SortStableFunc(f.Entries, func(a, b entry) int { return b.At.Compare(a.At) })
	return &f
}

// listedJSON is one decision of a list.
type listedJSON struct {
	Ref      string        `json:"ref"`
	Title    string        `json:"title"`
	State    string        `json:"state"`
	Kind     string        `json:"kind"`
	Body     string        `json:"body"`
	Office   office.Kind   `json:"office"`
	Proposed civil.Day     `json:"put_forward"`
	Whole    money.Pence   `json:"whole_life_pence"`
	Contract *string       `json:"contract"`
	Moved    string        `json:"moved_at"`
	May      implementJSON `json:"may_implement"`
}

type decisionsJSON struct {
	AsAt      civil.Day    `json:"as_at"`
	Decisions []listedJSON `json:"decisions"`
	Next      *string      `json:"next"` // address of the next page
}

func decisionsAsJSON(day civil.Day, p decisions.ListPage) decisionsJSON {
	out := decisionsJSON{AsAt: day, Decisions: make([]listedJSON, len(p.All))}
	for i, d := range p.All {
		out.Decisions[i] = listedJSON{d.Ref, d.Title, d.State, d.Matter, d.Body, d.ProposedIn.Kind, d.Proposed, d.Value, orNull(d.Contract), instant(d.MovedAt), implementAsJSON(d.May)}
	}
	if p.Next != "" {
		f := p.Filter
		f.Before = p.Next
		out.Next = orNull(decisionsview.DecisionsAddress("/decisions.json", f))
	}
	return out
}

var decisionHeader = []string{"as_at", "ref", "title", "state", "kind", "body", "office", "put_forward", "whole_life_pence", "contract", "may_implement", "from", "why", "moved_at"}

// decisionRows are all decisions of a filter, read a page at a time.
func (s *Server) decisionRows(ctx context.Context, v office.Viewer, f decisions.Filter) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		if !yield(decisionHeader, nil) {
			return
		}
		day := string(civil.DayOf(s.store.Now()))
		err := decisions.Each(ctx, s.store, v, f, func(d decisions.Listed) bool {
			from := ""
			if !d.May.From.IsZero() {
				from = instant(d.May.From)
			}
			return yield([]string{day, d.Ref, d.Title, d.State, d.Matter, d.Body, string(d.ProposedIn.Kind), string(d.Proposed), whole(d.Value), d.Contract,
				yesNo(d.May.May), from, d.May.Why, instant(d.MovedAt)}, nil)
		})
		if err != nil {
			yield(nil, err)
		}
	}
}
