package views

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/police-ict/handover/store"
)

// SpendQuery is a filter of spend as it stands in an address.
func SpendQuery(f store.SpendFilter) url.Values {
	q := url.Values{}
	for _, b := range f.Bodies {
		q.Add("body", b)
	}
	set := func(name, v string) {
		if v != "" {
			q.Set(name, v)
		}
	}
	set("region", f.Region)
	set("supplier", f.Supplier)
	set("text", f.Text)
	set("flag", f.Flag)
	for _, c := range f.Category {
		q.Add("category", c)
	}
	switch {
	case len(f.Class) == 0:
		q.Set("it", "all")
	case !slices.Equal(f.Class, []store.Class{store.IsIT}):
		for _, k := range f.Class {
			q.Add("it", k.Code())
		}
	}
	for _, y := range f.Years {
		q.Add("year", strconv.Itoa(y))
	}
	if f.From != 0 && f.From == f.To {
		set("month", f.From.Code())
	} else {
		if f.From != 0 {
			set("from", f.From.Code())
		}
		if f.To != 0 {
			set("to", f.To.Code())
		}
	}
	set("min", poundsTyped(f.Least))
	set("max", poundsTyped(f.Most))
	for _, k := range f.Payee {
		q.Add("payee", [...]string{"named", "blank", "redacted", "withheld"}[k])
	}
	return q
}

// PlainPounds is a sum as it is typed, and as a spreadsheet reads it: 1234.50.
func PlainPounds(p store.Pence) string {
	sign, n := "", int64(p)
	if n < 0 {
		sign, n = "-", -n
	}
	return sign + strconv.FormatInt(n/100, 10) + "." + strconv.FormatInt(100+n%100, 10)[1:]
}

// poundsTyped is the amount of a filter, "" where none is given.
func poundsTyped(p *store.Pence) string {
	if p == nil {
		return ""
	}
	return PlainPounds(*p)
}

// SpendHref is the address of a filter under a path.
func SpendHref(path string, f store.SpendFilter, more ...string) string {
	q := SpendQuery(f)
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
