package sheet

import (
	"fmt"
	"strings"
	"testing"
)

// inventedCell is what stands in a column of the given kind on line i.
func inventedCell(kind string, i int) string {
	net := 51_000 + 7_919*i
	vat := net / 5
	pounds := func(pence int) string { return fmt.Sprintf("%d.%02d", pence/100, pence%100) }
	pick := func(list ...string) string { return list[i%len(list)] }
	switch kind {
	case "net":
		return pounds(net)
	case "vat":
		return pounds(vat)
	case "gross":
		return pounds(net + vat)
	case "zero":
		return "0.00"
	case "other":
		return pounds(net*3 + 17)
	case "inv":
		return fmt.Sprint("I", 500+i/3)
	case "invtotal": // of the three lines of the invoice
		sum := 0
		for j := i / 3 * 3; j < i/3*3+3; j++ {
			sum += 51_000 + 7_919*j
		}
		return pounds(sum)
	case "date":
		return fmt.Sprintf("%02d/06/2012", i%28+1)
	case "later":
		return fmt.Sprintf("%02d/07/2012", i%28+1)
	case "month":
		return "Jun-12"
	case "period":
		return "2012/03"
	case "year":
		return "2012/13"
	case "firm":
		return pick("Heron Widgets Ltd", "Egret Systems Ltd", "Bittern plc", "Crane & Sons", "Redacted", "Avocet Solutions Ltd", "Dunlin LLP")
	case "body":
		return "Marsh Police"
	case "who":
		return pick("Commissioner", "Chief Constable")
	case "place":
		return pick("Information Services", "Estates", "Operations North")
	case "words":
		return pick("Servers for the control room", "Software licences", "Radio masts, rented", "Repair of boilers")
	case "type":
		return pick("Computer Hardware", "Computer Software", "Premises")
	case "why":
		return pick("Cheapest of three quotes", "Framework contract", "Only supplier")
	case "int":
		return fmt.Sprint(460_001 + 37*i)
	case "code":
		return fmt.Sprintf("T%05d", 100+i)
	case "small":
		return fmt.Sprint(100 + i%7)
	case "company":
		return fmt.Sprintf("0%07d", 1_234_567+i%7)
	case "postcode":
		return pick("MA1 2SH", "MA3 4RS")
	case "sme":
		return pick("SME", "Large")
	case "rev":
		return pick("Revenue", "Capital")
	case "GBP":
		return "GBP"
	case "INV":
		return pick("INV", "INV", "CRN")
	case "vatno":
		return fmt.Sprintf("GB%09d", 123_456_789+i%7)
	case "blank":
		return ""
	}
	panic("no cell of the kind " + kind)
}

// inventedTable makes a table of headings written as "Heading:kind" or
// "Heading:kind:field", and the columns that the fields should have.
func inventedTable(columns string, lines int) (data string, want Mapping) {
	want = Mapping{}
	var heads, kinds []string
	for i, column := range strings.Split(columns, "|") {
		parts := strings.Split(column, ":")
		heads, kinds = append(heads, parts[0]), append(kinds, parts[1])
		if len(parts) > 2 {
			var f Field
			if err := f.UnmarshalText([]byte(parts[2])); err != nil {
				panic(err)
			}
			want[f] = i
		}
	}
	var b strings.Builder
	b.WriteString(`"` + strings.Join(heads, `","`) + "\"\n")
	for i := range lines {
		for j, kind := range kinds {
			if j > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + inventedCell(kind, i) + `"`)
		}
		b.WriteByte('\n')
	}
	return b.String(), want
}

