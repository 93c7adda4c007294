package office

import (
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/text"
)

// Act is what a person does to a thing that has a life: Invite, Resolve.
type Act string

// Move is one step a thing may take, and what a person needs to make it.
type Move[S ~string] struct {
	From S
	Act  Act
	To   S
	Need Permission
}

// Life is every move a thing may make. A move that is not listed cannot happen.
type Life[S ~string] []Move[S]

// After is the status that act leads to, or why v may not do it.
func (l Life[S]) After(from S, act Act, v Viewer) (S, error) {
	for _, m := range l {
		if m.From == from && m.Act == act {
			if !v.Can(m.Need) {
				return from, fault.Forbidden.Errorf("Your role cannot do this.")
			}
			return m.To, nil
		}
	}
	return from, fault.Conflict.Errorf("You cannot do this now, because the status is “%s”.", text.Plain(string(from)))
}
