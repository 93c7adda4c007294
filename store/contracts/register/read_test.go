package register

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/book/booktest"
	"github.com/police-ict/handover/store/contracts/notice"
	"github.com/police-ict/handover/store/money"
)

func read(t testing.TB, file []byte, name string) ([]*notice.Notice, notice.Summary, *File) {
	t.Helper()
	f, err := Open(bytes.NewReader(file), int64(len(file)), name, 0)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	t.Cleanup(func() { f.Close() })
	var all []*notice.Notice
	s, err := f.Read(context.Background(), func(n *notice.Notice) error {
		all = append(all, n)
		return nil
	})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return all, s, f
}

func table(t testing.TB, text string) ([]*notice.Notice, notice.Summary, *File) {
	t.Helper()
	return read(t, []byte(text), "register.csv")
}

func sum(p *money.Pence) money.Pence {
	if p == nil {
		return -1
	}
	return *p
}

const council = "Invented Borough (sample): contracts register\r\nContract Ref,Title,Supplier,Contract Value (\xa3),Start Date,End Date,Extension,Contract Manager,Email\r\n" +
	"C/1,Radios,Invented Radios Ltd (sample),\"\xa31,000.50\",01/04/2013,31/03/2014,12 months,Nobody Invented,nobody@example.invalid\r\n" +
	"C/1,Radios,Invented Radios Ltd (sample),\"\xa31,000.50\",01/04/2013,31/03/2014,12 months,Nobody Invented,nobody@example.invalid\r\n" +
	"C/2,Vans framework someone@example.invalid,Various,\xa35m,01/04/2013,31/03/2017,,,\r\n" +
	"C/3,Boots,Invented Boots Ltd (sample),\"\xa3900 p.a.\",13 May 2013,Ongoing,,,\r\n" +
	"C/4,Vests,,Commercially sensitive,2013-05-01,2014-04-30,,,nobody@example.invalid\r\n" +
	",Chairs,A Ltd (sample); B Ltd (sample),\xa31 250,01.06.13,31.05.14,,,\r\nPolice section,,,,,,,,\r\n" +
	"Total,,,\"\xa33,151.00\",,,,,\r\n,,,,,,,,\r\nNote: net of VAT,,,,,,,,\r\n"

func TestARegisterOfACouncil(t *testing.T) {
	all, s, f := table(t, council)
	if s.Rows != 6 || *s.Processes != 5 || *s.Contracts != 4 || sum(s.PenceContracts) != 225050 || sum(s.PencePublished) != 315100 || s.Suppliers != 4 || s.Buyers != 1 || s.FirstStart != "2013-04-01" || s.LastEnd != "2014-05-31" || s.Aside != 3 {
		t.Errorf("%+v", s)
	}
	if s.PeopleDropped != 4 || !slices.Equal(f.Sheets[0].People, []int{7, 8}) {
		t.Errorf("%d people of columns %v", s.PeopleDropped, f.Sheets[0].People)
	}
	want := []notice.LeftOut{{Reason: leftFramework, Count: 1}, {Reason: notice.YearlyValue, Count: 1}, {Reason: notice.WithheldValue, Count: 1}}
	if !slices.Equal(s.LeftOut, want) {
		t.Errorf("left out: %v", s.LeftOut)
	}
	if n := all[0]; n.Key != "c/1" || len(n.Places) != 2 || n.Places[1].Record != 4 || n.Options != "12 months" || len(n.Doubts) != 1 {
		t.Errorf("%+v", n)
	}
	if n := all[1]; n.Kind != notice.Framework || n.Values[0].Kind != notice.Maximum || n.Values[0].Known || n.Values[0].Why != notice.RoundValue {
		t.Errorf("%+v", n)
	}
	if n := all[2]; n.End.Words != "Ongoing" || n.Values[0].Kind != notice.Yearly || n.Values[0].Pence != 90000 || n.Start.Day != "2013-05-13" {
		t.Errorf("%+v", n)
	}
	if n := all[3]; !slices.Equal(n.Withheld, []string{"value"}) || n.Ground != "Commercially sensitive" {
		t.Errorf("%+v", n)
	}
	if n := all[4]; n.Key != "" || len(n.Suppliers) != 2 || n.Values[0].Pence != 125000 {
		t.Errorf("%+v", n)
	}
	told := fmt.Sprintf("%+v %+v", f.Sheets, all)
	var copied bytes.Buffer
	if err := f.Copy(&copied); err != nil || strings.Contains(told+copied.String(), "Nobody") || strings.Contains(told+copied.String(), "body@") || strings.Contains(told+copied.String(), "someone@") || !strings.Contains(copied.String(), "Invented Radios Ltd") {
		t.Errorf("%v: %s", err, copied.String())
	}
}

