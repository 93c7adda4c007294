package store

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// BallotForm is a vote, an approval or a consent as it is sent.
type BallotForm struct {
	Hash       string // of the paper that was read
	Role       Role   // Votes or Consents_
	Consent    string // matter of the right
	Choice     BallotChoice
	Reason     string
	Conditions []string // of a consent that is modified
}

// check says what is wrong with a ballot in a matter decided in a way.
func (b *BallotForm) check(way Way) error {
	var f Faults
	b.Reason = oneLine(b.Reason)
	choices := []BallotChoice{For, Against}
	switch {
	case b.Role == Consents_:
		choices = []BallotChoice{For, Modify, Reject}
	case way == ByPoll:
		choices = []BallotChoice{For, Against, Abstain}
	}
	if !slices.Contains(choices, b.Choice) {
		f.Add("choice", "Choose one of the answers.")
	}
	refuses := b.Choice == Reject || b.Choice == Against && way == ByApproval
	text(&f, "reason", "the reasons", b.Reason, refuses, 1000)
	var conditions []string
	for _, c := range b.Conditions {
		if c = oneLine(c); c != "" {
			text(&f, "conditions", "each condition", c, true, 500)
			conditions = append(conditions, c)
		}
	}
	b.Conditions = conditions
	switch {
	case b.Choice == Modify && len(conditions) == 0:
		f.Add("conditions", "Give the conditions, one to a line.")
	case b.Choice != Modify && len(conditions) > 0:
		f.Add("conditions", "Conditions go with the answer “approve with conditions”.")
	case len(conditions) > 20:
		f.Add("conditions", "Give 20 conditions or fewer.")
	}
	return f.Err()
}

// Cast is one vote, approval or consent, on the paper that was read. It is
// refused unless the person has the authority by the register on the day; the
// derivation is kept with it. What follows from it is recorded with it. It
// returns the number of the ballot's own event.
func (s *Store) Cast(ctx context.Context, by Viewer, ref string, form BallotForm) (int64, error) {
	act := CastVote
	if form.Role == Consents_ {
		act = GiveConsent
	}
	return s.actOn(ctx, by, ref, act, func(s *Store, d *Decision) (int64, error) {
		if err := d.binds(form.Hash); err != nil {
			return 0, err
		}
		f, err := s.factsFor(ctx, *d)
		if err != nil {
			return 0, err
		}
		cast, err := s.castSoFar(ctx, *d, by, f, form.Role)
		if err != nil {
			return 0, err
		}
		b, err := d.ballot(f, by, form, cast)
		if err != nil {
			return 0, err
		}
		if err := form.check(d.Way); err != nil {
			return 0, err
		}
		b.Choice, b.Reason, b.Conditions, b.At, b.N = form.Choice, form.Reason, form.Conditions, s.Now(), s.NextEvent()
		parts, err := s.putBallot(ctx, &b, cast)
		if err != nil {
			return 0, err
		}
		n, err := s.record(ctx, by, "decision."+string(act), d.subject(), append(parts, about(d.Body), detail(map[string]any{"elector": b.Elector, "choice": b.Choice, "paper": b.Hash}))...)
		if err != nil {
			return 0, err
		}
		if n != b.N {
			return 0, fmt.Errorf("store: the ballot of event %d was recorded as event %d", b.N, n)
		}
		return n, s.follow(ctx, *d, f, append(others(cast, b), b), b)
	})
}

// castSoFar are the ballots that one more is held to. A poll is counted when it
// closes, so only those of the person, and of whom they act for, are read then.
func (s *Store) castSoFar(ctx context.Context, d Decision, by Viewer, f Facts, role Role) ([]Ballot, error) {
	if role != Votes || d.Way != ByPoll {
		return s.standingBallots(ctx, d.ID)
	}
	elector := f.Authority(d.Case(Votes), by.Person, by.Office.ID).Elector
	return list(ctx, s, scanBallot, `SELECT `+ballotCols+ballotFrom+`WHERE b.id IN (SELECT id FROM ballots WHERE decision = $1 AND person = $2 AND void_n = 0
		UNION ALL SELECT id FROM ballots WHERE decision = $1 AND elector = $3 AND void_n = 0) ORDER BY b.id`, d.ID, by.Person, elector)
}

