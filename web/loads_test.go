package web

import (
	"fmt"
	"html"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/storetest"
)

// Files as bodies publish them, with invented suppliers.
const (
	messyFile = "Kent Police: payments over £500\r\n\r\n" +
		"Body Name,Date,Supplier Name,Transaction Number,Amount,Description,Category,Cost Centre,Reason for value for money\r\n" +
		"Kent Police,30/04/2012,Alder Vale Hosting Ltd (sample),1001,\"£1,200.50\",Custody hosting,Computer hosting,ICT Department,Framework price\r\n" +
		",,,,,,,,\r\n" +
		"Kent Police,02/05/2012,Alder Vale Hosting Limited (sample),1002,600.00,Custody hosting,Computer hosting,ICT Department,\r\n" +
		"Kent Police,03/05/2012,Redacted,1003,900.00,,Supplies,Custody,\r\n" +
		"Kent Police,05/05/2012,Mr Quill Wrenfield (sample),1005,(50.00),Tutoring by Wrenfield,Training,Fleet,Tender\r\n" +
		",,,Total,2650.50,,,,\r\n"
	strangeFile = "Ref,Paid on,Payee,Amount,Value\n" +
		"A1,01/06/2012,Alder Vale Hosting Ltd (sample),100.25,120.30\nA2,02/06/2012,Brightmere Fuel Ltd (sample),200.50,240.60\nA3,03/06/2012,Cobble Lane Print Ltd (sample),300.75,360.90\n"
)

// strangeAgain is another month under the same strange headings.
var strangeAgain = strings.NewReplacer("/06/2012", "/07/2012", "\nA", "\nB", "100.25", "110.25").Replace(strangeFile)

// loading is a portal whose officers take in spend.
type loading struct{ moving }

func load(t testing.TB) loading { return loading{move(t)} }

// sends sends a file and gives the page of its draft.
func (l loading) sends(t testing.TB, by at, file string, form ...string) string {
	t.Helper()
	return by.handIn(303, "/spend/loads/new", "payments.csv", []byte(file), replaced([]string{"body", "kent"}, form...)...).Header().Get("Location")
}

// stands sends a file, confirms it and waits for it.
func (l loading) stands(t testing.TB, file string, form ...string) string {
	t.Helper()
	draft := l.sends(t, l.officer, file, form...)
	l.confirms(t, draft)
	return draft
}

func (l loading) confirms(t testing.TB, draft string) {
	t.Helper()
	l.officer.do(303, "POST", draft+"/confirm")
	l.works(t)
	says(t, l.stranger.do(200, "GET", draft), "Included in all totals")
}

func (l loading) works(t testing.TB) {
	t.Helper()
	if _, err := spend.WorkOnImports(t.Context(), l.st); err != nil {
		t.Fatal(err)
	}
}

// total is all spend that counts.
func (l loading) total(t testing.TB) spend.Sum {
	t.Helper()
	sp, err := spend.Read(t.Context(), l.st, payments.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	return sp.Total
}

// words are what a page says, without its marks.
func words(w *httptest.ResponseRecorder) string { return html.UnescapeString(w.Body.String()) }

// tells fails the test unless the page holds each text, however it is escaped.
func tells(t testing.TB, w *httptest.ResponseRecorder, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(words(w), text) {
			t.Errorf("the page does not say %q:\n%s", text, w.Body)
		}
	}
}

func TestAnOfficerTakesInAMessyFile(t *testing.T) {
	l := load(t)
	says(t, l.stranger.do(200, "GET", "/spend/loads"), "No source file has been loaded yet.")
	tells(t, l.officer.do(200, "GET", "/spend/loads/new"), `enctype="multipart/form-data"`, "Choose a body", "512 MB at most")
	draft := l.sends(t, l.officer, messyFile, "published", "14", "published-month", "5", "published-year", "2012", "source", "https://example.org/kent.csv")
	tells(t, l.officer.do(200, "GET", draft), "Yes: 4 payments, £2,650.50.", "Agrees</span> with £2,650.50", "Custody hosting", "1 blank row", "14 May 2012",
		"https://example.org/kent.csv", "May 2012", "Payments included now", "Load this file", "D: Transaction Number")
	says(t, l.officer.do(200, "GET", "/spend/loads"), "Your drafts", draft)
	if got := l.total(t); got.Lines != 0 {
		t.Errorf("a draft counts: %v", got)
	}
	l.officer.do(303, "POST", draft+"/confirm")
	says(t, l.officer.do(200, "GET", draft), "0 of 4 payments loaded (0%)", "<progress", "Refresh", "Stop")
	page := l.stranger.do(200, "GET", draft)
	says(t, page, "This file is being loaded. It is not included in any total yet.")
	if strings.Contains(page.Body.String(), "<progress") || strings.Contains(page.Body.String(), "refresh") {
		t.Error("a page that may be kept shows how far the work is")
	}
	l.works(t)
	tells(t, l.stranger.do(200, "GET", draft), "Included in all totals: 4 payments, £2,650.50.", "Redacted by the publisher", "−£50.00", "Last checked")
	if got := l.total(t); got != (spend.Sum{Lines: 4, Pence: 265050}) {
		t.Errorf("the spend is %v", got)
	}
	tells(t, l.stranger.do(200, "GET", "/spend/loads?body=kent&status=standing"), "Kent", "Included", "30 April 2012 to 5 May 2012")
	says(t, l.stranger.do(200, "GET", "/spend/loads?body=essex"), "No source files match this filter.")
	l.stranger.do(422, "GET", "/spend/loads?status=x")
	l.officer.do(409, "POST", draft+"/confirm")
}

