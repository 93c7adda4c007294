package main

import (
	"slices"

	"github.com/police-ict/handover/store"
)

// A sample is one account that a reader of the demonstration may sign in as.
type sample struct{ key, what string }

var samples = []sample{
	{"commissioner for kent", "Takes the steps of Kent towards membership, and will vote for it."},
	{"executive of sussex", "Records the steps of Sussex by delegation."},
	{"official", "Approves decisions, consents and certifies for the Home Office."},
	{"association officer", "Approves decisions and certifies for the association."},
	{"scrutineer", "Signs call-ins, and has signed one that lacks a signature."},
	{"second scrutineer", "Signs call-ins, and has signed the same one."},
	{"chair", "Chairs the association’s scrutiny: signs call-ins, agrees to urgency, records hearings."},
	{"chair of the successor", "Accepts the open work of the association’s scrutiny committee for the commissioners’."},
	{"clerk", "Confirms appointments of the association; records hearings."},
	{"officer", "Proposes decisions, keeps the schedule and the milestones."},
	{"secretary", "Keeps the register, opens and publishes decisions, completes the handover."},
	{"finance officer", "Gives the finance view on decisions, prepares the opening balance."},
	{"chair of the board", "Closes the polls of the board."},
	{"director 1", "Votes in the polls of the board, in seat 1."},
	{"auditor", "Reads all, restricted documents too."},
	{"administrator", "Keeps people and offices; approves nothing."},
}

