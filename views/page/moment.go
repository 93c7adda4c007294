package page

import (
	"fmt"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/text"
)

// PastRef is a reference on the day that the handover is shown of.
func PastRef(ref string, h handover.Handover) string { return Query(ref, "as_at", PastDay(h)) }

// MomentRef is a reference on a day of the handover.
func MomentRef(ref string, at record.Moment, today civil.Day) string {
	if at.Day == today {
		return ref
	}
	return Query(ref, "as_at", string(at.Day))
}

// RegisterRef is a reference on the day that the register is shown of. A day
// to come is asked about as today’s: nothing is recorded of it.
func RegisterRef(ref string, r register.Register, today civil.Day) string {
	if r.AsAt >= today {
		return ref
	}
	return Query(ref, "as_at", string(r.AsAt))
}

// PastDay is the day that a link must keep, "" for today.
func PastDay(h handover.Handover) string {
	if h.Moment.Past {
		return string(h.Moment.Day)
	}
	return ""
}

// AtDay is the day to ask for, "" for today.
func AtDay(at record.Moment) string {
	if at.Past {
		return string(at.Day)
	}
	return ""
}

// AsAtWords says of what day the register is shown, and up to which entry where
// that was asked for.
func AsAtWords(r register.Register) string {
	words := "As at " + r.AsAt.String()
	switch {
	case r.Latest:
	case r.KnownOn != "":
		words += ", as recorded by " + r.KnownOn.String()
	default:
		words += ", as recorded by entry " + text.Thousands(r.Known)
	}
	return words
}

// KnownAsked is what was asked to be known, for links and the form: nothing
// when all that is recorded counts.
func KnownAsked(r register.Register) (event string, day civil.Day) {
	if r.Latest {
		return "", ""
	}
	return fmt.Sprint(r.Known), r.KnownOn
}
