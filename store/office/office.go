package office

import (
	"slices"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
)

// MayEnd says whether v may set the last day of the appointment, or why not.
func (a Appointment) MayEnd(v Viewer, today civil.Day) error {
	if err := MayKeepPeople(v); err != nil {
		return err
	}
	switch {
	case v.Person != 0 && v.Person == a.Person:
		return fault.Forbidden.Errorf("To resign from your own role, go to your account.")
	case a.Status != Confirmed || a.To != "" && a.To < today:
		return fault.Conflict.Errorf("This appointment is %s, so it cannot be ended.", a.State(today))
	}
	return nil
}

// MayResign says whether v may give up the appointment, or why not: only
// whoever holds it may, and needs nobody for it.
func (a Appointment) MayResign(v Viewer, today civil.Day) error {
	switch {
	case v.Person == 0 || v.Person != a.Person:
		return fault.NotFound.Errorf("You do not have that appointment.")
	case a.Status != Confirmed || a.To != "" && a.To < today:
		return fault.Conflict.Errorf("This appointment is %s, so you cannot resign from it.", a.State(today))
	}
	return nil
}

// Answers reports whether questions can be put to the body on a day: it exists,
// and has offices that answer for it. A police authority is asked nothing here.
func (b Body) Answers(on civil.Day) bool {
	return b.Exists(on) && b.Kind != PoliceAuthority && slices.ContainsFunc(KindsWith(AnswerQuestions), func(k Kind) bool { return k.Fits(b) })
}
