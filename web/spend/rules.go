package spend

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/text"
	"github.com/police-ict/handover/views/page"
	spendview "github.com/police-ict/handover/views/spend"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) rulesRoutes() {
	s.Data("/spend/categories", office.Public, s.categories, serve.One("sort"))
	s.Data("/spend/rules", office.Public, s.rules, serve.One("q", "it", "state", "order"), serve.Sorted())
	s.Confirm("/spend/rules/new", office.KeepSpend, false, s.ruleForm, s.ruleCheck, s.addRule,
		serve.One("supplier", "category", "cost_centre", "purpose", "taxon", "reason", "class"))
	s.Data("/spend/rules/:id", office.Public, s.rule)
	s.Confirm("/spend/rules/:id/withdraw", office.KeepSpend, false, s.withdrawRuleForm, s.withdrawRuleCheck, s.withdrawRule)
}

// ruleFilter reads which rules an address asks for.
func ruleFilter(c echo.Context) (f spendview.RuleFilter, err error) {
	f = spendview.RuleFilter{Words: strings.TrimSpace(serve.Asked(c, "q")), Class: serve.Asked(c, "it"), State: serve.Asked(c, "state")}
	var bad fault.Faults
	if len([]rune(f.Words)) > 200 {
		bad.Add("q", "Shorten the words to 200 characters or fewer.")
	}
	if !slices.Contains([]string{"", "yes", "no"}, f.Class) {
		bad.Add("it", "Choose yes or no. A rule says IT or not IT.")
	}
	if !slices.Contains([]string{"", "standing", "withdrawn"}, f.State) {
		bad.Add("state", "Choose standing or withdrawn.")
	}
	usual := spendview.UsualRules
	switch serve.Asked(c, "order") { // of addresses from before the list had sort=
	case "":
	case "newest":
		usual = db.Sort{Key: "date", Down: true}
	default:
		bad.Add("order", "Choose “newest”, or remove “order” to see the rules with the most payments first.")
	}
	f.Sort, f.Page = serve.AskedSort(c, &bad, serve.Keys(ruleColumns("")), usual), serve.AskedPageNumber(c, &bad)
	if serve.Format(c) != "html" {
		f.Page = 1
	}
	return f, bad.Err()
}

// chooses reports whether a filter chooses a rule: each word stands in what
// the rule says.
func chooses(f spendview.RuleFilter, r classify.Rule) bool {
	if f.Class != "" && r.Class.Code() != f.Class || f.State == "standing" && !r.Stands() || f.State == "withdrawn" && r.Stands() {
		return false
	}
	t, _ := classify.TaxonOf(r.Taxon)
	words := text.Fold(strings.Join([]string{r.Conditions(), t.Name, r.Reason, r.By, fmt.Sprintf("rule %d", r.ID)}, " "))
	return !slices.ContainsFunc(strings.Fields(text.Fold(f.Words)), func(w string) bool { return !strings.Contains(words, w) })
}

// ruleList is all rules that an address asks for, in its order.
func (s pages) ruleList(c echo.Context) (l spendview.RuleList, err error) {
	if l.Filter, err = ruleFilter(c); err != nil {
		return l, err
	}
	all, err := spend.Rules(serve.Ctx(c), s.Store)
	if err != nil {
		return l, err
	}
	sp, err := spend.Read(serve.Ctx(c), s.Store, payments.Filter{})
	if err != nil {
		return l, err
	}
	l.Undecided = sp.Classes[classify.NotClassified]
	for _, r := range all {
		l.Decided = l.Decided.Plus(r.Decides)
		if r.Stands() {
			l.Standing++
		}
		if chooses(l.Filter, r.Rule) {
			l.Chosen = l.Chosen.Plus(r.Decides)
			l.Rules = append(l.Rules, r)
		}
	}
	slices.SortFunc(l.Rules, func(a, b spend.RulePage) int { return cmp.Compare(b.ID, a.ID) })
	l.Count = len(l.Rules)
	return l, nil
}

