package civil

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/text"
)

// DayFrom reads a day from the three fields of a form: 16, 7 or July, and 2012.
// All empty is no day. What is wrong is told of the part in which it is.
func DayFrom(day, month, year string) (Day, error) {
	day, month, year = strings.TrimSpace(day), strings.TrimSpace(month), strings.TrimSpace(year)
	if day+month+year == "" {
		return "", nil
	}
	wrong := func(what string) (Day, error) {
		return "", fault.Invalid.Errorf("Enter the date as numbers, for example 16 7 2012: %s.", what)
	}
	for _, part := range []struct{ name, typed string }{{"day", day}, {"month", month}, {"year", year}} {
		if part.typed == "" {
			return wrong("the " + part.name + " is missing")
		}
	}
	d, err := strconv.Atoi(strings.TrimRight(strings.ToLower(day), "stndrh"))
	if err != nil || d < 1 || d > 31 {
		return wrong("“" + text.Short(day) + "” is not a day of a month")
	}
	m := monthNamed(month)
	if m == 0 {
		return wrong("“" + text.Short(month) + "” is not a month")
	}
	y, err := strconv.Atoi(year)
	if err != nil || len(year) != 4 {
		return wrong("enter the year with four digits, not “" + text.Short(year) + "”")
	}
	if got, err := ParseDay(fmt.Sprintf("%04d-%02d-%02d", y, m, d)); err == nil {
		return got, nil
	}
	if y < 1900 || y > 2999 {
		return wrong("the year is from 1900 to 2999")
	}
	return "", fault.Invalid.Errorf("Check the date. %s %d has no day %d.", time.Month(m), y, d)
}

// monthNamed reads a month: 7, 07, Jul or July; 0 is none.
func monthNamed(typed string) int {
	if n, err := strconv.Atoi(typed); err == nil && n >= 1 && n <= 12 {
		return n
	}
	word := strings.TrimSuffix(strings.ToLower(typed), ".")
	for m := time.January; m <= time.December; m++ {
		name := strings.ToLower(m.String())
		if word == name || word == name[:3] || word == "sept" && m == time.September {
			return int(m)
		}
	}
	return 0
}

var hourTyped = regexp.MustCompile(`^(\d{1,2})(?:[:.h]?(\d{2}))?(?:[:.]00)?(am|pm)?$`)

// HourFrom reads a time of day as people write it (17:00, 9:30, 9.30am, 0930,
// 2pm, noon) and gives it back as 17:00. A number alone is refused: 9 may be
// either half of the day.
func HourFrom(typed string) (string, error) {
	word := strings.NewReplacer(" ", "", "\u00a0", "", "a.m.", "am", "p.m.", "pm", "a.m", "am", "p.m", "pm", "o’clock", "", "o'clock", "").Replace(strings.ToLower(strings.TrimSpace(typed)))
	switch word {
	case "noon", "midday", "12noon":
		return "12:00", nil
	case "midnight", "12midnight":
		return "00:00", nil
	}
	wrong := fault.Invalid.Errorf("Enter a time like 5pm or 5:30pm, not “%s”.", text.Short(typed))
	part := hourTyped.FindStringSubmatch(word)
	if part == nil || strings.Count(word, ":") > 1 {
		return "", wrong
	}
	h, _ := strconv.Atoi(part[1]) // one or two digits
	m, _ := strconv.Atoi(part[2]) // two digits, or none
	half := part[3]
	switch {
	case half == "" && part[2] == "":
		return "", fault.Invalid.Errorf("Enter “%s” as %dam or %dpm.", text.Short(typed), max(1, min(h, 12)), max(1, min(h, 12)))
	case half != "" && (h < 1 || h > 12), h > 23, m > 59:
		return "", wrong
	case half == "am" && h == 12:
		h = 0
	case half == "pm" && h < 12:
		h += 12
	}
	return fmt.Sprintf("%02d:%02d", h, m), nil
}

// At is the instant of a time of the day in London, as HourFrom reads it. An
// hour that comes twice or never, as the clocks change, is refused.
func (d Day) At(typed string) (time.Time, error) {
	hour, err := HourFrom(typed)
	if err != nil {
		return time.Time{}, err
	}
	t, err := time.ParseInLocation(DayLayout+" 15:04", string(d)+" "+hour, London)
	if err != nil {
		return time.Time{}, err
	}
	if _, night := d.Start().Zone(); hour >= "01:00" && hour < "02:00" {
		if _, noon := d.Start().Add(12 * time.Hour).Zone(); noon != night {
			return time.Time{}, fault.Invalid.Errorf("The clocks change between 1am and 2am on %s. Choose another time.", d)
		}
	}
	return t.UTC(), nil
}
