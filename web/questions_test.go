package web

import (
	"net/url"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
)

// inquiry is a stage with everyone who asks and answers.
type inquiry struct {
	theatre
	chair, clerk, officer, reviewer at
	people                          [4]office.Viewer
	paper                           string // reference of a decision to ask about
}

// back signs everyone in once more, after days on which they were away.
func (q *inquiry) back(t testing.TB) {
	t.Helper()
	for i, b := range []*at{&q.chair, &q.clerk, &q.officer, &q.reviewer} {
		*b = as(t, q.Server, q.people[i])
	}
}

func inquire(t testing.TB) *inquiry {
	t.Helper()
	q := &inquiry{theatre: stage(t)}
	for i, o := range []office.Office{{Kind: office.Chair, Body: office.TheAssociation}, {Kind: office.Clerk, Body: office.TheAssociation}, {Kind: office.CompanyOfficer, Body: office.TheCompany}, {Kind: office.FinanceOfficer, Body: office.TheCompany}} {
		q.people[i] = storetest.Holder(t, q.st, o.Kind, o.Body)
	}
	q.back(t)
	chair, clerk := q.people[0], q.people[1]
	today := civil.DayOf(q.clock.Now())
	c := scrutiny.Committee{Slug: "scrutiny", Name: "Scrutiny committee (sample)", Terms: "To hold the company to account.", First: today}
	if err := scrutiny.FoundCommittee(t.Context(), q.st, clerk, c); err != nil {
		t.Fatal(err)
	}
	if err := storetest.Seat(t.Context(), q.st, clerk, "scrutiny", scrutiny.Seat{Office: chair.Office, Role: scrutiny.SeatChair, First: today}, scrutiny.Seat{Office: clerk.Office, Role: scrutiny.SeatClerk, First: today}); err != nil {
		t.Fatal(err)
	}
	draft := q.officer.do(303, "POST", "/decisions/new", hostingForm()...).Header().Get("Location")
	q.paper = strings.TrimPrefix(q.officer.do(303, "POST", draft+"/put-forward", sure([]string{"version", "1"})...).Header().Get("Location"), "/decisions/")
	return q
}

const firstQuestion = "/questions/2013-001"

func asksWhy(more ...string) []string {
	return replaced([]string{"title", "Why did hosting rise?", "text", "What changed?\r\n\r\nWho approved it?", "to", "company"}, more...)
}

