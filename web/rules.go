package web

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/text"
	spendview "github.com/police-ict/handover/views/spend"
)

const rulesPage = 50 // rules on a page

func (s *Server) rulesRoutes() {
	s.data("/spend/categories", office.Public, s.categories)
	s.data("/spend/rules", office.Public, s.rules)
	s.confirm("/spend/rules/new", office.KeepSpend, false, s.ruleForm, s.ruleCheck, s.addRule)
	s.data("/spend/rules/:id", office.Public, s.rule)
	s.confirm("/spend/rules/:id/withdraw", office.KeepSpend, false, s.withdrawRuleForm, s.withdrawRuleCheck, s.withdrawRule)
}

// ruleFilter reads which rules an address asks for.
func ruleFilter(c echo.Context) (f spendview.RuleFilter, err error) {
	f = spendview.RuleFilter{Words: strings.TrimSpace(asked(c, "q")), Class: asked(c, "it"), State: asked(c, "state"), Order: asked(c, "order")}
	var bad fault.Faults
	if len([]rune(f.Words)) > 200 {
		bad.Add("q", "Shorten the words to 200 characters or fewer.")
	}
	if !slices.Contains([]string{"", "yes", "no"}, f.Class) {
		bad.Add("it", "Give yes or no: a rule says IT or not IT.")
	}
	if !slices.Contains([]string{"", "standing", "withdrawn"}, f.State) {
		bad.Add("state", "Give standing or withdrawn.")
	}
	if !slices.Contains([]string{"", "newest"}, f.Order) {
		bad.Add("order", "Give newest, or nothing for the rule that decides most lines first.")
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
func (s *Server) ruleList(c echo.Context) (l spendview.RuleList, err error) {
	if l.Filter, err = ruleFilter(c); err != nil {
		return l, err
	}
	all, err := spend.Rules(ctx(c), s.store)
	if err != nil {
		return l, err
	}
	sp, err := spend.Read(ctx(c), s.store, payments.Filter{})
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
	slices.SortFunc(l.Rules, func(a, b spend.RulePage) int {
		if l.Filter.Order == "" {
			return cmp.Or(cmp.Compare(b.Decides.Lines, a.Decides.Lines), cmp.Compare(b.ID, a.ID))
		}
		return cmp.Compare(b.ID, a.ID)
	})
	l.Count = len(l.Rules)
	return l, nil
}

func (s *Server) rules(c echo.Context) (answer, error) {
	l, err := s.ruleList(c)
	if err != nil {
		return answer{}, err
	}
	if form(c) == "html" {
		if l.Page, l.Pages, l.From, err = pageAsked(c, l.Count, rulesPage); err != nil {
			return answer{}, err
		}
		l.Rules = l.Rules[l.From:min(l.From+rulesPage, l.Count)]
		return answer{Page: spendview.Rules(l)}, nil
	}
	day := civil.DayOf(s.store.Now())
	told := rulesJSON{day, l.Standing, l.Decided, l.Undecided, l.Count, make([]ruleJSON, len(l.Rules))}
	rows := make([][]string, len(l.Rules))
	for i, r := range l.Rules {
		told.Rules[i] = ruleAsJSON(r)
		rows[i] = ruleAsRow(day, r)
	}
	return answer{JSON: told, CSV: rowsOf(ruleHeader, rows)}, nil
}

type rulesJSON struct {
	AsAt      civil.Day  `json:"as_at"`
	Standing  int        `json:"standing"` // whatever the filter; so the next two
	Decided   spend.Sum  `json:"decided"`
	Undecided spend.Sum  `json:"not_classified"`
	Count     int        `json:"count"`
	Rules     []ruleJSON `json:"rules"`
}

type ruleJSON struct {
	classify.Rule
	Conditions string    `json:"conditions"`
	Stands     bool      `json:"stands"`
	Decides    spend.Sum `json:"decides"`
}

func ruleAsJSON(r spend.RulePage) ruleJSON {
	return ruleJSON{r.Rule, r.Conditions(), r.Stands(), r.Decides}
}

var ruleHeader = []string{"as_at", "rule", "conditions", "supplier", "purpose", "category", "cost_centre", "class", "taxon", "reason", "by", "on", "withdrawn", "withdrawn_because", "lines", "pence"}

func ruleAsRow(day civil.Day, r spend.RulePage) []string {
	return []string{string(day), whole(r.ID), r.Conditions(), r.Supplier, r.Purpose, r.Category, r.CostCentre, r.Class.Code(), r.Taxon, r.Reason, r.By,
		string(r.On), string(r.Withdrawn), r.Why, whole(r.Decides.Lines), whole(r.Decides.Pence)}
}

func (s *Server) rule(c echo.Context) (answer, error) {
	r, err := s.ruleOf(c)
	if err != nil {
		return answer{}, err
	}
	history, err := register.ReadListing(ctx(c), s.store, record.EventFilter{Subject: fmt.Sprintf("rule/%d", r.ID)}, historyMost)
	day := civil.DayOf(s.store.Now())
	return answer{Page: spendview.RulePage(r, history), JSON: ruleOnDay{day, ruleAsJSON(r)}, CSV: rowsOf(ruleHeader, [][]string{ruleAsRow(day, r)})}, err
}

type ruleOnDay struct {
	AsAt civil.Day `json:"as_at"`
	ruleJSON
}

// ruleOf is the rule of an address.
func (s *Server) ruleOf(c echo.Context) (r spend.RulePage, err error) {
	id, err := number(c, "id")
	if err != nil {
		return r, err
	}
	return spend.ReadRule(ctx(c), s.store, id)
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

func (s *Server) ruleForm(c echo.Context) (templ.Component, error) {
	return spendview.RuleForm(ruleTyped(c)), nil
}

func (s *Server) ruleCheck(c echo.Context) (templ.Component, error) {
	t, err := spend.TryRule(ctx(c), s.store, viewer(c), ruleTyped(c))
	return spendview.RuleCheck(t), err
}

func (s *Server) addRule(c echo.Context) (string, error) {
	id, err := spend.AddRule(ctx(c), s.store, viewer(c), ruleTyped(c))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("/spend/rules/%d", id), s.told(c, fmt.Sprintf("Rule %d decides from now on.", id))
}

// ending is what the end of the rule of an address would do.
func (s *Server) ending(c echo.Context) (spend.RuleTrial, error) {
	r, err := s.ruleOf(c)
	if err != nil {
		return spend.RuleTrial{}, err
	}
	return spend.TryWithdrawRule(ctx(c), s.store, viewer(c), r.ID)
}

func (s *Server) withdrawRuleForm(c echo.Context) (templ.Component, error) {
	t, err := s.ending(c)
	return spendview.WithdrawRuleForm(t), err
}

func (s *Server) withdrawRuleCheck(c echo.Context) (templ.Component, error) {
	t, err := s.ending(c)
	if err != nil {
		return nil, err
	}
	var f fault.Faults
	why := reasonTyped(c, &f)
	return spendview.WithdrawRuleCheck(t, why), f.Err()
}

func (s *Server) withdrawRule(c echo.Context) (string, error) {
	id, err := number(c, "id")
	if err != nil {
		return "", err
	}
	if err := spend.WithdrawRule(ctx(c), s.store, viewer(c), id, c.FormValue("reason")); err != nil {
		return "", err
	}
	return fmt.Sprintf("/spend/rules/%d", id), s.told(c, fmt.Sprintf("Rule %d is withdrawn.", id))
}

func (s *Server) categories(c echo.Context) (answer, error) {
	sp, err := spend.Read(ctx(c), s.store, payments.Filter{})
	if err != nil {
		return answer{}, err
	}
	if err := agreed(c, sp); err != nil {
		return answer{}, err
	}
	it, others := categoryRows(sp)
	day := civil.DayOf(s.store.Now())
	out := categoriesJSON{AsAt: day, Event: sp.Version, Total: sp.Total}
	var rows [][]string
	for i, r := range slices.Concat(it, others) {
		class := classify.IsIT
		if i >= len(it) {
			class = []classify.Class{classify.NotIT, classify.NotClassified}[i-len(it)]
		}
		out.Categories = append(out.Categories, categoryJSON{r.Slug, r.Name, r.What, class, r.Sum})
		rows = append(rows, []string{string(day), r.Slug, r.Name, r.What, class.Code(), whole(r.Lines), whole(r.Pence)})
	}
	return answer{Page: spendview.Categories(sp, it, others), JSON: out, CSV: rowsOf([]string{"as_at", "category", "name", "what", "it", "lines", "pence"}, rows)}, nil
}

type categoriesJSON struct {
	AsAt       civil.Day      `json:"as_at"`
	Event      int64          `json:"event"`
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
		it = append(it, spendview.CategoryRow{Slug: "none", Name: "IT of no category", What: "A rule calls it IT and gives no category.", Href: "/spend?category=none", Sum: none})
	}
	return it, []spendview.CategoryRow{
		{Slug: "", Name: "Not IT", What: "A rule says that it is not IT.", Href: "/spend?it=no", Sum: sp.Classes[classify.NotIT]},
		{Slug: "", Name: "Not classified", What: "No rule decides it. It is never counted as IT, nor as anything else.", Href: "/spend?it=unknown", Sum: sp.Classes[classify.NotClassified]},
	}
}
