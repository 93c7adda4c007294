package scrutiny

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/seen"
	"github.com/police-ict/handover/store/text"
)

// QuestionStage is where a question stands by what was done. How it stands on a
// day is its State.
type QuestionStage string

// The stages of a question.
const (
	QuestionOwed      QuestionStage = "owed" // an answer is owed
	QuestionInReview  QuestionStage = "in_review"
	QuestionAnswered  QuestionStage = "answered"
	QuestionRefused   QuestionStage = "refused"
	QuestionWithdrawn QuestionStage = "withdrawn"
	QuestionClosed    QuestionStage = "closed"
)

// The acts on a question.
const (
	ActAsk              office.Act = "ask"
	ActHold             office.Act = "hold"
	ActAnswer           office.Act = "answer"
	ActRefuse           office.Act = "refuse"
	ActReviewRefusal    office.Act = "review"
	ActCorrectAnswer    office.Act = "correct"
	ActFollowUp         office.Act = "follow-up"
	ActView             office.Act = "view"
	ActCloseQuestion    office.Act = "close"
	ActWithdrawQuestion office.Act = "withdraw"
	ActTakeUp           office.Act = "take-up"
)

// QuestionLife is what can be done with a question. A review that orders an
// answer leads back to one that is owed.
var QuestionLife = office.Life[QuestionStage]{
	{From: QuestionOwed, Act: ActAnswer, To: QuestionAnswered, Need: office.AnswerQuestions},
	{From: QuestionOwed, Act: ActHold, To: QuestionOwed, Need: office.AnswerQuestions},
	{From: QuestionOwed, Act: ActRefuse, To: QuestionInReview, Need: office.AnswerQuestions},
	{From: QuestionInReview, Act: ActReviewRefusal, To: QuestionRefused, Need: office.AnswerQuestions},
	{From: QuestionOwed, Act: ActCorrectAnswer, To: QuestionOwed, Need: office.AnswerQuestions},
	{From: QuestionAnswered, Act: ActCorrectAnswer, To: QuestionAnswered, Need: office.AnswerQuestions},
	{From: QuestionInReview, Act: ActCorrectAnswer, To: QuestionInReview, Need: office.AnswerQuestions},
	{From: QuestionRefused, Act: ActCorrectAnswer, To: QuestionRefused, Need: office.AnswerQuestions},
	{From: QuestionClosed, Act: ActCorrectAnswer, To: QuestionClosed, Need: office.AnswerQuestions},
	{From: QuestionAnswered, Act: ActView, To: QuestionAnswered, Need: office.AskQuestions},
	{From: QuestionOwed, Act: ActFollowUp, To: QuestionOwed, Need: office.AskQuestions},
	{From: QuestionAnswered, Act: ActFollowUp, To: QuestionOwed, Need: office.AskQuestions},
	{From: QuestionRefused, Act: ActFollowUp, To: QuestionOwed, Need: office.AskQuestions},
	{From: QuestionAnswered, Act: ActCloseQuestion, To: QuestionClosed, Need: office.AskQuestions},
	{From: QuestionRefused, Act: ActCloseQuestion, To: QuestionClosed, Need: office.AskQuestions},
	{From: QuestionOwed, Act: ActWithdrawQuestion, To: QuestionWithdrawn, Need: office.AskQuestions},
	{From: QuestionInReview, Act: ActWithdrawQuestion, To: QuestionWithdrawn, Need: office.AskQuestions},
	{From: QuestionOwed, Act: ActTakeUp, To: QuestionOwed, Need: office.SitOnCommittees},
	{From: QuestionInReview, Act: ActTakeUp, To: QuestionInReview, Need: office.SitOnCommittees},
	{From: QuestionAnswered, Act: ActTakeUp, To: QuestionAnswered, Need: office.SitOnCommittees},
	{From: QuestionRefused, Act: ActTakeUp, To: QuestionRefused, Need: office.SitOnCommittees},
}

// QuestionActs lists the acts on a question, each once, in the order of its life.
var QuestionActs = []office.Act{ActAnswer, ActHold, ActRefuse, ActReviewRefusal, ActCorrectAnswer, ActView, ActFollowUp, ActCloseQuestion, ActWithdrawQuestion, ActTakeUp}

// Judgement is whether an answer answers its question: as the body that gave it
// considers, or as the asker does. Neither overwrites the other.
type Judgement string

// The judgements.
const (
	FullyAnswered  Judgement = "answered"
	PartlyAnswered Judgement = "partly"
	NotAnswered    Judgement = "not"
)

