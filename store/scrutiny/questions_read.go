package scrutiny

import (
	"context"
	"slices"
	"time"

	"github.com/police-ict/handover/store/changes"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/holidays"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/search"
	"github.com/police-ict/handover/store/seen"
	"github.com/police-ict/handover/store/text"
)

const questionCols = `q.question`

func scanQuestion(r db.Row) (q Question, err error) {
	var words string
	if err := r.Scan(&words); err != nil {
		return q, err
	}
	return text.FromJSON[Question](words)
}

const saidCols = `d.said`

func scanSaid(r db.Row) (d Said, err error) {
	var words string
	if err := r.Scan(&words); err != nil {
		return d, err
	}
	return text.FromJSON[Said](words)
}

// QuestionLedger holds the questions, with the columns that they are listed by
// and the counts of them, to the record.
var QuestionLedger = record.Ledger{Topic: "question", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	all, err := record.RowsOf(ctx, tx, scanQuestionListed, `SELECT `+questionRowCols+`, question FROM questions`, func(q Question) (string, any) { return q.subject(), q })
	if err != nil {
		return nil, err
	}
	bodies, err := miscounted(ctx, tx)
	for _, body := range bodies {
		all["question/counts of "+body] = nil // no event tells of such counts
	}
	return all, err
}}

func scanQuestionListed(r db.Row) (Question, error) {
	var listed questionRow
	var words string
	if err := r.Scan(append(listed.into(), &words)...); err != nil {
		return Question{}, err
	}
	q, err := text.FromJSON[Question](words)
	if q.row() != listed {
		q = Question{Ref: listed.Ref} // listed under other words than it says: as no event tells it
	}
	return q, err
}

// SaidLedger holds what was said to the record.
var SaidLedger = record.Ledger{Topic: "said", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanSaidListed, `SELECT d.question, d.seq, d.said FROM said d`, func(d Said) (string, any) { return d.thing(), d })
}}

func scanSaidListed(r db.Row) (Said, error) {
	var listed Said
	var words string
	if err := r.Scan(&listed.Question, &listed.Seq, &words); err != nil {
		return Said{}, err
	}
	d, err := text.FromJSON[Said](words)
	if d.Question != listed.Question || d.Seq != listed.Seq {
		d = listed
	}
	return d, err
}

// question finds one question.
func question(ctx context.Context, tx *db.Tx, ref string) (Question, error) {
	q, found, err := db.Maybe(ctx, tx, scanQuestion, `SELECT `+questionCols+` FROM questions q WHERE q.ref = $1`, ref)
	if err == nil && !found {
		err = fault.NotFound.Errorf("Question not found. Look for it in the list of questions.")
	}
	return q, err
}

// held finds one question with what decides who may act on it today.
func held(ctx context.Context, tx *db.Tx, ref string) (h QuestionHeld, err error) {
	if h.Question, err = question(ctx, tx, ref); err != nil {
		return h, err
	}
	all, err := AllCommittees(ctx, tx)
	if err != nil {
		return h, err
	}
	return hold(ctx, tx, h.Question, all)
}

// hold adds to a question what decides who may act on it today.
func hold(ctx context.Context, tx *db.Tx, q Question, all Committees) (h QuestionHeld, err error) {
	h = QuestionHeld{Question: q, Committees: all, Today: civil.DayOf(tx.Now())}
	if h.Days, err = holidays.Calendar(ctx, tx); err != nil {
		return h, err
	}
	h.Charge, err = FindCharge(ctx, tx, ChargeQuestion, q.Ref)
	return h, err
}

// QuestionPage is a question with all that its page says.
type QuestionPage struct {
	QuestionHeld
	Now    time.Time
	Known  int64           // the last event that is known
	Thread []Said          // in order, without the question itself
	Figure *changes.Change // what it is about, as seen and now; nil of one about nothing in particular
	Others []Question      // others that the viewer could answer with the same answer
	Names  register.Names
}

