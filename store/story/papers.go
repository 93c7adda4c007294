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
	"hosting": {kind: "contract", by: "officer", finance: "The extension costs £1,592,400 without VAT, which the company recovers. The 2013-14 budget has £1,650,000 for hosting. The monthly price falls by £7,500, so the saving of £90,000 a year is real and can be checked against invoices.",
		legal: "Clause 31 of the contract allows one extension of up to 12 months by notice before 31 January 2013. No change to the contract is needed. A second extension would not be lawful without a new procurement.",
		paper: authority.Paper{Title: "Extend custody and case hosting by 12 months", Supplier: "Alder Vale Hosting Ltd (sample)", Company: hostingNumber, Contract: "C-88", Amount: 1_649_200_00, Whole: 6_182_600_00,
			Summary:        "The contract for hosting the custody and case system ends on 31 March 2013. 43 local policing bodies use it every day. It cannot be passed to them by then. This paper asks for one extension of 12 months.",
			Recommendation: "Extend contract C-88 to 31 March 2014 on its present terms, and report what is paid under it each quarter.",
			Reasons:        "Passing the contract to 43 bodies needs a deed from each. 31 deeds had been drafted by August 2012 and none had been signed. The supplier has said that it will not host without a contract.\nAn extension keeps the service running, costs less each month than the present term, and gives the bodies a year to decide whether to buy together or apart. It does not bind them beyond March 2014.",
			Options:        options(1, option("Let the contract end and move each body to its own host", 0), option("Extend by 12 months", 1_649_200), option("Buy again now through an open tender, with 6 months of double running", 1_772_400)),
			Benefit:        "A lower price for each month of hosting.", BenefitAmount: 90_000_00, BenefitFrom: "2013-04-01", BenefitMeasure: "Hosting paid per month",
			Financial: "The cost is within the hosting budget for 2013-14. It is recovered from the bodies in proportion to their users.", Legal: "The contract allows one extension. Notice must be given by 31 January 2013.",
			Equality: "The service does not change, so no group is affected.", Welsh: "The screens that custody staff use in Wales stay bilingual.",
			Risk:       "If the extension is late, custody suites lose their records system on 1 April 2013. That is the main risk and the reason to decide now. A smaller risk is that bodies delay their own plans. A quarterly report will show this.",
			Background: "Novation plan, version 2\nHosting invoices, April to August 2012"}},
	"office": {kind: "policy", by: "officer", finance: "The lease would cost £18,000 a year more. Travel savings are estimated at £11,000. I do not think the saving is proved.", legal: "The present lease can be ended on six months’ notice. I see no legal difficulty.",
		paper: authority.Paper{Title: "Move the office of the company",
			Summary:        "The company rents an office in London. Most directors travel more than two hours to reach it. This paper proposes to move the office to Birmingham when the lease can be ended.",
			Recommendation: "Give notice on the present lease and take a lease of equal size in Birmingham from June 2013.",
			Reasons:        "Eight of ten directors live nearer to Birmingham than to London. The board meets eleven times a year and paid £26,400 for travel in the last twelve months. A central office would also be nearer to the larger forces.",
			Options:        options(1, option("Stay in the present office", 41_000), option("Move to Birmingham", 59_000), option("Have no office and meet at forces", 6_000)),
			Financial:      "Rent rises by £18,000 a year and travel falls by about £11,000.", Legal: "Six months’ notice ends the present lease.", Equality: "Two of nine staff could not move. They would be offered work at home.", Welsh: "No change.",
			Risk: "Staff may leave. The handover could be delayed if the move falls in the same months."}},
	"network": {kind: "contract", by: "officer", finance: "The award is £60,000 below the estimate in the budget. The price is fixed for two years.", legal: "The tender followed the company’s procurement rules. Four bids were valid and the lowest is recommended. One director has declared an interest and must not vote.",
		paper: authority.Paper{Title: "Network monitoring for two years", Supplier: "Fernhall Networks Ltd (sample)", Company: networkNumber, Contract: "C-91", Amount: 180_000_00, Whole: 180_000_00,
			Summary:        "The shared network links 43 forces. Faults are found when users report them. This paper awards a contract to watch the network day and night for two years.",
			Recommendation: "Award contract C-91 to Fernhall Networks Ltd (sample) for two years from 1 December 2012.",
			Reasons:        "In the six months to September 2012 there were 14 faults that stopped a force for more than an hour. In 11 of them the cause could have been seen beforehand. Four companies tendered. The recommended bid was the lowest and scored second for quality.",
			Options:        options(1, option("Do nothing and rely on reports from users", 0), option("Award to the lowest of four tenders", 180_000), option("Award to the bid with the highest quality score", 236_500), option("Build a team of our own", 410_000)),
			Financial:      "£90,000 a year for two years, within the network budget.", Legal: "The tender was advertised and run under the procurement rules.", Equality: "No effect found.", Welsh: "No change.",
			Risk: "The supplier is small and has no other police customer. The contract lets the company end it after three missed targets."}},
	"scheme": {kind: "scheme", by: "officer", finance: "There is no direct cost. The higher limits for the board will save about ten meetings of members a year.", legal: "The scheme is consistent with the articles as they will stand after completion. Members of a company limited by guarantee may decide by written resolution.",
		paper: authority.Paper{Title: "Adopt the scheme of authority for after the handover", Effects: []authority.Effect{{Kind: authority.AdoptsScheme, Subject: "scheme/2"}},
			Summary:        "When the company passes to the local policing bodies, 43 members will decide instead of two. The present scheme asks every member to agree to the largest contracts. That works with two members and would not work with 43.",
			Recommendation: "Adopt version 2 of the scheme of authority, in force from completion of the handover.",
			Reasons:        "Under the present scheme one member out of 43 could stop any large contract. Version 2 asks for three quarters of the members instead, raises the limit of the board from £250,000 to £1 million, and keeps the call-in rules.\nThe scheme must be adopted before completion so that there is no day without one.",
			Options:        options(1, option("Keep the present scheme", 0), option("Adopt version 2", 0), option("Let the new members write a scheme after completion", 0)),
			Financial:      "No direct cost.", Legal: "The articles allow the members to adopt a scheme by ordinary decision.", Equality: "No effect found.", Welsh: "The scheme will be published in Welsh and English.",
			Risk: "New members may want a different scheme. They can change it by the same kind of decision."}},
	"software": {kind: "contract", by: "officer", finance: "The first three years cost £400,000, which is in the budget. The extension is not, and must come back to the board. Price per user is 12% below what the five forces pay now.", legal: "The framework allows a direct award to the present supplier. The consent of the Home Office is needed because the value is above £250,000.",
		part2: "SAMPLE PART 2. The supplier’s invented price for each user is £41.20 a year, falling to £38.90 above 5,000 users.",
		paper: authority.Paper{Title: "Case preparation software for five forces", Supplier: "Brightmere Software Ltd (sample)", Company: softwareNumber, Contract: "C-94", Amount: 400_000_00, Whole: 640_000_00, Ground: authority.Part2Grounds[0], Review: "2013-04-01",
			Summary:        "Five forces use the same product to prepare case files, each under its own contract and at its own price. This paper replaces the five contracts with one for three years, which can be extended by two.",
			Recommendation: "Award contract C-94 to Brightmere Software Ltd (sample) for three years from 1 February 2013. An extension needs a further decision.",
			Reasons:        "The five contracts end between January and May 2013. Prices per user differ by 31% for the same service. One contract brings all forces to the lowest price, with one support desk in place of three.\nA new product was considered. Moving 6,200 users would take at least nine months.",
			Options:        options(1, option("Let each force renew alone", 468_000), option("One contract with the present supplier", 400_000), option("Tender for a new product", 515_000)),
			Benefit:        "Lower price per user for five forces.", BenefitAmount: 22_600_00, BenefitFrom: "2013-02-01", BenefitMeasure: "Price per user per year",
			Financial: "Within the applications budget for three years.", Legal: "Direct award under the framework.", Equality: "The product meets the accessibility standard. Two screens need large-print versions.", Welsh: "Welsh templates are included for Dyfed-Powys.",
			Risk: "One supplier serves five forces. The contract requires a copy of all case files every month so that forces can leave."}},
	"vans": {kind: "contract", by: "secretary", finance: "Affordable. Hire of two vans cost £21,300 last year.", legal: "The value is below the limit for tenders. Three quotes were obtained.",
		paper: authority.Paper{Title: "Two vans for the field engineers", Supplier: "Wheelfold Motors Ltd (sample)", Company: "99000107", Contract: "C-92", Amount: 38_000_00, Whole: 38_000_00,
			Summary:        "Field engineers hire vans by the day to carry equipment to custody suites. Buying two used vans would cost less than two years of hire.",
			Recommendation: "Buy two used vans from Wheelfold Motors Ltd (sample) for £38,000 in total.",
			Reasons:        "Engineers hired vans on 284 days in the last year at an average of £75 a day. Two vans would be used on most working days. The vans pay for themselves in 22 months, including insurance and servicing.",
			Options:        options(1, option("Go on hiring", 42_600), option("Buy two used vans", 38_000), option("Lease two new vans for three years", 51_840)),
			Financial:      "Paid from the equipment budget.", Legal: "Three quotes were obtained under the purchasing rules.", Equality: "No effect found.", Welsh: "No change.",
			Risk: "Repairs may cost more than planned. The vans have a two-year warranty."}},
	"articles": {kind: "articles", by: "officer", finance: "No cost. Fewer journeys would save about £9,000 a year.", legal: "Article 20 can be changed by special resolution. The law allows directors to meet by telephone if the articles say so.",
		paper: authority.Paper{Title: "Let the board meet by telephone",
			Summary:        "The articles require directors to meet in person. Two meetings in 2012 had no quorum because of travel. This paper changes article 20 so that directors may take part by telephone.",
			Recommendation: "Change article 20 so that a director who can hear and be heard by all others is present.",
			Reasons:        "Directors live up to 300 miles apart. Urgent decisions have waited up to 19 days for a meeting. Other companies owned by public bodies allow meetings by telephone.",
			Options:        options(1, option("Keep article 20 as it is", 0), option("Allow directors to take part by telephone", 0), option("Allow decisions by email only", 0)),
			Financial:      "A small saving on travel.", Legal: "A special resolution and the consent of both owners are needed.", Equality: "Helps directors with caring duties or a disability.", Welsh: "No change.",
			Risk: "Papers may be read less carefully. Votes by telephone will be recorded by name."}},
	"training": {kind: "contract", by: "officer", finance: "Affordable within the training budget.", legal: "A framework of this value must be advertised.",
		paper: authority.Paper{Title: "Training for new users in 2013", Supplier: "Candlewick Rise Training Ltd (sample)", Company: "99000108", Contract: "C-95", Amount: 220_000_00, Whole: 220_000_00,
			Summary:        "About 4,000 officers and staff will need training on the custody system in 2013. Each force buys its own courses. This paper sets up one framework for five regions.",
			Recommendation: "Set up a training framework for 2013 with Candlewick Rise Training Ltd (sample).",
			Reasons:        "Forces paid between £38 and £96 a person for the same one-day course in 2012. One framework would fix the price at £55. Courses could be shared between forces in a region, so that fewer run half empty.",
			Options:        options(1, option("Each force buys alone", 268_000), option("One framework for five regions", 220_000), option("Train 20 of our own trainers", 305_000)),
			Financial:      "£220,000 for about 4,000 people.", Legal: "The framework must be advertised for 40 days.", Equality: "Courses are offered at several times of day and in accessible rooms.", Welsh: "Courses in Wales are offered in Welsh.",
			Risk: "Five forces have not said how many people need training. The price per person depends on at least 3,500 places."}},
	"radio": {kind: "contract", by: "officer", finance: "One contract at £71,500 a year compares with £83,900 for the eleven contracts now. The saving depends on all eleven ending on time.", legal: "Ten of the eleven contracts can be ended without charge. The eleventh runs to September 2013 and will join then.",
		paper: authority.Paper{Title: "Shared maintenance of radio masts", Supplier: "Skylark Fell Radio Ltd (sample)", Company: "99000109", Contract: "C-97", Amount: 214_500_00, Whole: 214_500_00,
			Summary:        "Eleven regional contracts maintain 212 radio masts. All end within a year. This paper awards one contract in their place for three years.",
			Recommendation: "Award contract C-97 to Skylark Fell Radio Ltd (sample) for three years from 1 February 2013.",
			Reasons:        "Each region pays a different price for a visit, from £140 to £265. Response times differ from four hours to two days. One contract sets a price of £155 a visit and a response of six hours everywhere.\nThree companies bid. The recommended bid was the lowest and met every quality test.",
			Options:        options(1, option("Let regions renew eleven contracts", 251_700), option("One contract for all regions", 214_500), option("Two contracts, for north and south", 229_800)),
			Benefit:        "A lower yearly cost and one response time.", BenefitAmount: 12_400_00, BenefitFrom: "2013-02-01", BenefitMeasure: "Maintenance paid per year",
			Financial: "£71,500 a year for three years, within the network budget.", Legal: "Advertised and run under the procurement rules.", Equality: "No effect found.", Welsh: "Engineers who visit masts in Wales carry bilingual signs.",
			Risk: "One supplier would maintain every mast. The contract can be ended for any region that misses its response time three times in six months."}},
	"budget": {kind: "budget", by: "officer", finance: "The budget balances. Reserves stay at 5% of turnover, which is the lowest level I advise. Hosting and networks are the areas most likely to overspend.", legal: "The owners must adopt a budget before 1 April 2013. This is within the powers of the company.",
		paper: authority.Paper{Title: "Budget of the company for 2013-14", Amount: 24_000_000_00, Whole: 24_000_000_00,
			Summary:        "This paper proposes the budget of the company for the year from 1 April 2013. Spending is £24.0 million, £0.6 million less than in 2012-13. Subscriptions do not rise.",
			Recommendation: "Adopt the budget for 2013-14 as set out in this paper.",
			Reasons:        "Hosting takes £9.1 million, networks £6.4 million, applications £5.2 million, and staff and programmes £3.3 million. The saving comes from the hosting extension and fewer agency staff.\nThe handover costs £0.4 million, which is paid from reserves and does not recur.",
			Options:        options(1, option("Roll forward the budget of 2012-13", 24_600_000), option("Adopt the budget as proposed", 24_000_000), option("Cut subscriptions by 5% and stop two programmes", 22_800_000)),
			Financial:      "Income and spending balance.", Legal: "The owners adopt the budget under the articles.", Equality: "An assessment was made of the programmes that change. No group is worse off.", Welsh: "£40,000 is kept for Welsh language versions.",
			Risk: "If the handover is late, two sets of accounts must be kept, at about £30,000 a month."}},
	"storage": {kind: "contract", by: "officer", finance: "£160,000 is within the budget for storage. Buying now costs £14,000 more than waiting for the tender.", legal: "An award for one year without a tender is allowed where a service would otherwise stop.",
		paper: authority.Paper{Title: "Storage for digital evidence, first year", Supplier: "Copperstile Data Centres Ltd (sample)", Company: "99000110", Contract: "C-99", Amount: 160_000_00, Whole: 160_000_00, Effective: "2013-02-01",
			Summary:        "The storage that forces share for digital evidence will be full in May 2013. The tender for new storage ends in autumn. This paper buys one year to fill the gap.",
			Recommendation: "Buy one year of storage from Copperstile Data Centres Ltd (sample), from 1 February 2013.",
			Reasons:        "Storage in use grew from 310 to 442 terabytes in 2012, mostly interview recordings and video. At that rate it is full in the second week of May. Forces cannot delete evidence in open cases.",
			Options:        options(1, option("Do nothing and limit new recordings from May", 0), option("Buy one year ahead of the tender", 160_000), option("Extend the tender and buy three years now", 465_000)),
			Financial:      "Within the storage budget for 2013-14.", Legal: "A one-year award without a tender, published with reasons.", Equality: "No effect found.", Welsh: "No change.",
			Risk: "The tender may be late again. Officers will report on it to the board in June."}},
	"outage": {kind: "contract", by: "officer", urgent: "The support of a system in daily use ends on 31 December 2012", finance: "£120,000 was not in the budget and comes from the contingency, which then stands at £85,000.", legal: "The contract can be made for one year without a tender because only this supplier can support the product.",
		paper: authority.Paper{Title: "Support for the identity system through 2013", Supplier: "Thistlegate Software Ltd (sample)", Company: "99000111", Contract: "C-93", Amount: 120_000_00, Whole: 120_000_00,
			Summary:        "Officers in 43 forces sign in through one identity system. The supplier ends its standard support on 31 December 2012. This paper buys extended support for 2013.",
			Recommendation: "Buy support for one year from Thistlegate Software Ltd (sample), from 1 January 2013.",
			Reasons:        "Without support, security faults would not be mended. The system had seven such faults in 2012. Its replacement is planned for November 2013.\nThe supplier told the company on 26 November that standard support would end. There is no time for call-in before the end of the year.",
			Options:        options(1, option("Run the system without support", 0), option("Buy extended support for one year", 120_000), option("Bring the replacement forward to March", 540_000)),
			Financial:      "Paid from contingency.", Legal: "Only this supplier can support the product.", Equality: "No effect found.", Welsh: "No change.",
			Risk: "If the replacement is late, a second year of support would cost more. The programme board looks at progress each month."}},
}

// dissents are the reasons of directors who voted against a decision.
var dissents = map[string]string{
	"office":   "The saving is not proved, and a move in the months of the handover would put it at risk.",
	"network":  "The lowest bid scored second for quality. Monitoring is where quality matters most.",
	"software": "Five forces should not depend on one supplier without a tender.",
	"radio":    "The paper does not show what each region would pay.",
	"storage":  "The tender has been late twice. We should not pay for that again.",
}