// Judgements lists those that an asker may give; a body may give the first two.
var Judgements = []Judgement{FullyAnswered, PartlyAnswered, NotAnswered}

// ReviewOutcome is what the review of a refusal came to.
type ReviewOutcome string

// The outcomes of a review.
const (
	RefusalUpheld ReviewOutcome = "upheld"
	AnswerOrdered ReviewOutcome = "answer ordered"
)

// ReviewOutcomes lists them all.
var ReviewOutcomes = []ReviewOutcome{RefusalUpheld, AnswerOrdered}

// RefusalGrounds are the grounds on which a body may refuse, after the
// exemptions of the Freedom of Information Act 2000.
var RefusalGrounds = []string{
	"The body does not hold the information (section 1)",
	"It would cost more than the appropriate limit (section 12)",
	"The question is vexatious or repeated (section 14)",
	"The information is already available elsewhere (section 21)",
	"The information will be published on a set date (section 22)",
	"National security (section 24)",
	"Law enforcement (section 31)",
	"Formulation of government policy (section 35)",
	"Effective conduct of public affairs (section 36)",
	"Personal information (section 40)",
	"Information provided in confidence (section 41)",
	"Legal professional privilege (section 42)",
	"Commercial interests (section 43)",
}

// Question is what scrutiny asked of a body. Its JSON is its public row.
type Question struct {
	Ref       string        `json:"ref"`
	Title     string        `json:"title"`
	Text      string        `json:"text"` // paragraphs, an empty line between
	About     *seen.Figure  `json:"about,omitempty"`
	To        string        `json:"to"`                  // the body whose office answers
	Committee string        `json:"committee,omitempty"` // slug of the one that asked or took it up
	Person    int64         `json:"person"`
	Office    office.Office `json:"office"`
	At        time.Time     `json:"at"`
	N         int64         `json:"event"`
	Named     civil.Day     `json:"named_day,omitempty"`
	Clocks    []AnswerClock `json:"clocks"` // one from asking, one more from each follow-up after an answer
	Stage     QuestionStage `json:"stage"`
	Answer    int64         `json:"answer,omitempty"`  // number in the thread of the newest answer
	View      int64         `json:"view,omitempty"`    // of the newest view of scrutiny
	Refuser   int64         `json:"refuser,omitempty"` // person who refused last
	Replied   []int64       `json:"replied,omitempty"` // people who spoke for the body
	Pressed   []int64       `json:"pressed,omitempty"` // people who spoke for scrutiny, beside who asked
	Said      int64         `json:"said"`              // entries of the thread
	Turn      int64         `json:"turn"`              // number of its changes
}

// Href is the page of the question.
func (q Question) Href() string { return "/questions/" + q.Ref }

func (q Question) subject() string { return "question/" + q.Ref }

// Asked is the London day on which it was asked.
func (q Question) Asked() civil.Day { return civil.DayOf(q.At) }

// Clock is the clock that runs, or the last that ran.
func (q Question) Clock() AnswerClock {
	if len(q.Clocks) == 0 {
		return AnswerClock{}
	}
	return q.Clocks[len(q.Clocks)-1]
}

// Open reports whether scrutiny has neither closed nor withdrawn it.
func (q Question) Open() bool { return q.Stage != QuestionClosed && q.Stage != QuestionWithdrawn }

// Viewed reports whether scrutiny gave its view of the newest answer.
func (q Question) Viewed() bool { return q.Answer != 0 && q.View > q.Answer }

// Late reports whether an answer or a refusal came after its due day.
func (q Question) Late() bool {
	return slices.ContainsFunc(q.Clocks, func(c AnswerClock) bool { return c.Ended != "" && c.Ended > c.Due })
}

// QuestionStates lists how a question can stand on a day.
var QuestionStates = []string{"due", "delayed", "long overdue", "answered", "in review", "refused", "withdrawn", "closed"}

// State is how the question stands on a day, in the words of lists: by its
// dates while an answer is owed.
func (q Question) State(on civil.Day) string {
	if q.Stage == QuestionOwed {
		return q.Clock().State(on)
	}
	return text.Plain(string(q.Stage))
}

// about is the kind of what the question is about and its reference, "" for none.
func (q Question) about() (kind, ref string) {
	if q.About == nil {
		return "", ""
	}
	kind, _ = seen.Cut(q.About.Ref)
	return kind, q.About.Ref
}

