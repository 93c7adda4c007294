package web

import (
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/storetest"
)

const searchedFile = "Body Name,Date,Supplier Name,Company Number,Transaction Number,Amount,Description\r\n" +
	"Sample Police,03/10/2012,Alder & Vale <Hosting> Ltd (sample),99000101,1,600.00,Data centre hosting\r\n" +
	"Sample Police,05/10/2012,Sesamewright (sample),,3,800.00,Settlement\r\n"

// A stranger looks for what was paid, goes to it, and to its rows.
func TestAStrangerSearches(t *testing.T) {
	s, st, _ := open(t)
	trial, err := spend.Import(t.Context(), st, office.CommandLine, spend.LoadRequest{Body: "kent", File: "a.csv"}, strings.NewReader(searchedFile), int64(len(searchedFile)))
	if err != nil {
		t.Fatal(err)
	}
	b := stranger(t, s)
	says(t, b.do(200, "GET", "/"), `action="/search"`, "Body, supplier, decision", `<a href="/search">Search</a>`)
	says(t, b.do(200, "GET", "/search"), "a reference such as 2012‑014")
	page := b.do(200, "GET", "/search?q=vale+hosting")
	says(t, page, "1 result", "Alder &amp; <mark>Vale</mark> &lt;<mark>Hosting</mark>&gt; Ltd (sample)", `href="/suppliers/alder-and-vale-hosting-ltd-sample"`, "Supplier 99000101", "£600.00 paid, in 1 payment")
	says(t, b.do(200, "GET", "/search?q=%3Cscript%3Ealert(1)"), "Nothing was found", "&lt;script&gt;alert(1)", "use fewer words")
	says(t, b.do(200, "GET", "/search?q=%22!%3F"), "Enter at least one word or number.")
	says(t, b.do(200, "GET", "/search?q=hosting&kind=body"), "search everything, from any year")
	says(t, b.do(200, "GET", "/search?q="+strings.Repeat("hosting+", 40)), "We searched for the first 200 characters only.")
	for _, f := range decoded[searchJSON](t, b.do(200, "GET", "/search.json?q=hosting").Body.String()).Found {
		b.do(200, "GET", f.Href)
	}
	if rows := rowsIn(t, b.do(200, "GET", "/search.csv?q=hosting")); len(rows) != 1 || rows[0]["as_at"] != "2013-01-14" {
		t.Errorf("as rows: %v", rows)
	}
	for _, bad := range []string{"kind=nothing", "year=x", "year=12", "page=0", "page=x"} {
		b.do(422, "GET", "/search?q=hosting&"+bad)
	}
	officer := storetest.Holder(t, st, office.CompanyOfficer, office.TheCompany)
	says(t, b.do(200, "GET", "/search?q=sesamewright"), "1 result")
	if err := spend.WithholdLine(t.Context(), st, officer, trial.Load.FirstLine+1, "It names a private person."); err != nil {
		t.Fatal(err)
	}
	says(t, b.do(200, "GET", "/search?q=sesamewright"), "Nothing was found")
}

// The pages of a long list of results hold each once.
func TestPagesOfResultsHoldEachOnce(t *testing.T) {
	s, st, _ := open(t)
	var file strings.Builder
	file.WriteString("Body Name,Date,Supplier Name,Transaction Number,Amount,Description\r\n")
	for i := range 1_030 {
		fmt.Fprintf(&file, "Sample Police,03/10/2012,Wares number%04d Ltd (sample),%d,600.00,Sundries\r\n", i, i)
	}
	if _, err := spend.Import(t.Context(), st, office.CommandLine, spend.LoadRequest{Body: "kent", File: "a.csv"}, strings.NewReader(file.String()), int64(file.Len())); err != nil {
		t.Fatal(err)
	}
	b := stranger(t, s)
	for q, want := range map[string]int{"number00": 100, "wares": 1_000} {
		seen, pages := map[string]bool{}, 0
		for next := "/search.json?q=" + url.QueryEscape(q); next != ""; pages++ {
			p := decoded[searchJSON](t, b.do(200, "GET", next).Body.String())
			for _, f := range p.Found {
				if seen[f.Title] {
					t.Errorf("%s: %s is on two pages", q, f.Title)
				}
				seen[f.Title] = true
			}
			if p.More != (want == 1_000) {
				t.Errorf("%s: more than were counted: %t", q, p.More)
			}
			if next = ""; p.Next != nil {
				next = *p.Next
			}
		}
		if len(seen) != want || pages != want/20 {
			t.Errorf("%s: %d results on %d pages", q, len(seen), pages)
		}
		if rows := rowsIn(t, b.do(200, "GET", "/search.csv?q="+q)); len(rows) != want {
			t.Errorf("%s: %d rows", q, len(rows))
		}
	}
	says(t, b.do(200, "GET", "/search?q=wares&page=50"), "More than 1,000 results, page 50 of 50", `rel="prev"`)
	says(t, b.do(200, "GET", "/search?q=wares&page=999"), "page 50 of 50")
}

