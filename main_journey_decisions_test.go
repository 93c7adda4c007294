package main

import (
	"fmt"
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
	reader.reads("No. It has not been made yet.", "It waits for the finance view.", "Restricted", "Ground: Commercial interests.")
	reader.doesNotRead(secretWords)

	title := ref + ": Case files for ten forces (sample)"
	finance := b.office(t, demo.url, "Chief finance officer (sample)")
	finance.goesTo("Your tasks", "Read and give it: Give the finance view on "+title)
	finance.types("Your view", "Within the budget of the year (sample).")
	finance.presses("Check before recording")
	finance.reads("Nothing has been recorded yet", "gives the finance view")
	finance.presses("Give your finance view")
	finance.reads("Your view is event")

	secretary.goesTo("Your tasks", "Read and give it: Give the legal view on "+title)
	secretary.types("Your view", "The company has the power (sample).")
	secretary.presses("Check before recording")
	secretary.presses("Give your legal view")
	secretary.goesTo("Your tasks", "Open it: Ask those who decide: "+title)
	secretary.presses("Check before recording")
	secretary.reads("Who may vote", "Home Office", "Association of Police and Crime Commissioners")
	secretary.presses("Ask those who decide")
	secretary.reads("Those who decide are asked", "0 of 2 votes for, 2 needed")

	official := b.office(t, demo.url, "Official for programmes (sample)")
	association := b.office(t, demo.url, "Association officer (sample)")
	for _, member := range []person{official, association} {
		member.goesTo("Your tasks", "Read and approve: "+title)
		member.reads("£2,000,000.00", "Part 2 of the paper, restricted: Commercial interests")
		member.approves()
	}
	association.reads("What was decided", "2 of 2 votes for")

	secretary.goesTo("Your tasks", "Publish it: Publish the notice of "+title)
	secretary.presses("Check before recording")
	secretary.swears("Publish the notice")
	secretary.reads("The notice is published: it is event")

	reader.opens("/")
	reader.goesTo("Decisions", "Case files for ten forces (sample)*")
	reader.reads("May this be implemented now?", "No. From 5pm on 21 January 2013, if no valid call-in is made.", "0 of 3 signatures",
		"Who decided, and by what authority", "Official for programmes", "Association officer", "Scheme 1, paragraph 4.4: every member of the company", "Every vote",
		"Restricted", "Its commitment:")
	reader.doesNotRead(secretWords)
	reader.isAccessible("a decision on which nobody has signed")
	reader.follows("Read the notice")
	reader.reads("Decision notice "+ref, "Signed 14 January 2013", "Nobody dissented.", "Award the contract for three years.")
	reader.doesNotRead(secretWords)
	reader.goesTo(ref, "Try who may decide")
	reader.reads("Official for programmes", "Association officer")
	reader.follows(ref)
	reader.follows(ask[string](reader.tab, `document.querySelector("[aria-labelledby=receipt] a[href^='/record/']").textContent`))
	reader.reads("Receipt", "signed root stands for", "Notice published", "Decision "+ref)
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
	officer.presses("Go on")
	officer.types("Title", "Case files for ten forces (sample)")
	officer.types("Summary", "Licences for ten forces, for three years (sample).")
	officer.types("Recommendation", "Award the contract for three years.")
	officer.types("Reasons", "Ten forces buy alone today.")
	officer.types("Option 1: What it is", "Do nothing")
	officer.types("Option 2: What it is", "Award the contract")
	officer.types("Option 2: Its cost in pounds, if worked out", "1,200,000")
	officer.chooses("Option 2 is recommended")
	officer.types("Amount of this decision, in pounds", "1,200,000")
	officer.types("Whole-life value, in pounds", "2,000,000")
	officer.types("Supplier, if there is one", "Quillstone Files Ltd (sample)")
	officer.types("Its company number", "99000120")
	officer.types("Contract reference, if there is one", "C-120")
	for _, implication := range []string{"Financial", "Legal", "Equality", "Welsh language"} {
		officer.types(implication, "None (sample).")
	}
	officer.types("Text of Part 2", secretWords)
	officer.selects("Ground on which it is restricted", authority.Part2Grounds[0])
	officer.fillsDay("When is it looked at again?", "1", "7", "2013")
	officer.presses("Keep the draft")
	officer.reads("The draft is kept.")

	officer.follows("Put it forward")
	officer.reads("1 thing to correct before it can be put forward")
	officer.follows("Give the risk implications*")
	officer.press(kb.Tab) // a page without a window has no ring on what its address names until a key is pressed
	officer.goesBackTo("Risk")
	officer.types("Risk", "Low (sample).")
	officer.presses("Keep the draft")
	officer.follows("Put it forward")
	officer.presses("Check before recording")
	officer.isAccessible("the check before a decision is put forward")
	officer.presses("Put it forward")
	officer.reads("The decision is put forward", "Every member of the company")
	return ask[string](officer.tab, `location.pathname.split("/").pop()`)
}

