package spend_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/due"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/storetest"
)

// issueOf writes a small file of one payment of £600 on each day; a day alone
// in brackets has no reason why it is value for money.
func issueOf(days ...string) string {
	var b strings.Builder
	b.WriteString("Date,Supplier Name,Transaction Number,Amount,Description,Category,Cost Centre,Reason for value for money\n")
	for i, d := range days {
		reason := "Framework price"
		if strings.HasPrefix(d, "(") {
			d, reason = strings.Trim(d, "()"), ""
		}
		day, err := civil.ParseDay(d)
		if err != nil {
			panic(err)
		}
		dd, mm, yy := day.Parts()
		fmt.Fprintf(&b, "%02s/%02s/%s,Alder Vale Hosting Ltd (sample),%d,600.00,Custody hosting,Computer hosting,ICT Department,%s\n", dd, mm, yy, i+1, reason)
	}
	return b.String()
}

// undated writes a file without dates, whose period is said with it.
func undated(lines int) string {
	var b strings.Builder
	b.WriteString("Supplier Name,Transaction Number,Amount,Description,Category\n")
	for i := range lines {
		fmt.Fprintf(&b, "Brightmere Software Ltd (sample),%d,700.00,Licence %d,Computer software licences\n", i+1, i)
	}
	return b.String()
}

func month(t testing.TB, code string) civil.Month {
	t.Helper()
	m, err := civil.ParseMonth(code)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func period(t testing.TB, code string) civil.Period {
	t.Helper()
	p, err := civil.ParsePeriod(code)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// letters are the states of the matrix as the fixture writes them.
var letters = map[report.PublicationState]string{
	report.PublishedInTime: "p", report.PublishedLate: "L", report.PublishedUnknown: "?", report.MonthMissing: "M",
	report.BeforeTheOrder: "b", report.NotBound: "f", report.MonthNotOver: "n", report.MonthNotDue: "d",
}

func rowOf(t testing.TB, p report.Publication, body string) (report.PublicationRow, string) {
	t.Helper()
	row, ok := p.Row(body)
	if !ok {
		t.Fatalf("no row for %s", body)
	}
	var b strings.Builder
	for _, c := range row.Cells {
		b.WriteString(letters[c.State()])
	}
	return row, b.String()
}

func TestTheMatrixIsAsFilledByHand(t *testing.T) {
	s := storetest.Open(t) // 14 January 2013
	officer := storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany)
	take := func(body string, published civil.Day, file string) spend.Load {
		t.Helper()
		return storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: body, Published: published}, file)
	}
	quarter := func(body, code string, published civil.Day, lines int) {
		t.Helper()
		storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: body, Published: published, Period: period(t, code)}, undated(lines))
	}
	// Kent: 31 days after the end of March is in time, 32 after April is late.
	take("kent", "2012-05-01", issueOf("2012-03-05", "(2012-03-06)"))
	take("kent", "2012-06-01", issueOf("2012-04-05"))
	take("kent", "", issueOf("2012-05-10", "2012-05-11", "2012-05-12"))
	// A stray payment of May in the file of June dates neither May nor June wrongly.
	take("kent", "2012-07-20", issueOf("2012-05-31", "2012-06-04", "2012-06-05"))
	// Essex: quarters without days.
	quarter("essex", "2012-Q1", "2012-04-20", 3)
	quarter("essex", "2012-Q2", "2012-07-31", 2)
	// A month of its own beside a quarter’s file.
	take("essex", "2012-08-10", issueOf("2012-07-05"))
	// Surrey: withdrawn, so missing again; and a file of before the Order.
	gone := take("surrey", "2012-07-01", issueOf("2012-06-05"))
	take("surrey", "2012-12-31", issueOf("2011-12-05"))
	if err := spend.Act(t.Context(), s, officer, gone.ID, spend.ActWithdraw, "The wrong file."); err != nil {
		t.Fatal(err)
	}
	// The City publishes when it likes; nothing of it is missing or late.
	take("city-of-london", "2012-12-31", issueOf("2012-02-05"))
	// The Mayor’s office, published before the month was over.
	take("metropolitan", "2013-01-10", issueOf("2013-01-05"))
	// Durham: two halves, one of an unknown day: only a day that both ways give is told.
	take("durham", "2012-03-10", issueOf("2012-02-01"))
	take("durham", "", issueOf("2012-02-02"))
	take("durham", "2012-04-10", issueOf("2012-03-01", "2012-03-02", "2012-03-03"))
	take("durham", "", issueOf("2012-03-04"))

	p, err := report.ReadPublication(t.Context(), s, month(t, "2011-12"), month(t, "2013-01"))
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]string{ // December 2011 to January 2013
		"kent":           "bMMpL?pMMMMMdn",
		"essex":          "bLLpLLpp" + "MMMMdn",
		"surrey":         "pMMMMMMMMMMMdn",
		"city-of-london": "ffpffffffffffn",
		"metropolitan":   "bMMMMMMMMMMMdp",
		"durham":         "bM?pMMMMMMMMdn",
		"cumbria":        "bMMMMMMMMMMMdn",
	} {
		if _, got := rowOf(t, p, body); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
	n := p.Count()
	if n.Months != 43*14 || n.Published != 4+7+1+1+1+2 || n.Missing+n.Published+n.Before+n.NotBound+n.NotDue+n.NotOver != n.Months {
		t.Errorf("counted %+v", n)
	}
	// Missing: 11 months of 42 bodies, less those published in them; commissioners’ own begin with November 2012.
	if want := 11*42 - (4 + 7 + 0 + 0 + 2); n.Missing != want || n.Inherited != want-42-10 || n.NotDue != 42 {
		t.Errorf("missing %d of which inherited %d, not due %d, want %d, %d and 42", n.Missing, n.Inherited, n.NotDue, want, want-42-10)
	}
	if n.Late != 5 || n.NoDay != 2 {
		t.Errorf("late %d, no day %d", n.Late, n.NoDay)
	}
}

