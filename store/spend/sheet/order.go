package sheet

import "fmt"

// Order is which of two figures of a date is the day.
type Order uint8

// The orders. Unsaid leaves it to what the file shows.
const (
	Unsaid Order = iota
	DayFirst
	MonthFirst
)

var orderNames = [...]string{"", "day-first", "month-first"}

// String is the order as it is kept, such as "day-first"; empty for Unsaid.
func (o Order) String() string { return orderNames[o] }

// MarshalText makes an Order readable as JSON.
func (o Order) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads the name of an order, and fails on any other text.
func (o *Order) UnmarshalText(b []byte) error {
	for i, name := range orderNames {
		if name == string(b) {
			*o = Order(i)
			return nil
		}
	}
	return fmt.Errorf("sheet: no order of day and month is called %q", b)
}

// written is how a date is written, which says what it can be taken for.
type written uint8

const (
	unread    written = iota
	named             // the month is a word, or stands alone
	yearFirst         // 2012-06-13
	counted           // the days that a spreadsheet counts
	figures           // two figures and a year, in either order
)

// cellDate is a date before it is decided which figure is the day.
type cellDate struct {
	how   written
	date  Date // of all but figures
	a, b  int  // figures, as they stand
	after int  // the year after them
	bare  bool // one below ten stands without a zero before it
}

func plainDate(how written, d Date) cellDate {
	if d.IsZero() {
		return cellDate{}
	}
	return cellDate{how: how, date: d}
}

// inFigures is a date of two figures and a year, if it is one in either order.
func inFigures(a, b string, y int) cellDate {
	c := cellDate{how: figures, a: short(a), b: short(b), after: y, bare: len(a) == 1 || len(b) == 1}
	if c.in(DayFirst, false).IsZero() && c.in(MonthFirst, false).IsZero() {
		return cellDate{}
	}
	return c
}

// in is the day that is meant. Swapped takes a day that a spreadsheet counts, or
// that is written year first, for one whose day and month it mistook for each
// other when it turned a text into a date; that can only befall the first twelve
// days of a month.
func (c cellDate) in(o Order, swapped bool) Date {
	switch {
	case c.how == figures && o == MonthFirst:
		return day(c.after, c.a, c.b)
	case c.how == figures:
		return day(c.after, c.b, c.a)
	case swapped && c.how >= yearFirst && c.date.Day <= 12:
		return day(c.date.Year, c.date.Day, c.date.Month)
	}
	return c.date
}

// month counts the months of the calendar, so that they can be compared.
func (d Date) month() int { return d.Year*12 + d.Month - 1 }
