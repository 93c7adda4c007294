package scrutiny

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/seen"
	"github.com/police-ict/handover/store/text"
	"github.com/police-ict/handover/views/page"
)

// QuestionStatus is a state of a question as pages say it: one that is past its
// due date is overdue.
func QuestionStatus(state string) string {
	if state == "delayed" {
		return "Overdue"
	}
	return text.Capital(state)
}

// daysLeft says how many working days are left to answer a question, or by how
// many it is overdue; "" where no answer is due.
func daysLeft(q scrutiny.Question, days civil.Calendar, today civil.Day) string {
	if q.Stage != scrutiny.QuestionOwed {
		return ""
	}
	due := q.Clock().Due
	if due < today {
		n, err := days.Count(due, today)
		if err != nil {
			return ""
		}
		return "Overdue by " + text.Count(n, "working day", "working days")
	}
	n, err := days.Count(today, due)
	switch {
	case err != nil:
		return ""
	case n == 0:
		return "Due today"
	}
	return text.Count(n, "working day", "working days") + " left"
}

// besideStatus are the days left where the status stands before them: Overdue by
// 6 working days.
func besideStatus(left string) string { return strings.TrimPrefix(left, "Overdue ") }

// dueWords are the days left of a question, or its status where none are
// counted.
func dueWords(q scrutiny.Question, days civil.Calendar, today civil.Day) string {
	if left := daysLeft(q, days, today); left != "" {
		return left
	}
	return QuestionStatus(q.State(today))
}

// asAt is the line under a heading that says of what day a page is.
func asAt(ctx context.Context) string { return "As at " + page.From(ctx).Today().String() }

// notYet is that line on a page that shows what an act will do.
func notYet() string { return "Nothing has been recorded yet." }

// mayAsk reports whether whoever reads the page may ask questions.
func mayAsk(ctx context.Context) bool { return page.From(ctx).Viewer.Can(office.AskQuestions) }

// questionTone is the tone of a state of a question.
func questionTone(state string) string {
	switch state {
	case "answered", "closed":
		return "good"
	case "delayed", "long overdue", "refused":
		return "bad"
	case "withdrawn":
		return "unknown"
	}
	return "wait"
}

// answeredTone is the tone of the answer to “Has it been answered?”: it is good
// only where the questioner agrees that it was answered in full.
func answeredTone(q scrutiny.QuestionPage) string {
	tone := questionTone(q.State())
	answer, _ := lastSaid(q, scrutiny.ActAnswer)
	view, given := lastSaid(q, scrutiny.ActView)
	current := given && view.Seq > answer.Seq
	if tone == "good" && (current && view.Judgement != scrutiny.FullyAnswered || !current && answer.Judgement == scrutiny.PartlyAnswered) {
		return "wait"
	}
	return tone
}

// actsOnQuestions are the acts on a question in words: of a button, and of what
// was said by it.
var actsOnQuestions = map[office.Act]struct{ Verb, Said string }{
	scrutiny.ActAnswer:           {"Answer", "Answer"},
	scrutiny.ActHold:             {"Give a holding answer", "Holding answer"},
	scrutiny.ActRefuse:           {"Refuse to answer", "Refusal"},
	scrutiny.ActReviewRefusal:    {"Review the refusal", "Review of the refusal"},
	scrutiny.ActCorrectAnswer:    {"Correct an answer", "Correction"},
	scrutiny.ActView:             {"Say whether it is answered", "View of the answer"},
	scrutiny.ActFollowUp:         {"Follow up", "Follow-up"},
	scrutiny.ActCloseQuestion:    {"Close the question", "Closed"},
	scrutiny.ActWithdrawQuestion: {"Withdraw the question", "Withdrawn"},
	scrutiny.ActTakeUp:           {"Take up the question", "Taken up"},
}

// SaidName is what somebody says by an act on a question.
func SaidName(act office.Act) string { return actsOnQuestions[act].Said }

// judgementWords are the judgements of an answer, in words.
var judgementWords = map[scrutiny.Judgement]string{scrutiny.FullyAnswered: "answered", scrutiny.PartlyAnswered: "partly answered", scrutiny.NotAnswered: "not answered"}

// theBody is a body in a sentence.
func theBody(q scrutiny.QuestionPage) string { return q.Names.Of(q.To) }

