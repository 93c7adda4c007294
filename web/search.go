package web

import (
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/search"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
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
	shown, err := s.searchShown(c, p)
	if err != nil {
		return serve.Answer{}, err
	}
	return serve.Answer{Page: views.Search(shown), JSON: searchAsJSON(civil.DayOf(s.Store.Now()), p, shown.Of, shown.Holding), Also: []string{"csv"}}, nil
}

// searchShown is a page of results with what the page alone has: the answers of
// this site, what each supplier was paid, and what a misspelt word may be.
func (s pages) searchShown(c echo.Context, p search.Page) (v views.SearchPage, err error) {
	v = views.SearchPage{Page: p}
	if p.Query.Kind == "" && p.Query.Year == 0 && p.Query.Page == 1 {
		v.Answers = views.AnswersTo(p.Query.Words)
	}
	if p.Query.Page == 1 {
		if v.Of, err = s.paidOf(c, p.Query); err != nil || v.Of != nil {
			return v, err
		}
		if v.Holding, err = s.paidFor(c, p.Query, views.SearchPurposes); err != nil {
			return v, err
		}
	}
	if len(p.All) == 0 {
		if p.Asked() && len(v.Answers) == 0 && v.Holding.Lines == 0 {
			v.Meant, err = search.DidYouMean(serve.Ctx(c), s.Store, p.Query, views.KnownWords())
		}
		return v, err
	}
	var suppliers []string
	for _, f := range p.All {
		if slug, ok := strings.CutPrefix(f.Href, "/suppliers/"); ok && f.Kind == search.Supplier {
			suppliers = append(suppliers, slug)
		}
	}
	if len(suppliers) == 0 {
		return v, nil
	}
	err = spend.WithCube(serve.Ctx(c), s.Store, func(tx *db.Tx, cube *spend.Cube) (err error) {
		v.Paid, err = cube.PaidTo(serve.Ctx(c), tx, suppliers)
		return err
	})
	return v, err
}

// paidFor are the payments that hold the words of a search, where it asks for
// them.
func (s pages) paidFor(c echo.Context, q search.Query, most int) (spend.Holding, error) {
	if q.Year != 0 || q.Kind != "" && q.Kind != search.Purpose {
		return spend.Holding{}, nil
	}
	return spend.PaymentsHolding(serve.Ctx(c), s.Store, q.Words, most)
}

// asSum are the ways in which people write a sum of money: with its sign, its
// pence or its thousands. Other figures are words.
var asSum = regexp.MustCompile(`^[-−]?(?:£ ?[\d,]+(?:\.\d\d?)?|[\d,]*\d\.\d\d|\d{1,3}(?:,\d{3})+)$`)

// paidOf finds the payments of a sum that was asked for, nil where none was.
func (s pages) paidOf(c echo.Context, q search.Query) (*views.PaymentsOf, error) {
	words := strings.TrimSpace(q.Words)
	if !asSum.MatchString(words) || q.Kind != "" || q.Year != 0 || q.Page > 1 {
		return nil, nil
	}
	sum, err := money.ParsePence(strings.Replace(words, "£ ", "£", 1))
	if err != nil {
		return nil, nil //nolint:nilerr // it is words, and searched for as such
	}
	read, err := spend.Read(serve.Ctx(c), s.Store, payments.Filter{Least: &sum, Most: &sum})
	if err != nil {
		return nil, err
	}
	return &views.PaymentsOf{Each: sum, Lines: read.Total.Lines, Known: read.Known && read.Reconciles()}, nil
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

	Payments *paidJSON   `json:"payments"`                  // that hold the words; null where none does
	Of       *paidOfJSON `json:"payments_of_sum,omitempty"` // where a sum was asked for
}

// paidOfJSON are the payments of one sum.
type paidOfJSON struct {
	Pence money.Pence `json:"pence"`
	Count *int64      `json:"count"` // null where it cannot be told
	Href  string      `json:"href"`
}

// paidJSON are the payments that hold the words.
type paidJSON struct {
	Lines    int64             `json:"lines"`
	Pence    money.Pence       `json:"pence"`
	Href     string            `json:"href"`
	Purposes []paidPurposeJSON `json:"purposes"` // the largest sums first
	More     bool              `json:"more_purposes"`
}

type paidPurposeJSON struct {
	Purpose string      `json:"purpose"`
	Lines   int64       `json:"lines"`
	Pence   money.Pence `json:"pence"`
	Href    string      `json:"href"`
}

func paidAsJSON(words string, paid spend.Holding) *paidJSON {
	if paid.Lines == 0 {
		return nil
	}
	out := &paidJSON{paid.Lines, paid.Pence, views.PaymentsAddress(words), []paidPurposeJSON{}, paid.More}
	for _, p := range paid.Purposes {
		out.Purposes = append(out.Purposes, paidPurposeJSON{p.Purpose, p.Lines, p.Pence, views.PaymentsAddress(p.Purpose)})
	}
	return out
}

func searchAsJSON(day civil.Day, p search.Page, of *views.PaymentsOf, paid spend.Holding) searchJSON {
	out := searchJSON{AsAt: day, Known: p.Known, KnownAt: p.Known, Words: p.Query.Words, Cut: p.Cut, Left: append([]string{}, p.Left...), Count: p.Count, More: p.More, Found: make([]foundJSON, len(p.All)), Payments: paidAsJSON(p.Query.Words, paid)}
	for i, f := range p.All {
		out.Found[i] = foundJSON{f.Kind, serve.OrNull(f.Ref), search.Unmarked(f.Title), search.Unmarked(f.Text), f.Href, serve.OrNull(f.Day), f.Exact}
	}
	if of != nil {
		out.Of = &paidOfJSON{Pence: of.Each, Href: of.Href()}
		if of.Known {
			out.Of.Count = &of.Lines
		}
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
		of, err := s.paidOf(c, q)
		if err != nil {
			return err
		}
		if of != nil && !each(search.Found{Kind: "payments", Title: []search.Marked{{Text: of.Title()}}, Href: of.Href()}) {
			return nil
		}
		if q.Kind == search.Purpose {
			paid, err := s.paidFor(c, q, search.MaxResults)
			for _, p := range paid.Purposes {
				if !each(search.Found{Kind: search.Purpose, Title: []search.Marked{{Text: p.Purpose}}, Href: views.PaymentsAddress(p.Purpose)}) {
					return nil
				}
			}
			return err
		}
		return search.EachFound(serve.Ctx(c), s.Store, q, each)
	}))
}
