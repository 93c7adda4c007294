package decisions

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/holidays"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Publish publishes the notice of a made decision. The day on which it
// was signed lies between that of the decision and today.
func Publish(ctx context.Context, tx *db.Tx, by office.Viewer, ref string, signed civil.Day) (int64, error) {
	return actOn(ctx, tx, by, ref, ActPublish, func(tx *db.Tx, d *Decision) (int64, error) {
		if err := signedOn(*d, signed, civil.DayOf(tx.Now())); err != nil {
			return 0, err
		}
		d.Status, d.PublishedAt = Published, tx.Now()
		d.Notices = append(slices.Clone(d.Notices), Notice{Version: int64(len(d.Notices)) + 1, At: tx.Now(), Signed: signed, Person: by.Person, Office: by.Office, N: record.NextEvent(tx)})
		return recordDecision(ctx, tx, by, ActPublish, d, record.Detail(map[string]any{"paper": d.Hash, "signed": signed}))
	})
}

func signedOn(d Decision, signed, today civil.Day) error {
	switch {
	case signed == "":
		return fault.Field("signed", "Enter the date the notice was signed.")
	case signed < civil.DayOf(d.MadeAt):
		return fault.Field("signed", "It was decided on %s. Enter that date or a later one.", civil.DayOf(d.MadeAt))
	case signed > today:
		return fault.Field("signed", "The date signed must be today or earlier. Today is %s.", today)
	}
	return nil
}

// Correct publishes another version of the notice, which says what it
// corrects and why. The earlier one still answers.
func Correct(ctx context.Context, tx *db.Tx, by office.Viewer, ref string, signed civil.Day, correction string) (int64, error) {
	var f fault.Faults
	correction = text.OneLine(correction)
	text.Tidy(&f, "correction", "the correction and the reason for it", correction, true, 1000)
	return actOn(ctx, tx, by, ref, ActCorrect, func(tx *db.Tx, d *Decision) (int64, error) {
		var err error
		if err = f.Take("signed", signedOn(*d, signed, civil.DayOf(tx.Now()))); err != nil {
			return 0, err
		}
		if err := f.Err(); err != nil {
			return 0, err
		}
		d.Notices = append(slices.Clone(d.Notices), Notice{Version: int64(len(d.Notices)) + 1, At: tx.Now(), Signed: signed, Person: by.Person, Office: by.Office, Correction: correction, N: record.NextEvent(tx)})
		return recordDecision(ctx, tx, by, ActCorrect, d, record.Detail(map[string]string{"correction": correction}))
	})
}

// holding begins an act on a published decision: how it is held now.
func holding(ctx context.Context, tx *db.Tx, d Decision) (authority.SchemeVersion, authority.Implementation, error) {
	sc, h, err := holdOf(ctx, tx, d)
	return sc, authority.MayImplement(h, tx.Now()), err
}

// holdOf is what keeps a decision from being implemented, as far as it is known
// now.
func holdOf(ctx context.Context, tx *db.Tx, d Decision) (sc authority.SchemeVersion, h authority.HoldFacts, err error) {
	days, err := holidays.Calendar(ctx, tx)
	if err != nil {
		return sc, h, err
	}
	sc, err = FindScheme(ctx, tx, d.Scheme)
	return sc, d.Hold(sc.Scheme, days), err
}

// SignCallIn is one signature under a call-in.
func SignCallIn(ctx context.Context, tx *db.Tx, by office.Viewer, ref, ground, reason string) (int64, error) {
	ground, reason = text.OneLine(ground), text.OneLine(reason)
	return actOn(ctx, tx, by, ref, ActSignCallIn, func(tx *db.Tx, d *Decision) (int64, error) {
		sc, h, err := holdOf(ctx, tx, *d)
		if err != nil {
			return 0, err
		}
		if err := h.MaySign(by.Person, by.Office, tx.Now()); err != nil {
			return 0, err
		}
		if err := sc.CallIn.CheckSignature(ground, reason); err != nil {
			return 0, err
		}
		d.Signatures = append(d.Signatures, authority.CallInSignature{Person: by.Person, Office: by.Office, Ground: ground, Reason: reason, At: tx.Now(), N: record.NextEvent(tx)})
		return recordDecision(ctx, tx, by, ActSignCallIn, d, record.Detail(map[string]string{"ground": ground, "reason": reason}))
	})
}

