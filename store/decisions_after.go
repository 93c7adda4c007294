package store

import (
	"context"
	"fmt"
	"slices"
)

// PublishDecision publishes the notice of a made decision. The day on which it
// was signed lies between that of the decision and today.
func (s *Store) PublishDecision(ctx context.Context, by Viewer, ref string, signed Day) (int64, error) {
	return s.actOn(ctx, by, ref, PublishIt, func(s *Store, d *Decision) (int64, error) {
		if err := signedOn(*d, signed, DayOf(s.Now())); err != nil {
			return 0, err
		}
		d.Status, d.PublishedAt = DecisionPublished, s.Now()
		d.Notices = append(slices.Clone(d.Notices), Notice{Version: int64(len(d.Notices)) + 1, At: s.Now(), Signed: signed, Person: by.Person, Office: by.Office, N: s.NextEvent()})
		return s.recordDecision(ctx, by, PublishIt, d, detail(map[string]any{"paper": d.Hash, "signed": signed}))
	})
}

func signedOn(d Decision, signed, today Day) error {
	switch {
	case signed == "":
		return Field("signed", "Give the day on which the notice was signed.")
	case signed < DayOf(d.MadeAt):
		return Field("signed", "It was decided on %s: it cannot have been signed before.", DayOf(d.MadeAt))
	case signed > today:
		return Field("signed", "The day signed must be today or earlier. Today is %s.", today)
	}
	return nil
}

// CorrectDecision publishes another version of the notice, which says what it
// corrects and why. The earlier one still answers.
func (s *Store) CorrectDecision(ctx context.Context, by Viewer, ref string, signed Day, correction string) (int64, error) {
	var f Faults
	correction = oneLine(correction)
	text(&f, "correction", "what is corrected, and why", correction, true, 1000)
	return s.actOn(ctx, by, ref, CorrectNotice, func(s *Store, d *Decision) (int64, error) {
		var err error
		if err = f.Take("signed", signedOn(*d, signed, DayOf(s.Now()))); err != nil {
			return 0, err
		}
		if err := f.Err(); err != nil {
			return 0, err
		}
		d.Notices = append(slices.Clone(d.Notices), Notice{Version: int64(len(d.Notices)) + 1, At: s.Now(), Signed: signed, Person: by.Person, Office: by.Office, Correction: correction, N: s.NextEvent()})
		return s.recordDecision(ctx, by, CorrectNotice, d, detail(map[string]string{"correction": correction}))
	})
}

// holding begins an act on a published decision: how it is held now.
func (s *Store) holding(ctx context.Context, d Decision) (SchemeVersion, Implementation, error) {
	sc, err := s.scheme(ctx, d.Scheme)
	return sc, MayImplement(d.hold(sc.Scheme), s.Now()), err
}

// SignCallIn is one signature under a call-in.
func (s *Store) SignCallIn(ctx context.Context, by Viewer, ref, ground, reason string) (int64, error) {
	ground, reason = oneLine(ground), oneLine(reason)
	return s.actOn(ctx, by, ref, SignCallIn, func(s *Store, d *Decision) (int64, error) {
		sc, err := s.scheme(ctx, d.Scheme)
		if err != nil {
			return 0, err
		}
		if err := d.hold(sc.Scheme).MaySign(by.Person, by.Office, s.Now()); err != nil {
			return 0, err
		}
		if err := sc.CallIn.CheckSignature(ground, reason); err != nil {
			return 0, err
		}
		d.Signatures = append(d.Signatures, CallInSignature{Person: by.Person, Office: by.Office, Ground: ground, Reason: reason, At: s.Now(), N: s.NextEvent()})
		return s.recordDecision(ctx, by, SignCallIn, d, detail(map[string]string{"ground": ground, "reason": reason}))
	})
}

// UnsignCallIn takes one's own signature back, before the call-in is valid and
// before its window closes.
func (s *Store) UnsignCallIn(ctx context.Context, by Viewer, ref string) (int64, error) {
	return s.actOn(ctx, by, ref, UnsignCallIn, func(s *Store, d *Decision) (int64, error) {
		sc, err := s.scheme(ctx, d.Scheme)
		if err != nil {
			return 0, err
		}
		h := d.hold(sc.Scheme)
		if err := h.MayWithdraw(by.Person, s.Now()); err != nil {
			return 0, err
		}
		i := h.standing(by.Person, s.Now())
		d.Signatures = slices.Clone(d.Signatures)
		d.Signatures[i].WithdrawnAt, d.Signatures[i].WithdrawnN = s.Now(), s.NextEvent()
		return s.recordDecision(ctx, by, UnsignCallIn, d)
	})
}

