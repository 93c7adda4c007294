package register

import (
	"strings"
)

// Complete fills in what an entry takes from the one that it corrects.
func (e Entry) Complete(all []Entry) (Entry, error) {
	e.Class, e.Name, e.Director, e.Matter = strings.TrimSpace(e.Class), strings.TrimSpace(e.Name), strings.TrimSpace(e.Director), strings.TrimSpace(e.Matter)
	if e.Kind != Correction {
		return e, nil
	}
	old, err := correctable(all, e.Corrects)
	if err != nil {
		return e, err
	}
	e.As = old.Kind
	if old.Kind == Correction {
		e.As = old.As
	}
	if e.Struck {
		return Entry{Kind: Correction, Corrects: e.Corrects, As: e.As, Struck: true, Registered: old.Registered, Note: e.Note, Decision: e.Decision}, nil
	}
	return e, nil
}

// OfMembership reports whether the entry says who is a member: an admission, a
// cessation, or a correction of one.
func (e Entry) OfMembership() bool {
	kind := e.Kind
	if kind == Correction {
		kind = e.As
	}
	return kind == Admitted || kind == Ceased
}

// SameMembership reports whether two entries say the same of who is a member,
// of which class, with how many votes and since when.
func (e Entry) SameMembership(o Entry) bool {
	return e.Struck == o.Struck && e.Body == o.Body && e.Class == o.Class && e.Votes == o.Votes && e.Registered == o.Registered
}
