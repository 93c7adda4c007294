package web

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
)

// rowsIn reads a CSV into maps by its header.
func rowsIn(t testing.TB, w *httptest.ResponseRecorder) (all []map[string]string) {
	t.Helper()
	rows, err := csv.NewReader(unmarked(w.Body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		row := map[string]string{}
		for i, name := range rows[0] {
			row[name] = r[i]
		}
		all = append(all, row)
	}
	return all
}

func cellPence(t testing.TB, row map[string]string, name string) money.Pence {
	t.Helper()
	n, err := strconv.ParseInt(row[name], 10, 64)
	if err != nil {
		t.Fatalf("%s is %q in %v", name, row[name], row)
	}
	return money.Pence(n)
}

// sumOf adds up the lines that fit.
func sumOf(t testing.TB, lines []map[string]string, fits func(map[string]string) bool) (sum spend.Sum) {
	t.Helper()
	for _, l := range lines {
		if fits(l) {
			sum = sum.Plus(spend.Sum{Lines: 1, Pence: cellPence(t, l, "amount_pence")})
		}
	}
	return sum
}

// randomFilter is some filter that a reader may ask for.
func randomFilter(r *rand.Rand, suppliers []string) url.Values {
	q := url.Values{}
	maybe := func(name string, one int, values ...string) {
		if r.IntN(one) == 0 {
			q.Add(name, values[r.IntN(len(values))])
		}
	}
	maybe("body", 3, "kent", "essex", "dorset")
	maybe("region", 6, "South East", "East of England", "Wales")
	maybe("it", 2, "yes", "no", "unknown", "all")
	maybe("it", 4, "no", "unknown")
	maybe("year", 3, "2011", "2012", "2009")
	maybe("from", 5, "2011-05", "2012-01")
	maybe("to", 5, "2011-06", "2012-05")
	maybe("month", 8, "2011-05", "2012-03", "2012-04")
	maybe("category", 4, "hosting", "networks", "none")
	maybe("payee", 5, "named", "blank", "redacted", "withheld")
	maybe("supplier", 5, suppliers...)
	maybe("text", 5, "hosting", "brightmere", "diesel", "nothing at all", "lot 1")
	maybe("min", 6, "0", "500", "2,000.50")
	maybe("max", 6, "0", "4000")
	maybe("flag", 9, payments.FlagDuplicate, payments.FlagSplit)
	return q
}

// Every total that a page of spend shows is the sum of the rows behind it, in
// every form, for 50 filters.
func TestEveryTotalIsTheSumOfTheRowsBehindIt(t *testing.T) {
	t.Parallel()
	s, st := spent(t)
	if err := spend.WithholdLine(t.Context(), st, office.CommandLine, 20, "A sample reason"); err != nil {
		t.Fatal(err)
	}
	reader := stranger(t, s)
	suppliers := []string{}
	for _, row := range rowsIn(t, reader.do(200, "GET", "/suppliers.csv?it=all")) {
		if row["supplier"] != "" {
			suppliers = append(suppliers, row["supplier"])
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		q := randomFilter(r, suppliers).Encode()
		behind := csvSum(t, reader.do(200, "GET", spendForm(".csv", "lines", q)))
		for _, view := range []string{"body", "supplier", "month", "lines"} {
			if got := pageSum(t, reader.do(200, "GET", spendForm("", view, q))); got != behind {
				t.Errorf("%s: the page by %s shows %v, its rows come to %v", q, view, got, behind)
			}
			j := spendTold(t, reader.do(200, "GET", spendForm(".json", view, q)))
			if j.Total == nil { // cannot tell: no source file
				j.Total, j.Quarter, j.Undated = &spend.Sum{}, &spend.Sum{}, &spend.Sum{}
			}
			if *j.Total != behind || jsonRows(j) != behind {
				t.Errorf("%s: JSON by %s says %v, its rows %v, the lines %v", q, view, *j.Total, jsonRows(j), behind)
			}
			if got := csvSum(t, reader.do(200, "GET", spendForm(".csv", view, q))); got != behind {
				t.Errorf("%s: CSV by %s comes to %v, the lines to %v", q, view, got, behind)
			}
		}
	}
}

// What the other pages say of spend is the sum of lines too.
func TestEveryPageWithAFigureAgreesWithTheLines(t *testing.T) {
	s, _ := spent(t)
	reader := stranger(t, s)
	lines := rowsIn(t, reader.do(200, "GET", "/spend.csv?view=lines&it=all"))
	seen := 0
	agrees := func(what string, got spend.Sum, fits func(map[string]string) bool) {
		t.Helper()
		seen++
		if want := sumOf(t, lines, fits); got != want {
			t.Errorf("%s says %v, the lines come to %v", what, got, want)
		}
	}
	sumIn := func(row map[string]string, lines, pence string) spend.Sum {
		n, _ := strconv.ParseInt(row[lines], 10, 64)
		return spend.Sum{Lines: n, Pence: cellPence(t, row, pence)}
	}
	for _, row := range rowsIn(t, reader.do(200, "GET", "/spend/categories.csv")) {
		agrees("category "+row["category"]+row["it"], sumIn(row, "lines", "pence"), func(l map[string]string) bool {
			return l["it"] == row["it"] && (row["it"] != "yes" || l["category_of_it"] == row["category"])
		})
	}
	for _, row := range rowsIn(t, reader.do(200, "GET", "/suppliers.csv?it=all")) {
		agrees("suppliers: "+row["name"], sumIn(row, "lines", "pence"), func(l map[string]string) bool {
			return l["payee"] == row["payee"] && l["supplier_slug"] == row["supplier"]
		})
		if row["supplier"] == "" {
			continue
		}
		var j struct{ Total spend.Sum }
		if err := json.Unmarshal(reader.do(200, "GET", "/suppliers/"+row["supplier"]+".json").Body.Bytes(), &j); err != nil {
			t.Fatal(err)
		}
		agrees("/suppliers/"+row["supplier"], j.Total, func(l map[string]string) bool { return l["supplier_slug"] == row["supplier"] })
	}
	for _, row := range rowsIn(t, reader.do(200, "GET", "/spend/loads.csv")) {
		agrees("load "+row["load"], sumIn(row, "lines", "pence"), func(l map[string]string) bool { return l["load"] == row["load"] })
		var own spend.Sum
		for _, l := range rowsIn(t, reader.do(200, "GET", "/spend/loads/"+row["load"]+".csv")) {
			own = own.Plus(spend.Sum{Lines: 1, Pence: cellPence(t, l, "amount_pence")})
		}
		agrees("the lines of load "+row["load"], own, func(l map[string]string) bool { return l["load"] == row["load"] })
	}
	for _, row := range rowsIn(t, reader.do(200, "GET", "/spend/rules.csv")) {
		agrees("rule "+row["rule"], sumIn(row, "lines", "pence"), func(l map[string]string) bool { return l["rule"] == row["rule"] })
	}
	for _, row := range rowsIn(t, reader.do(200, "GET", "/spend/publication.csv?from=2011-04&to=2012-12")) {
		agrees("publication of "+row["body"]+" in "+row["month"], sumIn(row, "lines", "pence"), func(l map[string]string) bool {
			return l["body"] == row["body"] && len(l["paid"]) >= 7 && l["paid"][:7] == row["month"]
		})
	}
	for _, body := range []string{"kent", "essex"} {
		got := pageSum(t, reader.do(200, "GET", "/spend?body="+body))
		agrees("/spend of "+body, got, func(l map[string]string) bool { return l["body"] == body && l["it"] == "yes" })
		says(t, reader.do(200, "GET", "/bodies/"+body), got.Pence.String())
	}
	for _, id := range []int64{1, 17, 200, 481} {
		i := slices.IndexFunc(lines, func(l map[string]string) bool { return l["line"] == fmt.Sprint(id) })
		if i >= 0 {
			says(t, reader.do(200, "GET", fmt.Sprintf("/spend/lines/%d", id)), cellPence(t, lines[i], "amount_pence").String())
		}
	}
	t.Logf("%d figures agree with %d lines", seen, len(lines))
}
