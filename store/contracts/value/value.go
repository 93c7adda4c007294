// Package value counts the money of contracts: values by kind, totals that say
// what they leave out, what is committed and possible by financial year, and what
// was paid against it. All sums are whole pence, and every division adds up to
// what was divided. It knows no database.
//
// Values of different kinds are never added: an estimate, an award, a framework's
// maximum and a value a year are answers to different questions. The same holds
// for sums with and without VAT, and for currencies.
package value

import (
	"math/bits"
	"strconv"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/text"
)

// Kind says what a value is the value of.
type Kind string

// The kinds.
const (
	Estimate Kind = "estimate" // what the buyer expected before the award
	Awarded  Kind = "awarded"  // for the first term, on the day of the award
	Maximum  Kind = "maximum"  // the most that can be bought, promised to nobody: of a framework
	Current  Kind = "current"  // for the term as it stands, with every variation
	Yearly   Kind = "yearly"   // a year
	Paid     Kind = "paid"     // to date
)

// Kinds are all of them.
func Kinds() []Kind { return []Kind{Estimate, Awarded, Maximum, Current, Yearly, Paid} }

// String is the kind as people read it.
func (k Kind) String() string {
	return map[Kind]string{Estimate: "Estimate", Awarded: "Awarded", Maximum: "Maximum", Current: "Current", Yearly: "Yearly", Paid: "Paid"}[k]
}

// Basis says whether a value includes VAT.
type Basis string

// The bases. A register that does not say is the usual case.
const (
	NotSaid Basis = ""
	Net     Basis = "net"
	Gross   Basis = "gross"
)

// String is the basis as people read it.
func (b Basis) String() string {
	return map[Basis]string{NotSaid: "VAT not said", Net: "without VAT", Gross: "with VAT"}[b]
}

// Withheld says that a value is known and not published, and why.
type Withheld struct {
	Ground string    `json:"ground"` // such as section 43 of the Freedom of Information Act 2000
	By     string    `json:"by"`     // who decided it
	Review civil.Day `json:"review"` // the day on which it is decided again
}

// Value is one value of a contract, as one source states it.
type Value struct {
	Kind     Kind        `json:"kind"`
	Pence    money.Pence `json:"pence"`              // in hundredths of the currency
	Currency string      `json:"currency,omitempty"` // its ISO 4217 code; "" is GBP
	VAT      Basis       `json:"vat,omitempty"`
	Rate     int         `json:"rate,omitempty"` // of VAT, in hundredths of a per cent: 2000 is 20%; 0 is not said
	Day      civil.Day   `json:"day,omitempty"`  // as at
	Source   string      `json:"source,omitempty"`
	Withheld *Withheld   `json:"withheld,omitempty"`
}

// MostRate is the highest rate of VAT that is taken for meant: 100%.
const MostRate = 10_000

// Check notes all that is wrong with a value as somebody typed it. Fields are
// named kind, amount, currency, vat, rate, day and withheld.
func (v Value) Check(f *fault.Faults) {
	if v.Kind.String() == "" {
		f.Add("kind", "Choose what the value is: an estimate, awarded, a maximum, current, yearly or paid.")
	}
	if v.Pence.Size() > money.MaxValue {
		f.Add("amount", "Enter an amount of at most %s.", money.MaxValue)
	}
	if len(v.Currency) != 3 && v.Currency != "" {
		f.Add("currency", "Enter the three letters of the currency, such as EUR.")
	}
	if v.VAT.String() == "" {
		f.Add("vat", "Choose whether the value is with or without VAT, or not said.")
	}
	if v.Rate < 0 || v.Rate > MostRate || v.Rate > 0 && v.VAT == NotSaid {
		f.Add("rate", "Enter a rate of VAT from 0%% to %d%%, with the value said to be with or without it.", MostRate/100)
	}
	if v.Day != "" {
		civil.CheckDay(f, "day", "the date of the value", v.Day)
	}
	if v.Withheld != nil {
		if v.Withheld.Ground == "" {
			f.Add("withheld", "Enter the ground on which the value is withheld.")
		}
		civil.CheckDay(f, "withheld", "the day on which it is reviewed", v.Withheld.Review)
	}
}

// sterling reports whether the value is in pounds.
func (v Value) sterling() bool { return v.Currency == "" || v.Currency == "GBP" }

// As is the value on a basis, rounded half up to a penny. It is known where the
// value is stated on that basis, or where its own basis, the rate and the day are.
func (v Value) As(b Basis) (money.Pence, bool) {
	switch {
	case v.VAT == b:
		return v.Pence, true
	case v.VAT == NotSaid || b == NotSaid || v.Rate <= 0 || v.Day == "":
		return 0, false
	case b == Net:
		return part(v.Pence, MostRate, MostRate+int64(v.Rate)), true
	}
	return part(v.Pence, MostRate+int64(v.Rate), MostRate), true
}

// Newest is the value of a kind that holds on a day: that with the latest day up
// to it, and of several on one day the last one. A value without a day is the
// oldest.
func Newest(all []Value, kind Kind, on civil.Day) (v Value, found bool) {
	for _, one := range all {
		if one.Kind == kind && one.Day <= on && (!found || one.Day >= v.Day) {
			v, found = one, true
		}
	}
	return v, found
}

// part is v × k ÷ n, rounded to a whole penny, half away from zero. n is more than
// 0 and k at least 0. It cannot overflow where k ≤ n, and stops at the largest sum
// otherwise.
func part(v money.Pence, k, n int64) money.Pence {
	hi, lo := bits.Mul64(uint64(v.Size()), uint64(k))
	lo, carry := bits.Add64(lo, uint64(n)/2, 0)
	hi += carry
	most := money.Pence(1<<63 - 1)
	if hi >= uint64(n) {
		lo = uint64(most)
	} else {
		lo, _ = bits.Div64(hi, lo, uint64(n))
	}
	p := most
	if lo < uint64(most) {
		p = money.Pence(lo)
	}
	if v < 0 {
		return -p
	}
	return p
}

// Split divides a sum by weights of at least 0, so that the parts add up to it to
// the penny: each is the rounded sum of the weights up to it less that before it.
// It is nil where all weights are 0.
func Split(v money.Pence, weights []int64) []money.Pence {
	var all, done int64
	for _, w := range weights {
		all = money.Add(all, w)
	}
	if all <= 0 {
		return nil
	}
	parts := make([]money.Pence, len(weights))
	var before money.Pence
	for i, w := range weights {
		done += w
		upTo := part(v, done, all)
		parts[i], before = upTo-before, upTo
	}
	return parts
}

// Percent writes hundredths of a per cent: 17.5%.
func Percent(hundredths int) string {
	whole := strconv.Itoa(hundredths / 100)
	switch frac := hundredths % 100; {
	case frac == 0:
		return whole + "%"
	case frac%10 == 0:
		return whole + "." + strconv.Itoa(frac/10) + "%"
	default:
		return whole + "." + strconv.Itoa(100 + frac)[1:] + "%"
	}
}

// String is the value for people: £1,234.50, awarded, without VAT.
func (v Value) String() string {
	if v.Withheld != nil {
		return "Withheld: " + v.Withheld.Ground
	}
	sum := v.Pence.String()
	if !v.sterling() {
		sum = v.Currency + " " + v.Pence.Plain()
	}
	said := sum + ", " + text.Lower(v.Kind.String()) + ", " + v.VAT.String()
	if v.VAT != NotSaid && v.Rate > 0 {
		said += " at " + Percent(v.Rate)
	}
	return said
}