func silentOn(t *testing.T, w *httptest.ResponseRecorder, said string) {
	t.Helper()
	if strings.Contains(w.Body.String(), said) {
		t.Errorf("the page says %q", said)
	}
}

// What was paid for is found among the payments, with its sum, and leads to them.
func TestPaymentsAreFoundByWhatTheyWereFor(t *testing.T) {
	t.Parallel()
	s, st, _ := open(t)
	file := "Body Name,Date,Supplier Name,Transaction Number,Amount,Description\r\n" +
		"Sample Police,03/10/2012,Alder Hosting Ltd (sample),1,600.00,Data centre hosting\r\n" +
		"Sample Police,04/10/2012,Alder Hosting Ltd (sample),2,-100.00,Data centre hosting\r\n" +
		"Sample Police,04/10/2012,Birch Wares Ltd (sample),3,50.50,Hosting a guest\r\n" +
		"Sample Police,05/10/2012,Cedar Wares Ltd (sample),4,900.00,Sundries\r\n"
	trial, err := spend.Import(t.Context(), st, office.CommandLine, spend.LoadRequest{Body: "kent", File: "a.csv"}, strings.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	b := stranger(t, s)
	page := b.do(200, "GET", "/search?q=hosting")
	says(t, page, "3 payments", "£550.50", `href="/spend?it=all&amp;text=hosting"`, "Data centre hosting", "£500.00", "Hosting a guest")
	says(t, b.do(200, "GET", "/spend?it=all&text=hosting"), "£550.50")
	says(t, b.do(200, "GET", "/search?q=hosting&kind=purpose"), "3 payments", "Hosting a guest")
	says(t, b.do(200, "GET", "/search?q=guest"), "1 payment", "£50.50")
	for _, none := range []string{"/search?q=hosting&kind=body", "/search?q=hosting&year=2012", "/search?q=ho", "/search?q=nowhere", "/search?q=nowhere&kind=purpose"} {
		silentOn(t, b.do(200, "GET", none), "payments that mention")
	}
	got := decoded[searchJSON](t, b.do(200, "GET", "/search.json?q=hosting").Body.String()).Payments
	if got == nil || got.Lines != 3 || got.Pence != 55_050 || len(got.Purposes) != 2 || got.Purposes[0].Purpose != "Data centre hosting" {
		t.Errorf("as JSON: %+v", got)
	}
	if rows := rowsIn(t, b.do(200, "GET", "/search.csv?q=hosting&kind=purpose")); len(rows) != 2 || rows[1]["title"] != "Hosting a guest" {
		t.Errorf("as rows: %v", rows)
	}
	officer := storetest.Holder(t, st, office.CompanyOfficer, office.TheCompany)
	if err := spend.WithholdLine(t.Context(), st, officer, trial.Load.FirstLine+2, "It names a private person."); err != nil {
		t.Fatal(err)
	}
	silentOn(t, b.do(200, "GET", "/search?q=guest"), "Hosting a guest")
}

// A name is found with its apostrophe or without.
func TestANameIsFoundWithoutItsApostrophe(t *testing.T) {
	t.Parallel()
	s, st, _ := open(t)
	file := "Body Name,Date,Supplier Name,Transaction Number,Amount,Description\r\n" +
		"Sample Police,03/10/2012,Padraig O’Brien & Sons (sample),1,600.00,Vans\r\n" +
		"Sample Police,03/10/2012,Organ Brienz Ltd (sample),2,600.00,Boats\r\n"
	if _, err := spend.Import(t.Context(), st, office.CommandLine, spend.LoadRequest{Body: "kent", File: "a.csv"}, strings.NewReader(file), int64(len(file))); err != nil {
		t.Fatal(err)
	}
	b := stranger(t, s)
	for _, typed := range []string{"obrien", "OBrien", "O'Brien", "O’Brien", "o brien", "obri", "padraig obrien"} {
		w := b.do(200, "GET", "/search?kind=supplier&q="+url.QueryEscape(typed))
		if said := w.Body.String(); !strings.Contains(said, "1 result") || !strings.Contains(said, "/suppliers/padraig-o") {
			t.Errorf("%q finds %.2000s", typed, said[strings.Index(said, "<main"):])
		}
	}
	says(t, b.do(200, "GET", "/search?kind=supplier&q=organ"), "1 result")
}

// A search leads to the answer before the documents, to the right word for a
// misspelt one, and to each supplier once.
func TestSearchAnswersAndForgives(t *testing.T) {
	t.Parallel()
	s, st, _ := open(t)
	file := "Body Name,Date,Supplier Name,Company Number,Transaction Number,Amount,Description\r\n" +
		"Sample Police,03/10/2012,Skylark Fell Radio Ltd (sample),99000109,1,600.00,Radios\r\n" +
		"Sample Police,03/10/2012,Skylark Fell Radio Limited (sample),99000109,2,700.00,Masts\r\n"
	if _, err := spend.Import(t.Context(), st, office.CommandLine, spend.LoadRequest{Body: "kent", File: "a.csv"}, strings.NewReader(file), int64(len(file))); err != nil {
		t.Fatal(err)
	}
	b := stranger(t, s)
	says(t, b.do(200, "GET", "/search?q=skylrk"), "Did you mean", `href="/search?q=skylark"`)
	says(t, b.do(200, "GET", "/search?q=skylrk+raido"), `href="/search?q=skylark+radio"`)
	says(t, b.do(200, "GET", "/search?q=skylark"), "1 result", "£1,300.00 paid, in 2 payments")
	if rows := rowsIn(t, b.do(200, "GET", "/search.csv?q=skylark")); len(rows) != 1 {
		t.Errorf("as rows: %v", rows)
	}
	says(t, b.do(200, "GET", "/search?q=call-in"), "On this site", `href="/help/words#C"`)
	says(t, b.do(200, "GET", "/search?q=who+owns+the+company"), `href="/ownership"`)
	says(t, b.do(200, "GET", "/search?q=held+decisions"), `href="/decisions?state=held"`)
	says(t, b.do(200, "GET", "/search?q=zzzzz"), "Nothing was found", "check the spelling")
}

// TestASumFindsItsPayments asks for a sum in the ways in which people write it.
func TestASumFindsItsPayments(t *testing.T) {
	t.Parallel()
	s, st, _ := open(t)
	file := strings.Replace(strings.Replace(searchedFile, "600.00", "\"1,234.56\"", 1), "800.00", "1234.56", 1) + "Sample Police,06/10/2012,Alder,,4,-1234.56,Credit\r\nSample Police,07/10/2012,Alder,,5,600,Paper 1234\r\n"
	if _, err := spend.Import(t.Context(), st, office.CommandLine, spend.LoadRequest{Body: "kent", File: "a.csv"}, strings.NewReader(file), int64(len(file))); err != nil {
		t.Fatal(err)
	}
	b := stranger(t, s)
	for asked, want := range map[string]string{"£1,234.56": "2 payments of £1,234.56", "1234.56": "2 payments of £1,234.56", "1,234.56": "2 payments of £1,234.56", "£1234.56": "2 payments of £1,234.56",
		" £ 1234.56 ": "2 payments of £1,234.56", "£600": "1 payment of £600.00", "-1234.56": "1 payment of −£1,234.56", "£1,234": "No payment of £1,234.00 is published"} {
		w := b.do(200, "GET", "/search?q="+url.QueryEscape(asked))
		says(t, w, "Payments")
		tells(t, w, want)
		if strings.Contains(w.Body.String(), "Nothing was found") {
			t.Errorf("%q finds nothing", asked)
		}
		paid := decoded[searchJSON](t, b.do(200, "GET", "/search.json?q="+url.QueryEscape(asked)).Body.String()).Of
		if paid == nil || paid.Count == nil || fmt.Sprint(*paid.Count) != strings.Replace(strings.Fields(want)[0], "No", "0", 1) {
			t.Errorf("%q as JSON: %v", asked, paid)
			continue
		}
		if got := rowsIn(t, b.do(200, "GET", strings.Replace(paid.Href, "/spend?", "/spend.csv?", 1))); int64(len(got)) != *paid.Count {
			t.Errorf("%q: %d payments at %s", asked, len(got), paid.Href)
		}
	}
	for _, words := range []string{"2012", "1234", "2012-014", "99000101", "1.2.3", "paper 1234"} {
		if paid := decoded[searchJSON](t, b.do(200, "GET", "/search.json?q="+url.QueryEscape(words)).Body.String()).Of; paid != nil {
			t.Errorf("%q is taken for a sum: %v", words, paid)
		}
	}
}
