package decisions

import (
	"context"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/text"
)

// Touch is an act that an interest would have kept its holder out of, had it
// been declared by then. The act stays valid as it was known.
type Touch struct {
	Ref      string                 `json:"decision"`
	Title    string                 `json:"title"`
	Role     authority.Role         `json:"role"`
	Choice   authority.BallotChoice `json:"choice"`
	On       civil.Day              `json:"on"`
	N        int64                  `json:"event"`
	Interest int64                  `json:"interest,omitempty"`
}

// touched lists the acts of a person that an interest reaches back to: in
// decisions of its company, or in the one that it names, while it was held and
// before it was declared.
func touched(ctx context.Context, tx *db.Tx, i authority.Interest) ([]Touch, error) {
	return db.List(ctx, tx, func(r db.Row) (t Touch, err error) {
		b, d, err := scanTouch(r)
		return Touch{d.Ref, d.Title, b.Role, b.Choice, civil.DayOf(b.At), b.N, i.ID}, err
	}, `SELECT b.ballot, d.decision FROM ballots b JOIN decisions d ON d.id = b.decision
		WHERE b.person = $1 AND b.cast_on >= $2 AND b.cast_on <= $3 AND b.cast_n < $4
		AND (d.ref = $5 OR $5 = '' AND EXISTS (SELECT 1 FROM decision_suppliers c WHERE c.decision = d.id AND c.company = $6)) ORDER BY b.id`,
		i.Person, i.First, orNever(i.Last), orLast(i.N), i.Decision, i.Company)
}

func orNever(d civil.Day) civil.Day {
	if d == "" {
		return "9999-12-31"
	}
	return d
}

// orLast is the number of the event that declared an interest; one that is not
// yet declared reaches back over all of them.
func orLast(n int64) int64 {
	if n == 0 {
		return 1 << 62
	}
	return n
}

func scanTouch(r db.Row) (b authority.Ballot, d Decision, err error) {
	var ballot, decision string
	if err := r.Scan(&ballot, &decision); err != nil {
		return b, d, err
	}
	if b, err = text.FromJSON[authority.Ballot](ballot); err != nil {
		return b, d, err
	}
	d, err = text.FromJSON[Decision](decision)
	return b, d, err
}