func TestAMatrixCountsItemsOfAQuarterOnce(t *testing.T) {
	s := storetest.Open(t)
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "essex", Period: period(t, "2012-Q1")}, undated(3))
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "essex"}, issueOf("2012-02-05", "(2012-02-06)"))
	p, err := report.ReadPublication(t.Context(), s, month(t, "2012-01"), month(t, "2012-12"))
	if err != nil {
		t.Fatal(err)
	}
	row, _ := p.Row("essex")
	if want := (report.Amount{Lines: 5, Pence: 3*700_00 + 2*600_00, Over: 5, NoReason: 4}); row.Items != want {
		t.Errorf("the row holds %+v, want %+v", row.Items, want)
	}
	feb := row.Cells[1]
	if feb.Own.Lines != 2 || feb.Shared.Lines != 3 || len(feb.Loads) != 2 || row.Cells[0].Own.Lines != 0 || row.Cells[3].Items().Lines != 0 {
		t.Errorf("February is %+v", feb)
	}
	if n := p.Count(); n.Published != 3 || n.Items != row.Items {
		t.Errorf("counted %+v", n)
	}
}

func TestLateIsTheDayAfterTheRule(t *testing.T) {
	march := month(t, "2012-03")
	for days, want := range map[int]bool{-3: false, 0: false, 31: false, 32: true, 400: true} {
		if got := due.Late.Of(march, days); got != want {
			t.Errorf("%d days after March 2012 is late: %v", days, got)
		}
	}
	if due.Late.Of(month(t, "2011-12"), 400) {
		t.Error("a month before the rule is late")
	}
}

func TestAMonthIsDueWhenItIsOver(t *testing.T) {
	s, clock := storetest.OpenClock(t)
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent"}, issueOf("2012-11-05"))
	for day, want := range map[civil.Day]report.PublicationState{"2012-12-31": report.MonthNotOver, "2013-01-01": report.MonthNotDue, "2013-01-31": report.MonthNotDue, "2013-02-01": report.MonthMissing} {
		clock.Day(day)
		p, err := report.ReadPublicationPage(t.Context(), s, "kent", month(t, "2012-12"))
		if err != nil || p.Cell.State() != want {
			t.Errorf("on %s December is %s, want %s (%v)", day, p.Cell.State(), want, err)
		}
	}
}

func TestTheMatrixEndsWithTheLastMonthThatIsOverAndPaid(t *testing.T) {
	s := storetest.Open(t)
	span := func(from, to civil.Month) string {
		p, err := report.ReadPublication(t.Context(), s, from, to)
		if err != nil {
			return err.Error()
		}
		return p.From.Code() + " " + p.To.Code()
	}
	if got := span(0, 0); got != "2012-01 2012-12" {
		t.Errorf("with no file: %s", got)
	}
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent"}, issueOf("2012-06-05"))
	if got := span(0, 0); got != "2011-07 2012-06" {
		t.Errorf("with June the last: %s", got)
	}
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "essex"}, issueOf("2013-01-05"))
	if got := span(0, 0); got != "2012-01 2012-12" {
		t.Errorf("with a payment of this month: %s", got)
	}
	for _, asked := range []struct{ from, to, want string }{
		{"2012-03", "2012-03", "2012-03 2012-03"},
		{"2011-01", "2012-12", "2011-01 2012-12"},
		{"2012-04", "2012-03", "Enter a first month that is not after the last one."},
		{"2010-12", "2012-12", "Ask for 24 months or fewer at a time."},
	} {
		if got := span(month(t, asked.from), month(t, asked.to)); got != asked.want {
			t.Errorf("%s to %s: %s", asked.from, asked.to, got)
		}
	}
	if got := span(month(t, "2012-04"), 0); got != "2012-04 2013-03" {
		t.Errorf("from April: %s", got)
	}
}

func TestAMonthTellsItsFilesAndWhatIsSaidOfIt(t *testing.T) {
	s := storetest.Open(t)
	officer := storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany)
	gone := storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", Published: "2012-12-10"}, issueOf("2012-11-05"))
	if err := spend.Act(t.Context(), s, officer, gone.ID, spend.ActWithdraw, "The wrong file."); err != nil {
		t.Fatal(err)
	}
	kent := storetest.Holder(t, s, office.ChiefExecutive, "kent")
	if err := spend.Explain(t.Context(), s, kent, "cell/kent/2012-11", "The new ledger began on 22 November."); err != nil {
		t.Fatal(err)
	}
	p, err := report.ReadPublicationPage(t.Context(), s, "kent", month(t, "2012-11"))
	if err != nil {
		t.Fatal(err)
	}
	if p.Cell.State() != report.MonthMissing || p.Cell.Inherited || len(p.Gone) != 1 || len(p.Files) != 0 || len(p.Cell.Notes) != 1 || len(p.Cells) != 6 || p.Subject() != "cell/kent/2012-11" {
		t.Errorf("November is %+v", p)
	}
	for _, body := range []string{"atlantis", "home-office"} {
		if _, err := report.ReadPublicationPage(t.Context(), s, body, month(t, "2012-11")); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", body, err)
		}
	}
}
