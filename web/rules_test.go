package web

import (
	"fmt"
	"html"
	"strconv"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/text"
	"github.com/police-ict/handover/web/serve"
	spendweb "github.com/police-ict/handover/web/spend"
)

func ruleForm(fields ...string) []string {
	return replaced([]string{"supplier", "", "purpose", "zorbing widgets", "category", "", "cost_centre", "", "class", "yes", "taxon", "hosting", "reason", "Widgets host data"}, fields...)
}

// sums is what each category comes to, by the three forms of its page.
func (b at) sums() map[string]spend.Sum {
	b.t.Helper()
	j := decoded[spendweb.CategoriesJSON](b.t, b.do(200, "GET", "/spend/categories.json").Body.String())
	page := html.UnescapeString(b.do(200, "GET", "/spend/categories").Body.String())
	rows := csvOf(b.t, b.do(200, "GET", "/spend/categories.csv").Body.String())
	all, sum := map[string]spend.Sum{}, spend.Sum{}
	for i, k := range j.Categories {
		all[k.IT.Code()+" "+k.Slug] = k.Sum
		sum = sum.Plus(k.Sum)
		if r := rows[i+1]; r[1] != k.Slug || r[4] != k.IT.Code() || r[5] != serve.Digits(k.Lines) || r[6] != serve.Digits(k.Pence) || k.Lines > 0 && !strings.Contains(page, k.Pence.String()) || !strings.Contains(page, k.Name) {
			b.t.Errorf("category %v: the row is %v", k, r)
		}
	}
	if sum != j.Total || len(rows) != len(j.Categories)+1 {
		b.t.Errorf("the categories come to %v, the total is %v", sum, j.Total)
	}
	return all
}

func same(a, b map[string]spend.Sum) string {
	for k := range a {
		if a[k] != b[k] {
			return fmt.Sprintf("%s: %v is not %v", k, a[k], b[k])
		}
	}
	if len(a) != len(b) {
		return fmt.Sprintf("%d categories are not %d", len(a), len(b))
	}
	return ""
}

func TestARuleMovesExactlyWhatItsPreviewSays(t *testing.T) {
	tr := trade(t)
	before := tr.stranger.sums()
	suppliers := tr.stranger.told("/suppliers?it=all")
	if before["unknown "] != (spend.Sum{Lines: 4, Pence: 280025}) {
		t.Fatalf("not classified is %v", before["unknown "])
	}
	w := tr.keeper.do(200, "POST", "/spend/rules/new", ruleForm()...)
	says(t, w, "Reclassifies 2 payments, £1,390.25.", "It would classify 2 payments, £1,390.25.", "Not classified", "IT: Hosting and data centres", "zorbing widgets", "Add the rule", `name="reason" value="Widgets host data"`)
	if s := same(before, tr.stranger.sums()); s != "" {
		t.Error("a rule that was only looked at moved something:", s)
	}
	path := tr.keeper.do(303, "POST", "/spend/rules/new", sure(ruleForm())...).Header().Get("Location")
	moved := tr.stranger.sums()
	sum := spend.Sum{Lines: 2, Pence: 139025}
	if moved["unknown "] != before["unknown "].Minus(sum) || moved["yes hosting"] != before["yes hosting"].Plus(sum) || moved["no "] != before["no "] {
		t.Errorf("before %v, after %v", before, moved)
	}
	says(t, tr.stranger.do(200, "GET", path), "It classifies 2 payments, £1,390.25.", "the purpose contains the words ‘zorbing widgets’", "Widgets host data", "entry ")
	j := decoded[spendweb.RuleJSON](t, tr.stranger.do(200, "GET", path+".json").Body.String())
	if j.Decides != sum || !j.Stands || j.Taxon != "hosting" || j.By == "" || j.On != "2013-01-14" {
		t.Errorf("%+v", j)
	}
	tr.keeper.do(422, "POST", "/spend/rules/new", sure(ruleForm())...)

	says(t, tr.keeper.do(200, "GET", path+"/withdraw"), "Reclassifies 2 payments, £1,390.25.")
	says(t, tr.keeper.do(422, "POST", path+"/withdraw", "reason", ""), "Enter the reason.")
	says(t, tr.keeper.do(200, "POST", path+"/withdraw", "reason", "Wrong"), "Reclassifies 2 payments, £1,390.25.", "IT: Hosting and data centres", "Why it is withdrawn")
	goes(t, tr.keeper.do(303, "POST", path+"/withdraw", sure([]string{"reason", "Wrong"})...), path)
	if s := same(before, tr.stranger.sums()); s != "" {
		t.Error("added and withdrawn:", s)
	}
	if s := tr.stranger.told("/suppliers?it=all").differs(suppliers); s != "" {
		t.Error("added and withdrawn:", s)
	}
	says(t, tr.stranger.do(200, "GET", path), "Withdrawn. It classifies no payment.", "Wrong")
	tr.keeper.do(409, "GET", path+"/withdraw")
	tr.keeper.do(409, "POST", path+"/withdraw", sure([]string{"reason", "Wrong"})...)
	tr.stranger.do(404, "GET", "/spend/rules/99999")
	tr.keeper.do(404, "GET", "/spend/rules/99999/withdraw")
	if v, err := store.Verify(t.Context(), tr.st); err != nil || !v.OK() {
		t.Error(v.Fault, err)
	}
}

