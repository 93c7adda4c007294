package store

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Acceptance is what the body says to a recommendation.
type Acceptance string

// The answers. An undertaking is accepted from the start.
const (
	Awaited     Acceptance = "awaited" // no response yet
	Accepted    Acceptance = "accepted"
	Partly      Acceptance = "partly"
	InPrinciple Acceptance = "in_principle"
	Rejected    Acceptance = "rejected"
)

// Acceptances lists them all.
var Acceptances = []Acceptance{Awaited, Accepted, Partly, InPrinciple, Rejected}

// InAnyForm reports whether it was accepted in any form.
func (a Acceptance) InAnyForm() bool { return a == Accepted || a == Partly || a == InPrinciple }

// RecommendationStatus is how far it is done, whatever was said to it.
type RecommendationStatus string

// The statuses. Only scrutiny reaches the last three.
const (
	NotStarted   RecommendationStatus = "not_started"
	InProgress   RecommendationStatus = "in_progress"
	ClaimedDone  RecommendationStatus = "claimed"
	NotVerified  RecommendationStatus = "not_verified"
	VerifiedDone RecommendationStatus = "verified"
	ClosedUndone RecommendationStatus = "closed" // without being verified
)

// RecommendationStatuses lists them all.
var RecommendationStatuses = []RecommendationStatus{NotStarted, InProgress, ClaimedDone, NotVerified, VerifiedDone, ClosedUndone}

// The acts on a recommendation or an undertaking.
const (
	RespondToIt  Act = "respond"
	NoteProgress Act = "progress"
	MoveTarget   Act = "move"
	ClaimIt      Act = "claim"
	VerifyIt     Act = "verify"
	RefuseClaim  Act = "not-verify"
	CloseIt      Act = "close"
	GivePriority Act = "priority"
	TakePriority Act = "no-priority"
)

// RecommendationActs lists them in the order in which a page offers them.
var RecommendationActs = []Act{RespondToIt, ClaimIt, NoteProgress, MoveTarget, VerifyIt, RefuseClaim, GivePriority, TakePriority, CloseIt}

// RecommendationLife is every move of a recommendation. Whoever answers for the
// body it is put to can claim that it is done; only its committee verifies or
// closes it.
var RecommendationLife = Life[RecommendationStatus]{
	{NotStarted, RespondToIt, NotStarted, AnswerQuestions},
	{NotStarted, NoteProgress, InProgress, AnswerQuestions},
	{NotStarted, MoveTarget, NotStarted, AnswerQuestions},
	{NotStarted, ClaimIt, ClaimedDone, AnswerQuestions},
	{InProgress, RespondToIt, InProgress, AnswerQuestions},
	{InProgress, NoteProgress, InProgress, AnswerQuestions},
	{InProgress, MoveTarget, InProgress, AnswerQuestions},
	{InProgress, ClaimIt, ClaimedDone, AnswerQuestions},
	{NotVerified, RespondToIt, NotVerified, AnswerQuestions},
	{NotVerified, NoteProgress, InProgress, AnswerQuestions},
	{NotVerified, MoveTarget, NotVerified, AnswerQuestions},
	{NotVerified, ClaimIt, ClaimedDone, AnswerQuestions},
	{ClaimedDone, VerifyIt, VerifiedDone, SitOnCommittees},
	{ClaimedDone, RefuseClaim, NotVerified, SitOnCommittees},
	{NotStarted, GivePriority, NotStarted, SitOnCommittees},
	{InProgress, GivePriority, InProgress, SitOnCommittees},
	{ClaimedDone, GivePriority, ClaimedDone, SitOnCommittees},
	{NotVerified, GivePriority, NotVerified, SitOnCommittees},
	{NotStarted, TakePriority, NotStarted, SitOnCommittees},
	{InProgress, TakePriority, InProgress, SitOnCommittees},
	{ClaimedDone, TakePriority, ClaimedDone, SitOnCommittees},
	{NotVerified, TakePriority, NotVerified, SitOnCommittees},
	{NotStarted, CloseIt, ClosedUndone, SitOnCommittees},
	{InProgress, CloseIt, ClosedUndone, SitOnCommittees},
	{ClaimedDone, CloseIt, ClosedUndone, SitOnCommittees},
	{NotVerified, CloseIt, ClosedUndone, SitOnCommittees},
}

// ClosingGround is why a recommendation is closed without being verified.
type ClosingGround string

// The grounds.
const (
	Superseded        ClosingGround = "superseded"
	NoLongerPursued   ClosingGround = "no longer pursued"
	RejectionAccepted ClosingGround = "rejection accepted"
)

// ClosingGrounds lists those that may be given now: a rejection is accepted
// only where there is one.
func (r Recommendation) ClosingGrounds() []ClosingGround {
	if r.Acceptance == Rejected {
		return []ClosingGround{RejectionAccepted, Superseded, NoLongerPursued}
	}
	return []ClosingGround{Superseded, NoLongerPursued}
}