// lastSaid is the newest entry of a kind, if there is one.
func lastSaid(q scrutiny.QuestionPage, kind office.Act) (scrutiny.Said, bool) {
	for _, d := range slices.Backward(q.Thread) {
		if d.Kind == kind {
			return d, true
		}
	}
	return scrutiny.Said{}, false
}

// pastDue is how many working days the due day lies back, in words.
func pastDue(q scrutiny.QuestionPage) string {
	n, err := q.Days.Count(q.Clock().Due, q.Today)
	if err != nil {
		return "past its due date"
	}
	return text.Count(n, "working day", "working days") + " past its due date"
}

// hasBeenAnswered answers “Has it been answered?”.
func hasBeenAnswered(q scrutiny.QuestionPage) string {
	not, what := "Not yet.", "The answer"
	if q.Answer != 0 {
		not, what = "The follow-up has not been answered yet.", "The reply"
	}
	switch state := q.State(); state {
	case "due":
		return fmt.Sprintf("%s %s is due by %s.", not, what, q.Clock().Due)
	case "delayed":
		return fmt.Sprintf("%s %s is %s.", not, what, pastDue(q))
	case "long overdue":
		return fmt.Sprintf("%s %s is long overdue: %s.", not, what, pastDue(q))
	case "in review":
		return "No. The body refused to answer. The refusal is being reviewed."
	case "refused":
		return "No. The body refused to answer, and the refusal was upheld on review."
	case "withdrawn":
		return "No. The questioner withdrew the question."
	}
	if q.Answer == 0 {
		return "No. The body refused to answer, and the question has been closed."
	}
	words := judged(q)
	if q.Stage == scrutiny.QuestionClosed {
		words += " The question has been closed."
	}
	return words
}

// judged tells both judgements of the newest answer.
func judged(q scrutiny.QuestionPage) string {
	answer, _ := lastSaid(q, scrutiny.ActAnswer)
	view, given := lastSaid(q, scrutiny.ActView)
	body := office.ShortName(q.To)
	switch {
	case !given || view.Seq < answer.Seq:
		if answer.Judgement == scrutiny.PartlyAnswered {
			return fmt.Sprintf("In part, according to %s. The questioner has not yet confirmed.", body)
		}
		return fmt.Sprintf("Yes, according to %s. The questioner has not yet confirmed.", body)
	case view.Judgement == answer.Judgement && view.Judgement == scrutiny.FullyAnswered:
		return fmt.Sprintf("Yes. %s and the questioner agree that it is answered.", text.Capital(body))
	case view.Judgement == answer.Judgement:
		return fmt.Sprintf("In part. %s and the questioner agree that it is partly answered.", text.Capital(body))
	}
	return fmt.Sprintf("Not agreed. %s says it is %s. The questioner says it is %s.", text.Capital(body), judgementWords[answer.Judgement], judgementWords[view.Judgement])
}

// clockWords say when a reply is due, and why then.
func clockWords(q scrutiny.QuestionPage) string {
	c := q.Clock()
	words := fmt.Sprintf("Due by %s", c.Due)
	switch {
	case q.Named != "" && len(q.Clocks) == 1 && q.Named != c.Due:
		words += fmt.Sprintf(", the next working day after %s. The questioner asked for that day, which has since become a bank holiday.", q.Named)
	case q.Named != "" && len(q.Clocks) == 1:
		words += ", the day the questioner asked for."
	case len(q.Clocks) > 1:
		words += fmt.Sprintf(", %d working days after the follow-up of %s.", scrutiny.Terms().Answer, c.Began)
	default:
		words += fmt.Sprintf(", %d working days after it was asked.", scrutiny.Terms().Answer)
	}
	if q.Stage != scrutiny.QuestionOwed {
		if c.Ended != "" && c.Took >= 0 {
			words += fmt.Sprintf(" The reply took %s.", text.Count(int(c.Took), "working day", "working days"))
		}
		return words
	}
	if d, ok := lastSaid(q, scrutiny.ActHold); ok && civil.DayOf(d.At) >= c.Began {
		words += fmt.Sprintf(" The holding answer of %s did not stop the clock.", civil.DayOf(d.At))
	}
	if q.Today <= c.Long {
		words += fmt.Sprintf(" It becomes long overdue after %s.", c.Long)
	}
	return words
}