func (s pages) rules(c echo.Context) (serve.Answer, error) {
	l, err := s.ruleList(c)
	if err != nil {
		return serve.Answer{}, err
	}
	day := civil.DayOf(s.Store.Now())
	columns, shown := ruleColumns(string(day)), []spend.RulePage(nil)
	if shown, l.Pages, err = serve.RowsOf(l.Rules, l.Filter.Sort, l.Filter.Page, spendview.RuleOrders(l.Rules)); err != nil {
		return serve.Answer{}, err
	}
	if serve.Format(c) == "html" {
		l.Rules = shown
		return serve.Answer{Page: spendview.Rules(l, columns), Also: []string{"csv", "json"}}, nil
	}
	told := RulesJSON{day, l.Standing, l.Decided, l.Undecided, l.Count, make([]RuleJSON, len(l.Rules))}
	for i, r := range l.Rules {
		told.Rules[i] = ruleAsJSON(r)
	}
	return serve.Answer{JSON: told, CSV: serve.CSVOf(columns, l.Rules...)}, nil
}

// RulesJSON is the list of rules as JSON.
type RulesJSON struct {
	AsAt      civil.Day  `json:"as_at"`
	Standing  int        `json:"standing"` // whatever the filter; so the next two
	Decided   spend.Sum  `json:"decided"`
	Undecided spend.Sum  `json:"not_classified"`
	Count     int        `json:"count"`
	Rules     []RuleJSON `json:"rules"`
}

// RuleJSON is a rule as JSON.
type RuleJSON struct {
	classify.Rule
	Conditions string    `json:"conditions"`
	Stands     bool      `json:"stands"`
	Decides    spend.Sum `json:"decides"`
}

func ruleAsJSON(r spend.RulePage) RuleJSON {
	return RuleJSON{r.Rule, r.Conditions(), r.Stands(), r.Decides}
}

// ruleColumns are the columns of a rule, on the page and as CSV.
func ruleColumns(day string) []serve.Column[spend.RulePage] {
	words := func(f func(spend.RulePage) string) func(spend.RulePage) templ.Component {
		return func(r spend.RulePage) templ.Component { return page.TextCell(f(r)) }
	}
	return []serve.Column[spend.RulePage]{
		{Label: "Date", Key: "date", Down: true, Quiet: true, Cell: func(r spend.RulePage) templ.Component { return page.DayCell(r.On) }},
		{Name: "as_at", Value: func(spend.RulePage) string { return day }},
		{Name: "rule", Value: func(r spend.RulePage) string { return serve.Digits(r.ID) }},
		{Name: "conditions", Value: func(r spend.RulePage) string { return r.Conditions() }, Label: "Payments with", Key: "rule", Lead: true, Cell: spendview.RuleCell},
		{Name: "supplier", Value: func(r spend.RulePage) string { return r.Supplier }},
		{Name: "purpose", Value: func(r spend.RulePage) string { return r.Purpose }},
		{Name: "category", Value: func(r spend.RulePage) string { return r.Category }},
		{Name: "cost_centre", Value: func(r spend.RulePage) string { return r.CostCentre }},
		{Name: "class", Value: func(r spend.RulePage) string { return r.Class.Code() }, Label: "Classified as", Key: "type", Cell: words(spendview.RuleClass)},
		{Name: "taxon", Value: func(r spend.RulePage) string { return r.Taxon }},
		{Name: "reason", Value: func(r spend.RulePage) string { return r.Reason }, Label: "Reason", Quiet: true, Cell: words(func(r spend.RulePage) string { return r.Reason })},
		{Name: "by", Value: func(r spend.RulePage) string { return r.By }, Label: "Added by", Key: "by", Quiet: true, Cell: words(spendview.RuleAuthor)},
		{Name: "on", Value: func(r spend.RulePage) string { return string(r.On) }},
		{Name: "withdrawn", Value: func(r spend.RulePage) string { return string(r.Withdrawn) }},
		{Name: "withdrawn_because", Value: func(r spend.RulePage) string { return r.Why }},
		{Name: "lines", Value: func(r spend.RulePage) string { return serve.Digits(r.Decides.Lines) },
			Label: "Payments", Key: "payments", Down: true, Numeric: true, Quiet: true, Cell: words(func(r spend.RulePage) string { return page.Num(r.Decides.Lines) })},
		{Name: "pence", Value: func(r spend.RulePage) string { return serve.Digits(r.Decides.Pence) },
			Label: "Sum", Key: "sum", Down: true, Numeric: true, Side: true, Cell: words(func(r spend.RulePage) string { return r.Decides.Pence.String() })},
	}
}

