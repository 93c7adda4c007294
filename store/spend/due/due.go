// Package due decides what was asked of a local policing body for a month of
// which it has published nothing. It knows no database.
package due

import (
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
)

// OrderFrom is the first day of the Elected Local Policing Bodies (Specified
// Information) Order 2011 (SI 2011/3050). A body’s own first day may be later:
// the months before it are those of its police authority.
const OrderFrom civil.Day = "2012-01-16"

// LateRule is when a publication counts as late. The Order says “as soon as
// practicable” after the end of the month, so the days are a parameter of the
// portal, with the day from which it holds.
type LateRule struct {
	Days int
	From civil.Day
	Note string
}

// Late is the rule in force. It is an assumption, and the publication record
// says so.
var Late = LateRule{31, OrderFrom, "The Order names no number of days. 31 is taken from the practice of councils, which publish within a month of the end of the quarter (Local Government Transparency Code)."}

// Of reports whether so many days after the end of a month count as late.
func (r LateRule) Of(m civil.Month, days int) bool { return days > r.Days && m.Last() >= r.From }

// Until is the last day on which a month is published in time. It is overdue on
// the day after.
func (r LateRule) Until(m civil.Month) civil.Day { return m.Last().Add(r.Days) }

// Duty says what is asked of a body, on a day, for a month of which it has
// published nothing.
type Duty string

// The duties. Only a month that is overdue is missing.
const (
	Overdue        Duty = "missing"
	NotYetDue      Duty = "not_yet_due"
	MonthNotOver   Duty = "not_over"
	NotBound       Duty = "not_bound"
	BeforeTheOrder Duty = "before_the_order"
)

// DutyOf decides what was asked of a body for a month, on a day. Every page,
// chart, file and feed that counts months missing counts them by this.
func DutyOf(b office.Body, m civil.Month, today civil.Day) Duty {
	last := m.Last()
	switch {
	case today <= last:
		return MonthNotOver
	case b.Kind == office.CommonCouncil:
		return NotBound
	case last < OrderFrom:
		return BeforeTheOrder
	case !Late.Of(m, last.Until(today)):
		return NotYetDue
	}
	return Overdue
}

// Duties counts months of bodies without a payment by what was asked for them.
type Duties struct {
	Overdue  int `json:"missing"`
	NotDue   int `json:"not_yet_due"`
	NotOver  int `json:"not_over"`
	NotBound int `json:"not_bound"`
	Before   int `json:"before_the_order"`
}

// Add counts a month.
func (n *Duties) Add(d Duty) {
	switch d {
	case Overdue:
		n.Overdue++
	case NotYetDue:
		n.NotDue++
	case MonthNotOver:
		n.NotOver++
	case NotBound:
		n.NotBound++
	case BeforeTheOrder:
		n.Before++
	}
}

// All is how many months there are.
func (n Duties) All() int { return n.Overdue + n.NotDue + n.NotOver + n.NotBound + n.Before }

// WholeYear is the newest financial year of which every month is due, so that
// bodies can be compared by it: the year in which it begins.
func WholeYear(today civil.Day) int {
	year := civil.PaidOf(today).Month().FinancialYear() - 1
	if today <= Late.Until(civil.MonthOf(year+1, 3)) {
		year--
	}
	return year
}

// Gap is a month of which a body has published nothing, with what was asked of
// it.
type Gap struct {
	Month civil.Month
	Duty  Duty
}
