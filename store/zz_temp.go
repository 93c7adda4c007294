package store

import "context"

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
