// Package payments says which payments are asked for: filters, kinds of payee
// and the methods by which payments are flagged. It is pure.
package payments

import (
	"slices"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend/classify"
)

// PayeeKind says what is known of who was paid.
type PayeeKind uint8

// The kinds of payee.
const (
	Named     PayeeKind = iota
	NotStated           // the supplier's cell is blank, or there is no such column
	Redacted            // withheld by the publisher
	Withheld            // withheld here, with a reason
)

// String is what is shown in place of a name.
func (k PayeeKind) String() string {
	return [...]string{"named", "Not stated", "Redacted by the publisher", "Withheld"}[k]
}

// Filter is which lines are asked for. The zero filter is all lines of
// all bodies, IT or not.
type Filter struct {
	Bodies   []string // slugs
	Region   string
	Supplier string   // slug
	Category []string // slugs of the taxonomy; "none" is IT of no category
	Class    []classify.Class
	Years    []int       // in which financial years begin
	From, To civil.Month // 0 is open
	Text     string
	Least    *money.Pence
	Most     *money.Pence
	Flag     string // method that flags the line
	Payee    []PayeeKind
}

// Fine reports whether the filter asks for what the roll-ups do not hold, so
// that rows must be added up.
func (f Filter) Fine() bool { return f.Least != nil || f.Most != nil || f.Flag != "" }

// Chosen are the local policing bodies that the filter asks for.
func (f Filter) Chosen() (all []office.Body) {
	for _, b := range office.LocalPolicingBodies() {
		if (len(f.Bodies) == 0 || slices.Contains(f.Bodies, b.Slug)) && (f.Region == "" || f.Region == b.Region) {
			all = append(all, b)
		}
	}
	return all
}

// AsksPeriod reports whether a period is wholly within the months asked for. A
// quarter that is only partly asked for is not in it, nor is what is not dated
// when months are asked for.
func (f Filter) AsksPeriod(p civil.Period) bool {
	if p.Month == 0 {
		return f.From == 0 && f.To == 0 && len(f.Years) == 0
	}
	for _, m := range p.Months() {
		if f.From != 0 && m < f.From || f.To != 0 && m > f.To || len(f.Years) > 0 && !slices.Contains(f.Years, m.FinancialYear()) {
			return false
		}
	}
	return true
}

// Regions are the regions of England, and Wales, that hold a police force.
func Regions() []string { return office.Regions() }

// Statutory is the amount above which each item must be published with its
// recipient, purpose and reasons: SI 2011/3050, schedule, paragraph 3(g).
const Statutory = 500_00

// A Method finds lines that are a reason to ask. It is never a verdict.
type Method struct {
	Code, Name string
	How        string // what it looks for
	Blind      string // what it cannot know
	Looks      string // what it looks at
}

// The methods.
const (
	FlagDuplicate = "duplicate"
	FlagSplit     = "split"
	FlagHeld      = "held"
	FlagBefore    = "before"
)

// Undecided chooses the payments that are under no decision. It is no method: most
// payments need none of the company.
const Undecided = "undecided"

// FlagName is what a filter by a method, or by Undecided, is called, "" for any
// other.
func FlagName(code string) string {
	if code == Undecided {
		return "No linked decision"
	}
	for _, m := range Methods {
		if m.Code == code {
			return m.Name
		}
	}
	return ""
}

// OfDecisions reports whether a method compares payments with decisions.
func OfDecisions(method string) bool { return method == FlagHeld || method == FlagBefore }

const looksOnce = "Every payment in every file included in the totals, IT or not, once, when the file is loaded."

// Methods are the methods in use, as their page explains them.
var Methods = []Method{
	{FlagDuplicate, "Likely duplicate payment",
		"Two or more payments in one file with the same body, supplier, purpose, category, cost centre, day and amount, of £500 or more, that do not share one transaction number.",
		"Whether two deliveries of the same price were paid on one day; whether one of the payments was cancelled later; a repeat in another file or under another spelling.",
		looksOnce + " A payment with no date, no named supplier, or an amount of zero or less, is checked but never flagged."},
	{FlagSplit, "Same-day split around £10,000",
		"Two or more transactions of one file with the same body, supplier, purpose, category, cost centre and day, each below £10,000 and together £10,000 or more.",
		"Whether they belong to one contract; whether they follow a call-off or a price list; a split over several days, purposes or suppliers.",
		looksOnce + " A payment with no date, no named supplier, or an amount of zero or less, is checked but never flagged."},
	{FlagHeld, "Paid while the decision was on hold",
		"A payment linked to a decision and paid on a day when the decision had been made but could not be implemented: it was not published, was on hold for call-in, had been called in, or had ended. A payment without a date is compared on the day its file was loaded.",
		"Whether an earlier decision on the same contract covers the payment; whether two bodies use one reference for two contracts; a payment that names no contract; a decision proposed after the file was loaded.",
		looksOnce + " A payment is linked if it names the contract reference of the decision, or if an officer links it. Spaces and capitals in a reference are ignored, and a reference without a digit is not used. Links that are added or removed later count from then on."},
	{FlagBefore, "Paid before the decision was made",
		"A payment linked to a decision and paid before that decision was made. If only the month or quarter is published, its last day counts.",
		"Whether an earlier decision on the same contract covers the payment; whether two bodies use one reference for two contracts; a payment that names no contract, or has no date.",
		looksOnce + " A payment is linked if it names the contract reference of the decision, or if an officer links it. Spaces and capitals in a reference are ignored, and a reference without a digit is not used. Links that are added or removed later count from then on."},
}
