package web

import (
	"fmt"
	"html"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/storetest"
	"github.com/police-ict/handover/web/serve"
	spendweb "github.com/police-ict/handover/web/spend"
)

// Two small published files, with invented suppliers.
const (
	kentPayments = `Body Name,Date,Supplier Name,Transaction Number,Amount,Description,Category,Cost Centre,Reason for value for money
Kent Police,30/04/2012,Alder Vale Hosting Ltd (sample),1001,"1,200.50",Custody hosting,Computer hosting,ICT Department,Framework price
Kent Police,02/05/2012,ALDER VALE HOSTING LIMITED (SAMPLE),1002,600.00,Custody hosting,Computer hosting,ICT Department,Framework price
Kent Police,03/05/2012,Redacted,1003,900.00,Payment,Supplies,Custody,
Kent Police,05/05/2012,Brightmere Fuel Ltd (sample),1005,-50.00,Diesel,Vehicle fuel,Fleet,Tender
Kent Police,06/05/2012,Alder Vale Hosting (sample),1006,750.25,Zorbing of widgets,Sundries,Unit 7,
`
	essexPayments = `Body Name,Date,Supplier Name,Transaction Number,Amount,Description,Category,Cost Centre,Reason for value for money
Essex Police,12/05/2012,Alder Vale Hosting Ltd (sample),2001,"1,000.00",Custody hosting,Computer hosting,ICT Department,Framework price
Essex Police,14/06/2012,Fernhall Widgets Ltd (sample),2002,640.00,Zorbing of widgets,Sundries,Unit 9,Tender
Essex Police,15/06/2012,,2003,510.00,Zorbing of chairs,Sundries,Unit 9,Tender
`
)

// trading is a portal into which two files of spend were taken.
type trading struct {
	moving
	keeper at // keeps rules and suppliers
}

func trade(t testing.TB) trading {
	t.Helper()
	tr := trading{moving: move(t)}
	tr.keeper = tr.officer
	for body, file := range map[string]string{"kent": kentPayments, "essex": essexPayments} {
		if _, err := spend.Import(t.Context(), tr.st, office.CommandLine, spend.LoadRequest{Body: body, File: body + ".csv"}, strings.NewReader(file), int64(len(file))); err != nil {
			t.Fatal(err)
		}
	}
	return tr
}

// told is what the three forms of a list of suppliers say of each, and of all.
type told struct {
	all  spend.Sum
	each map[string]spend.Sum // by slug, or by kind of payee
}

func (b at) told(path string) told {
	b.t.Helper()
	j := decoded[spendweb.SuppliersJSON](b.t, b.do(200, "GET", strings.Replace(path, "?", ".json?", 1)).Body.String())
	out := told{j.Total, map[string]spend.Sum{}}
	sum := spend.Sum{}
	for _, r := range j.Suppliers {
		key := r.Payee
		if r.Supplier != nil {
			key = *r.Supplier
		}
		out.each[key] = r.Sum
		sum = sum.Plus(r.Sum)
	}
	page := html.UnescapeString(b.do(200, "GET", path).Body.String())
	rows := csvOf(b.t, b.do(200, "GET", strings.Replace(path, "?", ".csv?", 1)).Body.String())
	in := spend.Sum{}
	for _, r := range rows[1:] {
		lines, _ := strconv.ParseInt(r[5], 10, 64)
		pence, _ := strconv.ParseInt(r[6], 10, 64)
		in = in.Plus(spend.Sum{Lines: lines, Pence: money.Pence(pence)})
		if !strings.Contains(page, money.Pence(pence).String()) || r[3] != "" && !strings.Contains(page, r[3]) {
			b.t.Errorf("%s: the page does not hold the row %v", path, r)
		}
	}
	if sum != j.Total || in != j.Total || !strings.Contains(page, j.Total.Pence.String()) {
		b.t.Errorf("%s: JSON rows %v, CSV rows %v, total %v", path, sum, in, j.Total)
	}
	return out
}

func (a told) differs(b told) string {
	if a.all != b.all || len(a.each) != len(b.each) {
		return fmt.Sprintf("%v is not %v", a, b)
	}
	for k, v := range a.each {
		if b.each[k] != v {
			return fmt.Sprintf("%s: %v is not %v", k, v, b.each[k])
		}
	}
	return ""
}