func TestALoadCanBeHadInEveryForm(t *testing.T) {
	l := load(t)
	path := l.stands(t, messyFile)
	list := decoded[struct{ Loads []map[string]any }](t, l.stranger.do(200, "GET", "/spend/loads.json").Body.String())
	if len(list.Loads) != 1 || list.Loads[0]["pence"] != 265050.0 || list.Loads[0]["counts"] != true || list.Loads[0]["first"] != "2012-04-30" {
		t.Errorf("the list is %v", list)
	}
	if rows := csvOf(t, l.stranger.do(200, "GET", "/spend/loads.csv").Body.String()); len(rows) != 2 || rows[1][12] != "265050" || len(rows[1]) != len(rows[0]) {
		t.Errorf("the list is %v", rows)
	}
	one := decoded[struct {
		Rows []struct{ Pence int64 } `json:"lines_listed"`
	}](t, l.stranger.do(200, "GET", path+".json").Body.String())
	rows, sum := rowsIn(t, l.stranger.do(200, "GET", path+".csv")), int64(0)
	for i, r := range one.Rows {
		if sum += r.Pence; fmt.Sprint(r.Pence) != rows[i]["amount_pence"] || rows[i]["counts"] != "true" {
			t.Errorf("line %d: %d in JSON, in CSV %v", i, r.Pence, rows[i])
		}
	}
	if sum != 265050 || len(rows) != 4 {
		t.Errorf("%d rows come to %d", len(rows), sum)
	}
	says(t, l.stranger.do(200, "GET", "/spend/loads.atom"), "Source file 1: Kent, 4 payments, £2,650.50", "<updated>2013-01-14T12:00:00Z")
	says(t, l.stranger.do(200, "GET", path+".atom"), "<entry>")
}

func TestLoadsAndTheirLinesArePaged(t *testing.T) {
	l := load(t)
	var b strings.Builder
	b.WriteString("Date,Supplier,Amount\n")
	for i := range 120 {
		fmt.Fprintf(&b, "%02d/06/2012,Alder Vale Hosting Ltd (sample),%d.25\n", i%28+1, 600+i)
	}
	path := l.stands(t, b.String())
	seen := map[string]bool{}
	for at := path; at != ""; {
		page := l.stranger.do(200, "GET", at).Body.String()
		for _, part := range strings.Split(page, `href="/spend/lines/`)[1:] {
			id, _, _ := strings.Cut(part, `"`)
			if seen[id] {
				t.Errorf("line %s stands on two pages", id)
			}
			seen[id] = true
		}
		_, rest, _ := strings.Cut(page, `href="`+path+`?after=`)
		if after, _, ok := strings.Cut(rest, "#"); ok {
			at = path + "?after=" + after
		} else {
			at = ""
		}
	}
	if len(seen) != 120 {
		t.Errorf("%d of 120 lines are on the pages", len(seen))
	}
	l.stranger.do(422, "GET", path+"?after=x")
}

func TestAnOfficeTakesInItsOwnFilesOnly(t *testing.T) {
	l := load(t)
	l.stranger.do(303, "GET", "/spend/loads/new")
	l.finance.do(403, "GET", "/spend/loads/new")
	if page := words(l.kent.do(200, "GET", "/spend/loads/new")); strings.Contains(page, "<select id=\"body\"") || !strings.Contains(page, `name="body" value="kent"`) {
		t.Error("an office of Kent is asked for the body")
	}
	draft := l.sends(t, l.kent, messyFile)
	says(t, l.officer.do(200, "GET", draft), "Yes: ")
	tells(t, l.essex.handIn(403, "/spend/loads/new", "payments.csv", []byte(messyFile), "body", "kent"), "only the files of")
	for _, by := range []at{l.essex, l.stranger, l.finance} {
		by.do(404, "GET", draft)
		by.do(404, "GET", draft+".json")
		by.do(404, "GET", draft+".csv")
		if strings.Contains(by.do(200, "GET", "/spend/loads").Body.String(), draft) {
			t.Error("somebody else sees a draft in the list")
		}
	}
	for _, act := range []string{"/confirm", "/discard", "/again", "/columns"} {
		l.essex.do(404, "POST", draft+act)
	}
	l.kent.do(303, "POST", draft+"/confirm")
	l.works(t)
	for _, act := range []string{"/withdraw", "/withhold"} {
		l.essex.do(403, "GET", draft+act)
		l.essex.do(403, "POST", draft+act, "reason", "Because")
	}
	l.essex.do(403, "GET", draft+"/file")
	l.stranger.do(303, "GET", draft+"/file")
	w := l.kent.do(200, "GET", draft+"/file")
	if w.Body.String() != messyFile || !strings.Contains(w.Header().Get("Content-Disposition"), "payments.csv") || w.Header().Get("Content-Type") != "application/octet-stream" {
		t.Errorf("the file as published: %v", w.Header())
	}
}

