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
	chair.goesTo("Take the question up")
	chair.chooses("Scrutiny committee of the association (sample)")
	chair.types("Why?", "Ten forces pay the same supplier (sample).")
	chair.presses("Check before sending")
	chair.reads("Nothing has been recorded yet", "Scrutiny committee of the association (sample)")
	chair.presses("Take the question up")
	chair.goesTo("Your tasks", "Read and give it: Give your view of the answer to "+question+": "+title)
	chair.isAccessible("the view of an answer")
	chair.chooses("Partly")
	chair.presses("Check before sending")
	chair.hasFocusOn("Nothing was recorded*")
	chair.types("Why", "Who checks the invoices is left out (sample).")
	chair.presses("Check before sending")
	chair.presses("Give your view of the answer")
	chair.reads("The asker’s view: partly answered, from Chair of scrutiny, for the Scrutiny committee of the association (sample)")

	recommendation := recommends(chair, question)
	followsUp(b, chair, recommendation)

	reader.opens("/")
	reader.goesTo("Questions", title)
	reader.reads(figure, "The figure, as seen and now", "Holding answer", "It took 29 working days.", "The asker says: partly answered.", "Working day 29, due on day 20", "Who checks the invoices is left out (sample).")
	reader.doesNotRead("What you can do")
	reader.isAccessible("a question that was answered late")
	reader.goesTo("Questions", "Recommendations", recommendedTitle)
	reader.reads("Yes. The committee verified it on 7 January 2013.", "Question "+question, "Nobody owes anything", "First target date 31 March 2013")
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
	kent.goesTo("Your body’s spend", "Alder Vale Hosting*", "Ask about this*")
	kent.reads("What the question is about", "Alder Vale Hosting", "Kent", "On 22 November 2012, with the record up to event")
	figure = ask[string](kent.tab, `[...document.querySelectorAll("#about div")].find(d => d.firstChild.textContent === "Value").lastChild.textContent.trim()`)
	if figure == "" || figure[:len("£")] != "£" {
		kent.t.Fatalf("the form quotes %q", figure)
	}
	kent.presses("Check before asking")
	kent.hasFocusOn("Nothing was recorded*")
	kent.isAccessible("a question, sent empty")
	kent.types("The question in one line", title)
	kent.types("The question", "Please say what each payment was for (sample).")
	kent.selects("Who is to answer?", "Police ICT Company")
	kent.presses("Check before asking")
	kent.reads("Nothing has been recorded yet", title, figure, "Due 20 December 2012: 20 working days after it was asked.")
	kent.isAccessible("the check before a question is asked")
	kent.presses("Ask it")
	kent.reads("is asked: it is event", "Not yet. It is due by 20 December 2012.", figure)
	return ask[string](kent.tab, `location.pathname.split("/").pop()`), figure
}

// answersLate: the company waits, lets its day pass, and then answers. All can
// read that it is late, and that waiting did not stop the clock.
func answersLate(b *browser, reader person, question, title string) {
	t, at := reader.t, reader.at
	t.Helper()
	officer := b.office(t, at, "Company officer (sample)")
	officer.goesTo("Your tasks", "Read and answer: Answer "+question+": "+title, title, "Give a holding answer")
	officer.types("What do you wait for?", "The invoices are in store (sample).")
	officer.fillsDay("By when do you expect to answer?", "14", "12", "2012")
	officer.presses("Check before sending")
	officer.presses("Give a holding answer")
	officer.reads("Not yet. It is due by 20 December 2012.", "The clock goes on. An answer is expected by 14 December 2012.")

	for _, day := range []string{"3 December 2012", "4 December 2012", "13 December 2012", "20 December 2012", "7 January 2013"} {
		reader.presses("Move to " + day)
	}
	reader.goesTo("Questions", title)
	reader.reads("Not yet. It is 9 working days past its due day.", "Delayed", "The holding answer of 22 November 2012 did not stop the clock.", "It is long overdue after 22 January 2013.")
	reader.isAccessible("a question that is delayed")
	reader.follows("Police ICT Company")
	reader.reads("What it owes scrutiny", title, "Past its day")

	officer = b.office(t, at, "Company officer (sample)") // the session has ended meanwhile
	officer.goesTo("Your tasks", "Read and answer: Answer "+question+": "+title)
	officer.reads("Delayed")
	officer.chooses("Answered")
	officer.types("Answer", "Each payment was for one half of the month (sample).")
	officer.presses("Check before sending")
	officer.reads("Nothing has been recorded yet", "It owes nothing")
	officer.isAccessible("the check before an answer")
	officer.presses("Answer")
	officer.reads("Yes, says Police ICT Company. The asker has not said yet.", "It took 29 working days.")
}