func TestOneContractOfSeveralAuthorities(t *testing.T) {
	all, s, _ := table(t, "#INVENTED\nContract ID;Contract Title;Lead Authority;Participating Authority;Supplier;Contract Start;Contract Expiry;Maximum Expiry;Total Contract Value;Authority Share\n"+
		"7;Radios;Northshire (sample);Northshire (sample);Invented Radios Ltd (sample);01/04/2012;31/03/2015;31/03/2017;900;400\n"+
		"7;Radios;Northshire (sample);Southshire (sample);Invented Radios Ltd (sample);01/04/2012;31/03/2015;31/03/2017;900;500\n"+
		"8;Vans;Northshire (sample);Southshire (sample);Withheld;01/04/2012;31/03/2014;;100;90\n")
	if s.Rows != 3 || *s.Contracts != 2 || sum(s.PenceContracts) != 100000 || sum(s.PencePublished) != 190000 || s.Buyers != 2 || s.Suppliers != 1 || s.LastEnd != "2015-03-31" {
		t.Errorf("%+v", s)
	}
	if n := all[0]; len(n.Buyers) != 2 || !n.Buyers[0].Lead || n.Buyers[1].Share.Pence != 50000 || n.Latest.Day != "2017-03-31" || len(n.Doubts) != 0 {
		t.Errorf("%+v", n)
	}
	if n := all[1]; !slices.Equal(n.Withheld, []string{"supplier"}) || len(n.Buyers) != 2 || !n.Buyers[0].Lead {
		t.Errorf("%+v", n)
	}
}

func TestRowsOfOneReferenceAreBroughtTogether(t *testing.T) {
	head := "Contract Reference,Contract Title,Supplier,Contract Value,Start Date,End Date\n"
	for name, c := range map[string]struct {
		rows      string
		contracts int64
		pence     money.Pence
		suppliers int
		doubt     string
	}{
		"a supplier a row, one value": {"1,Legal advice,A Ltd (sample),100,01/04/2013,31/03/2014\n1,Legal advice,B Ltd (sample),100,01/04/2013,31/03/2014\n", 1, 10000, 2, ""},
		"a value for each supplier":   {"1,Legal advice,A Ltd (sample),100,01/04/2013,31/03/2014\n1,Legal advice,B Ltd (sample),50,01/04/2013,31/03/2014\n", 1, 15000, 2, "is their sum"},
		"an extension":                {"1,Legal advice,A Ltd (sample),100,01/04/2013,31/03/2014\n1,Legal advice,A Ltd (sample),150,01/04/2013,31/03/2015\n", 1, 15000, 1, "The last in the file"},
		"nothing in common":           {"1,Legal advice,A Ltd (sample),100,01/04/2013,31/03/2014\n1,Vans,B Ltd (sample),50,01/06/2013,30/06/2015\n", 2, 15000, 1, ""},
		"other spellings":             {"IT - 1,Legal advice,A Ltd (sample),100,01/04/2013,31/03/2014\nit–1,Legal advice,B Ltd (sample),100,01/04/2013,31/03/2014\n", 1, 10000, 2, ""},
		"no reference":                {",Legal advice,A Ltd (sample),100,01/04/2013,31/03/2014\nN/A,Legal advice,B Ltd (sample),100,01/04/2013,31/03/2014\n", 2, 20000, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			all, s, _ := table(t, head+c.rows)
			if *s.Contracts != c.contracts || sum(s.PenceContracts) != c.pence || len(all[0].Suppliers) != c.suppliers || !strings.Contains(strings.Join(all[0].Doubts, " "), c.doubt) {
				t.Errorf("%+v, %+v", s, all[0])
			}
		})
	}
}