var headings = map[string]string{
	"central government":        "Departmental Family:body:body|Entity:place:spender|Date:date:date|Expense Type:type:category|Expense Area:place:cost_centre|Supplier:firm:supplier|Transaction number:int:transaction|Amount:net:amount",
	"central, more":             "Department family:body:body|Entity:place:spender|Date of payment:date:date|Expense type:type:category|Expense area:place:cost_centre|Supplier:firm:supplier|Transaction number:int:transaction|Amount £:net:amount|Description:words:purpose|Supplier Postcode:postcode|Supplier Type:sme|Contract Number:code:contract|Project Code:code|Expenditure type:rev",
	"central, pound lost":       "Department family:body:body|Entity:place:spender|Date:date:date|Expense type:type:category|Expense area:place:cost_centre|Supplier:firm:supplier|Transaction No.:int:transaction|Amount (\uFFFD):net:amount|VAT registration number:vatno",
	"central, sum":              "DEPARTMENT FAMILY:body:body|ENTITY:place:spender|DATE:date:date|EXPENSE TYPE:type:category|EXPENSE AREA:place:cost_centre|SUPPLIER:firm:supplier|TRANSACTION NUMBER:int:transaction|SUM OF INVOICE DISTRIBUTION AMOUNT:net:amount",
	"transparency code":         "Body Name:body:body|Body:body|Service Code:small|Service Area:place:cost_centre|Division:place|Date:date:date|Transaction Number:int:transaction|Amount:net:amount|Revenue/Capital:rev|Supplier Name:firm:supplier|Supplier ID:small:supplier_number|Expenses Type:type:category|Expenses Code:small|Narrative:words:purpose",
	"transparency code, linked": "Organisation Label:body:body|Organisation URI:code|Organisational Unit:place:cost_centre|Beneficiary Name:firm:supplier|Payment Date:date:date|Amount:net:amount|Amount of irrecoverable VAT:zero:vat|Purpose of spend:words:purpose|Procurement classification:type:category|Merchant Category:blank",
	"commissioner":              "Body name:body:body|Supplier name:firm:supplier|Date paid:date:date|Net amount:net:amount|Irrecoverable VAT:zero:vat|Purpose of expenditure:words:purpose|Reason why good value for money:why:reason",
	"commissioner, in words":    "PCC or Force:who:spender|Recipient:firm:supplier|Date of payment:date:date|Amount (£):net:amount|What the money was spent on:words:purpose|Why we think this is value for money:why:reason",
	"commissioner, VFM":         "Spending body:who:spender|Payee:firm:supplier|Payment date:date:date|Payment Amount:net:amount|Description of goods/services:words:purpose|VFM statement:why:reason|Company number:company:company_number",
	"force, voucher":            "URI:int|Company Name:body:body|Transaction Date:date:date|Voucher Number:int:transaction|Invoice Number:code|Amount:net:amount|Supplier:firm:supplier|G/L Description:type:category|G/L Code:small|Cost Centre:place:cost_centre|INV/CRN:INV",
	"capital city":              "Vendor ID:small:supplier_number|Vendor Name:firm:supplier|Cost Element:small|Expenditure Account Code Description:type:category|SAP Document No:int:transaction|Amount £:net:amount|Clearing Date:date:date|Directorate:place:cost_centre",
	"force, creditor":           "Creditor Name:firm:supplier|Creditor No:small:supplier_number|Invoice Ref:code:transaction|Invoice Date:date|Payment Date:later:date|Line Value:net:amount|Subjective Description:type:category|Cost Centre Description:place:cost_centre",
	"purchase cards":            "Transaction Date:date:date|Merchant Name:firm:supplier|Merchant Category:type:category|Department:place:cost_centre|Transaction Amount:net:amount|Purpose:words:purpose",
	"purchase cards, more":      "Cardholder Department:place:cost_centre|Posting Date:later|Transaction Date:date:date|Merchant:firm:supplier|Merchant Category Description:type:category|Net:net:amount|VAT:vat:vat|Gross:gross|Details of purchase:words:purpose",
	"gross, VAT, net":           "Supplier:firm:supplier|Invoice Date:date:date|Gross Amount:gross|VAT Amount:vat:vat|Net Amount:net:amount|Description:words:purpose",
	"gross first, no VAT":       "Supplier:firm:supplier|Payment Date:date:date|Amount inc VAT:gross|Amount exc VAT:net:amount|Service:place:cost_centre",
	"excluding VAT":             "Vendor:firm:supplier|Date:date:date|Amount excl. VAT (£):net:amount|Amount incl. VAT (£):gross|Directorate:place:cost_centre",
	"excluding VAT, in words":   "Supplier Name:firm:supplier|Pay Date:date:date|Total (excluding VAT):net:amount|VAT (£):vat:vat|Department:place:cost_centre",
	"invoice amount":            "Supplier Name:firm:supplier|Invoice Payment Date:date:date|Invoice amount:net:amount|Cost centre description:place:cost_centre|Account description:type:category",
	"sum of amount":             "Payee Name:firm:supplier|Date:date:date|Sum of Amount:net:amount|Directorate:place:cost_centre|Contract Ref:code:contract",
	"total":                     "Beneficiary:firm:supplier|Date:date:date|Total:net:amount|Purpose:words:purpose",
	"value":                     "Merchant:firm:supplier|Date:date:date|Value (£):net:amount|Category:type:category|Currency:GBP:currency",
	"company number":            "Supplier:firm:supplier|Companies House Number:company:company_number|Supplier Number:small:supplier_number|Paid Date:date:date|Value (GBP):net:amount|Currency Code:GBP:currency",
	"company registration":      "Force:body:body|Supplier / Payee name:firm:supplier|Company Registration No.:company:company_number|Date Paid:date:date|Spend (£):net:amount|Reason for value for money:why:reason|Good or service:words:purpose",
	"financial year and month":  "Financial Year:year|Month:month|Supplier Name:firm:supplier|Payment Date:date:date|Document Number:int:transaction|Net Value:net:amount|Nominal Description:type:category|Business Unit:place:cost_centre",
	"only a month":              "Period:month:date|Supplier:firm:supplier|Net Total:net:amount|Nominal:type:category",
	"line and invoice totals":   "Supplier:firm:supplier|Date:date:date|Line Amount:net:amount|Total Invoice Amount:other|Cost Centre:place:cost_centre",
	"gross only":                "Supplier:firm:supplier|Date:date:date|Gross Amount (£):gross:amount|Description:words:purpose",
	"irrecoverable in the net":  "Body:body:body|Supplier:firm:supplier|Date:date:date|Net Amount inc. irrecoverable VAT:net:amount|Irrecoverable VAT:zero:vat|Service Label:place:cost_centre",
	"voucher and cheque":        "Payee Name:firm:supplier|Cheque Date:date:date|Cheque No:int:transaction|Amount Paid:net:amount|Detail:words:purpose|Committee:place",
	"codes beside names":        "Directorate Code:small|Directorate:place:cost_centre|Expenditure Category Code:small|Expenditure Category:type:category|Supplier Code:small:supplier_number|Supplier Name:firm:supplier|Paid Date:date:date|Payment Number:int:transaction|Payment Value:net:amount",
	"lines and their invoice":   "Supplier:firm:supplier|Date:date:date|Invoice No:inv:transaction|Amount:net:amount|Invoice Total:invtotal|Cost Centre:place:cost_centre",
	"amount paid to":            "Date Invoice Paid:date:date|Amount paid to supplier (£):net:amount|Supplier's Name:firm:supplier|Reason for expenditure:words:purpose|How was value for money achieved?:why:reason",
	"amount of VAT":             "Paid On:date:date|Third Party:firm:supplier|Net of VAT:net:amount|Amount of VAT:vat:vat|Dept.:place:cost_centre|Subjective Analysis:type:category",
	"purchase orders":           "PO Number:code:transaction|Payment Date:date:date|Vendor Name:firm:supplier|Order Value:net:amount|Item Description:words:purpose|Contract Title:words:contract",
}