func TestTheRulesSayWhatTheyDecide(t *testing.T) {
	tr := trade(t)
	all := decoded[spendweb.RulesJSON](t, tr.stranger.do(200, "GET", "/spend/rules.json").Body.String())
	sp, err := spend.Read(t.Context(), tr.st, payments.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	sum, stand := spend.Sum{}, 0
	for _, r := range all.Rules {
		sum = sum.Plus(r.Decides)
		if r.Stands {
			stand++
		}
	}
	if sum != all.Decided || all.Decided.Plus(all.Undecided) != sp.Total || all.Undecided != sp.Classes[classify.NotClassified] || stand != all.Standing || all.Count != len(all.Rules) || all.Count < 100 {
		t.Errorf("%d rules decide %v of %v, not classified %v", all.Count, sum, sp.Total, all.Undecided)
	}
	rows := csvOf(t, tr.stranger.do(200, "GET", "/spend/rules.csv").Body.String())
	in := spend.Sum{}
	for _, r := range rows[1:] {
		lines, _ := strconv.ParseInt(r[14], 10, 64)
		pence, _ := strconv.ParseInt(r[15], 10, 64)
		in = in.Plus(spend.Sum{Lines: lines, Pence: money.Pence(pence)})
	}
	if len(rows) != all.Count+1 || in != sum {
		t.Errorf("%d rows come to %v", len(rows)-1, in)
	}
	says(t, httpUnescaped(tr.stranger.do(200, "GET", "/spend/rules")), classify.RulePrecedence, classify.RuleWords, "4 payments, £2,800.25, are not classified.", text.Thousands(int64(all.Count))+" rules", "Page 1 of 12")
	says(t, tr.stranger.do(200, "GET", "/spend/rules?page=2"), "Page 2 of 12", "Previous")
	says(t, tr.stranger.do(200, "GET", "/spend/rules/1"), "Comes with the portal", "It comes with the portal.")
	for query, holds := range map[string]func(spendweb.RuleJSON) bool{
		"it=yes":             func(r spendweb.RuleJSON) bool { return r.Class == classify.IsIT },
		"it=no&q=FUEL":       func(r spendweb.RuleJSON) bool { return r.Class == classify.NotIT },
		"state=standing":     func(r spendweb.RuleJSON) bool { return r.Stands },
		"state=withdrawn":    func(r spendweb.RuleJSON) bool { return !r.Stands },
		"q=diesel":           func(r spendweb.RuleJSON) bool { return strings.Contains(r.Conditions+r.Reason, "diesel") },
		"order=newest&it=no": func(r spendweb.RuleJSON) bool { return r.Class == classify.NotIT },
	} {
		got := decoded[spendweb.RulesJSON](t, tr.stranger.do(200, "GET", "/spend/rules.json?"+query).Body.String())
		if got.Decided != all.Decided || got.Count != len(got.Rules) || got.Count == 0 != (query == "state=withdrawn") {
			t.Errorf("%s: %d rules", query, got.Count)
		}
		for _, r := range got.Rules {
			if !holds(r) {
				t.Errorf("%s chooses %+v", query, r)
			}
		}
	}
	says(t, tr.stranger.do(200, "GET", "/spend/rules?state=withdrawn"), "No rules match this filter.")
}

func TestABadRuleIsToldBesideItsField(t *testing.T) {
	tr := trade(t)
	before := decoded[spendweb.RulesJSON](t, tr.stranger.do(200, "GET", "/spend/rules.json").Body.String()).Count
	for name, k := range map[string]struct {
		form     []string
		field    string
		sentence string
	}{
		"no condition":      {ruleForm("purpose", ""), "supplier", "Enter at least one condition"},
		"no class":          {ruleForm("class", ""), "class", "Choose whether the payments are IT or not IT."},
		"no such class":     {ruleForm("class", "perhaps"), "class", "Choose whether the payments are IT or not IT."},
		"IT of no category": {ruleForm("taxon", ""), "taxon", "Choose which category of police IT the payments are."},
		"no such category":  {ruleForm("taxon", "cakes"), "taxon", "Choose which category of police IT the payments are."},
		"a category not IT": {ruleForm("class", "no"), "taxon", "Leave the category of police IT empty"},
		"no reason":         {ruleForm("reason", " "), "reason", "Enter the reason for the rule."},
		"a short beginning": {ruleForm("purpose", "zo*"), "purpose", "Enter at least 3 letters before each *"},
		"a star within":     {ruleForm("category", "zor*bing"), "category", "Use * only at the end of a word"},
		"no letters":        {ruleForm("cost_centre", "!!"), "cost_centre", "Enter the words of the cost centre"},
		"no name":           {ruleForm("supplier", "…"), "supplier", "Enter the supplier’s name or company number"},
		"too long":          {ruleForm("purpose", strings.Repeat("word ", 50)), "purpose", "Shorten the words of the purpose"},
	} {
		for _, form := range [][]string{k.form, sure(k.form)} {
			w := tr.keeper.do(422, "POST", "/spend/rules/new", form...)
			says(t, httpUnescaped(w), k.sentence, `href="#`+k.field+`"`, `id="`+k.field+`-fault"`)
			if n := strings.Count(w.Body.String(), `-fault">`); n != 1 {
				t.Errorf("%s: %d faults on the page", name, n)
			}
		}
	}
	for query, sentence := range map[string]string{"it=unknown": "Choose yes or no", "state=old": "Choose standing or withdrawn.", "order=big": "Choose “newest”", "page=x": "Enter a page number", "page=99": "There is no page 99", "sort=pence": "cannot be sorted by “pence”"} {
		says(t, tr.stranger.do(422, "GET", "/spend/rules?"+query), sentence)
	}
	if n := decoded[spendweb.RulesJSON](t, tr.stranger.do(200, "GET", "/spend/rules.json").Body.String()).Count; n != before {
		t.Errorf("%d rules became %d", before, n)
	}
}

func TestOnlyOfficesThatKeepSpendChangeRules(t *testing.T) {
	tr := trade(t)
	for who, b := range everyone(t, tr.Server) {
		may := who != "stranger" && office.Kind(who).May(office.KeepSpend)
		for _, path := range []string{"/spend/rules/new", "/spend/rules/1/withdraw"} {
			want := 403
			switch {
			case may:
				want = 200
			case who == "stranger":
				want = 303
			}
			if w := b.send("GET", path); w.Code != want {
				t.Errorf("%s asks for %s: %d", who, path, w.Code)
			}
			if w := b.send("POST", path, sure(ruleForm())...); !may && w.Code != 403 && w.Header().Get("Location") != "/sign-in" {
				t.Errorf("%s sends to %s: %d", who, path, w.Code)
			}
			if may {
				break // a rule that was added is not withdrawn here
			}
		}
		page := b.do(200, "GET", "/spend/rules").Body.String() + b.do(200, "GET", "/spend/rules/1").Body.String()
		if offered := strings.Contains(page, "/spend/rules/new") || strings.Contains(page, "/withdraw"); offered != may {
			t.Errorf("%s is offered to change rules: %v", who, offered)
		}
	}
}
