package decisions

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	decisionsview "github.com/police-ict/handover/views/decisions"
	pageview "github.com/police-ict/handover/views/page"
	"github.com/police-ict/handover/web/serve"
)

// Filter reads which decisions an address asks for.
func Filter(c echo.Context) (f decisions.Filter, err error) {
	var all fault.Faults
	f = decisions.Filter{State: serve.Asked(c, "state"), Matter: serve.Asked(c, "kind"), Office: office.Kind(serve.Asked(c, "office")), May: serve.Asked(c, "may"),
		Words: strings.TrimSpace(serve.Asked(c, "q")), Before: serve.Asked(c, "before"), Draft: serve.AskedYes(c, &all, "drafts")}
	if f.State != "" && !slices.Contains(decisions.States, f.State) {
		all.Add("state", "There is no such status. Choose one from the list.")
	}
	if name := serve.Asked(c, "body"); name != "" {
		b, ok := office.BodyOf(name)
		if !ok {
			all.Add("body", "There is no such body. Choose one from the list.")
		}
		f.Body = b.Slug
	}
	if f.Office != "" && !slices.Contains(office.Kinds, f.Office) {
		all.Add("office", "There is no such type of role. Choose one from the list.")
	}
	if !slices.Contains([]string{"", "yes", "no"}, f.May) {
		all.Add("may", "Choose yes or no.")
	}
	if len([]rune(f.Words)) > 200 {
		all.Add("q", "Shorten the words to 200 characters or fewer.")
	}
	f.Maker = authority.Deciders(serve.Asked(c, "maker"))
	if !slices.Contains([]authority.Deciders{"", authority.TheMembers, authority.TheBoard, authority.AnOffice}, f.Maker) {
		all.Add("maker", "There is no such decision maker. Choose one from the list.")
	}
	f.From, f.To = dayAsked(c, &all, "from", "first"), dayAsked(c, &all, "to", "last")
	if f.From != "" && f.To != "" && f.To < f.From {
		all.Add("last", "Enter a last date that is not before the first.")
	}
	f.Sort, f.Page = serve.AskedSort(c, &all, decisions.Sorts(), decisionsview.UsualSort), serve.AskedPageNumber(c, &all)
	f.Least, f.Most = sumAsked(c, &all, "min"), sumAsked(c, &all, "max")
	return f, all.Err()
}

// dayAsked is a day of the address, "" when it is not given.
func dayAsked(c echo.Context, f *fault.Faults, name, field string) civil.Day {
	asked, err := serve.AskedDay(c, name, field)
	if err == nil && asked != "" {
		_, err = civil.ParseDay(asked)
	}
	if err != nil {
		f.Add(field, "%s", err)
		return ""
	}
	return civil.Day(asked)
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
		return serve.Answer{}, fault.Forbidden.Errorf("Only roles that propose decisions can see the drafts of their body.")
	}
	if serve.Format(c) == "csv" {
		return serve.Answer{CSV: s.decisionRows(serve.Ctx(c), serve.Viewer(c), f)}, nil
	}
	if serve.Format(c) == "atom" {
		f.Before, f.Sort = "", db.Sort{}
		feed, err := s.decisionsFeed(serve.Ctx(c), serve.Viewer(c), f)
		return serve.Answer{Atom: feed}, err
	}
	p, err := decisions.List(serve.Ctx(c), s.Store, serve.Viewer(c), f, db.PageRows)
	if err != nil {
		return serve.Answer{}, err
	}
	return serve.Answer{Page: decisionsview.Decisions(p, decisionColumns(string(civil.DayOf(s.Store.Now())), p.Kinds, f.Draft)), JSON: decisionsAsJSON(civil.DayOf(s.Store.Now()), p), Also: []string{"csv", "atom"}}, nil
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
	if f := p.Filter; f.Before != "" && p.Next != "" || f.Before == "" && f.Page < p.Pages {
		if f.Page++; f.Before != "" {
			f.Before, f.Page = p.Next, 0
		}
		out.Next = serve.OrNull(decisionsview.DecisionsAddress("/decisions.json", f))
	}
	return out
}

// decisionColumns are the columns of the decisions, on the page and as CSV. A
// draft has no decision maker, value or status to show.
func decisionColumns(day string, kinds []authority.Matter, drafts bool) []serve.Column[decisions.Listed] {
	date := "Date"
	if drafts {
		date = "Last changed"
	}
	columns := []serve.Column[decisions.Listed]{
		{Name: "as_at", Value: func(decisions.Listed) string { return day }},
		{Name: "date", Value: func(d decisions.Listed) string { return string(d.Dated()) },
			Label: date, Key: "date", Down: true, Cell: func(d decisions.Listed) templ.Component { return pageview.DayCell(d.Dated()) }},
		{Name: "ref", Value: func(d decisions.Listed) string { return d.Ref }, Label: "Decision", Key: "ref", Down: true, Lead: true, Cell: decisionsview.NameCell},
		{Name: "title", Value: func(d decisions.Listed) string { return d.Title }},
		{Name: "decision_maker", Value: func(d decisions.Listed) string { return decisionsview.MakerWords(d.Band) },
			Label: "Decision maker", Quiet: true, Cell: func(d decisions.Listed) templ.Component { return pageview.TextCell(decisionsview.MakerWords(d.Band)) }},
		{Name: "kind", Value: func(d decisions.Listed) string { return d.Matter },
			Label: "Type", Quiet: true, Cell: func(d decisions.Listed) templ.Component { return decisionsview.TypeCell(kinds, d) }},
		{Name: "whole_life_pence", Value: func(d decisions.Listed) string { return serve.Digits(d.Value) },
			Label: "Whole-life value", Key: "value", Down: true, Numeric: true, Side: true, Cell: decisionsview.ValueCell},
		{Name: "state", Value: func(d decisions.Listed) string { return d.State }, Label: "Status", Key: "status", Cell: decisionsview.StatusCell},
		{Name: "body", Value: func(d decisions.Listed) string { return d.Body }},
		{Name: "office", Value: func(d decisions.Listed) string { return string(d.ProposedIn.Kind) }},
		{Name: "put_forward", Value: func(d decisions.Listed) string { return string(d.Proposed) }},
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
	if drafts {
		for i := range columns {
			if slices.Contains([]string{"decision_maker", "whole_life_pence", "state"}, columns[i].Name) {
				columns[i].Cell = nil
			}
		}
	}
	return columns
}

// decisionRows are all decisions of a filter.
func (s pages) decisionRows(ctx context.Context, v office.Viewer, f decisions.Filter) iter.Seq2[[]string, error] {
	day := string(civil.DayOf(s.Store.Now()))
	return serve.CSV(decisionColumns(day, nil, f.Draft), db.AtOnce(ctx, s.Store, func(tx *db.Tx, each func(decisions.Listed) bool) error {
		return decisions.Each(ctx, tx, v, f, each)
	}))
}
