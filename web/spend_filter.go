package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store"
)

// spendFilter reads which lines an address asks for. Totals are of IT unless
// the address says otherwise: it=yes, no and unknown may each be asked for, and
// it=all is all three.
//
//	body=kent (may be repeated)  region=Wales  supplier=slug  category=hosting (may be repeated; none is IT of no category)
//	it=yes  year=2011 (financial year from April; may be repeated)  from=2012-01  to=2012-03  month=2012-02
//	min=500  max=10000.00  text=words  flag=duplicate  payee=named|blank|redacted|withheld
func spendFilter(c echo.Context) (f store.SpendFilter, err error) {
	q := c.Request().URL.Query()
	var bad store.Faults
	for _, name := range given(q["body"]) {
		b, ok := store.BodyOf(name)
		if !ok || !b.LocalPolicing() {
			bad.Add("body", "There is no local policing body “%s”: choose one from the list.", name)
			continue
		}
		f.Bodies = append(f.Bodies, b.Slug)
	}
	if f.Region = q.Get("region"); f.Region != "" && !slices.Contains(store.Regions(), f.Region) {
		bad.Add("region", "There is no such region: choose one from the list.")
	}
	f.Supplier, f.Text = q.Get("supplier"), strings.TrimSpace(q.Get("text"))
	if len([]rune(f.Text)) > 200 {
		bad.Add("text", "Shorten the words to 200 characters or fewer.")
	}
	for _, slug := range given(q["category"]) {
		if _, ok := store.TaxonOf(slug); !ok && slug != "none" {
			bad.Add("category", "There is no category “%s”: choose one from the list.", slug)
		}
		f.Category = append(f.Category, slug)
	}
	f.Class = askedClasses(&bad, given(q["it"]))
	for _, year := range given(q["year"]) {
		y, err := strconv.Atoi(year)
		if err != nil || y < 1990 || y > 2079 {
			bad.Add("year", "Give the year in which the financial year begins, such as 2011.")
		}
		f.Years = append(f.Years, y)
	}
	f.From, f.To = askedMonth(&bad, "from", q.Get("from")), askedMonth(&bad, "to", q.Get("to"))
	if m := askedMonth(&bad, "month", q.Get("month")); m != 0 {
		f.From, f.To = m, m
	}
	f.Least, f.Most = askedPence(&bad, "min", q.Get("min")), askedPence(&bad, "max", q.Get("max"))
	if f.Flag = q.Get("flag"); f.Flag != "" && !slices.ContainsFunc(store.Methods, func(m store.Method) bool { return m.Code == f.Flag }) {
		bad.Add("flag", "There is no such method: choose one from the list.")
	}
	for _, name := range given(q["payee"]) {
		i := slices.Index(payeeCodes, name)
		if i < 0 {
			bad.Add("payee", "Give named, blank, redacted or withheld.")
			continue
		}
		f.Payee = append(f.Payee, store.PayeeKind(i))
	}
	return f, bad.Err()
}

// payeeCodes are the kinds of payee as they stand in an address, by number.
var payeeCodes = []string{"named", "blank", "redacted", "withheld"}

// given are the values that are not empty: a form sends its empty fields too.
func given(all []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(v string) bool { return strings.TrimSpace(v) == "" })
}

func askedClasses(bad *store.Faults, all []string) (classes []store.Class) {
	if len(all) == 0 {
		return []store.Class{store.IsIT}
	}
	for _, v := range all {
		if v == "all" {
			return nil
		}
		k, err := store.ParseClass(v)
		if bad.Take("it", err) != nil || err != nil {
			return nil
		}
		classes = append(classes, k)
	}
	return classes
}

func askedMonth(bad *store.Faults, field, v string) store.Month {
	if v == "" {
		return 0
	}
	m, err := store.ParseMonth(v)
	_ = bad.Take(field, err) // what ParseMonth says is of the address
	return m
}

func askedPence(bad *store.Faults, field, v string) *store.Pence {
	if strings.TrimSpace(v) == "" {
		return nil
	}
	p, err := store.ParsePence(v)
	if err != nil {
		bad.Add(field, "Write the amount in pounds, such as 10,000 or 499.99.")
	}
	return &p
}
