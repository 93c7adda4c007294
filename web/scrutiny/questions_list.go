package scrutiny

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/views/page"
	scrutinyview "github.com/police-ict/handover/views/scrutiny"
	"github.com/police-ict/handover/web/serve"
)

// QuestionFilter reads which questions an address asks for.
func QuestionFilter(c echo.Context) (f scrutiny.QuestionFilter, err error) {
	var all fault.Faults
	f = scrutiny.QuestionFilter{State: serve.Asked(c, "state"), About: strings.TrimSpace(serve.Asked(c, "about")), Committee: serve.Asked(c, "committee"),
		Words: strings.TrimSpace(serve.Asked(c, "q")), Before: serve.Asked(c, "before")}
	if f.State != "" && !slices.Contains(scrutiny.QuestionStates, f.State) {
		all.Add("state", "Choose a status from the list.")
	}
	for _, one := range []struct {
		name string
		into *string
	}{{"to", &f.To}, {"from", &f.From}} {
		if name := serve.Asked(c, one.name); name != "" {
			b, ok := office.BodyOf(name)
			if !ok {
				all.Add(one.name, "Choose a body from the list.")
			}
			*one.into = b.Slug
		}
	}
	if len(f.About) > 500 {
		all.Add("about", "Shorten the reference to 500 characters or fewer.")
	}
	if len([]rune(f.Words)) > 200 {
		all.Add("q", "Shorten the words to 200 characters or fewer.")
	}
	f.Sort, f.Page = serve.AskedSort(c, &all, scrutiny.QuestionSorts(), scrutinyview.UsualSort), serve.AskedPageNumber(c, &all)
	return f, all.Err()
}

func (s pages) questions(c echo.Context) (serve.Answer, error) {
	f, err := QuestionFilter(c)
	if err != nil {
		return serve.Answer{}, err
	}
	if serve.Format(c) == "csv" {
		f.Before = ""
		return serve.Answer{CSV: s.questionRows(serve.Ctx(c), f)}, nil
	}
	if serve.Format(c) == "atom" {
		f.Before = ""
		feed, err := s.questionsFeed(serve.Ctx(c), f)
		return serve.Answer{Atom: feed}, err
	}
	p, err := scrutiny.Questions(serve.Ctx(c), s.Store, f, db.PageRows)
	if err != nil {
		return serve.Answer{}, err
	}
	return serve.Answer{Page: scrutinyview.Questions(p, questionColumns(p.Today, p.Days)), JSON: questionsAsJSON(p), Also: []string{"csv", "atom"}}, nil
}

// questionsFeed are the questions of a filter. One moves when something is said
// or done on it, and when its time to be answered runs out.
func (s pages) questionsFeed(ctx context.Context, f scrutiny.QuestionFilter) (*serve.Feed, error) {
	out := serve.Feed{Title: "Questions"}
	err := s.Store.Read(ctx, func(tx *db.Tx) error {
		now := tx.Now()
		today := civil.DayOf(now)
		moved, err := record.LastOf(ctx, tx, "question")
		if err != nil {
			return err
		}
		return scrutiny.EachQuestion(ctx, tx, f, func(q scrutiny.Question) bool {
			at := serve.Latest(now, q.At, moved["question/"+q.Ref])
			if q.Stage == scrutiny.QuestionOwed {
				at = serve.Latest(now, at, q.Clock().Due.End(), q.Clock().Long.End())
			}
			out.Entries = append(out.Entries, serve.Entry{Title: fmt.Sprintf("%s: %s (%s)", q.Ref, q.Title, scrutinyview.QuestionStatus(q.State(today))), Href: q.Href(), Summary: q.Text, At: at})
			return len(out.Entries) < serve.FeedMost
		})
	})
	return &out, err
}

// listedQuestionJSON is one question of a list.
type listedQuestionJSON struct {
	Ref       string    `json:"ref"`
	Title     string    `json:"title"`
	State     string    `json:"state"`
	To        string    `json:"to"`
	From      string    `json:"from"`
	Office    string    `json:"office"`
	Committee *string   `json:"committee"`
	About     *string   `json:"about"`
	Asked     civil.Day `json:"asked"`
	Due       civil.Day `json:"due"`
}

type rateJSON struct {
	Body   string  `json:"body"`
	OnTime int64   `json:"on_time"`
	Count  int64   `json:"of"`
	Median *int64  `json:"median_working_days"`
	Oldest *string `json:"oldest_owed"`
}

