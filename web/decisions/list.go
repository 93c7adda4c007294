package decisions

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	decisionsview "github.com/police-ict/handover/views/decisions"
	"github.com/police-ict/handover/web/serve"
)

// Filter reads which decisions an address asks for.
func Filter(c echo.Context) (f decisions.Filter, err error) {
	var all fault.Faults
	f = decisions.Filter{State: serve.Asked(c, "state"), Matter: serve.Asked(c, "kind"), Office: office.Kind(serve.Asked(c, "office")), May: serve.Asked(c, "may"),
		Words: strings.TrimSpace(serve.Asked(c, "q")), Before: serve.Asked(c, "before"), Draft: serve.AskedYes(c, &all, "drafts")}
	if f.State != "" && !slices.Contains(decisions.States, f.State) {
		all.Add("state", "There is no such state: choose one from the list.")
	}
	if name := serve.Asked(c, "body"); name != "" {
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
	text := serve.Asked(c, name)
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

func (s pages) decisions(c echo.Context) (serve.Answer, error) {
	f, err := Filter(c)
	if err != nil {
		return serve.Answer{}, err
	}
	if f.Draft && !serve.Viewer(c).Can(office.ProposeDecisions) {
		return serve.Answer{}, fault.Forbidden.Errorf("Only offices that propose decisions see the drafts of their body.")
	}
	if serve.Format(c) == "csv" {
		return serve.Answer{CSV: s.decisionRows(serve.Ctx(c), serve.Viewer(c), f)}, nil
	}
	if serve.Format(c) == "atom" {
		f.Before = ""
		feed, err := s.decisionsFeed(serve.Ctx(c), serve.Viewer(c), f)
		return serve.Answer{Atom: feed}, err
	}
	p, err := decisions.List(serve.Ctx(c), s.Store, serve.Viewer(c), f, decisionsview.DecisionsPage)
	if err != nil {
		return serve.Answer{}, err
	}
	return serve.Answer{Page: decisionsview.Decisions(p), JSON: decisionsAsJSON(civil.DayOf(s.Store.Now()), p), Also: []string{"csv", "atom"}}, nil
}

// decisionsFeed are the decisions of a filter. One moves when something is done
// on it, when its voting or its call-in closes and when its hold ends.
func (s pages) decisionsFeed(ctx context.Context, v office.Viewer, f decisions.Filter) (*serve.Feed, error) {
	out, now := serve.Feed{Title: "Decisions"}, s.Store.Now()
	err := decisions.Each(ctx, s.Store, v, f, func(d decisions.Listed) bool {
		at := serve.Latest(now, d.MovedAt, d.ClosesAt, d.May.From, d.May.Closes)
		out.Entries = append(out.Entries, serve.Entry{Title: fmt.Sprintf("%s: %s (%s)", d.Ref, d.Title, d.State), Href: d.Href(), Summary: d.May.Say, At: at})
		return len(out.Entries) < serve.FeedMost
	})
	return &out, err
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

// ListJSON is the list of decisions as JSON.
type ListJSON struct {
	AsAt      civil.Day    `json:"as_at"`
	Decisions []listedJSON `json:"decisions"`
	Next      *string      `json:"next"` // address of the next page
}

func decisionsAsJSON(day civil.Day, p decisions.ListPage) ListJSON {
	out := ListJSON{AsAt: day, Decisions: make([]listedJSON, len(p.All))}
	for i, d := range p.All {
		out.Decisions[i] = listedJSON{d.Ref, d.Title, d.State, d.Matter, d.Body, d.ProposedIn.Kind, d.Proposed, d.Value, serve.OrNull(d.Contract), serve.Instant(d.MovedAt), implementAsJSON(d.May)}
	}
	if p.Next != "" {
		f := p.Filter
		f.Before = p.Next
		out.Next = serve.OrNull(decisionsview.DecisionsAddress("/decisions.json", f))
	}
	return out
}

// decisionColumns are the columns of the decisions.
func decisionColumns(day string) []serve.Column[decisions.Listed] {
	return []serve.Column[decisions.Listed]{
		{Name: "as_at", Value: func(decisions.Listed) string { return day }},
		{Name: "ref", Value: func(d decisions.Listed) string { return d.Ref }},
		{Name: "title", Value: func(d decisions.Listed) string { return d.Title }},
		{Name: "state", Value: func(d decisions.Listed) string { return d.State }},
		{Name: "kind", Value: func(d decisions.Listed) string { return d.Matter }},
		{Name: "body", Value: func(d decisions.Listed) string { return d.Body }},
		{Name: "office", Value: func(d decisions.Listed) string { return string(d.ProposedIn.Kind) }},
		{Name: "put_forward", Value: func(d decisions.Listed) string { return string(d.Proposed) }},
		{Name: "whole_life_pence", Value: func(d decisions.Listed) string { return serve.Digits(d.Value) }},
		{Name: "contract", Value: func(d decisions.Listed) string { return d.Contract }},
		{Name: "may_implement", Value: func(d decisions.Listed) string { return serve.YesNo(d.May.May) }},
		{Name: "from", Value: func(d decisions.Listed) string {
			if d.May.From.IsZero() {
				return ""
			}
			return serve.Instant(d.May.From)
		}},
		{Name: "why", Value: func(d decisions.Listed) string { return d.May.Why }},
		{Name: "moved_at", Value: func(d decisions.Listed) string { return serve.Instant(d.MovedAt) }},
	}
}

// decisionRows are all decisions of a filter.
func (s pages) decisionRows(ctx context.Context, v office.Viewer, f decisions.Filter) iter.Seq2[[]string, error] {
	day := string(civil.DayOf(s.Store.Now()))
	return serve.CSV(decisionColumns(day), db.AtOnce(ctx, s.Store, func(tx *db.Tx, each func(decisions.Listed) bool) error {
		return decisions.Each(ctx, tx, v, f, each)
	}))
}
