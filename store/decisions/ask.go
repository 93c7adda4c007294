package decisions

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// GiveView gives the finance or legal view on the paper as it was read.
func GiveView(ctx context.Context, tx *db.Tx, by office.Viewer, ref, hash string, kind authority.ViewKind, words string) (int64, error) {
	words = strings.TrimSpace(words)
	var f fault.Faults
	text.Tidy(&f, "text", "the view", words, true, 5000)
	return actOn(ctx, tx, by, ref, ActGiveView, func(tx *db.Tx, d *Decision) (int64, error) {
		if err := d.binds(hash); err != nil {
			return 0, err
		}
		facts, err := factsFor(ctx, tx, *d)
		if err != nil {
			return 0, err
		}
		a, err := d.mayView(facts, by, kind)
		if err != nil {
			return 0, err
		}
		if err := f.Err(); err != nil {
			return 0, err
		}
		d.Views = append(d.Views, Opinion{Kind: kind, Text: words, Version: d.Version, Hash: d.Hash, Person: by.Person, Office: by.Office, On: civil.DayOf(tx.Now()), N: record.NextEvent(tx), Authority: a})
		return recordDecision(ctx, tx, by, ActGiveView, d, record.Detail(map[string]any{"kind": kind, "paper": d.Hash}))
	})
}

// mayView is the authority by which a person gives a view, or why they may not.
func (d Decision) mayView(f authority.Facts, by office.Viewer, kind authority.ViewKind) (authority.Authority, error) {
	_, b, err := d.Band(f.Scheme.Scheme)
	if err != nil {
		return authority.Authority{}, err
	}
	if !slices.Contains(d.ViewsWanted(b), kind) {
		return authority.Authority{}, fault.Conflict.Errorf("This paper does not need a %s view.", kind)
	}
	q := d.Case(authority.Views)
	q.View = kind
	a := f.Authority(q, by.Person, by.Office.ID)
	return a, a.Refusal()
}

// binds refuses an act on another version of the paper than the one it stands at.
func (d Decision) binds(hash string) error {
	if hash != d.Hash {
		return fault.Conflict.Errorf("The paper has changed since you opened this page. Read version %d. Nothing was recorded.", d.Version)
	}
	return nil
}

// OpenForm says how those who decide are asked.
type OpenForm struct {
	Way    authority.Way
	Closes time.Time // of a poll, where a time is set; a resolution's follows from the scheme
}

// OpenVoting asks those who decide: it circulates a resolution, opens a poll,
// or asks for approvals. The version of the scheme in force today stays its rule.
func OpenVoting(ctx context.Context, tx *db.Tx, by office.Viewer, ref string, form OpenForm) (int64, error) {
	return actOn(ctx, tx, by, ref, ActOpen, func(tx *db.Tx, d *Decision) (int64, error) {
		f, err := factsOf(ctx, tx, civil.DayOf(tx.Now()), 0)
		if err != nil {
			return 0, err
		}
		b, err := d.mayOpen(f)
		if err != nil {
			return 0, err
		}
		if !slices.Contains(b.Ways, form.Way) {
			return 0, fault.Field("way", "Choose how the decision will be made. Paragraph %s says how.", b.Paragraph)
		}
		d.Status, d.Way, d.Scheme, d.OpenedAt = Open, form.Way, f.Scheme.Version, tx.Now()
		switch form.Way {
		case authority.ByPoll:
			if !form.Closes.IsZero() && !form.Closes.After(tx.Now()) {
				return 0, fault.Field("closes", "Enter a time in the future.")
			}
			d.ClosesAt = form.Closes.UTC()
		case authority.ByResolution:
			// The period begins with the day of circulation (Companies Act 2006, s.297).
			d.ClosesAt = civil.DayOf(tx.Now()).Add(f.Scheme.ResolutionDays).Start().UTC()
			d.Electors = f.Entitled(b)
		}
		return recordDecision(ctx, tx, by, ActOpen, d, record.Detail(map[string]any{"way": d.Way, "scheme": d.Scheme, "paragraph": b.Paragraph, "closes_at": stampWords(d.ClosesAt)}))
	})
}

