package value

import (
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
)

// Share is what one body bears of a value: a percentage of it or a sum, never
// both.
type Share struct {
	Percent int         `json:"percent,omitempty"` // in hundredths of a per cent: 2500 is 25%
	Pence   money.Pence `json:"pence,omitempty"`
}

// whole is 100%.
const whole = 10_000

// Divide gives each body its part of a value, in order. The parts add up to the
// value to the penny. Shares that do not come to 100%, or to the value, are
// refused, and so are percentages beside sums.
func Divide(v money.Pence, shares []Share) ([]money.Pence, error) {
	var sum money.Pence
	var parts []money.Pence
	var weights []int64
	percent := 0
	for _, s := range shares {
		switch {
		case s.Percent < 0 || s.Percent > whole || s.Pence < 0:
			return nil, fault.Field("shares", "Enter shares from 0%% to 100%%, or sums of 0 or more.")
		case s.Percent > 0 && s.Pence > 0:
			return nil, fault.Field("shares", "Enter each share as a percentage or as a sum, not both.")
		}
		percent, sum = percent+s.Percent, sum.Plus(s.Pence)
		weights, parts = append(weights, int64(s.Percent)), append(parts, s.Pence)
	}
	switch {
	case percent > 0 && sum > 0:
		return nil, fault.Field("shares", "Enter all shares as percentages, or all as sums.")
	case percent > 0 && percent != whole:
		return nil, fault.Field("shares", "The shares come to %s, not to 100%%. Change one of them.", Percent(percent))
	case percent > 0:
		return Split(v, weights), nil
	case sum != v || len(shares) == 0:
		return nil, fault.Field("shares", "The shares come to %s, and the value is %s. Change one of them.", sum, v)
	}
	return parts, nil
}
