package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// View gives the finance or legal view on the paper as it was read.
func (s *Store) View(ctx context.Context, by Viewer, ref, hash string, kind ViewKind, words string) (int64, error) {
	words = strings.TrimSpace(words)
	var f Faults
	text(&f, "text", "the view", words, true, 5000)
	return s.actOn(ctx, by, ref, GiveView, func(s *Store, d *Decision) (int64, error) {
		if err := d.binds(hash); err != nil {
			return 0, err
		}
		facts, err := s.factsFor(ctx, *d)
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
		d.Views = append(d.Views, Opinion{Kind: kind, Text: words, Version: d.Version, Hash: d.Hash, Person: by.Person, Office: by.Office, On: DayOf(s.Now()), N: s.NextEvent(), Authority: a})
		return s.recordDecision(ctx, by, GiveView, d, detail(map[string]any{"kind": kind, "paper": d.Hash}))
	})
}

// mayView is the authority by which a person gives a view, or why they may not.
func (d Decision) mayView(f Facts, by Viewer, kind ViewKind) (Authority, error) {
	_, b, err := d.Band(f.Scheme.Scheme)
	if err != nil {
		return Authority{}, err
	}
	if !slices.Contains(d.ViewsWanted(b), kind) {
		return Authority{}, Conflict.Errorf("No %s view waits to be given on this paper.", kind)
	}
	q := d.Case(Views)
	q.View = kind
	a := f.Authority(q, by.Person, by.Office.ID)
	return a, a.Refusal()
}

// binds refuses an act on another version of the paper than the one it stands at.
func (d Decision) binds(hash string) error {
	if hash != d.Hash {
		return Conflict.Errorf("The paper has changed since you read it: it is version %d now. Nothing was recorded. Read it again.", d.Version)
	}
	return nil
}

// OpenForm says how those who decide are asked.
type OpenForm struct {
	Way    Way
	Closes time.Time // of a poll, where a time is set; a resolution's follows from the scheme
}

// OpenDecision asks those who decide: it circulates a resolution, opens a poll,
// or asks for approvals. The version of the scheme in force today stays its rule.
func (s *Store) OpenDecision(ctx context.Context, by Viewer, ref string, form OpenForm) (int64, error) {
	return s.actOn(ctx, by, ref, OpenDecision, func(s *Store, d *Decision) (int64, error) {
		f, err := s.factsOf(ctx, DayOf(s.Now()), 0)
		if err != nil {
			return 0, err
		}
		b, err := d.mayOpen(f)
		if err != nil {
			return 0, err
		}
		if !slices.Contains(b.Ways, form.Way) {
			return 0, Field("way", "Choose how those who decide are asked: paragraph %s says how.", b.Paragraph)
		}
		d.Status, d.Way, d.Scheme, d.OpenedAt = DecisionOpen, form.Way, f.Scheme.Version, s.Now()
		switch form.Way {
		case ByPoll:
			if !form.Closes.IsZero() && !form.Closes.After(s.Now()) {
				return 0, Field("closes", "The poll closes after it opens: give a time to come.")
			}
			d.ClosesAt = form.Closes.UTC()
		case ByResolution:
			// The period begins with the day of circulation (Companies Act 2006, s.297).
			d.ClosesAt = DayOf(s.Now()).Add(f.Scheme.ResolutionDays).Start().UTC()
			d.Electors = f.entitled(b)
		}
		return s.recordDecision(ctx, by, OpenDecision, d, detail(map[string]any{"way": d.Way, "scheme": d.Scheme, "paragraph": b.Paragraph, "closes_at": stampWords(d.ClosesAt)}))
	})
}

// mayOpen finds who decides it by the scheme in force, or says why they cannot
// be asked now.
func (d Decision) mayOpen(f Facts) (Band, error) {
	_, b, err := d.Band(f.Scheme.Scheme)
	if err != nil {
		return b, err
	}
	if wanted := d.ViewsWanted(b); len(wanted) > 0 {
		return b, Conflict.Errorf("The %s view comes first: it has not been given on version %d of the paper.", wanted[0], d.Version)
	}
	if len(f.entitled(b)) == 0 {
		return b, Conflict.Errorf("Nobody is entitled to decide this by paragraph %s of scheme %d on %s, so it cannot be opened.", b.Paragraph, f.Scheme.Version, f.On)
	}
	return b, nil
}