// charge is whose work the question is, as it follows from it.
func (q Question) charge(had Charge) Charge {
	c := Charge{Kind: ChargeQuestion, Ref: q.Ref, Title: q.Title, Body: q.To, Committee: q.Committee, Heir: had.Heir, Since: q.Asked(), Open: q.Open()}
	if q.Stage == QuestionOwed {
		c.Due = q.Clock().Due
	}
	return c
}

// Said is one entry of the thread of a question. Its JSON is its public row.
type Said struct {
	Question  string        `json:"question"`
	Seq       int64         `json:"entry"`
	Kind      office.Act    `json:"kind"` // the act by which it was said
	Text      string        `json:"text"` // paragraphs, an empty line between
	Expected  civil.Day     `json:"expected,omitempty"`
	Ground    string        `json:"ground,omitempty"`
	Outcome   ReviewOutcome `json:"outcome,omitempty"`
	Judgement Judgement     `json:"judgement,omitempty"` // of the body on its answer, or of the asker
	Corrects  int64         `json:"corrects,omitempty"`  // entry of the answer
	With      []string      `json:"with,omitempty"`      // the other questions that one answer serves
	Committee string        `json:"committee,omitempty"` // that it was said for
	Person    int64         `json:"person"`
	Office    office.Office `json:"office"`
	At        time.Time     `json:"at"`
	N         int64         `json:"event"`
}

func (s Said) thing() string { return fmt.Sprintf("said/%s/%d", s.Question, s.Seq) }

// QuestionHeld is a question with what decides who may act on it today.
type QuestionHeld struct {
	Question
	Charge     Charge
	Committees Committees
	Today      civil.Day
	Days       civil.Calendar // as known today
}

// State is how the question stands today.
func (q QuestionHeld) State() string { return q.Question.State(q.Today) }

// Holder is the committee that has the question today, "" for none.
func (q QuestionHeld) Holder() string { return q.Charge.Holder(q.Committees, q.Today) }

// May says whether v may do an act now, or why not.
func (q QuestionHeld) May(act office.Act, v office.Viewer) error {
	if v.Person == 0 {
		return fault.Forbidden.Errorf("Sign in to do that.")
	}
	if _, err := QuestionLife.After(q.Stage, act, v); err != nil {
		return err
	}
	switch act {
	case ActAnswer, ActHold, ActRefuse, ActReviewRefusal, ActCorrectAnswer:
		return q.mayReply(act, v)
	case ActTakeUp:
		return q.mayTakeUp(v)
	}
	return q.mayPress(act, v)
}

// Acts are the acts open to v now.
func (q QuestionHeld) Acts(v office.Viewer) []office.Act {
	return slices.DeleteFunc(slices.Clone(QuestionActs), func(a office.Act) bool { return q.May(a, v) != nil })
}

// mayReply is who speaks for the body: its answering offices, and never a
// person who asked. Persons are compared, not offices.
func (q QuestionHeld) mayReply(act office.Act, v office.Viewer) error {
	switch {
	case v.Office.Body != q.To:
		return fault.Forbidden.Errorf("This question is addressed to %s. Only a role that answers for it can do this.", office.ShortName(q.To))
	case v.Person == q.Person || slices.Contains(q.Pressed, v.Person):
		return fault.Forbidden.Errorf("You asked this question, so someone else at %s must answer it.", office.ShortName(q.To))
	case act == ActReviewRefusal && v.Person == q.Refuser:
		return fault.Forbidden.Errorf("You refused to answer, so someone else at %s must review the refusal.", office.ShortName(q.To))
	case act == ActCorrectAnswer && q.Answer == 0:
		return fault.Conflict.Errorf("There is no answer to correct yet.")
	}
	return nil
}

// mayPress is who speaks for scrutiny: the office that asked, or the committee
// that has the question; never a person who answered, and nobody of the
// answering body closes it.
func (q QuestionHeld) mayPress(act office.Act, v office.Viewer) error {
	switch {
	case slices.Contains(q.Replied, v.Person):
		return fault.Forbidden.Errorf("You answered this question for %s, so you cannot also act for the questioner.", office.ShortName(q.To))
	case act == ActCloseQuestion && v.Office.Body == q.To:
		return fault.Forbidden.Errorf("This question is addressed to %s, so no one there can close it. A committee can take it up and close it.", office.ShortName(q.To))
	case act == ActWithdrawQuestion && q.Answer != 0:
		return fault.Conflict.Errorf("The question has been answered, so it cannot be withdrawn. Close it instead.")
	case act == ActView && q.Answer == 0:
		return fault.Conflict.Errorf("No answer has been given yet.")
	case v.Office.ID == q.Office.ID:
		return nil
	case act == ActWithdrawQuestion:
		return fault.Forbidden.Errorf("Only the questioner can withdraw the question.")
	case q.Charge.Committee == "":
		return fault.Forbidden.Errorf("Only the questioner can do this, because no committee has taken up the question.")
	case act == ActView:
		return q.Committees.MayScrutinise(v, q.Charge, q.Today, SeatChair)
	}
	return q.Committees.MayScrutinise(v, q.Charge, q.Today)
}

