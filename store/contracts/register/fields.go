// Package register reads tables of contracts: registers of councils and forces,
// databases shared by a region, answers to requests for information, registers
// with a row for each amendment, and the table of notices of Contracts Finder.
//
// It knows nothing of databases or requests. Package book opens the file, of
// whatever format; Open finds the headings and says which column holds what, and
// File.Read brings the rows about one contract together. Columns that hold people
// are never read; what stands in them is counted.
package register

import (
	"strings"
	"unicode"

	"github.com/police-ict/handover/store/text"
)

// Field is what a column of a register may hold.
type Field string

// The fields.
const (
	Reference   Field = "reference"
	RowNumber   Field = "row"    // the publisher's number of the row, not of the contract
	Period      Field = "period" // for which the row was published; it orders amendments
	Title       Field = "title"
	Description Field = "description"
	Department  Field = "department"
	Buyer       Field = "buyer"
	Lead        Field = "lead"
	Supplier    Field = "supplier"
	Company     Field = "company_number"
	Value       Field = "value"
	Estimated   Field = "estimated"
	Yearly      Field = "yearly"
	Maximum     Field = "maximum"
	Share       Field = "share"
	Original    Field = "original"
	Change      Field = "change"
	TaxLost     Field = "vat"
	Currency    Field = "currency"
	Awarded     Field = "awarded"
	Signed      Field = "signed"
	Start       Field = "start"
	End         Field = "end"
	Latest      Field = "latest_end"
	Review      Field = "review"
	Term        Field = "term"
	Options     Field = "options"
	Status      Field = "status"
	Procedure   Field = "procedure"
	Category    Field = "category"
	CPV         Field = "cpv"
	Type        Field = "type"
	Framework   Field = "framework"
	Person      Field = "person" // a name: never read
	Contact     Field = "contact"
)

// Fields are all fields that a person may give a column, in the order in which they
// are shown.
func Fields() []Field {
	return []Field{Reference, Title, Description, Department, Buyer, Lead, Supplier, Company, Value, Estimated, Yearly, Maximum, Share, Original, Change, TaxLost, Currency,
		Awarded, Signed, Start, End, Latest, Review, Term, Options, Status, Procedure, Category, CPV, Type, Framework, Period, RowNumber}
}

