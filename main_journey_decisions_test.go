package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/story"
)

// approvesWithProof: a contract goes from its draft to its notice, and anyone
// reads who approved it and why they might.
func approvesWithProof(t *testing.T, b *browser) {
	demo, _ := demonstrate(t)
	officer := b.office(t, demo.url, "Company officer (sample)")
	secretary := b.office(t, demo.url, "Company secretary (sample)")
	reader := b.somebody(t, demo.url)

	ref := proposesContract(officer)
	reader.opens("/decisions/" + ref)
	reader.reads("No. It has not been made yet.", "The finance view is due before voting opens.", "Restricted", "Ground: Commercial interests.")
	reader.doesNotRead(secretWords)

	title := unbroken(ref) + ": Case files for ten forces (sample)"
	finance := b.office(t, demo.url, "Chief finance officer (sample)")
	finance.goesTo("Your tasks", "Read and give your view: Give the finance view on "+title)
	finance.types("Your view", "Within the budget of the year (sample).")
	finance.presses("Check before recording")
	finance.reads("Nothing has been recorded yet", "The role gives the finance view")
	finance.presses("Give your finance view")
	finance.reads("Your view has been recorded.")

	secretary.goesTo("Your tasks", "Read and give your view: Give the legal view on "+title)
	secretary.types("Your view", "The company has the power (sample).")
	secretary.presses("Check before recording")
	secretary.presses("Give your legal view")
	secretary.goesTo("Your tasks", "Open voting: Open voting on "+title)
	secretary.presses("Check before recording")
	secretary.reads("Who may vote", "Home Office", "Association of Police and Crime Commissioners")
	secretary.presses("Open voting")
	secretary.reads("Voting is open.", "0 of 2 votes for, 2 needed")

	official := b.office(t, demo.url, "Official for programmes (sample)")
	association := b.office(t, demo.url, "Association officer (sample)")
	for _, member := range []person{official, association} {
		member.goesTo("Your tasks", "Read and approve: "+title)
		member.reads("£2,000,000.00", "Part 2 of the paper (restricted: commercial interests)")
		member.approves()
	}
	association.reads("What was decided", "2 of 2 votes for")

	secretary.goesTo("Your tasks", "Publish the notice: Publish the notice of "+title)
	secretary.presses("Check before recording")
	secretary.swears("Publish the notice")
	secretary.reads("The notice has been published.")

	reader.opens("/")
	reader.goesTo("Decisions", "Case files for ten forces (sample)*")
	reader.reads("May this be implemented now?", "No. It may be implemented from 5pm on 21 January 2013 unless it is called in before then.", "0 of 3 signatures",
		"Who decided", "Official for programmes", "Association officer", "scheme 1, paragraph 4.4", "every vote",
		"Restricted", "Fingerprint of Part 2")
	reader.doesNotRead(secretWords)
	reader.isAccessible("a decision on which nobody has signed")
	reader.follows("Read the notice")
	reader.reads("Decision notice "+unbroken(ref), "Signed 14 January 2013", "Nobody voted against or abstained.", "Award the contract for three years.")
	reader.doesNotRead(secretWords)
	reader.goesTo(unbroken(ref), "Check whether someone else could decide, or on another day")
	reader.reads("Official for programmes", "Association officer")
	reader.follows(unbroken(ref))
	reader.unfolds("Check the published decision yourself")
	reader.opens(ask[string](reader.tab, `document.querySelector("#main details dl a[href^='/record/']").getAttribute("href")`))
	reader.reads("Receipt", "is included in the signed record of", "Notice published", "Decision "+ref)
	reader.doesNotRead(secretWords)
}

// secretWords are in Part 2 of the contract of the journey.
const secretWords = "£41.77 for each user"