func (s pages) rule(c echo.Context) (serve.Answer, error) {
	r, err := s.ruleOf(c)
	if err != nil {
		return serve.Answer{}, err
	}
	history, err := register.ReadListing(serve.Ctx(c), s.Store, record.EventFilter{Subject: fmt.Sprintf("rule/%d", r.ID)}, serve.HistoryMost)
	day := civil.DayOf(s.Store.Now())
	return serve.Answer{Page: spendview.RulePage(r, history), JSON: ruleOnDay{day, ruleAsJSON(r)}, CSV: serve.CSVOf(ruleColumns(string(day)), r)}, err
}

type ruleOnDay struct {
	AsAt civil.Day `json:"as_at"`
	RuleJSON
}

// ruleOf is the rule of an address.
func (s pages) ruleOf(c echo.Context) (r spend.RulePage, err error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return r, err
	}
	return spend.ReadRule(serve.Ctx(c), s.Store, id)
}

// ruleTyped is the rule of a sent form, or what an address begins one with.
func ruleTyped(c echo.Context) classify.Rule {
	v := func(name string) string { return strings.Join(strings.Fields(c.FormValue(name)), " ") }
	r := classify.Rule{Supplier: v("supplier"), Category: v("category"), CostCentre: v("cost_centre"), Purpose: v("purpose"), Taxon: v("taxon"), Reason: v("reason")}
	if k, err := classify.ParseClass(v("class")); err == nil {
		r.Class = k // what is not a class is none, and the store asks for one
	}
	return r
}

func (s pages) ruleForm(c echo.Context) (templ.Component, error) {
	return spendview.RuleForm(ruleTyped(c)), nil
}

func (s pages) ruleCheck(c echo.Context) (templ.Component, error) {
	t, err := spend.TryRule(serve.Ctx(c), s.Store, serve.Viewer(c), ruleTyped(c))
	return spendview.RuleCheck(t), err
}

func (s pages) addRule(c echo.Context) (string, error) {
	id, err := spend.AddRule(serve.Ctx(c), s.Store, serve.Viewer(c), ruleTyped(c))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("/spend/rules/%d", id), s.Tell(c, fmt.Sprintf("Rule %d decides from now on.", id))
}

// ending is what the end of the rule of an address would do.
func (s pages) ending(c echo.Context) (spend.RuleTrial, error) {
	r, err := s.ruleOf(c)
	if err != nil {
		return spend.RuleTrial{}, err
	}
	return spend.TryWithdrawRule(serve.Ctx(c), s.Store, serve.Viewer(c), r.ID)
}

func (s pages) withdrawRuleForm(c echo.Context) (templ.Component, error) {
	t, err := s.ending(c)
	return spendview.WithdrawRuleForm(t), err
}

func (s pages) withdrawRuleCheck(c echo.Context) (templ.Component, error) {
	t, err := s.ending(c)
	if err != nil {
		return nil, err
	}
	var f fault.Faults
	why := reasonTyped(c, &f)
	return spendview.WithdrawRuleCheck(t, why), f.Err()
}

