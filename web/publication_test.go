package web

import (
	"fmt"
	"html"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/flag"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/storetest"
	spendweb "github.com/police-ict/handover/web/spend"
)

// publish takes in a file of a body, with a payment of £600 for hosting on each
// day and no reason for the first.
func publish(t testing.TB, st *db.Tx, body string, published civil.Day, days ...string) spend.Load {
	t.Helper()
	var b strings.Builder
	b.WriteString("Date,Supplier Name,Transaction Number,Amount,Description,Category,Cost Centre,Reason for value for money\n")
	for i, d := range days {
		reason := "Framework price"
		if i == 0 {
			reason = ""
		}
		fmt.Fprintf(&b, "%s,Alder Vale Hosting Ltd (sample),%d,600.00,Custody hosting,Computer hosting,ICT Department,%s\n", d, i+1, reason)
	}
	req := spend.LoadRequest{Body: body, File: "payments.csv", Published: published}
	trial, err := spend.Import(t.Context(), st, office.CommandLine, req, strings.NewReader(b.String()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return trial.Load
}

func TestThePublicationIsTheSameInEveryForm(t *testing.T) {
	s, st, _ := open(t)
	march := publish(t, st, "kent", "2012-05-02", "05/03/2012", "06/03/2012")
	publish(t, st, "essex", "2012-05-01", "05/03/2012")
	publish(t, st, "surrey", "", "05/03/2012", "09/04/2012")
	reader := stranger(t, s)
	const span = "?from=2011-12&to=2012-11"
	page := reader.do(200, "GET", "/spend/publication"+span)
	says(t, page, "4 of 516 months published,", "Reasons blank on 3 of 5 items over £500.", "The date of publication is known for 2 of 4 published, and 1 is late.",
		"The Common Council of the City of London is not bound by the Order", "Assumption:", "within 31 days", "Missing means that no source file loaded here",
		"Published late", "Published, date not known", "Nothing, before the Order", "Nothing, not bound by the Order", "March 2012",
		`href="/spend/publication?from=2010-12&amp;to=2011-11"`, `href="/spend/publication?from=2012-12&amp;to=2013-11"`)

	kent := reader.do(200, "GET", "/spend/publication/kent"+span)
	says(t, kent, fmt.Sprintf(`href="/spend/loads/%d"`, march.ID), `href="/spend/publication/kent/2012-04"`, "late by 1 day: 32 days after the month’s end", "1 of 2 items over £500", "Nothing")
	body := page.Body.String()
	if marks, links := strings.Count(body, `<td role="cell"`), strings.Count(body, `href="/spend/publication/`); marks != 516 || links != 43 {
		t.Errorf("%d signs and %d links, want one sign a month and one link a row", marks, links)
	}

	told := decoded[spendweb.PublicationJSON](t, reader.do(200, "GET", "/spend/publication.json"+span).Body.String())
	rows := csvOf(t, reader.do(200, "GET", "/spend/publication.csv"+span).Body.String())[1:]
	if told.Months != 516 || told.Published != 4 || told.Late != 1 || told.DayKnown != 2 || len(told.Cells) != 516 || len(rows) != 516 {
		t.Errorf("JSON tells %+v with %d cells, CSV has %d", told.Items, len(told.Cells), len(rows))
	}
	missing := 0
	for i, c := range told.Cells {
		r := rows[i]
		if r[1] != c.Body || r[5] != c.Month.Code() || r[6] != string(c.State) {
			t.Fatalf("row %d is %v, in JSON %+v", i, r, c)
		}
		if c.State == report.MonthMissing {
			missing++
		}
		if c.Body == "city-of-london" && c.State != report.NotBound || c.Month.Code() == "2011-12" && c.State == report.MonthMissing {
			t.Errorf("%s %s is %s", c.Body, c.Month, c.State)
		}
	}
	if missing != told.Missing || missing != 42*11-4 {
		t.Errorf("%d missing, says %d", missing, told.Missing)
	}
	own := decoded[spendweb.PublicationJSON](t, reader.do(200, "GET", "/spend/publication/kent.json"+span).Body.String())
	if len(own.Cells) != 12 || own.Published != 1 || own.Items.NoReason != 1 {
		t.Errorf("Kent: %+v", own)
	}
	says(t, reader.do(200, "GET", "/spend/publication/E23000032"+span), "1 of 12 months published, 10 missing.")
	says(t, reader.do(422, "GET", "/spend/publication?from=yesterday"), "Enter it like 2012-03.")
	says(t, reader.do(422, "GET", "/spend/publication?from=2010-01&to=2012-12"), "24 months or fewer")
	reader.do(404, "GET", "/spend/publication/home-office")
	reader.do(404, "GET", "/spend/publication/kent/2012-13")
	reader.do(404, "GET", "/spend/publication/atlantis/2012-03")
}

func TestWithNoFileNothingIsSaidToBeMissing(t *testing.T) {
	s, _, _ := open(t)
	reader := stranger(t, s)
	w := reader.do(200, "GET", "/spend/publication")
	says(t, w, "Cannot tell: no source file has been loaded yet.")
	if strings.Contains(w.Body.String(), "months published,") {
		t.Error("months are counted although no file is there")
	}
	says(t, reader.do(200, "GET", "/spend/claims"), "Nothing is evidenced here yet", "Cannot tell: no source file")
	says(t, reader.do(200, "GET", "/spend/flags"), "0 of 0 payments", payments.Methods[0].How)
	says(t, reader.do(200, "GET", "/bodies/kent"), "Cannot tell: no source file of this body has been loaded yet.")
	says(t, reader.do(200, "GET", "/"), "Spend on police IT", "No source file has been loaded yet.")
}

func TestAMissingMonthSaysSinceWhenAndWhoMayExplain(t *testing.T) {
	s, st, _ := open(t)
	history(t, st)
	publish(t, st, "kent", "2012-11-20", "05/10/2012")
	const path, button = "/spend/publication/kent/2012-12", "/spend/explain?subject=cell%2Fkent%2F2012-12"
	w := stranger(t, s).do(200, "GET", path)
	says(t, w, "Not yet due.", "ended on 31 December 2012", "overdue from 1 February 2013", "October 2012")
	if strings.Contains(w.Body.String(), button) {
		t.Error("a stranger may explain")
	}
	kent := storetest.Holder(t, st, office.ChiefExecutive, "kent")
	says(t, as(t, s, kent).do(200, "GET", path), button)
	if w := as(t, s, storetest.Holder(t, st, office.ChiefExecutive, "essex")).do(200, "GET", path); strings.Contains(w.Body.String(), button) {
		t.Error("Essex may explain a month of Kent")
	}
	if err := spend.Explain(t.Context(), st, kent, "cell/kent/2012-12", "The ledger closes on 20 January."); err != nil {
		t.Fatal(err)
	}
	says(t, stranger(t, s).do(200, "GET", path), "The ledger closes on 20 January.", "explained by the body")
	says(t, stranger(t, s).do(200, "GET", "/spend/publication/kent/2012-11"), "Missing.", "as soon as practicable", "overdue from 1 January 2013", "It may have been published elsewhere")
	says(t, stranger(t, s).do(200, "GET", "/spend/publication/kent/2012-10"), "When the police authority was responsible", "payments.csv", "Half of its payments were published by 20 November 2012")
}

func TestAFlagNeverStandsWithoutWhatItIsNot(t *testing.T) {
	s, st, _ := open(t)
	publish(t, st, "kent", "", "05/11/2012", "05/11/2012", "06/11/2012")
	reader := stranger(t, s)
	const said = "2 of 3 payments examined. A point to check"
	says(t, reader.do(200, "GET", "/spend/flags"), "2 of 3 payments", "A point to check", payments.Methods[1].How)
	for _, n := range flag.NotComputable {
		says(t, reader.do(200, "GET", "/spend/flags"), n[0], n[1])
	}
	w := reader.do(200, "GET", "/spend/flags/duplicate?body=kent")
	says(t, w, said, "Kent to Alder Vale Hosting Ltd (sample), 5 November 2012", `href="/spend/lines/`)
	if got := strings.Count(w.Body.String(), "may have a good explanation"); got != 2 {
		t.Errorf("the finding stands with %d sentences of what it is not, want 2", got)
	}
	told := decoded[spendweb.FindingsJSON](t, reader.do(200, "GET", "/spend/flags/duplicate.json").Body.String())
	rows := rowsIn(t, reader.do(200, "GET", "/spend/flags/duplicate.csv"))
	if told.Lines != 2 || told.Examined != 3 || told.Is == "" || len(told.Findings) != 1 || len(rows) != 2 || !strings.Contains(rows[0]["is"], "may have a good explanation") || rows[0]["line"] != fmt.Sprint(told.Findings[0].Lines[0].Line) {
		t.Errorf("JSON %+v, CSV %v", told, rows)
	}
	says(t, reader.do(200, "GET", "/spend/flags/duplicate?body=essex"), "0 of 0 payments examined.")
	reader.do(422, "GET", "/spend/flags/duplicate?body=home-office")
	reader.do(404, "GET", "/spend/flags/score")
}

func TestEveryClaimStandsWithItsSource(t *testing.T) {
	s, st, _ := open(t)
	publish(t, st, "kent", "", "05/06/2011", "05/06/2012")
	reader := stranger(t, s)
	page := html.UnescapeString(reader.do(200, "GET", "/spend/claims").Body.String())
	rows := csvOf(t, reader.do(200, "GET", "/spend/claims.csv").Body.String())[1:]
	for i, c := range report.Claims() {
		for _, want := range append([]string{c.Says, c.Source, c.Counts}, c.Links...) {
			if !strings.Contains(page, want) {
				t.Errorf("%s: the page does not say %q", c.Key, want)
			}
		}
		if rows[i][1] != c.Key || rows[i][8] != c.Source {
			t.Errorf("row %d is %v", i, rows[i])
		}
	}
	told := decoded[spendweb.ClaimsJSON](t, reader.do(200, "GET", "/spend/claims.json").Body.String())
	if len(told.Claims) != len(report.Claims()) || len(told.Evidenced) != 2 || *told.Evidenced[0].IT != 600_00 || told.Evidenced[0].Months != 1 || told.Evidenced[0].MonthsOf != 516 || told.Evidenced[0].Whole {
		t.Errorf("JSON %+v", told.Evidenced)
	}
	for _, want := range []string{"1 of 43 bodies have published, 1 of 516 months", "£600.00", "incomplete"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

func TestFromTheFirstPageToAPaymentOfTheLargestSupplier(t *testing.T) {
	s, st, _ := open(t)
	publish(t, st, "kent", "2012-12-20", "05/11/2012", "06/11/2012")
	found, err := spend.SuppliersLike(t.Context(), st, "alder vale", 1)
	if err != nil || len(found) != 1 {
		t.Fatalf("%v (%v)", found, err)
	}
	slug := found[0].Slug
	kent := as(t, s, storetest.Holder(t, st, office.CommissionerOffice, "kent"))
	says(t, kent.do(200, "GET", "/"), `href="/bodies/kent"`, "£1,200.00", "1 of 12 months published", `href="/spend?body=kent&amp;supplier=`+slug+`&amp;view=lines"`, `href="/spend/claims"`)
	says(t, kent.do(200, "GET", "/bodies/kent"), `id="spend"`, "£1,200.00", "1 of 12 (9 are over)", "Reasons blank on 1 of 2 items over £500.",
		`href="/spend?body=kent&amp;supplier=`+slug+`&amp;view=lines"`, "1 supplier in these months")
}
