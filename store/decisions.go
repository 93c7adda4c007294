package store

import (
	"fmt"
	"slices"
	"time"
)

// DecisionStatus is where a decision stands. Whether a published one is held is
// worked out, never written.
type DecisionStatus string

// The statuses of a decision.
const (
	DecisionDraft        DecisionStatus = "draft"
	DecisionPutForward   DecisionStatus = "put_forward"
	DecisionReturned     DecisionStatus = "returned"
	DecisionOpen         DecisionStatus = "open"
	DecisionCarried      DecisionStatus = "carried" // and waits for a consent
	DecisionMade         DecisionStatus = "made"
	DecisionRefused      DecisionStatus = "refused"
	DecisionLapsed       DecisionStatus = "lapsed"
	DecisionPublished    DecisionStatus = "published"
	DecisionReferredBack DecisionStatus = "referred_back"
	DecisionImplemented  DecisionStatus = "implemented"
	DecisionWithdrawn    DecisionStatus = "withdrawn"
	DecisionDeferred     DecisionStatus = "deferred"
)

// The acts on a decision.
const (
	PutForward     Act = "put-forward"
	EditPaper      Act = "edit"
	GiveView       Act = "view"
	OpenDecision   Act = "open"
	CastVote       Act = "vote"
	ReturnPaper    Act = "return"
	ClosePoll      Act = "close"
	GiveConsent    Act = "consent"
	DeferDecision  Act = "defer"
	ResumeDecision Act = "resume"
	WithdrawIt     Act = "withdraw"
	AgreeUrgency   Act = "urgency"
	PublishIt      Act = "publish"
	CorrectNotice  Act = "correct"
	SignCallIn     Act = "call-in"
	UnsignCallIn   Act = "call-in-withdraw"
	HearCallIn     Act = "hear"
	MeetCondition  Act = "condition"
	ImplementIt    Act = "implement"
	ReleasePart2   Act = "release"
)

// DecisionLife is every move of a decision by a person. That a vote carries,
// refuses or makes it, and that it lapses, follows from the votes and the clock.
var DecisionLife = Life[DecisionStatus]{
	{DecisionDraft, EditPaper, DecisionDraft, ProposeDecisions},
	{DecisionDraft, PutForward, DecisionPutForward, ProposeDecisions},
	{DecisionDraft, WithdrawIt, DecisionWithdrawn, ProposeDecisions},
	{DecisionPutForward, GiveView, DecisionPutForward, GiveViews},
	{DecisionPutForward, EditPaper, DecisionPutForward, ProposeDecisions},
	{DecisionPutForward, AgreeUrgency, DecisionPutForward, AgreeToUrgency},
	{DecisionPutForward, OpenDecision, DecisionOpen, KeepDecisions},
	{DecisionPutForward, DeferDecision, DecisionDeferred, KeepDecisions},
	{DecisionPutForward, WithdrawIt, DecisionWithdrawn, ProposeDecisions},
	{DecisionReturned, EditPaper, DecisionPutForward, ProposeDecisions},
	{DecisionReturned, WithdrawIt, DecisionWithdrawn, ProposeDecisions},
	{DecisionOpen, CastVote, DecisionOpen, VoteOnDecisions},
	{DecisionOpen, GiveConsent, DecisionOpen, VoteOnDecisions},
	{DecisionOpen, AgreeUrgency, DecisionOpen, AgreeToUrgency},
	{DecisionOpen, ReturnPaper, DecisionReturned, VoteOnDecisions},
	{DecisionOpen, ClosePoll, DecisionMade, ChairMeetings},
	{DecisionOpen, EditPaper, DecisionPutForward, ProposeDecisions},
	{DecisionOpen, DeferDecision, DecisionDeferred, KeepDecisions},
	{DecisionOpen, WithdrawIt, DecisionWithdrawn, ProposeDecisions},
	{DecisionDeferred, ResumeDecision, DecisionPutForward, KeepDecisions},
	{DecisionDeferred, WithdrawIt, DecisionWithdrawn, ProposeDecisions},
	{DecisionCarried, GiveConsent, DecisionMade, VoteOnDecisions},
	{DecisionMade, AgreeUrgency, DecisionMade, AgreeToUrgency},
	{DecisionMade, PublishIt, DecisionPublished, KeepDecisions},
	{DecisionPublished, CorrectNotice, DecisionPublished, KeepDecisions},
	{DecisionPublished, SignCallIn, DecisionPublished, SignCallIns},
	{DecisionPublished, UnsignCallIn, DecisionPublished, SignCallIns},
	{DecisionPublished, HearCallIn, DecisionPublished, HearCallIns},
	{DecisionPublished, MeetCondition, DecisionPublished, KeepDecisions},
	{DecisionPublished, ImplementIt, DecisionImplemented, KeepDecisions},
	{DecisionReferredBack, EditPaper, DecisionPutForward, ProposeDecisions},
	{DecisionReferredBack, ResumeDecision, DecisionPutForward, KeepDecisions},
	{DecisionReferredBack, WithdrawIt, DecisionWithdrawn, ProposeDecisions},
	{DecisionImplemented, CorrectNotice, DecisionImplemented, KeepDecisions},
}