// known are headings as letters and figures alone, the best name of a field first.
var known = map[Field]string{
	Reference:   "contractreference contractref contractreferencenumber contractrefno contractrefnumber contractid contractno contractnumber procurementid contractregisterreference contractregisterref contractregisterid agreementreference agreementref agreementnumber uniquereference uniquereferencenumber uniqueref uniqueid urn reference ref refno referenceno referencenumber refnumber firstreference procurementreference tenderreference tenderref projectreference projectref ourreference ourref idaward awardid uniquerefno contractregno noticeidentifier noticereference noticeid idnoticecan ocid id regno registerno",
	RowNumber:   "amendmentnumber amendmentno amendmentref variationnumber variationno variationref",
	Period:      "reportingperiod reportingquarter quarter period publicationperiod",
	Title:       "contracttitle titleofcontract titleofagreement agreementtitle title contractname nameofcontract nameofagreement agreementname contract purchasetitle projecttitle projectname contracttitleanddescription name subject subjectmatter",
	Description: "contractdescription description descriptionofgoodsandservices descriptionofthegoodsandorservices descriptionofgoodsandorservices descriptionofthegoodsorservices descriptionofgoodsorservices contractdetails descriptionen purpose scope summary details goodsservices serviceprovided servicesprovided",
	Department:  "department deptresponsible dept localauthoritydepartment departmentresponsible responsibledepartment directorate servicearea servicedepartment division businessarea directoratedepartment team unit service",
	Buyer:       "participatingauthority buyer buyername buyingorganisation contractingauthority contractingauthorityname contractingbody organisation organisationname organization organizationname authority authorityname publicbody body bodyname council force forcename policeforce ownerorg memberauthority memberauthorities participatingauthorities participatingbody customer purchasingbody purchaser caename",
	Lead:        "leadauthority leadorganisation leadbody leadforce leadbuyer leadcontractingauthority hostauthority leadcouncil",
	Supplier:    "suppliername supplier suppliers suppliernames nameofsupplier contractorname contractor contractors nameofcontractor vendorname vendor providername provider serviceprovider company companyname awardedto awardedsupplier successfulsupplier successfulbidder successfultenderer supplierscontractors supplierprovider suppliercontractor winningsupplier winname winnername winner",
	Company:     "companynumber companyno companyregistrationnumber companyregistrationno companiesousenumber companieshousenumber companieshouseno companyhousenumber suppliercompanynumber companyregno companyreg registeredcompanynumber supplierregistrationnumber companyregistration registrationnumber crn",
	Value:       "totalcontractvalue contractvalue valueofcontract totalvalue totalvalueofcontract contractvaluetotal currentcontractvalue currentvalue awardedvalue awardvalue contractsum sum sumtobepaid contractamount amount value totalspend spendtotal totalcost contractcost contractprice wholelifevalue lifetimevalue wholelifecost lifetimecontractvalue overallvalue contractvaluegbp valuegbp awardamount totalcontractamount totalestimatedvalue contractawardvalue awardvalueeuro valueeuro sumtobepaidoverthelengthofcontractorestannualspending",
	Estimated:   "estimatedvalue estimatedcontractvalue estimatedtotalvalue estimatedtotalcontractvalue estimatedvalueofcontract approximatevalue approxvalue indicativevalue estvalue",
	Yearly:      "annualvalue annualcontractvalue estimatedannualvalue annualspend annualestimatedvalue valueperannum valuepa annualcost annualamount estimatedannualspend annualcontractspend estimatedannualcost yearlyvalue estimatedannualcontractvalue annualpounds",
	Maximum:     "maximumvalue maximumcontractvalue frameworkvalue maximumframeworkvalue maxvalue valueincludingextensions totalvalueincludingextensions contractvalueincludingextensions",
	Share:       "authorityshare share shareofvalue authorityvalue valueforauthority participantshare memberspend forceshare",
	Original:    "originalvalue originalcontractvalue initialvalue initialcontractvalue",
	Change:      "amendmentvalue variationvalue valueofamendment valueofvariation changeinvalue amendmentamount",
	TaxLost:     "vatnotrecoverable irrecoverablevat vatnonrecoverable nonrecoverablevat amountofirrecoverablevat vatthatcannotberecovered amountofvatthatcannotberecovered valueofvatthatcannotberecovered vatirrecoverable vatunrecoverable",
	Currency:    "currency currencycode",
	Awarded:     "awarddate awardeddate dateawarded dateofaward contractawarddate dtaward",
	Signed:      "contractdate datesigned signeddate dateofcontract signaturedate dateofsignature",
	Start:       "contractstartdate startdate contractstart start contractstartingdate startingdate commencementdate contractcommencementdate contractcommencement datestart dateofcommencement commencement contractperiodstart periodstart startofcontract from validfrom contractfrom effectivedate currentstartdate",
	End:         "contractenddate enddate contractend end contractexpirydate expirydate contractexpiry expiry expirationdate contractexpirationdate endofcontract completiondate contractcompletiondate currentenddate currentexpirydate initialenddate dateend finishdate contractfinishdate deliverydate contractperiodend periodend to validto contractto terminationdate contractexpires expires",
	Latest:      "maximumexpiry maximumexpirydate maximumenddate maxenddate maxexpirydate latestenddate finalenddate finalexpirydate enddateincludingextensions enddateincludingextension expirydateincludingextensions enddatewithextensions extendedenddate enddateincextensions enddateinclextensions maxenddateincextensions potentialenddate extensionenddate extendedexpirydate maximumextendedenddate contractenddateincludingextensions possibleenddate",
	Review:      "reviewdate contractreviewdate datesreview dateofreview review nextreviewdate renewaldate contractrenewaldate",
	Term:        "contractduration duration contractterm term contractlength length contractperiod termofcontract initialterm lengthofcontract durationmonths contracttermmonths",
	Options:     "extensionreview contractextensions contractextension extensions extension extensionoptions optionstoextend optiontoextend extensionperiod optionperiod options extensionoption contractextensionoptions contractextensionoption extensionavailable extensionsavailable availableextensions extensionterm renewaloption renewaloptions extensionperiods optionalextension extensiondetails permittedextensions",
	Status:      "status contractstatus livestatus",
	Procedure:   "procedure tenderprocess procurementprocess procurementroute procurementmethod procurementprocedure tenderprocedure tenderorquotation processused routetomarket typeofprocurement procurementtype tenderingprocess contractawardprocess awardprocedure solicitationprocedure ojeuproceduretype tenderedorquotation procuredby procurementprocessused",
	Category:    "category procurementcategory categoryname categoryofspend spendcategory classification commodity commoditytype",
	CPV:         "cpv cpvcode cpvcodes cpvcodesproclass cpvproclass commoditycode",
	Type:        "contracttype typeofcontract agreementtype instrumenttype noticetype typeofagreement natureofcontract",
	Framework:   "framework frameworkreference frameworkname frameworkref frameworkagreement parentreference standingoffernumber frameworknumber nameofframework frameworkused",
	Person:      "contact contactname contractmanager contractowner contractlead contractofficer contactofficer responsibleofficer leadofficer procurementlead procurementofficer buyercontact contractcontact namedofficer keycontact officer manager councilcontact authoritycontact clientofficer responsibleperson budgetholder contactperson suppliercontact suppliercontactname supplierscontactname contractadministrator owner leadcontact departmentcontact contractmanagername purchasingofficer categorymanager accountmanager contactdetails",
	Contact:     "email emailaddress contactemail telephone telephonenumber phone phonenumber contacttelephone contactphone mobile contactnumber fax contactemailaddress supplieremail supplieremailaddress suppliertelephone tel telno",
}

