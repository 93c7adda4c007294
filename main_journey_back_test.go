package main

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// goesBackAndForward asks a question with a mistake in it, and then goes back,
// forward and reloads on all of its pages: each is a page, and it is asked once.
func goesBackAndForward(t *testing.T, b *browser) {
	demo, _ := demonstrate(t)
	chair := b.office(t, demo.url, "Chair of scrutiny (sample)")
	chair.opens("/questions/new")
	chair.types("The question in one line", "Who reads this (sample)?")
	chair.selects("Who is to answer?", "Police ICT Company")
	chair.presses("Check before asking")
	chair.hasFocusOn("Nothing was recorded*")
	chair.types("The question", "It is asked once (sample).")
	chair.presses("Check before asking")
	chair.reads("Nothing has been recorded yet")
	chair.presses("Ask it")
	asked := ask[string](chair.tab, `location.pathname`)
	for _, step := range []struct {
		step  chromedp.Action[chromedp.Void]
		reads string
	}{
		{chromedp.NavigateBack(), "Nothing has been recorded yet"},
		{chromedp.NavigateBack(), "Nothing was recorded"},
		{chromedp.NavigateBack(), "Ask a question"},
		{chromedp.NavigateForward(), "Nothing was recorded"},
		{chromedp.Reload(), "Nothing was recorded"},
		{chromedp.NavigateForward(), "Nothing has been recorded yet"},
		{chromedp.Reload(), "Nothing has been recorded yet"},
	} {
		chair.do(step.step) // a page may come from the browser’s own memory
		chair.reads(step.reads)
	}
	chair.presses("Ask it")
	if again := ask[string](chair.tab, `location.pathname`); again != asked {
		t.Errorf("asked as %s, and again as %s", asked, again)
	}
}
