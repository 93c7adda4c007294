package authority

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/text"
)

// HoldFacts are all that the answer to "May this be implemented now?" depends
// on. What happened after the instant that is asked about is not looked at,
// but for Ended, Exempt, Urgent and Reconsidered, which have no instant.
type HoldFacts struct {
	Made, Published time.Time // zero is not yet; of the reconsidered decision, once it is reconsidered
	Effective       civil.Day // the start of the authority, or the decision's own first day; "" is none
	Ended           string    // why it cannot be implemented at all, in a word: refused, lapsed, withdrawn, deferred
	Implemented     time.Time
	Exempt          string // why it is not subject to call-in, in the words that follow "because"; "" when it is
	Urgent          string // the ground of urgency that the chair agreed; "" is none
	Reconsidered    bool   // after it was referred back
	CallIn          CallIn
	Signatures      []CallInSignature
	Outcome         HearingOutcome
	OutcomeAt       time.Time
	Conditions      []ConsentCondition
	Days            civil.Calendar // by which working days are counted
}

// ConsentCondition is a condition under which a consent was given.
type ConsentCondition struct {
	Text string    `json:"text"`
	Met  time.Time `json:"met,omitzero"` // zero is not yet
}

// The states of a decision on its way to being implemented.
const (
	HoldNotMade           = "not made"
	HoldNotPublished      = "not published"
	HoldHeld              = "held"
	HoldCalledIn          = "called in"
	HoldReferredBack      = "referred back"
	HoldReferredToMembers = "referred to members"
	HoldConditions        = "conditions"
	HoldNotYet            = "not yet"
	HoldFree              = "may be implemented"
	HoldImplemented       = "implemented"
	HoldEnded             = "ended"
)

// WorkingStep is one step of how an answer was worked out.
type WorkingStep struct {
	Rule   string `json:"rule"`
	Fact   string `json:"fact"`
	Result string `json:"result"`
}

// Implementation is whether a decision may be implemented at an instant, and why.
type Implementation struct {
	May          bool          `json:"may"`
	From         time.Time     `json:"from,omitzero"` // since when or from when, if nothing else happens; zero is cannot be told
	State        string        `json:"state"`
	Say          string        `json:"say"` // the answer in one sentence
	Why          string        `json:"why"`
	Count        int           `json:"signatures"`
	Need         int           `json:"signatures_needed"`
	Closes       time.Time     `json:"call_in_closes,omitzero"`
	Valid        time.Time     `json:"called_in_at,omitzero"`
	HearBy       civil.Day     `json:"hear_by,omitempty"`
	ReconsiderBy civil.Day     `json:"reconsider_by,omitempty"`
	Working      []WorkingStep `json:"working"`
}

// hold is how long call-in keeps a decision from being implemented.
type hold struct {
	state  string    // "" where nothing holds it
	ends   time.Time // or ended, if nothing else happens; zero is cannot be told
	unless string    // what must not happen until then
	why    string
}

// MayImplement works out whether a decision may be implemented at an instant.
// At the instant of closing the call-in is closed and the decision is free.
func MayImplement(f HoldFacts, now time.Time) (i Implementation) {
	if happened(f.Implemented, now) {
		return f.implemented()
	}
	const rule = "A decision must be made and published before it is implemented."
	switch {
	case f.Ended != "":
		return i.stop(HoldEnded, rule, endedWords(f.Ended))
	case !happened(f.Made, now):
		return i.stop(HoldNotMade, rule, "It has not been made yet.")
	case !happened(f.Published, now):
		return i.stop(HoldNotPublished, rule, "It was made on "+civil.DayOf(f.Made).String()+" but has not been published.")
	}
	i.step(rule, fmt.Sprintf("Made %s. Published %s.", civil.Clock(f.Made), civil.Clock(f.Published)), "Published")
	i.conclude(f, i.hold(f, now), now)
	return i
}

// happened reports whether an instant is set and not after now.
func happened(at, now time.Time) bool { return !at.IsZero() && !at.After(now) }

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func (i *Implementation) step(rule, fact, result string) {
	i.Working = append(i.Working, WorkingStep{rule, fact, result})
}

func (i Implementation) stop(state, rule, why string) Implementation {
	i.State, i.Say, i.Why = state, "No. "+why, why
	i.step(rule, why, "No")
	return i
}