func TestAFileRefusedWholeIsOneSentence(t *testing.T) {
	l := load(t)
	standing := l.stands(t, messyFile)
	for name, one := range map[string]struct{ file, says string }{
		"an empty file":       {"", "The file is empty."},
		"a web page":          {"<!DOCTYPE html><html><body>Not found</body></html>", "The file"},
		"no amounts":          {"Supplier,Date\nHeron Ltd,01/06/2012\n", "The file has no column of amounts. Check that it is a file of payments."},
		"the same file twice": {messyFile, "This file is already loaded, as source file 1 of Kent."},
	} {
		w := l.officer.handIn(422, "/spend/loads/new", "payments.csv", []byte(one.file), "body", "kent", "source", "https://example.org/a.csv")
		tells(t, w, one.says, `id="file-fault"`, `href="#file"`, "Choose the file again.", `value="https://example.org/a.csv"`)
		if n := strings.Count(w.Body.String(), `href="#`); n != 2 { // the skip link, and one fault
			t.Errorf("%s: %d faults are told", name, n-1)
		}
	}
	if drafts := l.officer.do(200, "GET", "/spend/loads").Body.String(); strings.Contains(drafts, "Your drafts") {
		t.Error("something is kept of a refused file")
	}
	says(t, l.stranger.do(200, "GET", standing), "Included in all totals")
}

func TestWhatIsWrongWithAFormIsToldAtOnce(t *testing.T) {
	l := load(t)
	tells(t, l.officer.do(422, "POST", "/spend/loads/new", "period", "last week", "source", "example.org", "published", "30", "published-month", "2", "published-year", "2012"),
		"Choose a body from the list.", "Choose a file.", "is not a period", "Check the date. February 2012 has no day 30.", "beginning with https://", "5 things to correct")
	tells(t, l.officer.handIn(422, "/spend/loads/new", "a.csv", []byte(messyFile), "body", "kent", "replaces", "77", "reason", "Corrected"), "Source file 77 is not a file of Kent that is included, so it cannot be replaced.")
	tells(t, l.officer.handIn(422, "/spend/loads/new", "a.csv", []byte(messyFile), "body", "kent", "published", "15", "published-month", "1", "published-year", "2013"), "15 January 2013 is in the future.")
}

func TestAFileWithoutDatesNeedsAPeriod(t *testing.T) {
	l := load(t)
	draft := l.sends(t, l.officer, "Supplier,Amount\nAlder Vale Hosting Ltd (sample),700.10\nBrightmere Fuel Ltd (sample),800.20\n")
	page := l.officer.do(200, "GET", draft)
	tells(t, page, "No row of this file has a date that can be read. Enter its month or quarter.", `name="period"`)
	if strings.Contains(page.Body.String(), "Load this file</button>") {
		t.Error("what cannot be loaded has a button for it")
	}
	l.officer.do(422, "POST", draft+"/confirm")
	tells(t, l.officer.do(422, "POST", draft+"/again", "period", "2012-Q5"), "is not a period", `value="2012-Q5"`)
	l.officer.do(303, "POST", draft+"/again", "period", "2012-q1")
	tells(t, l.officer.do(200, "GET", draft), "Yes: 2 payments, £1,500.30.", "January to March 2012")
	l.confirms(t, draft)
}