func TestAQuestionIsToldByItsPages(t *testing.T) {
	q := inquire(t)
	about := "/questions/new?about=" + url.QueryEscape("decision/"+q.paper)
	says(t, q.stranger.do(200, "GET", "/questions"), "No questions have been asked yet", "No body has been asked a question yet.", `aria-label="Scrutiny"`)
	says(t, q.stranger.do(200, "GET", about), "Extend hosting by 12 months", "£6,125,800.00", "Who can ask", "/sign-in?to=%2Fquestions%2Fnew%3Fabout%3Ddecision")
	says(t, q.stranger.do(404, "GET", "/questions/new?about=nonsense/1"), "There is no figure with that reference to ask about.")
	says(t, q.officer.do(200, "GET", about), "Your role cannot ask questions.")
	q.stranger.do(303, "POST", "/questions/new", asksWhy()...)
	q.officer.do(403, "POST", "/questions/new", sure(asksWhy("to", "home-office"))...)

	w := q.chair.do(200, "GET", about)
	says(t, w, `name="title"`, "Are you asking for a committee?", "£6,125,800.00")
	form := asksWhy("about", field(t, w, "about"), "seen", field(t, w, "seen"), "committee", "scrutiny")
	says(t, q.chair.do(422, "POST", "/questions/new", asksWhy("title", "", "to", "")...), `href="#title"`, `href="#to"`, "Nothing was recorded: 2 things")
	says(t, q.chair.do(422, "POST", "/questions/new", replaced(form, "seen", "£1.00")...), "The figure changed while you were writing, from £1.00 to £6,125,800.00.")
	says(t, q.chair.do(200, "POST", "/questions/new", form...), "Nothing has been recorded yet", "2013-001", "Ask the question")
	goes(t, q.chair.do(303, "POST", "/questions/new", sure(form)...), firstQuestion)
	w = q.stranger.do(200, "GET", firstQuestion)
	says(t, w, "Has it been answered?", "Not yet. The answer is due by 11 February 2013.", "14 January 2013", "It is the same now.", "What changed?", "Today, day 0", "Scrutiny committee (sample)")
	if strings.Contains(w.Body.String(), "What you can do") {
		t.Error("a stranger is offered acts")
	}

	q.officer.do(422, "POST", firstQuestion+"/hold", "text", "We wait for the supplier.")
	q.officer.do(303, "POST", firstQuestion+"/hold", sure([]string{"text", "We wait for the supplier.", "expected", "8", "expected-month", "2", "expected-year", "2013"})...)
	q.clock.Day("2013-02-25")
	q.back(t)
	says(t, q.stranger.do(200, "GET", firstQuestion), "Not yet. The answer is 10 working days past its due date.", "Overdue", "The holding answer of 14 January 2013 did not stop the clock.", "Today, day 30")
	says(t, q.stranger.do(200, "GET", "/questions?state=delayed&to=company&about=decision&committee=scrutiny&q=hosting"), "1 question", "0 of 1", "No replies yet")
	says(t, q.stranger.do(200, "GET", "/questions?state=due"), "No questions match this filter.")
	says(t, q.stranger.do(200, "GET", "/bodies/company"), "Replies due to scrutiny", "Overdue", firstQuestion)
	says(t, q.officer.do(200, "GET", "/work"), "Answer 2013-001: Why did hosting rise?", "your role answers for it.")

	w = q.officer.do(200, "GET", firstQuestion+"/answer")
	says(t, w, "Does this answer the question?", "Who approved it?")
	answer := []string{"turn", field(t, w, "turn"), "judgement", "answered", "text", "More was stored."}
	q.chair.do(303, "POST", firstQuestion+"/follow-up", sure([]string{"text", "And who approved it?"})...)
	says(t, q.officer.do(409, "POST", firstQuestion+"/answer", sure(answer)...), "Someone has added to this question since you opened it")
	answer[1] = field(t, q.officer.do(200, "GET", firstQuestion+"/answer"), "turn")
	says(t, q.officer.do(200, "POST", firstQuestion+"/answer", answer...), "What this will change", "Overdue", "Answered", "No reply is due")
	goes(t, q.officer.do(303, "POST", firstQuestion+"/answer", sure(answer)...), firstQuestion)
	says(t, q.stranger.do(200, "GET", firstQuestion), `class="answer good"`, "Yes, according to Police ICT Company. The questioner has not yet confirmed.")
	says(t, q.chair.do(200, "GET", "/work"), "Say whether the answer is complete")
	q.chair.do(303, "POST", firstQuestion+"/view", sure([]string{"judgement", "partly", "text", "Who approved it?"})...)
	says(t, q.stranger.do(200, "GET", firstQuestion), `class="answer wait"`, "Not agreed. Police ICT Company says it is answered. The questioner says it is partly answered.", "The questioner’s view: partly answered")
	q.officer.do(303, "POST", firstQuestion+"/correct", sure([]string{"text", "It was twice as much."})...)
	says(t, q.stranger.do(200, "GET", firstQuestion), "read the correction", "More was stored.", "It was twice as much.")
	says(t, q.clerk.do(200, "GET", firstQuestion), `href="/recommendations/new?address=%2Fquestions%2F2013-001&amp;body=company&amp;committee=scrutiny&amp;source=Question+2013-001"`, "Make a recommendation")
	if w := q.officer.do(200, "GET", firstQuestion); strings.Contains(w.Body.String(), "Make a recommendation") {
		t.Error("the body that answers is offered a recommendation")
	}
	q.officer.do(403, "POST", firstQuestion+"/close", "text", "")
	q.clerk.do(303, "POST", firstQuestion+"/close", sure([]string{"text", ""})...)
	says(t, q.stranger.do(200, "GET", firstQuestion), "The question has been closed.", "None. The question is closed.")

	says(t, q.stranger.do(200, "GET", firstQuestion+".json"), `"state": "closed"`, `"kind": "view"`, `"value": "£6,125,800.00"`)
	says(t, q.stranger.do(200, "GET", firstQuestion+".atom"), "The questioner’s view: partly answered")
	says(t, q.stranger.do(200, "GET", "/questions.csv"), "2013-001,Why did hosting rise?,closed,company,association", ",30\r\n")
	says(t, q.stranger.do(200, "GET", "/questions.json?state=closed"), `"on_time": 0`, `"median_working_days": 30`)
	says(t, q.stranger.do(200, "GET", "/questions.atom"), "2013-001: Why did hosting rise? (Closed)")
	says(t, q.stranger.do(200, "GET", "/record"), "closed question 2013‑001, “Why did hosting rise?”.", "gave a view on the answer to question 2013‑001", firstQuestion)
	says(t, q.stranger.do(422, "GET", "/questions?state=lost&to=nowhere"), "Choose a status from the list.", "Choose a body from the list.")
	q.stranger.do(404, "GET", "/questions/2013-009")
}

