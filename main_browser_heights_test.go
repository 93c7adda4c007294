package main

import "testing"

// What a page of the menu may be: pixels high on a phone 360 pixels wide, and
// bytes before they are packed.
const (
	heightMost = 6_000
	bytesMost  = 150_000
)

// menuPages are the pages of the menu and the lists that they lead to at once.
var menuPages = []string{
	"/", "/ownership", "/ownership/entries", "/handover", "/handover/bodies", "/handover/schedule", "/handover/milestones",
	"/decisions", "/authority", "/authority/delegations", "/interests",
	"/spend", "/spend?view=supplier", "/spend?view=month", "/spend?view=lines", "/suppliers", "/spend/loads", "/spend/rules", "/spend/categories",
	"/spend/publication", "/spend/flags", "/spend/claims",
	"/questions", "/recommendations", "/committees", "/committees/scrutiny", "/inquiries",
	"/bodies", "/bodies/kent", "/record", "/search?q=hosting", "/help/words",
}

// longPages are pages that may be longer than three screens.
var longPages = []string{
	"/ownership", "/handover", "/handover/statement", "/authority", "/authority/schemes/1", "/spend/loads/1", "/spend/claims", "/suppliers/alder-vale-hosting-ltd-sample", "/bodies/kent", "/bodies/home-office",
	"/questions", "/questions/2012-002", "/questions/2012-004", "/questions/2012-006", "/recommendations", "/recommendations/2012-004", "/committees/scrutiny", "/inquiries/hosting-costs", "/inquiries/hosting-costs/report",
	"/meetings/1", "/meetings/2", "/meetings/2/pack", "/decisions/2012-001", "/decisions/2012-001/notice", "/decisions/2013-001", "/privacy", "/help/steps",
}

// contents opens long pages on a screen, where those of more than three screens
// have a list of their sections.
func (b *browser) contents(t *testing.T) {
	t.Parallel()
	demo, _ := demonstrate(t)
	p := b.tab(t, demo.url, 1280)
	for _, path := range longPages {
		p.opens(path)
		high, sections := ask[int](p, "document.documentElement.scrollHeight"), ask[int](p, `document.querySelectorAll("main h2[id]").length`)
		if listed := ask[bool](p, `!!document.querySelector("nav.contents")`); !listed && high > 3*800 && sections >= 3 {
			t.Errorf("%s is %d pixels high and has no list of its %d sections", path, high, sections)
		}
	}
}

// heights opens the pages of the menu on a phone.
func (b *browser) heights(t *testing.T) {
	t.Parallel()
	demo := b.library
	p, who := b.tab(t, demo.url, 360), newVisitor(t)
	for _, path := range menuPages {
		p.opens(path)
		if high := ask[int](p, "document.documentElement.scrollHeight"); high > heightMost {
			t.Errorf("%s is %d pixels high on a phone", path, high)
		}
		if _, page := who.get(demo.url + path); len(page) > bytesMost {
			t.Errorf("%s has %d bytes", path, len(page))
		}
	}
}
