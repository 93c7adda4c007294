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
