package decisions

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/text"
)

// Glance is a decision with what buttons and tasks ask of it, without its paper.
func Glance(ctx context.Context, tx *db.Tx, v office.Viewer, d Decision) (a Page, err error) {
	a.Decision, a.Now = d, tx.Now()
	if err := a.learn(ctx, tx); err != nil {
		return a, err
	}
	if d.Status == Open || d.Status == Carried {
		if a.Ballots, err = ballotsOf(ctx, tx, d.ID); err != nil {
			return a, err
		}
	}
	a.Kind, a.Band, _ = d.Band(a.Scheme.Scheme) // a matter that is known no more has no buttons
	a.May = authority.MayImplement(d.Hold(a.Scheme.Scheme, a.Days), a.Now)
	a.fill(v)
	return a, nil
}

// waiting lists the decisions that may wait for somebody, newest first.
func waiting(ctx context.Context, tx *db.Tx, v office.Viewer) ([]Decision, error) {
	return db.List(ctx, tx, Scan, `SELECT d.decision FROM decisions d WHERE d.status IN ('returned', 'put_forward', 'open', 'carried', 'made', 'published', 'referred_back')
		OR d.status = 'draft' AND d.body = $1 ORDER BY d.id DESC LIMIT 300`, v.Office.Body)
}

// Tasks are what waits for an office in decisions.
func Tasks(ctx context.Context, tx *db.Tx, v office.Viewer) (tasks []office.Task, err error) {
	all, err := waiting(ctx, tx, v)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if !d.MayRead(v) || d.Over(tx.Now()) {
			continue
		}
		a, err := Glance(ctx, tx, v, d)
		if err != nil {
			return nil, err
		}
		for _, act := range a.Open(v) {
			if t, ok := a.task(act); ok {
				t.Href = d.Href() + "/" + string(act)
				tasks = append(tasks, t)
				break // one matter, one next step
			}
		}
	}
	return tasks, nil
}

// task is what an act is called in a list of work, where it belongs there.
func (a Page) task(act office.Act) (t office.Task, ok bool) {
	name := text.Unbroken(a.Ref) + ": " + a.Title
	rule := func(name string) string {
		i := slices.IndexFunc(a.Mine.Findings, func(f authority.Applied) bool { return f.Name == name })
		if i < 0 {
			return ""
		}
		return a.Mine.Findings[i].Fact
	}
	closes := func(t time.Time) civil.Day {
		if t.IsZero() {
			return ""
		}
		return civil.DayOf(t.Add(-time.Microsecond))
	}
	switch {
	case a.Draft():
		return office.Task{Title: fmt.Sprintf("Finish draft %d", a.ID), Why: "Your body is drafting this decision.", Verb: "Open the draft"}, act == ActEdit
	case act == ActEdit && a.Status == Returned:
		return office.Task{Title: "Change the paper of " + name, Why: "It was returned for changes: " + a.Ended, Verb: "Change the paper"}, true
	case act == ActEdit && a.Status == ReferredBack:
		return office.Task{Title: "Reconsider " + name, Why: "It was referred back after a call-in: " + a.Ended, Verb: "Change the paper"}, true
	case act == ActGiveView:
		v, _ := a.Scheme.View(a.MyView[0])
		return office.Task{Title: fmt.Sprintf("Give the %s view on %s", a.MyView[0], name), Why: fmt.Sprintf("Your role gives this view before voting opens (scheme %d, paragraph %s).", a.Scheme.Version, v.Paragraph), Verb: "Read and give your view"}, true
	case act == ActOpen:
		return office.Task{Title: "Open voting on " + name, Why: fmt.Sprintf("All views have been given. Decision maker: %s (paragraph %s).", text.Lower(a.Band.Deciders()), a.Band.Paragraph), Verb: "Open voting"}, true
	case act == ActVote:
		verb := "Read and vote"
		if a.Way == authority.ByApproval {
			verb = "Read and approve"
		}
		return office.Task{Title: name, Why: fmt.Sprintf("Scheme %d, %s; %s.", a.Scheme.Version, rule("band"), rule("office")), Verb: verb, Due: closes(a.ClosesAt)}, true
	case act == ActConsent:
		return office.Task{Title: "Give or refuse consent: " + name, Why: "Your body has the right to consent to this.", Verb: "Read and answer"}, true
	case act == ActClosePoll:
		return office.Task{Title: "Close the poll on " + name, Why: "The chair closes the poll. " + text.Capital(a.Vote.Result()) + ".", Verb: "Close the poll", Due: closes(a.ClosesAt)}, true
	case act == ActAgreeUrgency:
		return office.Task{Title: "Decide whether this is urgent: " + name, Why: "An urgent decision avoids call-in only if the chair agrees.", Verb: "Read and agree"}, true
	case act == ActPublish:
		return office.Task{Title: "Publish the notice of " + name, Why: "The decision has been made. Call-in starts when the notice is published.", Verb: "Publish the notice"}, true
	case act == ActSignCallIn:
		return office.Task{Title: name + " can still be called in", Why: fmt.Sprintf("Your role may sign a call-in (scheme %d, paragraph %s). %d of %d signatures so far.", a.Scheme.Version, a.Scheme.CallIn.Paragraph, a.May.Count, a.May.Need), Verb: "Read and sign", Due: closes(a.May.Closes)}, true
	case act == ActHearCallIn:
		return office.Task{Title: "Record the hearing of " + name, Why: "Members of your committee called it in.", Verb: "Record the hearing", Due: a.May.HearBy}, true
	case act == ActMeetCondition:
		return office.Task{Title: "Meet the conditions: " + name, Why: "Consent was given with conditions.", Verb: "Record a condition as met"}, true
	case act == ActImplement:
		return office.Task{Title: "Implement " + name, Why: "It may be implemented now.", Verb: "Record the implementation"}, true
	}
	return office.Task{}, false
}