// Opinion is a view given before those who decide are asked. It binds the paper.
type Opinion struct {
	Kind      ViewKind  `json:"kind"`
	Text      string    `json:"text"`
	Version   int64     `json:"version"`
	Hash      string    `json:"hash"`
	Person    int64     `json:"person"`
	Office    Office    `json:"office"`
	On        Day       `json:"on"`
	N         int64     `json:"event"`
	Authority Authority `json:"authority"`
}

// Urgency is a ground for leaving out the call-in, and the chair's agreement.
type Urgency struct {
	Ground string    `json:"ground"`
	Agreed bool      `json:"agreed"`
	Person int64     `json:"person,omitempty"` // who agreed
	Office Office    `json:"office,omitzero"`
	At     time.Time `json:"at,omitzero"`
	N      int64     `json:"event,omitempty"`
}

// Hearing is the outcome of a valid call-in.
type Hearing struct {
	Outcome HearingOutcome    `json:"outcome"`
	Reasons string            `json:"reasons"`
	On      Day               `json:"on"`
	At      time.Time         `json:"at"`
	Person  int64             `json:"person"`
	Office  Office            `json:"office"`
	N       int64             `json:"event"`
	Signed  []CallInSignature `json:"signed,omitempty"` // the signatures that it heard
}

// Notice is one version of the published notice.
type Notice struct {
	Version    int64     `json:"version"`
	At         time.Time `json:"at"`
	Signed     Day       `json:"signed"`
	Person     int64     `json:"person"`
	Office     Office    `json:"office"`
	Correction string    `json:"correction,omitempty"` // what it corrects, and why
	N          int64     `json:"event"`
}

