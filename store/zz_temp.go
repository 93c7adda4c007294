package store

import (
	"context"
	"time"
)

type CallIn struct {
	Paragraph   string        `json:"paragraph"`
	Days        int           `json:"days"`
	Calendar    bool          `json:"calendar,omitempty"`
	ClosesAt    string        `json:"closes_at"`
	Signatories []CallInGroup `json:"signatories"`
	Grounds     []string      `json:"grounds,omitempty"`
	Exempt      []string      `json:"exempt,omitempty"`
	Urgency     bool          `json:"urgency"`
	HearingDays int           `json:"hearing_days"`
	LeastDays   int           `json:"least_days,omitempty"`
	Reconsider  int           `json:"reconsider_days,omitempty"`
}

type CallInGroup struct {
	Kinds []OfficeKind `json:"kinds"`
	Need  int          `json:"need"`
}

func (c CallIn) Check() error                                  { return nil }
func (c CallIn) MaySign(o Office) bool                         { return true }
func (c CallIn) Closes(published time.Time) (time.Time, error) { return published, nil }

type HearingOutcome string

const (
	NoFurtherAction HearingOutcome = "no further action"
	ReferBack       HearingOutcome = "refer back"
	ReferToMembers  HearingOutcome = "refer to members"
)

type CallInSignature struct {
	Person      int64     `json:"person"`
	Office      Office    `json:"office"`
	Ground      string    `json:"ground,omitempty"`
	Reason      string    `json:"reason"`
	At          time.Time `json:"at"`
	N           int64     `json:"event"`
	WithdrawnAt time.Time `json:"withdrawn_at,omitzero"`
	WithdrawnN  int64     `json:"withdrawn_event,omitempty"`
}

type ConsentCondition struct {
	Text string    `json:"text"`
	Met  time.Time `json:"met,omitzero"`
}

type HoldFacts struct {
	Made, Published time.Time
	Effective       Day
	Ended           string
	Implemented     time.Time
	Exempt, Urgent  string
	Reconsidered    bool
	CallIn          CallIn
	Signatures      []CallInSignature
	Outcome         HearingOutcome
	OutcomeAt       time.Time
	Conditions      []ConsentCondition
}

type WorkingStep struct{ Rule, Fact, Result string }

type Implementation struct {
	May             bool
	From            time.Time
	State, Say, Why string
	Count, Need     int
	Closes, Valid   time.Time
	HearBy          Day
	Working         []WorkingStep
}

func MayImplement(f HoldFacts, now time.Time) Implementation { return Implementation{} }

const (
	DirectorOffice   OfficeKind = "director"
	Constable        OfficeKind = "constable"
	DelegateOffice   Permission = "delegate what the office may do"
	DeclareInterests Permission = "declare interests"
)

type Delegation struct {
	ID        int64 `json:"id"`
	From, To  Office
	Function  string
	Matter    string
	Limited   bool
	Limit     Pence
	First     Day
	Last      Day
	MayPassOn bool
	PassedOn  int64
}

func (d Delegation) InForce(on Day) bool                         { return d.First <= on && (d.Last == "" || on <= d.Last) }
func Chain(all []Delegation, d Delegation, on Day) error         { return nil }
func ForbiddenDelegate(from, to Office, alsoHeld []Office) error { return nil }

type Interest struct {
	ID, Person  int64
	Company     string
	Name        string
	First, Last Day
	Decision    string
}

func (i Interest) InForce(on Day) bool                   { return i.First <= on && (i.Last == "" || on <= i.Last) }
func (i Interest) Matches(numbers []string, on Day) bool { return false }

const (
	FunctionVote    = "vote"
	FunctionDecide  = "decide"
	FunctionConsent = "consent"
	FunctionView    = "view"
)

func (s *Store) delegationsAt(ctx context.Context, known int64) ([]Delegation, error) {
	return nil, nil
}
func (s *Store) interestsAt(ctx context.Context, known int64) ([]Interest, error) { return nil, nil }
