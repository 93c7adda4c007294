package value

import (
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/contracts/term"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/text"
)

// Payment is a published payment that names a contract.
type Payment struct {
	Day      civil.Day // "" where only a month or a quarter is known
	Supplier string    // the supplier's identity
	Pence    money.Pence
}

// Flag is a reason to ask about the payments of a contract.
type Flag string

// The flags, each a question and no finding.
const (
	PaidAfterEnd  Flag = "paid_after_end"  // after the last day to which it could run
	PaidMore      Flag = "paid_more"       // than the value of the contract
	NotPaid       Flag = "not_paid"        // in 12 months, though it runs
	PaidToAnother Flag = "paid_to_another" // a supplier that is none of the contract's
)

// QuietMonths is how long a running contract may go without a payment.
const QuietMonths = 12

// Raised is a flag with what raises it.
type Raised struct {
	Flag     Flag
	Payments int         // that raise it
	Pence    money.Pence // their sum; of PaidMore what was paid above the value
	Since    civil.Day   // of PaidAfterEnd the last day of the contract, of NotPaid the last payment or the first day
}

// Words are the flag in one sentence.
func (r Raised) Words() string {
	payments := text.Count(r.Payments, "payment", "payments")
	switch r.Flag {
	case PaidAfterEnd:
		return payments + " of " + r.Pence.String() + " were made after it ended on " + r.Since.String() + "."
	case PaidMore:
		return r.Pence.String() + " more was paid than the contract is worth."
	case NotPaid:
		return "No payment was published since " + r.Since.String() + ", though the contract runs."
	}
	return payments + " of " + r.Pence.String() + " went to another supplier."
}

// PaidToDate adds up the payments up to a day and raises flags about them. most is
// the value of the contract on the same basis as the payments, nil where it is not
// known: then nothing is said of it. suppliers are the identities of the contract's
// own; with none, nothing is said of them. Payments without a day are counted in
// the sum, and are never said to be late.
func PaidToDate(t *term.Term, most *money.Pence, suppliers []string, all []Payment, on civil.Day) (sum money.Pence, flags []Raised) {
	st := term.At(t, term.Known{On: on})
	after, other := Raised{Flag: PaidAfterEnd, Since: st.Last}, Raised{Flag: PaidToAnother}
	last, counted := civil.Day(""), 0
	for _, p := range all {
		if p.Day > on {
			continue
		}
		sum, last, counted = sum.Plus(p.Pence), max(last, p.Day), counted+1
		if st.Status == term.Ended && p.Day > st.Last {
			after.Payments, after.Pence = after.Payments+1, after.Pence.Plus(p.Pence)
		}
		if len(suppliers) > 0 && !slices.ContainsFunc(suppliers, func(s string) bool { return strings.EqualFold(s, p.Supplier) }) {
			other.Payments, other.Pence = other.Payments+1, other.Pence.Plus(p.Pence)
		}
	}
	if after.Payments > 0 {
		flags = append(flags, after)
	}
	if most != nil && sum > *most {
		flags = append(flags, Raised{Flag: PaidMore, Payments: counted, Pence: sum.Minus(*most)})
	}
	since := max(last, t.Start)
	runs := st.Status == term.Running || st.Status == term.InExtension || st.Status == term.NoticeMissed
	if runs && since != "" && since.AddMonths(QuietMonths) < on {
		flags = append(flags, Raised{Flag: NotPaid, Since: since})
	}
	if other.Payments > 0 {
		flags = append(flags, other)
	}
	return sum, flags
}