// ReadQuestionPage reads the page of one question.
func ReadQuestionPage(ctx context.Context, tx *db.Tx, v office.Viewer, ref string) (a QuestionPage, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if a.QuestionHeld, err = held(ctx, tx, ref); err != nil {
			return err
		}
		a.Now = tx.Now()
		if a.Thread, err = db.List(ctx, tx, scanSaid, `SELECT `+saidCols+` FROM said d WHERE d.question = $1 ORDER BY d.seq`, ref); err != nil {
			return err
		}
		if a.Figure, err = figureNow(ctx, tx, v, a.About); err != nil {
			return err
		}
		if a.Figure != nil && !a.Figure.Gone && a.Figure.Now.Kept != "" {
			now := *a.About
			now.Label = a.Figure.Now.Label
			a.About, a.Figure.Was.Label = &now, now.Label
		}
		if a.Names, err = register.ReadNames(ctx, tx, record.When{}); err != nil {
			return err
		}
		if a.May(ActAnswer, v) == nil {
			if a.Others, err = alsoOwed(ctx, tx, v, a.QuestionHeld); err != nil {
				return err
			}
		}
		h, err := record.ReadHead(ctx, tx)
		a.Known = h.Size
		return err
	})
	return a, err
}

// figureNow is what a question is about, as its asker saw it and as it is now.
func figureNow(ctx context.Context, tx *db.Tx, v office.Viewer, was *seen.Figure) (*changes.Change, error) {
	if was == nil {
		return nil, nil
	}
	c, err := changes.SeenNow(ctx, tx, v, *was)
	return &c, err
}

// alsoOwed lists the other questions that the viewer could answer at once with
// one, the oldest due first.
func alsoOwed(ctx context.Context, tx *db.Tx, v office.Viewer, q QuestionHeld) ([]Question, error) {
	all, err := db.List(ctx, tx, scanQuestion, `SELECT `+questionCols+` FROM questions q WHERE q.body = $1 AND q.stage = 'owed' AND q.ref <> $2 ORDER BY q.due, q.year, q.seq LIMIT 20`, q.To, q.Ref)
	return slices.DeleteFunc(all, func(o Question) bool {
		return QuestionHeld{Question: o, Committees: q.Committees, Today: q.Today}.May(ActAnswer, v) != nil
	}), err
}

// AskedAbout is what is pointed at before a question is asked: what is seen, and
// what the viewer may choose.
type AskedAbout struct {
	Seen       *seen.Figure // nil is about nothing in particular
	Committees []Committee
	Bodies     []office.Body
	Today      civil.Day
	First      civil.Day // soonest named day
	Due        civil.Day // otherwise
}

// Asking reads what the form of a question shows. It fails with NotFound where
// the reference leads to nothing that v may see.
func Asking(ctx context.Context, tx *db.Tx, v office.Viewer, about string) (a AskedAbout, err error) {
	a.Today = civil.DayOf(tx.Now())
	terms := Terms()
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if about != "" {
			seen, err := seen.Look(ctx, tx, v, about)
			if err != nil {
				return err
			}
			a.Seen = &seen
		}
		days, err := holidays.Calendar(ctx, tx)
		if err != nil {
			return err
		}
		if a.First, err = days.Add(a.Today, terms.NamedDay); err != nil {
			return err
		}
		if a.Due, err = days.Add(a.Today, terms.Answer); err != nil {
			return err
		}
		if v.Can(office.AskQuestions) {
			all, err := AllCommittees(ctx, tx)
			if err != nil {
				return err
			}
			a.Committees, a.Bodies = all.Of(v.Office.ID, a.Today), Askable(v, a.Today)
		}
		return nil
	})
	return a, err
}

// AskedAlike finds questions that share words with one that is about to be
// asked, the likest first.
func AskedAlike(ctx context.Context, tx *db.Tx, form QuestionForm, most int) (all []Question, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		found, err := search.SimilarQuestions(ctx, tx, form.Title+" "+form.Text, most)
		if err != nil {
			return err
		}
		for _, f := range found {
			q, err := question(ctx, tx, f.Ref)
			if err != nil {
				return err
			}
			all = append(all, q)
		}
		return nil
	})
	return all, err
}
