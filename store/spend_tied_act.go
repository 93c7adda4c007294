package store

import (
	"context"
	"fmt"
	"strings"
)

// stood is how a decision stood when a load was taken in.
func (s *Store) stood(ctx context.Context, d Decision, l Load) (Under, error) {
	var sc Scheme
	if d.Scheme != 0 {
		v, err := s.scheme(ctx, d.Scheme)
		if err != nil {
			return Under{}, err
		}
		sc = v.Scheme
	}
	may := MayImplement(d.hold(sc), l.TakenAt)
	return Under{Load: l.ID, Decision: d.ID, Ref: d.Ref, At: l.TakenAt, Held: !may.May, State: may.State, Why: may.Why, Until: may.From}, nil
}

// standUnder keeps how the decisions stand that a load’s lines name, in the
// write that makes the load visible.
func (s *Store) standUnder(ctx context.Context, l Load) (parts []part, err error) {
	for _, named := range l.named {
		d, err := one(ctx, s, scanDecision, `SELECT `+decisionCols+` FROM decisions WHERE id = $1`, named.Decision)
		if err != nil {
			return nil, err
		}
		u, err := s.stood(ctx, d, l)
		if err != nil {
			return nil, err
		}
		u.Contract, u.Lines, u.Pence = named.Contract, named.Lines, named.Pence
		if err := s.putUnder(ctx, u); err != nil {
			return nil, err
		}
		parts = append(parts, now(u.thing(), u))
	}
	return parts, nil
}

func (s *Store) putUnder(ctx context.Context, u Under) error {
	text, err := canonical(u)
	if err != nil {
		return err
	}
	return s.change(ctx, `INSERT INTO load_decisions (load, decision, held, under) VALUES ($1, $2, $3, $4)`, u.Load, u.Decision, u.Held, string(text))
}

// MayTie says whether v may say what decision a payment is under, or why not.
func MayTie(v Viewer) error {
	if !v.Can(KeepSpend) {
		return Forbidden.Errorf("Only an officer of the company ties payments to decisions.")
	}
	return nil
}

// TieLine puts a payment under a decision that its contract reference does not
// name, with a reason. Whether the decision was held is asked as of the instant
// at which the file was taken in.
func (s *Store) TieLine(ctx context.Context, by Viewer, line int64, ref, reason string) error {
	var f Faults
	ref, reason = strings.TrimSpace(ref), oneLine(reason)
	text(&f, "decision", "the reference of the decision, like 2012-014", ref, true, 20)
	text(&f, "reason", "the reason", reason, true, 500)
	if err := f.Err(); err != nil {
		return err
	}
	return s.write(ctx, func(s *Store) error {
		l, k, err := s.lineToTie(ctx, by, line)
		if err != nil {
			return err
		}
		d, err := s.decision(ctx, Viewer{}, ref)
		if KindOf(err) == NotFound {
			return Field("decision", "There is no decision “%s”: give the reference of one that was put forward, like 2012-014.", short(ref))
		}
		if err != nil {
			return err
		}
		had, found, err := s.tie(ctx, line, d.ID)
		if err != nil {
			return err
		}
		if found && had.stands {
			return Conflict.Errorf("This payment is under decision %s already.", d.Ref)
		}
		t := tiedRow{Tie{Line: line, Load: l.ID, Decision: d.ID, Ref: d.Ref, How: TiedByOfficer, Reason: reason, By: officeOr(by), On: DayOf(s.Now())}, k.paid, k.pence, true, true}
		if found {
			t.How = had.How
		}
		parts, err := s.underOf(ctx, d, l)
		if err != nil {
			return err
		}
		return s.recordTie(ctx, by, "tie", l, t, parts...)
	})
}

// underOf keeps how a decision stood when a load was taken in, where that is
// not kept yet.
func (s *Store) underOf(ctx context.Context, d Decision, l Load) ([]part, error) {
	_, found, err := maybe(ctx, s, scanUnder, `SELECT `+underCols+` FROM load_decisions u WHERE u.load = $1 AND u.decision = $2`, l.ID, d.ID)
	if err != nil || found {
		return nil, err
	}
	u, err := s.stood(ctx, d, l)
	if err != nil {
		return nil, err
	}
	return []part{now(u.thing(), u)}, s.putUnder(ctx, u)
}

// UntieLine takes a payment from under a decision, with a reason: the reference
// is of another contract, or an officer was mistaken.
func (s *Store) UntieLine(ctx context.Context, by Viewer, line int64, ref, why string) error {
	why, err := reasonFor(why)
	if err != nil {
		return err
	}
	return s.write(ctx, func(s *Store) error {
		l, _, err := s.lineToTie(ctx, by, line)
		if err != nil {
			return err
		}
		d, err := s.decision(ctx, Viewer{}, ref)
		if err != nil {
			return err
		}
		t, found, err := s.tie(ctx, line, d.ID)
		if err != nil {
			return err
		}
		if !found || !t.stands {
			return Conflict.Errorf("This payment is not under decision %s.", d.Ref)
		}
		t.Ref, t.stands = d.Ref, false
		t.Untied, t.UntiedBy, t.Why = DayOf(s.Now()), officeOr(by), why
		return s.recordTie(ctx, by, "untie", l, t)
	})
}

// lineToTie finds a payment that counts, and its load, for someone who may say
// what decision it is under.
func (s *Store) lineToTie(ctx context.Context, by Viewer, id int64) (l Load, k kept, err error) {
	if err := MayTie(by); err != nil {
		return l, k, err
	}
	b, err := s.blockOf(ctx, id)
	if err != nil {
		return l, k, lineNotFound(err, id)
	}
	if l, err = s.Load(ctx, by, b.load); err != nil {
		return l, k, lineNotFound(err, id)
	}
	if !l.Counts() {
		return l, k, Conflict.Errorf("The file of this payment is %s, so the payment is under no decision.", Plain(string(l.Status)))
	}
	return l, b.lines[id-b.first], nil
}

func (s *Store) tie(ctx context.Context, line, decision int64) (tiedRow, bool, error) {
	return maybe(ctx, s, scanTie, `SELECT `+tieCols+` FROM spend_decisions t WHERE t.line = $1 AND t.decision = $2`, line, decision)
}

// recordTie ends what an officer does to a tie. It may move a flag, so that
// what is shown of spend has changed.
func (s *Store) recordTie(ctx context.Context, by Viewer, act string, l Load, t tiedRow, more ...part) error {
	said, err := canonical(t.Tie)
	if err != nil {
		return err
	}
	if err := s.change(ctx, insertTie+` ON CONFLICT (line, decision) DO UPDATE SET stands = EXCLUDED.stands, tie = EXCLUDED.tie`,
		t.Line, t.Decision, t.Load, string(t.How), int64(t.paid), t.pence, t.stands, string(said)); err != nil {
		return err
	}
	n, err := s.record(ctx, by, "line."+act, fmt.Sprintf("line/%d", t.Line), append(more, about(l.Body), now(t.thing(), t.Tie))...)
	if err != nil {
		return err
	}
	return s.moved(ctx, n, l.ID)
}
