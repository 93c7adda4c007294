package authority

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/text"
)

// CallIn is how scrutiny may stop a decision that is made, as a scheme has it.
type CallIn struct {
	Paragraph       string        `json:"paragraph"` // of the scheme: "12"
	Days            int           `json:"days"`      // after publication, the day of publication left out; 0 is no call-in
	Calendar        bool          `json:"calendar,omitempty"`
	ClosesAt        string        `json:"closes_at"`   // of the last day, in London: "17:00"; "24:00" is its end
	Signatories     []CallInGroup `json:"signatories"` // any one group is enough
	Grounds         []string      `json:"grounds,omitempty"`
	Exempt          []string      `json:"exempt,omitempty"` // keys of kinds of matter
	Urgency         bool          `json:"urgency"`          // the chair may agree that a decision is urgent, which skips call-in
	HearingDays     int           `json:"hearing_days"`     // after the call-in became valid; 0 is no limit
	HearingCalendar bool          `json:"hearing_calendar,omitempty"`
	Lapses          bool          `json:"lapses,omitempty"`          // where it is not heard in that time
	LeastDays       int           `json:"least_days,omitempty"`      // working days that a valid call-in holds, whatever is heard
	Reconsider      int           `json:"reconsider_days,omitempty"` // working days to reconsider what was referred back; 0 is no limit
}

// CallInGroup is who together may call in: so many persons of these kinds of
// office, at bodies of these kinds where any are named.
type CallInGroup struct {
	Kinds []office.Kind     `json:"kinds"`
	At    []office.BodyKind `json:"at,omitempty"`
	Need  int               `json:"need"`
}

func (g CallInGroup) has(o office.Office) bool {
	b, _ := office.BodyOf(o.Body) // there is no body: of no kind
	return slices.Contains(g.Kinds, o.Kind) && (len(g.At) == 0 || slices.Contains(g.At, b.Kind))
}

// CallInSignature is one person's signature under a call-in. It stands until
// it is withdrawn.
type CallInSignature struct {
	Person      int64         `json:"person"`
	Office      office.Office `json:"office"`
	Ground      string        `json:"ground,omitempty"`
	Reason      string        `json:"reason"`
	At          time.Time     `json:"at"`
	N           int64         `json:"event"`
	WithdrawnAt time.Time     `json:"withdrawn_at,omitzero"`
	WithdrawnN  int64         `json:"withdrawn_event,omitempty"`
}

// HearingOutcome is what the hearing of a call-in ended in.
type HearingOutcome string

// The outcomes. What was reconsidered after it was referred back is not called
// in again.
const (
	NoFurtherAction HearingOutcome = "no further action"
	ReferBack       HearingOutcome = "refer back"
	ReferToMembers  HearingOutcome = "refer to members"
)

// HearingOutcomes lists them all.
var HearingOutcomes = []HearingOutcome{NoFurtherAction, ReferBack, ReferToMembers}

const endOfDay = "24:00"

// Check says what is wrong with the call-in of a scheme.
func (c CallIn) Check() error {
	var f fault.Faults
	for _, n := range []int{c.Days, c.HearingDays, c.LeastDays, c.Reconsider} {
		if n < 0 || n > 366 {
			f.Add("", "The days of call-in must be from 0 to 366, not %d.", n)
		}
	}
	if c.Lapses && c.HearingDays == 0 {
		f.Add("", "A call-in can lapse only if the scheme sets a number of days for the hearing.")
	}
	if c.Days == 0 {
		return f.Err()
	}
	text.Tidy(&f, "", "the paragraph of the call-in", c.Paragraph, true, 40)
	if _, err := c.closing("2013-01-14"); err != nil {
		f.Add("", "%s", err)
	}
	if len(c.Signatories) == 0 {
		f.Add("", "Say who may sign a call-in.")
	}
	for _, g := range c.Signatories {
		g.check(&f)
	}
	for _, one := range slices.Concat(c.Grounds, c.Exempt) {
		text.Tidy(&f, "", "each ground of the call-in and each exempt kind of matter", one, true, 200)
	}
	return f.Err()
}

func (g CallInGroup) check(f *fault.Faults) {
	if g.Need < 1 || g.Need > 100 {
		f.Add("", "A call-in needs from 1 to 100 signatures, not %d.", g.Need)
	}
	if len(g.Kinds) == 0 {
		f.Add("", "Name at least one kind of role in each group that may call in.")
	}
	for _, k := range g.Kinds {
		if !slices.Contains(office.Kinds, k) {
			f.Add("", "There is no type of role “%s”.", text.Short(string(k)))
		}
	}
}

// closing is the instant at which the call-in closes on its last day. Hours in
// which the clocks may change are refused, since they may come twice or never.
func (c CallIn) closing(last civil.Day) (time.Time, error) {
	if c.ClosesAt == endOfDay {
		return last.End().UTC(), nil
	}
	t, err := time.ParseInLocation(civil.DayLayout+" 15:04", string(last)+" "+c.ClosesAt, civil.London)
	if err != nil || len(c.ClosesAt) != len(endOfDay) || c.ClosesAt < "02:00" {
		return time.Time{}, fault.Invalid.Errorf("Enter the time call-in closes like 17:00, from 02:00 to 24:00, not “%s”.", text.Short(c.ClosesAt))
	}
	return t.UTC(), nil
}

