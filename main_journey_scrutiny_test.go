package main

import (
	"testing"

	"github.com/police-ict/handover/store/people"
)

// asksAboutABar: a commissioner asks about a bar of spend, is answered late and
// in part, and what the committee recommends of it is followed up until it is
// verified.
func asksAboutABar(t *testing.T, b *browser) {
	demo, _ := demonstrate(t, "--today", "2012-11-22") // the first day of commissioners
	kent := b.office(t, demo.url, "Commissioner for Kent (sample)")
	const title = "Why was one supplier paid twice in a month (sample)?"
	question, figure := asksOfSpend(kent, title)

	reader := b.somebody(t, demo.url)
	answersLate(b, reader, question, title)

	chair := b.office(t, demo.url, "Chair of scrutiny (sample)")
	chair.opens("/")
	chair.goesTo("Questions", title)
	chair.goesTo("Take up the question")
	chair.chooses("Scrutiny committee of the association (sample)")
	chair.types("Why are you taking it up? (optional)", "Ten forces pay the same supplier (sample).")
	chair.presses("Check before sending")
	chair.reads("Nothing has been recorded yet", "Scrutiny committee of the association (sample)")
	chair.presses("Take up the question")
	chair.goesTo("Your tasks", "Read the answer: Say whether the answer is complete: "+question+": "+title)
	chair.isAccessible("the view of an answer")
	chair.chooses("In part")
	chair.presses("Check before sending")
	chair.hasFocusOn("Nothing was recorded*")
	chair.types("Your reasons", "Who checks the invoices is left out (sample).")
	chair.presses("Check before sending")
	chair.presses("Say whether it is answered")
	chair.reads("The questioner’s view: partly answered, from Chair of scrutiny, for the Scrutiny committee of the association (sample)")

	recommendation := recommends(chair, question)
	followsUp(b, chair, recommendation)

	reader.opens("/")
	reader.goesTo("Questions", title)
	reader.reads(figure, "The figure then and now", "Holding answer", "The reply took 29 working days.", "The questioner says it is partly answered.", "Working day 29, due on day 20", "Who checks the invoices is left out (sample).")
	reader.doesNotRead("What you can do")
	reader.isAccessible("a question that was answered late")
	reader.goesTo("Questions", "Recommendations", recommendedTitle)
	reader.reads("Yes. The committee confirmed on 7 January 2013 that it is complete.", "Question "+question, "It is closed. Nothing more is due.", "31 March 2013")
	reader.doesNotRead("What you can do")
	reader.isAccessible("a recommendation that is verified")
	reader.follows("Question " + question)
	reader.reads(title)
}

// asksOfSpend asks about the list of a supplier’s payments, which the form
// quotes as it stands.
func asksOfSpend(kent person, title string) (ref, figure string) {
	kent.t.Helper()
	kent.opens("/")
	kent.goesTo("Alder Vale Hosting*", "Ask about this*")
	kent.reads("What the question is about", "Alder Vale Hosting", "Kent", "On 22 November 2012, with")
	figure = ask[string](kent.tab, `[...document.querySelectorAll("#about div")].find(d => d.firstChild.textContent === "Value").lastChild.textContent.trim()`)
	if figure == "" || figure[:len("£")] != "£" {
		kent.t.Fatalf("the form quotes %q", figure)
	}
	kent.presses("Check before asking")
	kent.hasFocusOn("Nothing was recorded*")
	kent.isAccessible("a question, sent empty")
	kent.types("Title", title)
	kent.types("Your question", "Please say what each payment was for (sample).")
	kent.presses("Save as a draft")
	kent.reads("Your draft has been saved", "Only you can see it")
	kent.isAccessible("a question saved as a draft")
	kent.opens("/")
	kent.goesTo("Your account", "Your drafts", "Question: "+title)
	kent.reads(figure, "This is the draft you saved on")
	kent.selects("Addressed to", "Police ICT Company")
	kent.presses("Check before asking")
	kent.reads("Nothing has been recorded yet", title, figure, "Due by 20 December 2012, 20 working days after it was asked.")
	kent.isAccessible("the check before a question is asked")
	kent.presses("Ask the question")
	kent.reads("has been sent", "Not yet. The answer is due by 20 December 2012.", figure)
	return ask[string](kent.tab, `location.pathname.split("/").pop()`), figure
}

