package store

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the portal keeps London days wherever it runs
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

var london = func() *time.Location {
	l, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic(err) // the zone is part of the program
	}
	return l
}()

// Day is a Europe/London calendar day, "2012-07-16". The empty Day is none.
// Days compare with < as text.
type Day string

const dayLayout = "2006-01-02"

// ParseDay reads a day written 2012-07-16, from 1900 to 2999: in those years
// every day begins at midnight in London and has a next one that sorts after it.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(dayLayout, s)
	if err != nil || t.Year() < 1900 || t.Year() > 2999 {
		return "", Invalid.Errorf("%q is not a day: write it like 2012-07-16.", short(s))
	}
	return Day(s), nil
}

// DayFrom reads a day from the three fields of a form. All empty is no day.
func DayFrom(day, month, year string) (Day, error) {
	day, month, year = strings.TrimSpace(day), strings.TrimSpace(month), strings.TrimSpace(year)
	if day+month+year == "" {
		return "", nil
	}
	d, errD := strconv.Atoi(day)
	m, errM := strconv.Atoi(month)
	y, errY := strconv.Atoi(year)
	if errD != nil || errM != nil || errY != nil || len(year) != 4 || d < 1 || m < 1 || m > 12 {
		return "", Invalid.Errorf("Write the day as numbers, for example 16 7 2012.")
	}
	if got, err := ParseDay(fmt.Sprintf("%04d-%02d-%02d", y, m, d)); err == nil {
		return got, nil
	}
	return "", Invalid.Errorf("There is no such day: check the day and the month.")
}

// DayOf is the London day of an instant.
func DayOf(t time.Time) Day { return Day(t.In(london).Format(dayLayout)) }

// Start is the first instant of the day in London.
func (d Day) Start() time.Time {
	t, _ := time.ParseInLocation(dayLayout, string(d), london) // the zero time for no day
	return t
}

// At is the instant of a time of the day in London, written 17:00. Hours in
// which the clocks may change are refused, since they may come twice or never.
func (d Day) At(hour string) (time.Time, error) {
	hour = strings.TrimSpace(hour)
	t, err := time.ParseInLocation(dayLayout+" 15:04", string(d)+" "+hour, london)
	if err != nil || len(hour) != len("17:00") || hour < "02:00" {
		return time.Time{}, Invalid.Errorf("Write the time like 17:00, from 02:00 to 23:59, not “%s”.", short(hour))
	}
	return t.UTC(), nil
}

// Next is the day after.
func (d Day) Next() Day { return d.Add(1) }

// Add is the day n days later.
func (d Day) Add(n int) Day { return Day(d.noon().AddDate(0, 0, n).Format(dayLayout)) }

// End is the first instant after the day, in London.
func (d Day) End() time.Time { return d.Next().Start() }

// Until is the number of days from d to later.
func (d Day) Until(later Day) int {
	return int((later.noon().Unix() - d.noon().Unix()) / (24 * 60 * 60))
}

func (d Day) noon() time.Time {
	t, _ := time.Parse(dayLayout, string(d))
	return t.Add(12 * time.Hour)
}

// String is the day for people: 16 July 2012.
func (d Day) String() string {
	if d == "" {
		return ""
	}
	return d.noon().Format("2 January 2006")
}

// Parts are day, month and year as a form shows them.
func (d Day) Parts() (day, month, year string) {
	if d == "" {
		return "", "", ""
	}
	t := d.noon()
	return strconv.Itoa(t.Day()), strconv.Itoa(int(t.Month())), strconv.Itoa(t.Year())
}

// Clock is an instant for people, in London: 16 July 2012, 3:04pm.
func Clock(t time.Time) string { return t.In(london).Format("2 January 2006, 3:04pm") }

// Hour is the time of day for people, in London: 3:04pm.
func Hour(t time.Time) string { return t.In(london).Format("3:04pm") }

// Pence is a sum of money in pence.
type Pence int64

// String is the exact sum: £1,234,567.89.
func (p Pence) String() string {
	sign := ""
	if p < 0 {
		sign, p = "−", -p
	}
	return fmt.Sprintf("%s£%s.%02d", sign, Thousands(int64(p/100)), int64(p%100))
}

// ParsePence reads a sum as people write it: 1,234.56, £1234, −5.10. It never
// guesses: anything else is refused.
func ParsePence(s string) (Pence, error) {
	refuse := Invalid.Errorf("%q is not a sum of money: write it like 1,234.56.", short(s))
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
	if dot && len(frac) != 2 && len(frac) != 1 || !digits(frac) {
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
	if whole == "" || !digits(whole) || len(whole) > 15 {
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

// ParseCount reads a whole number of at least least.
func ParseCount(s string, least int64) (int64, error) {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 32)
	if err != nil || n < least {
		return 0, Invalid.Errorf("Give a whole number of %d or more.", least)
	}
	return n, nil
}

func digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// Thousands writes a whole number with its commas.
func Thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// Percent is part of whole as a percentage with two decimals, rounded half
// up: "2.33". It is for showing only and never stored.
func Percent(part, whole int64) string {
	if whole == 0 {
		return "0.00"
	}
	n := (part*1_000_000/whole + 50) / 100
	return fmt.Sprintf("%d.%02d", n/100, n%100)
}

// Fold is the key by which people's words are searched and sorted: without
// case or accents, so that Ŵ finds w on every engine.
func Fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(cases.Fold().String(strings.TrimSpace(s))) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Plain is a status or act as people say it: deed_received is "deed received".
func Plain(s string) string { return strings.NewReplacer("_", " ", "-", " ").Replace(s) }

// Count writes a number with its noun: 1 body, 2 bodies.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Thousands(int64(n)) + " " + many
}

// short cuts what someone typed to a length that can be quoted back.
func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// likeEscaped is text as LIKE finds it, with ESCAPE '\'.
func likeEscaped(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// text is the rule for one free text field: not empty when needed, not over
// most characters, no control characters.
func text(f *Faults, field, label, v string, need bool, most int) {
	switch {
	case need && strings.TrimSpace(v) == "":
		f.Add(field, "Give %s.", label)
	case len([]rune(v)) > most:
		f.Add(field, "Shorten %s to %d characters or fewer.", label, most)
	case strings.ContainsFunc(v, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }):
		f.Add(field, "Remove the control characters from %s.", label)
	}
}

// Capital is a text with its first letter in upper case.
func Capital(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:n]) + s[n:]
}

// lower is a text with its first letter in lower case.
func lower(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return strings.ToLower(s[:n]) + s[n:]
}