// Recent are the decisions that the first page tells of: the newest that
// were made and are not held, and those that are held, the first to come free
// first.
func Recent(ctx context.Context, tx *db.Tx) (made, held []Listed, err error) {
	some := func(query string, args ...any) ([]Listed, error) {
		all, err := db.List(ctx, tx, Scan, `SELECT d.decision FROM decisions d WHERE `+query, args...)
		if err != nil {
			return nil, err
		}
		return WithState(ctx, tx, all)
	}
	if made, err = some(`d.status = 'published' AND d.hold_until <= $1 OR d.status IN ('made', 'implemented') ORDER BY d.year DESC, d.seq DESC LIMIT 5`, db.Stamp(tx.Now())); err != nil {
		return nil, nil, err
	}
	held, err = some(`d.status = 'published' AND (d.hold_until IS NULL OR d.hold_until > $1) ORDER BY d.hold_until NULLS LAST, d.id LIMIT 5`, db.Stamp(tx.Now()))
	return made, held, err
}

// NextInstant is the next instant at which a page changes although nothing is
// recorded: a hold ends, a call-in or a vote closes. It is zero when there is none.
func NextInstant(ctx context.Context, tx *db.Tx) (next time.Time, err error) {
	for _, query := range []string{
		`SELECT hold_until FROM decisions WHERE status = 'published' AND hold_until > $1 ORDER BY hold_until LIMIT 1`,
		`SELECT closes_at FROM decisions WHERE status = 'published' AND closes_at > $1 ORDER BY closes_at LIMIT 1`,
		`SELECT closes_at FROM decisions WHERE status = 'open' AND closes_at > $1 ORDER BY closes_at LIMIT 1`,
	} {
		at, found, err := db.Maybe(ctx, tx, people.ScanInstant, query, db.Stamp(tx.Now()))
		if err != nil {
			return next, err
		}
		if found && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, nil
}

// Replay works the authority of a ballot out once more, for the day on which it
// was cast: from what was known by an event, or from all that is known with 0.
func Replay(ctx context.Context, tx *db.Tx, b authority.Ballot, known int64) (a authority.Authority, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error { a, err = askAgainOf(ctx, tx, b, known); return err })
	return a, err
}
