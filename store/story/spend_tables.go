package story

import (
	"golang.org/x/text/encoding/charmap"
)

// The layouts that are named: the others are dealt to the bodies in turn.
const (
	dealtLayouts       = 10
	layoutChanging     = 10
	layoutUndated      = 11
	layoutHeadingsLast = 12
	slippedBody        = "leicestershire" // whose first file states a penny more than it holds
)

var sampleLayouts = [...]sampleLayout{
	0: {marked: true, delimiter: ',', end: "\r\n", days: "dd/mm/yyyy", amounts: "plain", headings: []string{
		"body=Body Name|day=Payment Date|no=Transaction Number|to=Supplier Name|for=Purpose|why=Reason for Value for Money|kind=Expenditure Category|unit=Cost Centre|sum=Net Amount"}},
	1: {encoding: charmap.Windows1252, delimiter: ',', end: "\r\n", days: "dd/mm/yyyy", amounts: "pounds", total: "Grand Total",
		titles: []string{"FORCE", "Payments over £500", "Invented for the demonstration"}, headings: []string{
			"to=Supplier|day=Date Paid|for=Description|why=Value for Money Reason|kind=Category|unit=Department|no=Reference|sum=Amount (£)"}},
	2: {delimiter: ',', end: "\n", days: "yyyy-mm-dd", amounts: "plain", blanks: 12, headings: []string{
		"by=Spent By|day=Date|to=Supplier|for=Purpose of Expenditure|why=Reason why good value for money|kind=Expense Type|unit=Directorate|no=Transaction No|sum=Net Amount (£)"}},
	3: {encoding: charmap.CodePage850, delimiter: ',', end: "\r\n", days: "d/m/yy", amounts: "pounds", headings: []string{
		"unit=Organisatonal Unit||kind=Expenditure Catergory||day=Payment Date|no=Transaction Number||to=Supplier Name|for=Narrative|why=VFM Reason||sum=Net Amount"}},
	4: {encoding: charmap.Macintosh, delimiter: ',', end: "\r", days: "dd-Mon-yy", amounts: "grouped", titles: []string{"The force’s payments – invented for the demonstration"}, headings: []string{
		"to=Supplier Name|for=Description|why=Reason (value for money)|unit=Service Area|kind=Category|no=Invoice Number|day=Date Paid|sum=Amount"}},
	5: {encoding: charmap.Windows1252, delimiter: ';', end: "\r\n", days: "dd Mon yyyy", amounts: "brackets", total: "Total", titles: []string{"FORCE: spend over £500"}, headings: []string{
		"no=Document Number|day=Posting Date|to=Vendor Name|for=Purpose|why=Value for Money|kind=Subjective|unit=Cost Centre|sum=Net Value"}},
	6: {delimiter: '\t', end: "\n", days: "midnight", amounts: "trailing", headings: []string{
		"body=Public Body|by=Spender|to=Supplier|no=Transaction Ref|day=Transaction Date|for=Item Description|why=Value for Money Statement|kind=Account Description|unit=Cost Centre Name|sum=Net"}},
	7: {delimiter: ',', end: "\r", headingEnd: "\r\n", days: "two kinds", amounts: "plain", headings: []string{
		"body=Organisation Name|unit=Department|to=Beneficiary|for=Summary of Purpose|why=Reasons for value for money|day=Date of Payment|no=Transaction Number|sum=Amount|kind=Procurement Category"}},
	8: {encoding: charmap.Windows1252, delimiter: '|', end: "\r\n", days: "dd/mm/yyyy", amounts: "pounds", total: "Grand Total", headings: []string{
		"day=Date Paid|to=Supplier Name|for=Purpose|why=VFM Reason|kind=Category|unit=Cost Centre|contract=Contract Ref|no=Transaction Number|sum=Net Amount|vat=Irrecoverable VAT"}},
	9: {marked: true, delimiter: ',', end: "\r\n", days: "dd/mm/yyyy", amounts: "grouped", blanks: 40, headings: []string{
		"body=+|to= Supplier Name |for= Description |why= Reason for Value for Money |kind= Expenditure Category |unit= Service Area |day= Payment Date |no= Transaction Number |sum= NetAmount "}},
	layoutChanging: {encoding: charmap.Windows1252, delimiter: ',', end: "\r\n", days: "dd/mm/yyyy", amounts: "pounds", total: "Grand Total", titles: []string{"FORCE", "Expenditure over £500 (invented for the demonstration)"}, headings: []string{
		"day=Date Paid|to=Supplier|for=Purpose|why=Reason why good value for money|kind=Category|unit=Cost Centre|no=Transaction Number|sum=Net Amount|by=Spent By",
		"by=Spent By|to=Supplier Name|no=Transaction No|day=Payment Date|sum=Amount (£)||for=Description|kind=Expenditure Category|unit=Department|why=Value for Money"}},
	layoutUndated: {delimiter: ',', end: "\r\n", amounts: "grouped", total: "Grand Total", headings: []string{
		"no=Transaction Number|to=Supplier Name|for=Purpose|why=Value for Money Reason|kind=Category|unit=Cost Centre|sum=Net Amount"}},
	layoutHeadingsLast: {delimiter: ',', end: "\r\n", days: "dd/mm/yyyy", amounts: "plain", headingsLast: true, headings: []string{
		"body=Body Name|day=Payment Date|to=Supplier Name|for=Purpose|why=Reason for Value for Money|kind=Expenditure Category|unit=Cost Centre|no=Transaction Number|sum=Net Amount"}},
}

