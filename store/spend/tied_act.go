package spend

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/holidays"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/text"
)

// stood is how a decision stood at an instant, for the payments of a load.
func stood(ctx context.Context, tx *db.Tx, d decisions.Decision, l Load, at time.Time) (Under, error) {
	var sc authority.Scheme
	if d.Scheme != 0 {
		v, err := decisions.FindScheme(ctx, tx, d.Scheme)
		if err != nil {
			return Under{}, err
		}
		sc = v.Scheme
	}
	days, err := holidays.Calendar(ctx, tx)
	if err != nil {
		return Under{}, err
	}
	may := authority.MayImplement(d.Hold(sc, days), at)
	u := Under{Load: l.ID, Decision: d.ID, Ref: d.Ref, At: at, Held: !may.May, State: may.State, Why: may.Why, Until: may.From, ByDay: true}
	if !d.MadeAt.IsZero() && !d.MadeAt.After(at) {
		u.Made = civil.DayOf(d.MadeAt)
	}
	if may.May {
		u.Free = civil.DayOf(may.From)
	}
	return u, nil
}

// standUnder keeps how the decisions stand that a load’s lines name, in the
// write that makes the load visible.
func standUnder(ctx context.Context, tx *db.Tx, l Load) (parts []record.Part, err error) {
	for _, named := range l.named {
		d, err := db.One(ctx, tx, decisions.Scan, `SELECT `+decisions.Cols+` FROM decisions WHERE id = $1`, named.Decision)
		if err != nil {
			return nil, err
		}
		u, err := stood(ctx, tx, d, l, l.TakenAt)
		if err != nil {
			return nil, err
		}
		u.Contract, u.Lines, u.Pence = named.Contract, named.Lines, named.Pence
		if err := putUnder(ctx, tx, u); err != nil {
			return nil, err
		}
		if err := judgeAll(ctx, tx, u); err != nil {
			return nil, err
		}
		parts = append(parts, record.Now(u.thing(), u))
	}
	return parts, nil
}

// judgeAll judges the payments of a load under a decision, a day at a time.
func judgeAll(ctx context.Context, tx *db.Tx, u Under) error {
	days, err := db.List(ctx, tx, db.ScanInto[int64], `SELECT DISTINCT paid FROM spend_decisions WHERE load = $1 AND decision = $2 ORDER BY paid`, u.Load, u.Decision)
	for _, paid := range days {
		if how := u.Judge(civil.Paid(paid)); err == nil && how != JudgedFine {
			_, err = tx.Exec(ctx, `UPDATE spend_decisions SET judged = $1 WHERE load = $2 AND decision = $3 AND paid = $4`, string(how), u.Load, u.Decision, paid)
		}
	}
	return err
}

func putUnder(ctx context.Context, tx *db.Tx, u Under) error {
	text, err := text.Canonical(u)
	if err != nil {
		return err
	}
	return tx.Change(ctx, `INSERT INTO load_decisions (load, decision, held, under) VALUES ($1, $2, $3, $4)`, u.Load, u.Decision, u.Held, string(text))
}

// MayTie says whether v may say what decision a payment is under, or why not.
func MayTie(v office.Viewer) error {
	if !v.Can(office.KeepSpend) {
		return fault.Forbidden.Errorf("Only an officer of the company can link payments to decisions.")
	}
	return nil
}

// Link puts a payment under a decision that its contract reference does not
// name, with a reason. It is judged by its day, against how the decision stands
// as the file’s first payment is put under it.
func Link(ctx context.Context, tx *db.Tx, by office.Viewer, line int64, ref, reason string) error {
	var f fault.Faults
	ref, reason = strings.TrimSpace(ref), text.OneLine(reason)
	text.Tidy(&f, "decision", "the reference of the decision, like 2012-014", ref, true, 20)
	text.Tidy(&f, "reason", "the reason", reason, true, 500)
	if err := f.Err(); err != nil {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		l, k, err := lineToTie(ctx, tx, by, line)
		if err != nil {
			return err
		}
		d, err := decisions.Find(ctx, tx, office.Viewer{}, ref)
		if fault.KindOf(err) == fault.NotFound {
			return fault.Field("decision", "There is no decision “%s”. Enter a reference like 2012-014.", text.Short(ref))
		}
		if err != nil {
			return err
		}
		had, found, err := tie(ctx, tx, line, d.ID)
		if err != nil {
			return err
		}
		if found && had.stands {
			return fault.Conflict.Errorf("This payment is already linked to decision %s.", d.Ref)
		}
		t := TiedRow{Tie{Line: line, Load: l.ID, Decision: d.ID, Ref: d.Ref, How: TiedByOfficer, Reason: reason, By: OfficeOr(by), On: civil.DayOf(tx.Now())}, k.Paid, k.Pence, true, true, JudgedFine}
		if found {
			t.How = had.How
		}
		u, parts, err := underOf(ctx, tx, d, l)
		if err != nil {
			return err
		}
		t.Judged = u.Judge(k.Paid)
		return recordTie(ctx, tx, by, "tie", l, t, parts...)
	})
}

