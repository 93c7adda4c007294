package main

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// goesBackAndForward asks a question with a mistake in it, and then goes back,
// forward and reloads on all of its pages: each is a page, and it is asked once.
func goesBackAndForward(t *testing.T, b *browser) {
	demo := b.library
	chair := b.office(t, demo.url, "Chair of scrutiny (sample)")
	chair.opens("/questions/new")
	chair.types("Title", "Who reads this (sample)?")
	chair.selects("Addressed to", "Police ICT Company")
	chair.presses("Check before asking")
	chair.hasFocusOn("Nothing was recorded*")
	chair.types("Your question", "It is asked once (sample).")
	chair.presses("Check before asking")
	chair.reads("Nothing has been recorded yet")
	chair.presses("Ask the question")
	asked := ask[string](chair.tab, `location.pathname`)
	for _, step := range []struct{ step, reads string }{
		{"history.back()", "Nothing has been recorded yet"},
		{"history.back()", "Nothing was recorded"},
		{"history.back()", "Ask a question"},
		{"history.forward()", "Nothing was recorded"},
		{"", "Nothing was recorded"},
		{"history.forward()", "Nothing has been recorded yet"},
		{"", "Nothing has been recorded yet"},
	} {
		if step.step == "" {
			chair.do(chromedp.Reload())
		} else {
			chair.moves(step.step)
		}
		chair.reads(step.reads)
	}
	chair.presses("Ask the question")
	if again := ask[string](chair.tab, `location.pathname`); again != asked {
		t.Errorf("asked as %s, and again as %s", asked, again)
	}
}

// moves goes back or forward. The page may come from the browser’s own memory,
// so that no answer of the portal says when it is there.
func (p person) moves(script string) {
	p.t.Helper()
	left := ask[string](p.tab, `window.left = crypto.randomUUID(); `+script+`; window.left`)
	for range 200 {
		if ask[bool](p.tab, `document.readyState === "complete" && window.left !== `+quoted(left)) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	p.t.Fatalf("%s goes nowhere", script)
}