func TestTheOrderOfDayAndMonthIsAsked(t *testing.T) {
	l := load(t)
	open := "Date,Supplier,Amount\n6/3/2012,Alder Vale Hosting Ltd (sample),700.10\n6/5/2012,Brightmere Fuel Ltd (sample),800.20\n"
	draft := l.sends(t, l.officer, open, "published", "1", "published-month", "8", "published-year", "2012")
	page := l.officer.do(200, "GET", draft)
	tells(t, page, "Not yet. We cannot tell how to read the dates.", "Which comes first in the dates?", `type="radio"`, `name="dates"`, `value="month-first"`)
	if strings.Contains(page.Body.String(), "Load this file</button>") {
		t.Error("what is in doubt can be loaded")
	}
	l.officer.do(422, "POST", draft+"/confirm")
	tells(t, l.officer.do(422, "POST", draft+"/again", "dates", "sideways"), "Choose which comes first in the dates of the file")
	l.officer.do(303, "POST", draft+"/again", "dates", "month-first", "source", "https://example.org/a.csv")
	tells(t, l.officer.do(200, "GET", draft), "Yes: 2 payments, £1,500.30.", "June 2012")
	l.officer.do(303, "POST", draft+"/columns", "sheet0-date", "0", "sheet0-supplier", "1", "sheet0-amount", "2") // keeps the order
	l.confirms(t, draft)
	tells(t, l.stranger.do(200, "GET", draft), "3 June 2012 to 5 June 2012")
	if rows := rowsIn(t, l.stranger.do(200, "GET", draft+".csv")); rows[0]["paid"] != "2012-06-03" && rows[0]["date"] != "2012-06-03" {
		t.Errorf("the first line is %v", rows[0])
	}
	proven := l.sends(t, l.officer, "Date,Supplier,Amount\n7/13/2012,Alder Vale Hosting Ltd (sample),700.10\n7/5/2012,Brightmere Fuel Ltd (sample),800.20\n7/14/2012,Brightmere Fuel Ltd (sample),800.20\n")
	tells(t, l.officer.do(200, "GET", proven), "Yes: ", "are read month first, because 2 dates can only be read this way")
	l.confirms(t, proven)
	tells(t, l.stranger.do(200, "GET", proven), "are read month first")
}

func TestANilReturnCountsAsPublished(t *testing.T) {
	l := load(t)
	draft := l.sends(t, l.officer, "Kent Police\nSupplier,Date,Amount\nNIL RETURN,,\n", "published", "14", "published-month", "7", "published-year", "2012")
	tells(t, l.officer.do(200, "GET", draft), "This file says that nothing was paid. Enter its month or quarter.", `name="period"`)
	l.officer.do(303, "POST", draft+"/again", "period", "2012-06", "published", "14", "published-month", "7", "published-year", "2012")
	tells(t, l.officer.do(200, "GET", draft), "Yes: 0 payments", "nil return")
	l.officer.do(303, "POST", draft+"/confirm")
	l.works(t)
	tells(t, l.stranger.do(200, "GET", draft), "nil return", "Included in all totals")
	p, err := report.ReadPublicationPage(t.Context(), l.st, "kent", civil.MonthOf(2012, 6))
	if err != nil || p.Cell.State() != report.PublishedInTime || p.Cell.Own.Lines != 0 || len(p.Files) != 1 {
		t.Errorf("June 2012 is %+v: %v", p.Cell, err)
	}
	july := l.sends(t, l.officer, "Kent Police\nSupplier,Date,Amount\nNIL RETURN,,\n", "period", "2012-07") // the same bytes
	l.confirms(t, july)
	l.officer.handIn(422, "/spend/loads/new", "payments.csv", []byte("Kent Police\nSupplier,Date,Amount\nNIL RETURN,,\n"), "body", "kent", "period", "2012-06")
	l.stands(t, messyFile)
	if got := l.total(t); got.Lines != 4 {
		t.Errorf("the spend is %v", got)
	}
	says(t, l.stranger.do(200, "GET", "/spend/publication"), "Kent")
	l.stranger.do(200, "GET", draft+".csv")
	l.stranger.do(200, "GET", draft+".json")
}

func TestColumnsAreAskedForOnceAndRemembered(t *testing.T) {
	l := load(t)
	draft := l.sends(t, l.officer, strangeFile)
	tells(t, l.officer.do(200, "GET", draft), "Not yet. We cannot tell what each column holds.", "Name the columns")
	l.officer.do(422, "POST", draft+"/confirm")
	form := l.officer.do(200, "GET", draft+"/columns")
	tells(t, form, "D: Amount – 100.25", "Later files of Kent", `name="sheet0-amount"`)
	tells(t, l.officer.do(422, "POST", draft+"/columns", "sheet0-supplier", "2"), "Choose the column of amounts of the table, or leave it out.", `href="#sheet0-amount"`)
	l.officer.do(303, "POST", draft+"/columns", "sheet0-transaction", "0", "sheet0-date", "1", "sheet0-supplier", "2", "sheet0-amount", "3", "sheet0-vat", "99")
	tells(t, l.officer.do(200, "GET", draft), "Yes: 3 payments, £601.50.", "You named the columns.")
	l.officer.do(303, "POST", draft+"/again", "published", "1", "published-month", "8", "published-year", "2012") // keeps the columns
	tells(t, l.officer.do(200, "GET", draft), "Yes: 3 payments, £601.50.", "You named the columns.")
	l.confirms(t, draft)
	next := l.sends(t, l.officer, strangeAgain)
	tells(t, l.officer.do(200, "GET", next), "Yes: 3 payments, £611.50.", "The columns are read as in an earlier file of Kent")
	if other := l.sends(t, l.officer, strangeAgain, "body", "essex"); !strings.Contains(words(l.officer.do(200, "GET", other)), "Not yet") {
		t.Error("what Kent’s columns hold is taken for Essex’s")
	}
}