func TestSuppliersAddUpToWhatTheStoreSays(t *testing.T) {
	tr := trade(t)
	it, err := spend.Read(t.Context(), tr.st, payments.Filter{Class: []classify.Class{classify.IsIT}})
	if err != nil || it.Total.Lines == 0 {
		t.Fatal(it.Total, err)
	}
	if got := tr.stranger.told("/suppliers?"); got.all != it.Total {
		t.Errorf("unless asked the suppliers come to %v, IT is %v", got.all, it.Total)
	}
	for query, f := range map[string]payments.Filter{
		"it=all": {}, "it=no": {Class: []classify.Class{classify.NotIT}}, "it=unknown": {Class: []classify.Class{classify.NotClassified}},
		"it=all&body=kent": {Bodies: []string{"kent"}}, "it=all&month=2012-05": {From: civil.MonthOf(2012, 5), To: civil.MonthOf(2012, 5)},
		"it=all&year=2012": {Years: []int{2012}}, "it=all&payee=redacted": {Payee: []payments.PayeeKind{payments.Redacted}}, "it=all&text=zorbing": {Text: "zorbing"},
	} {
		sp, err := spend.Read(t.Context(), tr.st, f)
		if err != nil {
			t.Fatal(err)
		}
		if got := tr.stranger.told("/suppliers?" + query); got.all != sp.Total {
			t.Errorf("%s: the suppliers come to %v, the store says %v", query, got.all, sp.Total)
		}
	}
	found := tr.stranger.told("/suppliers?it=all&q=alder+vale")
	if len(found.each) != 2 || found.all != (spend.Sum{Lines: 4, Pence: 355075}) {
		t.Errorf("found %v", found)
	}
	says(t, tr.stranger.do(200, "GET", "/suppliers?q=nobody"), "No supplier of these payments has a name like")
}

func TestASuppliersPageAnswersWhoDependsOnIt(t *testing.T) {
	tr := trade(t)
	const path = "/suppliers/alder-vale-hosting-ltd-sample"
	w := tr.stranger.do(200, "GET", path)
	says(t, w, "£2,800.50 from 2 of 43 bodies; 64% of it from Kent.", "All of it is IT.", "2 of 43", "Alder Vale Hosting Ltd (sample)",
		"ALDER VALE HOSTING LIMITED (SAMPLE)", "April 2012", "/spend/lines/", "/spend?it=all&amp;supplier=alder-vale-hosting-ltd-sample&amp;view=lines")
	j := decoded[spendweb.SupplierJSON](t, tr.stranger.do(200, "GET", path+".json").Body.String())
	if j.Total != (spend.Sum{Lines: 3, Pence: 280050}) || j.Forces != 2 || j.Largest.Code != "kent" || j.Largest.Pence != 180050 || len(j.Newest) != 3 || len(j.Names) != 2 {
		t.Errorf("%+v", j)
	}
	parts := map[string]spend.Sum{}
	for _, r := range csvOf(t, tr.stranger.do(200, "GET", path+".csv").Body.String())[1:] {
		lines, _ := strconv.ParseInt(r[5], 10, 64)
		pence, _ := strconv.ParseInt(r[6], 10, 64)
		parts[r[2]] = parts[r[2]].Plus(spend.Sum{Lines: lines, Pence: money.Pence(pence)})
	}
	for _, part := range []string{"total", "body", "month", "class", "name"} {
		if parts[part] != j.Total {
			t.Errorf("the rows of %s come to %v, the total is %v", part, parts[part], j.Total)
		}
	}
	says(t, tr.stranger.do(200, "GET", path+".atom"), "<feed", "£1,000.00 from Essex, 12 May 2012", "2012-05-12T", "/spend/lines/")
	says(t, tr.stranger.do(200, "GET", path+"?it=no"), "No published payment is so.")
	if year := decoded[spendweb.SupplierJSON](t, tr.stranger.do(200, "GET", path+".json?year=2011").Body.String()); year.Total.Lines != 0 || year.Largest != nil {
		t.Errorf("%+v", year)
	}
	says(t, tr.stranger.do(200, "GET", "/suppliers/brightmere-fuel-ltd-sample"), "−£50.00, all of it from Kent.", "Credits exceed payments: no bar")
	tr.stranger.do(404, "GET", "/suppliers/nobody")
	tr.stranger.do(404, "GET", "/suppliers/nobody.json")
}

func mergeForm(fields ...string) []string {
	return replaced([]string{"into", "alder-vale-hosting-ltd-sample", "words", "", "from", "1", "from-month", "4", "from-year", "2012", "reason", "One company"}, fields...)
}