// proposesContract drafts a contract with a Part 2, is told what is missing, and
// puts it forward.
func proposesContract(officer person) (ref string) {
	officer.t.Helper()
	officer.goesTo("Decisions", "Propose a decision")
	officer.chooses("Contract, or extension of one")
	officer.presses("Continue")
	officer.types("Title", "Case files for ten forces (sample)")
	officer.presses("Save and continue")
	officer.reads("Your draft has been saved.", "Complete the paper")
	officer.fillsPart("Title and decision", [][2]string{{"Summary", "Licences for ten forces, for three years (sample)."}, {"Decision", "Award the contract for three years."}, {"Reasons", "Ten forces buy alone today."}})
	officer.fillsOptions("Award the contract", "1,200,000")
	officer.fillsPart("Cost and supplier", [][2]string{{"Cost of this decision, in pounds", "1,200,000"}, {"Whole-life value, in pounds", "2,000,000"}, {"Supplier (optional)", "Quillstone Files Ltd (sample)"},
		{"Company number of the supplier", "99000120"}, {"Contract reference (optional)", "C-120"}})
	officer.fillsPart("Implications", [][2]string{{"Financial", "None (sample)."}, {"Legal", "None (sample)."}, {"Equality", "None (sample)."}, {"Welsh language", "None (sample)."}})
	officer.follows("Part 2 and urgency")
	officer.types("Text of Part 2 (optional)", secretWords)
	officer.selects("Why it is restricted", authority.Part2Grounds[0])
	officer.fillsDay("Review date", "1", "7", "2013")
	officer.presses("Save and continue")

	officer.follows("Check and propose")
	officer.reads("1 thing to complete before you can propose the decision")
	officer.follows("Enter the risk implications*")
	officer.press(kb.Tab) // a page without a window has no ring on what its address names until a key is pressed
	officer.goesBackTo("Risk")
	officer.types("Risk", "Low (sample).")
	officer.presses("Save and continue")
	officer.follows("Check and propose")
	officer.presses("Check before recording")
	officer.isAccessible("the check before a decision is proposed")
	officer.presses("Propose the decision")
	officer.reads("The decision has been proposed.", "Every member of the company")
	return ask[string](officer.tab, `location.pathname.split("/").pop()`)
}

// fillsPart fills in and saves one part of the draft whose page this is.
func (p person) fillsPart(part string, fields [][2]string) {
	p.t.Helper()
	p.follows(part)
	for _, f := range fields {
		p.types(f[0], f[1])
	}
	p.presses("Save and continue")
}

// fillsOptions fills in to do nothing, and an option that is recommended.
func (p person) fillsOptions(chosen, cost string) {
	p.t.Helper()
	p.follows("Options considered")
	p.types("Option 1: Description", "Do nothing")
	p.types("Option 2: Description", chosen)
	if cost != "" {
		p.types("Option 2: Cost in pounds (optional)", cost)
	}
	p.chooses("Option 2 is recommended")
	p.presses("Save and continue")
}

// unbroken is a reference as a page shows it.
func unbroken(ref string) string { return strings.ReplaceAll(ref, "-", "\u2011") }

// approves answers yes on the form of a vote, having seen by what authority.
func (p person) approves() {
	p.t.Helper()
	p.chooses("Approve")
	p.presses("Check before recording")
	p.reads("Checks that you may do this", "The body is a member of the company", "The person is not the proposer")
	p.doesNotRead("Not passed")
	p.swears("Approve")
	p.reads("Your approval has been recorded.", "View your receipt")
}

// callsIn: the third signature makes a call-in valid, and its hearing refers the
// decision back.
func callsIn(t *testing.T, b *browser) {
	demo, _ := demonstrate(t)
	title := unbroken("2013-002: Shared maintenance of radio masts")
	chair := b.office(t, demo.url, "Chair of scrutiny (sample)")
	chair.goesTo("Your tasks", "Read and sign: "+title+" can still be called in")
	chair.reads("2 of 3 signatures", "paragraph 12")
	chair.types("Your reason", "The cost for each region is missing (sample).")
	chair.presses("Check before recording")
	chair.hasFocusOn("Nothing was recorded*")
	chair.chooses(story.LeftOut)
	chair.presses("Check before recording")
	chair.reads("Nothing has been recorded yet", story.LeftOut, "On hold: called in")
	chair.swears("Sign the call-in", "a wrong password", people.SamplePassword)
	chair.reads("Your signature has been recorded.", "It was called in on")

	clerk := b.office(t, demo.url, "Clerk to the committee (sample)")
	clerk.goesTo("Your tasks", "Record the hearing: Record the hearing of "+title)
	clerk.reads("The cost for each region is missing (sample).")
	clerk.chooses("Refer back")
	clerk.types("Reasons", "The paper must cost each region (sample).")
	clerk.presses("Check before recording")
	clerk.swears("Record the hearing")
	clerk.reads("The hearing has been recorded.")

	reader := b.somebody(t, demo.url)
	reader.goesTo("Decisions", "Shared maintenance of radio masts*")
	reader.reads("May this be implemented now?", "Referred back", "The paper must cost each region (sample).", "The cost for each region is missing (sample).")
	reader.doesNotRead("Yes, since")
	reader.isAccessible("a decision that was referred back")

	officer := b.office(t, demo.url, "Company officer (sample)")
	officer.goesTo("Your tasks", "Change the paper: Reconsider "+title)
	officer.reads("Your changes make version 2 of the paper.")
}

