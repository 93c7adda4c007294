package web

import (
	"compress/gzip"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/storetest"
	"github.com/police-ict/handover/web/serve"
	spendweb "github.com/police-ict/handover/web/spend"
)

// takesIn loads an invented file of a body.
func takesIn(t testing.TB, st *db.Tx, req spend.LoadRequest, file string) spend.Load {
	t.Helper()
	if req.File == "" {
		req.File = req.Body + ".csv"
	}
	trial, err := spend.Import(t.Context(), st, office.CommandLine, req, strings.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	return trial.Load
}

const spendHead = "Date,Supplier Name,Transaction Number,Amount,Description,Category,Cost Centre,Reason for value for money,Company Number\n"

// spendFile is an invented file of so many payments by turns of IT, of fuel, of
// what no rule decides, to nobody named and to a redacted supplier.
func spendFile(body string, year, from, lines int) string {
	b := strings.Builder{}
	b.WriteString(spendHead)
	for i := range lines {
		centre, supplier, purpose, category, reason := "ICT Department", fmt.Sprintf("Supplier %d Ltd (sample)", i%7), "Computer hosting", "Computer hosting", "Framework price"
		switch i % 6 {
		case 0:
			purpose = fmt.Sprintf("Computer hosting lot %d", i)
		case 1:
			centre, supplier, purpose, category, reason = "Fleet", "Brightmere Fuel Ltd (sample)", "Diesel", "Vehicle fuel", ""
		case 2:
			centre, purpose, category = "Custody", "Sundries", "Sundries"
		case 3:
			supplier = ""
		case 4:
			supplier = "Redacted"
		}
		pence := 12_345*(i%40+1) + i
		if i%11 == 5 {
			pence = -pence
		}
		fmt.Fprintf(&b, "%02d/%02d/%d,%s,%s-%d,%d.%02d,%s,%s,%s,%s,\n", i%28+1, from+i%3, year, supplier, body, i, pence/100, max(pence, -pence)%100, purpose, category, centre, reason)
	}
	return b.String()
}

// spent is a portal with files of two bodies, one of which names a quarter only.
func spent(t testing.TB) (*serve.Server, *db.Tx) {
	t.Helper()
	s, st, _ := open(t)
	takesIn(t, st, spend.LoadRequest{Body: "kent"}, spendFile("kent", 2011, 4, 260))
	takesIn(t, st, spend.LoadRequest{Body: "kent", File: "kent-2012.csv"}, spendFile("kent-2012", 2012, 4, 90))
	takesIn(t, st, spend.LoadRequest{Body: "essex"}, spendFile("essex", 2011, 4, 130))
	takesIn(t, st, spend.LoadRequest{Body: "essex", File: "essex-q.csv", Period: mustPeriod(t, "2012-Q1")},
		"Supplier,Amount,Description,Category\nAlder Vale Hosting Ltd (sample),\"1,500.25\",Computer hosting,Computer hosting\nFernhall Networks Ltd (sample),750.00,Network lines,Computer hosting\n")
	return s, st
}

func mustPeriod(t testing.TB, text string) civil.Period {
	t.Helper()
	p, err := civil.ParsePeriod(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// spendForm is the address of a form of a view of a filter.
func spendForm(form, view, filter string) string {
	return strings.TrimSuffix("/spend"+form+"?view="+view+"&"+filter, "&")
}

var sumShown = regexp.MustCompile(`<dt>Total</dt><dd><a [^>]*>([^<]*)</a></dd></div>\s*<div><dt>Payments</dt><dd>([^<]*)</dd>`)

// pageSum is the sum that a page shows above its view.
func pageSum(t testing.TB, w *httptest.ResponseRecorder) (sum spend.Sum) {
	t.Helper()
	m := sumShown.FindStringSubmatch(w.Body.String())
	if strings.Contains(w.Body.String(), "Cannot tell: no source file") {
		return sum // which is nothing
	}
	if m == nil {
		t.Fatalf("no sum is shown on\n%s", w.Body)
	}
	p, err := money.ParsePence(html.UnescapeString(m[1]))
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.ParseInt(strings.ReplaceAll(m[2], ",", ""), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return spend.Sum{Lines: n, Pence: p}
}

// csvSum adds up a CSV: of lines, or of rows that say how many lines they hold.
func csvSum(t testing.TB, w *httptest.ResponseRecorder) (sum spend.Sum) {
	t.Helper()
	rows, err := csv.NewReader(unmarked(w.Body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(rows[0], "amount_pence")
	for _, r := range rows[1:] {
		n := int64(1)
		if i := slices.Index(rows[0], "lines"); i >= 0 {
			n, _ = strconv.ParseInt(r[i], 10, 64) // empty is none
		}
		p, _ := strconv.ParseInt(r[at], 10, 64)
		sum = sum.Plus(spend.Sum{Lines: n, Pence: money.Pence(p)})
	}
	return sum
}

func spendTold(t testing.TB, w *httptest.ResponseRecorder) (out spendweb.SumsJSON) {
	t.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		t.Fatalf("%v in\n%s", err, w.Body)
	}
	return out
}

// jsonRows adds up the rows of a view in JSON.
func jsonRows(j spendweb.SumsJSON) (sum spend.Sum) {
	for _, b := range j.BodyRows {
		if b.Sum != nil {
			sum = sum.Plus(*b.Sum)
		}
	}
	for _, r := range j.SupplierRows {
		sum = sum.Plus(r.Sum)
	}
	for _, m := range j.MonthRows {
		sum = sum.Plus(m.Sum)
	}
	for _, l := range j.Lines {
		sum = sum.Plus(spend.Sum{Lines: 1, Pence: l.Pence})
	}
	if j.View == "month" {
		sum = sum.Plus(*j.Quarter).Plus(*j.Undated)
	}
	return sum
}

func TestEveryViewOfSpendSaysTheSameInEveryForm(t *testing.T) {
	t.Parallel()
	s, _ := spent(t)
	who := stranger(t, s)
	for _, filter := range []string{"", "it=all", "it=no", "it=unknown&it=yes", "body=kent", "body=kent&body=essex&it=all", "year=2011", "from=2011-05&to=2012-04", "month=2011-06",
		"text=hosting", "category=hosting", "min=100", "max=-5&it=all", "min=50&max=300&body=essex", "payee=redacted&it=all", "payee=blank", "region=South+East", "supplier=supplier-5-ltd-sample"} {
		total := spendTold(t, who.do(200, "GET", spendForm(".json", "body", filter))).Total
		if total == nil {
			t.Fatalf("%s: no total", filter)
		}
		for _, view := range []string{"body", "supplier", "month", "lines"} {
			if got := pageSum(t, who.do(200, "GET", spendForm("", view, filter))); got != *total {
				t.Errorf("%s by %s: the page says %v, not %v", filter, view, got, *total)
			}
			if got := csvSum(t, who.do(200, "GET", spendForm(".csv", view, filter))); got != *total {
				t.Errorf("%s by %s: the CSV comes to %v, not %v", filter, view, got, *total)
			}
			j := spendTold(t, who.do(200, "GET", spendForm(".json", view, filter)))
			if got := jsonRows(j); *j.Total != *total || got != *total {
				t.Errorf("%s by %s: the JSON says %v and comes to %v, not %v", filter, view, *j.Total, got, *total)
			}
			var f struct {
				Entries []struct{} `xml:"entry"`
			}
			if err := xml.Unmarshal(who.do(200, "GET", spendForm(".atom", view, filter)).Body.Bytes(), &f); err != nil || int64(len(f.Entries)) != min(total.Lines, 50) {
				t.Errorf("%s by %s: the feed has %d of %d lines, %v", filter, view, len(f.Entries), total.Lines, err)
			}
		}
	}
}

func TestSpendIsOfITUnlessTheAddressSaysOtherwise(t *testing.T) {
	s, st := spent(t)
	who := stranger(t, s)
	sp, err := spend.Read(t.Context(), st, payments.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for filter, want := range map[string]spend.Sum{
		"":                             sp.Classes[classify.IsIT],
		"it=yes":                       sp.Classes[classify.IsIT],
		"it=all":                       sp.Total,
		"it=yes&it=no&it=unknown":      sp.Total,
		"it=unknown":                   sp.Classes[classify.NotClassified],
		"it=&body=&text=&min=&from=":   sp.Classes[classify.IsIT],
		"it=no":                        sp.Classes[classify.NotIT],
		"it=all&payee=redacted":        sp.Payees[payments.Redacted],
		"it=all&body=kent&body=essex":  sp.Total,
		"it=all&body=E23000032&min=-9": {},
	} {
		if want == (spend.Sum{}) {
			continue // asked only for an answer
		}
		if got := pageSum(t, who.do(200, "GET", "/spend?"+filter)); got != want {
			t.Errorf("%q comes to %v, want %v", filter, got, want)
		}
	}
	not := sp.Classes[classify.NotClassified]
	says(t, who.do(200, "GET", "/spend"), "Spend on police IT", "April 2011 to June 2012", fmt.Sprintf("%d payments, %s", not.Lines, not.Pence), "it=unknown", "2 of 43 bodies",
		"Cannot tell:", "For 2 payments, £2,250.25, only the quarter is known")
}

func TestWhatSpendCannotBeAskedIsToldInOneSentence(t *testing.T) {
	s, _ := spent(t)
	who := stranger(t, s)
	for query, say := range map[string]string{
		"body=atlantis":             "There is no local policing body “atlantis”",
		"region=Mars":               "There is no such region",
		"supplier=nobody":           "There is no supplier “nobody”",
		"category=x":                "There is no category “x”",
		"it=maybe":                  "Choose yes, no or unknown for IT.",
		"year=11":                   "such as 2011",
		"from=January":              "is not a month",
		"min=lots":                  "Enter the amount in pounds",
		"flag=guilt":                "There is no such check",
		"payee=me":                  "Choose named, blank, redacted or withheld.",
		"view=pie":                  "There is no such view",
		"of=moon":                   "Enter “head” for pounds",
		"order=sideways":            "Payments can be sorted",
		"page=0":                    "Enter the page as a number",
		"after=-1":                  "Enter “after” as the number of a payment",
		"view=lines&after=99999999": "There is no payment 99999999.",
	} {
		for _, form := range []string{"", ".json", ".csv"} {
			if form == ".csv" && strings.Contains(query, "after") {
				continue // a CSV holds all lines
			}
			w := who.do(422, "GET", "/spend"+form+"?"+query)
			if form != ".csv" || strings.Contains(w.Header().Get("Content-Type"), "html") {
				says(t, w, say)
			}
			if strings.Contains(w.Header().Get("Content-Disposition"), "attachment") {
				t.Errorf("%s: a refusal is sent as a file", query)
			}
		}
	}
	for _, path := range []string{"/spend/lines/99999999", "/spend/lines/abc", "/spend/lines/0"} {
		says(t, who.do(404, "GET", path), "There is no payment")
		who.do(404, "GET", path+".json")
	}
}

var linesLinked = regexp.MustCompile(`href="/spend/lines/(\d+)"`)

func TestPagesOfSpendVisitEveryLineOnceInEachOrder(t *testing.T) {
	s, _ := spent(t)
	who := stranger(t, s)
	for _, filter := range []string{"it=all", "it=yes&body=kent", "min=100&it=all"} {
		want := csvSum(t, who.do(200, "GET", "/spend.csv?view=lines&"+filter))
		for _, order := range []string{"newest", "largest", "latest"} {
			seen := map[string]bool{}
			next, pages := "/spend?view=lines&order="+order+"&"+filter, 0
			for next != "" && pages < 20 {
				page := who.do(200, "GET", next).Body.String()
				for _, m := range linesLinked.FindAllStringSubmatch(page, -1) {
					if seen[m[1]] {
						t.Errorf("%s, %s first: line %s is on two pages", filter, order, m[1])
					}
					seen[m[1]] = true
				}
				next, pages = "", pages+1
				if m := regexp.MustCompile(`href="([^"]*)" rel="next"`).FindStringSubmatch(page); m != nil {
					next = html.UnescapeString(m[1])
				}
			}
			if int64(len(seen)) != want.Lines {
				t.Errorf("%s, %s first: %d lines on %d pages, want %d", filter, order, len(seen), pages, want.Lines)
			}
		}
	}
}

func TestNoSumThatDoesNotReconcileIsShown(t *testing.T) {
	database, key := storetest.Database(t), filepath.Join(t.TempDir(), "record.key")
	if strings.HasPrefix(database, "postgres") {
		t.Skip("the rows are changed beside the program in a SQLite file only")
	}
	clock := &storetest.Clock{}
	clock.Set(storetest.Noon)
	st := storetest.At(t, database, key, clock.Now)
	takesIn(t, st, spend.LoadRequest{Body: "kent"}, spendFile("kent", 2011, 4, 60))
	bad := takesIn(t, st, spend.LoadRequest{Body: "essex"}, spendFile("essex", 2011, 4, 50))
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+database)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`UPDATE spend_cells SET data = (SELECT data FROM spend_cells WHERE load <> $1) WHERE load = $1`, bad.ID); err != nil {
		t.Fatal(err)
	}
	db.Close()
	who := stranger(t, New(storetest.At(t, database, key, clock.Now), serve.Options{}))
	money := regexp.MustCompile(`£[\d,]+\.\d\d|£[\d.]+ (million|billion)`)
	for _, view := range []string{"body", "supplier", "month", "body&of=head"} {
		w := who.do(200, "GET", "/spend?it=all&view="+view)
		says(t, w, "Not shown: the rows do not add up", fmt.Sprintf(`href="/spend/loads/%d"`, bad.ID))
		if shown := money.FindString(w.Body.String()); shown != "" {
			t.Errorf("by %s: %s is shown", view, shown)
		}
		if got := csvSum(t, who.do(200, "GET", "/spend.csv?it=all&view="+strings.TrimSuffix(view, "&of=head"))); got.Pence != 0 || got.Lines != 0 {
			t.Errorf("by %s: the CSV comes to %v", view, got)
		}
		j := spendTold(t, who.do(200, "GET", "/spend.json?it=all&view="+view))
		if j.Total != nil || len(j.BodyRows)+len(j.SupplierRows)+len(j.MonthRows) > 0 || j.Standing != "withheld: does not reconcile" {
			t.Errorf("by %s: the JSON tells %+v", view, j)
		}
	}
	w := who.do(200, "GET", "/spend?it=all&view=lines&text=hosting")
	says(t, w, "Not shown: the rows do not add up", "/spend/lines/")
	of := linesLinked.FindAllString(who.do(200, "GET", "/spend?it=all&view=lines&body=essex").Body.String(), 1)
	page := who.do(200, "GET", strings.TrimSuffix(strings.TrimPrefix(of[0], `href="`), `"`))
	says(t, page, "Source")
	says(t, who.do(200, "GET", "/spend?it=all&body=kent"), "Last checked against its rows") // holds none of it
}

func TestSpendSaysSoWhenThereIsNone(t *testing.T) {
	s, _, _ := open(t)
	who := stranger(t, s)
	says(t, who.do(200, "GET", "/spend"), "No source file has been loaded yet", `href="/spend/loads"`)
	who.do(200, "GET", "/spend.csv?view=lines")
	who.do(200, "GET", "/spend.atom")
	s, _ = spent(t)
	who = stranger(t, s)
	says(t, who.do(200, "GET", "/spend?text=nothing-is-so"), "No payments match this filter.", "£0.00")
	says(t, who.do(200, "GET", "/spend?body=surrey"), "Cannot tell: no source file", "0 of 1 body", "no source file holds these months")
}

// lineOf is the address of a line of a filter.
func lineOf(t testing.TB, who at, filter string) string {
	t.Helper()
	m := linesLinked.FindStringSubmatch(who.do(200, "GET", "/spend?view=lines&"+filter).Body.String())
	if m == nil {
		t.Fatalf("no line of %s", filter)
	}
	return "/spend/lines/" + m[1]
}

func TestALineTellsWhereItComesFrom(t *testing.T) {
	s, st := spent(t)
	who := stranger(t, s)
	path := lineOf(t, who, "body=kent&month=2012-04&text=supplier+5")
	w := who.do(200, "GET", path)
	says(t, w, "to Supplier 5 Ltd (sample)", "Kent Police Authority paid this on", "Computer hosting", "Framework price", "Row ", "as published", "Supplier Name",
		"Net amount: £", `href="/spend/loads/2"`, `href="/spend/rules/`, `href="/suppliers/supplier-5-ltd-sample"`, "Payments from Kent to the same supplier", "None of 4 checks found anything.")
	var j spendweb.LineAtJSON
	if err := json.Unmarshal(who.do(200, "GET", path+".json").Body.Bytes(), &j); err != nil {
		t.Fatal(err)
	}
	if len(j.Cells) < 8 || j.Class != classify.IsIT || !j.Counts || j.Hash == "" || j.SameSum == nil || j.Row < 2 {
		t.Errorf("the line is %+v", j)
	}
	all := csvSum(t, who.do(200, "GET", "/spend.csv?"+url.Values{"view": {"lines"}, "it": {"all"}, "body": {"kent"}, "supplier": {j.Slug}}.Encode()))
	if *j.SameSum != all {
		t.Errorf("to the same supplier it says %v, and its lines come to %v", *j.SameSum, all)
	}
	says(t, who.do(200, "GET", lineOf(t, who, "body=essex&payee=redacted&it=all")), "supplier redacted by the publisher", "Cannot tell: no supplier is named.")
	says(t, who.do(200, "GET", lineOf(t, who, "body=kent&payee=blank&it=all")), "supplier not stated")
	says(t, who.do(200, "GET", lineOf(t, who, "text=fernhall")), "in January to March 2012, the day is not published")

	by := storetest.Holder(t, st, office.CompanyOfficer, office.TheCompany)
	officer := as(t, s, by)
	says(t, officer.do(200, "GET", path), "Withhold supplier and purpose")
	if err := spend.WithholdLine(t.Context(), st, by, j.Line, "It names a private person."); err != nil {
		t.Fatal(err)
	}
	w = who.do(200, "GET", path)
	says(t, w, "supplier withheld", "It names a private person.", "The amount is included in every total.")
	for _, form := range []string{path, path + ".json", "/spend.csv?view=lines&month=2012-04", "/spend.json?view=lines&month=2012-04", "/spend?view=lines&month=2012-04", "/spend.atom?month=2012-04"} {
		if body := who.do(200, "GET", form).Body.String(); strings.Contains(body, j.Transaction) || strings.Contains(body, j.Purpose) {
			t.Errorf("%s shows what is withheld", form)
		}
	}
	if err := spend.Act(t.Context(), st, by, 2, spend.ActWithdraw, "Published in error."); err != nil {
		t.Fatal(err)
	}
	says(t, who.do(200, "GET", path), "Withdrawn", "This payment is not included in any total", "Published in error.")
}

// A list sent as CSV is compressed for whoever takes it so, and the same.
func TestAListIsSentCompressed(t *testing.T) {
	s, _ := spent(t)
	r := httptest.NewRequest("GET", "/spend.csv?view=lines&it=all", nil)
	r.Header.Set("Accept-Encoding", "gzip, br")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	z, err := gzip.NewReader(w.Body)
	if err != nil || w.Header().Get("Content-Encoding") != "gzip" {
		t.Fatalf("%v, sent as %q", err, w.Header().Get("Content-Encoding"))
	}
	got, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if plain := stranger(t, s).do(200, "GET", "/spend.csv?view=lines&it=all").Body.String(); string(got) != plain {
		t.Errorf("%d bytes came compressed and %d plain", len(got), len(plain))
	}
}

// What no payment can meet is refused, and not shown as an empty list.
func TestAFilterThatNothingCanMeetIsRefused(t *testing.T) {
	s, _, _ := open(t)
	b := stranger(t, s)
	tells(t, b.do(422, "GET", "/spend?min=5&max=1"), "The highest amount, £1.00, is below the lowest amount, £5.00.")
	tells(t, b.do(422, "GET", "/spend.csv?view=lines&from=2012-01&to=2011-01"), "is before the first")
	b.do(200, "GET", "/spend?min=5&max=5&from=2012-01&to=2012-01")
}