// ballot is the ballot that a person may cast, or why they may not.
func (d Decision) ballot(f Facts, by Viewer, form BallotForm, cast []Ballot) (b Ballot, err error) {
	q := d.Case(form.Role)
	q.Consent = form.Consent
	q.Acted = slices.DeleteFunc(acted(cast), func(a Acted) bool { return a.Person != by.Person }) // what is kept with the ballot
	_, band, err := d.Band(f.Scheme.Scheme)
	if err != nil {
		return b, err
	}
	if form.Role == Consents_ && !slices.ContainsFunc(f.consents(band, cast), func(w ConsentWanted) bool { return w.Matter == form.Consent && w.Body == by.Office.Body }) {
		if !slices.ContainsFunc(f.consents(band, cast), func(w ConsentWanted) bool { return w.Matter == form.Consent }) {
			return b, Conflict.Errorf("No right in the register asks for a consent to this matter today.")
		}
	}
	a := f.Authority(q, by.Person, by.Office.ID)
	if err := a.Refusal(); err != nil {
		return b, err
	}
	b = Ballot{Decision: d.ID, Role: form.Role, Elector: a.Elector, Consent: form.Consent, Version: d.Version, Hash: d.Hash,
		Person: by.Person, Office: by.Office, Asked: q, Authority: a}
	for _, c := range cast {
		if c.Counts() && c.Elector == b.Elector && c.key() == b.key() {
			if err := c.mayChange(d, form.Choice); err != nil {
				return b, err
			}
		}
	}
	return b, nil
}

// key tells votes from consents, and consents from each other.
func (b Ballot) key() string {
	if b.Consent == "" {
		return string(b.Role)
	}
	return string(b.Role) + " " + b.Consent
}

// mayChange says whether a ballot may give way to another of the same elector.
// Agreement to a written resolution cannot be revoked (Companies Act 2006,
// s.296); a vote in a poll may change until the poll is closed.
func (b Ballot) mayChange(d Decision, to BallotChoice) error {
	who := ShortName(b.Elector)
	switch {
	case b.Choice == to:
		return Conflict.Errorf("%s has answered the same already, on %s.", Capital(who), DayOf(b.At))
	case b.Role == Votes && d.Way == ByPoll:
		return nil
	case b.Role == Votes && d.Way == ByResolution && b.Choice == Against:
		return nil
	case b.Role == Votes && d.Way == ByResolution:
		return Conflict.Errorf("Agreement to a written resolution cannot be withdrawn (Companies Act 2006, s.296). %s agreed on %s.", Capital(who), DayOf(b.At))
	}
	return Conflict.Errorf("%s has answered already, on %s.", Capital(who), DayOf(b.At))
}

// putBallot stores a ballot in place of the elector's earlier one.
func (s *Store) putBallot(ctx context.Context, b *Ballot, cast []Ballot) (parts []part, err error) {
	for _, c := range cast {
		if c.Counts() && c.Elector == b.Elector && c.key() == b.key() {
			p, err := s.voidBallot(ctx, c, "changed by its elector")
			if err != nil {
				return nil, err
			}
			parts = append(parts, p)
		}
	}
	if b.ID, err = one(ctx, s, scanInto[int64], `SELECT COALESCE(MAX(id), 0) + 1 FROM ballots`); err != nil {
		return nil, err
	}
	row, err := canonical(b)
	if err != nil {
		return nil, err
	}
	err = s.change(ctx, `INSERT INTO ballots (id, decision, elector, role, person, cast_on, cast_n, void_n, ballot) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)`,
		b.ID, b.Decision, b.Elector, b.key(), b.Person, DayOf(b.At), b.N, string(row))
	return append(parts, nowRow(b.thing(), row)), err
}

// others are the ballots that one does not take the place of.
func others(cast []Ballot, b Ballot) []Ballot {
	return slices.DeleteFunc(slices.Clone(cast), func(c Ballot) bool { return c.Elector == b.Elector && c.key() == b.key() })
}

