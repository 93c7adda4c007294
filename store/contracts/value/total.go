package value

import (
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/text"
)

// Item is a contract that is counted.
type Item struct {
	Contract  string // its number
	Framework bool   // it commits nobody to buy
	Endless   bool   // it has no end, so that a yearly value gives no value of the whole
	Values    []Value
}

// Want is what a total adds up: one kind, on one basis, in pounds, as at a day.
type Want struct {
	Kind Kind
	VAT  Basis
	On   civil.Day
}

// Reason is why a contract is left out of a total. Each has one, the first of
// the list that holds.
type Reason string

// The reasons.
const (
	IsFramework   Reason = "framework"      // and no maximum is asked for
	NoValue       Reason = "no_value"       // nothing is stated
	YearlyNoEnd   Reason = "yearly_no_end"  // a yearly value only, and no end
	OtherKind     Reason = "other_kind"     // values of other kinds only
	IsWithheld    Reason = "withheld"       // it is known and not published
	OtherCurrency Reason = "other_currency" // not pounds
	VATNotSaid    Reason = "vat_not_said"   // and the total is with, or without, VAT
	OtherVAT      Reason = "other_vat"      // on another basis, without rate or day
	NoEnd         Reason = "no_end"         // of a forecast: no end is known
	NoStart       Reason = "no_start"       // of a forecast: no first day is known
)

// Reasons are all of them, in the order in which they are looked for.
func Reasons() []Reason {
	return []Reason{IsFramework, NoValue, YearlyNoEnd, OtherKind, IsWithheld, OtherCurrency, VATNotSaid, OtherVAT, NoEnd, NoStart}
}

// words are the reason for so many contracts: "1 is a framework".
func (r Reason) words(n int) string {
	forms := map[Reason][2]string{
		IsFramework:   {"is a framework, which commits nobody", "are frameworks, which commit nobody"},
		NoValue:       {"states no value", "state no value"},
		YearlyNoEnd:   {"has a yearly value and no end", "have a yearly value and no end"},
		OtherKind:     {"has only a value of another kind", "have only values of another kind"},
		IsWithheld:    {"has its value withheld", "have their values withheld"},
		OtherCurrency: {"is in another currency", "are in other currencies"},
		VATNotSaid:    {"does not say whether VAT is included", "do not say whether VAT is included"},
		OtherVAT:      {"is stated on another VAT basis", "are stated on another VAT basis"},
		NoEnd:         {"has no known end", "have no known end"},
		NoStart:       {"has no known first day", "have no known first day"},
	}
	return text.Count(n, forms[r][0], forms[r][1])
}

// LeftOut are the contracts that a total leaves out for a reason.
type LeftOut struct {
	Reason    Reason
	Contracts []string // their numbers, in the order given
}

// Total is a sum that says what it leaves out: its contracts and those left out
// are all that there were.
type Total struct {
	Want
	Sum       money.Pence
	Contracts int       // that are counted in Sum
	LeftOut   []LeftOut // in the order of Reasons, none of them empty
}

// Sum adds up values of contracts. It never adds unlike kinds: a contract of which
// the kind is not stated is left out, with the reason.
func Sum(items []Item, w Want) Total {
	t := Total{Want: w}
	out := map[Reason][]string{}
	for _, i := range items {
		p, why := i.counted(w)
		if why != "" {
			out[why] = append(out[why], i.Contract)
			continue
		}
		t.Sum = t.Sum.Plus(p)
		t.Contracts++
	}
	t.LeftOut = sorted(out)
	return t
}

func sorted(out map[Reason][]string) (all []LeftOut) {
	for _, r := range Reasons() {
		if len(out[r]) > 0 {
			all = append(all, LeftOut{r, out[r]})
		}
	}
	return all
}

// counted is what a contract adds to a total, or why it adds nothing.
func (i Item) counted(w Want) (money.Pence, Reason) {
	v, found := Newest(i.Values, w.Kind, w.On)
	known := slices.ContainsFunc(i.Values, func(v Value) bool { return v.Day <= w.On })
	switch {
	case i.Framework && w.Kind != Maximum:
		return 0, IsFramework
	case !known:
		return 0, NoValue
	case !found && i.Endless && !slices.ContainsFunc(i.Values, func(v Value) bool { return v.Kind != Yearly && v.Day <= w.On }):
		return 0, YearlyNoEnd
	case !found:
		return 0, OtherKind
	case v.Withheld != nil:
		return 0, IsWithheld
	case !v.sterling():
		return 0, OtherCurrency
	}
	p, ok := v.As(w.VAT)
	switch {
	case ok:
		return p, ""
	case v.VAT == NotSaid:
		return 0, VATNotSaid
	}
	return 0, OtherVAT
}

// Out is how many contracts are left out.
func (t Total) Out() (n int) {
	for _, l := range t.LeftOut {
		n += len(l.Contracts)
	}
	return n
}

// Words are the line under a total: "Current value of 5 contracts, without VAT. 3
// are left out: 1 is a framework, which commits nobody; 2 state no value."
func (t Total) Words() string {
	said := t.Kind.String() + " value of " + text.Count(t.Contracts, "contract", "contracts") + ", " + t.VAT.String() + "."
	return said + leftOutWords(t.LeftOut)
}

func leftOutWords(all []LeftOut) string {
	n := 0
	var parts []string
	for _, l := range all {
		n += len(l.Contracts)
		parts = append(parts, l.Reason.words(len(l.Contracts)))
	}
	if n == 0 {
		return ""
	}
	return " " + text.Count(n, "is", "are") + " left out: " + strings.Join(parts, "; ") + "."
}

// Headroom is what a framework's maximum leaves for more call-offs: the maximum
// less what was awarded by those that are known. It is less than nothing where
// they are more, which is a reason to ask and is never hidden. ok is false where
// the maximum is not known on the basis.
func Headroom(framework []Value, callOffs []Item, vat Basis, on civil.Day) (left money.Pence, called Total, ok bool) {
	most, why := Item{Values: framework}.counted(Want{Maximum, vat, on})
	called = Sum(callOffs, Want{Awarded, vat, on})
	if why != "" {
		return 0, called, false
	}
	return most.Minus(called.Sum), called, true
}
