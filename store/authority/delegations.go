package authority

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
)

// What an office may let another do for it.
const (
	FunctionVote    = "vote"    // act for the body as a member
	FunctionDecide  = "decide"  // decide what the office decides
	FunctionConsent = "consent" // give or refuse a consent
	FunctionView    = "view"    // give the view that is asked for before a decision
)

// Functions lists them all.
var Functions = []string{FunctionVote, FunctionDecide, FunctionConsent, FunctionView}

// Delegation is one office letting another act for it. Its JSON is its public row.
type Delegation struct {
	ID        int64         `json:"id"`
	From      office.Office `json:"from_office"`
	To        office.Office `json:"to_office"`
	Function  string        `json:"function"`         // one of Functions
	Matter    string        `json:"matter,omitempty"` // key of a kind of matter of the scheme, "" is every kind
	Limited   bool          `json:"limited,omitempty"`
	Limit     money.Pence   `json:"limit_pence,omitempty"` // of whole-life value, where Limited
	First     civil.Day     `json:"from"`
	Last      civil.Day     `json:"to,omitempty"` // "" while none is set
	MayPassOn bool          `json:"may_be_passed_on,omitempty"`
	PassedOn  int64         `json:"passed_on_from,omitempty"` // the delegation that this one passes on, 0 is none
	MadeBy    int64         `json:"made_by"`                  // person
	N         int64         `json:"event"`                    // that made it
	EndedBy   int64         `json:"ended_by,omitempty"`       // who set the last day afterwards, 0 is nobody
}

// InForce reports whether the delegation runs on a day. One that was passed on
// has force only where Chain finds no fault too.
func (d Delegation) InForce(on civil.Day) bool {
	return d.First <= on && (d.Last == "" || on <= d.Last)
}

// State is the delegation’s own state on a day, in a word or two.
func (d Delegation) State(on civil.Day) string {
	switch {
	case on < d.First:
		return "begins later"
	case !d.InForce(on):
		return "ended"
	}
	return "in force"
}

// within says why the delegation passes on more than p gives, or nil.
func (d Delegation) within(p Delegation) error {
	switch {
	case d.From.ID != p.To.ID:
		return fault.Forbidden.Errorf("Only %s can pass on delegation %d.", p.To.Title, p.ID)
	case !p.MayPassOn:
		return fault.Forbidden.Errorf("Delegation %d may not be passed on.", p.ID)
	case d.Function != p.Function:
		return fault.Field("function", "Delegation %d is for another purpose and cannot be passed on here.", p.ID)
	case p.Matter != "" && d.Matter != p.Matter:
		return fault.Field("matter", "Delegation %d covers only “%s” decisions. Enter that type.", p.ID, p.Matter)
	case p.Limited && (!d.Limited || d.Limit > p.Limit):
		return fault.Field("limit", "Delegation %d has a limit of %s. Enter a limit up to that amount.", p.ID, p.Limit)
	}
	return nil
}

// Chain says why a delegation has no force on a day, or nil. One that was
// passed on has force only while that which it passes on has, may be passed on,
// and is no narrower in function, matter and limit; and so on to the first.
func Chain(all []Delegation, d Delegation, on civil.Day) error {
	for range len(all) + 1 {
		if !d.InForce(on) {
			return fault.Forbidden.Errorf("Delegation %d was not in force on %s. It %s.", d.ID, on, d.runs(on))
		}
		if d.PassedOn == 0 {
			return nil
		}
		i := slices.IndexFunc(all, func(p Delegation) bool { return p.ID == d.PassedOn })
		if i < 0 {
			return fault.Forbidden.Errorf("Delegation %d passes on delegation %d, which does not exist.", d.ID, d.PassedOn)
		}
		if err := d.within(all[i]); err != nil {
			return fault.Forbidden.Errorf("%s", err)
		}
		d = all[i]
	}
	return fault.Forbidden.Errorf("Delegation %d was passed on from itself.", d.ID)
}

func (d Delegation) runs(on civil.Day) string {
	if on < d.First {
		return "begins on " + d.First.String()
	}
	return "ended on " + d.Last.String()
}

// ForbiddenDelegate refuses a delegate to whom a local policing body may not
// delegate: a constable; another commissioner; a body that maintains a police
// force; the staff of either (Police Reform and Social Responsibility Act 2011,
// section 18(3) and (6); all 43 are held to it here, though MOPAC and the Common
// Council have provisions of their own). Whoever holds the office is also what
// their other offices make them: a constable who is chief executive too is a
// constable.
func ForbiddenDelegate(from, to office.Office, alsoHeld []office.Office) error {
	if b, ok := office.BodyOf(from.Body); !ok || !b.LocalPolicing() {
		return nil
	}
	for _, o := range append([]office.Office{to}, alsoHeld...) {
		if who := barred(from, o); who != "" {
			return fault.Forbidden.Errorf("A commissioner may not delegate to %s, and %s is one (Police Reform and Social Responsibility Act 2011, section 18).", who, o.Title)
		}
	}
	return nil
}

