package store

import (
	"context"
	"slices"
	"time"
)

const questionCols = `q.question`

func scanQuestion(r row) (q Question, err error) {
	var text string
	if err := r.Scan(&text); err != nil {
		return q, err
	}
	return fromJSON[Question](text)
}

const saidCols = `d.said`

func scanSaid(r row) (d Said, err error) {
	var text string
	if err := r.Scan(&text); err != nil {
		return d, err
	}
	return fromJSON[Said](text)
}

// questionLedger holds the questions, with the columns that they are listed by
// and the counts of them, to the record.
var questionLedger = ledger{"question", func(ctx context.Context, s *Store) (map[string]any, error) {
	all, err := rowsOf(ctx, s, scanQuestionListed, `SELECT `+questionRowCols+`, question FROM questions`, func(q Question) (string, any) { return q.subject(), q })
	if err != nil {
		return nil, err
	}
	bodies, err := s.miscounted(ctx)
	for _, body := range bodies {
		all["question/counts of "+body] = nil // no event tells of such counts
	}
	return all, err
}}

func scanQuestionListed(r row) (Question, error) {
	var listed questionRow
	var text string
	if err := r.Scan(append(listed.into(), &text)...); err != nil {
		return Question{}, err
	}
	q, err := fromJSON[Question](text)
	if q.row() != listed {
		q = Question{Ref: listed.Ref} // listed under other words than it says: as no event tells it
	}
	return q, err
}

// saidLedger holds what was said to the record.
var saidLedger = ledger{"said", func(ctx context.Context, s *Store) (map[string]any, error) {
	return rowsOf(ctx, s, scanSaidListed, `SELECT d.question, d.seq, d.said FROM said d`, func(d Said) (string, any) { return d.thing(), d })
}}

func scanSaidListed(r row) (Said, error) {
	var listed Said
	var text string
	if err := r.Scan(&listed.Question, &listed.Seq, &text); err != nil {
		return Said{}, err
	}
	d, err := fromJSON[Said](text)
	if d.Question != listed.Question || d.Seq != listed.Seq {
		d = listed
	}
	return d, err
}

// question finds one question.
func (s *Store) question(ctx context.Context, ref string) (Question, error) {
	q, found, err := maybe(ctx, s, scanQuestion, `SELECT `+questionCols+` FROM questions q WHERE q.ref = $1`, ref)
	if err == nil && !found {
		err = NotFound.Errorf("There is no such question. Look for it in the list of questions.")
	}
	return q, err
}

// held finds one question with what decides who may act on it today.
func (s *Store) held(ctx context.Context, ref string) (h QuestionHeld, err error) {
	if h.Question, err = s.question(ctx, ref); err != nil {
		return h, err
	}
	all, err := s.Committees(ctx)
	if err != nil {
		return h, err
	}
	return s.hold(ctx, h.Question, all)
}

// hold adds to a question what decides who may act on it today.
func (s *Store) hold(ctx context.Context, q Question, all Committees) (h QuestionHeld, err error) {
	h = QuestionHeld{Question: q, Committees: all, Today: DayOf(s.Now())}
	h.Charge, err = s.charge(ctx, ChargeQuestion, q.Ref)
	return h, err
}

// QuestionAt is a question with all that its page says.
type QuestionAt struct {
	QuestionHeld
	Now    time.Time
	Known  int64      // the last event that is known
	Thread []Said     // in order, without the question itself
	Figure *Change    // what it is about, as seen and now; nil of one about nothing in particular
	Others []Question // others that the viewer could answer with the same answer
	Names  Names
}

// Question reads the page of one question.
func (s *Store) Question(ctx context.Context, v Viewer, ref string) (a QuestionAt, err error) {
	err = s.read(ctx, func(s *Store) error {
		if a.QuestionHeld, err = s.held(ctx, ref); err != nil {
			return err
		}
		a.Now = s.Now()
		if a.Thread, err = list(ctx, s, scanSaid, `SELECT `+saidCols+` FROM said d WHERE d.question = $1 ORDER BY d.seq`, ref); err != nil {
			return err
		}
		if a.Figure, err = s.figureNow(ctx, v, a.About); err != nil {
			return err
		}
		if a.Names, err = s.Names(ctx, When{}); err != nil {
			return err
		}
		if a.May(GiveAnswer, v) == nil {
			if a.Others, err = s.alsoOwed(ctx, v, a.QuestionHeld); err != nil {
				return err
			}
		}
		h, err := s.Head(ctx)
		a.Known = h.Size
		return err
	})
	return a, err
}

// figureNow is what a question is about, as its asker saw it and as it is now.
func (s *Store) figureNow(ctx context.Context, v Viewer, was *Seen) (*Change, error) {
	if was == nil {
		return nil, nil
	}
	c, err := s.SeenNow(ctx, v, *was)
	return &c, err
}

// alsoOwed lists the other questions that the viewer could answer at once with
// one, the oldest due first.
func (s *Store) alsoOwed(ctx context.Context, v Viewer, q QuestionHeld) ([]Question, error) {
	all, err := list(ctx, s, scanQuestion, `SELECT `+questionCols+` FROM questions q WHERE q.body = $1 AND q.stage = 'owed' AND q.ref <> $2 ORDER BY q.due, q.year, q.seq LIMIT 20`, q.To, q.Ref)
	return slices.DeleteFunc(all, func(o Question) bool {
		return QuestionHeld{Question: o, Committees: q.Committees, Today: q.Today}.May(GiveAnswer, v) != nil
	}), err
}

// AskedAbout is what is pointed at before a question is asked: what is seen, and
// what the viewer may choose.
type AskedAbout struct {
	Seen       *Seen // nil is about nothing in particular
	Committees []Committee
	Bodies     []Body
	Today      Day
	First      Day // soonest named day
	Due        Day // otherwise
}

// Asking reads what the form of a question shows. It fails with NotFound where
// the reference leads to nothing that v may see.
func (s *Store) Asking(ctx context.Context, v Viewer, about string) (a AskedAbout, err error) {
	a.Today = DayOf(s.Now())
	terms := Scrutiny()
	err = s.read(ctx, func(s *Store) error {
		if about != "" {
			seen, err := s.Look(ctx, v, about)
			if err != nil {
				return err
			}
			a.Seen = &seen
		}
		if a.First, err = a.Today.AddWorking(terms.NamedDay); err != nil {
			return err
		}
		if a.Due, err = a.Today.AddWorking(terms.Answer); err != nil {
			return err
		}
		if v.Can(AskQuestions) {
			all, err := s.Committees(ctx)
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
func (s *Store) AskedAlike(ctx context.Context, form QuestionForm, most int) (all []Question, err error) {
	err = s.read(ctx, func(s *Store) error {
		found, err := s.SimilarQuestions(ctx, form.Title+" "+form.Text, most)
		if err != nil {
			return err
		}
		for _, f := range found {
			q, err := s.question(ctx, f.Ref)
			if err != nil {
				return err
			}
			all = append(all, q)
		}
		return nil
	})
	return all, err
}
