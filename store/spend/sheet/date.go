package sheet

import (
	"fmt"
	"strings"
	"time"

	"github.com/police-ict/handover/store/book"
)

// Date is a calendar day. The zero Date is no date.
type Date struct {
	Year, Month, Day int
	WholeMonth       bool // the file names only the month; Day is 1
}

// IsZero says that there is no date, or none that could be read.
func (d Date) IsZero() bool { return d.Year == 0 }

// String is the day in ISO form, empty for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Before says whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.order() < e.order() }

func (d Date) order() int { return d.Year*10000 + d.Month*100 + d.Day }

// Payments published by the bodies lie well between these years; a date outside
// them is a slip of the keyboard and is not read.
const firstYear, lastYear = 1990, 2079

// ParseDate reads a day as British publishers write it, always day before
// month; a month alone ("Nov-12") is its first day, marked. The serial numbers
// of a spreadsheet are days too. A text that is no date gives the zero Date.
func ParseDate(s string) Date { return parseDate(s, false) }

// ParseDateIn reads a day as ParseDate does, in a table whose dates in figures are
// written in an order, and whose serial numbers may count from 1904.
func ParseDateIn(s string, o Order, from1904 bool) Date { return readCell(s, from1904).in(o, false) }

func parseDate(s string, from1904 bool) Date { return readCell(s, from1904).in(DayFirst, false) }

// readCell reads a cell that may hold a date, without yet deciding which figure
// is the day.
func readCell(s string, from1904 bool) cellDate {
	s = book.Trim(s)
	if len(s) == 10 && s[2] == '/' && s[5] == '/' && isDigits(s[:2]) && isDigits(s[3:5]) && isDigits(s[6:]) {
		return inFigures(s[:2], s[3:5], atoi(s[6:]))
	}
	if len(s) < 4 || len(s) > 40 || !strings.ContainsAny(s, "0123456789") {
		return cellDate{}
	}
	t, n, ok := dateTokens(withoutTime(s))
	if !ok {
		return cellDate{}
	}
	switch n {
	case 1:
		return oneToken(t[0], from1904)
	case 2:
		return twoTokens(t[0], t[1], s, from1904)
	case 3:
		return threeTokens(t[0], t[1], t[2])
	}
	return cellDate{}
}

// withoutTime drops " 00:00:00", "T00:00:00Z" and " 12:30 PM".
func withoutTime(s string) string {
	i := strings.IndexByte(s, ':')
	if i < 0 {
		return s
	}
	for i > 0 && s[i-1] >= '0' && s[i-1] <= '9' {
		i--
	}
	if i == 0 || s[i-1] != ' ' && s[i-1] != 'T' && s[i-1] != 't' {
		return s
	}
	return strings.TrimRight(s[:i-1], " ")
}

// dateTokens splits a text into runs of digits and of letters, without days of
// the week, ordinal endings and a stray last letter ("2012-10-01l").
func dateTokens(s string) (t [3]string, n int, ok bool) {
	for i := 0; i < len(s); {
		c := s[i]
		if strings.IndexByte("/-. ,_'", c) >= 0 {
			i++
			continue
		}
		j := i + 1
		for j < len(s) && class(s[j]) == class(c) {
			j++
		}
		token := s[i:j]
		last := j == len(s)
		i = j
		switch {
		case class(c) == 0:
			return t, 0, false
		case class(c) == 'a' && noise(token, n, last):
			continue
		case n == len(t):
			return t, 0, false
		}
		t[n] = token
		n++
	}
	return t, n, n > 0
}

// class is 'a' for a letter, '0' for a digit, 0 for anything else.
func class(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return '0'
	case c|0x20 >= 'a' && c|0x20 <= 'z':
		return 'a'
	}
	return 0
}

func noise(word string, before int, last bool) bool {
	w := strings.ToLower(word)
	if before == 0 {
		return len(w) >= 3 && weekday(w)
	}
	return last && before == 3 && len(w) == 1 || w == "st" || w == "nd" || w == "rd" || w == "th"
}