func TestAMergeUndoneGivesBackTheSameTotals(t *testing.T) {
	tr := trade(t)
	const one, other = "/suppliers/alder-vale-hosting-sample", "/suppliers/alder-vale-hosting-ltd-sample"
	before := tr.stranger.told("/suppliers?it=all")
	says(t, tr.keeper.do(200, "GET", "/suppliers/alike"), "Alder Vale Hosting (sample)", one+"/merge?into=alder-vale-hosting-ltd-sample", "These names are alike")
	says(t, tr.keeper.do(200, "GET", one+"/merge?into=alder-vale-hosting-ltd-sample"), `value="alder-vale-hosting-ltd-sample" checked`)
	w := tr.keeper.do(200, "POST", one+"/merge", mergeForm()...)
	says(t, w, "Moves 1 payment, £750.25, from Alder Vale Hosting (sample) to Alder Vale Hosting Ltd (sample).", "3 payments, £2,800.50", "4 payments, £3,550.75", "1 April 2012")
	if s := tr.stranger.told("/suppliers?it=all").differs(before); s != "" {
		t.Error("a merge that was only looked at changed the totals:", s)
	}
	goes(t, tr.keeper.do(303, "POST", one+"/merge", sure(mergeForm())...), other)

	merged := tr.stranger.told("/suppliers?it=all")
	if merged.all != before.all || merged.each["alder-vale-hosting-ltd-sample"] != (spend.Sum{Lines: 4, Pence: 355075}) || len(merged.each) != len(before.each)-1 {
		t.Errorf("merged: %v", merged)
	}
	for _, form := range []string{"", ".csv", ".json", ".atom"} {
		w := tr.stranger.do(301, "GET", one+form+"?it=all")
		if to := w.Header().Get("Location"); to != other+form+"?it=all" || w.Header().Get("Cache-Control") != "no-cache" {
			t.Errorf("%s leads to %s and may be kept %s", one+form, to, w.Header().Get("Cache-Control"))
		}
	}
	says(t, tr.stranger.do(200, "GET", other), "Alder Vale Hosting (sample) merged into Alder Vale Hosting Ltd (sample)", "One company", "From 1 April 2012", "3 names", "Zorbing of widgets")
	tr.keeper.do(409, "GET", one+"/merge")
	tr.keeper.do(409, "POST", one+"/merge", sure(mergeForm())...)
	says(t, tr.keeper.do(422, "POST", other+"/merge", mergeForm("into", "alder-vale-hosting-sample")...), "has already been merged into this supplier")

	says(t, tr.stranger.do(200, "GET", "/suppliers/changes"), "stands", "One company")
	says(t, tr.keeper.do(200, "GET", "/suppliers/changes"), "/suppliers/changes/1/undo")
	says(t, tr.keeper.do(200, "GET", "/suppliers/changes/1/undo"), "The total of all suppliers stays the same.")
	says(t, tr.keeper.do(422, "POST", "/suppliers/changes/1/undo", "reason", " "), "Give the reason.", `href="#reason"`)
	goes(t, tr.keeper.do(303, "POST", "/suppliers/changes/1/undo", "reason", "Two companies after all"), one)
	if s := tr.stranger.told("/suppliers?it=all").differs(before); s != "" {
		t.Error("merged and undone:", s)
	}
	says(t, tr.stranger.do(200, "GET", one), "£750.25", "undone", "Two companies after all")
	tr.keeper.do(409, "GET", "/suppliers/changes/1/undo")
	tr.keeper.do(409, "POST", "/suppliers/changes/1/undo", "reason", "again")
	tr.keeper.do(404, "GET", "/suppliers/changes/9/undo")
	j := decoded[spendweb.ChangesJSON](t, tr.stranger.do(200, "GET", "/suppliers/changes.json").Body.String())
	if len(j.Changes) != 1 || j.Changes[0].Undone == 0 || j.Changes[0].UndoneBy == "" || j.Changes[0].Reason != "One company" {
		t.Errorf("%+v", j)
	}
	if rows := csvOf(t, tr.stranger.do(200, "GET", "/suppliers/changes.csv").Body.String()); len(rows) != 2 || rows[1][13] != "Two companies after all" {
		t.Error(rows)
	}
}

