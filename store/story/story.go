package story

import (
	"slices"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/text"
)

// A sample is one account that a reader of the demonstration may sign in as.
type sample struct{ key, what string }

var samples = []sample{
	{"commissioner for kent", "Records Kent’s steps towards membership, and will vote for Kent."},
	{"executive of sussex", "Records the steps of Sussex towards membership, by delegation."},
	{"official", "Approves decisions, consents and certifies for the Home Office."},
	{"association officer", "Approves decisions and certifies for the association."},
	{"scrutineer", "Signs call-ins. Has signed one that needs one more signature."},
	{"second scrutineer", "Signs call-ins. Has signed the same one."},
	{"chair", "Chairs the association’s scrutiny committee. Signs call-ins, agrees that decisions are urgent and records hearings."},
	{"chair of the successor", "Chairs the commissioners’ scrutiny committee, which takes over the open work of the association’s."},
	{"clerk", "Confirms appointments at the association, keeps agendas and minutes, and records hearings."},
	{"officer", "Proposes decisions, loads source files, and keeps the schedule and the milestones."},
	{"secretary", "Keeps the register, opens and publishes decisions, and completes the handover."},
	{"finance officer", "Gives the finance view on decisions and prepares the opening balance."},
	{"chair of the board", "Closes the polls of the board."},
	{"director 1", "Votes in the polls of the board, in seat 1."},
	{"auditor", "Reads everything, including restricted documents."},
	{"administrator", "Manages people, roles and bank holidays. Cannot approve decisions."},
	{"second administrator", "Confirms changes to the bank holidays that the other administrator proposes."},
}

// accounts are the samples, and after them the commissioners of the other
// bodies, who vote once their bodies are members.
func accounts() []sample {
	all := slices.Clone(samples)
	for _, b := range office.LocalPolicingBodies() {
		if key := commissionerOf(b); key != samples[0].key {
			all = append(all, sample{key, "Votes for " + b.Short + " once it is a member."})
		}
	}
	return all
}

func commissionerOf(b office.Body) string { return "commissioner for " + b.Slug }

func isSample(key string) bool {
	return slices.ContainsFunc(accounts(), func(s sample) bool { return s.key == key })
}

// commissioners open an account for whoever acts first for each body, but for
// the one that has had one since the elections.
func commissioners(from civil.Day) (all []act) {
	for _, b := range office.LocalPolicingBodies() {
		if key := commissionerOf(b); key != samples[0].key {
			all = append(all, joins(key, "Commissioner, "+b.Short+" (sample)", office.CommissionerOffice, b.Slug, from))
		}
	}
	return all
}

// How far the bodies are by 14 January 2013. All of it is invented.
var (
	nowReady    = []string{"north-yorkshire", "cumbria", "durham", "cheshire", "norfolk", "suffolk", "essex", "west-yorkshire", "thames-valley"}
	nowSent     = []string{"lancashire", "derbyshire", "leicestershire", "south-wales", "gwent", "hampshire"}
	nowResolved = []string{"northumbria", "metropolitan", "south-yorkshire", "nottinghamshire", "staffordshire", "warwickshire", "avon-and-somerset", "surrey", "dorset", "kent"}
	nowDeclined = []string{"lincolnshire", "wiltshire"}
	nowGone     = []string{"bedfordshire"}
	inJanuary   = []string{"greater-manchester", "merseyside", "west-midlands"}
	inFebruary  = []string{"cleveland", "humberside", "north-wales", "dyfed-powys", "west-mercia"}
	inMarch     = []string{"northamptonshire", "cambridgeshire", "gloucestershire", "hertfordshire", "devon-and-cornwall", "city-of-london"}
)

