package scrutiny

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
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
	ActRespond      office.Act = "respond"
	ActNoteProgress office.Act = "progress"
	ActMoveTarget   office.Act = "move"
	ActClaim        office.Act = "claim"
	ActVerify       office.Act = "verify"
	ActRefuseClaim  office.Act = "not-verify"
	ActClose        office.Act = "close"
	ActGivePriority office.Act = "priority"
	ActTakePriority office.Act = "no-priority"
)

// RecommendationActs lists them in the order in which a page offers them.
var RecommendationActs = []office.Act{ActRespond, ActClaim, ActNoteProgress, ActMoveTarget, ActVerify, ActRefuseClaim, ActGivePriority, ActTakePriority, ActClose}

// RecommendationLife is every move of a recommendation. Whoever answers for the
// body it is put to can claim that it is done; only its committee verifies or
// closes it.
var RecommendationLife = office.Life[RecommendationStatus]{
	{From: NotStarted, Act: ActRespond, To: NotStarted, Need: office.AnswerQuestions},
	{From: NotStarted, Act: ActNoteProgress, To: InProgress, Need: office.AnswerQuestions},
	{From: NotStarted, Act: ActMoveTarget, To: NotStarted, Need: office.AnswerQuestions},
	{From: NotStarted, Act: ActClaim, To: ClaimedDone, Need: office.AnswerQuestions},
	{From: InProgress, Act: ActRespond, To: InProgress, Need: office.AnswerQuestions},
	{From: InProgress, Act: ActNoteProgress, To: InProgress, Need: office.AnswerQuestions},
	{From: InProgress, Act: ActMoveTarget, To: InProgress, Need: office.AnswerQuestions},
	{From: InProgress, Act: ActClaim, To: ClaimedDone, Need: office.AnswerQuestions},
	{From: NotVerified, Act: ActRespond, To: NotVerified, Need: office.AnswerQuestions},
	{From: NotVerified, Act: ActNoteProgress, To: InProgress, Need: office.AnswerQuestions},
	{From: NotVerified, Act: ActMoveTarget, To: NotVerified, Need: office.AnswerQuestions},
	{From: NotVerified, Act: ActClaim, To: ClaimedDone, Need: office.AnswerQuestions},
	{From: ClaimedDone, Act: ActVerify, To: VerifiedDone, Need: office.SitOnCommittees},
	{From: ClaimedDone, Act: ActRefuseClaim, To: NotVerified, Need: office.SitOnCommittees},
	{From: NotStarted, Act: ActGivePriority, To: NotStarted, Need: office.SitOnCommittees},
	{From: InProgress, Act: ActGivePriority, To: InProgress, Need: office.SitOnCommittees},
	{From: ClaimedDone, Act: ActGivePriority, To: ClaimedDone, Need: office.SitOnCommittees},
	{From: NotVerified, Act: ActGivePriority, To: NotVerified, Need: office.SitOnCommittees},
	{From: NotStarted, Act: ActTakePriority, To: NotStarted, Need: office.SitOnCommittees},
	{From: InProgress, Act: ActTakePriority, To: InProgress, Need: office.SitOnCommittees},
	{From: ClaimedDone, Act: ActTakePriority, To: ClaimedDone, Need: office.SitOnCommittees},
	{From: NotVerified, Act: ActTakePriority, To: NotVerified, Need: office.SitOnCommittees},
	{From: NotStarted, Act: ActClose, To: ClosedUndone, Need: office.SitOnCommittees},
	{From: InProgress, Act: ActClose, To: ClosedUndone, Need: office.SitOnCommittees},
	{From: ClaimedDone, Act: ActClose, To: ClosedUndone, Need: office.SitOnCommittees},
	{From: NotVerified, Act: ActClose, To: ClosedUndone, Need: office.SitOnCommittees},
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
	At     time.Time     `json:"at"`
	Person int64         `json:"person"`
	Office office.Office `json:"office"`
	N      int64         `json:"event"`
}

// On is the day on which it was done.
func (m Mark) On() civil.Day { return civil.DayOf(m.At) }

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
	Target     civil.Day  `json:"target,omitempty"`
	Mark       Mark       `json:"by"`
}

// TargetMove is one move of the target date.
type TargetMove struct {
	From   civil.Day `json:"from"`
	To     civil.Day `json:"to"`
	Reason string    `json:"reason"`
	Mark   Mark      `json:"by"`
}

// ProgressNote is what the body says of the work.
type ProgressNote struct {
	Text string `json:"text"`
	Mark Mark   `json:"by"`
}