// approves answers yes on the form of a vote, having seen by what authority.
func (p person) approves() {
	p.t.Helper()
	p.chooses("Approve")
	p.presses("Check before recording")
	p.reads("By what authority you act", "The body is a member of the company", "The person did not propose it")
	p.doesNotRead("Fails")
	p.swears("Record your answer: Approve")
	p.reads("Recorded: your vote is event")
}

// callsIn: the third signature makes a call-in valid, and its hearing refers the
// decision back.
func callsIn(t *testing.T, b *browser) {
	demo, _ := demonstrate(t)
	const title = "2013-002: Shared maintenance of radio masts"
	chair := b.office(t, demo.url, "Chair of scrutiny (sample)")
	chair.goesTo("Your tasks", "Read and sign: "+title+" can still be called in")
	chair.reads("2 of 3 signatures", "paragraph 12")
	chair.types("Your reason", "The cost for each region is missing (sample).")
	chair.presses("Check before recording")
	chair.hasFocusOn("Nothing was recorded*")
	chair.chooses(story.LeftOut)
	chair.presses("Check before recording")
	chair.reads("Nothing has been recorded yet", story.LeftOut, "Called in")
	chair.swears("Sign the call-in", "a wrong password", people.SamplePassword)
	chair.reads("Recorded: your signature is event", "Called in")

	clerk := b.office(t, demo.url, "Clerk to the committee (sample)")
	clerk.goesTo("Your tasks", "Record it: Record the hearing of "+title)
	clerk.reads("The cost for each region is missing (sample).")
	clerk.chooses("Refer back")
	clerk.types("Reasons", "The paper must cost each region (sample).")
	clerk.presses("Check before recording")
	clerk.swears("Record the hearing")
	clerk.reads("The hearing is recorded: it is event")

	reader := b.somebody(t, demo.url)
	reader.goesTo("Decisions", "Shared maintenance of radio masts*")
	reader.reads("May this be implemented now?", "Referred back", "The paper must cost each region (sample).", "The cost for each region is missing (sample).")
	reader.doesNotRead("Yes, since")
	reader.isAccessible("a decision that was referred back")

	officer := b.office(t, demo.url, "Company officer (sample)")
	officer.goesTo("Your tasks", "Change the paper: Reconsider "+title)
	officer.reads("This makes version 2 of the paper.")
}

