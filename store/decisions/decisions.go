// Package decisions holds papers, ballots and the life of a decision, with the
// delegations, interests and schemes that bear on it.
package decisions

import (
	"fmt"
	"slices"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/text"
)

// Status is where a decision stands. Whether a published one is held is
// worked out, never written.
type Status string

// The statuses of a decision.
const (
	Draft        Status = "draft"
	PutForward   Status = "put_forward"
	Returned     Status = "returned"
	Open         Status = "open"
	Carried      Status = "carried" // and waits for a consent
	Made         Status = "made"
	Refused      Status = "refused"
	Lapsed       Status = "lapsed"
	Published    Status = "published"
	ReferredBack Status = "referred_back"
	Implemented  Status = "implemented"
	Withdrawn    Status = "withdrawn"
	Deferred     Status = "deferred"
)

// The acts on a decision.
const (
	ActPutForward    office.Act = "put-forward"
	ActEdit          office.Act = "edit"
	ActGiveView      office.Act = "view"
	ActOpen          office.Act = "open"
	ActVote          office.Act = "vote"
	ActReturn        office.Act = "return"
	ActClosePoll     office.Act = "close"
	ActConsent       office.Act = "consent"
	ActDefer         office.Act = "defer"
	ActResume        office.Act = "resume"
	ActWithdraw      office.Act = "withdraw"
	ActAgreeUrgency  office.Act = "urgency"
	ActPublish       office.Act = "publish"
	ActCorrect       office.Act = "correct"
	ActSignCallIn    office.Act = "call-in"
	ActUnsignCallIn  office.Act = "call-in-withdraw"
	ActHearCallIn    office.Act = "hear"
	ActMeetCondition office.Act = "condition"
	ActImplement     office.Act = "implement"
	ActReleasePart2  office.Act = "release"
)

// Life is every move of a decision by a person. That a vote carries,
// refuses or makes it, and that it lapses, follows from the votes and the clock.
var Life = office.Life[Status]{
	{From: Draft, Act: ActEdit, To: Draft, Need: office.ProposeDecisions},
	{From: Draft, Act: ActPutForward, To: PutForward, Need: office.ProposeDecisions},
	{From: Draft, Act: ActWithdraw, To: Withdrawn, Need: office.ProposeDecisions},
	{From: PutForward, Act: ActGiveView, To: PutForward, Need: office.GiveViews},
	{From: PutForward, Act: ActEdit, To: PutForward, Need: office.ProposeDecisions},
	{From: PutForward, Act: ActAgreeUrgency, To: PutForward, Need: office.AgreeToUrgency},
	{From: PutForward, Act: ActOpen, To: Open, Need: office.KeepDecisions},
	{From: PutForward, Act: ActDefer, To: Deferred, Need: office.KeepDecisions},
	{From: PutForward, Act: ActWithdraw, To: Withdrawn, Need: office.ProposeDecisions},
	{From: Returned, Act: ActEdit, To: PutForward, Need: office.ProposeDecisions},
	{From: Returned, Act: ActWithdraw, To: Withdrawn, Need: office.ProposeDecisions},
	{From: Open, Act: ActVote, To: Open, Need: office.VoteOnDecisions},
	{From: Open, Act: ActConsent, To: Open, Need: office.VoteOnDecisions},
	{From: Open, Act: ActAgreeUrgency, To: Open, Need: office.AgreeToUrgency},
	{From: Open, Act: ActReturn, To: Returned, Need: office.VoteOnDecisions},
	{From: Open, Act: ActClosePoll, To: Made, Need: office.ChairMeetings},
	{From: Open, Act: ActEdit, To: PutForward, Need: office.ProposeDecisions},
	{From: Open, Act: ActDefer, To: Deferred, Need: office.KeepDecisions},
	{From: Open, Act: ActWithdraw, To: Withdrawn, Need: office.ProposeDecisions},
	{From: Deferred, Act: ActResume, To: PutForward, Need: office.KeepDecisions},
	{From: Deferred, Act: ActWithdraw, To: Withdrawn, Need: office.ProposeDecisions},
	{From: Carried, Act: ActConsent, To: Made, Need: office.VoteOnDecisions},
	{From: Made, Act: ActAgreeUrgency, To: Made, Need: office.AgreeToUrgency},
	{From: Made, Act: ActPublish, To: Published, Need: office.KeepDecisions},
	{From: Published, Act: ActCorrect, To: Published, Need: office.KeepDecisions},
	{From: Published, Act: ActSignCallIn, To: Published, Need: office.SignCallIns},
	{From: Published, Act: ActUnsignCallIn, To: Published, Need: office.SignCallIns},
	{From: Published, Act: ActHearCallIn, To: Published, Need: office.HearCallIns},
	{From: Published, Act: ActMeetCondition, To: Published, Need: office.KeepDecisions},
	{From: Published, Act: ActImplement, To: Implemented, Need: office.KeepDecisions},
	{From: ReferredBack, Act: ActEdit, To: PutForward, Need: office.ProposeDecisions},
	{From: ReferredBack, Act: ActResume, To: PutForward, Need: office.KeepDecisions},
	{From: ReferredBack, Act: ActWithdraw, To: Withdrawn, Need: office.ProposeDecisions},
	{From: Implemented, Act: ActCorrect, To: Implemented, Need: office.KeepDecisions},
}