// bookHeadings are the headings of the worksheets of even and of odd months.
var bookHeadings = [2]string{
	"to=Supplier|day=Date|for=Purpose|why=Value for Money Reason|kind=Category|unit=Cost Centre|no=Transaction Number|sum=Net Amount",
	"day=Payment Date|to=Supplier Name||for=Description|why=VFM Reason|kind=Expenditure Category|unit=Department|no=Transaction Ref|sum=Amount (£)",
}

// One supplier changes its name on a day.
const (
	renamedFrom = "Marrowby Casework Systems Ltd"
	renamedTo   = "Marrowby Digital Justice Ltd"
	renamedOn   = 20120702
)

// A sampleTrade is a kind of supplier.
type sampleTrade struct {
	name  string
	names []string
	first int // index of its first name among all
}

const (
	hostingTrade = "hosting"
	privateTrade = "private" // people, whose names are withheld
)

// sampleTrades and sampleNames are the invented suppliers. “(sample)” is put
// after each name where it is written.
var sampleTrades, sampleNames = numberTrades([]sampleTrade{
	{name: hostingTrade, names: []string{"Alder Vale Hosting Ltd", "Copperstile Data Centres Ltd", "Marlpit Fold Hosting Ltd"}},
	{name: "software", names: []string{"Brightmere Software Ltd", "Thistlegate Software Ltd", renamedFrom, "Quillbeck Applications Ltd", "Oxlip Ridge Software Ltd"}},
	{name: "networks", names: []string{"Fernhall Networks Ltd", "Hollowbeck Telecom Ltd", "Wintersedge Networks Ltd"}},
	{name: "radio", names: []string{"Skylark Fell Radio Ltd", "Farbeacon Radio Services Ltd"}},
	{name: "hardware", names: []string{"Pebbleford Computers Ltd", "Rookhurst Fold Hardware Ltd", "Tamarisk Lane Computing Ltd", "Duskwater Devices Ltd"}},
	{name: "mobile", names: []string{"Gorsefell Mobile Data Ltd", "Plover Rise Mobile Ltd"}},
	{name: "it people", names: []string{"Hazelmarch IT Consulting LLP", "Stonecrop Fold Analysts Ltd", "Briarcombe IT Contractors Ltd"}},
	{name: "digital forensics", names: []string{"Mothwing Digital Forensics Ltd", "Greycombe Device Examination Ltd"}},
	{name: "cameras", names: []string{"Harebell Camera Systems Ltd", "Foxholt Lane Imaging Ltd"}},
	{name: "fuel", names: []string{"Emberline Fuels Ltd", "Tarnfold Fuel Cards Ltd"}},
	{name: "vehicles", names: []string{"Wheelfold Motors Ltd", "Cloverbeck Vehicle Leasing Ltd", "Saddlecombe Repairs Ltd", "Towfold Recovery Ltd"}},
	{name: "uniforms", names: []string{"Bluethorn Uniforms Ltd", "Kittiwake Fold Workwear Ltd", "Buttonmere Tailoring Ltd"}},
	{name: "legal", names: []string{"Pennyroyal Fold LLP", "Dunnock Lane Solicitors LLP"}},
	{name: "medical", names: []string{"Willowherb Custody Healthcare Ltd", "Sorrelbeck Medical Services Ltd"}},
	{name: "laboratories", names: []string{"Fernleaf Fold Laboratories Ltd", "Amberwing Forensic Science Ltd"}},
	{name: "buildings", names: []string{"Sandmarten Cleaning Ltd", "Bramblefold Builders Ltd", "Limecombe Maintenance Ltd", "Stonechat Rise Surveyors LLP"}},
	{name: "utilities", names: []string{"Rushlight Fold Energy Ltd", "Millbeck Rise Water Ltd"}},
	{name: "staff", names: []string{"Saltwren Staffing Ltd", "Peatfold Recruitment Ltd"}},
	{name: "training", names: []string{"Candlewick Rise Training Ltd", "Stoatfold Learning Ltd"}},
	{name: "interpreters", names: []string{"Babblecombe Interpreting Ltd"}},
	{name: "insurance", names: []string{"Harbourfold Insurance Brokers Ltd"}},
	{name: "animals", names: []string{"Snowberry Rise Veterinary Ltd", "Barkfold Kennels Ltd"}},
	{name: "print", names: []string{"Inkcap Rise Print Ltd"}},
	{name: "furniture", names: []string{"Settlefold Furniture Ltd"}},
	{name: "catering", names: []string{"Applefold Catering Ltd"}},
	{name: "general", names: []string{"Cobnut Rise Equipment Ltd", "Teaselbeck Advisers LLP", "Ninefold Lane Supplies Ltd"}},
	{name: privateTrade, names: []string{""}},
})