func isSample(key string) bool {
	return slices.ContainsFunc(samples, func(s sample) bool { return s.key == key })
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
		joins("administrator", "Administrator (sample)", store.Administrator, store.TheCompany, "2011-07-01"),
		joins("officer", "Company officer (sample)", store.CompanyOfficer, store.TheCompany, "2011-07-01"),
		joins("secretary", "Company secretary (sample)", store.CompanySecretary, store.TheCompany, "2011-07-01"),
	}},
	{"2011-07-04", "The Home Secretary announces a company", []act{
		promises(store.Milestone{Key: store.HandoverMilestone, Title: "Handover to the local policing bodies", Baseline: "2012-05-31", BaselineWords: "Spring 2012",
			Source: "The announcement of July 2011 put the new company in spring 2012, counted here as its last day, 31 May 2012."}),
	}},
	{"2012-07-02", "The company’s officers and owners take their seats", []act{
		joins("finance officer", "Chief finance officer (sample)", store.FinanceOfficer, store.TheCompany, "2012-07-02"),
		joins("auditor", "Auditor (sample)", store.Auditor, store.TheCompany, "2012-07-02"),
		joins("second official", "Official for finance (sample)", store.Official, store.HomeOffice, "2012-07-02"),
		joins("official", "Official for programmes (sample)", store.Official, store.HomeOffice, "2012-07-02"),
		joins("second officer of the association", "Association treasurer (sample)", store.AssociationOfficer, store.TheAssociation, "2012-07-02"),
		joins("association officer", "Association officer (sample)", store.AssociationOfficer, store.TheAssociation, "2012-07-02"),
		joins("chair", "Chair of scrutiny (sample)", store.Chair, store.TheAssociation, "2012-07-02"),
		joins("clerk", "Clerk to the committee (sample)", store.Clerk, store.TheAssociation, "2012-07-02"),
		joins("scrutineer", "Scrutineer (sample)", store.Scrutineer, store.TheAssociation, "2012-07-02"),
		joins("second scrutineer", "Second scrutineer (sample)", store.Scrutineer, store.TheAssociation, "2012-07-02"),
	}},
	{"2012-07-16", "The company is stated to Parliament", slices.Concat([]act{
		enters(store.Entry{Kind: store.Incorporated, Registered: "2012-07-16", Note: "16 July 2012 is the day of the written statement to Parliament; the day of incorporation is not established."}),
		enters(owner(store.HomeOffice)),
		enters(owner(store.TheAssociation)),
		enters(sixSeats(store.HomeOffice)),
		enters(sixSeats(store.TheAssociation)),
		enters(consent(store.HomeOffice)),
		enters(consent(store.TheAssociation)),
		forecasts(store.HandoverMilestone, "2012-11-22", "", "The written statement puts the change of owner in November 2012; 22 November is when commissioners take office."),
		promises(store.Milestone{Key: "elections", Title: "Commissioners elected", Baseline: "2012-11-15", Source: "Day of the elections"}),
		promises(store.Milestone{Key: "office", Title: "Commissioners take office", Baseline: "2012-11-22", Source: "Day on which police authorities end"}),
	}, directors("2012-07-16", 1, 4, store.HomeOffice), directors("2012-07-16", 7, 10, store.TheAssociation))},
	{"2012-07-30", "Three more directors are appointed", slices.Concat(directors("2012-07-30", 5, 6, store.HomeOffice), directors("2012-07-30", 11, 11, store.TheAssociation),
		[]act{joins("chair of the board", "Chair of the board (sample)", store.Chair, store.TheCompany, "2012-07-30")},
		sits("2012-07-30", 1, 11), []act{
			enters(store.Entry{Kind: store.RightGranted, Body: store.HomeOffice, Right: store.Consent, Matter: "Contracts over £250,000", Clause: "9.2 (sample)", Registered: "2012-07-30"}),
			declares("director 2", "Fernhall Networks Ltd (sample)", networkNumber, "2012-07-30"),
		})},
	{"2012-09-03", "The schedule is begun, and the first decision put forward", slices.Concat(lists(firstItems...), []act{proposes("hosting")}, viewed("hosting"))},
	{"2012-09-14", "The handover is forecast for January", slices.Concat([]act{
		forecasts(store.HandoverMilestone, "2013-01-31", "", "Sample reason: the terms of the deed are still being agreed."),
		opens("hosting", store.ByApproval),
	}, votes("hosting", store.For, "", "official"))},
	{"2012-10-01", "A paper is corrected, and an approval is void", slices.Concat([]act{corrects()}, viewed("hosting"))},
	{"2012-10-08", "The handover is forecast for April", slices.Concat([]act{
		forecasts(store.HandoverMilestone, "2013-04-01", "", "Sample reason: the hosting contracts must be novated first. April 2013 is when responsibility was reported to pass."),
	}, answers("official", store.AgreeItem, "", 1, 2, 3, 5, 6), answers("officer", store.AcceptItem, "", 1, 2, 5),
		[]act{opens("hosting", store.ByApproval)}, votes("hosting", store.For, "", "official", "association officer"))},
	{"2012-10-15", "The association’s scrutiny is at work", slices.Concat([]act{publishes("hosting")},
		answers("association officer", store.AgreeItem, "", 9, 10),
		answers("officer", store.AcceptItem, "", 9),
	)},
	{"2012-10-29", "The board meets", slices.Concat([]act{proposes("office"), proposes("network")}, viewed("office"), viewed("network"),
		atBoard("office", []int{1, 2, 3, 4, 5}, []int{6, 7, 8, 9, 10}), atBoard("network", []int{1, 3, 4, 5, 6, 7, 8, 9}, []int{10}), []act{publishes("network")})},
	{"2012-11-15", "Commissioners are elected", []act{achieves("elections", "2012-11-15"), implements("hosting", "Deed of extension 1 (sample)")}},
	{"2012-11-22", "Commissioners take office, and the association is renamed", slices.Concat([]act{
		achieves("office", "2012-11-22"),
		enters(store.Entry{Kind: store.Renamed, Body: store.TheAssociation, Name: "Association of Police and Crime Commissioners", Registered: "2012-11-22",
			Note: "The day of the change is not established; it is entered on the day commissioners took office."}),
		joins("commissioner for kent", "Commissioner for Kent (sample)", store.CommissionerOffice, "kent", "2012-11-22"),
	}, executives(), []act{proposes("articles")}, viewed("articles"), []act{opens("articles", store.ByResolution)}, votes("articles", store.For, "", "official"))},
	{"2012-12-03", "The bodies are invited", steps(store.Invite, slices.Concat(nowReady, nowSent, nowResolved, nowDeclined, nowGone, inJanuary, inFebruary, inMarch[:5], []string{"sussex"})...)},
	{"2012-12-04", "The scheme for after the handover is decided", slices.Concat([]act{proposes("scheme"), proposes("vans"), lets("commissioner for kent", "executive of kent", 500_000_00, "2013-12-31")},
		viewed("scheme"), viewed("vans"), []act{opens("scheme", store.ByApproval), opens("vans", store.ByApproval)},
		votes("scheme", store.For, "", "official", "association officer"), votes("vans", store.For, "", "officer"), []act{publishes("scheme"), publishes("vans")})},
	{"2012-12-13", "The first bodies resolve", slices.Concat(steps(store.Resolve, slices.Concat(nowReady, nowSent[:2], nowGone)...), steps(store.Decline, nowDeclined[0]),
		[]act{adopts(), implements("scheme", "Version 2 of the scheme is adopted")})},
	{"2012-12-20", "The first deeds come in", slices.Concat(steps(store.Deliver, nowReady...), steps(store.Resolve, slices.Concat(nowSent[2:], nowResolved[:4])...),
		[]act{proposes("software"), proposes("outage")}, viewed("software"), viewed("outage"), []act{agreesUrgent("outage")},
		atBoard("software", []int{1, 2, 3, 4, 5, 6, 7, 8}, []int{9}), atBoard("outage", []int{1, 2, 3, 4, 5, 6, 7}, nil),
		[]act{consents("official", "software", "Contracts over £250,000", store.Modify, "The five forces name one owner for the licences (sample)", "The price is reported each quarter (sample)"),
			publishes("software"), publishes("outage")})},
	{"2013-01-07", "The opening balance is prepared", slices.Concat([]act{prepares("finance officer", store.TheBalance)},
		steps(store.Confirm, nowReady...), steps(store.Decline, nowDeclined[1]), steps(store.Withdraw, nowGone...), steps(store.Resolve, nowResolved[4:]...),
		[]act{proposes("training"), proposes("radio"), laysAside("training", false, "Sample reason: five forces have yet to name their users.")}, viewed("radio"))},
	{"2013-01-09", "The interim owners certify", []act{
		certifies("official", store.TheBalance), certifies("association officer", store.TheBalance),
		prepares("secretary", store.TheStatement), certifies("official", store.TheStatement), certifies("association officer", store.TheStatement),
	}},
	{"2013-01-10", "The board decides on radio masts, and scrutiny may call it in", slices.Concat(atBoard("radio", []int{1, 2, 3, 4, 5, 7, 8}, []int{6}),
		[]act{publishes("radio"), proposes("budget")}, viewed("budget"), []act{opens("budget", store.ByApproval)}, votes("budget", store.For, "", "association officer"))},
	{"2013-01-11", "The schedule changes, and the certificates are void", slices.Concat(lists(lateItem), steps(store.Deliver, nowSent...), []act{
		signs("scrutineer", "radio", leftOut, "Sample reason: the paper does not cost a contract for each region."),
		signs("second scrutineer", "radio", leftOut, "Sample reason: the age of the masts is not given."),
		proposes("storage"),
	})},
	{"2013-01-14", "The story’s day", nil},
	{"2013-01-21", "More bodies resolve", slices.Concat(steps(store.Invite, inMarch[5]), steps(store.Confirm, nowSent[:3]...), steps(store.Resolve, inJanuary...), votes("budget", store.For, "", "official"), viewed("storage"))},
	{"2013-02-04", "Five bodies resolve", slices.Concat(steps(store.Confirm, nowSent[3:]...), steps(store.Deliver, nowResolved[:5]...), steps(store.Resolve, inFebruary...), []act{publishes("budget")}, atBoard("storage", []int{1, 2, 3, 4, 5, 6}, []int{7}), []act{publishes("storage")})},
	{"2013-02-18", "The last bodies resolve", slices.Concat(steps(store.Confirm, nowResolved[:5]...), steps(store.Deliver, slices.Concat(nowResolved[5:9], inJanuary)...), steps(store.Resolve, inMarch...))},
	{"2013-03-04", "Deeds are confirmed", slices.Concat(steps(store.Confirm, slices.Concat(nowResolved[5:9], inJanuary)...), steps(store.Deliver, slices.Concat(inFebruary, inMarch[5:])...))},
	{"2013-03-18", "The schedule is closed", slices.Concat(steps(store.Confirm, slices.Concat(inFebruary, inMarch[5:])...), steps(store.Deliver, inMarch[:5]...), []act{
		mends(4, "", "Deed of novation 4 (sample)"), mends(8, store.TheCompany, ""), mends(12, "", "Transfer list 2 (sample)"),
		mends(16, store.TheCompany, "Data sharing agreement 3 (sample)"), mends(21, "", "Deed of novation 9 (sample)"),
	})},
	{"2013-03-25", "The last deeds are confirmed", slices.Concat(steps(store.Confirm, inMarch[:5]...),
		steps(store.Deliver, "kent"), steps(store.Confirm, "kent"), steps(store.Resolve, "sussex"), steps(store.Deliver, "sussex"), steps(store.Confirm, "sussex"))},
	{"2013-04-01", "The day aimed at", nil},
}

