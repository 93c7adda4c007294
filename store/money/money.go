// Package money holds amounts in pence.
package money

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/text"
)

// MaxValue keeps a sum of all items far from the end of int64: £100 billion.
const MaxValue Pence = 100_000_000_000_00

// TotalMost is what all files together may come to, so that no sum of any of
// their payments reaches the end of int64: £20 million billion.
const TotalMost Pence = 2_000_000_000_000_000_000

// Plus adds two sums. One that int64 cannot hold stays at its end, and never
// wraps to the other sign.
func (p Pence) Plus(o Pence) Pence { return Pence(Add(int64(p), int64(o))) }

// Minus takes o from p, as Plus adds.
func (p Pence) Minus(o Pence) Pence {
	if o == math.MinInt64 {
		return p.Plus(math.MaxInt64)
	}
	return p.Plus(-o)
}

// Size is the sum without its sign.
func (p Pence) Size() Pence {
	if p < 0 {
		return Pence(0).Minus(p)
	}
	return p
}

// Add is Plus of plain numbers.
func Add(a, b int64) int64 {
	switch {
	case b > 0 && a > math.MaxInt64-b:
		return math.MaxInt64
	case b < 0 && a < math.MinInt64-b:
		return math.MinInt64
	}
	return a + b
}

// Plain is a sum as it is typed, and as a spreadsheet reads it: 1234.50.
func (p Pence) Plain() string {
	sign, n := "", int64(p)
	if n < 0 {
		sign, n = "-", int64(p.Size())
	}
	return sign + strconv.FormatInt(n/100, 10) + "." + strconv.FormatInt(100+n%100, 10)[1:]
}

// Pence is a sum of money in pence.
type Pence int64

// String is the exact sum: £1,234,567.89.
func (p Pence) String() string {
	sign := ""
	if p < 0 {
		sign, p = "−", p.Size()
	}
	return fmt.Sprintf("%s£%s.%02d", sign, text.Thousands(int64(p/100)), int64(p%100))
}

// ParsePence reads a sum as people write it: 1,234.56, £1234, −5.10. It never
// guesses: anything else is refused.
func ParsePence(s string) (Pence, error) {
	refuse := fault.Invalid.Errorf("%q is not an amount of money. Enter it like 1,234.56.", text.Short(s))
	t := strings.TrimSpace(strings.ReplaceAll(s, "\u00a0", " "))
	neg := false
	for _, minus := range []string{"-", "−"} {
		if rest, ok := strings.CutPrefix(t, minus); ok {
			t, neg = rest, true
			break
		}
	}
	t = strings.TrimPrefix(t, "£")
	whole, frac, dot := strings.Cut(t, ".")
	if dot && len(frac) != 2 && len(frac) != 1 || !text.Digits(frac) {
		return 0, refuse
	}
	if strings.Contains(whole, ",") {
		groups := strings.Split(whole, ",")
		for i, g := range groups {
			if len(g) != 3 && (i > 0 || len(g) == 0 || len(g) > 3) {
				return 0, refuse
			}
		}
		whole = strings.Join(groups, "")
	}
	if whole == "" || !text.Digits(whole) || len(whole) > 15 {
		return 0, refuse
	}
	n, err := strconv.ParseInt(whole+(frac + "00")[:2], 10, 64)
	if err != nil {
		return 0, refuse
	}
	if neg {
		n = -n
	}
	return Pence(n), nil
}