// mayTakeUp is who gives a question of no committee to one.
func (q QuestionHeld) mayTakeUp(v office.Viewer) error {
	if q.Charge.Committee != "" {
		return fault.Conflict.Errorf("The %s already has this question.", q.Committees.Name(q.Holder()))
	}
	if slices.Contains(q.Replied, v.Person) {
		return fault.Forbidden.Errorf("You answered this question for %s, so you cannot take it up for a committee.", office.ShortName(q.To))
	}
	if len(q.Takers(v)) == 0 {
		return fault.Forbidden.Errorf("Only the chair or clerk of a committee can take up a question, and it cannot be one addressed to their own body.")
	}
	return nil
}

// Takers are the committees for which v may take the question up.
func (q QuestionHeld) Takers(v office.Viewer) (all []Committee) {
	for _, c := range q.Committees.Sorted() {
		as := q.Charge
		as.Committee = c.Slug
		if q.Committees.MayScrutinise(v, as, q.Today, SeatChair, SeatClerk) == nil {
			all = append(all, c)
		}
	}
	return all
}

// mayAsk says whether somebody may ask questions of a body, or why not. Those who
// answer for a body do not question it.
func mayAsk(v office.Viewer, to string) error {
	switch {
	case v.Person == 0 || !v.Can(office.AskQuestions):
		return fault.Forbidden.Errorf("Your role cannot ask questions.")
	case v.At(to, office.AnswerQuestions):
		return fault.Field("to", "Your role answers for %s. Choose another body.", office.ShortName(to))
	}
	return nil
}

// Askable lists the bodies to which v can put a question on a day: the
// company and its owners first, then the others by name.
func Askable(v office.Viewer, on civil.Day) (all []office.Body) {
	for _, local := range []bool{false, true} {
		for _, b := range office.Bodies() {
			if b.LocalPolicing() == local && b.Answers(on) && mayAsk(v, b.Slug) == nil {
				all = append(all, b)
			}
		}
	}
	return all
}

// questionRow is what a question is listed, filtered and counted by.
type questionRow struct {
	Ref                   string
	Year, Seq             int64
	Body, From            string
	Office                int64
	Committee, Kind, Seen string
	Stage                 QuestionStage
	Due, Long             civil.Day
	Replied               bool
	Took                  int64
	Late, Viewed          bool
	Turn                  int64
}

const questionRowCols = `ref, year, seq, body, from_body, office, committee, about_kind, about, stage, due, long_day, replied, took, late, viewed, turn`

func (r *questionRow) into() []any {
	return []any{&r.Ref, &r.Year, &r.Seq, &r.Body, &r.From, &r.Office, &r.Committee, &r.Kind, &r.Seen, &r.Stage, &r.Due, &r.Long, &r.Replied, &r.Took, &r.Late, &r.Viewed, &r.Turn}
}

func (r questionRow) values() []any {
	return []any{r.Ref, r.Year, r.Seq, r.Body, r.From, r.Office, r.Committee, r.Kind, r.Seen, r.Stage, r.Due, r.Long, r.Replied, r.Took, r.Late, r.Viewed, r.Turn}
}

// row works out what the question is listed by.
func (q Question) row() questionRow {
	kind, ref := q.about()
	year, seq, _ := text.RefParts(q.Ref) // the reference is the portal's own
	r := questionRow{Ref: q.Ref, Year: year, Seq: seq, Body: q.To, From: q.Office.Body, Office: q.Office.ID, Committee: q.Committee, Kind: kind, Seen: ref, Stage: q.Stage,
		Due: q.Clock().Due, Long: q.Clock().Long, Took: -1, Late: q.Late(), Viewed: q.Viewed(), Turn: q.Turn}
	if len(q.Clocks) > 0 && q.Clocks[0].Ended != "" {
		r.Replied, r.Took = true, q.Clocks[0].Took
	}
	return r
}

// words are what the question is found by.
func (q Question) words() string {
	all := []string{q.Ref, q.Title, q.Text, office.ShortName(q.To)}
	if q.About != nil {
		all = append(all, q.About.Label)
	}
	return strings.Join(all, " ")
}