// threeSign: the three who may sign a call-in do so one after the other. The
// third signature holds the decision, and anyone reads that.
func threeSign(t *testing.T, b *browser) {
	demo, _ := demonstrate(t, "--today", "2013-01-10") // nobody has signed yet
	const title = "2013-002: Shared maintenance of radio masts"
	reasons := []string{"No region is costed (sample).", "The age of the masts is not given (sample).", "Tenders of the regions are left out (sample)."}
	var third person
	for i, office := range []string{"Scrutineer (sample)", "Second scrutineer (sample)", "Chair of scrutiny (sample)"} {
		third = b.office(t, demo.url, office)
		third.goesTo("Your tasks", "Read and sign: "+title+" can still be called in")
		third.reads(fmt.Sprintf("%d of 3 signatures", i))
		third.signs(reasons[i])
		third.goesTo("Decisions", "Shared maintenance of radio masts*")
		if i < 2 {
			third.reads("No. From 5pm on 17 January 2013, if no valid call-in is made.", fmt.Sprintf("%d of 3 signatures", i+1), reasons[i], "Withdraw your signature")
			third.doesNotRead("Sign the call-in", "Called in")
		}
	}
	third.reads("Called in")
	third.doesNotRead("Withdraw your signature") // what is valid ends by its hearing

	reader := b.somebody(t, demo.url)
	reader.goesTo("Decisions", "Shared maintenance of radio masts*")
	reader.reads(append(reasons, "May this be implemented now?", "No. It was called in on 10 January 2013", "3 of 3 signatures; valid since", "is to be heard by")...)
	reader.doesNotRead("if no valid call-in is made")
	reader.isAccessible("a decision that is called in")
	reader.opens("/")
	reader.reads("Held: not to be implemented yet", "Shared maintenance of radio masts")
	reader.follows("All that are held")
	reader.reads("Shared maintenance of radio masts", "Called in")
}

// signs signs the call-in of whose form this is.
func (p person) signs(reason string) {
	p.t.Helper()
	p.chooses(story.LeftOut)
	p.types("Your reason", reason)
	p.presses("Check before recording")
	p.reads("Nothing has been recorded yet", story.LeftOut, reason)
	p.swears("Sign the call-in")
	p.reads("Recorded: your signature is event")
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
	title := ref + ": Let members meet by telephone (sample)"
	secretary.goesTo("Your tasks", "Read and give it: Give the legal view on "+title)
	secretary.types("Your view", "The articles may say so (sample).")
	secretary.presses("Check before recording")
	secretary.presses("Give your legal view")
	secretary.goesTo("Your tasks", "Open it: Ask those who decide: "+title)
	secretary.chooses("Circulate a written resolution")
	secretary.presses("Check before recording")
	secretary.reads("Who may vote", "Kent", "40 of 40 votes count")
	secretary.presses("Ask those who decide")
	secretary.reads("0 of 40 votes for, 30 needed")

	kent := b.office(t, demo.url, "Commissioner for Kent (sample)")
	kent.goesTo("Your tasks", "Read and vote: "+title)
	kent.reads("0 of 40 votes for, 30 needed", "Agreement to a written resolution cannot be withdrawn")
	kent.isAccessible("the answer to a written resolution")
	kent.chooses("Agree")
	kent.presses("Check before recording")
	kent.reads("By what authority you act", "The body is a member of the company", "1 of 40 votes for, 30 needed")
	kent.swears("Record your answer: Agree")
	kent.reads("Recorded: your vote is event", "1 of 40 votes for, 30 needed", "Scheme 2, paragraph 8", "Commissioner for Kent")
	kent.doesNotRead("Answer the written resolution", "You do not decide this")
	kent.unfolds("Each of the 40 that vote*")
	kent.reads("Police and Crime Commissioner for Kent 1 vote For")
	kent.isAccessible("a written resolution with the answer of each")

	reader := b.somebody(t, demo.url)
	reader.goesTo("Decisions", "Let members meet by telephone (sample)")
	reader.reads("No. It has not been made yet.", "1 of 40 votes for, 30 needed. Voting closes at", "29 April 2013", "Commissioner for Kent")
}

// proposesArticles drafts a change of the articles, which members decide by any
// scheme, and puts it forward.
func proposesArticles(officer person) (ref string) {
	officer.t.Helper()
	officer.goesTo("Decisions", "Propose a decision")
	officer.chooses("Change of the articles")
	officer.presses("Go on")
	for _, field := range [][2]string{{"Title", "Let members meet by telephone (sample)"}, {"Summary", "Members are far apart (sample)."},
		{"Recommendation", "Change article 30."}, {"Reasons", "Travel costs more than it gives."},
		{"Option 1: What it is", "Do nothing"}, {"Option 2: What it is", "Change the article"}} {
		officer.types(field[0], field[1])
	}
	officer.chooses("Option 2 is recommended")
	for _, implication := range []string{"Financial", "Legal", "Equality", "Welsh language", "Risk"} {
		officer.types(implication, "None (sample).")
	}
	officer.presses("Keep the draft")
	officer.follows("Put it forward")
	officer.presses("Check before recording")
	officer.presses("Put it forward")
	officer.reads("The decision is put forward", "Scheme 2, paragraph 8")
	return ask[string](officer.tab, `location.pathname.split("/").pop()`)
}

