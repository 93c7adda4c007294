package scrutiny

import (
	"context"
	"slices"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/holidays"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
)

// actMoveClock is what a bank holiday does to a question that waits for its answer.
const actMoveClock office.Act = "move-clock"

// MoveClocks finds the questions whose days another calendar moves, and moves
// them. A clock that was ended by an answer or a refusal stays as it was counted;
// one that goes on after a review has its days by the calendar of that time.
func MoveClocks(ctx context.Context, tx *db.Tx, was, now civil.Calendar) (moves []holidays.Move, do func(context.Context, *db.Tx, office.Viewer, holidays.Holiday) error, err error) {
	owed, err := db.List(ctx, tx, scanQuestion, `SELECT `+questionCols+` FROM questions q WHERE q.stage = 'owed' ORDER BY q.year, q.seq`)
	if err != nil {
		return nil, nil, err
	}
	var moved []Question
	for _, q := range owed {
		before, err := q.running(was)
		if err != nil {
			return nil, nil, err
		}
		after, err := q.running(now)
		if err != nil {
			return nil, nil, err
		}
		if before == after {
			continue
		}
		moved = append(moved, q.with(after))
		move := holidays.Move{Ref: q.subject(), Title: "Question " + q.Ref + ": " + q.Title, Href: q.Href()}
		if before.Due != after.Due {
			move.What, move.From, move.To = "the answer is due", before.Due, after.Due
			moves = append(moves, move)
		}
		if before.Long != after.Long {
			move.What, move.From, move.To = "it is long overdue after", before.Long, after.Long
			moves = append(moves, move)
		}
	}
	return moves, func(ctx context.Context, tx *db.Tx, by office.Viewer, h holidays.Holiday) error {
		for _, q := range moved {
			if err := moveClock(ctx, tx, by, q, h); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// with is the question with another clock in place of the one that runs.
func (q Question) with(c AnswerClock) Question {
	q.Clocks = slices.Clone(q.Clocks)
	q.Clocks[len(q.Clocks)-1] = c
	return q
}

// moveClock keeps a question whose clock a bank holiday moved.
func moveClock(ctx context.Context, tx *db.Tx, by office.Viewer, q Question, h holidays.Holiday) error {
	old, err := question(ctx, tx, q.Ref)
	if err != nil {
		return err
	}
	had, err := FindCharge(ctx, tx, ChargeQuestion, q.Ref)
	if err != nil {
		return err
	}
	return saveQuestion(ctx, tx, by, actMoveClock, old, q, had, record.Detail(map[string]any{"bank_holiday": h.Day, "removed": h.Removed != nil, "was_due": old.Clock().Due, "due": q.Clock().Due}))
}
