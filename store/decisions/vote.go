package decisions

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// BallotForm is a vote, an approval or a consent as it is sent.
type BallotForm struct {
	Hash       string         // of the paper that was read
	Role       authority.Role // Votes or Consents
	Consent    string         // matter of the right
	Choice     authority.BallotChoice
	Reason     string
	Conditions []string // of a consent that is modified
}

// check says what is wrong with a ballot in a matter decided in a way.
func (b *BallotForm) check(way authority.Way) error {
	var f fault.Faults
	b.Reason = text.OneLine(b.Reason)
	choices := []authority.BallotChoice{authority.For, authority.Against}
	switch {
	case b.Role == authority.Consents:
		choices = []authority.BallotChoice{authority.For, authority.Modify, authority.Reject}
	case way == authority.ByPoll:
		choices = []authority.BallotChoice{authority.For, authority.Against, authority.Abstain}
	}
	if !slices.Contains(choices, b.Choice) {
		f.Add("choice", "Choose your answer.")
	}
	refuses := b.Choice == authority.Reject || b.Choice == authority.Against && way == authority.ByApproval
	text.Tidy(&f, "reason", "the reasons", b.Reason, refuses, 1000)
	var conditions []string
	for _, c := range b.Conditions {
		if c = text.OneLine(c); c != "" {
			text.Tidy(&f, "conditions", "each condition", c, true, 500)
			conditions = append(conditions, c)
		}
	}
	b.Conditions = conditions
	switch {
	case b.Choice == authority.Modify && len(conditions) == 0:
		f.Add("conditions", "Enter the conditions, one on each line.")
	case b.Choice != authority.Modify && len(conditions) > 0:
		f.Add("conditions", "Remove the conditions, or choose “Approve with conditions”.")
	case len(conditions) > 20:
		f.Add("conditions", "Enter 20 conditions or fewer.")
	}
	return f.Err()
}

// CastBallot is one vote, approval or consent, on the paper that was read. It is
// refused unless the person has the authority by the register on the day; the
// derivation is kept with it. What follows from it is recorded with it. It
// returns the number of the ballot's own event.
func CastBallot(ctx context.Context, tx *db.Tx, by office.Viewer, ref string, form BallotForm) (int64, error) {
	act := ActVote
	if form.Role == authority.Consents {
		act = ActConsent
	}
	return actOn(ctx, tx, by, ref, act, func(tx *db.Tx, d *Decision) (int64, error) {
		if err := d.binds(form.Hash); err != nil {
			return 0, err
		}
		f, err := factsFor(ctx, tx, *d)
		if err != nil {
			return 0, err
		}
		cast, err := castSoFar(ctx, tx, *d, by, f, form.Role)
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
		b.Choice, b.Reason, b.Conditions, b.At, b.N = form.Choice, form.Reason, form.Conditions, tx.Now(), record.NextEvent(tx)
		parts, err := putBallot(ctx, tx, &b, cast)
		if err != nil {
			return 0, err
		}
		n, err := record.Add(ctx, tx, by, "decision."+string(act), d.Subject(), append(parts, record.About(d.Body), record.Detail(map[string]any{"elector": b.Elector, "choice": b.Choice, "paper": b.Hash}))...)
		if err != nil {
			return 0, err
		}
		if n != b.N {
			return 0, fmt.Errorf("store: the ballot of event %d was recorded as event %d", b.N, n)
		}
		return n, afterBallot(ctx, tx, *d, f, append(others(cast, b), b), b)
	})
}

// castSoFar are the ballots that one more is held to. A poll is counted when it
// closes, so only those of the person, and of whom they act for, are read then.
func castSoFar(ctx context.Context, tx *db.Tx, d Decision, by office.Viewer, f authority.Facts, role authority.Role) ([]authority.Ballot, error) {
	if role != authority.Votes || d.Way != authority.ByPoll {
		return standingBallots(ctx, tx, d.ID)
	}
	elector := f.Authority(d.Case(authority.Votes), by.Person, by.Office.ID).Elector
	return db.List(ctx, tx, scanBallot, `SELECT `+ballotCols+ballotFrom+`WHERE b.id IN (SELECT id FROM ballots WHERE decision = $1 AND person = $2 AND void_n = 0
		UNION ALL SELECT id FROM ballots WHERE decision = $1 AND elector = $3 AND void_n = 0) ORDER BY b.id`, d.ID, by.Person, elector)
}