func TestARowForEachAmendment(t *testing.T) {
	all, s, _ := table(t, "reference_number,procurement_id,vendor_name,contract_date,description_en,contract_period_start,delivery_date,contract_value,original_value,amendment_value,reporting_period,owner_org\n"+
		"R-3,9202/2,INVENTED CO (SAMPLE),2013-01-05,Radios,2013-01-01,2014-12-31,150.25,100,50.25,2013-2014-Q1,north\n"+
		"R-1,9202,Invented Company (sample),2013-01-01,Radios,2013-01-01,2013-12-31,99.9999999,100,NA,2012-2013-Q4,north\n"+
		"R-2,9202,Invented Other (sample),2013-01-01,Radios,2013-01-01,2013-12-31,10,10,0,2012-2013-Q4,south\n"+
		"R-4,9202/3,INVENTED CO (SAMPLE),2013-01-05,Radios,2013-01-01,2014-12-31,170,100,10,2013-2014-Q2,north\n")
	if s.Shape != notice.Amended || s.Rows != 4 || *s.Contracts != 2 || sum(s.PenceCurrent) != 18000 || sum(s.PencePublished) != 43025 || s.Currency != "CAD" || *s.AwardsPublished != 4 || s.Suppliers != 3 || s.LastEnd != "2014-12-31" {
		t.Errorf("%+v", s)
	}
	n := all[0]
	if n.Key != "north#9202" || len(n.Amendments) != 2 || n.Amendments[0].Stated.Pence != 5025 || len(n.Suppliers) != 1 || n.Places[0].Record != 3 {
		t.Errorf("%+v", n)
	}
	if told := strings.Join(n.Doubts, " "); !strings.Contains(told, "changed by 19.75, but the stated change is 10.00") || strings.Contains(told, "50.25") {
		t.Errorf("%q", told)
	}
}

func TestAmendmentsThatStateOnlyTheChange(t *testing.T) {
	all, s, _ := table(t, "Contract Ref,Title,Supplier,Contract Value,Amendment No,Amendment Value,Start Date,End Date\n1,Radios,A Ltd (sample),100,,,01/04/2013,31/03/2014\n1,Radios,A Ltd (sample),,10,5,01/04/2013,31/03/2016\n1,Radios,A Ltd (sample),,2,20,01/04/2013,31/03/2015\n")
	if s.Shape != notice.Amended || *s.Contracts != 1 || sum(s.PenceContracts) != 12500 || len(all[0].Amendments) != 2 || all[0].Amendments[0].Value.Pence != 12000 || all[0].End.Day != "2016-03-31" {
		t.Errorf("%+v, %+v", s, all[0])
	}
}

func TestAListOfAwardsWithARowForEachSupplier(t *testing.T) {
	all, s, _ := table(t, "ID_AWARD,CAE_NAME,WIN_NAME,TITLE,AWARD_VALUE_EURO,DT_AWARD\n1,Invented Borough (sample),A Ltd (sample),Radios,100,01/04/2013\n1,Invented Borough (sample),B Ltd (sample),Radios,100,01/04/2013\n")
	if *s.Contracts != 1 || sum(s.PenceContracts) != 10000 || sum(s.PencePublished) != 20000 || s.Currency != "EUR" || len(all[0].Suppliers) != 2 {
		t.Errorf("%+v, %+v", s, all[0])
	}
}