// answersLate: the company waits, lets its day pass, and then answers. All can
// read that it is late, and that waiting did not stop the clock.
func answersLate(b *browser, reader person, question, title string) {
	t, at := reader.t, reader.at
	t.Helper()
	officer := b.office(t, at, "Company officer (sample)")
	officer.goesTo("Your tasks", "Read and answer: Answer "+question+": "+title, title, "Give a holding answer")
	officer.types("What are you waiting for?", "The invoices are in store (sample).")
	officer.fillsDay("When do you expect to answer?", "14", "12", "2012")
	officer.presses("Check before sending")
	officer.presses("Give a holding answer")
	officer.reads("Not yet. The answer is due by 20 December 2012.", "14 December 2012")

	for _, day := range []string{"3 December 2012", "4 December 2012", "13 December 2012", "20 December 2012", "7 January 2013"} {
		reader.presses("Move to " + day)
	}
	reader.goesTo("Questions", title)
	reader.reads("Not yet. The answer is 9 working days past its due date.", "Overdue", "The holding answer of 22 November 2012 did not stop the clock.", "It becomes long overdue after 22 January 2013.")
	reader.isAccessible("a question that is delayed")
	reader.follows("Police ICT Company")
	reader.reads("Replies due to scrutiny", title, "Overdue")

	officer = b.office(t, at, "Company officer (sample)") // the session has ended meanwhile
	officer.goesTo("Your tasks", "Read and answer: Answer "+question+": "+title)
	officer.reads("Overdue")
	officer.chooses("Yes, in full")
	officer.types("Your answer", "Each payment was for one half of the month (sample).")
	officer.presses("Check before sending")
	officer.reads("Nothing has been recorded yet", "No reply is due")
	officer.isAccessible("the check before an answer")
	officer.presses("Answer")
	officer.reads("Yes, according to Police ICT Company. The questioner has not yet confirmed.", "The reply took 29 working days.")
}

const recommendedTitle = "Two people check each invoice (sample)"

// recommends makes a recommendation of what a question brought to light.
func recommends(chair person, question string) (ref string) {
	chair.t.Helper()
	chair.follows("Make a recommendation")
	chair.types("Title", recommendedTitle)
	chair.types("What should be done", "Let a second person check each invoice over £500 (sample).")
	chair.presses("Check before recording")
	chair.reads("Nothing has been recorded yet", "Question "+question, "/questions/"+question, "A response from Police ICT Company is due by 7 March 2013.")
	chair.isAccessible("the check before a recommendation is made")
	chair.swears("Make the recommendation", "a wrong password", people.SamplePassword)
	chair.reads("Not yet. Police ICT Company has not responded.", "Question "+question)
	return ask[string](chair.tab, `location.pathname.split("/").pop()`)
}

// followsUp: the company accepts a recommendation and claims that it is done;
// what the committee does not find done is claimed again, and then verified.
func followsUp(b *browser, chair person, ref string) {
	t, at := chair.t, chair.at
	t.Helper()
	officer := b.office(t, at, "Company officer (sample)")
	officer.goesTo("Your tasks", "Respond: Respond to recommendation "+ref+": "+recommendedTitle)
	officer.isAccessible("the response to a recommendation")
	officer.chooses("Accepted")
	officer.fillsDay("By when will it be done?", "31", "3", "2013")
	officer.presses("Check before recording")
	officer.reads("Nothing has been recorded yet")
	officer.swears("Respond")
	officer.reads("The work is due by 31 March 2013.")
	officer.claimsDone("A rule was sent to all staff (sample).")

	chair.goesTo("Your tasks", "Read the report: Confirm whether complete: recommendation "+ref+": "+recommendedTitle)
	chair.finds("Record it as not complete", "Minute 4 of 7 January 2013: a rule is not a check (sample).")
	chair.reads("No. Police ICT Company reported it complete, but on 7 January 2013 the committee found that it is not.")

	officer.goesTo("Questions", "Recommendations", recommendedTitle)
	officer.reads("Minute 4 of 7 January 2013: a rule is not a check (sample).")
	officer.claimsDone("Forty invoices carry two names (sample).")
	officer.isAccessible("a recommendation that is claimed once more")

	clerk := b.office(t, at, "Clerk to the committee (sample)")
	clerk.goesTo("Your tasks", "Read the report: Confirm whether complete: recommendation "+ref+": "+recommendedTitle)
	clerk.finds("Confirm it is complete", "Minute 5 of 7 January 2013: forty invoices were read (sample).")
	clerk.reads("Yes. The committee confirmed on 7 January 2013 that it is complete.")
	clerk.doesNotRead("What you can do")
}