type questionsJSON struct {
	AsAt      civil.Day            `json:"as_at"`
	Rates     []rateJSON           `json:"on_time"`
	Questions []listedQuestionJSON `json:"questions"`
	Next      *string              `json:"next"` // address of the next page
}

func listedQuestion(q scrutiny.Question, today civil.Day) listedQuestionJSON {
	one := listedQuestionJSON{Ref: q.Ref, Title: q.Title, State: q.State(today), To: q.To, From: q.Office.Body, Office: q.Office.Title, Committee: serve.OrNull(q.Committee), Asked: q.Asked(), Due: q.Clock().Due}
	if q.About != nil {
		one.About = &q.About.Ref
	}
	return one
}

func questionsAsJSON(p scrutiny.QuestionsPage) questionsJSON {
	out := questionsJSON{AsAt: p.Today, Rates: []rateJSON{}, Questions: make([]listedQuestionJSON, len(p.All))}
	for _, r := range p.Rates {
		one := rateJSON{Body: r.Body, OnTime: r.OnTime, Count: r.Count, Oldest: serve.OrNull(r.Oldest.Ref)}
		if r.Median >= 0 {
			one.Median = &r.Median
		}
		out.Rates = append(out.Rates, one)
	}
	for i, q := range p.All {
		out.Questions[i] = listedQuestion(q, p.Today)
	}
	if f := p.Filter; p.Next != "" || f.Before == "" && f.Page < p.Pages {
		f.Before, f.Page = p.Next, f.Page+1
		if p.Next != "" {
			f.Page = 0
		}
		out.Next = serve.OrNull(scrutinyview.QuestionsAddress("/questions.json", f))
	}
	return out
}

// questionColumns are the columns of the questions. Days count what is left to
// answer.
func questionColumns(today civil.Day, days civil.Calendar) []serve.Column[scrutiny.Question] {
	return []serve.Column[scrutiny.Question]{
		{Name: "as_at", Value: func(scrutiny.Question) string { return string(today) }},
		{Name: "ref", Value: func(q scrutiny.Question) string { return q.Ref }, Label: "Question", Lead: true, Cell: scrutinyview.QuestionCell},
		{Name: "title", Value: func(q scrutiny.Question) string { return q.Title }},
		{Name: "state", Value: func(q scrutiny.Question) string { return q.State(today) },
			Label: "Status", Key: "status", Side: true, Cell: func(q scrutiny.Question) templ.Component { return scrutinyview.QuestionStatusCell(q, days, today) }},
		{Name: "to", Value: func(q scrutiny.Question) string { return q.To },
			Label: "Addressed to", Key: "to", Cell: func(q scrutiny.Question) templ.Component { return page.TextCell(office.ShortName(q.To)) }},
		{Name: "from", Value: func(q scrutiny.Question) string { return q.Office.Body }},
		{Name: "office", Value: func(q scrutiny.Question) string { return q.Office.Title }},
		{Name: "committee", Value: func(q scrutiny.Question) string { return q.Committee }},
		{Name: "about", Value: func(q scrutiny.Question) string {
			if q.About == nil {
				return ""
			}
			return q.About.Ref
		}},
		{Name: "value_as_seen", Value: func(q scrutiny.Question) string {
			if q.About == nil {
				return ""
			}
			return q.About.Value
		}},
		{Name: "asked", Value: func(q scrutiny.Question) string { return string(q.Asked()) },
			Label: "Asked", Key: "date", Down: true, Quiet: true, Cell: func(q scrutiny.Question) templ.Component { return page.DayCell(q.Asked()) }},
		{Name: "due", Value: func(q scrutiny.Question) string { return string(q.Clock().Due) },
			Label: "Due", Key: "due", Named: true, Cell: func(q scrutiny.Question) templ.Component { return page.DayCell(q.Clock().Due) }},
		{Name: "working_days_to_first_reply", Value: func(q scrutiny.Question) string {
			first := q.Clocks[0]
			if first.Ended == "" || first.Took < 0 {
				return ""
			}
			return serve.Digits(first.Took)
		}},
	}
}

// questionRows are all questions of a filter.
func (s pages) questionRows(ctx context.Context, f scrutiny.QuestionFilter) iter.Seq2[[]string, error] {
	var days civil.Calendar // counts what the page alone shows
	return serve.CSV(questionColumns(civil.DayOf(s.Store.Now()), days), db.AtOnce(ctx, s.Store, func(tx *db.Tx, each func(scrutiny.Question) bool) error {
		return scrutiny.EachQuestion(ctx, tx, f, each)
	}))
}