func TestTheTableOfContractsFinder(t *testing.T) {
	head := `"Notice Identifier","Notice Type","Organisation Name",Status,"Published Date",Title,Description,"Cpv Codes","Contact Name","Contact Email","Start Date","End Date","Value Low","Value High","Awarded Date","Awarded Value","Supplier [Name|Address|Ref type|Ref Number|Is SME|Is VCSE]","Supplier's contact name","Contract start date","Contract end date","OJEU Procedure Type","Closing Time"` + "\n"
	all, s, _ := table(t, head+
		`N-1,Contract,"Invented Borough (sample)",Awarded,2013-04-29T17:15:24Z,"Radios ","Ten
radios","48000000 48100000 ","Nobody Invented",nobody@example.invalid,01/04/2013,31/03/2014,0,1,01/04/2013,365000,"[A Ltd (sample)|1 Invented Street
 Nowhere|COMPANIES_HOUSE|1234567|Yes|No][B Person (sample)|2 Invented Street|NONE||No|No]","Nobody Invented",01/04/2013,31/03/2015,"CallOffFromFramework ",23:59`+"\n"+
		`N-1,Contract,"Invented Council (sample)",Open,2013-04-29T17:15:24Z,Vans,Vans,34000000,,,01/04/2013,31/03/2014,100,200,,,,,,,Open`+"\n"+
		`N-2,Contract,"Invented Council (sample)",Awarded,2016-04-29T17:15:24Z,Boots,Boots,18000000,,,01/04/2013,31/03/2014,100,0,01/04/2013,99.5,[C Ltd (sample)|x|NONE||No|No],,01/04/2013,31/03/2014,Open`+"\n")
	if s.Shape != notice.FinderCSV || s.Rows != 3 || *s.Processes != 3 || *s.AwardsPublished != 2 || sum(s.PencePublished) != 36509950 || s.Suppliers != 3 || s.Buyers != 2 || s.PeopleDropped != 2 || s.Contracts != nil || s.LastEnd != "2015-03-31" || s.Rejected != 0 {
		t.Errorf("%+v", s)
	}
	n := all[0]
	if n.Kind != notice.CallOff || n.Suppliers[0].Company != "01234567" || n.Suppliers[1].Scheme != "" || len(n.Values) != 1 || n.End.Day != "2015-03-31" || len(n.Doubts) != 1 || len(n.CPV) != 2 {
		t.Errorf("%+v", n)
	}
	if all[1].Kind != notice.Tender || len(all[1].Values) != 2 || len(all[2].Values) != 2 || !strings.Contains(all[2].Doubts[0], "had ended") {
		t.Errorf("%+v, %+v", all[1], all[2])
	}
}

func TestAWorkbookOfTwoWorksheets(t *testing.T) {
	head := []any{"Contract Reference", "Contract Title", "Supplier Name", "Spend (Total)", "Contract Starting Date", "Expiration Date", "Contact Details"}
	sheets := []booktest.Sheet{
		{Name: "Live", Rows: [][]any{{"Invented contracts"}, {}, head,
			{"P-1", "Radios", "A Ltd (sample)", 2400.5, booktest.On(2011, 4, 1), booktest.On(2016, 3, 31), "Nobody Invented"},
			{"P-2", "Vests", "B Ltd (sample)", nil, "01.09.2012", "31.08.2014", "Exempt s.43"},
			{"P-3", "Vans", "C Ltd (sample)", 100, "Exempt s.43", "31.08.2014"}}},
		{Name: "Notes", Rows: [][]any{{"Exempt means section 43"}}},
		{Name: "Expired", Rows: [][]any{head, {"P-0", "Boots", "C Ltd (sample)", 99, 39539, 40633}}},
	}
	for format, b := range map[string][]byte{"xlsx": booktest.XLSX(t, sheets), "xls": booktest.XLS(sheets), "ods": booktest.ODS(t, sheets), "xml": booktest.Markup(sheets)} {
		t.Run(format, func(t *testing.T) {
			all, s, f := read(t, b, "answer."+format)
			if s.Rows != 4 || *s.Contracts != 4 || sum(s.PenceContracts) != 259950 || s.FirstStart != "2008-04-01" || s.LastEnd != "2016-03-31" || s.PeopleDropped != 2 || f.Sheets[1].LeftOut == "" {
				t.Errorf("%+v", s)
			}
			if all[0].Places[0].Sheet != "Live" || len(all[1].Withheld) != 0 || all[3].Start.Day != "2008-04-01" {
				t.Errorf("%+v", all[1])
			}
		})
	}
}