// Mark is when, in what office and in which event something was done.
type Mark struct {
	At     time.Time `json:"at"`
	Person int64     `json:"person"`
	Office Office    `json:"office"`
	N      int64     `json:"event"`
}

// On is the day on which it was done.
func (m Mark) On() Day { return DayOf(m.At) }

// Origin is what a recommendation or an undertaking comes from: a report, a
// meeting, an answer.
type Origin struct {
	Text string `json:"text"`           // "Third report of 2012, paragraph 14"
	Href string `json:"href,omitempty"` // within the portal: /meetings/3#minute-4
}

// BodyResponse is one answer of the body. Earlier ones stay.
type BodyResponse struct {
	Acceptance Acceptance `json:"acceptance"`
	Reason     string     `json:"reason,omitempty"`
	Target     Day        `json:"target,omitempty"`
	Mark       Mark       `json:"by"`
}

// TargetMove is one move of the target date.
type TargetMove struct {
	From   Day    `json:"from"`
	To     Day    `json:"to"`
	Reason string `json:"reason"`
	Mark   Mark   `json:"by"`
}

// ProgressNote is what the body says of the work.
type ProgressNote struct {
	Text string `json:"text"`
	Mark Mark   `json:"by"`
}

// DoneClaim is the body's word that it is done, and what the committee found.
type DoneClaim struct {
	Evidence string        `json:"evidence"`
	Decision string        `json:"decision,omitempty"` // reference
	Document int64         `json:"document,omitempty"`
	Mark     Mark          `json:"by"`
	Verdict  *ClaimVerdict `json:"verdict,omitempty"` // nil while it waits for the committee
}

// ClaimVerdict is what the committee found of a claim.
type ClaimVerdict struct {
	Verified bool   `json:"verified"`
	Minute   string `json:"minute"` // names the meeting and its minute
	Mark     Mark   `json:"by"`
}

// Closing is the committee's end of a matter that was not verified.
type Closing struct {
	Ground ClosingGround        `json:"ground"`
	Reason string               `json:"reason"`
	Was    RecommendationStatus `json:"was"` // how far it was done
	Mark   Mark                 `json:"by"`
}

// Recommendation is what a committee recommends to one body, or an undertaking
// that the body gave it. Its JSON is its public row.
type Recommendation struct {
	ID             int64                `json:"id"`
	Ref            string               `json:"ref"`  // "2012-004"
	Kind           string               `json:"kind"` // ChargeRecommendation or ChargeUndertaking
	Committee      string               `json:"committee"`
	Body           string               `json:"body"`
	Title          string               `json:"title"`
	Text           string               `json:"text"` // of an undertaking, the words of the promise
	Source         Origin               `json:"source"`
	Made           Day                  `json:"made"`
	By             Mark                 `json:"by"`
	ResponseDue    Day                  `json:"response_due,omitempty"` // none for an undertaking
	Acceptance     Acceptance           `json:"acceptance"`
	Implementation RecommendationStatus `json:"implementation"`
	First          Day                  `json:"first_target,omitempty"` // never changed
	Target         Day                  `json:"target,omitempty"`       // as it is now, "" while it is rejected
	Priority       bool                 `json:"priority,omitempty"`
	Responses      []BodyResponse       `json:"responses,omitempty"` // oldest first, as all lists here
	Moves          []TargetMove         `json:"moves,omitempty"`
	Notes          []ProgressNote       `json:"progress,omitempty"`
	Claims         []DoneClaim          `json:"claims,omitempty"`
	Closed         *Closing             `json:"closed,omitempty"`
	MovedAt        time.Time            `json:"moved_at"` // of its last event
	Turn           int64                `json:"turn"`     // number of its events
}

// Undertaking reports whether it is a promise of the body.
func (r Recommendation) Undertaking() bool { return r.Kind == ChargeUndertaking }

// Open reports whether scrutiny has not closed it.
func (r Recommendation) Open() bool {
	return r.Implementation != VerifiedDone && r.Implementation != ClosedUndone
}

// Href is its page.
func (r Recommendation) Href() string { return "/recommendations/" + r.Ref }

func (r Recommendation) subject() string { return "recommendation/" + r.Ref }

// What a recommendation waits for.
const (
	WaitsResponse  = "response"  // of the body
	WaitsWork      = "work"      // of the body
	WaitsVerdict   = "verdict"   // of the committee, on a claim
	WaitsRejection = "rejection" // of the committee: what follows from it
)

// Waits is what it waits for, "" once it is closed.
func (r Recommendation) Waits() string {
	switch {
	case !r.Open():
		return ""
	case r.Implementation == ClaimedDone:
		return WaitsVerdict
	case r.Acceptance == Awaited:
		return WaitsResponse
	case r.Acceptance == Rejected:
		return WaitsRejection
	}
	return WaitsWork
}

