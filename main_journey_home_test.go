package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// findsFiveAnswers: a journalist finds who owns the company, what was spent with
// a supplier, which decisions are on hold and why, who is late with answers and
// what changed this week, each by at most two links from the first page.
func findsFiveAnswers(t *testing.T, b *browser) {
	demo := b.library
	reader := b.somebody(t, demo.url)
	reader.follows("Who owns the company?")
	reader.reads("2 members", "Home Office")
	reader.opens("/")
	reader.goesTo("What was spent with a supplier?", "Skylark Fell Radio Ltd (sample)")
	reader.reads("Skylark Fell Radio Ltd (sample)", "£")
	reader.opens("/")
	reader.follows("Which decisions are on hold, and why?")
	reader.reads("Shared maintenance of radio masts", "17 January 2013", "call-in")
	reader.opens("/")
	reader.follows("Who is late with answers?")
	reader.reads("How is the saving of the programme worked out?", "Police ICT Company", "63 days")
	reader.opens("/")
	reader.follows("What changed this week?")
	reader.reads("What changed this week", "11 January 2013", "By Clerk to the committee")
}

// seesTheirBody: a commissioner with a phone sees what the body spends, with
// whom, beside others, and what is due, in fewer than eight taps.
func seesTheirBody(t *testing.T, b *browser) {
	demo := b.library
	kent := b.somebody(t, demo.url)
	kent.do(chromedp.EmulateViewport(360, 800))
	taps := 0
	tap := func(step func(string), name string) { taps++; step(name) }
	tap(kent.follows, "Sign in")
	tap(kent.presses, "Sign in as Commissioner for Kent (sample)")
	kent.reads("You have 1 task", "Send your body’s deed of adherence", "Spend on IT", "Alder Vale Hosting Limited (sample)", "Questions you asked")
	tap(kent.follows, "Alder Vale Hosting Limited (sample)")
	kent.reads("Kent", "Alder Vale Hosting")
	tap(kent.follows, "Home")
	tap(kent.follows, "Spend per person, all bodies")
	kent.reads("Kent", "Sussex", "£")
	if taps >= 8 {
		t.Errorf("it takes %d taps", taps)
	}
}

// losesNoAnswer: the session of an officer ends while an answer of 500 words is
// typed. After signing in again all of it is on its form, and nothing was sent.
func losesNoAnswer(t *testing.T, b *browser) {
	demo, _ := demonstrate(t)
	officer := b.office(t, demo.url, "Company officer (sample)")
	officer.opens("/questions/2013-004/answer")
	words := strings.TrimSpace(strings.Repeat("The masts were built over nine years and the oldest is in Kent. ", 40)) // 520 words
	officer.chooses("Yes, in full")
	officer.types("Your answer", words)

	b.somebody(t, demo.url).presses("Move to 21 January 2013")
	officer.presses("Check before*")
	officer.reads("Your session has ended", "Your answers are saved for one hour.", "Nothing has been sent.")
	if address := ask[string](officer.tab, "location.href"); strings.Contains(address, "masts") {
		t.Errorf("the answer is in the address %s", address)
	}
	officer.presses("Sign in as Company officer (sample)")
	if got := ask[string](officer.tab, `document.querySelector("main textarea").value`); got != words {
		t.Errorf("the form has %d letters of %d", len(got), len(words))
	}
	officer.doesNotRead("Nothing has been recorded yet")
	officer.presses("Check before*")
	officer.reads("Nothing has been recorded yet")
}
