package views

import (
	"fmt"
	"slices"
	"strings"

	"github.com/police-ict/handover/store"
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
func answeredTone(q store.QuestionAt) string {
	tone := questionTone(q.State())
	answer, _ := lastSaid(q, store.GiveAnswer)
	view, given := lastSaid(q, store.ViewAnswer)
	current := given && view.Seq > answer.Seq
	if tone == "good" && (current && view.Judgement != store.FullyAnswered || !current && answer.Judgement == store.PartlyAnswered) {
		return "wait"
	}
	return tone
}

// actsOnQuestions are the acts on a question in words: of a button, and of what
// was said by it.
var actsOnQuestions = map[store.Act]struct{ Verb, Said string }{
	store.GiveAnswer:       {"Answer", "Answer"},
	store.HoldAnswer:       {"Give a holding answer", "Holding answer"},
	store.RefuseAnswer:     {"Refuse to answer", "Refusal"},
	store.ReviewRefusal:    {"Review the refusal", "Review of the refusal"},
	store.CorrectAnswer:    {"Correct an answer", "Correction"},
	store.ViewAnswer:       {"Give your view of the answer", "View of the answer"},
	store.FollowUp:         {"Follow up", "Follow-up"},
	store.CloseQuestion:    {"Close the question", "Closed"},
	store.WithdrawQuestion: {"Withdraw the question", "Withdrawn"},
	store.TakeUpQuestion:   {"Take the question up", "Taken up"},
}

// judgementWords are the judgements of an answer, in words.
var judgementWords = map[store.Judgement]string{store.FullyAnswered: "answered", store.PartlyAnswered: "partly answered", store.NotAnswered: "not answered"}

// theBody is a body in a sentence.
func theBody(q store.QuestionAt) string { return q.Names.Of(q.To) }

// lastSaid is the newest entry of a kind, if there is one.
func lastSaid(q store.QuestionAt, kind store.Act) (store.Said, bool) {
	for _, d := range slices.Backward(q.Thread) {
		if d.Kind == kind {
			return d, true
		}
	}
	return store.Said{}, false
}

// pastDue is how many working days the due day lies back, in words.
func pastDue(q store.QuestionAt) string {
	n, err := q.Clock().Due.WorkingTo(q.Today)
	if err != nil {
		return "past its due day"
	}
	return store.Count(n, "working day", "working days") + " past its due day"
}

// hasBeenAnswered answers “Has it been answered?”.
func hasBeenAnswered(q store.QuestionAt) string {
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
	if q.Stage == store.QuestionClosed {
		words += " Scrutiny closed it."
	}
	return words
}

// judged tells both judgements of the newest answer.
func judged(q store.QuestionAt) string {
	answer, _ := lastSaid(q, store.GiveAnswer)
	view, given := lastSaid(q, store.ViewAnswer)
	body := store.ShortName(q.To)
	switch {
	case !given || view.Seq < answer.Seq:
		if answer.Judgement == store.PartlyAnswered {
			return fmt.Sprintf("In part, says %s. The asker has not said yet.", body)
		}
		return fmt.Sprintf("Yes, says %s. The asker has not said yet.", body)
	case view.Judgement == answer.Judgement && view.Judgement == store.FullyAnswered:
		return fmt.Sprintf("Yes: %s and the asker both say so.", body)
	case view.Judgement == answer.Judgement:
		return fmt.Sprintf("In part: %s and the asker both say so.", body)
	}
	return fmt.Sprintf("Not agreed. %s says: %s. The asker says: %s.", store.Capital(body), judgementWords[answer.Judgement], judgementWords[view.Judgement])
}

// clockWords are what stands behind the answer.
func clockWords(q store.QuestionAt) string {
	c := q.Clock()
	words := fmt.Sprintf("Due %s: ", c.Due)
	switch {
	case q.Named != "" && len(q.Clocks) == 1:
		words += "the day that the asker named."
	case len(q.Clocks) > 1:
		words += fmt.Sprintf("%d working days after the follow-up of %s.", store.Scrutiny().Answer, c.Began)
	default:
		words += fmt.Sprintf("%d working days after it was asked.", store.Scrutiny().Answer)
	}
	if q.Stage != store.QuestionOwed {
		if c.Ended != "" && c.Took >= 0 {
			words += fmt.Sprintf(" It took %s.", store.Count(int(c.Took), "working day", "working days"))
		}
		return words
	}
	if d, ok := lastSaid(q, store.HoldAnswer); ok && store.DayOf(d.At) >= c.Began {
		words += fmt.Sprintf(" The holding answer of %s did not stop the clock.", store.DayOf(d.At))
	}
	if q.Today <= c.Long {
		words += fmt.Sprintf(" It is long overdue after %s.", c.Long)
	}
	return words
}

// nextWords say who can act next.
func nextWords(q store.QuestionAt) string {
	body := theBody(q)
	scrutiny := q.Office.Title
	if slug := q.Holder(); slug != "" {
		scrutiny += " or the " + q.Committees.Name(slug)
	}
	switch q.Stage {
	case store.QuestionOwed:
		return fmt.Sprintf("An answering office of %s answers or refuses. Nobody who asked may answer.", body)
	case store.QuestionInReview:
		return fmt.Sprintf("Another person of %s than the one who refused reviews the refusal.", body)
	case store.QuestionAnswered:
		return fmt.Sprintf("The asker says whether it is answered. %s follows up or closes it; %s cannot close it.", store.Capital(scrutiny), body)
	case store.QuestionRefused:
		return fmt.Sprintf("%s asks on or closes it; %s cannot close it.", store.Capital(scrutiny), body)
	}
	return "Nobody needs to do anything more."
}

// saidOf is who said something, by office, and for which committee.
func saidOf(q store.QuestionAt, d store.Said) string {
	words := d.Office.Title
	if d.Committee != "" && d.Kind != store.TakeUpQuestion {
		words += ", for the " + q.Committees.Name(d.Committee)
	}
	return words
}

// saidTitle heads an entry of the thread.
func saidTitle(q store.QuestionAt, d store.Said) string {
	title := actsOnQuestions[d.Kind].Said
	switch d.Kind {
	case store.ViewAnswer:
		title = "The asker’s view: " + judgementWords[d.Judgement]
	case store.ReviewRefusal:
		title = "Review of the refusal: " + string(d.Outcome)
	case store.TakeUpQuestion:
		title = "Taken up by the " + q.Committees.Name(d.Committee)
	}
	return title + ", from " + saidOf(q, d)
}

// QuestionNews are the title of an entry of the thread and what it says.
func QuestionNews(q store.QuestionAt, d store.Said) (title, words string) {
	return saidTitle(q, d), d.Text
}

// saidDay is the place of an entry on the clock that ran then.
func saidDay(q store.QuestionAt, d store.Said) string {
	on := store.DayOf(d.At)
	for _, c := range slices.Backward(q.Clocks) {
		if c.Began > on || c.Ended != "" && on > c.Ended {
			continue
		}
		n, err := c.Began.WorkingTo(on)
		whole, err2 := c.Began.WorkingTo(c.Due)
		if err == nil && err2 == nil {
			if n > whole {
				return fmt.Sprintf(". Working day %d, due on day %d", n, whole)
			}
			return fmt.Sprintf(". Working day %d of %d", n, whole)
		}
	}
	return ""
}

// seenKindWords are the kinds of reference that a list is filtered by.
func aboutChoices(chosen string) []Choice {
	all := []Choice{{Label: "Anything, or nothing"}}
	for _, k := range store.AskedKinds() {
		all = append(all, Choice{Value: k, Label: store.Capital(store.Plain(k))})
	}
	if chosen != "" && !slices.ContainsFunc(all, func(c Choice) bool { return c.Value == chosen }) {
		all = append(all, Choice{Value: chosen, Label: chosen})
	}
	return all
}

func questionStateChoices() []Choice {
	all := []Choice{{Label: "Every state"}}
	for _, s := range store.QuestionStates {
		all = append(all, Choice{Value: s, Label: store.Capital(s)})
	}
	return all
}

// answeringBodies are the bodies that questions can be put to.
func answeringBodies(b store.Body) bool { return b.Kind != store.PoliceAuthority }

// rateWords are how a body keeps the time: “11 of 14 on time”.
func rateWords(r store.OnTime) string {
	if r.Count == 0 {
		return "None is due yet"
	}
	return fmt.Sprintf("%d of %d on time", r.OnTime, r.Count)
}

func medianWords(r store.OnTime) string {
	if r.Median < 0 {
		return "None was given"
	}
	return store.Count(int(r.Median), "working day", "working days")
}

// seenWords are what was seen and as of when, in one line.
func seenWords(s store.Seen) string {
	words := []string{s.Label}
	if s.Value != "" {
		words = append(words, s.Value)
	}
	if s.Filter != "" {
		words = append(words, "filter: "+s.Filter)
	}
	return strings.Join(words, "; ")
}