// Due is when the body must next do something, "" while it owes nothing.
func (r Recommendation) Due() Day {
	switch r.Waits() {
	case WaitsResponse:
		return r.ResponseDue
	case WaitsWork:
		return r.Target
	}
	return ""
}

// Late reports whether the body should have done something before a day.
func (r Recommendation) Late(on Day) bool { return r.Due() != "" && r.Due() < on }

// Slip is how many days later than first promised the target stands, negative
// when it is earlier.
func (r Recommendation) Slip() int {
	if n := len(r.Moves); n > 0 {
		return r.First.Until(r.Moves[n-1].To)
	}
	return 0
}

// LastTarget is the last target date given, of a rejected one too; "" for none.
func (r Recommendation) LastTarget() Day {
	if n := len(r.Moves); n > 0 {
		return r.Moves[n-1].To
	}
	return r.First
}

// LastClaim is the claim that counts, if any was made.
func (r Recommendation) LastClaim() (DoneClaim, bool) {
	if n := len(r.Claims); n > 0 {
		return r.Claims[n-1], true
	}
	return DoneClaim{}, false
}

// charge is whose work it is.
func (r Recommendation) charge() Charge {
	return Charge{Kind: r.Kind, Ref: r.Ref, Title: r.Title, Body: r.Body, Committee: r.Committee, Since: r.Made, Due: r.Due(), Open: r.Open()}
}

// May says whether an act is possible for v on a day, or why not. Charge is
// whose work it is now. The page and the write both ask it.
func (r Recommendation) May(act Act, v Viewer, c Charge, all Committees, on Day) error {
	if _, err := RecommendationLife.After(r.Implementation, act, v); err != nil {
		return err
	}
	switch act {
	case RespondToIt, NoteProgress, MoveTarget, ClaimIt:
		return r.mayAnswer(act, v)
	case GivePriority, TakePriority:
		return r.mayPrioritise(act, v, c, all, on)
	}
	if err := r.mayScrutinise(v, c, all, on, SeatChair, SeatClerk); err != nil {
		return err
	}
	if claim, ok := r.LastClaim(); ok && act != CloseIt && claim.Mark.Person == v.Person {
		return Forbidden.Errorf("You made this claim, in another office, so somebody else of the committee must judge it.")
	}
	return nil
}

// mayAnswer is May for the acts of the body.
func (r Recommendation) mayAnswer(act Act, v Viewer) error {
	switch {
	case !v.At(r.Body, AnswerQuestions):
		return Forbidden.Errorf("Only whoever answers for %s, to which this is put, can do that.", ShortName(r.Body))
	case act == RespondToIt && r.Undertaking():
		return Conflict.Errorf("An undertaking needs no response: it was given. Claim that it is done, or move its target date and say why.")
	case act == RespondToIt:
		return nil
	case r.Acceptance == Awaited:
		return Conflict.Errorf("Respond to this first: say whether it is accepted, and by when it will be done.")
	case r.Acceptance == Rejected:
		return Conflict.Errorf("%s rejected this. Respond again before doing anything else.", ShortName(r.Body))
	}
	return nil
}

func (r Recommendation) mayPrioritise(act Act, v Viewer, c Charge, all Committees, on Day) error {
	if err := r.mayScrutinise(v, c, all, on, SeatChair); err != nil {
		return err
	}
	if r.Priority == (act == GivePriority) {
		return Conflict.Errorf("This %s priority already.", map[bool]string{true: "has", false: "has no"}[r.Priority])
	}
	return nil
}

// mayScrutinise is MayScrutinise for a person, not an office: whoever holds an
// office at the body in question never acts on it for the committee.
func (r Recommendation) mayScrutinise(v Viewer, c Charge, all Committees, on Day, roles ...SeatRole) error {
	if atBody(v, r.Body) {
		return Forbidden.Errorf("This is put to %s, where you hold an office, so you cannot act for the committee on it.", ShortName(r.Body))
	}
	return all.MayScrutinise(v, c, on, roles...)
}

// atBody reports whether a person holds any office at a body.
func atBody(v Viewer, body string) bool {
	return v.Office.Body == body || slices.ContainsFunc(v.Offices, func(o Office) bool { return o.Body == body })
}

// monthsAfter is the same day some months later, or the last of a shorter month.
func monthsAfter(d Day, months int) Day {
	first := Day(string(d[:8])+"01").noon().AddDate(0, months, 0)
	last := first.AddDate(0, 1, -1).Day()
	return Day(fmt.Sprintf("%s-%02d", first.Format("2006-01"), min(d.noon().Day(), last)))
}

// within reports whether an address is one of the portal.
func within(href string) bool {
	return strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "//") && len(href) <= 300 && !strings.ContainsFunc(href, func(r rune) bool { return r <= ' ' || r == '\\' || r > '~' || r == '"' || r == '<' || r == '>' })
}
