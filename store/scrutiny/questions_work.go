package scrutiny

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
)

// QuestionTasks are what waits for an office in questions: an answer of its
// body, the review of a refusal, its view of an answer.
func QuestionTasks(ctx context.Context, tx *db.Tx, v office.Viewer) (tasks []office.Task, err error) {
	all, err := AllCommittees(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, w := range questionsWaiting(tx, v, all) {
		found, err := db.List(ctx, tx, scanQuestion, `SELECT `+questionCols+` FROM questions q WHERE `+w.where+` LIMIT 50`, w.args...)
		if err != nil {
			return nil, err
		}
		for _, q := range found {
			h, err := hold(ctx, tx, q, all)
			if err != nil {
				return nil, err
			}
			href := q.Href() + "/" + string(w.act)
			if h.May(w.act, v) != nil || slices.ContainsFunc(tasks, func(t office.Task) bool { return t.Href == href }) {
				continue
			}
			t := h.task(w.act, v)
			t.Href = href
			tasks = append(tasks, t)
		}
	}
	return tasks, nil
}

// waitingQuestions are questions that may wait for an act of an office.
type waitingQuestions struct {
	act   office.Act
	where string
	args  []any
}

func questionsWaiting(tx *db.Tx, v office.Viewer, all Committees) (w []waitingQuestions) {
	today := civil.DayOf(tx.Now())
	if v.Can(office.AnswerQuestions) {
		w = append(w,
			waitingQuestions{ActAnswer, `q.body = $1 AND q.stage = 'owed' ORDER BY q.due, q.year, q.seq`, []any{v.Office.Body}},
			waitingQuestions{ActReviewRefusal, `q.body = $1 AND q.stage = 'in_review' ORDER BY q.due, q.year, q.seq`, []any{v.Office.Body}})
	}
	if !v.Can(office.AskQuestions) {
		return w
	}
	w = append(w, waitingQuestions{ActView, `q.office = $1 AND q.stage = 'answered' AND q.viewed = FALSE ORDER BY q.year, q.seq`, []any{v.Office.ID}})
	for _, c := range all.Of(v.Office.ID, today) {
		if c.Role(v.Office.ID, today) == SeatChair {
			w = append(w,
				waitingQuestions{ActView, `q.committee = $1 AND q.stage = 'answered' AND q.viewed = FALSE ORDER BY q.year, q.seq`, []any{c.Slug}},
				waitingQuestions{ActView, `q.ref IN (SELECT c.ref FROM charges c WHERE c.heir = $1 AND c.open = TRUE AND c.kind = 'question')
					AND q.stage = 'answered' AND q.viewed = FALSE ORDER BY q.year, q.seq`, []any{c.Slug}})
		}
	}
	return w
}

// task is what an act is called in a list of work, with why it is this office's.
func (q QuestionHeld) task(act office.Act, v office.Viewer) office.Task {
	name := q.Ref + ": " + q.Title
	body := office.ShortName(q.To)
	switch act {
	case ActAnswer:
		why := fmt.Sprintf("It is addressed to %s, and your role answers for it.", body)
		if state := q.State(); state != "due" {
			why += fmt.Sprintf(" It is %s.", strings.Replace(state, "delayed", "overdue", 1))
		}
		return office.Task{Title: "Answer " + name, Why: why, Verb: "Read and answer", Due: q.Clock().Due}
	case ActReviewRefusal:
		return office.Task{Title: "Review the refusal of " + name, Why: fmt.Sprintf("The refusal must be reviewed by someone at %s who did not refuse it.", body), Verb: "Read and review"}
	}
	why := "You asked this question."
	if v.Office.ID != q.Office.ID {
		why = fmt.Sprintf("You chair the %s, which is responsible for it.", q.Committees.Name(q.Holder()))
	}
	return office.Task{Title: "Say whether the answer is complete: " + name, Why: why, Verb: "Read the answer"}
}

// Owed is what a body owes scrutiny: its open matters with a day.
type Owed struct {
	Body  string
	All   []Charge // the oldest due first
	Count int64    // of all that have a day, up to ListCounted
	Today civil.Day
}

// OwedBy reads what a body owes scrutiny, the oldest due first.
func OwedBy(ctx context.Context, tx *db.Tx, body string, most int) (o Owed, err error) {
	o.Body, o.Today = body, civil.DayOf(tx.Now())
	err = tx.Read(ctx, func(tx *db.Tx) error {
		const owes = ` FROM charges c WHERE c.body = $1 AND c.open = TRUE AND c.due > ''`
		if o.All, err = db.List(ctx, tx, ScanCharge, fmt.Sprintf(`SELECT `+ChargeCols+owes+` ORDER BY c.due, c.kind, c.ref LIMIT %d`, most), body); err != nil {
			return err
		}
		o.Count, err = db.One(ctx, tx, db.ScanInto[int64], fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT c.ref%s LIMIT %d) AS owed`, owes, db.ListCounted), body)
		return err
	})
	return o, err
}
