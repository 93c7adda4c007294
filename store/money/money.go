// Package money holds amounts in pence.
package money

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/text"
)

// MaxValue keeps a sum of all items far from the end of int64: £100 billion.
const MaxValue Pence = 100_000_000_000_00

// Plain is a sum as it is typed, and as a spreadsheet reads it: 1234.50.
func (p Pence) Plain() string {
	sign, n := "", int64(p)
	if n < 0 {
		sign, n = "-", -n
	}
	return sign + strconv.FormatInt(n/100, 10) + "." + strconv.FormatInt(100+n%100, 10)[1:]
}

// Pence is a sum of money in pence.
type Pence int64

// String is the exact sum: £1,234,567.89.
func (p Pence) String() string {
	sign := ""
	if p < 0 {
		sign, p = "−", -p
	}
	return fmt.Sprintf("%s£%s.%02d", sign, text.Thousands(int64(p/100)), int64(p%100))
}

// ParsePence reads a sum as people write it: 1,234.56, £1234, −5.10. It never
// guesses: anything else is refused.
func ParsePence(s string) (Pence, error) {
	refuse := fault.Invalid.Errorf("%q is not a sum of money: write it like 1,234.56.", text.Short(s))
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
