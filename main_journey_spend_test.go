package main

import (
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// messyWorkbook is a workbook of two months under title rows, with a helper
// column and a row that cannot be read, one of which has two columns of money
// of which nothing says which one was paid.
func messyWorkbook(t *testing.T) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, month := range []string{"Oct 2012", "Nov 2012"} {
		if _, err := f.NewSheet(month); err != nil {
			t.Fatal(err)
		}
		rows := [][]any{
			{"Kent Police: payments over £500"}, {},
			{"Pmt Date", "Supplier Nmae", "", "Descripton", "Amount", "Total", "VFM reason"},
			{41183 + 31*i, "Alder Vale Hosting Ltd (sample)", "x", "Custody hosting", 1200.5, 7000, "Framework price"},
			{41184 + 31*i, "ALDER VALE HOSTING LTD (SAMPLE)", "x", "Hosting, part 2", 1239.6400000000001, 8100, ""},
			{41185 + 31*i, "Brightmere Software Ltd (sample)", "x", "Crime recording licences", "see note", "see note", "Tender"},
			{41186 + 31*i, "REDACTED", "x", "Translation", 640, 900, "Only supplier"},
			{41187 + 31*i, "Fernhall Networks Ltd (sample)", "x", "Wide area network", "(75.25)", 1000, "Credit note"},
		}
		for n := range 16 {
			rows = append(rows, []any{41188 + 31*i, "Fernhall Networks Ltd (sample)", "x", "Wide area network", 700 + n, 2000 + 3*n*n, "Framework price"})
		}
		if i == 1 { // the headings change from month to month
			rows[2] = []any{"Date paid", "Supplier", "", "Description", "Amount", "Transaction number", "Reason for value for money"}
		}
		for n, row := range rows {
			if err := f.SetSheetRow(month, "A"+strconv.Itoa(n+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "kent-autumn-2012.xlsx")
	if err := f.SaveAs(file); err != nil {
		t.Fatal(err)
	}
	return file
}

// takesInAWorkbook: an officer takes in a messy workbook, names its columns,
// confirms it, and withdraws it.
func takesInAWorkbook(t *testing.T, b *browser) {
	demo, _ := demonstrate(t)
	officer := b.office(t, demo.url, "Company officer (sample)")
	officer.goesTo("Spend", "Source files", "Load a file")
	officer.presses("Check the file")
	officer.hasFocusOn("Nothing was recorded*")
	officer.isAccessible("the form of a file, sent empty")
	officer.selects("Body that published it", "Police and Crime Commissioner for Kent")
	officer.attachesFile("File", messyWorkbook(t))
	officer.types("Web address of the file*", "https://example.org/sample/kent-autumn-2012.xlsx")
	officer.presses("Check the file")
	officer.reads("Check before loading", "Nothing has been recorded yet", "Not yet. We cannot tell what each column holds.", "Oct 2012", "Nov 2012", "see note")
	officer.isAccessible("the preview of a workbook in doubt")
	officer.follows("Name the columns")
	officer.isAccessible("the columns of a workbook")
	officer.selects("Amount, net where there is a choice", "E: Amount – 1200.5")
	officer.presses("Read the file again")
	officer.reads("Yes: 40 payments", "Later files of Kent")
	officer.isAccessible("the preview of a workbook")
	officer.presses("Load this file")
	for range 50 { // it is loaded beside the requests
		if regexp.MustCompile(`Included in all totals`).MatchString(officer.text()) {
			break
		}
		time.Sleep(200 * time.Millisecond)
		officer.opens(ask[string](officer.tab, "location.pathname"))
	}
	officer.reads("40 payments", "2 rows could not be read", "kent-autumn-2012.xlsx")
	officer.isAccessible("a load that stands")
	officer.follows("Withdraw this file")
	officer.types("Reason*", "A sample of the journey")
	officer.isAccessible("the withdrawal of a load")
	officer.presses("Withdraw this file")
	officer.reads("withdrawn", "A sample of the journey", "Alder Vale Hosting Ltd (sample)")
	officer.isAccessible("a load withdrawn")
}

// followsTheMoney: a commissioner goes from the first page to her body’s
// largest supplier, to one payment, to the row of its file, in four clicks.
func followsTheMoney(t *testing.T, b *browser) {
	demo := b.library
	kent := b.office(t, demo.url, "Commissioner for Kent (sample)")
	kent.opens("/")
	kent.follows("Page of Kent")
	kent.reads("Kent", "Alder Vale Hosting")
	kent.isAccessible("the page of a body")
	kent.follows("Alder Vale Hosting*")
	kent.reads("Total", "Kent")
	kent.isAccessible("the payments of a body to a supplier")
	kent.follows(ask[string](kent.tab, `document.querySelector("main tbody a[href^='/spend/lines/']").textContent`))
	kent.reads("Source", "As published")
	kent.follows("See the row in the file")
	kent.isAccessible("a payment")
}
