package term

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/text"
)

// Unit is what notice is counted in.
type Unit string

// The units. Weeks are kept as days.
const (
	Months Unit = "months"
	Days   Unit = "days"
)

// Notice is how long before an end notice must be given. The zero Notice is none
// that is stated: then the last day itself is the last day to act.
type Notice struct {
	N    int  `json:"n"`
	Unit Unit `json:"unit"`
}

// Stated reports whether the contract says how long the notice is.
func (n Notice) Stated() bool { return n.N > 0 }

// Before is the last day on which notice for an end is in time: the end less the
// months, the day number held to the end of the month, or less the days. Notice
// given on that day is in time.
func (n Notice) Before(last civil.Day) civil.Day { return n.from(last, -n.N) }

// After is the first day on which notice given on a day can end a contract.
func (n Notice) After(given civil.Day) civil.Day { return n.from(given, n.N) }

func (n Notice) from(d civil.Day, by int) civil.Day {
	switch {
	case n.N <= 0 || d == "":
		return d
	case n.Unit == Days:
		return civil.Numbered(d.Number() + by)
	}
	return d.AddMonths(by)
}

// String is the length in words: 3 months, 1 day; "" where it is not stated.
func (n Notice) String() string {
	switch {
	case !n.Stated():
		return ""
	case n.Unit == Days:
		return text.Count(n.N, "day", "days")
	}
	return text.Count(n.N, "month", "months")
}

func (n Notice) check(f *fault.Faults, field string) {
	most := MostNotice
	if n.Unit == Days {
		most = MostNotice * 30
	}
	if n.N < 0 || n.N > most || n.N > 0 && n.Unit != Months && n.Unit != Days {
		f.Add(field, "Enter the notice in months or days, up to %d years.", MostNotice/12)
	}
}

var (
	noticeTyped  = regexp.MustCompile(`^(\w+|\d,\d{3}) ?(months?|mths?|days?|weeks?|wks?|years?|yrs?)(?: written| prior)?(?: notice)?$`)
	optionsTyped = regexp.MustCompile(`^(?:options? )?(?:of )?(?:(\w+) ?(?:x|×) ?)?(\w+) ?(months?|mths?|m|years?|yrs?|y)?$`)
	small        = []string{"", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}
)

// ParseNotice reads a notice as it is typed or stands in a register: 3 months,
// 90 days, six weeks' notice. Nothing, 0 and none are no notice that is stated.
// A number without its unit is refused.
func ParseNotice(s string) (Notice, error) {
	typed := plain(s)
	switch typed {
	case "", "0", "none", "not stated", "n/a":
		return Notice{}, nil
	}
	refuse := fault.Invalid.Errorf("%q is not a length of notice. Enter it like 3 months or 90 days.", text.Short(s))
	part := noticeTyped.FindStringSubmatch(typed)
	if part == nil {
		return Notice{}, refuse
	}
	n := Notice{Unit: Days}
	var ok bool
	if n.N, ok = number(strings.ReplaceAll(part[1], ",", "")); !ok {
		return Notice{}, refuse
	}
	switch part[2][0] {
	case 'w':
		n.N *= 7
	case 'm':
		n.Unit = Months
	case 'y':
		n.N, n.Unit = n.N*12, Months
	}
	var f fault.Faults
	if n.check(&f, "notice"); f != nil {
		return Notice{}, refuse
	}
	if n.N == 0 {
		return Notice{}, nil
	}
	return n, nil
}

// ParseOptions reads options to extend as they stand in a register: 12+12, 2 x
// 12 months, 1 year + 6 months. Each is its months, from 1 to MostMonths, in the
// order in which they are taken. Numbers alone are months. Nothing is none.
func ParseOptions(s string) (months []int, err error) {
	typed := plain(s)
	if typed == "" || typed == "none" {
		return nil, nil
	}
	refuse := fault.Invalid.Errorf("%q is not a list of options. Enter their months like 12+12.", text.Short(s))
	for part := range strings.SplitSeq(strings.NewReplacer(",", "+", "&", "+").Replace(typed), "+") {
		read := optionsTyped.FindStringSubmatch(strings.TrimSpace(part))
		if read == nil {
			return nil, refuse
		}
		times, n := 1, 0
		ok := true
		if read[1] != "" {
			times, ok = number(read[1])
		}
		if ok {
			n, ok = number(read[2])
		}
		if strings.HasPrefix(read[3], "y") {
			n *= 12
		}
		if !ok || n < 1 || n > MostMonths || times < 1 || len(months)+times > 24 {
			return nil, refuse
		}
		for range times {
			months = append(months, n)
		}
	}
	return months, nil
}

// plain is a cell in lower case on one line, without apostrophes.
func plain(s string) string {
	return strings.NewReplacer("'", "", "’", "", "calendar ", "").Replace(strings.ToLower(strings.TrimSuffix(text.OneLine(s), ".")))
}

// number reads 3 or three, up to four digits.
func number(s string) (int, bool) {
	for n, word := range small {
		if n > 0 && s == word {
			return n, true
		}
	}
	if len(s) > 4 || s == "" || !text.Digits(s) {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}
