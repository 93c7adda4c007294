package decisions

import (
	"context"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/holidays"
	"github.com/police-ict/handover/store/office"
)

// MoveHolds finds the decisions whose times another calendar moves: when the
// call-in closes, by when it is heard or the matter is reconsidered, and from
// when it may be implemented. All of them follow from the calendar; only the
// columns that decisions are listed by are kept, so those are written again.
func MoveHolds(ctx context.Context, tx *db.Tx, was, now civil.Calendar) (moves []holidays.Move, do func(context.Context, *db.Tx, office.Viewer, holidays.Holiday) error, err error) {
	held, err := db.List(ctx, tx, Scan, `SELECT d.decision FROM decisions d WHERE d.status = 'published' AND (d.hold_until IS NULL OR d.hold_until > $1 OR d.closes_at > $1)
		OR d.status = 'referred_back' ORDER BY d.year, d.seq, d.id`, db.Stamp(tx.Now()))
	if err != nil {
		return nil, nil, err
	}
	for _, d := range held {
		sc, err := FindScheme(ctx, tx, d.Scheme)
		if err != nil {
			return nil, nil, err
		}
		before, after := authority.MayImplement(d.Hold(sc.Scheme, was), tx.Now()), authority.MayImplement(d.Hold(sc.Scheme, now), tx.Now())
		if d.Heard() {
			before.HearBy, after.HearBy = "", ""
		}
		for _, m := range []holidays.Move{
			{What: "the call-in closes", From: lastDay(before.Closes), To: lastDay(after.Closes)},
			{What: "the call-in is to be heard by", From: before.HearBy, To: after.HearBy},
			{What: "it is to be reconsidered by", From: before.ReconsiderBy, To: after.ReconsiderBy},
			{What: "it may be implemented from", From: dayOf(before.From), To: dayOf(after.From)},
		} {
			if m.From != m.To {
				m.Ref, m.Title, m.Href = "decision/"+d.Ref, "Decision "+d.Ref+": "+d.Title, d.Href()
				moves = append(moves, m)
			}
		}
	}
	return moves, func(ctx context.Context, tx *db.Tx, _ office.Viewer, _ holidays.Holiday) error {
		for _, d := range held {
			hold, closes, err := listedTimes(ctx, tx, d, now)
			if err != nil {
				return err
			}
			if err := tx.Change(ctx, `UPDATE decisions SET closes_at = $1, hold_until = $2 WHERE id = $3 AND turn = $4`, nullStamp(closes), nullStamp(hold), d.ID, d.Turn); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// lastDay is the day in which a time ends, "" for none.
func lastDay(t time.Time) civil.Day {
	if t.IsZero() {
		return ""
	}
	return civil.DayOf(t.Add(-time.Microsecond))
}

func dayOf(t time.Time) civil.Day {
	if t.IsZero() {
		return ""
	}
	return civil.DayOf(t)
}