// barred is what makes an office’s holder a forbidden delegate, or "".
func barred(from, o office.Office) string {
	b, ok := office.BodyOf(o.Body)
	switch {
	case o.Kind == office.Constable:
		return "a constable"
	case !ok || o.Body == from.Body || !b.LocalPolicing() && b.Kind != office.PoliceAuthority:
		return ""
	case o.Kind == office.CommissionerOffice && b.Kind == office.Commissioner:
		return "another commissioner"
	case o.Kind == office.CommissionerOffice:
		return "a body that maintains a police force"
	}
	return "a member of the staff of another body that maintains a police force"
}

// MayEnd says whether v may set the delegation’s last day, or why not.
func (d Delegation) MayEnd(v office.Viewer, today civil.Day) error {
	switch {
	case v.Person == 0 || v.Office.ID != d.From.ID:
		return fault.Forbidden.Errorf("Only the person acting as %s can end this delegation.", d.From.Title)
	case d.Last != "" && d.Last < today:
		return fault.Conflict.Errorf("This delegation already ended on %s.", d.Last)
	}
	return nil
}

// MayPass says whether v may pass the delegation on, or why not.
func (d Delegation) MayPass(v office.Viewer, today civil.Day) error {
	switch {
	case v.Person == 0 || v.Office.ID != d.To.ID:
		return fault.Forbidden.Errorf("Only the person acting as %s can pass this delegation on.", d.To.Title)
	case !d.MayPassOn:
		return fault.Forbidden.Errorf("Delegation %d may not be passed on.", d.ID)
	case d.Last != "" && d.Last < today:
		return fault.Conflict.Errorf("This delegation ended on %s, so it cannot be passed on.", d.Last)
	}
	return nil
}

var delegatedMatter = regexp.MustCompile(`^[a-z0-9-]{0,40}$`)

// Check tidies a delegation to be made on a day and says what is wrong with it.
func (d Delegation) Check(today civil.Day) (Delegation, error) {
	var f fault.Faults
	if !slices.Contains(Functions, d.Function) {
		f.Add("function", "Choose what the role may do.")
	}
	if !delegatedMatter.MatchString(d.Matter) {
		f.Add("matter", "Enter the type of decision in lower-case letters, digits and hyphens, up to 40 characters.")
	}
	switch {
	case !d.Limited:
		d.Limit = 0
	case d.Limit < 0:
		f.Add("limit", "Enter a limit of £0.00 or more.")
	}
	civil.CheckDay(&f, "from", "the first day of the delegation", d.First)
	civil.CheckLast(&f, d.First, d.Last)
	if d.First != "" && d.First < today {
		f.Add("from", "The first day must be today or later.")
	}
	if d.To.ID != 0 && d.To.ID == d.From.ID {
		f.Add("office", "Choose another role. A role cannot delegate to itself.")
	}
	return d, f.Err()
}

// inTime says why the days of the delegation are not within those of p, or nil.
func (d Delegation) inTime(p Delegation) error {
	switch {
	case d.First < p.First:
		return fault.Field("from", "Delegation %d begins on %s. Enter that date or a later one.", p.ID, p.First)
	case p.Last != "" && (d.Last == "" || d.Last > p.Last):
		return fault.Field("to", "Delegation %d ends on %s. Enter that date or an earlier one.", p.ID, p.Last)
	}
	return nil
}

// Terms is what the delegation says, whoever recorded it and when.
func (d Delegation) Terms() Delegation {
	d.ID, d.MadeBy, d.N, d.EndedBy = 0, 0, 0, 0
	return d
}

// Subject names the delegation in the record.
func (d Delegation) Subject() string { return fmt.Sprintf("delegation/%d", d.ID) }

// Fits says why a delegation cannot stand among all that there are, or nil.
// parent is the one that it passes on, if it does.
func (d Delegation) Fits(parent Delegation, all []Delegation) error {
	if d.PassedOn != 0 {
		if err := cmp.Or(d.within(parent), d.inTime(parent), Chain(all, parent, d.First)); err != nil {
			return err
		}
	}
	for _, had := range all {
		if had.Terms() == d {
			return fault.Conflict.Errorf("Delegation %d already says exactly this.", had.ID)
		}
	}
	return nil
}