func weekday(w string) bool {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.HasPrefix(strings.ToLower(d.String()), w) {
			return true
		}
	}
	return false
}

// oneToken reads 20121130, 30112012, 201211 and the serial 41243.
func oneToken(s string, from1904 bool) cellDate {
	if !isDigits(s) {
		return cellDate{}
	}
	switch len(s) {
	case 5:
		return plainDate(counted, serial(atoi(s), from1904))
	case 6:
		return plainDate(named, monthOnly(atoi(s[:4]), atoi(s[4:])))
	case 8:
		if d := day(atoi(s[:4]), atoi(s[4:6]), atoi(s[6:])); !d.IsZero() {
			return plainDate(yearFirst, d)
		}
		return inFigures(s[:2], s[2:4], atoi(s[4:]))
	}
	return cellDate{}
}

// twoTokens reads Nov-12, November 2012, 2012-11, 11/2012 and a serial with a
// time of day.
func twoTokens(a, b, s string, from1904 bool) cellDate {
	switch {
	case monthNamed(a) > 0 && isDigits(b):
		return plainDate(named, monthOnly(year(b), monthNamed(a)))
	case monthNamed(b) > 0 && isDigits(a) && len(a) == 4:
		return plainDate(named, monthOnly(year(a), monthNamed(b)))
	case !isDigits(a) || !isDigits(b):
		return cellDate{}
	case len(a) == 5 && len(s) > 5 && s[5] == '.':
		return plainDate(counted, serial(atoi(a), from1904))
	case len(a) == 4 && len(b) <= 2:
		return plainDate(named, monthOnly(atoi(a), atoi(b)))
	case len(b) == 4 && len(a) <= 2:
		return plainDate(named, monthOnly(atoi(b), atoi(a)))
	}
	return cellDate{}
}

func threeTokens(a, b, c string) cellDate {
	switch {
	case isDigits(a) && monthNamed(b) > 0 && isDigits(c) && len(a) == 4 && len(c) <= 2:
		return plainDate(named, day(atoi(a), monthNamed(b), atoi(c)))
	case isDigits(a) && monthNamed(b) > 0 && isDigits(c):
		return plainDate(named, day(year(c), monthNamed(b), short(a)))
	case monthNamed(a) > 0 && isDigits(b) && isDigits(c):
		return plainDate(named, day(year(c), monthNamed(a), short(b)))
	case !isDigits(a) || !isDigits(b) || !isDigits(c):
		return cellDate{}
	case len(a) == 4:
		return plainDate(yearFirst, day(atoi(a), short(b), short(c)))
	}
	return inFigures(a, b, year(c))
}

// short is a number of one or two digits, else 0, which is no day.
func short(s string) int {
	if len(s) > 2 {
		return 0
	}
	return atoi(s)
}

func year(s string) int {
	switch len(s) {
	case 2:
		return 2000 + atoi(s)
	case 4:
		return atoi(s)
	}
	return 0
}

func monthNamed(s string) int {
	if len(s) < 3 {
		return 0
	}
	for m := time.January; m <= time.December; m++ {
		if name := m.String(); len(s) <= len(name) && strings.EqualFold(name[:len(s)], s) {
			return int(m)
		}
	}
	return 0
}

func monthOnly(y, m int) Date {
	d := day(y, m, 1)
	d.WholeMonth = !d.IsZero()
	return d
}

func day(y, m, d int) Date {
	if y < firstYear || y > lastYear || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return Date{}
	}
	return Date{Year: y, Month: m, Day: d}
}

func daysIn(y, m int) int {
	if m == 2 {
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	}
	return 30 + (m+m/8)%2
}

// serial is a spreadsheet's count of days, from 1900 or on old Macs from 1904.
func serial(n int, from1904 bool) Date {
	if from1904 {
		n += 1462
	}
	t := time.Date(1899, time.December, 30+n, 0, 0, 0, 0, time.UTC)
	return day(t.Year(), int(t.Month()), t.Day())
}

// atoi reads a text that is known to be a few digits.
func atoi(s string) int {
	n := 0
	for i := 0; i < len(s) && i < 9; i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n
}