// UnsignCallIn takes one's own signature back, before the call-in is valid and
// before its window closes.
func UnsignCallIn(ctx context.Context, tx *db.Tx, by office.Viewer, ref string) (int64, error) {
	return actOn(ctx, tx, by, ref, ActUnsignCallIn, func(tx *db.Tx, d *Decision) (int64, error) {
		_, h, err := holdOf(ctx, tx, *d)
		if err != nil {
			return 0, err
		}
		if err := h.MayWithdraw(by.Person, tx.Now()); err != nil {
			return 0, err
		}
		i := h.Standing(by.Person, tx.Now())
		d.Signatures = slices.Clone(d.Signatures)
		d.Signatures[i].WithdrawnAt, d.Signatures[i].WithdrawnN = tx.Now(), record.NextEvent(tx)
		return recordDecision(ctx, tx, by, ActUnsignCallIn, d)
	})
}

// HearCallIn records the outcome of a valid call-in: no further action, refer
// back with reasons, or refer to the members.
func HearCallIn(ctx context.Context, tx *db.Tx, by office.Viewer, ref string, outcome authority.HearingOutcome, reasons string) (int64, error) {
	var f fault.Faults
	reasons = text.OneLine(reasons)
	text.Tidy(&f, "reasons", "the reasons", reasons, true, 2000)
	if !slices.Contains(authority.HearingOutcomes, outcome) {
		f.Add("outcome", "Choose the outcome of the hearing.")
	}
	return actOn(ctx, tx, by, ref, ActHearCallIn, func(tx *db.Tx, d *Decision) (int64, error) {
		_, may, err := holding(ctx, tx, *d)
		if err != nil {
			return 0, err
		}
		if err := d.mayHear(may, by); err != nil {
			return 0, err
		}
		if err := f.Err(); err != nil {
			return 0, err
		}
		d.Hearings = append(d.Hearings, Hearing{Outcome: outcome, Reasons: reasons, On: civil.DayOf(tx.Now()), At: tx.Now(), Person: by.Person, Office: by.Office, N: record.NextEvent(tx), Signed: d.Signatures})
		if outcome != authority.NoFurtherAction {
			d.Status, d.Ended = ReferredBack, reasons
			d.Raised = d.Raised || outcome == authority.ReferToMembers
		}
		return recordDecision(ctx, tx, by, ActHearCallIn, d, record.Detail(map[string]string{"outcome": string(outcome), "reasons": reasons}))
	})
}

// mayHear says why a person may not record a hearing.
func (d Decision) mayHear(may authority.Implementation, by office.Viewer) error {
	switch {
	case may.State != authority.HoldCalledIn || d.Heard():
		return fault.Conflict.Errorf("There is no call-in of this decision to hear. %s", may.Say)
	case !slices.ContainsFunc(d.Signatures, func(g authority.CallInSignature) bool { return g.Office.Body == by.Office.Body }):
		return fault.Forbidden.Errorf("Only the chair or clerk of the committee that signed can record the hearing.")
	}
	return nil
}

