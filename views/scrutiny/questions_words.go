package scrutiny

import (
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

// answeredTone is the tone of the answer to “Has it been answered?”: what the
// asker does not find answered in full is no good news, whatever the body says.
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
	scrutiny.ActView:             {"Give your view of the answer", "View of the answer"},
	scrutiny.ActFollowUp:         {"Follow up", "Follow-up"},
	scrutiny.ActCloseQuestion:    {"Close the question", "Closed"},
	scrutiny.ActWithdrawQuestion: {"Withdraw the question", "Withdrawn"},
	scrutiny.ActTakeUp:           {"Take the question up", "Taken up"},
}

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
		return "past its due day"
	}
	return text.Count(n, "working day", "working days") + " past its due day"
}

// hasBeenAnswered answers “Has it been answered?”.
func hasBeenAnswered(q scrutiny.QuestionPage) string {
	not := "Not yet."
	if q.Answer != 0 {
		not = "Not the follow-up yet."
	}
	switch state := q.State(); state {
	case "due":
		return fmt.Sprintf("%s It is due by %s.", not, q.Clock().Due)
	case "delayed":
		return fmt.Sprintf("%s It is %s.", not, pastDue(q))
	case "long overdue":
		return fmt.Sprintf("%s It is long overdue: %s.", not, pastDue(q))
	case "in review":
		return "No. It was refused, and somebody else reviews the refusal."
	case "refused":
		return "No. It was refused, and the refusal was upheld."
	case "withdrawn":
		return "No. The asker withdrew it."
	}
	if q.Answer == 0 {
		return "No. It was refused, and scrutiny closed it."
	}
	words := judged(q)
	if q.Stage == scrutiny.QuestionClosed {
		words += " Scrutiny closed it."
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
			return fmt.Sprintf("In part, says %s. The asker has not said yet.", body)
		}
		return fmt.Sprintf("Yes, says %s. The asker has not said yet.", body)
	case view.Judgement == answer.Judgement && view.Judgement == scrutiny.FullyAnswered:
		return fmt.Sprintf("Yes: %s and the asker both say so.", body)
	case view.Judgement == answer.Judgement:
		return fmt.Sprintf("In part: %s and the asker both say so.", body)
	}
	return fmt.Sprintf("Not agreed. %s says: %s. The asker says: %s.", text.Capital(body), judgementWords[answer.Judgement], judgementWords[view.Judgement])
}

// clockWords are what stands behind the answer.
func clockWords(q scrutiny.QuestionPage) string {
	c := q.Clock()
	words := fmt.Sprintf("Due %s: ", c.Due)
	switch {
	case q.Named != "" && len(q.Clocks) == 1 && q.Named != c.Due:
		words += fmt.Sprintf("the next working day after %s, which the asker named and which became a bank holiday.", q.Named)
	case q.Named != "" && len(q.Clocks) == 1:
		words += "the day that the asker named."
	case len(q.Clocks) > 1:
		words += fmt.Sprintf("%d working days after the follow-up of %s.", scrutiny.Terms().Answer, c.Began)
	default:
		words += fmt.Sprintf("%d working days after it was asked.", scrutiny.Terms().Answer)
	}
	if q.Stage != scrutiny.QuestionOwed {
		if c.Ended != "" && c.Took >= 0 {
			words += fmt.Sprintf(" It took %s.", text.Count(int(c.Took), "working day", "working days"))
		}
		return words
	}
	if d, ok := lastSaid(q, scrutiny.ActHold); ok && civil.DayOf(d.At) >= c.Began {
		words += fmt.Sprintf(" The holding answer of %s did not stop the clock.", civil.DayOf(d.At))
	}
	if q.Today <= c.Long {
		words += fmt.Sprintf(" It is long overdue after %s.", c.Long)
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
		return fmt.Sprintf("An answering office of %s answers or refuses. Nobody who asked may answer.", body)
	case scrutiny.QuestionInReview:
		return fmt.Sprintf("Another person of %s than the one who refused reviews the refusal.", body)
	case scrutiny.QuestionAnswered:
		return fmt.Sprintf("The asker says whether it is answered. %s follows up or closes it; %s cannot close it.", text.Capital(theScrutiny), body)
	case scrutiny.QuestionRefused:
		return fmt.Sprintf("%s asks on or closes it; %s cannot close it.", text.Capital(theScrutiny), body)
	}
	return "Nobody needs to do anything more."
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
		title = "The asker’s view: " + judgementWords[d.Judgement]
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
	all := []page.Choice{{Label: "Anything, or nothing"}}
	for _, k := range store.AskedKinds() {
		all = append(all, page.Choice{Value: k, Label: text.Capital(text.Plain(k))})
	}
	if chosen != "" && !slices.ContainsFunc(all, func(c page.Choice) bool { return c.Value == chosen }) {
		all = append(all, page.Choice{Value: chosen, Label: chosen})
	}
	return all
}

func questionStateChoices() []page.Choice {
	all := []page.Choice{{Label: "Every state"}}
	for _, s := range scrutiny.QuestionStates {
		all = append(all, page.Choice{Value: s, Label: text.Capital(s)})
	}
	return all
}

// answeringBodies are the bodies that questions can be put to.
func answeringBodies(b office.Body) bool { return b.Kind != office.PoliceAuthority }

// rateWords are how a body keeps the time: “11 of 14 on time”.
func rateWords(r scrutiny.OnTime) string {
	if r.Count == 0 {
		return "None is due yet"
	}
	return fmt.Sprintf("%d of %d on time", r.OnTime, r.Count)
}

func medianWords(r scrutiny.OnTime) string {
	if r.Median < 0 {
		return "None was given"
	}
	return text.Count(int(r.Median), "working day", "working days")
}

// seenWords are what was seen and as of when, in one line.
func seenWords(s seen.Figure) string {
	words := []string{s.Label}
	if s.Value != "" {
		words = append(words, s.Value)
	}
	if s.Filter != "" {
		words = append(words, "filter: "+s.Filter)
	}
	return strings.Join(words, "; ")
}
