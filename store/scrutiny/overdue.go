package scrutiny

import (
	"context"
	"fmt"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
)

// Overdue are the questions whose answers are late, of all bodies.
type Overdue struct {
	All   []Question // those overdue longest first
	Count int64      // of them all, up to db.ListCounted
	Today civil.Day
}

// ReadOverdue reads the questions whose answers have been overdue longest.
func ReadOverdue(ctx context.Context, tx *db.Tx, most int) (o Overdue, err error) {
	o.Today = civil.DayOf(tx.Now())
	const late = ` FROM questions q WHERE q.stage = 'owed' AND q.due < $1`
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if o.All, err = db.List(ctx, tx, scanQuestion, fmt.Sprintf(`SELECT `+questionCols+late+` ORDER BY q.due, q.year, q.seq LIMIT %d`, most), o.Today); err != nil {
			return err
		}
		o.Count, err = db.One(ctx, tx, db.ScanInto[int64], fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT q.ref%s LIMIT %d) AS late`, late, db.ListCounted), o.Today)
		return err
	})
	return o, err
}