// follow records what follows from a ballot: that a resolution passes the
// moment its majority is reached, that all have approved, that one refused.
func (s *Store) follow(ctx context.Context, d Decision, f Facts, cast []Ballot, last Ballot) error {
	if d.Status == DecisionOpen && d.Way == ByPoll && last.Choice != Reject {
		return nil // a poll is counted when it closes
	}
	_, band, err := d.Band(f.Scheme.Scheme)
	if err != nil {
		return err
	}
	q := d.Case(Votes)
	t := f.tally(q, band, d.Electors, cast)
	switch {
	case last.Choice == Reject:
		return s.finish(ctx, d, DecisionRefused, t, s.Now(), fmt.Sprintf("%s refused its consent: %s", f.Register.Names.Of(last.Elector), last.Reason))
	case d.Status == DecisionCarried:
		return s.makeIt(ctx, d, f, band, *d.Tally, cast, s.Now())
	case last.Role == Consents_:
		return nil
	case d.Way == ByApproval && last.Choice == Against:
		return s.finish(ctx, d, DecisionRefused, t, s.Now(), fmt.Sprintf("%s refused it: %s", f.Register.Names.Of(last.Elector), last.Reason))
	case t.Carried():
		return s.makeIt(ctx, d, f, band, t, cast, s.Now())
	}
	return nil
}

// makeIt makes a carried decision, or lets it wait for the consents still to come.
func (s *Store) makeIt(ctx context.Context, d Decision, f Facts, band Band, t Tally, cast []Ballot, at time.Time) error {
	for _, w := range f.consents(band, cast) {
		if w.Given == nil {
			if d.Status == DecisionCarried {
				return nil
			}
			return s.finish(ctx, d, DecisionCarried, t, at, "")
		}
		for _, c := range w.Given.Conditions {
			d.Conditions = append(d.Conditions, ConsentCondition{Text: c})
		}
	}
	return s.finish(ctx, d, DecisionMade, t, at, "")
}

// finish records how voting ended: when it fell, and when it was recorded.
func (s *Store) finish(ctx context.Context, d Decision, to DecisionStatus, t Tally, at time.Time, why string) error {
	d.Status, d.Tally, d.Ended, d.RecordedAt = to, &t, why, s.Now()
	d.ClosesAt = closed(d, at)
	if to == DecisionMade {
		d.MadeAt = at
	}
	act := map[DecisionStatus]Act{DecisionCarried: "carry", DecisionMade: "make", DecisionRefused: "refuse", DecisionLapsed: "lapse"}[to]
	_, err := s.recordDecision(ctx, Portal, act, &d, detail(map[string]string{"fell": stampWords(at), "recorded": stampWords(s.Now()), "result": t.Result(), "why": why}))
	return err
}

// closed is when voting closed: never later than it was to.
func closed(d Decision, at time.Time) time.Time {
	if d.ClosesAt.IsZero() || at.Before(d.ClosesAt) {
		return at
	}
	return d.ClosesAt
}

// ClosePoll closes a poll and makes or refuses the decision. Only the chair of
// the meeting closes it.
func (s *Store) ClosePoll(ctx context.Context, by Viewer, ref string) (int64, error) {
	return s.actOn(ctx, by, ref, ClosePoll, func(s *Store, d *Decision) (int64, error) {
		f, err := s.factsFor(ctx, *d)
		if err != nil {
			return 0, err
		}
		n, err := s.record(ctx, by, "decision."+string(ClosePoll), d.subject(), about(d.Body), now(d.subject(), d))
		if err != nil {
			return 0, err
		}
		return n, s.count(ctx, *d, f, s.Now())
	})
}