// Claim is the body's word that it is done, and what the committee found.
type Claim struct {
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
	Made           civil.Day            `json:"made"`
	By             Mark                 `json:"by"`
	ResponseDue    civil.Day            `json:"response_due,omitempty"` // none for an undertaking
	Acceptance     Acceptance           `json:"acceptance"`
	Implementation RecommendationStatus `json:"implementation"`
	First          civil.Day            `json:"first_target,omitempty"` // never changed
	Target         civil.Day            `json:"target,omitempty"`       // as it is now, "" while it is rejected
	Priority       bool                 `json:"priority,omitempty"`
	Responses      []BodyResponse       `json:"responses,omitempty"` // oldest first, as all lists here
	Moves          []TargetMove         `json:"moves,omitempty"`
	Notes          []ProgressNote       `json:"progress,omitempty"`
	Claims         []Claim              `json:"claims,omitempty"`
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
func (r Recommendation) Due() civil.Day {
	switch r.Waits() {
	case WaitsResponse:
		return r.ResponseDue
	case WaitsWork:
		return r.Target
	}
	return ""
}

// Late reports whether the body should have done something before a day.
func (r Recommendation) Late(on civil.Day) bool { return r.Due() != "" && r.Due() < on }

// Slip is how many days later than first promised the target stands, negative
// when it is earlier.
func (r Recommendation) Slip() int {
	if n := len(r.Moves); n > 0 {
		return r.First.Until(r.Moves[n-1].To)
	}
	return 0
}

// LastTarget is the last target date given, of a rejected one too; "" for none.
func (r Recommendation) LastTarget() civil.Day {
	if n := len(r.Moves); n > 0 {
		return r.Moves[n-1].To
	}
	return r.First
}

// LastClaim is the claim that counts, if any was made.
func (r Recommendation) LastClaim() (Claim, bool) {
	if n := len(r.Claims); n > 0 {
		return r.Claims[n-1], true
	}
	return Claim{}, false
}

// charge is whose work it is.
func (r Recommendation) charge() Charge {
	return Charge{Kind: r.Kind, Ref: r.Ref, Title: r.Title, Body: r.Body, Committee: r.Committee, Since: r.Made, Due: r.Due(), Open: r.Open()}
}

// May says whether an act is possible for v on a day, or why not. Charge is
// whose work it is now. The page and the write both ask it.
func (r Recommendation) May(act office.Act, v office.Viewer, c Charge, all Committees, on civil.Day) error {
	if _, err := RecommendationLife.After(r.Implementation, act, v); err != nil {
		return err
	}
	switch act {
	case ActRespond, ActNoteProgress, ActMoveTarget, ActClaim:
		return r.mayAnswer(act, v)
	case ActGivePriority, ActTakePriority:
		return r.mayPrioritise(act, v, c, all, on)
	}
	if err := r.mayScrutinise(v, c, all, on, SeatChair, SeatClerk); err != nil {
		return err
	}
	if claim, ok := r.LastClaim(); ok && act != ActClose && claim.Mark.Person == v.Person {
		return fault.Forbidden.Errorf("You reported this complete in another role, so someone else on the committee must decide.")
	}
	return nil
}

// mayAnswer is May for the acts of the body.
func (r Recommendation) mayAnswer(act office.Act, v office.Viewer) error {
	switch {
	case !v.At(r.Body, office.AnswerQuestions):
		return fault.Forbidden.Errorf("This is addressed to %s. Only a role that answers for it can do this.", office.ShortName(r.Body))
	case act == ActRespond && r.Undertaking():
		return fault.Conflict.Errorf("An undertaking does not need a response. Report it complete, or change its target date.")
	case act == ActRespond:
		return nil
	case r.Acceptance == Awaited:
		return fault.Conflict.Errorf("Respond to the recommendation first. Choose whether you accept it and enter a target date.")
	case r.Acceptance == Rejected:
		return fault.Conflict.Errorf("%s rejected this. It must respond again before this can be done.", office.ShortName(r.Body))
	}
	return nil
}

func (r Recommendation) mayPrioritise(act office.Act, v office.Viewer, c Charge, all Committees, on civil.Day) error {
	if err := r.mayScrutinise(v, c, all, on, SeatChair); err != nil {
		return err
	}
	if r.Priority == (act == ActGivePriority) {
		return fault.Conflict.Errorf("This is %s a priority.", map[bool]string{true: "already", false: "not"}[r.Priority])
	}
	return nil
}

// mayScrutinise is MayScrutinise for a person, not an office: whoever holds an
// office at the body in question never acts on it for the committee.
func (r Recommendation) mayScrutinise(v office.Viewer, c Charge, all Committees, on civil.Day, roles ...SeatRole) error {
	if atBody(v, r.Body) {
		return fault.Forbidden.Errorf("This is addressed to %s, where you hold a role, so you cannot act for the committee on it.", office.ShortName(r.Body))
	}
	return all.MayScrutinise(v, c, on, roles...)
}

// atBody reports whether a person holds any office at a body.
func atBody(v office.Viewer, body string) bool {
	return v.Office.Body == body || slices.ContainsFunc(v.Offices, func(o office.Office) bool { return o.Body == body })
}

// monthsAfter is the same day some months later, or the last of a shorter month.
func monthsAfter(d civil.Day, months int) civil.Day {
	first := civil.Day(string(d[:8])+"01").Noon().AddDate(0, months, 0)
	last := first.AddDate(0, 1, -1).Day()
	return civil.Day(fmt.Sprintf("%s-%02d", first.Format("2006-01"), min(d.Noon().Day(), last)))
}

// within reports whether an address is one of the portal.
func within(href string) bool {
	return strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "//") && len(href) <= 300 && !strings.ContainsFunc(href, func(r rune) bool { return r <= ' ' || r == '\\' || r > '~' || r == '"' || r == '<' || r == '>' })
}
