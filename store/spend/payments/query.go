package payments

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend/classify"
)

// payeeCodes are the kinds of payee as they stand in an address, by number.
var payeeCodes = []string{"named", "blank", "redacted", "withheld"}

// PayeeKinds lists the kinds of payee.
func PayeeKinds() []PayeeKind { return []PayeeKind{Named, NotStated, Redacted, Withheld} }

// Code is the kind as it stands in an address.
func (k PayeeKind) Code() string { return payeeCodes[k] }

// Param is a parameter of a filter.
type Param struct {
	Name string
	Many bool // several values may be asked for at once
}

// Params are the parameters that ParseFilter reads.
var Params = []Param{{"body", true}, {"region", false}, {"supplier", false}, {"category", true}, {"it", true}, {"year", true}, {"from", false}, {"to", false}, {"month", false},
	{"min", false}, {"max", false}, {"text", false}, {"flag", false}, {"payee", true}}

// ParseFilter reads which lines an address asks for. Totals are of IT
// unless the address says otherwise: it=yes, no and unknown may each be asked
// for, and it=all is all three.
//
//	body=kent (may be repeated)  region=Wales  supplier=slug  category=hosting (may be repeated; none is IT of no category)
//	it=yes  year=2011 (financial year from April; may be repeated)  from=2012-01  to=2012-03  month=2012-02
//	min=500  max=10000.00  text=words  flag=duplicate  payee=named|blank|redacted|withheld
func ParseFilter(q url.Values) (f Filter, err error) {
	var bad fault.Faults
	for _, p := range Params {
		if len(given(q[p.Name])) > valuesMost {
			bad.Add(p.Name, "Choose %d values or fewer.", valuesMost)
			return f, bad.Err()
		}
	}
	for _, name := range given(q["body"]) {
		b, ok := office.BodyOf(name)
		if !ok || !b.LocalPolicing() {
			bad.Add("body", "There is no local policing body “%s”. Choose one from the list.", name)
			continue
		}
		f.Bodies = append(f.Bodies, b.Slug)
	}
	if f.Region = q.Get("region"); f.Region != "" && !slices.Contains(Regions(), f.Region) {
		bad.Add("region", "There is no such region. Choose one from the list.")
	}
	f.Supplier, f.Text = q.Get("supplier"), strings.TrimSpace(q.Get("text"))
	if len([]rune(f.Text)) > 200 {
		bad.Add("text", "Shorten the words to 200 characters or fewer.")
	}
	for _, slug := range given(q["category"]) {
		if _, ok := classify.TaxonOf(slug); !ok && slug != "none" {
			bad.Add("category", "There is no category “%s”. Choose one from the list.", slug)
		}
		f.Category = append(f.Category, slug)
	}
	f.Class = askedClasses(&bad, given(q["it"]))
	f.askedTime(&bad, q)
	f.Least, f.Most = askedPence(&bad, "min", q.Get("min")), askedPence(&bad, "max", q.Get("max"))
	if f.Least != nil && f.Most != nil && *f.Least > *f.Most {
		bad.Add("max", "The highest amount, %s, is below the lowest amount, %s.", *f.Most, *f.Least)
	}
	if f.From != 0 && f.To != 0 && f.From > f.To {
		bad.Add("to", "The last month, %s, is before the first, %s.", f.To, f.From)
	}
	if f.Flag = q.Get("flag"); f.Flag != "" && FlagName(f.Flag) == "" {
		bad.Add("flag", "There is no such check. Choose one from the list.")
	}
	for _, name := range given(q["payee"]) {
		i := slices.Index(payeeCodes, name)
		if i < 0 {
			bad.Add("payee", "Choose named, blank, redacted or withheld.")
			continue
		}
		f.Payee = append(f.Payee, PayeeKind(i))
	}
	return f, bad.Err()
}

func (f *Filter) askedTime(bad *fault.Faults, q url.Values) {
	for _, year := range given(q["year"]) {
		y, err := strconv.Atoi(year)
		if err != nil || y < 1990 || y > 2079 {
			bad.Add("year", "Enter the year in which the financial year begins, such as 2011.")
		}
		f.Years = append(f.Years, y)
	}
	f.From, f.To = AskedMonth(bad, "from", q.Get("from")), AskedMonth(bad, "to", q.Get("to"))
	if m := AskedMonth(bad, "month", q.Get("month")); m != 0 {
		f.From, f.To = m, m
	}
}

// valuesMost is how many different values of one parameter are read. No list
// has as many.
const valuesMost = 100

// given are the values that are not empty, each once: a form sends its empty
// fields too, and an address may repeat a value as often as it likes.
func given(all []string) (some []string) {
	for _, v := range all {
		if strings.TrimSpace(v) != "" && !slices.Contains(some, v) && len(some) <= valuesMost {
			some = append(some, v)
		}
	}
	return some
}