// threeSign: the three who may sign a call-in do so one after the other. The
// third signature holds the decision, and anyone reads that.
func threeSign(t *testing.T, b *browser) {
	demo, _ := demonstrate(t, "--today", "2013-01-10") // nobody has signed yet
	title := unbroken("2013-002: Shared maintenance of radio masts")
	reasons := []string{"No region is costed (sample).", "The age of the masts is not given (sample).", "Tenders of the regions are left out (sample)."}
	var third person
	for i, office := range []string{"Scrutineer (sample)", "Second scrutineer (sample)", "Chair of scrutiny (sample)"} {
		third = b.office(t, demo.url, office)
		third.goesTo("Your tasks", "Read and sign: "+title+" can still be called in")
		third.reads(fmt.Sprintf("%d of 3 signatures", i))
		third.signs(reasons[i])
		third.goesTo("Decisions", "Shared maintenance of radio masts*")
		if i < 2 {
			third.reads("No. It may be implemented from 5pm on 17 January 2013 unless it is called in before then.", fmt.Sprintf("%d of 3 signatures", i+1), reasons[i], "Withdraw your signature")
			third.doesNotRead("Sign the call-in", "It was called in")
		}
	}
	third.reads("It was called in")
	third.doesNotRead("Withdraw your signature") // what is valid ends by its hearing

	reader := b.somebody(t, demo.url)
	reader.goesTo("Decisions", "Shared maintenance of radio masts*")
	reader.reads(append(reasons, "May this be implemented now?", "No. It was called in on 10 January 2013 and must be heard by")...)
	reader.doesNotRead("unless it is called in before then")
	reader.isAccessible("a decision that is called in")
	reader.opens("/")
	reader.reads("On hold", "Shared maintenance of radio masts")
	reader.follows("All decisions on hold")
	reader.reads("Shared maintenance of radio masts", "called in")
}

// signs signs the call-in of whose form this is.
func (p person) signs(reason string) {
	p.t.Helper()
	p.chooses(story.LeftOut)
	p.types("Your reason", reason)
	p.presses("Check before recording")
	p.reads("Nothing has been recorded yet", story.LeftOut, reason)
	p.swears("Sign the call-in")
	p.reads("Your signature has been recorded.")
}

// commissionerVotes: once the handover is complete, the members decide by the
// scheme of the local policing bodies, and a commissioner answers for one of them.
func commissionerVotes(t *testing.T, b *browser) {
	demo, _ := demonstrate(t, "--today", "2013-04-01")
	secretary := b.office(t, demo.url, "Company secretary (sample)")
	certifiesAll(b, demo.url, secretary)
	secretary.goesTo("Your tasks", "Read and complete: Complete the handover")
	secretary.presses("Check before completing")
	secretary.swears("Complete the handover")

	officer := b.office(t, demo.url, "Company officer (sample)")
	ref := proposesArticles(officer)
	title := unbroken(ref) + ": Let members meet by telephone (sample)"
	secretary.goesTo("Your tasks", "Read and give your view: Give the legal view on "+title)
	secretary.types("Your view", "The articles may say so (sample).")
	secretary.presses("Check before recording")
	secretary.presses("Give your legal view")
	secretary.goesTo("Your tasks", "Open voting: Open voting on "+title)
	secretary.chooses("Circulate a written resolution")
	secretary.presses("Check before recording")
	secretary.reads("Who may vote", "Kent", "40 of 40 votes count")
	secretary.presses("Open voting")
	secretary.reads("0 of 40 votes for, 30 needed")

	kent := b.office(t, demo.url, "Commissioner for Kent (sample)")
	kent.goesTo("Your tasks", "Read and vote: "+title)
	kent.reads("0 of 40 votes for, 30 needed", "You cannot withdraw your agreement")
	kent.isAccessible("the answer to a written resolution")
	kent.chooses("Agree")
	kent.presses("Check before recording")
	kent.reads("Checks that you may do this", "The body is a member of the company", "1 of 40 votes for, 30 needed")
	kent.swears("Agree")
	kent.reads("Your vote has been recorded.", "1 of 40 votes for, 30 needed", "scheme 2, paragraph 8", "Commissioner for Kent")
	kent.doesNotRead("Answer the written resolution", "You cannot vote on this")
	kent.unfolds("Not answered yet")
	kent.isAccessible("a written resolution with the answer of each")

	reader := b.somebody(t, demo.url)
	reader.goesTo("Decisions", "Let members meet by telephone (sample)")
	reader.reads("No. It has not been made yet.", "1 of 40 votes for, 30 needed", "Voting closes at midnight at the end of 28 April 2013", "Commissioner for Kent")
}