// nextWords say who can act next.
func nextWords(q scrutiny.QuestionPage) string {
	body := theBody(q)
	theScrutiny := q.Office.Title
	if slug := q.Holder(); slug != "" {
		theScrutiny += " or the " + q.Committees.Name(slug)
	}
	switch q.Stage {
	case scrutiny.QuestionOwed:
		return fmt.Sprintf("%s answers or refuses to answer.", text.Capital(body))
	case scrutiny.QuestionInReview:
		return fmt.Sprintf("Someone else at %s reviews the refusal.", body)
	case scrutiny.QuestionAnswered:
		return fmt.Sprintf("The questioner says whether it is answered. Then the %s follows up or closes the question.", theScrutiny)
	case scrutiny.QuestionRefused:
		return fmt.Sprintf("The %s follows up or closes the question.", theScrutiny)
	}
	return "None. The question is closed."
}

// saidOf is who said something, by office, and for which committee.
func saidOf(q scrutiny.QuestionPage, d scrutiny.Said) string {
	words := d.Office.Title
	if d.Committee != "" && d.Kind != scrutiny.ActTakeUp {
		words += ", for the " + q.Committees.Name(d.Committee)
	}
	return words
}

// saidTitle heads an entry of the thread.
func saidTitle(q scrutiny.QuestionPage, d scrutiny.Said) string {
	title := actsOnQuestions[d.Kind].Said
	switch d.Kind {
	case scrutiny.ActView:
		title = "The questioner’s view: " + judgementWords[d.Judgement]
	case scrutiny.ActReviewRefusal:
		title = "Review of the refusal: " + string(d.Outcome)
	case scrutiny.ActTakeUp:
		title = "Taken up by the " + q.Committees.Name(d.Committee)
	}
	return title + ", from " + saidOf(q, d)
}

// QuestionNews are the title of an entry of the thread and what it says.
func QuestionNews(q scrutiny.QuestionPage, d scrutiny.Said) (title, words string) {
	return saidTitle(q, d), d.Text
}

// saidDay is the place of an entry on the clock that ran then.
func saidDay(q scrutiny.QuestionPage, d scrutiny.Said) string {
	on := civil.DayOf(d.At)
	for _, c := range slices.Backward(q.Clocks) {
		if c.Began > on || c.Ended != "" && on > c.Ended {
			continue
		}
		n, err := q.Days.Count(c.Began, on)
		whole, err2 := q.Days.Count(c.Began, c.Due)
		if err == nil && err2 == nil {
			if n > whole {
				return fmt.Sprintf(". Working day %d, due on day %d", n, whole)
			}
			return fmt.Sprintf(". Working day %d of %d", n, whole)
		}
	}
	return ""
}

// aboutChoices are the kinds of reference that a list is filtered by.
func aboutChoices(chosen string) []page.Choice {
	all := []page.Choice{{Label: "Any subject"}}
	for _, k := range store.AskedKinds() {
		all = append(all, page.Choice{Value: k, Label: text.Capital(text.Plain(k))})
	}
	if chosen != "" && !slices.ContainsFunc(all, func(c page.Choice) bool { return c.Value == chosen }) {
		all = append(all, page.Choice{Value: chosen, Label: chosen})
	}
	return all
}

func questionStateChoices() []page.Choice {
	all := []page.Choice{{Label: "Any status"}}
	for _, s := range scrutiny.QuestionStates {
		all = append(all, page.Choice{Value: s, Label: QuestionStatus(s)})
	}
	return all
}

// answeringBodies are the bodies that questions can be put to.
func answeringBodies(b office.Body) bool { return b.Kind != office.PoliceAuthority }

// rateWords are how many questions a body answered on time: “11 of 14”.
func rateWords(r scrutiny.OnTime) string {
	if r.Count == 0 {
		return "None due yet"
	}
	return fmt.Sprintf("%d of %d", r.OnTime, r.Count)
}

func medianWords(r scrutiny.OnTime) string {
	if r.Median < 0 {
		return "No replies yet"
	}
	return text.Count(int(r.Median), "working day", "working days")
}

// seenWords are what was seen and as of when, in one line.
func seenWords(s seen.Figure) string {
	words := []string{page.Refs(s.Label)}
	if s.Value != "" {
		words = append(words, s.Value)
	}
	if s.Filter != "" {
		words = append(words, "filter: "+s.Filter)
	}
	return strings.Join(words, "; ")
}
