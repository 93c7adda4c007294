package sheet

import (
	"strings"
	"unicode"

	"github.com/police-ict/handover/store/text"
)

// The amounts a file may offer, best first.
const (
	netTier   = iota // net of VAT
	plainTier        // "Amount", "Spend"
	totalTier        // "Total": a sum per supplier, or net and VAT together
	grossTier        // VAT included
	tiers
)

// knownNames are headings met in published files, without spaces and marks,
// best first within a field.
var knownNames = [fields]string{
	Body:           "bodyname body organisationname publicbody publishingbody departmentalfamily departmentfamily organisation authority localauthority council customer client force policeforce organisationcode bodycode bodyuri organisationlabel bodylabel legalentity corporatebody",
	Spender:        "spender spentby entity commissionerorforce pccorforce spendingbody",
	DatePaid:       "paymentdate datepaid paiddate dateofpayment datepayment paydate paymentclearingdate clearingdate chequedate bacsdate invoicepaymentdate invoicepaiddate dateinvoicepaid paymentrundate paidon cleareddate datecleared date transactiondate dateoftransaction transdate postingdate postdate datepaidposted effectivedate accountingdate dateincurred expendituredate purchasedate paymentsdate gldate invoicegldate invoicedate dateofinvoice invdate documentdate taxdate formonth month paymentmonth monthpaid period updated",
	Supplier:       "suppliername supplier vendorname vendor payee payeename beneficiary beneficiaryname suppliernamebeneficiary merchant merchantname creditor creditorname recipient recipientname supplierfinal suppliertradingname contractor contractorname supplierbeneficiary paidto paymentto company companyname provider providername name vendorsname suppliersname nameofsupplier nameofrecipient supplierpayee supplieridt tradingname counterparty thirdparty thirdpartyname",
	SupplierNumber: "supplierid suppliernumber supplierno suppliercode supplierref supplierreference vendorid vendornumber vendorno vendorcode creditorno creditornumber creditorid supplieruri vendoraccount supplieraccount",
	CompanyNumber:  "companynumber companyno companyregistrationnumber companyregno companieshousenumber companyreg registeredcompanynumber companyregistrationno suppliercompanynumber crn",
	Purpose:        "purpose description purposeofexpenditure purposeofspend expendituredescription itemdescription narrative summaryofpurpose summaryofthepurposeoftheexpenditure productservicedescription linedescription invoicedescription transactiondescription details detail detailsofexpenditure narrativepurpose descriptionofexpenditure goodsorservices invoicelinedescription serviceprovided whatwasbought whatthemoneywasspenton reasonforexpenditure reasonforspend reasonforpayment detailsofspend detailsofgoodsorservices",
	Reason:         "reason valueformoney reasonforvalueformoney vfm vfmreason reasonwhygoodvalueformoney valueformoneyreason reasonsforvalueformoney vfmstatement valueformoneystatement howvalueformoneywasachieved reasonswhygoodvalueformoneywouldbeobtained vfmjustification",
	Category:       "expenditurecategory category expensetype merchantcategory procurementcategory categoryfamily procurementclassification typeofexpenditure expendituretype accountdetail spendcategory accountdescription subjective subjectivedescription subjectivename detailedexpendituretype nominaldescription proclasscategory spendtype glaccount accountname spendlevel expensedescription categorydescription cipfadetailedexpendituretype commodity expenditurecode accountcode nominal nominalcode proclass gldescription gldesc glcode generalledgerdescription ledgerdescription costelementdescription costelementname costelement subjectiveanalysis subjectivedesc subjdesc expenditureaccountcodedescription proclassdescription cipfa merchantcategorydescription",
	CostCentre:     "costcentre costcentrename costcentredescription servicecostcentre department directorate expensearea organisationalunit organisationunit servicearea departmentarea servicelabel service servicedivisionlabel servicedivision division costcenter businessunit strategicgroup team centrecode costcentrecode section responsibleunit costcentredesc dept deptname departmentname departmentdescription businessarea portfolio command ocu bocu unit",
	Transaction:    "transactionnumber transactionno transactionref transactionreference transactionid transno transref transid transaction paymentref paymentreference paymentnumber paymentno vouchernumber voucherno voucher documentnumber documentno docno documentref docref sapdocumentno invoicenumber invoiceno invoiceref invoicereference invno refno referenceno referencenumber reference ref hbcrefno ourref orderref internalreference uniqueref uniquereference uniqueid urn bacsref bacsreference chequeno chequenumber chequeref ponumber purchaseordernumber purchaseorderno pono orderno ordernumber",
	VAT:            "irrecoverablevat irrecoverablevatamount amountofirrecoverablevat vatirrecoverable nonrecoverablevat vatamount vat amountvat vatvalue vatpaid amountofvat vatamt vatnotrecoverable unrecoverablevat amountofvatnotrecoverable amountofvatthatcannotberecovered",
	Contract:       "contractreference contractref contractnumber contractno contractid contract contracttitle",
	Currency:       "currency currencycode invoicecurrency curr currcode currencytype",
}

