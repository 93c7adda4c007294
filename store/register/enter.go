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
		return Entry{Kind: Correction, Corrects: e.Corrects, As: e.As, Struck: true, Registered: old.Registered, Note: e.Note}, nil
	}
	return e, nil
}