// guess is what a heading may mean; a smaller rank is a better name.
type guess struct {
	field Field
	rank  int
}

// dictionary knows headings.
type dictionary map[string]guess

func newDictionary() dictionary {
	d := dictionary{}
	for field, names := range known {
		for i, name := range strings.Fields(names) {
			if had, found := d[name]; !found || had.rank > i {
				d[name] = guess{field, i}
			}
		}
	}
	return d
}

// read says what a heading means, by its name, else by its words.
func (d dictionary) read(heading string) (guess, bool) {
	if len(heading) == 0 || len(heading) > 150 {
		return guess{}, false
	}
	short, _, _ := strings.Cut(heading, "(")
	for i, s := range []string{heading, short} {
		name := text.Letters(strings.NewReplacer("£", "", "&", "and").Replace(s))
		if g, ok := d[name]; ok {
			g.rank += i
			return g, true
		}
	}
	words := " " + strings.Join(strings.FieldsFunc(text.Fold(heading), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ") + " "
	field := byWords(func(list string) bool {
		for w := range strings.FieldsSeq(list) {
			if strings.Contains(words, " "+w+" ") {
				return true
			}
		}
		return false
	})
	return guess{field, 100}, field != "" && strings.Count(words, " ") <= 14
}

// byWords reads an unknown heading.
func byWords(has func(string) bool) Field {
	number := has("number no ref reference id")
	money := has("value amount cost spend sum price")
	date := has("date day")
	switch {
	case has("email mail telephone phone mobile fax"):
		return Contact
	case has("contact officer manager") && !money && !date && !has("department"):
		return Person
	case has("vat") && has("recovered recoverable irrecoverable unrecoverable"):
		return TaxLost
	case money && byMoney(has, number) != "":
		return byMoney(has, number)
	case has("extension extensions extend extended maximum max final latest") && has("end expiry expires maximum max") && date:
		return Latest
	case has("extension extensions extend option options renewal"):
		return Options
	case has("review") && !money:
		return Review
	case has("start commencement commences commence begins") && !money:
		return Start
	case has("end expiry expires expiration completion finish") && !money && !has("vendor"):
		return End
	case date && has("award awarded"):
		return Awarded
	case has("company companies") && number:
		return Company
	case has("supplier suppliers contractor contractors vendor provider") && !money && !number && !date && !has("sme vcse vcs address postcode type charity voluntary status size local category town"):
		return Supplier
	case has("reference ref") && has("contract agreement procurement"):
		return Reference
	case has("contract") && number:
		return Reference
	case has("title"):
		return Title
	case has("cpv"):
		return CPV
	case has("description"):
		return Description
	case has("duration term length") && has("contract"):
		return Term
	case has("department directorate"):
		return Department
	case has("tender quotation procurement") && has("process route procedure method type"):
		return Procedure
	}
	return ""
}

// byMoney reads a heading that names an amount.
func byMoney(has func(string) bool, number bool) Field {
	switch {
	case has("sum") && has("paid") && has("length term"):
		return Value
	case has("annual annum yearly pa year"):
		return Yearly
	case has("maximum max including inc") && has("extension extensions framework maximum max options"):
		return Maximum
	case has("amendment variation change"):
		return Change
	case has("original initial"):
		return Original
	case has("estimated estimate approx approximate indicative"):
		return Estimated
	case has("share"):
		return Share
	case !number && has("contract total award awarded lifetime life overall"):
		return Value
	}
	return ""
}

// isRegister says that headings are those of contracts: they name a contract, say
// who supplies it or what it is worth, and how long it lasts. A table that never
// says contract must hold four of these.
func isRegister(m Mapping, cells []string) bool {
	has := func(all ...Field) int {
		for _, f := range all {
			if _, ok := m[f]; ok {
				return 1
			}
		}
		return 0
	}
	worth, lasts := has(Value, Estimated, Yearly, Maximum), has(Start, End, Latest)
	switch {
	case lasts == 0 && worth == 1 && has(Term) == 1:
		lasts = 1
	case lasts == 0 && worth*has(Reference)*has(Title)*has(Supplier) == 1:
		lasts = has(Awarded) // a list of awards, which says no more of their terms
	}
	if lasts == 0 || has(Reference, Title, Description) == 0 || has(Supplier, Title) == 0 || worth+has(Supplier) == 0 {
		return false
	}
	evidence := has(Reference) + has(Title, Description) + has(Supplier) + worth + has(Start) + has(End, Latest, Term)
	for _, c := range cells {
		c = strings.ToLower(c)
		if strings.Contains(c, "contract") || strings.Contains(c, "agreement") || strings.Contains(c, "procure") || strings.Contains(c, "tender") {
			evidence++
			break
		}
	}
	return evidence >= 4
}