// HearCallIn records the outcome of a valid call-in: no further action, refer
// back with reasons, or refer to the members.
func (s *Store) HearCallIn(ctx context.Context, by Viewer, ref string, outcome HearingOutcome, reasons string) (int64, error) {
	var f Faults
	reasons = oneLine(reasons)
	text(&f, "reasons", "the reasons", reasons, true, 2000)
	if !slices.Contains(HearingOutcomes, outcome) {
		f.Add("outcome", "Choose the outcome of the hearing.")
	}
	return s.actOn(ctx, by, ref, HearCallIn, func(s *Store, d *Decision) (int64, error) {
		_, may, err := s.holding(ctx, *d)
		if err != nil {
			return 0, err
		}
		if err := d.mayHear(may, by); err != nil {
			return 0, err
		}
		if err := f.Err(); err != nil {
			return 0, err
		}
		d.Hearings = append(d.Hearings, Hearing{Outcome: outcome, Reasons: reasons, On: DayOf(s.Now()), At: s.Now(), Person: by.Person, Office: by.Office, N: s.NextEvent(), Signed: d.Signatures})
		if outcome != NoFurtherAction {
			d.Status, d.Ended = DecisionReferredBack, reasons
			d.Raised = d.Raised || outcome == ReferToMembers
		}
		return s.recordDecision(ctx, by, HearCallIn, d, detail(map[string]string{"outcome": string(outcome), "reasons": reasons}))
	})
}

// mayHear says why a person may not record a hearing.
func (d Decision) mayHear(may Implementation, by Viewer) error {
	switch {
	case may.State != HoldCalledIn || d.heard():
		return Conflict.Errorf("No valid call-in of this decision waits for a hearing. %s", may.Say)
	case !slices.ContainsFunc(d.Signatures, func(g CallInSignature) bool { return g.Office.Body == by.Office.Body }):
		return Forbidden.Errorf("Only the chair or the clerk of the committee whose members signed records the hearing.")
	}
	return nil
}

// MeetCondition records that a condition of a consent is met, with its evidence.
func (s *Store) MeetCondition(ctx context.Context, by Viewer, ref string, i int, evidence string) (int64, error) {
	var f Faults
	evidence = oneLine(evidence)
	text(&f, "evidence", "the evidence", evidence, true, 500)
	return s.actOn(ctx, by, ref, MeetCondition, func(s *Store, d *Decision) (int64, error) {
		if err := d.mayMeet(i); err != nil {
			return 0, err
		}
		if err := f.Err(); err != nil {
			return 0, err
		}
		d.Conditions = slices.Clone(d.Conditions)
		d.Conditions[i].Met = s.Now()
		return s.recordDecision(ctx, by, MeetCondition, d, detail(map[string]any{"condition": d.Conditions[i].Text, "evidence": evidence}))
	})
}

// mayMeet says why the condition of a number cannot be met now.
func (d Decision) mayMeet(i int) error {
	switch {
	case i < 0 || i >= len(d.Conditions):
		return NotFound.Errorf("The consent has no such condition.")
	case !d.Conditions[i].Met.IsZero():
		return Conflict.Errorf("This condition is met already.")
	}
	return nil
}

// mayImplement says why a decision may not be implemented now.
func mayImplement(may Implementation) error {
	if !may.May {
		return Conflict.Errorf("This may not be implemented now. %s", may.Say)
	}
	return nil
}

// ImplementDecision records that a decision was implemented, once it may be.
func (s *Store) ImplementDecision(ctx context.Context, by Viewer, ref, evidence string) (int64, error) {
	var f Faults
	evidence = oneLine(evidence)
	text(&f, "evidence", "the evidence", evidence, true, 500)
	return s.actOn(ctx, by, ref, ImplementIt, func(s *Store, d *Decision) (int64, error) {
		_, may, err := s.holding(ctx, *d)
		if err != nil {
			return 0, err
		}
		if err := mayImplement(may); err != nil {
			return 0, err
		}
		if err := f.Err(); err != nil {
			return 0, err
		}
		d.Status, d.Implemented, d.Evidence = DecisionImplemented, s.Now(), evidence
		return s.recordDecision(ctx, by, ImplementIt, d, detail(map[string]string{"evidence": evidence}))
	})
}

