package web

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/search"
	"github.com/police-ict/handover/store/text"
	"github.com/police-ict/handover/views"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) searchRoutes() {
	s.Data("/search", office.Public, s.search, serve.One("q", "kind", "year", "page"))
	s.Dear("/search", serve.AlwaysDear)
}

// searchQuery reads what an address asks for.
func searchQuery(c echo.Context) (q search.Query, err error) {
	var f fault.Faults
	q = search.Query{Words: serve.Asked(c, "q"), Kind: search.Kind(serve.Asked(c, "kind")), Page: 1, Size: views.SearchSize}
	if q.Kind != "" && !slices.Contains(search.Kinds, q.Kind) {
		f.Add("kind", "Choose a type from the list.")
	}
	if text := strings.TrimSpace(serve.Asked(c, "year")); text != "" {
		if q.Year, err = strconv.Atoi(text); err != nil || q.Year < 1900 || q.Year > 2999 {
			f.Add("year", "Enter a year like 2012.")
		}
	}
	if words := serve.Asked(c, "page"); words != "" {
		n, err := text.ParseCount(words, 1)
		if err != nil {
			f.Add("page", "Enter a page number of 1 or more.")
		}
		q.Page = int(n)
	}
	return q, f.Err()
}

func (s pages) search(c echo.Context) (serve.Answer, error) {
	q, err := searchQuery(c)
	if err != nil {
		return serve.Answer{}, err
	}
	if serve.Format(c) == "csv" {
		return serve.Answer{CSV: s.foundRows(c, q)}, nil
	}
	p, err := search.Find(serve.Ctx(c), s.Store, q)
	if err != nil {
		return serve.Answer{}, err
	}
	return serve.Answer{Page: views.Search(p), JSON: searchAsJSON(civil.DayOf(s.Store.Now()), p), Also: []string{"csv"}}, nil
}

// foundJSON is one result.
type foundJSON struct {
	Kind  search.Kind `json:"kind"`
	Ref   *string     `json:"ref"`
	Title string      `json:"title"`
	Text  string      `json:"text"` // the part in which the words are
	Href  string      `json:"href"`
	Day   *civil.Day  `json:"day"`
	Exact bool        `json:"by_reference"`
}

type searchJSON struct {
	AsAt    civil.Day   `json:"as_at"`
	Known   int64       `json:"known_event"`
	KnownAt int64       `json:"known_at_event"` // the same
	Words   string      `json:"q"`
	Cut     bool        `json:"q_was_cut"`
	Left    []string    `json:"words_left_out"`
	Count   int         `json:"count"`
	More    bool        `json:"more_than_counted"`
	Found   []foundJSON `json:"found"`
	Next    *string     `json:"next"` // address of the next page
}

func searchAsJSON(day civil.Day, p search.Page) searchJSON {
	out := searchJSON{AsAt: day, Known: p.Known, KnownAt: p.Known, Words: p.Query.Words, Cut: p.Cut, Left: append([]string{}, p.Left...), Count: p.Count, More: p.More, Found: make([]foundJSON, len(p.All))}
	for i, f := range p.All {
		out.Found[i] = foundJSON{f.Kind, serve.OrNull(f.Ref), search.Unmarked(f.Title), search.Unmarked(f.Text), f.Href, serve.OrNull(f.Day), f.Exact}
	}
	if p.Query.Page < p.Pages() {
		out.Next = serve.OrNull(views.SearchAddress("/search.json", p.Query, p.Query.Page+1))
	}
	return out
}

// foundColumns are the columns of the results.
func foundColumns(day string) []serve.Column[search.Found] {
	return []serve.Column[search.Found]{
		{Name: "as_at", Value: func(search.Found) string { return day }},
		{Name: "kind", Value: func(f search.Found) string { return string(f.Kind) }},
		{Name: "ref", Value: func(f search.Found) string { return f.Ref }},
		{Name: "title", Value: func(f search.Found) string { return search.Unmarked(f.Title) }},
		{Name: "text", Value: func(f search.Found) string { return search.Unmarked(f.Text) }},
		{Name: "href", Value: func(f search.Found) string { return f.Href }},
		{Name: "day", Value: func(f search.Found) string { return string(f.Day) }},
		{Name: "by_reference", Value: func(f search.Found) string { return serve.YesNo(f.Exact) }},
	}
}

// foundRows are all results of a filter, read a page at a time.
func (s pages) foundRows(c echo.Context, q search.Query) iter.Seq2[[]string, error] {
	day := string(civil.DayOf(s.Store.Now()))
	return serve.CSV(foundColumns(day), serve.Each(func(each func(search.Found) bool) error {
		return search.EachFound(serve.Ctx(c), s.Store, q, each)
	}))
}