// Opinion is a view given before those who decide are asked. It binds the paper.
type Opinion struct {
	Kind      authority.ViewKind  `json:"kind"`
	Text      string              `json:"text"`
	Version   int64               `json:"version"`
	Hash      string              `json:"hash"`
	Person    int64               `json:"person"`
	Office    office.Office       `json:"office"`
	On        civil.Day           `json:"on"`
	N         int64               `json:"event"`
	Authority authority.Authority `json:"authority"`
}

// Urgency is a ground for leaving out the call-in, and the chair's agreement.
type Urgency struct {
	Ground string        `json:"ground"`
	Agreed bool          `json:"agreed"`
	Person int64         `json:"person,omitempty"` // who agreed
	Office office.Office `json:"office,omitzero"`
	At     time.Time     `json:"at,omitzero"`
	N      int64         `json:"event,omitempty"`
}

// Hearing is the outcome of a valid call-in.
type Hearing struct {
	Outcome authority.HearingOutcome    `json:"outcome"`
	Reasons string                      `json:"reasons"`
	On      civil.Day                   `json:"on"`
	At      time.Time                   `json:"at"`
	Person  int64                       `json:"person"`
	Office  office.Office               `json:"office"`
	N       int64                       `json:"event"`
	Signed  []authority.CallInSignature `json:"signed,omitempty"` // the signatures that it heard
}

// Edition tells one text of the paper from another: a draft's is another after
// each time that it is kept.
func (d Decision) Edition() int64 {
	if d.Status == Draft {
		return d.Turn
	}
	return d.Version
}

// Notice is one version of the published notice.
type Notice struct {
	Version    int64         `json:"version"`
	At         time.Time     `json:"at"`
	Signed     civil.Day     `json:"signed"`
	Person     int64         `json:"person"`
	Office     office.Office `json:"office"`
	Correction string        `json:"correction,omitempty"` // what it corrects, and why
	N          int64         `json:"event"`
}