// ballot is the ballot that a person may cast, or why they may not.
func (d Decision) ballot(f authority.Facts, by office.Viewer, form BallotForm, cast []authority.Ballot) (b authority.Ballot, err error) {
	q := d.Case(form.Role)
	q.Consent = form.Consent
	q.Acted = slices.DeleteFunc(acted(cast), func(a authority.Acted) bool { return a.Person != by.Person }) // what is kept with the ballot
	_, band, err := d.Band(f.Scheme.Scheme)
	if err != nil {
		return b, err
	}
	if form.Role == authority.Consents && !slices.ContainsFunc(f.Consents(band, cast), func(w authority.ConsentWanted) bool { return w.Matter == form.Consent && w.Body == by.Office.Body }) {
		if !slices.ContainsFunc(f.Consents(band, cast), func(w authority.ConsentWanted) bool { return w.Matter == form.Consent }) {
			return b, fault.Conflict.Errorf("This decision does not need a consent today.")
		}
	}
	a := f.Authority(q, by.Person, by.Office.ID)
	if err := a.Refusal(); err != nil {
		return b, err
	}
	b = authority.Ballot{Decision: d.ID, Role: form.Role, Elector: a.Elector, Consent: form.Consent, Version: d.Version, Hash: d.Hash,
		Person: by.Person, Office: by.Office, Asked: q, Authority: a}
	for _, c := range cast {
		if c.Counts() && c.Elector == b.Elector && c.Key() == b.Key() {
			if err := mayChange(c, d, form.Choice); err != nil {
				return b, err
			}
		}
	}
	return b, nil
}

// mayChange says whether a ballot may give way to another of the same elector.
// Agreement to a written resolution cannot be revoked (Companies Act 2006,
// s.296); a vote in a poll may change until the poll is closed.
func mayChange(b authority.Ballot, d Decision, to authority.BallotChoice) error {
	who := office.ShortName(b.Elector)
	switch {
	case b.Choice == to:
		return fault.Conflict.Errorf("%s already gave this answer on %s.", text.Capital(who), civil.DayOf(b.At))
	case b.Role == authority.Votes && d.Way == authority.ByPoll:
		return nil
	case b.Role == authority.Votes && d.Way == authority.ByResolution && b.Choice == authority.Against:
		return nil
	case b.Role == authority.Votes && d.Way == authority.ByResolution:
		return fault.Conflict.Errorf("Agreement to a written resolution cannot be withdrawn (Companies Act 2006, section 296). %s agreed on %s.", text.Capital(who), civil.DayOf(b.At))
	}
	return fault.Conflict.Errorf("%s already answered on %s.", text.Capital(who), civil.DayOf(b.At))
}

// putBallot stores a ballot in place of the elector's earlier one.
func putBallot(ctx context.Context, tx *db.Tx, b *authority.Ballot, cast []authority.Ballot) (parts []record.Part, err error) {
	for _, c := range cast {
		if c.Counts() && c.Elector == b.Elector && c.Key() == b.Key() {
			p, err := voidBallot(ctx, tx, c, "changed by its elector")
			if err != nil {
				return nil, err
			}
			parts = append(parts, p)
		}
	}
	if b.ID, err = db.One(ctx, tx, db.ScanInto[int64], `SELECT COALESCE(MAX(id), 0) + 1 FROM ballots`); err != nil {
		return nil, err
	}
	row, err := text.Canonical(b)
	if err != nil {
		return nil, err
	}
	err = tx.Change(ctx, `INSERT INTO ballots (id, decision, elector, role, person, cast_on, cast_n, void_n, ballot) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)`,
		b.ID, b.Decision, b.Elector, b.Key(), b.Person, civil.DayOf(b.At), b.N, string(row))
	return append(parts, record.NowRow(b.Thing(), row)), err
}

