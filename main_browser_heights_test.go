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