func TestHeadingsOfOtherPublishersAreReadBeyondDoubt(t *testing.T) {
	for name, columns := range headings {
		t.Run(name, func(t *testing.T) {
			data, want := inventedTable(columns, 40)
			f := recognise(t, data)
			s := f.Sheets[0]
			for _, field := range Fields() {
				got := s.column(field)
				if w, ok := want[field]; !ok && got >= 0 || ok && got != w {
					t.Errorf("%s is column %d of %q", field, got, s.Header)
				}
			}
			if !s.Sure || s.HeaderRecord != 1 {
				t.Errorf("in doubt: %q", s.Doubts)
			}
			pence := int64(0)
			for i := range 40 {
				kind := strings.Split(strings.Split(columns, "|")[want[Amount]], ":")[1]
				p, _, _ := ParseAmount(inventedCell(kind, i))
				pence += p
			}
			if sum := taking(t, f).sum; sum.Lines != 40 || sum.Pence != pence {
				t.Errorf("%d lines of %s, want %s", sum.Lines, pounds2(sum.Pence), pounds2(pence))
			}
		})
	}
}

func TestDebitsAndCreditsAreOneAmount(t *testing.T) {
	head := "Supplier,Date,Debit,Credit\n"
	rows := strings.Repeat("Heron Ltd,01/06/2012,10.00,\n", 5)
	f := recognise(t, head+rows+"Heron Ltd,02/06/2012,,2.50\nHeron Ltd,02/06/2012,3.00,1.00\nHeron Ltd,02/06/2012,,\n")
	if sum := taking(t, f).sum; sum.Pence != 5000-250+200 || sum.Lines != 7 || sum.Rejected != 1 || sum.Negative != 1 || !f.Sure() {
		t.Errorf("%d lines of %d, %v, %q", sum.Lines, sum.Pence, sum.Rejections, f.Sheets[0].Doubts)
	}
	if f := recognise(t, head+rows+"Heron Ltd,02/06/2012,,-2.50\n"); f.Sure() {
		t.Error("credits below zero are not asked about")
	}
}

func TestPeriodsThatMayCountFromAprilAreAskedAbout(t *testing.T) {
	rows := strings.Repeat("Heron Ltd,2012/03,10.00\n", 5)
	if f := recognise(t, "Supplier,Period,Amount\n"+rows); f.Sure() {
		t.Errorf("period 2012/03 is taken for March: %v", f.Sheets[0].Mapping)
	}
	if f := recognise(t, "Supplier,Month,Amount\n"+rows); !f.Sure() {
		t.Errorf("month 2012/03 is in doubt: %q", f.Sheets[0].Doubts)
	}
}