var knownAmounts = [tiers]string{
	netTier:   "netamount nettamount netamountpaid netvalue nettvalue netofvat amountnetofvat amountnet amountnett net nett netspend netcost nettotal netinvoiceamount invoicenetamount invoicenettamount netlineamount linenetamount netpayment netexpenditure netinvoicevalue amountexvat amountexclvat amountexcvat amountexcludingvat amountexclusiveofvat amountlessvat exvat excvat exclvat valueexvat valueexclvat totalexvat totalexcvat totalexclvat totalexcludingvat netamountincirrecoverablevat netamountincludingirrecoverablevat costexvat totalnet spendexvat valueexcludingvat",
	plainTier: "amount amountpaid value spend payment paymentamount invoiceamount lineamount transactionamount paidamount amountspent expenditure cost charge invoicevalue amountgbp paymentvalue transactionvalue distributionamount invoicedistributionamount amountsterling apamount actual actuals pounds sterling spendamount amountinpounds gbp expenditureamount purchaseamount sumpaid paymentmade valuegbp amountofexpenditure amountofpayment amountinsterling amountpaidtosupplier expenditureover500 paymentsover500 spendover500 paid £",
	totalTier: "total totalamount totalinvoiceamount totalcharge totalspend totalpaid totalvalue totalcost totalinvoice invoicetotal totalpayment totalpayments totalgbp sum totalexpenditure amounttotal totalinvoicevalue",
	grossTier: "gross grossamount amountincvat amountinclvat amountincludingvat grossvalue totalincvat totalinclvat invoicegross grosstotal totalgross amountgross grosspayment grossspend grosscost valueincvat totalincludingvat grossinvoiceamount",
}

// guess is what a heading may mean; a smaller rank is a better name, and for
// amounts hundreds of the rank are the tier.
type guess struct {
	field Field
	rank  int
}

const (
	lastRank    = 60
	keywordRank = 70
)

type dictionary struct {
	exact map[string]guess
	long  []string         // names long enough to be recognised when misspelt
	known map[string]guess // headings read before; the rank of those that mean nothing is negative
}

func newDictionary() *dictionary {
	d := &dictionary{exact: map[string]guess{}, known: map[string]guess{}}
	for f, names := range knownNames {
		d.add(Field(f), 0, names)
	}
	for tier, names := range knownAmounts {
		d.add(Amount, 100*tier, names)
	}
	return d
}

func (d *dictionary) add(f Field, base int, names string) {
	for i, name := range strings.Fields(names) {
		d.exact[name] = guess{f, base + min(i, lastRank)}
		if len(name) >= 7 {
			d.long = append(d.long, name)
		}
	}
}

// read says what a heading means. One file's headings are read several times.
func (d *dictionary) read(heading string) (guess, bool) {
	if len(heading) > 120 {
		return guess{}, false
	}
	g, ok := d.known[heading]
	if !ok {
		if g, ok = d.mean(heading); !ok {
			g.rank = -1
		}
		d.known[heading] = g
	}
	return g, g.rank >= 0
}