// story is the whole story, in order. Bodies and public history are real; the
// rest is invented and says so.
var story = []date{
	{"2011-07-01", "The portal is opened", []act{
		joins("administrator", "Administrator (sample)", office.Administrator, office.TheCompany, "2011-07-01"),
		joins("officer", "Company officer (sample)", office.CompanyOfficer, office.TheCompany, "2011-07-01"),
		joins("secretary", "Company secretary (sample)", office.CompanySecretary, office.TheCompany, "2011-07-01"),
	}},
	{"2011-07-04", "The Home Secretary announces a company", []act{
		promises(handover.Milestone{Key: handover.HandoverMilestone, Title: "Handover to the local policing bodies", Baseline: "2012-05-31", BaselineWords: "Spring 2012",
			Source: "The announcement of July 2011 put the new company in spring 2012, counted here as its last day, 31 May 2012."}),
	}},
	{"2012-07-02", "The company’s officers and owners take their seats", []act{
		joins("finance officer", "Chief finance officer (sample)", office.FinanceOfficer, office.TheCompany, "2012-07-02"),
		joins("auditor", "Auditor (sample)", office.Auditor, office.TheCompany, "2012-07-02"),
		joins("second official", "Official for finance (sample)", office.Official, office.HomeOffice, "2012-07-02"),
		joins("official", "Official for programmes (sample)", office.Official, office.HomeOffice, "2012-07-02"),
		joins("second officer of the association", "Association treasurer (sample)", office.AssociationOfficer, office.TheAssociation, "2012-07-02"),
		joins("association officer", "Association officer (sample)", office.AssociationOfficer, office.TheAssociation, "2012-07-02"),
		joins("chair", "Chair of scrutiny (sample)", office.Chair, office.TheAssociation, "2012-07-02"),
		joins("clerk", "Clerk to the committee (sample)", office.Clerk, office.TheAssociation, "2012-07-02"),
		joins("scrutineer", "Scrutineer (sample)", office.Scrutineer, office.TheAssociation, "2012-07-02"),
		joins("second scrutineer", "Second scrutineer (sample)", office.Scrutineer, office.TheAssociation, "2012-07-02"),
	}},
	{"2012-07-16", "The company is stated to Parliament", slices.Concat([]act{
		enters(register.Entry{Kind: register.Incorporated, Registered: "2012-07-16", Note: "16 July 2012 is the day of the written statement to Parliament; the day of incorporation is not established."}),
		enters(owner(office.HomeOffice)),
		enters(owner(office.TheAssociation)),
		enters(sixSeats(office.HomeOffice)),
		enters(sixSeats(office.TheAssociation)),
		enters(consent(office.HomeOffice)),
		enters(consent(office.TheAssociation)),
		forecasts(handover.HandoverMilestone, "2012-11-22", "", "The written statement puts the change of owner in November 2012; 22 November is when commissioners take office."),
		promises(handover.Milestone{Key: "elections", Title: "Commissioners elected", Baseline: "2012-11-15", Source: "Day of the elections"}),
		promises(handover.Milestone{Key: "office", Title: "Commissioners take office", Baseline: "2012-11-22", Source: "Day on which police authorities end"}),
	}, directors("2012-07-16", 1, 4, office.HomeOffice), directors("2012-07-16", 7, 10, office.TheAssociation))},
	{"2012-07-30", "Three more directors are appointed", slices.Concat(directors("2012-07-30", 5, 6, office.HomeOffice), directors("2012-07-30", 11, 11, office.TheAssociation),
		[]act{joins("chair of the board", "Chair of the board (sample)", office.Chair, office.TheCompany, "2012-07-30")},
		sits("2012-07-30", 1, 11), []act{
			enters(register.Entry{Kind: register.RightGranted, Body: office.HomeOffice, Right: register.Consent, Matter: "Contracts over £250,000", Clause: "9.2 (sample)", Registered: "2012-07-30"}),
			declares("director 2", "Fernhall Networks Ltd (sample)", networkNumber, "2012-07-30"),
		})},
	{"2012-09-03", "The schedule is begun, and the first decision put forward", slices.Concat(lists(firstItems...), []act{proposes("hosting")}, viewed("hosting"))},
	{"2012-09-14", "The handover is forecast for January", slices.Concat([]act{
		forecasts(handover.HandoverMilestone, "2013-01-31", "", "Sample reason: the terms of the deed are still being agreed."),
		opens("hosting", authority.ByApproval),
	}, votes("hosting", authority.For, "", "official"))},
	{"2012-10-01", "A paper is corrected, and an approval is void", slices.Concat([]act{corrects()}, viewed("hosting"))},
	{"2012-10-08", "The handover is forecast for April", slices.Concat([]act{
		forecasts(handover.HandoverMilestone, "2013-04-01", "", "Sample reason: the hosting contracts must be novated first. April 2013 is when responsibility was reported to pass."),
	}, answers("official", handover.ActAgree, "", 1, 2, 3, 5, 6), answers("officer", handover.ActAccept, "", 1, 2, 5),
		[]act{opens("hosting", authority.ByApproval)}, votes("hosting", authority.For, "", "official", "association officer"))},
	{"2012-10-15", "The association’s scrutiny is at work", slices.Concat([]act{publishes("hosting")},
		answers("association officer", handover.ActAgree, "", 9, 10),
		answers("officer", handover.ActAccept, "", 9),
	)},
	{"2012-10-29", "The board meets", slices.Concat([]act{proposes("office"), proposes("network")}, viewed("office"), viewed("network"),
		atBoard("office", []int{1, 2, 3, 4, 5}, []int{6, 7, 8, 9, 10}), atBoard("network", []int{1, 3, 4, 5, 6, 7, 8, 9}, []int{10}), []act{publishes("network")})},
	{"2012-11-15", "Commissioners are elected", []act{achieves("elections", "2012-11-15"), implements("hosting", "Deed of extension 1 (sample)")}},
	{"2012-11-22", "Commissioners take office, and the association is renamed", slices.Concat([]act{
		achieves("office", "2012-11-22"),
		enters(register.Entry{Kind: register.Renamed, Body: office.TheAssociation, Name: "Association of Police and Crime Commissioners", Registered: "2012-11-22",
			Note: "The day of the change is not established; it is entered on the day commissioners took office."}),
		joins("commissioner for kent", "Commissioner for Kent (sample)", office.CommissionerOffice, "kent", "2012-11-22"),
	}, executives(), []act{proposes("articles")}, viewed("articles"), []act{opens("articles", authority.ByResolution)}, votes("articles", authority.For, "", "official"))},
	{"2012-12-03", "The bodies are invited", steps(handover.ActInvite, slices.Concat(nowReady, nowSent, nowResolved, nowDeclined, nowGone, inJanuary, inFebruary, inMarch[:5], []string{"sussex"})...)},
	{"2012-12-04", "The scheme for after the handover is decided", slices.Concat([]act{proposes("scheme"), proposes("vans"), lets("commissioner for kent", "executive of kent", 500_000_00, "2013-12-31")},
		viewed("scheme"), viewed("vans"), []act{opens("scheme", authority.ByApproval), opens("vans", authority.ByApproval)},
		votes("scheme", authority.For, "", "official", "association officer"), votes("vans", authority.For, "", "officer"), []act{publishes("scheme"), publishes("vans")})},
	{"2012-12-13", "The first bodies resolve", slices.Concat(steps(handover.ActResolve, slices.Concat(nowReady, nowSent[:2], nowGone)...), steps(handover.ActDecline, nowDeclined[0]),
		[]act{adopts(), implements("scheme", "Version 2 of the scheme is adopted")})},
	{"2012-12-20", "The first deeds come in", slices.Concat(steps(handover.ActDeliver, nowReady...), steps(handover.ActResolve, slices.Concat(nowSent[2:], nowResolved[:4])...),
		[]act{proposes("software"), proposes("outage")}, viewed("software"), viewed("outage"), []act{agreesUrgent("outage")},
		atBoard("software", []int{1, 2, 3, 4, 5, 6, 7, 8}, []int{9}), atBoard("outage", []int{1, 2, 3, 4, 5, 6, 7}, nil),
		[]act{consents("official", "software", "Contracts over £250,000", authority.Modify, "The five forces name one owner for the licences", "The price per user is reported each quarter"),
			publishes("software"), publishes("outage")})},
	{"2013-01-07", "The opening balance is prepared", slices.Concat([]act{prepares("finance officer", handover.TheBalance)},
		steps(handover.ActConfirm, nowReady...), steps(handover.ActDecline, nowDeclined[1]), steps(handover.ActWithdraw, nowGone...), steps(handover.ActResolve, nowResolved[4:]...),
		[]act{proposes("training"), proposes("radio"), laysAside("training", false, "Five forces have not said how many people need training.")}, viewed("radio"))},
	{"2013-01-09", "The interim owners certify", []act{
		certifies("official", handover.TheBalance), certifies("association officer", handover.TheBalance),
		prepares("secretary", handover.TheStatement), certifies("official", handover.TheStatement), certifies("association officer", handover.TheStatement),
	}},
	{"2013-01-10", "The board decides on radio masts, and scrutiny may call it in", slices.Concat(atBoard("radio", []int{1, 2, 3, 4, 5, 7, 8}, []int{6}),
		[]act{publishes("radio"), proposes("budget")}, viewed("budget"), []act{opens("budget", authority.ByApproval)}, votes("budget", authority.For, "", "association officer"))},
	{"2013-01-11", "The schedule changes, and the certificates are void", slices.Concat(lists(lateItem), steps(handover.ActDeliver, nowSent...), []act{
		signs("scrutineer", "radio", LeftOut, "The paper does not show what each region would pay under its own contract. Without that, nobody can tell whether the saving is real."),
		signs("second scrutineer", "radio", LeftOut, "The paper does not give the age of the masts. Old masts cost more to maintain, and the price assumes that all are alike."),
		proposes("storage"),
	})},
	{"2013-01-14", "The story’s day", []act{
		joins("second administrator", "Second administrator (sample)", office.Administrator, office.TheCompany, "2013-01-14"),
	}},
	{"2013-01-21", "More bodies resolve", slices.Concat(steps(handover.ActInvite, inMarch[5]), steps(handover.ActConfirm, nowSent[:3]...), steps(handover.ActResolve, inJanuary...), votes("budget", authority.For, "", "official"), viewed("storage"))},
	{"2013-02-04", "Five bodies resolve", slices.Concat(steps(handover.ActConfirm, nowSent[3:]...), steps(handover.ActDeliver, nowResolved[:5]...), steps(handover.ActResolve, inFebruary...), []act{publishes("budget")}, atBoard("storage", []int{1, 2, 3, 4, 5, 6}, []int{7}), []act{publishes("storage")})},
	{"2013-02-18", "The last bodies resolve", slices.Concat(steps(handover.ActConfirm, nowResolved[:5]...), steps(handover.ActDeliver, slices.Concat(nowResolved[5:9], inJanuary)...), steps(handover.ActResolve, inMarch...))},
	{"2013-03-04", "Deeds are confirmed", slices.Concat(steps(handover.ActConfirm, slices.Concat(nowResolved[5:9], inJanuary)...), steps(handover.ActDeliver, slices.Concat(inFebruary, inMarch[5:])...))},
	{"2013-03-18", "The schedule is closed", slices.Concat(steps(handover.ActConfirm, slices.Concat(inFebruary, inMarch[5:])...), steps(handover.ActDeliver, inMarch[:5]...), []act{
		mends(4, "", "Deed of novation 4 (sample)"), mends(8, office.TheCompany, ""), mends(12, "", "Transfer list 2 (sample)"),
		mends(16, office.TheCompany, "Data sharing agreement 3 (sample)"), mends(21, "", "Deed of novation 9 (sample)"),
	})},
	{"2013-03-25", "The last deeds are confirmed, and commissioners open their accounts", slices.Concat(commissioners("2013-03-25"), steps(handover.ActConfirm, inMarch[:5]...),
		steps(handover.ActDeliver, "kent"), steps(handover.ActConfirm, "kent"), steps(handover.ActResolve, "sussex"), steps(handover.ActDeliver, "sussex"), steps(handover.ActConfirm, "sussex"))},
	{"2013-04-01", "The day aimed at", nil},
}

