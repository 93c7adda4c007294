package scrutiny

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/text"
	scrutinyview "github.com/police-ict/handover/views/scrutiny"
	"github.com/police-ict/handover/web/serve"
)

// askFields are the fields of a question, in the order of its form.
var askFields = []string{"about", "title", "text", "to", "committee", "named"}

// newQuestion is the form of a question, about what the address or the form
// points at.
func (s pages) newQuestion(c echo.Context) (templ.Component, error) {
	a, err := scrutiny.Asking(serve.Ctx(c), s.Store, serve.Viewer(c), strings.TrimSpace(c.FormValue("about")))
	return scrutinyview.NewQuestion(a), err
}

// questionTyped is what was typed for a question.
func questionTyped(c echo.Context) (q scrutiny.QuestionForm, f fault.Faults) {
	v := c.FormValue
	q = scrutiny.QuestionForm{Title: v("title"), Text: v("text"), To: v("to"), Committee: v("committee"), About: strings.TrimSpace(v("about")), Seen: v("seen")}
	q.Named = serve.FormDay(c, &f, "named")
	return q, f
}

// askedAlikeMost is how many similar questions are shown before one is asked.
const askedAlikeMost = 5

// checkQuestion shows a question as it will stand, by trying it, and those that
// were asked already and are like it.
func (s pages) checkQuestion(c echo.Context) (templ.Component, error) {
	q, f := questionTyped(c)
	var after scrutiny.QuestionPage
	err := record.Try(serve.Ctx(c), s.Store, func(st *db.Tx) error {
		ref, err := scrutiny.AskQuestion(serve.Ctx(c), st, serve.Viewer(c), q)
		if err != nil {
			return err
		}
		after, err = scrutiny.ReadQuestionPage(serve.Ctx(c), st, serve.Viewer(c), ref)
		return err
	})
	if err := serve.JoinFaults(f, err); err != nil {
		return nil, serve.OrderFaults(err, askFields)
	}
	alike, err := scrutiny.AskedAlike(serve.Ctx(c), s.Store, q, askedAlikeMost)
	return scrutinyview.QuestionCheck(after, alike), err
}

func (s pages) askQuestion(c echo.Context) (string, error) {
	q, f := questionTyped(c)
	if err := f.Err(); err != nil {
		return "", err
	}
	ref, err := scrutiny.AskQuestion(serve.Ctx(c), s.Store, serve.Viewer(c), q)
	if err != nil {
		return "", serve.OrderFaults(err, askFields)
	}
	asked, err := scrutiny.ReadQuestionPage(serve.Ctx(c), s.Store, serve.Viewer(c), ref)
	if err != nil {
		return "", err
	}
	return asked.Href(), s.Tell(c, "Your question "+ref+" has been sent. The reply is due by "+asked.Clock().Due.String()+".")
}

// sayFields are the fields of what is said on a question, in the order of forms.
var sayFields = []string{"judgement", "ground", "outcome", "corrects", "committee", "text", "expected", "with"}

// sayForm shows the form of an act to whoever may do it now.
func (s pages) sayForm(act office.Act) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		q, err := scrutiny.ReadQuestionPage(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("ref"))
		if err != nil {
			return nil, err
		}
		if err := q.May(act, serve.Viewer(c)); err != nil {
			return nil, err
		}
		return scrutinyview.SayOnQuestion(q, act), nil
	}
}

// saidTyped is what was typed for an act on a question.
func saidTyped(c echo.Context, act office.Act) (d scrutiny.SaidForm, f fault.Faults) {
	v := c.FormValue
	d = scrutiny.SaidForm{Text: v("text"), Ground: v("ground"), Outcome: scrutiny.ReviewOutcome(v("outcome")), Judgement: scrutiny.Judgement(v("judgement")), Committee: v("committee"), With: c.Request().Form["with"]}
	d.Turn, _ = strconv.ParseInt(v("turn"), 10, 64)         // none takes the question as it stands
	d.Corrects, _ = strconv.ParseInt(v("corrects"), 10, 64) // none is the newest answer
	if act == scrutiny.ActHold {
		d.Expected = serve.FormDay(c, &f, "expected")
	}
	return d, f
}

// actDone says what an act on a question did.
var actDone = map[office.Act]string{
	scrutiny.ActAnswer: "Your answer has been published.", scrutiny.ActHold: "Your holding answer has been published.", scrutiny.ActRefuse: "Your refusal has been published.",
	scrutiny.ActReviewRefusal: "Your review has been published.", scrutiny.ActCorrectAnswer: "Your correction has been published.", scrutiny.ActView: "Your view has been published.",
	scrutiny.ActFollowUp: "Your follow-up question has been sent.", scrutiny.ActCloseQuestion: "The question has been closed.", scrutiny.ActWithdrawQuestion: "The question has been withdrawn.",
	scrutiny.ActTakeUp: "The committee has taken up the question.",
}

// sayCheck shows what an act would change, by trying it.
func (s pages) sayCheck(act office.Act) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		before, err := scrutiny.ReadQuestionPage(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("ref"))
		if err != nil {
			return nil, err
		}
		d, f := saidTyped(c, act)
		var after scrutiny.QuestionPage
		err = record.Try(serve.Ctx(c), s.Store, func(st *db.Tx) error {
			if err := scrutiny.ActOnQuestion(serve.Ctx(c), st, serve.Viewer(c), before.Ref, act, d); err != nil {
				return err
			}
			after, err = scrutiny.ReadQuestionPage(serve.Ctx(c), st, serve.Viewer(c), before.Ref)
			return err
		})
		if err := serve.JoinFaults(f, err); err != nil {
			return nil, serve.OrderFaults(err, sayFields)
		}
		return scrutinyview.SayCheck(before, after, act), nil
	}
}

func (s pages) say(act office.Act) serve.Step {
	return func(c echo.Context) (string, error) {
		d, f := saidTyped(c, act)
		if err := f.Err(); err != nil {
			return "", err
		}
		if err := scrutiny.ActOnQuestion(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("ref"), act, d); err != nil {
			return "", serve.OrderFaults(err, sayFields)
		}
		q, err := scrutiny.ReadQuestionPage(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("ref"))
		if err != nil {
			return "", err
		}
		for _, said := range slices.Backward(q.Thread) {
			if said.Kind == act && said.Person == serve.Viewer(c).Person {
				n := text.Thousands(said.N)
				return q.Href(), s.Tell(c, actDone[act]+" It is recorded in entry "+n+".")
			}
		}
		return q.Href(), nil
	}
}