func (d *dictionary) mean(heading string) (guess, bool) {
	words := letters(splitCamel(heading))
	name := strings.ReplaceAll(words, " ", "")
	if name == "" && strings.Contains(heading, "£") {
		name = "£"
	}
	for _, prefix := range []string{"", "sumof", "sum"} {
		if g, ok := d.exact[strings.TrimPrefix(name, prefix)]; ok && name != prefix {
			return g, true
		}
	}
	if g, ok := d.misspelt(name); ok {
		return g, true
	}
	return keyword(words)
}

// misspelt takes one wrong letter in a name of seven or more, two in one of ten.
func (d *dictionary) misspelt(name string) (guess, bool) {
	if len(name) < 6 || len(name) > 60 {
		return guess{}, false
	}
	best, at := 3, ""
	for _, known := range d.long {
		allowed := 1
		if len(known) >= 10 {
			allowed = 2
		}
		if n := text.Distance(name, known, allowed); n <= allowed && n < best {
			best, at = n, known
		}
	}
	g, ok := d.exact[at]
	g.rank++ // just below the name well spelt
	return g, ok
}

// keyword reads an unknown heading by its words.
func keyword(words string) (guess, bool) {
	has := func(list string) bool {
		for w := range strings.FieldsSeq(list) {
			if hasWord(words, w) {
				return true
			}
		}
		return false
	}
	number := has("number no id ref reference code num nr uri")
	money := has("amount amt value")
	switch {
	case words == "" || strings.Count(words, " ") > 8:
		return guess{}, false
	case has("irrecoverable unrecoverable recoverable recovered") && has("vat") && !has("net nett including incl inc ex excl exc excluding exclusive less"):
		return guess{VAT, keywordRank}, true
	case strings.Contains(words, "value for money"), strings.Contains(words, "best value"), has("vfm"):
		return guess{Reason, keywordRank}, true
	case has("company companies") && number:
		return guess{CompanyNumber, keywordRank}, true
	case has("supplier suppliers vendor vendors payee beneficiary creditor merchant recipient") && !money:
		if has("type postcode post address category classification town status group class sme vcse county country vat") {
			return guess{}, false
		}
		if number {
			return guess{SupplierNumber, keywordRank}, true
		}
		return guess{Supplier, keywordRank}, true
	case has("date"):
		return guess{DatePaid, keywordRank}, true
	case has("purpose narrative reason details") && !money, strings.HasSuffix(words, "spent on"):
		return guess{Purpose, keywordRank}, true
	case (money || has("spend net nett gross")) && !number && !has("type category description level threshold code"):
		return guess{Amount, amountTier(has) + keywordRank}, true
	case has("contract") && number:
		return guess{Contract, keywordRank}, true
	case number && has("transaction trans invoice payment document voucher order cheque"):
		return guess{Transaction, keywordRank}, true
	case has("category"):
		return guess{Category, keywordRank}, true
	case strings.Contains(words, "cost centre") && !number:
		return guess{CostCentre, keywordRank}, true
	case has("description"):
		return guess{Purpose, keywordRank}, true
	case has("department directorate division"):
		return guess{CostCentre, keywordRank}, true
	}
	return guess{}, false
}

func amountTier(has func(string) bool) int {
	switch {
	case has("net nett ex excl exc excluding exclusive"):
		return 100 * netTier
	case has("gross inc incl including inclusive vat"):
		return 100 * grossTier
	case has("total"):
		return 100 * totalTier
	}
	return 100 * plainTier
}

// splitCamel puts a space where a capital follows a small letter: NetAmount.
func splitCamel(s string) string {
	var b strings.Builder
	small := false
	for _, r := range s {
		if small && unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		small = unicode.IsLower(r)
		b.WriteRune(r)
	}
	return b.String()
}
