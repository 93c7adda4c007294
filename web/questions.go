package web

import (
	"fmt"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/seen"
	scrutinyview "github.com/police-ict/handover/views/scrutiny"
)

func (s *Server) questionsRoutes() {
	s.data("/questions", office.Public, s.questions)
	s.get("/questions/new", office.Public, s.newQuestion)
	s.confirmed("/questions/new", office.AskQuestions, false, s.newQuestion, s.checkQuestion, s.askQuestion)
	s.data("/questions/:ref", office.Public, s.question)
	for _, act := range scrutiny.QuestionActs {
		s.confirm("/questions/:ref/"+string(act), questionNeeds(act), false, s.sayForm(act), s.sayCheck(act), s.say(act))
	}
}

// questionNeeds is the permission that an act on a question needs.
func questionNeeds(act office.Act) office.Permission {
	i := slices.IndexFunc(scrutiny.QuestionLife, func(m office.Move[scrutiny.QuestionStage]) bool { return m.Act == act })
	return scrutiny.QuestionLife[i].Need
}

func (s *Server) question(c echo.Context) (answer, error) {
	q, err := scrutiny.ReadQuestionPage(ctx(c), s.store, viewer(c), c.Param("ref"))
	if err != nil {
		return answer{}, err
	}
	return answer{Page: scrutinyview.Question(q), JSON: questionAsJSON(q), Atom: questionFeed(q)}, nil
}

// questionFeed is what was said on a question, newest first.
func questionFeed(q scrutiny.QuestionPage) *feed {
	f := feed{Title: "Question " + q.Ref + ": " + q.Title}
	for _, d := range slices.Backward(q.Thread) {
		title, words := scrutinyview.QuestionNews(q, d)
		f.Entries = append(f.Entries, entry{title, fmt.Sprintf("%s#said-%d", q.Href(), d.Seq), words, d.At})
	}
	f.Entries = append(f.Entries, entry{"Question, from " + q.Office.Title, q.Href(), q.Text, q.At})
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
	out := questionJSON{AsAt: instant(q.Now), Known: q.Known, State: q.State(), Due: orNull(q.Charge.Due), Holder: orNull(q.Holder()),
		Thread: append([]scrutiny.Said{}, q.Thread...), Question: q.Question}
	if f := q.Figure; f != nil {
		out.FigureWas = f.Say()
		if !f.Gone {
			out.FigureNow = &f.Now
		}
	}
	return out
}
