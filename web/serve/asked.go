package serve

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
)

// How much of the record is read.
const (
	HistoryMost = 50   // events of one thing on its page
	RecordBatch = 1000 // events at once for a CSV
)

// Asked is a parameter of the address.
func Asked(c echo.Context, name string) string { return c.Request().URL.Query().Get(name) }

// AskedDay is a day of the address: name=2012-07-16, or the three fields of a
// form, field, field-month and field-year. None is "". Both are refused unless
// they mean the same day.
func AskedDay(c echo.Context, name, field string) (string, error) {
	q := c.Request().URL.Query()
	given, parts := q.Get(name), q.Get(field)+q.Get(field+"-month")+q.Get(field+"-year")
	if given != "" && strings.TrimSpace(parts) == "" {
		return given, nil
	}
	d, err := civil.DayFrom(q.Get(field), q.Get(field+"-month"), q.Get(field+"-year"))
	if given != "" && (err != nil || string(d) != given) {
		return "", fault.Invalid.Errorf("This address gives the date twice, as “%s” and as “%s”. Choose one.", name, field)
	}
	var f fault.Faults
	if err := f.Take(field, err); err != nil {
		return "", err
	}
	return string(d), f.Err()
}

// Ref is the reference of the address: 2013-001, or draft-1.
func Ref(c echo.Context) string {
	ref, err := url.PathUnescape(c.Param("ref"))
	if err != nil {
		return "" // of no decision
	}
	return ref
}

// Moment reads the day of the handover that an address asks for.
func (s *Server) Moment(c echo.Context) (record.Moment, error) {
	asAt, err := AskedDay(c, "as_at", "day")
	if err != nil {
		return record.Moment{}, err
	}
	return register.MomentOf(Ctx(c), s.Store, asAt)
}

// When reads the two dates of an address.
func (s *Server) When(c echo.Context) (record.When, error) {
	asAt, err := AskedDay(c, "as_at", "day")
	if err != nil {
		return record.When{}, err
	}
	known, err := AskedDay(c, "known_on", "known")
	if err != nil {
		return record.When{}, err
	}
	return register.AsAt(Ctx(c), s.Store, asAt, known)
}

// PathNumber reads a whole number of the address. What is not one is not a page.
func PathNumber(c echo.Context, name string) (int64, error) {
	text, err := url.PathUnescape(c.Param(name))
	if err != nil {
		return 0, fault.NotFound.Errorf("There is no page at this address.")
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, fault.NotFound.Errorf("There is no page at this address.")
	}
	return n, nil
}

// AskedNumber is a number of the address, 0 when it is not given.
func AskedNumber(c echo.Context, name, problem string) (int64, error) {
	text := Asked(c, name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, fault.Invalid.Errorf("%s", problem) // no field of the form asks for it
	}
	return n, nil
}

// AskedYes is a choice of the address: yes, or not given.
func AskedYes(c echo.Context, f *fault.Faults, name string) bool {
	v := strings.TrimSpace(Asked(c, name))
	if v != "" && v != "yes" && v != "no" {
		f.Add(name, "Enter yes or no for “%s”.", name)
	}
	return v == "yes"
}

// AskedPage is the page of a list of count rows that an address asks for: its
// number, how many there are, and how many rows come before it.
func AskedPage(c echo.Context, count, most int) (page, pages, from int, err error) {
	n, err := AskedNumber(c, "page", "Enter a page number of 1 or more.")
	page, pages = int(max(n, 1)), max((count+most-1)/most, 1)
	if err == nil && page > pages {
		err = db.NoSuchPage(page, pages)
	}
	return page, pages, (page - 1) * most, err
}