func numberTrades(trades []sampleTrade) (numbered []sampleTrade, names []string) {
	for _, t := range trades {
		t.first = len(names)
		numbered, names = append(numbered, t), append(names, t.names...)
	}
	return numbered, names
}

// A sampleGood is a kind of thing that bodies pay for.
type sampleGood struct {
	trade      string
	it         bool
	often      int     // how often it is bought beside the others; 0 is once a month at a fixed price
	size       float64 // of a payment beside the others
	categories [2]string
	centres    [2]string
	purposes   []string
}

const hostingGood = 0

// sampleGoods are the goods; the first is the hosting contract.
var sampleGoods = []sampleGood{
	{hostingTrade, true, 0, 8, [2]string{"ICT managed services", "Outsourced IT services"}, [2]string{"Information Services", "ICT Department"}, []string{"Managed hosting and data centre service, monthly charge"}},
	{"radio", true, 0, 7, [2]string{"Airwave", "Communications – radio"}, [2]string{"Information Services", "Communications"}, []string{"Airwave charges, monthly core service"}},
	{"networks", true, 0, 4, [2]string{"Data networks", "Communications – data"}, [2]string{"Information Services", "ICT Department"}, []string{"Wide area network, monthly charge"}},
	{"software", true, 0, 5, [2]string{"Computer software", "Software licences and maintenance"}, [2]string{"Information Services", "ICT Department"}, []string{"Crime recording system, monthly support"}},
	{"medical", false, 0, 5, [2]string{"Custody medical services", "Police surgeons and medical"}, [2]string{"Custody", "Criminal Justice"}, []string{"Custody medical services, monthly charge"}},
	{"utilities", false, 0, 3, [2]string{"Energy", "Gas and electricity"}, [2]string{"Estates", "Property Services"}, []string{"Electricity, all sites"}},

	{hostingTrade, true, 3, 1, [2]string{"ICT managed services", "Outsourced IT services"}, [2]string{"Information Services", "ICT Department"}, []string{"Web hosting", "Disaster recovery test", "Additional server hosting", "Tape storage off site"}},
	{"software", true, 16, 1.6, [2]string{"Computer software", "Software licences and maintenance"}, [2]string{"Information Services", "Crime Management"},
		[]string{"Crime recording licences", "Command and control system", "Intelligence database licences", "Case management system", "Property management system", "Duty management software", "Payroll and personnel system", "Major incident system support"}},
	{"networks", true, 7, 1.2, [2]string{"Data networks", "Communications – data"}, [2]string{"Information Services", "Communications"}, []string{"Wide area network circuits", "Network switches and routers", "Firewall support", "Criminal justice secure link", "Fixed telephone lines"}},
	{"radio", true, 5, 1, [2]string{"Airwave", "Communications – radio"}, [2]string{"Communications", "Operational Support"}, []string{"Airwave menu services", "Airwave handsets", "Vehicle radio fitting", "Control room radio equipment"}},
	{"hardware", true, 14, 0.9, [2]string{"Computer hardware", "IT equipment"}, [2]string{"Information Services", "ICT Department"}, []string{"Desktop computers", "Laptops", "Servers and storage", "Printers and toner", "Monitors", "Computer consumables", "Custody suite terminals"}},
	{"mobile", true, 6, 1, [2]string{"Mobile data", "Communications – mobile"}, [2]string{"Information Services", "Neighbourhood Policing"}, []string{"Mobile data terminals", "Mobile telephone charges", "Smartphones for officers", "Mobile data airtime"}},
	{"it people", true, 6, 1.1, [2]string{"IT consultancy", "ICT contractors"}, [2]string{"Information Services", "Change Programme"}, []string{"IT contractor, project manager", "Systems analyst, daily rate", "Data migration work", "IT programme assurance"}},
	{"digital forensics", true, 3, 0.7, [2]string{"Computer forensics", "High-tech crime"}, [2]string{"Crime Management", "Scientific Support"}, []string{"Examination of computers", "Mobile telephone examination", "Forensic software licences"}},
	{"cameras", true, 4, 0.8, [2]string{"ANPR and CCTV", "Camera systems"}, [2]string{"Operational Support", "Information Services"}, []string{"Number plate recognition cameras", "Number plate recognition software support", "Custody CCTV maintenance"}},

	{"fuel", false, 9, 0.8, [2]string{"Vehicle fuel", "Transport – fuel"}, [2]string{"Fleet", "Transport"}, []string{"Bulk diesel", "Fuel cards", "Petrol", "Aviation fuel"}},
	{"vehicles", false, 13, 0.9, [2]string{"Vehicle running costs", "Transport – vehicles"}, [2]string{"Fleet", "Transport"}, []string{"Vehicle repairs", "Tyres", "Patrol cars", "Vehicle leasing", "Recovery of vehicles", "Vehicle livery and conversion"}},
	{"uniforms", false, 7, 0.5, [2]string{"Uniforms and clothing", "Clothing"}, [2]string{"Procurement and Stores", "Operational Support"}, []string{"Uniforms", "Body armour", "Officers’ boots", "Public order clothing"}},
	{"legal", false, 5, 0.9, [2]string{"Legal fees", "Professional fees – legal"}, [2]string{"Legal Services", "Professional Standards"}, []string{"Legal fees", "Counsel’s fees", "Employment tribunal costs"}},
	{"medical", false, 5, 0.8, [2]string{"Custody medical services", "Police surgeons and medical"}, [2]string{"Custody", "Human Resources"}, []string{"Forensic medical examinations", "Occupational health", "Custody nurses, extra hours"}},
	{"laboratories", false, 8, 1.2, [2]string{"Forensic analysis", "Scientific support"}, [2]string{"Scientific Support", "Crime Management"}, []string{"DNA analysis", "Toxicology", "Fingerprint chemicals", "Drugs analysis", "Scene examination"}},
	{"buildings", false, 15, 1.4, [2]string{"Premises costs", "Repairs and maintenance of buildings"}, [2]string{"Estates", "Property Services"}, []string{"Cleaning contract", "Roof repairs", "Station refurbishment", "Grounds maintenance", "Heating and plumbing", "Building survey", "Cell refurbishment"}},
	{"utilities", false, 4, 0.8, [2]string{"Energy", "Gas and electricity"}, [2]string{"Estates", "Property Services"}, []string{"Gas, headquarters", "Water and sewerage", "Heating oil"}},
	{"staff", false, 6, 0.7, [2]string{"Agency staff", "Temporary staff"}, [2]string{"Human Resources", "Criminal Justice"}, []string{"Agency staff, administration", "Temporary investigators", "Recruitment advertising"}},
	{"training", false, 5, 0.5, [2]string{"Training", "Courses and conferences"}, [2]string{"Learning and Development", "Human Resources"}, []string{"Driver training", "Firearms range hire", "Leadership course", "First aid courses"}},
	{"interpreters", false, 3, 0.3, [2]string{"Interpreters", "Interpreting and translation"}, [2]string{"Custody", "Criminal Justice"}, []string{"Interpreters’ fees", "Translation of documents"}},
	{"insurance", false, 1, 2, [2]string{"Insurance", "Insurance premiums"}, [2]string{"Finance", "Corporate"}, []string{"Motor insurance", "Liability insurance", "Property insurance"}},
	{"animals", false, 3, 0.2, [2]string{"Police dogs and horses", "Animals"}, [2]string{"Operational Support", "Dog Section"}, []string{"Veterinary fees", "Kennelling", "Dog food", "Stabling and forage"}},
	{"print", false, 2, 0.3, [2]string{"Printing and stationery", "Office supplies"}, [2]string{"Corporate", "Media and Communications"}, []string{"Printing of leaflets", "Stationery", "Policing plan, print"}},
	{"furniture", false, 2, 0.4, [2]string{"Furniture and equipment", "Furniture"}, [2]string{"Estates", "Procurement and Stores"}, []string{"Office furniture", "Lockers", "Control room chairs"}},
	{"catering", false, 3, 0.4, [2]string{"Catering", "Subsistence"}, [2]string{"Estates", "Custody"}, []string{"Detainees’ meals", "Canteen supplies", "Catering for operations"}},
	{"general", false, 4, 0.7, [2]string{"Supplies and services", "Other expenses"}, [2]string{"Corporate", "Operational Support"}, []string{"Equipment", "Professional services", "Subscriptions", "Sundry supplies", "Project costs"}},
	{privateTrade, false, 2, 0.4, [2]string{"Third party claims", "Compensation"}, [2]string{"Legal Services", "Corporate"}, []string{"Settlement of claim", "Counselling", "Witness expenses", "Boarding of animals"}},
}

// standingGoods are paid for every month; dealtGoods holds each other good as
// often as it is bought.
var standingGoods, dealtGoods = dealGoods(sampleGoods)

func dealGoods(goods []sampleGood) (standing, dealt []int16) {
	for i, g := range goods {
		if g.often == 0 {
			standing = append(standing, int16(i))
		}
		for range g.often {
			dealt = append(dealt, int16(i))
		}
	}
	return standing, dealt
}

var sampleReasons = []string{
	"Framework agreement, three quotations", "Lowest of four tenders", "National contract, price fixed for the term", "Joint purchase with a neighbouring force",
	"Mini-competition under a framework", "Existing contract extended at the same price", "Only supplier able to support the system", "Price compared with last year’s and reduced",
	"Tendered in the Official Journal", "Below the limit for quotations – three prices compared", "Rate set by the regional contract", "Reviewed by the procurement board",
}
