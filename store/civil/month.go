package civil

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/text"
)

// Month is a calendar month, counted from January of the year 0.
type Month int

// MonthOf is a month of a year; month is 1 to 12.
func MonthOf(year, month int) Month { return Month(year*12 + month - 1) }

// ParseMonth reads a month written 2012-03.
func ParseMonth(s string) (Month, error) {
	t, err := time.Parse("2006-01", s)
	if err != nil || t.Year() < 1990 || t.Year() > 2079 {
		return 0, fault.Invalid.Errorf("%q is not a month. Enter it like 2012-03.", text.Short(s))
	}
	return MonthOf(t.Year(), int(t.Month())), nil
}

// Parts are the year and the month of the year, 1 to 12.
func (m Month) Parts() (year, month int) { return int(m) / 12, int(m)%12 + 1 }

// String is the month in words: "March 2012".
func (m Month) String() string {
	y, n := m.Parts()
	return fmt.Sprintf("%s %d", time.Month(n), y)
}

// Code is the month as it stands in an address: "2012-03".
func (m Month) Code() string {
	y, n := m.Parts()
	return fmt.Sprintf("%04d-%02d", y, n)
}

// MarshalText is the month as it stands in an address.
func (m Month) MarshalText() ([]byte, error) { return []byte(m.Code()), nil }

// UnmarshalText reads a month as it stands in an address.
func (m *Month) UnmarshalText(b []byte) (err error) { *m, err = ParseMonth(string(b)); return err }

// FinancialYear is the year in which the month's financial year begins: 2011
// for April 2011 to March 2012.
func (m Month) FinancialYear() int { return (int(m) - 3) / 12 }

// First and Last are the days that a month begins and ends on.
func (m Month) First() Day { return Day(m.Code() + "-01") }

// Last is the last day of the month.
func (m Month) Last() Day {
	y, n := m.Parts()
	return Day(time.Date(y, time.Month(n)+1, 0, 12, 0, 0, 0, time.UTC).Format(DayLayout))
}

// YearWords is a financial year in words: "2011–12".
func YearWords(year int) string { return fmt.Sprintf("%d–%02d", year, (year+1)%100) }

// Paid is when a line was paid, as far as it was published: a day, or only the
// month or the quarter that its file is for. It sorts by time. The digits are
// yyyymmdd; a month alone has 00 for the day, and a quarter, named by its last
// month, 32. 0 is not dated at all.
type Paid int32

// PaidOn is a day's Paid.
func PaidOn(year, month, day int) Paid { return Paid(year*10000 + month*100 + day) }

// QuarterDay stands for the day where only a quarter is known.
const QuarterDay = 32

// Month is the month of the day, or the last month of the quarter.
func (p Paid) Month() Month { return MonthOf(int(p)/10000, int(p)/100%100) }

// Quarter reports whether only the quarter is known.
func (p Paid) Quarter() bool { return p%100 == QuarterDay }

// Day is the day, "" where it was not published.
func (p Paid) Day() Day {
	if d := p % 100; d == 0 || d == QuarterDay {
		return ""
	}
	return Day(fmt.Sprintf("%04d-%02d-%02d", p/10000, p/100%100, p%100))
}

// String is what is known, in words.
func (p Paid) String() string {
	if p == 0 {
		return "Not dated"
	}
	if d := p.Day(); d != "" {
		return d.String()
	}
	return p.Period().String()
}

// Code is what is known, as exports have it: 2012-03-30, 2012-03 or 2012-Q1.
func (p Paid) Code() string {
	if p == 0 {
		return ""
	}
	if d := p.Day(); d != "" {
		return string(d)
	}
	return p.Period().Code()
}

// Period is the month or the quarter that a payment is counted in.
func (p Paid) Period() Period {
	if p == 0 {
		return Period{}
	}
	return Period{p.Month(), p.Quarter()}
}

// PaidOf is a day's Paid; "" is 0.
func PaidOf(d Day) Paid {
	n, err := strconv.Atoi(strings.ReplaceAll(string(d), "-", ""))
	if err != nil {
		return 0
	}
	return Paid(n)
}

// Period is a month, or where Quarter is set the three months that end with it.
// A payment of which only the quarter is known is counted in no month.
type Period struct {
	Month   Month
	Quarter bool
}

// ParsePeriod reads a month, 2012-02, or a quarter of the calendar year,
// 2012-Q1, which is January to March 2012.
func ParsePeriod(s string) (Period, error) {
	if year, q, ok := strings.Cut(s, "-Q"); ok && len(q) == 1 && q >= "1" && q <= "4" {
		if m, err := ParseMonth(fmt.Sprintf("%s-%02d", year, 3*int(q[0]-'0'))); err == nil {
			return Period{m, true}, nil
		}
	}
	m, err := ParseMonth(s)
	if err != nil {
		return Period{}, fault.Invalid.Errorf("%q is not a period. Enter a month like 2012-02, or a quarter like 2012-Q1 for January to March 2012.", text.Short(s))
	}
	return Period{Month: m}, nil
}

// Months are the months of the period, in order.
func (p Period) Months() []Month {
	if p.Month == 0 {
		return nil
	}
	if p.Quarter {
		return []Month{p.Month - 2, p.Month - 1, p.Month}
	}
	return []Month{p.Month}
}

// Paid is a payment of which only the period is known.
func (p Period) Paid() Paid {
	if p.Month == 0 {
		return 0
	}
	y, m := p.Month.Parts()
	if p.Quarter {
		return PaidOn(y, m, QuarterDay)
	}
	return PaidOn(y, m, 0)
}

// String is the period in words.
func (p Period) String() string {
	if p.Month == 0 {
		return "not dated"
	}
	if !p.Quarter {
		return p.Month.String()
	}
	_, first := (p.Month - 2).Parts()
	return fmt.Sprintf("%s to %s", time.Month(first), p.Month)
}

// Code is the period as ParsePeriod reads it.
func (p Period) Code() string {
	if !p.Quarter {
		return p.Month.Code()
	}
	y, m := p.Month.Parts()
	return fmt.Sprintf("%04d-Q%d", y, m/3)
}

// MarshalText is the period as ParsePeriod reads it; none is "".
func (p Period) MarshalText() ([]byte, error) {
	if p == (Period{}) {
		return nil, nil
	}
	return []byte(p.Code()), nil
}

// UnmarshalText reads what MarshalText writes.
func (p *Period) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*p = Period{}
		return nil
	}
	*p, err = ParsePeriod(string(b))
	return err
}