// endedWords say how a decision ended that was not made.
func endedWords(ended string) string {
	if ended == "lapsed" {
		return "It has lapsed."
	}
	return "It was " + ended + "."
}

// stateWords are a state in the middle of a sentence.
func stateWords(state string) string {
	if state == HoldHeld {
		return "on hold"
	}
	return state
}

// implemented is the answer for what has been: as it was at that instant.
func (f HoldFacts) implemented() Implementation {
	at := f.Implemented
	f.Implemented = time.Time{}
	i := MayImplement(f, at)
	i.State, i.Say = HoldImplemented, "Yes. It was implemented on "+civil.DayOf(at).String()+"."
	if !i.May {
		i.Say = "No. It was implemented on " + civil.DayOf(at).String() + ", before this was allowed."
	}
	return i
}

// free is why call-in does not hold a decision at all, or "".
func (f HoldFacts) free() string {
	switch {
	case f.CallIn.Days == 0:
		return "The scheme has no call-in."
	case f.Reconsidered:
		return "It was reconsidered after a call-in and cannot be called in again."
	case f.Exempt != "":
		return "It is not subject to call-in, because " + strings.TrimRight(f.Exempt, ".") + "."
	case f.Urgent != "" && f.CallIn.Urgency:
		return "The chair agreed that it is urgent. Reason: " + strings.TrimRight(f.Urgent, ".") + "."
	}
	return ""
}

func (i *Implementation) hold(f HoldFacts, now time.Time) hold {
	c := f.CallIn
	if why := f.free(); why != "" {
		i.step("A decision that can be called in is on hold until call-in closes.", why, "Not on hold")
		return hold{ends: f.Published, why: why}
	}
	if f.Urgent != "" {
		i.step(c.says("an urgent decision can still be called in"), "Urgent: "+f.Urgent, "On hold")
	}
	closes, err := c.Closes(f.Published, f.Days)
	if err != nil {
		i.step(c.says(c.Window()), "Published "+civil.Clock(f.Published)+".", err.Error())
		return hold{state: HoldHeld, why: err.Error()}
	}
	t := c.Tally(f.Signatures, f.Published, closes, now)
	i.Closes, i.Count, i.Need, i.Valid = closes, t.Count, t.Group.Need, t.Valid
	i.step(c.says(c.Window()), c.counted(f.Published, f.Days), "Closes "+onDay(closes))
	i.stepTally(c, t)
	switch {
	case !t.Valid.IsZero():
		return i.calledIn(f, now)
	case now.Before(closes):
		return hold{HoldHeld, closes, "unless it is called in before then", "It is on hold for call-in. " + i.Signatures() + "."}
	}
	return hold{ends: closes, why: "Call-in closed " + onDay(closes) + ". It was not called in."}
}

// says begins a rule of call-in with its paragraph.
func (c CallIn) says(rule string) string { return "Paragraph " + c.Paragraph + ": " + rule + "." }

// counted says which days the window of a decision takes, and which bank
// holidays it leaves out.
func (c CallIn) counted(published time.Time, days civil.Calendar) string {
	day := civil.DayOf(published)
	first, _ := days.AddDays(day, 1, c.Calendar) // known, since a later day was
	last, _ := days.AddDays(day, c.Days, c.Calendar)
	said := fmt.Sprintf("Published %s, %s. %s from %s to %s.", day.Long(), civil.Hour(published), civil.Days(c.Days, c.Calendar), first.Long(), last.Long())
	if c.Calendar {
		return said
	}
	var out []string
	for _, h := range days.Holidays(day.Next(), last) {
		out = append(out, h.Name+", "+h.Day.String())
	}
	if len(out) == 0 {
		return said + " No bank holidays in this time."
	}
	return said + " Bank holidays left out: " + strings.Join(out, "; ") + "."
}

func (i *Implementation) stepTally(c CallIn, t CallInTally) {
	fact, result := fmt.Sprintf("%d of %s.", t.Count, t.Group), "Not called in"
	if len(t.LeftOut) > 0 {
		fact += " Not counted: " + strings.Join(t.LeftOut, "; ") + "."
	}
	if !t.Valid.IsZero() {
		result = "Called in " + civil.Clock(t.Valid)
	}
	i.step(c.says(c.Who()), fact, result)
}