func TestASheetOfAWorkbookIsLeftOut(t *testing.T) {
	l := load(t)
	book := excelize.NewFile()
	for name, rows := range map[string][][]any{
		"Sheet1": {{"Ref", "Paid on", "Payee", "Amount"}, {"A1", "01/06/2012", "Alder Vale Hosting Ltd (sample)", 100.25}, {"A2", "02/06/2012", "Brightmere Fuel Ltd (sample)", 200.5}},
		"May":    {{"Ref", "Paid on", "Payee", "Amount", "Value"}, {"B1", "01/05/2012", "Alder Vale Hosting Ltd (sample)", 300.25, 360.3}, {"B2", "02/05/2012", "Brightmere Fuel Ltd (sample)", 400.5, 480.6}},
	} {
		if _, err := book.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if err := book.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	file, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	draft := l.officer.handIn(303, "/spend/loads/new", "payments.xlsx", file.Bytes(), "body", "kent").Header().Get("Location")
	tells(t, l.officer.do(200, "GET", draft), "Not yet", "Excel workbook", "Sheet “May”")
	tells(t, l.officer.do(200, "GET", draft+"/columns"), "Leave out: Sheet “May”", `name="sheet1-leave"`)
	columns := []string{"sheet0-transaction", "0", "sheet0-date", "1", "sheet0-supplier", "2", "sheet0-amount", "3"}
	tells(t, l.officer.do(422, "POST", draft+"/columns", columns...), "Choose the column of amounts of the sheet “May”, or leave it out.")
	l.officer.do(422, "POST", draft+"/columns", "sheet0-leave", "yes", "sheet1-leave", "yes")
	l.officer.do(303, "POST", draft+"/columns", append(columns, "sheet1-leave", "yes")...)
	tells(t, l.officer.do(200, "GET", draft), "Yes: 2 payments, £300.75.", "Left out: the person loading the file left it out")
	l.confirms(t, draft)
	l.officer.do(303, "POST", draft+"/withdraw", "reason", "The sheet of May belongs to it.")
	again := l.officer.handIn(303, "/spend/loads/new", "payments.xlsx", file.Bytes(), "body", "kent").Header().Get("Location")
	tells(t, l.officer.do(200, "GET", again), "Yes: 2 payments", "The columns are read as in an earlier file")
	l.officer.do(303, "POST", again+"/columns", append(columns, "sheet1-transaction", "0", "sheet1-date", "1", "sheet1-supplier", "2", "sheet1-amount", "3")...)
	tells(t, l.officer.do(200, "GET", again), "Yes: 4 payments, £1,001.50.")
	l.confirms(t, again)
}

func TestManyRejectedRowsMustBeAccepted(t *testing.T) {
	l := load(t)
	draft := l.sends(t, l.officer, strings.Replace(messyFile, "600.00", "see note", 1))
	page := l.officer.do(200, "GET", draft)
	tells(t, page, "1 of 4 rows cannot be read, more than 5%.", "see note", "Load it without the 1 row that cannot be read", "Differs</span>")
	l.officer.do(422, "POST", draft+"/confirm")
	l.officer.do(303, "POST", draft+"/again")
	tells(t, l.officer.do(200, "GET", draft), "1 of 4 rows cannot be read, more than 5%.")
	l.officer.do(303, "POST", draft+"/again", "accept-rejected", "yes")
	tells(t, l.officer.do(200, "GET", draft), "Yes: 3 payments, £2,050.50.")
	l.confirms(t, draft)
	tells(t, l.stranger.do(200, "GET", draft), "Differs</span>", "by £600.00: it states £2,650.50", "Not public")
	tells(t, l.officer.do(200, "GET", draft), "see note")
}

func TestRowsThatStandAlreadyMustBeAccepted(t *testing.T) {
	l := load(t)
	first := l.stands(t, messyFile)
	more := messyFile[:strings.Index(messyFile, ",,,Total")] + "Kent Police,06/05/2012,Brightmere Fuel Ltd (sample),1006,70.00,Diesel,Vehicle fuel,Fleet,\r\n"
	draft := l.sends(t, l.officer, more)
	tells(t, l.officer.do(200, "GET", draft), "4 rows of this file are already in source file 1.", "Load it although 4 rows are already in another source file", first)
	l.officer.do(303, "POST", draft+"/again", "accept-overlap", "yes")
	l.confirms(t, draft)
	if got := l.total(t); got.Lines != 9 {
		t.Errorf("%d lines count", got.Lines)
	}
}

func TestALoadIsWithdrawnWithAReasonAndStaysReadable(t *testing.T) {
	l := load(t)
	path := l.stands(t, messyFile)
	tells(t, l.officer.do(200, "GET", path), "Withdraw this file", "Replace with another file", "Withhold all names", "Download the file as published")
	if strings.Contains(words(l.stranger.do(200, "GET", path)), "Withdraw this file") {
		t.Error("a stranger is offered to withdraw a load")
	}
	tells(t, l.officer.do(200, "GET", path+"/withdraw"), "What is removed from the totals", "April 2012", "£1,200.50", "You cannot undo this")
	tells(t, l.officer.do(422, "POST", path+"/withdraw"), "Enter the reason.")
	l.officer.do(303, "POST", path+"/withdraw", "reason", "The file was of another force.")
	if got := l.total(t); got.Lines != 0 {
		t.Errorf("a withdrawn load counts: %v", got)
	}
	tells(t, l.stranger.do(200, "GET", path), "Withdrawn. Its 4 payments, £2,650.50, are not included in any total.", "The file was of another force.", "Alder Vale Hosting Ltd (sample)", "These payments are not included in any total")
	if rows := rowsIn(t, l.stranger.do(200, "GET", path+".csv")); len(rows) != 4 || rows[0]["counts"] != "false" {
		t.Errorf("the lines of a withdrawn load: %v", rows)
	}
	l.officer.do(409, "POST", path+"/withdraw", "reason", "Again")
	l.stands(t, messyFile) // the same file may be taken in once more
}

func TestALargeLoadIsWithdrawnUnderADecision(t *testing.T) {
	l := load(t)
	if page := l.officer.do(200, "GET", l.stands(t, messyFile)+"/withdraw"); strings.Contains(page.Body.String(), `name="decision"`) {
		t.Error("a small load asks for a decision")
	}
	path := l.stands(t, "Date,Supplier Name,Transaction Number,Amount\n30/04/2012,Alder Vale Hosting Ltd (sample),1,1000000.01\n")
	tells(t, l.officer.do(200, "GET", path+"/withdraw"), "To withdraw a file of more than £1,000,000.00 you need a decision", "There is no published decision for this that you can still use.")
	tells(t, l.officer.do(422, "POST", path+"/withdraw", "reason", "Of another force."), "Enter the reference of the decision that allows this")
	ref := storetest.Authorised(t, l.st, l.clock, "withdraw-load", authority.Effect{Kind: authority.WithdrawsALoad, Subject: "load/" + path[strings.LastIndex(path, "/")+1:]})
	officer := as(t, l.Server, storetest.Holder(t, l.st, office.CompanyOfficer, office.TheCompany))
	says(t, officer.do(200, "GET", path+"/withdraw"), `value="`+ref+`"`)
	officer.do(303, "POST", path+"/withdraw", "reason", "Of another force.", "decision", ref)
	says(t, l.stranger.do(200, "GET", path), "Withdrawn under", `<a href="/decisions/`+ref+`">`)
	says(t, l.stranger.do(200, "GET", "/spend/loads.csv"), ref)
	says(t, l.stranger.do(200, "GET", path+".json"), `"decision": "`+ref+`"`)
}

func TestALoadIsReplaced(t *testing.T) {
	l := load(t)
	old := l.stands(t, messyFile)
	tells(t, l.officer.do(200, "GET", "/spend/loads/new?body=kent&replaces=1"), "Source file 1: payments.csv", `value="1" selected`)
	corrected := strings.NewReplacer("600.00", "650.00", "2650.50", "2700.50").Replace(messyFile)
	tells(t, l.officer.handIn(422, "/spend/loads/new", "a.csv", []byte(corrected), "body", "kent", "replaces", "1"), "Enter the reason for replacing the other file.")
	path := l.sends(t, l.officer, corrected, "replaces", "1", "reason", "VAT had been counted.")
	tells(t, l.officer.do(200, "GET", path), "Source file 1 is removed from the totals at the same time.")
	l.confirms(t, path)
	tells(t, l.stranger.do(200, "GET", old), "Replaced by source file 2. Its 4 payments, £2,650.50, are not included in any total.")
	tells(t, l.stranger.do(200, "GET", path), "VAT had been counted.", "source file 1")
	if got := l.total(t); got != (spend.Sum{Lines: 4, Pence: 270050}) {
		t.Errorf("the spend is %v", got)
	}
}

// sightings are the public addresses on which a word stands.
func (l loading) sightings(t testing.TB, word string, paths ...string) (seen []string) {
	t.Helper()
	for _, path := range paths {
		w := l.stranger.send("GET", path)
		if w.Code != 200 && w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
		body, _, _ := strings.Cut(words(w), `<form class="facets`) // what was asked for is not what is told
		if strings.Contains(body, word) {
			seen = append(seen, path)
		}
	}
	return seen
}

func TestWithheldNamesAreShownNowhere(t *testing.T) {
	l := load(t)
	path := l.sends(t, l.officer, messyFile+"Kent Police,06/05/2012,Mr Quill Wrenfield (sample),1006,see Wrenfield,,,,\r\n")
	l.officer.do(303, "POST", path+"/again", "accept-rejected", "yes")
	l.confirms(t, path)
	id := l.lineOf(t, "Wrenfield")
	line := fmt.Sprintf("/spend/lines/%d", id)
	public := []string{path, path + ".json", path + ".csv", path + ".atom", "/spend/loads", "/spend/loads.json", "/spend/loads.csv", "/spend/loads.atom", line, line + ".json"}
	for _, form := range []string{"", ".json", ".csv", ".atom"} {
		public = append(public, "/spend"+form+"?it=all", "/spend"+form+"?it=all&view=lines&text=tutoring", "/spend"+form+"?it=all&view=supplier")
		public = append(public, "/suppliers"+form+"?it=all", "/suppliers"+form+"?it=all&text=tutoring")
	}
	says(t, l.stranger.do(200, "GET", path), "Mr Quill Wrenfield (sample)")
	says(t, l.officer.do(200, "GET", path), "see Wrenfield")
	whole := l.total(t)

	// One line. The rejected row of the load holds the name too, and is not public.
	tells(t, l.officer.do(200, "GET", line+"/withhold"), "removed from every page", "−£50.00")
	tells(t, l.officer.do(422, "POST", line+"/withhold"), "Enter the reason.")
	l.essex.do(403, "POST", line+"/withhold", "reason", "No")
	if to := l.officer.do(303, "POST", line+"/withhold", "reason", "A private person.").Header().Get("Location"); to != line {
		t.Errorf("after withholding: %s", to)
	}
	for _, seen := range l.sightings(t, "Tutoring", public...) {
		t.Errorf("%s tells what is withheld", seen)
	}
	if seen := l.sightings(t, "Wrenfield", public...); len(seen) > 0 {
		t.Errorf("the name of a withheld line stands on %v", seen)
	}
	tells(t, l.stranger.do(200, "GET", path), "−£50.00", "Withheld")
	l.officer.do(409, "GET", line+"/withhold")
	tells(t, l.officer.do(200, "GET", line+"/lift"), "A private person.")

	// The whole load.
	tells(t, l.officer.do(422, "POST", path+"/withhold"), "Enter the reason.")
	l.officer.do(303, "POST", path+"/withhold", "reason", "It names private people.")
	for _, name := range []string{"Wrenfield", "Tutoring", "Alder Vale", "Custody hosting"} {
		for _, seen := range l.sightings(t, name, public...) {
			t.Errorf("%s tells %s, of a load that is withheld", seen, name)
		}
	}
	tells(t, l.stranger.do(200, "GET", path), "are withheld. Amounts are still counted", "It names private people.", "£2,650.50", "£1,200.50")
	if got := l.total(t); got != whole {
		t.Errorf("withholding moved the total from %v to %v", whole, got)
	}
	l.officer.do(303, "POST", path+"/lift", "reason", "They agreed.")
	l.officer.do(409, "GET", path+"/lift")
	l.officer.do(303, "POST", line+"/lift", "reason", "He agreed.")
	says(t, l.stranger.do(200, "GET", path), "Mr Quill Wrenfield (sample)", "Tutoring by Wrenfield", "Alder Vale")
	says(t, l.officer.do(200, "GET", path), "see Wrenfield")
}

func TestTheTextOfARejectedRowIsNotPublic(t *testing.T) {
	l := load(t)
	path := l.sends(t, l.officer, messyFile+"Kent Police,06/05/2012,Mr Quill Wrenfield (sample),1006,see Wrenfield,,,,\r\nKent Police,07/05/2012,Ms Vane Ostler (sample),1007,n/a Ostler,,,,\r\n")
	l.officer.do(303, "POST", path+"/again", "accept-rejected", "yes")
	l.confirms(t, path)
	public := []string{path, path + ".json", path + ".csv", path + ".atom", "/record", "/record.json", "/record.csv"}
	for _, name := range []string{"see Wrenfield", "Ostler"} {
		if seen := l.sightings(t, name, public...); len(seen) > 0 {
			t.Errorf("%s of a rejected row stands on %v", name, seen)
		}
	}
	says(t, l.stranger.do(200, "GET", path), "Not public", "2012-05-07")
	says(t, l.stranger.do(200, "GET", path+".json"), `"paid": "2012-05-07"`)
	page := l.officer.do(200, "GET", path)
	says(t, page, "see Wrenfield", "n/a Ostler")
	var row string
	for _, form := range regexp.MustCompile(`href="([^"]+/rejected/\d+/\d+)/withhold"`).FindAllStringSubmatch(page.Body.String(), -1) {
		row = form[1]
	}
	l.stranger.do(303, "GET", row+"/withhold")
	l.essex.do(403, "POST", row+"/withhold", "reason", "No")
	says(t, l.officer.do(200, "GET", row+"/withhold"), "Ostler", "Nobody can see the text")
	says(t, l.officer.do(422, "POST", row+"/withhold"), "Enter the reason.")
	l.officer.do(303, "POST", row+"/withhold", "reason", "It names a private person.")
	l.officer.do(409, "POST", row+"/withhold", "reason", "It names a private person.")
	for _, who := range []at{l.officer, l.stranger} {
		w := who.do(200, "GET", path)
		says(t, w, "Withheld: It names a private person.")
		if strings.Contains(w.Body.String()+who.do(200, "GET", path+".json").Body.String(), "Ostler") {
			t.Error("the text of a withheld row is shown")
		}
	}
	says(t, l.officer.do(200, "GET", path), "see Wrenfield")
	says(t, l.officer.do(200, "GET", path+".json"), `"withheld": true`)
	l.officer.do(404, "GET", path+"/rejected/0/999/withhold")
	l.officer.do(404, "GET", path+"/rejected/0/x/withhold")
	storetest.Sound(t, l.st)
	l.officer.do(303, "POST", row+"/lift", "reason", "She agreed.")
	l.officer.do(409, "POST", row+"/lift", "reason", "She agreed.")
	says(t, l.officer.do(200, "GET", path), "n/a Ostler")
	if seen := l.sightings(t, "Ostler", public...); len(seen) > 0 {
		t.Errorf("shown again to those who keep it, it stands on %v", seen)
	}
	storetest.Sound(t, l.st)
}

// lineOf is the line whose supplier holds a word.
func (l loading) lineOf(t testing.TB, word string) int64 {
	t.Helper()
	for line, err := range spend.EachLine(t.Context(), l.st, payments.Filter{Text: word}) {
		if err != nil {
			t.Fatal(err)
		}
		return line.ID
	}
	t.Fatalf("no line holds %s", word)
	return 0
}

func TestADraftIsDiscarded(t *testing.T) {
	l := load(t)
	draft := l.sends(t, l.officer, messyFile)
	tells(t, l.officer.do(200, "GET", draft+"/discard"), "Discard the draft", "are deleted")
	if to := l.officer.do(303, "POST", draft+"/discard").Header().Get("Location"); to != "/spend/loads" {
		t.Errorf("after discarding: %s", to)
	}
	l.officer.do(404, "GET", draft)
}

func TestALoadIsStopped(t *testing.T) {
	l := load(t)
	path := l.sends(t, l.officer, messyFile)
	l.officer.do(303, "POST", path+"/confirm")
	tells(t, l.officer.do(422, "POST", path+"/stop"), "Enter the reason.")
	l.officer.do(303, "POST", path+"/stop", "reason", "The wrong month.")
	l.works(t)
	tells(t, l.stranger.do(200, "GET", path), "Loading was stopped. Nothing from this file is included", "The wrong month.")
	if got := l.total(t); got.Lines != 0 {
		t.Errorf("a stopped load counts: %v", got)
	}
	l.officer.do(409, "POST", path+"/stop", "reason", "Again")
}

func TestABodyExplainsItsOwnFigures(t *testing.T) {
	l := load(t)
	l.stands(t, messyFile)
	for subject, figure := range map[string]string{"line/1": "£1,200.50", "bar/kent/2012": "4 payments, £2,650.50", "bar/kent": "4 payments, £2,650.50", "cell/kent/2012-05": "3 payments, £1,450.00"} {
		path := "/spend/explain?subject=" + subject
		tells(t, l.kent.do(200, "GET", path), figure, "You can remove it later")
		l.essex.do(403, "GET", path)
		l.officer.do(403, "GET", path)
		tells(t, l.kent.do(422, "POST", path, "subject", subject), "Enter the explanation.")
		to := l.kent.do(303, "POST", path, "subject", subject, "text", "A credit is still to come.").Header().Get("Location")
		if !slices.Contains([]string{"/spend/lines/1", "/spend?body=kent&year=2012", "/spend?body=kent", "/spend/publication?from=2012-05&to=2012-05"}, to) {
			t.Errorf("%s leads to %s", subject, to)
		}
		page := l.kent.do(200, "GET", path)
		tells(t, page, "A credit is still to come.", "Remove")
		_, rest, _ := strings.Cut(page.Body.String(), `action="/spend/explain/`)
		id, _, _ := strings.Cut(rest, "/back")
		l.essex.do(403, "POST", "/spend/explain/"+id+"/back", "subject", subject)
		l.kent.do(303, "POST", "/spend/explain/"+id+"/back", "subject", subject)
		if strings.Contains(words(l.kent.do(200, "GET", path)), "A credit is still to come.") {
			t.Errorf("%s: what was taken back is still said", subject)
		}
	}
	for _, subject := range []string{"", "line/x", "line/99", "bar/kent/x", "cell/kent", "bar/home-office", "x/y"} {
		l.kent.do(404, "GET", "/spend/explain?subject="+subject)
	}
}

func TestTheSameFileConfirmedTwiceStandsOnce(t *testing.T) {
	l := load(t)
	first, second := l.sends(t, l.officer, messyFile), l.sends(t, l.kent, messyFile)
	l.officer.do(303, "POST", first+"/confirm")
	l.kent.send("POST", second+"/confirm")
	l.works(t)
	if got := l.total(t); got.Lines != 4 {
		t.Errorf("%d lines count", got.Lines)
	}
}