// claimsDone claims that the recommendation of the page is done.
func (p person) claimsDone(evidence string) {
	p.t.Helper()
	p.follows("Report it complete")
	p.types("What shows that it is complete?", evidence)
	p.types("Reference of a decision that shows it (optional)", "2012-001")
	p.presses("Check before recording")
	p.reads("Nothing has been recorded yet", evidence)
	p.swears("Report it complete")
	p.reads("Police ICT Company reported on", "The committee has not yet confirmed this.", evidence)
}

// finds records what the committee finds of the claim of the page.
func (p person) finds(verb, minute string) {
	p.t.Helper()
	p.follows(verb)
	p.presses("Check before recording")
	p.hasFocusOn("Nothing was recorded*")
	p.types("Minute", minute)
	p.presses("Check before recording")
	p.reads("Nothing has been recorded yet", minute)
	p.swears(verb)
	p.reads(minute)
}

// workIsHandedOn: a committee's mandate ends, and the chair of the one that
// follows it accepts what is open, so that nothing of it stands against the handover.
func workIsHandedOn(t *testing.T, b *browser) {
	demo, _ := demonstrate(t)
	const condition, title = "A successor has accepted all open scrutiny work", "How old are the radio masts?"
	const first, next = "Scrutiny committee of the association (sample)", "Commissioners’ scrutiny committee (sample)"
	reader := b.somebody(t, demo.url)
	reader.goesTo("Handover", condition)
	reader.reads(first, "accepted", next)
	for _, day := range []string{"21 January", "4 February"} {
		reader.presses("Move to " + day + " 2013")
	}
	reader.goesTo("Handover")
	reader.reads("Not met "+condition, "The chair of the "+next+" must accept")

	reader.goesTo(condition, first)
	reader.reads("Ended", "Not yet accepted by a committee")
	reader.isAccessible("a committee whose mandate has ended")
	former := b.office(t, demo.url, "Chair of scrutiny (sample)")
	former.goesTo("Questions", title)
	former.doesNotRead("What you can do") // the mandate has ended

	chair := b.office(t, demo.url, "Chair of the commissioners’ scrutiny (sample)")
	chair.goesTo("Your tasks", "Accept the work: Accept*")
	chair.reads("Items that are not accepted stay open with the old committee and hold up the handover.", title)
	chair.presses("Accept the chosen items")
	chair.hasFocusOn("Nothing was recorded*")
	chair.isAccessible("the acceptance of open work, with nothing chosen")
	chair.presses("Accept all*")
	chair.reads("Nothing has been recorded yet", "It takes over this work on the day after 31 January 2013.")
	chair.isAccessible("the check before open work is accepted")
	chair.presses("Accept the work")
	chair.reads("With the " + next)
	chair.doesNotRead("Not yet accepted by a committee", "Accept its open work")

	reader.goesTo("Handover")
	reader.reads("Met " + condition)
	reader.doesNotRead("Not met " + condition)
	chair.goesTo("Your tasks", "Read the answer: Say whether the answer is complete: 2013-004: "+title, title, "Say whether it is answered")
	chair.chooses("Yes, in full")
	chair.presses("Check before sending")
	chair.presses("Say whether it is answered")
	chair.follows("Close the question")
	chair.presses("Check before sending")
	chair.presses("Close the question")
	chair.reads("Yes", "The question has been closed.", "for the "+next)
	chair.isAccessible("a question that a successor closed")
}