func askedClasses(bad *fault.Faults, all []string) (classes []classify.Class) {
	if len(all) == 0 {
		return []classify.Class{classify.IsIT}
	}
	for _, v := range all {
		if v == "all" {
			return nil
		}
		k, err := classify.ParseClass(v)
		if bad.Take("it", err) != nil || err != nil {
			return nil
		}
		classes = append(classes, k)
	}
	return classes
}

// AskedMonth reads the month of a field of an address, 0 where there is none.
func AskedMonth(bad *fault.Faults, field, v string) civil.Month {
	if v == "" {
		return 0
	}
	m, err := civil.ParseMonth(v)
	_ = bad.Take(field, err) // what ParseMonth says is of the address
	return m
}

func askedPence(bad *fault.Faults, field, v string) *money.Pence {
	if strings.TrimSpace(v) == "" {
		return nil
	}
	p, err := money.ParsePence(v)
	if err != nil {
		bad.Add(field, "Enter the amount in pounds, such as 10,000 or 499.99.")
	}
	return &p
}

// Query is the filter as it stands in an address.
func (f Filter) Query() url.Values {
	q := url.Values{}
	set := func(name, v string) {
		if v != "" {
			q.Set(name, v)
		}
	}
	q["body"] = f.Bodies
	set("region", f.Region)
	set("supplier", f.Supplier)
	set("text", f.Text)
	set("flag", f.Flag)
	q["category"] = f.Category
	switch {
	case len(f.Class) == 0:
		q.Set("it", "all")
	case !slices.Equal(f.Class, []classify.Class{classify.IsIT}):
		for _, k := range f.Class {
			q.Add("it", k.Code())
		}
	}
	for _, y := range f.Years {
		q.Add("year", strconv.Itoa(y))
	}
	switch {
	case f.From != 0 && f.From == f.To:
		set("month", f.From.Code())
	default:
		for name, m := range map[string]civil.Month{"from": f.From, "to": f.To} {
			if m != 0 {
				set(name, m.Code())
			}
		}
	}
	for name, p := range map[string]*money.Pence{"min": f.Least, "max": f.Most} {
		if p != nil {
			set(name, p.Plain())
		}
	}
	for _, k := range f.Payee {
		q.Add("payee", k.Code())
	}
	for name, v := range q {
		if len(v) == 0 {
			delete(q, name)
		}
	}
	return q
}

// sortedOnce are the values in order, each once.
func sortedOnce[T cmp.Ordered](all []T) []T {
	return slices.Compact(slices.Sorted(slices.Values(all)))
}

// Canonical is the filter in the one form that all its spellings have.
func (f Filter) Canonical() Filter {
	f.Bodies, f.Category, f.Years = sortedOnce(f.Bodies), sortedOnce(f.Category), sortedOnce(f.Years)
	f.Class, f.Payee = sortedOnce(f.Class), sortedOnce(f.Payee)
	if len(f.Class) == len(classify.Classes) {
		f.Class = nil
	}
	if len(f.Payee) == len(payeeCodes) {
		f.Payee = nil
	}
	f.Text = strings.Join(strings.Fields(f.Text), " ")
	return f
}

// Ref is the reference of a filter’s total, the same for every spelling of
// the filter: see Look.
func Ref(f Filter) string {
	if q := f.Canonical().Query().Encode(); q != "" {
		return "spend?" + q
	}
	return "spend"
}

// Words says which lines are asked for. Supplier is the name of the one that
// the filter names.
func (f Filter) Words(supplier string) string {
	var all []string
	add := func(words ...string) {
		if said := strings.Join(words, " or "); said != "" {
			all = append(all, said)
		}
	}
	add(eachWords(f.Bodies, office.ShortName)...)
	add(f.Region)
	add(cmp.Or(supplier, f.Supplier))
	if f.Text != "" {
		add("words: " + f.Text)
	}
	add(eachWords(f.Class, classify.Class.String)...)
	add(eachWords(f.Category, taxonWords)...)
	add(eachWords(f.Years, civil.YearWords)...)
	add(f.monthWords())
	if f.Least != nil {
		add("at least " + f.Least.String())
	}
	if f.Most != nil {
		add("at most " + f.Most.String())
	}
	if name := FlagName(f.Flag); name != "" {
		add(name)
	}
	add(eachWords(f.Payee, func(k PayeeKind) string { return "payee " + strings.ToLower(k.String()) })...)
	return strings.Join(all, ", ")
}

func eachWords[T any](all []T, words func(T) string) (out []string) {
	for _, v := range all {
		out = append(out, words(v))
	}
	return out
}

func taxonWords(slug string) string {
	if t, ok := classify.TaxonOf(slug); ok {
		return t.Name
	}
	return "IT of no category"
}

func (f Filter) monthWords() string {
	switch {
	case f.From == 0 && f.To == 0:
		return ""
	case f.From == f.To:
		return f.From.String()
	case f.To == 0:
		return fmt.Sprintf("from %s", f.From)
	case f.From == 0:
		return fmt.Sprintf("to %s", f.To)
	}
	return fmt.Sprintf("%s to %s", f.From, f.To)
}