// mayOpen finds who decides it by the scheme in force, or says why they cannot
// be asked now.
func (d Decision) mayOpen(f authority.Facts) (authority.Band, error) {
	_, b, err := d.Band(f.Scheme.Scheme)
	if err != nil {
		return b, err
	}
	if wanted := d.ViewsWanted(b); len(wanted) > 0 {
		return b, fault.Conflict.Errorf("The %s view is needed first. It has not been given on version %d of the paper.", wanted[0], d.Version)
	}
	if len(f.Entitled(b)) == 0 {
		return b, fault.Conflict.Errorf("Voting cannot open. Nobody may decide this under paragraph %s of scheme %d on %s.", b.Paragraph, f.Scheme.Version, f.On)
	}
	return b, nil
}

func stampWords(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(db.StampLayout)
}

// Defer lays a decision aside; ResumeDecision takes it up again.
func Defer(ctx context.Context, tx *db.Tx, by office.Viewer, ref, reason string) (int64, error) {
	return endBy(ctx, tx, by, ref, ActDefer, Deferred, reason)
}

// Withdraw takes a decision back before it is made, with a reason.
func Withdraw(ctx context.Context, tx *db.Tx, by office.Viewer, ref, reason string) (int64, error) {
	return endBy(ctx, tx, by, ref, ActWithdraw, Withdrawn, reason)
}

// endBy ends, or lays aside, a decision with a reason. What was voted is void.
func endBy(ctx context.Context, tx *db.Tx, by office.Viewer, ref string, act office.Act, to Status, reason string) (int64, error) {
	var f fault.Faults
	reason = text.OneLine(reason)
	text.Tidy(&f, "reason", "a reason", reason, true, 500)
	return actOn(ctx, tx, by, ref, act, func(tx *db.Tx, d *Decision) (int64, error) {
		if err := f.Err(); err != nil {
			return 0, err
		}
		voided, parts, err := voidBallots(ctx, tx, *d, "it was "+text.Plain(string(to))+": "+reason)
		if err != nil {
			return 0, err
		}
		d.reopened()
		d.Status, d.Ended = to, reason
		return recordDecision(ctx, tx, by, act, d, append(parts, record.Detail(map[string]any{"reason": reason, "voided": voided}))...)
	})
}

// Resume takes a deferred or referred-back decision up again, its paper
// unchanged.
func Resume(ctx context.Context, tx *db.Tx, by office.Viewer, ref string) (int64, error) {
	return actOn(ctx, tx, by, ref, ActResume, func(tx *db.Tx, d *Decision) (int64, error) {
		d.Again = d.Again || d.Status == ReferredBack
		voided, parts, err := voidBallots(ctx, tx, *d, "it was taken up again")
		if err != nil {
			return 0, err
		}
		d.reopened()
		d.Status = PutForward
		return recordDecision(ctx, tx, by, ActResume, d, append(parts, record.Detail(map[string]any{"voided": voided}))...)
	})
}

// AgreeUrgency is the chair's agreement that a decision is urgent, which leaves
// out the call-in, once.
func AgreeUrgency(ctx context.Context, tx *db.Tx, by office.Viewer, ref string) (int64, error) {
	return actOn(ctx, tx, by, ref, ActAgreeUrgency, func(tx *db.Tx, d *Decision) (int64, error) {
		f, err := factsFor(ctx, tx, *d)
		if err != nil {
			return 0, err
		}
		if err := d.mayAgree(f.Scheme, by); err != nil {
			return 0, err
		}
		u := *d.Urgency
		u.Agreed, u.Person, u.Office, u.At, u.N = true, by.Person, by.Office, tx.Now(), record.NextEvent(tx)
		d.Urgency = &u
		return recordDecision(ctx, tx, by, ActAgreeUrgency, d, record.Detail(map[string]string{"ground": u.Ground}))
	})
}

// mayAgree says why a person may not agree that it is urgent.
func (d Decision) mayAgree(sc authority.SchemeVersion, by office.Viewer) error {
	switch {
	case !sc.CallIn.Urgency:
		return fault.Conflict.Errorf("Scheme %d does not allow an urgent decision to avoid call-in.", sc.Version)
	case !sc.CallIn.MaySign(by.Office):
		return fault.Forbidden.Errorf("Only the chair of a committee that calls decisions in can agree that a decision is urgent.")
	case by.Person == d.Proposer:
		return fault.Forbidden.Errorf("You proposed this, so you cannot agree that it is urgent.")
	}
	return nil
}