// proposesArticles drafts a change of the articles, which members decide by any
// scheme, and puts it forward.
func proposesArticles(officer person) (ref string) {
	officer.t.Helper()
	officer.goesTo("Decisions", "Propose a decision")
	officer.chooses("Change of the articles")
	officer.presses("Continue")
	officer.types("Title", "Let members meet by telephone (sample)")
	officer.presses("Save and continue")
	officer.fillsPart("Title and decision", [][2]string{{"Summary", "Members are far apart (sample)."}, {"Decision", "Change article 30."}, {"Reasons", "Travel costs more than it gives."}})
	officer.fillsOptions("Change the article", "")
	officer.fillsPart("Implications", [][2]string{{"Financial", "None (sample)."}, {"Legal", "None (sample)."}, {"Equality", "None (sample)."}, {"Welsh language", "None (sample)."}, {"Risk", "None (sample)."}})
	officer.follows("Check and propose")
	officer.presses("Check before recording")
	officer.presses("Propose the decision")
	officer.reads("The decision has been proposed.", "scheme 2, paragraph 8")
	return ask[string](officer.tab, `location.pathname.split("/").pop()`)
}

// approvesWhatWaits: the Home Office approves the budget, which is made by that
// and published.
func approvesWhatWaits(t *testing.T, b *browser) {
	demo, _ := demonstrate(t)
	title := unbroken("2013-003") + ": Budget of the company for 2013-14"
	official := b.office(t, demo.url, "Official for programmes (sample)")
	official.goesTo("Your tasks", "Read and approve: "+title)
	official.reads("1 of 2 votes for, 2 needed")
	official.reads("The paper", "Options considered", "Finance view", "Legal view")
	official.approves()
	official.reads("2 of 2 votes for", "No. It was made on 14 January 2013 but has not been published.")

	secretary := b.office(t, demo.url, "Company secretary (sample)")
	secretary.goesTo("Your tasks", "Publish the notice: Publish the notice of "+title)
	secretary.presses("Check before recording")
	secretary.swears("Publish the notice")
	secretary.reads("No. It may be implemented from 5pm on 21 January 2013 unless it is called in before then.")
}

// nobodySigns: when the time for call-in ends, a decision may be implemented.
func nobodySigns(t *testing.T, b *browser) {
	demo, _ := demonstrate(t)
	reader := b.somebody(t, demo.url)
	reader.goesTo("Decisions", "Shared maintenance of radio masts*")
	reader.reads("No. It may be implemented from 5pm on 17 January 2013 unless it is called in before then.")
	reader.presses("Move to 21 January 2013")
	reader.goesTo("Decisions", "Shared maintenance of radio masts*")
	reader.reads("Yes, since 5pm on 17 January 2013.", "It was not called in")
	secretary := b.office(t, demo.url, "Company secretary (sample)")
	secretary.goesTo("Your tasks", "Record the implementation: Implement "+unbroken("2013-002")+": Shared maintenance of radio masts")
	secretary.types("Evidence", "Contract C-97, signed (sample)")
	secretary.presses("Check before recording")
	secretary.presses("Record the implementation")
	secretary.reads("Yes. It was implemented on 21 January 2013.")
}

// findsNoVote: a commissioner whose body is no member yet reads that, by which
// rule, in a decision; declares an interest; and lets another office vote.
func findsNoVote(t *testing.T, b *browser) {
	demo := b.library
	kent := b.office(t, demo.url, "Commissioner for Kent (sample)")
	kent.goesTo("Decisions", "Budget of the company for 2013-14*")
	kent.reads("You cannot vote on this")
	kent.follows("See the checks made")
	kent.reads("Could this person decide it on 14 January 2013?", "No, because Police and Crime Commissioner for Kent was not a member of the company on 14 January 2013.")
	kent.isAccessible("the authority of one person")

	kent.goesTo("Registers of interests", "Declare an interest")
	kent.types("Company number", "99000109")
	kent.types("Company name", "Skylark Fell Radio Ltd (sample)")
	kent.types("Interest", "Paid adviser (sample)")
	kent.fillsDay("Start date", "14", "1", "2013")
	kent.presses("Check before recording")
	kent.reads("99000109", "Paid adviser (sample)")
	kent.presses("Declare the interest")
	kent.reads("Your interest has been recorded.", "Skylark Fell Radio Ltd (sample)")

	kent.goesTo("Delegations", "Add a delegation")
	kent.selects("Body of the delegate", "Police and Crime Commissioner for Kent")
	kent.presses("Show its roles")
	kent.reads("Chief executive")
	kent.isAccessible("the form of a delegation")
}