func TestARefusalAndSeveralQuestionsByTheirPages(t *testing.T) {
	q := inquire(t)
	for i := range 3 {
		q.clerk.do(303, "POST", "/questions/new", sure(append(asksWhy(), fieldsOnce(i)...))...)
	}
	says(t, q.officer.do(422, "POST", firstQuestion+"/refuse", "text", "No."), `href="#ground"`)
	q.officer.do(303, "POST", firstQuestion+"/refuse", sure([]string{"text", "It is secret.", "ground", scrutiny.RefusalGrounds[12]})...)
	says(t, q.stranger.do(200, "GET", firstQuestion), "The body refused to answer. The refusal is being reviewed.", "Commercial interests (section 43)")
	says(t, q.officer.do(403, "GET", firstQuestion+"/review"), "You refused to answer, so someone else at Police ICT Company must review the refusal.")
	says(t, q.reviewer.do(200, "GET", "/work"), "Review the refusal of 2013-001")
	says(t, q.reviewer.do(200, "GET", firstQuestion+"/review"), "Explanation of the refusal", "It is secret.")
	q.reviewer.do(303, "POST", firstQuestion+"/review", sure([]string{"text", "It is.", "outcome", "upheld"})...)
	says(t, q.stranger.do(200, "GET", firstQuestion), "No. The body refused to answer, and the refusal was upheld on review.")

	says(t, q.officer.do(200, "GET", "/questions/2013-002/answer"), "Does this answer other questions too?", `value="2013-003"`)
	form := []string{"text", "More was stored.", "judgement", "partly", "with", "2013-003"}
	says(t, q.officer.do(200, "POST", "/questions/2013-002/answer", form...), "Also answers", "2013-003", `name="with" value="2013-003"`)
	q.officer.do(303, "POST", "/questions/2013-002/answer", sure(form)...)
	says(t, q.stranger.do(200, "GET", "/questions/2013-003"), "The same answer was given to", `href="/questions/2013-002"`, "In part, according to")
	says(t, q.chair.do(200, "GET", "/questions/2013-003/take-up"), `name="committee" value="scrutiny"`, "Scrutiny committee (sample)")
	q.chair.do(303, "POST", "/questions/2013-003/take-up", sure([]string{"committee", "scrutiny"})...)
	says(t, q.stranger.do(200, "GET", "/questions/2013-003"), "Taken up by the Scrutiny committee (sample)")
}

// Forms that the pages never show are refused, whatever they hold.
func TestForgedFormsOfQuestionsAreRefused(t *testing.T) {
	q := inquire(t)
	q.clerk.do(303, "POST", "/questions/new", sure(asksWhy())...)
	for name, x := range map[string]struct {
		by   at
		path string
		form []string
		want int
	}{
		"an asker answers":              {q.clerk, "/answer", []string{"text", "All is well.", "judgement", "answered"}, 403},
		"an owner answers":              {q.official, "/answer", []string{"text", "All is well.", "judgement", "answered"}, 403},
		"an answer that is none":        {q.officer, "/answer", []string{"text", "No.", "judgement", "not"}, 422},
		"a ground of its own":           {q.officer, "/refuse", []string{"text", "No.", "ground", "Dull"}, 422},
		"a holding answer of yesterday": {q.officer, "/hold", []string{"text", "Soon.", "expected", "13", "expected-month", "1", "expected-year", "2013"}, 422},
		"an answer to another question": {q.officer, "/answer", []string{"text", "Yes.", "judgement", "answered", "with", "2013-007"}, 422},
		"a committee nobody knows":      {q.chair, "/take-up", []string{"committee", "none"}, 422},
		"a review of no refusal":        {q.reviewer, "/review", []string{"text", "Fine.", "outcome", "upheld"}, 409},
		"a view of no answer":           {q.clerk, "/view", []string{"judgement", "answered"}, 409},
		"closed before it is answered":  {q.clerk, "/close", nil, 409},
		"another withdraws it":          {q.chair, "/withdraw", []string{"text", "Done."}, 403},
		"a question of another turn":    {q.officer, "/answer", []string{"turn", "9", "text", "Yes.", "judgement", "answered"}, 409},
		"an act that there is not":      {q.officer, "/reopen", nil, 404},
		"a stranger":                    {q.stranger, "/answer", []string{"text", "Yes."}, 303},
	} {
		before := q.events(t)
		w := x.by.send("POST", firstQuestion+x.path, sure(x.form)...)
		if w.Code != x.want || q.events(t) != before {
			t.Errorf("%s: %d, want %d; %d events more", name, w.Code, x.want, q.events(t)-before)
		}
	}
}