// others are the ballots that one does not take the place of.
func others(cast []authority.Ballot, b authority.Ballot) []authority.Ballot {
	return slices.DeleteFunc(slices.Clone(cast), func(c authority.Ballot) bool { return c.Elector == b.Elector && c.Key() == b.Key() })
}

// afterBallot records what follows from a ballot: that a resolution passes the
// moment its majority is reached, that all have approved, that one refused.
func afterBallot(ctx context.Context, tx *db.Tx, d Decision, f authority.Facts, cast []authority.Ballot, last authority.Ballot) error {
	if d.Status == Open && d.Way == authority.ByPoll && last.Choice != authority.Reject {
		return nil // a poll is counted when it closes
	}
	_, band, err := d.Band(f.Scheme.Scheme)
	if err != nil {
		return err
	}
	q := d.Case(authority.Votes)
	t := f.Tally(q, band, d.Electors, cast)
	switch {
	case last.Choice == authority.Reject:
		return finish(ctx, tx, d, Refused, t, tx.Now(), fmt.Sprintf("%s refused its consent: %s", f.Register.Names.Of(last.Elector), last.Reason))
	case d.Status == Carried:
		return makeIt(ctx, tx, d, f, band, *d.Tally, cast, tx.Now())
	case last.Role == authority.Consents:
		return nil
	case d.Way == authority.ByApproval && last.Choice == authority.Against:
		return finish(ctx, tx, d, Refused, t, tx.Now(), fmt.Sprintf("%s refused it: %s", f.Register.Names.Of(last.Elector), last.Reason))
	case t.Carried():
		return makeIt(ctx, tx, d, f, band, t, cast, tx.Now())
	}
	return nil
}

// makeIt makes a carried decision, or lets it wait for the consents still to come.
func makeIt(ctx context.Context, tx *db.Tx, d Decision, f authority.Facts, band authority.Band, t authority.Tally, cast []authority.Ballot, at time.Time) error {
	for _, w := range f.Consents(band, cast) {
		if w.Given == nil {
			if d.Status == Carried {
				return nil
			}
			return finish(ctx, tx, d, Carried, t, at, "")
		}
		for _, c := range w.Given.Conditions {
			d.Conditions = append(d.Conditions, authority.ConsentCondition{Text: c})
		}
	}
	return finish(ctx, tx, d, Made, t, at, "")
}