func stampWords(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(stampLayout)
}

// DeferDecision lays a decision aside; ResumeDecision takes it up again.
func (s *Store) DeferDecision(ctx context.Context, by Viewer, ref, reason string) (int64, error) {
	return s.endBy(ctx, by, ref, DeferDecision, DecisionDeferred, reason)
}

// WithdrawDecision takes a decision back before it is made, with a reason.
func (s *Store) WithdrawDecision(ctx context.Context, by Viewer, ref, reason string) (int64, error) {
	return s.endBy(ctx, by, ref, WithdrawIt, DecisionWithdrawn, reason)
}

// endBy ends, or lays aside, a decision with a reason. What was voted is void.
func (s *Store) endBy(ctx context.Context, by Viewer, ref string, act Act, to DecisionStatus, reason string) (int64, error) {
	var f Faults
	reason = oneLine(reason)
	text(&f, "reason", "a reason", reason, true, 500)
	return s.actOn(ctx, by, ref, act, func(s *Store, d *Decision) (int64, error) {
		if err := f.Err(); err != nil {
			return 0, err
		}
		voided, parts, err := s.voidBallots(ctx, *d, "it was "+Plain(string(to))+": "+reason)
		if err != nil {
			return 0, err
		}
		d.reopened()
		d.Status, d.Ended = to, reason
		return s.recordDecision(ctx, by, act, d, append(parts, detail(map[string]any{"reason": reason, "voided": voided}))...)
	})
}

// ResumeDecision takes a deferred or referred-back decision up again, its paper
// unchanged.
func (s *Store) ResumeDecision(ctx context.Context, by Viewer, ref string) (int64, error) {
	return s.actOn(ctx, by, ref, ResumeDecision, func(s *Store, d *Decision) (int64, error) {
		d.Again = d.Again || d.Status == DecisionReferredBack
		voided, parts, err := s.voidBallots(ctx, *d, "it was taken up again")
		if err != nil {
			return 0, err
		}
		d.reopened()
		d.Status = DecisionPutForward
		return s.recordDecision(ctx, by, ResumeDecision, d, append(parts, detail(map[string]any{"voided": voided}))...)
	})
}

// AgreeUrgency is the chair's agreement that a decision is urgent, which leaves
// out the call-in, once.
func (s *Store) AgreeUrgency(ctx context.Context, by Viewer, ref string) (int64, error) {
	return s.actOn(ctx, by, ref, AgreeUrgency, func(s *Store, d *Decision) (int64, error) {
		f, err := s.factsFor(ctx, *d)
		if err != nil {
			return 0, err
		}
		if err := d.mayAgree(f.Scheme, by); err != nil {
			return 0, err
		}
		u := *d.Urgency
		u.Agreed, u.Person, u.Office, u.At, u.N = true, by.Person, by.Office, s.Now(), s.NextEvent()
		d.Urgency = &u
		return s.recordDecision(ctx, by, AgreeUrgency, d, detail(map[string]string{"ground": u.Ground}))
	})
}

// mayAgree says why a person may not agree that it is urgent.
func (d Decision) mayAgree(sc SchemeVersion, by Viewer) error {
	switch {
	case !sc.CallIn.Urgency:
		return Conflict.Errorf("Scheme %d does not let urgency leave out the call-in.", sc.Version)
	case !sc.CallIn.MaySign(by.Office):
		return Forbidden.Errorf("Only the chair of a committee that may call decisions in agrees to urgency.")
	case by.Person == d.Proposer:
		return Forbidden.Errorf("Whoever proposed a matter does not agree to its urgency.")
	}
	return nil
}

var errMoreFollows = errors.New("more follows after its end")