// calledIn is the hold of a valid call-in: until it was heard, or lapses.
func (i *Implementation) calledIn(f HoldFacts, now time.Time) hold {
	c, day := f.CallIn, civil.DayOf(i.Valid)
	h := hold{state: HoldCalledIn, why: "It was called in on " + day.String() + "."}
	var lapses time.Time
	if c.HearingDays > 0 {
		by, err := f.Days.AddDays(day, c.HearingDays, c.HearingCalendar)
		rule := c.says("a call-in must be heard within " + civil.Days(c.HearingDays, c.HearingCalendar))
		if err != nil {
			i.step(rule, h.why, err.Error())
		} else {
			i.HearBy = by
			i.step(rule, h.why, "By "+by.Long())
			h.why = "It was called in on " + day.String() + " and must be heard by " + by.String() + "."
		}
		if c.Lapses && err == nil {
			lapses = by.End()
			h.ends, h.unless = lapses, "unless the call-in is heard before then"
		}
	}
	switch {
	case happened(f.OutcomeAt, now) && (lapses.IsZero() || f.OutcomeAt.Before(lapses)):
		h = i.heard(f)
	case happened(lapses, now):
		h.why = "The call-in was not heard by " + i.HearBy.String() + ", so it lapsed."
	case i.HearBy != "" && i.HearBy < civil.DayOf(now):
		h.why = "It was called in on " + day.String() + " and should have been heard by " + i.HearBy.String() + ". It has not been heard."
	}
	return i.atLeast(f, h, now)
}

// heard is the hold after the hearing.
func (i *Implementation) heard(f HoldFacts) hold {
	day := civil.DayOf(f.OutcomeAt)
	i.step(f.CallIn.says("a hearing takes no further action, refers the decision back, or refers it to the members"), "Heard "+civil.Clock(f.OutcomeAt)+".", string(f.Outcome))
	switch f.Outcome {
	case NoFurtherAction:
		return hold{state: HoldCalledIn, ends: f.OutcomeAt, why: "The hearing on " + day.String() + " took no further action."}
	case ReferToMembers:
		return hold{state: HoldReferredToMembers, why: "It was referred to the members on " + day.String() + "."}
	}
	h := hold{state: HoldReferredBack, why: "It was referred back on " + day.String() + " and must be reconsidered."}
	if n := f.CallIn.Reconsider; n > 0 {
		by, err := f.Days.Add(day, n)
		rule := f.CallIn.says("a decision that is referred back must be reconsidered within " + civil.Days(n, false))
		if err != nil {
			i.step(rule, h.why, err.Error())
			return h
		}
		i.ReconsiderBy = by
		i.step(rule, h.why, "By "+by.Long())
		h.why = "It was referred back on " + day.String() + " and must be reconsidered by " + by.String() + "."
	}
	return h
}

// atLeast keeps a call-in that would end for the least time it holds, and ends
// the hold whose time has come.
func (i *Implementation) atLeast(f HoldFacts, h hold, now time.Time) hold {
	c := f.CallIn
	if n := c.LeastDays; n > 0 && !h.ends.IsZero() {
		last, err := f.Days.Add(civil.DayOf(i.Valid), n)
		rule := c.says("a called-in decision stays on hold for at least " + civil.Days(n, false))
		if err != nil {
			i.step(rule, "Called in "+civil.Clock(i.Valid)+".", err.Error())
			return hold{state: h.state, why: err.Error()}
		}
		i.step(rule, "Called in "+civil.Clock(i.Valid)+".", "Until the end of "+last.Long())
		h.ends = latest(h.ends, last.End())
	}
	if happened(h.ends, now) {
		h.state = ""
	}
	return h
}