// MeetCondition records that a condition of a consent is met, with its evidence.
func MeetCondition(ctx context.Context, tx *db.Tx, by office.Viewer, ref string, i int, evidence string) (int64, error) {
	var f fault.Faults
	evidence = text.OneLine(evidence)
	text.Tidy(&f, "evidence", "the evidence", evidence, true, 500)
	return actOn(ctx, tx, by, ref, ActMeetCondition, func(tx *db.Tx, d *Decision) (int64, error) {
		if err := d.mayMeet(i); err != nil {
			return 0, err
		}
		if err := f.Err(); err != nil {
			return 0, err
		}
		d.Conditions = slices.Clone(d.Conditions)
		d.Conditions[i].Met = tx.Now()
		return recordDecision(ctx, tx, by, ActMeetCondition, d, record.Detail(map[string]any{"condition": d.Conditions[i].Text, "evidence": evidence}))
	})
}

// mayMeet says why the condition of a number cannot be met now.
func (d Decision) mayMeet(i int) error {
	switch {
	case i < 0 || i >= len(d.Conditions):
		return fault.NotFound.Errorf("The consent has no such condition.")
	case !d.Conditions[i].Met.IsZero():
		return fault.Conflict.Errorf("This condition has already been met.")
	}
	return nil
}

// mayImplement says why a decision may not be implemented now.
func mayImplement(may authority.Implementation) error {
	if !may.May {
		return fault.Conflict.Errorf("This may not be implemented now. %s", strings.TrimPrefix(may.Say, "No. "))
	}
	return nil
}

// Implement records that a decision was implemented, once it may be.
func Implement(ctx context.Context, tx *db.Tx, by office.Viewer, ref, evidence string) (int64, error) {
	var f fault.Faults
	evidence = text.OneLine(evidence)
	text.Tidy(&f, "evidence", "the evidence", evidence, true, 500)
	return actOn(ctx, tx, by, ref, ActImplement, func(tx *db.Tx, d *Decision) (int64, error) {
		_, may, err := holding(ctx, tx, *d)
		if err != nil {
			return 0, err
		}
		if err := mayImplement(may); err != nil {
			return 0, err
		}
		if err := f.Err(); err != nil {
			return 0, err
		}
		d.Status, d.Implemented, d.Evidence = Implemented, tx.Now(), evidence
		return recordDecision(ctx, tx, by, ActImplement, d, record.Detail(map[string]string{"evidence": evidence}))
	})
}

// ReleasePart2 lets anyone read the restricted part of the paper as it stands.
// The event tells its salt and text, so that it can be proved the same.
func ReleasePart2(ctx context.Context, tx *db.Tx, by office.Viewer, ref, reason string) (int64, error) {
	var f fault.Faults
	reason = text.OneLine(reason)
	text.Tidy(&f, "reason", "the reason for releasing it", reason, true, 500)
	return actOn(ctx, tx, by, ref, ActReleasePart2, func(tx *db.Tx, d *Decision) (int64, error) {
		v, part2, err := paperOf(ctx, tx, *d, d.Version)
		if err != nil {
			return 0, err
		}
		if err := d.mayRelease(v, part2.Text != ""); err != nil {
			return 0, err
		}
		if err := f.Err(); err != nil {
			return 0, err
		}
		v.Released = record.NextEvent(tx)
		row, err := text.Canonical(v)
		if err != nil {
			return 0, err
		}
		if err := tx.Change(ctx, `UPDATE papers SET paper = $1 WHERE decision = $2 AND version = $3`, string(row), v.Decision, v.Version); err != nil {
			return 0, err
		}
		return recordDecision(ctx, tx, by, ActReleasePart2, d, record.Now(v.Thing(), v),
			record.Detail(map[string]any{"version": v.Version, "commitment": v.Paper.Commitment, "salt": part2.Salt, "text": part2.Text, "reason": reason}))
	})
}

// mayRelease says why the restricted part of a paper cannot be released now.
func (d Decision) mayRelease(v authority.PaperVersion, restricted bool) error {
	switch {
	case d.Draft() || !restricted:
		return fault.Conflict.Errorf("This paper has no restricted part.")
	case v.Released != 0:
		return fault.Conflict.Errorf("The restricted part of this paper has already been released.")
	}
	return nil
}

