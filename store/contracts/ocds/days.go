package ocds

import (
	"strings"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/contracts/notice"
)

var (
	zoned  = []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00"}
	zonefr = []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02"}
)

// instant is a date of a release; the zero time where it cannot be read.
func instant(s string) time.Time {
	for _, layout := range zoned {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	for _, layout := range zonefr {
		if t, err := time.ParseInLocation(layout, s, civil.London); err == nil {
			return t
		}
	}
	return time.Time{}
}

// dayOf is the day of a date. One written as the beginning or the end of a day is
// that day, whatever the zone: publishers write days of the calendar so. Any other
// moment of universal time is the day in London.
func dayOf(s string) notice.Date {
	s = strings.TrimSpace(s)
	if s == "" {
		return notice.Date{}
	}
	t := instant(s)
	if t.IsZero() || t.Year() < 1900 || t.Year() > 2100 {
		return notice.Date{Words: s[:min(len(s), 100)]}
	}
	written := civil.Day(s[:10])
	h, m, sec := t.Clock()
	_, offset := t.Zone()
	switch {
	case h == 0 && m == 0 && sec == 0, h == 23 && m == 59 && sec >= 58:
		return notice.Date{Day: written}
	case offset == 0 || offset == 3600:
		return notice.Date{Day: civil.DayOf(t)}
	}
	return notice.Date{Day: written}
}