// underOf is how a decision stands to the payments of a load. It is kept from
// the first of them on.
func underOf(ctx context.Context, tx *db.Tx, d decisions.Decision, l Load) (Under, []record.Part, error) {
	u, found, err := db.Maybe(ctx, tx, scanUnder, `SELECT `+underCols+` FROM load_decisions u WHERE u.load = $1 AND u.decision = $2`, l.ID, d.ID)
	if err != nil || found {
		return u, nil, err
	}
	if u, err = stood(ctx, tx, d, l, tx.Now()); err != nil {
		return u, nil, err
	}
	return u, []record.Part{record.Now(u.thing(), u)}, putUnder(ctx, tx, u)
}

// Unlink takes a payment from under a decision, with a reason: the reference
// is of another contract, or an officer was mistaken.
func Unlink(ctx context.Context, tx *db.Tx, by office.Viewer, line int64, ref, why string) error {
	why, err := ReasonFor(why)
	if err != nil {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		l, _, err := lineToTie(ctx, tx, by, line)
		if err != nil {
			return err
		}
		d, err := decisions.Find(ctx, tx, office.Viewer{}, ref)
		if err != nil {
			return err
		}
		t, found, err := tie(ctx, tx, line, d.ID)
		if err != nil {
			return err
		}
		if !found || !t.stands {
			return fault.Conflict.Errorf("This payment is not linked to decision %s.", d.Ref)
		}
		t.Ref, t.stands = d.Ref, false
		t.Untied, t.UntiedBy, t.Why = civil.DayOf(tx.Now()), OfficeOr(by), why
		return recordTie(ctx, tx, by, "untie", l, t)
	})
}

// lineToTie finds a payment that counts, and its load, for someone who may say
// what decision it is under.
func lineToTie(ctx context.Context, tx *db.Tx, by office.Viewer, id int64) (l Load, k block.Line, err error) {
	if err := MayTie(by); err != nil {
		return l, k, err
	}
	if l, k, err = FindLine(ctx, tx, by, id); err == nil && !l.Counts() {
		err = fault.Conflict.Errorf("The file of this payment is %s, so it cannot be linked to a decision.", text.Plain(string(l.Status)))
	}
	return l, k, err
}

func tie(ctx context.Context, tx *db.Tx, line, decision int64) (TiedRow, bool, error) {
	return db.Maybe(ctx, tx, ScanTied, `SELECT `+TiedCols+` FROM spend_decisions t WHERE t.line = $1 AND t.decision = $2`, line, decision)
}

// recordTie ends what an officer does to a tie. It may move a flag, so that
// what is shown of spend has changed.
func recordTie(ctx context.Context, tx *db.Tx, by office.Viewer, act string, l Load, t TiedRow, more ...record.Part) error {
	said, err := text.Canonical(t.Tie)
	if err != nil {
		return err
	}
	if err := tx.Change(ctx, insertTie+` ON CONFLICT (line, decision) DO UPDATE SET stands = EXCLUDED.stands, judged = EXCLUDED.judged, tie = EXCLUDED.tie`,
		t.Line, t.Decision, t.Load, string(t.How), int64(t.Paid), t.pence, t.stands, string(t.Judged), string(said)); err != nil {
		return err
	}
	n, err := record.Add(ctx, tx, by, "line."+act, fmt.Sprintf("line/%d", t.Line), append(more, record.About(l.Body), record.Now(t.thing(), t.Tie))...)
	if err != nil {
		return err
	}
	return moved(ctx, tx, n, l.ID)
}