func owner(body string) store.Entry {
	return store.Entry{Kind: store.Admitted, Body: body, Class: "Interim owner", Votes: 1, Guarantee: 100, Instrument: "Subscription to the memorandum (sample)", Registered: "2012-07-16"}
}

func sixSeats(body string) store.Entry {
	return store.Entry{Kind: store.RightGranted, Body: body, Right: store.AppointDirectors, Seats: 6, Clause: "14.2 (sample)", Registered: "2012-07-16"}
}

func consent(body string) store.Entry {
	return store.Entry{Kind: store.RightGranted, Body: body, Right: store.Consent, Matter: "Change of the articles", Clause: "9.1 (sample)", Registered: "2012-07-16"}
}

// directors fills seats from first to last, with people who are invented.
func directors(on store.Day, first, last int64, body string) (all []act) {
	for seat := first; seat <= last; seat++ {
		all = append(all, enters(store.Entry{Kind: store.DirectorAppointed, Body: body, Director: "Director " + store.Thousands(seat) + " (sample)", Seat: seat, Registered: on}))
	}
	return all
}

// executives gives each of the 43 bodies a chief executive.
func executives() (all []act) {
	for _, b := range store.LocalPolicingBodies() {
		all = append(all, joins("executive of "+b.Slug, "Chief executive, "+b.Short+" (sample)", store.ChiefExecutive, b.Slug, "2012-11-22"))
	}
	return all
}