func TestWhatAWorkbookHides(t *testing.T) {
	head := []any{"Contract Reference", "Contract Title", "Supplier Name", "Contract Value", "Start Date", "End Date"}
	row := func(value any) []any {
		return []any{"P-1", "Radios", "A Ltd (sample)", value, "01/04/2013", "31/03/2014"}
	}
	_, s, f := read(t, booktest.ODS(t, []booktest.Sheet{{Name: "Shown", Rows: [][]any{head, row(1)}}, {Name: "Kept", Hidden: true, Rows: [][]any{head, row(1)}}}), "hidden.ods")
	if *s.Contracts != 1 || len(f.Sheets[1].Notices) != 1 {
		t.Errorf("%+v, %v", s, f.Sheets[1].Notices)
	}
	never := booktest.ODS(t, []booktest.Sheet{{Name: "Sums", Rows: [][]any{head, row(booktest.Formula{})}}})
	if _, err := Open(bytes.NewReader(never), int64(len(never)), "never.ods", 0); err == nil || !strings.Contains(err.Error(), "never calculated") {
		t.Error(err)
	}
}

func TestHowAmountsAndDatesAreWritten(t *testing.T) {
	head := "Contract Reference,Contract Title,Supplier,Contract Value,Start Date,End Date\n"
	all, _, f := table(t, strings.ReplaceAll(head, ",", ";")+"1;Radios;A (sample);1.234,56;01/04/2013;31/03/2014\n2;Vans;A (sample);12,50;01/04/2013;31/03/2014\n")
	if all[0].Values[0].Pence != 123456 || all[1].Values[0].Pence != 1250 || len(f.Sheets[0].Notices) != 1 {
		t.Errorf("%+v", all[0].Values)
	}
	all, _, f = table(t, head+"1,Radios,A (sample),1,04/01/2013,03/31/2014\n2,Vans,A (sample),12,4/2/2013,3/30/14\n")
	if all[0].Start.Day != "2013-04-01" || all[1].End.Day != "2014-03-30" || len(f.Sheets[0].Notices) != 1 {
		t.Errorf("%+v", all[1])
	}
	all, s, _ := table(t, head+"1,Radios,A (sample),£0-£2M,01/04/2013,31/03/2122\n2,Vans,A (sample),1.2E+06,April 2013,rolling\n3,Boots,A (sample),1000000-4000000,see note,TBC\n4,Hats,A (sample),up to £500,,31/03/2014\n")
	for i, why := range []string{notice.RangeValue, notice.LostDigits, notice.RangeValue, notice.RangeValue} {
		if v := all[i].Values[0]; v.Known || v.Why != why || v.Words == "" {
			t.Errorf("%d: %+v", i, v)
		}
	}
	if all[0].End.Words != "31/03/2122" || all[1].Start.Words != "April 2013" || s.PenceContracts != nil {
		t.Errorf("%+v %+v", all[0].End, s)
	}
}

func TestHeadings(t *testing.T) {
	for name, heads := range map[string][]string{
		"transparency code":      {"Reference number", "Title of agreement", "Local authority department responsible", "Description of the goods and/or services being provided", "Supplier name and details", "Sum to be paid over the length of the contract", "Value Added Tax that cannot be recovered", "Start date", "End date", "Review date", "Whether or not the contract was the result of an invitation to quote or a published invitation to tender", "SME", "VCSE"},
		"freedom of information": {"Contract Title", "Existing/Previous supplier", "Duration of contract", "Contract Expiry Date", "Contract Review Date", "Total Contract Value", "Contact details"},
		"two rows":               {"Contract", "Supplier", "Commencement", "Expiry", "Annual value"},
	} {
		if Recognises(heads) == 0 {
			m, _, _ := newDictionary().headings(heads)
			t.Errorf("%s: %v", name, m)
		}
	}
	for name, heads := range map[string][]string{
		"payments":  {"Body Name", "Date Paid", "Supplier Name", "Transaction Number", "Amount", "Irrecoverable VAT", "Contract Reference", "Purpose"},
		"orders":    {"Order number", "Order date", "Supplier", "Description", "Amount"},
		"lifecycle": {"product", "label", "released", "end", "vendor"},
		"nothing":   {"a", "b", "c"},
	} {
		if Recognises(heads) != 0 {
			m, _, _ := newDictionary().headings(heads)
			t.Errorf("%s are taken for contracts: %v", name, m)
		}
	}
	all, s, f := table(t, "Invented register\nContract,Supplier,Contract,Contract,Annual\nTitle,Name,Start,End,Value\nRadios,A Ltd (sample),01/04/2013,31/03/2014,500\n")
	if s.Rows != 1 || all[0].Title != "Radios" || all[0].End.Day != "2014-03-31" || f.Sheets[0].HeaderRecord != 3 || len(f.Sheets[0].Titles) != 1 {
		t.Errorf("%+v %+v", all, f.Sheets[0])
	}
}