// Decision is a matter to be decided. Its JSON is its public row: the paper of
// a draft is no part of it.
type Decision struct {
	ID          int64                        `json:"id"`
	Ref         string                       `json:"ref,omitempty"` // "2012-014", once put forward
	Status      Status                       `json:"status"`
	Body        string                       `json:"body"`
	Proposer    int64                        `json:"proposer"` // person
	ProposedIn  office.Office                `json:"proposed_in"`
	Proposed    civil.Day                    `json:"put_forward,omitempty"`
	Matter      string                       `json:"matter"`
	Title       string                       `json:"title,omitempty"`
	Version     int64                        `json:"version"` // of the paper
	Hash        string                       `json:"hash,omitempty"`
	Value       money.Pence                  `json:"whole_life_pence,omitempty"`
	Related     []authority.Related          `json:"related,omitempty"`
	Raised      bool                         `json:"referred_to_members,omitempty"`
	Again       bool                         `json:"reconsidered,omitempty"` // it was referred back once
	Views       []Opinion                    `json:"views,omitempty"`
	Urgency     *Urgency                     `json:"urgency,omitempty"`
	Way         authority.Way                `json:"way,omitempty"`
	Scheme      int64                        `json:"scheme,omitempty"` // version in force at opening
	OpenedAt    time.Time                    `json:"opened_at,omitzero"`
	ClosesAt    time.Time                    `json:"closes_at,omitzero"`
	Electors    []authority.Elector          `json:"electors,omitempty"` // fixed at circulation
	Tally       *authority.Tally             `json:"tally,omitempty"`    // once voting is over
	Ended       string                       `json:"ended,omitempty"`    // why it was refused, lapsed, withdrawn, returned or deferred
	MadeAt      time.Time                    `json:"made_at,omitzero"`
	RecordedAt  time.Time                    `json:"recorded_at,omitzero"`  // when the end of voting was recorded, where later than it fell
	PublishedAt time.Time                    `json:"published_at,omitzero"` // as it was last made
	Notices     []Notice                     `json:"notices,omitempty"`     // of what was reconsidered, too
	Signatures  []authority.CallInSignature  `json:"call_in,omitempty"`
	Hearings    []Hearing                    `json:"hearings,omitempty"`
	Conditions  []authority.ConsentCondition `json:"conditions,omitempty"`
	Implemented time.Time                    `json:"implemented_at,omitzero"`
	Evidence    string                       `json:"evidence,omitempty"` // of the implementation
	Effects     []authority.Effect           `json:"effects,omitempty"`
	Contract    string                       `json:"contract,omitempty"`
	Companies   []string                     `json:"companies,omitempty"`
	Effective   civil.Day                    `json:"effective_from,omitempty"`
	Turn        int64                        `json:"turn"` // number of its events
	MovedAt     time.Time                    `json:"moved_at"`
}

// Draft reports whether the decision was never put forward: only its own body
// sees it then.
func (d Decision) Draft() bool { return d.Ref == "" }

// Address is the last part of the decision's address.
func (d Decision) Address() string {
	if d.Draft() {
		return fmt.Sprintf("draft-%d", d.ID)
	}
	return d.Ref
}

// Href is the address of the decision's page.
func (d Decision) Href() string { return "/decisions/" + d.Address() }

// MayRead reports whether v may read it: anyone once it was put forward.
func (d Decision) MayRead(v office.Viewer) bool {
	return !d.Draft() || v.Office.Body == d.Body && v.Reads(office.DecisionDraft, office.AtItsBody)
}

// Published is the instant at which it was published, as it was last made.
func (d Decision) Published() time.Time { return d.PublishedAt }

// Heard reports whether a call-in of the decision as last published was heard.
func (d Decision) Heard() bool {
	n := len(d.Hearings)
	return n > 0 && !d.PublishedAt.IsZero() && !d.Hearings[n-1].At.Before(d.PublishedAt)
}

// Opinion finds a view on the paper as it stands.
func (d Decision) Opinion(kind authority.ViewKind) (Opinion, bool) {
	for _, o := range slices.Backward(d.Views) {
		if o.Kind == kind && o.Hash == d.Hash {
			return o, true
		}
	}
	return Opinion{}, false
}

// Case is what is asked of someone's authority in the decision.
func (d Decision) Case(role authority.Role) authority.Case {
	q := authority.Case{Role: role, Matter: d.Matter, Value: d.Value, Related: d.Related, Raised: d.Raised, Way: d.Way, Decision: d.Ref, Companies: d.Companies, Proposer: d.Proposer}
	if d.Electors != nil {
		q.Circulated = civil.DayOf(d.OpenedAt)
		for _, e := range d.Electors {
			q.Electors = append(q.Electors, e.Key)
		}
	}
	return q
}

// Band finds who decides it, by a version of the scheme.
func (d Decision) Band(s authority.Scheme) (authority.Matter, authority.Band, error) {
	m, ok := s.Matter(d.Matter)
	if !ok {
		return m, authority.Band{}, fault.Conflict.Errorf("Scheme %d does not cover “%s” decisions. Withdraw this and propose it again.", s.Version, d.Matter)
	}
	b, _ := m.Band(d.Case(authority.Votes).Together(), d.Raised)
	return m, b, nil
}