func (s pages) withdrawRule(c echo.Context) (string, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return "", err
	}
	if err := spend.WithdrawRule(serve.Ctx(c), s.Store, serve.Viewer(c), id, c.FormValue("reason")); err != nil {
		return "", err
	}
	return fmt.Sprintf("/spend/rules/%d", id), s.Tell(c, fmt.Sprintf("Rule %d has been withdrawn.", id))
}

func (s pages) categories(c echo.Context) (serve.Answer, error) {
	sp, err := spend.Read(serve.Ctx(c), s.Store, payments.Filter{})
	if err != nil {
		return serve.Answer{}, err
	}
	if err := agreed(c, sp); err != nil {
		return serve.Answer{}, err
	}
	var bad fault.Faults
	sort := serve.AskedSort(c, &bad, spendview.CategorySorts(), spendview.UsualCategories)
	if err := bad.Err(); err != nil {
		return serve.Answer{}, err
	}
	it, others := categoryRows(sp)
	spendview.SortCategories(it, sort)
	day := civil.DayOf(s.Store.Now())
	out := CategoriesJSON{AsAt: day, Event: sp.Version, Known: sp.Version, Total: sp.Total}
	for i, r := range slices.Concat(it, others) {
		class := classify.IsIT
		if i >= len(it) {
			class = []classify.Class{classify.NotIT, classify.NotClassified}[i-len(it)]
		}
		out.Categories = append(out.Categories, categoryJSON{r.Slug, r.Name, r.What, class, r.Sum})
	}
	return serve.Answer{Page: spendview.Categories(sp, it, others, sort), SVG: spendview.CategoryChart(it), JSON: out, CSV: serve.CSVOf(categoryColumns(string(day)), out.Categories...)}, nil
}

// categoryColumns are the columns of the categories of police IT.
func categoryColumns(day string) []serve.Column[categoryJSON] {
	return []serve.Column[categoryJSON]{
		{Name: "as_at", Value: func(categoryJSON) string { return day }},
		{Name: "category", Value: func(k categoryJSON) string { return k.Slug }},
		{Name: "name", Value: func(k categoryJSON) string { return k.Name }},
		{Name: "what", Value: func(k categoryJSON) string { return k.What }},
		{Name: "it", Value: func(k categoryJSON) string { return k.IT.Code() }},
		{Name: "lines", Value: func(k categoryJSON) string { return serve.Digits(k.Lines) }},
		{Name: "pence", Value: func(k categoryJSON) string { return serve.Digits(k.Pence) }},
	}
}

// CategoriesJSON is what each category comes to, as JSON.
type CategoriesJSON struct {
	AsAt       civil.Day      `json:"as_at"`
	Event      int64          `json:"event"`
	Known      int64          `json:"known_event"` // the same
	Total      spend.Sum      `json:"total"`
	Categories []categoryJSON `json:"categories"`
}

type categoryJSON struct {
	Slug string         `json:"category"`
	Name string         `json:"name"`
	What string         `json:"what"`
	IT   classify.Class `json:"it"`
	spend.Sum
}

// categoryRows are the parts that all spend falls into.
func categoryRows(sp spend.Spend) (it, others []spendview.CategoryRow) {
	for _, t := range classify.Taxa() {
		it = append(it, spendview.CategoryRow{Slug: t.Slug, Name: t.Name, What: t.What, Href: "/spend?category=" + t.Slug, Sum: sp.Taxa[t.Slug]})
	}
	if none := sp.Taxa["none"]; none.Lines > 0 {
		it = append(it, spendview.CategoryRow{Slug: "none", Name: "IT of no category", What: "Classified as IT without a category.", Href: "/spend?category=none", Sum: none})
	}
	return it, []spendview.CategoryRow{
		{Slug: "", Name: "Not IT", What: "A rule classifies it as not IT.", Href: "/spend?it=no", Sum: sp.Classes[classify.NotIT]},
		{Slug: "", Name: "Not classified", What: "No rule applies. It is not counted as IT.", Href: "/spend?it=unknown", Sum: sp.Classes[classify.NotClassified]},
	}
}