func TestEveryKnownFieldMayBeNamed(t *testing.T) {
	for field := range known {
		if field != Person && field != Contact && !slices.Contains(Fields(), field) {
			t.Errorf("%s is in no list", field)
		}
	}
}

func TestAFileThatIsNoRegisterIsRefused(t *testing.T) {
	for name, file := range map[string]string{
		"payments": "Date,Supplier,Amount\n01/04/2013,A Ltd (sample),12.00\n",
		"words":    "Dear Sir\nno table here\n",
		"headings": "Contract Reference,Contract Title,Supplier,Contract Value,Start Date,End Date\n",
		"page":     "<html><body>moved</body></html>",
	} {
		f, err := Open(strings.NewReader(file), int64(len(file)), name+".csv", 0)
		if err == nil {
			_, err = f.Read(context.Background(), func(*notice.Notice) error { return nil })
		}
		if _, ok := errors.AsType[Refusal](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTotalsAreToldFromContracts(t *testing.T) {
	head := "Contract Reference,Contract Title,Supplier,Contract Value,Start Date,End Date\n1,Total facilities management,A Ltd (sample),100,01/04/2013,31/03/2014\n"
	for _, row := range []string{"Total,,,100,,", ",Total value,,100,,", ",,,100,,", ",,TOTAL,100,,", "Grand Total:,,,£100.00,,", "Total of all contracts,,,100,,", "1,Total,,,,\nTotal,,,100,,"} {
		_, s, _ := table(t, head+row+"\n")
		if got := sum(s.PencePublished); got != 10000 || sum(s.PenceContracts) != 10000 {
			t.Errorf("%s: %+v", row, s)
		}
	}
}

// BenchmarkRows reads a register of 100,000 contracts.
func BenchmarkRows(b *testing.B) {
	var file strings.Builder
	file.WriteString("Contract Reference,Contract Title,Supplier,Contract Value,Start Date,End Date,Contract Manager\n")
	const rows = 100_000
	for i := range rows {
		fmt.Fprintf(&file, "C/%d,Invented service %d (sample),Invented supplier %d Ltd (sample),\"£%d.50\",01/04/2013,31/03/2014,Nobody Invented\n", i/3, i/3, i%5000, i)
	}
	text := []byte(file.String())
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		read(b, text, "register.csv")
	}
	b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func TestColumnsThatAPersonNames(t *testing.T) {
	file := []byte(council)
	f, err := Open(bytes.NewReader(file), int64(len(file)), "x.csv", 0)
	if err != nil {
		t.Fatal(err)
	}
	form := f.Sheets[0].Form()
	if missing := f.Sheets[0].Missing(); len(missing) != 0 {
		t.Errorf("%v are missing", missing)
	}
	f.Sheets[0].Say(Mapping{Reference: 0, Title: 2, End: 5, Department: 7})
	var titles []string
	if _, err := f.Read(context.Background(), func(n *notice.Notice) error { titles = append(titles, n.Title+n.Department); return nil }); err != nil || titles[0] != "Invented Radios Ltd (sample)" || form != f.Sheets[0].Form() || !slices.Equal(f.Sheets[0].Missing(), []Field{Supplier, Value, Start}) {
		t.Errorf("%v: %q", err, titles)
	}
}