// approvesWhatWaits: the Home Office approves the budget, which is made by that
// and published.
func approvesWhatWaits(t *testing.T, b *browser) {
	demo, _ := demonstrate(t)
	const title = "2013-003: Budget of the company for 2013-14"
	official := b.office(t, demo.url, "Official for programmes (sample)")
	official.goesTo("Your tasks", "Read and approve: "+title)
	official.reads("1 of 2 votes for, 2 needed")
	official.follows("Budget of the company for 2013-14, version 1")
	official.reads("Adopt the budget.")
	official.goesTo("Your tasks", "Read and approve: "+title)
	official.approves()
	official.reads("2 of 2 votes for", "No. It was made on 14 January 2013 and has not been published.")

	secretary := b.office(t, demo.url, "Company secretary (sample)")
	secretary.goesTo("Your tasks", "Publish it: Publish the notice of "+title)
	secretary.presses("Check before recording")
	secretary.swears("Publish the notice")
	secretary.reads("No. From 5pm on 21 January 2013, if no valid call-in is made.")
}

// nobodySigns: when the time for call-in ends, a decision may be implemented.
func nobodySigns(t *testing.T, b *browser) {
	demo, _ := demonstrate(t)
	reader := b.somebody(t, demo.url)
	reader.goesTo("Decisions", "Shared maintenance of radio masts*")
	reader.reads("No. From 5pm on 17 January 2013, if no valid call-in is made.")
	reader.presses("Move to 21 January 2013")
	reader.goesTo("Decisions", "Shared maintenance of radio masts*")
	reader.reads("Yes, since 5pm on 17 January 2013.", "no valid call-in was made")
	secretary := b.office(t, demo.url, "Company secretary (sample)")
	secretary.goesTo("Your tasks", "Record it: Implement 2013-002: Shared maintenance of radio masts")
	secretary.types("Evidence", "Contract C-97, signed (sample)")
	secretary.presses("Check before recording")
	secretary.presses("Record the implementation")
	secretary.reads("Yes. It was implemented on 21 January 2013.")
}

// findsNoVote: a commissioner whose body is no member yet reads that, by which
// rule, in a decision; declares an interest; and lets another office vote.
func findsNoVote(t *testing.T, b *browser) {
	demo, _ := demonstrate(t)
	kent := b.office(t, demo.url, "Commissioner for Kent (sample)")
	kent.goesTo("Decisions", "Budget of the company for 2013-14*")
	kent.reads("You do not decide this.", "The body is a member of the company.")
	kent.follows("How that is worked out")
	kent.reads("May this person decide it on 14 January 2013?", "No: Police and Crime Commissioner for Kent is not in the register of members on 14 January 2013.")
	kent.isAccessible("the authority of one person")

	kent.goesTo("Registers of interests", "Declare an interest")
	kent.types("Company number", "99000109")
	kent.types("Name of the company", "Skylark Fell Radio Ltd (sample)")
	kent.types("What the interest is", "Paid adviser (sample)")
	kent.fillsDay("The day on which it began", "14", "1", "2013")
	kent.presses("Check before recording")
	kent.reads("99000109", "Paid adviser (sample)")
	kent.presses("Declare the interest")
	kent.reads("The interest is in the register.", "Skylark Fell Radio Ltd (sample)")

	kent.goesTo("Delegations", "Delegate")
	kent.selects("Body of the office that shall act", "Police and Crime Commissioner for Kent")
	kent.presses("Show its offices")
	kent.reads("Chief executive")
	kent.isAccessible("the form of a delegation")
}