// Decision is a matter to be decided. Its JSON is its public row: the paper of
// a draft is no part of it.
type Decision struct {
	ID          int64              `json:"id"`
	Ref         string             `json:"ref,omitempty"` // "2012-014", once put forward
	Status      DecisionStatus     `json:"status"`
	Body        string             `json:"body"`
	Proposer    int64              `json:"proposer"` // person
	ProposedIn  Office             `json:"proposed_in"`
	Proposed    Day                `json:"put_forward,omitempty"`
	Matter      string             `json:"matter"`
	Title       string             `json:"title,omitempty"`
	Version     int64              `json:"version"` // of the paper
	Hash        string             `json:"hash,omitempty"`
	Value       Pence              `json:"whole_life_pence,omitempty"`
	Related     []Related          `json:"related,omitempty"`
	Raised      bool               `json:"referred_to_members,omitempty"`
	Again       bool               `json:"reconsidered,omitempty"` // it was referred back once
	Views       []Opinion          `json:"views,omitempty"`
	Urgency     *Urgency           `json:"urgency,omitempty"`
	Way         Way                `json:"way,omitempty"`
	Scheme      int64              `json:"scheme,omitempty"` // version in force at opening
	OpenedAt    time.Time          `json:"opened_at,omitzero"`
	ClosesAt    time.Time          `json:"closes_at,omitzero"`
	Electors    []Elector          `json:"electors,omitempty"` // fixed at circulation
	Tally       *Tally             `json:"tally,omitempty"`    // once voting is over
	Ended       string             `json:"ended,omitempty"`    // why it was refused, lapsed, withdrawn, returned or deferred
	MadeAt      time.Time          `json:"made_at,omitzero"`
	RecordedAt  time.Time          `json:"recorded_at,omitzero"`  // when the end of voting was recorded, where later than it fell
	PublishedAt time.Time          `json:"published_at,omitzero"` // as it was last made
	Notices     []Notice           `json:"notices,omitempty"`     // of what was reconsidered, too
	Signatures  []CallInSignature  `json:"call_in,omitempty"`
	Hearings    []Hearing          `json:"hearings,omitempty"`
	Conditions  []ConsentCondition `json:"conditions,omitempty"`
	Implemented time.Time          `json:"implemented_at,omitzero"`
	Evidence    string             `json:"evidence,omitempty"` // of the implementation
	Effects     []Effect           `json:"effects,omitempty"`
	Contract    string             `json:"contract,omitempty"`
	Companies   []string           `json:"companies,omitempty"`
	Effective   Day                `json:"effective_from,omitempty"`
	Turn        int64              `json:"turn"` // number of its events
	MovedAt     time.Time          `json:"moved_at"`
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
func (d Decision) MayRead(v Viewer) bool {
	return !d.Draft() || v.Office.Body == d.Body && v.Can(ProposeDecisions)
}

// Published is the instant at which it was published, as it was last made.
func (d Decision) Published() time.Time { return d.PublishedAt }

// heard reports whether a call-in of the decision as last published was heard.
func (d Decision) heard() bool {
	n := len(d.Hearings)
	return n > 0 && !d.PublishedAt.IsZero() && !d.Hearings[n-1].At.Before(d.PublishedAt)
}

// Opinion finds a view on the paper as it stands.
func (d Decision) Opinion(kind ViewKind) (Opinion, bool) {
	for _, o := range slices.Backward(d.Views) {
		if o.Kind == kind && o.Hash == d.Hash {
			return o, true
		}
	}
	return Opinion{}, false
}

// Case is what is asked of someone's authority in the decision.
func (d Decision) Case(role Role) Case {
	q := Case{Role: role, Matter: d.Matter, Value: d.Value, Related: d.Related, Raised: d.Raised, Way: d.Way, Decision: d.Ref, Companies: d.Companies, Proposer: d.Proposer}
	if d.Electors != nil {
		q.Circulated = DayOf(d.OpenedAt)
		for _, e := range d.Electors {
			q.Electors = append(q.Electors, e.Key)
		}
	}
	return q
}

// Band finds who decides it, by a version of the scheme.
func (d Decision) Band(s Scheme) (Matter, Band, error) {
	m, ok := s.Matter(d.Matter)
	if !ok {
		return m, Band{}, Conflict.Errorf("Scheme %d does not know matters of the kind “%s”: withdraw this and propose it again.", s.Version, d.Matter)
	}
	b, _ := m.Band(d.Case(Votes).Together(), d.Raised)
	return m, b, nil
}

// ViewsWanted lists the views still to be given on the paper as it stands.
func (d Decision) ViewsWanted(b Band) (all []ViewKind) {
	for _, k := range b.Views {
		if _, ok := d.Opinion(k); !ok {
			all = append(all, k)
		}
	}
	return all
}

// Over reports whether the time for voting is over.
func (d Decision) Over(now time.Time) bool {
	return d.Status == DecisionOpen && !d.ClosesAt.IsZero() && !now.Before(d.ClosesAt)
}

// hold is what the answer to “may this be implemented now?” depends on.
func (d Decision) hold(s Scheme) HoldFacts {
	h := HoldFacts{Made: d.MadeAt, Published: d.Published(), Effective: d.Effective, Implemented: d.Implemented, Reconsidered: d.Again, CallIn: s.CallIn,
		Signatures: d.Signatures, Conditions: d.Conditions}
	if d.Urgency != nil && d.Urgency.Agreed {
		h.Urgent = d.Urgency.Ground
	}
	switch _, b, err := d.Band(s); {
	case err != nil:
		h.Exempt = "the scheme knows no such matter any more"
	case !b.CallIn:
		h.Exempt = fmt.Sprintf("paragraph %s leaves this matter out", b.Paragraph)
	case slices.Contains(s.CallIn.Exempt, d.Matter):
		h.Exempt = fmt.Sprintf("paragraph %s leaves matters of this kind out", s.CallIn.Paragraph)
	}
	switch d.Status {
	case DecisionRefused, DecisionLapsed, DecisionWithdrawn, DecisionDeferred, DecisionReturned:
		h.Ended = Plain(string(d.Status))
	}
	if n := len(d.Hearings); d.heard() {
		h.Outcome, h.OutcomeAt = d.Hearings[n-1].Outcome, d.Hearings[n-1].At
	}
	return h
}

// May says whether an act on the decision is possible in the office acted in,
// interests and scheme aside, or why not. Refusal asks those too.
func (d Decision) May(act Act, v Viewer, now time.Time) error {
	if !d.MayRead(v) {
		return NotFound.Errorf("There is no such decision.")
	}
	if act == ReleasePart2 {
		if !v.Can(KeepDecisions) {
			return Forbidden.Errorf("Only the company secretary releases a restricted part.")
		}
		return nil
	}
	if d.Over(now) && act != GiveConsent {
		return Conflict.Errorf("Voting on this closed at %s, by the portal’s clock.", Clock(d.ClosesAt))
	}
	if _, err := DecisionLife.After(d.Status, act, v); err != nil {
		return err
	}
	switch act {
	case EditPaper, PutForward, WithdrawIt:
		if v.Office.Body != d.Body {
			return Forbidden.Errorf("Only an office of %s, which proposed this, can do that.", ShortName(d.Body))
		}
	case ClosePoll:
		if d.Way != ByPoll {
			return Conflict.Errorf("Only a poll is closed by the chair.")
		}
		if v.Office.Body != d.Body && v.Office.Body != TheCompany {
			return Forbidden.Errorf("Only the chair of the meeting closes a poll.")
		}
	case ReturnPaper:
		if d.Way != ByApproval {
			return Conflict.Errorf("A matter that is voted on is not returned: vote on it.")
		}
	case AgreeUrgency:
		if d.Urgency == nil || d.Urgency.Agreed {
			return Conflict.Errorf("No urgency is claimed that waits for the chair’s agreement.")
		}
	}
	return nil
}

// Ballot is one vote, approval or consent. It binds the paper, and keeps the
// authority that it was given by and the event that was worked out from.
type Ballot struct {
	ID         int64        `json:"id"`
	Decision   int64        `json:"decision"`
	Role       Role         `json:"role"`
	Elector    string       `json:"elector"`
	Consent    string       `json:"consent,omitempty"` // matter of the right
	Choice     BallotChoice `json:"choice"`
	Reason     string       `json:"reason,omitempty"`
	Conditions []string     `json:"conditions,omitempty"`
	Version    int64        `json:"version"`
	Hash       string       `json:"hash"`
	Person     int64        `json:"person"`
	Office     Office       `json:"office"`
	At         time.Time    `json:"at"`
	N          int64        `json:"event"`
	Asked      Case         `json:"asked"`
	Authority  Authority    `json:"authority"`
	Void       int64        `json:"void,omitempty"` // event
	VoidWhy    string       `json:"void_why,omitempty"`
	Name       string       `json:"-"` // of the person
}

// Counts reports whether the ballot is not void.
func (b Ballot) Counts() bool { return b.Void == 0 }

func (b Ballot) thing() string { return fmt.Sprintf("ballot/%d", b.ID) }