// conclude joins the hold with what else must be: conditions met, authority begun.
func (i *Implementation) conclude(f HoldFacts, h hold, now time.Time) {
	from, unmet := i.others(f, h.ends, now)
	if !h.ends.IsZero() && unmet == 0 {
		i.From = from
	}
	i.State, i.Why = h.state, h.why
	open := text.Count(unmet, "condition of the consent has", "conditions of the consent have") + " not been met"
	switch {
	case h.state != "" && h.ends.IsZero():
		i.Say = "No. " + h.why
	case h.state != "" && unmet > 0:
		i.Say = fmt.Sprintf("No. It is %s until %s, and %s.", stateWords(h.state), when(from), open)
	case h.state != "" && h.unless != "":
		i.Say = "No. It may be implemented from " + when(from) + " " + h.unless + "."
	case unmet > 0:
		i.State, i.Say, i.Why = HoldConditions, "No. "+open+".", h.why+" "+open+"."
	case now.Before(from):
		i.Say = "No. It may be implemented from " + when(from) + "."
		if h.state == "" {
			i.State, i.Why = HoldNotYet, h.why+" It takes effect on "+f.Effective.String()+"."
		}
	default:
		i.May, i.State, i.Say = true, HoldFree, "Yes, since "+when(from)+"."
	}
}

// others goes through the conditions of the consent and the first day of the
// authority: from when they let the decision be, and how many are not met.
func (i *Implementation) others(f HoldFacts, from time.Time, now time.Time) (time.Time, int) {
	unmet := 0
	for _, c := range f.Conditions {
		result := "Not met"
		if happened(c.Met, now) {
			from, result = latest(from, c.Met), "Met "+civil.Clock(c.Met)
		} else {
			unmet++
		}
		i.step("Each condition of the consent must be met.", c.Text, result)
	}
	if f.Effective != "" {
		from = latest(from, f.Effective.Start())
		i.step("The decision takes effect on a set date.", f.Effective.Long(), "Not before "+f.Effective.String())
	}
	return from, unmet
}

// Signatures says how many have signed and when call-in closes: 2 of 3
// signatures. Call-in closes at 5pm on Thursday 17 January 2013.
func (i Implementation) Signatures() string {
	return fmt.Sprintf("%d of %s. Call-in closes %s", i.Count, text.Count(i.Need, "signature", "signatures"), onDay(i.Closes))
}

// onDay is an instant with its day of the week: at 5pm on Thursday 17 January
// 2013, or at the end of a day where it is midnight.
func onDay(t time.Time) string {
	if d := civil.DayOf(t); d.Start().Equal(t) {
		return "at midnight at the end of " + d.Add(-1).Long()
	}
	return "at " + civil.Hour(t) + " on " + civil.DayOf(t).Long()
}

// when is an instant in a sentence: 5pm on 17 January 2013, or the day alone
// where it begins then.
func when(t time.Time) string {
	d := civil.DayOf(t)
	if d.Start().Equal(t) {
		return d.String()
	}
	return civil.Hour(t) + " on " + d.String()
}

// MaySign says why a person may not sign a call-in in an office now, or nil.
func (f HoldFacts) MaySign(person int64, o office.Office, now time.Time) error {
	i := MayImplement(f, now)
	switch {
	case !i.Valid.IsZero():
		return fault.Conflict.Errorf("This was already called in on %s. A decision can be called in once.", civil.DayOf(i.Valid))
	case i.State != HoldHeld || i.Closes.IsZero():
		return fault.Conflict.Errorf("This cannot be called in now. %s", i.Why)
	case !f.CallIn.MaySign(o):
		return fault.Forbidden.Errorf("Your role does not sign call-ins. Paragraph %s asks for %s.", f.CallIn.Paragraph, f.CallIn.Who())
	case f.Standing(person, now) >= 0:
		return fault.Conflict.Errorf("You have already signed this call-in.")
	}
	return nil
}

// MayWithdraw says why a person may not withdraw a signature now, or nil.
func (f HoldFacts) MayWithdraw(person int64, now time.Time) error {
	i := MayImplement(f, now)
	switch {
	case !i.Valid.IsZero():
		return fault.Conflict.Errorf("This was called in on %s. Signatures can no longer be withdrawn.", civil.DayOf(i.Valid))
	case i.State != HoldHeld || i.Closes.IsZero():
		return fault.Conflict.Errorf("You can no longer withdraw a signature. %s", i.Why)
	case f.Standing(person, now) < 0:
		return fault.NotFound.Errorf("You have not signed this call-in.")
	}
	return nil
}

// Standing is the place of a person's signature that is not withdrawn, or -1.
func (f HoldFacts) Standing(person int64, now time.Time) int {
	return slices.IndexFunc(f.Signatures, func(s CallInSignature) bool {
		return s.Person == person && happened(s.At, now) && !happened(s.WithdrawnAt, now)
	})
}