// Under uses an effect of a decision, once: the decision must name it, and it
// must be possible to implement it now.
func Under(ctx context.Context, tx *db.Tx, by office.Viewer, ref string, e authority.Effect) (Decision, error) {
	d, i, err := naming(ctx, tx, by, ref, e)
	if err != nil {
		return d, err
	}
	d.Effects = slices.Clone(d.Effects)
	d.Effects[i].Used = record.NextEvent(tx) + 1 // the act's own event follows
	_, err = recordDecision(ctx, tx, by, "use", &d, record.Detail(map[string]string{"effect": e.Words()}))
	return d, err
}

// SaidYes lists the electors and holders of rights whose vote, approval or
// consent to a decision stands.
func SaidYes(ctx context.Context, tx *db.Tx, d Decision) (all []string, err error) {
	cast, err := standingBallots(ctx, tx, d.ID)
	for _, b := range cast {
		if b.Choice == authority.For || b.Choice == authority.Modify {
			all = append(all, b.Elector)
		}
	}
	return all, err
}

// Naming reports whether a decision names an effect that may be used now; its
// error says why not. Nothing is used.
func Naming(ctx context.Context, tx *db.Tx, by office.Viewer, ref string, e authority.Effect) error {
	_, _, err := naming(ctx, tx, by, ref, e)
	return err
}

// naming finds a decision that names an effect, which was not used and may be
// used now, and which of its effects that is; or it says why there is none.
func naming(ctx context.Context, tx *db.Tx, by office.Viewer, ref string, e authority.Effect) (d Decision, i int, err error) {
	if ref = text.RefTyped(ref); ref == "" {
		return d, 0, fault.Field("decision", "Enter the reference of the decision that allows this, like 2012-014.")
	}
	d, err = Find(ctx, tx, by, ref)
	if fault.KindOf(err) == fault.NotFound || err == nil && d.Draft() {
		return d, 0, fault.Field("decision", "There is no decision %q. Enter the reference of the decision that allows this, like 2012-014.", text.Short(ref))
	}
	if err != nil {
		return d, 0, err
	}
	i = slices.IndexFunc(d.Effects, func(o authority.Effect) bool { return o.Kind == e.Kind && o.Subject == e.Subject && o.Value == e.Value })
	switch {
	case i < 0:
		return d, i, fault.Field("decision", "Decision %s does not allow this: %s.", d.Ref, text.Lower(e.Words()))
	case d.Effects[i].Used != 0:
		return d, i, fault.Field("decision", "Decision %s was already used for this, in entry %s.", d.Ref, text.Thousands(d.Effects[i].Used))
	case d.Status == Implemented:
		return d, i, nil
	case d.Status != Published:
		return d, i, fault.Field("decision", "Decision %s is %s. Only a published decision can be carried out.", d.Ref, text.Plain(string(d.Status)))
	}
	_, may, err := holding(ctx, tx, d)
	if err == nil && !may.May {
		err = fault.Field("decision", "Decision %s may not be implemented now. %s", d.Ref, strings.TrimPrefix(may.Say, "No. "))
	}
	return d, i, err
}

// DecisionsNaming lists the published decisions that name an effect which was
// not used, for the forms of the acts that need one.
func DecisionsNaming(ctx context.Context, tx *db.Tx, kind authority.EffectKind, subject string) (refs []Decision, err error) {
	all, err := db.List(ctx, tx, Scan, fmt.Sprintf(`SELECT d.decision FROM decisions d WHERE d.status IN ('published', 'implemented') AND d.decision LIKE $1 ESCAPE '\' ORDER BY d.id DESC LIMIT %d`, 20),
		`%"subject":"`+text.LikeEscaped(subject)+`"%`)
	for _, d := range all {
		if slices.ContainsFunc(d.Effects, func(e authority.Effect) bool { return e.Kind == kind && e.Subject == subject && e.Used == 0 }) {
			refs = append(refs, d)
		}
	}
	return refs, err
}
