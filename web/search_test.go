package web

import (
	"fmt"
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
	says(t, b.do(200, "GET", "/search"), "A reference such as 2012-014")
	page := b.do(200, "GET", "/search?q=vale+hosting")
	says(t, page, "1 result", "Alder &amp; <mark>Vale</mark> &lt;<mark>Hosting</mark>&gt; Ltd (sample)", `href="/suppliers/alder-and-vale-hosting-ltd-sample"`, "Supplier 99000101")
	says(t, b.do(200, "GET", "/search?q=%3Cscript%3Ealert(1)"), "Nothing was found", "&lt;script&gt;alert(1)", "Use fewer words")
	says(t, b.do(200, "GET", "/search?q=%22!%3F"), "There is no word or number in what was typed")
	says(t, b.do(200, "GET", "/search?q=hosting&kind=body"), "Search everything, of every year")
	says(t, b.do(200, "GET", "/search?q="+strings.Repeat("hosting+", 40)), "Only the first 200 characters were searched for")
	for _, f := range decoded[searchJSON](t, b.do(200, "GET", "/search.json?q=hosting").Body.String()).Found {
		b.do(200, "GET", f.Href)
	}
	if rows := rowsIn(t, b.do(200, "GET", "/search.csv?q=hosting")); len(rows) != 2 || rows[0]["as_at"] != "2013-01-14" {
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
		fmt.Fprintf(&file, "Sample Police,03/10/2012,Alder Vale Hosting Ltd (sample),%d,600.00,Purpose number%04d\r\n", i, i)
	}
	if _, err := spend.Import(t.Context(), st, office.CommandLine, spend.LoadRequest{Body: "kent", File: "a.csv"}, strings.NewReader(file.String()), int64(file.Len())); err != nil {
		t.Fatal(err)
	}
	b := stranger(t, s)
	for q, want := range map[string]int{"number00": 100, "purpose": 1_000} {
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
	says(t, b.do(200, "GET", "/search?q=purpose&page=50"), "More than 1,000 results, page 50 of 50", `rel="prev"`)
	says(t, b.do(200, "GET", "/search?q=purpose&page=999"), "page 50 of 50")
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
		paid := decoded[searchJSON](t, b.do(200, "GET", "/search.json?q="+url.QueryEscape(asked)).Body.String()).Paid
		if paid == nil || paid.Count == nil || fmt.Sprint(*paid.Count) != strings.Replace(strings.Fields(want)[0], "No", "0", 1) {
			t.Errorf("%q as JSON: %v", asked, paid)
			continue
		}
		if got := rowsIn(t, b.do(200, "GET", strings.Replace(paid.Href, "/spend?", "/spend.csv?", 1))); int64(len(got)) != *paid.Count {
			t.Errorf("%q: %d payments at %s", asked, len(got), paid.Href)
		}
	}
	for _, words := range []string{"2012", "1234", "2012-014", "99000101", "1.2.3", "paper 1234"} {
		if paid := decoded[searchJSON](t, b.do(200, "GET", "/search.json?q="+url.QueryEscape(words)).Body.String()).Paid; paid != nil {
			t.Errorf("%q is taken for a sum: %v", words, paid)
		}
	}
}