func item(kind store.ItemKind, title, before, after string, value store.Pence, evidence string) store.Item {
	return store.Item{Kind: kind, Title: title + " (sample)", Before: before, After: after, Value: value, Valued: value != 0, Evidence: evidence}
}

// firstItems are the schedule of the story. All of it is invented.
var firstItems = []store.Item{
	item(store.ContractItem, "Hosting of the national register, Sample Hosting Ltd", store.HomeOffice, store.TheCompany, 412_300_00, "Deed of novation 1 (sample)"),
	item(store.ContractItem, "Support of the case system, Sample Systems Ltd", store.HomeOffice, store.TheCompany, 188_750_00, "Deed of novation 2 (sample)"),
	item(store.ContractItem, "Licences for maps, Sample Maps Ltd", store.HomeOffice, store.TheCompany, 64_000_50, "Deed of novation 3 (sample)"),
	item(store.ContractItem, "Messaging between forces, Sample Networks Ltd", store.HomeOffice, store.TheCompany, 97_120_00, ""),
	item(store.AssetItem, "Servers at the first site", store.HomeOffice, store.TheCompany, 35_400_00, "Transfer list 1 (sample)"),
	item(store.AssetItem, "Servers at the second site", store.HomeOffice, store.TheCompany, 21_900_00, "Transfer list 1 (sample)"),
	item(store.StaffPostItem, "Head of procurement", store.HomeOffice, store.TheCompany, 0, "Consultation record 1 (sample)"),
	item(store.DataSetItem, "List of systems by force", store.HomeOffice, "", 0, "Data inventory (sample)"),
	item(store.ContractItem, "Advice on commercial terms, Sample Advisers LLP", store.TheAssociation, store.TheCompany, 18_000_00, "Letter of consent 1 (sample)"),
	item(store.StaffPostItem, "Programme manager", store.TheAssociation, store.TheCompany, 0, "Consultation record 2 (sample)"),
	item(store.LiabilityItem, "Dilapidations of the programme office", store.TheAssociation, store.TheCompany, 12_500_00, "Surveyor’s letter (sample)"),
	item(store.AssetItem, "Furniture of the programme office", store.TheAssociation, store.TheCompany, 3_200_00, ""),
	item(store.LoanItem, "Start-up loan", store.TheCompany, store.TheCompany, 250_000_00, "Loan agreement (sample)"),
	item(store.IntellectualItem, "Specification of the case system", store.HomeOffice, store.TheCompany, 0, "Assignment 1 (sample)"),
	item(store.DataSetItem, "Prices paid, by product", store.HomeOffice, store.TheCompany, 0, "Data inventory (sample)"),
	item(store.DataSetItem, "Contracts register", store.HomeOffice, "", 0, ""),
	item(store.StaffPostItem, "Contract managers, four posts", store.HomeOffice, store.TheCompany, 0, "Consultation record 3 (sample)"),
	item(store.LiabilityItem, "Notice periods under the hosting contract", store.HomeOffice, store.TheCompany, 40_000_00, "Schedule to deed 1 (sample)"),
	item(store.ContractItem, "Training for users, Sample Learning Ltd", store.HomeOffice, store.TheCompany, 27_480_00, "Deed of novation 5 (sample)"),
	item(store.IntellectualItem, "Name and marks of the programme", store.TheAssociation, store.TheCompany, 0, "Assignment 2 (sample)"),
}

var lateItem = item(store.ContractItem, "Disaster recovery, Sample Recovery Ltd", store.HomeOffice, store.TheCompany, 51_000_00, "")