const recommendedTitle = "Two people check each invoice (sample)"

// recommends makes a recommendation of what a question brought to light.
func recommends(chair person, question string) (ref string) {
	chair.t.Helper()
	chair.follows("Make a recommendation")
	chair.types("Title", recommendedTitle)
	chair.types("What should be done", "Let a second person check each invoice over £500 (sample).")
	chair.presses("Check before recording")
	chair.reads("Nothing has been recorded yet", "Question "+question, "/questions/"+question, "Police ICT Company owes a response by 7 March 2013.")
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
	officer.reads("Not yet. It is not started.", "Police ICT Company owes the work by 31 March 2013.")
	officer.claimsDone("A rule was sent to all staff (sample).")

	chair.goesTo("Your tasks", "Read the claim: Verify the claim on recommendation "+ref+": "+recommendedTitle)
	chair.finds("Find it not done", "Minute 4 of 7 January 2013: a rule is not a check (sample).")
	chair.reads("No. Police ICT Company claimed it, and on 7 January 2013 the committee did not find it done.")

	officer.goesTo("Questions", "Recommendations", recommendedTitle)
	officer.reads("Minute 4 of 7 January 2013: a rule is not a check (sample).")
	officer.claimsDone("Forty invoices carry two names (sample).")
	officer.isAccessible("a recommendation that is claimed once more")

	clerk := b.office(t, at, "Clerk to the committee (sample)")
	clerk.goesTo("Your tasks", "Read the claim: Verify the claim on recommendation "+ref+": "+recommendedTitle)
	clerk.finds("Verify the claim", "Minute 5 of 7 January 2013: forty invoices were read (sample).")
	clerk.reads("Yes. The committee verified it on 7 January 2013.", "Verified")
	clerk.doesNotRead("What you can do")
}

// claimsDone claims that the recommendation of the page is done.
func (p person) claimsDone(evidence string) {
	p.t.Helper()
	p.follows("Claim that it is done")
	p.types("What shows that it is done", evidence)
	p.types("Decision that shows it, if one does", "2012-001")
	p.presses("Check before recording")
	p.reads("Nothing has been recorded yet", evidence)
	p.swears("Claim that it is done")
	p.reads("Police ICT Company says so since", "The committee has not verified it.", evidence)
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
	const condition, title = "All open scrutiny work has a successor", "How old are the radio masts?"
	const first, next = "Scrutiny committee of the association (sample)", "Commissioners’ scrutiny committee (sample)"
	reader := b.somebody(t, demo.url)
	reader.goesTo("Handover", condition)
	reader.reads(first, "accepted", next)
	for _, day := range []string{"21 January", "4 February"} {
		reader.presses("Move to " + day + " 2013")
	}
	reader.goesTo("Handover")
	reader.reads("Not met "+condition, "The chair of the "+next+" accepts")

	reader.goesTo(condition, first)
	reader.reads("Ended", "Not accepted by any committee yet")
	reader.isAccessible("a committee whose mandate has ended")
	former := b.office(t, demo.url, "Chair of scrutiny (sample)")
	former.goesTo("Questions", title)
	former.doesNotRead("What you can do") // the mandate has ended

	chair := b.office(t, demo.url, "Chair of the commissioners’ scrutiny (sample)")
	chair.goesTo("Your tasks", "Read and accept: Accept*")
	chair.reads("What is not accepted stays open here, and stands against the handover.", title)
	chair.presses("Accept what is chosen")
	chair.hasFocusOn("Nothing was recorded*")
	chair.isAccessible("the acceptance of open work, with nothing chosen")
	chair.presses("Accept all*")
	chair.reads("Nothing has been recorded yet", "From the day after 31 January 2013 the "+next+" has this work")
	chair.isAccessible("the check before open work is accepted")
	chair.presses("Accept it")
	chair.reads("Nothing is left with it.", "With the "+next)
	chair.doesNotRead("Not accepted by any committee yet", "Accept its open work")

	reader.goesTo("Handover")
	reader.reads("Met " + condition)
	reader.doesNotRead("Not met " + condition)
	chair.goesTo("Your tasks", "Read and give it: Give your view of the answer to 2013-004: "+title, title, "Give your view of the answer")
	chair.chooses("Answered")
	chair.presses("Check before sending")
	chair.presses("Give your view of the answer")
	chair.follows("Close the question")
	chair.presses("Check before sending")
	chair.presses("Close the question")
	chair.reads("Yes", "Scrutiny closed it.", "for the "+next)
	chair.isAccessible("a question that a successor closed")
}