// ViewsWanted lists the views still to be given on the paper as it stands.
func (d Decision) ViewsWanted(b authority.Band) (all []authority.ViewKind) {
	for _, k := range b.Views {
		if _, ok := d.Opinion(k); !ok {
			all = append(all, k)
		}
	}
	return all
}

// Over reports whether the time for voting is over.
func (d Decision) Over(now time.Time) bool {
	return d.Status == Open && !d.ClosesAt.IsZero() && !now.Before(d.ClosesAt)
}

// Hold is what the answer to “may this be implemented now?” depends on: days is
// the calendar by which its times run.
func (d Decision) Hold(s authority.Scheme, days civil.Calendar) authority.HoldFacts {
	h := authority.HoldFacts{Made: d.MadeAt, Published: d.Published(), Effective: d.Effective, Implemented: d.Implemented, Reconsidered: d.Again, CallIn: s.CallIn,
		Signatures: d.Signatures, Conditions: d.Conditions, Days: days}
	if d.Urgency != nil && d.Urgency.Agreed {
		h.Urgent = d.Urgency.Ground
	}
	switch _, b, err := d.Band(s); {
	case err != nil:
		h.Exempt = "the scheme no longer covers this type of decision"
	case !b.CallIn:
		h.Exempt = fmt.Sprintf("paragraph %s exempts it", b.Paragraph)
	case slices.Contains(s.CallIn.Exempt, d.Matter):
		h.Exempt = fmt.Sprintf("paragraph %s exempts this type of decision", s.CallIn.Paragraph)
	}
	switch d.Status {
	case Refused, Lapsed, Withdrawn, Deferred, Returned:
		h.Ended = text.Plain(string(d.Status))
	}
	if n := len(d.Hearings); d.Heard() {
		h.Outcome, h.OutcomeAt = d.Hearings[n-1].Outcome, d.Hearings[n-1].At
	}
	return h
}

// May says whether an act on the decision is possible in the office acted in,
// interests and scheme aside, or why not. Refusal asks those too.
func (d Decision) May(act office.Act, v office.Viewer, now time.Time) error {
	if !d.MayRead(v) {
		return fault.NotFound.Errorf("There is no such decision.")
	}
	if act == ActReleasePart2 {
		if !v.ActsOn(office.RestrictedPart) {
			return fault.Forbidden.Errorf("Only the company secretary can release a restricted part.")
		}
		return nil
	}
	if d.Over(now) && act != ActConsent {
		return fault.Conflict.Errorf("Voting closed at %s.", civil.Clock(d.ClosesAt))
	}
	if _, err := Life.After(d.Status, act, v); err != nil {
		return err
	}
	switch act {
	case ActEdit, ActPutForward, ActWithdraw:
		if v.Office.Body != d.Body {
			return fault.Forbidden.Errorf("Only %s, which proposed this, can do that.", office.ShortName(d.Body))
		}
	case ActClosePoll:
		if d.Way != authority.ByPoll {
			return fault.Conflict.Errorf("Only a poll can be closed by the chair.")
		}
		if v.Office.Body != d.Body && v.Office.Body != office.TheCompany {
			return fault.Forbidden.Errorf("Only the chair of the meeting can close a poll.")
		}
	case ActReturn:
		if d.Way != authority.ByApproval {
			return fault.Conflict.Errorf("This is decided by a vote, so it cannot be returned for changes.")
		}
	case ActAgreeUrgency:
		if d.Urgency == nil || d.Urgency.Agreed {
			return fault.Conflict.Errorf("Nobody has asked the chair to agree that this is urgent.")
		}
	}
	return nil
}

// SignedAt reports whether somebody of a body signed the call-in, so that its
// chair or clerk records the hearing.
func (d Decision) SignedAt(body string) bool {
	return slices.ContainsFunc(d.Signatures, func(g authority.CallInSignature) bool { return g.Office.Body == body })
}

// CanCallIn reports whether the decision can still be called in, with the time
// for it running.
func (d Listed) CanCallIn() bool { return d.May.State == authority.HoldHeld && !d.May.Closes.IsZero() }
