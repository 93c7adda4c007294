package story

import (
	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/money"
)

// sampleMatter is a sample decision, as its proposer writes it down, with the
// views that are given on it.
type sampleMatter struct {
	kind, by       string
	paper          authority.Paper
	part2, urgent  string
	finance, legal string
}

// Sample suppliers have company numbers that no company has.
const (
	hostingNumber  = "99000101"
	networkNumber  = "99000102"
	softwareNumber = "99000103"
)

// option is something that was considered, with its cost in pounds; 0 is not costed.
func option(text string, pounds int64) authority.Option {
	return authority.Option{Text: text, Cost: money.Pence(pounds) * 100, Costed: pounds > 0}
}

// options are those considered, of which the one at a place is chosen.
func options(chosen int, all ...authority.Option) []authority.Option {
	all[chosen].Chosen = true
	return all
}

var sampleMatters = map[string]sampleMatter{
	"hosting": {kind: "contract", by: "officer",
		finance: "I support the extension. It costs £1,592,400 without VAT, which the company recovers. The plan for 2013-14 has £1,650,000 for custody and case hosting. The monthly price falls by £7,500, so the saving of £90,000 a year is real and can be checked against invoices.\nStorage is charged separately and has grown faster than planned. The quarterly report should show it apart.",
		legal:   "Clause 31 of the contract allows one extension of up to 12 months, by notice before 31 January 2013. The price follows from the contract, so no change to it is needed. A second extension would not be lawful without a new procurement. The bodies should be told this now, because it fixes the date by which they must have bought something else.",
		paper: authority.Paper{Title: "Extend custody and case hosting by 12 months", Supplier: "Alder Vale Hosting Ltd (sample)", Company: hostingNumber, Contract: "C-88", Amount: 1_649_200_00, Whole: 6_182_600_00,
			Summary:        "The contract for hosting the custody and case system ends on 31 March 2013. All 43 local policing bodies use the system every day, and it cannot be passed to them by then. This paper asks for one extension of 12 months.",
			Recommendation: "Extend contract C-88 to 31 March 2014 on its present terms, and report what is paid under it each quarter.",
			Reasons:        "Passing the contract to 43 bodies needs a deed from each. 31 deeds had been drafted by August 2012 and none had been signed, so the work cannot be finished before the contract ends. The supplier has said that it will not host without a contract.\nAn extension keeps the service running and costs less each month than the present term. It gives the bodies a year to decide whether to buy together or apart, and does not bind them beyond March 2014.\nForces will see no change on screen and need no training. Each pays for the number of cells that it uses, as now.\nNotice can be given within a month of approval. Bodies will be asked for their plans by 30 June 2013, so that a tender can begin in July.",
			Options:        options(1, option("Let the contract end and leave each body to find its own host. No force could be ready by April, so this has not been costed", 0), option("Extend by 12 months", 1_649_200), option("Buy again now through an open tender, with 6 months of double running", 1_772_400)),
			Benefit:        "A lower price for each month of hosting.", BenefitAmount: 90_000_00, BenefitFrom: "2013-04-01", BenefitMeasure: "Hosting paid per month",
			Financial: "The cost is within the plan for custody and case hosting in 2013-14. It is recovered from the bodies in proportion to the cells that they use. No reserve is drawn on.", Legal: "The contract allows one extension. Notice must be given by 31 January 2013.",
			Equality: "The service does not change, so no group is affected.", Welsh: "The screens that custody staff use in Wales stay bilingual.",
			Risk:       "If the extension is late, custody suites lose their records system on 1 April 2013. That is the main risk and the reason to decide now. A smaller risk is that bodies put off their own plans. The request for plans by 30 June will show this in time.",
			Background: "Novation plan, version 2\nHosting invoices, April to August 2012"}},
	"office": {kind: "policy", by: "officer",
		finance: "The lease would cost £18,000 a year more. I estimate the saving on travel at £11,000, so the move costs £7,000 a year and £14,500 once. Neither sum is in the plan for 2013-14. The paper’s other benefits may be real, but I do not think that a saving is proved.",
		legal:   "The present lease can be ended on six months’ notice without a charge. A lease in Birmingham would pass to the new members with everything else, and its landlord would need to agree to that in the lease. I see no other legal difficulty.",
		paper: authority.Paper{Title: "Move the office of the company",
			Summary:        "The company rents an office in London. Most directors travel more than two hours to reach it. This paper proposes to move the office to Birmingham when the present lease can be ended.",
			Recommendation: "Give six months’ notice on the present lease and take a lease of equal size in Birmingham from June 2013.",
			Reasons:        "Eight of the eleven directors live nearer to Birmingham than to London. The board meets eleven times a year. At the fares paid since July, its travel costs £26,400 a year, and most of its members cannot attend a morning meeting without a night in a hotel.\nA central office would also be nearer to the larger forces. In the last quarter, officers made 61 visits to forces, of which 38 began with a journey across London.\nForces pay nothing towards the move. Their contracts and contacts would stay the same.\nNotice would be given in November 2012. Staff would be asked about their plans by Christmas, and the move would take one week in June 2013.",
			Options:        options(1, option("Stay in the present office, at its present rent for a year", 41_000), option("Move to Birmingham, at the rent asked for a year", 59_000), option("Have no office, hire rooms and meet at forces, for a year", 6_000)),
			Financial:      "Rent rises by £18,000 a year and travel falls by about £11,000. Removal and fitting out cost £14,500 once, from the budget for premises.", Legal: "Six months’ notice ends the present lease.", Equality: "Two of nine staff could not move. They would be offered work at home.", Welsh: "No change. The office would be nearer to the four forces in Wales.",
			Risk:       "Staff may leave rather than move. The handover could be delayed if the move falls in the same months. Having no office would cost least, but there would be nowhere to keep signed deeds and no address for notices.",
			Background: "Lease of the present office\nTravel claims, July to September 2012"}},
	"network": {kind: "contract", by: "officer",
		finance: "I support the award. The budget has £240,000 for two years, so it is £60,000 below the estimate. The price is fixed for both years and is paid quarterly in arrears. All four bids were within the budget.",
		legal:   "The tender followed the company’s procurement rules. Four bids were valid, and the lowest may be accepted because price carried 60 of the 100 points. One director has declared an interest in the supplier and must not vote.",
		paper: authority.Paper{Title: "Network monitoring for two years", Supplier: "Fernhall Networks Ltd (sample)", Company: networkNumber, Contract: "C-91", Amount: 180_000_00, Whole: 180_000_00,
			Summary:        "The shared network links 43 forces. Today faults are found when users report them. This paper awards a contract to watch the network day and night for two years.",
			Recommendation: "Award contract C-91 to Fernhall Networks Ltd (sample) for two years from 1 December 2012.",
			Reasons:        "In the six months to September 2012 there were 14 faults that stopped a force for more than an hour. In 11 of them the cause could have been seen beforehand. The longest lasted seven hours and left one control room working on paper.\nFour companies tendered. The recommended bid was the lowest, and scored second for quality. It met every required test, including a response within 15 minutes at night.\nA force that uses the service is told of a fault by telephone and can watch its own links on a web page. No new equipment is needed in forces.\nThe contract can be signed in November. The first forces would be connected on 1 December 2012 and the others as they are ready.",
			Options:        options(1, option("Do nothing and rely on reports from users", 0), option("Award to the lowest of four tenders", 180_000), option("Award to the bid with the highest quality score", 236_500), option("Build a team of our own, with five staff on shifts", 410_000)),
			Financial:      "£90,000 a year for two years, within the network budget. Nothing is charged to forces beside their present share of the network.", Legal: "The tender was advertised and run under the procurement rules.", Equality: "No effect found.", Welsh: "No change. Calls to forces in Wales can be taken in Welsh during the day.",
			Risk:       "The supplier is small and has no other police customer. The contract lets the company end it after three missed targets, and the supplier must hand over its records of faults. If monitoring finds more faults than expected, repairs may need money that is not in this paper.",
			Background: "Report of faults, April to September 2012\nEvaluation of four tenders"}},
	"scheme": {kind: "scheme", by: "officer",
		finance: "There is no direct cost. The higher limit for the board will save about ten meetings of members a year, which I would put at £15,000 in travel and staff time. A higher limit needs closer reports, and I ask the board to see all contracts over £250,000 each quarter.",
		legal:   "The scheme is consistent with the articles as they will stand after completion. Members of a company limited by guarantee may decide by written resolution. Both interim owners must approve, because the scheme takes from each a veto that it has today.",
		paper: authority.Paper{Title: "Adopt the scheme of authority for after the handover", Effects: []authority.Effect{{Kind: authority.AdoptsScheme, Subject: "scheme/2"}},
			Summary:        "When the company passes to the local policing bodies, 43 members will decide instead of two. The present scheme asks every member to agree to the largest contracts. That works with two members and would not work with 43.",
			Recommendation: "Adopt version 2 of the scheme of authority, in force from completion of the handover.",
			Reasons:        "Under the present scheme one member out of 43 could stop any large contract. Version 2 asks for three quarters of the members instead, raises the limit of the board from £250,000 to £1 million, and keeps the rules for call-in.\nOf the contracts that the company holds, five are above £1 million. They will still go to the members. Eleven are between £250,000 and £1 million. They will go to the board, and scrutiny can call them in.\nEach body has one vote, whatever its size. Small forces asked for this in the consultation of September 2012, and no reply opposed it.\nThe scheme must be adopted before completion so that there is no day without one. It takes effect on the day of completion and can be changed from then on by the members.",
			Options:        options(1, option("Keep the present scheme, under which every member can stop a large contract", 0), option("Adopt version 2", 0), option("Let the new members write a scheme after completion, with none in force until then", 0)),
			Financial:      "No direct cost. Fewer meetings of members are needed.", Legal: "The articles allow the members to adopt a scheme by ordinary decision.", Equality: "No effect found.", Welsh: "The scheme will be published in Welsh and English.",
			Risk:       "New members may want a different scheme. They can change it by the same kind of decision. With a higher limit, the board could commit money that members would have refused. The call-in rules and the quarterly report are there for that case.",
			Background: "Version 2 of the scheme\nReplies to the consultation of September 2012"}},
	"software": {kind: "contract", by: "officer",
		finance: "I support the award for three years. They cost £400,000, which is in the applications budget. The extension is not, and must come back to the board. The price per user is about 15% below what the five forces pay now. The saving of £22,600 a year belongs to the forces and should be shown in their charges.",
		legal:   "The framework allows a direct award to the present supplier. The consent of the Home Office is needed because the value is above £250,000. The price per user is the supplier’s trade secret until the contract is signed, so it is in Part 2.",
		part2:   "SAMPLE PART 2. The supplier’s invented price for each user is £22.80 a year, falling to £21.50 above 5,000 users.",
		paper: authority.Paper{Title: "Case preparation software for five forces", Supplier: "Brightmere Software Ltd (sample)", Company: softwareNumber, Contract: "C-94", Amount: 400_000_00, Whole: 640_000_00, Ground: authority.Part2Grounds[0], Review: "2013-04-01",
			Summary:        "Five forces use the same product to prepare case files, each under its own contract and at its own price. This paper replaces the five contracts with one for three years, which can be extended by two.",
			Recommendation: "Award contract C-94 to Brightmere Software Ltd (sample) for three years from 1 February 2013. An extension needs a further decision.",
			Reasons:        "The five contracts end between January and May 2013. Prices per user differ by 31% for the same service. One contract brings all forces to the lowest price, with one support desk in place of three.\nA new product was considered. Moving 6,200 users would take at least nine months, and cases in preparation would have to be typed again or kept in two systems.\nOfficers keep the screens that they know. Each force names a manager for its licences, and unused ones can be moved between forces.\nThe first force joins on 1 February 2013, when its own contract ends, and the last in May. The board will have a report after the first year.",
			Options:        options(1, option("Let each force renew alone, at present prices", 468_000), option("One contract with the present supplier", 400_000), option("Tender for a new product, including nine months of moving", 515_000)),
			Benefit:        "Lower price per user for five forces.", BenefitAmount: 22_600_00, BenefitFrom: "2013-02-01", BenefitMeasure: "Price per user per year",
			Financial: "£400,000 over three years, within the applications budget. An extension of two years would cost £240,000 more.", Legal: "Direct award under the framework.", Equality: "The product meets the accessibility standard. Two screens need large-print versions.", Welsh: "Welsh templates are included for Dyfed-Powys.",
			Risk:       "One supplier serves five forces and would be hard to leave. The contract requires a copy of all case files every month so that forces can. If a force withdraws, the price for the others rises, but not above what they pay now.",
			Background: "Contracts of the five forces\nComparison of prices, November 2012"}},
	"vans": {kind: "contract", by: "secretary",
		finance: "The purchase is affordable. Hire of vans cost £21,300 last year, and £38,000 is in the budget for equipment. I have checked the estimate of £2,300 a year for insurance and servicing against the company’s own policy.",
		legal:   "The value is below the limit for tenders. Three quotes were obtained, as the purchasing rules require, and the lowest is recommended. The company can own vehicles, and they would pass to the new members with its other property.",
		paper: authority.Paper{Title: "Two vans for the field engineers", Supplier: "Wheelfold Motors Ltd (sample)", Company: "99000107", Contract: "C-92", Amount: 38_000_00, Whole: 38_000_00,
			Summary:        "Field engineers hire vans by the day to carry equipment to custody suites. Buying two used vans would cost less than two years of hire.",
			Recommendation: "Buy two used vans from Wheelfold Motors Ltd (sample) for £38,000 in total.",
			Reasons:        "Engineers hired vans on 284 days in the year to October 2012, at an average of £75 a day. On 31 days no van was available, and the visit was put off. Two vans of our own would be used on most working days.\nWith £2,300 a year for insurance and servicing, owning the vans saves £19,000 a year. They pay for themselves in two years and should last for five.\nThree dealers were asked for two vans not more than three years old. The recommended quote was the lowest of three and includes a warranty of two years. Both vans were inspected by a mechanic.\nForces would notice only that fewer visits are put off. The vans can be collected before Christmas 2012, and hire would end on 31 December.",
			Options:        options(1, option("Go on hiring, for two years", 42_600), option("Buy two used vans", 38_000), option("Buy two new vans", 61_500)),
			Financial:      "£38,000 once, from the equipment budget. Insurance and servicing take £2,300 a year from the budget for travel, which no longer pays for hire.", Legal: "Three quotes were obtained under the purchasing rules.", Equality: "Both vans have steps and a seat that can be raised.", Welsh: "No change.",
			Risk:       "Repairs may cost more than planned after the warranty ends. If the number of visits falls, the vans can be sold. Their value after two years is put at £16,000.",
			Background: "Three quotes for used vans\nHire invoices, November 2011 to October 2012"}},
	"articles": {kind: "articles", by: "officer",
		finance: "There is no cost beyond a conference line, which the office has already. Fewer journeys would save about £9,000 of the £26,400 that the board’s travel costs a year. The saving depends on directors using the telephone and is not in the budget.",
		legal:   "Article 20 can be changed by special resolution, which both owners must pass. The law allows directors to meet by telephone if the articles say so. The wording proposed is that of the model articles and has been used by many companies.",
		paper: authority.Paper{Title: "Let the board meet by telephone",
			Summary:        "The articles require directors to meet in person. Two meetings since July 2012 had no quorum because of travel. This paper changes article 20 so that directors may take part by telephone.",
			Recommendation: "Change article 20 so that a director who can hear and be heard by all the others counts as present.",
			Reasons:        "Directors live up to 300 miles apart. The meetings of 20 August and 24 September had five directors each, one short of a quorum. Urgent decisions have waited up to 19 days for the next meeting.\nOther companies owned by public bodies allow meetings by telephone. Decisions by email alone were considered and are not recommended, because directors could not question each other.\nThe rules on votes and interests do not change. A director who has declared an interest must leave the call while the matter is decided, and the minutes record it.\nNothing changes for forces, except that decisions which they need may come sooner.\nIf both owners agree in December 2012, the board could meet in the new way from January 2013.",
			Options:        options(1, option("Keep article 20 as it is", 0), option("Allow directors to take part by telephone", 0), option("Allow decisions by email only", 0)),
			Financial:      "A small saving on travel. No new cost.", Legal: "A special resolution and the consent of both owners are needed.", Equality: "Helps directors with caring duties or a disability. A text relay can be used on the line.", Welsh: "No change. A director may speak Welsh where an interpreter is on the line.",
			Risk:       "Papers may be read less carefully, and a director could be overheard. Votes by telephone will be recorded by name, and the chair will ask each director at the start whether they are alone.",
			Background: "Articles of the company, article 20\nAttendance at the board, July to October 2012"}},
	"training": {kind: "contract", by: "officer",
		finance: "Affordable within the training budget if 3,500 places or more are used. Below that, the company pays for places that nobody takes, at £55 each. I ask for numbers in writing from each force before anything is signed.",
		legal:   "A framework of this value must be advertised, and it was, for 40 days to 22 December 2012. Two suppliers applied and one was found to be qualified. The framework does not oblige forces to buy, but the company guarantees 3,500 places.",
		paper: authority.Paper{Title: "Training for new users in 2013", Supplier: "Candlewick Rise Training Ltd (sample)", Company: "99000108", Contract: "C-95", Amount: 220_000_00, Whole: 220_000_00,
			Summary:        "About 4,000 officers and staff will need training on the custody system in 2013. Each force buys its own courses. This paper sets up one framework for five regions.",
			Recommendation: "Set up a training framework for 2013 with Candlewick Rise Training Ltd (sample).",
			Reasons:        "Forces paid between £38 and £96 a person for the same one-day course in 2012, and £67 on average. One framework would fix the price at £55. Courses could be shared between forces in a region, so that fewer run half empty.\nTraining people of our own was considered. It would need 20 trainers who are released from duty for three months, and costs more in the first year.\nForces would book places on a web page and are charged for those that they book. A force that has already bought courses for 2013 can keep them.\nIf approved in January, the first courses can be held in the same month, at the twelve sites that the regions have offered. The last end in December 2013.",
			Options:        options(1, option("Each force buys alone, at the average price of 2012", 268_000), option("One framework for five regions", 220_000), option("Train 20 of our own trainers", 305_000)),
			Financial:      "£220,000 for about 4,000 people, from the training budget, and recovered from forces for each place booked. The company bears the cost of places under 3,500 that are not booked.", Legal: "The framework was advertised for 40 days.", Equality: "Courses are offered at several times of day and in accessible rooms.", Welsh: "Courses in Wales are offered in Welsh.",
			Risk:       "Five forces have not said how many people need training. The price per person depends on at least 3,500 places. With 3,000, the company would lose £27,500.",
			Background: "Prices paid by forces for courses, 2012\nNotice of the framework, 12 November 2012"}},
	"radio": {kind: "contract", by: "officer",
		finance: "I support the award with one reservation. One contract at £71,500 a year compares with £83,900 for the eleven contracts now. The saving of £12,400 a year depends on all eleven ending on time. In the first year it will be smaller, because one of them runs to September.",
		legal:   "Ten of the eleven contracts can be ended without charge. The eleventh runs to September 2013 and will join then. The tender was advertised, and each of the three bidders was told the proposed result on 18 December 2012. None has complained.",
		paper: authority.Paper{Title: "Shared maintenance of radio masts", Supplier: "Skylark Fell Radio Ltd (sample)", Company: "99000109", Contract: "C-97", Amount: 214_500_00, Whole: 214_500_00,
			Summary:        "Eleven regional contracts maintain 212 radio masts. All end within a year. This paper awards one contract in their place for three years.",
			Recommendation: "Award contract C-97 to Skylark Fell Radio Ltd (sample) for three years from 1 February 2013.",
			Reasons:        "Regions pay different prices for a visit, from £140 to £265. Response times differ from four hours to two days. One contract sets a price of £155 a visit and a response of six hours everywhere.\nThree companies bid. The recommended bid was the lowest and met every quality test. The other two were £229,000 and £246,300.\nForces report faults to one number instead of eleven. Two regions that have a response of four hours today would wait up to two hours longer. They have been told, and accept this in return for the lower price.\nTen regions join on 1 February 2013 and the last on 1 October. Each mast is inspected once in the first six months, and the results go to the force that uses it.",
			Options:        options(1, option("Let regions renew eleven contracts", 251_700), option("One contract for all regions", 214_500), option("Two contracts, for north and south", 229_800)),
			Benefit:        "A lower yearly cost and one response time.", BenefitAmount: 12_400_00, BenefitFrom: "2013-02-01", BenefitMeasure: "Maintenance paid per year",
			Financial: "£71,500 a year for three years, within the network budget. It is shared among forces by the number of masts, as the present contracts are.", Legal: "Advertised and run under the procurement rules.", Equality: "No effect found.", Welsh: "Engineers who visit masts in Wales carry bilingual signs.",
			Risk:       "One supplier would maintain every mast. The contract can be ended for any region that misses its response time three times in six months. In a hard winter, six hours may not be met on the highest sites.",
			Background: "Present contracts of eleven regions\nEvaluation of three tenders, December 2012"}},
	"budget": {kind: "budget", by: "officer",
		finance: "The budget balances, and I advise the owners to adopt it. Reserves stay at £1.2 million, or 5% of turnover, after the cost of the handover. That is the lowest level I advise. Hosting and networks are the areas most likely to overspend, and I will report on both every two months.",
		legal:   "The owners must adopt a budget before 1 April 2013. This is within the powers of the company. If the handover is completed earlier, the new members may change the budget but are bound by contracts already made under it.",
		paper: authority.Paper{Title: "Budget of the company for 2013-14", Amount: 24_000_000_00, Whole: 24_000_000_00,
			Summary:        "This paper proposes the budget of the company for the year from 1 April 2013. Spending is £24.0 million, £0.6 million less than in 2012-13. Charges for services do not rise.",
			Recommendation: "Adopt the budget for 2013-14 as set out in this paper.",
			Reasons:        "Hosting takes £9.1 million, networks £6.4 million, applications £5.2 million, and staff and programmes £3.3 million. The saving of £0.6 million comes from lower hosting prices and fewer agency staff.\nOf the £3.3 million, £1.0 million pays for the company’s own staff and premises. It is shared equally among the members. Services are charged at cost to the bodies that use them.\nThe handover costs £0.4 million, which is paid from reserves and does not recur.\nA cut of 5% was considered. It would mean stopping two programmes, and one of them has contracts to 2014 that must be paid in any case.\nCommissioners set their own budgets in January, and their panels consider the precept by 8 February. An early decision lets them use these figures.",
			Options:        options(1, option("Roll forward the budget of 2012-13", 24_600_000), option("Adopt the budget as proposed", 24_000_000), option("Cut charges by 5% and stop two programmes", 22_800_000)),
			Financial:      "Income and spending balance. £0.4 million is taken from reserves of £1.6 million.", Legal: "The owners adopt the budget under the articles.", Equality: "An assessment was made of the programmes that change. No group is worse off.", Welsh: "£40,000 is kept for Welsh language versions.",
			Risk:       "If the handover is late, two sets of accounts must be kept, at about £30,000 a month. If fewer bodies become members than expected, the others pay more of the £1.0 million. A rise of 2% in hosting prices would cost £182,000, which the contingency covers.",
			Background: "Spending in 2012-13, nine months\nForecast of charges by service"}},
	"storage": {kind: "contract", by: "officer",
		finance: "£160,000 is within the budget for storage. Buying now costs about £14,000 more than the same year would under the tender. I accept that as the price of not running out, but the tender should not be late a third time.",
		legal:   "An award for one year without a tender is allowed where a service would otherwise stop. The reasons must be published, and the award cannot be repeated. The contract should end on its last day without notice, so that it does not run on.",
		paper: authority.Paper{Title: "Storage for digital evidence, first year", Supplier: "Copperstile Data Centres Ltd (sample)", Company: "99000110", Contract: "C-99", Amount: 160_000_00, Whole: 160_000_00, Effective: "2013-02-01",
			Summary:        "The storage that forces share for digital evidence will be full in May 2013. The tender for new storage ends in autumn. This paper buys one year to fill the gap.",
			Recommendation: "Buy one year of storage from Copperstile Data Centres Ltd (sample), from 1 February 2013.",
			Reasons:        "Storage in use grew from 310 to 442 terabytes in 2012, mostly recordings of interviews and video. There is room for 490. At the present rate of 11 terabytes a month, it is full in the second week of May. Forces cannot delete evidence in open cases.\nThe purchase adds 150 terabytes, which is enough until the middle of 2014. Two suppliers can deliver in time, and the recommended one is the cheaper by £9,500.\nNothing changes for forces. New recordings are kept in the new storage, and old ones stay where they are until the tender is complete.\nThe equipment would be tested in March and used from 1 April 2013. The tender is to be awarded in October.",
			Options:        options(1, option("Do nothing and limit new recordings from May", 0), option("Buy one year ahead of the tender", 160_000), option("Stop the tender and buy three years now", 465_000)),
			Financial:      "£160,000 once, within the storage budget for 2013-14. It is shared among forces by the space that they use.", Legal: "A one-year award without a tender, published with reasons.", Equality: "No effect found.", Welsh: "No change.",
			Risk:       "The tender may be late again. Officers will report on it to the board in June. If recordings grow twice as fast, the new storage is full at the end of 2013. A limit on new recordings would put prosecutions at risk and is not recommended at any price.",
			Background: "Storage in use, by month, 2012\nTwo quotes for one year"}},
	"outage": {kind: "contract", by: "officer", urgent: "The support of a system in daily use ends on 31 December 2012",
		finance: "£120,000 was not in the budget. It comes from the contingency of £205,000, which then stands at £85,000 for the last three months of the year. I support the payment, because one serious fault would cost more than that.",
		legal:   "The contract can be made for one year without a tender because only this supplier can support the product. The chair of scrutiny must agree that the decision is urgent before it takes effect without call-in. The reason for urgency must be published.",
		paper: authority.Paper{Title: "Support for the identity system through 2013", Supplier: "Thistlegate Software Ltd (sample)", Company: "99000111", Contract: "C-93", Amount: 120_000_00, Whole: 120_000_00,
			Summary:        "Officers in 43 forces sign in through one identity system. The supplier ends its standard support on 31 December 2012. This paper buys extended support for 2013.",
			Recommendation: "Buy support for one year from Thistlegate Software Ltd (sample), from 1 January 2013.",
			Reasons:        "Without support, security faults would not be fixed. The system had seven such faults in 2012, and two of them could have let a stranger in. Its replacement is planned for November 2013.\nThe supplier told the company on 26 November that standard support would end. It first asked £138,000, and agreed to £120,000 on 14 December. There is no time for call-in before the end of the year.\nOfficers sign in as before. If a fault is found, forces receive a corrected version within five working days, as in 2012.\nThe contract begins on 1 January 2013 and ends on 31 December. It can be ended three months early, with a refund, if the replacement is in use by then.",
			Options:        options(1, option("Run the system without support", 0), option("Buy extended support for one year", 120_000), option("Bring the replacement forward to March", 540_000)),
			Financial:      "£120,000, paid from contingency. It was not in the budget.", Legal: "Only this supplier can support the product.", Equality: "No effect found.", Welsh: "No change. The sign-in page stays bilingual.",
			Risk:       "If the replacement is late, a second year of support would cost more. The programme board looks at progress each month. Without support, one fault could keep 43 forces from signing in.",
			Background: "Letter from the supplier, 26 November 2012\nSecurity faults of the identity system, 2012"}},
}

// dissents are the reasons of directors who voted against a decision.
var dissents = map[string]string{
	"office":   "The saving is not proved, and a move in the months of the handover would put it at risk.",
	"network":  "The lowest bid scored second for quality. Monitoring is where quality matters most.",
	"software": "Five forces should not depend on one supplier without a tender.",
	"radio":    "The paper does not show what each region would pay.",
	"storage":  "The tender has been late twice. We should not pay for that again.",
}