func TestTheSupplierToMergeIntoIsLookedFor(t *testing.T) {
	tr := trade(t)
	const path = "/suppliers/fernhall-widgets-ltd-sample/merge"
	typed := func(fields ...string) []string {
		return mergeForm(append([]string{"into", "", "words", "alder"}, fields...)...)
	}
	w := tr.keeper.do(422, "POST", path, typed()...)
	says(t, w, "Choose which of these suppliers it is.", `href="#into"`, `value="alder-vale-hosting-sample"`, `value="alder-vale-hosting-ltd-sample"`, "One company")
	says(t, tr.keeper.do(200, "POST", path, typed("into", "alder-vale-hosting-sample")...), "to Alder Vale Hosting (sample).")
	says(t, tr.keeper.do(200, "POST", path, typed("words", "brightmere")...), "to Brightmere Fuel Ltd (sample).", "£590.00")
	says(t, tr.keeper.do(200, "POST", path, typed("words", "brightmere", "into", "alder-vale-hosting-sample")...), "to Brightmere Fuel Ltd (sample).")
	for sentence, form := range map[string][]string{
		"No other supplier is called “nobody”":              typed("words", "nobody"),
		"No other supplier is called “fernhall”":            typed("words", "fernhall"),
		"Choose another supplier to merge this one into.":   typed("words", ""),
		"Choose another supplier to merge this one into. ":  typed("words", "", "into", "nobody"),
		"Choose another supplier to merge this one into.  ": typed("words", "", "into", "fernhall-widgets-ltd-sample"),
		"Enter the day from which this applies.":            typed("words", "brightmere", "from", "", "from-month", "", "from-year", ""),
		"Check the date. April 2012 has no day 31.":         typed("words", "brightmere", "from", "31"),
		"Give the reason.": typed("words", "brightmere", "reason", ""),
		"Shorten the reason to 500 characters or fewer.": typed("words", "brightmere", "reason", strings.Repeat("x", 501)),
	} {
		for _, f := range [][]string{form, sure(form)} {
			w := tr.keeper.do(422, "POST", path, f...)
			says(t, httpUnescaped(w), strings.TrimSpace(sentence))
			if n := strings.Count(w.Body.String(), `-fault">`); n != 1 {
				t.Errorf("%s: %d faults on the page", sentence, n)
			}
		}
	}
	if n := len(decoded[spendweb.ChangesJSON](t, tr.stranger.do(200, "GET", "/suppliers/changes.json").Body.String()).Changes); n != 0 {
		t.Errorf("%d changes were recorded", n)
	}
}

func TestThePublishedNameStaysOnEveryLine(t *testing.T) {
	tr := trade(t)
	const path = "/suppliers/alder-vale-hosting-ltd-sample"
	rename := []string{"name", "Vale Digital (sample)", "from", "1", "from-month", "1", "from-year", "2013", "reason", "New name"}
	says(t, tr.keeper.do(200, "POST", path+"/rename", rename...), "3 payments, £2,800.50, will be shown as Vale Digital (sample) instead of Alder Vale Hosting Ltd (sample)", "ALDER VALE HOSTING LIMITED (SAMPLE)")
	goes(t, tr.keeper.do(303, "POST", path+"/rename", sure(rename)...), path)
	tr.keeper.do(303, "POST", "/suppliers/alder-vale-hosting-sample/merge", sure(mergeForm())...)
	says(t, tr.stranger.do(200, "GET", path), "<h1>Vale Digital (sample)</h1>", "Shown under the name Vale Digital (sample)", "Alder Vale Hosting Ltd (sample)", "ALDER VALE HOSTING LIMITED (SAMPLE)", "Alder Vale Hosting (sample)")
	page, err := spend.Lines(t.Context(), tr.st, payments.Filter{Supplier: "alder-vale-hosting-ltd-sample"}, spend.Newest, 0, 10)
	if err != nil || len(page.Lines) != 4 {
		t.Fatal(len(page.Lines), err)
	}
	want := map[string]string{"1001": "Alder Vale Hosting Ltd (sample)", "1002": "ALDER VALE HOSTING LIMITED (SAMPLE)", "1006": "Alder Vale Hosting (sample)", "2001": "Alder Vale Hosting Ltd (sample)"}
	for _, l := range page.Lines {
		at, err := report.ReadLine(t.Context(), tr.st, office.Viewer{}, l.ID)
		if err != nil || l.Supplier != want[l.Transaction] || !strings.Contains(at.Raw, want[l.Transaction]) || l.Identity.Name != "Vale Digital (sample)" {
			t.Errorf("line %s: published %q, row %q, shown %q, %v", l.Transaction, l.Supplier, at.Raw, l.Identity.Name, err)
		}
	}
	says(t, tr.keeper.do(422, "POST", path+"/rename", rename...), "The supplier is already shown under this name.")
	tr.keeper.do(303, "POST", "/suppliers/changes/1/undo", "reason", "Too early")
	says(t, tr.stranger.do(200, "GET", path), "<h1>Alder Vale Hosting Ltd (sample)</h1>")
	for sentence, form := range map[string][]string{
		"Give the name.": replaced(rename, "name", " "), "Shorten the name to 200 characters or fewer.": replaced(rename, "name", strings.Repeat("n", 201)),
		"Give the reason.": replaced(rename, "reason", ""), "Enter the day from which this applies.": replaced(rename, "from", "", "from-month", "", "from-year", ""),
	} {
		says(t, tr.keeper.do(422, "POST", path+"/rename", form...), sentence)
	}
}