func owner(body string) register.Entry {
	return register.Entry{Kind: register.Admitted, Body: body, Class: "Interim owner", Votes: 1, Guarantee: 100, Instrument: "Subscription to the memorandum (sample)", Registered: "2012-07-16"}
}

func sixSeats(body string) register.Entry {
	return register.Entry{Kind: register.RightGranted, Body: body, Right: register.AppointDirectors, Seats: 6, Clause: "14.2 (sample)", Registered: "2012-07-16"}
}

func consent(body string) register.Entry {
	return register.Entry{Kind: register.RightGranted, Body: body, Right: register.Consent, Matter: "Change of the articles", Clause: "9.1 (sample)", Registered: "2012-07-16"}
}

// directors fills seats from first to last, with people who are invented.
func directors(on civil.Day, first, last int64, body string) (all []act) {
	for seat := first; seat <= last; seat++ {
		all = append(all, enters(register.Entry{Kind: register.DirectorAppointed, Body: body, Director: "Director " + text.Thousands(seat) + " (sample)", Seat: seat, Registered: on}))
	}
	return all
}

// executives gives each of the 43 bodies a chief executive.
func executives() (all []act) {
	for _, b := range office.LocalPolicingBodies() {
		all = append(all, joins("executive of "+b.Slug, "Chief executive, "+b.Short+" (sample)", office.ChiefExecutive, b.Slug, "2012-11-22"))
	}
	return all
}