// count ends a poll by its ballots.
func (s *Store) count(ctx context.Context, d Decision, f Facts, at time.Time) error {
	_, band, err := d.Band(f.Scheme.Scheme)
	if err != nil {
		return err
	}
	cast, err := s.standingBallots(ctx, d.ID)
	if err != nil {
		return err
	}
	t := f.tally(d.Case(Votes), band, d.Electors, cast)
	if t.Carried() {
		return s.makeIt(ctx, d, f, band, t, cast, at)
	}
	why := "it did not have its majority: " + t.Result()
	if reason := t.Inquorate(); reason != "" {
		why = "the poll was inquorate: " + reason
	}
	return s.finish(ctx, d, DecisionRefused, t, at, why)
}

// settleOne records what the clock has ended of a decision.
func (s *Store) settleOne(ctx context.Context, by Viewer, ref string) error {
	d, err := s.decision(ctx, by, ref)
	if err != nil || !d.Over(s.Now()) {
		return err
	}
	return s.write(ctx, func(s *Store) error {
		d, err := s.decision(ctx, by, ref)
		if err != nil || !d.Over(s.Now()) {
			return err
		}
		return s.settle(ctx, d)
	})
}

// settle ends a poll whose time is over by its ballots as known then, and lets a
// resolution lapse (Companies Act 2006, s.297).
func (s *Store) settle(ctx context.Context, d Decision) error {
	f, err := s.factsOf(ctx, DayOf(d.ClosesAt.Add(-time.Microsecond)), 0)
	if err != nil {
		return err
	}
	if f.Scheme, err = s.scheme(ctx, d.Scheme); err != nil {
		return err
	}
	if d.Way == ByPoll {
		return s.count(ctx, d, f, d.ClosesAt)
	}
	_, band, err := d.Band(f.Scheme.Scheme)
	if err != nil {
		return err
	}
	cast, err := s.standingBallots(ctx, d.ID)
	if err != nil {
		return err
	}
	t := f.tally(d.Case(Votes), band, d.Electors, cast)
	return s.finish(ctx, d, DecisionLapsed, t, d.ClosesAt, fmt.Sprintf("its period ended at %s without its majority: %s", Clock(d.ClosesAt), t.Result()))
}

// SettleDecisions records every closing and lapse that has fallen due. It is
// for the program's own clock; whoever acts on a decision meets it too.
func (s *Store) SettleDecisions(ctx context.Context) error {
	due, err := list(ctx, s, scanDecision, `SELECT d.decision FROM decisions d WHERE d.status = 'open' AND d.closes_at <= $1 ORDER BY d.closes_at LIMIT 100`, stamp(s.Now()))
	for _, d := range due {
		if err := s.settleOne(ctx, Portal, d.Ref); err != nil {
			return err
		}
	}
	return err
}

// mayReturn says why a person may not return the paper: those who may vote may.
func (d Decision) mayReturn(f Facts, by Viewer, cast []Ballot) error {
	q := d.Case(Votes)
	q.Acted = acted(cast)
	return f.Authority(q, by.Person, by.Office.ID).Refusal()
}

// ReturnDecision gives the paper back to its proposer for changes, which is no
// refusal. Approvals given are void.
func (s *Store) ReturnDecision(ctx context.Context, by Viewer, ref, hash, reason string) (int64, error) {
	var form Faults
	reason = oneLine(reason)
	text(&form, "reason", "what should be changed", reason, true, 1000)
	return s.actOn(ctx, by, ref, ReturnPaper, func(s *Store, d *Decision) (int64, error) {
		if err := d.binds(hash); err != nil {
			return 0, err
		}
		f, err := s.factsFor(ctx, *d)
		if err != nil {
			return 0, err
		}
		cast, err := s.standingBallots(ctx, d.ID)
		if err != nil {
			return 0, err
		}
		if err := d.mayReturn(f, by, cast); err != nil {
			return 0, err
		}
		if err := form.Err(); err != nil {
			return 0, err
		}
		voided, parts, err := s.voidBallots(ctx, *d, "the paper was returned for changes: "+reason)
		if err != nil {
			return 0, err
		}
		d.reopened()
		d.Status, d.Ended = DecisionReturned, reason
		return s.recordDecision(ctx, by, ReturnPaper, d, append(parts, detail(map[string]any{"reason": reason, "voided": voided}))...)
	})
}