func TestOnlyOfficesThatKeepSpendChangeSuppliers(t *testing.T) {
	tr := trade(t)
	all := everyone(t, tr.Server)
	for _, path := range []string{"/suppliers/alike", "/suppliers/alder-vale-hosting-sample/merge", "/suppliers/alder-vale-hosting-sample/rename", "/suppliers/changes/1/undo"} {
		for who, b := range all {
			may := who != "stranger" && office.Kind(who).May(office.KeepSpend)
			if w := b.send("GET", path); may && (w.Code == 403 || w.Code == 303) || who != "stranger" && !may && w.Code != 403 || who == "stranger" && w.Code != 303 {
				t.Errorf("%s asks for %s: %d", who, path, w.Code)
			}
			if path == "/suppliers/alike" || may {
				continue
			}
			if w := b.send("POST", path, sure(append(mergeForm(), "name", "Other"))...); w.Code != 403 && w.Header().Get("Location") != "/sign-in" {
				t.Errorf("%s sends to %s: %d", who, path, w.Code)
			}
		}
	}
	for who, b := range all {
		if who != "stranger" && office.Kind(who).May(office.KeepSpend) {
			continue
		}
		for _, path := range []string{"/suppliers", "/suppliers/alder-vale-hosting-sample", "/suppliers/changes"} {
			if page := b.do(200, "GET", path).Body.String(); strings.Contains(page, "/merge") || strings.Contains(page, "/rename") || strings.Contains(page, "/undo") || strings.Contains(page, "/alike") {
				t.Errorf("%s is offered a change on %s", who, path)
			}
		}
	}
}

func TestABadQuestionAboutSuppliersIsOneSentence(t *testing.T) {
	tr := trade(t)
	for query, sentence := range map[string]string{
		"/suppliers?it=maybe": "Give yes, no or unknown", "/suppliers?body=atlantis": "There is no local policing body “atlantis”", "/suppliers?page=0": "Give “page” as a whole number, 1 or more.",
		"/suppliers?page=9": "The list has 1 page, so there is no page 9.", "/suppliers?min=5": "Amounts and points to check can be used only", "/suppliers?q=" + strings.Repeat("x", 201): "Shorten the name",
		"/suppliers/alder-vale-hosting-sample?it=maybe": "Give yes, no or unknown", "/suppliers/alder-vale-hosting-sample?max=5": "Amounts and points to check can be used only",
		"/suppliers?month=yesterday": "is not a month", "/suppliers?year=12": "Give the year",
	} {
		says(t, httpUnescaped(tr.stranger.do(422, "GET", query)), sentence)
	}
	tr.stranger.do(422, "GET", "/suppliers.json?it=maybe")
	tr.stranger.do(200, "GET", "/suppliers?"+url.Values{"q": {`<b>"%`}}.Encode())
}

// httpUnescaped is an answer with its words as people read them.
func httpUnescaped(w *httptest.ResponseRecorder) *httptest.ResponseRecorder {
	out := httptest.NewRecorder()
	out.WriteString(html.UnescapeString(w.Body.String())) // memory does not refuse
	return out
}

func TestAPortalWithoutSpendSaysSo(t *testing.T) {
	s := New(storetest.Open(t), serve.Options{})
	b := stranger(t, s)
	says(t, b.do(200, "GET", "/suppliers"), "No payments match this filter.", "£0.00")
	says(t, b.do(200, "GET", "/suppliers/changes"), "No supplier has been merged or renamed.")
	for _, path := range []string{"/suppliers.csv", "/suppliers.json", "/suppliers/changes.csv", "/suppliers/changes.json", "/spend/rules", "/spend/rules.csv", "/spend/categories", "/spend/categories.json"} {
		b.do(200, "GET", path)
	}
	b.do(404, "GET", "/suppliers/anybody")
}