func item(kind handover.ItemKind, title, before, after string, value money.Pence, evidence string) handover.Item {
	return handover.Item{Kind: kind, Title: title + " (sample)", Before: before, After: after, Value: value, Valued: value != 0, Evidence: evidence}
}

// firstItems are the schedule of the story. All of it is invented.
var firstItems = []handover.Item{
	item(handover.ContractItem, "Hosting of the national register, Sample Hosting Ltd", office.HomeOffice, office.TheCompany, 412_300_00, "Deed of novation 1 (sample)"),
	item(handover.ContractItem, "Support of the case system, Sample Systems Ltd", office.HomeOffice, office.TheCompany, 188_750_00, "Deed of novation 2 (sample)"),
	item(handover.ContractItem, "Licences for maps, Sample Maps Ltd", office.HomeOffice, office.TheCompany, 64_000_50, "Deed of novation 3 (sample)"),
	item(handover.ContractItem, "Messaging between forces, Sample Networks Ltd", office.HomeOffice, office.TheCompany, 97_120_00, ""),
	item(handover.AssetItem, "Servers at the first site", office.HomeOffice, office.TheCompany, 35_400_00, "Transfer list 1 (sample)"),
	item(handover.AssetItem, "Servers at the second site", office.HomeOffice, office.TheCompany, 21_900_00, "Transfer list 1 (sample)"),
	item(handover.StaffPostItem, "Head of procurement", office.HomeOffice, office.TheCompany, 0, "Consultation record 1 (sample)"),
	item(handover.DataSetItem, "List of systems by force", office.HomeOffice, "", 0, "Data inventory (sample)"),
	item(handover.ContractItem, "Advice on commercial terms, Sample Advisers LLP", office.TheAssociation, office.TheCompany, 18_000_00, "Letter of consent 1 (sample)"),
	item(handover.StaffPostItem, "Programme manager", office.TheAssociation, office.TheCompany, 0, "Consultation record 2 (sample)"),
	item(handover.LiabilityItem, "Dilapidations of the programme office", office.TheAssociation, office.TheCompany, 12_500_00, "Surveyor’s letter (sample)"),
	item(handover.AssetItem, "Furniture of the programme office", office.TheAssociation, office.TheCompany, 3_200_00, ""),
	item(handover.LoanItem, "Start-up loan", office.TheCompany, office.TheCompany, 250_000_00, "Loan agreement (sample)"),
	item(handover.IntellectualItem, "Specification of the case system", office.HomeOffice, office.TheCompany, 0, "Assignment 1 (sample)"),
	item(handover.DataSetItem, "Prices paid, by product", office.HomeOffice, office.TheCompany, 0, "Data inventory (sample)"),
	item(handover.DataSetItem, "Contracts register", office.HomeOffice, "", 0, ""),
	item(handover.StaffPostItem, "Contract managers, four posts", office.HomeOffice, office.TheCompany, 0, "Consultation record 3 (sample)"),
	item(handover.LiabilityItem, "Notice periods under the hosting contract", office.HomeOffice, office.TheCompany, 40_000_00, "Schedule to deed 1 (sample)"),
	item(handover.ContractItem, "Training for users, Sample Learning Ltd", office.HomeOffice, office.TheCompany, 27_480_00, "Deed of novation 5 (sample)"),
	item(handover.IntellectualItem, "Name and marks of the programme", office.TheAssociation, office.TheCompany, 0, "Assignment 2 (sample)"),
}

var lateItem = item(handover.ContractItem, "Disaster recovery, Sample Recovery Ltd", office.HomeOffice, office.TheCompany, 51_000_00, "")
