package value

import (
	"github.com/police-ict/handover/store/money"
)

// Amendment is one row of a register that has a row for each change of a contract.
type Amendment struct {
	To     money.Pence // the value of the contract after it, as stated
	By     money.Pence // the change, as stated
	Stated bool        // whether a change is stated at all
}

// Question is what is odd about an amendment.
type Question string

// The questions.
const (
	DoesNotAdd Question = "does_not_add" // the value before and the stated change do not give the value after
	Slip       Question = "slip"         // the value is about 100 or 1,000 times that before, or as little of it
)

// Asked is a question about an amendment, with the figures that raise it.
type Asked struct {
	Nth      int // the place of the amendment, from 0
	Question Question
	Before   money.Pence // the value before it
	Counted  money.Pence // of DoesNotAdd, the value before and the stated change
	Factor   int64       // of Slip, 100 or 1,000
}

// Words are the question as somebody would put it.
func (q Asked) Words(a Amendment) string {
	if q.Question == Slip {
		return "The value went from " + q.Before.String() + " to " + a.To.String() + ". Is that a slip of the decimal point?"
	}
	return "The stated change gives " + q.Counted.String() + ", but the stated value is " + a.To.String() + ". Which is right?"
}

// tolerance is what rounding may make of a stated change: a penny.
const tolerance money.Pence = 1

// CheckAmendments looks at the amendments of a contract in order, the first of
// which follows the value at the start. Nothing is put right: the stated values
// stand, and the questions are for somebody to answer.
func CheckAmendments(start money.Pence, all []Amendment) (asked []Asked) {
	before := start
	for n, a := range all {
		if counted := before.Plus(a.By); a.Stated && counted.Minus(a.To).Size() > tolerance {
			asked = append(asked, Asked{Nth: n, Question: DoesNotAdd, Before: before, Counted: counted})
		}
		for _, factor := range []int64{100, 1000} {
			if slipped(before, a.To, factor) {
				asked = append(asked, Asked{Nth: n, Question: Slip, Before: before, Factor: factor})
			}
		}
		before = a.To
	}
	return asked
}

// slipped reports whether one sum is so many times the other, but for the pence
// that were lost with the point.
func slipped(a, b money.Pence, factor int64) bool {
	small, large := min(a, b), max(a, b)
	if small <= 0 {
		return false
	}
	return part(small, factor, 1).Minus(large).Size() <= money.Pence(factor*100)
}