// finish records how voting ended: when it fell, and when it was recorded.
func finish(ctx context.Context, tx *db.Tx, d Decision, to Status, t authority.Tally, at time.Time, why string) error {
	d.Status, d.Tally, d.Ended, d.RecordedAt = to, &t, why, tx.Now()
	d.ClosesAt = closed(d, at)
	if to == Made {
		d.MadeAt = at
	}
	act := map[Status]office.Act{Carried: "carry", Made: "make", Refused: "refuse", Lapsed: "lapse"}[to]
	_, err := recordDecision(ctx, tx, office.Portal, act, &d, record.Detail(map[string]string{"fell": stampWords(at), "recorded": stampWords(tx.Now()), "result": t.Result(), "why": why}))
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
func ClosePoll(ctx context.Context, tx *db.Tx, by office.Viewer, ref string) (int64, error) {
	return actOn(ctx, tx, by, ref, ActClosePoll, func(tx *db.Tx, d *Decision) (int64, error) {
		f, err := factsFor(ctx, tx, *d)
		if err != nil {
			return 0, err
		}
		n, err := record.Add(ctx, tx, by, "decision."+string(ActClosePoll), d.Subject(), record.About(d.Body), record.Now(d.Subject(), d))
		if err != nil {
			return 0, err
		}
		return n, count(ctx, tx, *d, f, tx.Now())
	})
}

// count ends a poll by its ballots.
func count(ctx context.Context, tx *db.Tx, d Decision, f authority.Facts, at time.Time) error {
	_, band, err := d.Band(f.Scheme.Scheme)
	if err != nil {
		return err
	}
	cast, err := standingBallots(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	t := f.Tally(d.Case(authority.Votes), band, d.Electors, cast)
	if t.Carried() {
		return makeIt(ctx, tx, d, f, band, t, cast, at)
	}
	why := "it did not have its majority: " + t.Result()
	if reason := t.Inquorate(); reason != "" {
		why = "the poll was inquorate: " + reason
	}
	return finish(ctx, tx, d, Refused, t, at, why)
}

// settleOne records what the clock has ended of a decision.
func settleOne(ctx context.Context, tx *db.Tx, by office.Viewer, ref string) error {
	d, err := Find(ctx, tx, by, ref)
	if err != nil || !d.Over(tx.Now()) {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		d, err := Find(ctx, tx, by, ref)
		if err != nil || !d.Over(tx.Now()) {
			return err
		}
		return settle(ctx, tx, d)
	})
}

// settle ends a poll whose time is over by its ballots as known then, and lets a
// resolution lapse (Companies Act 2006, s.297).
func settle(ctx context.Context, tx *db.Tx, d Decision) error {
	f, err := factsOf(ctx, tx, civil.DayOf(d.ClosesAt.Add(-time.Microsecond)), 0)
	if err != nil {
		return err
	}
	if f.Scheme, err = FindScheme(ctx, tx, d.Scheme); err != nil {
		return err
	}
	if d.Way == authority.ByPoll {
		return count(ctx, tx, d, f, d.ClosesAt)
	}
	_, band, err := d.Band(f.Scheme.Scheme)
	if err != nil {
		return err
	}
	cast, err := standingBallots(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	t := f.Tally(d.Case(authority.Votes), band, d.Electors, cast)
	return finish(ctx, tx, d, Lapsed, t, d.ClosesAt, fmt.Sprintf("its period ended at %s without its majority: %s", civil.Clock(d.ClosesAt), t.Result()))
}

// SettleAll records every closing and lapse that has fallen due. It is
// for the program's own clock; whoever acts on a decision meets it too.
func SettleAll(ctx context.Context, tx *db.Tx) error {
	due, err := db.List(ctx, tx, Scan, `SELECT d.decision FROM decisions d WHERE d.status = 'open' AND d.closes_at <= $1 ORDER BY d.closes_at LIMIT 100`, db.Stamp(tx.Now()))
	for _, d := range due {
		if err := settleOne(ctx, tx, office.Portal, d.Ref); err != nil {
			return err
		}
	}
	return err
}

// mayReturn says why a person may not return the paper: those who may vote may.
func (d Decision) mayReturn(f authority.Facts, by office.Viewer, cast []authority.Ballot) error {
	q := d.Case(authority.Votes)
	q.Acted = acted(cast)
	return f.Authority(q, by.Person, by.Office.ID).Refusal()
}

// Return gives the paper back to its proposer for changes, which is no
// refusal. Approvals given are void.
func Return(ctx context.Context, tx *db.Tx, by office.Viewer, ref, hash, reason string) (int64, error) {
	var form fault.Faults
	reason = text.OneLine(reason)
	text.Tidy(&form, "reason", "what should be changed", reason, true, 1000)
	return actOn(ctx, tx, by, ref, ActReturn, func(tx *db.Tx, d *Decision) (int64, error) {
		if err := d.binds(hash); err != nil {
			return 0, err
		}
		f, err := factsFor(ctx, tx, *d)
		if err != nil {
			return 0, err
		}
		cast, err := standingBallots(ctx, tx, d.ID)
		if err != nil {
			return 0, err
		}
		if err := d.mayReturn(f, by, cast); err != nil {
			return 0, err
		}
		if err := form.Err(); err != nil {
			return 0, err
		}
		voided, parts, err := voidBallots(ctx, tx, *d, "the paper was returned for changes: "+reason)
		if err != nil {
			return 0, err
		}
		d.reopened()
		d.Status, d.Ended = Returned, reason
		return recordDecision(ctx, tx, by, ActReturn, d, append(parts, record.Detail(map[string]any{"reason": reason, "voided": voided}))...)
	})
}
