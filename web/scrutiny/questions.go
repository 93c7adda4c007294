package scrutiny

import (
	"fmt"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/seen"
	scrutinyview "github.com/police-ict/handover/views/scrutiny"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) questionsRoutes() {
	s.Data("/questions", office.Public, s.questions, serve.One("q", "state", "to", "from", "about", "committee", "before"), serve.Sorted())
	s.Get("/questions/new", office.Public, s.newQuestion, serve.One("about"))
	s.Drafts("/questions/new", titled("Question"))
	s.Confirmed("/questions/new", office.AskQuestions, false, s.newQuestion, s.checkQuestion, s.askQuestion)
	s.Data("/questions/:ref", office.Public, s.question)
	for _, act := range scrutiny.QuestionActs {
		s.Edits("/questions/:ref/" + string(act)) // each is an act on what was read
		s.Drafts("/questions/:ref/"+string(act), saidOn(act))
		s.Confirm("/questions/:ref/"+string(act), questionNeeds(act), false, s.sayForm(act), s.sayCheck(act), s.say(act))
	}
}

// questionNeeds is the permission that an act on a question needs.
func questionNeeds(act office.Act) office.Permission {
	i := slices.IndexFunc(scrutiny.QuestionLife, func(m office.Move[scrutiny.QuestionStage]) bool { return m.Act == act })
	return scrutiny.QuestionLife[i].Need
}

func (s pages) question(c echo.Context) (serve.Answer, error) {
	q, err := scrutiny.ReadQuestionPage(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("ref"))
	if err != nil {
		return serve.Answer{}, err
	}
	return serve.Answer{Page: scrutinyview.Question(q), JSON: questionAsJSON(q), Atom: questionFeed(q)}, nil
}

// questionFeed is what was said on a question, newest first.
func questionFeed(q scrutiny.QuestionPage) *serve.Feed {
	f := serve.Feed{Title: "Question " + q.Ref + ": " + q.Title}
	for _, d := range slices.Backward(q.Thread) {
		title, words := scrutinyview.QuestionNews(q, d)
		f.Entries = append(f.Entries, serve.Entry{Title: title, Href: fmt.Sprintf("%s#said-%d", q.Href(), d.Seq), Summary: words, At: d.At})
	}
	f.Entries = append(f.Entries, serve.Entry{Title: "Question, from " + q.Office.Title, Href: q.Href(), Summary: q.Text, At: q.At})
	return &f
}

// questionJSON is a question with all that its page says.
type questionJSON struct {
	AsAt      string          `json:"as_at"`
	Known     int64           `json:"known_event"`
	State     string          `json:"state"`
	Due       *civil.Day      `json:"due"`           // null while the body owes nothing
	Holder    *string         `json:"committee_now"` // null is none
	FigureNow *seen.Figure    `json:"figure_now"`    // null is about nothing, or not to be seen now
	FigureWas string          `json:"figure_change"` // what became of it, in words; "" is about nothing
	Thread    []scrutiny.Said `json:"thread"`
	scrutiny.Question
}

func questionAsJSON(q scrutiny.QuestionPage) questionJSON {
	out := questionJSON{AsAt: serve.Instant(q.Now), Known: q.Known, State: q.State(), Due: serve.OrNull(q.Charge.Due), Holder: serve.OrNull(q.Holder()),
		Thread: append([]scrutiny.Said{}, q.Thread...), Question: q.Question}
	if f := q.Figure; f != nil {
		out.FigureWas = f.Say()
		if !f.Gone {
			out.FigureNow = &f.Now
		}
	}
	return out
}