// Closes is the first instant at which a decision published then can no longer
// be called in, by a calendar. It fails where the bank holidays that decide it
// are not known.
func (c CallIn) Closes(published time.Time, days civil.Calendar) (time.Time, error) {
	if c.Days == 0 {
		return published, nil
	}
	last, err := days.AddDays(civil.DayOf(published), c.Days, c.Calendar)
	if err != nil {
		return time.Time{}, err
	}
	return c.closing(last)
}

// MaySign reports whether an office is of a kind that may sign.
func (c CallIn) MaySign(o office.Office) bool {
	return slices.ContainsFunc(c.Signatories, func(g CallInGroup) bool { return g.has(o) })
}

// CheckSignature says what is wrong with the words of a signature.
func (c CallIn) CheckSignature(ground, reason string) error {
	var f fault.Faults
	if len(c.Grounds) > 0 && !slices.Contains(c.Grounds, ground) {
		f.Add("ground", "Choose one of the grounds in paragraph %s.", c.Paragraph)
	}
	text.Tidy(&f, "reason", "the reason for the call-in", reason, true, 2000)
	return f.Err()
}

// CallInTally is how the signatures under a decision stand.
type CallInTally struct {
	Group   CallInGroup // that has most signatures, the first of them
	Count   int         // of its persons who signed
	Valid   time.Time   // when some group had its number at once; zero while none had
	Stands  []CallInSignature
	LeftOut []string // each signature that does not count, and why
}

// Tally counts the signatures as they stood at an instant. A person counts once
// in a group, whatever offices they signed in. A signature may be withdrawn
// until the call-in closes or is valid: a valid call-in ends by its hearing,
// not because one of those who signed thinks again.
func (c CallIn) Tally(all []CallInSignature, published, closes, now time.Time) (t CallInTally) {
	type turn struct {
		at       time.Time
		n        int64
		sign     CallInSignature
		withdraw bool
	}
	var turns []turn
	for _, s := range all {
		if !happened(s.At, now) {
			continue
		}
		if why := c.leavesOut(s, published, closes); why != "" {
			t.leaveOut(s, why)
			continue
		}
		turns = append(turns, turn{s.At, s.N, s, false})
		if happened(s.WithdrawnAt, now) && s.WithdrawnAt.Before(closes) {
			turns = append(turns, turn{s.WithdrawnAt, s.WithdrawnN, s, true})
		}
	}
	slices.SortStableFunc(turns, func(a, b turn) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.n, b.n)) })
	for _, u := range turns {
		if u.withdraw {
			t.Stands = slices.DeleteFunc(t.Stands, func(s CallInSignature) bool { return s == u.sign })
			t.leaveOut(u.sign, "withdrawn "+civil.Clock(u.at))
			continue
		}
		t.Stands = append(t.Stands, u.sign)
		if t.Group, t.Count = c.nearest(t.Stands); t.Count >= t.Group.Need {
			t.Valid = u.at
			return t
		}
	}
	t.Group, t.Count = c.nearest(t.Stands)
	return t
}

// leavesOut is why a signature does not count, in the words that follow it.
func (c CallIn) leavesOut(s CallInSignature, published, closes time.Time) string {
	switch {
	case s.At.Before(published):
		return "before publication"
	case !s.At.Before(closes):
		return "signed after call-in closed"
	case !c.MaySign(s.Office):
		return "a role that may not sign"
	case len(c.Grounds) > 0 && !slices.Contains(c.Grounds, s.Ground):
		return "no ground from the scheme"
	}
	return ""
}

func (t *CallInTally) leaveOut(s CallInSignature, why string) {
	t.LeftOut = append(t.LeftOut, fmt.Sprintf("%s, %s: %s", cmp.Or(s.Office.Title, string(s.Office.Kind)), civil.Clock(s.At), why))
}

// nearest is a group that has its number, or else the first that has most.
func (c CallIn) nearest(stands []CallInSignature) (near CallInGroup, most int) {
	for i, g := range c.Signatories {
		persons := map[int64]bool{}
		for _, s := range stands {
			if g.has(s.Office) {
				persons[s.Person] = true
			}
		}
		n := len(persons)
		if n >= g.Need {
			return g, n
		}
		if i == 0 || n > most {
			near, most = g, n
		}
	}
	return near, most
}

// String is the group in words: 3 signatures (scrutineer or chair).
func (g CallInGroup) String() string {
	return text.Count(g.Need, "signature", "signatures") + " (" + kindList(g.Kinds) + ")"
}

// Window says in words how long a decision can be called in.
func (c CallIn) Window() string {
	return fmt.Sprintf("%s after the day of publication, closing at %s", civil.Days(c.Days, c.Calendar), c.closingWords())
}

func (c CallIn) closingWords() string {
	t, err := c.closing("2013-01-14")
	switch {
	case c.ClosesAt == endOfDay || err != nil:
		return "the end of the day"
	case c.ClosesAt == "12:00":
		return "midday"
	}
	return civil.Hour(t)
}

// Who says in words who may call in.
func (c CallIn) Who() string {
	groups := make([]string, len(c.Signatories))
	for i, g := range c.Signatories {
		groups[i] = g.String()
	}
	return strings.Join(groups, ", or ")
}
