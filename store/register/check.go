package register

import (
	"cmp"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/text"
)

// Check holds the fields of an entry to its kind, apart from the register.
func (e Entry) Check(today civil.Day) error {
	var f fault.Faults
	kind := e.Kind
	if kind == Correction {
		kind = e.As
	}
	if e.Struck {
		text.Tidy(&f, "note", "the reason for the correction", e.Note, true, 500)
		return f.Err()
	}
	switch kind {
	case Admitted:
		text.Tidy(&f, "class", "the class of the member", e.Class, true, 80)
		text.Tidy(&f, "instrument", "the instrument of admission", e.Instrument, true, 200)
		if e.Votes < 1 || e.Votes > 1_000_000 {
			f.Add("votes", "Enter the votes as a whole number of 1 or more.")
		}
		if e.Guarantee < 0 {
			f.Add("guarantee", "Enter a guarantee of zero or more.")
		}
	case Ceased:
		text.Tidy(&f, "ground", "the reason for leaving", e.Ground, true, 200)
	case Renamed:
		text.Tidy(&f, "name", "the new name", e.Name, true, 160)
	case RightGranted:
		e.checkRight(&f)
	case DirectorAppointed:
		text.Tidy(&f, "director", "the director’s name", e.Director, true, 120)
		e.checkSeat(&f)
	case DirectorRemoved:
		e.checkSeat(&f)
		text.Tidy(&f, "ground", "the reason for removal", e.Ground, true, 200)
	}
	text.Tidy(&f, "note", "the note", e.Note, e.Kind == Correction, 500)
	e.checkDays(&f, today)
	return f.Err()
}

func (e Entry) checkRight(f *fault.Faults) {
	text.Tidy(f, "clause", "the clause of the articles", e.Clause, true, 80)
	switch e.Right {
	case AppointDirectors:
		if e.Seats < 1 || e.Seats > 100 {
			f.Add("seats", "Enter the number of directors, from 1 to 100.")
		}
	case Consent:
		text.Tidy(f, "matter", "the reserved matter", e.Matter, true, 120)
	default:
		f.Add("right", "Choose a right.")
	}
	if e.Body == "" && strings.TrimSpace(e.Class) == "" {
		f.Add("body", "Choose the member that holds the right, or enter the class that holds it jointly.")
	}
}

func (e Entry) checkSeat(f *fault.Faults) {
	if e.Seat < 1 || e.Seat > 100 {
		f.Add("seat", "Enter the seat, from 1 to 100.")
	}
}

func (e Entry) checkDays(f *fault.Faults, today civil.Day) {
	switch {
	case e.Registered == "":
		f.Add("registered", "Enter the date registered.")
	case e.Registered > today:
		f.Add("registered", "The date registered must be today, %s, or earlier.", today)
	}
	if e.Completed != "" && e.Registered != "" && e.Completed > e.Registered {
		f.Add("completed", "The date completed cannot be after the date registered.")
	}
	if e.Agreed != "" && cmp.Or(e.Completed, e.Registered) != "" && e.Agreed > cmp.Or(e.Completed, e.Registered) {
		f.Add("agreed", "The date agreed cannot be after the date completed or registered.")
	}
}

// Fits reports why an entry cannot join the others: because of those before
// it, or because a later one would then be impossible.
func Fits(all []Entry, e Entry) error {
	_, at, err := Replay(InForce(append(slices.Clone(all), e)), "9999-12-31")
	if err == nil {
		return nil
	}
	if at.N == e.N || e.Kind == Correction && at.Stated == e.N {
		return err
	}
	return fault.Field("registered", "This contradicts a later entry (entry %d, %s). %s", at.N, at.Registered, err.Error())
}

// correctable finds the entry that a correction names. Only the last word on
// an entry can be corrected, so that corrections never contradict each other.
func correctable(all []Entry, n int64) (Entry, error) {
	var found Entry
	for _, e := range all {
		if e.N == n {
			found = e
		}
		if e.Kind == Correction && e.Corrects == n {
			return found, fault.Field("corrects", "Entry %d was already corrected by entry %d. Correct that one.", n, e.N)
		}
	}
	if found.N == 0 {
		return found, fault.NotFound.Errorf("Entry %d of the record is not an entry of the register.", n)
	}
	return found, nil
}
