package authority

import (
	"fmt"
	"time"

	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/register"
)

// Ballot is one vote, approval or consent. It binds the paper, and keeps the
// authority that it was given by and the event that was worked out from.
type Ballot struct {
	ID         int64         `json:"id"`
	Decision   int64         `json:"decision"`
	Role       Role          `json:"role"`
	Elector    string        `json:"elector"`
	Consent    string        `json:"consent,omitempty"` // matter of the right
	Choice     BallotChoice  `json:"choice"`
	Reason     string        `json:"reason,omitempty"`
	Conditions []string      `json:"conditions,omitempty"`
	Version    int64         `json:"version"`
	Hash       string        `json:"hash"`
	Person     int64         `json:"person"`
	Office     office.Office `json:"office"`
	At         time.Time     `json:"at"`
	N          int64         `json:"event"`
	Asked      Case          `json:"asked"`
	Authority  Authority     `json:"authority"`
	Void       int64         `json:"void,omitempty"` // event
	VoidWhy    string        `json:"void_why,omitempty"`
	Name       string        `json:"-"` // of the person
}

// Counts reports whether the ballot is not void.
func (b Ballot) Counts() bool { return b.Void == 0 }

// Thing names the ballot in the record.
func (b Ballot) Thing() string { return fmt.Sprintf("ballot/%d", b.ID) }

// ConsentWanted is a consent that a right in the register grants its holder.
type ConsentWanted struct {
	Body, Matter string
	Right        register.Right
	Given        *Ballot // the one that counts, nil while it waits
}

// Consents lists the consents that a band asks for by the register: a right
// that has ended asks for none, and one held by a whole class is given by the
// members' own vote.
func (f Facts) Consents(b Band, cast []Ballot) (all []ConsentWanted) {
	for _, matter := range b.Consents {
		for _, r := range f.Register.Rights {
			if r.Kind != register.Consent || r.Matter != matter || r.Body == "" {
				continue
			}
			w := ConsentWanted{Body: r.Body, Matter: matter, Right: r}
			for _, c := range cast {
				if c.Counts() && c.Role == Consents && c.Elector == r.Body && c.Consent == matter {
					w.Given = &c
				}
			}
			all = append(all, w)
		}
	}
	return all
}
