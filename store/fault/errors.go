// Package fault holds the errors that people read: each has a kind and a whole
// plain sentence that says what to do.
package fault

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Kind sorts the errors a person can do something about. Any other error is a
// fault of ours: it is logged, and the person is told only that it happened.
type Kind int

// The kinds of error.
const (
	Invalid     Kind = iota + 1 // what was sent cannot be accepted
	Forbidden                   // not this person, or not now
	NotFound                    // no such thing, or none this person may see
	Conflict                    // the matter has moved on since the page was read
	Slow                        // too many tries: wait
	Busy                        // too much is asked for at once: try again soon
	Unavailable                 // nobody can do it now: the portal has no room
)

// A Fault is one thing wrong with one field of a form.
type Fault struct {
	Field string // the name of the form field
	Msg   string // a whole sentence, in plain words
}

// Error is an error meant for the person at the screen.
type Error struct {
	Kind   Kind
	Msg    string  // a whole sentence, in plain words
	Faults []Fault // which fields are at fault, if any are
}

// Error is the sentence that a person reads.
func (e *Error) Error() string { return e.Msg }

// Errorf makes an error of kind k.
func (k Kind) Errorf(format string, args ...any) error {
	return &Error{Kind: k, Msg: fmt.Sprintf(format, args...)}
}

// Field makes an Invalid error about one field of a form.
func Field(name, format string, args ...any) error {
	var f Faults
	f.Add(name, format, args...)
	return f.Err()
}

// KindOf is the kind of err, or 0 when it is not one of ours.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return 0
}

// Faults gathers all that is wrong with a form, so that it is told at once.
type Faults []Fault

// Add notes one fault.
func (f *Faults) Add(field, format string, args ...any) {
	*f = append(*f, Fault{field, fmt.Sprintf(format, args...)})
}

// Take notes err as a fault of field when it is about what was sent, keeping
// the field that err names itself. Any other error is given back.
func (f *Faults) Take(field string, err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Kind != Invalid {
		return err
	}
	if len(e.Faults) == 0 {
		f.Add(field, "%s", e.Msg)
	}
	for _, one := range e.Faults {
		if one.Field == "" {
			one.Field = field
		}
		*f = append(*f, one)
	}
	return nil
}

// Err is nil when nothing was noted.
func (f Faults) Err() error {
	if len(f) == 0 {
		return nil
	}
	msgs := make([]string, len(f))
	for i, one := range f {
		msgs[i] = one.Msg
	}
	return &Error{Kind: Invalid, Msg: strings.Join(msgs, " "), Faults: f}
}

// Names reports whether a fault of the same field is already noted: what was
// typed is told of once, and in its own words.
func (f Faults) Names(other Fault) bool {
	return slices.ContainsFunc(f, func(one Fault) bool { return one.Field == other.Field })
}
