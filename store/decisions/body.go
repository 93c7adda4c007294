package decisions

import (
	"context"
	"slices"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
)

// OfBody is what a body has to vote on, and what can be called in now.
type OfBody struct {
	Body    string
	Votes   []Listed // put to it, and it has not voted
	CallIns []Listed // whose call-in period is open, for any body's scrutineer
}

// ReadOfBody reads the votes and call-ins of a body, those that close first
// before the others.
func ReadOfBody(ctx context.Context, tx *db.Tx, body string) (out OfBody, err error) {
	out.Body = body
	now := tx.Now()
	err = tx.Read(ctx, func(tx *db.Tx) error {
		open, err := List(ctx, tx, office.Viewer{}, Filter{State: "open"}, 100)
		if err != nil {
			return err
		}
		for _, d := range open.All {
			votes := slices.ContainsFunc(d.Electors, func(e authority.Elector) bool { return e.Key == body })
			if !votes || d.Over(now) {
				continue
			}
			cast, err := standingBallots(ctx, tx, d.ID)
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(cast, func(b authority.Ballot) bool { return b.Elector == body }) {
				out.Votes = append(out.Votes, d)
			}
		}
		held, err := List(ctx, tx, office.Viewer{}, Filter{State: "held"}, 100)
		for _, d := range held.All {
			if d.CanCallIn() && d.May.Closes.After(now) {
				out.CallIns = append(out.CallIns, d)
			}
		}
		return err
	})
	slices.SortStableFunc(out.Votes, func(a, b Listed) int { return a.ClosesAt.Compare(b.ClosesAt) })
	slices.SortStableFunc(out.CallIns, func(a, b Listed) int { return a.May.Closes.Compare(b.May.Closes) })
	return out, err
}