// ReleasePart2 lets anyone read the restricted part of the paper as it stands.
// The event tells its salt and text, so that it can be proved the same.
func (s *Store) ReleasePart2(ctx context.Context, by Viewer, ref, reason string) (int64, error) {
	var f Faults
	reason = oneLine(reason)
	text(&f, "reason", "why it is released", reason, true, 500)
	return s.actOn(ctx, by, ref, ReleasePart2, func(s *Store, d *Decision) (int64, error) {
		v, part2, err := s.paperOf(ctx, *d, d.Version)
		if err != nil {
			return 0, err
		}
		if err := d.mayRelease(v, part2.Text != ""); err != nil {
			return 0, err
		}
		if err := f.Err(); err != nil {
			return 0, err
		}
		v.Released = s.NextEvent()
		row, err := canonical(v)
		if err != nil {
			return 0, err
		}
		if err := s.change(ctx, `UPDATE papers SET paper = $1 WHERE decision = $2 AND version = $3`, string(row), v.Decision, v.Version); err != nil {
			return 0, err
		}
		return s.recordDecision(ctx, by, ReleasePart2, d, now(v.thing(), v),
			detail(map[string]any{"version": v.Version, "commitment": v.Paper.Commitment, "salt": part2.Salt, "text": part2.Text, "reason": reason}))
	})
}

// mayRelease says why the restricted part of a paper cannot be released now.
func (d Decision) mayRelease(v PaperVersion, restricted bool) error {
	switch {
	case d.Draft() || !restricted:
		return Conflict.Errorf("This paper has no restricted part.")
	case v.Released != 0:
		return Conflict.Errorf("The restricted part of this paper was released already.")
	}
	return nil
}

// under uses an effect of a decision, once: the decision must name it, and it
// must be possible to implement it now.
func (s *Store) under(ctx context.Context, by Viewer, ref string, e Effect) (Decision, error) {
	d, i, err := s.naming(ctx, by, ref, e)
	if err != nil {
		return d, err
	}
	d.Effects = slices.Clone(d.Effects)
	d.Effects[i].Used = s.NextEvent() + 1 // the act's own event follows
	_, err = s.recordDecision(ctx, by, "use", &d, detail(map[string]string{"effect": e.Words()}))
	return d, err
}

// naming finds a decision that names an effect, which was not used and may be
// used now, and which of its effects that is; or it says why there is none.
func (s *Store) naming(ctx context.Context, by Viewer, ref string, e Effect) (d Decision, i int, err error) {
	if ref = oneLine(ref); ref == "" {
		return d, 0, Field("decision", "Give the reference of the made decision that names this, like 2012-014.")
	}
	d, err = s.decision(ctx, by, ref)
	if KindOf(err) == NotFound || err == nil && d.Draft() {
		return d, 0, Field("decision", "There is no decision %q: give the reference of a made decision that names this, like 2012-014.", short(ref))
	}
	if err != nil {
		return d, 0, err
	}
	i = slices.IndexFunc(d.Effects, func(o Effect) bool { return o.Kind == e.Kind && o.Subject == e.Subject && o.Value == e.Value })
	switch {
	case i < 0:
		return d, i, Field("decision", "Decision %s does not name this: %s.", d.Ref, lower(e.Words()))
	case d.Effects[i].Used != 0:
		return d, i, Field("decision", "Decision %s was used for this already, in event %s.", d.Ref, Thousands(d.Effects[i].Used))
	case d.Status == DecisionImplemented:
		return d, i, nil
	case d.Status != DecisionPublished:
		return d, i, Field("decision", "Decision %s is %s: only a published one can be carried out.", d.Ref, Plain(string(d.Status)))
	}
	_, may, err := s.holding(ctx, d)
	if err == nil && !may.May {
		err = Field("decision", "Decision %s may not be implemented now. %s", d.Ref, may.Say)
	}
	return d, i, err
}

// DecisionsNaming lists the published decisions that name an effect which was
// not used, for the forms of the acts that need one.
func (s *Store) DecisionsNaming(ctx context.Context, kind EffectKind, subject string) (refs []Decision, err error) {
	all, err := list(ctx, s, scanDecision, fmt.Sprintf(`SELECT d.decision FROM decisions d WHERE d.status IN ('published', 'implemented') AND d.decision LIKE $1 ESCAPE '\' ORDER BY d.id DESC LIMIT %d`, 20),
		`%"subject":"`+likeEscaped(subject)+`"%`)
	for _, d := range all {
		if slices.ContainsFunc(d.Effects, func(e Effect) bool { return e.Kind == kind && e.Subject == subject && e.Used == 0 }) {
			refs = append(refs, d)
		}
	}
	return refs, err
}
